"""A moment of a performance: what every move may know about the person, the place and the time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitascope.world.people.attitude import Rig
from vitascope.world.people.stride import Strides
from vitascope.world.role import Role
from vitascope.world.track import Travel

__all__ = ["Moment", "Temper", "temper_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Temper:
    """Seeded habits of one person: frequencies [Hz] and offsets of breath, shifts of weight, blinks and glances."""

    breath: float
    offsets: np.ndarray
    """(8,) phases [rad]."""
    blinks: np.ndarray
    """Times [s] of blinks from -2 s on."""
    looseness: float
    bounce: float

    def drift(self, t: float, k: int, hertz: float) -> float:
        """A slow wandering value in -1..1, never quite periodic."""
        o = float(self.offsets[k % 8])
        return 0.6 * float(np.sin(2 * np.pi * hertz * t + o)) + 0.4 * float(
            np.sin(2 * np.pi * hertz * 1.618 * t + 2.3 * o)
        )


def temper_of(seed: int, *, young: bool) -> Temper:
    """The habits of the person with this seed; children breathe and fidget faster."""
    rng = np.random.default_rng([seed, 71])
    gaps = np.clip(rng.exponential(2.6, 90) + 0.9, 0.9, 7.0)
    return Temper(
        breath=float(rng.uniform(0.24, 0.30) * (1.3 if young else 1.0)),
        offsets=rng.uniform(0, 2 * np.pi, 8),
        blinks=-2.0 + np.cumsum(gaps),
        looseness=float(rng.uniform(0.85, 1.15)),
        bounce=float(rng.uniform(0.85, 1.15) * (1.25 if young else 1.0)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Time `t` [s]; origin (3,) and heading [rad] of the subject's space in the world."""

    t: float
    rig: Rig
    role: Role
    strides: Strides
    temper: Temper
    origin: np.ndarray
    heading: float
    lunar: bool
    travel: Travel | None = None
    """The action that is being performed, for moves of one verb."""

    @property
    def speed(self) -> float:
        """Metres a second along the ground."""
        return self.role.track.speed(self.t)

    @property
    def vigour(self) -> float:
        """1 in the ordinary manner."""
        return self.travel.action.vigour if self.travel else 1.0

    @property
    def manner(self) -> str:
        """Words on how and with what: manners and the target's id."""
        if self.travel is None:
            return ""
        return " ".join((*self.travel.action.manner, self.travel.action.target or "")).lower().replace("_", " ")

    @property
    def under(self) -> str:
        """Words for what carries the subject and where ("bicycle seat"); empty when it stands by itself."""
        place = self.role.subject.placement
        return f"{place.on or ''} {place.socket or ''}".lower().replace("_", " ").strip()

    @property
    def floor(self) -> float:
        """Height [m] of the ground under the subject in its own space: 0 on foot, below 0 on a seat."""
        return self.role.ground.at(float(self.origin[0]), float(self.origin[2])) - float(self.origin[1])

    @property
    def since(self) -> float:
        """Seconds since the action began."""
        return self.t - (self.travel.start if self.travel else 0.0)

    def inside(self, p_in_world: np.ndarray) -> np.ndarray:
        """(3,) a world point in the subject's space."""
        d = np.asarray(p_in_world, float) - self.origin
        c, s = np.cos(self.heading), np.sin(self.heading)
        return np.array([c * d[0] - s * d[2], d[1], s * d[0] + c * d[2]])

    def target(self, t: float | None = None) -> np.ndarray | None:
        """(3,) where the action's target is in the subject's space, or None without one."""
        name = self.travel.action.target if self.travel else None
        if name is None or name not in self.role.targets:
            return None
        return self.inside(self.role.targets[name](self.t if t is None else t))
