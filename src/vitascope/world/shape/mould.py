"""Smooth unions of signed-distance blobs, meshed by surface nets on a sparse grid.

Distances are in metres, negative inside. The smooth minimum is the quadratic one of I. Quilez ("smooth minimum").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vitascope.world.mesh import Mesh
from vitascope.world.shape.nets import surface_nets
from vitascope.world.workshop import kept

__all__ = ["Blob", "Mould", "ball", "bone_weights", "cone", "ellipsoid", "limb", "mould_mesh", "rounded_box"]

Vec = tuple[float, float, float]
MELTING = 3.0
"""A blob farther off than the others by this many times the widest blend does not show."""


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
        return self.distance_at(*np.ascontiguousarray(p.T))

    def distance_at(self, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        """(n,) signed distance at points with coordinates x, y, z (n,) each: columns are quicker than rows."""
        x, y, z = x - self.a[0], y - self.a[1], z - self.a[2]
        if self.kind == "cone":
            return _cone_distance((x, y, z), self.a, self.b, self.ra, self.rb)
        if self.rotation is not None:
            (a, b, c), (d, e, f), (g, h, i) = self.rotation
            x, y, z = x * a + y * d + z * g, x * b + y * e + z * h, x * c + y * f + z * i
        rx, ry, rz = self.radii
        if self.kind == "ellipsoid":
            x, y, z = x / rx, y / ry, z / rz
            k0 = np.sqrt(x * x + y * y + z * z)
            x, y, z = x / rx, y / ry, z / rz
            k1 = np.sqrt(x * x + y * y + z * z)
            return k0 * (k0 - 1.0) / np.maximum(k1, 1e-6)
        soft = self.rounding
        x, y, z = np.abs(x) - (rx - soft), np.abs(y) - (ry - soft), np.abs(z) - (rz - soft)
        deepest = np.minimum(np.maximum(np.maximum(x, y), z), 0.0)
        x, y, z = np.maximum(x, 0.0), np.maximum(y, 0.0), np.maximum(z, 0.0)
        return np.sqrt(x * x + y * y + z * z) + deepest - soft

    def bounds(self, reach: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        """Corners (3,) of a box beyond which `distance` is at least `reach`."""
        if self.kind == "cone":
            half = np.full(3, max(self.ra, self.rb) + reach)
            return np.minimum(self.a, self.b) - half, np.maximum(self.a, self.b) + half
        if self.kind == "ellipsoid":
            # The bound of an ellipsoid falls short of the distance, the more so the flatter it is.
            reach *= max(self.radii) / min(self.radii)
        half = np.full(3, float(np.linalg.norm(self.radii))) if self.rotation is not None else np.asarray(self.radii)
        return np.asarray(self.a) - half - reach, np.asarray(self.a) + half + reach


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


def field(blobs: Sequence[Blob], p: np.ndarray, reach: float = np.inf) -> np.ndarray:
    """(n,) signed distance of the whole at points p (n, 3): true where it is less than `reach`, at least that elsewhere.

    With a reach each blob is asked only where it could matter, which is a small part of a body.
    """
    x, y, z = np.ascontiguousarray(p.T)
    d = np.full(len(p), 1e3, p.dtype)
    reach += MELTING * max(blob.blend for blob in blobs)
    for blob in blobs:
        here = _within(blob, reach, x, y, z)
        if here is None:
            d = _joined(d, blob.distance_at(x, y, z), blob)
        elif len(here):
            d[here] = _joined(d[here], blob.distance_at(x[here], y[here], z[here]), blob)
    return d


def _within(blob: Blob, reach: float, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray | None:
    """Numbers of the points where a blob may be nearer than `reach`; None for (nearly) all of them."""
    if not np.isfinite(reach):
        return None
    low, high = (corner.astype(x.dtype) for corner in blob.bounds(reach))
    inside = (x > low[0]) & (x < high[0]) & (y > low[1]) & (y < high[1]) & (z > low[2]) & (z < high[2])
    count = int(np.count_nonzero(inside))
    return np.flatnonzero(inside) if count < 0.8 * len(x) else None


def _joined(d: np.ndarray, di: np.ndarray, blob: Blob) -> np.ndarray:
    return -_smooth_min(-d, di, blob.blend) if blob.cut else _smooth_min(d, di, blob.blend)


def mould_mesh(mould: Mould) -> Mesh:
    """The mesh of a mould: vertices on the surface, exact normals, colours and weights blended from the blobs.

    `joints` are bone numbers of the blobs; `occlusion` comes from how far the field is open along the normal.
    """
    bare = tuple(replace(b, bone=0, material=0, colour=(1.0, 1.0, 1.0), mask=1.0) for b in mould.blobs)
    positions, indices, normals, occlusion = kept("mould", (bare, mould.detail), lambda: _surface(bare, mould.detail))
    solid = [b for b in mould.blobs if not b.cut]
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
        occlusion=occlusion,
        joints=joints,
        weights=weights,
    )


def _surface(blobs: tuple[Blob, ...], detail: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Positions (N, 3), triangles (M, 3), normals (N, 3) and occlusion (N,), whatever the colours and bones of the blobs."""
    lowest, highest = _extent(blobs)
    margin = 2.5 * detail
    positions, indices = surface_nets(
        lambda p, reach: field(blobs, p, reach),
        lowest - margin,
        highest + margin,
        detail,
        slack=max(b.blend for b in blobs),
    )
    for _ in range(2):
        away = field(blobs, positions, 4.0 * detail)
        positions = positions - away[:, None] * _gradient(blobs, positions, detail * 0.5)
    normals = _gradient(blobs, positions, detail * 0.75)
    return positions, indices, normals, _openness(blobs, positions, normals, float((highest - lowest).max()))


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


def _cone_distance(rel: tuple[np.ndarray, np.ndarray, np.ndarray], a: Vec, b: Vec, ra: float, rb: float) -> np.ndarray:
    """(n,) for points given by their columns relative to `a`."""
    x, y, z = rel
    ux, uy, uz = (end - start for start, end in zip(a, b, strict=True))
    squared = ux * ux + uy * uy + uz * uz
    if squared < 1e-12:
        return np.sqrt(x * x + y * y + z * z) - max(ra, rb)
    h = np.clip((x * ux + y * uy + z * uz) / squared, 0.0, 1.0)
    x, y, z = x - h * ux, y - h * uy, z - h * uz
    return np.sqrt(x * x + y * y + z * z) - (ra + (rb - ra) * h)


def _smooth_min(a: np.ndarray, b: np.ndarray, k: float) -> np.ndarray:
    if k <= 0:
        return np.minimum(a, b)
    h = np.maximum(k - np.abs(a - b), 0.0) / k
    return np.minimum(a, b) - h * h * (k * 0.25)


def _gradient(blobs: Sequence[Blob], p: np.ndarray, step: float) -> np.ndarray:
    corners = np.array([[1, -1, -1], [-1, -1, 1], [-1, 1, -1], [1, 1, 1]], p.dtype)
    total = sum(c * field(blobs, p + c * step, 8.0 * step)[:, None] for c in corners)
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9)


def _openness(blobs: Sequence[Blob], p: np.ndarray, n: np.ndarray, size: float) -> np.ndarray:
    open_ = np.ones(len(p))
    for reach, weight in ((0.02, 0.4), (0.06, 0.35), (0.16, 0.25)):
        h = reach * size
        open_ -= weight * np.clip(1.0 - field(blobs, p + n * h, h) / h, 0.0, 1.0)
    return np.clip(open_, 0.15, 1.0)


def _extent(blobs: Sequence[Blob]) -> tuple[np.ndarray, np.ndarray]:
    corners = [blob.bounds() for blob in blobs if not blob.cut]
    return np.min([low for low, _ in corners], axis=0), np.max([high for _, high in corners], axis=0)
