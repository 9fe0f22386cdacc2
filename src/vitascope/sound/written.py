"""What is written down to be heard: music, then lines, for which everything else is turned down while they are spoken."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ..world.soundscape import Soundscape, Speech
from .levels import gain_of
from .music import music
from .place import hear_event
from .signal import from_decibels, seed_of
from .speech import speak

__all__ = ["add_written"]

DUCKED = from_decibels(-9.0)
"""Factor for everything else under a line."""
DUCK_SECONDS = 0.25
"""How long it takes to turn the rest down before a line and up after it."""
SPEECH_REACH = 12.0
"""Metres within which a speaker in the picture is heard as if near: film dialogue is recorded close."""


def add_written(out: np.ndarray, soundscape: Soundscape, rate: int) -> None:
    """Add the scores and speeches of a soundscape to its other sounds, `out` (N, 2) float32 at `rate`."""
    for number, score in enumerate(soundscape.scores):
        first, last = round(score.start * rate), min(round(score.end * rate), len(out))
        gain = score.gain * gain_of(soundscape, "music")
        if gain > 0.0 and last > first:
            piece = music(score.style, (last - first) / rate, seed=seed_of(soundscape.seed, number), rate=rate)
            out[first : first + len(piece)] += np.float32(gain) * piece[: len(out) - first]
    lines = [(line, _heard(line, soundscape, rate)) for line in soundscape.speeches]
    spoken = np.zeros(len(out), np.float32)
    for line, sound in lines:
        first = round(line.start * rate)
        spoken[first : first + len(sound)] = 1.0 if len(sound) and line.gain > 0.0 else 0.0
    if spoken.any():
        width = round(DUCK_SECONDS * rate)
        held = ndimage.uniform_filter1d(ndimage.maximum_filter1d(spoken, 2 * width + 1), width)
        out *= (1.0 - (1.0 - DUCKED) * held)[:, None].astype(np.float32)
    for line, sound in lines:
        first = round(line.start * rate)
        count = min(len(sound), len(out) - first)
        if count > 0:
            gain = line.gain * gain_of(soundscape, "voices")
            out[first : first + count] += np.float32(gain) * sound[:count]


def _heard(line: Speech, soundscape: Soundscape, rate: int) -> np.ndarray:
    """A line as two ears get it: (N, 2)."""
    spoken = speak(line.text, line.voice, rate)
    if not len(line.times) or not len(spoken):
        return np.stack([spoken, spoken], axis=1)
    x, y, z = (float(np.interp(line.start, line.times, line.positions[:, axis])) for axis in range(3))
    return hear_event(spoken, soundscape.listener, line.start, (x, y, z), SPEECH_REACH, rate)
