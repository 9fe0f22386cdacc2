"""Birds: one parametric body from sparrow to flamingo, with flight, folded wings and steps."""

from __future__ import annotations

from vitascope.film import Attributes
from vitascope.recipe import Recipe
from vitascope.world.animals.bird_body import bird_body
from vitascope.world.animals.bird_role import bird_performance
from vitascope.world.blueprint import Body
from vitascope.world.role import Performance, Role

__all__ = ["build", "perform"]


def build(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body:
    """The body of a bird. Individuals differ by attributes and by motion, so `seed` leaves the shape alone."""
    return bird_body(recipe, attributes, detail=detail)


def perform(body: Body, role: Role) -> Performance:
    """Plan the flight and the steps of `role` and move the body through them."""
    return bird_performance(body, role)
