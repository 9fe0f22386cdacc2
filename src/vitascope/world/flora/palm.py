"""Palms and bamboo: slender stems with long leaves that arch under their own weight."""

from __future__ import annotations

from typing import Any

import numpy as np

from vitascope.world.flora.grown import Detail, Grown
from vitascope.world.flora.limbs import bent, leaves, stem
from vitascope.world.material import Material, rgb
from vitascope.world.mesh import Mesh, joined

__all__ = ["build"]


def build(p: dict[str, Any], *, seed: int, detail: Detail, season: str, snowy: bool) -> Grown:
    """Parameters: height, crown (length of a frond), lean (share of the height), fronds, leaf, bark; bamboo: culms."""
    rng = np.random.default_rng([seed, 33])
    height = float(p.get("height", 8.0))
    leaf = rgb(p.get("leaf", (0.085, 0.17, 0.035)))
    materials = (
        Material(base=rgb(p.get("bark", (0.20, 0.155, 0.11))), surface="bark", roughness=0.85),
        Material(base=leaf, surface="leaf", roughness=0.55, translucency=0.4, colour_role="primary"),
    )
    if p["form"] == "bamboo":
        return Grown(mesh=_bamboo(rng, p, height, detail), materials=materials, height=height, radius=0.5)
    crown = float(p.get("crown", 2.6))
    lean = float(p.get("lean", 0.14)) * height
    rings, sides = {"near": (10, 8), "mid": (5, 5), "far": (3, 3)}[detail]
    t = np.linspace(0, 1, rings)
    turn = rng.uniform(0, 6.28)
    trunk = np.stack([lean * t**1.8 * np.cos(turn), height * t - 0.3 * (t == 0), lean * t**1.8 * np.sin(turn)], -1)
    radius = 0.022 * height * np.interp(t, [0, 0.08, 0.3, 1.0], [1.9, 1.25, 0.95, 0.72])
    parts = [stem(trunk, radius, segments=sides, sway=(0, 0.25))]
    count = {"near": int(p.get("fronds", 15)), "mid": 10, "far": 6}[detail]
    for k in range(count):
        parts.append(_frond(rng, trunk[-1], k, count, crown, detail))
    return Grown(mesh=joined(parts), materials=materials, height=height + 0.5, radius=0.04 * height)


def _frond(rng, root: np.ndarray, k: int, count: int, length: float, detail: Detail) -> Mesh:
    """One feather: a rib that rises and bows, with leaflets hanging from both sides (plain strips where far)."""
    turn = 2.4 * k + rng.normal(0, 0.15)
    lift = np.interp(k / max(count - 1, 1), [0, 1], [1.15, -0.15]) + rng.normal(0, 0.1)
    reach = length * rng.uniform(0.88, 1.1)
    pairs = {"near": 8, "mid": 4, "far": 2}[detail]
    s = np.linspace(0, 1, pairs + 1)
    out = reach * (s * np.cos(lift * 0.8) - 0.12 * s**3)
    up = reach * (s * np.sin(lift * 0.8) - 0.62 * s**2.2)
    flat = np.array([np.cos(turn), 0, np.sin(turn)])
    rib = root + out[:, None] * flat + up[:, None] * np.array([0, 1.0, 0])
    forward = np.gradient(rib, axis=0)
    forward /= np.linalg.norm(forward, axis=1, keepdims=True)
    side = np.cross(forward, [0, 1.0, 0])
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    wide = 0.24 * reach * np.interp(s, [0, 0.12, 0.5, 1], [0.15, 0.75, 1.0, 0.35])
    droop = np.interp(s, [0, 1], [0.35, 0.8])
    base = np.concatenate([rib[:-1], rib[:-1]])
    sign = np.repeat([1.0, -1.0], pairs)[:, None]
    step = np.tile(np.linalg.norm(np.diff(rib, axis=0), axis=1), 2)[:, None]
    hang = np.tile(side[:-1], (2, 1)) * sign - np.array([0, 1.0, 0]) * np.tile(droop[:-1], 2)[:, None]
    aim = hang * np.tile(wide[:-1], 2)[:, None] + np.tile(forward[:-1], (2, 1)) * step * 0.8
    normals = (
        np.tile(np.cross(side, forward)[:-1], (2, 1)) + sign * np.tile(side[:-1], (2, 1)) * 0.35 + np.array([0, 0.5, 0])
    )
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    value = rng.normal(1.0, 0.08) * np.interp(lift, [-0.2, 0.3], [0.72, 1.0])
    brown = np.clip(-lift * 1.5, 0, 1)
    tint = np.array([value * (1 + 0.9 * brown), value, value * (1 - 0.3 * brown)])
    blades = leaves(
        base, aim, np.tile(forward[:-1], (2, 1)) * step * 0.58, normals=normals, colours=np.tile(tint, (2 * pairs, 1)),
        occlusion=np.tile(np.interp(s[:-1], [0, 0.5], [0.55, 1.0]), 2), material=1, sway=0.25 + 0.5 * np.tile(s[:-1], 2),
        waist=0.5,
    )  # fmt: skip
    if detail != "near":
        return blades
    return joined(
        [
            blades,
            stem(rib[::2], np.linspace(0.012, 0.004, len(rib[::2])) * reach, segments=3, material=1, sway=(0.25, 0.7)),
        ]
    )


def _bamboo(rng, p: dict[str, Any], height: float, detail: Detail) -> Mesh:
    """A clump of culms with swollen joints, leaning apart, and tassels of narrow leaves."""
    culms = {"near": int(p.get("culms", 7)), "mid": 5, "far": 3}[detail]
    rings = {"near": 11, "mid": 4, "far": 2}[detail]
    blades = {"near": 34, "mid": 9, "far": 3}[detail]
    parts = []
    for _ in range(culms):
        foot = np.array([*rng.normal(0, 0.45, 2), 0])[[0, 2, 1]]
        tall = height * rng.uniform(0.7, 1.05)
        tip = foot + np.array([rng.normal(0, 0.12) * tall, tall, rng.normal(0, 0.12) * tall])
        path = bent(foot - [0, 0.2, 0], tip, rng, rings=rings, bow=0.006, rise=0.0)
        radius = 0.0055 * height * np.linspace(1.0, 0.25, rings) * np.where(np.arange(rings) % 2, 1.0, 1.22)
        parts.append(stem(path, radius, segments=6 if detail == "near" else 3, sway=(0, 0.5)))
        share = rng.uniform(0.35, 1.0, blades)
        base = foot + (tip - foot) * share[:, None]
        aim = np.stack([rng.normal(size=blades), rng.uniform(-0.7, 0.25, blades), rng.normal(size=blades)], -1)
        aim /= np.linalg.norm(aim, axis=1, keepdims=True)
        across = np.cross(aim, [0, 1.0, 0])
        size = height * rng.uniform(0.07, 0.14, blades)[:, None] * (1.7 if detail != "near" else 1.0)
        normals = aim * 0.5 + np.array([0, 1.0, 0])
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        value = rng.normal(1.0, 0.15, blades)
        parts.append(
            leaves(base + aim * 0.02 * height, aim * size, across * size * (0.16 if detail == "near" else 0.3), normals=normals,
                   colours=value[:, None] * np.ones(3), material=1, sway=0.6, waist=0.35)
        )  # fmt: skip
    return joined(parts)
