"""Covers of open ground: grass over soil, sand, snow, with parcels, distant woods and wet shores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from vitascope.film import Set
from vitascope.world.material import Material, rgb
from vitascope.world.noise import Noise, smoothstep
from vitascope.world.places.landscape import Cover, has, mottled, spacing_at
from vitascope.world.terrain import Patch

__all__ = ["ground_cover", "ground_material", "ground_materials", "season_tint", "woods_at"]

_SEASON = {
    "spring": (0.9, 1.08, 0.85),
    "summer": (1.0, 1.0, 1.0),
    "autumn": (1.35, 0.95, 0.75),
    "winter": (1.35, 0.98, 1.0),
}
_SNOW = (0.82, 0.86, 0.92)
_ROCK = (0.16, 0.15, 0.14)


def season_tint(set: Set) -> np.ndarray:
    """(3,) multiplier of grass for the season of the set."""
    return np.array(_SEASON[set.season])


def ground_material(p: Mapping[str, Any], set: Set) -> Material:
    """The ground's material. Parameters: soil, grass (linear RGB), surface; without "grass" the soil lies bare.

    The surface names the micro-structure of what is seen most.
    """
    snowy = has(set, "snow")
    soil = rgb(p.get("soil", (0.13, 0.095, 0.06)))
    if snowy:
        return Material(
            base=soil, surface="snow", roughness=0.75, pattern="layer", pattern_colour=_SNOW, pattern_scale=0.6
        )
    if "grass" not in p:
        return Material(base=soil, surface=str(p.get("micro", "sand")), roughness=float(p.get("roughness", 0.95)))
    r, g, b = (float(c) for c in np.array(p["grass"]) * season_tint(set))
    return Material(
        base=soil, surface=str(p.get("micro", "grass")), roughness=0.95, pattern="layer", pattern_colour=(r, g, b),
        pattern_scale=0.5, translucency=0.1,
    )  # fmt: skip


def ground_materials(p: Mapping[str, Any], set: Set) -> tuple[Material, Material, Material]:
    """The ground near by; distant woods on it, the same colours with crowns about 6 m wide; and far slopes of bare rock."""
    near = ground_material(p, set)
    heights = replace(near, base=_ROCK, surface="soil", pattern_scale=26.0, detail_scale=38.0)
    return near, replace(near, surface="foliage", detail=0.6, detail_scale=8.0, pattern_scale=9.0), heights


def woods_at(n: Noise, x: np.ndarray, z: np.ndarray, *, share: float, inner: float) -> np.ndarray:
    """0..1, where distant woods stand: groups of 150 m and more, not within `inner` metres of the mark."""
    if share <= 0:
        return np.zeros(np.shape(x), np.float32)
    r = np.hypot(x, z)
    groups = n.fbm(x + 5000, z - 900, wavelength=240, octaves=4, resolution=spacing_at(x, z, start=120) * 0.4)
    edge = 0.62 * (1 - 2 * share)
    return smoothstep(edge - 0.14, edge + 0.14, groups) * smoothstep(inner, inner * 1.5, r)


def ground_cover(
    patch: Patch,
    n: Noise,
    p: Mapping[str, Any],
    set: Set,
    *,
    water: float | None = None,
    track: np.ndarray | None = None,
) -> Cover:
    """Grass, bare patches, wet shores and distant woods. `track` (R, S) 0..1 is trodden or tilled ground.

    Parameters: bare (share of bare soil), grass_from (height [m] where grass begins), dry (colour that grass takes in
    places), woods (share), parcels (size [m]), bed (brightness of the ground under water).
    """
    x, z, res = patch.x, patch.z, spacing_at(patch.x, patch.z) * 0.6
    colours = mottled(patch, n, strength=float(p.get("mottle", 0.1)), hue=0.05)
    colours = colours * (1 - 0.16 * np.clip(patch.hollow, 0, 1) + 0.08 * np.clip(-patch.hollow, 0, 1))[..., None]
    worn = n.fbm(x - 40, z + 15, wavelength=11, octaves=4, resolution=res)
    bare = float(p.get("bare", 0.1))
    mask = np.clip(0.62 + 0.9 * (0.5 - 1.6 * bare) + 0.85 * worn, 0.12, 1.0)
    lean = patch.slope * (1 - 0.55 * smoothstep(60.0, 180.0, patch.distance)) + 0.15 * worn
    mask = mask * smoothstep(float(p.get("steep", 0.9)) + 0.2, float(p.get("steep", 0.9)) - 0.15, lean)
    if "grass_from" in p:
        mask = mask * smoothstep(float(p["grass_from"]), 2.2 * float(p["grass_from"]), patch.y + 3.0 * worn)
        colours = colours * (1 - 0.6 * smoothstep(0.6, 1.0, patch.slope) * smoothstep(1.5, 5, patch.y))[..., None]
    stone, lying = _alps(patch, n, p) if "alps" in p else (np.zeros_like(mask), mask)
    if track is not None:
        mask = mask * (1 - track)
    if "dry" in p and "grass" in p and not has(set, "snow"):
        ratio = np.array(p["dry"]) / np.array(p["grass"])
        sere = smoothstep(-0.25, 0.45, n.fbm(x + 800, z, wavelength=33, octaves=4, resolution=res))
        colours = colours * (1 + (ratio - 1) * (0.8 * sere * smoothstep(0.3, 0.6, mask))[..., None])
    if float(p.get("parcels", 0)) > 0:
        colours = colours * _parcels(n, x, z, patch.distance, float(p["parcels"]))
    woods = woods_at(n, x, z, share=float(p.get("woods", 0.0)), inner=float(p.get("woods_from", 190.0)))
    if "alps" in p:
        woods = (
            woods * smoothstep(0.3, 0.6, mask) * smoothstep(1.15 * float(p["alps"]), 0.85 * float(p["alps"]), patch.y)
        )
    crowns = 0.45 * n.at(x / 9, z / 9) * smoothstep(12, 5, res) + 0.5 * n.at(x / 24, z / 24) * smoothstep(30, 12, res)
    crowns = 0.85 + crowns + 0.4 * n.fbm(x, z, wavelength=75, octaves=2)
    leaf = np.array((0.44, 0.52, 0.5)) * np.clip(crowns, 0.35, 1.6)[..., None]
    colours = colours * (1 + (leaf - 1) * woods[..., None])
    if water is not None:
        over = patch.y - water
        wet = smoothstep(0.4, 0.1, over + 0.1 * worn)
        mask = mask * smoothstep(0.15, 0.55, over + 0.2 * worn)
        colours = colours * (1 - 0.5 * wet + (float(p.get("bed", 0.5)) - 0.5) * smoothstep(-0.1, -0.5, over))[..., None]
        if p.get("surf"):
            lace = 0.05 * n.fbm(x, z, wavelength=1.6, octaves=3, resolution=res) + 0.06 * n.at(x / 4.0, z / 4.0)
            foam = np.exp(-(((over - 0.2 + lace) / 0.022) ** 2)) * (patch.distance < 70.0)
            colours = colours * (1 + 1.5 * foam)[..., None]
    if has(set, "snow"):
        mask = np.clip(1.1 - 0.25 * bare + 0.15 * worn - 0.5 * patch.slope, 0, 1)
        colours = 1 + (colours - 1) * 0.25
    elif set.season == "winter":
        mask = mask * 0.85
    distant = (woods > 0.5) & (patch.distance > 60.0) & (not has(set, "snow"))
    mask = np.where(distant, np.maximum(mask, 0.9), mask)
    material = np.where((stone > 0.04) & ~distant, 2, distant).astype(np.uint8)
    mask = mask * (1 - smoothstep(0.3, 0.7, stone))
    white = smoothstep(0.35, 0.6, lying * smoothstep(0.3, 0.7, stone))[..., None]
    colours = colours * (1 + (np.array(_SNOW) / np.array(_ROCK) - 1) * white)
    return Cover(colours=colours, mask=np.clip(mask, 0, 1), material=material)


def _alps(patch: Patch, n: Noise, p: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """0..1 bare rock above the height `alps` [m] and on steep far slopes, and 0..1 snow high on its flats."""
    res = spacing_at(patch.x, patch.z) * 0.6
    waver = n.fbm(patch.x - 900, patch.z, wavelength=260.0, octaves=5, resolution=res)
    line = float(p["alps"])
    lean = patch.slope - 0.9 * patch.hollow + 0.4 * waver
    stone = np.maximum(smoothstep(line, 1.5 * line, patch.y + 0.6 * line * waver), smoothstep(0.85, 1.15, lean))
    snow = smoothstep(1.2 * line, 1.9 * line, patch.y + 0.5 * line * waver) * smoothstep(1.65, 1.15, lean)
    return stone * smoothstep(180.0, 320.0, patch.distance), snow


def _parcels(n: Noise, x: np.ndarray, z: np.ndarray, distance: np.ndarray, size: float) -> np.ndarray:
    """(R, S, 3) tints of fields of different crops, from 60 m outwards, with dark hedges between."""
    bend = 0.12 * size * n.fbm(x, z, wavelength=size * 2, octaves=2)
    near, second, name = n.cells((x + bend) / size, (z - bend) / (0.7 * size))
    hue = np.stack(
        [
            0.75 + 0.9 * np.abs(np.sin(name * 37)),
            0.85 + 0.35 * np.abs(np.sin(name * 91)),
            0.8 + 0.5 * np.abs(np.sin(name * 53)),
        ],
        -1,
    )
    hedge = smoothstep(0.05, 0.02, second - near) * 0.55
    amount = smoothstep(50, 140, distance)[..., None]
    return 1 + amount * (hue * (1 - hedge)[..., None] - 1)
