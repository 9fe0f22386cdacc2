"""Perspective: how a sound at a place reaches two ears. Distance, air, direction, travel time and Doppler.

Legend: N samples, K control points. Directions come from the listener's right vector; forward is up × right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..world.soundscape import Listener
from .signal import Span, filtered, sections, upsampled

__all__ = [
    "SPEED_IN_AIR",
    "SPEED_IN_WATER",
    "TRAVEL_FROM",
    "Hearing",
    "hear_event",
    "hear_source",
    "hearing",
]

SPEED_IN_AIR = 343.0
"""Speed of sound in air at 20 °C [m/s]."""
SPEED_IN_WATER = 1482.0
"""Speed of sound in fresh water at 20 °C [m/s]."""
TRAVEL_FROM = 30.0
"""Events farther than this [m] are heard late by distance / speed; nearer ones on the frame on which they are seen."""
FARTHEST = 5000.0
EAR_DELAY = 0.00055
"""Largest delay between the ears [s]; a head of 8.75 cm radius gives about 0.65 ms (Woodworth), kept below 0.6 ms."""
SPLITS = (900.0, 4200.0)
AIR_DB_PER_KM = (2.5, 16.0, 100.0)
"""Absorption near 0.4, 2 and 8 kHz at 20 °C and 50 % humidity, after ISO 9613-1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What the ears get: distance (K,) [m] and band gains (K, 3 bands, 2 ears); `side` (K,) is -1 left … 1 right."""

    distance: np.ndarray
    side: np.ndarray
    gains: np.ndarray


def _listener_at(listener: Listener, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Position (K, 3) and unit right vector (K, 3) at times (K,)."""
    if len(listener.times) == 0:
        return np.zeros((len(times), 3)), np.tile([1.0, 0.0, 0.0], (len(times), 1))
    keys, places, rights = (np.asarray(v, np.float64) for v in (listener.times, listener.positions, listener.right))
    place = np.stack([np.interp(times, keys, places[:, axis]) for axis in range(3)], axis=1)
    right = np.stack([np.interp(times, keys, rights[:, axis]) for axis in range(3)], axis=1)
    return place, right / np.maximum(np.linalg.norm(right, axis=1, keepdims=True), 1e-9)


def hearing(listener: Listener, times: np.ndarray, positions: np.ndarray, reference: float) -> Hearing:
    """Gains for sounds at positions (K, 3) heard at times (K,): -6 dB per doubling of distance beyond `reference` metres."""
    place, right = _listener_at(listener, times)
    offset = positions - place
    distance = np.linalg.norm(offset, axis=1)
    unit = offset / np.maximum(distance, 1e-6)[:, None]
    near = np.clip(distance / 0.5, 0.0, 1.0)
    side = (unit * right).sum(axis=1) * near
    forward = np.cross(np.array([0.0, 1.0, 0.0]), right)
    behind = np.clip(-(unit * forward).sum(axis=1), 0.0, 1.0) * near
    level = reference / np.maximum(distance, reference)
    air = 10.0 ** (-np.outer(np.maximum(distance - 1.0, 0.0) / 1000.0, AIR_DB_PER_KM) / 20.0)
    angle = (np.clip(side, -1, 1) * 0.88 + 1.0) * np.pi / 4.0
    ears = np.stack([np.cos(angle), np.sin(angle)], axis=1) * np.sqrt(2.0) * level[:, None]
    shadow = np.stack([np.clip(side, 0, 1), np.clip(-side, 0, 1)], axis=1)
    gains = air[:, :, None] * ears[:, None, :]
    gains[:, 2, :] *= 1.0 - 0.45 * shadow - 0.3 * behind[:, None] * (1 - shadow)
    gains[:, 1, :] *= 1.0 - 0.2 * shadow
    return Hearing(distance=distance, side=side, gains=gains)


def _split(samples: np.ndarray, rate: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Low, middle and high band (N,) float32 that add up to the input exactly."""
    low = filtered(sections(2, SPLITS[0], rate), samples)
    below = filtered(sections(1, SPLITS[1], rate), samples)
    return low, below - low, samples - below


def hear_event(
    samples: np.ndarray,
    listener: Listener,
    time: float,
    position: tuple[float, float, float],
    reference: float,
    rate: int,
) -> np.ndarray:
    """An event (N,) as two ears get it: (N + ear delay, 2) float32, without the travel time."""
    heard = hearing(listener, np.array([time]), np.array([position], np.float64), reference)
    delay = EAR_DELAY * float(heard.side[0])
    late = (round(max(delay, 0.0) * rate), round(max(-delay, 0.0) * rate))
    out = np.zeros((len(samples) + max(late), 2), np.float32)
    bands = _split(samples, rate)
    for ear in range(2):
        mixed = sum(band * np.float32(heard.gains[0, index, ear]) for index, band in enumerate(bands))
        out[late[ear] : late[ear] + len(samples), ear] = mixed
    return out


def hear_source(
    made: Callable[[Span], np.ndarray],
    listener: Listener,
    position_at: Callable[[np.ndarray], np.ndarray],
    reference: float,
    span: Span,
    speed_of_sound: float,
) -> np.ndarray:
    """A lasting sound as two ears get it: (N, 2) float32. `made` gives its samples where it is, at any span.

    The sound heard at t left at t - distance/c, so a passing source bends its pitch by itself.
    """
    times = span.control_times()
    place, _ = _listener_at(listener, times)
    left_at = times.copy()
    for _ in range(3):
        distance = np.linalg.norm(position_at(left_at) - place, axis=1)
        left_at = times - np.minimum(distance, FARTHEST) / speed_of_sound
    heard = hearing(listener, times, position_at(left_at), reference)
    first = int(np.floor((left_at.min() - EAR_DELAY) * span.rate)) - 3
    last = int(np.ceil((left_at.max() + EAR_DELAY) * span.rate)) + 4
    samples = made(Span(start=first, count=last - first, rate=span.rate))
    bands = _split(samples, span.rate)
    out = np.zeros((span.count, 2), np.float32)
    for ear, sign in enumerate((1.0, -1.0)):
        read = upsampled(span, (left_at - np.maximum(sign * heard.side, 0.0) * EAR_DELAY) * span.rate - first)
        mixed = np.zeros(len(samples), np.float32)
        steady = np.ptp(left_at - times) < 1e-9
        for index, band in enumerate(bands):
            gain = heard.gains[:, index, ear].astype(np.float32)
            if steady and np.ptp(gain) == 0.0:
                mixed += band * gain[0]
            else:
                along = np.interp(np.arange(len(samples)), (left_at * span.rate - first), gain).astype(np.float32)
                mixed += band * along
        out[:, ear] = _read_between(mixed, read)
    return out


def _read_between(samples: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Samples (M,) read at fractional places (N,) by cubic Hermite interpolation."""
    index = np.clip(places.astype(np.int64), 1, len(samples) - 3)
    x = (places - index).astype(np.float32)
    a, b, c, d = samples[index - 1], samples[index], samples[index + 1], samples[index + 2]
    return b + 0.5 * x * (c - a + x * (2 * a - 5 * b + 4 * c - d + x * (3 * (b - c) + d - a)))
