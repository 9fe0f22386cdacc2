"""Families: how a recipe becomes a body, and how that body performs its actions.

Each family is a module of this package with two functions:

    build(recipe, attributes, *, seed, detail) -> Body
    perform(body, role) -> Performance

`detail` is the size [m] of one cell of moulded meshes at the distance the camera will have; families choose their own
default where it is None.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from vitascope.film import Attributes
from vitascope.recipe import Recipe, RecipeError
from vitascope.world.blueprint import Body
from vitascope.world.role import Performance, Role

__all__ = ["FAMILIES", "Family", "family"]

FAMILIES = (
    "aircraft", "balloon", "bird", "boat", "building", "car", "cycle", "fish", "parts", "person", "plant", "quadruped",
    "swimmer", "tree",
)  # fmt: skip


class Family(Protocol):
    """What a family module offers."""

    def build(self, recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body: ...

    def perform(self, body: Body, role: Role) -> Performance: ...


def family(name: str) -> Family:
    """The family called `name`. Raises RecipeError when there is none."""
    if name not in FAMILIES:
        raise RecipeError(f"There is no family called {name!r}; the families are {', '.join(FAMILIES)}.")
    return import_module(f"vitascope.world.families.{name}")  # type: ignore[return-value]
