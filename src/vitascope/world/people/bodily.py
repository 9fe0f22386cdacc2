"""Moves of the whole body: sitting, lying, riding, climbing, jumping, crawling, swimming, dancing, kicking, falling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from vitascope.world.people.attitude import Attitude
from vitascope.world.people.moment import Moment

__all__ = ["BODILY", "kick_time", "kicked"]

_TAU = 2 * np.pi
Move = Callable[[Moment, Attitude], Attitude]
BODILY: dict[str, Move] = {}


def kick_time(m: Moment) -> float:
    """When the foot meets the ball [s]: the middle of the action's span."""
    assert m.travel is not None
    return 0.5 * (m.travel.start + m.travel.end)


def kicked(m: Moment, a: Attitude, ball: np.ndarray | None, foot: int) -> Attitude:
    """A kick over whatever the body does: back swing, contact with `ball` (3,) (own space) at the middle, follow-through."""
    rig, u = m.rig, m.t - kick_time(m)
    if not -0.5 < u < 0.75:
        return a
    sign = 1.0 if foot == 0 else -1.0
    side = abs(rig.ankle[0][0])
    low = rig.ankle[0][1]
    contact = np.array([sign * 0.4 * side, 0.0, 0.62 * rig.leg]) if ball is None else ball
    contact = np.array([contact[0], max(low, contact[1] * 0.5), contact[2] - 1.15 * rig.ball[2]])
    line = contact[[0, 2]] - np.array([sign * 0.5 * side, 0.0])
    far = float(np.linalg.norm(line))
    limit = 0.62 * rig.leg
    if far > limit:
        contact[[0, 2]] = np.array([sign * 0.5 * side, 0.0]) + line * limit / far
    rest = a.feet[foot]
    keys = np.array([-0.5, -0.34, -0.15, 0.0, 0.17, 0.42, 0.75])
    path = np.array([
        rest,
        rest * 0.5 + 0.5 * np.array([sign * side, low + 0.10 * rig.leg, -0.25 * rig.leg]),
        np.array([sign * 1.1 * side, low + 0.42 * rig.leg, -0.52 * rig.leg]),
        contact,
        np.array([sign * 0.1 * side, low + 0.46 * rig.leg, 0.74 * rig.leg]),
        np.array([sign * 0.7 * side, low + 0.14 * rig.leg, 0.30 * rig.leg]),
        rest,
    ])  # fmt: skip
    feet, turn, toes = a.feet.copy(), a.foot_turn.copy(), a.toes.copy()
    feet[foot] = _through(keys, path, u)
    turn[foot] = (float(np.interp(u, keys, [0, 0.6, 1.2, 0.55, 0.35, 0.2, 0.0])), 0.0)
    toes[foot] = 0.0
    wind = float(_through(keys, np.array([0, -0.25, -1.0, 0.25, 1.0, 0.35, 0.0])[:, None], u)[0])
    hands = a.hands.copy()
    power = float(np.interp(u, keys, [0, 0.5, 1, 1, 1, 0.5, 0]))
    near, far_ = 1 - foot, foot
    flip = np.array([sign, 1, 1])
    hands[near] = hands[near] * (1 - power) + power * np.array([-0.62, -0.42, 0.30 + 0.22 * wind]) * flip
    hands[far_] = hands[far_] * (1 - power) + power * np.array([0.50, -0.72, -0.12 - 0.30 * wind]) * flip
    pelvis = a.pelvis + np.array([-sign * 0.35 * side * power, -0.02 * rig.leg * power, 0.0])
    return replace(
        a,
        feet=feet,
        foot_turn=turn,
        toes=toes,
        hands=hands,
        pelvis=pelvis,
        tilt=a.tilt + np.array([0.10 * power - 0.24 * max(wind, 0), sign * 0.28 * -wind * -1, 0.05 * sign * power]),
        back=a.back + np.array([0.10 * power + 0.10 * max(wind, 0), -sign * 0.45 * wind, 0.0]),
        head=a.head + np.array([0.32 * power * (u < 0.15) + 0.05, 0.0, 0.0]) * power,
    )


def _through(keys: np.ndarray, values: np.ndarray, u: float) -> np.ndarray:
    """Cubic Hermite through values (K, D) at keys (K,), at rest at both ends."""
    k = int(np.clip(np.searchsorted(keys, u, side="right") - 1, 0, len(keys) - 2))
    slopes = np.zeros_like(values)
    slopes[1:-1] = (values[2:] - values[:-2]) / (keys[2:] - keys[:-2])[:, None]
    h = keys[k + 1] - keys[k]
    s = float(np.clip((u - keys[k]) / h, 0, 1))
    return (
        (2 * s**3 - 3 * s**2 + 1) * values[k]
        + (s**3 - 2 * s**2 + s) * h * slopes[k]
        + (-2 * s**3 + 3 * s**2) * values[k + 1]
        + (s**3 - s**2) * h * slopes[k + 1]
    )


