"""The shapes that a part may have: each word of the parts language with its numbers, as a mesh."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from vitascope.recipe import RecipeError
from vitascope.world.mesh import Mesh
from vitascope.world.shape import (
    Blob,
    Mould,
    ball,
    box,
    cone,
    cone_solid,
    creased,
    cylinder,
    disc,
    ellipsoid,
    extrude,
    lathe,
    loft,
    mould_mesh,
    rounded_box,
    sphere,
    tube,
)

__all__ = ["OPTIONS", "SHAPES", "blobs_of", "hull", "mould", "torus", "winged"]

Options = Mapping[str, float]
Numbers = list

OPTIONS = ("bevel", "segments", "depth", "smooth", "square", "top", "start", "sweep", "thick")
_SEGMENTS = (3, 64)
_BLOBS = 40


def torus(
    ring: float, thick: float, *, segments: int = 28, sides: int = 12, start: float = 0.0, sweep: float = 360.0
) -> Mesh:
    """A ring of radius `ring` round the y axis (or an arc of it, in degrees from +z towards +x), `thick` in radius."""
    whole = sweep >= 360.0
    count = segments + 1
    angle = np.radians(start + np.linspace(0, sweep, count))
    around = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    radius = ring + thick * np.cos(around)
    rings = np.stack(
        [
            radius * np.sin(angle)[:, None],
            np.broadcast_to(thick * np.sin(around), (count, sides)),
            radius * np.cos(angle)[:, None],
        ],
        -1,
    )
    return loft(rings[:, ::-1], cap=not whole, angle=60)


def hull(sections: np.ndarray, *, square: float = 2.0, segments: int = 20, angle: float = 40.0) -> Mesh:
    """A skin along z over sections (R, 4): z, full width, full height, height of the middle. `square` 2 is an ellipse."""
    turn = np.linspace(0, 2 * np.pi, segments, endpoint=False) + np.pi / segments
    c, s = np.cos(turn), np.sin(turn)
    x = np.sign(c) * np.abs(c) ** (2 / square)
    y = np.sign(s) * np.abs(s) ** (2 / square)
    z, width, height, middle = (sections[:, k][:, None] for k in range(4))
    w, h = np.maximum(width, 1e-4) / 2, np.maximum(height, 1e-4) / 2
    rings = np.stack([w * x, middle + h * y, np.broadcast_to(z, (len(sections), segments))], -1)
    return loft(rings, angle=angle)


def winged(mesh: Mesh) -> Mesh:
    """A thin sheet with both of its faces: the back is the front turned inside out."""
    n = len(mesh.positions)
    return Mesh.of(
        np.concatenate([mesh.positions, mesh.positions - mesh.normals * 1e-3]),
        np.concatenate([mesh.indices, mesh.indices[:, ::-1] + n]),
        normals=np.concatenate([mesh.normals, -mesh.normals]),
    )


def sheet(points: np.ndarray, rows: int) -> Mesh:
    """A curved sheet through `rows` rows of equally many points (N, 3), seen from both sides."""
    grid = points.reshape(rows, -1, 3)
    columns = grid.shape[1]
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, :-1].ravel(), index[1:, 1:].ravel()
    return winged(creased(points, np.concatenate([np.stack([a, b, d], -1), np.stack([a, d, c], -1)]), angle=60))


def blobs_of(rows: list[dict], where: str) -> tuple[Blob, ...]:
    """The blobs of a mould from rows such as {ball: [x, y, z], r: 0.1} or {cone: [x, y, z, x, y, z], r: [0.1, 0.05]}."""
    if not 1 <= len(rows) <= _BLOBS:
        raise RecipeError(f"{where} has {len(rows)} blobs; 1 to {_BLOBS} are allowed.")
    return tuple(_blob(row, where) for row in rows)


def mould(rows: list[dict], cell: float, where: str) -> Mesh:
    """A smooth union of blobs, meshed with cells of `cell` metres."""
    return mould_mesh(Mould(blobs=blobs_of(rows, where), detail=cell))


def _blob(row: dict, where: str) -> Blob:
    more = {
        "blend": row.get("blend", 0.03),
        "cut": bool(row.get("cut", False)),
        "colour": tuple(row.get("colour", (1, 1, 1))),
    }
    r = row.get("r", 0.1)
    if "ball" in row:
        return ball(_sized(row["ball"], 3, where), float(r), **more)
    if "cone" in row:
        ends = _sized(row["cone"], 6, where)
        ra, rb = (float(r), float(r)) if isinstance(r, (int, float)) else _sized(r, 2, where)
        return cone(ends[:3], ends[3:], ra, rb, **more)
    if "ellipsoid" in row:
        return ellipsoid(_sized(row["ellipsoid"], 3, where), _sized(r, 3, where), **more)
    if "rounded_box" in row:
        return rounded_box(
            _sized(row["rounded_box"], 3, where), _sized(r, 3, where), float(row.get("rounding", 0.02)), **more
        )
    raise RecipeError(f"{where} has a blob {sorted(row)}; a blob is a ball, cone, ellipsoid or rounded_box.")


def _sized(values: object, count: int, where: str) -> tuple:
    if not isinstance(values, (list, tuple)) or len(values) != count:
        raise RecipeError(f"{where} has {values!r}; {count} numbers are needed there.")
    return tuple(float(v) for v in values)


def _round(options: Options, usual: int) -> int:
    return int(np.clip(options.get("segments", usual), *_SEGMENTS))


def _box(v: Numbers, o: Options) -> Mesh:
    return box((v[0], v[1], v[2]), centre=(0.0, v[1] / 2, 0.0), bevel=o.get("bevel", 0.012 * min(v[:3])))


def _cylinder(v: Numbers, o: Options) -> Mesh:
    return cylinder(v[0], v[1], segments=_round(o, 20), bevel=o.get("bevel", 0.04 * min(v[0], v[1])))


def _cone(v: Numbers, o: Options) -> Mesh:
    return cone_solid(v[0], v[1], top=v[2] if len(v) > 2 else 0.0, segments=_round(o, 20))


def _sphere(v: Numbers, o: Options) -> Mesh:
    radii = v if len(v) == 3 else [v[0]] * 3
    return sphere(radii[0], segments=_round(o, 20), squash=(1.0, radii[1] / radii[0], radii[2] / radii[0]))


def _torus(v: Numbers, o: Options) -> Mesh:
    sides = 12 if v[1] > 0.12 * v[0] else 8
    return torus(
        v[0], v[1], segments=_round(o, 28), sides=sides, start=o.get("start", 0.0), sweep=o.get("sweep", 360.0)
    )


def _lathe(v: Numbers, o: Options) -> Mesh:
    profile = np.array(v, float).reshape(-1, 2)
    profile[:, 0] = np.maximum(profile[:, 0], 1e-5)
    return lathe([(r, y) for r, y in profile], segments=_round(o, 24), angle=o.get("smooth", 35.0))


def _loft(v: Numbers, o: Options) -> Mesh:
    rows = np.array(v, float).reshape(-1, 4)
    return hull(rows, square=o.get("square", 2.0), segments=_round(o, 20), angle=o.get("smooth", 40.0))


def _extrude(v: Numbers, o: Options) -> Mesh:
    outline = np.array(v, float).reshape(-1, 2)
    x, y = outline.T
    if (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() < 0:
        outline = outline[::-1]
    return extrude([(px, py) for px, py in outline], o.get("depth", 0.02), bevel=o.get("bevel", 0.0))


def _tube(v: Numbers, o: Options) -> Mesh:
    path = np.array(v, float).reshape(-1, 3)
    path = _curved(path) if o.get("smooth", 0.0) > 0 and len(path) > 2 else path
    return tube(
        path,
        np.linspace(o.get("thick", 0.01), o.get("top", o.get("thick", 0.01)), len(path)).tolist(),
        segments=_round(o, 8),
    )


def _curved(path: np.ndarray) -> np.ndarray:
    padded = np.concatenate([[2 * path[0] - path[1]], path, [2 * path[-1] - path[-2]]])
    u = np.linspace(0, 1, 5)[:-1, None]
    pieces = [
        0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3)
        for a, b, c, d in zip(padded[:-3], padded[1:-2], padded[2:-1], padded[3:], strict=True)
    ]
    return np.concatenate([*pieces, path[-1:]])


def _disc(v: Numbers, o: Options) -> Mesh:
    return disc(v[0], segments=_round(o, 24))


def _sheet(v: Numbers, o: Options) -> Mesh:
    points = np.array(v, float).reshape(-1, 3)
    return sheet(points, max(2, int(o.get("segments", 2))))


Rule = tuple[Callable[[Numbers, Options], Mesh], int, int, str]
SHAPES: Mapping[str, Rule] = {
    "box": (_box, 3, 3, "width, height, length"),
    "cylinder": (_cylinder, 2, 2, "radius, height"),
    "cone": (_cone, 2, 3, "radius, height and, for a stump, the radius of its top"),
    "sphere": (_sphere, 1, 3, "a radius, or three"),
    "torus": (_torus, 2, 2, "radius of the ring, radius of its thickness"),
    "lathe": (_lathe, 4, 128, "pairs of radius and height from the bottom up"),
    "tube": (_tube, 6, 240, "points x, y, z"),
    "extrude": (_extrude, 6, 160, "points x, y round the outline"),
    "loft": (_loft, 8, 96, "rows of z, width, height, height of the middle"),
    "disc": (_disc, 1, 1, "a radius"),
    "sheet": (_sheet, 12, 300, "points x, y, z in as many rows as `segments` says"),
}
"""By name: maker, least and most numbers, and what the numbers are (for messages)."""
