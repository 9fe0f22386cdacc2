"""Stems, leaves and lumps: the few raw shapes that plants are put together from."""

from __future__ import annotations

import numpy as np

from vitascope.world.mesh import Mesh
from vitascope.world.terrain.stones import globe

__all__ = ["bent", "leaves", "lumps", "stem"]


def bent(
    start: np.ndarray, end: np.ndarray, rng: np.random.Generator, *, rings: int, bow: float, rise: float = 0.0
) -> np.ndarray:
    """(rings, 3) points from start to end that wander by `bow` and arch upward by `rise` (shares of the length)."""
    t = np.linspace(0, 1, rings)[:, None]
    length = float(np.linalg.norm(end - start))
    arch = 4 * t * (1 - t)
    wander = rng.normal(0, bow * length, (rings, 3)) * np.sqrt(arch)
    return start + (end - start) * t + wander + np.array([0.0, rise * length, 0.0]) * arch


def stem(
    path: np.ndarray, radii: np.ndarray | float, *, segments: int, material: int = 0, sway: tuple[float, float] = (0, 0)
) -> Mesh:
    """A round stem along `path` (R, 3), closed to a point at its end; sway grows from root to tip."""
    path = np.asarray(path, float)
    rings = len(path)
    radius = np.broadcast_to(np.asarray(radii, float), (rings,))
    tangent = np.gradient(path, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-9)
    first = np.array([1.0, 0, 0]) if abs(tangent[0, 0]) < 0.8 else np.array([0, 0, 1.0])
    side = np.cross(tangent, first)
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    up = np.cross(tangent, side)
    turn = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    outward = np.cos(turn)[None, :, None] * side[:, None] + np.sin(turn)[None, :, None] * up[:, None]
    points = (path[:, None] + radius[:, None, None] * outward).reshape(-1, 3)
    index = np.arange(rings * segments).reshape(rings, segments)
    after = np.roll(index, -1, 1)
    a, b, c, d = index[:-1].ravel(), after[:-1].ravel(), index[1:].ravel(), after[1:].ravel()
    faces = np.concatenate([np.stack([a, b, d], -1), np.stack([a, d, c], -1)])
    tip = len(points)
    last = index[-1]
    faces = np.concatenate([faces, np.stack([last, np.roll(last, -1), np.full(segments, tip)], -1)])
    end = path[-1] + tangent[-1] * radius[-1] * 0.8
    along = np.append(np.repeat(np.linspace(sway[0], sway[1], rings), segments), sway[1])
    return Mesh.of(
        np.vstack([points, end]),
        faces,
        normals=np.vstack([outward.reshape(-1, 3), tangent[-1]]),
        material=material,
        sway=along,
    )


def leaves(
    points: np.ndarray, along: np.ndarray, across: np.ndarray, *, normals: np.ndarray, colours: np.ndarray,
    occlusion: np.ndarray | float = 1.0, material: int = 0, sway: np.ndarray | float = 1.0, waist: float = 0.45,
    cup: float = 0.0,
) -> Mesh:  # fmt: skip
    """K four-cornered leaves at `points` (K, 3): base, two sides at `waist` of the length, tip.

    `along` and `across` (K, 3) are full vectors of length and half width; `cup` lifts the sides along the normals.
    """
    count = len(points)
    lift = np.linalg.norm(across, axis=1, keepdims=True) * cup * normals
    corner = np.stack(
        [points, points + waist * along + across + lift, points + along, points + waist * along - across + lift], 1
    )
    index = np.arange(count * 4).reshape(count, 4)
    faces = np.concatenate([index[:, [0, 1, 2]], index[:, [0, 2, 3]]])
    spread = np.broadcast_to(np.asarray(occlusion, float), (count,))
    moved = np.broadcast_to(np.asarray(sway, float), (count,))
    return Mesh.of(
        corner.reshape(-1, 3), faces, normals=np.repeat(normals, 4, 0), colours=np.repeat(colours, 4, 0),
        occlusion=np.repeat(spread, 4), sway=(moved[:, None] * np.array([0.55, 0.85, 1.0, 0.85])).ravel(), material=material,
    )  # fmt: skip


def lumps(
    centres: np.ndarray,
    radii: np.ndarray,
    rng: np.random.Generator,
    *,
    level: int,
    rough: float = 0.16,
    flat: float = 0.85,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Lumpy balls at `centres` (K, 3) without what lies well inside a neighbour.

    Gives points (N, 3), outward directions (N, 3), triangles (M, 3) and the number of each point's lump (N,).
    """
    direction, faces = globe(level)
    shape = np.array([1.0, flat, 1.0])
    points, outward, owner, triangles, offset = [], [], [], [], 0
    for number, (centre, radius) in enumerate(zip(centres, radii, strict=True)):
        waves = rng.normal(0, 2.2, (5, 3))
        wobble = np.sin(direction @ waves.T + rng.uniform(0, 6.28, 5)).sum(1) / 2.2
        swollen = radius * (1 + rough * wobble + rng.normal(0, rough * 0.62, len(direction)))
        p = centre + direction * swollen[:, None] * shape
        buried = np.zeros(len(p), bool)
        for other, (c, r) in enumerate(zip(centres, radii, strict=True)):
            if other != number:
                buried |= np.linalg.norm((p - c) / shape, axis=1) < 0.8 * r
        keep = ~buried[faces].all(1)
        used = np.unique(faces[keep])
        renumber = np.full(len(p), -1)
        renumber[used] = np.arange(len(used))
        points.append(p[used])
        outward.append(direction[used])
        owner.append(np.full(len(used), number))
        triangles.append(renumber[faces[keep]] + offset)
        offset += len(used)
    return np.concatenate(points), np.concatenate(outward), np.concatenate(triangles), np.concatenate(owner)
