"""Mountains: a crest to climb between two drops, a valley under snowy peaks, and ranges seen from the air."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe
from vitascope.world.land import Corridor, Furnishing, Land, Spot
from vitascope.world.material import Material, rgb
from vitascope.world.noise import Noise, noise, smoothstep
from vitascope.world.places.growth import growing_of
from vitascope.world.places.landscape import (
    Cover,
    Terrain,
    has,
    landscape,
    mottled,
    open_land,
    placed,
    snow_mask,
    spacing_at,
)
from vitascope.world.places.massif import massif
from vitascope.world.terrain import Patch

__all__ = ["furnish", "lay"]

_SNOW = (0.84, 0.88, 0.94)
_FINEST = 0.07
"""Metres between samples of a crest beside the mark."""
_FAR = 260.0
"""Metres beyond which the ground takes materials whose structure is large enough to be seen from afar."""


def lay(recipe: PlaceRecipe, set: Set, *, seed: int) -> Land:
    """A ridge or a valley by the recipe's `form`. Parameters: rise, peaks, rolls [m], snow 0..1, snow_line [m], rock, grass."""
    p = recipe.parameters
    n = noise(seed)
    ridge = p.get("form", "valley") == "ridge"
    shape = _crest if ridge else _valley

    def raw(x: np.ndarray, z: np.ndarray) -> np.ndarray:
        return shape(n, x, z, p)

    height = placed(raw)
    snow = float(p.get("snow", 0.5))
    if has(set, "snow") or set.season == "winter":
        snow = max(snow, 0.75)
    terrain = Terrain(
        height=height, noise=n, cover=lambda patch: _cover(patch, n, recipe, snow), materials=_materials(recipe, snow),
        reach=float(p.get("reach", 6500.0)), vertices=int(p.get("vertices", 31000)), far=0.028,
        finest=_FINEST if ridge else 0.28,
        free=None if ridge else lambda x, z: _growable(height, x, z, float(p.get("tree_line", 90.0))),
        growing=growing_of(recipe, set, snowy=snow > 0.7),
    )  # fmt: skip
    snowy_ground = snow > 0.7

    def surface(x: float, z: float) -> str:
        if ridge:
            return "snow" if snowy_ground and abs(n.at(np.array([x / 3]), np.array([z / 3]))[0]) < 0.3 else "rock"
        return "snow" if snowy_ground else recipe.surface

    return open_land(
        recipe, set, seed, terrain, surface=surface, sea_of_clouds=p.get("sea_of_clouds"),
        spots={"crest": Spot(position=(0.0, 0.0, 0.0), half=(12.0, 0.8))} if ridge else {},
    )  # fmt: skip


def furnish(land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0) -> Furnishing:
    """The rock, the snow, stones and trees below the tree line."""
    return landscape(land, clear=clear, cameras=cameras)


def _crest(n: Noise, x: np.ndarray, z: np.ndarray, p: dict) -> np.ndarray:
    """A crest along x through the origin that rises to the right, with buttresses and gullies down both flanks."""
    res = spacing_at(x, z, start=9.0, finest=_FINEST)
    far = np.abs(x)
    line = 16.0 * n.at(x / 95.0 + 0.37, np.full_like(x, 0.5)) * smoothstep(4, 55, far)
    line = line + 0.9 * n.at(x / 7.0, np.full_like(x, 3.3)) * smoothstep(2, 14, far)
    w = z - line
    s = np.abs(w)
    rise = float(p.get("rise", 0.27))
    along = rise * 75.0 * np.tanh(x / 75.0) + 34.0 * np.exp(-(((x - 175.0) / 60.0) ** 2)) - 0.02 * far
    along = along - 46.0 * smoothstep(-60.0, -320.0, x)
    teeth = n.fbm(x, 0.35 * z, wavelength=17.0, octaves=4, shape="ridged") - 0.55
    along = along + teeth * 3.6 * smoothstep(9.0, 34.0, far) * np.exp(-s / 9.0)
    steep = np.where(w > 0, np.float32(p.get("front", 0.78)), np.float32(p.get("back", 1.15)))
    drop = steep * (np.sqrt(s * s + 1.9) - np.sqrt(np.float32(1.9)))
    drop = 430.0 * (1 - np.exp(-drop / 430.0))
    bend = 4.0 * n.at(x / 23.0, z / 23.0)
    ribs = (
        n.eroded(x + bend, 0.62 * z - bend, wavelength=64.0, octaves=7, strength=0.9, resolution=res, edge=0.12) - 1.0
    )
    crags = n.fbm(x + 60, z, wavelength=9.0, octaves=5, shape="ridged", resolution=res) - 0.6
    flank = smoothstep(0.7, 9.0, s)
    height = along - drop + ribs * np.minimum(0.5 * s, 46.0) * flank + crags * 2.3 * smoothstep(1.2, 12.0, s)
    height = _broken(n, x, z, height, 0.12 + 0.88 * smoothstep(0.25, 1.1, s + 0.03 * far), res)
    wide = spacing_at(x, z)
    ranges = massif(n, x, z, floor=-330.0, scale=float(p.get("peaks", 1.0)), res=wide)
    gap = height - ranges
    return ranges + 0.5 * (gap + np.sqrt(gap * gap + 900.0))


def _broken(
    n: Noise, x: np.ndarray, z: np.ndarray, height: np.ndarray, amount: np.ndarray, res: np.ndarray
) -> np.ndarray:
    """Rock that breaks along tilted beds into risers and treads of 0.25 to 2 m, and along joints into blocks."""
    for step, share, spin in ((2.1, 0.62, 0.0), (0.7, 0.62, 40.0), (0.26, 0.5, 90.0)):
        seen = smoothstep(1.0, 3.2, 2.2 * step / np.maximum(res, 0.01))
        bed = height + 0.17 * x + 0.8 * step * n.fbm(
            x + spin, z - spin, wavelength=5.0 * step, octaves=3, resolution=res
        )  # fmt: skip
        t = bed / step
        fraction = t - np.floor(t)
        tread = smoothstep(0.42, 0.92, fraction) - fraction
        height = height + tread * step * share * amount * seen
    for size, lift in ((1.7, 0.34), (0.62, 0.19)):
        _, edge, name = _blocks(n, x, z, size)
        seen = smoothstep(1.5, 4.0, size / np.maximum(res, 0.01))
        height = height + lift * (name - 0.85 - 0.35 * smoothstep(0.09, 0.0, edge)) * amount * seen
    grit = n.fbm(x - 33, z + 12, wavelength=1.3, octaves=4, resolution=res)
    return height + grit * (0.03 + 0.06 * amount)


def _blocks(n: Noise, x: np.ndarray, z: np.ndarray, size: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Joints that part rock into blocks about `size` metres long, lying along the crest: distance from the middle, from
    the joint (in sizes), and the block's own number 0..1."""
    bend = 0.25 * n.fbm(x, z, wavelength=2.5 * size, octaves=2)
    near, second, name = n.cells(x / (1.5 * size) + bend, (z + 0.4 * x) / (0.8 * size) - bend)
    return near, second - near, name


def _valley(n: Noise, x: np.ndarray, z: np.ndarray, p: dict) -> np.ndarray:
    """A valley floor or saddle at the mark, with slopes on both sides and a massif at its head and all round."""
    res = spacing_at(x, z)
    r = np.hypot(x, z)
    axis = 60.0 * n.at(z / 330.0, np.full_like(z, 0.5)) * smoothstep(30, 300, np.abs(z))
    side = np.abs(x - axis)
    floor = float(p.get("floor", 70.0))
    walls = smoothstep(floor, floor + 800.0, side) * 0.9 + smoothstep(380.0, 1400.0, r) * 0.85
    ranges = massif(n, x, z, floor=-60.0, scale=float(p.get("peaks", 1.4)), res=res) + 60.0
    bank = float(p.get("bank", 0.26)) * np.maximum(side - floor, 0) * np.exp(-side / 500.0)
    rolls = float(p.get("rolls", 5.0)) * n.fbm(x, z, wavelength=85.0, octaves=3, resolution=res)
    rolls = rolls * smoothstep(8.0, 90.0, r)
    bumps = n.fbm(x + 9, z, wavelength=7.0, octaves=4, resolution=res) * (0.1 + 0.25 * smoothstep(3, 25, r))
    knolls = n.fbm(x - 70, z + 50, wavelength=26.0, octaves=4, shape="billow", resolution=res)
    return ranges * np.minimum(walls, 1.0) + bank + rolls + bumps + 1.2 * knolls * smoothstep(9, 40, r)


def _cover(patch: Patch, n: Noise, recipe: PlaceRecipe, snow: float) -> Cover:
    p = recipe.parameters
    distant = patch.distance > _FAR * (1 + 0.25 * n.at(patch.x / 90.0, patch.z / 90.0))
    if p.get("form") == "ridge":
        cover = _crest_cover(patch, n, snow)
    elif "grass" in p and snow <= 0.7:
        return _green_cover(patch, n, p, snow, distant)
    else:
        line, soft = float(p.get("snow_line", -1e9)), float(p.get("snow_soft", 60.0))
        lies = snow_mask(patch, n, amount=snow, line=line, soft=soft)
        lies = np.where(patch.distance > 120.0, alpine_snow(patch, n, 0.72 * snow), lies)
        cover = Cover(colours=_under_snow(_bedded(patch, n), lies), mask=lies, material=(lies > 0.6).astype(np.uint8))
    return Cover(colours=cover.colours, mask=cover.mask, material=(cover.material + 2 * distant).astype(np.uint8))


def _crest_cover(patch: Patch, n: Noise, snow: float) -> Cover:
    """Blocks of warm and cool rock with dark joints, snow packed on treads and in hollows; white ranges behind."""
    x, z = patch.x, patch.z
    colours = _bedded(patch, n)
    near = smoothstep(60.0, 12.0, patch.distance)[..., None]
    for size, strength in ((1.7, 0.5), (0.62, 0.42)):
        _, edge, name = _blocks(n, x, z, size)
        shift = strength * (name - 0.5)[..., None] * np.array([1.15, 0.95, 0.72])
        colours = colours * (1 + near * (shift - 0.62 * smoothstep(0.14, 0.0, edge)[..., None]))
    amount = snow * (0.3 + 1.05 * smoothstep(18.0, 160.0, patch.distance))
    cap = snow_mask(patch, n, amount=amount)
    drift = n.fbm(x + 0.3 * z, 2.0 * z, wavelength=2.4, octaves=3)
    packed = 1.5 * drift + 1.1 * patch.hollow + 1.3 * (snow - 0.5) - 1.5 * (patch.slope - 0.55)
    lies = np.where(patch.distance < 40.0, np.clip(0.5 + packed, 0, 1), cap)
    lies = np.where(patch.distance > 200.0, alpine_snow(patch, n, snow), lies)
    return Cover(colours=_under_snow(colours, lies), mask=lies, material=(lies > 0.6).astype(np.uint8))


def alpine_snow(patch: Patch, n: Noise, snow: float) -> np.ndarray:
    """(R, S) 0..1, snow of great mountains: in couloirs and on shoulders, more with height, off the steep ribs."""
    waver = n.fbm(
        patch.x, 0.6 * patch.y + patch.z, wavelength=130.0, octaves=4, resolution=spacing_at(patch.x, patch.z)
    )
    lean = patch.slope - 1.1 * patch.hollow + 0.55 * waver - 0.0011 * np.clip(patch.y, -200.0, 500.0)
    return smoothstep(1.1 + 0.95 * snow, 0.65 + 0.95 * snow, lean)


def _bedded(patch: Patch, n: Noise) -> np.ndarray:
    """(R, S, 3) rock: mottled, banded along its beds where it is steep, darker in hollows."""
    res = spacing_at(patch.x, patch.z) * 0.6
    colours = mottled(patch, n, strength=0.15, hue=0.045)
    tilt = 0.17 * patch.x + 0.05 * patch.z
    strata = n.fbm((patch.y + tilt) / 1.0, 0.02 * patch.x, wavelength=7.5, octaves=4, resolution=0.5 * res)
    bare = smoothstep(0.35, 0.7, patch.slope)
    colours = colours * (1 + 0.26 * strata * bare)[..., None]
    return colours * (1 - 0.3 * np.clip(patch.hollow, 0, 1) + 0.14 * np.clip(-patch.hollow, 0, 1))[..., None]


def _green_cover(patch: Patch, n: Noise, p: dict, snow: float, distant: np.ndarray) -> Cover:
    """Alps below, dark woods up to the tree line, bands of rock, and snow above its own line."""
    res = spacing_at(patch.x, patch.z) * 0.6
    colours = _bedded(patch, n)
    line, soft = float(p.get("snow_line", 200.0)), float(p.get("snow_soft", 60.0))
    waver = n.fbm(patch.x - 900, patch.z, wavelength=260.0, octaves=4, resolution=res)
    cap = alpine_snow(patch, n, snow) * smoothstep(line - soft, line + soft, patch.y + 1.6 * soft * waver)
    ragged = n.fbm(patch.x, patch.z + 70, wavelength=19, octaves=4, resolution=res) + 0.5 * waver
    woods = _woods(patch, n, smoothstep(1.35, 0.9, patch.slope + 0.25 * ragged), float(p.get("tree_line", 90.0)))
    top = float(p.get("grass_line", 240.0))
    grassy = smoothstep(0.95, 0.55, patch.slope + 0.25 * ragged) * smoothstep(top, 0.5 * top, patch.y + 50.0 * waver)
    grassy = np.maximum(grassy, woods)
    tint = np.where((cap > 0.5)[..., None], np.array(_SNOW) / np.array(p["rock"]), 1.0)
    blend = smoothstep(0.35, 0.65, cap)[..., None] * (1 - smoothstep(0.4, 0.6, grassy))[..., None]
    colours = colours * (1 + (tint - 1) * blend) * (1 - 0.56 * woods[..., None] * np.array([1.0, 0.8, 0.82]))
    closed = (grassy > 0.6).astype(np.uint8)
    far = np.where(closed == 0, 2, np.where(woods > 0.5, 3, 4))
    return Cover(colours=colours, mask=np.clip(grassy, 0, 1), material=np.where(distant, far, closed).astype(np.uint8))


def _woods(patch: Patch, n: Noise, grassy: np.ndarray, line: float) -> np.ndarray:
    """(R, S) 0..1, how dark distant forest lies on the lower slopes."""
    stand = n.fbm(patch.x + 50, patch.z, wavelength=180, octaves=4, resolution=spacing_at(patch.x, patch.z) * 0.6)
    low = smoothstep(line * 1.6, line * 0.7, patch.y + 60 * stand)
    return grassy * low * smoothstep(150, 420, patch.distance) * smoothstep(-0.35, 0.1, stand + 0.4 * patch.slope)


def _under_snow(colours: np.ndarray, cap: np.ndarray) -> np.ndarray:
    """Variation fades where snow lies, which is nearly even in colour."""
    calm = 0.75 * smoothstep(0.4, 0.7, cap)[..., None]
    return colours * (1 - calm) + calm


def _materials(recipe: PlaceRecipe, snow: float) -> tuple[Material, ...]:
    """Rock under grass or snow, the same where the cover is closed, and both again as they look from afar."""
    p = recipe.parameters
    grassy = "grass" in p and snow <= 0.7
    top = rgb(p["grass"]) if grassy else _SNOW
    rock = Material(
        base=rgb(p.get("rock", (0.17, 0.155, 0.14))), surface="rock", roughness=0.88, pattern="layer", pattern_colour=top,
        pattern_scale=0.35, detail=1.5, detail_scale=0.6,
    )  # fmt: skip
    closed = replace(rock, surface="grass" if grassy else "snow", detail=1.0, detail_scale=1.0)
    crag = replace(rock, surface="soil", pattern_scale=26.0, detail_scale=38.0, detail=1.1)
    slopes = replace(
        closed, surface="foliage" if grassy else "snow", pattern_scale=24.0, detail_scale=14.0 if grassy else 45.0
    )
    return rock, closed, crag, slopes, replace(closed, pattern_scale=24.0, detail_scale=16.0)


def _growable(height, x: np.ndarray, z: np.ndarray, line: float) -> np.ndarray:
    here = height(x, z)
    slope = np.hypot(height(x + 1, z) - here, height(x, z + 1) - here)
    return smoothstep(0.9, 0.55, slope) * smoothstep(line * 1.5, line * 0.8, here)
