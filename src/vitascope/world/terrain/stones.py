"""Stones: convex boulders cut by random planes and roughened, in a few variants that are instanced everywhere."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from vitascope.world.mesh import Mesh
from vitascope.world.shape import creased

__all__ = ["globe", "stone"]


@lru_cache(maxsize=4)
def globe(level: int) -> tuple[np.ndarray, np.ndarray]:
    """Points (N, 3) on the unit sphere and triangles (M, 3) of an icosahedron split `level` times (12, 42, 162, 642)."""
    g = (1 + 5**0.5) / 2
    points = [(-1, g, 0), (1, g, 0), (-1, -g, 0), (1, -g, 0), (0, -1, g), (0, 1, g), (0, -1, -g), (0, 1, -g),
              (g, 0, -1), (g, 0, 1), (-g, 0, -1), (-g, 0, 1)]  # fmt: skip
    faces = np.array([
        (0, 11, 5), (0, 5, 1), (0, 1, 7), (0, 7, 10), (0, 10, 11), (1, 5, 9), (5, 11, 4), (11, 10, 2), (10, 7, 6),
        (7, 1, 8), (3, 9, 4), (3, 4, 2), (3, 2, 6), (3, 6, 8), (3, 8, 9), (4, 9, 5), (2, 4, 11), (6, 2, 10), (8, 6, 7),
        (9, 8, 1),
    ])  # fmt: skip
    p = np.array(points, float) / np.sqrt(1 + g * g)
    for _ in range(level):
        edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
        pairs, back = np.unique(edges, axis=0, return_inverse=True)
        middle = p[pairs].mean(1)
        number = len(p) + back.reshape(3, -1)
        p = np.concatenate([p, middle / np.linalg.norm(middle, axis=1, keepdims=True)])
        a, b, c = faces.T
        ab, bc, ca = number
        faces = np.concatenate([np.stack(t, -1) for t in ((a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca))])
    return p, faces


@lru_cache(maxsize=128)
def stone(variant: int, *, level: int = 2, rounded: float = 0.0, flat: float = 0.72, snow: float = 1.0) -> Mesh:
    """A boulder about 1 m across whose middle is the origin; `rounded` 0..1 turns crag into river pebble.

    `flat` is its height over its width, `snow` the share of its top that snow covers. Colours carry worn edges and dark
    undersides.
    """
    rng = np.random.default_rng([variant, 977])
    direction, faces = globe(level)
    normals = rng.normal(size=(15, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    reach = rng.uniform(0.62, 1.0, 15)
    facing = direction @ normals.T
    cut = np.where(facing > 0.12, reach / np.maximum(facing, 0.12), 2.0).min(1)
    radius = np.minimum(cut, 1.05) * (1 - rounded) + rounded * (0.75 + 0.25 * np.minimum(cut, 1.05))
    radius *= 1 + rng.normal(0, 0.035 * (1 - 0.7 * rounded), len(direction))
    stretch = np.array([rng.uniform(0.85, 1.2), flat, rng.uniform(0.7, 0.95)])
    points = 0.5 * direction * radius[:, None] * stretch
    mesh = creased(points, faces, angle=28 + 60 * rounded)
    height = mesh.positions[:, 1] / (0.5 * flat)
    worn = np.clip(np.linalg.norm(mesh.positions / stretch, axis=1) * 2 - 0.82, 0, 0.3)
    shade = 0.82 + 0.16 * height + 0.5 * worn
    lies = np.clip(mesh.normals[:, 1] * 1.3 - 0.25, 0, 1) * (0.35 + 0.65 * snow)
    return Mesh.of(
        mesh.positions, mesh.indices, normals=mesh.normals, colours=shade[:, None] * np.ones(3),
        occlusion=np.clip(0.72 + 0.45 * height, 0.3, 1.0), mask=lies,
    )  # fmt: skip
