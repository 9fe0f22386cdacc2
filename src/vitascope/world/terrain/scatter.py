"""Where things stand: seeded, evenly irregular points with density rules, free corridors and feet on the ground."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from vitascope.world.land import Corridor
from vitascope.world.terrain.patch import aims_of

__all__ = ["Stand", "clear_of", "near_points", "scattered", "stands_on"]

Field = Callable[[np.ndarray, np.ndarray], np.ndarray]
_BODY = 100.0
"""A corridor higher than this [m] is the way of a body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """K places where copies of one thing stand: points (K, 3), turns (K,) [rad], sizes (K,), leans (K, 3) up axes."""

    points: np.ndarray
    turns: np.ndarray
    sizes: np.ndarray
    ups: np.ndarray

    def chosen(self, keep: np.ndarray) -> Stand:
        """The places where `keep` (K,) bool holds, or by index."""
        return Stand(points=self.points[keep], turns=self.turns[keep], sizes=self.sizes[keep], ups=self.ups[keep])

    def transforms(self) -> np.ndarray:
        """(K, 4, 4) float32 world_from_object."""
        count = len(self.points)
        up = self.ups / np.maximum(np.linalg.norm(self.ups, axis=1, keepdims=True), 1e-9)
        forward = np.stack([np.sin(self.turns), np.zeros(count), np.cos(self.turns)], -1)
        right = np.cross(up, forward)
        right /= np.maximum(np.linalg.norm(right, axis=1, keepdims=True), 1e-9)
        forward = np.cross(right, up)
        matrix = np.zeros((count, 4, 4), np.float32)
        matrix[:, :3, :3] = np.stack([right, up, forward], -1) * self.sizes[:, None, None]
        matrix[:, :3, 3] = self.points
        matrix[:, 3, 3] = 1
        return matrix


def scattered(
    rng: np.random.Generator,
    *,
    spacing: float,
    inner: float,
    outer: float,
    centre: tuple[float, float] = (0.0, 0.0),
    density: Field | None = None,
    limit: int = 4000,
) -> np.ndarray:
    """(K, 2) points in a ring `inner`..`outer` [m] round `centre`, about `spacing` apart, thinned by `density` 0..1.

    A jittered hexagonal lattice from which the closer of every crowded pair is dropped.
    """
    reach = min(outer, spacing * np.sqrt(limit * 4.0))
    rows = int(np.ceil(reach / (spacing * 0.866)))
    columns = int(np.ceil(reach / spacing))
    row, column = np.meshgrid(np.arange(-rows, rows + 1), np.arange(-columns, columns + 1), indexing="ij")
    x = (column + 0.5 * (row & 1)).ravel() * spacing
    z = row.ravel() * spacing * 0.866
    x = x + rng.uniform(-0.46, 0.46, x.shape) * spacing
    z = z + rng.uniform(-0.46, 0.46, z.shape) * spacing
    chance = rng.random(x.shape)
    radius = np.hypot(x, z)
    keep = (radius >= inner) & (radius <= outer)
    x, z, chance = x[keep] + centre[0], z[keep] + centre[1], chance[keep]
    if density is not None and len(x):
        keep = chance < density(x, z)
        x, z = x[keep], z[keep]
    points = np.stack([x, z], -1)
    if len(points) > 1:
        pairs = KDTree(points).query_pairs(0.55 * spacing, output_type="ndarray")
        points = np.delete(points, np.unique(pairs[:, 1]), axis=0) if len(pairs) else points
    return points[:limit] if len(points) <= limit else points[rng.permutation(len(points))[:limit]]


def near_points(
    rng: np.random.Generator, *, count: int, cameras: np.ndarray, reach: float, density: Field | None = None
) -> np.ndarray:
    """(K, 2) points where cameras see small growth: between each camera and the mark, densest close by, fading out.

    `cameras` (P, 3); `reach` is how far [m] beyond the mark they still go.
    """
    eyes = np.asarray(cameras, float).reshape(-1, 3)[:, [0, 2]]
    chosen = rng.integers(0, len(eyes), count)
    eye = eyes[chosen]
    to_mark = (aims_of(cameras) - eyes)[chosen]
    length = np.maximum(np.linalg.norm(to_mark, axis=1), 1.0)
    heading = np.arctan2(to_mark[:, 0], to_mark[:, 1])
    heading = np.where(length <= 1.0, np.pi, heading)
    angle = heading + rng.normal(0.0, 0.42, count)
    far = length + reach
    nearest = np.minimum(1.6, 0.4 * length)
    distance = nearest * (far / nearest) ** rng.random(count) ** 0.62
    x = eye[:, 0] + distance * np.sin(angle)
    z = eye[:, 1] + distance * np.cos(angle)
    chance = rng.random(count)
    if density is not None:
        keep = chance < density(x, z)
        x, z = x[keep], z[keep]
    return np.stack([x, z], -1)


def clear_of(
    points: np.ndarray, clear: Sequence[Corridor], *, radius: float, height: float, soft: bool = False
) -> np.ndarray:
    """(K,) bool: whether things of `radius` and `height` [m] at points (K, 2) leave every corridor free.

    Corridors over 100 m high are the ways of bodies: `soft` growth below knee height may stay there, and low hard things
    beside the feet of those who travel, who go lengthwise; all else goes.
    """
    free = np.ones(len(points), bool)
    for corridor in clear:
        body = corridor.height > _BODY
        if (soft and height < 0.9) if body else (height < corridor.height):
            continue
        start, end = np.asarray(corridor.start, float), np.asarray(corridor.end, float)
        axis = end - start
        wide = corridor.radius
        if body and height < 0.4 and float(axis @ axis) > 1e-4:
            wide = 0.2 + 0.4 * max(wide - 0.35, 0.0)
        along = np.clip((points - start) @ axis / max(float(axis @ axis), 1e-9), 0.0, 1.0)
        gap = np.linalg.norm(points - start - along[:, None] * axis, axis=1)
        free &= gap > wide + radius
    return free


def stands_on(
    points: np.ndarray,
    height: Field,
    rng: np.random.Generator,
    *,
    sizes: tuple[float, float] = (0.8, 1.25),
    lean: float = 0.0,
    sink: float = 0.0,
    reach: float = 0.4,
) -> Stand:
    """Feet on the ground at points (K, 2): free turns, sizes drawn between `sizes`, sunk by `sink` x size so that no edge
    hangs over a slope. `lean` 0..1 turns the up axis to the ground's normal measured over `reach` [m]."""
    count = len(points)
    x, z = (points[:, 0], points[:, 1]) if count else (np.zeros(0), np.zeros(0))
    size = rng.uniform(sizes[0], sizes[1], count)
    turns = rng.uniform(-np.pi, np.pi, count)
    here, east, west, south, north = height(
        np.stack([x, x + reach, x - reach, x, x]), np.stack([z, z, z, z + reach, z - reach])
    )
    lowest = np.min([here, east, west, south, north], axis=0) if count else here
    normal = np.stack([(west - east) * lean, np.full(count, 2 * reach), (north - south) * lean], -1)
    base = here * lean + lowest * (1 - lean)
    return Stand(points=np.stack([x, base - sink * size, z], -1), turns=turns, sizes=size, ups=normal)
