"""Manes that are part of the flesh: a lion's ruff, the upright mane of a zebra, the bristles of a boar."""

from __future__ import annotations

import numpy as np

from vitascope.world.animals.anatomy import SIDES, Anatomy
from vitascope.world.animals.lump import Lumps

__all__ = ["mane_lumps"]


def mane_lumps(anatomy: Anatomy) -> Lumps:
    """Lumps of the region "mane", or none."""
    lumps = Lumps()
    spec = anatomy.parameters.get("mane", {})
    if spec.get("kind") == "ruff":
        _ruff(anatomy, lumps, float(spec.get("size", 1.0)))
    elif spec.get("kind") == "stand":
        _standing(anatomy, lumps, float(spec["length"]))
    return lumps


def _ruff(anatomy: Anatomy, lumps: Lumps, size: float) -> None:
    """A wreath round the face and a mass over neck, shoulders and breast."""
    u, j = anatomy.unit, anatomy.joints
    k = anatomy.head_unit
    for angle in np.linspace(0, 2 * np.pi, 11, endpoint=False):
        x, y = np.sin(angle), np.cos(angle)
        at = anatomy.head_point((0.42 * x, 0.04 + 0.40 * y - 0.10 * (y < 0), -0.10 - 0.06 * y))
        r = 0.215 * k * size
        lumps.egg(at, (r, r, r * 1.15), "head", "mane", blend=0.05 * u, axes=anatomy.head_axes)
    base, top = j["neck1"], j["head"]
    for s, r, drop in ((0.05, 0.20, 0.06), (0.4, 0.22, 0.05), (0.75, 0.21, 0.04)):
        at = base + (top - base) * s + np.array([0, -drop * u, 0])
        bone = "neck1" if s < 0.5 else f"neck{int(anatomy.parameters['neck']['bones'])}"
        lumps.egg(at, np.array([0.85, 1.15, 0.8]) * r * u * size, bone, "mane", blend=0.06 * u)
    lumps.egg(
        base + np.array([0, -0.20, 0.05]) * u, np.array([0.15, 0.20, 0.13]) * u * size, "chest", "mane", blend=0.06 * u
    )
    for sign in SIDES.values():
        at = base + np.array([sign * 0.10, -0.06, -0.04]) * u
        lumps.egg(at, np.array([0.12, 0.2, 0.16]) * u * size, "chest", "mane", blend=0.06 * u)


def _standing(anatomy: Anatomy, lumps: Lumps, length: float) -> None:
    u, j, p = anatomy.unit, anatomy.joints, anatomy.parameters["neck"]
    base, top = j["neck1"], anatomy.head_point((0, 0.16, 0.0))
    axis = top - base
    up = np.array([0.0, axis[2], -axis[1]])
    up /= np.linalg.norm(up)
    count = int(p["bones"])
    steps = 7
    for k in range(steps):
        s = k / (steps - 1)
        half = ((1 - s) ** 1.3 * p["base"][1] + (1 - (1 - s) ** 1.3) * p["top"][1]) * u
        arch = p.get("arch", 0.03) * 4 * s * (1 - s) * u
        at = base + axis * s + up * (half * (0.96 if s < 0.9 else 0.5) + arch)
        bone = f"neck{min(int(s * count), count - 1) + 1}"
        reach = float(np.linalg.norm(axis)) / steps
        axes = np.stack([[1.0, 0, 0], up, axis / np.linalg.norm(axis)], axis=1)
        lumps.egg(at, (0.022 * u, length * u, reach), bone, "mane", blend=0.015 * u, axes=axes)
