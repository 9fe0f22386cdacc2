"""Where a subject's root goes: its actions' paths as smooth functions of time, with ease, heading and distance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vitascope.film import Action, Subject

__all__ = ["Ground", "Track", "Travel", "track_of"]

_RATE = 120.0
_LEAD = 2.0

Height = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The ground under the action. `height(x, z)` takes arrays of equal shape and gives metres."""

    height: Height
    surface: Callable[[float, float], str]
    """What feet meet at x, z ("snow", "rock", "grass"...)."""
    water_level: float | None = None

    def at(self, x: float, z: float) -> float:
        """Height [m] at one point."""
        return float(self.height(np.array([x]), np.array([z]))[0])

    def normals(self, x: np.ndarray, z: np.ndarray, *, reach: float = 0.15) -> np.ndarray:
        """(K, 3) unit normals at x, z (K,), from the slope over `reach` metres."""
        east, west, south, north = self.height(
            np.stack([x + reach, x - reach, x, x]), np.stack([z, z, z + reach, z - reach])
        )
        n = np.stack([west - east, np.full(len(x), 2 * reach), north - south], 1)
        return np.array([one / np.linalg.norm(one) for one in n]).reshape(-1, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """One action as it falls on the track: its verb, start and end [s]."""

    action: Action
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """The root's way through the shot, sampled at 120 Hz from 2 s before it to 2 s after.

    times (K,); positions (K, 3) where y is the height above ground (not world height); headings (K,) [rad] about y, 0 is
    +z; speeds (K,) [m/s]; distances (K,) [m] along the ground since time 0.
    """

    times: np.ndarray
    positions: np.ndarray
    headings: np.ndarray
    speeds: np.ndarray
    distances: np.ndarray
    travels: tuple[Travel, ...]

    def position(self, t: float | np.ndarray) -> np.ndarray:
        """(3,) x, height above ground, z at `t` [s]; (3, K) for times (K,)."""
        return np.array([np.interp(t, self.times, self.positions[:, k]) for k in range(3)])

    def heading(self, t: float) -> float:
        """Radians about y."""
        return float(np.interp(t, self.times, self.headings))

    def speed(self, t: float) -> float:
        """Metres a second along the ground."""
        return float(np.interp(t, self.times, self.speeds))

    def distance(self, t: float) -> float:
        """Metres since time 0."""
        return float(np.interp(t, self.times, self.distances))

    def verbs(self, t: float, *, blend: float = 0.25) -> tuple[tuple[str, float, Travel], ...]:
        """Verbs active at `t` with weights 0..1 that ease in and out over `blend` seconds."""
        found = []
        for travel in self.travels:
            rise = np.clip((t - travel.start) / blend + 0.5, 0, 1) if travel.start > 0 else 1.0
            fall = np.clip((travel.end - t) / blend + 0.5, 0, 1)
            weight = float(min(rise, fall))
            if weight > 0:
                found.append((travel.action.verb, weight * weight * (3 - 2 * weight), travel))
        return tuple(found)


def track_of(subject: Subject, *, duration: float, turn_time: float = 0.35) -> Track:
    """The track of a subject over a shot of `duration` seconds, from its placement and its actions' paths.

    A path begins where the subject is when its action starts. Speed along a path eases in where the subject was at rest and
    out where it comes to rest before the end; a path that fills the shot runs at constant speed, as if seen in passing.
    """
    times = np.arange(-_LEAD, duration + _LEAD + 1e-9, 1 / _RATE)
    position = np.tile(np.asarray(subject.placement.position, float), (len(times), 1))
    heading = np.full(len(times), np.radians(subject.placement.facing))
    travels = tuple(
        Travel(action=a, start=float(a.span.start), end=float(a.span.end))
        for a in sorted(subject.actions, key=lambda a: a.span.start)
    )
    for travel in travels:
        if travel.action.path:
            _follow(travel, times, position, heading, duration)
    heading = _smoothed(np.unwrap(heading), int(turn_time * _RATE))
    step = np.diff(position[:, [0, 2]], axis=0)
    rate = np.linalg.norm(step, axis=1) * _RATE
    speed = np.concatenate([rate, rate[-1:]])
    travelled = np.concatenate([[0.0], np.cumsum(np.linalg.norm(step, axis=1))])
    return Track(
        times=times,
        positions=position,
        headings=heading,
        speeds=speed,
        distances=travelled - np.interp(0.0, times, travelled),
        travels=travels,
    )


def _follow(travel: Travel, times: np.ndarray, position: np.ndarray, heading: np.ndarray, duration: float) -> None:
    start_index = int(np.searchsorted(times, travel.start - 1e-9))
    here = position[start_index]
    points = np.array([here, *travel.action.path])
    points = points[np.concatenate([[True], np.linalg.norm(np.diff(points, axis=0), axis=1) > 1e-6])]
    if len(points) < 2:
        return
    curve, lengths = _rounded(points)
    goes_on = travel.action.path_time is not None
    span = float(travel.action.path_time or max(travel.end - travel.start, 1e-6))
    early, late = travel.start <= 1e-9, goes_on or travel.end >= duration - 1e-9
    u = (times - travel.start) / span
    if goes_on and travel.end < duration - 1e-9:
        u = np.minimum(u, (travel.end - travel.start) / span)
    fraction = _eased(u, ease_in=not early, ease_out=not late)
    if not early:
        fraction = np.maximum(fraction, 0.0)
    if not late:
        fraction = np.minimum(fraction, 1.0)
    s = fraction * lengths[-1]
    affected = np.ones(len(times), bool) if early else times >= travel.start
    for k in range(3):
        value = np.interp(s, lengths, curve[:, k])
        tail_in = (curve[1, k] - curve[0, k]) / max(lengths[1], 1e-9)
        tail_out = (curve[-1, k] - curve[-2, k]) / max(lengths[-1] - lengths[-2], 1e-9)
        value = value + np.minimum(s, 0) * tail_in + np.maximum(s - lengths[-1], 0) * tail_out
        position[affected, k] = value[affected]
    delta = np.gradient(curve[:, [0, 2]], axis=0)
    if np.linalg.norm(curve[-1, [0, 2]] - curve[0, [0, 2]]) > 1e-3 or np.linalg.norm(delta, axis=1).max() > 1e-3:
        angle = np.unwrap(np.arctan2(delta[:, 0], delta[:, 1]))
        along = np.interp(s, lengths, angle)
        along += np.round((heading[start_index] - along[start_index]) / (2 * np.pi)) * 2 * np.pi
        heading[affected] = along[affected]


def _eased(u: np.ndarray, *, ease_in: bool, ease_out: bool) -> np.ndarray:
    """Fraction of the way at fraction `u` of the time; trapezoid speed with ramps of a fifth of the time."""
    ramp_in, ramp_out = 0.2 * ease_in, 0.2 * ease_out
    top = 1.0 / (1.0 - ramp_in / 2 - ramp_out / 2)
    f = top * (u - ramp_in / 2)
    if ease_in:
        f = np.where(u < ramp_in, top * np.maximum(u, 0) ** 2 / (2 * ramp_in), f)
    if ease_out:
        rest = 1 - u
        f = np.where(rest < ramp_out, 1 - top * np.maximum(rest, 0) ** 2 / (2 * ramp_out), f)
    return f


def _rounded(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A uniform Catmull-Rom curve through `points` (P, 3) as (C, 3) samples with their arc length (C,)."""
    padded = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    u = np.linspace(0, 1, 33)[:, None]
    pieces = []
    for a, b, c, d in zip(padded[:-3], padded[1:-2], padded[2:-1], padded[3:], strict=True):
        piece = 0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3)
        pieces.append(piece[:-1])
    curve = np.concatenate([*pieces, points[-1:]])
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    return curve, lengths


def _smoothed(values: np.ndarray, width: int) -> np.ndarray:
    if width < 2:
        return values
    kernel = np.hanning(width + 2)[1:-1]
    padded = np.pad(values, width, mode="edge")
    return np.convolve(padded, kernel / kernel.sum(), "same")[width:-width]
