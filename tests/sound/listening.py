"""Sounds as arrays, for tests that look at all samples at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vitascope import sound
from vitascope.world.soundscape import Soundscape

__all__ = ["mixed", "recorded"]


def recorded(scape: Soundscape, *, rate: int = 48000) -> np.ndarray:
    """A shot's sound (N, 2) before it is mastered."""
    with sound.Tape(round(scape.duration * rate)) as tape:
        sound.record(scape, tape, rate=rate)
        return tape.read()


def mixed(parts: Sequence[np.ndarray], *, rate: int = 48000) -> np.ndarray:
    """The mastered film (N, 2) of shots (N, 2)."""
    lengths = [len(part) for part in parts]
    with sound.Tape(sum(lengths)) as tape:
        for part, end in zip(parts, np.cumsum(lengths), strict=True):
            tape.write(int(end) - len(part), part)
        return np.concatenate([np.zeros((0, 2), np.float32), *sound.mix(tape, lengths, rate=rate)])
