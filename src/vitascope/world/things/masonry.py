"""What buildings have besides plain walls: windows, doors, roofs, battlements, arches, stairs, lattices and sails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from vitascope.recipe import RecipeError
from vitascope.world.mesh import Mesh, joined, transformed
from vitascope.world.shape import box, creased, cylinder, extrude, lathe, loft, tube
from vitascope.world.things.kit import Kit, placed

__all__ = ["FEATURES", "add_features"]

Row = Mapping[str, Any]
_LIMIT = 80


def add_features(kit: Kit, rows: Sequence[Row], where: str) -> None:
    """Add rows {kind, at, facing, size, ...} of a recipe's parameter `features`. Raises RecipeError for unknown kinds."""
    if len(rows) > _LIMIT:
        raise RecipeError(f"{where} has {len(rows)} features; {_LIMIT} are allowed.")
    for row in rows:
        maker = FEATURES.get(str(row.get("kind")))
        if maker is None:
            raise RecipeError(
                f"{where} has a feature of the kind {row.get('kind')!r}; known are {', '.join(FEATURES)}."
            )
        repeat = row.get("repeat", {})
        count = int(repeat.get("count", 1))
        if not 1 <= count <= 60:
            raise RecipeError(f"{where} repeats a {row['kind']} {count} times; 1 to 60 are allowed.")
        for k in range(count):
            at = np.asarray(row.get("at", (0, 0, 0)), float) + k * np.asarray(repeat.get("step", (0, 0, 0)), float)
            turn = float(row.get("facing", 0.0))
            if "ring" in repeat:
                angle = float(repeat["ring"]) * k / count
                at = placed(turn=(0, angle, 0))[:3, :3] @ at
                turn += angle
            maker(kit, row, placed(tuple(at), (0, turn, 0)), k)


def _put(kit: Kit, mesh: Mesh, material: str, matrix: np.ndarray, row: Row) -> None:
    kit.add(transformed(mesh, matrix), material, mirror=str(row.get("mirror", "")), bone=str(row.get("bone", "root")))


def _window(kit: Kit, row: Row, matrix: np.ndarray, number: int) -> None:
    """A framed pane, the middle of its sill at the place: size [w, h], `bars` [across, up], `shutters` a material."""
    w, h = row.get("size", (0.9, 1.2))
    frame, t = str(row.get("frame", "frame")), 0.07 * min(w, h) + 0.02
    pane = "pane_dark" if "pane_dark" in kit.materials and number % 3 == 1 else "pane"
    _put(kit, box((w, h, 0.04), centre=(0, h / 2, 0.02)), pane, matrix, row)
    bars = [
        box((w + 2 * t, t, 0.12), centre=(0, h + t / 2, 0.04)),
        box((t, h, 0.12), centre=(w / 2 + t / 2, h / 2, 0.04)),
        box((t, h, 0.12), centre=(-w / 2 - t / 2, h / 2, 0.04)),
        box((w + 4 * t, t, 0.2), centre=(0, -t / 2, 0.07), bevel=0.01),
    ]
    across, up = row.get("bars", (1, 1))
    bars += [
        box((0.035, h, 0.06), centre=(-w / 2 + w * (k + 1) / (across + 1), h / 2, 0.03)) for k in range(int(across))
    ]
    bars += [box((w, 0.035, 0.06), centre=(0, h * (k + 1) / (up + 1), 0.03)) for k in range(int(up))]
    _put(kit, joined(bars), frame, matrix, row)
    if row.get("shutters"):
        for side in (-1, 1):
            leaf = box((0.5 * w, h + t, 0.05), centre=(side * (0.77 * w + t), h / 2, 0.05), bevel=0.012)
            _put(kit, leaf, str(row["shutters"]), matrix, row)


def _door(kit: Kit, row: Row, matrix: np.ndarray, number: int) -> None:
    """A panelled leaf in a frame on two steps: size [w, h]."""
    w, h = row.get("size", (1.0, 2.1))
    leaf = [box((w, h, 0.06), centre=(0, h / 2, 0.03))]
    for x in (-0.24 * w, 0.24 * w):
        leaf += [
            box((0.36 * w, 0.36 * h, 0.03), centre=(x, 0.27 * h, 0.06), bevel=0.012),
            box((0.36 * w, 0.34 * h, 0.03), centre=(x, 0.72 * h, 0.06), bevel=0.012),
        ]
    _put(kit, joined(leaf), str(row.get("leaf", "door")), matrix, row)
    frame = [box((0.12, h + 0.12, 0.16), centre=(s * (w / 2 + 0.06), (h + 0.12) / 2, 0.05)) for s in (-1, 1)]
    frame.append(box((w, 0.12, 0.16), centre=(0, h + 0.06, 0.05)))
    _put(kit, joined(frame), str(row.get("frame", "frame")), matrix, row)
    if row.get("step", True):
        _put(
            kit,
            box((w + 0.6, 0.14, 0.7), centre=(0, 0.07 - float(row.get("drop", 0.0)), 0.3), bevel=0.015),
            str(row.get("stone", "stone"))
            if row.get("stone", "stone") in kit.materials
            else str(row.get("frame", "frame")),
            matrix,
            row,
        )


def _gable(kit: Kit, row: Row, matrix: np.ndarray, number: int) -> None:
    """A pitched roof: size [w, rise, d] of the walls below, ridge along x; `over` hangs past the walls."""
    w, rise, d = row["size"]
    over, thick = float(row.get("over", 0.35)), float(row.get("thick", 0.14))
    slope = rise / (d / 2)
    drop = over * slope
    half = d / 2 + over
    outline = [
        (half, -drop),
        (0.0, rise),
        (-half, -drop),
        (-half, -drop + thick),
        (0.0, rise + thick * 1.15),
        (half, -drop + thick),
    ]
    roof = extrude([(-z, y) for z, y in outline], w + 2 * over)
    _put(kit, transformed(roof, placed(turn=(0, 90, 0))), str(row.get("material", "roof")), matrix, row)
    wall = extrude([(-d / 2, 0.0), (d / 2, 0.0), (0.0, rise)], w - 0.02)
    _put(kit, transformed(wall, placed(turn=(0, 90, 0))), str(row.get("wall", "wall")), matrix, row)
    if row.get("trim"):
        for s in (-1, 1):
            for z in (-1, 1):
                path = np.array(
                    [[s * (w / 2 + over), -drop + thick / 2, z * half], [s * (w / 2 + over), rise + thick / 2, 0]]
                )
                _put(kit, tube(path, 0.07, segments=6), str(row["trim"]), matrix, row)


def _hip(kit: Kit, row: Row, matrix: np.ndarray, number: int) -> None:
    """A roof that slopes on four sides: size [w, rise, d], `ridge` its length along x (0 is a pyramid), `curl` bends it."""
    w, rise, d = row["size"]
    over, ridge, curl = float(row.get("over", 0.4)), float(row.get("ridge", 0.0)), float(row.get("curl", 0.0))
    levels = np.linspace(0, 1, 7 if curl else 2)
    rings = []
    for u in levels:
        y = rise * (u if not curl else (1 - curl) * u + curl * u**2.2)
        x = (w / 2 + over) * (1 - u) + ridge / 2 * u
        z = (d / 2 + over) * (1 - u) + 1e-4 * u
        lift = 0.35 * over * (1 - u) ** 3 if curl else 0.0
        corners = [
            (x, z, lift),
            (0, z, 0),
            (-x, z, lift),
            (-x, 0, 0),
            (-x, -z, lift),
            (0, -z, 0),
            (x, -z, lift),
            (x, 0, 0),
        ]
        rings.append([(a, y + c, b) for a, b, c in corners])
    rings = np.array(rings)
    base = rings[:1] - [0, 0.1, 0]
    points = np.concatenate([base, rings])[:, ::-1]
    _put(kit, _closed(points), str(row.get("material", "roof")), matrix, row)


def _closed(rings: np.ndarray) -> Mesh:
    """A capped skin over rings (L, S, 3) going up; each runs clockwise seen from above."""
    mesh = loft(rings, angle=30)
    outward = np.einsum("ij,ij->i", mesh.positions - rings.mean((0, 1)), mesh.normals).mean()
    return mesh if outward > 0 else loft(rings[:, ::-1], angle=30)


def _battlement(kit: Kit, row: Row, matrix: np.ndarray, number: int) -> None:
    """Merlons: round with `radius`, or along the edges of size [w, d]; `tooth` [width, height, depth]."""
    a, h, t = row.get("tooth", (0.7, 0.9, 0.45))
    teeth = []
    if "radius" in row:
        r = float(row["radius"])
        count = max(6, int(2 * np.pi * r / (2 * a)))
        for k in range(count):
            teeth.append(
                transformed(box((a, h, t), centre=(0, h / 2, r - t / 2)), placed(turn=(0, 360 * k / count, 0)))
            )
    else:
        w, d = row["size"]
        for length, other, turn in ((w, d, 0), (w, d, 180), (d, w, 90), (d, w, 270)):
            count = max(2, round(length / (2 * a)))
            for k in range(count + 1):
                x = -length / 2 + a / 2 + (length - a) * k / count
                teeth.append(
                    transformed(box((a, h, t), centre=(x, h / 2, other / 2 - t / 2)), placed(turn=(0, turn, 0)))
                )
    _put(kit, joined(teeth), str(row.get("material", "wall")), matrix, row)


def _tower(kit: Kit, row: Row, matrix: np.ndarray, number: int) -> None:
    """A round tower: `radius`, `height`, corbelled top with battlements, or a pointed `spire` of that height."""
    r, h = float(row["radius"]), float(row["height"])
    profile = [
        (1e-4, 0),
        (1.12 * r, 0),
        (1.02 * r, 0.1 * h),
        (r, 0.14 * h),
        (0.97 * r, 0.86 * h),
        (1.14 * r, 0.9 * h),
        (1.16 * r, h),
        (1.0 * r, h),
        (1.0 * r, h - 0.4),
        (1e-4, h - 0.4),
    ]
    _put(kit, lathe(profile, segments=24, angle=30), str(row.get("material", "wall")), matrix, row)
    if row.get("spire"):
        cone = [
            (1e-4, h - 0.05),
            (1.3 * r, h - 0.05),
            (1.28 * r, h + 0.05),
            (0.55 * r, h + 0.5 * float(row["spire"])),
            (1e-4, h + float(row["spire"])),
        ]
        _put(kit, lathe(cone, segments=24, angle=30), str(row.get("roof", "roof")), matrix, row)
    else:
        merlons = {"radius": 1.16 * r, "tooth": (0.28 * r, 0.3 * r, 0.2 * r), "material": row.get("material", "wall")}
        _battlement(kit, merlons, matrix @ placed((0, h, 0)), number)
    for k in range(int(row.get("slits", 3))):
        slit = box((0.14 * r, 0.5 * r, 0.1), centre=(0, h * (0.35 + 0.2 * k), 0.985 * r))
        _put(
            kit,
            transformed(slit, placed(turn=(0, 70 * k - 40, 0))),
            "pane" if "pane" in kit.materials else "dark",
            matrix,
            row,
        )


def _arch(kit: Kit, row: Row, matrix: np.ndarray, number: int) -> None:
    """A wall in x, y pierced by a round-headed opening: size [w, h, thickness], `opening` [w, h]."""
    w, h, t = row["size"]
    ow, oh = row["opening"]
    spring = oh - ow / 2
    arc = [(ow / 2 * np.cos(a), spring + ow / 2 * np.sin(a)) for a in np.linspace(0, np.pi, 13)]
    outline = [(-w / 2, 0), (-ow / 2, 0), *reversed(arc), (ow / 2, 0), (w / 2, 0), (w / 2, h), (-w / 2, h)]
    _put(kit, extrude(outline, t), str(row.get("material", "wall")), matrix, row)


def _stairs(kit: Kit, row: Row, matrix: np.ndarray, number: int) -> None:
    """Steps that rise towards -z: size [w, h, d], `steps`."""
    w, h, d = row["size"]
    count = int(np.clip(row.get("steps", 5), 1, 60))
    blocks = [
        box((w, h / count * (k + 1), d / count), centre=(0, h / count * (k + 1) / 2, d / 2 - d / count * (k + 0.5)))
        for k in range(count)
    ]
    _put(kit, joined(blocks), str(row.get("material", "stone")), matrix, row)


def _columns(kit: Kit, row: Row, matrix: np.ndarray, number: int) -> None:
    """One column with base and capital: `radius`, `height`."""
    r, h = float(row["radius"]), float(row["height"])
    shaft = lathe(
        [
            (1e-4, 0.0),
            (1.35 * r, 0.0),
            (1.35 * r, 0.12 * r * 2),
            (1.1 * r, 0.5 * r),
            (r, 0.8 * r),
            (0.86 * r, h - 0.9 * r),
            (1.25 * r, h - 0.35 * r),
            (1e-4, h - 0.35 * r),
        ],
        segments=18,
        angle=32,
    )
    cap = box((2.7 * r, 0.36 * r, 2.7 * r), centre=(0, h - 0.18 * r, 0))
    _put(kit, joined([shaft, cap]), str(row.get("material", "stone")), matrix, row)


def _lattice(kit: Kit, row: Row, matrix: np.ndarray, number: int) -> None:
    """A girder of four legs with crossed braces between `levels` [[height, half width], ...]."""
    levels = [(float(y), float(x)) for y, x in row["levels"]]
    thick = float(row.get("thick", 0.3))
    beams = []
    for (y0, a), (y1, b) in pairwise(levels):
        t = thick * max(0.35, b / levels[0][1])
        for sx, sz in ((1, 1), (-1, 1), (-1, -1), (1, -1)):
            nx, nz = (-sz, sx)
            foot, head = np.array([sx * a, y0, sz * a]), np.array([sx * b, y1, sz * b])
            next_foot, next_head = np.array([nx * a, y0, nz * a]), np.array([nx * b, y1, nz * b])
            beams.append(tube(np.array([foot, head]), t, segments=4))
            beams.append(tube(np.array([foot, next_head]), 0.4 * t, segments=4))
            beams.append(tube(np.array([next_foot, head]), 0.4 * t, segments=4))
            beams.append(tube(np.array([head, next_head]), 0.5 * t, segments=4))
    _put(kit, joined(beams), str(row.get("material", "iron")), matrix, row)


def _cables(kit: Kit, row: Row, matrix: np.ndarray, number: int) -> None:
    """A main cable that sags between `towers` [x...] at height `top` to `low`, with hangers down to `deck`; at z = 0."""
    xs, top, low, deck = [float(x) for x in row["towers"]], float(row["top"]), float(row["low"]), float(row["deck"])
    ends = float(row["ends"])
    points, hangers = [], []
    spans = [
        (-ends, xs[0], deck, top),
        *[(a, b, top, top) for a, b in pairwise(xs)],
        (xs[-1], ends, top, deck),
    ]
    for a, b, ya, yb in spans:
        for u in np.linspace(0, 1, 13)[: 12 if b < ends else 13]:
            x, y = a + (b - a) * u, ya + (yb - ya) * u
            sag = 4 * u * (1 - u) * ((top - low) if ya == yb else 0.25 * (top - low))
            points.append((x, y - sag, 0.0))
            if 0.02 < u < 0.98 and y - sag > deck + 0.3:
                hangers.append(
                    tube(np.array([[x, deck, 0.0], [x, y - sag, 0.0]]), float(row.get("thick", 0.12)) * 0.4, segments=4)
                )
    _put(
        kit,
        joined([tube(np.array(points), float(row.get("thick", 0.12)), segments=6), *hangers]),
        str(row.get("material", "iron")),
        matrix,
        row,
    )


def _sail(kit: Kit, row: Row, matrix: np.ndarray, number: int) -> None:
    """A mill's sail in the x, y plane pointing up: a spar with a lattice and cloth, `length` long."""
    n = float(row["length"])
    spar = box((0.18, n, 0.14), centre=(0, n / 2, 0))
    bars = [box((0.27 * n, 0.07, 0.06), centre=(0.1 * n, y, 0.02)) for y in np.linspace(0.2 * n, 0.98 * n, 9)]
    bars += [box((0.06, 0.8 * n, 0.05), centre=(x, 0.59 * n, 0.02)) for x in (0.12 * n, 0.225 * n)]
    turn = placed(turn=(0, 0, float(row.get("angle", 0.0)) + float(row.get("spread", 0.0)) * number))
    _put(kit, transformed(joined([spar, *bars]), turn), str(row.get("material", "wood")), matrix, row)
    cloth = box((0.22 * n, 0.76 * n, 0.02), centre=(0.115 * n, 0.59 * n, -0.02))
    _put(kit, transformed(cloth, turn), str(row.get("cloth", "cloth")), matrix, row)


def _ring(kit: Kit, row: Row, matrix: np.ndarray, number: int) -> None:
    """A round railing: `radius`, `height`, posts and two rails."""
    r, h = float(row["radius"]), float(row.get("height", 1.0))
    count = max(10, int(2 * np.pi * r / 0.8))
    turn = np.linspace(0, 2 * np.pi, 41)
    rails = [
        tube(np.stack([r * np.sin(turn), np.full(41, y), r * np.cos(turn)], -1), 0.035, segments=6)
        for y in (0.5 * h, h)
    ]
    posts = [
        transformed(cylinder(0.03, h, segments=6), placed((r * np.sin(a), 0, r * np.cos(a))))
        for a in 2 * np.pi * np.arange(count) / count
    ]
    _put(kit, joined([*rails, *posts]), str(row.get("material", "iron")), matrix, row)


def _fence(kit: Kit, row: Row, matrix: np.ndarray, number: int) -> None:
    """Pickets along x: size [length, height], `gap` between them."""
    length, h = row["size"]
    gap = float(row.get("gap", 0.16))
    count = int(np.clip(length / gap, 2, 80))
    point = [(-0.045, 0), (0.045, 0), (0.045, h - 0.08), (0, h), (-0.045, h - 0.08)]
    pickets = [
        transformed(extrude(point, 0.03), placed((-length / 2 + length * (k + 0.5) / count, 0, 0.03)))
        for k in range(count)
    ]
    rails = [box((length, 0.08, 0.04), centre=(0, y, 0)) for y in (0.25 * h, 0.72 * h)]
    _put(kit, joined([*pickets, *rails]), str(row.get("material", "wood")), matrix, row)


def _panel(kit: Kit, row: Row, matrix: np.ndarray, number: int) -> None:
    """A flat polygon of points x, y, z with some thickness: awnings, tent sides, signs."""
    points = np.asarray(row["points"], float).reshape(-1, 3)
    ring = np.arange(len(points))
    faces = np.stack([np.zeros(len(points) - 2, int), ring[1:-1], ring[2:]], -1)
    normal = np.cross(points[1] - points[0], points[2] - points[0])
    normal /= max(np.linalg.norm(normal), 1e-9)
    t = float(row.get("thick", 0.04))
    both = np.concatenate([points, points - t * normal])
    n = len(points)
    sides = [[k, k + n, (k + 1) % n] for k in range(n)] + [[(k + 1) % n, k + n, (k + 1) % n + n] for k in range(n)]
    _put(
        kit,
        creased(both, np.concatenate([faces, faces[:, ::-1] + n, np.array(sides)]), angle=20),
        str(row.get("material", "wall")),
        matrix,
        row,
    )


FEATURES: Mapping[str, Callable[[Kit, Row, np.ndarray, int], None]] = {
    "window": _window, "door": _door, "gable": _gable, "hip": _hip, "battlement": _battlement, "tower": _tower,
    "arch": _arch, "stairs": _stairs, "column": _columns, "lattice": _lattice, "cables": _cables, "sail": _sail,
    "railing": _ring, "fence": _fence, "panel": _panel,
}  # fmt: skip
"""By kind: what adds one to a kit at a place (4, 4); the last number counts copies."""
