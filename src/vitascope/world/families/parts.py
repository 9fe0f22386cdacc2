"""Things described part by part in their recipes, and how such things perform: most props and many small buildings."""

from __future__ import annotations

from vitascope.film import Attributes
from vitascope.recipe import Recipe
from vitascope.world.blueprint import Body
from vitascope.world.role import Performance, Role
from vitascope.world.things.interpret import kit_of
from vitascope.world.things.rigid import perform_rigid

__all__ = ["build", "perform"]


def build(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body:
    """The body that the recipe's parts describe. Raises RecipeError with one sentence for a part that cannot be read."""
    return kit_of(recipe, attributes, detail=detail).body(attributes.scale)


def perform(body: Body, role: Role) -> Performance:
    """Stand, roll, fall, bounce, swing, float or shine, as the recipe's parameters and the subject's verbs say."""
    return perform_rigid(body, role)
