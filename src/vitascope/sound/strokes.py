"""Sounds with a start and an end, made of strokes: struck modes, thuds, noise bursts, grain clouds, whooshes, thunder tears.

A stroke is a pure function of its parameters, of the hit (how hard, how big) and of a generator; the voices' data say
which strokes make which event. Strokes are mixed at unit loudness (loudest 20 ms), so a gain means the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .calls import stroke_call
from .signal import band_of_interest, fade_ends, from_decibels, moving_band, spread

__all__ = ["Hit", "grain_sum", "strike", "unit_loudness"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """How a thing was hit: `pitch` and `stretch` are factors from its mass, `hardness` 0..1 opens the treble."""

    pitch: float = 1.0
    stretch: float = 1.0
    hardness: float = 0.5


Stroke = Callable[[Mapping[str, Any], Hit, np.random.Generator, int], np.ndarray]


def unit_loudness(samples: np.ndarray, rate: int) -> np.ndarray:
    """The same sound (N,) float32 with the RMS of its loudest 20 ms at 1."""
    hop = rate // 50
    padded = np.zeros(-(-max(len(samples), 1) // hop) * hop)
    padded[: len(samples)] = samples
    loudest = float(np.sqrt((padded.reshape(-1, hop) ** 2).mean(axis=1).max()))
    return (samples / max(loudest, 1e-9)).astype(np.float32)


def strike(strokes: Sequence[Mapping[str, Any]], hit: Hit, rng: np.random.Generator, rate: int) -> np.ndarray:
    """Mix of strokes (N,) float32; each has `kind`, `db` (gain), `at` [s] (delay) and its own parameters."""
    made: list[tuple[int, np.ndarray]] = []
    for params in strokes:
        gain = from_decibels(float(params.get("db", 0.0)) + rng.normal(0.0, 0.8))
        gain *= hit.hardness ** float(params.get("harder", 0.0))
        at = round(spread(rng, params.get("at", 0.0)) * hit.stretch * rate)
        sound = unit_loudness(STROKES[params["kind"]](params, hit, rng, rate), rate) * np.float32(gain)
        made.append((at, fade_ends(sound, 24, max(len(sound) // 12, 48))))
    total = np.zeros(max(at + len(sound) for at, sound in made), np.float32)
    for at, sound in made:
        total[at : at + len(sound)] += sound
    return total


def _ease(count: int, seconds: float, rate: int) -> np.ndarray:
    """Attack (count,) that reaches 0.63 after `seconds`."""
    return 1.0 - np.exp(-np.arange(1, count + 1) / max(seconds * rate, 0.5))


def stroke_modes(params: Mapping[str, Any], hit: Hit, rng: np.random.Generator, rate: int) -> np.ndarray:
    """Bank of decaying sinusoids: `base` Hz × `ratios`, `decay` [s to -60 dB] shorter for high modes by power `damping`."""
    base = spread(rng, params["base"]) * hit.pitch
    ratios = np.array(params["ratios"], dtype=np.float64)
    hertz = base * ratios * (1.0 + float(params.get("scatter", 0.01)) * rng.standard_normal(len(ratios)))
    decay = float(params["decay"]) * hit.stretch * np.maximum(ratios, 0.2) ** -float(params.get("damping", 0.7))
    cut = float(params.get("cut", 4000.0)) * (0.3 + 1.2 * hit.hardness)
    gain = np.array(params.get("gains", [1.0] * len(ratios)), dtype=np.float64) * np.exp(-hertz / cut)
    gain = gain * rng.uniform(0.5, 1.2, len(ratios)) * (hertz < 0.45 * rate)
    times = np.arange(round(min(float(decay.max()), 6.0) * rate)) / rate
    sound = np.zeros(len(times))
    for frequency, seconds, amount in zip(hertz, decay, gain, strict=True):
        count = min(round(seconds * rate), len(times))
        t = times[:count]
        sound[:count] += amount * np.exp(-6.9 * t / seconds) * np.sin(2 * np.pi * frequency * t + rng.uniform(0, 0.6))
    return sound * _ease(len(sound), float(params.get("attack", 0.0004)), rate)


def stroke_thud(params: Mapping[str, Any], hit: Hit, rng: np.random.Generator, rate: int) -> np.ndarray:
    """Weight landing: a sine that falls from (1 + drop)·f to f and dies after `decay` seconds."""
    frequency = spread(rng, params["hz"]) * hit.pitch
    seconds = float(params["decay"]) * hit.stretch
    t = np.arange(round(seconds * 1.6 * rate)) / rate
    drop, fall = float(params.get("drop", 0.8)), seconds * 0.12
    phase = frequency * (t + drop * fall * (1 - np.exp(-t / fall)))
    sound = np.sin(2 * np.pi * phase) * np.exp(-5.0 * t / seconds)
    return sound * _ease(len(t), float(params.get("attack", 0.0015)), rate)


def stroke_burst(params: Mapping[str, Any], hit: Hit, rng: np.random.Generator, rate: int) -> np.ndarray:
    """Noise with a `spectrum` of (Hz, dB) points, an `attack` and a `decay` [s]; `flutter` Hz makes it ragged."""
    attack, decay = spread(rng, params.get("attack", 0.001)), spread(rng, params["decay"]) * hit.stretch
    count = round((attack * 2 + decay * 1.5) * rate)
    size = 1 << max(count - 1, 1).bit_length()
    shape = band_of_interest(
        params["spectrum"], np.fft.rfftfreq(size, 1 / rate), hit.pitch ** float(params.get("follow", 0.5))
    )
    shape *= np.exp(-np.fft.rfftfreq(size, 1 / rate) / (4000.0 * (0.4 + 3.0 * hit.hardness)))
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(size)) * shape)[:count]
    t = np.arange(count) / rate
    envelope = (1 - np.exp(-t / max(attack / 2, 1e-5))) * np.exp(-5.0 * np.maximum(t - attack, 0) / decay)
    flutter = float(params.get("flutter", 0.0))
    if flutter:
        points = rng.gamma(1.2, 0.8, int(count / rate * flutter) + 3)
        envelope = envelope * (0.3 + 0.7 * np.interp(t * flutter, np.arange(len(points)), points))
    return noise * envelope


def stroke_whoosh(params: Mapping[str, Any], hit: Hit, rng: np.random.Generator, rate: int) -> np.ndarray:
    """Air moved by a thing passing: noise bands that rise and fall with `sweep` Hz values over `length` seconds."""
    seconds = spread(rng, params["length"]) * hit.stretch
    count = round(seconds * rate)
    position = np.linspace(0.0, 1.0, count)
    sweep = np.array(params["sweep"], dtype=np.float64) * hit.pitch**0.5 * rng.uniform(0.9, 1.1)
    hertz = np.exp(np.interp(position, np.linspace(0, 1, len(sweep)), np.log(sweep)))
    phase = np.cumsum(hertz) / rate
    peak = float(params.get("peak", 0.5))
    rise = np.interp(position, [0, peak, 1], [0, 1, 0])
    envelope = (0.5 - 0.5 * np.cos(np.pi * rise)) ** float(params.get("sharpness", 1.3))
    total = np.zeros(count)
    for part, (ratio, gain) in enumerate(((1.0, 1.0), (1.7, 0.55), (2.9, 0.25), (0.55, 0.6))):
        width = float(params.get("width", 0.35)) * float(sweep.mean()) * ratio
        total += gain * moving_band(int(rng.integers(1 << 60)), phase * ratio, width, part, rate)
    return total * envelope


def grain_sum(
    starts: np.ndarray, hertz: np.ndarray, seconds: np.ndarray, gains: np.ndarray, rise: float, count: int, rate: int
) -> np.ndarray:
    """Sum (count,) of damped sinusoids that begin at sample `starts` (G,) and lose 60 dB in `seconds` (G,).

    Grains may begin before sample 0 or end after `count`; `rise` bends each pitch up (bubbles) as a fraction per decay.
    """
    total = np.zeros(count, np.float32)
    order = np.argsort(seconds)
    for group in np.array_split(order, max(1, min(8, len(order) // 16))):
        if not len(group):
            continue
        length = max(int(seconds[group].max() * rate), 4)
        t = (np.arange(length, dtype=np.float32) / np.float32(rate))[None, :]
        f = hertz[group].astype(np.float32)[:, None]
        span = seconds[group].astype(np.float32)[:, None]
        sound = np.exp(-6.9 * t / span) * np.sin(2 * np.pi * f * t * (1 + rise * t / span))
        sound *= gains[group].astype(np.float32)[:, None] * np.minimum(np.arange(1, length + 1) / 6.0, 1.0).astype(
            np.float32
        )
        where = starts[group].astype(np.int64)[:, None] + np.arange(length)
        inside = (where >= 0) & (where < count)
        total += np.bincount(where[inside], sound[inside], minlength=count).astype(np.float32)
    return total


def stroke_grains(params: Mapping[str, Any], hit: Hit, rng: np.random.Generator, rate: int) -> np.ndarray:
    """Cloud of `count` grains over `length` seconds, denser early by `lean`; each rings `cycles` periods of `hz`."""
    seconds = spread(rng, params["length"]) * hit.stretch
    number = max(3, round(spread(rng, params["count"]) * (0.5 + hit.hardness)))
    lean = float(params.get("lean", 1.5))
    peak = float(params.get("peak", 0.0))
    place = rng.random(number) ** lean
    place = np.where(rng.random(number) < peak, peak - peak * place, peak + (1 - peak) * place)
    place[0] = 0.0
    low, high = (float(value) * hit.pitch**0.5 for value in params["hz"])
    hertz = np.minimum(low * (high / low) ** rng.random(number), 0.42 * rate)
    cycles = np.array([spread(rng, params["cycles"]) for _ in range(number)])
    length = np.clip(cycles / hertz, 0.0008, 0.4)
    gains = rng.gamma(0.9, 1.0, number) * (1.0 - 0.7 * place) * np.where(rng.random(number) < 0.5, -1.0, 1.0)
    gains[0] = max(0.8, 0.6 * float(np.abs(gains).max()))
    count = round((seconds + float(length.max())) * rate)
    return grain_sum(place * seconds * rate, hertz, length, gains, float(params.get("rise", 0.0)), count, rate)


def stroke_tears(params: Mapping[str, Any], hit: Hit, rng: np.random.Generator, rate: int) -> np.ndarray:
    """Thunder: pressure steps from the pieces of a crooked channel, near ones first and sharp, far ones late and dull.

    The picture of a channel as a string of small N-waves is that of H. S. Ribner and D. Roy (1982).
    """
    seconds = spread(rng, params["length"])
    count = round(seconds * rate)
    claps = np.sort(rng.random(int(params.get("claps", 7))) ** 1.5) * 0.7
    claps[0] = 0.0
    total = np.zeros(count)
    bands = ((0.0, 0.25, 1500.0, 0.004), (0.0, 0.45, 180.0, 0.02), (0.01, 1.0, 60.0, 0.16))
    for order, (begin, end, centre, smear) in enumerate(bands):
        pieces = int((110, 200, 260)[order])
        near = claps[rng.integers(0, len(claps), pieces)]
        place = np.clip(begin + (end - begin) * (near + rng.exponential((0.04, 0.06, 0.16)[order], pieces)), 0, 0.97)
        place[0] = begin
        gains = rng.standard_normal(pieces) * np.exp(-3.2 * place) * (1.0, 1.3, 1.6)[order]
        impulses = np.bincount((place * count).astype(np.int64), gains, minlength=count)
        length = round(smear * 6 * rate)
        size = 1 << (length - 1).bit_length()
        frequency = np.fft.rfftfreq(size, 1 / rate)
        shape = (frequency / centre) / (1 + (frequency / centre) ** 2) ** (1.2 if order else 0.9)
        kernel = np.fft.irfft(np.fft.rfft(rng.standard_normal(size)) * shape)[:length]
        kernel *= np.exp(-np.arange(length) / (smear * rate)) * _ease(length, 0.0004 * (1, 8, 30)[order], rate)
        whole = 1 << (count + length).bit_length()
        wave = np.fft.irfft(np.fft.rfft(impulses, whole) * np.fft.rfft(kernel, whole))[:count]
        total += wave / max(float(np.abs(wave).max()), 1e-9) * (1.5, 0.8, 0.8)[order]
    return total * np.linspace(1.0, 0.0, count) ** 0.7


STROKES: dict[str, Stroke] = {
    "modes": stroke_modes,
    "thud": stroke_thud,
    "burst": stroke_burst,
    "whoosh": stroke_whoosh,
    "grains": stroke_grains,
    "tears": stroke_tears,
    "call": lambda params, hit, rng, rate: stroke_call(params, hit.pitch, hit.stretch, rng, rate),
}
