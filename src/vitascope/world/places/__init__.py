"""Places: families of land and what furnishes them.

Each family is a module of this package with two functions:

    lay(recipe, set, *, seed) -> Land                     the ground, the water and the spots; cheap
    furnish(land, *, clear, cameras, night) -> Furnishing  terrain mesh, plants, rocks, buildings, furniture

`cameras` (P, 3) are positions the camera takes, so that detail goes where it is seen, and `clear` the lines of sight that it
needs free. Whoever acts there is not known yet: what could stand in somebody's way is returned as `Standing` and makes way
later, so that another cast leaves everything else as it is. Rooms alone are furnished round bodies: there `clear` holds
their ways too.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe, RecipeError
from vitascope.world.land import Corridor, Furnishing, Land

__all__ = ["PLACE_FAMILIES", "PlaceFamily", "place_family"]

PLACE_FAMILIES = (
    "city", "coast", "desert", "field", "forest", "mountain", "moon", "road", "room", "shoreline", "sky", "studio",
    "underwater",
)  # fmt: skip


class PlaceFamily(Protocol):
    """What a place family module offers."""

    def lay(self, recipe: PlaceRecipe, set: Set, *, seed: int) -> Land: ...

    def furnish(
        self, land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0
    ) -> Furnishing: ...


def place_family(name: str) -> PlaceFamily:
    """The family called `name`. Raises RecipeError when there is none."""
    if name not in PLACE_FAMILIES:
        raise RecipeError(f"There is no place family called {name!r}; they are {', '.join(PLACE_FAMILIES)}.")
    return import_module(f"vitascope.world.places.{name}")  # type: ignore[return-value]
