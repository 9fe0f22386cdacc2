"""Trees with a crown of leaves, bare trees and bushes: trunk, boughs, lumps of foliage and single leaves that break its edge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from vitascope.world.flora.grown import Detail, Grown
from vitascope.world.flora.limbs import bent, leaves, lumps, stem
from vitascope.world.material import Material, rgb
from vitascope.world.mesh import Mesh, joined
from vitascope.world.noise import smoothstep

__all__ = ["build"]

_BUDGET = {"near": (14, 1, 225), "mid": (8, 0, 33), "far": (1, 0, 0)}
"""Lumps, their level of detail, and single leaves at each distance."""
_AUTUMN = {
    "gold": (0.62, 0.33, 0.03),
    "orange": (0.58, 0.19, 0.02),
    "red": (0.42, 0.06, 0.02),
    "brown": (0.30, 0.15, 0.05),
}


def build(p: dict[str, Any], *, seed: int, detail: Detail, season: str, snowy: bool) -> Grown:
    """Parameters: height, crown (half width), base (share of the height), leaf, bark, trunk (radius), evergreen, autumn."""
    rng = np.random.default_rng([seed, 31])
    height, width = float(p.get("height", 9.0)), float(p.get("crown", 3.2))
    low = float(p.get("base", 0.3)) * height
    radius = float(p.get("trunk", 0.035 * height))
    bush = p["form"] == "bush"
    naked = p["form"] == "bare" or (season == "winter" and not p.get("evergreen", False))
    count = {"near": 8, "mid": 5, "far": 1}[detail] if naked else _BUDGET[detail][0]
    centres, radii = _clusters(rng, p, height, width, low, count)
    parts = (
        []
        if bush and not naked
        else [_trunk(rng, height, low, radius, centres, detail, umbrella=p["form"] == "umbrella")]
    )
    if naked:
        parts += _twigs(rng, centres, radii, low, radius, detail)
    else:
        parts.append(_foliage(rng, p, centres, radii, height, low, width, detail))
    mesh = joined(parts)
    if snowy:
        mesh = _snowed(mesh)
    return Grown(
        mesh=mesh, materials=_materials(p, season, snowy), height=height, radius=width * 0.8 if bush else radius * 2.0
    )


def _materials(p: dict[str, Any], season: str, snowy: bool) -> tuple[Material, ...]:
    leaf = np.array(p.get("leaf", (0.075, 0.16, 0.035)), float)
    if not p.get("evergreen", False):
        if season == "spring" and not p.get("blossom"):
            leaf = leaf * np.array([1.35, 1.35, 1.0])
        if season == "autumn":
            leaf = np.array(_AUTUMN[p.get("autumn", "gold")])
    if p.get("blossom") and season in ("spring", "summer"):
        leaf = np.array(p["blossom"], float)
    snow = {"pattern": "layer", "pattern_colour": (0.84, 0.88, 0.94), "pattern_scale": 0.3} if snowy else {}
    bark = rgb(p.get("bark", (0.11, 0.085, 0.06)))
    birch = {"pattern": "bands", "pattern_colour": (0.05, 0.045, 0.04), "pattern_scale": 0.5, "pattern_amount": 0.55}
    trunk = Material(base=bark, surface="bark", roughness=0.9, **(snow or (birch if p.get("banded") else {})))
    r, g, b = (float(c) for c in leaf)
    crown = Material(base=(r, g, b), surface="foliage", roughness=0.75, translucency=0.5, colour_role="primary", **snow)
    return trunk, crown


def _clusters(rng, p, height, width, low, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Centres and radii of the lumps: a golden spiral on the crown's ellipsoid, and one in its heart."""
    middle, half = (height + low) / 2, (height - low) / 2
    if count == 1:
        return np.array([[0.0, middle, 0.0]]), np.array([width])
    k = np.arange(count - 1)
    if p["form"] == "umbrella":
        turn, out = 2.4 * k, np.sqrt((k + 0.6) / count)
        lift = 0.1 * half * rng.normal(size=len(k)) + half * (0.75 - 0.35 * out**2)
        around = np.stack([width * 0.78 * out * np.cos(turn), middle + lift, width * 0.78 * out * np.sin(turn)], -1)
        radii = width * rng.uniform(0.3, 0.4, len(k))
        return around, radii
    y = 1 - 2 * (k + 0.5) / (count - 1)
    y = y * 0.95 + 0.05
    out = np.sqrt(np.maximum(1 - y * y, 0))
    out = out * np.where(y < 0, 1.0, float(p.get("taper", 1.0)) + (1 - float(p.get("taper", 1.0))) * (1 - y))
    turn = 2.4 * k + rng.uniform(0, 6.28)
    around = np.stack([out * np.cos(turn), y, out * np.sin(turn)], -1)
    size = (0.7 if count > 12 else 0.66) + rng.normal(0, 0.1, len(k))
    around = around * size[:, None] * np.array([width, half, width]) + np.array([0, middle, 0])
    lump = min(width, half * 1.1) * (0.4 if count > 12 else 0.46) * min(max(half / width, 1.0) ** 0.6, 1.7)
    radii = lump * rng.uniform(0.62, 1.3, len(k))
    return np.vstack([around, [0, middle, 0]]), np.append(radii, (0.6 if count > 12 else 0.62) * min(width, half))


def _trunk(rng, height, low, radius, centres, detail, *, umbrella: bool) -> Mesh:
    """A flared trunk, and boughs that reach into the lumps."""
    sides, rings = {"near": (8, 7), "mid": (5, 4), "far": (3, 2)}[detail]
    top = np.array([*rng.normal(0, 0.02 * height, 2), 0.0])[[0, 2, 1]]
    top[1] = low * 1.15 if umbrella else low + 0.45 * (height - low)
    path = bent(np.zeros(3), top, rng, rings=rings, bow=0.018)
    path[0] = (0, -0.25 * min(1.0, height / 6), 0)
    taper = np.interp(np.linspace(0, 1, rings), [0, 0.04, 0.12, 0.3, 1], [1.65, 1.3, 1.1, 1.0, 0.5])
    limbs = [stem(path, radius * taper, segments=sides, sway=(0, 0.05))]
    if detail == "near":
        for centre in centres[-11:-1] if not umbrella else centres[:9]:
            share = 0.98 if umbrella else float(np.clip((centre[1] - low * 0.7) / (height - low), 0.35, 0.95))
            start = np.array([np.interp(share, np.linspace(0, 1, rings), path[:, k]) for k in range(3)])
            limb = bent(start, centre, rng, rings=4, bow=0.05, rise=0.06)
            limbs.append(stem(limb, radius * np.array([0.42, 0.32, 0.22, 0.1]), segments=5, sway=(0.05, 0.25)))
    return joined(limbs)


def _twigs(rng, centres, radii, low, radius, detail) -> list[Mesh]:
    """Winter boughs: forks and twigs where the lumps of foliage would be."""
    sides, forks, twigs = {"near": (4, 4, 3), "mid": (3, 3, 1), "far": (3, 6, 0)}[detail]
    parts = []
    for centre, reach in zip(centres, radii, strict=True):
        root = np.array([0.12 * centre[0], max(low * 0.9, centre[1] - 1.1 * reach), 0.12 * centre[2]])
        for _ in range(forks):
            aim = rng.normal(size=3) * np.array([1, 0.8, 1])
            end = centre + aim / np.linalg.norm(aim) * reach * np.array([1.1, 0.9, 1.1])
            start = root + (centre - root) * rng.uniform(0.2, 0.75)
            limb = bent(start, end, rng, rings=3 if detail == "near" else 2, bow=0.06, rise=0.08)
            parts.append(stem(limb, radius * np.linspace(0.2, 0.04, len(limb)), segments=sides, sway=(0.1, 0.5)))
            for _ in range(twigs):
                t = rng.uniform(0.4, 0.95)
                base = limb[0] * (1 - t) + limb[-1] * t
                tip = base + (end - start) * 0.2 + rng.normal(0, 0.28 * reach, 3) + np.array([0, 0.15 * reach, 0])
                parts.append(stem(np.array([base, tip]), radius * np.array([0.06, 0.015]), segments=3, sway=(0.4, 0.8)))
    return parts


def _foliage(rng, p, centres, radii, height, low, width, detail) -> Mesh:
    middle, half = np.array([0, (height + low) / 2, 0]), np.array([width, (height - low) / 2, width])
    if detail == "far":
        return _far_crown(rng, middle, half)
    level, cards = _BUDGET[detail][1:]
    flat = 0.55 if p["form"] == "umbrella" else 0.85
    core = 0.85
    points, outward, faces, owner = lumps(centres, radii * core, rng, level=level, flat=flat, rough=0.15)
    lit = 1.0 + 0.16 * np.clip(rng.normal(size=len(centres)), -1.6, 1.6)
    value = lit[owner] * rng.normal(1.0, 0.06, len(points)) * (0.8 + 0.26 * outward[:, 1])
    body = Mesh.of(
        points, faces, normals=_rounded(points, outward, middle, half, 0.55),
        colours=_leaf_colours(points, value, middle, half), occlusion=_shade(points, middle, half) * 0.8, material=1,
        sway=0.12 + 0.3 * np.clip((points[:, 1] - low) / (height - low), 0, 1),
    )  # fmt: skip
    if not cards:
        return body
    likely = 0.25 + np.clip(outward[:, 1] + 0.6, 0, 1)
    pick = rng.choice(len(points), cards, p=likely / likely.sum())
    base = points[pick] + (rng.normal(0, 0.11, (cards, 3)) + 0.1 * outward[pick]) * radii[owner[pick]][:, None]
    aim = 0.45 * outward[pick] + rng.normal(0, 0.6, (cards, 3)) + np.array([0, -0.5 if p.get("weeping") else 0.0, 0])
    aim /= np.linalg.norm(aim, axis=1, keepdims=True)
    across = np.cross(aim, rng.normal(size=(cards, 3)))
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    wide = min(1.3 * float(p.get("spray", 0.17)) * width, 0.95) * (1.35 if detail == "mid" else 1.0)
    size = wide * rng.uniform(0.55, 1.25, cards)[:, None]
    shade = lit[owner[pick]] * rng.normal(1.06, 0.2, cards)
    normals = _rounded(base, outward[pick], middle, half, 0.4)
    across *= np.sign((np.cross(across, aim) * normals).sum(1, keepdims=True))
    spray = leaves(
        base - aim * size * 0.5, aim * size, across * size * 0.36, normals=normals,
        colours=_leaf_colours(base, shade, middle, half), occlusion=_shade(base, middle, half), material=1,
        sway=0.2 + 0.4 * np.clip((base[:, 1] - low) / (height - low), 0, 1), waist=0.55,
    )  # fmt: skip
    return joined([body, spray])


def _far_crown(rng, middle, half) -> Mesh:
    """A crown of three lumps of a few faces each, for trees that are a few pixels tall."""
    turn = rng.uniform(0, 6.28) + np.array([0.0, 2.5, 4.6])
    out, up = np.array([0.36, 0.42, 0.16]), np.array([-0.24, -0.05, 0.32]) + rng.normal(0, 0.06, 3)
    size = np.array([0.7, 0.64, 0.68]) * rng.uniform(0.9, 1.12, 3)
    centres = np.stack([out * np.cos(turn), up, out * np.sin(turn)], -1)
    unit, outward, faces, owner = lumps(centres, size, rng, level=0, flat=0.95, rough=0.1)
    points = unit * half + middle
    value = (rng.normal(1.0, 0.11, 3)[owner]) * (0.7 + 0.4 * smoothstep(-0.8, 0.9, unit[:, 1]))
    return Mesh.of(
        points, faces, normals=_rounded(points, outward, middle, half, 0.5),
        colours=_leaf_colours(points, value, middle, half), occlusion=0.5 + 0.5 * smoothstep(-0.9, 0.6, unit[:, 1]),
        material=1, sway=0.25,
    )  # fmt: skip


def _rounded(points, outward, middle, half, own: float) -> np.ndarray:
    """Normals bent to the crown's ellipsoid, keeping a share `own` of the lump's."""
    bend = (points - middle) / half**2
    bend /= np.maximum(np.linalg.norm(bend, axis=1, keepdims=True), 1e-9)
    mixed = outward * own + bend * (1 - own) + np.array([0, 0.12, 0])
    return mixed / np.linalg.norm(mixed, axis=1, keepdims=True)


def _shade(points, middle, half) -> np.ndarray:
    deep = np.linalg.norm((points - middle) / half, axis=1)
    high = (points[:, 1] - middle[1]) / half[1]
    return np.clip((0.36 + 0.64 * smoothstep(0.4, 1.0, deep)) * (0.7 + 0.3 * smoothstep(-0.9, 0.6, high)), 0.2, 1.0)


def _leaf_colours(points, value, middle, half) -> np.ndarray:
    """Sunlit tops yellower, hearts darker and bluer."""
    high = smoothstep(-0.8, 1.0, (points[:, 1] - middle[1]) / half[1])
    warm = np.stack([0.74 + 0.42 * high, 0.8 + 0.3 * high, 0.9 - 0.08 * high], -1)
    return warm * value[:, None]


def _snowed(mesh: Mesh) -> Mesh:
    lies = np.clip(mesh.normals[:, 1] * 1.15 - 0.05, 0, 1) * np.where(mesh.material == 1, 0.95, 0.8)
    return replace(mesh, mask=lies.astype(np.float32))
