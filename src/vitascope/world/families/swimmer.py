"""Swimmers that are no fish: jellyfish, octopuses, rays and sea turtles."""

from __future__ import annotations

from vitascope.film import Attributes
from vitascope.recipe import Recipe
from vitascope.world.animals.drifter_body import drifter_body
from vitascope.world.animals.drifter_motion import drifter_performance
from vitascope.world.blueprint import Body
from vitascope.world.role import Performance, Role

__all__ = ["build", "perform"]


def build(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body:
    """The body of a swimmer. Individuals differ by attributes and by motion, so `seed` leaves the shape alone."""
    return drifter_body(recipe, attributes, detail=detail)


def perform(body: Body, role: Role) -> Performance:
    """Plan the course of `role` and move bell, arms, flaps or flippers along it."""
    return drifter_performance(body, role)
