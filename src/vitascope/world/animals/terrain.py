"""The ground as a body on four feet feels it: its height under two pairs of feet, its slope, and its normals at plants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitascope.world.skeleton import rotation_between
from vitascope.world.track import Ground

__all__ = ["Footing", "footing_at", "tilts"]

_SPREAD = np.array([-0.5, -0.25, 0.0, 0.25, 0.5])


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """World heights [m] of the ground under the hind and the fore feet, smoothed along the body, and roll [rad]."""

    hind: float
    fore: float
    roll: float


def footing_at(
    ground: Ground, position: np.ndarray, heading: float, *, lines: tuple[float, float], half_width: float
) -> Footing:
    """The footing of a body at (3,) facing `heading`; `lines` are z of hind and fore feet, averaged over half a body."""
    span = lines[1] - lines[0]
    z = np.concatenate([lines[0] + _SPREAD * span, lines[1] + _SPREAD * span, np.zeros(2) + sum(lines) / 2])
    x = np.concatenate([np.zeros(10), [half_width, -half_width]])
    sine, cosine = np.sin(heading), np.cos(heading)
    heights = ground.height(position[0] + cosine * x + sine * z, position[2] - sine * x + cosine * z)
    kernel = np.array([0.12, 0.23, 0.3, 0.23, 0.12])
    roll = np.arctan2(heights[10] - heights[11], 2 * half_width)
    return Footing(hind=float(heights[:5] @ kernel), fore=float(heights[5:10] @ kernel), roll=float(roll))


def tilts(ground: Ground, plants: np.ndarray, *, size: float) -> np.ndarray:
    """(C, 3, 3) rotations that lay level feet of `size` metres on the slope at each plant (C, 3)."""
    x, z = plants[:, 0], plants[:, 2]
    h = size
    dx = (ground.height(x + h, z) - ground.height(x - h, z)) / (2 * h)
    dz = (ground.height(x, z + h) - ground.height(x, z - h)) / (2 * h)
    normals = np.stack([-dx, np.ones_like(dx), -dz], 1)
    return np.stack([rotation_between(np.array([0.0, 1.0, 0.0]), n) for n in normals])
