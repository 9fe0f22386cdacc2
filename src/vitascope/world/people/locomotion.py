"""Standing, walking, running and the lope of low gravity: the base under every other move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vitascope.world.people.attitude import Attitude, blended
from vitascope.world.people.moment import Moment
from vitascope.world.skeleton import turned

__all__ = ["on_foot"]

_TAU = 2 * np.pi


def on_foot(m: Moment) -> Attitude:
    """The attitude of someone who stands or goes on planted feet."""
    moving = 0.0 if m.role.carrier is not None else float(np.clip((m.speed - 0.05) / 0.45, 0, 1))
    moving = moving * moving * (3 - 2 * moving)
    run = m.strides.run_share(m.t)
    parts = [(1 - moving, _standing(m))] if moving < 1 else []
    if moving > 0:
        if m.lunar:
            parts.append((moving, _loping(m)))
        else:
            if run < 1:
                parts.append((moving * (1 - run), _walking(m)))
            if run > 0:
                parts.append((moving * run, _running(m)))
    body = blended(parts)
    if m.role.carrier is not None:
        return replace(body, feet=m.rig.ankle.copy(), foot_turn=np.array([[0.0, 0.14], [0.0, -0.14]]))
    return _supported(_with_feet(body, m, run=run * moving), m)


def _standing(m: Moment) -> Attitude:
    q, t = m.temper, m.t
    breath = np.sin(_TAU * q.breath * t + q.offsets[0])
    shift = q.drift(t, 1, 0.09)
    h = m.rig.height
    lean = 1.0 if q.offsets[2] > np.pi else -1.0
    weight = 0.6 * lean + 0.4 * shift
    out = 0.13
    hands = np.array([[out, -0.955, 0.04 + 0.015 * shift], [-out, -0.955, 0.05 - 0.02 * shift]])
    return Attitude(
        pelvis=np.array([0.014 * h * weight, -0.006 * h + 0.001 * h * breath, 0.004 * h * q.drift(t, 3, 0.07)]),
        tilt=np.array([0.01, 0.03 * q.drift(t, 4, 0.06), 0.035 * weight]),
        back=np.array([0.02 - 0.012 * breath, 0.04 * q.drift(t, 5, 0.08), -0.055 * weight]),
        head=np.array([0.02 + 0.03 * q.drift(t, 6, 0.11), 0.14 * q.drift(t, 7, 0.10), 0.035 * q.drift(t, 2, 0.09)]),
        hands=hands,
        wrists=np.array([0.12, 0.12]),
        grip=np.array([0.26, 0.28]),
        shrug=np.full(2, 0.012 * breath),
        gaze=_glance(m),
    )


def _glance(m: Moment) -> np.ndarray:
    """Eyes dart and rest: a new aim every one to three seconds, reached within 60 ms."""
    step = 1.7
    k = np.floor((m.t + m.temper.offsets[3]) / step)
    part = (m.t + m.temper.offsets[3]) / step - k

    def aim(n: float) -> np.ndarray:
        a = np.sin(n * 12.9898 + m.temper.offsets[4]) * 43758.5453
        b = np.sin(n * 78.233 + m.temper.offsets[5]) * 24634.6345
        return np.array([0.10 * ((b % 1) - 0.5), 0.34 * ((a % 1) - 0.5) * (1 if (a % 7) < 4 else 0.2)])

    u = float(np.clip(part * step / 0.06, 0, 1))
    return aim(k - 1) * (1 - u) + aim(k) * u


def _swing(theta: float, flex: float, out: float, sign: float) -> np.ndarray:
    """(3,) wrist for a shoulder that swings `theta` ahead and an elbow that bends `flex`."""
    upper = np.array([sign * np.sin(out), -np.cos(theta) * np.cos(out), np.sin(theta)])
    lower = np.array([sign * np.sin(out) * 0.4, -np.cos(theta + flex), np.sin(theta + flex)])
    return 0.52 * upper + 0.48 * lower / np.linalg.norm(lower)


def _walking(m: Moment) -> Attitude:
    phase = m.strides.cycle(m.t)
    c, s = np.cos(_TAU * phase), np.sin(_TAU * (phase - 0.06))
    leg, h = m.rig.leg, m.rig.height
    go = float(np.clip(m.speed / (0.45 * np.sqrt(9.81 * leg)), 0.35, 1.35)) * m.temper.bounce**0.5
    amp = 0.40 * go * m.temper.looseness
    theta = np.array([-amp * c - 0.02, amp * c - 0.02])
    flex = 0.22 + 0.30 * np.clip(theta + 0.1, 0, 1)
    out = 0.12
    return Attitude(
        pelvis=np.array([0.013 * h * s, -0.016 * leg - (0.013 * go) * leg * np.cos(2 * _TAU * (phase - 0.06)), 0.0]),
        tilt=np.array([0.03 + 0.02 * go, -0.10 * go * c, 0.05 * s]),
        back=np.array([0.02, 0.22 * go * c, -0.06 * s]),
        head=np.array([0.02 + 0.015 * np.cos(2 * _TAU * (phase - 0.1)), 0.05 * m.temper.drift(m.t, 7, 0.1), 0.02 * s]),
        hands=np.array([_swing(theta[0], flex[0], out, 1), _swing(theta[1], flex[1], out, -1)]),
        wrists=0.15 + 0.10 * np.array([s, -s]),
        grip=np.array([0.3, 0.3]),
        shrug=np.array([0.02 * s, -0.02 * s]),
        gaze=_glance(m) * 0.6,
        tail=np.array([0.10 * np.cos(2 * _TAU * (phase - 0.2)), 0.16 * np.sin(_TAU * (phase - 0.15))]),
    )


def _running(m: Moment) -> Attitude:
    phase = m.strides.cycle(m.t)
    c = np.cos(_TAU * (phase - 0.02))
    s = np.sin(_TAU * (phase + 0.075))
    leg, h = m.rig.leg, m.rig.height
    go = float(np.clip(m.speed / (1.1 * np.sqrt(9.81 * leg)), 0.5, 1.4))
    amp = 0.72 * min(go, 1.1)
    theta = np.array([-amp * c - 0.12, amp * c - 0.12])
    flex = 1.45 + 0.25 * np.array([-c, c])
    return Attitude(
        pelvis=np.array(
            [0.008 * h * s, -0.035 * leg - 0.050 * leg * m.temper.bounce * np.cos(2 * _TAU * (phase - 0.175)), 0.0]
        ),
        tilt=np.array([0.10 + 0.07 * go, -0.16 * c, 0.04 * s]),
        back=np.array([0.06, 0.42 * c, -0.05 * s]),
        head=np.array([0.0 + 0.03 * np.cos(2 * _TAU * (phase - 0.2)), 0.0, 0.015 * s]),
        hands=np.array([_swing(theta[0], flex[0], 0.17, 1), _swing(theta[1], flex[1], 0.17, -1)]),
        grip=np.array([0.62, 0.62]),
        gaze=_glance(m) * 0.4,
        jaw=np.array([0.12]),
        tail=np.array([0.35 + 0.30 * np.cos(2 * _TAU * (phase - 0.3)), 0.25 * np.sin(_TAU * (phase - 0.2))]),
    )


def _loping(m: Moment) -> Attitude:
    """The skip of low gravity: long slow bounds, arms held wide, knees soft."""
    phase = m.strides.cycle(m.t)
    c, s = np.cos(_TAU * phase), np.sin(_TAU * (phase - 0.06))
    leg, h = m.rig.leg, m.rig.height
    rise = 0.5 - 0.5 * np.cos(2 * _TAU * (phase - 0.16))
    sway = np.array([c, -c])
    return Attitude(
        pelvis=np.array([0.02 * h * s, -0.06 * leg + 0.20 * leg * rise, 0.0]),
        tilt=np.array([0.12, -0.12 * c, 0.06 * s]),
        back=np.array([0.06, 0.16 * c, -0.05 * s]),
        head=np.array([0.04, 0.0, 0.02 * s]),
        hands=np.array(
            [[0.44, -0.70 + 0.10 * rise, 0.30 - 0.10 * sway[0]], [-0.44, -0.70 + 0.10 * rise, 0.30 - 0.10 * sway[1]]]
        ),
        elbows=np.array([[0.9, -0.3, -0.6], [-0.9, -0.3, -0.6]]),
        grip=np.array([0.3, 0.3]),
    )


def _with_feet(a: Attitude, m: Moment, *, run: float) -> Attitude:
    """Feet from the strides: heel first, a roll over the ball, a swing clear of the ground."""
    rig = m.rig
    feet, turns, toes = np.zeros((2, 3)), np.zeros((2, 2)), np.zeros(2)
    go = float(np.clip(m.speed / (0.45 * np.sqrt(9.81 * rig.leg)), 0.0, 1.2))
    for i in (0, 1):
        step = m.strides.foot(i, m.t)
        yaw = (step.heading - m.heading + np.pi) % (2 * np.pi) - np.pi
        pitch, bend = _roll(step.planted, step.share, run) if not step.resting else (0.0, 0.0)
        pitch, bend = pitch * min(go, 1.0), bend * min(go, 1.0)
        clear = step.lift * ((0.085 + 0.05 * run) * rig.leg + (0.10 * rig.leg if m.lunar else 0.0))
        if not step.planted and step.resting:
            clear = step.lift * 0.09 * rig.leg
            pitch = 0.3 * np.sin(np.pi * step.share)
        rest = np.array([0.0, rig.ankle[0][1], 0.0])
        pivot = rig.ball if pitch > 0 else rig.heel
        roll = turned("x", pitch)
        offset = rest + pivot - roll @ pivot
        place = step.position + np.array([0.0, clear, 0.0])
        inside = m.inside(place)
        feet[i] = inside + turned("y", yaw) @ offset
        turns[i] = (pitch, yaw)
        toes[i] = -bend
    return replace(a, feet=feet, foot_turn=turns, toes=toes)


def _roll(planted: bool, u: float, run: float) -> tuple[float, float]:
    """(pitch, toe bend) [rad] of a foot at share u of its stance or swing."""
    if planted:
        walk = np.interp(u, [0, 0.14, 0.52, 0.80, 1], [-0.30, 0.0, 0.0, 0.32, 0.85])
        fast = np.interp(u, [0, 0.15, 0.45, 1], [-0.05, 0.0, 0.05, 1.0])
        pitch = walk + (fast - walk) * run
        return float(pitch), float(max(pitch, 0.0))
    walk = np.interp(u, [0, 0.2, 0.5, 0.75, 1], [0.85, 0.95, 0.25, -0.10, -0.30])
    fast = np.interp(u, [0, 0.3, 0.65, 1], [1.0, 1.45, 0.5, -0.05])
    pitch = float(walk + (fast - walk) * run)
    return pitch, max(pitch, 0.0) * max(1 - u / 0.35, 0.0)


def _supported(a: Attitude, m: Moment) -> Attitude:
    """Hips low enough that every planted foot is within reach of its leg."""
    rig = m.rig
    height = rig.at("hips")[1] + a.pelvis[1]
    side = abs(rig.at("thigh_l")[0])
    drop = rig.at("hips")[1] - rig.at("thigh_l")[1]
    longest = 0.992 * rig.leg
    for i, sign in ((0, 1.0), (1, -1.0)):
        step = m.strides.foot(i, m.t)
        if not step.planted and 0.25 < step.share < 0.8:
            continue
        hip = np.array([sign * side + a.pelvis[0], 0.0, a.pelvis[2] + rig.at("thigh_l")[2]])
        away = float(np.hypot(a.feet[i][0] - hip[0], a.feet[i][2] - hip[2]))
        slack = 0.0 if step.planted else 0.35 * rig.leg * min(step.share / 0.25, (1 - step.share) / 0.2, 1.0)
        limit = float(a.feet[i][1]) + np.sqrt(max(longest**2 - away**2, 0.02)) + drop + slack
        k = 0.02 * rig.leg
        gap = float(np.clip((limit - height) / k, -30, 30))
        height = limit - k * np.log1p(np.exp(gap)) if gap < 8 else height
    pelvis = a.pelvis.copy()
    pelvis[1] = height - rig.at("hips")[1]
    return replace(a, pelvis=pelvis)
