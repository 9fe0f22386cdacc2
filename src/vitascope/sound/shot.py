"""Soundscape -> a shot on a tape: events, sources and beds through perspective and space, block by block."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..world.soundscape import Bed, Listener, SoundEvent, Soundscape, SoundSource
from .drive import Drive
from .layers import layer_sum
from .levels import gain_of
from .place import FARTHEST, SPEED_IN_AIR, SPEED_IN_WATER, TRAVEL_FROM, hear_event, hear_source, hearing
from .room import Muffle, Reverb
from .signal import Span, from_decibels, seed_of, spread
from .tape import Tape
from .voices import LastingVoice, bed_voice, event_sound, event_voice, source_voice
from .written import add_written

__all__ = ["record"]

BLOCK = 1 << 18
FULL_SCALE_LUFS = 0.691
"""A channel pair of mean squares p and q measures -0.691 + 10·log10(p + q) LUFS (ITU-R BS.1770-4)."""


def record(soundscape: Soundscape, tape: Tape, *, rate: int = 48000) -> None:
    """Record the shot's sound on a silent tape, before loudness is set; same soundscape, same bytes. Beyond the shot's
    duration lasting sounds go on, so the tape may be some samples longer.

    Events start on the sample of their time, later by distance / 343 m/s beyond 30 m. A lasting
    sound is cut where the shot is cut: `mix` blends the cuts and ramps the film's ends. Raises ValueError for a duration
    below zero or a rate outside 22050..192000 Hz.
    """
    if not 0.0 <= soundscape.duration < 36000.0:
        raise ValueError(
            f"Soundscape lasts {soundscape.duration} s; allowed is 0 to 36000 s. Split longer films into shots."
        )
    if not 22050 <= rate <= 192000:
        raise ValueError(f"Sample rate {rate} Hz was asked for; allowed is 22050 to 192000 Hz. Use 48000.")
    if gain_of(soundscape, "", "") == 0.0:
        return
    _add_events(tape, soundscape, rate)
    reverb = Reverb(soundscape.reverb, soundscape.seed, rate) if soundscape.reverb > 0 else None
    muffle = Muffle(rate) if soundscape.underwater else None
    for start, block in tape.pieces(BLOCK):
        span = Span(start=start, count=len(block), rate=rate)
        _add_sources(block, soundscape, span)
        if reverb is not None:
            block += reverb.block(block)
        _add_beds(block, soundscape, span)
        if muffle is not None:
            block[:] = muffle.block(block)
        tape.write(start, block)
    add_written(tape, soundscape, rate)


def _speed_of_sound(soundscape: Soundscape) -> float:
    return SPEED_IN_WATER if soundscape.underwater else SPEED_IN_AIR


def _add_events(tape: Tape, soundscape: Soundscape, rate: int) -> None:
    """Add every event, and the calls that the beds scatter around the listener."""
    for event in soundscape.events:
        voice = event_voice(event.name)
        if voice is None:
            continue
        distance = float(
            hearing(soundscape.listener, np.array([event.time]), np.array([event.position], np.float64), 1.0).distance[
                0
            ]
        )
        late = distance / _speed_of_sound(soundscape) if distance > TRAVEL_FROM else 0.0
        gain = gain_of(soundscape, "effects", event.name)
        _add_event(tape, soundscape, event, event.time + late, gain, rate)
    for bed in soundscape.beds:
        for event, gain in _calls(bed, soundscape):
            _add_event(tape, soundscape, event, event.time, gain * gain_of(soundscape, "ambience", bed.name), rate)


def _add_event(tape: Tape, soundscape: Soundscape, event: SoundEvent, heard_at: float, gain: float, rate: int) -> None:
    """Add one event at `heard_at` seconds. Its variation depends on what and when it is, not on its neighbours."""
    start = round(heard_at * rate)
    voice = event_voice(event.name)
    if voice is None or gain == 0.0 or start >= len(tape) or start < -20 * rate:
        return
    seed = seed_of(soundscape.seed, "event", event.name, round(event.time * 1e4), event.surface, event.position)
    made = event_sound(voice, strength=event.strength, mass=event.mass, surface=event.surface, seed=seed, rate=rate)
    heard = hear_event(made, soundscape.listener, event.time, event.position, voice.reference, rate)
    tape.add(start, heard * np.float32(gain))


def _calls(bed: Bed, soundscape: Soundscape) -> Iterator[tuple[SoundEvent, float]]:
    """Single calls in a bed (a bird here, a frog there) as events around the listener, with their gains."""
    voice = bed_voice(bed.name)
    if voice is None:
        return
    drive = _drive_of_bed(bed, soundscape)
    for index, params in enumerate(voice.layers):
        if params["kind"] != "calls":
            continue
        rng = np.random.default_rng(seed_of(soundscape.seed, "calls", bed.name, index))
        gain = from_decibels(float(params.get("db", 0.0)))
        now = -2.0 + spread(rng, params["every"]) * rng.random()
        homes = [
            (rng.uniform(0, 2 * np.pi), spread(rng, params["distance"])) for _ in range(int(params.get("singers", 4)))
        ]
        while now < soundscape.duration:
            turn, distance = homes[int(rng.integers(len(homes)))]
            level = float(drive.at(drive.level, np.array([now]))[0])
            name = params["voices"][int(rng.integers(len(params["voices"])))]
            if level > 0.01:
                position = _around(soundscape.listener, now, turn, distance)
                strength = float(rng.uniform(0.5, 1.0))
                size = float(params.get("mass", 0.0)) or _typical_mass(name)
                yield SoundEvent(time=now, name=name, position=position, strength=strength, mass=size), gain * level
            now += spread(rng, params["every"])


def _typical_mass(name: str) -> float:
    voice = event_voice(name)
    return 10.0 if voice is None else voice.mass


def _around(listener: Listener, time: float, turn: float, distance: float) -> tuple[float, float, float]:
    """A point at a distance [m] and direction [rad] around the listener, a little above the ears."""
    places = np.asarray(listener.positions, np.float64).reshape(-1, 3)
    here = [float(np.interp(time, listener.times, places[:, axis])) for axis in range(3)] if len(places) else [0.0] * 3
    return here[0] + distance * float(np.sin(turn)), here[1] + 0.2 * distance, here[2] + distance * float(np.cos(turn))


def _pair_gain(level: float) -> float:
    """Amplitude on each of two equal, independent channels (or of a centred mono sound) that measures `level` LUFS."""
    return from_decibels(level + FULL_SCALE_LUFS) / float(np.sqrt(2.0))


def _add_sources(block: np.ndarray, soundscape: Soundscape, span: Span) -> None:
    for order, source in enumerate(soundscape.sources):
        voice = source_voice(source.name)
        if voice is None:
            continue
        twins = sum(
            other.name == source.name and other.subject == source.subject for other in soundscape.sources[:order]
        )
        seed = seed_of(soundscape.seed, "source", source.name, source.subject, twins)
        gain = gain_of(soundscape, "effects", source.name)
        if gain > 0.0:
            block += np.float32(gain) * _source(source, voice, soundscape, seed, span)


def _source(source: SoundSource, voice: LastingVoice, soundscape: Soundscape, seed: int, span: Span) -> np.ndarray:
    """One source over a span as the listener hears it: (N, 2)."""
    keys = np.asarray(source.times, np.float64)
    places = np.asarray(source.positions, np.float64).reshape(-1, 3)
    speed_of_sound = _speed_of_sound(soundscape)
    begin = -FARTHEST / speed_of_sound - 3.0
    drive = Drive.build(
        keys, np.asarray(source.level), np.asarray(source.speed), begin=begin, end=soundscape.duration + 1.0
    )

    def position_at(times: np.ndarray) -> np.ndarray:
        if len(keys) == 0:
            return np.zeros((len(times), 3))
        return np.stack([np.interp(times, keys, places[:, axis]) for axis in range(3)], axis=1)

    def made(inner: Span) -> np.ndarray:
        return layer_sum(voice.layers, seed, inner, drive, 1)[:, 0]

    heard = hear_source(made, soundscape.listener, position_at, voice.reference, span, speed_of_sound)
    return heard * np.float32(_pair_gain(voice.level))


def _drive_of_bed(bed: Bed, soundscape: Soundscape) -> Drive:
    return Drive.build(
        np.asarray(bed.times, np.float64), np.asarray(bed.level), None, begin=-4.0, end=soundscape.duration + 1.0
    )


def _bed_share(beds: tuple[Bed, ...]) -> float:
    """Amplitude factor for every bed, from the power that each would have alone at its highest level."""
    powers = [0.0]
    for bed in beds:
        voice = bed_voice(bed.name)
        if voice is not None:
            powers.append(float(np.max(bed.level, initial=0.0)) ** 2 * 10.0 ** (voice.level / 10.0))
    return float(np.sqrt(max(powers) / sum(powers))) if sum(powers) > 0 else 1.0


def _add_beds(block: np.ndarray, soundscape: Soundscape, span: Span) -> None:
    """Add the beds; several together are as loud as the loudest of them, so that they stay under the foreground."""
    share = _bed_share(soundscape.beds)
    for order, bed in enumerate(soundscape.beds):
        voice = bed_voice(bed.name)
        if voice is None:
            continue
        twins = sum(other.name == bed.name for other in soundscape.beds[:order])
        seed = seed_of(soundscape.seed, "bed", bed.name, twins)
        sound = layer_sum(voice.layers, seed, span, _drive_of_bed(bed, soundscape), 2)
        block += sound * np.float32(_pair_gain(voice.level) * share * gain_of(soundscape, "ambience", bed.name))
