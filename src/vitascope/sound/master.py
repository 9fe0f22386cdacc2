"""Shots -> the film's sound: joined at the cuts, brought to a loudness, kept under a true-peak ceiling."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from .meter import HOP, PIECE, loudness, peak_per_hop, true_peak
from .signal import fade_ends, from_decibels

__all__ = ["mix"]

GAIN_MAX_DB = 26.0
"""Most that a quiet film is lifted; near silence stays near silence."""
LIMIT_MAX_DB = 24.0
"""Most that the limiter is driven into single peaks for the sake of loudness."""
LOOK_AHEAD_HOPS = 6
RELEASE_SECONDS = 0.12
EDGE_HOPS = 8
"""The film's first and last sound ramps over half of this many hops (2.7 ms at 48 kHz)."""


def mix(
    parts: Sequence[np.ndarray], *, rate: int = 48000, target_lufs: float = -16.0, ceiling_dbtp: float = -1.0
) -> np.ndarray:
    """Join shots (N_i, 2) and master them: (sum of N_i, 2) float32 at `target_lufs` integrated, peaks under `ceiling_dbtp`.

    A film whose loudness lies more than 26 dB below the target is lifted by 26 dB only. Cuts keep their sample.
    Raises ValueError for a part that is not (N, 2).
    """
    for part in parts:
        if part.ndim != 2 or part.shape[1] != 2:
            raise ValueError(
                f"A sound part has shape {part.shape}; stereo (samples, 2) is needed. Render each shot first."
            )
    joined = _joined(parts, round(0.004 * rate))
    joined[: EDGE_HOPS * HOP] = fade_ends(joined[: EDGE_HOPS * HOP], EDGE_HOPS * HOP // 2, 0)
    joined[-EDGE_HOPS * HOP :] = fade_ends(joined[-EDGE_HOPS * HOP :], 0, EDGE_HOPS * HOP // 2)
    measured = loudness(joined, rate)
    if not np.isfinite(measured):
        return joined
    peaks = peak_per_hop(joined)
    loudest = 20 * np.log10(max(float(peaks.max()), 1e-9))
    most = min(GAIN_MAX_DB, ceiling_dbtp - loudest + LIMIT_MAX_DB)
    gain_db = float(np.clip(target_lufs - measured, -60.0, most))
    mastered, reached, step_db = joined, measured, gain_db
    for attempt in range(8):
        before = reached
        mastered = _limited(joined, peaks, from_decibels(gain_db), from_decibels(ceiling_dbtp), rate)
        reached = loudness(mastered, rate)
        error = target_lufs - reached
        if abs(error) < 0.1 or (error > 0 and gain_db >= most):
            break
        slope = np.clip((reached - before) / step_db, 0.2, 1.0) if attempt else 1.0
        step_db = float(np.clip(gain_db + error / slope, -60.0, most)) - gain_db
        gain_db += step_db
    over = true_peak(mastered) / from_decibels(ceiling_dbtp)
    if over > 1.0:
        mastered /= np.float32(over * 1.0001)
    return mastered


def _joined(parts: Sequence[np.ndarray], half: int) -> np.ndarray:
    """Shots end to end (N, 2) float32. Over `half` samples each side of a cut both sounds blend, each continued by its mirror."""
    if not parts:
        return np.zeros((0, 2), np.float32)
    joined = np.concatenate(parts, axis=0).astype(np.float32, copy=False)
    if len(parts) == 1:
        joined = joined.copy()
    cut = 0
    for before, after in itertools.pairwise(parts):
        cut += len(before)
        reach = min(half, len(before) // 2, len(after) // 2)
        if reach == 0:
            continue
        left, right = before[len(before) - reach :], after[:reach]
        old = np.concatenate([left, left[::-1]])
        new = np.concatenate([right[::-1], right])
        angle = (np.arange(2 * reach) + 0.5) / (2 * reach) * np.pi / 2
        joined[cut - reach : cut + reach] = old * np.cos(angle)[:, None] + new * np.sin(angle)[:, None]
    return joined


def _limited(samples: np.ndarray, peaks: np.ndarray, gain: float, ceiling: float, rate: int) -> np.ndarray:
    """Samples times `gain`, turned down smoothly a few milliseconds before each peak that would pass the ceiling."""
    need = np.minimum(1.0, ceiling * 0.989 / np.maximum(gain * peaks, 1e-9))
    if need.min() >= 1.0:
        return samples * np.float32(gain)
    held = ndimage.minimum_filter1d(need, 2 * LOOK_AHEAD_HOPS + 3)
    decibels = 20 * np.log10(held)
    step = 1.0 - float(np.exp(-HOP / (RELEASE_SECONDS * rate)))
    released = np.empty_like(decibels)
    state = 0.0
    for index, value in enumerate(decibels.tolist()):
        state = min(value, state + (value - state) * step)
        released[index] = state
    shape = np.hanning(2 * LOOK_AHEAD_HOPS + 3)[1:-1]
    smooth = ndimage.convolve1d(10 ** (released / 20), shape / shape.sum(), mode="nearest")
    edges = np.concatenate([smooth, smooth[-1:]])
    out = np.empty_like(samples)
    ramp = (np.arange(HOP) / HOP).astype(np.float32)
    for start in range(0, len(samples), PIECE):
        end = min(start + PIECE, len(samples))
        first, last = start // HOP, -(-end // HOP)
        here = edges[first:last, None] + (edges[first + 1 : last + 1] - edges[first:last])[:, None] * ramp
        curve = (here.reshape(-1)[: end - start] * gain).astype(np.float32)
        out[start:end] = samples[start:end] * curve[:, None]
    return out
