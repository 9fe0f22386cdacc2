"""How fish and whales move: a wave that grows from head to tail, sideways or up and down, banks, fins, and leaps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from vitascope.world.animals.calls import calls_of
from vitascope.world.animals.fish_body import FishFrame, fish_frame
from vitascope.world.animals.life import Likeness, likeness_of, unscaled
from vitascope.world.animals.posture import leap
from vitascope.world.animals.quadruped_motion import Moment
from vitascope.world.blueprint import Body
from vitascope.world.role import Performance, Role
from vitascope.world.skeleton import Skeleton, turned
from vitascope.world.soundscape import SoundEvent
from vitascope.world.stage import Pose

__all__ = ["Course", "course_of", "fish_performance", "placed_socket"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A swimmer's way over the track's times (K,): world height [m], phase of its stroke [cycles], path angle [rad], bank."""

    times: np.ndarray
    heights: np.ndarray
    phase: np.ndarray
    climb: np.ndarray
    bank: np.ndarray

    def value(self, name: str, t: float) -> float:
        """One of the curves at `t` [s]."""
        return float(np.interp(t, self.times, getattr(self, name)))


def _smoothed(values: np.ndarray, width: int) -> np.ndarray:
    kernel = np.hanning(width + 2)[1:-1]
    return np.convolve(np.pad(values, width, mode="edge"), kernel / kernel.sum(), "same")[width:-width]


def course_of(role: Role, *, unit: float, depth: float, beat: float, slowest: float) -> Course:
    """Plan a course. Heights are above the bed for what lives under water and from the surface for what breathes air.

    `depth` [m] of water is kept above an underwater body; `beat` is the stroke rate per speed over length.
    """
    track = role.track
    times = track.times
    rng = np.random.default_rng([role.seed, 9])
    level = role.ground.water_level
    bed = _smoothed(role.ground.height(track.positions[:, 0], track.positions[:, 2]), 241)
    wander = 0.06 * unit * np.sin(0.9 * times + rng.uniform(0, 6)) + 0.03 * unit * np.sin(
        2.1 * times + rng.uniform(0, 6)
    )
    if role.recipe.medium == "water" and level is not None:
        heights = np.full_like(times, level) + track.positions[:, 1] + _surfacing(role, times, unit, rng)
    else:
        heights = bed + track.positions[:, 1] + wander
        if level is not None:
            heights = np.maximum(np.minimum(heights, level - depth), bed + 0.5 * depth)
    for travel in track.travels:
        if travel.action.verb == "jump":
            heights = heights + np.array([leap(travel, float(t))[0] for t in times]) * 1.1 * min(unit, 6.0)
    climb = np.arctan2(np.gradient(_smoothed(heights, 25), times), np.maximum(track.speeds, 0.35 * math.sqrt(unit)))
    rate = np.clip(track.speeds / (beat * unit), slowest, 5.0)
    phase = np.cumsum(rate) / 120.0 + rng.random()
    turning = np.gradient(_smoothed(track.headings, 61), times)
    return Course(
        times=times, heights=heights, phase=phase, climb=_smoothed(np.clip(climb, -0.9, 0.9), 31),
        bank=_smoothed(np.clip(np.arctan(track.speeds * turning / 9.81 * 2), -0.6, 0.6), 61),
    )  # fmt: skip


def _surfacing(role: Role, times: np.ndarray, unit: float, rng: np.random.Generator) -> np.ndarray:
    """The back shows at each breath: a slow arc for the large, leaps for the small and quick."""
    spec = role.recipe.parameters.get("surfacing", {"period": 4.0, "rise": 0.0, "rest": -0.12})
    swims = role.track.speeds > 0.2
    wave = np.sin(2 * np.pi * (times / float(spec["period"]) + rng.random()))
    crest = np.maximum(wave, 0.0) ** 1.0 * float(spec["rise"]) + np.minimum(wave, 0.0) * float(spec.get("sink", 0.25))
    return unit * (float(spec["rest"]) + crest * _smoothed(swims.astype(float), 61))


@dataclass(frozen=True, slots=True, kw_only=True)
class FishMotion:
    """Poses of one fish in one shot."""

    frame: FishFrame
    skeleton: Skeleton
    role: Role
    course: Course
    index: Mapping[str, int]
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
        """The fish at `t` [s]."""
        if t not in self.seen:
            if len(self.seen) > 8:
                self.seen.clear()
            self.seen[t] = self._made(float(t))
        return self.seen[t]

    def _made(self, t: float) -> Moment:
        p, track, u = self.frame.parameters, self.role.track, self.frame.unit
        rotations = np.tile(np.eye(3), (len(self.skeleton.bones), 1, 1))
        phase = self.course.value("phase", t)
        wave = p.get("wave", {})
        axis = "x" if wave.get("vertical") else "y"
        size = math.radians(float(wave.get("angle", 16.0))) * (0.55 + 0.45 * min(track.speed(t) / max(u, 0.2), 1.0))
        count = len(self.frame.spine)
        bend = float(np.clip(track.heading(t + 0.2) - track.heading(t - 0.2), -0.7, 0.7))
        for k in range(count):
            s = k / (count - 1)
            swing = size * (0.10 + 0.9 * s**1.6) * math.sin(2 * math.pi * (phase - 0.62 * s))
            extra = size * 0.9 * math.sin(2 * math.pi * (phase - 0.80)) if k == count - 1 else 0.0
            curve = bend * (0.4 - s)
            turn = turned(axis, swing + extra)
            rotations[self.index[f"spine{k + 1}"]] = turned("y", curve) @ turn
        head = rotations[self.index["spine1"]]
        gulp = 0.10 * (1 + math.sin(2 * math.pi * 0.8 * t)) * 0.5 * float(p.get("gulp", 1.0))
        rotations[self.index["jaw"]] = head @ turned("x", gulp)
        row = 0.25 * math.sin(2 * math.pi * (0.7 * t + 0.3 * phase)) * float(p.get("row", 1.0))
        for side, sign in (("l", 1.0), ("r", -1.0)):
            rotations[self.index[f"fin_{side}"]] = head @ turned("z", sign * row) @ turned("y", sign * row * 0.5)
        root = self._root(t)
        return Moment(root=root, globals=self.skeleton.globals_from_global(rotations))

    def _root(self, t: float) -> np.ndarray:
        if self.role.carrier is not None:
            return np.asarray(self.role.carrier(t), float)
        position = self.role.track.position(t)
        root = np.eye(4)
        heading = turned("y", self.role.track.heading(t))
        root[:3, :3] = (
            heading @ turned("x", -self.course.value("climb", t)) @ turned("z", -self.course.value("bank", t))
        ) * self.likeness.size
        root[:3, 3] = (position[0], self.course.value("heights", t), position[2])
        return root


def placed_socket(body: Body, index: Mapping[str, int], moment: Moment, name: str) -> np.ndarray:
    """(4, 4) world transform of a socket of `body` at a moment; unknown names mean its top."""
    place = body.sockets[name if name in body.sockets else "top"]
    number = index[place.bone]
    out = moment.globals[number].copy()
    out[:3, 3] += out[:3, :3] @ (np.asarray(place.position) - np.asarray(body.skeleton.bones[number].head))
    return unscaled(moment.root @ out)


def splashes(role: Role, course: Course, unit: float) -> tuple[SoundEvent, ...]:
    """A splash wherever the body's middle comes down through the surface."""
    level = role.ground.water_level
    if level is None:
        return ()
    above = course.heights - (level + 0.10 * unit)
    falls = np.flatnonzero((above[:-1] > 0) & (above[1:] <= 0))
    found = []
    for k in falls:
        t = float(course.times[k])
        if 0 <= t < role.duration:
            x, _, z = (float(c) for c in role.track.position(t))
            kind = "splash.large" if role.recipe.mass > 60 else "splash"
            found.append(
                SoundEvent(
                    time=t, name=kind, position=(x, level, z), strength=0.7, mass=role.recipe.mass, surface="water"
                )
            )
    return tuple(found)


def fish_performance(body: Body, role: Role) -> Performance:
    """How a fish, a shark, a dolphin or a whale plays `role`."""
    frame = fish_frame(role.recipe, role.subject.attributes)
    p = frame.parameters
    high = max(row[1] - row[2] for row in p["profile"]) * frame.unit
    fin = (
        max((y for spec in p.get("fins", ()) if not spec.get("flat") for _, y in spec["outline"]), default=0.0)
        * frame.unit
    )
    depth = max(0.9 * high, 1.3 * fin)
    course = course_of(role, unit=frame.unit, depth=depth, beat=0.7, slowest=float(p.get("slowest", 1.0)))
    index = {bone.name: i for i, bone in enumerate(body.skeleton.bones)}
    motion = FishMotion(
        frame=frame, skeleton=body.skeleton, role=role, course=course, index=index, likeness=likeness_of(role.seed)
    )  # fmt: skip

    def socket(name: str, t: float) -> np.ndarray:
        return placed_socket(body, index, motion.moment(t), name)

    events = (*splashes(role, course, frame.unit), *calls_of(role, lambda t: socket("mouth", t)[:3, 3]))
    return Performance(motion=motion, socket=socket, events=tuple(sorted(events, key=lambda e: e.time)))
