"""Forests: a clearing among trunks on the ground, a closed canopy to the horizon from the air, and a lake in it on request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe
from vitascope.world.land import Corridor, Furnishing, Land, Spot
from vitascope.world.noise import Noise, noise, smoothstep
from vitascope.world.places.canopy import Roof, crowns, skin
from vitascope.world.places.cover import ground_cover, ground_materials
from vitascope.world.places.field import hills
from vitascope.world.places.fittings import fittings
from vitascope.world.places.growth import growing_of
from vitascope.world.places.landscape import Terrain, has, landscape, open_land, placed
from vitascope.world.stage import Water
from vitascope.world.terrain import aims_of

__all__ = ["furnish", "lay"]

Field = Callable[[np.ndarray, np.ndarray], np.ndarray]
_LEVEL = -1.6
_LAKE, _HALF = (0.0, -160.0), (150.0, 100.0)
"""Middle of the lake and half of its length and width [m]."""


def lay(recipe: PlaceRecipe, set: Set, *, seed: int) -> Land:
    """A wood with a clearing of `clearing` metres round the mark, open towards the light in front.

    With the feature "lake" a lake lies beyond it.
    """
    p = recipe.parameters
    n = noise(seed)
    lake = has(set, "lake", "pond", "water") or bool(p.get("lake", False))
    height = placed(lambda x, z: _ground(n, x, z, p, lake=lake))
    water = Water(
        level=_LEVEL,
        wave_height=0.05,
        wave_length=3.5,
        foam=0.02,
        clarity=14.0 if has(set, "clear") else 2.5,
        extent=420.0,
        centre=_LAKE,
        deep=(0.006, 0.03, 0.035),
        shallow=(0.04, 0.13, 0.1),
    )

    ground = {**p, "bed": 2.4} if has(set, "clear") else p

    def free(x: np.ndarray, z: np.ndarray) -> np.ndarray:
        return _outside(n, x, z, float(p.get("clearing", 7.0))) * (_dry(n, height, x, z) if lake else 1.0)

    terrain = Terrain(
        height=height, noise=n, materials=ground_materials(p, set), free=free, reach=2600.0,
        cover=lambda patch: ground_cover(patch, n, ground, set, water=_LEVEL if lake else None),
        vertices=int(p.get("vertices", 11000)), growing=growing_of(recipe, set, snowy=has(set, "snow")),
    )  # fmt: skip
    spots = {"clearing": Spot(position=(0.0, 0.0, 0.0), half=(5.0, 4.0))}
    if lake:
        spots["water"] = Spot(position=(_LAKE[0], _LEVEL, _LAKE[1]), half=(60.0, 40.0))
    return open_land(recipe, set, seed, terrain, water=water if lake else None, spots=spots, reverb=0.12)


def furnish(land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0) -> Furnishing:
    """Trees near, canopy far; from high cameras the canopy starts at once."""
    cameras = np.asarray(cameras, float).reshape(-1, 3)
    terrain = land.state
    assert isinstance(terrain, Terrain)
    over = float((cameras[:, 1] - land.ground.height(cameras[:, 0], cameras[:, 2])).max())
    from_air = over > 22.0
    things = fittings(land, clear, land.recipe.parameters.get("fittings", ()))
    alone = from_air and float(cameras[:, 1].min()) > 10.0
    roof = Roof(
        growable=_shore_of(land, terrain) if alone else terrain.free,
        height=_lowered(land, terrain),
        inner=0.0 if alone else 14.0 if from_air else 85.0,
        apart=_ahead(cameras) if alone else None,
        fringe=_fringe(land, terrain),
    )
    shell = skin(land, roof, cameras, vertices=10000 if alone else 28000 if from_air else 9000)
    if alone:
        things = [*things, *crowns(land, roof, cameras)]
    if from_air:
        thinned = tuple(
            replace(rule, budget=(0, 0 if alone else min(12, rule.budget[1]), 0 if alone else min(40, rule.budget[2])))
            for rule in terrain.growing
            if not rule.near
        )
        land = replace(land, state=replace(terrain, vertices=9000, growing=thinned))
    return landscape(land, clear=clear, cameras=cameras, extra=[*things, shell])


def _ahead(cameras: np.ndarray) -> tuple[float, float]:
    """Where cameras in the air look down on: before the middle of their way."""
    middle = cameras[:, [0, 2]].mean(0)
    look = (aims_of(cameras) - cameras[:, [0, 2]]).mean(0)
    ahead = middle + 55.0 * look / max(float(np.hypot(*look)), 1.0)
    return float(ahead[0]), float(ahead[1])


def _shore_of(land: Land, terrain: Terrain) -> Field | None:
    """1 on land, 0 in the lake, or None where there is no lake."""
    if land.water is None:
        return None
    return lambda x, z: _dry(terrain.noise, terrain.height, x, z)


def _dry(n: Noise, height: Field, x: np.ndarray, z: np.ndarray) -> np.ndarray:
    """0..1: over the water's edge, or well away from the lake."""
    return np.maximum(smoothstep(_LEVEL + 0.2, _LEVEL + 0.5, height(x, z)), smoothstep(1.2, 1.3, _oval(n, x, z)))


def _fringe(land: Land, terrain: Terrain) -> Field | None:
    """1 along the shore of the lake, some 20 m wide, or None where there is no lake."""
    if land.water is None:
        return None
    return lambda x, z: smoothstep(1.2, 1.17, _oval(terrain.noise, x, z))


def _lowered(land: Land, terrain: Terrain) -> Field:
    """Multiple of the height of trees: young ones at the shore, so that the lake shows from the air."""
    if land.water is None:
        return lambda x, z: np.ones(np.shape(x), np.float32)
    return lambda x, z: 0.42 + 0.58 * smoothstep(1.04, 1.42, _oval(terrain.noise, x, z))


def _ground(n: Noise, x: np.ndarray, z: np.ndarray, p, *, lake: bool) -> np.ndarray:
    """Hills, which lie down round the lake if there is one."""
    land = hills(n, x, z, p)
    if not lake:
        return land
    oval = _oval(n, x, z)
    flat = smoothstep(1.6, 1.1, oval)
    land = np.maximum(land, -1.0 - 9.0 * smoothstep(3.0, 5.0, oval))
    return land * (1 - flat) - 0.9 * flat - 9.0 * _basin(n, x, z)


def _basin(n: Noise, x: np.ndarray, z: np.ndarray) -> np.ndarray:
    """0..1 depth of the lake: an uneven oval 300 m wide beyond the mark, shallow along its shore."""
    return smoothstep(1.05, 0.55, _oval(n, x, z))


def _oval(n: Noise, x: np.ndarray, z: np.ndarray) -> np.ndarray:
    return np.hypot((x - _LAKE[0]) / _HALF[0], (z - _LAKE[1]) / _HALF[1]) + 0.2 * n.fbm(x, z, wavelength=120, octaves=4)


def _outside(n: Noise, x: np.ndarray, z: np.ndarray, clearing: float) -> np.ndarray:
    wobble = 1 + 0.35 * n.at(x / 9.0, z / 9.0)
    toward = np.where(z > 0, z / 2.6, z)
    oval = np.hypot((x + 0.35 * np.maximum(z, 0)) / 1.7, toward)
    return smoothstep(clearing * 0.85, clearing * 1.15, oval * wobble)
