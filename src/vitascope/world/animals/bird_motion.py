"""How birds move: wing beats in bursts with glides between, banked turns, folded wings and two-legged steps on the ground."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from vitascope.world.animals.bird_body import BirdFrame
from vitascope.world.animals.life import Life, Likeness
from vitascope.world.animals.limb import posed_leg
from vitascope.world.animals.posture import leap
from vitascope.world.animals.quadruped_motion import Moment
from vitascope.world.animals.stepping import Steps
from vitascope.world.role import Role
from vitascope.world.skeleton import Skeleton, turned
from vitascope.world.stage import Pose

__all__ = ["BirdMotion", "Flight", "flight_of"]

_ALOFT = ("fly", "hover", "rise", "land", "fall")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """The plan of a flight over the track's times (K,): world height [m], flap strength 0..1, wing phase [cycles], bank [rad]."""

    times: np.ndarray
    heights: np.ndarray
    flap: np.ndarray
    phase: np.ndarray
    bank: np.ndarray
    climb: np.ndarray
    """Radians of the path above the horizon."""
    aloft: np.ndarray
    """0 on the ground or water, 1 in flight."""

    def value(self, name: str, t: float) -> float:
        """One of the curves at `t` [s]."""
        return float(np.interp(t, self.times, getattr(self, name)))


def flight_of(role: Role, frame: BirdFrame, *, rate: float, glides: bool, seed: int) -> Flight:
    """Plan heights over smoothed ground, bursts of `rate` beats a second (shared by seed), and banks into turns."""
    track = role.track
    times = track.times
    rng = np.random.default_rng([seed, 5])
    ground = role.ground.height(track.positions[:, 0], track.positions[:, 2])
    aloft = _aloft(role, frame)
    level = role.ground.water_level
    floor = ground if level is None else np.maximum(ground, level)
    soft = _smoothed(floor, 241)
    heights = track.positions[:, 1] + soft * aloft + floor * (1 - aloft)
    climb = np.arctan2(np.gradient(_smoothed(heights, 61), times), np.maximum(track.speeds, 1.0))
    flap = np.ones_like(times)
    if glides:
        wave = np.zeros_like(times)
        t = times[0] - rng.uniform(0, 2)
        while t < times[-1]:
            burst, glide = rng.uniform(1.0, 2.2), rng.uniform(0.9, 2.2)
            wave[(times >= t) & (times < t + burst)] = 1
            t += burst + glide
        flap = _smoothed(np.maximum(wave, np.clip(climb * 6, 0, 1)), 49)
    near = np.array([max((w for v, w, _ in track.verbs(float(s), blend=0.5) if v in ("hover", "rise", "land")), default=0.0)
                     for s in times[::6]])  # fmt: skip
    flap = np.maximum(flap, np.interp(times, times[::6], near))
    speed_up = 1 + 0.12 * np.sin(0.7 * times + rng.uniform(0, 6))
    phase = np.cumsum(rate * speed_up * (0.25 + 0.75 * flap)) / 120.0 + rng.random()
    turning = np.gradient(_smoothed(track.headings, 61), times)
    bank = np.clip(np.arctan(track.speeds * turning / 9.81), -0.9, 0.9)
    return Flight(
        times=times,
        heights=heights,
        flap=flap,
        phase=phase,
        bank=_smoothed(bank, 61),
        climb=np.clip(climb, -0.6, 0.7),
        aloft=aloft,
    )


def _aloft(role: Role, frame: BirdFrame) -> np.ndarray:
    """In flight where a verb says so or where the bird is clearly above the ground and nothing carries it."""
    track = role.track
    if role.carrier is not None or role.recipe.parameters.get("flightless"):
        return np.zeros_like(track.times)
    high = np.clip((track.positions[:, 1] - 0.15 * frame.unit) / (0.6 * frame.unit), 0, 1)
    flying = np.zeros_like(track.times)
    for k in range(0, len(track.times), 6):
        active = track.verbs(float(track.times[k]), blend=0.5)
        weight = sum(w for v, w, _ in active if v in ("fly", "hover"))
        bound = sum(w for v, w, _ in active if v in ("rise", "land", "fall"))
        flying[k : k + 6] = min(1.0, weight + bound * high[k] + (high[k] if not active else 0.0))
    return _smoothed(np.maximum(flying, high), 61)


def _smoothed(values: np.ndarray, width: int) -> np.ndarray:
    kernel = np.hanning(width + 2)[1:-1]
    return np.convolve(np.pad(values, width, mode="edge"), kernel / kernel.sum(), "same")[width:-width]


@dataclass(frozen=True, slots=True, kw_only=True)
class BirdMotion:
    """Poses of one bird in one shot."""

    frame: BirdFrame
    skeleton: Skeleton
    role: Role
    steps: Steps
    flight: Flight
    life: Life
    likeness: Likeness
    index: Mapping[str, int]
    seen: dict[float, Moment] = field(default_factory=dict)

    def at(self, t: float) -> Pose:
        moment = self.moment(t)
        return Pose(
            transforms=moment.root[None].astype(np.float32),
            joints=self.skeleton.skinning(moment.globals),
            tints=self.likeness.tint,
        )

    def moment(self, t: float) -> Moment:
        """The bird at `t` [s]."""
        if t not in self.seen:
            if len(self.seen) > 8:
                self.seen.clear()
            self.seen[t] = self._made(float(t))
        return self.seen[t]

    def _made(self, t: float) -> Moment:
        verbs = {verb: weight for verb, weight, _ in self.role.track.verbs(t, blend=0.4)}
        aloft = self.flight.value("aloft", t)
        rotations = np.tile(np.eye(3), (len(self.skeleton.bones), 1, 1))
        root, lift = self._root(t, aloft, verbs)
        body = self._trunk(t, aloft, verbs, rotations)
        self._neck(t, aloft, verbs, rotations, root)
        self._wings(t, aloft, verbs, rotations, body)
        offset = np.array([0.0, lift, 0.0])
        globals_ = self.skeleton.globals_from_global(rotations, root_offset=offset)
        self._legs(t, aloft, verbs, rotations, globals_, root)
        return Moment(root=root, globals=self.skeleton.globals_from_global(rotations, root_offset=offset))

    def _root(self, t: float, aloft: float, verbs: Mapping[str, float]) -> tuple[np.ndarray, float]:
        """World from object, and how far the body is lifted or sunk from rest inside it."""
        if self.role.carrier is not None:
            return np.asarray(self.role.carrier(t), float), 0.0
        track, frame = self.role.track, self.frame
        position = track.position(t)
        root = np.eye(4)
        root[:3, :3] = turned("y", track.heading(t)) * self.likeness.size
        root[:3, 3] = (position[0], self.flight.value("heights", t), position[2])
        bounce = (
            -0.035
            * frame.unit
            * self.flight.value("flap", t)
            * math.sin(2 * math.pi * self.flight.value("phase", t) + 0.6)
        )
        lift = aloft * (bounce - float(frame.centre[1]))
        swim = verbs.get("swim", 0.0)
        level = self.role.ground.water_level
        if swim > 0 and level is not None:
            rock = 0.02 * frame.unit * math.sin(1.9 * t)
            root[1, 3] += swim * (1 - aloft) * (level - root[1, 3])
            lift += (
                swim
                * (1 - aloft)
                * (
                    rock
                    + 0.12 * frame.parameters["body"]["depth"] * frame.unit
                    - float(frame.centre[1])
                    + 0.20 * frame.parameters["body"]["depth"] * frame.unit
                )
            )
        sit = verbs.get("sit", 0.0) + verbs.get("lie", 0.0)
        lift -= (1 - aloft) * min(sit, 1.0) * 0.55 * float(frame.centre[1])
        for _, weight, travel in track.verbs(t, blend=0.4):
            if travel.action.verb in ("jump", "play"):
                lift += leap(travel, t)[0] * 0.5 * frame.unit * weight * (1 - aloft)
        step = (1 - aloft) * min(track.speed(t) / 0.5, 1.0)
        lift += step * 0.02 * frame.unit * math.cos(4 * math.pi * (self.steps.cycle(t) - 0.28))
        return root, lift + 0.006 * frame.unit * self.life.breath(t) * (1 - aloft)

    def _trunk(self, t: float, aloft: float, verbs: Mapping[str, float], rotations: np.ndarray) -> np.ndarray:
        track, p = self.role.track, self.frame.parameters
        upright = math.radians(p["upright"]) * (1 - 0.9 * verbs.get("swim", 0.0)) - 0.7 * verbs.get(
            "eat", 0.0
        ) * self._peck(t)
        pitch = aloft * (
            self.flight.value("climb", t) * 0.7
            + math.radians(p.get("fly_pitch", 4.0))
            + 0.7 * verbs.get("hover", 0.0)
            + 0.5 * verbs.get("land", 0.0)
        )
        pitch += (1 - aloft) * upright
        waddle = (1 - aloft) * min(track.speed(t) / 0.2, 1.0) * math.radians(p.get("waddle", 3.0))
        roll = -self.flight.value("bank", t) * aloft + waddle * math.cos(2 * math.pi * (self.steps.cycle(t) - 0.3))
        yaw = waddle * 0.6 * math.sin(2 * math.pi * self.steps.cycle(t))
        body = turned("y", yaw) @ turned("z", roll) @ turned("x", -pitch)
        rotations[self.index["body"]] = body
        spread = 0.06 * math.sin(0.9 * t + 1.0) + 0.1 * aloft * self.flight.value("bank", t)
        rotations[self.index["tail"]] = (
            body @ turned("x", -0.08 * (1 - aloft) + 0.04 * math.sin(1.3 * t)) @ turned("z", spread)
        )
        return body

    def _peck(self, t: float) -> float:
        """0 upright, 1 beak at the ground: three quick pecks and a look about."""
        u = (0.42 * t) % 1.0
        return float(np.clip(math.sin(math.pi * min(u / 0.72, 1.0)) * 1.3, 0, 1)) * (
            0.82 + 0.18 * math.sin(2 * math.pi * 3.1 * t)
        )

    def _neck(
        self, t: float, aloft: float, verbs: Mapping[str, float], rotations: np.ndarray, root: np.ndarray
    ) -> None:
        p, track = self.frame.parameters, self.role.track
        neck = p["neck"]
        count = int(neck["bones"])
        body = rotations[self.index["body"]]
        yaw, pitch = self.life.glance(t)
        yaw, pitch = yaw * (1.3 - 1.1 * aloft), pitch * (1 - aloft)
        yaw, pitch = self._towards(t, yaw, pitch, root)
        peck = verbs.get("eat", 0.0) * self._peck(t) + verbs.get("drink", 0.0) * (0.5 + 0.5 * math.sin(1.6 * t))
        bob = (
            (1 - aloft)
            * min(track.speed(t) / 0.3, 1.0)
            * math.radians(p.get("bob", 7.0))
            * math.sin(4 * math.pi * self.steps.cycle(t))
        )
        lower = (
            math.radians(neck["angle"] - neck["fly"]) * aloft
            + 1.5 * peck * (0.6 + 0.4 * min(neck["length"] / 0.3, 1.5))
            + bob
        )
        for k in range(count):
            s = (k + 1) / count
            uncurl = math.radians(neck["curve"]) * (0.5 - (k + 0.5) / count) * aloft
            turn = turned("y", yaw * 0.4 * s) @ turned("x", lower * (0.7 + 0.3 * s) + uncurl)
            share = aloft + (1 - aloft) * 0.25 * (1 - s)
            rotations[self.index[f"neck{k + 1}"]] = turn @ _share(body, share)
        tilt = 0.6 * peck - pitch + 0.05 * math.sin(0.8 * t) * (1 - aloft)
        head = turned("y", yaw) @ turned("x", tilt) @ turned("z", 0.5 * rotations[self.index["body"]][1, 0] * aloft)
        rotations[self.index["head"]] = head
        talk = verbs.get("talk", 0.0) * max(0.0, math.sin(2 * math.pi * 1.6 * t)) * 0.5
        rotations[self.index["jaw"]] = head @ turned(
            "x", talk + 0.25 * verbs.get("eat", 0.0) * max(0.0, math.sin(9 * t))
        )
        for side in "lr":
            rotations[self.index[f"lid_{side}"]] = head

    def _towards(self, t: float, yaw: float, pitch: float, root: np.ndarray) -> tuple[float, float]:
        for _, weight, travel in self.role.track.verbs(t):
            target = travel.action.target
            if target is not None and target in self.role.targets:
                local = (
                    root[:3, :3].T @ (np.asarray(self.role.targets[target](t), float) - root[:3, 3])
                    - self.frame.joints["head"]
                )
                flat = math.hypot(local[0], local[2])
                yaw += (float(np.clip(math.atan2(local[0], local[2]), -1.3, 1.3)) - yaw) * weight
                pitch += (float(np.clip(math.atan2(local[1], max(flat, 1e-6)), -0.6, 0.6)) - pitch) * weight
        return yaw, pitch

    def _wings(
        self, t: float, aloft: float, verbs: Mapping[str, float], rotations: np.ndarray, body: np.ndarray
    ) -> None:
        wing = self.frame.parameters["wing"]
        flap, phase = self.flight.value("flap", t), 2 * math.pi * self.flight.value("phase", t)
        stroke = math.radians(wing["stroke"]) * (1 + 0.25 * verbs.get("hover", 0.0))
        glide = math.radians(wing["glide"])
        if wing["tip"] == "flipper":
            self._flippers(t, verbs, rotations, body)
            return
        up = glide * (1 - 0.5 * flap) + flap * stroke * math.sin(phase)
        wrist = -glide * 1.5 * (1 - flap) + flap * stroke * 0.75 * math.sin(phase - 0.9)
        fold = flap * 0.30 * max(0.0, math.cos(phase)) + (1 - flap) * 0.10
        twist = flap * 0.30 * math.cos(phase)
        tuck = (1 - aloft) * 1.2
        for side, sign in (("l", 1.0), ("r", -1.0)):
            size = max(aloft, 0.02) ** 0.6
            first = body @ turned("z", sign * up) @ turned("y", sign * (tuck + fold * 0.5)) @ turned("x", -twist * 0.6)
            second = (
                body
                @ turned("z", sign * (up * 1.05 + 0.35 * wrist))
                @ turned("y", sign * (tuck - fold * 0.2))
                @ turned("x", -twist)
            )
            third = (
                body
                @ turned("z", sign * (up * 0.8 + wrist))
                @ turned("y", sign * (tuck + fold * 1.3))
                @ turned("x", -twist * 1.3)
            )
            for name, turn in (("wing1", first), ("wing2", second), ("wing3", third)):
                rotations[self.index[f"{name}_{side}"]] = turn * size
            shown = max(1 - aloft * 1.25, 0.02)
            rotations[self.index[f"fold_{side}"]] = body * shown

    def _flippers(self, t: float, verbs: Mapping[str, float], rotations: np.ndarray, body: np.ndarray) -> None:
        """Wings that never fold: held down at the sides, lifted a little at each waddling step, beaten under water."""
        step = min(self.role.track.speed(t) / 0.2, 1.0)
        swim = verbs.get("swim", 0.0)
        for side, sign in (("l", 1.0), ("r", -1.0)):
            out = (
                0.20 + 0.14 * step * (1 + math.sin(2 * math.pi * self.steps.cycle(t) + sign)) + 0.05 * math.sin(1.1 * t)
            )
            out += 0.6 * verbs.get("play", 0.0) * (1 + math.sin(9 * t)) + swim * (0.8 + 0.5 * math.sin(7 * t))
            turn = body @ turned("z", sign * (out - math.pi / 2)) @ turned("y", sign * 0.25)
            for name in ("wing1", "wing2", "wing3"):
                rotations[self.index[f"{name}_{side}"]] = turn
            rotations[self.index[f"fold_{side}"]] = body * 0.02

    def _legs(
        self,
        t: float,
        aloft: float,
        verbs: Mapping[str, float],
        rotations: np.ndarray,
        globals_: np.ndarray,
        root: np.ndarray,
    ) -> None:
        back = np.linalg.inv(root)
        length = float(self.frame.legs[0].top[1])
        swim = verbs.get("swim", 0.0) * (1 - aloft)
        hop = max(
            (leap(tr, t)[0] * w for v, w, tr in self.role.track.verbs(t, blend=0.4) if v in ("jump", "play")),
            default=0.0,
        )
        away = min(1.0, aloft + swim + min(hop * 4, 1.0))
        for i, side in enumerate("lr"):
            rest = self.frame.legs[i]
            names = [self.index[f"{n}_{side}"] for n in ("thigh", "shin", "tarsus", "toes")]
            hip = globals_[names[0], :3, 3]
            foot_turn, sole, swing = np.eye(3), rest.sole, 0.0
            if self.role.carrier is None and away < 1:
                foot, heading, _ = self.steps.foot(i, t)
                swing = foot.swing
                sole = back[:3, :3] @ foot.position + back[:3, 3]
                droop = 0.8 * math.sin(math.pi * swing) * (1.1 - swing) if not foot.planted else 0.0
                foot_turn = self.likeness.size * back[:3, :3] @ turned("y", heading) @ turned("x", droop)
            trail = -0.75 if self.frame.parameters["legs"].get("trail") else -0.45
            paddle = 0.22 * swim * math.sin(7 * t + math.pi * i)
            hang = hip + np.array([0.0, -0.45 * length, (trail * aloft + paddle - 0.05) * length])
            landing = verbs.get("land", 0.0) * aloft
            hang = hang + np.array([0.0, -0.35, 0.55]) * length * landing
            sole = sole + (hang - sole) * away
            foot_turn = foot_turn if away < 0.5 else turned("x", 1.2 * aloft * (1 - landing))
            pose = posed_leg(rest, hip, sole, foot_turn, fold=0.9 * math.sin(math.pi * swing))
            for name, turn in zip(names, (pose.upper, pose.lower, pose.cannon, pose.foot), strict=True):
                rotations[name] = turn


def _share(rotation: np.ndarray, share: float) -> np.ndarray:
    """The rotation taken `share` of the way, squared up."""
    blended = np.eye(3) + (rotation - np.eye(3)) * share
    u, _, v = np.linalg.svd(blended)
    return u @ v
