"""Measures of a finished sound: integrated loudness and true peak (ITU-R BS.1770-4), in pieces so that long films stay small."""

from __future__ import annotations

import numpy as np
from scipy import signal as dsp

from .signal import k_sections

__all__ = ["HOP", "PIECE", "loudness", "peak_per_hop", "true_peak"]

HOP = 32
"""Samples between two values of the peak curve."""
PIECE = 1 << 18
OVERSAMPLE = 4
EDGE = 64
GATE_ABSOLUTE = -70.0
GATE_RELATIVE = -10.0
OFFSET = -0.691


def loudness(samples: np.ndarray, rate: int = 48000) -> float:
    """Integrated loudness [LUFS] of (N, 2); minus infinity for silence. Sounds under 0.4 s are repeated to fill a block."""
    needed = int(0.4 * rate) + 1
    if len(samples) == 0 or not samples.any():
        return float("-inf")
    if len(samples) < needed:
        samples = np.tile(samples, (-(-needed // len(samples)), 1))
    blocks = _block_power(samples, rate)
    with np.errstate(divide="ignore"):
        levels = OFFSET + 10 * np.log10(blocks)
        heard = blocks[levels > GATE_ABSOLUTE]
        if len(heard) == 0:
            return float("-inf")
        gate = OFFSET + 10 * np.log10(heard.mean()) + GATE_RELATIVE
        kept = blocks[levels > max(gate, GATE_ABSOLUTE)]
        return float(OFFSET + 10 * np.log10(kept.mean()))


def _block_power(samples: np.ndarray, rate: int) -> np.ndarray:
    """K-weighted power of both channels in blocks of 0.4 s that begin every 0.1 s: (blocks,)."""
    hop = round(0.1 * rate)
    filters = k_sections(rate)
    state = np.zeros((len(filters), 2, 2))
    tenths: list[np.ndarray] = []
    step = hop * max(PIECE // hop, 1)
    for start in range(0, len(samples), step):
        weighted, state = dsp.sosfilt(filters, samples[start : start + step], axis=0, zi=state)
        whole = len(weighted) // hop * hop
        squares = np.square(weighted[:whole]).sum(axis=1)
        tenths.append(squares.reshape(-1, hop).mean(axis=1))
    return np.convolve(np.concatenate(tenths), np.full(4, 0.25), mode="valid")


def true_peak(samples: np.ndarray) -> float:
    """Largest absolute value (linear) of (N, 2) between the samples too, from four-fold oversampling."""
    return float(peak_per_hop(samples).max(initial=0.0))


def peak_per_hop(samples: np.ndarray) -> np.ndarray:
    """Largest true peak of both channels in each hop of HOP samples: (ceil(N / HOP),)."""
    count = len(samples)
    peaks = np.zeros(-(-count // HOP))
    for start in range(0, count, PIECE):
        end = min(start + PIECE, count)
        head, tail = max(start - EDGE, 0), min(end + EDGE, count)
        dense = np.abs(dsp.resample_poly(samples[head:tail], OVERSAMPLE, 1, axis=0)).max(axis=1)
        dense = dense[(start - head) * OVERSAMPLE : (start - head + end - start) * OVERSAMPLE]
        dense = np.maximum(dense.reshape(-1, OVERSAMPLE).max(axis=1), np.abs(samples[start:end]).max(axis=1))
        padded = np.zeros(-(-len(dense) // HOP) * HOP)
        padded[: len(dense)] = dense
        peaks[start // HOP : start // HOP + len(padded) // HOP] = padded.reshape(-1, HOP).max(axis=1)
    return peaks
