"""Layers of lasting sounds: shaped noise, howls, grains, hums, waves, insects and repeated beats.

Each layer is a pure function of an absolute span, so blocks join without seams. Unit output is 0 dB of K-weighted power
on each side; the data's `db` and the drive's level scale it. Legend: N samples, C sides (1 for a source, 2 for a bed).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .drive import Drive
from .motors import layer_motor
from .signal import (
    Span,
    coloured,
    from_decibels,
    k_weight,
    modulator,
    moving_band,
    seed_of,
    spread,
    upsampled,
)
from .strokes import Hit, grain_sum, strike

__all__ = ["layer_sum"]

Layer = Callable[[Mapping[str, Any], int, Span, Drive, int], np.ndarray]


def layer_sum(layers: list[Mapping[str, Any]], seed: int, span: Span, drive: Drive, sides: int) -> np.ndarray:
    """All layers of one voice (N, C) float32, scaled by the drive's level."""
    total = np.zeros((span.count, sides), np.float32)
    times = span.control_times()
    level = drive.gain(times)
    share = 1.0 / np.sqrt(_layer_power(layers))
    speed = drive.at(drive.speed, times)
    if not level.any():
        return total
    for index, params in enumerate(layers):
        if params["kind"] not in LAYERS:
            continue
        gain = share * level ** float(params.get("level_power", 0.75)) * from_decibels(float(params.get("db", 0.0)))
        gain = gain * _speed_gain(params, speed) * _gusts(params, seed, times) * _gate(params, seed, index, times)
        gain = gain * _pulse(params, seed, times, drive)
        if not gain.any():
            continue
        sound = LAYERS[params["kind"]](params, seed_of(seed, index), span, drive, sides)
        total += sound * upsampled(span, gain.astype(np.float32))[:, None]
    return total


def _layer_power(layers: list[Mapping[str, Any]]) -> float:
    """Power of all steady layers together, so that a voice has its level whatever it is made of."""
    return (
        sum(
            10.0 ** (float(params.get("db", 0.0)) / 10.0)
            for params in layers
            if params["kind"] not in ("calls", "beat")
        )
        or 1.0
    )


def _speed_gain(params: Mapping[str, Any], speed: np.ndarray) -> np.ndarray | float:
    """Louder with speed: (speed / speed_ref) ** speed_power, at most +6 dB."""
    if "speed_ref" not in params:
        return 1.0
    return np.minimum((speed / float(params["speed_ref"])) ** float(params.get("speed_power", 1.0)), 2.0)


def _gusts(params: Mapping[str, Any], seed: int, times: np.ndarray) -> np.ndarray | float:
    """Slow swelling: each gust row is (low Hz, high Hz, depth dB). Layers of one voice with equal rates swell together."""
    decibels = np.zeros_like(times)
    for low, high, depth in params.get("gusts", ()):
        decibels += depth * modulator(seed_of(seed, "gust", low, high), (low, high))(times) - 0.115 * depth**2
    lull = -24.0 if params["kind"] == "howl" else -7.0
    return 10.0 ** (np.clip(decibels, lull, 7.0) / 20.0)


def _gate(params: Mapping[str, Any], seed: int, index: int, times: np.ndarray) -> np.ndarray | float:
    """On and off in turn (balloon burner).

    `gate` has `lit`, `rest` [s] ranges and `ramp` [s]; one turn begins within the first second.
    """
    if "gate" not in params:
        return 1.0
    gate = params["gate"]
    rng = np.random.default_rng(seed_of(seed, "gate", gate.get("group", index)))
    ramp = float(gate.get("ramp", 0.1))
    lit, rest = spread(rng, gate["lit"]), spread(rng, gate["rest"])
    now = float(rng.uniform(0.2, 0.9)) - rest - lit - 1.5 * ramp
    edges, levels = [-1e3], [0.0]
    while now < times[-1]:
        edges += [now, now + ramp, now + lit, now + lit + ramp * 1.5]
        levels += [0.0, 1.0, 0.85, 0.0]
        now += lit + ramp * 1.5 + rest
        lit, rest = spread(rng, gate["lit"]), spread(rng, gate["rest"])
    return np.interp(times, edges, levels)


def _pulse(params: Mapping[str, Any], seed: int, times: np.ndarray, drive: Drive) -> np.ndarray | float:
    """Periodic swelling (breath, sail): `pulse` has `hz`, `per_speed` [Hz per m/s], `depth` 0..1, `power`, `wander`."""
    if "pulse" not in params:
        return 1.0
    pulse = params["pulse"]
    wander = float(pulse.get("wander", 0.1))
    slow = drive.wander(seed_of(seed, "pulse", pulse["hz"]), (0.07, 0.4))
    turns = drive.phase(
        lambda d: (float(pulse["hz"]) + float(pulse.get("per_speed", 0.0)) * d.speed) * np.exp(wander * slow), times
    )
    wave = (0.5 + 0.5 * np.cos(2 * np.pi * (turns + float(pulse.get("offset", 0.0))))) ** float(pulse.get("power", 1.0))
    depth = float(pulse.get("depth", 1.0))
    return 1.0 - depth + depth * wave


def layer_noise(params: Mapping[str, Any], seed: int, span: Span, drive: Drive, sides: int) -> np.ndarray:
    """Noise with a `spectrum` of (Hz, dB) points; `shared` 0..1 is how much the two sides have in common."""
    made = [coloured(params["spectrum"], seed_of(seed, side), span) for side in range(sides)]
    shared = float(params.get("shared", 0.0))
    if sides == 2 and shared:
        keep = np.float32(np.sqrt(1 - shared**2))
        made[1] = made[0] * np.float32(shared) + made[1] * keep
    return np.stack(made, axis=1)


def layer_howl(params: Mapping[str, Any], seed: int, span: Span, drive: Drive, sides: int) -> np.ndarray:
    """Wind in rocks and wires: narrow noise whose pitch wanders `octaves` about `hz` and rises with each gust."""
    times = span.control_times()
    rates = tuple(params["rates"])
    curve = modulator(seed_of(seed, "howl"), rates)
    grid = drive.times
    hertz = float(params["hz"]) * 2.0 ** (float(params["octaves"]) * 0.5 * np.clip(curve(grid), -2, 2))
    turns = upsampled(span, drive.phase(lambda _: hertz, times))
    width = float(params.get("width", 30.0))
    weight = np.sqrt(float(k_weight(np.array([float(params["hz"])]), span.rate)[0]))
    made = [moving_band(seed_of(seed, side), turns, width, span.start, span.rate) for side in range(sides)]
    return np.stack(made, axis=1) / np.float32(weight)


def layer_grains(params: Mapping[str, Any], seed: int, span: Span, drive: Drive, sides: int) -> np.ndarray:
    """Random drops, crackles or bubbles: `density` per second on each side, rings of `cycles` periods of `hz`.

    `peaky` > 1 makes a few grains far louder than the rest; `thin` makes the density follow the level (drizzle to downpour).
    """
    low, high = (float(value) for value in params["hz"])
    density, peaky = float(params["density"]), float(params.get("peaky", 1.0))
    first = int(np.floor(span.start / span.rate)) - 1
    last = int(np.floor((span.start + span.count) / span.rate))
    columns = []
    for side in range(sides):
        parts = []
        for second in range(first, last + 1):
            rng = np.random.default_rng(seed_of(seed, side, second))
            number = int(rng.poisson(density))
            when = second + rng.random(number)
            hertz = np.minimum(low * (high / low) ** rng.random(number), 0.42 * span.rate)
            cycles = _draws(rng, params["cycles"], number)
            gains = _grain_gains(rng, peaky, number) * np.where(rng.random(number) < 0.5, -1, 1)
            keep = np.ones(number, bool)
            if params.get("thin"):
                keep = rng.random(number) < drive.at(drive.level, when) ** 1.3
            parts.append(np.stack([when, hertz, np.clip(cycles / hertz, 0.0008, 0.5), gains])[:, keep])
        when, hertz, seconds, gains = np.concatenate(parts, axis=1)
        starts = np.round(when * span.rate) - span.start
        columns.append(grain_sum(starts, hertz, seconds, gains, float(params.get("rise", 0.0)), span.count, span.rate))
    return np.stack(columns, axis=1) / np.float32(_grain_power(params, span.rate) ** 0.5)


def _draws(rng: np.random.Generator, bounds: Any, number: int) -> np.ndarray:
    """`number` log-uniform draws between two positive bounds."""
    low, high = (float(bounds[0]), float(bounds[1])) if isinstance(bounds, (list, tuple)) else (float(bounds),) * 2
    return low * (high / low) ** rng.random(number)


def _grain_gains(rng: np.random.Generator, peaky: float, number: int) -> np.ndarray:
    """Loudness of `number` grains: many small, few large, none more than about four times the usual."""
    return np.minimum(rng.gamma(0.9, 1.0, number), 3.0 ** (1.3 / peaky)) ** peaky


def _grain_power(params: Mapping[str, Any], rate: int) -> float:
    """Expected K-weighted power of a grain layer at full density; a damped sine of T seconds carries T/27.6."""
    rng = np.random.default_rng(1)
    low, high = (float(value) for value in params["hz"])
    hertz = low * (high / low) ** ((np.arange(64) + 0.5) / 64)
    seconds = np.clip(_draws(rng, params["cycles"], 64) / hertz, 0.0008, 0.5)
    gains = _grain_gains(rng, float(params.get("peaky", 1.0)), 4096)
    energy = np.mean(seconds / 27.6 * k_weight(hertz, rate)) * np.mean(gains**2)
    return float(params["density"]) * float(energy)


def layer_hum(params: Mapping[str, Any], seed: int, span: Span, drive: Drive, sides: int) -> np.ndarray:
    """Steady partials: rows of (Hz, dB), each with its own slow swelling; sides differ in phase."""
    times = span.control_times()
    t = (span.start + np.arange(span.count)) / span.rate
    total = np.zeros((span.count, sides), np.float32)
    power = 0.0
    for index, (hertz, level) in enumerate(params["partials"]):
        amplitude = from_decibels(level)
        power += amplitude**2 / 2 * float(k_weight(np.array([float(hertz)]), span.rate)[0])
        sway = 1.0 + float(params.get("sway", 0.2)) * modulator(seed_of(seed, index), (0.05, 0.5))(times)
        shape = amplitude * upsampled(span, sway.astype(np.float32))
        offset = np.random.default_rng(seed_of(seed, index, "phase")).random(2)
        for side in range(sides):
            turn = (hertz * t + offset[0] + side * 0.25 * offset[1]) % 1.0
            total[:, side] += shape * np.sin(2 * np.pi * turn.astype(np.float32))
    return total / np.float32(np.sqrt(power))


def layer_swells(params: Mapping[str, Any], seed: int, span: Span, drive: Drive, sides: int) -> np.ndarray:
    """Separate waves or passing cars: every `every` s one rises over `rise` s and dies over `fall` s.

    `bands` are spectra from dull to bright; brighter bands rise later and die sooner by `quick` (breaking, then backwash).
    """
    times = span.control_times()
    rng = np.random.default_rng(seed_of(seed, "schedule"))
    quick = float(params.get("quick", 0.6))
    bands = params["bands"]
    envelopes = np.zeros((len(bands), sides, len(times)))
    now, soon = -30.0, rng.uniform(0.6, 2.4)
    while now < times[-1]:
        rise, fall, size = (
            spread(rng, params["rise"]),
            spread(rng, params["fall"]),
            spread(rng, params.get("size", [0.4, 1.0])),
        )
        side_gain = np.sqrt(np.clip(0.5 + np.array([-1.0, 1.0]) * rng.uniform(-0.4, 0.4), 0.05, 1))
        for band in range(len(bands)):
            speed = quick**band
            crest = now + rise
            x = np.where(
                times < crest,
                np.exp(-(((times - crest) / (rise * (0.55 * speed))) ** 2)),
                np.exp(-np.maximum(times - crest, 0) / (fall * speed)),
            )
            for side in range(sides):
                envelopes[band, side] += size * x * (side_gain[side] * 1.3 if sides == 2 else 1.0)
        step = spread(rng, params["every"])
        now = soon - rise if now < soon - rise <= now + 1.5 * step else now + step
    total = np.zeros((span.count, sides), np.float32)
    for band, points in enumerate(bands):
        for side in range(sides):
            noise = coloured(points, seed_of(seed, band, side), span)
            total[:, side] += noise * upsampled(span, envelopes[band, side].astype(np.float32))
    return total * np.float32(1.35 / np.sqrt(len(bands)))


def layer_insects(params: Mapping[str, Any], seed: int, span: Span, drive: Drive, sides: int) -> np.ndarray:
    """Stridulation: `singers` each with a carrier in `hz`, wing strokes at `wing` Hz, in chirps at `chirp` Hz of a `duty`."""
    t = (span.start + np.arange(span.count)) / span.rate
    total = np.zeros((span.count, sides), np.float32)
    for singer in range(int(params["singers"])):
        rng = np.random.default_rng(seed_of(seed, singer))
        hertz, wing, chirp = (spread(rng, params[key]) for key in ("hz", "wing", "chirp"))
        duty, phase, gain = spread(rng, params["duty"]), rng.random(3), rng.uniform(0.35, 1.0)
        pan = rng.uniform(0.1, 0.9) * np.pi / 2
        slow = upsampled(span, modulator(seed_of(seed, singer, "slow"), (0.11, 0.7))(span.control_times()))
        group = (t * chirp + phase[0] + 0.12 * slow) % 1.0
        gate = np.clip(np.minimum(group, duty - group) * 18.0, 0.0, 1.0)
        stroke = (0.5 - 0.5 * np.cos(2 * np.pi * ((t * wing + phase[1]) % 1.0))) ** 1.5
        tone = np.sin(2 * np.pi * ((t * hertz + phase[2]) % 1.0)) + 0.12 * np.sin(4 * np.pi * ((t * hertz) % 1.0))
        sound = (gain * gate * stroke * tone * (1 + 0.25 * slow)).astype(np.float32)
        for side in range(sides):
            total[:, side] += sound * np.float32((np.cos(pan), np.sin(pan))[side] if sides == 2 else 0.7)
    return total * np.float32(2.2 / np.sqrt(float(params["singers"])))


def layer_beat(params: Mapping[str, Any], seed: int, span: Span, drive: Drive, sides: int) -> np.ndarray:
    """Strokes again and again at `hz` + `per_speed`·speed [Hz] with `loose` timing: chain ticks, rail joints, flaps."""
    loose, variants = float(params.get("loose", 0.05)), int(params.get("variants", 7))
    slow = drive.wander(seed_of(seed, "beat"), (0.2, 1.1))
    grid = drive.phase(
        lambda d: (
            (float(params.get("hz", 0.0)) + float(params.get("per_speed", 0.0)) * d.speed)
            * np.exp(float(params.get("wander", 0.0)) * slow)
        ),
        drive.times,
    )
    start, end = span.start / span.rate, (span.start + span.count) / span.rate
    before, after = np.interp([start - 2.0, end], drive.times, grid)
    total = np.zeros((span.count, sides), np.float32)
    hits = [
        strike(params["strokes"], Hit(hardness=0.6), np.random.default_rng(seed_of(seed, index)), span.rate)
        for index in range(variants)
    ]
    for turn in range(int(np.ceil(before)), int(np.floor(after)) + 1):
        rng = np.random.default_rng(seed_of(seed, "turn", turn))
        where = turn + loose * float(rng.uniform(-0.5, 0.5))
        if where > grid[-1] or where <= grid[0]:
            continue
        at = round(float(np.interp(where, grid, drive.times)) * span.rate) - span.start
        sound = hits[int(rng.integers(variants))] * np.float32(rng.uniform(0.6, 1.0))
        head, tail = max(at, 0), min(at + len(sound), span.count)
        if head < tail:
            total[head:tail] += sound[head - at : tail - at, None]
    return total


LAYERS: dict[str, Layer] = {
    "noise": layer_noise,
    "howl": layer_howl,
    "grains": layer_grains,
    "hum": layer_hum,
    "swells": layer_swells,
    "insects": layer_insects,
    "beat": layer_beat,
    "motor": layer_motor,
}
