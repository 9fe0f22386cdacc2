"""Footfalls: where and when each foot is planted, so that no foot slides. Phases and duty as in Alexander's gait tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vitascope.world.track import Ground, Track

__all__ = ["Foot", "Footfalls", "Gait", "footfalls", "stride_length"]

GRAVITY = 9.81


@dataclass(frozen=True, slots=True, kw_only=True)
class Gait:
    """Phase (share of the stride at which each foot lands) and duty (share of the stride on the ground)."""

    phases: tuple[float, ...]
    duty: float


def stride_length(speed: np.ndarray | float, leg: float) -> np.ndarray:
    """Stride length [m] at `speed` [m/s] for legs of `leg` metres: 2.3 leg (v^2 / (g leg))^0.3 (Alexander)."""
    froude = np.maximum(np.asarray(speed, float), 0.05) ** 2 / (GRAVITY * leg)
    return 2.3 * leg * froude**0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Foot:
    """A foot at one moment: position (3,) in the world (on the ground while planted), swing 0..1 (0 while planted)."""

    position: np.ndarray
    planted: bool
    swing: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Footfalls:
    """Planned footfalls of all feet. For foot i: contact times (C_i,) and plants (C_i, 3); phase (K,) over the track's times."""

    track: Track
    gait: Gait
    phase: np.ndarray
    contacts: tuple[np.ndarray, ...]
    plants: tuple[np.ndarray, ...]
    lift: float

    def cycle(self, t: float) -> float:
        """Strides since time 0."""
        return float(np.interp(t, self.track.times, self.phase))

    def foot(self, i: int, t: float) -> Foot:
        """Foot `i` at `t` [s]. In swing it travels from the last plant to the next in an arc of height `lift` [m]."""
        progress = self.cycle(t) - self.gait.phases[i]
        k = int(np.floor(progress))
        part = progress - k
        first = int(np.floor(self.phase[0] - self.gait.phases[i]))
        here = self.plants[i][np.clip(k - first, 0, len(self.plants[i]) - 1)]
        if part < self.gait.duty:
            return Foot(position=here, planted=True, swing=0.0)
        after = self.plants[i][np.clip(k + 1 - first, 0, len(self.plants[i]) - 1)]
        u = (part - self.gait.duty) / (1 - self.gait.duty)
        ease = u * u * (3 - 2 * u)
        position = here + (after - here) * ease
        position = position + np.array([0.0, self.lift * np.sin(np.pi * u) ** 1.2, 0.0])
        return Foot(position=position, planted=False, swing=u)


def footfalls(
    track: Track,
    ground: Ground,
    *,
    gait: Gait,
    leg: float,
    rest: Sequence[tuple[float, float]],
    lift: float | None = None,
) -> Footfalls:
    """Plan the footfalls of a body on `track` with legs of `leg` metres; `rest` gives x, z of each foot under the body.

    Each plant lies where the body will be at the middle of that stance, so the foot moves backwards under the body by half
    a stance on either side. A body that stands keeps its feet where they are.
    """
    stride = stride_length(track.speeds, leg)
    rate = np.where(track.speeds > 0.02, track.speeds / stride, 0.0)
    phase = np.concatenate([[0.0], np.cumsum(rate[:-1] * np.diff(track.times))])
    phase = phase - np.interp(0.0, track.times, phase)
    strictly = phase + np.arange(len(phase)) * 1e-9
    contacts, plants = [], []
    for offset, (x, z) in zip(gait.phases, rest, strict=True):
        cycles = np.arange(np.floor(phase[0] - offset), np.floor(phase[-1] - offset) + 2)
        middle = np.interp(cycles + offset + gait.duty / 2, strictly, track.times)
        position = np.stack([np.interp(middle, track.times, track.positions[:, k]) for k in (0, 2)], 1)
        heading = np.interp(middle, track.times, track.headings)
        sine, cosine = np.sin(heading), np.cos(heading)
        px = position[:, 0] + cosine * x + sine * z
        pz = position[:, 1] - sine * x + cosine * z
        plants.append(np.stack([px, ground.height(px, pz), pz], 1))
        contacts.append(np.interp(cycles + offset, strictly, track.times))
    return Footfalls(
        track=track,
        gait=gait,
        phase=phase,
        contacts=tuple(contacts),
        plants=tuple(plants),
        lift=0.12 * leg if lift is None else lift,
    )
