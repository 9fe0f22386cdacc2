"""A role: everything a body needs to know to perform, and the performance that it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from vitascope.film import Subject
from vitascope.recipe import Driver, Recipe
from vitascope.world.soundscape import SoundEvent, SoundSource
from vitascope.world.stage import Motion, PointLight, Thing
from vitascope.world.track import Ground, Track

__all__ = ["Performance", "Role"]

Where = Callable[[float], np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One subject's part in one shot. Lengths of the recipe are at scale 1; the body is built at `scale` already.

    `carrier(t)` (4, 4) is the world transform of the socket that carries the subject, or None when it stands by itself.
    `seat` is how one sits on the vehicle that carries the subject on its seat, else None; `at_helm` tells its driver from
    the passengers, and `holds` says where that driver's hands ("grip") and feet ("foot") are: (2, 3) in the world at t.
    `wave(x, z, world_time)` gives heights [m] and normals (..., 3) of the water surface at arrays, or None without water.
    `targets` maps subject ids to functions from time to a world position (3,) at chest height (for gaze, kicks, throws).
    """

    subject: Subject
    recipe: Recipe
    number: int
    track: Track
    ground: Ground
    duration: float
    seed: int
    time_scale: float = 1.0
    wind: tuple[float, float, float] = (0.0, 0.0, 0.0)
    night: float = 0.0
    """0 by day, 1 at night: lamps and windows are lit."""
    carrier: Callable[[float], np.ndarray] | None = None
    seat: Driver | None = None
    at_helm: bool = False
    holds: Mapping[str, Where] = field(default_factory=dict)
    wave: Callable[[np.ndarray | float, np.ndarray | float, float], tuple[np.ndarray, np.ndarray]] | None = None
    targets: Mapping[str, Where] = field(default_factory=dict)

    @property
    def scale(self) -> float:
        """Size relative to the recipe."""
        return self.subject.attributes.scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """How a body moves, sounds and shines. `socket(name, t)` is the (4, 4) world transform of one of its sockets."""

    motion: Motion
    socket: Callable[[str, float], np.ndarray]
    moving: bool = True
    events: tuple[SoundEvent, ...] = ()
    sources: tuple[SoundSource, ...] = ()
    lights: Callable[[float], tuple[PointLight, ...]] | None = None
    extras: tuple[Thing, ...] = ()
    """Further things that belong to the subject (a propeller's blur, a flame, a wake)."""
