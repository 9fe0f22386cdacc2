"""The sea floor: rippled sand, rocks, corals in gardens and kelp in groves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe
from vitascope.world.land import Corridor, Furnishing, Land
from vitascope.world.material import Material, rgb
from vitascope.world.noise import Noise, noise, smoothstep
from vitascope.world.places.growth import growing_of
from vitascope.world.places.landscape import Cover, Terrain, landscape, mottled, open_land, placed, spacing_at
from vitascope.world.terrain import Patch

__all__ = ["furnish", "lay"]


def lay(recipe: PlaceRecipe, set: Set, *, seed: int) -> Land:
    """A sandy floor with reefs. Parameters: soil, reef (height [m]), rock (colour)."""
    p = recipe.parameters
    n = noise(seed)
    height = placed(lambda x, z: _floor(n, x, z, p))
    rock = Material(
        base=rgb(p.get("rock", (0.15, 0.13, 0.12))), surface="sand", roughness=0.95, pattern="layer",
        pattern_colour=rgb(p.get("soil", (0.55, 0.47, 0.33))), pattern_scale=0.4,
    )  # fmt: skip
    terrain = Terrain(
        height=height, noise=n, cover=lambda patch: _bed(patch, n), materials=(rock,), reach=260.0, vertices=16000,
        growing=growing_of(recipe, set),
    )  # fmt: skip
    return open_land(recipe, set, seed, terrain, reverb=0.2)


def furnish(land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0) -> Furnishing:
    """Sand, rocks and what lives on them."""
    return landscape(land, clear=clear, cameras=cameras)


def _floor(n: Noise, x: np.ndarray, z: np.ndarray, p) -> np.ndarray:
    res = spacing_at(x, z)
    r = np.hypot(x, z)
    sand = 0.35 * n.fbm(x, z, wavelength=14, octaves=3, resolution=res) * (0.3 + 0.7 * smoothstep(2, 14, r))
    heads = smoothstep(0.05, 0.5, n.fbm(x + 60, z, wavelength=21, octaves=3, resolution=res)) * smoothstep(3.5, 13, r)
    crag = 0.6 + 0.7 * n.fbm(x, z, wavelength=5, octaves=4, shape="ridged", resolution=res)
    slope = 9.0 * smoothstep(25, 120, r) * (0.4 + 0.8 * n.fbm(x - 200, z, wavelength=75, octaves=3, resolution=res))
    return sand + float(p.get("reef", 2.6)) * heads * crag + slope


def _bed(patch: Patch, n: Noise) -> Cover:
    rough = n.fbm(patch.x, patch.z, wavelength=4, octaves=4)
    sandy = smoothstep(0.75, 0.35, patch.slope + 0.3 * rough - 0.2 * patch.hollow)
    crust = 1 + 0.35 * (1 - sandy)[..., None] * np.stack(
        [n.at(patch.x, patch.z), 0.3 * rough, n.at(patch.z, patch.x)], -1
    )
    return Cover(colours=mottled(patch, n, strength=0.08, hue=0.03) * crust, mask=sandy)
