"""What weights make of 24 fixed prompts, as two contact sheets: combinations that training saw, and those that it never did.

    python benchmarks/model_sheets.py docs/model [--weights FOLDER]

Nothing is chosen: each prompt is filmed once, the way `vitascope film --engine model` does it: the sentence becomes a document,
the world drafts it, and the weights make the pictures; here at their own size, of two seconds, and with subjects as near to the
camera as in training clips. The prompts are in model_sheets.yaml beside this file. Times include reading, drafting and making.
"""

from __future__ import annotations

import argparse
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import yaml

from vitascope.media import contact_sheet, write_still
from vitascope.model.data.blocking import film_of
from vitascope.model.data.grammar import scene
from vitascope.recipe import Catalogue, catalogue
from vitascope.studio.neural import OwnShots, generator_at

SHOWN = 4
"""Frames of each clip, evenly over it, the first and the last among them."""
COLUMNS = 3
"""Clips beside each other."""
CELL_WIDTH = 184
SECONDS, ASPECT, SEED = Fraction(2), Fraction(8, 5), 24


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", default=None, help="a folder; those that come with the program if not given")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    shots, library = OwnShots(generator_at(options.weights)), catalogue()
    prompts = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    for name, captions in prompts.items():
        cells, words = [], []
        for number, caption in captions.items():
            begun = time.perf_counter()
            frames = made(shots, library, number)
            cells += [frames[n] for n in np.linspace(0, len(frames) - 1, SHOWN).round().astype(int)]
            words += halves(caption)
            print(f"{name} {time.perf_counter() - begun:6.1f} s  {caption}", flush=True)
        sheet = contact_sheet(cells, SHOWN * COLUMNS, cell_width=CELL_WIDTH, gap=4, captions=words)
        write_still(options.folder / f"{name}.jpg", sheet)


def made(shots: OwnShots, library: Catalogue, number: int) -> np.ndarray:
    """The pictures of a film of the scene."""
    film = film_of(scene(SEED, number), seconds=SECONDS, aspect=ASPECT, catalogue=library)
    return shots.made(film, film.shots[0], None, None).pictures


def halves(caption: str) -> list[str]:
    """The caption in as many pieces as there are frames, parted between words."""
    words, pieces = caption.split(), [""]
    for word in words:
        if len(pieces[-1]) + len(word) > 24 and len(pieces) < SHOWN:
            pieces.append("")
        pieces[-1] = f"{pieces[-1]} {word}".strip()
    return pieces + [""] * (SHOWN - len(pieces))


if __name__ == "__main__":
    main()
