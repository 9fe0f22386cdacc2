"""The roof of a forest: single crowns where a camera in the air sees them one by one, a skin of crowns to the horizon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from vitascope.recipe import catalogue
from vitascope.world.flora import Detail
from vitascope.world.land import Land
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.noise import Noise, smoothstep
from vitascope.world.places.cover import season_tint
from vitascope.world.places.growth import distances, instanced, model_of, tinted
from vitascope.world.places.landscape import Terrain, has, spacing_at
from vitascope.world.stage import Pose, Still, Thing
from vitascope.world.terrain import patch_of, sampling_for, scattered, stands_on

__all__ = ["Roof", "crowns", "skin"]

Field = Callable[[np.ndarray, np.ndarray], np.ndarray]
_LIT = (0.116, 0.17, 0.05)
_SHADE = (0.24, 0.36, 0.3)
"""Multiple of the colour of leaves between crowns that stand apart."""
_NEAR, _FAR = 60, 620
"""Most crowns with leaves of their own, and most of a few faces, that stand apart."""
_APART = 84.0
"""Metres within which crowns stand apart."""
_WIDE = 240.0
"""Metres round the mark beyond which the skin is drawn as whole stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roof:
    """Where the roof of a forest lies and how high it is."""

    growable: Field | None
    """0..1 at x, z; trees stand where it is above a half, everywhere for None."""
    height: Field
    """Multiple of the forest's height at x, z: lower at the shore."""
    inner: float = 0.0
    """Metres round the mark that stay open."""
    apart: tuple[float, float] | None = None
    """Middle (x, z) of the ground on which crowns stand apart; the skin there is but their shade. None for no such ground."""
    fringe: Field | None = None
    """0..1, where crowns stand apart as well: along a shore."""


def crowns(land: Land, roof: Roof, cameras: np.ndarray) -> list[Thing]:
    """Trees whose tops make the roof round the cameras (P, 3), each of its own kind, height and hue."""
    terrain = land.state
    assert isinstance(terrain, Terrain)
    assert roof.apart is not None
    p, n = land.recipe.parameters, terrain.noise
    rng = np.random.default_rng([land.seed, 41])
    kinds = tuple(p.get("crowns", ("beech", "oak", "beech", "maple", "oak", "spruce", "beech")))
    round_about = scattered(rng, spacing=6.2, inner=0.0, outer=1.1 * _APART, centre=roof.apart, density=roof.growable)
    along = _fringe(roof, rng)
    points = np.concatenate([round_about, along])
    stand = stands_on(points, terrain.height, rng, sizes=(0.78, 1.2))
    away, angle = distances(stand, cameras)
    order = np.argsort(away + 900.0 * (angle > 0.95), kind="stable")
    kind = rng.integers(0, len(kinds), len(points))
    top = float(p.get("canopy", 15.0)) * rng.uniform(0.74, 1.14, len(points)) + _swell(n, points[:, 0], points[:, 1])
    low = roof.height(points[:, 0], points[:, 1])
    stand, top = replace(stand, sizes=stand.sizes * (0.4 + 0.6 * low)), top * low
    tall = np.array([float(catalogue().recipe(name).parameters["height"]) for name in kinds])[kind]
    raised = stand.points + np.stack([0 * top, top - tall * stand.sizes, 0 * top], -1)
    stand = replace(stand, points=raised)
    tints = tinted(rng, len(points), 0.2, autumn=land.set.season == "autumn")
    tints *= (1 + 0.25 * n.fbm(points[:, 0], points[:, 1], wavelength=70, octaves=2))[:, None]
    snowy = has(land.set, "snow")
    things = []
    levels: tuple[tuple[np.ndarray, Detail], ...] = ((order[:_NEAR], "mid"), (order[_NEAR : _NEAR + _FAR], "far"))
    for members, detail in levels:
        for name in dict.fromkeys(kinds):
            named = members[np.array([kinds[k] == name for k in kind[members]], bool)]
            for variant in range(2):
                mine = named[variant::2]
                if len(mine):
                    model = model_of(name, seed=variant * 17 + 3, detail=detail, season=land.set.season, snowy=snowy)
                    things.append(instanced(f"{name} crown", model, stand.chosen(mine), tints[mine]))
    return things


def skin(land: Land, roof: Roof, cameras: np.ndarray, *, vertices: int) -> Thing:
    """The roof as one mesh out to the horizon: cells of about 7 m, domed, each of its own height and hue, with dark gaps
    between."""
    terrain = land.state
    assert isinstance(terrain, Terrain)
    p, n = land.recipe.parameters, terrain.noise
    tall, size = float(p.get("canopy", 15.0)), float(p.get("crown", 6.4))

    def closed(x: np.ndarray, z: np.ndarray) -> np.ndarray:
        """0 where crowns stand apart, 1 where the skin is the roof."""
        if roof.apart is None:
            return np.ones(np.shape(x), np.float32)
        return smoothstep(0.8 * _APART, 1.05 * _APART, np.hypot(x - roof.apart[0], z - roof.apart[1]))

    def top(x: np.ndarray, z: np.ndarray) -> np.ndarray:
        high, shut = _domes(n, x, z, tall, size)[0], closed(x, z)
        return terrain.height(x, z) + roof.height(x, z) * (shut * high + (1 - shut) * 0.55 * tall)

    patch = patch_of(top, sampling_for(cameras, top, reach=terrain.reach, vertices=vertices, finest=1.1))
    _, edge, name = _domes(n, patch.x, patch.z, tall, size)
    stands = smoothstep(roof.inner, roof.inner * 1.25 + 0.1, patch.distance + 0.1)
    if roof.growable is not None:
        stands = stands * roof.growable(patch.x.ravel(), patch.z.ravel()).reshape(stands.shape)
    shut = closed(patch.x, patch.z)
    colours = np.where(shut[..., None] > 0.5, _hues(n, patch.x, patch.z, edge, name), _SHADE)
    mesh = patch.mesh(colours=colours, mask=np.clip(patch.normals[..., 1] * 0.9, 0, 1))
    kept = (stands.ravel()[mesh.indices] > 0.5).all(1)
    shade = (0.5 + 0.5 * smoothstep(0.0, 0.4, edge)) * (0.4 + 0.6 * shut)
    mesh = Mesh.of(
        mesh.positions, mesh.indices[kept], normals=mesh.normals, colours=mesh.colours, mask=mesh.mask,
        occlusion=np.clip(mesh.occlusion * shade.ravel(), 0.12, 1), material=(patch.distance.ravel() > _WIDE).astype(np.uint8),
    )  # fmt: skip
    leaf = np.array(p.get("leaf", _LIT)) * season_tint(land.set) ** (3 if land.set.season == "autumn" else 1)
    r, g, b = (float(c) for c in leaf)
    snow = (
        {"pattern": "layer", "pattern_colour": (0.8, 0.84, 0.9), "pattern_scale": 0.8} if has(land.set, "snow") else {}
    )
    leaves = Material(base=(r, g, b), surface="foliage", roughness=0.85, translucency=0.5, detail_scale=2.0, **snow)
    stands_afar = replace(leaves, detail_scale=4.2)
    still = Still(Pose(transforms=np.eye(4, dtype=np.float32)[None]))
    return Thing(name="canopy", mesh=mesh, materials=(leaves, stands_afar), motion=still)


def _fringe(roof: Roof, rng: np.random.Generator) -> np.ndarray:
    """(K, 2) where crowns stand apart beyond those round the cameras."""
    edge, apart = roof.fringe, roof.apart
    if edge is None or apart is None:
        return np.zeros((0, 2))

    def density(x: np.ndarray, z: np.ndarray) -> np.ndarray:
        far = np.hypot(x - apart[0], z - apart[1]) > 1.1 * _APART
        return edge(x, z) * far * (1.0 if roof.growable is None else roof.growable(x, z))

    return scattered(rng, spacing=7.6, inner=0.0, outer=4.0 * _APART, centre=apart, density=density)


def _hues(n: Noise, x: np.ndarray, z: np.ndarray, edge: np.ndarray, name: np.ndarray) -> np.ndarray:
    """(R, S, 3) multipliers: each crown its own, darker towards the gaps, varied over whole stands."""
    hue = np.stack(
        [0.7 + 0.8 * name, 0.85 + 0.3 * np.abs(np.sin(name * 40)), 0.75 + 0.5 * np.abs(np.sin(name * 77))], -1
    )
    hue = hue * (0.68 + 0.72 * (name * 17.3 % 1.0))[..., None]
    hue = np.where(_pointed(name)[..., None], hue * np.array([0.55, 0.72, 0.85]), hue)
    broad = n.fbm(x, z, wavelength=150, octaves=3) + 0.8 * n.fbm(x, z, wavelength=38, octaves=2)
    return hue * (0.62 + 0.5 * smoothstep(0.0, 0.45, edge))[..., None] * np.clip(1 + 0.34 * broad, 0.45, 1.7)[..., None]


def _domes(
    n: Noise, x: np.ndarray, z: np.ndarray, tall: float, size: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Height of the skin over the ground [m], distance from the nearest gap, and the crown's own number 0..1."""
    res = spacing_at(x, z, start=160)
    bend = 0.22 * n.fbm(x, z, wavelength=size * 1.4, octaves=2)
    near, second, name = n.cells(x / size + bend, z / size - bend)
    edge = second - near
    seen = smoothstep(1.1, 0.3, res / size)
    lumps = 0.9 * n.fbm(x, z, wavelength=size * 0.33, octaves=2, resolution=res)
    dome = (1 - np.minimum(near / 0.72, 1.0) ** 2) * 0.34 * size + lumps
    dome = np.where(_pointed(name), (1 - np.minimum(near / 0.6, 1.0)) * 0.95 * size, dome)
    dome = dome + np.where(name > 0.93, 0.3 * tall * smoothstep(0.62, 0.4, near), 0.0)
    return (
        tall * (0.62 + seen * (0.3 * name)) + seen * dome + (1 - seen) * 0.15 * tall + _swell(n, x, z, 0.5 * res),
        edge * seen + 0.4 * (1 - seen),
        name,
    )


def _swell(n: Noise, x: np.ndarray, z: np.ndarray, resolution: np.ndarray | float = 0.5) -> np.ndarray:
    """How much higher [m] whole stands of trees are than others."""
    return 3.4 * n.fbm(x + 70, z, wavelength=64, octaves=3, resolution=resolution)


def _pointed(name: np.ndarray) -> np.ndarray:
    """Which crowns, by their numbers 0..1, are those of conifers."""
    return (name * 31.7 % 1.0) < 0.22
