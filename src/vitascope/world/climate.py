"""Weather as the camera meets it: air, wind, wetness, settled snow and lightning, from amounts between 0 and 1."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from vitascope import film
from vitascope.world.daylight import Traits
from vitascope.world.material import Rgb
from vitascope.world.sky import Sky
from vitascope.world.stage import Air

__all__ = ["Strike", "air_at", "flash_curve", "lightning_at", "strikes", "wind_at", "with_lightning"]

SOUND_SPEED = 343.0
"""Metres a second in air at 20 degrees; thunder follows its flash by distance / SOUND_SPEED."""

_WIND_AXIS = (0.963, 0.0, 0.27)
_PULSES = ((0.0, 1.0, 0.045), (0.105, 0.75, 0.075), (0.235, 0.32, 0.06))
"""Return strokes of one flash: delay [s], strength, decay [s] (two to four strokes some 50 ms apart; Rakov and Uman 2003)."""


RAIN_RISES, SNOW_RISES = 17.5, 2.1
"""Metres a second of the updraughts in which drops and flakes rise as fast as they fall in still air."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """One flash of lightning: time [s of film], foot of the bolt x, 0, z [m], brightness 0..1, and a seed for its shape."""

    time: float
    position: tuple[float, float, float]
    brightness: float
    seed: int

    @property
    def thunder(self) -> float:
        """Time [s] at which its thunder is heard at the origin."""
        return self.time + math.hypot(*self.position) / SOUND_SPEED


def air_at(set: film.Set, sky: Sky, t: float, world_time: float, *, place_traits: Traits) -> Air:
    """The air of `set` under `sky` at `t` seconds of film and `world_time` seconds of the world."""
    if place_traits.get("airless"):
        return Air(density=0.0, colour=(0.0, 0.0, 0.0), glow=(0.0, 0.0, 0.0), wind=(0.0, 0.0, 0.0), gust=0.0)
    if place_traits.get("underwater"):
        return _water_as_air(set, sky)
    if place_traits.get("studio") or set.backdrop is not None:
        return Air(density=0.0, wind=(0.0, 0.0, 0.0), gust=0.0)
    weather = set.weather
    indoor = bool(place_traits.get("indoor"))
    # Towards evening and at dawn haze lies on the land, and the low sun shines in it.
    low = math.exp(-(((math.degrees(math.asin(sky.disc_direction[1])) - 2.0) / 6.0) ** 2)) * (1.0 - sky.overcast)
    clear = 0.00009 + 0.00024 * low + 0.0011 * weather.rain + 0.0026 * weather.snow**1.4
    density = clear + 0.03 * weather.fog**2.2
    thick = min(1.0, weather.fog * 1.6)
    return Air(
        density=0.0 if indoor else density,
        colour=_air_colour(sky, weather),
        glow=_scaled(sky.glow, 0.85 * (1.0 - 0.8 * weather.fog)),
        falloff=0.0011 + 0.0035 * low + 0.016 * thick,
        rain=0.0 if indoor else weather.rain,
        snow=0.0 if indoor else weather.snow,
        wetness=0.0 if indoor else _wetness(set, world_time),
        snow_cover=0.0 if indoor else _snow_cover(set, world_time),
        wind=(0.2, 0.0, 0.05) if indoor else _with_updraught(wind_at(weather, world_time), set),
        gust=0.05 if indoor else 0.15 + 0.7 * weather.wind,
        mist=0.0 if indoor else _mist(set),
    )


def _with_updraught(wind: tuple[float, float, float], set: film.Set) -> tuple[float, float, float]:
    """Rain and snow that rise, against nature, do so as if air carried them: as fast up as they fall down."""
    if "rising rain" not in set.features:
        return wind
    return wind[0], RAIN_RISES if set.weather.rain > 0.01 else SNOW_RISES, wind[2]


def wind_at(weather: film.Weather, world_time: float) -> tuple[float, float, float]:
    """Velocity of the wind [m/s] at eye height, swelling slowly (periods of 7 to 19 s) with its strength."""
    speed = 0.4 + 14.0 * weather.wind**1.4
    swell = 0.55 * math.sin(2 * math.pi * world_time / 7.3 + 0.4) + 0.45 * math.sin(2 * math.pi * world_time / 18.7)
    speed *= 1.0 + (0.10 + 0.18 * weather.wind) * swell
    return speed * _WIND_AXIS[0], 0.0, speed * _WIND_AXIS[2]


def strikes(duration: float, amount: float, seed: int) -> tuple[Strike, ...]:
    """Lightning of a shot of `duration` seconds, in order of time; `amount` 1 is a flash every two seconds or so.

    The first falls within the first third, so that a short shot shows one. Bolts stand in front of the default camera.
    """
    if amount <= 0.0:
        return ()
    rng = np.random.default_rng([seed, 0x5751])
    mean_gap = 2.0 / max(amount, 0.12)
    time = float(rng.uniform(0.08, 0.3)) * min(duration, 6.0)
    found = []
    while time < duration:
        away = float(rng.uniform(900.0, 2600.0))
        bearing = float(rng.uniform(-0.42, 0.42))
        found.append(
            Strike(
                time=time,
                position=(away * math.sin(bearing), 0.0, -away * math.cos(bearing)),
                brightness=float(rng.uniform(0.6, 1.0)) * (0.55 + 0.45 * amount),
                seed=int(rng.integers(1, 60000)),
            )
        )
        time += 0.7 + float(rng.exponential(mean_gap))
    return tuple(found)


def flash_curve(since: float) -> float:
    """Brightness 0..1 of a flash `since` seconds after it begins: strokes that rise at once and die away."""
    if since < 0.0:
        return 0.0
    light = sum(strength * math.exp(-(since - delay) / decay) for delay, strength, decay in _PULSES if since >= delay)
    return min(1.0, light)


def lightning_at(struck: tuple[Strike, ...], t: float) -> tuple[float, Strike | None]:
    """Brightness 0..1 of all lightning at `t` and the strike that shines most, None where it is dark."""
    seen = [(strike.brightness * flash_curve(t - strike.time), strike) for strike in struck]
    total = min(1.0, sum(light for light, _ in seen))
    if total < 1e-3:
        return 0.0, None
    return total, max(seen, key=lambda pair: pair[0])[1]


def with_lightning(sky: Sky, struck: tuple[Strike, ...], t: float) -> tuple[Sky, float]:
    """`sky` with the bolt that is seen at `t`, and the brightness of the flash for the snapshot."""
    flash, strike = lightning_at(struck, t)
    if strike is None:
        return sky, 0.0
    x, _, z = strike.position
    return replace(sky, bolt=(x, z, float(strike.seed), flash)), flash


def _air_colour(sky: Sky, weather: film.Weather) -> Rgb:
    """What distance fades into: the sky near the horizon, evened out by fog and precipitation."""
    even = min(1.0, weather.fog + 0.5 * weather.snow)
    mean = tuple(0.72 * h + 0.28 * z for h, z in zip(sky.horizon, sky.zenith, strict=True))
    red, green, blue = (h + (m - h) * even for h, m in zip(_scaled(sky.horizon, 0.94), mean, strict=True))
    return red, green, blue


def _water_as_air(set: film.Set, sky: Sky) -> Air:
    murk = 1.0 + 2.0 * set.weather.fog
    if any("clear" in feature for feature in set.features):
        murk *= 0.6
    return Air(
        density=0.1 * murk,
        colour=sky.horizon,
        glow=sky.glow,
        falloff=0.0,
        wind=(0.12, 0.0, 0.05),
        gust=0.2,
        underwater=True,
    )


def _wetness(set: film.Set, world_time: float) -> float:
    soaked = min(1.0, 3.0 * set.weather.rain) * (0.82 + 0.18 * _ramp(world_time / 20.0))
    return max(soaked, 0.75 if {"wet", "rainy", "puddles"} & _words(set) else 0.0)


def _snow_cover(set: film.Set, world_time: float) -> float:
    lying = 0.95 if {"snowy", "snow", "snow-covered"} & _words(set) else 0.3 if set.season == "winter" else 0.0
    falling = set.weather.snow
    fresh = min(1.0, falling * 2.0) * (0.45 + 0.35 * _ramp(world_time / 40.0)) if falling > 0.0 else 0.0
    return max(lying, fresh)


def _mist(set: film.Set) -> float:
    if {"misty", "mist"} & _words(set):
        return 0.9
    return min(0.6, 1.6 * set.weather.fog) * (1.0 - set.weather.rain)


def _words(set: film.Set) -> frozenset[str]:
    return frozenset(feature.lower() for feature in set.features)


def _ramp(s: float) -> float:
    s = min(max(s, 0.0), 1.0)
    return s * s * (3.0 - 2.0 * s)


def _scaled(colour: Rgb, by: float) -> Rgb:
    return colour[0] * by, colour[1] * by, colour[2] * by
