"""Music by style: composed by seed from chords and a scale, played by synthesised instruments. Never the same bar twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import yaml

from .room import Reverb
from .signal import fade_ends, from_decibels, seed_of
from .tape import Tape

__all__ = ["play", "styles"]

BEATS = 4
"""Beats a bar."""
LOUDNESS = 0.085
"""Root mean square of a piece, as loud as music under a film."""
TAIL = 1.6
"""Seconds in which a piece dies away at its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    """When [s], how long [s], how high [Hz], how strong 0..1, and where between left (-1) and right (1)."""

    start: float
    length: float
    hertz: float
    strength: float
    side: float = 0.0


@cache
def _table() -> dict[str, Mapping[str, Any]]:
    text = resources.files("vitascope.sound").joinpath("data", "music.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def styles() -> tuple[str, ...]:
    """Names of the styles there are."""
    return tuple(_table())


def play(style: str, tape: Tape, *, seed: int, rate: int) -> None:
    """Record a piece as long as the silent `tape`, in the nearest style there is; the same seed gives the same piece."""
    row = _table()[_nearest(style)]
    rng = np.random.default_rng(seed_of(seed, "music", style))
    chords = list(_chords(row, len(tape) / rate, rng))
    for instrument, part in row["parts"].items():
        notes = _PLAYED[part["play"]](chords, row, part, rng)
        gain = from_decibels(float(part["db"]))
        for note in notes:
            tape.add(round(note.start * rate), _panned(_INSTRUMENTS[instrument](note, rng, rate), note, gain))
    hall, power = Reverb(0.45, seed_of(seed, "hall"), rate), 0.0
    for start, samples in tape.pieces():
        samples = samples + np.float32(0.35) * hall.block(samples)
        power += float(np.square(samples, dtype=np.float64).sum())
        tape.write(start, samples)
    level = float(np.sqrt(power / (2 * len(tape)))) if len(tape) else 0.0
    for start, samples in tape.pieces():
        tape.write(start, samples * np.float32(LOUDNESS / max(level, 1e-6)))
    head, tail = min(round(0.05 * rate), len(tape) // 4), min(round(TAIL * rate), len(tape) // 2)
    tape.write(0, fade_ends(tape.read(0, 2 * head), head, 0))
    tape.write(len(tape) - 2 * tail, fade_ends(tape.read(len(tape) - 2 * tail), 0, tail))


def _nearest(style: str) -> str:
    said = set(style.lower().split())
    for name, row in _table().items():
        if said & {name, *row["words"]}:
            return name
    return next(iter(_table()))


def _chords(row: Mapping[str, Any], seconds: float, rng: np.random.Generator) -> Iterator[tuple[float, int]]:
    """Start [s] and degree of each bar's chord; the last bar rests on the tonic."""
    bar = BEATS * 60.0 / row["tempo"]
    degrees = row["progressions"][int(rng.integers(len(row["progressions"])))]
    count = max(1, int(np.ceil(seconds / bar)))
    for index in range(count):
        yield index * bar, (0 if index == count - 1 else degrees[index % len(degrees)])


def _hertz(row: Mapping[str, Any], degree: int) -> float:
    """A step of the scale, counted on beyond the octave, as a frequency."""
    scale = row["scale"]
    note = row["root"] + 12 * (degree // len(scale)) + scale[degree % len(scale)]
    return 440.0 * 2.0 ** ((note - 69) / 12.0)


def _chord(chords, row, part, rng) -> Iterator[_Note]:
    bar = BEATS * 60.0 / row["tempo"]
    for start, degree in chords:
        for k, step in enumerate((0, 2, 4, 7)):
            yield _Note(
                start=start, length=1.15 * bar, hertz=_hertz(row, degree + step), strength=0.7, side=(k - 1.5) / 2
            )


def _arpeggio(chords, row, part, rng) -> Iterator[_Note]:
    beat = 60.0 / row["tempo"]
    step = part["every"] * beat
    for start, degree in chords:
        rise = [0, 2, 4, 7, 9, 7, 4, 2] if rng.random() < 0.6 else [0, 4, 7, 4, 9, 7, 4, 2]
        for k in range(round(BEATS * beat / step)):
            if k and rng.random() < 0.18:
                continue
            late = 0.012 * rng.standard_normal()
            high = degree + 7 + rise[k % len(rise)]
            yield _Note(
                start=max(start + k * step + late, 0.0), length=2.2 * step, hertz=_hertz(row, high),
                strength=float(rng.uniform(0.45, 0.85)), side=0.3 * np.sin(k),
            )  # fmt: skip


def _melody(chords, row, part, rng) -> Iterator[_Note]:
    step = part["every"] * 60.0 / row["tempo"]
    here = 14
    for start, degree in chords:
        for k in range(round(BEATS / part["every"])):
            if rng.random() < (0.25 if k % 2 == 0 else 0.5):
                continue
            near = [degree + octave + tone for octave in (7, 14) for tone in (0, 2, 4)]
            goal = min(near, key=lambda tone: abs(tone - here) + 2.0 * rng.random())
            here = goal if k % 2 == 0 else here + int(rng.integers(-1, 2))
            yield _Note(start=start + k * step, length=1.4 * step, hertz=_hertz(row, here), strength=0.7, side=0.2)


def _offbeat(chords, row, part, rng) -> Iterator[_Note]:
    beat = 60.0 / row["tempo"]
    for start, degree in chords:
        for k in range(BEATS):
            for tone in (7, 9, 11):
                yield _Note(
                    start=start + (k + 0.5) * beat, length=0.5 * beat, hertz=_hertz(row, degree + tone), strength=0.5
                )


def _root(chords, row, part, rng) -> Iterator[_Note]:
    bar = BEATS * 60.0 / row["tempo"]
    for start, degree in chords:
        yield _Note(start=start, length=bar, hertz=_hertz(row, degree - 7), strength=0.7)


def _pulse(chords, row, part, rng) -> Iterator[_Note]:
    step = part["every"] * 60.0 / row["tempo"]
    for start, degree in chords:
        for k in range(round(BEATS / part["every"])):
            strength = 0.9 if k == 0 else 0.6
            yield _Note(start=start + k * step, length=0.85 * step, hertz=_hertz(row, degree - 7), strength=strength)


def _beat(chords, row, part, rng) -> Iterator[_Note]:
    """Drums by pitch: kick 50, snare 190, hat 8000 Hz."""
    beat = 60.0 / row["tempo"]
    for start, _ in chords:
        for k in range(2 * BEATS):
            at = start + k * beat / 2
            yield _Note(start=at, length=0.06, hertz=8000.0, strength=0.25 if k % 2 else 0.4, side=0.3)
            if k in (0, 4) or (k == 5 and rng.random() < 0.4):
                yield _Note(start=at, length=0.25, hertz=50.0, strength=0.95)
            if k in (2, 6):
                yield _Note(start=at, length=0.18, hertz=190.0, strength=0.6)


def _toms(chords, row, part, rng) -> Iterator[_Note]:
    beat = 60.0 / row["tempo"]
    for start, _ in chords:
        for k, strength in ((0.0, 1.0), (1.5, 0.5), (2.0, 0.8), (3.5, 0.6)):
            yield _Note(start=start + k * beat, length=0.7, hertz=float(rng.choice([55.0, 65.0])), strength=strength)


_PLAYED: dict[str, Callable[..., Iterator[_Note]]] = {
    "chord": _chord,
    "arpeggio": _arpeggio,
    "melody": _melody,
    "offbeat": _offbeat,
    "root": _root,
    "pulse": _pulse,
    "beat": _beat,
    "toms": _toms,
}


def _time(seconds: float, rate: int) -> np.ndarray:
    return np.arange(max(1, round(seconds * rate)), dtype=np.float32) / rate


def _piano(note: _Note, rng: np.random.Generator, rate: int) -> np.ndarray:
    """Partials that are a little sharp and die away the sooner the higher they are (Fletcher and Rossing 1998, ch. 12)."""
    t = _time(note.length + 1.2, rate)
    out = np.zeros_like(t)
    for n in range(1, 11):
        hertz = n * note.hertz * np.sqrt(1.0 + 0.0004 * n * n)
        if hertz < 0.4 * rate:
            out += note.strength**0.5 / n**1.25 * np.exp(-t * (0.9 + 0.45 * n)) * np.sin(2 * np.pi * hertz * t)
    released = np.exp(-np.maximum(t - note.length, 0.0) * 6.0)
    return out * np.minimum(t / 0.004, 1.0) * released


def _pluck(note: _Note, rng: np.random.Generator, rate: int) -> np.ndarray:
    t = _time(note.length + 0.4, rate)
    out = sum(np.exp(-t * (4.0 + 2.5 * n)) / n * np.sin(2 * np.pi * n * note.hertz * t) for n in range(1, 7))
    return out * np.minimum(t / 0.003, 1.0)


def _held(
    note: _Note, rng: np.random.Generator, rate: int, *, rise: float, bright: float, vibrato: float
) -> np.ndarray:
    t = _time(note.length + 0.8, rate)
    out = np.zeros_like(t)
    for detune in (-0.0022, 0.0, 0.0027):
        phase = 2 * np.pi * note.hertz * (1.0 + detune) * t + rng.uniform(0, 2 * np.pi)
        phase = phase + vibrato * np.sin(2 * np.pi * 5.1 * t + rng.uniform(0, 6.0)) * np.minimum(t, 1.0)
        for n in range(1, 9):
            if n * note.hertz < 0.4 * rate:
                out += np.sin(n * phase) / n**bright
    shape = np.minimum(t / rise, 1.0) * np.clip((note.length + 0.8 - t) / 0.8, 0.0, 1.0)
    return 0.3 * out * shape


def _pad(note: _Note, rng: np.random.Generator, rate: int) -> np.ndarray:
    return _held(note, rng, rate, rise=0.7, bright=2.0, vibrato=0.0)


def _strings(note: _Note, rng: np.random.Generator, rate: int) -> np.ndarray:
    return _held(note, rng, rate, rise=0.35, bright=1.35, vibrato=0.25)


def _bass(note: _Note, rng: np.random.Generator, rate: int) -> np.ndarray:
    t = _time(note.length + 0.1, rate)
    out = np.sin(2 * np.pi * note.hertz * t) + 0.35 * np.sin(4 * np.pi * note.hertz * t)
    return out * np.minimum(t / 0.01, 1.0) * np.exp(-1.1 * t) * np.clip((note.length + 0.1 - t) / 0.1, 0.0, 1.0)


def _drums(note: _Note, rng: np.random.Generator, rate: int) -> np.ndarray:
    t = _time(note.length, rate)
    noise = rng.standard_normal(len(t)).astype(np.float32)
    if note.hertz > 1000.0:
        return np.diff(noise, prepend=0.0) * np.exp(-t * 60.0) * 0.5
    falling = note.hertz * (1.0 + 1.4 * np.exp(-t * 28.0))
    body = np.sin(2 * np.pi * np.cumsum(falling) / rate) * np.exp(-t * (7.0 if note.hertz < 100.0 else 16.0))
    return body if note.hertz < 100.0 else 0.5 * body + 0.45 * noise * np.exp(-t * 22.0)


_INSTRUMENTS: dict[str, Callable[[_Note, np.random.Generator, int], np.ndarray]] = {
    "piano": _piano,
    "pluck": _pluck,
    "pad": _pad,
    "strings": _strings,
    "bass": _bass,
    "drums": _drums,
}


def _panned(played: np.ndarray, note: _Note, gain: float) -> np.ndarray:
    """A note (N, 2) float32 at constant power between the sides."""
    angle = (note.side + 1.0) * np.pi / 4.0
    sides = [gain * note.strength * factor * played for factor in (np.cos(angle), np.sin(angle))]
    return np.stack(sides, axis=1).astype(np.float32)
