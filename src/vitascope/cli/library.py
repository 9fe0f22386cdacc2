"""The list of recipes and places, and their contact sheet."""

from __future__ import annotations

from pathlib import Path

from vitascope import media
from vitascope.cli import reply
from vitascope.cli.request import BadRequest
from vitascope.film import Camera, Film, Set, Shot, Size, Subject
from vitascope.film.document import Placement
from vitascope.media.destination import STILL_SUFFIXES
from vitascope.recipe import Recipe, catalogue
from vitascope.studio import film_still

__all__ = ["draw_sheet", "list_recipes"]

COLUMNS = 8
CELL = Size(width=256, height=256)


def list_recipes(word: str | None) -> list[Recipe]:
    """Print recipes by kind, and places; with `word`, only what answers to it. Returns the recipes."""
    library = catalogue()
    chosen = [r for r in library.recipes.values() if word is None or _answers(r.name, r.words, word)]
    places = [p for p in library.places.values() if word is None or _answers(p.name, p.words, word)]
    if not chosen and not places:
        raise BadRequest(f"Nothing answers to {word!r}; list everything with: vitascope recipes")
    for kind in dict.fromkeys(r.kind for r in chosen):
        names = sorted(r.name.replace("_", " ") for r in chosen if r.kind == kind)
        reply.out.print(f"{kind} ({len(names)}): {', '.join(names)}")
    if places:
        reply.out.print(f"place ({len(places)}): {', '.join(sorted(p.name.replace('_', ' ') for p in places))}")
    return chosen


def draw_sheet(recipes: list[Recipe], path: Path) -> None:
    """Draw each recipe before a plain backdrop and write them as one picture."""
    target = media.check_destination(path, suffixes=STILL_SUFFIXES)
    pictures = [film_still(_portrait(recipe), 0.5, label=False) for recipe in recipes]
    captions = [recipe.name.replace("_", " ") for recipe in recipes]
    sheet = media.contact_sheet(pictures, columns=min(COLUMNS, len(pictures)), captions=captions)
    media.write_still(target, sheet)


def _portrait(recipe: Recipe) -> Film:
    subject = Subject(id="it", recipe=recipe.name, name=recipe.name, placement=Placement(facing=50.0))
    shot = Shot(
        id="sheet", duration=1, set=Set(place="studio"), subjects=(subject,), camera=Camera(framing="full", azimuth=8.0)
    )  # type: ignore[arg-type]
    return Film(size=CELL, silent=True, shots=(shot,))


def _answers(name: str, words: tuple[str, ...], word: str) -> bool:
    return any(word.lower() in candidate for candidate in (name.replace("_", " "), *words))
