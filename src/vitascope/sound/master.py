"""Shots -> the film's sound: joined at the cuts, brought to a loudness, kept under a true-peak ceiling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np
from scipy import ndimage

from .meter import HOP, loudness, peaks_per_hop, true_peak
from .signal import fade_ends, from_decibels
from .tape import Tape

__all__ = ["mix"]

GAIN_MAX_DB = 26.0
"""Most that a quiet film is lifted; near silence stays near silence."""
LIMIT_MAX_DB = 24.0
"""Most that the limiter is driven into single peaks for the sake of loudness."""
LOOK_AHEAD_HOPS = 6
RELEASE_SECONDS = 0.12
LOOP_HOPS = 1 << 14
"""Hops that are looped over as plain numbers at once, which are quick and large."""
EDGE_HOPS = 8
"""The film's first and last sound ramps over half of this many hops (2.7 ms at 48 kHz)."""
BLEND_SECONDS = 0.004
"""How far a cut reaches to either side."""


def mix(
    tape: Tape,
    lengths: Sequence[int],
    *,
    rate: int = 48000,
    target_lufs: float = -16.0,
    ceiling_dbtp: float = -1.0,
) -> Iterator[np.ndarray]:
    """The mastered film in pieces (N, 2) float32: at `target_lufs` integrated, peaks under `ceiling_dbtp`.

    `tape` holds the shots one after the other, `lengths` samples each; they are joined on it. A film whose loudness lies
    more than 26 dB below the target is lifted by 26 dB only. Cuts keep their sample. Raises ValueError where the lengths
    are not those of the tape.
    """
    if sum(lengths) != len(tape):
        raise ValueError(
            f"The shots last {sum(lengths)} samples and the tape {len(tape)}. Give the length of each shot on the tape."
        )
    _join(tape, lengths, round(BLEND_SECONDS * rate))
    _soften_ends(tape)
    measured = loudness((piece for _, piece in tape.pieces()), rate)
    if not np.isfinite(measured):
        yield from (piece for _, piece in tape.pieces())
        return
    ceiling = from_decibels(ceiling_dbtp)
    peaks = peaks_per_hop(piece for _, piece in tape.pieces())
    loudest = 20 * np.log10(max(float(peaks.max()), 1e-9))
    most = min(GAIN_MAX_DB, ceiling_dbtp - loudest + LIMIT_MAX_DB)
    gain_db = float(np.clip(target_lufs - measured, -60.0, most))
    gain, edges, reached, step_db = 1.0, peaks, measured, gain_db
    for attempt in range(8):
        before, gain = reached, from_decibels(gain_db)
        edges = _turned_down(gain * peaks, ceiling, rate)
        reached = loudness(_mastered(tape, gain, edges), rate)
        error = target_lufs - reached
        if abs(error) < 0.1 or (error > 0 and gain_db >= most):
            break
        slope = np.clip((reached - before) / step_db, 0.2, 1.0) if attempt else 1.0
        step_db = float(np.clip(gain_db + error / slope, -60.0, most)) - gain_db
        gain_db += step_db
    over = true_peak(_mastered(tape, gain, edges)) / ceiling
    for piece in _mastered(tape, gain, edges):
        yield piece / np.float32(over * 1.0001) if over > 1.0 else piece


def _join(tape: Tape, lengths: Sequence[int], half: int) -> None:
    """Over `half` samples each side of a cut both sounds blend, each continued by its mirror."""
    for cut, before, after in zip(accumulate(lengths), lengths, lengths[1:], strict=False):
        reach = min(half, before // 2, after // 2)
        if reach == 0:
            continue
        left, right = tape.read(cut - reach, cut), tape.read(cut, cut + reach)
        old = np.concatenate([left, left[::-1]])
        new = np.concatenate([right[::-1], right])
        angle = (np.arange(2 * reach) + 0.5) / (2 * reach) * np.pi / 2
        tape.write(cut - reach, old * np.cos(angle)[:, None] + new * np.sin(angle)[:, None])


def _soften_ends(tape: Tape) -> None:
    reach = min(EDGE_HOPS * HOP, len(tape))
    tape.write(0, fade_ends(tape.read(0, reach), EDGE_HOPS * HOP // 2, 0))
    tape.write(len(tape) - reach, fade_ends(tape.read(len(tape) - reach), 0, EDGE_HOPS * HOP // 2))


def _turned_down(peaks: np.ndarray, ceiling: float, rate: int) -> np.ndarray:
    """Factors at the hops' edges (hops + 1,): 1, and smoothly less a few milliseconds before each peak that would pass the
    ceiling."""
    need = np.minimum(1.0, ceiling * 0.989 / np.maximum(peaks, 1e-9))
    if need.min() >= 1.0:
        return np.ones(len(peaks) + 1)
    held = ndimage.minimum_filter1d(need, 2 * LOOK_AHEAD_HOPS + 3)
    decibels = 20 * np.log10(held)
    step = 1.0 - float(np.exp(-HOP / (RELEASE_SECONDS * rate)))
    released = np.empty_like(decibels)
    state = 0.0
    for start in range(0, len(decibels), LOOP_HOPS):
        for index, value in enumerate(decibels[start : start + LOOP_HOPS].tolist(), start):
            state = min(value, state + (value - state) * step)
            released[index] = state
    shape = np.hanning(2 * LOOK_AHEAD_HOPS + 3)[1:-1]
    smooth = ndimage.convolve1d(10 ** (released / 20), shape / shape.sum(), mode="nearest")
    return np.concatenate([smooth, smooth[-1:]])


def _mastered(tape: Tape, gain: float, edges: np.ndarray) -> Iterator[np.ndarray]:
    """The tape's samples times `gain` and the factors at the edges of their hops, joined by straight lines."""
    ramp = (np.arange(HOP) / HOP).astype(np.float32)
    for start, samples in tape.pieces():
        first, last = start // HOP, -(-(start + len(samples)) // HOP)
        here = edges[first:last, None] + (edges[first + 1 : last + 1] - edges[first:last])[:, None] * ramp
        yield samples * (here.reshape(-1)[: len(samples), None] * gain).astype(np.float32)
