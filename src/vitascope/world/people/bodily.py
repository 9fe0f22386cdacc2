"""Moves of the whole body: sitting, lying, riding, climbing, jumping, crawling, swimming, dancing, kicking, falling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from vitascope.world.people.attitude import Attitude, toward
from vitascope.world.people.moment import Moment
from vitascope.world.people.seats import level, seated

__all__ = ["BODILY", "carried", "kicked"]

_TAU = 2 * np.pi
Move = Callable[[Moment, Attitude], Attitude]


def _kick_time(m: Moment) -> float:
    """When the foot meets the ball [s]: the middle of the action's span."""
    assert m.travel is not None
    return 0.5 * (m.travel.start + m.travel.end)


def kicked(m: Moment, a: Attitude, ball: np.ndarray | None, foot: int) -> Attitude:
    """A kick over whatever the body does: back swing, contact with `ball` (3,) (own space) at the middle, follow-through."""
    rig, u = m.rig, m.t - _kick_time(m)
    if not -0.5 < u < 0.75:
        return a
    sign = 1.0 if foot == 0 else -1.0
    side = abs(rig.ankle[0][0])
    low = rig.ankle[0][1]
    contact = np.array([sign * 0.4 * side, 0.0, 0.62 * rig.leg]) if ball is None else ball
    contact = np.array(
        [contact[0], low + max(0.055 * rig.leg, contact[1] - 1.6 * low), contact[2] - 1.15 * rig.ball[2]]
    )
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


def carried(m: Moment, a: Attitude) -> Attitude:
    """How someone rests on what carries them when no verb says it."""
    if m.role.seat is not None:
        return seated(m, a)
    words = m.under
    if any(w in words for w in _BOARDS):
        return _boarding(m, a)
    if any(w in words for w in ("bed", "hammock", "mattress", "sunbed", "stretcher", "crib")):
        return _lie(m, a)
    if any(w in words for w in _SADDLES):
        return _ride(m, a)
    if any(
        w in words
        for w in (
            "seat",
            "lap",
            "chair",
            "bench",
            "sofa",
            "couch",
            "stool",
            "car",
            "swing",
            "boat",
            "canoe",
            "kayak",
            "sled",
            "throne",
            "balloon chair",
        )
    ):
        return _sit(m, a)
    return a


def _sit(m: Moment, a: Attitude) -> Attitude:
    rig, q = m.rig, m.temper
    hips = level(m.rig)
    drop = m.floor
    thigh = float(np.linalg.norm(rig.at("shin_l") - rig.at("thigh_l")))
    shin = rig.leg - thigh
    x = 1.15 * abs(rig.ankle[0][0])
    sole = rig.ankle[0][1]
    if drop < -0.16 * rig.height:
        low = max(drop + sole, hips - 0.97 * shin)
        swing = 0.05 * shin * np.sin(_TAU * 0.5 * m.t + q.offsets[1]) if drop + sole < hips - 1.05 * shin else 0.0
        feet = np.array([[x, low, 0.92 * thigh + swing], [-x, low, 0.92 * thigh - swing]])
        knees = np.array([[0.15, 1.0, 0.8], [-0.15, 1.0, 0.8]])
        turn, lean = np.array([[0.0, 0.12], [0.0, -0.12]]), -0.04
        hands = np.array([[0.02, -0.74, 0.52], [-0.02, -0.74, 0.52]])
    elif "kneel" in m.manner:
        hips = 0.9 * thigh
        feet = np.array([[x, drop + 0.6 * sole, -0.80 * shin], [-x, drop + 0.6 * sole, -0.80 * shin]])
        knees = np.array([[0.1, -0.6, 1.0], [-0.1, -0.6, 1.0]])
        turn, lean = np.array([[1.45, 0.0], [1.45, 0.0]]), 0.05
        hands = np.array([[0.05, -0.86, 0.36], [-0.05, -0.86, 0.36]])
    elif any(w in m.manner for w in ("meditat", "cross-legged", "lotus")) or rig.height < 1.3:
        feet = np.array(
            [
                [-0.02 * rig.height, drop + 1.3 * sole, 0.36 * thigh + 0.2 * thigh],
                [0.02 * rig.height, drop + 1.3 * sole, 0.36 * thigh + 0.38 * thigh],
            ]
        )
        knees = np.array([[1.0, 0.12, 0.7], [-1.0, 0.12, 0.7]])
        turn, lean = np.array([[0.4, -1.1], [0.4, 1.1]]), 0.0
        hands = np.array([[0.26, -0.72, 0.48], [-0.26, -0.72, 0.48]])
    else:
        feet = np.array([[x, drop + sole, 1.02 * thigh], [-x, drop + sole, 0.94 * thigh]])
        knees = np.array([[0.18, 1.0, 0.2], [-0.18, 1.0, 0.2]])
        turn, lean = np.array([[0.0, 0.1], [0.0, -0.1]]), -0.14
        hands = np.array([[0.0, -0.42, 0.74], [0.0, -0.42, 0.74]])
    breath = np.sin(_TAU * q.breath * m.t + q.offsets[0])
    return replace(
        a,
        pelvis=np.array([0.0, hips - rig.at("hips")[1], 0.0]),
        tilt=np.array([lean, 0.0, 0.02 * q.drift(m.t, 1, 0.07)]),
        back=np.array([0.10 - lean - 0.012 * breath, 0.05 * q.drift(m.t, 5, 0.08), -0.03 * q.drift(m.t, 1, 0.07)]),
        feet=feet,
        foot_turn=turn,
        toes=np.zeros(2),
        knees=knees,
        hands=hands,
        elbows=np.array([[0.9, -0.5, -0.4], [-0.9, -0.5, -0.4]]),
        palms=np.array([[-0.3, -1.0, 0.1], [0.3, -1.0, 0.1]]),
        grip=np.array([0.22, 0.22]),
    )


def _lie(m: Moment, a: Attitude) -> Attitude:
    rig, q = m.rig, m.temper
    x = 1.3 * abs(rig.ankle[0][0])
    hips = 0.062 * rig.height
    floor = min(m.floor, 0.0) if m.role.carrier is None else 0.0
    breath = np.sin(_TAU * 0.8 * q.breath * m.t + q.offsets[0])
    asleep = 1.0 if any(w in m.manner for w in ("sleep", "nap", "doze", "asleep")) or not m.manner else 0.35
    return replace(
        a,
        pelvis=np.array([0.0, floor + hips - rig.at("hips")[1], 0.0]),
        tilt=np.array([-0.5 * np.pi, 0.0, 0.0]),
        back=np.array([0.02 - 0.03 * breath, 0.0, 0.0]),
        head=np.array([-0.5 * np.pi + 0.16, 0.0, 0.10]),
        feet=np.array(
            [[x, floor + 0.05 * rig.height, 0.975 * rig.leg], [-x, floor + 0.05 * rig.height, 0.97 * rig.leg]]
        ),
        foot_turn=np.array([[-1.15, 0.35], [-1.15, -0.35]]),
        toes=np.zeros(2),
        knees=np.array([[0.3, 1.0, 0.0], [-0.3, 1.0, 0.0]]),
        hands=np.array([[0.24, -0.92, 0.0], [0.02, -0.62, 0.30]]) * np.array([[1, 1, 1], [-1, 1, 1]]),
        elbows=np.array([[0.8, -0.3, -0.5], [-1.0, -0.4, -0.3]]),
        palms=np.array([[-1.0, 0.0, 0.2], [0.3, 0.0, -1.0]]),
        blink=np.array([asleep]),
        gaze=np.zeros(2),
    )


def _crawl(m: Moment, a: Attitude) -> Attitude:
    rig = m.rig
    thigh = float(np.linalg.norm(rig.at("shin_l") - rig.at("thigh_l")))
    shin, x = rig.leg - thigh, 1.1 * abs(rig.ankle[0][0])
    phase = m.role.track.distance(m.t) / (0.95 * rig.leg)
    feet, hands = np.zeros((2, 3)), np.zeros((2, 3))
    for i, sign in ((0, 1.0), (1, -1.0)):
        for table, shift in ((feet, 0.0), (hands, 0.5)):
            part = (phase + 0.5 * i + shift) % 1.0
            go = 0.5 - part / 0.62 if part < 0.62 else -0.5 + (part - 0.62) / 0.38
            lift = np.sin(np.pi * np.clip((part - 0.62) / 0.38, 0, 1)) * min(m.speed * 4, 1.0)
            if table is feet:
                table[i] = (sign * x, 0.035 * rig.height + 0.04 * rig.leg * lift, -0.92 * shin + 0.38 * rig.leg * go)
            else:
                table[i] = (sign * 0.08, 0.10 + 0.42 * go, 0.93 - 0.14 * lift)
    sway = np.sin(_TAU * phase)
    return replace(
        a,
        pelvis=np.array(
            [0.01 * rig.height * sway, 0.93 * thigh + 0.03 * rig.height - rig.at("hips")[1], -0.05 * rig.height]
        ),
        tilt=np.array([1.28, 0.06 * sway, 0.05 * sway]),
        back=np.array([0.06, -0.10 * sway, 0.0]),
        head=np.array([0.22, 0.10 * m.temper.drift(m.t, 2, 0.2), 0.0]),
        feet=feet,
        foot_turn=np.array([[1.5, 0.0], [1.5, 0.0]]),
        toes=np.zeros(2),
        knees=np.array([[0.1, -1.0, 0.6], [-0.1, -1.0, 0.6]]),
        hands=hands,
        elbows=np.array([[0.9, -0.6, 0.0], [-0.9, -0.6, 0.0]]),
        palms=np.array([[0.0, -1.0, 0.3], [0.0, -1.0, 0.3]]),
        wrists=np.array([-1.1, -1.1]),
        grip=np.array([0.05, 0.05]),
    )


def _climb(m: Moment, a: Attitude) -> Attitude:
    beat = np.sin(_TAU * m.strides.cycle(m.t)) if m.speed > 0.1 else np.sin(_TAU * 0.45 * m.since)
    hands = np.array([[0.10, 0.30 + 0.34 * beat, 0.62], [-0.10, 0.30 - 0.34 * beat, 0.62]])
    return replace(
        a,
        tilt=a.tilt + np.array([0.26, 0.0, 0.05 * beat]),
        back=a.back + np.array([0.08, 0.10 * beat, 0.0]),
        head=a.head + np.array([-0.22, 0.0, 0.0]),
        hands=hands,
        elbows=np.array([[0.8, -1.0, -0.2], [-0.8, -1.0, -0.2]]),
        palms=np.array([[0.0, -0.3, 1.0], [0.0, -0.3, 1.0]]),
        grip=np.array([0.45, 0.45]),
    )


def _jump(m: Moment, a: Attitude) -> Attitude:
    rig = m.rig
    period = 1.05 / max(m.vigour, 0.4) ** 0.25
    u = (m.since / period) % 1.0
    keys = [0.0, 0.26, 0.36, 0.55, 0.74, 0.84, 1.0]
    crouch = float(np.interp(u, keys, [0.1, 1.0, 0.0, 0.0, 0.0, 0.8, 0.1]))
    air = max(0.0, 1 - ((u - 0.55) / 0.20) ** 2) if 0.35 < u < 0.75 else 0.0
    rise = 0.30 * rig.leg * m.vigour * air * (0.15 if m.role.track.position(m.t)[1] > 0.05 else 1.0)
    reach_ = float(np.interp(u, keys, [0.0, -0.8, 0.5, 1.0, 0.5, -0.2, 0.0]))
    up = max(reach_, 0.0)
    hands = np.array(
        [
            [0.20 + 0.25 * up, -0.90 + 1.30 * up, 0.10 + 0.42 * reach_],
            [-0.20 - 0.25 * up, -0.90 + 1.30 * up, 0.10 + 0.42 * reach_],
        ]
    )
    feet = a.feet + np.array([0.0, rise + 0.08 * rig.leg * air, -0.10 * rig.leg * air])
    turn = a.foot_turn + np.array([[0.75 * min(4 * air, 1.0), 0.0]] * 2)
    return replace(
        a,
        pelvis=a.pelvis + np.array([0.0, rise - 0.24 * rig.leg * crouch, -0.05 * rig.leg * crouch]),
        tilt=a.tilt + np.array([0.38 * crouch, 0.0, 0.0]),
        head=a.head + np.array([-0.12 * up, 0.0, 0.0]),
        feet=feet,
        foot_turn=turn,
        hands=hands,
        grip=np.array([0.15, 0.15]),
        jaw=np.maximum(a.jaw, 0.5 * air),
        brow=a.brow + air,
    )


def _swim(m: Moment, a: Attitude) -> Attitude:
    rig, q = m.rig, m.temper
    surface = m.role.ground.water_level
    if m.role.wave is not None:
        surface = m.role.wave(float(m.origin[0]), float(m.origin[2]), m.t * m.role.time_scale)[0]
    submerged = m.role.track.position(m.t)[1] > 0.4 or surface is None
    base = 0.0 if submerged or surface is None else float(surface) - float(m.origin[1]) - 0.035 * rig.height
    beat = 0.62 * max(m.vigour, 0.4) ** 0.5 * m.t
    hands, elbows = np.zeros((2, 3)), np.zeros((2, 3))
    for i, sign in ((0, 1.0), (1, -1.0)):
        angle = _TAU * (beat + 0.5 * i)
        pull = np.sin(angle)
        hands[i] = (
            sign * (0.18 + 0.08 * max(-pull, 0)),
            0.10 + 0.78 * np.cos(angle),
            0.62 * max(pull, 0) - 0.46 * max(-pull, 0),
        )
        elbows[i] = (sign * 1.0, -0.1, -0.6)
    kick = np.sin(_TAU * 2.1 * m.t)
    x = abs(rig.ankle[0][0])
    roll = 0.30 * np.sin(_TAU * beat)
    hips = base - 0.02 * rig.height
    return replace(
        a,
        pelvis=np.array([0.0, hips - rig.at("hips")[1], 0.0]),
        tilt=np.array([1.46, 0.0, 0.0]),
        back=np.array([-0.10, roll, 0.0]),
        head=np.array([0.75, 0.25 * roll, 0.0]),
        feet=np.array(
            [
                [x, hips - 0.02 * rig.height + 0.10 * rig.leg * kick, -0.97 * rig.leg],
                [-x, hips - 0.02 * rig.height - 0.10 * rig.leg * kick, -0.97 * rig.leg],
            ]
        ),
        foot_turn=np.array([[2.6, 0.0], [2.6, 0.0]]),
        knees=np.array([[0.1, -1.0, 0.1], [-0.1, -1.0, 0.1]]),
        toes=np.zeros(2),
        hands=hands,
        elbows=elbows,
        palms=np.array([[0.0, -0.6, 1.0], [0.0, -0.6, 1.0]]),
        grip=np.array([0.05, 0.05]),
        gaze=np.array([-0.25, 0.1 * q.drift(m.t, 2, 0.2)]),
    )


def _dance(m: Moment, a: Attitude) -> Attitude:
    rig, q = m.rig, m.temper
    ballet = any(w in m.manner for w in ("ballet", "twirl", "gracefully", "pirouette"))
    beat = _TAU * (0.55 if ballet else 1.0) * max(m.vigour, 0.5) ** 0.4 * m.since
    s, c, half = np.sin(beat), np.cos(beat), np.sin(0.5 * beat + q.offsets[1])
    bounce = abs(np.sin(beat))
    if ballet:
        hands = np.array([[0.50 + 0.20 * s, 0.30 + 0.36 * s, 0.30], [-0.50 + 0.20 * s, 0.30 - 0.36 * s, 0.30]])
    else:
        hands = np.array(
            [
                [0.36 + 0.10 * c, -0.10 + 0.42 * s, 0.42 + 0.14 * half],
                [-0.36 + 0.10 * c, -0.10 - 0.42 * s, 0.42 - 0.14 * half],
            ]
        )
    feet, turn = a.feet.copy(), a.foot_turn.copy()
    for i, sign in ((0, 1.0), (1, -1.0)):
        up = max(sign * s, 0.0)
        feet[i] = feet[i] + np.array([sign * 0.02 * rig.height, 0.07 * rig.leg * up * up, 0.02 * rig.leg * up])
        turn[i, 0] += 0.5 * up
    return replace(
        a,
        pelvis=a.pelvis + np.array([-0.035 * rig.height * s, -0.05 * rig.leg + 0.03 * rig.leg * bounce, 0.0]),
        tilt=a.tilt + np.array([0.02, 0.16 * half, -0.10 * s]),
        back=a.back + np.array([0.0, -0.24 * half, 0.16 * s]),
        head=a.head + np.array([0.06 * bounce, 0.2 * half, -0.10 * s]),
        feet=feet,
        foot_turn=turn,
        hands=hands,
        elbows=np.array([[0.9, -0.8, -0.2], [-0.9, -0.8, -0.2]]),
        palms=np.array([[-0.3, -0.3, 1.0], [0.3, -0.3, 1.0]]),
        grip=np.array([0.15, 0.15]),
        jaw=np.maximum(a.jaw, 0.15),
        brow=a.brow + 0.4,
    )


_SADDLES = ("horse", "pony", "donkey", "camel", "elephant", "unicorn", "zebra", "dragon", "saddle", "cow", "llama")
_BOARDS = ("skateboard", "surfboard", "snowboard", "longboard", "board", "ski", "skate")


def _ride(m: Moment, a: Attitude) -> Attitude:
    words = f"{m.under} {m.manner}"
    if any(w in words for w in _BOARDS):
        return _boarding(m, a)
    rig = m.rig
    hips, x, leg = level(m.rig), abs(rig.ankle[0][0]), rig.leg
    bob = 0.02 * leg * np.sin(_TAU * 1.6 * m.t) * min(m.speed, 1.0)
    hips = hips + bob
    feet = np.array([[3.3 * x, hips - 0.74 * leg, 0.20 * leg], [-3.3 * x, hips - 0.74 * leg, 0.20 * leg]])
    pitch = np.array([[-0.15, 0.25], [-0.15, -0.25]])
    knees, lean, hand = np.array([[1.0, 0.2, 1.0], [-1.0, 0.2, 1.0]]), 0.04, (-0.10, -0.52, 0.56)
    return replace(
        a,
        pelvis=np.array([0.0, hips - rig.at("hips")[1], 0.0]),
        tilt=np.array([lean, 0.0, 0.0]),
        back=np.array([0.5 * lean, 0.0, 0.0]),
        head=np.array([0.05, a.head[1], 0.0]),
        feet=feet,
        foot_turn=pitch,
        toes=np.zeros(2),
        knees=knees,
        hands=np.array([hand, hand]) * np.array([[1, 1, 1], [-1, 1, 1]]),
        elbows=np.array([[0.8, -1.0, -0.3], [-0.8, -1.0, -0.3]]),
        palms=np.array([[0.0, -1.0, 0.2], [0.0, -1.0, 0.2]]),
        grip=np.array([0.75, 0.75]),
    )


def _boarding(m: Moment, a: Attitude) -> Attitude:
    """Side on, knees bent, arms out for balance; the left foot leads."""
    rig, q = m.rig, m.temper
    sole, apart = rig.ankle[0][1], 0.24 * rig.leg
    sway = q.drift(m.t, 3, 0.35)
    if "ski" in f"{m.under} {m.manner}".split():
        x = abs(rig.ankle[0][0])
        feet, turn, yaw = np.array([[x, sole, 0.0], [-x, sole, 0.0]]), np.zeros((2, 2)), 0.0
    else:
        feet = np.array([[0.0, sole, 0.9 * apart], [0.0, sole, -0.9 * apart]])
        turn, yaw = np.array([[0.0, -1.15], [0.0, -1.4]]), -1.05
    face = np.array([np.sin(yaw), 0.0, np.cos(yaw)])
    return replace(
        a,
        pelvis=np.array([0.0, -0.17 * rig.leg + 0.02 * rig.leg * sway, 0.0]) - 0.05 * rig.leg * face,
        tilt=np.array([0.30, yaw, 0.05 * sway]),
        back=np.array([0.16, 0.25, 0.06 * sway]),
        head=np.array([0.05, 0.1, 0.0]),
        feet=feet,
        foot_turn=turn,
        toes=np.zeros(2),
        knees=np.array([face + np.array([0, 0, 0.5]), face + np.array([0, 0, -0.5])]),
        hands=np.array([[0.70, -0.34 + 0.12 * sway, 0.30], [-0.66, -0.36 - 0.12 * sway, 0.20]]),
        elbows=np.array([[0.4, -1.0, -0.4], [-0.4, -1.0, -0.4]]),
        palms=np.array([[0.0, -1.0, 0.1], [0.0, -1.0, 0.1]]),
        grip=np.array([0.1, 0.1]),
    )


def _play(m: Moment, a: Attitude) -> Attitude:
    """Children at play: they run where there is a way to run, and hop and throw up their arms where there is none."""
    if m.speed > 0.4:
        lift = 0.5 + 0.5 * m.temper.drift(m.t, 2, 0.35)
        hands = a.hands + np.array([[0.16, 0.55 * lift, 0.10], [-0.16, 0.55 * (1 - lift), 0.10]])
        return replace(a, hands=hands, jaw=np.maximum(a.jaw, 0.35 * lift), brow=a.brow + 0.5)
    hop = 0.5 + 0.5 * float(np.tanh(4 * m.temper.drift(m.t, 4, 0.22)))
    return toward(_dance(m, a), _jump(m, a), hop)


def _fall(m: Moment, a: Attitude) -> Attitude:
    """Falls flat on the back within a second (or tumbles on while in the air)."""
    u = float(np.clip(m.since / 0.9, 0, 1))
    u = u * u * (3 - 2 * u)
    down = replace(_lie(m, a), blink=np.array([0.2]), jaw=np.array([0.5]))
    flail = 0.5 * np.sin(_TAU * 1.8 * m.t)
    air = replace(
        a, hands=np.array([[0.6, 0.3 + flail, 0.3], [-0.6, 0.3 - flail, 0.3]]), jaw=np.array([0.7]), brow=a.brow + 1.0
    )
    return air if m.role.track.position(m.t)[1] > 0.5 else toward(air, down, u)


BODILY: dict[str, Move] = {
    "sit": _sit, "lie": _lie, "crawl": _crawl, "climb": _climb, "jump": _jump, "swim": _swim, "dance": _dance, "ride": _ride,
    "drive": _sit, "sail": _sit, "fall": _fall, "play": _play,
}  # fmt: skip
"""Moves of the whole body by verb."""
