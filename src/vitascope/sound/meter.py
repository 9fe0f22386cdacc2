"""Measures of a finished sound: integrated loudness and true peak (ITU-R BS.1770-4), piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from scipy import signal as dsp

from .signal import k_sections

__all__ = ["HOP", "loudness", "peaks_per_hop", "true_peak"]

HOP = 32
"""Samples between two values of the peak curve."""
OVERSAMPLE = 4
EDGE = 64
GATE_ABSOLUTE = -70.0
GATE_RELATIVE = -10.0
OFFSET = -0.691

Pieces = Iterable[np.ndarray]


def loudness(pieces: Pieces, rate: int = 48000) -> float:
    """Integrated loudness [LUFS] of a sound in pieces (N, 2); minus infinity for silence. Sounds under 0.4 s are repeated
    to fill a block."""
    blocks = _block_power(_filled(pieces, int(0.4 * rate) + 1), rate)
    with np.errstate(divide="ignore"):
        levels = OFFSET + 10 * np.log10(blocks)
        heard = blocks[levels > GATE_ABSOLUTE]
        if len(heard) == 0:
            return float("-inf")
        gate = OFFSET + 10 * np.log10(heard.mean()) + GATE_RELATIVE
        kept = blocks[levels > max(gate, GATE_ABSOLUTE)]
        return float(OFFSET + 10 * np.log10(kept.mean()))


def _filled(pieces: Pieces, needed: int) -> Iterator[np.ndarray]:
    """The same pieces; where they have fewer than `needed` samples in all, these again and again."""
    count, short = 0, []
    for piece in pieces:
        count += len(piece)
        if count < needed:
            short.append(piece)
            continue
        yield from short
        short = []
        yield piece
    if 0 < count < needed:
        yield np.tile(np.concatenate(short), (-(-needed // count), 1))


def _block_power(pieces: Pieces, rate: int) -> np.ndarray:
    """K-weighted power of both channels in blocks of 0.4 s that begin every 0.1 s: (blocks,)."""
    hop = round(0.1 * rate)
    filters = k_sections(rate)
    state = np.zeros((len(filters), 2, 2))
    tenths, rest = [np.zeros(0)], np.zeros(0)
    for piece in pieces:
        weighted, state = dsp.sosfilt(filters, piece, axis=0, zi=state)
        squares = np.concatenate([rest, np.square(weighted).sum(axis=1)])
        whole = len(squares) // hop * hop
        tenths.append(squares[:whole].reshape(-1, hop).mean(axis=1))
        rest = squares[whole:]
    powers = np.concatenate(tenths)
    return np.convolve(powers, np.full(4, 0.25), mode="valid") if len(powers) >= 4 else np.zeros(0)


def true_peak(pieces: Pieces) -> float:
    """Largest absolute value (linear) of a sound in pieces (N, 2), between the samples too, from four-fold oversampling."""
    return float(peaks_per_hop(pieces).max(initial=0.0))


def peaks_per_hop(pieces: Pieces) -> np.ndarray:
    """Largest true peak of both channels in each hop of HOP samples: (ceil(N / HOP),). All pieces but the last must have
    whole hops."""
    found = [np.zeros(0)]
    for head, piece, tail in _with_neighbours(pieces):
        around = np.concatenate([head, piece, tail])
        dense = np.abs(dsp.resample_poly(around, OVERSAMPLE, 1, axis=0)).max(axis=1)
        dense = dense[len(head) * OVERSAMPLE : (len(head) + len(piece)) * OVERSAMPLE]
        dense = np.maximum(dense.reshape(-1, OVERSAMPLE).max(axis=1), np.abs(piece).max(axis=1))
        padded = np.zeros(-(-len(dense) // HOP) * HOP)
        padded[: len(dense)] = dense
        found.append(padded.reshape(-1, HOP).max(axis=1))
    return np.concatenate(found)


def _with_neighbours(pieces: Pieces) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Each piece between the last samples of the one before and the first of the one after."""
    head, here = np.zeros((0, 2), np.float32), None
    for after in pieces:
        if here is not None:
            yield head, here, after[:EDGE]
            head = here[-EDGE:]
        here = after
    if here is not None:
        yield head, here, here[:0]
