"""Building blocks of every voice: seeds, random-access noise, slow curves and filters.

Continuous sounds are pure functions of absolute sample positions (`Span`), so a long shot is made block by block and a
block never depends on where another one began. Legend: N samples, K control points.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import signal as dsp

__all__ = [
    "CONTROL_HOP",
    "Span",
    "band_of_interest",
    "coloured",
    "fade_ends",
    "filtered",
    "from_decibels",
    "k_sections",
    "k_weight",
    "modulator",
    "moving_band",
    "sections",
    "seed_of",
    "spectrum_kernel",
    "spread",
    "upsampled",
    "white",
]

CONTROL_HOP = 256
"""Samples between two points of a slow curve (5.3 ms at 48 kHz)."""
CHUNK = 1 << 15
KERNEL_TAPS = 2048
GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Samples start, start+1, … start+count-1 of a sound; `start` may be negative (before the shot began)."""

    start: int
    count: int
    rate: int

    def control_times(self) -> np.ndarray:
        """Times (K,) [s] of the control points that enclose the span, on a grid that does not depend on the span."""
        first = self.start // CONTROL_HOP
        last = -(-(self.start + self.count) // CONTROL_HOP)
        return np.arange(first, last + 1, dtype=np.float64) * (CONTROL_HOP / self.rate)


def seed_of(*parts: object) -> int:
    """A 64-bit seed that depends on every part and on nothing else."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def from_decibels(decibels: float) -> float:
    """Amplitude factor of a level in dB."""
    return float(10.0 ** (decibels / 20.0))


def spread(rng: np.random.Generator, bounds: float | Sequence[float]) -> float:
    """One draw, log-uniform between two positive bounds (uniform where one is not positive); a number is itself."""
    if isinstance(bounds, (int, float)):
        return float(bounds)
    low, high = float(bounds[0]), float(bounds[1])
    if low > 0 and high > 0:
        return float(low * (high / low) ** rng.random())
    return low + (high - low) * float(rng.random())


def white(seed: int, start: int, count: int) -> np.ndarray:
    """Gaussian noise (count,) float32 of unit variance; sample i depends only on `seed` and i."""
    first, last = start // CHUNK, (start + count - 1) // CHUNK
    chunks = [
        np.random.default_rng((seed, index + (1 << 40))).standard_normal(CHUNK, dtype=np.float32)
        for index in range(first, last + 1)
    ]
    joined = np.concatenate(chunks)
    offset = start - first * CHUNK
    return joined[offset : offset + count]


@lru_cache(maxsize=16)
def k_sections(rate: int) -> np.ndarray:
    """Second-order sections (2, 6) of the two K-weighting stages, from the analogue prototype of ITU-R BS.1770-4."""

    def section(centre: float, quality: float, gain: float, *, high_pass: bool) -> np.ndarray:
        omega = 2 * np.pi * centre / rate
        alpha, cosine = np.sin(omega) / (2 * quality), np.cos(omega)
        if high_pass:
            b = np.array([(1 + cosine) / 2, -(1 + cosine), (1 + cosine) / 2])
            a = np.array([1 + alpha, -2 * cosine, 1 - alpha])
        else:
            amp = 10 ** (gain / 40)
            root = 2 * np.sqrt(amp) * alpha
            b = amp * np.array(
                [
                    (amp + 1) + (amp - 1) * cosine + root,
                    -2 * ((amp - 1) + (amp + 1) * cosine),
                    (amp + 1) + (amp - 1) * cosine - root,
                ]
            )
            a = np.array(
                [
                    (amp + 1) - (amp - 1) * cosine + root,
                    2 * ((amp - 1) - (amp + 1) * cosine),
                    (amp + 1) - (amp - 1) * cosine - root,
                ]
            )
        return np.concatenate([b, a]) / a[0]

    shelf = section(1500.0, 0.7071, 4.0, high_pass=False)
    high = section(38.0, 0.5, 0.0, high_pass=True)
    return np.stack([shelf, high])


def k_weight(frequencies: np.ndarray, rate: int) -> np.ndarray:
    """Power response of loudness weighting at `frequencies` [Hz], same shape."""
    power = np.ones_like(frequencies, dtype=np.float64)
    for section in k_sections(rate):
        delay = np.exp(-2j * np.pi * np.asarray(frequencies, np.float64) / rate)
        power *= np.abs(np.polyval(section[2::-1], delay) / np.polyval(section[:2:-1], delay)) ** 2
    return power


def sections(order: int, hertz: float | tuple[float, float], rate: int) -> np.ndarray:
    """Butterworth low-pass, or band-pass between two frequencies, as second-order sections (S, 6) float32."""
    kind = "bandpass" if isinstance(hertz, tuple) else "lowpass"
    return np.asarray(dsp.butter(order, hertz, kind, fs=rate, output="sos")).astype(np.float32)


def filtered(filter_sections: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """Samples (N,) float32 through second-order sections, from rest."""
    return np.asarray(dsp.sosfilt(filter_sections, samples)).astype(np.float32, copy=False)


def band_of_interest(points: Sequence[Sequence[float]], frequencies: np.ndarray, pitch: float = 1.0) -> np.ndarray:
    """Amplitude at `frequencies` of a spectrum given as (Hz, dB) breakpoints, straight lines over log frequency.

    Outside the breakpoints the response falls by 18 dB per octave; `pitch` moves the whole spectrum.
    """
    hertz = np.log2(np.array([point[0] for point in points], dtype=np.float64) * pitch)
    level = np.array([point[1] for point in points], dtype=np.float64)
    octave = np.log2(np.maximum(frequencies, 1.0))
    decibels = np.interp(octave, hertz, level)
    decibels -= 18.0 * np.maximum(hertz[0] - octave, 0.0) + 18.0 * np.maximum(octave - hertz[-1], 0.0)
    return 10.0 ** (np.maximum(decibels, -140.0) / 20.0)


@lru_cache(maxsize=256)
def spectrum_kernel(points: tuple[tuple[float, float], ...], rate: int) -> np.ndarray:
    """FIR kernel (KERNEL_TAPS,) float32 that gives unit white noise this spectrum at unit K-weighted power."""
    frequencies = np.fft.rfftfreq(KERNEL_TAPS, 1.0 / rate)
    amplitude = band_of_interest(points, frequencies)
    amplitude[0] = 0.0
    kernel = np.fft.fftshift(np.fft.irfft(amplitude)) * np.hanning(KERNEL_TAPS)
    power = np.abs(np.fft.rfft(kernel)) ** 2
    weighted = float(np.sum(power * k_weight(frequencies, rate)) * 2.0 / KERNEL_TAPS)
    return (kernel / np.sqrt(weighted)).astype(np.float32)


def coloured(points: Sequence[Sequence[float]], seed: int, span: Span) -> np.ndarray:
    """Stationary noise (N,) float32 with a spectrum of (Hz, dB) breakpoints and unit K-weighted power."""
    kernel = spectrum_kernel(tuple((float(f), float(level)) for f, level in points), span.rate)
    raw = white(seed, span.start - KERNEL_TAPS + 1, span.count + KERNEL_TAPS - 1)
    return np.asarray(dsp.oaconvolve(raw, kernel, mode="valid")).astype(np.float32, copy=False)


def modulator(seed: int, rates: Sequence[float]) -> Callable[[np.ndarray], np.ndarray]:
    """A slow random curve of time: five incommensurate sines between two rates [Hz], mean 0 and variance 1."""
    rng = np.random.default_rng(seed)
    low, high = float(rates[0]), float(rates[-1])
    steps = (np.arange(5) * GOLDEN + rng.random()) % 1.0
    hertz = low * (high / low) ** steps
    phase = rng.random(5) * 2 * np.pi

    def curve(times: np.ndarray) -> np.ndarray:
        return np.sin(2 * np.pi * np.outer(times, hertz) + phase).sum(axis=1) * np.sqrt(2.0 / 5.0)

    return curve


def upsampled(span: Span, values: np.ndarray) -> np.ndarray:
    """Control values (K,) at `span.control_times()` joined by straight lines: (N,) of the same dtype."""
    ramp = (np.arange(CONTROL_HOP) / CONTROL_HOP).astype(values.dtype)
    lines = values[:-1, None] + np.diff(values)[:, None] * ramp
    offset = span.start - (span.start // CONTROL_HOP) * CONTROL_HOP
    return lines.reshape(-1)[offset : offset + span.count]


def moving_band(seed: int, phase: np.ndarray, width: float, start: int, rate: int) -> np.ndarray:
    """Narrow noise (N,) of unit power around a moving frequency whose phase (N,) [cycles] is given; `width` in Hz."""
    hop = max(16, int(rate / (4.0 * max(width, 1.0))))
    first = start // hop
    count = (start + len(phase)) // hop - first + 3
    real = white(seed, first, count)
    imaginary = white(seed ^ 0x5BD1E995, first, count)
    ramp = np.arange(start - first * hop, start - first * hop + len(phase), dtype=np.float64) / hop
    index = ramp.astype(np.int64)
    blend = 0.5 - 0.5 * np.cos(np.pi * (ramp - index))
    turn = 2 * np.pi * (phase % 1.0)
    level = 1.0 / np.sqrt(np.maximum((1 - blend) ** 2 + blend**2, 0.25))
    a = (real[index] * (1 - blend) + real[index + 1] * blend) * level
    b = (imaginary[index] * (1 - blend) + imaginary[index + 1] * blend) * level
    return (a * np.cos(turn) + b * np.sin(turn)).astype(np.float32)


def fade_ends(samples: np.ndarray, head: int, tail: int) -> np.ndarray:
    """The same sound with raised-cosine ramps over its first `head` and last `tail` samples; (N,) or (N, 2)."""
    faded = samples.copy()
    head, tail = min(head, len(faded) // 2), min(tail, len(faded) // 2)
    shape = (-1,) + (1,) * (faded.ndim - 1)
    if head:
        faded[:head] *= (0.5 - 0.5 * np.cos(np.pi * np.arange(head) / head)).astype(np.float32).reshape(shape)
    if tail:
        faded[-tail:] *= (0.5 + 0.5 * np.cos(np.pi * np.arange(1, tail + 1) / tail)).astype(np.float32).reshape(shape)
    return faded
