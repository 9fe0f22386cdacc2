"""Spruces, firs and pines: tiers of drooping branches that overlap like shingles, ragged at their edges."""

from __future__ import annotations

from typing import Any

import numpy as np

from vitascope.world.flora.grown import Detail, Grown
from vitascope.world.flora.limbs import leaves, stem
from vitascope.world.material import Material, rgb
from vitascope.world.mesh import Mesh, joined

__all__ = ["build"]

_BUDGET = {"near": (13, 11, 170), "mid": (7, 9, 0), "far": (3, 5, 0)}
"""Tiers, points on each rim, and single sprays at each distance."""


def build(p: dict[str, Any], *, seed: int, detail: Detail, season: str, snowy: bool) -> Grown:
    """Parameters: height, crown (half width at the bottom), base (share of the height without branches), leaf, bark."""
    rng = np.random.default_rng([seed, 32])
    height, width = float(p.get("height", 14.0)), float(p.get("crown", 2.6))
    low = float(p.get("base", 0.1)) * height
    tiers, rim, sprays = _BUDGET[detail]
    radius = 0.02 * height
    trunk = np.array([[0, -0.3, 0], [0, 0.02 * height, 0], [0, low + 0.5 * (height - low), 0], [0, 0.97 * height, 0]])
    sides = {"near": 7, "mid": 4, "far": 3}[detail]
    parts = [
        stem(
            trunk if detail == "near" else trunk[[0, 2]],
            radius * np.array([1.5, 1.1, 0.6, 0.12])[: 4 if detail == "near" else 2],
            segments=sides,
            sway=(0, 0.1),
        )
    ]
    bent_axis = rng.normal(0, 0.012 * height, 2)
    for tier in range(tiers):
        parts.append(_tier(rng, tier / max(tiers - 0.45, 1), tiers, rim, low, height, width, bent_axis))
    if sprays:
        parts.append(_sprays(rng, sprays, low, height, width))
    mesh = joined(parts)
    leaf = rgb(p.get("leaf", (0.032, 0.075, 0.038)))
    snow = {"pattern": "layer", "pattern_colour": (0.84, 0.88, 0.94), "pattern_scale": 0.35} if snowy else {}
    materials = (
        Material(base=rgb(p.get("bark", (0.10, 0.07, 0.05))), surface="bark", roughness=0.9),
        Material(base=leaf, surface="foliage", roughness=0.8, translucency=0.3, colour_role="primary", **snow),
    )
    return Grown(mesh=mesh, materials=materials, height=height, radius=0.03 * height)


def _tier(rng, share: float, tiers: int, rim: int, low: float, height: float, width: float, lean: np.ndarray) -> Mesh:
    """One skirt: an inner ring at the trunk, a rim of branch tips that droop, notched between them."""
    reach = width * (1 - share) ** 0.85 * rng.uniform(0.9, 1.1) + 0.05 * width
    depth = (height - low) / tiers * (2.1 - 0.5 * share)
    top = low + (height - low) * (share * 0.93 + 0.07) + 0.02 * height
    top = min(top + 0.35 * depth, height)
    turn = np.linspace(0, 2 * np.pi, rim * 2, endpoint=False) + rng.uniform(0, 6.28) + rng.normal(0, 0.06, rim * 2)
    tip = np.tile([1.08, 0.58], rim) * rng.uniform(0.82, 1.15, rim * 2)
    fall = depth * (0.75 + 0.4 * tip) * rng.uniform(0.85, 1.1, rim * 2)
    axis = np.array([lean[0], 0, lean[1]]) * (share**2)
    outer = np.stack([reach * tip * np.cos(turn), top - fall, reach * tip * np.sin(turn)], -1) + axis
    inner = (
        np.stack([0.42 * reach * np.cos(turn), top - 0.3 * depth + 0 * turn, 0.42 * reach * np.sin(turn)], -1)[::2]
        + axis
    )
    points = np.vstack([[[axis[0], top, axis[2]]], inner, outer])
    faces = []
    for k in range(rim):
        a, b = 1 + k, 1 + (k + 1) % rim
        o = 1 + rim
        left, mid, right = o + 2 * k, o + 2 * k + 1, o + (2 * k + 2) % (2 * rim)
        faces += [[0, b, a], [a, mid, left], [a, b, mid], [b, right, mid]]
    out = np.hypot(points[:, 0] - axis[0], points[:, 2] - axis[2]) / max(reach, 1e-6)
    normals = np.stack([points[:, 0] - axis[0], 0.55 * reach + 0 * out, points[:, 2] - axis[2]], -1) + rng.normal(
        0, 0.12 * reach, points.shape
    )
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    value = (0.62 + 0.5 * np.clip(out, 0, 1)) * rng.normal(1.0, 0.09, len(points)) * (0.9 + 0.15 * share)
    tint = np.stack([value * (0.95 + 0.12 * out), value, value * (1.02 - 0.1 * out)], -1)
    return Mesh.of(
        points,
        np.array(faces),
        normals=normals,
        colours=tint,
        material=1,
        sway=0.05 + 0.3 * share * np.clip(out, 0, 1),
        occlusion=np.clip(0.3 + 0.7 * out**0.8, 0.2, 1.0),
        mask=np.clip(0.66 - 0.34 * out + rng.normal(0, 0.12, len(points)), 0, 1),
    )


def _sprays(rng, count: int, low: float, height: float, width: float) -> Mesh:
    """Single twigs that stick out of the tiers and break their edges."""
    share = 1 - np.sqrt(rng.random(count)) * 0.98
    reach = width * (1 - share) ** 0.85
    turn = rng.uniform(0, 2 * np.pi, count)
    out = np.stack([np.cos(turn), np.zeros(count), np.sin(turn)], -1)
    base = out * reach[:, None] * rng.uniform(0.55, 0.9, count)[:, None]
    base[:, 1] = low + (height - low) * share + rng.normal(0, 0.02 * height, count)
    aim = out + np.array([0, -0.35, 0]) + rng.normal(0, 0.22, (count, 3))
    aim /= np.linalg.norm(aim, axis=1, keepdims=True)
    across = np.cross(aim, np.array([0, 1.0, 0]) + rng.normal(0, 0.3, (count, 3)))
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    size = (0.16 * width + 0.28 * reach)[:, None] * rng.uniform(0.7, 1.2, count)[:, None]
    normals = out + np.array([0, 0.6, 0]) + rng.normal(0, 0.2, (count, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    value = rng.normal(1.05, 0.16, count)
    return leaves(
        base, aim * size, across * size * 0.3, normals=normals, colours=value[:, None] * np.array([1.0, 1.0, 0.92]),
        occlusion=0.85, material=1, sway=0.25, waist=0.35,
    )  # fmt: skip
