"""Film the gallery and lay out each film as a contact sheet.

    python benchmarks/gallery.py docs/gallery [--only 3 7] [--keep FOLDER] [--size 1280x720] [--frames-only]

Writes NN-name.jpg (twelve frames of each film, in order) and index.md. The prompts are in gallery.yaml beside this file.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import yaml

from vitascope.director import direct
from vitascope.film import Film, size_named
from vitascope.media import contact_sheet, probe, read_frames_at, write_still
from vitascope.provenance import Label
from vitascope.recipe import catalogue
from vitascope.render import Renderer
from vitascope.studio import make_film
from vitascope.world.build import build_stage

FRAMES = 9
COLUMNS = 3
CELL_WIDTH = 400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", type=int, nargs="*", help="numbers of the films to make")
    parser.add_argument("--keep", type=Path, help="keep the films in this folder")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--frames-only", action="store_true", help="draw just the frames of the sheets, no films")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    entries = yaml.safe_load((Path(__file__).parent / "gallery.yaml").read_text())
    with tempfile.TemporaryDirectory() as scratch:
        films = options.keep or Path(scratch)
        films.mkdir(parents=True, exist_ok=True)
        for number, entry in enumerate(entries, 1):
            if options.only and number not in options.only:
                continue
            started = time.perf_counter()
            target = films / f"{number:02d}-{entry['name']}.mp4"
            film = direct(entry["prompt"], catalogue=catalogue(), size=size_named(options.size))
            sheet = options.folder / f"{target.stem}.jpg"
            if options.frames_only:
                write_still(sheet, contact_sheet(draw_frames(film), columns=COLUMNS, cell_width=CELL_WIDTH))
                print(
                    f"{number:2d} {entry['name']:<22} {time.perf_counter() - started:6.1f} s  frames only", flush=True
                )
                continue
            result = make_film(film, target)
            draw_sheet(target, sheet)
            print(f"{number:2d} {entry['name']:<22} {time.perf_counter() - started:6.1f} s  {result.times}", flush=True)
    write_index(options.folder, entries)


def draw_frames(film: Film) -> list[np.ndarray]:
    """The frames of the sheet, drawn alone: the same pictures as in the film before its encoding."""
    size = (film.size.width, film.size.height)
    last = float(film.duration) - 1.5 / float(film.fps)
    with Renderer(build_stage(film), size, fps=film.fps) as renderer:
        drawn = renderer.frames([float(round(last * i / (FRAMES - 1) * film.fps) / film.fps) for i in range(FRAMES)])
        return [Label(size).apply(frame.colour) for frame in drawn]


def draw_sheet(film: Path, sheet: Path) -> None:
    """Frames spread evenly over the film, its first and last among them."""
    found = probe(film)
    last = found.duration - Fraction(3, 2) / found.fps
    frames = [frame for _, frame in read_frames_at(film, tuple(last * i / (FRAMES - 1) for i in range(FRAMES)))]
    write_still(sheet, contact_sheet(frames, columns=COLUMNS, cell_width=CELL_WIDTH))


def write_index(folder: Path, entries: list[dict[str, str]]) -> None:
    lines = ["# Gallery", "", "Nine frames of each film, in order. Make them yourself: `make gallery`.", ""]
    for number, entry in enumerate(entries, 1):
        lines += [f"## {number}. {entry['prompt']}", "", f"![{entry['prompt']}]({number:02d}-{entry['name']}.jpg)", ""]
    (folder / "index.md").write_text("\n".join(lines))


if __name__ == "__main__":
    main()
