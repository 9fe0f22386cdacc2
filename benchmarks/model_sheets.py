"""What weights make of 24 fixed prompts, as two contact sheets: combinations that training saw, and those that it never did.

    python benchmarks/model_sheets.py WEIGHTS docs/model [--seed 1]

Nothing is chosen: each prompt is made once, with the seed and its number. The prompts are in model_sheets.yaml beside this file.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import yaml

from vitascope.media import contact_sheet, write_still
from vitascope.model.generator import Generator, Wish, load_generator

SHOWN = 4
"""Frames of each clip, evenly over it, the first and the last among them."""
COLUMNS = 3
"""Clips beside each other."""
CELL_WIDTH = 144


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    generator = load_generator(options.weights)
    prompts = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    for name, captions in prompts.items():
        cells, words = [], []
        for number, caption in enumerate(captions):
            begun = time.perf_counter()
            frames = made(generator, caption, options.seed + number)
            cells += [frames[n] for n in np.linspace(0, len(frames) - 1, SHOWN).round().astype(int)]
            words += halves(caption)
            print(f"{name} {number + 1:2d} {time.perf_counter() - begun:6.1f} s  {caption}", flush=True)
        sheet = contact_sheet(cells, SHOWN * COLUMNS, cell_width=CELL_WIDTH, gap=4, captions=words)
        write_still(options.folder / f"{name}.jpg", sheet)


def made(generator: Generator, caption: str, seed: int) -> np.ndarray:
    """A clip of the size that the weights were trained on, from nothing but words."""
    latent = generator.form.latent
    every = np.ones((latent.frames, latent.height, latent.width), bool)
    return generator.pictures(generator.made(Wish(captions=(caption,) * latent.frames, seed=seed, made_THW=every)))


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
