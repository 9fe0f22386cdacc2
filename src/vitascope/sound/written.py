"""What is written down to be heard: music, then lines, for which everything else is turned down while they are spoken."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from ..world.soundscape import Soundscape, Speech
from .levels import gain_of
from .music import play
from .place import hear_event
from .signal import from_decibels, seed_of
from .speech import speak
from .tape import Tape

__all__ = ["add_written"]

DUCKED = from_decibels(-9.0)
"""Factor for everything else under a line."""
DUCK_SECONDS = 0.25
"""How long it takes to turn the rest down before a line and up after it."""
SPEECH_REACH = 12.0
"""Metres within which a speaker in the picture is heard as if near: film dialogue is recorded close."""


def add_written(tape: Tape, soundscape: Soundscape, rate: int) -> None:
    """Add the scores and speeches of a soundscape to its other sounds, which are on `tape`."""
    for number, score in enumerate(soundscape.scores):
        first, last = round(score.start * rate), min(round(score.end * rate), len(tape))
        gain = score.gain * gain_of(soundscape, "music")
        if gain > 0.0 and last > first:
            with tape.scratch(last - first) as piece:
                play(score.style, piece, seed=seed_of(soundscape.seed, number), rate=rate)
                for start, samples in piece.pieces():
                    tape.add(first + start, np.float32(gain) * samples)
    if soundscape.speeches:
        with tape.scratch(len(tape)) as lines:
            _turn_down(tape, _speak(lines, soundscape, rate), round(DUCK_SECONDS * rate))
            for start, samples in lines.pieces():
                tape.add(start, samples)


def _speak(lines: Tape, soundscape: Soundscape, rate: int) -> list[tuple[int, int]]:
    """Record all lines on a silent tape; the first sample of each that is heard, and the one after its last."""
    spoken = []
    for line in soundscape.speeches:
        first, sound = round(line.start * rate), _heard(line, soundscape, rate)
        lines.add(first, np.float32(line.gain * gain_of(soundscape, "voices")) * sound)
        if len(sound) and line.gain > 0.0:
            spoken.append((first, first + len(sound)))
    return spoken


def _turn_down(tape: Tape, spoken: Sequence[tuple[int, int]], width: int) -> None:
    """Turn down what is on the tape from `width` samples before each line to `width` after it, smoothly."""
    reach = 2 * width
    for start, samples in tape.pieces():
        low, high = max(start - reach, 0), min(start + len(samples) + reach, len(tape))
        here = np.zeros(high - low, np.float32)
        for first, last in spoken:
            here[max(first - low, 0) : max(last - low, 0)] = 1.0
        if here.any():
            held = ndimage.uniform_filter1d(ndimage.maximum_filter1d(here, 2 * width + 1), width)
            held = held[start - low : start - low + len(samples)]
            tape.write(start, samples * (1.0 - (1.0 - DUCKED) * held)[:, None].astype(np.float32))


def _heard(line: Speech, soundscape: Soundscape, rate: int) -> np.ndarray:
    """A line as two ears get it: (N, 2)."""
    spoken = speak(line.text, line.voice, rate)
    if not len(line.times) or not len(spoken):
        return np.stack([spoken, spoken], axis=1)
    x, y, z = (float(np.interp(line.start, line.times, line.positions[:, axis])) for axis in range(3))
    return hear_event(spoken, soundscape.listener, line.start, (x, y, z), SPEECH_REACH, rate)
