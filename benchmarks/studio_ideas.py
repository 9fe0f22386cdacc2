"""Draw the pictures of the ideas on the studio's start page.

    python benchmarks/studio_ideas.py [--only leopard dog] [--sheet sheet.jpg]

Writes NAME.webp beside src/vitascope/web/ideas/ideas.yaml: the moment of each film that the file names, 480 pixels wide, with the
visible label that every picture of ours carries. With --sheet all of them on one page, to look at.
"""

from __future__ import annotations

import argparse
from fractions import Fraction
from pathlib import Path

import yaml
from PIL import Image

from vitascope.director import direct
from vitascope.film import Size
from vitascope.media import contact_sheet, write_still
from vitascope.recipe import catalogue
from vitascope.studio import film_still

FOLDER = Path(__file__).parents[1] / "src" / "vitascope" / "web" / "ideas"
SIZE = Size(width=960, height=540)
SHOWN = (480, 270)


def main() -> None:
    """Draw what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", help="names of ideas")
    parser.add_argument("--sheet", type=Path, help="put all of them on one page, too")
    options = parser.parse_args()
    pictures = []
    for idea in yaml.safe_load((FOLDER / "ideas.yaml").read_text(encoding="utf-8")):
        if options.only and idea["name"] not in options.only:
            continue
        film = direct(idea["prompt"], catalogue=catalogue(), size=SIZE)
        lost = [phrase.text for phrase in film.reading.phrases if phrase.status == "not_understood"]
        frame = film_still(film, float(Fraction(str(idea["at"]))), library=catalogue())
        pictures.append(frame)
        small = Image.fromarray(frame).resize(SHOWN, Image.Resampling.LANCZOS)
        target = FOLDER / f"{idea['name']}.webp"
        small.save(target, "WEBP", quality=82, method=6)
        print(
            f"{idea['name']:<12} {target.stat().st_size / 1000:5.1f} kB  not understood: {', '.join(lost) or '-'}",
            flush=True,
        )
    if options.sheet is not None:
        write_still(options.sheet, contact_sheet(pictures, columns=3, cell_width=SHOWN[0]))


if __name__ == "__main__":
    main()
