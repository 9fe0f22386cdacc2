"""Roads: along a cliff over the sea, through farmland, or across a desert. Traffic runs from left to right past the mark."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe
from vitascope.world.land import Corridor, Furnishing, Land, Spot
from vitascope.world.mesh import Mesh
from vitascope.world.noise import Noise, noise, smoothstep
from vitascope.world.places.coast import cliff_cover, cliff_materials, sea
from vitascope.world.places.cover import ground_cover, ground_materials
from vitascope.world.places.desert import dunes
from vitascope.world.places.field import hills
from vitascope.world.places.fittings import fittings, made, part, repeated
from vitascope.world.places.growth import growing_of
from vitascope.world.places.landscape import Terrain, has, landscape, open_land, placed, spacing_at
from vitascope.world.shape import box
from vitascope.world.stage import Thing
from vitascope.world.terrain import Patch

__all__ = ["furnish", "lay"]

_HALF = 3.6


def lay(recipe: PlaceRecipe, set: Set, *, seed: int) -> Land:
    """A road by `form`: "coast", "country" or "desert". Parameters: half (width), bend, drop (of the cliff), and cover."""
    p = recipe.parameters
    n = noise(seed)
    form = str(p.get("form", "country"))
    shape = {"coast": _cliff, "country": _country, "desert": _desert}[form]
    height = placed(lambda x, z: shape(n, x, z, p))
    level = -float(p.get("drop", 24.0))
    coast = form == "coast"

    def cover(patch: Patch):
        verge = _near_road(
            n, patch.x, patch.z, p, inner=float(p.get("half", _HALF)) + 0.1, outer=float(p.get("half", _HALF)) + 1.0
        )
        if coast:
            return cliff_cover(patch, n, set, level, track=verge)
        return ground_cover(patch, n, p, set, track=verge)

    terrain = Terrain(
        height=height, noise=n, cover=cover, materials=cliff_materials(p, set) if coast else ground_materials(p, set),
        reach=4200.0 if coast else 2600.0, vertices=24000 if coast else 15000,
        free=lambda x, z: _growable(n, height, x, z, p), growing=growing_of(recipe, set, snowy=has(set, "snow")),
    )  # fmt: skip
    spots = {"road": Spot(position=(0.0, 0.0, 0.0), half=(60.0, float(p.get("half", _HALF)) * 0.8))}

    def surface(x: float, z: float) -> str:
        on = abs(z - float(_line(n, np.array([x]), p)[0])) < float(p.get("half", _HALF))
        return "asphalt" if on else recipe.surface

    return open_land(
        recipe, set, seed, terrain, surface=surface, water=sea(p, set, level) if coast else None, spots=spots,
        light_from=None,
    )  # fmt: skip


def furnish(land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0) -> Furnishing:
    """Land, carriageway with its marks, rail or posts, and what grows beside it."""
    p, terrain = land.recipe.parameters, land.state
    assert isinstance(terrain, Terrain)
    things = [_carriageway(terrain, p)]
    if p.get("rail", land.recipe.parameters.get("form") == "coast"):
        things += _rail(terrain, p)
    more = fittings(land, clear, p.get("fittings", ()))
    return landscape(land, clear=clear, cameras=cameras, extra=[*things, *more])


def _line(n: Noise, x: np.ndarray, p) -> np.ndarray:
    """z of the middle of the road at x: straight past the mark, winding beyond."""
    bend = float(p.get("bend", 1.0))
    beyond = np.maximum(np.abs(x) - float(p.get("straight", 55.0)), 0.0)
    x = np.asarray(x, np.float32)
    wind = 26.0 * n.at(x / 150.0, np.full(x.shape, 0.63, np.float32)) * smoothstep(0, 120, beyond)
    away = np.where(x > 0, float(p.get("away_right", -0.0032)), float(p.get("away_left", -0.0016)))
    return bend * (
        wind
        + away * np.minimum(beyond, 260.0) ** 2
        + np.where(beyond > 260.0, 2 * 260.0 * away * (beyond - 260.0) * 0.4, 0.0)
    )


def _steepness(n: Noise, x: np.ndarray, p) -> np.ndarray:
    """Length of road per metre of x, to turn gaps in z into distances from the road."""
    return np.hypot(1.0, (_line(n, x + 1.0, p) - _line(n, x - 1.0, p)) / 2.0)


def _profile(n: Noise, x: np.ndarray, p) -> np.ndarray:
    """Height of the road at x: level at the mark, long gentle grades beyond."""
    climb = float(p.get("climb", 7.0))
    return climb * n.at(x / 260.0, np.full(np.shape(x), 0.31, np.float32)) * smoothstep(15, 160, np.abs(x))


def _near_road(n: Noise, x: np.ndarray, z: np.ndarray, p, *, inner: float, outer: float) -> np.ndarray:
    gap = np.abs(z - _line(n, x, p)) / _steepness(n, x, p)
    return smoothstep(outer, inner, gap) * smoothstep(760, 700, np.abs(x))


def _bedded(n: Noise, x: np.ndarray, z: np.ndarray, land: np.ndarray, p, *, verge: float) -> np.ndarray:
    """Land cut and filled to carry the road."""
    half = float(p.get("half", _HALF))
    flat = _near_road(n, x, z, p, inner=half + 0.6, outer=half + verge)
    under = 0.07 * _near_road(n, x, z, p, inner=half - 0.45, outer=half - 0.05)
    return land * (1 - flat) + _profile(n, x, p) * flat - under


def _country(n: Noise, x: np.ndarray, z: np.ndarray, p) -> np.ndarray:
    ditch = -0.35 * _near_road(n, x, z, p, inner=5.2, outer=7.5)
    return _bedded(n, x, z, hills(n, x, z, p) + ditch, p, verge=2.4)


def _desert(n: Noise, x: np.ndarray, z: np.ndarray, p) -> np.ndarray:
    return _bedded(n, x, z, dunes(n, x, z, p), p, verge=7.0)


def _cliff(n: Noise, x: np.ndarray, z: np.ndarray, p) -> np.ndarray:
    """A shelf between a hillside (+z) and a cliff that falls to the sea (-z), following the road."""
    res = spacing_at(x, z)
    drop, half = float(p.get("drop", 24.0)), float(p.get("half", _HALF))
    gap = (z - _line(n, x, p)) / _steepness(n, x, p)
    wobble = n.fbm(x, z, wavelength=26, octaves=5, resolution=res)
    edge = -(half + 3.2) - 2.6 * (0.5 + wobble) - gap
    steps = n.fbm(x + 30, z, wavelength=8, octaves=4, resolution=res)
    fall = smoothstep(0.0, 15.0 + 5.0 * steps, edge)
    bed = -3.0 - 0.04 * np.minimum(np.maximum(edge, 0), 400)
    skerries = (
        6.0
        * (n.fbm(x - 50, z + 20, wavelength=23, octaves=4, shape="ridged", resolution=res) - 0.8)
        * smoothstep(90, 16, edge)
    )
    rise = np.maximum(gap - half - 3.0, 0)
    slope = 0.42 * rise * np.exp(-rise / 330.0) + 70.0 * smoothstep(60, 700, rise) * (
        0.5 + 0.8 * n.fbm(x, z, wavelength=300, octaves=4, resolution=res)
    )
    crags = (
        2.2 * n.fbm(x, z, wavelength=17, octaves=5, resolution=res)
        + 5.0 * (n.fbm(x, z, wavelength=70, octaves=4, shape="ridged", resolution=res) - 0.5)
    ) * smoothstep(2, 40, rise)
    land = _bedded(n, x, z, _profile(n, x, p) + slope + crags, p, verge=3.0)
    cliff = land * (1 - fall) + (bed - drop) * fall
    rough = (
        1.6
        * n.fbm(x, z + 9, wavelength=6.0, octaves=4, resolution=res)
        * smoothstep(0.05, 0.4, fall)
        * smoothstep(1.0, 0.8, fall)
    )
    far = np.hypot((x - 900.0) / 700.0, (z + 2100.0) / 340.0) + 0.2 * n.fbm(
        x, z, wavelength=420, octaves=4, resolution=res
    )
    cape = 130.0 * smoothstep(1.0, 0.4, far) * (0.7 + 0.5 * n.fbm(x, z, wavelength=260, octaves=4, resolution=res))
    return np.maximum(cliff + rough, np.maximum(bed + skerries, bed + cape) - drop)


def _growable(n: Noise, height, x: np.ndarray, z: np.ndarray, p) -> np.ndarray:
    half = float(p.get("half", _HALF))
    here = height(x, z)
    slope = np.hypot(height(x + 0.7, z) - here, height(x, z + 0.7) - here) / 0.7
    return (1 - _near_road(n, x, z, p, inner=half + 0.9, outer=half + 1.3)) * smoothstep(0.9, 0.55, slope)


def _samples(terrain: Terrain, p, *, reach: float = 700.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points (R, 3) along the middle of the road, unit sideways vectors (R, 3), and arc length (R,)."""
    x = np.sinh(np.linspace(-np.arcsinh(reach / 40), np.arcsinh(reach / 40), 240)) * 40.0
    z = _line(terrain.noise, x.astype(np.float32), p)
    zero = _profile(terrain.noise, np.zeros(1, np.float32), p)[0]
    y = _profile(terrain.noise, x.astype(np.float32), p) - zero
    point = np.stack([x, y, z], -1)
    along = np.gradient(point, axis=0)
    side = np.stack([-along[:, 2], np.zeros(len(x)), along[:, 0]], -1)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(point, axis=0), axis=1))])
    return point, side, length - np.interp(0, x, length)


def _strip(
    point: np.ndarray,
    side: np.ndarray,
    offsets: Sequence[float] | np.ndarray,
    lift: Sequence[float] | np.ndarray,
    **more,
) -> Mesh:
    """A ribbon with one row of vertices at each offset [m] to the side, raised by `lift` [m]."""
    rows = (
        point[:, None]
        + side[:, None] * np.asarray(offsets)[None, :, None]
        + np.array([0, 1.0, 0]) * np.asarray(lift)[None, :, None]
    )
    count, wide = rows.shape[:2]
    index = np.arange(count * wide).reshape(count, wide)
    a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, :-1].ravel(), index[1:, 1:].ravel()
    faces = np.concatenate([np.stack([a, b, d], -1), np.stack([a, d, c], -1)])
    return Mesh.of(rows.reshape(-1, 3), faces, **more)


def _carriageway(terrain: Terrain, p) -> Thing:
    """Asphalt with a crown, edge lines and a broken centre line, 3 cm proud of its bed."""
    half = float(p.get("half", _HALF))
    point, side, length = _samples(terrain, p)
    n = terrain.noise
    offsets = half * np.array([-1.06, -1.0, -0.55, -0.2, 0.0, 0.2, 0.55, 1.0, 1.06])
    lift = np.array([-0.1, 0.03, 0.05, 0.06, 0.065, 0.06, 0.05, 0.03, -0.1])
    worn = 1 + 0.12 * n.fbm(
        np.repeat(length, 9).astype(np.float32),
        np.tile(offsets, len(length)).astype(np.float32),
        wavelength=6,
        octaves=3,
    )
    wheel = 1 - 0.12 * np.exp(-((np.abs(np.abs(np.tile(offsets, len(length))) - 0.5 * half) / 0.5) ** 2))
    parts = [_strip(point, side, offsets, lift, colours=(worn * wheel)[:, None] * np.ones(3))]
    for offset in (-half * 0.93, half * 0.93):
        parts.append(_strip(point, side, [offset - 0.06, offset + 0.06], [0.046, 0.046], material=1))
    starts = np.arange(-210, 210, 9.0)
    for start in starts[(starts < length[-1]) & (starts > length[0])]:
        s = np.array([start, start + 1.5, start + 3.0])
        piece = np.stack([np.interp(s, length, point[:, k]) for k in range(3)], -1)
        aside = np.stack([np.interp(s, length, side[:, k]) for k in range(3)], -1)
        parts.append(_strip(piece, aside, [-0.06, 0.06], [0.076, 0.076], material=1))
    centre = "yellow" if p.get("centre") == "yellow" else "paint"
    return made("road", parts, ["asphalt", centre], ground=True)


def _rail(terrain: Terrain, p) -> list[Thing]:
    """A guard rail on posts along the edge over the sea."""
    half = float(p.get("half", _HALF))
    point, side, length = _samples(terrain, p, reach=420.0)
    toward = np.where(side[:, 2:] > 0, -side, side) * (half + 0.95)
    base = point + toward
    beam = _strip(base, np.tile([0.0, 1.0, 0.0], (len(base), 1)), [0.45, 0.53, 0.6, 0.67, 0.75], [0, 0, 0, 0, 0])
    bulge = np.tile([0.0, 0.045, 0.0, 0.045, 0.0], len(base))[:, None] * np.repeat(-toward / (half + 0.95), 5, 0)
    beam = Mesh.of(beam.positions + bulge, beam.indices)
    at = np.arange(-130, 130, 3.0)
    spots = np.stack([np.interp(at, length, base[:, k]) for k in range(3)], -1)
    posts = made(
        "rail posts",
        [part(box((0.12, 1.1, 0.14), centre=(0, 0.2, 0)), 0)],
        ["metal"],
        repeated(spots, np.zeros(len(at))),
    )
    return [made("guard rail", [beam], ["metal"], double_sided=True), posts]
