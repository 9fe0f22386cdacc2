"""The body under the clothes: blobs of trunk, arms and legs, grown by the ease of what is worn over them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from vitascope.world.people.frame import SIDES
from vitascope.world.people.physique import Physique
from vitascope.world.shape import Blob, cone, ellipsoid, rounded_box
from vitascope.world.skeleton import rotation_between

__all__ = ["arm_blobs", "cut_across", "leg_blobs", "trunk_blobs"]

Vec = tuple[float, float, float]


def trunk_blobs(p: Physique, *, ease: float, straight: float = 0.0, **more: object) -> tuple[Blob, ...]:
    """Pelvis to shoulders, grown by `ease` metres; `straight` 0..1 fills the waist as loose cloth does and lets it
    hang clear of what is worn under it."""
    trunk, base, h = p.trunk, p.hip[1], p.height
    wide = max(p.chest[0], p.hips[0])
    hang = ease + 0.006 * h * straight
    waist = (
        p.waist[0] + straight * max(0.96 * wide - p.waist[0], 0),
        p.waist[1] + straight * max(0.9 * p.chest[1] - p.waist[1], 0),
    )
    soft: dict[str, Any] = {"blend": 0.045 * h, **more}
    blobs = [
        ellipsoid(
            (0, base + 0.04 * trunk, -0.004 * h), (p.hips[0] + hang, 0.27 * trunk + ease, p.hips[1] + hang), **soft
        ),
        ellipsoid((0, base + 0.40 * trunk, 0), (waist[0] + ease, 0.34 * trunk, waist[1] + ease), **soft),
        ellipsoid(
            (0, base + 0.70 * trunk, -0.004 * h), (p.chest[0] + ease, 0.34 * trunk + ease, p.chest[1] + ease), **soft
        ),
    ]
    if p.belly:
        blobs.append(
            ellipsoid(
                (0, base + 0.30 * trunk, 0.35 * waist[1]),
                (0.92 * waist[0] + ease, 0.30 * trunk, 0.7 * waist[1] + p.belly + ease),
                **soft,
            )
        )
    sx, sy, sz = p.shoulder
    for _, sign in SIDES:
        blobs.append(cone((sign * 0.30 * sx, sy + 0.008 * h, -0.008 * h), (sign * 0.93 * sx, sy - 0.004 * h, sz),
                          0.021 * h + ease, 1.04 * p.upper_arm + ease, **soft))  # fmt: skip
        blobs.append(ellipsoid((sign * 0.50 * p.hips[0], base - 0.05 * trunk, -0.42 * p.hips[1]),
                               (0.50 * p.hips[0] + hang, 0.19 * trunk + ease, 0.62 * p.hips[1] + hang), **soft))  # fmt: skip
        blobs.append(
            cone(
                (sign * p.hip[0], base, 0),
                (sign * p.hip[0] * 1.01, base - 0.1 * trunk, 0),
                p.thigh + hang,
                p.thigh + hang,
                **soft,
            )
        )
        if p.bust:
            blobs.append(ellipsoid((sign * 0.44 * p.chest[0], base + 0.645 * trunk, 0.66 * p.chest[1]),
                                   (0.48 * p.chest[0] + ease, 0.13 * trunk + ease, 0.28 * p.chest[1] + p.bust + ease),
                                   **{**soft, "blend": 0.03 * h}))  # fmt: skip
    return tuple(blobs)


def arm_blobs(
    p: Physique, sign: float, *, ease: float, flare: float = 0.0, until: float = 1.0, **more: object
) -> tuple[Blob, ...]:
    """Shoulder to the share `until` of the way to the wrist; `flare` [m] widens the sleeve towards its end."""
    soft: dict[str, Any] = {"blend": 0.020 * p.height, **more}
    r = p.upper_arm
    stations = [(0.0, 1.02 * r), (0.22, 1.02 * r), (0.50, 0.86 * r), (0.66, 0.82 * r), (1.0, 0.58 * r)]
    if p.is_small:
        stations = [(0.0, 1.0 * r), (0.25, 1.0 * r), (0.5, 0.82 * r), (0.72, 0.92 * r), (1.0, 0.62 * r)]
    ends = [s for s in stations if s[0] < until - 0.02]
    at = float(np.interp(until, [s[0] for s in stations], [s[1] for s in stations]))
    ends.append((until, at))
    shoulder, elbow, wrist = (np.array(v) * np.array([sign, 1, 1]) for v in (p.shoulder, p.elbow, p.wrist))

    def point(u: float) -> Vec:
        q = shoulder + (elbow - shoulder) * min(u / 0.52, 1) + (wrist - elbow) * max((u - 0.52) / 0.48, 0)
        return float(q[0]), float(q[1]), float(q[2])

    return tuple(
        cone(point(a), point(b), ra + ease + flare * (a / until) ** 2, rb + ease + flare * (b / until) ** 2, **soft)
        for (a, ra), (b, rb) in pairwise(ends)
    )


def leg_blobs(
    p: Physique, sign: float, *, ease: float, flare: float = 0.0, until: float = 1.0, **more: object
) -> tuple[Blob, ...]:
    """Hip to the share `until` of the way to the ankle; `flare` [m] widens the trouser leg below the knee."""
    soft: dict[str, Any] = {"blend": 0.006 * p.height, **more}
    t, c = p.thigh, p.calf
    stations = [
        (0.0, 1.0 * t),
        (0.16, 1.0 * t),
        (0.46, 0.92 * c + 0.12 * t),
        (0.52, 1.02 * c),
        (0.66, 1.12 * c),
        (1.0, 0.62 * c),
    ]
    if p.is_small:
        stations = [(0.0, 1.0 * t), (0.2, 1.0 * t), (0.46, 0.86 * t), (0.7, 0.9 * t), (1.0, 0.66 * t)]
    ends = [s for s in stations if s[0] < until - 0.02]
    at = float(np.interp(until, [s[0] for s in stations], [s[1] for s in stations]))
    ends.append((until, at))
    flip = np.array([sign, 1.0, 1.0])
    hip, knee, ankle = (np.array(v) * flip for v in (p.hip, p.knee, p.ankle))
    bulge = {0.66: -0.006 * p.height, 0.16: 0.004 * p.height}

    def point(u: float) -> Vec:
        q = hip + (knee - hip) * min(u / 0.5, 1) + (ankle - knee) * max((u - 0.5) / 0.5, 0)
        return float(q[0]), float(q[1]), float(q[2] + bulge.get(u, 0.0))

    def widen(u: float) -> float:
        return ease + flare * max(u - 0.35, 0) / 0.65

    return tuple(
        cone(
            point(a),
            point(b),
            ra + widen(a),
            rb + widen(b),
            **({**soft, "blend": 0.022 * p.height} if a == 0 else soft),
        )
        for (a, ra), (b, rb) in pairwise(ends)
    )


def cut_across(a: np.ndarray, b: np.ndarray, share: float, reach: float, *, keep: bool = False) -> Blob:
    """Removes everything beyond the share `share` of the way from a to b (before it, where `keep`), out to `reach` metres."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    along = (b - a) / np.linalg.norm(b - a)
    middle = a + share * (b - a) + along * reach * (-1 if keep else 1)
    turn = rotation_between(np.array([0.0, 1.0, 0.0]), along)
    return rounded_box(tuple(middle), (reach, reach, reach), 0.0, rotation=turn, blend=0.0, cut=True)
