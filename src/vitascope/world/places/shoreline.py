"""Shores: beaches, lakes, rivers and the open sea. The action is on the shore; the water lies beyond it, towards -z."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe
from vitascope.world.land import Corridor, Furnishing, Land, Spot
from vitascope.world.material import rgb
from vitascope.world.noise import Noise, noise, smoothstep
from vitascope.world.places.cover import ground_cover, ground_materials, woods_at
from vitascope.world.places.fittings import fittings
from vitascope.world.places.growth import growing_of
from vitascope.world.places.landscape import Terrain, has, landscape, open_land, placed, spacing_at
from vitascope.world.places.massif import massif
from vitascope.world.stage import Water
from vitascope.world.track import Ground

__all__ = ["furnish", "lay"]


def lay(recipe: PlaceRecipe, set: Set, *, seed: int) -> Land:
    """A shore by the recipe's `form`: "sea", "lake", "river" or "open" (no land at all)."""
    p = recipe.parameters
    n = noise(seed)
    form = str(p.get("form", "sea"))
    if form == "open":
        return _open_sea(recipe, set, seed)
    level = float(p.get("level", -0.6))
    shape = {"sea": _sea_bed, "lake": _lake_bed, "river": _river_bed}[form]
    height = placed(lambda x, z: shape(n, x, z, p))
    far = 0.035 if "peaks" in p or "capes" in p else 0.0
    terrain = Terrain(
        height=height, noise=n, materials=ground_materials(p, set), reach=3600.0, far=far,
        cover=lambda patch: ground_cover(patch, n, p, set, water=level), vertices=int(p.get("vertices", 17000)),
        growing=growing_of(recipe, set, snowy=has(set, "snow")),
    )  # fmt: skip
    edge = float(p.get("edge", 9.0))
    spots = {
        "shore": Spot(position=(0.0, height_at(height, 0.0, -0.6 * edge), -0.6 * edge), half=(25.0, 1.5)),
        "water": Spot(position=(0.0, level, -edge - float(p.get("out", 14.0))), half=(30.0, 8.0)),
    }

    def surface(x: float, z: float) -> str:
        over = height_at(height, x, z) - level
        return "water" if over < 0.02 else ("sand" if over < 0.4 and form != "sea" else recipe.surface)

    return open_land(recipe, set, seed, terrain, surface=surface, water=_water(p, set, form, level), spots=spots)


def furnish(land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0) -> Furnishing:
    """Ground, growth and what is built on the shore; nothing for the open sea."""
    if land.state is None:
        return Furnishing(things=())
    things = fittings(land, clear, _wanted(land))
    return landscape(land, clear=clear, cameras=cameras, extra=things)


def height_at(height, x: float, z: float) -> float:
    """Height [m] at one point."""
    return float(height(np.array([x], np.float32), np.array([z], np.float32))[0])


def _wanted(land: Land):
    rules = list(land.recipe.parameters.get("fittings", ()))
    return (
        rules
        if has(land.set, "pier", "jetty", "dock") or not any(r["kind"] == "pier" for r in rules)
        else [r for r in rules if r["kind"] != "pier"]
    )


def _open_sea(recipe: PlaceRecipe, set: Set, seed: int) -> Land:
    """Water to the horizon; the mark floats at height 0 and the bed is far below."""
    bed = np.float32(recipe.parameters.get("depth", -40.0))
    ground = Ground(height=lambda x, z: np.full(np.shape(x), bed), surface=lambda x, z: "water", water_level=0.0)
    spots = {"water": Spot(position=(0.0, 0.0, 0.0), half=(80.0, 40.0))}
    water = _water(recipe.parameters, set, "sea", 0.0)
    return Land(recipe=recipe, set=set, seed=seed, ground=ground, water=water, spots=spots)


def _water(p, set: Set, form: str, level: float) -> Water:
    """Calm inland, swell at sea; wind raises it; "crystal-clear" and "turquoise" let the bed show."""
    wind = set.weather.wind
    still = has(set, "calm", "still", "mirror", "glassy")
    rough = has(set, "stormy", "rough", "wild")
    height = float(p.get("waves", 0.3)) * (0.55 + 1.6 * wind) * (0.3 if still else 1.0) * (2.4 if rough else 1.0)
    clear = has(set, "clear", "turquoise", "tropical")
    tropical = has(set, "turquoise", "tropical") or bool(p.get("tropical"))
    return Water(
        level=level, wave_height=height, wave_length=float(p.get("wave_length", 9.0)) * (1 + 0.6 * rough),
        clarity=float(p.get("clarity", 3.0)) * (3.0 if clear else 1.0),
        deep=(0.004, 0.055, 0.085) if tropical else rgb(p.get("deep", (0.006, 0.03, 0.045))),
        shallow=(0.07, 0.36, 0.33) if tropical else rgb(p.get("shallow", (0.05, 0.16, 0.14))),
        foam=float(p.get("foam", 0.5)) * (1.6 if rough else 1.0), extent=float(p.get("extent", 4000.0)),
        wave_direction=(0.35, 1.0) if form == "sea" else (1.0, 0.3), shore=form != "open",
        flow=((-1.3, 0.0) if "flows uphill" in set.features else (1.3, 0.0)) if form == "river" else (0.0, 0.0),
    )  # fmt: skip


def _sea_bed(n: Noise, x: np.ndarray, z: np.ndarray, p) -> np.ndarray:
    """Sand that falls to the sea, dunes behind, and `capes` (middle, half widths, height) across the water."""
    res = spacing_at(x, z)
    line = 5.0 * n.at(x / 70.0, np.full_like(x, 0.4)) * smoothstep(12, 90, np.abs(x)) + 0.00025 * x * np.abs(x)
    s = z - line
    beach = 0.07 * np.minimum(s, 24.0) - 0.9 * smoothstep(-6, -60, s) - 9.0 * smoothstep(-40, -400, s)
    dunes = n.fbm(x, z, wavelength=24, octaves=3, shape="billow", resolution=res)
    back = 3.4 * (0.25 + dunes) * smoothstep(18, 52, s) + 22.0 * smoothstep(90, 600, s) * (
        0.6 + n.fbm(x, z, wavelength=300, octaves=3, resolution=res)
    )
    bumps = 0.035 * n.fbm(x, z, wavelength=3.2, octaves=3, resolution=res) + 0.08 * n.at(x / 13, z / 13)
    capes = sum(_cape(n, x, z, res, *cape) for cape in p.get("capes", ()))
    woods = 7.0 * woods_at(n, x, z, share=float(p.get("woods", 0.0)), inner=200.0)
    return beach + back + bumps * smoothstep(-8, 0, s) + capes + woods * smoothstep(2, 14, capes + back)


_CAPE_ENDS = 1.8
"""In half widths from its middle, where a cape is no more than sea bed, however its edge is worn: nothing is worked out."""


def _cape(
    n: Noise, x: np.ndarray, z: np.ndarray, res: np.ndarray, middle: Sequence[float], half: Sequence[float], tall: float
) -> np.ndarray:
    """Land that juts out: a cliff over the water, worn ridges on top that rise towards the middle. All in metres."""
    u, v = (x - middle[0]) / half[0], (z - middle[1]) / half[1]
    size, out = min(half), np.hypot(u, v)
    if np.min(out, initial=np.inf) > _CAPE_ENDS:
        return np.zeros_like(out)
    away = out + 0.22 * n.fbm(x, z, wavelength=0.7 * size, octaves=5, resolution=res)
    crests = n.eroded(x + 700, z, wavelength=1.1 * size, octaves=5, resolution=res)
    cliff = smoothstep(1.0, 0.9, away)
    return tall * cliff * (0.22 + smoothstep(0.95, 0.1, away) * (0.35 + 0.75 * crests)) + 8.0 * smoothstep(
        1.08, 1.0, away
    )


def _lake_bed(n: Noise, x: np.ndarray, z: np.ndarray, p) -> np.ndarray:
    """A grassy bank, a lake a few hundred metres wide, wooded hills and peaks behind it."""
    res = spacing_at(x, z)
    edge = float(p.get("edge", 7.0))
    wobble = 9.0 * n.fbm(x, z, wavelength=55, octaves=4, resolution=res) * smoothstep(6, 60, np.hypot(x, z))
    side = 210.0 + 60.0 * n.at(z / 130.0, np.full_like(z, 0.3))
    far = float(p.get("far", 330.0))
    centre = -edge - far / 2
    out = np.maximum(np.abs(z - centre) - far / 2, (np.abs(x) - side) * 0.8) + wobble * np.where(
        z > -edge * 3, 0.35, 1.0
    )
    bank = np.where(out > 0, 0.09 * np.minimum(out, 30.0), np.maximum(0.16 * out, -8.0))
    slope = (
        float(p.get("hills", 60.0))
        * smoothstep(20, 420, out)
        * (0.75 + 0.7 * n.fbm(x, z, wavelength=330, octaves=4, gain=0.45, resolution=res))
    )
    peaks = (massif(n, x, z, floor=-60.0, scale=float(p.get("peaks", 1.0)), res=res) + 60.0) * smoothstep(
        350, 1500, out
    )
    woods = (
        9.0
        * woods_at(n, x, z, share=float(p.get("woods", 0.5)), inner=float(p.get("woods_from", 120.0)))
        * smoothstep(8, 40, out)
    )
    bumps = 0.05 * n.fbm(x, z, wavelength=3.0, octaves=3, resolution=res)
    return bank + slope + peaks + woods + bumps


def _river_bed(n: Noise, x: np.ndarray, z: np.ndarray, p) -> np.ndarray:
    """A river from left to right beyond the mark that winds away into the distance at the far left."""
    res = spacing_at(x, z)
    width, edge = float(p.get("width", 15.0)), float(p.get("edge", 6.0))
    middle = -edge - width / 2 + 7.0 * n.at(x / 65.0, np.full_like(x, 0.7)) * smoothstep(10, 60, np.abs(x))
    middle = middle - 0.0035 * np.maximum(-x - 25, 0) ** 1.75 - 0.002 * np.maximum(x - 45, 0) ** 1.7
    steep = np.hypot(1.0, 0.006 * np.maximum(-x - 25, 0) ** 0.75)
    out = np.abs(z - middle) / steep - width / 2 + 1.2 * n.fbm(x, z, wavelength=14, octaves=3, resolution=res)
    bank = np.where(
        out > 0, 0.9 * smoothstep(0.0, 5.0, out) + 0.02 * np.minimum(out, 60), -1.4 * smoothstep(0, -5, out)
    )
    land = hills_beyond(n, x, z, p, res) * smoothstep(12, 120, out)
    stones = 0.06 * n.fbm(x, z, wavelength=2.6, octaves=3, resolution=res)
    return bank + land + stones


def hills_beyond(n: Noise, x: np.ndarray, z: np.ndarray, p, res: np.ndarray) -> np.ndarray:
    """Rolling wooded land behind a bank."""
    r = np.hypot(x, z)
    rise = (
        float(p.get("hills", 45.0))
        * smoothstep(60, 700, r)
        * (0.6 + 0.8 * n.fbm(x, z, wavelength=360, octaves=4, gain=0.45, resolution=res))
    )
    woods = 9.0 * woods_at(n, x, z, share=float(p.get("woods", 0.5)), inner=float(p.get("woods_from", 100.0)))
    return rise + woods + 1.2 * n.fbm(x, z, wavelength=40, octaves=3, resolution=res) * smoothstep(8, 40, r)
