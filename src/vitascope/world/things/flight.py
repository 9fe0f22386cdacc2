"""How machines fly: they follow their way, tilt with their acceleration, bank into turns, and their rotors spin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitascope.world.blueprint import Body
from vitascope.world.role import Role
from vitascope.world.skeleton import turned
from vitascope.world.stage import Pose
from vitascope.world.things.ballistics import GRAVITY
from vitascope.world.things.stance import Stance, socket_of

__all__ = ["Flight", "Spin"]

_WINDOW = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Spin:
    """A bone that turns `rate` times a second about `axis` while the machine runs."""

    bone: str
    axis: str
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """The motion of a flying machine.

    `tilts` is how far it leans with its acceleration (1: thrust along its own up, as rotors do; 0: it does not); `banks`
    how far it rolls into turns; `climbs` how far its nose follows a climb; `drift` [m] is how far gusts move it.
    """

    body: Body
    role: Role
    stance: Stance
    spins: tuple[Spin, ...] = ()
    tilts: float = 0.0
    banks: float = 1.0
    climbs: float = 1.0
    drift: float = 0.05
    gimbal: str | None = None
    """A bone that stays level (a camera)."""

    def at(self, t: float) -> Pose:
        joints = None
        if len(self.body.skeleton.bones) > 1:
            joints = self.body.skeleton.skinning(self.globals(t))
        return Pose(transforms=self.matrix(t)[None].astype(np.float32), joints=joints)

    def matrix(self, t: float) -> np.ndarray:
        """(4, 4) world_from_object: the base of the machine stands at its track."""
        base = self.stance.at(t)
        if self.role.carrier is not None:
            return base
        above = float(self.role.track.position(t)[1])
        aloft = float(np.clip(above / 0.6, 0.0, 1.0))
        middle = 0.45 * float(self.body.mesh.positions[:, 1].max())
        out = base.copy()
        out[:3, :3] = base[:3, :3] @ self._attitude(t, aloft)
        gust = aloft * self.drift * self._gusts(t)
        out[:3, 3] = base[:3, 3] + base[:3, 1] * middle - out[:3, 1] * middle + gust
        return out

    def globals(self, t: float) -> np.ndarray:
        """(J, 4, 4) object_from_joint."""
        skeleton = self.body.skeleton
        rotations = np.tile(np.eye(3), (len(skeleton.bones), 1, 1))
        now = t * self.role.time_scale
        runs = self._runs()
        for spin in self.spins:
            rotations[skeleton.index(spin.bone)] = turned(spin.axis, 2 * np.pi * spin.rate * now * runs)
        if self.gimbal is not None:
            aloft = float(np.clip(self.role.track.position(t)[1] / 0.6, 0.0, 1.0))
            rotations[skeleton.index(self.gimbal)] = self._attitude(t, aloft).T @ turned("x", 0.12)
        return skeleton.globals(rotations)

    def joint(self, bone: str, t: float) -> np.ndarray:
        """(4, 4) that carries rest positions of a bone into the world."""
        if len(self.body.skeleton.bones) == 1:
            return self.matrix(t)
        skinning = self.body.skeleton.skinning(self.globals(t))
        return self.matrix(t) @ skinning[self.body.skeleton.index(bone)].astype(float)

    def socket(self, name: str, t: float) -> np.ndarray:
        """(4, 4) world transform of a socket."""
        return socket_of(self.body, name, self.matrix(t), self.globals(t))

    def _runs(self) -> float:
        parked = {"parked", "still", "broken"} & set(self.role.subject.attributes.states)
        return 0.0 if parked or self.role.carrier is not None else 1.0

    def _attitude(self, t: float, aloft: float) -> np.ndarray:
        """(3, 3) lean in the machine's own space, heading left out."""
        track = self.role.track
        velocity = (track.position(t + _WINDOW) - track.position(t - _WINDOW)) / (2 * _WINDOW)
        ahead = (track.speed(t + 2 * _WINDOW) - track.speed(t - 2 * _WINDOW)) / (4 * _WINDOW)
        rate = (track.heading(t + 2 * _WINDOW) - track.heading(t - 2 * _WINDOW)) / (4 * _WINDOW)
        sideways = float(np.clip(track.speed(t) * rate, -9.0, 9.0))
        level = float(np.hypot(velocity[0], velocity[2]))
        climb = float(np.arctan2(velocity[1], max(level, 0.5)))
        drag = 0.016 * min(level, 14.0)
        pitch = self.tilts * (float(np.arctan(np.clip(ahead, -6, 6) / GRAVITY)) + drag) - self.climbs * climb
        roll = -self.banks * float(np.arctan(sideways / GRAVITY))
        wobble = 0.012 * min(self.drift / 0.05, 2.0) * self._gusts(t + 11.0)
        return turned("z", aloft * (roll + wobble[0])) @ turned(
            "x", aloft * float(np.clip(pitch + wobble[2], -0.6, 0.6))
        )

    def _gusts(self, t: float) -> np.ndarray:
        """(3,) unsteady -1..1 on each axis."""
        now = t * self.role.time_scale
        rates = np.array([0.23, 0.37, 0.61])
        salt = self.role.seed % 31
        return np.array([np.sin(2 * np.pi * rates * now + salt + 2.1 * k).sum() / 3 for k in range(3)])
