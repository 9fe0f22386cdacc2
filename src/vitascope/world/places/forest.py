"""Forests: a clearing among trunks on the ground, a closed canopy to the horizon from the air, and a lake in it on request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe
from vitascope.world.land import Corridor, Furnishing, Land, Spot
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.noise import Noise, noise, smoothstep
from vitascope.world.places.cover import ground_cover, ground_materials, season_tint
from vitascope.world.places.field import hills
from vitascope.world.places.fittings import fittings
from vitascope.world.places.growth import growing_of
from vitascope.world.places.landscape import Terrain, has, landscape, open_land, placed, spacing_at
from vitascope.world.stage import Pose, Still, Thing, Water
from vitascope.world.terrain import patch_of, sampling_for

__all__ = ["canopy", "furnish", "lay"]

Field = Callable[[np.ndarray, np.ndarray], np.ndarray]
_LEVEL = -1.6


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
        clarity=6.0 if has(set, "clear") else 2.5,
        extent=420.0,
        centre=(0.0, -230.0),
        deep=(0.006, 0.03, 0.035),
        shallow=(0.04, 0.12, 0.08),
    )

    def free(x: np.ndarray, z: np.ndarray) -> np.ndarray:
        wet = _basin(n, x, z) * lake
        return _outside(n, x, z, float(p.get("clearing", 7.0))) * (1 - smoothstep(0.14, 0.2, wet))

    terrain = Terrain(
        height=height, noise=n, materials=ground_materials(p, set), free=free, reach=2600.0,
        cover=lambda patch: ground_cover(patch, n, p, set, water=_LEVEL if lake else None),
        vertices=int(p.get("vertices", 11000)), growing=growing_of(recipe, set, snowy=has(set, "snow")),
    )  # fmt: skip
    spots = {"clearing": Spot(position=(0.0, 0.0, 0.0), half=(5.0, 4.0))}
    if lake:
        spots["water"] = Spot(position=(0.0, _LEVEL, -190.0), half=(60.0, 40.0))
    return open_land(recipe, set, seed, terrain, water=water if lake else None, spots=spots, reverb=0.12)


def furnish(land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0) -> Furnishing:
    """Trees near, canopy far; from high cameras the canopy starts at once."""
    cameras = np.asarray(cameras, float).reshape(-1, 3)
    terrain = land.state
    assert isinstance(terrain, Terrain)
    over = float((cameras[:, 1] - land.ground.height(cameras[:, 0], cameras[:, 2])).max())
    from_air = over > 22.0
    things, lights = fittings(land, clear, land.recipe.parameters.get("fittings", ()))
    alone = from_air and float(cameras[:, 1].min()) > 10.0
    shell = canopy(
        land, cameras, inner=0.0 if alone else 14.0 if from_air else 85.0, vertices=28000 if from_air else 9000,
        growable=_shore_of(land, terrain) if alone else terrain.free,
    )  # fmt: skip
    if from_air:
        thinned = tuple(
            replace(rule, budget=(0, min(12, rule.budget[1]), min(40, rule.budget[2])))
            for rule in terrain.growing
            if not rule.near
        )
        land = replace(land, state=replace(terrain, vertices=9000, growing=thinned))
    return landscape(land, clear=clear, cameras=cameras, extra=[*things, shell], lights=lights)


def canopy(land: Land, cameras: np.ndarray, *, inner: float, vertices: int, growable: Field | None) -> Thing:
    """The roof of the forest as one skin of crowns, from `inner` metres round the mark to the horizon.

    Crowns are cells of about 7 m, domed, each of its own height and hue, with dark gaps between; they leave out
    where `growable(x, z)` is below a half.
    """
    terrain = land.state
    assert isinstance(terrain, Terrain)
    p, n = land.recipe.parameters, terrain.noise
    tall, size = float(p.get("canopy", 15.0)), float(p.get("crown", 6.4))

    def roof(x: np.ndarray, z: np.ndarray) -> np.ndarray:
        return terrain.height(x, z) + _crowns(n, x, z, tall, size)[0]

    patch = patch_of(roof, sampling_for(cameras, roof, reach=terrain.reach, vertices=vertices, finest=1.1))
    _, edge, name = _crowns(n, patch.x, patch.z, tall, size)
    stands = smoothstep(inner, inner * 1.25 + 0.1, patch.distance + 0.1)
    if growable is not None:
        stands = stands * growable(patch.x.ravel(), patch.z.ravel()).reshape(stands.shape)
    hue = np.stack(
        [0.7 + 0.8 * name, 0.85 + 0.3 * np.abs(np.sin(name * 40)), 0.75 + 0.5 * np.abs(np.sin(name * 77))], -1
    )
    hue = hue * (0.68 + 0.72 * (name * 17.3 % 1.0))[..., None]
    hue = np.where(_pointed(name)[..., None], hue * np.array([0.55, 0.72, 0.85]), hue)
    broad = n.fbm(patch.x, patch.z, wavelength=150, octaves=3) + 0.8 * n.fbm(patch.x, patch.z, wavelength=38, octaves=2)
    colours = (
        hue * (0.62 + 0.5 * smoothstep(0.0, 0.45, edge))[..., None] * np.clip(1 + 0.34 * broad, 0.45, 1.7)[..., None]
    )
    mesh = patch.mesh(colours=colours, mask=np.clip(patch.normals[..., 1] * 0.9, 0, 1))
    kept = (stands.ravel()[mesh.indices] > 0.5).all(1)
    mesh = Mesh.of(
        mesh.positions, mesh.indices[kept], normals=mesh.normals, colours=mesh.colours, mask=mesh.mask,
        occlusion=np.clip(mesh.occlusion * (0.5 + 0.5 * smoothstep(0.0, 0.4, edge).ravel()), 0.12, 1), sway=0.05,
    )  # fmt: skip
    leaf = np.array(p.get("leaf", (0.098, 0.145, 0.046))) * season_tint(land.set) ** (
        3 if land.set.season == "autumn" else 1
    )
    r, g, b = (float(c) for c in leaf)
    snow = (
        {"pattern": "layer", "pattern_colour": (0.8, 0.84, 0.9), "pattern_scale": 0.8} if has(land.set, "snow") else {}
    )
    leaves = Material(base=(r, g, b), surface="foliage", roughness=0.85, translucency=0.15, detail_scale=7.0, **snow)
    still = Still(Pose(transforms=np.eye(4, dtype=np.float32)[None]))
    return Thing(name="canopy", mesh=mesh, materials=(leaves,), motion=still)


def _shore_of(land: Land, terrain: Terrain) -> Field | None:
    """1 on land, 0 in the lake, or None where there is no lake."""
    if land.water is None:
        return None
    return lambda x, z: 1 - smoothstep(0.14, 0.2, _basin(terrain.noise, x, z))


def _crowns(
    n: Noise, x: np.ndarray, z: np.ndarray, tall: float, size: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Height of the canopy over the ground [m], distance from the nearest gap, and the crown's own number 0..1."""
    res = spacing_at(x, z, start=160)
    bend = 0.22 * n.fbm(x, z, wavelength=size * 1.4, octaves=2)
    near, second, name = n.cells(x / size + bend, z / size - bend)
    edge = second - near
    seen = smoothstep(1.1, 0.3, res / size)
    lumps = 0.9 * n.fbm(x, z, wavelength=size * 0.33, octaves=2, resolution=res)
    dome = (1 - np.minimum(near / 0.72, 1.0) ** 2) * 0.34 * size + lumps
    dome = np.where(_pointed(name), (1 - np.minimum(near / 0.6, 1.0)) * 0.95 * size, dome)
    dome = dome + np.where(name > 0.93, 0.3 * tall * smoothstep(0.62, 0.4, near), 0.0)
    swell = 3.4 * n.fbm(x + 70, z, wavelength=64, octaves=3, resolution=0.5 * res)
    return (
        tall * (0.62 + seen * (0.3 * name)) + seen * dome + (1 - seen) * 0.15 * tall + swell,
        edge * seen + 0.4 * (1 - seen),
        name,
    )


def _pointed(name: np.ndarray) -> np.ndarray:
    """Which crowns, by their numbers 0..1, are those of conifers."""
    return (name * 31.7 % 1.0) < 0.22


def _ground(n: Noise, x: np.ndarray, z: np.ndarray, p, *, lake: bool) -> np.ndarray:
    """Hills, which lie down round the lake if there is one."""
    land = hills(n, x, z, p)
    if not lake:
        return land
    flat = smoothstep(1.75, 1.1, _oval(n, x, z))
    return land * (1 - flat) - 0.9 * flat - 7.0 * _basin(n, x, z)


def _basin(n: Noise, x: np.ndarray, z: np.ndarray) -> np.ndarray:
    """0..1 depth of the lake: an uneven oval 300 m wide beyond the mark."""
    return smoothstep(1.05, 0.75, _oval(n, x, z))


def _oval(n: Noise, x: np.ndarray, z: np.ndarray) -> np.ndarray:
    return np.hypot(x / 150.0, (z + 215.0) / 95.0) + 0.2 * n.fbm(x, z, wavelength=120, octaves=4)


def _outside(n: Noise, x: np.ndarray, z: np.ndarray, clearing: float) -> np.ndarray:
    wobble = 1 + 0.35 * n.at(x / 9.0, z / 9.0)
    toward = np.where(z > 0, z / 2.6, z)
    oval = np.hypot((x + 0.35 * np.maximum(z, 0)) / 1.7, toward)
    return smoothstep(clearing * 0.85, clearing * 1.15, oval * wobble)
