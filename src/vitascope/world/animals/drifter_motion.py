"""How drifters move: a bell that pulses, arms that trail, flaps that roll like wings, flippers that row."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from vitascope.world.animals.drifter_body import ARM_BONES, DrifterFrame, drifter_frame
from vitascope.world.animals.life import Likeness, likeness_of
from vitascope.world.animals.quadruped_motion import Moment
from vitascope.world.animals.swim_motion import Course, course_of, placed_socket
from vitascope.world.blueprint import Body
from vitascope.world.role import Performance, Role
from vitascope.world.skeleton import Skeleton, turned
from vitascope.world.stage import Pose

__all__ = ["drifter_performance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrifterMotion:
    """Poses of one drifter in one shot."""

    frame: DrifterFrame
    skeleton: Skeleton
    role: Role
    course: Course
    index: Mapping[str, int]
    rate: float
    phase: float
    likeness: Likeness
    seen: dict[float, Moment] = field(default_factory=dict)

    def at(self, t: float) -> Pose:
        moment = self.moment(t)
        return Pose(
            transforms=moment.root[None].astype(np.float32),
            joints=self.skeleton.skinning(moment.globals),
            tints=self.likeness.tint,
        )

    def moment(self, t: float) -> Moment:
        """The drifter at `t` [s]."""
        if t not in self.seen:
            if len(self.seen) > 8:
                self.seen.clear()
            self.seen[t] = self._made(float(t))
        return self.seen[t]

    def _made(self, t: float) -> Moment:
        rotations = np.tile(np.eye(3), (len(self.skeleton.bones), 1, 1))
        stroke = 2 * math.pi * (self.rate * t + self.phase)
        if self.frame.form in ("bell", "mantle"):
            self._pulse(t, stroke, rotations)
        elif self.frame.form == "disc":
            self._roll(stroke, rotations)
        else:
            self._row(stroke, rotations)
        root = self._root(t, stroke)
        return Moment(root=root, globals=self.skeleton.globals_from_global(rotations))

    def _root(self, t: float, stroke: float) -> np.ndarray:
        if self.role.carrier is not None:
            return np.asarray(self.role.carrier(t), float)
        position = self.role.track.position(t)
        root = np.eye(4)
        turn = turned("y", self.role.track.heading(t)) @ turned("x", -self.course.value("climb", t) * 0.7)
        if self.frame.form == "bell":
            turn = turned("y", self.role.track.heading(t)) @ turned(
                "x", 0.35 * min(self.role.track.speed(t) * 2, 1.0) + 0.08 * math.sin(0.5 * t)
            )
        elif self.frame.form == "mantle":
            turn = turn @ turned("x", 0.5 * min(self.role.track.speed(t) * 2, 1.0))
        else:
            turn = turn @ turned("z", -self.course.value("bank", t))
        root[:3, :3] = turn * self.likeness.size
        surge = 0.05 * self.frame.unit * math.sin(stroke - 1.0)
        root[:3, 3] = (position[0], self.course.value("heights", t) + surge, position[2])
        return root

    def _pulse(self, t: float, stroke: float, rotations: np.ndarray) -> None:
        """Squeeze the body quickly, let it open slowly; arms trail with a wave and curl outward as it opens."""
        squeeze = max(0.0, math.sin(stroke)) ** 2
        bell = self.frame.form == "bell"
        amount = 0.20 if bell else 0.07
        rotations[self.index["body"]] = np.diag(
            [1 - amount * squeeze, 1 + 0.7 * amount * squeeze, 1 - amount * squeeze]
        )
        rotations[self.index["head"]] = rotations[self.index["body"]]
        rest = float(self.frame.parameters.get("arm_spread", 0.25))
        curl = float(self.frame.parameters.get("arm_curl", 0.0))
        for k, angle in enumerate(self.frame.arms):
            axis = np.array([math.cos(angle), 0.0, -math.sin(angle)])
            for s in range(ARM_BONES):
                u = (s + 1) / ARM_BONES
                out = rest * (1 - 0.6 * squeeze) + curl * u * (0.6 + 0.4 * math.sin(0.6 * t + 1.7 * k))
                wave = 0.22 * u * math.sin(stroke * 0.5 - 3.2 * u + 1.3 * k) + 0.12 * math.sin(
                    0.9 * t + 2.1 * k - 2 * u
                )
                rotations[self.index[f"arm{k}_{s}"]] = turned(axis, -(out + wave)) @ turned(
                    "y", 0.1 * math.sin(0.7 * t + k)
                )

    def _roll(self, stroke: float, rotations: np.ndarray) -> None:
        """Broad flaps beaten like slow wings, tips following."""
        for side, sign in (("l", 1.0), ("r", -1.0)):
            up, tip = 0.38 * math.sin(stroke), 0.62 * math.sin(stroke - 1.0)
            rotations[self.index[f"flap_{side}"]] = turned("z", sign * up) @ turned("x", -0.18 * math.cos(stroke))
            rotations[self.index[f"flaptip_{side}"]] = turned("z", sign * (up + tip)) @ turned(
                "x", -0.30 * math.cos(stroke - 0.8)
            )
        rotations[self.index["body"]] = turned("x", 0.05 * math.sin(stroke + 0.5))

    def _row(self, stroke: float, rotations: np.ndarray) -> None:
        """Fore flippers sweep together like wings; hind ones steer."""
        rotations[self.index["head"]] = turned("x", 0.08 * math.sin(0.5 * stroke))
        for side, sign in (("l", 1.0), ("r", -1.0)):
            up = 0.55 * math.sin(stroke) - 0.1
            rotations[self.index[f"fore_{side}"]] = (
                turned("z", sign * up)
                @ turned("y", sign * 0.35 * math.sin(stroke - 1.1))
                @ turned("x", -0.45 * math.cos(stroke))
            )
            rotations[self.index[f"hind_{side}"]] = turned("y", sign * (0.2 + 0.15 * math.sin(stroke + 1))) @ turned(
                "z", sign * 0.15 * math.sin(stroke)
            )


def drifter_performance(body: Body, role: Role) -> Performance:
    """How a drifter plays `role`."""
    frame = drifter_frame(role.recipe, role.subject.attributes)
    rng = np.random.default_rng([role.seed, 3])
    course = course_of(role, unit=frame.unit, depth=0.4 * frame.unit, beat=0.7, slowest=0.3)
    index = {bone.name: i for i, bone in enumerate(body.skeleton.bones)}
    rate = float(role.recipe.parameters.get("beats", 0.5)) * float(rng.uniform(0.9, 1.1))
    motion = DrifterMotion(
        frame=frame, skeleton=body.skeleton, role=role, course=course, index=index, rate=rate, phase=float(rng.random()),
        likeness=likeness_of(role.seed),
    )  # fmt: skip

    def socket(name: str, t: float) -> np.ndarray:
        return placed_socket(body, index, motion.moment(t), name)

    return Performance(motion=motion, socket=socket)
