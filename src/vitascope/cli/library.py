"""What can be drawn, listed and drawn on one sheet."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from vitascope import media
from vitascope.cli import reply
from vitascope.cli.request import BadRequest
from vitascope.film import Camera, Film, Placement, Set, Shot, Size, Subject
from vitascope.media.destination import STILL_SUFFIXES
from vitascope.provenance import vitascope_home
from vitascope.recipe import PlaceRecipe, Recipe, library_with

__all__ = ["Found", "chosen", "describe", "draw_sheet", "sheet_target"]

COLUMNS = 8
CELL = Size(width=256, height=256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Recipes and places of the library, in its order."""

    recipes: tuple[Recipe, ...]
    places: tuple[PlaceRecipe, ...]


def chosen(word: str | None) -> Found:
    """All, or what answers to `word`: by name, else by a word it goes by, else by a part of one. Raises BadRequest."""
    library = library_with(vitascope_home() / "recipes").catalogue
    everything = Found(recipes=tuple(library.recipes.values()), places=tuple(library.places.values()))
    if word is None:
        return everything
    wanted = " ".join(word.lower().replace("_", " ").split())
    for level in range(2):
        found = Found(
            recipes=tuple(r for r in everything.recipes if _answers(r.name, r.words, wanted, level)),
            places=tuple(p for p in everything.places if _answers(p.name, p.words, wanted, level)),
        )
        if wanted and (found.recipes or found.places):
            return found
    raise BadRequest(f"Nothing answers to {word!r}; list everything with: vitascope recipes")


def describe(found: Found, *, full: bool) -> None:
    """Print names by kind, or in full: one line each with what it does and the words it answers to."""
    for kind in dict.fromkeys(r.kind for r in found.recipes):
        of_kind = sorted((r for r in found.recipes if r.kind == kind), key=lambda r: r.name)
        if full:
            for recipe in of_kind:
                _in_full(recipe.name, kind, recipe.words, recipe.verbs)
        else:
            _names(kind, [r.name for r in of_kind])
    places = sorted(found.places, key=lambda p: p.name)
    if full:
        for place in places:
            _in_full(place.name, "place", place.words, ())
    elif places:
        _names("place", [p.name for p in places])


def sheet_target(path: Path) -> Path:
    """Where the sheet goes. Raises MediaError if it cannot be written there."""
    return media.check_destination(path, suffixes=STILL_SUFFIXES)


def draw_sheet(found: Found, target: Path) -> None:
    """Draw each recipe before a plain backdrop and write them as one picture. Raises BadRequest if there is none."""
    from vitascope.studio import film_still

    if not found.recipes:
        raise BadRequest("A sheet shows things, and only places answer to this word; draw one with: vitascope still")
    pictures = [film_still(_portrait(recipe), 0.5, label=False) for recipe in found.recipes]
    captions = [_spoken(recipe.name) for recipe in found.recipes]
    sheet = media.contact_sheet(pictures, columns=min(COLUMNS, len(pictures)), captions=captions)
    media.write_still(target, sheet)


def _names(kind: str, names: list[str]) -> None:
    reply.line(f"{kind} ({len(names)}): {', '.join(map(_spoken, names))}", wrapped=True)


def _in_full(name: str, kind: str, words: tuple[str, ...], verbs: tuple[str, ...]) -> None:
    others = [w for w in words if w != _spoken(name)]
    also = f"; also: {', '.join(others)}" if others else ""
    can = f"; can {', '.join(map(_spoken, verbs))}" if verbs else ""
    reply.line(f"{_spoken(name)} ({kind}){also}{can}", wrapped=True)


def _portrait(recipe: Recipe) -> Film:
    subject = Subject(id="it", recipe=recipe.name, name=recipe.name, placement=Placement(facing=50.0))
    camera = Camera(framing="full", azimuth=8.0)
    shot = Shot(id="sheet", duration=Fraction(1), set=Set(place="studio"), subjects=(subject,), camera=camera)
    return Film(size=CELL, silent=True, shots=(shot,))


def _answers(name: str, words: tuple[str, ...], wanted: str, level: int) -> bool:
    """Level 0: the whole name or word, or its last word (what "cat" is in "wild cat"); 1: any part of it."""
    candidates = (_spoken(name), *words)
    if level == 0:
        return any(wanted == c or c.endswith(f" {wanted}") for c in candidates)
    return any(wanted in c for c in candidates)


def _spoken(name: str) -> str:
    return name.replace("_", " ")
