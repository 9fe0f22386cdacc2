"""Attitudes: a whole-body pose as plain numbers that can be blended, and the joint rotations that realise one.

Lengths are metres in the subject's own space (feet near y = 0, facing +z); index 0 of pairs is the left side (+x).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from scipy.spatial.transform import Rotation

from vitascope.world.people.frame import BONES, SIDES
from vitascope.world.skeleton import Skeleton, reach, rotation_between, turned

__all__ = ["Attitude", "Rig", "blended", "euler", "rig_of", "solved", "toward", "wrists_at"]

_NUMBER = {name: i for i, name in enumerate(BONES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attitude:
    """A pose in numbers. Angles are radians: pitch leans forward, yaw turns left, roll leans right."""

    pelvis: np.ndarray = field(default_factory=lambda: np.zeros(3))
    """(3,) offset of the hips from rest [m]."""
    tilt: np.ndarray = field(default_factory=lambda: np.zeros(3))
    """(3,) pitch, yaw, roll of the pelvis."""
    back: np.ndarray = field(default_factory=lambda: np.zeros(3))
    """(3,) bend of the spine against the pelvis."""
    head: np.ndarray = field(default_factory=lambda: np.zeros(3))
    """(3,) pitch, yaw, roll of the head in the subject's space, so that it stays level on a moving body."""
    feet: np.ndarray = field(default_factory=lambda: np.zeros((2, 3)))
    """(2, 3) where the ankles are."""
    foot_turn: np.ndarray = field(default_factory=lambda: np.zeros((2, 2)))
    """(2, 2) pitch (toes down) and yaw of the feet."""
    toes: np.ndarray = field(default_factory=lambda: np.zeros(2))
    knees: np.ndarray = field(default_factory=lambda: np.array([[0.12, 0.0, 1.0], [-0.12, 0.0, 1.0]]))
    """(2, 3) towards where the knees point."""
    hands: np.ndarray = field(default_factory=lambda: np.array([[0.12, -0.97, 0.05], [-0.12, -0.97, 0.05]]))
    """(2, 3) wrists from the shoulder joints, in the chest's space and lengths of the arm."""
    elbows: np.ndarray = field(default_factory=lambda: np.array([[0.45, -0.2, -1.0], [-0.45, -0.2, -1.0]]))
    palms: np.ndarray = field(default_factory=lambda: np.array([[-1.0, 0.0, -0.25], [1.0, 0.0, -0.25]]))
    """(2, 3) towards where the palms face, in the chest's space."""
    wrists: np.ndarray = field(default_factory=lambda: np.zeros(2))
    grip: np.ndarray = field(default_factory=lambda: np.full(2, 0.18))
    """(2,) 0 flat hands, 1 fists."""
    shrug: np.ndarray = field(default_factory=lambda: np.zeros(2))
    jaw: np.ndarray = field(default_factory=lambda: np.zeros(1))
    blink: np.ndarray = field(default_factory=lambda: np.zeros(1))
    gaze: np.ndarray = field(default_factory=lambda: np.zeros(2))
    """(2,) pitch (down) and yaw of the eyes against the head."""
    brow: np.ndarray = field(default_factory=lambda: np.zeros(1))
    tail: np.ndarray = field(default_factory=lambda: np.zeros(2))
    """(2,) pitch and roll of a hair tail."""


_FIELDS = tuple(f.name for f in fields(Attitude))


def blended(parts: Sequence[tuple[float, Attitude]]) -> Attitude:
    """The weighted mean of attitudes; weights need not sum to one."""
    total = sum(weight for weight, _ in parts)
    mixed = {name: np.sum([w * getattr(a, name) for w, a in parts], axis=0) / total for name in _FIELDS}
    return Attitude(**mixed)


def toward(a: Attitude, b: Attitude, weight: float) -> Attitude:
    """From a (weight 0) to b (weight 1)."""
    if weight <= 0:
        return a
    return b if weight >= 1 else blended(((1 - weight, a), (weight, b)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """The measures of a skeleton that posing needs [m]."""

    skeleton: Skeleton
    heads: np.ndarray
    leg: float
    arm: float
    height: float
    head: float
    ankle: np.ndarray
    """(2, 3) ankles at rest."""
    ball: np.ndarray
    """(3,) from the ankle to the ball of the foot, left."""
    heel: np.ndarray

    def at(self, name: str) -> np.ndarray:
        """(3,) rest position of a bone."""
        return self.heads[_NUMBER[name]]


def rig_of(skeleton: Skeleton) -> Rig:
    """The rig of a person's skeleton."""
    heads = skeleton.heads
    get = {name: heads[i] for name, i in _NUMBER.items()}
    leg = float(np.linalg.norm(get["shin_l"] - get["thigh_l"]) + np.linalg.norm(get["foot_l"] - get["shin_l"]))
    ankle = np.array([get["foot_l"], get["foot_r"]])
    ball = get["toes_l"] - get["foot_l"]
    return Rig(
        skeleton=skeleton,
        heads=heads,
        leg=leg,
        arm=float(np.linalg.norm(get["hand_l"] - get["forearm_l"]) + np.linalg.norm(get["forearm_l"] - get["arm_l"])),
        height=float(get["head"][1] + 0.9 * (get["eye_l"][1] - get["head"][1]) / 0.375 * 1.0),
        head=float((get["tail"][1] - get["head"][1]) / 0.52),
        ankle=ankle,
        ball=np.array([0.0, -get["foot_l"][1], ball[2]]),
        heel=np.array([0.0, -get["foot_l"][1], -0.42 * ball[2]]),
    )


def euler(angles: np.ndarray) -> np.ndarray:
    """(3, 3) rotation of pitch, yaw, roll: roll first, then pitch, then yaw."""
    return turned("y", float(angles[1])) @ turned("x", float(angles[0])) @ turned("z", float(angles[2]))


def solved(a: Attitude, rig: Rig) -> np.ndarray:
    """(J, 4, 4) object_from_joint of the attitude."""
    turn = np.tile(np.eye(3), (len(BONES), 1, 1))
    place = {"hips": rig.at("hips") + a.pelvis}
    turn[_NUMBER["hips"]] = euler(a.tilt)
    third = euler(a.back / 3)
    for name, above in (("spine1", "hips"), ("spine2", "spine1"), ("chest", "spine2")):
        turn[_NUMBER[name]] = turn[_NUMBER[above]] @ third
        place[name] = _after(place, turn, rig, above, name)
    chest, head = turn[_NUMBER["chest"]], euler(a.head)
    half = Rotation.from_matrix(chest.T @ head).as_rotvec() * 0.5
    turn[_NUMBER["neck"]] = chest @ Rotation.from_rotvec(half).as_matrix()
    _face(a, head, turn)
    for k, (side, sign) in enumerate(SIDES):
        _arm(a, rig, turn, place, k, side, sign)
        _leg(a, rig, turn, place, k, side)
    return rig.skeleton.globals_from_global(turn, root_offset=a.pelvis)


def wrists_at(a: Attitude, rig: Rig, points: np.ndarray) -> np.ndarray:
    """(2, 3) what `hands` must be for wrists at `points` (2, 3) of the subject's space, as far as the arms reach."""
    place = {"hips": rig.at("hips") + a.pelvis}
    turn = {"hips": euler(a.tilt)}
    third = euler(a.back / 3)
    for name, above in (("spine1", "hips"), ("spine2", "spine1"), ("chest", "spine2")):
        turn[name] = turn[above] @ third
        place[name] = place[above] + turn[above] @ (rig.at(name) - rig.at(above))
    chest = turn["chest"]
    shoulders = [place["chest"] + chest @ (rig.at(f"arm_{side}") - rig.at("chest")) for side, _ in SIDES]
    return np.array([chest.T @ (p - s) / rig.arm for p, s in zip(points, shoulders, strict=True)])


def _after(place: dict[str, np.ndarray], turn: np.ndarray, rig: Rig, above: str, name: str) -> np.ndarray:
    return place[above] + turn[_NUMBER[above]] @ (rig.at(name) - rig.at(above))


def _face(a: Attitude, head: np.ndarray, turn: np.ndarray) -> None:
    turn[_NUMBER["head"]] = head
    turn[_NUMBER["jaw"]] = head @ turned("x", 0.42 * float(a.jaw[0]))
    turn[_NUMBER["tail"]] = head @ euler(np.array([a.tail[0], 0.0, a.tail[1]]))
    gaze = turned("y", float(a.gaze[1])) @ turned("x", float(a.gaze[0]))
    lid = 0.95 * float(a.blink[0]) + 0.45 * max(float(a.gaze[0]), -0.35)
    for side, _ in SIDES:
        turn[_NUMBER[f"eye_{side}"]] = head @ gaze
        turn[_NUMBER[f"lid_{side}"]] = head @ turned("x", lid)
        turn[_NUMBER[f"brow_{side}"]] = head @ turned("x", -0.12 * float(a.brow[0]))


def _arm(a: Attitude, rig: Rig, turn: np.ndarray, place: dict[str, np.ndarray], k: int, side: str, sign: float) -> None:
    chest = turn[_NUMBER["chest"]]
    raised = max(float(a.hands[k][1]), -0.1) + 0.1
    shrug = float(a.shrug[k]) + 0.42 * min(raised, 1.0)
    ahead = 0.22 * float(np.clip(a.hands[k][2] - 0.35, 0, 1)) * sign
    collar = chest @ turned("z", sign * shrug) @ turned("y", -ahead)
    turn[_NUMBER[f"clavicle_{side}"]] = collar
    place["clavicle"] = _after(place, turn, rig, "chest", f"clavicle_{side}")
    shoulder = place["clavicle"] + collar @ (rig.at(f"arm_{side}") - rig.at(f"clavicle_{side}"))
    rest_shoulder = place["chest"] + chest @ (rig.at(f"arm_{side}") - rig.at("chest"))
    target = rest_shoulder + chest @ a.hands[k] * rig.arm
    upper = rig.at(f"forearm_{side}") - rig.at(f"arm_{side}")
    lower = rig.at(f"hand_{side}") - rig.at(f"forearm_{side}")
    _, _, joint = reach(shoulder, upper, lower, target, chest @ a.elbows[k])
    top = collar @ rotation_between(upper, collar.T @ (joint - shoulder))
    end = shoulder + _limited(target - shoulder, float(np.linalg.norm(upper) + np.linalg.norm(lower)))
    low = rotation_between(top @ lower, end - joint) @ top
    along = low @ lower / np.linalg.norm(lower)
    rest_along = lower / np.linalg.norm(lower)
    inward = np.array([sign * rest_along[1], -abs(rest_along[0]), 0.0])
    wanted = chest @ a.palms[k]
    wanted = wanted - along * float(wanted @ along)
    now = low @ inward
    twist = float(np.arctan2(float(np.cross(now, wanted) @ along), float(now @ wanted)))
    twist = float(np.clip(twist, -2.3, 2.3))
    hand = turned(along, twist) @ low
    curl = np.cross(rest_along, inward)
    turn[_NUMBER[f"arm_{side}"]] = top
    turn[_NUMBER[f"forearm_{side}"]] = turned(along, 0.15 * twist) @ low
    turn[_NUMBER[f"wrist_{side}"]] = turned(along, 0.72 * twist) @ low
    hand = hand @ turned(curl, float(a.wrists[k]))
    grip = float(a.grip[k])
    turn[_NUMBER[f"hand_{side}"]] = hand
    turn[_NUMBER[f"fingers_{side}"]] = hand @ turned(curl, 0.05 + 1.40 * grip)
    turn[_NUMBER[f"tips_{side}"]] = hand @ turned(curl, 0.10 + 2.95 * grip)
    turn[_NUMBER[f"thumb_{side}"]] = hand @ turned(rest_along, -sign * 0.75 * grip) @ turned(curl, 0.35 * grip)


def _limited(line: np.ndarray, longest: float) -> np.ndarray:
    length = float(np.linalg.norm(line))
    return line * min(1.0, 0.9995 * longest / max(length, 1e-9))


def _leg(a: Attitude, rig: Rig, turn: np.ndarray, place: dict[str, np.ndarray], k: int, side: str) -> None:
    pelvis = turn[_NUMBER["hips"]]
    hip = _after(place, turn, rig, "hips", f"thigh_{side}")
    upper = rig.at(f"shin_{side}") - rig.at(f"thigh_{side}")
    lower = rig.at(f"foot_{side}") - rig.at(f"shin_{side}")
    _, _, joint = reach(hip, upper, lower, a.feet[k], a.knees[k])
    thigh = pelvis @ rotation_between(upper, pelvis.T @ (joint - hip))
    end = hip + _limited(a.feet[k] - hip, float(np.linalg.norm(upper) + np.linalg.norm(lower)))
    shin = rotation_between(thigh @ lower, end - joint) @ thigh
    foot = turned("y", float(a.foot_turn[k][1])) @ turned("x", float(a.foot_turn[k][0]))
    turn[_NUMBER[f"thigh_{side}"]] = thigh
    turn[_NUMBER[f"shin_{side}"]] = shin
    turn[_NUMBER[f"foot_{side}"]] = foot
    turn[_NUMBER[f"toes_{side}"]] = foot @ turned("x", float(a.toes[k]))
