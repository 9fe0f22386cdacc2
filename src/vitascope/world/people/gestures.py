"""What hands, faces and gazes do on top of standing, walking or sitting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from vitascope.world.people.attitude import Attitude
from vitascope.world.people.moment import Moment

__all__ = ["GESTURES", "GRIPS", "grip_for", "looking"]

_TAU = 2 * np.pi
Gesture = Callable[[Moment, Attitude], Attitude]

GRIPS: dict[str, tuple[str, ...]] = {
    "overhead": (
        "umbrella",
        "parasol",
        "lantern",
        "torch",
        "flag",
        "sign",
        "banner",
        "balloon",
        "kite",
        "sparkler",
        "staff",
        "wand",
    ),
    "cup": (
        "cup",
        "mug",
        "glass",
        "coffee",
        "tea",
        "drink",
        "bottle",
        "candle",
        "ice cream",
        "flower",
        "rose",
        "apple",
        "microphone",
        "phone",
    ),
    "read": ("book", "newspaper", "map", "letter", "tablet", "magazine", "menu"),
    "aim": ("camera", "camcorder", "binocular", "telescope", "gun"),
    "hang": ("bag", "basket", "suitcase", "briefcase", "bucket", "lunchbox", "luggage", "helmet"),
    "cradle": (
        "baby",
        "cat",
        "kitten",
        "puppy",
        "dog",
        "rabbit",
        "box",
        "flowers",
        "bouquet",
        "ball",
        "gift",
        "present",
        "teddy",
        "pumpkin",
        "tray",
        "cake",
    ),
}
"""How each kind of thing is held, by words that name it."""


def grip_for(words: str) -> str:
    """The grip of GRIPS for what `words` name; "cup" when nothing fits."""
    for grip, things in GRIPS.items():
        if any(thing in words for thing in things):
            return grip
    return "cup"


def _with_hand(
    a: Attitude,
    k: int,
    *,
    hand: tuple,
    elbow: tuple | None = None,
    palm: tuple | None = None,
    wrist: float | None = None,
    grip: float | None = None,
) -> Attitude:
    """The attitude with one hand elsewhere; x of all vectors is outward (left for the left hand, right for the right)."""
    sign = 1.0 if k == 0 else -1.0
    flip = np.array([sign, 1.0, 1.0])
    hands, elbows, palms = a.hands.copy(), a.elbows.copy(), a.palms.copy()
    wrists, grips = a.wrists.copy(), a.grip.copy()
    hands[k] = np.array(hand) * flip
    if elbow is not None:
        elbows[k] = np.array(elbow) * flip
    if palm is not None:
        palms[k] = np.array(palm) * flip
    if wrist is not None:
        wrists[k] = wrist
    if grip is not None:
        grips[k] = grip
    return replace(a, hands=hands, elbows=elbows, palms=palms, wrists=wrists, grip=grips)


def _hold(m: Moment, a: Attitude) -> Attitude:
    sway = 0.010 * m.temper.drift(m.t, 3, 0.22)
    grip = grip_for(m.manner)
    k = 0 if "left hand" in m.manner else 1
    if grip == "overhead":
        return _with_hand(
            a,
            k,
            hand=(0.08, -0.16 + sway, 0.30),
            elbow=(0.55, -1.0, -0.15),
            palm=(-1.0, 0.0, 0.15),
            wrist=0.0,
            grip=0.80,
        )
    if grip == "hang":
        return _with_hand(a, k, hand=(0.16, -0.965, 0.03 + sway), palm=(-1.0, 0.0, 0.0), wrist=0.0, grip=0.85)
    if grip == "cup":
        return _with_hand(
            a, k, hand=(-0.02, -0.40 + sway, 0.52), elbow=(0.5, -1.0, -0.2), palm=(-1.0, 0.0, 0.2), wrist=0.0, grip=0.55
        )
    if grip == "aim":
        a = _with_hand(a, 1, hand=(-0.16, 0.16, 0.42), elbow=(0.8, -0.8, 0.0), palm=(-1.0, 0.2, 0.2), grip=0.6)
        return _with_hand(a, 0, hand=(-0.18, 0.14, 0.46), elbow=(0.6, -1.0, 0.0), palm=(-1.0, 0.4, 0.2), grip=0.5)
    depth, height, apart = (0.50, -0.32, -0.16) if grip == "read" else (0.46, -0.46, -0.14)
    for k in (0, 1):
        a = _with_hand(
            a, k, hand=(apart, height + sway, depth), elbow=(0.7, -1.0, -0.1), palm=(-0.9, 0.45, -0.1), grip=0.40
        )
    return replace(a, head=a.head + np.array([0.30, 0.0, 0.0])) if grip == "read" else a


def _wave(m: Moment, a: Attitude) -> Attitude:
    if "point" in m.manner:
        return _with_hand(a, 1, hand=(0.12, 0.05, 0.96), elbow=(0.6, -1.0, 0.0), palm=(-0.4, -1.0, 0.0), grip=0.35)
    if "salute" in m.manner:
        return _with_hand(a, 1, hand=(-0.02, 0.42, 0.22), elbow=(1.0, -0.2, 0.1), palm=(-0.3, -0.6, 0.4), grip=0.0)
    beat = np.sin(_TAU * (2.1 * min(m.vigour, 1.4)) * m.since)
    a = _with_hand(
        a,
        1,
        hand=(0.36 + 0.17 * beat, 0.62, 0.20),
        elbow=(1.0, -0.7, 0.15),
        palm=(0.12 * beat, -0.1, 1.0),
        wrist=-0.1,
        grip=0.04,
    )
    return replace(
        a,
        head=a.head + np.array([-0.02, 0.0, 0.05 * beat * 0.4 - 0.05]),
        jaw=np.maximum(a.jaw, 0.18),
        brow=a.brow + 0.6,
    )


def _talk(m: Moment, a: Attitude) -> Attitude:
    t, q = m.since, m.temper
    phrase = 0.5 + 0.5 * np.tanh(3.0 * (np.sin(_TAU * 0.36 * t + q.offsets[0]) + 0.45))
    syllable = abs(np.sin(_TAU * 2.35 * t + 1.4 * np.sin(_TAU * 0.71 * t + q.offsets[1])))
    merry = any(word in m.manner for word in ("laugh", "giggle", "shout", "sing"))
    jaw = phrase * syllable * (0.95 if merry else 0.62)
    beat = np.sin(_TAU * 0.72 * t + q.offsets[2])
    other = np.sin(_TAU * 0.52 * t + q.offsets[3])
    lift = phrase * 0.5 * (1 + beat)
    if m.speed < 2.0:
        a = _with_hand(
            a,
            1,
            hand=(0.16 - 0.06 * beat, -0.62 + 0.22 * lift, 0.34 + 0.14 * lift),
            elbow=(0.7, -1.0, -0.5),
            palm=(-0.7, 0.6, 0.1),
            grip=0.16,
        )
        if q.looseness > 0.95:
            up = phrase * 0.5 * (1 + other)
            a = _with_hand(
                a,
                0,
                hand=(0.16 + 0.05 * other, -0.66 + 0.20 * up, 0.32 + 0.12 * up),
                elbow=(0.7, -1.0, -0.5),
                palm=(-0.7, 0.6, 0.1),
                grip=0.18,
            )
    nod = np.array([0.07 * phrase * beat, 0.05 * other, 0.04 * other])
    back = np.array([-0.10 if merry else 0.02 * beat, 0.05 * other, 0.0])
    return replace(
        a, jaw=np.array([jaw]), head=a.head + nod, back=a.back + back, brow=a.brow + 0.7 * phrase * max(beat, 0)
    )


def looking(m: Moment, a: Attitude, *, strength: float = 1.0) -> Attitude:
    """Eyes lead by a tenth of a second, the head follows, the chest a little."""
    here, ahead = m.target(), m.target(m.t + 0.1)
    if here is None or ahead is None:
        if any(word in m.manner for word in ("sky", "up", "stars", "moon", "cloud")):
            here = ahead = np.array([0.4, m.rig.height + 5.0, 7.0])
        elif any(word in m.manner for word in ("down", "ground", "floor")):
            here = ahead = np.array([0.0, 0.0, 1.2])
        elif any(word in m.manner for word in ("book", "read", "phone", "letter", "map")):
            here = ahead = np.array([0.0, 0.62 * m.rig.height, 0.45 * m.rig.arm + 0.2])
        else:
            pan = 0.7 * m.temper.drift(m.t, 2, 0.13)
            lead = 0.7 * m.temper.drift(m.t + 0.1, 2, 0.13)
            here, ahead = (np.array([6 * np.sin(v), 0.95 * m.rig.height, 6 * np.cos(v)]) for v in (pan, lead))
    eyes = np.array([0.0, m.rig.at("eye_l")[1] + a.pelvis[1], m.rig.at("eye_l")[2]])
    pitch, yaw = _angles(here - eyes)
    pitch2, yaw2 = _angles(ahead - eyes)
    turn = float(np.clip(0.80 * yaw, -1.15, 1.15))
    nod = float(np.clip(0.75 * pitch, -0.6, 0.7))
    gaze = np.clip(np.array([pitch2 - nod, yaw2 - turn]), [-0.4, -0.55], [0.4, 0.55])
    head = np.array([nod, turn, a.head[2] - 0.05 * turn])
    body = a.back + np.array([0.0, 0.22 * turn, 0.0])
    return replace(
        a,
        head=a.head + (head - a.head) * strength,
        gaze=a.gaze + (gaze - a.gaze) * strength,
        back=a.back + (body - a.back) * strength,
    )


def _angles(d: np.ndarray) -> tuple[float, float]:
    return float(-np.arctan2(d[1], max(np.hypot(d[0], d[2]), 0.05))), float(np.arctan2(d[0], d[2]))


def _throw(m: Moment, a: Attitude) -> Attitude:
    travel = m.travel
    span = (travel.end - travel.start) if travel else 1.0
    u = m.since - 0.5 * span
    if "juggle" in m.manner:
        for k, off in ((0, 0.0), (1, np.pi)):
            b = np.sin(_TAU * 1.6 * m.t + off)
            a = _with_hand(
                a, k, hand=(0.02, -0.46 + 0.14 * b, 0.46), elbow=(0.6, -1.0, -0.3), palm=(-0.1, 1.0, 0.1), grip=0.25
            )
        return replace(a, head=a.head + np.array([-0.22, 0.0, 0.0]))
    if "catch" in m.manner:
        for k in (0, 1):
            a = _with_hand(a, k, hand=(-0.10, -0.02, 0.72), elbow=(0.6, -1.0, 0.0), palm=(-0.5, 0.2, 1.0), grip=0.22)
        return a
    keys = [-0.75, -0.32, 0.0, 0.28, 0.8]
    path = np.array(
        [[0.2, -0.7, 0.2], [0.42, 0.34, -0.42], [0.14, 0.56, 0.72], [-0.25, -0.42, 0.62], [0.14, -0.95, 0.08]]
    )
    hand = np.array([np.interp(u, keys, path[:, j]) for j in range(3)])
    wind = float(np.interp(u, keys, [0.0, -0.55, 0.35, 0.5, 0.0]))
    a = _with_hand(
        a,
        1,
        hand=tuple(hand),
        elbow=(0.9, -0.6, -0.6),
        palm=(-0.3, -0.3, 1.0),
        grip=float(np.interp(u, [-0.05, 0.1], [0.6, 0.1])),
    )
    a = _with_hand(a, 0, hand=(0.35, -0.55, 0.45 + 0.3 * wind), elbow=(0.8, -0.8, -0.3))
    return replace(
        a, back=a.back + np.array([0.25 * wind, 0.8 * wind, 0.0]), tilt=a.tilt + np.array([0.0, 0.25 * wind, 0.0])
    )


def _push(m: Moment, a: Attitude) -> Attitude:
    pull = "pull" in m.manner or "drag" in m.manner
    for k in (0, 1):
        a = _with_hand(
            a,
            k,
            hand=(-0.04, -0.30, 0.78),
            elbow=(0.7, -1.0, -0.4),
            palm=(-0.35, -0.3, 1.0),
            grip=0.5 if pull else 0.12,
            wrist=-0.5 * (not pull),
        )
    lean = -0.16 if pull else 0.24
    return replace(a, tilt=a.tilt + np.array([lean, 0.0, 0.0]), back=a.back + np.array([lean * 0.5, 0.0, 0.0]))


def _to_mouth(m: Moment, a: Attitude, *, period: float, grip: float) -> Attitude:
    part = (m.since / period) % 1.0
    near = float(np.interp(part, [0, 0.22, 0.34, 0.52, 0.66, 1], [0, 0.9, 1, 1, 0.05, 0]))
    near = near * near * (3 - 2 * near)
    low, high = np.array([0.02, -0.46, 0.50]), np.array([-0.34, 0.20, 0.46])
    hand = low + (high - low) * near
    a = _with_hand(
        a, 1, hand=tuple(hand), elbow=(0.75, -1.0, 0.0), palm=(-1.0, 0.15, -0.2 * near), grip=grip, wrist=0.35 * near
    )
    chew = 0.16 * abs(np.sin(_TAU * 1.5 * m.t)) * float(part > 0.6) if grip < 0.5 else 0.0
    return replace(
        a,
        head=a.head + np.array([-0.16 * near if grip > 0.5 else 0.10 * near, 0, 0]),
        jaw=np.array([0.5 * near * (grip < 0.5) + chew]),
    )


def _eat(m: Moment, a: Attitude) -> Attitude:
    return _to_mouth(m, a, period=2.9, grip=0.42)


def _drink(m: Moment, a: Attitude) -> Attitude:
    return _to_mouth(m, a, period=3.6, grip=0.58)


def _work(m: Moment, a: Attitude) -> Attitude:
    t, words = m.since, m.manner
    fast = any(w in words for w in ("typ", "keyboard", "piano", "laptop", "computer"))
    wide = any(w in words for w in ("paint", "easel", "wipe", "wash", "window", "draw", "wall"))
    guitar = any(w in words for w in ("guitar", "violin", "ukulele", "banjo"))
    if guitar:
        strum = np.sin(_TAU * 2.0 * t)
        a = _with_hand(a, 0, hand=(0.42, -0.28, 0.42), elbow=(0.6, -1.0, -0.2), palm=(-0.4, 0.7, -0.4), grip=0.5)
        return _with_hand(
            a, 1, hand=(-0.10, -0.52 + 0.05 * strum, 0.34), elbow=(1.0, -0.5, -0.5), palm=(-0.4, 0.0, -1.0), grip=0.3
        )
    if fast:
        for k, off in ((0, 0.0), (1, 1.3)):
            tap = 0.012 * np.sin(_TAU * 4.3 * t + off) * (np.sin(_TAU * 0.6 * t + off) > -0.6)
            a = _with_hand(
                a,
                k,
                hand=(-0.13 + 0.03 * np.sin(_TAU * 0.5 * t + off), -0.50 + tap, 0.56),
                elbow=(0.6, -1.0, -0.4),
                palm=(0.0, -1.0, 0.0),
                grip=0.28,
                wrist=-0.15,
            )
        return replace(a, head=a.head + np.array([0.20, 0.05 * np.sin(_TAU * 0.2 * t), 0.0]))
    if wide:
        hand = (0.10 + 0.24 * np.sin(_TAU * 0.45 * t), 0.02 + 0.16 * np.sin(_TAU * 0.31 * t + 1.0), 0.74)
        a = _with_hand(a, 1, hand=hand, elbow=(0.8, -1.0, -0.2), palm=(-0.5, -0.3, 0.8), grip=0.6)
        a = _with_hand(a, 0, hand=(0.05, -0.50, 0.42), elbow=(0.7, -1.0, -0.3), palm=(-0.4, 0.9, 0.0), grip=0.4)
        return replace(a, head=a.head + np.array([0.0, -0.12 + 0.08 * np.sin(_TAU * 0.45 * t), 0.03]))
    ring = _TAU * (0.9 if "stir" in words or "mix" in words else 1.3) * t
    a = _with_hand(
        a,
        1,
        hand=(
            0.02 + 0.07 * np.sin(ring),
            -0.52 + 0.05 * np.sin(2 * ring) * ("stir" not in words),
            0.54 + 0.07 * np.cos(ring),
        ),
        elbow=(0.75, -1.0, -0.4),
        palm=(-0.6, -0.7, 0.0),
        grip=0.6,
    )
    a = _with_hand(a, 0, hand=(-0.06, -0.54, 0.52), elbow=(0.75, -1.0, -0.4), palm=(-0.5, -0.8, 0.1), grip=0.42)
    return replace(
        a,
        head=a.head + np.array([0.30, 0.04 * np.sin(_TAU * 0.23 * t), 0.0]),
        back=a.back + np.array([0.10, 0.03 * np.sin(ring * 0.5), 0.0]),
    )


def _look(m: Moment, a: Attitude) -> Attitude:
    return looking(m, a)


GESTURES: dict[str, Gesture] = {
    "hold": _hold,
    "wave": _wave,
    "talk": _talk,
    "look": _look,
    "throw": _throw,
    "push": _push,
    "eat": _eat,
    "drink": _drink,
    "work": _work,
}
"""Moves of arms and head by verb; they leave legs and hips to what lies under them."""
