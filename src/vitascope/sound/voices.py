"""The library of voices: which kinds of sound exist and the parameters of their synthesis, read from the package's YAML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, TypeVar

import numpy as np
import yaml

from ..world.soundscape import Soundscape
from .signal import from_decibels, spread
from .strokes import Hit, strike, unit_loudness

__all__ = ["EventVoice", "LastingVoice", "bed_voice", "event_sound", "event_voice", "names", "source_voice", "unvoiced"]


V = TypeVar("V")
CREST = 3.0
"""Peaks are rounded off softly at this many times the loudest 20 ms, as tape and ears do; single grains never tower."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventVoice:
    """A kind of event: `level` is dBFS (loudest 20 ms) within `reference` metres at full strength; `mass` [kg] is typical.

    Pitch goes with (mass / typical) ** -by_mass; `surface_db` adds the sound of what was struck (None: it does not matter).
    """

    name: str
    level: float
    reference: float
    mass: float
    by_mass: float
    strokes: Sequence[Mapping[str, Any]]
    surface_db: float | None
    surface_pitch: float
    phrase: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastingVoice:
    """A source or a bed: `level` is LUFS at drive level 1 (a source: within `reference` metres)."""

    name: str
    level: float
    reference: float
    layers: list[Mapping[str, Any]]


def _data(file: str) -> dict[str, Any]:
    text = resources.files("vitascope.sound").joinpath("data", file).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _row(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A row with its `same_as` ancestors filled in."""
    row = table[name]
    if "same_as" in row:
        return {**_row(table, row["same_as"]), **{key: value for key, value in row.items() if key != "same_as"}}
    return row


@cache
def _events() -> dict[str, EventVoice]:
    table = _data("events.yaml")
    rows = {name: _row(table, name) for name in table}
    return {
        name: EventVoice(
            name=name,
            level=float(row["level"]),
            reference=float(row.get("reference", 6.0)),
            mass=float(row.get("mass", 10.0)),
            by_mass=float(row.get("by_mass", 0.0)),
            strokes=row.get("strokes", []),
            surface_db=row.get("surface_db"),
            surface_pitch=float(row.get("surface_pitch", 1.0)),
            phrase=row.get("phrase", {}),
        )
        for name, row in rows.items()
    }


@cache
def _surfaces() -> dict[str, Sequence[Mapping[str, Any]]]:
    table = _data("surfaces.yaml")
    return {name: _row(table, name)["strokes"] for name in table}


@cache
def _lasting(file: str) -> dict[str, LastingVoice]:
    table = _data(file)
    rows = {name: _row(table, name) for name in table}
    return {
        name: LastingVoice(
            name=name, level=float(row["level"]), reference=float(row.get("reference", 8.0)), layers=row["layers"]
        )
        for name, row in rows.items()
    }


def _resolved(table: Mapping[str, V], name: str) -> V | None:
    """The row called `name`, else the nearest shorter dotted prefix, else None."""
    while name:
        if name in table:
            return table[name]
        name = name.rpartition(".")[0]
    return None


def event_voice(name: str) -> EventVoice | None:
    """The voice of an event kind, by dotted prefix; None where there is none."""
    return _resolved(_events(), name)


def source_voice(name: str) -> LastingVoice | None:
    """The voice of a source kind, by dotted prefix; None where there is none. Beds can sound from a place too."""
    return _resolved(_lasting("sources.yaml"), name) or _resolved(_lasting("beds.yaml"), name)


def bed_voice(name: str) -> LastingVoice | None:
    """The voice of a bed kind, by dotted prefix; None where there is none. Sources can serve as beds."""
    return _resolved(_lasting("beds.yaml"), name) or _resolved(_lasting("sources.yaml"), name)


def names(kind: str | None = None) -> tuple[str, ...]:
    """Every kind of sound that can be made, sorted; `kind` limits it to "event", "source", "bed" or "surface"."""
    tables = {
        "event": _events(),
        "source": _lasting("sources.yaml"),
        "bed": _lasting("beds.yaml"),
        "surface": _surfaces(),
    }
    if kind is None:
        return tuple(sorted({*tables["event"], *tables["source"], *tables["bed"]}))
    if kind not in tables:
        raise ValueError(f'Sound kind "{kind}" is not known; ask for one of {", ".join(tables)}.')
    return tuple(sorted(tables[kind]))


def unvoiced(soundscape: Soundscape) -> tuple[str, ...]:
    """Names in a soundscape that no voice answers to, not even by prefix, sorted; they are left silent."""
    missing = {event.name for event in soundscape.events if event_voice(event.name) is None}
    missing |= {source.name for source in soundscape.sources if source_voice(source.name) is None}
    missing |= {bed.name for bed in soundscape.beds if bed_voice(bed.name) is None}
    return tuple(sorted(missing))


def event_sound(voice: EventVoice, *, strength: float, mass: float, surface: str, seed: int, rate: int) -> np.ndarray:
    """One event as heard at its reference distance: (N,) float32. Its first sample is the moment of contact."""
    rng = np.random.default_rng(seed)
    size = float(np.clip(max(mass, 1e-4) / voice.mass, 1e-3, 1e3))
    force = float(np.clip(strength, 0.0, 1.0))
    if force == 0.0:
        return np.zeros(0, np.float32)
    hit = Hit(
        pitch=float(np.clip(size**-voice.by_mass, 0.25, 4.0)) * float(np.exp(rng.normal(0.0, 0.025))),
        stretch=float(np.clip(size ** (0.4 * voice.by_mass), 0.5, 2.0)) * float(np.exp(rng.normal(0.0, 0.04))),
        hardness=0.15 + 0.85 * force,
    )
    sound = _phrase(voice, hit, rng, rate)
    if voice.surface_db is not None:
        ground = _resolved(_surfaces(), surface) or _surfaces()["soil"]
        touch = Hit(pitch=hit.pitch**0.5 * voice.surface_pitch, stretch=hit.stretch, hardness=hit.hardness)
        crunch = strike(ground, touch, rng, rate) * np.float32(from_decibels(voice.surface_db))
        longer, shorter = (sound, crunch) if len(sound) > len(crunch) else (crunch, sound)
        sound = longer.copy()
        sound[: len(shorter)] += shorter
    gain = (
        from_decibels(voice.level + rng.normal(0.0, 0.5))
        * (0.2 + 0.8 * force**1.1)
        * float(np.clip(size**0.12, 0.5, 2.0))
    )
    rounded = np.float32(CREST) * np.tanh(unit_loudness(sound, rate) / np.float32(CREST))
    return rounded * np.float32(gain)


def _phrase(voice: EventVoice, hit: Hit, rng: np.random.Generator, rate: int) -> np.ndarray:
    """The strokes once, or again and again as the voice's phrase says (a bark twice, a chirp five times)."""
    if not voice.strokes:
        return np.zeros(rate // 200, np.float32)
    phrase = voice.phrase
    parts, at = [], 0
    for turn in range(max(1, round(spread(rng, phrase.get("count", 1))))):
        pitch = hit.pitch * (1.0 + float(phrase.get("pitch", 0.0))) ** turn
        again = Hit(pitch=pitch, stretch=hit.stretch, hardness=hit.hardness)
        sound = strike(voice.strokes, again, rng, rate) * np.float32(
            from_decibels(float(phrase.get("gain", 0.0)) * turn)
        )
        parts.append((at, sound))
        at += round(spread(rng, phrase.get("gap", 0.3)) * rate)
    total = np.zeros(max(start + len(sound) for start, sound in parts), np.float32)
    for start, sound in parts:
        total[start : start + len(sound)] += sound
    return total
