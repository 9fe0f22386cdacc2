"""Fish, sharks, dolphins and whales: bodies lofted along a spine that carries the wave of their swimming."""

from __future__ import annotations

from vitascope.film import Attributes
from vitascope.recipe import Recipe
from vitascope.world.animals.fish_body import fish_body
from vitascope.world.animals.swim_motion import fish_performance
from vitascope.world.blueprint import Body
from vitascope.world.role import Performance, Role

__all__ = ["build", "perform"]


def build(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body:
    """The body of a fish. Individuals differ by attributes and by motion, so `seed` leaves the shape alone."""
    return fish_body(recipe, attributes, detail=detail)


def perform(body: Body, role: Role) -> Performance:
    """Plan the course of `role` and send the wave along the body."""
    return fish_performance(body, role)
