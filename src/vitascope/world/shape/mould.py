"""Smooth unions of signed-distance blobs, meshed by surface nets on a sparse grid.

Distances are in metres, negative inside. The smooth minimum is the quadratic one of I. Quilez ("smooth minimum").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vitascope.world.mesh import Mesh
from vitascope.world.shape.nets import surface_nets

__all__ = ["Blob", "Mould", "ball", "bone_weights", "cone", "ellipsoid", "limb", "mould_mesh", "rounded_box"]

Vec = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """One primitive. kind "cone" uses a, b, ra, rb; "ellipsoid" and "box" use a as centre, radii and a rotation (3, 3)."""

    kind: str
    a: Vec
    b: Vec = (0.0, 0.0, 0.0)
    ra: float = 0.1
    rb: float = 0.1
    radii: Vec = (0.1, 0.1, 0.1)
    rotation: tuple[Vec, Vec, Vec] | None = None
    """Columns are the blob's own axes."""
    rounding: float = 0.0
    blend: float = 0.05
    """Metres over which it melts into what came before."""
    cut: bool = False
    """Carve it out instead of adding it."""
    bone: int = 0
    material: int = 0
    colour: Vec = (1.0, 1.0, 1.0)
    mask: float = 1.0
    """How strongly the material's pattern shows here."""

    def distance(self, p: np.ndarray) -> np.ndarray:
        """(n,) signed distance (a close bound for ellipsoids) at points p (n, 3)."""
        if self.kind == "cone":
            return _cone_distance(p, self.a, self.b, self.ra, self.rb)
        q = p - np.asarray(self.a, p.dtype)
        if self.rotation is not None:
            q = q @ np.asarray(self.rotation, p.dtype)
        r = np.asarray(self.radii, p.dtype)
        if self.kind == "ellipsoid":
            k0 = np.sqrt(np.einsum("ij,ij->i", q / r, q / r))
            k1 = np.sqrt(np.einsum("ij,ij->i", q / (r * r), q / (r * r)))
            return k0 * (k0 - 1.0) / np.maximum(k1, 1e-6)
        outside = np.abs(q) - (r - self.rounding)
        return np.linalg.norm(np.maximum(outside, 0.0), axis=1) + np.minimum(outside.max(axis=1), 0.0) - self.rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Mould:
    """Blobs in order of joining, meshed with cells of `detail` metres."""

    blobs: tuple[Blob, ...]
    detail: float


def cone(a: Vec, b: Vec, ra: float, rb: float, **more: object) -> Blob:
    """A round cone from a to b with radii ra and rb (a capsule where they are equal)."""
    return Blob(kind="cone", a=_vec(a), b=_vec(b), ra=ra, rb=rb, **more)  # type: ignore[arg-type]


def ball(centre: Vec, radius: float, **more: object) -> Blob:
    """A sphere."""
    return Blob(kind="cone", a=_vec(centre), b=_vec(centre), ra=radius, rb=radius, **more)  # type: ignore[arg-type]


def ellipsoid(centre: Vec, radii: Vec, *, rotation: np.ndarray | None = None, **more: object) -> Blob:
    """An ellipsoid with semi-axes `radii` along the columns of `rotation` (3, 3)."""
    axes = None if rotation is None else tuple(_vec(row) for row in np.asarray(rotation))
    return Blob(kind="ellipsoid", a=_vec(centre), radii=_vec(radii), rotation=axes, **more)  # type: ignore[arg-type]


def rounded_box(centre: Vec, half: Vec, rounding: float, *, rotation: np.ndarray | None = None, **more: object) -> Blob:
    """A box with half extents `half` and rounded edges."""
    axes = None if rotation is None else tuple(_vec(row) for row in np.asarray(rotation))
    return Blob(kind="box", a=_vec(centre), radii=_vec(half), rounding=rounding, rotation=axes, **more)  # type: ignore[arg-type]


def limb(points: Sequence[Vec], radii: Sequence[float], **more: object) -> tuple[Blob, ...]:
    """A chain of round cones through `points` with a radius at each."""
    return tuple(
        cone(a, b, ra, rb, **more) for a, b, ra, rb in zip(points[:-1], points[1:], radii[:-1], radii[1:], strict=True)
    )


def field(blobs: Sequence[Blob], p: np.ndarray) -> np.ndarray:
    """(n,) signed distance of the whole at points p (n, 3)."""
    d = np.full(len(p), 1e3, p.dtype)
    for blob in blobs:
        di = blob.distance(p)
        d = -_smooth_min(-d, di, blob.blend) if blob.cut else _smooth_min(d, di, blob.blend)
    return d


def mould_mesh(mould: Mould) -> Mesh:
    """The mesh of a mould: vertices on the surface, exact normals, colours and weights blended from the blobs.

    `joints` are bone numbers of the blobs; `occlusion` comes from how far the field is open along the normal.
    """
    blobs = mould.blobs
    lowest, highest = _extent(blobs)
    margin = 2.5 * mould.detail
    positions, indices = surface_nets(
        lambda p: field(blobs, p), lowest - margin, highest + margin, mould.detail, slack=max(b.blend for b in blobs)
    )
    for _ in range(2):
        positions = positions - field(blobs, positions)[:, None] * _gradient(blobs, positions, mould.detail * 0.5)
    normals = _gradient(blobs, positions, mould.detail * 0.75)
    solid = [b for b in blobs if not b.cut]
    distances = np.stack([b.distance(positions) for b in solid], axis=1)
    near = np.maximum(distances - distances.min(1, keepdims=True), 0)
    share = np.exp(-near / (1.2 * mould.detail))
    share /= share.sum(1, keepdims=True)
    joints, weights = bone_weights(near, [b.bone for b in solid], spread=2.5 * mould.detail)
    return Mesh.of(
        positions,
        indices,
        normals=normals,
        colours=share @ np.array([b.colour for b in solid]),
        material=np.array([b.material for b in solid])[distances.argmin(1)],
        mask=share @ np.array([b.mask for b in solid]),
        occlusion=_openness(blobs, positions, normals, float((highest - lowest).max())),
        joints=joints,
        weights=weights,
    )


def bone_weights(near: np.ndarray, bones: Sequence[int], *, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """(N, 4) joints and (N, 4) weights from distances `near` (N, P) to parts carried by `bones` (P,)."""
    names, column = np.unique(np.asarray(bones), return_inverse=True)
    closest = np.full((len(near), len(names)), np.inf)
    for part in range(near.shape[1]):
        np.minimum(closest[:, column[part]], near[:, part], out=closest[:, column[part]])
    pull = np.exp(-((closest / spread) ** 1.0))
    count = min(4, len(names))
    best = np.argsort(-pull, axis=1, kind="stable")[:, :count]
    weights = np.zeros((len(near), 4), np.float32)
    joints = np.zeros((len(near), 4), np.uint8)
    weights[:, :count] = np.take_along_axis(pull, best, 1)
    joints[:, :count] = names[best]
    weights[weights < 0.02] = 0
    return joints, weights / np.maximum(weights.sum(1, keepdims=True), 1e-9)


def _vec(v: object) -> Vec:
    x, y, z = (float(c) for c in v)  # type: ignore[attr-defined]
    return x, y, z


def _cone_distance(p: np.ndarray, a: Vec, b: Vec, ra: float, rb: float) -> np.ndarray:
    start, axis = np.asarray(a, p.dtype), np.asarray(b, p.dtype) - np.asarray(a, p.dtype)
    rel = p - start
    squared = float(axis @ axis)
    if squared < 1e-12:
        return np.sqrt(np.einsum("ij,ij->i", rel, rel)) - max(ra, rb)
    h = np.clip(rel @ axis / squared, 0.0, 1.0)
    rest = rel - h[:, None] * axis
    return np.sqrt(np.einsum("ij,ij->i", rest, rest)) - (ra + (rb - ra) * h)


def _smooth_min(a: np.ndarray, b: np.ndarray, k: float) -> np.ndarray:
    if k <= 0:
        return np.minimum(a, b)
    h = np.maximum(k - np.abs(a - b), 0.0) / k
    return np.minimum(a, b) - h * h * (k * 0.25)


def _gradient(blobs: Sequence[Blob], p: np.ndarray, step: float) -> np.ndarray:
    corners = np.array([[1, -1, -1], [-1, -1, 1], [-1, 1, -1], [1, 1, 1]], p.dtype)
    total = sum(c * field(blobs, p + c * step)[:, None] for c in corners)
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9)


def _openness(blobs: Sequence[Blob], p: np.ndarray, n: np.ndarray, size: float) -> np.ndarray:
    open_ = np.ones(len(p))
    for reach, weight in ((0.02, 0.4), (0.06, 0.35), (0.16, 0.25)):
        h = reach * size
        open_ -= weight * np.clip(1.0 - field(blobs, p + n * h) / h, 0.0, 1.0)
    return np.clip(open_, 0.15, 1.0)


def _extent(blobs: Sequence[Blob]) -> tuple[np.ndarray, np.ndarray]:
    low, high = [], []
    for b in blobs:
        if b.cut:
            continue
        if b.kind == "cone":
            r = max(b.ra, b.rb)
            low.append(np.minimum(b.a, b.b) - r)
            high.append(np.maximum(b.a, b.b) + r)
        else:
            r = np.linalg.norm(b.radii) if b.rotation is not None else np.asarray(b.radii)
            low.append(np.asarray(b.a) - r)
            high.append(np.asarray(b.a) + r)
    return np.min(low, axis=0), np.max(high, axis=0)
