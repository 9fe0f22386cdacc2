"""Places in the air: countryside far below for those who fly, empty space, and a dark field under the night sky."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe
from vitascope.world.land import Corridor, Furnishing, Land
from vitascope.world.noise import noise
from vitascope.world.places.cover import ground_cover, ground_materials
from vitascope.world.places.field import hills
from vitascope.world.places.growth import growing_of
from vitascope.world.places.landscape import Terrain, ground_thing, open_land
from vitascope.world.track import Ground

__all__ = ["furnish", "lay"]


def lay(recipe: PlaceRecipe, set: Set, *, seed: int) -> Land:
    """Air over a land `below` metres down (0 for none at all: space). Heights are measured from the air at the mark.

    Flyers have their heights above a level at the mark, not above the distant land, which only is looked at.
    """
    p = recipe.parameters
    n = noise(seed)
    below = float(p.get("below", 420.0))
    terrain = Terrain(
        height=lambda x, z: hills(n, x, z, p) - np.float32(below), noise=n, materials=ground_materials(p, set),
        cover=lambda patch: ground_cover(patch, n, p, set), reach=9000.0, vertices=24000, growing=growing_of(recipe, set),
    )  # fmt: skip
    land = open_land(
        recipe, set, seed, terrain, airless=bool(p.get("airless", False)), sea_of_clouds=p.get("sea_of_clouds")
    )
    level = Ground(height=lambda x, z: np.zeros(np.shape(x), np.float32), surface=lambda x, z: "air")
    return replace(land, ground=level, state=terrain if below > 0 else None)


def furnish(land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0) -> Furnishing:
    """The land far below, if any."""
    if land.state is None:
        return Furnishing(things=())
    assert isinstance(land.state, Terrain)
    return Furnishing(things=(ground_thing(land.state, cameras, name="land below"),))
