"""Places in the air: countryside far below for those who fly, empty space, and a dark field under the night sky."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe
from vitascope.world.land import Corridor, Furnishing, Land
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.noise import Noise, noise, smoothstep
from vitascope.world.places.cover import ground_cover, ground_materials
from vitascope.world.places.field import hills
from vitascope.world.places.growth import growing_of
from vitascope.world.places.landscape import Terrain, ground_thing, open_land
from vitascope.world.stage import Pose, Still, Thing
from vitascope.world.track import Ground

__all__ = ["furnish", "lay"]

_PLANET = 20000.0
"""Radius [m] of the planet that is drawn below those who float in orbit; its horizon lies within the far plane."""


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


def _planet(n: Noise, height: float) -> Thing:
    """The day side of a blue planet `height` metres below in the scale of the scene: its near cap, sea, land and cloud."""
    rings, spokes = 90, 180
    polar, turn = np.meshgrid(np.linspace(0.0, 0.22, rings), np.linspace(0, 2 * np.pi, spokes), indexing="ij")
    out = np.stack([np.sin(polar) * np.cos(turn), np.cos(polar), np.sin(polar) * np.sin(turn)], -1).astype(np.float32)
    points = _PLANET * out - np.array([0.0, _PLANET + height, 0.0], np.float32)
    x, z = points[..., 0], points[..., 2]
    shelf = n.fbm(x, z, wavelength=800.0, octaves=6, gain=0.55) - 0.28
    land = smoothstep(0.0, 0.05, shelf)[..., None]
    dry = smoothstep(-0.2, 0.5, n.fbm(x + 900, z, wavelength=400.0, octaves=3))[..., None]
    sea = np.array((0.012, 0.05, 0.14)) * (1 + 1.2 * smoothstep(-0.16, 0.0, shelf)[..., None])
    ground = np.array((0.05, 0.09, 0.03)) * (1 - dry) + np.array((0.26, 0.19, 0.1)) * dry
    swirl = 150.0 * n.fbm(x, z + 400, wavelength=520.0, octaves=3)
    cloud = smoothstep(0.1, 0.75, n.fbm(x + swirl, z - swirl, wavelength=260.0, octaves=5, gain=0.6))
    colours = sea * (1 - land) + ground * land
    colours = colours * (1 - cloud[..., None]) + 0.75 * cloud[..., None]
    haze = (0.85 * smoothstep(0.07, 0.14, polar))[..., None]
    colours = colours * (1 - haze) + np.array((0.16, 0.36, 0.75)) * haze
    index = np.arange(rings * spokes).reshape(rings, spokes)
    a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, :-1].ravel(), index[1:, 1:].ravel()
    faces = np.concatenate([np.stack([a, b, d], -1), np.stack([a, d, c], -1)])
    mesh = Mesh.of(points.reshape(-1, 3), faces, normals=out.reshape(-1, 3), mask=cloud.ravel(),
                   colours=colours.reshape(-1, 3))  # fmt: skip
    skin = Material(base=(1.0, 1.0, 1.0), surface="cloud", roughness=0.85, detail=0.35, detail_scale=90.0)
    still = Still(Pose(transforms=np.eye(4, dtype=np.float32)[None]))
    return Thing(name="planet", mesh=mesh, materials=(skin,), motion=still, casts_shadow=False)


def furnish(land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0) -> Furnishing:
    """The land far below, if any."""
    if "orbit" in land.recipe.parameters:
        return Furnishing(things=(_planet(noise(land.seed), float(land.recipe.parameters["orbit"])),))
    if land.state is None:
        return Furnishing(things=())
    assert isinstance(land.state, Terrain)
    return Furnishing(things=(ground_thing(land, cameras, name="land below"),))
