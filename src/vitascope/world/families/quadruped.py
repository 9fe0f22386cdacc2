"""Quadrupeds: one parametric body for cat, horse, elephant and giraffe, and motion with planted feet."""

from __future__ import annotations

from vitascope.film import Attributes
from vitascope.recipe import Recipe
from vitascope.world.animals.quadruped_body import body_of
from vitascope.world.animals.quadruped_role import performance_of
from vitascope.world.blueprint import Body
from vitascope.world.role import Performance, Role

__all__ = ["build", "perform"]


def build(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body:
    """The body of a quadruped. Individuals differ by attributes and by motion, so `seed` leaves the shape alone."""
    return body_of(recipe, attributes, detail=detail)


def perform(body: Body, role: Role) -> Performance:
    """Plan the steps of `role` and move the body through them."""
    return performance_of(body, role)
