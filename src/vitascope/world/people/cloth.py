"""Cuts of cloth: tops with sleeves, trousers, skirts and tails with folds, collars and hoods. Measures follow the body."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vitascope.world.mesh import Mesh
from vitascope.world.people.anatomy import arm_blobs, cut_across, leg_blobs, trunk_blobs
from vitascope.world.people.frame import SIDES, bound, draped
from vitascope.world.people.physique import Physique
from vitascope.world.people.piece import Cells, Piece, moulded
from vitascope.world.shape import Blob, cone, ellipsoid, loft, rounded_box
from vitascope.world.shape.mould import field

__all__ = ["collar", "hood", "level", "ring_tube", "skirt", "top", "trousers", "turned_out"]


def level(p: Physique, share: float) -> float:
    """A height [m] on the trunk: 0 at the hip joints, 1 at the shoulders, below 0 down to -1 at the ankles."""
    return p.hip[1] + (share * p.trunk if share >= 0 else share * (p.hip[1] - p.ankle[1]))


def top(
    p: Physique,
    grain: Cells,
    *,
    ease: float,
    hem: float,
    sleeve: float,
    material: str,
    sleeve_material: str | None = None,
    straight: float = 0.5,
    flare: float = 0.0,
    neck: str = "round",
    bib: bool = False,
) -> Piece:
    """Trunk with sleeves.

    `ease` and `flare` are shares of the height, `hem` is a level, `sleeve` the share 0..1 of the arm, `neck` one of "round",
    "v", "wide", "high". A `bib` is only the middle of the front, to show in the opening of another garment.
    """
    h = p.height
    e = ease * h
    blobs: list[Blob] = list(trunk_blobs(p, ease=e, straight=straight, material=0))
    for _, sign in SIDES:
        if sleeve > 0.03:
            blobs += arm_blobs(
                p, sign, ease=0.85 * e, flare=flare * h, until=sleeve, material=1 if sleeve_material else 0
            )
    low = level(p, hem)
    blobs.append(_above_only(p, low))
    if sleeve > 0.03:
        for _, sign in SIDES:
            flip = np.array([sign, 1, 1])
            reach = 2.0 * (p.upper_arm + e + flare * h)
            blobs.append(cut_across(np.array(p.shoulder) * flip, np.array(p.wrist) * flip, sleeve - 0.005, reach))
    else:
        for _, sign in SIDES:
            out = np.array([sign * p.shoulder[0] * 1.30, p.shoulder[1] + 0.02 * h, 0.0])
            blobs.append(
                ellipsoid(tuple(out), (0.40 * p.shoulder[0] + e, 0.085 * h, 0.2 * h), blend=0.01 * h, cut=True)
            )
    blobs += _neckline(p, neck, e)
    if bib:
        for _, sign in SIDES:
            side = (sign * (0.5 * p.chest[0] + 0.3 * h), low, 0.0)
            blobs.append(rounded_box(side, (0.3 * h, 0.8 * h, 0.5 * h), 0.0, blend=0.0, cut=True))
    mesh = bound(moulded(blobs, grain.body), p, loose=e + 0.5 * flare * h)
    return Piece(mesh=mesh, materials=(material, sleeve_material) if sleeve_material else (material,))


def trousers(
    p: Physique, grain: Cells, *, ease: float, waist: float, until: float, material: str, flare: float = 0.0
) -> list[Piece]:
    """Hips and legs from the level `waist` to the share `until` of the leg (1 at the ankle)."""
    h = p.height
    e = ease * h
    trunk = list(trunk_blobs(p, ease=0.45 * e))
    keep = [trunk[0], trunk[1]] + [b for b in trunk[3:] if b.a[1] < level(p, 0.2)]
    for _, sign in SIDES:
        keep += leg_blobs(p, sign, ease=e, flare=flare * h, until=until)
    high = level(p, waist)
    keep.append(rounded_box((0.0, high + 0.3 * h, 0.0), (0.4 * h, 0.3 * h, 0.4 * h), 0.0, blend=0.004 * h, cut=True))
    bottom = p.hip[1] + until * (p.ankle[1] - p.hip[1])
    keep.append(rounded_box((0.0, bottom - 0.1 * h, 0.0), (0.4 * h, 0.1 * h, 0.4 * h), 0.0, blend=0.003 * h, cut=True))
    return [Piece(mesh=bound(moulded(keep, grain.body), p), materials=(material,))]


def skirt(
    p: Physique,
    grain: Cells,
    *,
    start: float,
    end: float,
    material: str,
    ease: float,
    hem: float,
    folds: int = 9,
    depth: float = 0.05,
    gap: float = 0.0,
    arc: float | None = None,
    seed: int = 0,
) -> list[Piece]:
    """A skirt or tails from level `start` to level `end`, outside and inside.

    `hem` is how much wider than the hips the lower edge is (0.3 is 30 %), `folds` waves of relative `depth` run down it, `gap`
    [rad] leaves it open in front at the hem; `arc` [rad] keeps only that much of it, in front (aprons).
    """
    h = p.height
    y0, y1 = level(p, start), level(p, end)
    rows, around = 11 if grain.is_fine else 7, max(6 * folds, 40) if grain.is_fine else max(4 * folds, 28)
    u = np.linspace(0, 1, rows)
    y = y0 + (y1 - y0) * u
    width, depth_ = _girth(p, y, ease * h)
    grow = 1 + hem * np.clip((level(p, 0.1) - y) / max(level(p, 0.1) - y1, 1e-3), 0, 1) ** 1.1
    whole = gap == 0 and arc is None
    open_ = gap / 2 * u[:, None]
    turn = open_ + (2 * np.pi - 2 * open_) * np.linspace(0, 1, around, endpoint=not whole)
    if arc is not None:
        turn = np.linspace(-arc / 2, arc / 2, around)[None] + 0 * u[:, None]
    phase = np.random.default_rng([seed, 31]).uniform(0, 2 * np.pi, 3)
    wave = np.sin(folds * turn + phase[0]) + 0.4 * np.sin((2 * folds - 1) * turn + phase[1])
    amount = depth * np.clip((u - 0.12) / 0.88, 0, 1) ** 1.2
    radial = 1 + amount[:, None] * wave
    lift = 0.004 * h * amount[:, None] / max(depth, 1e-6) * np.sin(folds * turn + phase[2]) * (1 if depth else 0)
    x = (width * grow)[:, None] * radial * np.sin(turn)
    z = (depth_ * grow)[:, None] * radial * np.cos(turn)
    outer = np.stack([x, np.broadcast_to(y[:, None], x.shape) + lift, z], -1)
    scale = 1 - 0.010 * h / np.maximum(np.hypot(x, z), 1e-6)
    inner = np.stack([x * scale, outer[..., 1] + 0.002 * h, z * scale], -1)
    pieces = []
    shape = np.concatenate([inner, outer[::-1]])
    mesh = turned_out(shape, closed=whole, cloth=outer)
    tails = draped(mesh, p, waist=y0, loose=0.03 * h)
    pieces.append(Piece(mesh=tails, materials=(material,)))
    return pieces


def collar(
    p: Physique,
    grain: Cells,
    *,
    material: str,
    radius: float,
    tall: float,
    ease: float,
    straight: float = 0.6,
    lean: float = 0.0,
) -> Piece:
    """A band where the cloth meets the neck: `radius` half its thickness, `tall` its height, `lean` how far it opens outward.

    All are shares of the height; `ease` and `straight` are those of the top that it sits on.
    """
    h = p.height
    turn = np.linspace(0, 2 * np.pi, 24 if grain.is_fine else 14, endpoint=False)
    r = p.neck * 1.10 + radius * h
    base = _neck_line(p, ease * h, straight, r, turn)
    out = np.stack([np.sin(turn), np.zeros_like(turn), np.cos(turn)], 1)
    up = np.array([0.0, 1.0, -0.12])
    t = radius * h
    steps = [
        (1.0, -0.6 * t, 0),
        (1.1, 0.35 * tall * h, 0.4),
        (0.6, tall * h, 1.0),
        (-0.6, tall * h, 1.0),
        (-1.0, 0.3 * tall * h, 0.3),
        (-0.9, -0.8 * t, 0),
    ]
    rings = [base + out * (t * dr + lean * h * k) + up * dy for dr, dy, k in steps]
    return Piece(mesh=bound(turned_out(np.array(rings), closed=True), p), materials=(material,))


def _neck_line(p: Physique, ease: float, straight: float, radius: float, turn: np.ndarray) -> np.ndarray:
    """(K, 3) where a top with this ease meets an upright pipe of `radius` round the neck, at angles `turn` (K,)."""
    blobs = trunk_blobs(p, ease=ease, straight=straight)
    x, z = radius * np.sin(turn), radius * np.cos(turn) - 0.010 * p.height
    low, high = np.full_like(x, p.shoulder[1] - 0.10 * p.height), np.full_like(x, p.chin_y)
    for _ in range(16):
        middle = (low + high) / 2
        inside = field(blobs, np.stack([x, middle, z], 1)) < 0
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return np.stack([x, low, z], 1)


def hood(p: Physique, grain: Cells, *, material: str, up: bool) -> Piece:
    """A hood: over the head with an opening for the face, or lying on the back."""
    h, k = p.head, p.height
    if not up:
        blobs = [
            ellipsoid((0, p.neck_y - 0.012 * k, -0.070 * k), (0.068 * k, 0.040 * k, 0.040 * k), blend=0.02 * k),
            cone(
                (0.055 * k, p.neck_y + 0.006 * k, -0.02 * k),
                (0.022 * k, p.neck_y - 0.028 * k, 0.045 * k),
                0.017 * k,
                0.012 * k,
                blend=0.03 * k,
            ),
            cone(
                (-0.055 * k, p.neck_y + 0.006 * k, -0.02 * k),
                (-0.022 * k, p.neck_y - 0.028 * k, 0.045 * k),
                0.017 * k,
                0.012 * k,
                blend=0.03 * k,
            ),
            ellipsoid(
                (0, p.neck_y + 0.03 * k, -0.045 * k), (0.045 * k, 0.035 * k, 0.030 * k), blend=0.015 * k, cut=True
            ),
        ]
        return Piece(mesh=bound(moulded(blobs, grain.body), p), materials=(material,))
    wide = 0.405 + 0.03 * p.youth
    blobs = [
        ellipsoid((0, p.chin_y + 0.60 * h, -0.085 * h), (wide * h, 0.475 * h, 0.47 * h), blend=0),
        cone(
            (0, p.chin_y + 0.80 * h, -0.28 * h), (0, p.chin_y + 0.98 * h, -0.40 * h), 0.14 * h, 0.05 * h, blend=0.1 * h
        ),
        cone(
            (0, p.chin_y + 0.25 * h, -0.06 * h),
            (0, p.neck_y - 0.01 * k, -0.01 * k),
            0.32 * h,
            0.078 * k,
            blend=0.08 * h,
        ),
        ellipsoid(
            (0, p.chin_y + 0.46 * h, 0.30 * h), ((wide - 0.085) * h, 0.475 * h, 0.36 * h), blend=0.03 * h, cut=True
        ),
    ]
    return Piece(mesh=bound(moulded(blobs, 1.3 * grain.head), p), materials=(material,))


def ring_tube(
    centre: Sequence[float],
    rx: float,
    rz: float,
    thick: float,
    *,
    segments: int = 24,
    sides: int = 6,
    tilt: float = 0.0,
) -> Mesh:
    """A closed round tube in the plane y = centre, radii rx and rz; `tilt` lowers its front [m]."""
    turn = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    around = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    rings = []
    for a in around:
        rx_, rz_ = rx + thick * np.cos(a), rz + thick * np.cos(a)
        rings.append(
            np.stack([rx_ * np.sin(turn), thick * np.sin(a) - tilt * np.cos(turn), rz_ * np.cos(turn)], 1)
            + np.asarray(centre, float)
        )
    return turned_out(np.array([*rings, rings[0]]), closed=True)


def _girth(p: Physique, y: np.ndarray, ease: float) -> tuple[np.ndarray, np.ndarray]:
    """Half width and half depth of the trunk at heights y; below the hips it stays as wide as the hips."""
    levels = np.array(
        [p.hip[1] - 0.15 * p.trunk, p.hip[1] + 0.06 * p.trunk, p.hip[1] + 0.42 * p.trunk, p.hip[1] + 0.72 * p.trunk]
    )
    belly = p.belly * 0.95
    wide = max(1.02 * p.hips[0], 1.05 * (p.hip[0] + p.thigh) + 0.006 * p.height)
    w = np.interp(y, levels, [wide, wide, 1.02 * p.waist[0], p.chest[0]]) + ease
    d = np.interp(y, levels, [1.20 * p.hips[1], 1.22 * p.hips[1], 1.04 * p.waist[1] + belly, p.chest[1]]) + ease
    return w, d


def turned_out(rings: np.ndarray, *, closed: bool = True, cloth: np.ndarray | None = None) -> Mesh:
    """A loft over rings whose faces are turned outward."""
    mesh = loft(rings, cap=False, closed=closed, angle=75)
    reference = rings if cloth is None else cloth
    middle = reference.reshape(-1, 3).mean(0)
    tri = mesh.positions[mesh.indices].astype(float)
    face = np.cross(tri[:, 1] - tri[:, 0], tri[:, 2] - tri[:, 0])
    volume = float(np.einsum("ij,ij->i", tri[:, 0] - middle, face).sum())
    if volume < 0:
        mesh = loft(rings[:, ::-1], cap=False, closed=closed, angle=75)
    return mesh


def _above_only(p: Physique, y: float) -> Blob:
    h = p.height
    return rounded_box((0.0, y - 0.3 * h, 0.0), (0.175 * h, 0.3 * h, 0.4 * h), 0.0, blend=0.004 * h, cut=True)


def _neckline(p: Physique, neck: str, ease: float) -> list[Blob]:
    """Openings: none where the cloth closes round the neck, a low one, or a point in front."""
    h = p.height
    cuts = []
    if neck == "wide":
        r = p.neck * 2.0
        cuts.append(
            cone((0, p.neck_y + 0.60 * r, 0.016 * h), (0, p.chin_y + 0.1 * h, 0.0), r, r, blend=0.010 * h, cut=True)
        )
    if neck == "v":
        front = p.chest[1] + ease
        cuts.append(
            cone(
                (0, p.neck_y + 0.02 * h, front * 0.75),
                (0, level(p, 0.66), front * 1.2),
                p.neck * 1.05,
                0.010 * h,
                blend=0.004 * h,
                cut=True,
            )
        )
    return cuts
