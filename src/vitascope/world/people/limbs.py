"""What clothes leave bare, and what covers hands and feet: hands, feet, shoes, boots and gloves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from vitascope.world.mesh import Mesh, transformed
from vitascope.world.people.anatomy import arm_blobs, cut_across, leg_blobs, trunk_blobs
from vitascope.world.people.frame import BONES, SIDES, bound, fixed, hand_size, smooth
from vitascope.world.people.physique import Physique
from vitascope.world.people.piece import Cells, Piece, mirrored, moulded
from vitascope.world.shape import ball, cone, ellipsoid, extrude, loft, rounded_box, tube

__all__ = ["bare_arms", "bare_feet", "bare_legs", "bare_trunk", "hands", "shoes"]


def hands(p: Physique, grain: Cells, *, material: str = "skin", grow: float = 0.0) -> list[Piece]:
    """Both hands: a palm, four fingers in two joints and a thumb. `grow` [m] is the thickness of gloves."""
    size = hand_size(p)
    along, inward, ahead = _hand_axes(p)
    wrist = np.array(p.wrist)

    def at(u: float, w: float, n: float) -> np.ndarray:
        return wrist + size * (u * along + w * ahead + n * inward)

    sides = 8 if grain.is_fine else 5
    palm_path = np.array(
        [
            at(u, w, n)
            for u, w, n in (
                (-0.02, 0, 0),
                (0.01, 0, 0),
                (0.04, 0.002, 0.002),
                (0.075, 0.002, 0.003),
                (0.096, 0.001, 0.004),
            )
        ]
    )
    widths = np.array([0.020, 0.023, 0.035, 0.038, 0.030]) * size + grow
    depths = np.array([0.018, 0.018, 0.0175, 0.0145, 0.009]) * size + grow
    parts: list[tuple[Mesh, str]] = [(_flat_tube(palm_path, widths, depths, ahead, inward, sides + 4), "hand")]
    for w, length, start in (
        (0.0275, 0.072, 0.084),
        (0.0095, 0.080, 0.088),
        (-0.0090, 0.075, 0.086),
        (-0.0265, 0.060, 0.079),
    ):
        r = (0.0098 if w > -0.02 else 0.0086) * size + 0.7 * grow
        path = np.array(
            [
                at(start - 0.02 + k * (length + 0.02), w * (1 - 0.10 * k), 0.003 + 0.016 * k * k)
                for k in (0, 0.28, 0.52, 0.62, 0.85, 0.96, 1.0)
            ]
        )
        radii = r * np.array([1.0, 1.02, 0.98, 0.97, 0.92, 0.72, 0.3])
        mesh = tube(path, radii.tolist(), segments=sides, angle=100)
        parts.append((mesh, "finger"))
    thumb = np.array(
        [
            at(*v)
            for v in (
                (0.012, 0.016, 0.004),
                (0.035, 0.036, 0.012),
                (0.058, 0.050, 0.018),
                (0.078, 0.057, 0.021),
                (0.088, 0.059, 0.022),
            )
        ]
    )
    parts.append(
        (
            tube(
                thumb,
                (np.array([0.016, 0.0145, 0.0112, 0.0098, 0.005]) * size + 0.7 * grow).tolist(),
                segments=sides,
                angle=100,
            ),
            "thumb",
        )
    )
    return _both_hands(parts, p, material)


def _both_hands(parts: list[tuple[Mesh, str]], p: Physique, material: str) -> list[Piece]:
    pieces = []
    for side, _ in SIDES:
        for mesh, bone in parts:
            placed = mesh if side == "l" else mirrored(mesh)
            placed = _curling(placed, p, side) if bone == "finger" else fixed(placed, f"{bone}_{side}")
            pieces.append(Piece(mesh=placed, materials=(material,)))
    return pieces


def bare_arms(p: Physique, grain: Cells, *, start: float, material: str = "skin", ease: float = 0.0) -> list[Piece]:
    """Both arms from the share `start` of their length to the wrists."""
    blobs = list(arm_blobs(p, 1.0, ease=ease))
    if start > 0.05:
        reach = 2.2 * p.upper_arm + 0.5 * p.arm
        blobs.append(cut_across(np.array(p.shoulder), np.array(p.wrist), start, reach, keep=True))
    mesh = moulded(blobs, 0.9 * grain.body)
    return [Piece(mesh=bound(m, p), materials=(material,)) for m in (mesh, mirrored(mesh))]


def bare_legs(
    p: Physique, grain: Cells, *, start: float, until: float = 1.0, material: str = "skin", ease: float = 0.0
) -> list[Piece]:
    """Both legs from the share `start` of their length (0 at the hip) down to the share `until`."""
    blobs = list(leg_blobs(p, 1.0, ease=ease, until=until))
    if start > 0.0:
        blobs.append(cut_across(np.array(p.hip), np.array(p.ankle), start, 0.55 * p.hip[1], keep=True))
    mesh = moulded(blobs, 0.9 * grain.body)
    return [Piece(mesh=bound(m, p), materials=(material,)) for m in (mesh, mirrored(mesh))]


def bare_trunk(p: Physique, grain: Cells, *, low: float) -> list[Piece]:
    """The trunk without clothes above the height `low` [m]: smooth and without detail."""
    h = p.height
    blobs = list(trunk_blobs(p, ease=0.0))
    blobs.append(rounded_box((0.0, low - 0.4 * h, 0.0), (0.4 * h, 0.4 * h, 0.4 * h), 0.0, blend=0.0, cut=True))
    return [Piece(mesh=bound(moulded(blobs, grain.body), p), materials=("skin",))]


def bare_feet(p: Physique, grain: Cells, *, material: str = "skin") -> list[Piece]:
    """Feet with a big toe and a row of small ones."""
    h, x = p.height, p.ankle[0]
    length = p.toe_z - p.heel_z
    w = 0.021 * h * (1.2 if p.is_small else 1.0)
    soft: dict[str, Any] = {"blend": 0.018 * h}
    blobs = [
        cone(
            (x, p.ankle[1] + 0.02 * h, p.ankle[2]),
            (x, 0.024 * h, p.heel_z + 0.2 * length),
            0.62 * p.calf,
            0.0215 * h,
            **soft,
        ),
        cone(
            (x, 0.034 * h, p.ankle[2] + 0.01 * h),
            (x + 0.004 * h, 0.015 * h, p.toe_z - 0.30 * length),
            0.021 * h,
            0.0145 * h,
            **soft,
        ),
        ellipsoid((x + 0.003 * h, 0.012 * h, p.toe_z - 0.30 * length), (1.05 * w, 0.013 * h, 0.14 * length), **soft),
        ball((x - 0.010 * h, 0.0105 * h, p.toe_z - 0.055 * length), 0.0105 * h, blend=0.008 * h),
    ]
    for k in range(4):
        blobs.append(
            ball(
                (x + (0.003 + 0.0085 * k) * h, 0.0085 * h, p.toe_z - (0.075 + 0.035 * k) * length),
                0.0078 * h,
                blend=0.006 * h,
            )
        )
    mesh = moulded(blobs, grain.hand)
    return [Piece(mesh=bound(m, p), materials=(material,)) for m in (mesh, mirrored(mesh))]


def shoes(
    p: Physique, grain: Cells, *, material: str, sole: str, shaft: float = 0.0, thick: float = 1.0, heel: float = 0.0
) -> list[Piece]:
    """Shoes; `shaft` is how far boots reach up the shin (0..1), `thick` scales the sole, `heel` [share of thickness] lifts it."""
    h, x = p.height, p.ankle[0]
    length = p.toe_z - p.heel_z
    w = 0.0262 * h * (1.2 if p.is_small else 1.0) * (0.9 if p.female else 1.0)
    rise = 0.008 * h * thick
    soft: dict[str, Any] = {"blend": 0.020 * h}
    blobs = [
        ellipsoid((x, rise + 0.022 * h, p.heel_z + 0.20 * length), (0.86 * w, 0.028 * h, 0.20 * length), **soft),
        ellipsoid(
            (x + 0.002 * h, rise + 0.012 * h, p.toe_z - 0.27 * length), (1.06 * w, 0.021 * h, 0.275 * length), **soft
        ),
        cone(
            (x, p.ankle[1] + 0.004 * h, p.ankle[2] + 0.002 * h),
            (x, rise + 0.014 * h, p.ball[2] - 0.1 * length),
            0.0265 * h,
            0.020 * h,
            **soft,
        ),
        rounded_box((x, -0.5 * h + 0.7 * rise, 0.0), (0.5 * h, 0.5 * h, 0.5 * h), 0.0, blend=0.004 * h, cut=True),
    ]
    if shaft > 0:
        top = p.ankle[1] + shaft * (p.knee[1] - p.ankle[1])
        blobs.insert(
            2,
            cone(
                (x, p.ankle[1], p.ankle[2]),
                (x, top, p.ankle[2] - 0.002 * h),
                0.029 * h,
                p.calf * 1.16 + 0.011 * h,
                **soft,
            ),
        )
        blobs.append(
            rounded_box((x, top + 0.15 * h, 0.0), (0.15 * h, 0.15 * h, 0.15 * h), 0.0, blend=0.006 * h, cut=True)
        )
    else:
        blobs.append(
            rounded_box(
                (x, p.ankle[1] + 0.018 * h + 0.1 * h, 0), (0.1 * h, 0.1 * h, 0.1 * h), 0.0, blend=0.006 * h, cut=True
            )
        )
    upper = moulded(blobs, 0.62 * grain.body)
    outline = _sole_outline(x, 1.06 * w, p.heel_z - 0.02 * length, p.toe_z + 0.02 * length)
    turn = np.eye(4)
    turn[:3, :3] = [[1, 0, 0], [0, 0, -1], [0, 1, 0]]
    turn[1, 3] = rise * 0.55
    plate = extrude([(a, b) for a, b in outline], 1.1 * rise, bevel=0.2 * rise)
    plate = transformed(plate, turn)
    pieces = []
    for mesh, name in ((upper, material), (plate, sole)):
        pieces += [Piece(mesh=bound(m, p), materials=(name,)) for m in (mesh, mirrored(mesh))]
    return pieces


def _hand_axes(p: Physique) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(3,) down the left hand, (3,) out of its palm, (3,) towards the thumb's side."""
    along = p.arm_direction
    ahead = np.array([0.0, 0.0, 1.0])
    return along, np.array([along[1], -along[0], 0.0]), ahead


def _flat_tube(
    path: np.ndarray, widths: np.ndarray, depths: np.ndarray, wide: np.ndarray, deep: np.ndarray, segments: int
) -> Mesh:
    turn = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    c, s = np.sign(c) * np.abs(c) ** 0.75, np.sign(s) * np.abs(s) ** 0.75
    rings = (
        path[:, None]
        + widths[:, None, None] * c[None, :, None] * wide
        + depths[:, None, None] * s[None, :, None] * deep
    )
    mesh = loft(rings, angle=100)
    centre = mesh.positions - path.mean(0)
    if float((mesh.normals * centre).sum(1).mean()) < 0:
        mesh = loft(rings[:, ::-1], angle=100)
    return mesh


def _curling(mesh: Mesh, p: Physique, side: str) -> Mesh:
    """A finger bound to the two finger bones: knuckles and middle joints."""
    sign = 1.0 if side == "l" else -1.0
    rel = mesh.positions.astype(float) * np.array([sign, 1, 1]) - np.array(p.wrist)
    along = rel @ p.arm_direction / hand_size(p)
    first = smooth(0.074, 0.098, along)
    second = smooth(0.124, 0.142, along)
    joints = np.zeros((len(along), 4), np.uint8)
    joints[:, 0], joints[:, 1], joints[:, 2] = (BONES.index(f"{n}_{side}") for n in ("hand", "fingers", "tips"))
    weights = np.zeros((len(along), 4), np.float32)
    weights[:, 0], weights[:, 1], weights[:, 2] = 1 - first, first * (1 - second), first * second
    return replace(mesh, joints=joints, weights=weights)


def _sole_outline(x: float, w: float, back: float, front: float) -> list[tuple[float, float]]:
    """Counter-clockwise in x, z seen from above after the turn that lays it flat."""
    length = front - back
    half = [
        (0.0, 0.0),
        (0.55, 0.02),
        (0.82, 0.10),
        (0.84, 0.25),
        (0.80, 0.42),
        (0.95, 0.62),
        (1.02, 0.75),
        (0.90, 0.90),
        (0.5, 0.985),
        (0.0, 1.0),
    ]
    right = [(x + 0.04 * w + w * a, back + b * length) for a, b in half]
    left = [(x + 0.04 * w - w * a * (0.92 if b > 0.5 else 1.0), back + b * length) for a, b in half[1:-1]]
    return right + left[::-1]
