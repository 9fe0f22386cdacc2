"""The family "person": everyone who stands upright, from a baby to an astronaut."""

from __future__ import annotations

from vitascope.film import Attributes
from vitascope.recipe import Recipe
from vitascope.world.blueprint import Body
from vitascope.world.people import build_person, perform_person
from vitascope.world.role import Performance, Role
from vitascope.world.workshop import kept

__all__ = ["build", "perform"]


def build(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body:
    """The body of a person: see `world.people` for measures, faces, hair and clothes."""
    told = (recipe, attributes, seed, detail)
    return kept("person", told, lambda: build_person(recipe, attributes, seed=seed, detail=detail))


def perform(body: Body, role: Role) -> Performance:
    """How the body performs its role on planted feet."""
    return perform_person(body, role)
