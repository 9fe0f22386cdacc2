"""How a quadruped moves: feet first, then girdles, back, neck, head and tail, all as pure functions of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from vitascope.world.animals.anatomy import LEGS, Anatomy
from vitascope.world.animals.gaits import flight, gallop_share
from vitascope.world.animals.head_motion import Carriage, head_turns, soft_parts
from vitascope.world.animals.life import Life, Likeness
from vitascope.world.animals.limb import LegRest, posed_leg
from vitascope.world.animals.posture import posture_at
from vitascope.world.animals.stepping import Steps
from vitascope.world.animals.terrain import footing_at
from vitascope.world.role import Role
from vitascope.world.skeleton import Skeleton, turned
from vitascope.world.stage import Pose

__all__ = ["Moment", "QuadrupedMotion", "leg_rests"]

_BLADE_SWING = 0.8
"""Share of the fore leg's swing that the shoulder blade makes: the leg turns about the top of the blade (Fischer 2002)."""

_SLACK = 1.2
"""How far [withers heights] a foot in mid-swing may be out of reach before the body sinks for it."""

_GIRDLE = {"fore": "scapula", "hind": "haunch"}
_BONES = {
    "fore": ("humerus", "forearm", "cannon_fore", "foot_fore"),
    "hind": ("thigh", "shin", "cannon_hind", "foot_hind"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One moment of one body: world_from_object (4, 4), scaled by its likeness, and object_from_joint (J, 4, 4)."""

    root: np.ndarray
    globals: np.ndarray


def leg_rests(anatomy: Anatomy) -> tuple[LegRest, ...]:
    """The four legs in gait order."""
    found = []
    foot = anatomy.parameters["foot"]["length"] * anatomy.unit
    for kind, side in LEGS:
        joints = [anatomy.joints[f"{name}_{side}"] for name in _BONES[kind]]
        sole = anatomy.tips[f"{kind}_{side}"] * np.array([1.0, 0.0, 1.0]) - np.array([0.0, 0.0, 0.5 * foot])
        found.append(
            LegRest(top=joints[0], middle=joints[1], low=joints[2], fetlock=joints[3], sole=sole, fore=kind == "fore")
        )
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuadrupedMotion:
    """Poses of one quadruped in one shot. `tilts[i]` (C, 3, 3) lays foot i on the slope of each of its plants."""

    anatomy: Anatomy
    skeleton: Skeleton
    role: Role
    steps: Steps
    tilts: tuple[np.ndarray, ...]
    legs: tuple[LegRest, ...]
    life: Life
    likeness: Likeness
    carriage: Carriage
    style: str
    index: Mapping[str, int]
    seen: dict[float, Moment] = field(default_factory=dict)
    """The latest moments, for sockets and motion vectors; a cache that changes no result."""

    def at(self, t: float) -> Pose:
        moment = self.moment(t)
        return Pose(
            transforms=moment.root[None].astype(np.float32),
            joints=self.skeleton.skinning(moment.globals),
            tints=self.likeness.tint,
        )

    def moment(self, t: float) -> Moment:
        """The body at `t` [s]."""
        if t not in self.seen:
            if len(self.seen) > 8:
                self.seen.clear()
            self.seen[t] = self._made(float(t))
        return self.seen[t]

    def posture(self, t: float) -> dict[str, float]:
        """What the verbs ask for, and the neck that swings with a gallop."""
        held = posture_at(self.role.track, t, blend=0.5 if self.anatomy.unit > 1 else 0.35)
        g = gallop_share(self.role.track.speed(t), leg=self.anatomy.leg, style=self.style)
        held["neck"] = held.get("neck", 0.0) + 6.0 * g * np.cos(2 * np.pi * (self.steps.cycle(t) - 0.15))
        return held

    def _made(self, t: float) -> Moment:
        held = self.posture(t)
        root, base, footing = self._root(t, held)
        a = self.anatomy
        rotations = np.tile(np.eye(3), (len(self.skeleton.bones), 1, 1))
        hips = [(height - base) / self.likeness.size for height in footing]
        planted = self._soles(t, held, root, hips)
        offset = self._back(t, held, rotations, hips, planted)
        head_turns(self.carriage, self.role, t, held, rotations, root, self.index, a, self.life)
        for _ in range(2):
            globals_ = self.skeleton.globals_from_global(rotations, root_offset=offset)
            offset = offset - np.array([0.0, self._shortfall(held, rotations, globals_, planted), 0.0])
        globals_ = self.skeleton.globals_from_global(rotations, root_offset=offset)
        self._legs(t, held, rotations, globals_, planted)
        soft_parts(a, self.role.track, self.life, t, held, rotations, self.index, self.steps.cycle(t))
        return Moment(root=root, globals=self.skeleton.globals_from_global(rotations, root_offset=offset))

    def _root(self, t: float, held: Mapping[str, float]) -> tuple[np.ndarray, float, tuple[float, float]]:
        """World from object, the world height of the object's origin, and ground heights under hind and fore feet."""
        if self.role.carrier is not None:
            return np.asarray(self.role.carrier(t), float), 0.0, (0.0, 0.0)
        track, a = self.role.track, self.anatomy
        position, heading = track.position(t), track.heading(t)
        lines = (float(self.legs[0].sole[2]), float(self.legs[1].sole[2]))
        footing = footing_at(
            self.role.ground, position, heading, lines=lines, half_width=float(abs(self.legs[1].sole[0]))
        )
        base = (footing.hind + footing.fore) / 2
        afloat = held.get("paddle", 0.0)
        level = self.role.ground.water_level
        if level is not None and afloat > 0:
            swim = level - 0.80 * a.unit
            base = base + (max(swim, base - 0.2 * a.unit) - base) * afloat
        base = base + float(position[1])
        root = np.eye(4)
        root[:3, :3] = turned("y", heading) * self.likeness.size
        root[:3, 3] = (position[0], base, position[2])
        hind, fore = footing.hind - (footing.hind + footing.fore) / 2, footing.fore - (footing.hind + footing.fore) / 2
        level_out = 1 - afloat
        return root, base, (base + hind * level_out, base + fore * level_out)

    def _soles(
        self, t: float, held: Mapping[str, float], root: np.ndarray, hips: list[float]
    ) -> list[tuple[np.ndarray, np.ndarray, float]]:
        """Sole (3,), foot rotation (3, 3) and swing of each foot in object space, whatever carries it."""
        back = np.linalg.inv(root)
        air = min(held.get("air", 0.0), 1.0)
        unit, found = self.anatomy.unit, []
        for i, (kind, _) in enumerate(LEGS):
            reach = np.array([0.0, 0.0, held.get(f"{kind}_reach", 0.0) * unit])
            hanging = self._hanging(i, t, held) if air > 0 else np.zeros(3)
            if self.role.carrier is not None:
                found.append((self.legs[i].sole + reach, np.eye(3), 0.0))
                continue
            foot, heading, _ = self.steps.foot(i, t)
            k = int(np.clip(np.searchsorted(self.steps.contacts[i], t, side="right") - 1, 0, len(self.tilts[i]) - 1))
            tilt = self.tilts[i][k]
            if not foot.planted:
                after = self.tilts[i][min(k + 1, len(self.tilts[i]) - 1)]
                tilt = after if foot.swing > 0.5 else tilt
                level = 1 - abs(2 * foot.swing - 1)
                tilt = tilt + (np.eye(3) - tilt) * level
                tilt = np.linalg.qr(tilt)[0] * np.sign(np.diag(np.linalg.qr(tilt)[1]))
            droop = 0.9 * np.sin(np.pi * foot.swing) * (1.15 - foot.swing) if not foot.planted else 0.0
            turn = self.likeness.size * back[:3, :3] @ tilt @ turned("y", heading) @ turned("x", droop)
            sole = back[:3, :3] @ foot.position + back[:3, 3] + reach
            if air > 0:
                sole = sole + (self.legs[i].sole + hanging - sole) * air
            found.append((sole, turn, float(foot.swing)))
        return found

    def _hanging(self, i: int, t: float, held: Mapping[str, float]) -> np.ndarray:
        """Where a foot hangs relative to rest while it has no ground: paddling in water, gathered in a leap."""
        leg = self.anatomy.leg
        if held.get("paddle", 0.0) > 0.0:
            angle = 2 * np.pi * (1.1 * t + (0.0, 0.5, 0.5, 0.0)[i])
            return np.array([0.0, 0.14 + 0.10 * np.cos(angle), 0.16 * np.sin(angle)]) * leg
        rise = held.get("rise", 0.0)
        forward = (0.10, 0.34, 0.10, 0.34)[i] if i % 2 else -0.18
        return np.array([0.0, 0.30 * rise, forward * (0.4 + 0.6 * rise)]) * leg

    def _back(
        self, t: float, held: Mapping[str, float], rotations: np.ndarray, hips: list[float], planted: list
    ) -> np.ndarray:
        """Set rotations of pelvis to chest; return how far the pelvis moves from rest (3,)."""
        a, track = self.anatomy, self.role.track
        stance = a.parameters["stance"]
        cycle, speed = self.steps.cycle(t), track.speed(t)
        moving = float(np.clip(speed / (0.25 * np.sqrt(9.81 * a.leg)), 0, 1)) * (1 - 0.7 * held.get("calm", 0.0))
        g = gallop_share(speed, leg=a.leg, style=self.style)
        trot = float(np.clip((speed**2 / (9.81 * a.leg) - 0.5) / 0.6, 0, 1)) * (1 - g)
        beat = 4 * np.pi
        bob = moving * a.unit * (
            0.012 * (1 - trot) * (1 - g) * np.cos(beat * (cycle - 0.31))
            - 0.026 * trot * np.cos(beat * (cycle - 0.22))
            + 0.03 * g * flight(cycle, self.style)
        )  # fmt: skip
        breath = 0.004 * a.unit * self.life.breath(t)
        jump = held.get("rise", 0.0) * 0.75 * a.leg + 0.10 * a.unit * held.get("bounce", 0.0) * abs(np.sin(4.4 * t))
        low = stance["crouch"] * a.unit * (0.4 + 0.6 * moving)
        rock = 0.035 * g * a.unit * np.cos(2 * np.pi * (cycle - 0.24))
        heights = []
        for k, kind in enumerate(("hind", "fore")):
            rest = self.legs[k].top[1]
            want = hips[k] + rest * (1 - held.get(f"{kind}_drop", 0.0)) + bob + breath + jump - low
            want += rock if k else -rock
            spare = (self._tallest(k, planted, held) + jump - want) / (0.02 * a.unit)
            want -= 0.02 * a.unit * np.logaddexp(0.0, -spare)
            heights.append(want - rest)
        rise = heights[1] - heights[0]
        span = float(self.legs[1].top[2] - self.legs[0].top[2])
        pitch = float(np.arcsin(np.clip(rise / span, -0.85, 0.85)))
        flex = 0.34 * g * stance["flex"] * np.cos(2 * np.pi * (cycle - 0.93))
        sway = np.radians(2.2) * stance["sway"] * moving * (1 - 0.8 * g) * np.sin(2 * np.pi * cycle)
        bend = float(np.clip(track.heading(t + 0.18) - track.heading(t - 0.18), -0.5, 0.5)) * 0.5
        roll = np.radians(1.6) * stance["sway"] * moving * (1 - g) * np.cos(2 * np.pi * (cycle - 0.31))
        for name, s in (("pelvis", -1.0), ("loin", -0.4), ("waist", 0.35), ("chest", 1.0)):
            yaw = turned("y", sway * s + bend * s)
            rotations[self.index[name]] = yaw @ turned("x", -pitch + flex * s) @ turned("z", roll * -s)
        return self._anchored(rotations, heights, held)

    def _tallest(self, k: int, planted: list, held: Mapping[str, float]) -> float:
        """The greatest height of hip (k = 0) or shoulder (k = 1) at which both planted feet are still reached."""
        best = np.inf
        for i in (k, k + 2):
            rest = self.legs[i]
            sole, _, swing = planted[i]
            fetlock = sole + rest.fetlock - rest.sole
            kind, side = LEGS[i]
            arm = rest.top - self.anatomy.joints[f"{_GIRDLE[kind]}_{side}"]
            lent = self._blade(kind, sole, rest, np.eye(3)) @ arm - arm
            ahead = fetlock - rest.top - lent
            longest = 0.985 * rest.length
            flat = np.hypot(ahead[0] * 0.5, ahead[2])
            tall = fetlock[1] - lent[1] + np.sqrt(max(longest**2 - flat**2, (0.35 * longest) ** 2))
            slack = self.anatomy.unit * (_SLACK * np.sin(np.pi * min(swing, 1.0)) + 2 * held.get("air", 0.0))
            best = min(best, tall + slack)
        return float(best)

    def _anchored(self, rotations: np.ndarray, heights: list[float], held: Mapping[str, float]) -> np.ndarray:
        """The pelvis' shift that brings hip and shoulder to their heights and keeps the middle (or the chest) in place."""
        heads = self.skeleton.heads
        spine = [self.index[name] for name in ("pelvis", "loin", "waist", "chest")]
        here = heads[spine[0]].copy()
        for below, above in pairwise(spine):
            here = here + rotations[below] @ (heads[above] - heads[below])
        hip = heads[spine[0]] + rotations[spine[0]] @ (self.legs[0].top - heads[spine[0]])
        shoulder = here + rotations[spine[3]] @ (self.legs[1].top - heads[spine[3]])
        rise = ((self.legs[0].top[1] + heights[0] - hip[1]) + (self.legs[1].top[1] + heights[1] - shoulder[1])) / 2
        drift = np.array([0.0, 0.0, (hip + shoulder)[2] / 2 - (self.legs[0].top + self.legs[1].top)[2] / 2])
        pull = np.array([0.0, 0.0, shoulder[2] - self.legs[1].top[2]])
        side = np.array([(hip[0] + shoulder[0]) / 2 - (self.legs[0].top[0] + self.legs[1].top[0]) / 2, 0.0, 0.0])
        anchor = min(held.get("anchor", 0.0), 1.0)
        return np.array([0.0, rise, 0.0]) - drift * (1 - anchor) - pull * anchor - side

    def _shortfall(
        self, held: Mapping[str, float], rotations: np.ndarray, globals_: np.ndarray, planted: list
    ) -> float:
        """How far [m] the body must sink so that every planted foot is reached; feet in swing ask for less."""
        heads, most = self.skeleton.heads, 0.0
        flat = max(
            held.get("hind_flat", 0.0), held.get("fore_flat", 0.0), held.get("air", 0.0), held.get("anchor", 0.0)
        )
        for i, (kind, side) in enumerate(LEGS):
            rest = self.legs[i]
            sole, foot, swing = planted[i]
            girdle = self.index[f"{_GIRDLE[kind]}_{side}"]
            top = self.index[f"{_BONES[kind][0]}_{side}"]
            blade = self._blade(kind, sole, rest, rotations[self.index["chest" if kind == "fore" else "pelvis"]])
            root = globals_[girdle, :3, 3] + blade @ (heads[top] - heads[girdle])
            line = root - (sole + foot @ (rest.fetlock - rest.sole))
            far = np.hypot(line[0], line[2])
            tall = np.sqrt(max((0.985 * rest.length) ** 2 - far**2, (0.3 * rest.length) ** 2))
            most = max(
                most, float(line[1] - tall) - _SLACK * self.anatomy.unit * float(np.sin(np.pi * min(swing, 1.0)))
            )
        return most * (1 - min(flat, 1.0))

    @staticmethod
    def _blade(kind: str, sole: np.ndarray, rest: LegRest, body: np.ndarray) -> np.ndarray:
        """Rotation of a shoulder blade, which swings with its leg; hips do not."""
        if kind == "hind":
            return body
        swung = np.clip((sole[2] - rest.sole[2]) / max(rest.top[1], 1e-6), -0.8, 0.8)
        return turned("x", -_BLADE_SWING * float(swung)) @ body

    def _legs(
        self, t: float, held: Mapping[str, float], rotations: np.ndarray, globals_: np.ndarray, planted: list
    ) -> None:
        a = self.anatomy
        heads = self.skeleton.heads
        anchor = min(held.get("anchor", 0.0), 1.0)
        g = gallop_share(self.role.track.speed(t), leg=a.leg, style=self.style)
        for i, (kind, side) in enumerate(LEGS):
            rest = self.legs[i]
            sole, foot, swing = planted[i]
            girdle = self.index[f"{_GIRDLE[kind]}_{side}"]
            base = self.index["chest" if kind == "fore" else "pelvis"]
            names = [self.index[f"{name}_{side}"] for name in _BONES[kind]]
            if kind == "hind" and anchor > 0:
                hip = globals_[names[0], :3, 3]
                tuck = np.array([0.0, 0.0, hip[2] - rest.top[2] + 0.02 * a.unit])
                sole = sole + tuck * anchor
            body = rotations[base]
            blade = globals_[girdle, :3, 3]
            rotations[girdle] = self._blade(kind, sole, rest, body)
            root = blade + rotations[girdle] @ (heads[names[0]] - heads[girdle])
            fold = (1.1 + 0.7 * g) * np.sin(np.pi * swing) * a.parameters["stance"]["carpus"]
            pose = posed_leg(
                rest, root, sole, foot, fold=float(fold), flat=min(held.get(f"{kind}_flat", 0.0), 1.0),
                spread=held.get("spread", 0.0),
            )  # fmt: skip
            for name, turn in zip(names, (pose.upper, pose.lower, pose.cannon, pose.foot), strict=True):
                rotations[name] = turn
