"""Bare worlds: a plain of dust with craters of every size, blocks thrown out of them, and low worn mountains."""

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
    """A cratered plain. Parameters: soil (colour), airless, mountains [m], craters (strength)."""
    p = recipe.parameters
    n = noise(seed)
    height = placed(lambda x, z: _plain(n, x, z, p))
    soil = Material(
        base=rgb(p.get("soil", (0.17, 0.168, 0.165))),
        surface="regolith",
        roughness=1.0,
        detail=float(p.get("detail", 0.5)),
    )
    terrain = Terrain(
        height=height, noise=n, cover=lambda patch: _dust(patch, n), materials=(soil,), reach=3000.0, vertices=30000,
        growing=growing_of(recipe, set),
    )  # fmt: skip
    return open_land(recipe, set, seed, terrain, airless=bool(p.get("airless", True)))


def furnish(land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0) -> Furnishing:
    """Dust and blocks of stone."""
    return landscape(land, clear=clear, cameras=cameras)


def _plain(n: Noise, x: np.ndarray, z: np.ndarray, p) -> np.ndarray:
    res = spacing_at(x, z)
    r = np.hypot(x, z)
    swell = 1.1 * n.fbm(x, z, wavelength=48, octaves=3, resolution=res) * smoothstep(4, 50, r)
    fine = 0.035 * n.fbm(x, z, wavelength=2.4, octaves=4, resolution=res)
    worn = n.fbm(x + 3000, z, wavelength=1500, octaves=6, gain=0.42, resolution=res)
    mountains = float(p.get("mountains", 240.0)) * smoothstep(-0.15, 0.75, worn + 0.25) * smoothstep(500, 2200, r)
    height = swell + fine + mountains
    for size, seed in ((320.0, 5.0), (84.0, 0.0), (27.0, 11.0), (8.5, 23.0), (3.4, 31.0)):
        gentle = 0.3 + 0.7 * smoothstep(0.12, 0.5, r / size)
        height = height + float(p.get("craters", 1.0)) * _craters(n, x, z, size, seed) * gentle * smoothstep(
            1.5, 4.0, 0.4 * size / np.maximum(res, 0.05)
        )
    return height


def _craters(n: Noise, x: np.ndarray, z: np.ndarray, size: float, seed: float) -> np.ndarray:
    """Bowls with raised rims and thin aprons, one to a cell of `size` metres at most; fresh ones are sharp, old ones soft.

    Depth about a fifth of the width, rim a twentieth (Pike 1977 for simple craters).
    """
    near, _, name = n.cells(x / size + seed, z / size - seed)
    radius = np.where(name > 0.55, 0.1 + 0.28 * (name * 7.31 % 1.0) ** 1.8, 1e-3).astype(np.float32)
    t = near / radius
    fresh = 0.35 + 0.65 * (name * 13.7 % 1.0)
    bowl = np.where(t < 1, (t * t - 1.0) * 0.34 + 0.08 * t**6, 0.0)
    rim = 0.08 * np.exp(-np.maximum(t - 1.0, 0.0) * 3.2) * (t >= 1)
    rise = np.where(t < 1, 0.0, rim)
    return radius * size * fresh * (bowl + rise) * smoothstep(0.62, 0.5, near)


def _dust(patch: Patch, n: Noise) -> Cover:
    """Pale rims and rays, darker floors."""
    rays = n.fbm(patch.x, patch.z, wavelength=120, octaves=5, resolution=spacing_at(patch.x, patch.z) * 0.6)
    value = 1 + 0.16 * rays - 0.14 * np.clip(patch.hollow, 0, 1) + 0.2 * np.clip(-patch.hollow, 0, 1)
    return Cover(colours=mottled(patch, n, strength=0.06, hue=0.01) * value[..., None], mask=np.ones(patch.x.shape))
