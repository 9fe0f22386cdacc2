"""Fluff: skins pushed out along their normals by lumpy noise, for wool, ruffs and thick winter coats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from vitascope.world.animals.coat import Coat
from vitascope.world.mesh import Mesh, vertex_normals

__all__ = ["bumps", "fluffed"]


def bumps(points: np.ndarray) -> np.ndarray:
    """(N,) rounded cells with creases between them, about 0..1, one cell a unit, at points (N, 3)."""
    cell = np.floor(points).astype(np.int64)
    nearest = np.full(len(points), 9.0)
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            for dz in (-1, 0, 1):
                corner = cell + np.array([dx, dy, dz])
                seed = corner[:, 0] * 73856093 ^ corner[:, 1] * 19349663 ^ corner[:, 2] * 83492791
                jitter = np.stack([(seed * k >> 7) % 1024 for k in (1, 1597, 5741)], -1) / 1024.0
                nearest = np.minimum(nearest, np.linalg.norm(points - corner - jitter, axis=1))
    return np.clip(1.0 - nearest, 0.0, 1.0)


def fluffed(mesh: Mesh, spec: Mapping[str, Any] | None, unit: float, coat: Coat) -> Mesh:
    """The skin with bumps of `height` and `size` (in units) where its material is among `on`, or everywhere.

    Lumps below `floor` (in units above the ground) stay smooth, so that legs keep their shape.
    """
    if not spec:
        return mesh
    size, height = spec["size"] * unit, spec["height"] * unit
    share = np.clip((mesh.positions[:, 1] / unit - spec.get("floor", 0.0)) / 0.08, 0, 1)
    if "on" in spec:
        share = share * np.isin(mesh.material, [coat.number(name) for name in spec["on"] if name in coat.materials])
    stretch = np.array(spec.get("stretch", (1.0, 1.0, 1.0)))
    raised = bumps(mesh.positions / (size * stretch)) * share
    positions = mesh.positions + mesh.normals * (raised * height)[:, None].astype(np.float32)
    normals = vertex_normals(positions.astype(np.float32), mesh.indices)
    shade = 1.0 - spec.get("shade", 0.35) * (1.0 - np.clip(raised * 1.6, 0, 1)) * share
    return replace(
        mesh,
        positions=positions.astype(np.float32),
        normals=normals,
        occlusion=(mesh.occlusion * shade).astype(np.float32),
    )
