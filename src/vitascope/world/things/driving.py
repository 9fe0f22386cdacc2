"""How vehicles on wheels move: planted on the ground, wheels that roll without slip, steering, and a body on springs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vitascope.world.blueprint import Body
from vitascope.world.role import Role
from vitascope.world.skeleton import turned
from vitascope.world.soundscape import SoundSource
from vitascope.world.stage import Pose
from vitascope.world.things.ballistics import GRAVITY
from vitascope.world.things.sounding import lasting, moments
from vitascope.world.things.stance import Stance, socket_of

__all__ = ["STEERING_LEAN", "Driving", "Wheel", "engine_sources"]

_PITCH, _ROLL = 0.006, 0.008
"""Radians of pitch and roll of the body for each m/s2."""
_WINDOW = 0.25
STEERING_LEAN = 62.0
"""Degrees by which a steering wheel leans back from lying flat."""
_COLUMN = np.array([0.0, np.cos(np.radians(STEERING_LEAN)), -np.sin(np.radians(STEERING_LEAN))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A bone that turns by distance / radius about x; `steers` turns it about y too."""

    bone: str
    radius: float
    steers: bool = False
    ratio: float = 1.0
    """Turns relative to a wheel of that radius (pedals turn slower)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driving:
    """The motion of a vehicle on wheels. `axles` are z of front and rear, `half_track` the half distance of its wheels."""

    body: Body
    role: Role
    stance: Stance
    wheels: tuple[Wheel, ...]
    axles: tuple[float, float]
    half_track: float
    leans: bool = False
    """Two wheels: leans into corners instead of rolling out of them."""
    sprung: str = "body"
    also: Mapping[str, float] | None = None
    """Further bones that follow the steering: bone -> multiple of the steering angle, about y or (above 2) the column."""

    def at(self, t: float) -> Pose:
        joints = self.body.skeleton.skinning(self.globals(t))
        return Pose(transforms=self.matrix(t)[None].astype(np.float32), joints=joints)

    def matrix(self, t: float) -> np.ndarray:
        """(4, 4) world_from_object, wheels on the ground."""
        role = self.role
        if role.carrier is not None:
            return self.stance.at(t)
        heading = turned("y", role.track.heading(t))
        ahead, side = heading[:, 2], heading[:, 0]
        front, rear = self.axles
        heights, places = self._footing(np.array([t]))
        at_front, at_rear, left, right = heights[:, 0]
        along = ahead * (front - rear) + np.array([0, at_front - at_rear, 0])
        across = 2 * side * self.half_track + np.array([0, left - right, 0])
        along /= np.linalg.norm(along)
        up = np.cross(along, across)
        up /= np.linalg.norm(up)
        out = np.eye(4)
        out[:3, 0], out[:3, 1], out[:3, 2] = np.cross(up, along), up, along
        out[:3, 3] = places[0]
        if self.leans:
            out[:3, :3] = out[:3, :3] @ turned("z", -float(np.arctan(self._sideways(t) / GRAVITY)))
        return out

    def places(self, times: np.ndarray) -> np.ndarray:
        """(K, 3) where its root is at times (K,) [s]; the ground is asked for all of them at once."""
        return self.stance.along(times)[:, :3, 3] if self.role.carrier is not None else self._footing(times)[1]

    def _footing(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(4, K) heights [m] of the ground under front, rear, left and right, and (K, 3) the root on it."""
        role = self.role
        x, above, z = role.track.position(times)
        headings = np.array([turned("y", role.track.heading(t)) for t in times])
        ahead, side = headings[:, :, 2].T, headings[:, :, 0].T
        front, rear = self.axles
        offsets = np.stack([ahead * front, ahead * rear, side * self.half_track, -side * self.half_track])
        heights = role.ground.height(x + offsets[:, 0], z + offsets[:, 2]).astype(float)
        share = -rear / (front - rear)
        return heights, np.stack([x, (1 - share) * heights[1] + share * heights[0] + above, z], 1)

    def globals(self, t: float) -> np.ndarray:
        """(J, 4, 4) object_from_joint."""
        skeleton = self.body.skeleton
        rotations = np.tile(np.eye(3), (len(skeleton.bones), 1, 1))
        steer = self.steering(t)
        distance = self.role.track.distance(t)
        for wheel in self.wheels:
            turn = turned("x", wheel.ratio * distance / wheel.radius)
            rotations[skeleton.index(wheel.bone)] = turned("y", steer) @ turn if wheel.steers else turn
        for bone, share in (self.also or {}).items():
            rotations[skeleton.index(bone)] = turned(_COLUMN if share > 2 else "y", share * steer)
        names = {b.name for b in skeleton.bones}
        if self.sprung in names and not self.leans:
            rotations[skeleton.index(self.sprung)] = self._springs(t)
        return skeleton.globals(rotations)

    def joint(self, bone: str, t: float) -> np.ndarray:
        """(4, 4) that carries rest positions of a bone into the world."""
        skinning = self.body.skeleton.skinning(self.globals(t))
        return self.matrix(t) @ skinning[self.body.skeleton.index(bone)].astype(float)

    def socket(self, name: str, t: float) -> np.ndarray:
        """(4, 4) world transform of a socket."""
        return socket_of(self.body, name, self.matrix(t), self.globals(t))

    def steering(self, t: float) -> float:
        """Angle of the front wheels [rad], from the curvature of the way (single-track model)."""
        track = self.role.track
        step = track.distance(t + _WINDOW) - track.distance(t - _WINDOW)
        if step < 0.05:
            return 0.0
        curvature = (track.heading(t + _WINDOW) - track.heading(t - _WINDOW)) / step
        return float(np.clip(np.arctan((self.axles[0] - self.axles[1]) * curvature), -0.6, 0.6))

    def _sideways(self, t: float) -> float:
        track = self.role.track
        rate = (track.heading(t + _WINDOW) - track.heading(t - _WINDOW)) / (2 * _WINDOW)
        return float(np.clip(track.speed(t) * rate, -8.0, 8.0))

    def _springs(self, t: float) -> np.ndarray:
        track = self.role.track
        forward = (track.speed(t + _WINDOW) - track.speed(t - _WINDOW)) / (2 * _WINDOW)
        speed = track.speed(t)
        way = track.distance(t)
        rough = min(speed / 6.0, 1.0)
        pitch = -_PITCH * float(np.clip(forward, -7, 7)) + 0.0022 * rough * np.sin(0.9 * way) * np.sin(0.23 * way + 1.0)
        roll = _ROLL * self._sideways(t) + 0.002 * rough * np.sin(0.63 * way + 0.5)
        return turned("z", roll) @ turned("x", pitch)


def engine_sources(motion: Driving, role: Role) -> tuple[SoundSource, ...]:
    """Engine (with idle) and tyres; nothing from what is parked."""
    track = role.track
    drives = bool(track.speeds.max() > 0.05)
    idle = any(travel.action.verb == "drive" for travel in track.travels)
    engine = role.recipe.sounds.get("engine")
    found = []

    def idling(t: float) -> float:
        return 0.3 + 0.6 * min(track.speed(t) / 18.0, 1.0)

    def rolling(t: float) -> float:
        return min(track.speed(t) / 4.0, 1.0)

    runs = engine and (drives or idle) and "parked" not in role.subject.attributes.states
    rolls = drives and role.recipe.sounds.get("tyres", "yes") == "yes" and role.recipe.mass > 200
    if not runs and not rolls:
        return ()
    places = motion.places(moments(role)) + np.array([0.0, 0.5, 0.0])
    if engine and runs:
        level = idling if engine.startswith("engine") else rolling
        found.append(lasting(engine, role, places, speed=track.speed, level=level))
    if rolls:
        x, _, z = track.position(role.duration / 2)
        name = (
            "tyres.gravel"
            if role.ground.surface(x, z) in ("gravel", "soil", "sand", "grass", "rock")
            else "tyres.asphalt"
        )
        found.append(lasting(name, role, places, speed=track.speed, level=lambda t: min(track.speed(t) / 16.0, 1.0)))
    return tuple(found)
