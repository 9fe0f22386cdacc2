"""Naive surface nets (Gibson 1998) on a sparse grid: one vertex a cell that the surface crosses, quads across its edges."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["surface_nets"]

_BLOCK = 4
_CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
_EDGES = [(i, j) for i in range(8) for j in range(i + 1, 8) if abs(_CORNERS[i] - _CORNERS[j]).sum() == 1]


def surface_nets(
    field: Callable[[np.ndarray, float], np.ndarray],
    low: np.ndarray,
    high: np.ndarray,
    cell: float,
    *,
    slack: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Vertices (N, 3) float32 and triangles (M, 3) uint32 of field = 0 between the corners low and high.

    `field` maps points (n, 3) float32 to signed distances (n,) that need be true only where they are less than its second
    argument; it may err by up to `slack` metres near joins. Blocks of the grid whose middle is farther from the surface than
    they are large are never evaluated.
    """
    values = _sparse_grid(field, low, high, cell, slack)
    inside = values < 0
    mixed = _mixed_cells(inside)
    cells = np.argwhere(mixed)
    if not len(cells):
        return np.zeros((0, 3), np.float32), np.zeros((0, 3), np.uint32)
    corner_values = np.stack([values[tuple((cells + c).T)] for c in _CORNERS], axis=1)
    total = np.zeros((len(cells), 3))
    count = np.zeros(len(cells))
    for i, j in _EDGES:
        a, b = corner_values[:, i], corner_values[:, j]
        cross = (a < 0) != (b < 0)
        t = np.where(cross, a / np.where(cross, a - b, 1.0), 0.0)
        point = _CORNERS[i] + t[:, None] * (_CORNERS[j] - _CORNERS[i])
        total += np.where(cross[:, None], point, 0.0)
        count += cross
    positions = low + cell * (cells + total / count[:, None])
    number = np.full(mixed.shape, -1, np.int64)
    number[mixed] = np.arange(len(cells))
    return positions.astype(np.float32), _faces(inside, number)


def _sparse_grid(field: Callable, low: np.ndarray, high: np.ndarray, cell: float, slack: float) -> np.ndarray:
    blocks = np.maximum(np.ceil((high - low) / (cell * _BLOCK)).astype(int), 1)
    index = np.stack(np.meshgrid(*(np.arange(b) for b in blocks), indexing="ij"), -1).reshape(-1, 3)
    middle = low + cell * (index * _BLOCK + (_BLOCK - 1) / 2)
    reach = cell * _BLOCK * 1.25 + 0.6 * slack
    coarse = field(middle.astype(np.float32), reach)
    near = np.abs(coarse) < reach
    values = np.repeat(np.repeat(np.repeat(coarse.reshape(blocks), _BLOCK, 0), _BLOCK, 1), _BLOCK, 2).astype(np.float32)
    offsets = np.stack(np.meshgrid(*(np.arange(_BLOCK),) * 3, indexing="ij"), -1).reshape(-1, 3)
    fine = (index[near][:, None] * _BLOCK + offsets).reshape(-1, 3)
    values[tuple(fine.T)] = field((low + cell * fine).astype(np.float32), reach)
    return values


def _mixed_cells(inside: np.ndarray) -> np.ndarray:
    x, y, z = (n - 1 for n in inside.shape)
    count = np.zeros((x, y, z), np.uint8)
    for a, b, c in _CORNERS:
        count += inside[a : a + x, b : b + y, c : c + z]
    return (count > 0) & (count < 8)


def _faces(inside: np.ndarray, number: np.ndarray) -> np.ndarray:
    quads = []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        ahead = np.take(inside, range(1, inside.shape[axis]), axis)
        behind = np.take(inside, range(inside.shape[axis] - 1), axis)
        edge = np.argwhere(ahead != behind)
        edge = edge[(edge[:, u] > 0) & (edge[:, v] > 0)]
        edge = edge[(edge[:, u] < number.shape[u]) & (edge[:, v] < number.shape[v])]
        step_u, step_v = np.eye(3, dtype=int)[u], np.eye(3, dtype=int)[v]
        around = [edge - step_u - step_v, edge - step_v, edge, edge - step_u]
        quad = np.stack([number[tuple(c.T)] for c in around], axis=1)
        outward = inside[tuple(edge.T)]
        quad[~outward] = quad[~outward][:, ::-1]
        quads.append(quad[(quad >= 0).all(1)])
    q = np.concatenate(quads)
    return np.concatenate([q[:, [0, 1, 2]], q[:, [0, 2, 3]]]).astype(np.uint32)
