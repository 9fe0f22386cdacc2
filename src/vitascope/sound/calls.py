"""Voices of animals and people without words: a harmonic source with a pitch contour, through moving formants, plus breath."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .signal import CONTROL_HOP, spread

__all__ = ["stroke_call"]

HARMONICS_MAX = 48


def stroke_call(
    params: Mapping[str, Any], pitch: float, stretch: float, rng: np.random.Generator, rate: int
) -> np.ndarray:
    """One call (N,).

    `length` [s]; `contour` Hz values spread evenly over it; `envelope` levels spread evenly over it; `formants` rows of
    (start Hz, end Hz, width Hz, dB); `tilt` dB per octave of the source; `vibrato` (Hz, fraction); `jitter` fraction;
    `rough` (Hz, depth) beats the amplitude as a growl; `breath` dB of noise beside the tone; `half` gain of odd half-harmonics.
    """
    seconds = spread(rng, params["length"]) * stretch
    count = max(round(seconds * rate), 4 * CONTROL_HOP)
    points = count // CONTROL_HOP + 2
    place = np.linspace(0.0, 1.0, points)
    times = place * seconds
    hertz = _contour(params, pitch, place, times, rng)
    envelope = _smooth(params.get("envelope", [0.0, 1.0, 0.8, 0.0]), place)
    fine = np.arange(count) * ((points - 1) / count)
    phase = np.cumsum(np.interp(fine, np.arange(points), hertz)) / rate
    tone = _harmonics(params, pitch, hertz, place, phase, fine)
    breath = params.get("breath")
    if breath is not None:
        tone = tone / max(float(np.sqrt(np.mean(tone**2))), 1e-9)
        noise = _breath(params, pitch, count, rng, rate)
        pulse = 1.0 if breath > 0 else 0.6 + 0.4 * np.cos(2 * np.pi * phase)
        tone = tone + 10 ** (float(breath) / 20) * noise * pulse
    if "rough" in params:
        speed, depth = params["rough"]
        wander = np.interp(fine, np.arange(points), np.cumsum(rng.standard_normal(points)) * 0.12)
        tone = tone * (1 - depth / 2 + depth / 2 * np.sin(2 * np.pi * speed * np.arange(count) / rate + wander * 4))
    return tone * np.interp(fine, np.arange(points), envelope)


def _smooth(values: list[float], place: np.ndarray) -> np.ndarray:
    """Breakpoint values spread evenly over 0..1, joined by raised cosines, at `place`."""
    position = place * (len(values) - 1)
    index = np.minimum(position.astype(np.int64), len(values) - 2)
    blend = 0.5 - 0.5 * np.cos(np.pi * (position - index))
    levels = np.array(values, dtype=np.float64)
    return levels[index] * (1 - blend) + levels[index + 1] * blend


def _contour(
    params: Mapping[str, Any], pitch: float, place: np.ndarray, times: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Pitch (K,) [Hz] with its vibrato and its small unsteadiness."""
    contour = np.array(params["contour"], dtype=np.float64) * np.exp(rng.normal(0, 0.03, len(params["contour"])))
    hertz = (
        np.exp(_smooth(list(np.log(contour)), place))
        * pitch
        * np.exp(rng.normal(0, float(params.get("variety", 0.04))))
    )
    if "vibrato" in params:
        speed, depth = params["vibrato"]
        hertz = hertz * (1 + depth * np.sin(2 * np.pi * speed * times + rng.uniform(0, 6.28)))
    jitter = np.convolve(rng.standard_normal(len(times) + 2), [0.3, 0.4, 0.3], mode="valid")
    return hertz * (1 + float(params.get("jitter", 0.006)) * jitter)


def _formant_gain(params: Mapping[str, Any], pitch: float, hertz: np.ndarray, place: np.ndarray | float) -> np.ndarray:
    """Amplitude of the throat at `hertz`, which may move with `place` 0..1; formants follow the animal's size loosely."""
    formants = params.get("formants")
    if not formants:
        return np.ones_like(hertz)
    gain = np.full_like(hertz, 0.02)
    size = pitch**0.6
    for begin, end, width, level in formants:
        centre = (begin + (end - begin) * place) * size
        gain = gain + 10 ** (level / 20) / (1 + ((hertz - centre) / (width * size / 2)) ** 2)
    return gain


def _harmonics(
    params: Mapping[str, Any],
    pitch: float,
    hertz: np.ndarray,
    place: np.ndarray,
    phase: np.ndarray,
    fine: np.ndarray,
) -> np.ndarray:
    """Sum of harmonics (N,), each weighed by the source's tilt and the formants along the contour."""
    half = float(params.get("half", 0.0))
    step = 0.5 if half else 1.0
    top = int(
        np.clip(float(params.get("top", 9000.0)) / (hertz.max() * step), 1, params.get("harmonics", HARMONICS_MAX))
    )
    turn = np.exp(2j * np.pi * ((phase * step) % 1.0)).astype(np.complex64)
    tilt = float(params.get("tilt", -9.0))
    control = np.arange(len(hertz))
    wave = np.ones_like(turn)
    total = np.zeros(len(phase), np.float32)
    for order in range(1, top + 1):
        wave = wave * turn
        ratio = order * step
        gain = 10 ** (tilt * np.log2(max(ratio, 1.0)) / 20) * _formant_gain(params, pitch, hertz * ratio, place)
        if half and order % 2:
            gain = gain * half
        gain = gain * np.clip((18000.0 - hertz * ratio) / 2000.0, 0.0, 1.0)
        total += wave.imag * np.interp(fine, control, gain).astype(np.float32)
    return total


def _breath(params: Mapping[str, Any], pitch: float, count: int, rng: np.random.Generator, rate: int) -> np.ndarray:
    """Breath noise (count,) of unit power through the middle position of the formants."""
    size = 1 << (count - 1).bit_length()
    hertz = np.fft.rfftfreq(size, 1 / rate)
    shape = _formant_gain(params, pitch, hertz, 0.5) * np.clip(hertz / 200.0, 0, 1) / (1 + (hertz / 6000.0) ** 2)
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(size)) * shape)[:count]
    return noise / max(float(np.sqrt(np.mean(noise**2))), 1e-9)
