"""Neck, head, eyes, jaw, ears, tail and trunk of a quadruped: gaze leads, the head stays level, the tail follows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vitascope.world.animals.anatomy import SIDES, Anatomy
from vitascope.world.animals.dressing import eye_axes
from vitascope.world.animals.life import Life
from vitascope.world.role import Role
from vitascope.world.skeleton import turned
from vitascope.world.track import Track

__all__ = ["Carriage", "carriage_of", "head_turns", "soft_parts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """Radians by which neck and head turn down so that the mouth meets the ground, found once for a body."""

    graze_neck: float
    graze_head: float
    graze_drop: float
    """Share of the shoulder's height that is still missing then."""


def carriage_of(anatomy: Anatomy) -> Carriage:
    """How this body grazes: bend the neck until the muzzle is a few hundredths of its height above the ground."""
    names = _necks(anatomy)
    p = anatomy.parameters
    down = math.radians(62.0 - p["head"]["pitch"]) if p["head"]["pitch"] < 62 else 0.0
    muzzle = anatomy.tips["head"] - anatomy.joints["head"]
    best, gap = 0.0, math.inf
    for angle in np.radians(np.arange(0.0, 132.0, 3.0)):
        here = anatomy.joints[names[0]]
        for k, name in enumerate(names):
            after = anatomy.joints[names[k + 1]] if k + 1 < len(names) else anatomy.joints["head"]
            here = here + turned("x", angle * min(1.0, 0.55 + 0.45 * (k + 1) / len(names))) @ (
                after - anatomy.joints[name]
            )
        height = float((here + turned("x", down) @ muzzle)[1]) - 0.03 * anatomy.unit
        if height < 0:
            break
        if height < gap:
            best, gap = float(angle), height
    drop = gap / float(anatomy.joints["humerus_l"][1])
    return Carriage(graze_neck=best, graze_head=down, graze_drop=float(np.clip(drop - 0.02, 0.0, 0.42)))


def _necks(anatomy: Anatomy) -> list[str]:
    return [f"neck{k + 1}" for k in range(int(anatomy.parameters["neck"]["bones"]))]


def head_turns(
    carriage: Carriage, role: Role, t: float, held: Mapping[str, float], rotations: np.ndarray, root: np.ndarray,
    index: Mapping[str, int], anatomy: Anatomy, life: Life,
) -> None:  # fmt: skip
    """Set the rotations of neck, head, jaw, lids and ears in object space."""
    names = _necks(anatomy)
    graze = min(held.get("graze", 0.0), 1.0)
    speed = role.track.speed(t)
    busy = float(np.clip(speed / (0.6 * math.sqrt(9.81 * anatomy.leg)), 0, 1))
    yaw, pitch = _gaze(role, t, root, anatomy, life, busy, held)
    yaw, pitch = yaw * (1 - graze), pitch * (1 - graze)
    chest = rotations[index["chest"]]
    level = float(np.arcsin(np.clip(chest[1, 2], -1, 1)))
    neck_up = math.radians(held.get("neck", 0.0)) + 0.45 * pitch
    nod = math.radians(2.0) * math.sin(2 * math.pi * 0.31 * t + 1.0) * (1 - busy)
    neck_down = carriage.graze_neck * graze - neck_up - nod * 0.5
    for k, name in enumerate(names):
        s = (k + 1) / len(names)
        bend = neck_down * min(1.0, 0.55 + 0.45 * s) if graze > 0.01 else neck_down * (0.6 + 0.4 * s)
        steady = -level * (0.55 - 0.35 * s)
        rotations[index[name]] = turned("y", yaw * 0.45 * s) @ turned("x", bend + steady)
    tilt = carriage.graze_head * graze - math.radians(held.get("head", 0.0)) - pitch + nod
    chew = math.radians(held.get("jaw", 0.0)) * _beats(t, held.get("rate", 0.0))
    head = turned("y", yaw) @ turned("x", tilt - 0.15 * chew) @ turned("z", 0.12 * yaw)
    rotations[index["head"]] = head
    pant = min(held.get("pant", 0.0), 1.0) * ("tongue" in index) * (1 - graze)
    gape = 0.30 * pant * (0.8 + 0.2 * math.sin(2 * math.pi * 2.3 * t))
    rotations[index["jaw"]] = head @ turned("x", max(chew, gape) + 0.02)
    if "tongue" in index:
        rotations[index["tongue"]] = rotations[index["jaw"]] @ turned("x", -2.7 * (1 - pant) + 0.35 * gape)
    shut = max(life.blink(t), min(held.get("lids", 0.0), 1.0))
    for number, side in enumerate(SIDES):
        axes = eye_axes(anatomy, side)
        rotations[index[f"lid_{side}"]] = head @ axes @ turned("x", 1.62 * shut) @ axes.T
        if f"ear_{side}" in index:
            rotations[index[f"ear_{side}"]] = head @ _ear_turn(anatomy, SIDES[side], number, t, life, busy)


def _ear_turn(anatomy: Anatomy, sign: float, number: int, t: float, life: Life, busy: float) -> np.ndarray:
    if anatomy.parameters["ears"]["kind"] == "fan":
        flap = (
            0.22 * math.sin(2 * math.pi * 0.35 * t)
            + 0.1 * math.sin(2 * math.pi * 0.83 * t + 1)
            + 0.25 * life.twitch(number, t)
        )
        return turned("y", -sign * flap)
    flick = 0.5 * life.twitch(number, t)
    return turned("x", -0.18 * busy) @ turned("y", sign * (flick + 0.06 * math.sin(0.7 * t + number)))


def _beats(t: float, rate: float) -> float:
    """0..1 openings of a mouth, `rate` a second, with small irregular pauses."""
    if rate <= 0:
        return 0.0
    wave = math.sin(2 * math.pi * rate * t) * (0.75 + 0.25 * math.sin(1.7 * t))
    return max(0.0, wave) ** 0.8


def _gaze(
    role: Role, t: float, root: np.ndarray, anatomy: Anatomy, life: Life, busy: float, held: Mapping[str, float]
) -> tuple[float, float]:
    """Yaw and upward pitch [rad] of the head: at the target of an action, into a turn, or wherever life glances."""
    yaw, pitch = life.glance(t)
    yaw, pitch = yaw * (1 - 0.75 * busy), pitch * (1 - busy)
    lead = float(np.clip(role.track.heading(t + 0.4) - role.track.heading(t), -0.7, 0.7))
    yaw += lead * 0.7
    for _, weight, travel in role.track.verbs(t):
        target = travel.action.target
        if target is None or target not in role.targets:
            continue
        local = root[:3, :3].T @ (np.asarray(role.targets[target](t), float) - root[:3, 3]) - anatomy.joints["head"]
        flat = math.hypot(local[0], local[2])
        to_yaw = float(np.clip(math.atan2(local[0], local[2]), -1.2, 1.2))
        to_pitch = float(np.clip(math.atan2(local[1], max(flat, 1e-6)), -0.6, 0.6))
        yaw, pitch = yaw + (to_yaw - yaw) * weight, pitch + (to_pitch - pitch) * weight
    if held.get("look", 0.0) > 0:
        yaw *= 1 + 0.6 * held["look"]
    return float(np.clip(yaw, -1.3, 1.3)), float(np.clip(pitch, -0.6, 0.6))


def soft_parts(
    anatomy: Anatomy, track: Track, life: Life, t: float, held: Mapping[str, float], rotations: np.ndarray,
    index: Mapping[str, int], cycle: float,
) -> None:  # fmt: skip
    """Set the tail (and the trunk) following the body with a lag that grows along it."""
    count = int(anatomy.parameters["tail"]["bones"])
    pelvis = rotations[index["pelvis"]]
    busy = float(np.clip(track.speed(t) / (0.6 * math.sqrt(9.81 * anatomy.leg)), 0, 1))
    up = -math.radians(held.get("tail", 0.0)) * -1.0
    wag = math.radians(held.get("wag", 0.0))
    resting = min(held.get("lids", 0.0) + held.get("calm", 0.0) * 0.6, 1.0)
    for k in range(count):
        s = (k + 1) / count
        idle = 0.16 * (1 - resting) * math.sin(2 * math.pi * 0.23 * t - 2.2 * s) + 0.05 * math.sin(
            2 * math.pi * 0.51 * t - 3 * s
        )
        step = 0.11 * busy * math.sin(2 * math.pi * (cycle - 0.12 - 0.22 * s))
        turn = float(np.clip(track.heading(t) - track.heading(t - 0.30 * s), -0.8, 0.8))
        yaw = (idle + step + wag * math.sin(2 * math.pi * 2.2 * t - 1.2 * s)) * (0.3 + 0.9 * s) - turn * s
        lift = 0.06 * math.sin(2 * math.pi * 0.19 * t - 1.5 * s + 0.7) + 0.08 * busy * math.sin(
            4 * math.pi * (cycle - 0.2 * s)
        )
        rotations[index[f"tail{k + 1}"]] = (
            turned("y", yaw) @ turned("x", (up + lift) * (0.4 + 0.6 * s)) @ _eased(pelvis, 1 - 0.6 * s)
        )
    if "trunk" in anatomy.parameters:
        _trunk(anatomy, t, held, rotations, index, busy, cycle)


def _trunk(
    anatomy: Anatomy,
    t: float,
    held: Mapping[str, float],
    rotations: np.ndarray,
    index: Mapping[str, int],
    busy: float,
    cycle: float,
) -> None:
    count = int(anatomy.parameters["trunk"]["bones"])
    head = rotations[index["head"]]
    curl = min(held.get("graze", 0.0), 1.0)
    call = min(held.get("jaw", 0.0) / 22.0, 1.0) * (1 - curl)
    for k in range(count):
        s = (k + 1) / count
        swing = 0.10 * math.sin(2 * math.pi * 0.27 * t - 1.6 * s) + 0.12 * busy * math.sin(
            2 * math.pi * cycle - 1.8 * s
        )
        fore = 0.10 * math.sin(2 * math.pi * 0.21 * t - 1.2 * s + 0.5)
        dip = curl * (-0.9 * s * (0.5 - 0.5 * math.cos(2 * math.pi * 0.22 * t)) * (1 + 1.2 * s))
        raise_ = -call * (1.1 + 0.9 * s)
        rotations[index[f"trunk{k + 1}"]] = (
            turned("y", swing * s) @ turned("x", (fore * s + dip) + raise_) @ _eased(head, 1 - 0.7 * s)
        )


def _eased(rotation: np.ndarray, share: float) -> np.ndarray:
    """The rotation, `share` of it, by blending and squaring up its columns."""
    blended = np.eye(3) + (rotation - np.eye(3)) * share
    x = blended[:, 0] / np.linalg.norm(blended[:, 0])
    y = blended[:, 1] - x * float(x @ blended[:, 1])
    y = y / np.linalg.norm(y)
    return np.stack([x, y, np.cross(x, y)], axis=1)
