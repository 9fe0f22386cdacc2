"""What drives a lasting sound: its level, speed and load over time, and the turning phase that follows from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .signal import modulator, seed_of

__all__ = ["Drive"]

GRID_SECONDS = 1.0 / 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """Curves on one regular grid: times (K,) [s], level (K,) 0..1, speed (K,) [m/s], load (K,) 0..1."""

    times: np.ndarray
    level: np.ndarray
    speed: np.ndarray
    load: np.ndarray

    @classmethod
    def build(
        cls, times: np.ndarray, level: np.ndarray, speed: np.ndarray | None, *, begin: float, end: float
    ) -> Drive:
        """Resample keyed curves (held before the first and after the last key) to the grid over [begin, end] seconds."""
        grid = np.arange(np.floor(begin / GRID_SECONDS), np.ceil(end / GRID_SECONDS) + 2) * GRID_SECONDS
        if len(times) == 0:
            times, level, speed = np.zeros(1), np.ones(1), None
        levels = np.clip(np.interp(grid, times, level), 0.0, 1.0)
        speeds = np.zeros_like(grid) if speed is None else np.abs(np.interp(grid, times, speed))
        box = np.ones(25) / 25.0
        padded = np.pad(speeds, 12, mode="edge")
        speeds = np.convolve(padded, box, mode="valid")
        push = np.convolve(np.pad(np.gradient(speeds, GRID_SECONDS), 12, mode="edge"), box, mode="valid")
        return cls(times=grid, level=levels, speed=speeds, load=np.clip(0.25 + push / 4.0, 0.0, 1.0))

    def at(self, values: np.ndarray, times: np.ndarray) -> np.ndarray:
        """A curve of this drive read at `times` (M,) [s]."""
        return np.interp(times, self.times, values)

    def gain(self, times: np.ndarray) -> np.ndarray:
        """Level (M,) with steps softened to 30 ms, so that a switched level does not click."""
        offsets = np.array([-0.015, -0.0075, 0.0, 0.0075, 0.015])
        return np.mean([self.at(self.level, times + offset) for offset in offsets], axis=0)

    def phase(self, rate_of: Callable[[Drive], np.ndarray], times: np.ndarray) -> np.ndarray:
        """Turns (M,) done at `times` by a thing whose rate [Hz] on the grid is `rate_of(self)`; continuous everywhere."""
        hertz = rate_of(self)
        turns = np.concatenate([[0.0], np.cumsum((hertz[1:] + hertz[:-1]) / 2) * GRID_SECONDS])
        return np.interp(times, self.times, turns)

    def wander(self, seed: int, rates: Sequence[float]) -> np.ndarray:
        """Slow random curve (K,) on the grid, variance 1."""
        return modulator(seed_of(seed, "wander"), rates)(self.times)
