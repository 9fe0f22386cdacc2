"""What this user films with: the library with the recipes of one's own, and the director that the environment asks for."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

from vitascope.director.directing import Directs, director_for
from vitascope.film import Camera, Film, Placement, Set, Shot, Size, Subject
from vitascope.provenance import vitascope_home
from vitascope.recipe import Catalogue, Recipe, catalogue, extended, library_with

__all__ = ["director", "library", "own_recipes_in", "recipes_folder", "try_out"]

TRIAL = Size(width=128, height=128)


def recipes_folder() -> Path:
    """Where recipes of one's own are kept."""
    return vitascope_home() / "recipes"


def library() -> Catalogue:
    """The library that ships, with the recipes of this user."""
    return library_with(recipes_folder()).catalogue


def own_recipes_in(shot: Shot, library: Catalogue) -> tuple[str, ...]:
    """The recipes that a plain shot uses and the package does not ship, as JSON: its picture depends on what they say."""
    composed_for = () if shot.composition is None else shot.composition.subjects
    used = dict.fromkeys(subject.recipe for subject in (*shot.subjects, *composed_for))
    own = (library.recipes[name] for name in used if name in library.recipes and name not in catalogue().recipes)
    return tuple(recipe.model_dump_json() for recipe in own)


def director() -> Directs:
    """The director of the house, or one that asks a language model. Raises SettingsError."""
    return director_for(os.environ, recipes=recipes_folder(), try_out=try_out)


def try_out(recipe: Recipe) -> None:
    """Build and draw `recipe` once, at a small size. Raises whatever its builder does where it cannot."""
    from vitascope.studio.filming import film_still

    known = catalogue() if recipe.name in catalogue().recipes else extended(catalogue(), recipe)
    subject = Subject(id="it", recipe=recipe.name, name=recipe.name, placement=Placement(facing=50.0))
    shot = Shot(
        id="trial", duration=Fraction(1), set=Set(place="studio"), subjects=(subject,), camera=Camera(framing="full")
    )
    film_still(Film(size=TRIAL, silent=True, shots=(shot,)), 0.5, label=False, library=known)
