"""What nothing alive is ever without: breath, blinks, glances and twitches, as pure functions of time from a seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Life", "Likeness", "life_of", "likeness_of", "unscaled"]

_VARIETY = 0.06
"""How far individuals of a kind differ in size and in the value of their coats, either way."""

_BLINK = 0.15
_TURN = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What tells one of a herd from the next: its size and the tint (1, 3) of its coat relative to its kind's."""

    size: float
    tint: np.ndarray


def unscaled(place: np.ndarray) -> np.ndarray:
    """The place (4, 4) of something carried, which keeps its own size whatever the likeness of its carrier."""
    out = place.copy()
    out[:3, :3] /= np.linalg.norm(place[:3, 0])
    return out


def likeness_of(seed: int) -> Likeness:
    """Size and tint within 6 % of the kind's; the tint is a little lighter or darker and a little warmer or cooler."""
    rng = np.random.default_rng([seed, 41])
    size, value, warmth = rng.uniform(-1.0, 1.0, 3)
    tint = (1 + 0.7 * _VARIETY * value) * (1 + 0.3 * _VARIETY * warmth * np.array([[1.0, 0.0, -1.0]]))
    return Likeness(size=1 + _VARIETY * size, tint=tint.astype(np.float32))


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Times [s] of blinks (B,) and of twitches of two ears (E,), glances (G,) with yaw and pitch [rad], breath rate [Hz]."""

    blinks: np.ndarray
    twitches: tuple[np.ndarray, np.ndarray]
    glances: np.ndarray
    yaws: np.ndarray
    pitches: np.ndarray
    breath_rate: float
    breath_phase: float

    def blink(self, t: float) -> float:
        """0 open, 1 shut."""
        u = (t - self.blinks) / _BLINK
        live = (u > 0) & (u < 1)
        return float(np.sin(np.pi * u[live]).max()) if live.any() else 0.0

    def twitch(self, side: int, t: float) -> float:
        """-1..1 flick of an ear (0 left, 1 right): a quick swing that rings out in a third of a second."""
        u = t - self.twitches[side]
        live = (u > 0) & (u < 0.5)
        return float((np.sin(u[live] * 28) * np.exp(-u[live] * 9)).sum()) if live.any() else 0.0

    def glance(self, t: float) -> tuple[float, float]:
        """Yaw and pitch [rad] that the eyes and head seek by themselves."""
        k = int(np.clip(np.searchsorted(self.glances, t, side="right") - 1, 1, len(self.glances) - 1))
        u = float(np.clip((t - self.glances[k]) / _TURN, 0, 1))
        ease = u * u * u * (u * (6 * u - 15) + 10)
        yaw = self.yaws[k - 1] + (self.yaws[k] - self.yaws[k - 1]) * ease
        pitch = self.pitches[k - 1] + (self.pitches[k] - self.pitches[k - 1]) * ease
        return float(yaw), float(pitch)

    def breath(self, t: float) -> float:
        """-1..1."""
        return float(np.sin(2 * np.pi * (self.breath_rate * t + self.breath_phase)))


def life_of(seed: int, duration: float, *, mass: float) -> Life:
    """The small motions of a body of `mass` [kg]; breathing about 0.9 mass^-0.26 Hz (Stahl 1967), slowed to be seen."""
    rng = np.random.default_rng(seed)

    def moments(low: float, high: float) -> np.ndarray:
        steps = rng.uniform(low, high, int(duration / low) + 8)
        return np.cumsum(steps) - 4.0

    glances = moments(2.2, 5.0)
    return Life(
        blinks=moments(2.0, 6.0),
        twitches=(moments(2.5, 8.0), moments(2.5, 8.0)),
        glances=glances,
        yaws=rng.uniform(-0.42, 0.42, len(glances)) * (rng.random(len(glances)) < 0.75),
        pitches=rng.uniform(-0.10, 0.12, len(glances)),
        breath_rate=float(np.clip(0.9 * mass**-0.26, 0.2, 1.2)),
        breath_phase=float(rng.random()),
    )
