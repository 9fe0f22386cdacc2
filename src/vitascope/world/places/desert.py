"""Deserts: dunes with slip faces and ripples, or a canyon country of terraced mesas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe
from vitascope.world.land import Corridor, Furnishing, Land
from vitascope.world.material import Material, rgb
from vitascope.world.noise import Noise, noise, smoothstep
from vitascope.world.places.cover import ground_cover, ground_material
from vitascope.world.places.fittings import fittings
from vitascope.world.places.growth import growing_of
from vitascope.world.places.landscape import Cover, Terrain, has, landscape, mottled, open_land, placed, spacing_at
from vitascope.world.terrain import Patch

__all__ = ["dunes", "furnish", "lay"]


def lay(recipe: PlaceRecipe, set: Set, *, seed: int) -> Land:
    """A desert by `form`: "dunes" or "canyon". Parameters: dune (height [m]), mesa (height [m]), soil, and cover."""
    p = recipe.parameters
    n = noise(seed)
    canyon = p.get("form", "dunes") == "canyon"
    height = placed(lambda x, z: _canyon(n, x, z, p) if canyon else dunes(n, x, z, p))
    rock = Material(base=rgb(p.get("rock", (0.42, 0.17, 0.085))), surface="rock", roughness=0.92, pattern="layer",
                    pattern_colour=rgb(p.get("soil", (0.5, 0.3, 0.17))), pattern_scale=0.6)  # fmt: skip
    terrain = Terrain(
        height=height,
        noise=n,
        reach=3200.0,
        vertices=24000,
        materials=(rock, replace(rock, surface="soil")) if canyon else (ground_material(p, set),),
        cover=lambda patch: _strata(patch, n) if canyon else _sand(patch, n, p, set),
        free=lambda x, z: _gentle(height, x, z),
        growing=growing_of(recipe, set, snowy=has(set, "snow")),
    )
    return open_land(recipe, set, seed, terrain)


def furnish(land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0) -> Furnishing:
    """Sand or rock, and the little that grows."""
    things = fittings(land, clear, land.recipe.parameters.get("fittings", ()))
    return landscape(land, clear=clear, cameras=cameras, extra=things)


def dunes(n: Noise, x: np.ndarray, z: np.ndarray, p) -> np.ndarray:
    """Transverse dunes: long windward slopes, short slip faces, crests that wander and fork."""
    res = spacing_at(x, z)
    r = np.hypot(x, z)
    tall = float(p.get("dune", 16.0))
    total = np.zeros(np.shape(x), np.float32)
    for wavelength, share, turn in ((210.0, 1.0, 0.35), (78.0, 0.36, -0.2), (27.0, 0.1, 0.5)):
        along, across = x * np.cos(turn) + z * np.sin(turn), -x * np.sin(turn) + z * np.cos(turn)
        bend = 0.42 * n.fbm(across / 1.6, along * 0.6, wavelength=wavelength, octaves=3)
        phase = along / wavelength + bend
        saw = phase - np.floor(phase)
        crest = np.where(saw < 0.72, smoothstep(0.0, 0.74, saw), smoothstep(1.0, 0.7, saw))
        swell = 0.35 + 0.9 * smoothstep(-0.6, 0.7, n.fbm(x + 77 * share, z, wavelength=wavelength * 2.2, octaves=2))
        seen = smoothstep(1.5, 4.0, wavelength / np.maximum(res, 0.1))
        total = total + share * tall * crest * swell * seen
    calm = smoothstep(4.0, 130.0, r)
    near = 0.05 * n.fbm(x, z, wavelength=6.0, octaves=3, resolution=res)
    rim = (
        float(p.get("rim", 30.0))
        * smoothstep(900, 2600, r)
        * (0.5 + n.fbm(x, z, wavelength=900, octaves=4, resolution=res))
    )
    return total * (0.16 + 0.84 * calm) + near + rim


def _canyon(n: Noise, x: np.ndarray, z: np.ndarray, p) -> np.ndarray:
    """A flat floor between terraced mesas and buttes."""
    res = spacing_at(x, z)
    r = np.hypot(x, z)
    tall = float(p.get("mesa", 120.0))
    bend = 60 * n.fbm(x, z, wavelength=260, octaves=4, resolution=res)
    mass = (
        n.fbm(x + bend, z - bend, wavelength=520, octaves=4, resolution=res)
        + 0.55 * smoothstep(120, 700, r)
        - 0.42
        + 0.3 * smoothstep(260, 900, np.abs(x))
    )
    lift = smoothstep(-0.05, 0.55, mass) * smoothstep(35, 170, r)
    beds = lift * 4.0
    floor_ = np.floor(beds)
    terrace = (floor_ + smoothstep(0.18, 0.5, beds - floor_)) / 4.0
    talus = 0.12 * lift
    bumps = 0.08 * n.fbm(x, z, wavelength=4.0, octaves=4, resolution=res) + 1.4 * n.fbm(
        x, z, wavelength=40, octaves=3, resolution=res
    ) * smoothstep(10, 60, r)
    ribs = (
        5.0
        * (n.fbm(x, z, wavelength=30, octaves=5, shape="ridged", resolution=res) - 0.5)
        * smoothstep(0.02, 0.2, lift)
        * smoothstep(1.0, 0.85, lift)
    )
    return tall * (0.88 * terrace + talus) + bumps + ribs


def _sand(patch: Patch, n: Noise, p, set: Set) -> Cover:
    cover = ground_cover(patch, n, {**p, "mottle": 0.05}, set)
    face = smoothstep(0.35, 0.6, patch.slope)
    warm = np.array([1.0, 0.93, 0.86])
    return Cover(colours=cover.colours * (1 + (warm - 1) * face[..., None]), mask=cover.mask)


def _strata(patch: Patch, n: Noise) -> Cover:
    """Bands of red and cream in the faces, dust and scree on the treads."""
    res = spacing_at(patch.x, patch.z) * 0.12
    beds = n.fbm(
        patch.y + 3 * n.at(patch.x / 120, patch.z / 120), 0.01 * patch.x, wavelength=9.0, octaves=4, resolution=res
    )
    face = smoothstep(0.45, 0.9, patch.slope)
    hue = 1 + (beds * face)[..., None] * np.array([0.55, 0.95, 1.3])
    streak = n.fbm(patch.x, patch.z, wavelength=7, octaves=4, resolution=res)
    colours = mottled(patch, n, strength=0.12, hue=0.05) * hue
    dust = smoothstep(0.75, 0.4, patch.slope + 0.25 * streak)
    return Cover(colours=np.clip(colours, 0.3, 2.2), mask=dust, material=(dust > 0.55).astype(np.uint8))


def _gentle(height, x: np.ndarray, z: np.ndarray) -> np.ndarray:
    here = height(x, z)
    slope = np.hypot(height(x + 1, z) - here, height(x, z + 1) - here)
    return smoothstep(0.5, 0.25, slope)
