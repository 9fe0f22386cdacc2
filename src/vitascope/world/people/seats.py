"""How people sit on vehicles: at a wheel, on a saddle, at the oars. Hands and feet go where the vehicle has holds for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from vitascope.world.people.attitude import Attitude, Rig, wrists_at
from vitascope.world.people.moment import Moment

__all__ = ["SEATED", "level", "seated"]

SEATED = frozenset(("sit", "ride", "drive", "sail", "stand", "work"))
"""Verbs that come to sitting there, for who is on the seat of a vehicle."""
WRIST = 0.085
"""From the wrist to the middle of the fist, as a share of the arm."""
WHEEL = np.array([[0.17, 0.30, 0.44], [-0.17, 0.30, 0.44]])
"""(2, 3) hands from the seat where a vehicle shows no wheel [m]."""


def level(rig: Rig) -> float:
    """Height [m] of the hips over what is sat on."""
    return 0.36 * float(rig.at("chest")[1] - rig.at("hips")[1])


def seated(m: Moment, a: Attitude) -> Attitude:
    """The attitude of somebody on the seat of a vehicle. The role must have a seat."""
    assert m.role.seat is not None
    posed = _POSTURES[m.role.seat.posture](m, a)
    return _holding(m, posed)


def _at_wheel(m: Moment, a: Attitude) -> Attitude:
    """Legs ahead under the bonnet, leaning back a little."""
    rig = m.rig
    x, hips = 0.95 * abs(rig.ankle[0][0]), level(rig)
    feet = np.array([[x, hips - 0.24 * rig.leg, 0.90 * rig.leg], [-x, hips - 0.24 * rig.leg, 0.93 * rig.leg]])
    return _sitting(m, a, hips, feet, lean=-0.20, back=0.16, z=-0.05, pitch=-0.5, knees=0.5)


def _on_bench(m: Moment, a: Attitude) -> Attitude:
    """Upright, with the feet below."""
    rig = m.rig
    x, hips = 1.15 * abs(rig.ankle[0][0]), level(rig)
    feet = np.array([[x, hips - 0.52 * rig.leg, 0.62 * rig.leg], [-x, hips - 0.52 * rig.leg, 0.62 * rig.leg]])
    return _sitting(m, a, hips, feet, lean=-0.08, back=0.12, z=-0.02, pitch=0.0, knees=1.0)


def _at_oars(m: Moment, a: Attitude) -> Attitude:
    """Legs ahead on the bottom, the back bent to the stroke of the hands."""
    rig = m.rig
    x, hips = 1.1 * abs(rig.ankle[0][0]), level(rig)
    feet = np.array([[x, hips - 0.30 * rig.leg, 0.80 * rig.leg], [-x, hips - 0.30 * rig.leg, 0.80 * rig.leg]])
    hands = _holds(m, "grip")
    ahead = 0.45 if hands is None else float(np.mean(hands[:, 2]))
    lean = float(np.clip(0.9 * (ahead - 0.42), -0.35, 0.45))
    return _sitting(m, a, hips, feet, lean=lean, back=0.5 * lean + 0.1, z=0.0, pitch=-0.4, knees=1.0)


def _pedalling(m: Moment, a: Attitude) -> Attitude:
    rig = m.rig
    hips, x, leg = level(rig), abs(rig.ankle[0][0]), rig.leg
    below = np.array([[0.85 * x, hips - 0.86 * leg, 0.20 * leg], [-0.85 * x, hips - 0.62 * leg, 0.20 * leg]])
    feet = _holds(m, "foot")
    if feet is not None:
        below = feet + np.array([0.0, rig.ankle[0][1], -0.8 * rig.ball[2]])
    a = _sitting(m, a, hips, below, lean=0.36, back=0.18, z=0.0, pitch=0.1, knees=0.3)
    return replace(a, knees=np.array([[0.12, 0.3, 1.0], [-0.12, 0.3, 1.0]]))


def _astride(m: Moment, a: Attitude) -> Attitude:
    rig = m.rig
    hips, x, leg = level(rig), abs(rig.ankle[0][0]), rig.leg
    feet = np.array([[1.6 * x, hips - 0.60 * leg, 0.40 * leg], [-1.6 * x, hips - 0.60 * leg, 0.40 * leg]])
    a = _sitting(m, a, hips, feet, lean=0.20, back=0.10, z=0.0, pitch=0.0, knees=0.6)
    return replace(a, knees=np.array([[0.4, 0.6, 1.0], [-0.4, 0.6, 1.0]]))


def _standing(m: Moment, a: Attitude) -> Attitude:
    """One foot behind the other on a narrow deck."""
    rig = m.rig
    x, sole = 0.3 * abs(rig.ankle[0][0]), rig.ankle[0][1]
    feet = np.array([[x, sole, 0.10 * rig.leg], [-x, sole, -0.16 * rig.leg]])
    return replace(
        a, pelvis=np.array([0.0, -0.02 * rig.leg, -0.03 * rig.leg]), tilt=np.array([0.05, 0.0, 0.0]), feet=feet,
        back=np.array([0.04, 0.0, 0.0]), foot_turn=np.array([[0.0, 0.05], [0.0, -0.35]]), toes=np.zeros(2),
        hands=np.array([[0.05, -0.45, 0.72], [-0.05, -0.45, 0.72]]),
    )  # fmt: skip


def _sitting(
    m: Moment, a: Attitude, hips: float, feet: np.ndarray, *, lean: float, back: float, z: float, pitch: float, knees: float
) -> Attitude:  # fmt: skip
    """Hips at a height over the seat, ankles (2, 3), and a back that breathes; hands rest on the thighs."""
    rig, q = m.rig, m.temper
    breath = np.sin(2 * np.pi * q.breath * m.t + q.offsets[0])
    return replace(
        a,
        pelvis=np.array([0.0, hips - rig.at("hips")[1], z]),
        tilt=np.array([lean, 0.0, 0.0]),
        back=np.array([back - 0.010 * breath, 0.0, -0.02 * q.drift(m.t, 1, 0.07)]),
        head=np.array([0.02, 0.6 * a.head[1], 0.0]),
        feet=feet,
        foot_turn=np.array([[pitch, 0.08], [pitch, -0.08]]),
        toes=np.zeros(2),
        knees=np.array([[0.1, knees, 1.0 - 0.7 * knees], [-0.1, knees, 1.0 - 0.7 * knees]]),
        hands=np.array([[0.02, -0.74, 0.52], [-0.02, -0.74, 0.52]]),
        elbows=np.array([[0.8, -1.0, -0.3], [-0.8, -1.0, -0.3]]),
        palms=np.array([[-0.3, -1.0, 0.1], [0.3, -1.0, 0.1]]),
        grip=np.array([0.22, 0.22]),
    )


def _holding(m: Moment, a: Attitude) -> Attitude:
    """The same with the hands on what there is to hold; passengers keep them on their thighs."""
    seat = m.role.seat
    assert seat is not None
    points = _holds(m, "grip")
    if points is None and seat.posture in ("car", "bench") and m.role.at_helm:
        points = WHEEL
    if points is None:
        return a
    towards = points - np.array([0.0, 0.45 * m.rig.height * 0.5 + level(m.rig), 0.0])
    points = points - WRIST * m.rig.arm * towards / np.linalg.norm(towards, axis=1, keepdims=True)
    flat = seat.posture in ("pedals", "astride", "standing", "oars")
    return replace(
        a,
        hands=wrists_at(a, m.rig, points),
        elbows=np.array([[0.8, -1.0, -0.3], [-0.8, -1.0, -0.3]]),
        palms=np.array([[0.0, -1.0, 0.2], [0.0, -1.0, 0.2]]) if flat else np.array([[-0.9, -0.2, 0.5], [0.9, -0.2, 0.5]]),
        grip=np.array([0.75, 0.75]),
    )  # fmt: skip


def _holds(m: Moment, what: str) -> np.ndarray | None:
    """(2, 3) the left and the right hold in the subject's own space, or None where the vehicle has none."""
    where = m.role.holds.get(what)
    return None if where is None else np.array([m.inside(p) for p in where(m.t)])


_POSTURES: dict[str, Callable[[Moment, Attitude], Attitude]] = {
    "car": _at_wheel, "bench": _on_bench, "tiller": _on_bench, "pedals": _pedalling, "astride": _astride,
    "standing": _standing, "oars": _at_oars,
}  # fmt: skip
