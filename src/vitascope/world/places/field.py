"""Open fields: meadows, savanna, farmland, gardens, parks, sports fields and snowfields, under a far rim of hills."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe
from vitascope.world.land import Corridor, Furnishing, Land, Spot
from vitascope.world.noise import Noise, noise, smoothstep
from vitascope.world.places.cover import ground_cover, ground_materials, woods_at
from vitascope.world.places.fittings import fittings
from vitascope.world.places.growth import growing_of
from vitascope.world.places.landscape import Terrain, has, landscape, open_land, placed, spacing_at

__all__ = ["furnish", "hills", "lay"]


def lay(recipe: PlaceRecipe, set: Set, *, seed: int) -> Land:
    """A field. Parameters: rolls [m], hills [m], path (width), see also cover and growing."""
    p = recipe.parameters
    n = noise(seed)
    width = float(p.get("path", 0.0)) or (1.5 if has(set, "path", "trail") else 0.0)
    height = placed(lambda x, z: hills(n, x, z, p))
    terrain = Terrain(
        height=height, noise=n, materials=ground_materials(p, set), reach=float(p.get("reach", 2600.0)),
        cover=lambda patch: ground_cover(patch, n, p, set, track=_track(n, patch.x, patch.z, width, p)),
        vertices=int(p.get("vertices", 15000)),
        free=lambda x, z: 1.0 - _track(n, x, z, width * 1.1, p),
        growing=growing_of(recipe, set, snowy=has(set, "snow") or bool(p.get("snowy"))),
    )  # fmt: skip
    spots = {"clearing": Spot(position=(0.0, 0.0, 0.0), half=(8.0, 6.0))}
    if width:
        spots["path"] = Spot(position=(0.0, 0.0, 0.0), half=(30.0, width / 2))
    return open_land(recipe, set, seed, terrain, spots=spots)


def furnish(land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0) -> Furnishing:
    """Ground, growth, and what people have built there (fences, barns, benches, goals)."""
    things = fittings(land, clear, land.recipe.parameters.get("fittings", ()))
    return landscape(land, clear=clear, cameras=cameras, extra=things)


def hills(n: Noise, x: np.ndarray, z: np.ndarray, p) -> np.ndarray:
    """Gentle ground that grows into rolling hills and a far rim; flat enough to walk near the mark."""
    res = spacing_at(x, z)
    r = np.hypot(x, z)
    calm = float(p.get("calm", 12.0))
    rolls = (
        float(p.get("rolls", 1.6))
        * n.fbm(x, z, wavelength=62, octaves=3, resolution=res)
        * smoothstep(calm, calm + 70, r)
    )
    rise = float(p.get("hills", 26.0))
    far = (
        rise
        * (0.45 + n.fbm(x + 900, z - 300, wavelength=430, octaves=4, gain=0.42, resolution=res))
        * smoothstep(90, 650, r)
    )
    rim = float(p.get("rim", 70.0)) * smoothstep(800, 2300, r)
    rim = rim * (0.7 + 0.8 * n.fbm(x - 4000, z, wavelength=880, octaves=5, gain=0.45, resolution=res))
    bumps = float(p.get("bumps", 0.05)) * n.fbm(x, z + 77, wavelength=2.9, octaves=3, resolution=res)
    woods = woods_at(n, x, z, share=float(p.get("woods", 0.0)), inner=float(p.get("woods_from", 190.0)))
    crowns = 9.0 * woods * (0.8 + 0.35 * n.at(x / 13, z / 13) * smoothstep(30, 8, res))
    return rolls + far + rim + bumps + crowns


def _track(n: Noise, x: np.ndarray, z: np.ndarray, width: float, p) -> np.ndarray:
    """0..1 where a trodden path runs: along x past the mark, winding off into the distance on both sides."""
    if width <= 0:
        return np.zeros(np.shape(x), np.float32)
    wind = (
        14.0 * n.at(x / 60.0, np.full(np.shape(x), 0.5)) * smoothstep(8, 60, np.abs(x))
        - 0.0016 * np.maximum(np.abs(x) - 20, 0) ** 2
    )
    edge = 0.25 * n.at(x / 1.3, z / 1.3)
    return smoothstep(width * 0.62, width * 0.42, np.abs(z - wind) + edge * width * 0.3)
