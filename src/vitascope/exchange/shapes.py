"""Meshes as other programs take them: posed at a moment, and made coarser where there is too much of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vitascope.world.mesh import Mesh
from vitascope.world.stage import Pose

__all__ = ["coarser", "coarser_afar", "posed", "turned"]


def posed(mesh: Mesh, pose: Pose) -> Mesh:
    """A skinned mesh as its joints hold it at a moment, rigid from then on; others as they are."""
    if mesh.joints is None or mesh.weights is None or pose.joints is None:
        return mesh
    weights = mesh.weights / np.maximum(mesh.weights.sum(1, keepdims=True), 1e-9)
    rows = np.asarray(pose.joints, np.float32)[:, :3]
    blend = sum(weights[:, k, None, None] * rows[mesh.joints[:, k]] for k in range(4))
    assert isinstance(blend, np.ndarray)
    positions = np.einsum("nij,nj->ni", blend[:, :, :3], mesh.positions) + blend[:, :, 3]
    x, y, z = (blend[:, :, k] for k in range(3))
    cofactors = np.stack([np.cross(y, z), np.cross(z, x), np.cross(x, y)], axis=-1)
    normals = np.einsum("nij,nj->ni", cofactors, mesh.normals)
    return replace(
        mesh,
        positions=np.ascontiguousarray(positions, np.float32),
        normals=_unit(normals),
        joints=None,
        weights=None,
    )


def turned(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Translation (3,), rotation (4,) as x y z w, scale (3,) of an affine `matrix` (4, 4); None for one that shears."""
    linear = np.asarray(matrix, np.float64)[:3, :3]
    scale = np.linalg.norm(linear, axis=0)
    if scale.min() < 1e-9:
        return None
    if np.linalg.det(linear) < 0:
        scale[0] = -scale[0]
    turn = linear / scale
    if np.abs(turn.T @ turn - np.eye(3)).max() > 1e-3:
        return None
    return np.asarray(matrix, np.float64)[:3, 3], _quaternion(turn), scale


def coarser(mesh: Mesh, cell: float) -> Mesh:
    """The mesh with one vertex for all that lie in one cube of `cell` [m] at rest and have one material."""
    return _clustered(mesh, np.floor(mesh.positions / cell).astype(np.int64))


def coarser_afar(mesh: Mesh, centre: np.ndarray, *, keep: float, share: float) -> Mesh:
    """The mesh as it is up to `keep` [m] round `centre` (3,), beyond that with cells of `share` of the distance."""
    distance = np.linalg.norm(mesh.positions[:, [0, 2]] - np.asarray(centre)[[0, 2]], axis=1)
    octave = np.floor(np.log2(np.maximum(distance / keep, 1e-3))).clip(-1)
    cell = share * keep * 2.0**octave
    keys = np.floor(mesh.positions / cell[:, None]).astype(np.int64)
    far = octave >= 0
    keys[~far] = np.stack([np.arange(int((~far).sum())), *(np.full(int((~far).sum()), -1) for _ in range(2))], 1)
    return _clustered(mesh, np.concatenate([keys, octave[:, None].astype(np.int64)], 1))


def _clustered(mesh: Mesh, keys: np.ndarray) -> Mesh:
    """One vertex, the first, for all vertices of one row of `keys` and one material; triangles that vanish are left out."""
    full = np.concatenate([keys, mesh.material[:, None].astype(np.int64)], 1)
    _, first, number = np.unique(full, axis=0, return_index=True, return_inverse=True)
    indices = number.reshape(-1)[mesh.indices]
    a, b, c = indices.T
    indices = indices[(a != b) & (b != c) & (c != a)]
    used, compact = np.unique(indices, return_inverse=True)
    kept = first[used]

    def of(array: np.ndarray | None) -> np.ndarray | None:
        return None if array is None else np.ascontiguousarray(array[kept])

    per_vertex = ("positions", "normals", "colours", "material", "mask", "occlusion", "sway", "joints", "weights")
    return replace(
        mesh,
        indices=np.ascontiguousarray(compact.reshape(-1, 3), np.uint32),
        **{name: of(getattr(mesh, name)) for name in per_vertex},
    )


def _unit(vectors: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    upright = np.array([0.0, 1.0, 0.0])
    return np.where(length > 1e-12, vectors / np.maximum(length, 1e-12), upright).astype(np.float32)


def _quaternion(turn: np.ndarray) -> np.ndarray:
    """(4,) x y z w of a rotation (3, 3) (Shepperd 1978: from the largest of four sums)."""
    xx, yy, zz = np.diag(turn)
    sums = np.array([1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz, 1 + xx + yy + zz])
    most = int(sums.argmax())
    root = np.sqrt(sums[most])
    pairs = {
        (0, 1): turn[0, 1] + turn[1, 0], (0, 2): turn[0, 2] + turn[2, 0], (1, 2): turn[1, 2] + turn[2, 1],
        (0, 3): turn[2, 1] - turn[1, 2], (1, 3): turn[0, 2] - turn[2, 0], (2, 3): turn[1, 0] - turn[0, 1],
    }  # fmt: skip
    found = [root if k == most else pairs[min(k, most), max(k, most)] / root for k in range(4)]
    quaternion = 0.5 * np.array(found)
    return quaternion / np.linalg.norm(quaternion)
