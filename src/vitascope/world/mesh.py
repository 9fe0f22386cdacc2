"""Triangle meshes as frozen arrays, and the few pure functions that combine them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

__all__ = ["Mesh", "bounds", "joined", "transformed", "vertex_normals"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesh:
    """Triangles in metres. N vertices, M triangles; all arrays are contiguous and never written to after creation."""

    positions: np.ndarray
    """(N, 3) float32, rest pose, object space."""
    normals: np.ndarray
    """(N, 3) float32, unit."""
    indices: np.ndarray
    """(M, 3) uint32, counter-clockwise seen from outside."""
    colours: np.ndarray
    """(N, 3) float32 linear 0..1, multiplies the material's albedo. Usually ones."""
    material: np.ndarray
    """(N,) uint8, index into the materials of the thing that uses the mesh."""
    mask: np.ndarray
    """(N,) float32 0..1, where the material's pattern applies (and the layer weight of the pattern "layer")."""
    occlusion: np.ndarray
    """(N,) float32 0..1, baked ambient visibility (1 open, 0 enclosed)."""
    sway: np.ndarray
    """(N,) float32 0..1, how far the wind moves the vertex (0 rigid, 1 leaf tip)."""
    joints: np.ndarray | None = None
    """(N, 4) uint8 joint indices, or None for a rigid mesh."""
    weights: np.ndarray | None = None
    """(N, 4) float32 summing to 1, or None for a rigid mesh."""

    @staticmethod
    def of(
        positions: np.ndarray,
        indices: np.ndarray,
        *,
        normals: np.ndarray | None = None,
        colours: np.ndarray | None = None,
        material: int | np.ndarray = 0,
        mask: float | np.ndarray = 1.0,
        occlusion: float | np.ndarray = 1.0,
        sway: float | np.ndarray = 0.0,
        joints: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> Mesh:
        """A mesh with the right dtypes; scalars spread over all vertices, missing normals are computed smooth."""
        p = np.ascontiguousarray(positions, np.float32)
        i = np.ascontiguousarray(indices, np.uint32).reshape(-1, 3)
        n = len(p)

        def per_vertex(value: float | np.ndarray, dtype: type) -> np.ndarray:
            return np.ascontiguousarray(np.broadcast_to(np.asarray(value, dtype), (n,)))

        return Mesh(
            positions=p,
            indices=i,
            normals=vertex_normals(p, i) if normals is None else np.ascontiguousarray(normals, np.float32),
            colours=np.ones((n, 3), np.float32)
            if colours is None
            else np.ascontiguousarray(np.broadcast_to(np.asarray(colours, np.float32), (n, 3))),
            material=per_vertex(material, np.uint8),
            mask=per_vertex(mask, np.float32),
            occlusion=per_vertex(occlusion, np.float32),
            sway=per_vertex(sway, np.float32),
            joints=None if joints is None else np.ascontiguousarray(joints, np.uint8),
            weights=None if weights is None else np.ascontiguousarray(weights, np.float32),
        )


def vertex_normals(positions: np.ndarray, indices: np.ndarray) -> np.ndarray:
    """(N, 3) smooth unit normals, area-weighted over the triangles that share a vertex."""
    p = positions.astype(np.float64)
    a, b, c = (p[indices[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    normals = np.stack(
        [sum(np.bincount(indices[:, k], face[:, axis], len(p)) for k in range(3)) for axis in range(3)], axis=-1
    )
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return (normals / np.maximum(length, 1e-12)).astype(np.float32)


def transformed(mesh: Mesh, matrix: np.ndarray) -> Mesh:
    """The mesh moved by an affine `matrix` (4, 4); mirrored ones keep their triangles facing outward."""
    linear = matrix[:3, :3]
    normal_matrix = np.linalg.inv(linear).T
    normals = mesh.normals @ normal_matrix.T
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    flipped = np.linalg.det(linear) < 0
    return replace(
        mesh,
        positions=np.ascontiguousarray(mesh.positions @ linear.T + matrix[:3, 3], np.float32),
        normals=np.ascontiguousarray(normals, np.float32),
        indices=np.ascontiguousarray(mesh.indices[:, ::-1]) if flipped else mesh.indices,
    )


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """One mesh of all; rigid parts among skinned ones are bound to joint 0."""
    if not meshes:
        return Mesh.of(np.zeros((0, 3)), np.zeros((0, 3), np.uint32), normals=np.zeros((0, 3)))
    offsets = np.cumsum([0] + [len(m.positions) for m in meshes[:-1]])
    skinned = any(m.joints is not None for m in meshes)

    def stacked(name: str) -> np.ndarray:
        return np.concatenate([getattr(m, name) for m in meshes])

    def joints_of(m: Mesh) -> np.ndarray:
        return np.zeros((len(m.positions), 4), np.uint8) if m.joints is None else m.joints

    def weights_of(m: Mesh) -> np.ndarray:
        rigid = np.tile(np.array([1, 0, 0, 0], np.float32), (len(m.positions), 1))
        return rigid if m.weights is None else m.weights

    return Mesh(
        positions=stacked("positions"),
        normals=stacked("normals"),
        indices=np.concatenate([m.indices + np.uint32(o) for m, o in zip(meshes, offsets, strict=True)]),
        colours=stacked("colours"),
        material=stacked("material"),
        mask=stacked("mask"),
        occlusion=stacked("occlusion"),
        sway=stacked("sway"),
        joints=np.concatenate([joints_of(m) for m in meshes]) if skinned else None,
        weights=np.concatenate([weights_of(m) for m in meshes]) if skinned else None,
    )


def bounds(mesh: Mesh) -> tuple[np.ndarray, np.ndarray]:
    """(3,) lowest and (3,) highest corner of the rest pose."""
    return mesh.positions.min(0), mesh.positions.max(0)
