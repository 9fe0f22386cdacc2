"""Grass, reeds, ferns, rosettes and pot plants: bunches of blades."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from vitascope.world.flora.grown import Detail, Grown
from vitascope.world.flora.limbs import leaves, stem
from vitascope.world.material import Material, rgb
from vitascope.world.mesh import Mesh, joined
from vitascope.world.shape import lathe

__all__ = ["blades", "build"]

_SEASON = {"spring": (0.92, 1.12, 0.9), "summer": (1, 1, 1), "autumn": (1.35, 0.98, 0.8), "winter": (1.25, 0.92, 0.85)}


def build(p: dict[str, Any], *, seed: int, detail: Detail, season: str, snowy: bool) -> Grown:
    """Parameters: height, spread (half width), blades, width (of a blade), leaf, ear (colour of seed heads), pot."""
    rng = np.random.default_rng([seed, 34])
    height, spread = float(p.get("height", 0.3)), float(p.get("spread", 0.12))
    count = max(3, int(p.get("blades", 9) * {"near": 1.0, "mid": 0.6, "far": 0.35}[detail]))
    leaf = np.array(p.get("leaf", (0.10, 0.17, 0.035))) * np.array(
        _SEASON[season] if not p.get("evergreen") else (1, 1, 1)
    )
    green = Material(
        base=(float(leaf[0]), float(leaf[1]), float(leaf[2])), surface="leaf", roughness=0.7, translucency=0.45,
        colour_role="primary",
    )  # fmt: skip
    materials = [green, Material(base=rgb(p.get("ear", (0.30, 0.23, 0.10))), surface="straw", roughness=0.9)]
    form = p["form"]
    if form == "fern":
        parts = [_fern(rng, height, spread, count)]
    elif form in ("rosette", "potted"):
        parts = [
            _rosette(
                rng,
                height,
                spread,
                count,
                float(p.get("width", 0.3)),
                lifted=0.0 if form == "rosette" else 0.28 * height,
            )
        ]
    else:
        parts = [blades(rng, height, spread, count, float(p.get("width", 0.009)), bend=float(p.get("bend", 0.45)))]
    if form == "reed" or p.get("ear"):
        parts += _ears(rng, height, spread, max(1, count // 3), detail, fat=form == "reed")
    if form == "potted":
        parts.append(_pot(0.26 * height))
        materials.append(Material(base=(0.42, 0.20, 0.12), surface="ceramic", roughness=0.7))
    return Grown(mesh=joined(parts), materials=tuple(materials), height=height, radius=spread)


def blades(rng, height: float, spread: float, count: int, width: float, *, bend: float) -> Mesh:
    """`count` blades of three corners, leaning outward; light at the tips, dark at the roots."""
    turn = rng.uniform(0, 2 * np.pi, count)
    out = np.stack([np.cos(turn), np.zeros(count), np.sin(turn)], -1)
    root = out * spread * np.sqrt(rng.random(count))[:, None] * 0.8
    root[:, 1] = -0.04 * height
    tall = height * rng.uniform(0.6, 1.1, count)[:, None]
    lean = out * bend * rng.uniform(0.3, 1.3, count)[:, None]
    tip = root + tall * (np.array([0, 1.0, 0]) + lean)
    side = np.stack([-np.sin(turn), np.zeros(count), np.cos(turn)], -1) * width * 1.2
    points = np.stack([root - side, root + side, tip], 1).reshape(-1, 3)
    normals = np.repeat(out * 0.25 + np.array([0, 1.0, 0]), 3, 0)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    value = np.repeat(rng.normal(1.0, 0.12, count), 3) * np.tile([0.9, 0.9, 1.35], count)
    return Mesh.of(
        points, np.arange(count * 3).reshape(count, 3), normals=normals,
        colours=np.stack([value * np.tile([0.96, 0.96, 1.1], count), value, value * 0.95], -1),
        occlusion=np.tile([0.75, 0.75, 1.0], count), sway=np.tile([0, 0, 1.0], count),
    )  # fmt: skip


def _ears(rng, height: float, spread: float, count: int, detail: Detail, *, fat: bool) -> list[Mesh]:
    """Stalks that carry seed heads (cat-tails where `fat`)."""
    parts = []
    for _ in range(count):
        foot = np.array([rng.normal(0, 0.4 * spread), -0.02, rng.normal(0, 0.4 * spread)])
        tip = foot + np.array([rng.normal(0, 0.08), rng.uniform(0.95, 1.2), rng.normal(0, 0.08)]) * height
        low = foot + 0.84 * (tip - foot)
        thick = (0.011 if fat else 0.006) * min(height, 1.6)
        parts.append(stem(np.array([foot, low]), thick * 0.35, segments=3, sway=(0, 0.7)))
        head = stem(
            np.array([low, 0.5 * (low + tip), tip]),
            thick * np.array([1.0, 1.2, 0.6]),
            segments=5 if detail == "near" else 3,
            material=1,
            sway=(0.7, 0.9),
        )
        parts.append(head)
    return parts


def _fern(rng, height: float, spread: float, count: int) -> Mesh:
    """Fronds in a shuttlecock, each a row of paired leaflets."""
    pairs = 5
    parts = []
    for k in range(count):
        turn = 2 * np.pi * k / count + rng.normal(0, 0.2)
        out = np.array([np.cos(turn), 0, np.sin(turn)])
        s = np.linspace(0.1, 1, pairs + 1)
        reach = spread * 2.2 * rng.uniform(0.8, 1.15)
        rib = out * (reach * s)[:, None] + np.array([0, 1.0, 0]) * (height * (1.9 * s - 1.35 * s * s))[:, None]
        side = np.array([-np.sin(turn), 0, np.cos(turn)])
        wide = 0.36 * reach * np.interp(s[:-1], [0.1, 0.35, 1], [0.5, 1.0, 0.2])
        step = np.diff(rib, axis=0)
        base = np.concatenate([rib[:-1], rib[:-1]])
        sign = np.repeat([1.0, -1.0], pairs)[:, None]
        aim = side * sign * np.tile(wide, 2)[:, None] + np.tile(step, (2, 1)) * 0.7
        normals = np.tile(np.array([0, 1.0, 0]) + 0.3 * out, (2 * pairs, 1)) + sign * side * 0.2
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        value = rng.normal(1.0, 0.1) * np.interp(s[:-1], [0, 1], [0.75, 1.15])
        parts.append(
            leaves(base, aim, np.tile(step, (2, 1)) * 0.5, normals=normals, colours=np.tile(value, 2)[:, None] * np.ones(3),
                   occlusion=np.tile(np.interp(s[:-1], [0, 0.5], [0.5, 1]), 2), sway=np.tile(s[:-1] * 0.7, 2))
        )  # fmt: skip
    return joined(parts)


def _rosette(rng, height: float, spread: float, count: int, width: float, *, lifted: float) -> Mesh:
    """Broad leaves from one heart (agave, house plants), on short stalks where `lifted` above the ground."""
    turn = 2.4 * np.arange(count) + rng.normal(0, 0.15, count)
    steep = np.interp(np.arange(count), [0, count - 1], [1.35, 0.35]) + rng.normal(0, 0.08, count)
    aim = np.stack([np.cos(turn) * np.cos(steep), np.sin(steep), np.sin(turn) * np.cos(steep)], -1)
    size = (height - lifted) * rng.uniform(0.8, 1.1, count)[:, None] * np.where(steep > 0.8, 1.0, 0.9)[:, None]
    across = np.cross(aim, [0, 1.0, 0])
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    normals = np.cross(across, aim)
    normals *= np.sign(normals[:, 1:2])
    root = aim * spread * 0.15 + np.array([0, lifted, 0])
    value = rng.normal(1.0, 0.1, count)
    return leaves(
        root, aim * size, across * size * width * 0.5, normals=normals, colours=value[:, None] * np.ones(3),
        occlusion=np.interp(steep, [0.3, 1.3], [0.8, 1.0]), sway=0.12, waist=0.5, cup=0.3,
    )  # fmt: skip


def _pot(size: float) -> Mesh:
    profile = [(1e-4, 0), (0.32, 0), (0.46, 0.86), (0.5, 0.86), (0.5, 1.0), (0.44, 1.0), (0.42, 0.9), (1e-4, 0.88)]
    pot = lathe([(r * size, y * size) for r, y in profile], segments=18)
    return replace(pot, material=np.full(len(pot.positions), 2, np.uint8))
