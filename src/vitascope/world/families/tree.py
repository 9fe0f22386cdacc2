"""Trees as subjects: a tree grown from its recipe's parameters, rooted where it is placed and swayed by the wind."""

from __future__ import annotations

from vitascope.film import Attributes
from vitascope.recipe import Recipe
from vitascope.world.blueprint import Body
from vitascope.world.families.plant import perform, planted

__all__ = ["build", "perform"]


def build(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body:
    """A tree in full detail at its scale. States: "bare" or "dead" has no leaves, "snowy" carries snow, "autumn" colours."""
    return planted(recipe, attributes, seed=seed, detail=detail)
