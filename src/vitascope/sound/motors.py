"""Things that turn: engines with a firing order and gears, propellers and rotors, as harmonic series that follow speed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .drive import Drive
from .signal import Span, coloured, k_weight, modulator, seed_of, upsampled

__all__ = ["layer_motor", "turning_rate"]


def turning_rate(params: Mapping[str, Any], drive: Drive) -> np.ndarray:
    """Revolutions per second (K,) on the drive's grid.

    Without `gears`: idle + per_speed·speed, at most `limit`. With `gears` (top speeds [m/s], ascending) the engine climbs to
    `limit` in each gear and drops back at the shift.
    """
    idle, limit = float(params["idle"]), float(params["limit"])
    speed = drive.speed
    if "gears" not in params:
        hertz = idle + float(params.get("per_speed", 0.0)) * speed
    else:
        tops = np.array(params["gears"], dtype=np.float64)
        gear = np.minimum(np.searchsorted(tops, speed), len(tops) - 1)
        hertz = np.maximum(idle, limit * speed / tops[gear])
        box = np.ones(31) / 31.0
        hertz = np.convolve(np.pad(hertz, 15, mode="edge"), box, mode="valid")
    hertz = np.minimum(hertz, limit) * (1.0 + 0.12 * (drive.load - 0.25) * (speed < 1.0))
    return hertz


def layer_motor(params: Mapping[str, Any], seed: int, span: Span, drive: Drive, sides: int) -> np.ndarray:
    """Harmonics of the working cycle (N, C) plus noise that breathes with the firing.

    `per_turn` firings (or blades) per revolution; `cycle` revolutions per working cycle (2 for a four-stroke); `tilt` dB per
    octave; `uneven` gain of the orders between firings; `resonances` rows of (Hz, width Hz, dB); `noise` {spectrum, db, depth};
    `copies` detuned by `detune` (several rotors); `unsteady` fraction of random speed change.
    """
    times = span.control_times()
    copies = int(params.get("copies", 1))
    unsteady = float(params.get("unsteady", 0.004))
    cycles = float(params.get("cycle", 1.0))
    total = np.zeros(span.count, np.float32)
    pulse = np.zeros(0, np.float32)
    for copy in range(copies):
        rng = np.random.default_rng(seed_of(seed, copy))
        factor = 1.0 + float(params.get("detune", 0.0)) * rng.standard_normal()
        slow = drive.wander(seed_of(seed, copy, "slow"), (0.3, 3.0)) + 0.7 * drive.wander(
            seed_of(seed, copy), (5.0, 17.0)
        )

        def rate_of(d: Drive, factor: float = factor, slow: np.ndarray = slow) -> np.ndarray:
            return turning_rate(params, d) * factor * (1 + unsteady * slow) / cycles

        hertz = drive.at(rate_of(drive), times)
        turns = upsampled(span, drive.phase(rate_of, times) + float(rng.random()))
        total += _orders(params, seed_of(seed, copy, "orders"), hertz, turns, span, drive.at(drive.load, times))
        if copy == 0:
            firing = turns * float(params["per_turn"]) * cycles
            pulse = np.cos(2 * np.pi * (firing % 1.0)).astype(np.float32)
    total /= np.float32(np.sqrt(copies))
    columns = [total] * sides
    noise = params.get("noise")
    if noise:
        depth = np.float32(noise.get("depth", 0.5))
        gain = np.float32(10 ** (float(noise["db"]) / 20))
        shape = gain * (1 - depth / 2 + depth / 2 * pulse)
        columns = [
            total + coloured(noise["spectrum"], seed_of(seed, "noise", side), span) * shape for side in range(sides)
        ]
    return np.stack(columns, axis=1)


def _orders(
    params: Mapping[str, Any], seed: int, hertz: np.ndarray, turns: np.ndarray, span: Span, load: np.ndarray
) -> np.ndarray:
    """Sum of the orders (N,) of a cycle with rate `hertz` (K,) and phase `turns` (N,), at unit K-weighted power."""
    rng = np.random.default_rng(seed)
    fire = float(params["per_turn"]) * float(params.get("cycle", 1.0))
    number = int(min(float(params.get("orders", 40)), max(0.4 * span.rate / max(float(hertz.max()), 1e-3), 1.0)))
    order = np.arange(1, number + 1)
    uneven = float(params.get("uneven", 0.15))
    strength = np.where(order % max(round(fire), 1) == 0, 1.0, uneven * rng.uniform(0.3, 1.2, number))
    strength = strength * rng.uniform(0.7, 1.0, number)
    heard = np.maximum(hertz[:, None] * order, 1.0)
    tilt = float(params.get("tilt", -6.0)) + 2.5 * (load[:, None] - 0.25)
    gain = strength * 10 ** (tilt * np.log2(np.maximum(order / fire, 0.5)) / 20)
    shape = np.full_like(heard, 0.25)
    for centre, width, level in params.get("resonances", ()):
        shape += 10 ** (level / 20) / (1 + ((heard - centre) / (width / 2)) ** 2)
    gain = gain * shape * np.clip((0.42 * span.rate - heard) / 2000.0, 0, 1)
    weights = np.interp(heard, WEIGHT_HERTZ, k_weight(WEIGHT_HERTZ, span.rate))
    power = (gain**2 / 2 * weights).sum(axis=1, keepdims=True)
    gain = (gain / np.sqrt(np.maximum(power, 1e-12))).astype(np.float32)
    flicker = 1.0 + float(params.get("flicker", 0.1)) * modulator(seed, (3.0, 11.0))(span.control_times())
    gain *= flicker[:, None].astype(np.float32)
    turn = np.exp(2j * np.pi * (turns % 1.0)).astype(np.complex64)
    offsets = np.exp(2j * np.pi * rng.random(number) * float(params.get("scatter", 0.35))).astype(np.complex64)
    wave = np.ones_like(turn)
    total = np.zeros(span.count, np.float32)
    for index in range(number):
        wave = wave * turn
        if float(gain[:, index].max()) < 1e-3:
            continue
        total += (wave * offsets[index]).imag * upsampled(span, gain[:, index])
    return total


WEIGHT_HERTZ = np.geomspace(10.0, 22000.0, 200)
