"""The space around the sounds: reverberation by decaying noise, and the muffling of water over the ears. Works block by block."""

from __future__ import annotations

import numpy as np
from scipy import signal as dsp

from .signal import filtered, sections, seed_of

__all__ = ["Muffle", "Reverb"]


class Reverb:
    """Convolution of a mono send with two uncorrelated tails; holds what rings on past the block.

    `size` 0..1 gives 0.3 to 2.6 s to -60 dB in the middle band, treble dying in half of that and a first gap of 4 to 25 ms.
    """

    def __init__(self, size: float, seed: int, rate: int) -> None:
        self._tails = [self._tail(float(np.clip(size, 0, 1)), seed_of(seed, "reverb", side), rate) for side in range(2)]
        self._left_over = np.zeros((len(self._tails[0]) - 1, 2), np.float32)

    @staticmethod
    def _tail(size: float, seed: int, rate: int) -> np.ndarray:
        seconds = 0.3 + 2.3 * size**1.3
        count = round(seconds * 1.05 * rate)
        t = np.arange(count) / rate
        rng = np.random.default_rng(seed)
        total = np.zeros(count)
        edges = ((120.0, 700.0, 1.15, 0.8), (700.0, 3000.0, 1.0, 1.0), (3000.0, 9000.0, 0.5, 0.8))
        for low, high, slower, gain in edges:
            noise = filtered(sections(1, (low, high), rate), rng.standard_normal(count, dtype=np.float32))
            total += gain * noise * np.exp(-6.9 * t / (seconds * slower))
        gap = round((0.004 + 0.021 * size) * rate)
        total[:gap] = 0.0
        total[gap : gap + 96] *= np.linspace(0.0, 1.0, 96)
        for _ in range(6):
            at = gap // 2 + int(rng.integers(0, gap * 3 + 1))
            total[at] += float(np.sqrt((total**2).sum())) * rng.uniform(0.15, 0.35) * rng.choice([-1.0, 1.0])
        total /= np.sqrt((total**2).sum())
        return (total * (0.22 + 0.4 * size)).astype(np.float32)

    def block(self, sound: np.ndarray) -> np.ndarray:
        """The wet sound (N, 2) float32 that goes with a dry block (N, 2)."""
        count = len(sound)
        send = sound.mean(axis=1)
        wet = np.stack([np.asarray(dsp.oaconvolve(send, tail)) for tail in self._tails], axis=1).astype(
            np.float32, copy=False
        )
        wet[: len(self._left_over)] += self._left_over
        self._left_over = wet[count:].copy()
        return wet[:count]


class Muffle:
    """Water over the ears: everything above about 700 Hz goes, a little body stays; keeps its state between blocks."""

    def __init__(self, rate: int) -> None:
        self._sections = sections(3, 700.0, rate)
        self._state = np.zeros((len(self._sections), 2, 2), np.float32)

    def block(self, sound: np.ndarray) -> np.ndarray:
        """The muffled block (N, 2) float32."""
        out, state = dsp.sosfilt(self._sections, sound, axis=0, zi=self._state)
        self._state = np.asarray(state)
        return (np.asarray(out) * np.float32(1.25)).astype(np.float32, copy=False)
