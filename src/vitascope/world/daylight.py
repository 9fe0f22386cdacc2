"""Sun, moon, sky and exposure from the hour, the weather and the kind of place. Pure, and continuous in the hour.

The sun's light follows the air it crosses; the colours of the dome are keyed by its elevation; the azimuths are staged
as a film maker would: front-left by day, behind the subject at sunrise and sunset.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.interpolate import PchipInterpolator

from vitascope import film
from vitascope.recipe import colour_linear
from vitascope.world.material import Rgb
from vitascope.world.sky import Sky, Vec3

__all__ = ["Traits", "direction", "exposure_for", "hour_at", "illuminance", "sky_at", "sun_angles", "sun_irradiance"]

Traits = Mapping[str, float | bool]
"""What a place says about its sky: "airless", "underwater", "indoor", "studio", "snow" (flags), "earth" (degrees),
"sea_of_clouds" and "cloud_height" (metres). Missing means no."""

_HOURS = (0.0, 4.0, 5.3, 6.0, 6.4, 7.0, 8.5, 10.5, 12.5, 14.0, 15.5, 17.2, 18.6, 19.2, 19.9, 20.8, 23.0, 24.0)
_ELEVATION = (
    -20.0,
    -13.0,
    -7.0,
    -3.0,
    1.8,
    7.0,
    23.0,
    47.0,
    60.0,
    50.0,
    35.0,
    19.0,
    6.0,
    2.0,
    -4.0,
    -10.0,
    -18.0,
    -20.0,
)
_AZIMUTH = (176.0, 170.0, 167.0, 163.0, 160.0, 150.0, 62.0, -20.0, -38.0, -42.0, -48.0, -100.0, -152.0, -158.0, -163.0, -168.0,
            -178.0, -184.0)  # fmt: skip
_MOON = (-157.0, 15.0)
"""Azimuth and elevation [deg] of the staged moon: in frame behind the subject, off the middle."""

_KEYS = (-20.0, -12.0, -8.0, -4.0, -1.0, 2.0, 6.0, 15.0, 35.0, 60.0)
_DOME = {
    "zenith": ((0.0020, 0.0036, 0.0082), (0.0036, 0.0074, 0.020), (0.009, 0.020, 0.058), (0.026, 0.056, 0.145),
               (0.058, 0.100, 0.215), (0.094, 0.140, 0.258), (0.104, 0.176, 0.345), (0.100, 0.212, 0.48),
               (0.104, 0.232, 0.56), (0.104, 0.236, 0.58)),
    "horizon": ((0.0052, 0.0082, 0.0148), (0.011, 0.0160, 0.030), (0.038, 0.040, 0.068), (0.085, 0.070, 0.108),
                (0.175, 0.110, 0.115), (0.285, 0.148, 0.098), (0.37, 0.265, 0.18), (0.50, 0.56, 0.62), (0.56, 0.69, 0.85),
                (0.58, 0.72, 0.89)),
    "glow": ((0.0, 0.0, 0.0), (0.008, 0.006, 0.005), (0.06, 0.026, 0.012), (0.30, 0.115, 0.035), (0.62, 0.21, 0.046),
             (0.82, 0.27, 0.046), (0.82, 0.41, 0.12), (0.56, 0.42, 0.25), (0.38, 0.33, 0.24), (0.30, 0.28, 0.22)),
    "belt": ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.010, 0.007, 0.014), (0.052, 0.028, 0.046), (0.090, 0.045, 0.052),
             (0.105, 0.055, 0.05), (0.055, 0.03, 0.024), (0.005, 0.004, 0.003), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
}  # fmt: skip
"""Clear-sky radiance by sun elevation: ratios after measured clear skies (Hosek and Wilkie 2012), levels compressed so that
noon to night spans six stops instead of twenty, as an eye or a film print would."""

_MOONLIGHT: Rgb = (0.092, 0.110, 0.130)
_OVERCAST: Rgb = (0.50, 0.525, 0.56)


@dataclass(frozen=True, slots=True)
class _Weathering:
    """How far the weather closes the sky, each 0..1."""

    overcast: float
    storm: float
    fog: float


def hour_at(keys: tuple[film.TimeKey, ...], t: float) -> float:
    """Hour of the day at `t` seconds, linear between keys and held outside them; may exceed 24."""
    return float(np.interp(t, [float(key.at) for key in keys], [key.hour for key in keys]))


def sun_angles(hour: float) -> tuple[float, float]:
    """Elevation and staged azimuth of the sun [deg] at an hour; period 24 h, continuous."""
    elevation, azimuth = _arcs()
    wrapped = hour % 24.0
    return float(elevation(wrapped)), float(azimuth(wrapped))


def direction(azimuth: float, elevation: float) -> Vec3:
    """Unit vector towards azimuth (0 = +z, 90 = +x) and elevation, both in degrees."""
    a, e = math.radians(azimuth), math.radians(elevation)
    return (math.sin(a) * math.cos(e), math.sin(e), math.cos(a) * math.cos(e))


def sun_irradiance(elevation: float) -> Rgb:
    """Irradiance of the unclouded sun on a surface that faces it, after the air it crosses.

    Air mass of Kasten and Young 1989; Rayleigh optical depth of Bodhaine et al. 1999, Angstrom haze (0.06, 1.3) and ozone
    at 615, 535 and 450 nm. Strength is compressed (power 0.36) and hue eased (power 0.72) to fit one exposure.
    """
    height = max(elevation, -1.0)
    air_mass = 1.0 / (math.sin(math.radians(height)) + 0.50572 * (height + 6.07995) ** -1.6364)
    through = np.exp(-np.array((0.214, 0.267, 0.388)) * air_mass)
    strength = float(through @ (0.2126, 0.7152, 0.0722))
    hue = (through / through.max()) ** 0.72
    set_already = _smooth(-1.5, 1.2, elevation)
    red, green, blue = 3.5 * strength**0.36 * hue * set_already
    return float(red), float(green), float(blue)


def sky_at(set: film.Set, light: film.Light, t: float, world_time: float, *, place_traits: Traits) -> Sky:
    """The sky of `set` at `t` seconds of film; clouds have drifted for `world_time` seconds."""
    if place_traits.get("airless"):
        return _airless(set, light, place_traits)
    if place_traits.get("underwater"):
        return _underwater(set, light, t)
    sky = _open_sky(set, light, t, world_time, place_traits)
    if place_traits.get("studio") or set.backdrop is not None:
        return _studio(set, light, sky)
    return sky


def illuminance(sky: Sky) -> float:
    """Light on an averagely turned white surface, divided by pi: the radiance of a white card."""
    key = _luminance(sky.sun_colour)
    dome = 0.45 * _luminance(sky.zenith) + 0.4 * _luminance(sky.horizon) + 0.15 * _luminance(sky.ground)
    return key * 0.55 / math.pi + dome + 0.12 * _luminance(sky.glow)


def exposure_for(sky: Sky, light: film.Light, *, place_traits: Traits) -> float:
    """Linear multiplier that puts a grey card (albedo 0.18) near 0.17 by day and near 0.05 at night.

    Underexposing the dark is what makes night read as night. A bright sky is held (at sunset subjects go towards
    silhouettes, as on film) and snow is kept from burning out; `light.exposure` adds stops and moods shift a little.
    """
    white = illuminance(sky)
    if place_traits.get("indoor"):
        white = 0.35 * white + 0.38
    white = max(white, 0.017)
    brightness = _smooth(math.log2(0.022), math.log2(0.62), math.log2(white))
    target = 0.12 if place_traits.get("airless") else 0.048 + 0.134 * brightness**1.5 * (1.0 - 0.4 * sky.storm)
    wanted = target / (0.18 * white)
    if sky.plain is None and not (place_traits.get("airless") or place_traits.get("underwater")):
        held = 1.18 / max(_luminance(sky.horizon) + 2.0 * max(_luminance(sky.glow) - 0.2, 0.0), 1e-4)
        wanted = (wanted**-4 + held**-4) ** -0.25
    if place_traits.get("snow"):
        wanted *= 0.76
    if sky.plain is not None:
        wanted *= 0.7  # half a stop, so that colours before a plain backdrop keep their depth and their names
    mood = {"dark": -0.9, "dramatic": -0.35, "candle": -0.5, "neon": -0.3, "bright": 0.45, "soft": 0.1}
    return wanted * 2.0 ** (light.exposure + mood.get(light.mood, 0.0))


def _open_sky(set: film.Set, light: film.Light, t: float, world_time: float, traits: Traits) -> Sky:
    hour = hour_at(set.hours, t)
    elevation, azimuth = sun_angles(hour)
    if light.azimuth is not None:
        azimuth = light.azimuth
    closed = _weathering(set.weather)
    night = 1.0 - _smooth(-9.0, -4.5, elevation)
    dome = {name: _keyed(name, elevation) for name in _DOME}
    level = _luminance(dome["horizon"]) * 0.55 + _luminance(dome["zenith"]) * 0.45 + 0.012 * night
    grey = _scaled(_OVERCAST, level * (1.55 - 0.85 * closed.storm) * (1.0 - 0.45 * night))
    shut = closed.overcast
    zenith = _mixed(dome["zenith"], grey, shut)
    horizon = _mixed(dome["horizon"], _scaled(grey, 0.9 - 0.2 * closed.storm), shut * 0.92)
    horizon = _mixed(horizon, _scaled(_OVERCAST, 1.75 * level), 0.65 * closed.fog * (1.0 - shut))
    clear = (1.0 - 0.94 * shut) * (1.0 - 0.75 * closed.fog)
    key, towards, disc_direction = _key(elevation, azimuth, night, light)
    if "shadows towards the sun" in set.features:
        disc_direction = direction(azimuth + 180.0, elevation)
    key = _tinted(_scaled(key, clear), light)
    heap = _scaled(_mixed(sun_irradiance(elevation + 1.0), key, night), 1.0 - 0.85 * shut)
    fill = tuple(0.5 * z + 0.6 * h for z, h in zip(zenith, horizon, strict=True))
    lit = tuple(0.29 * k + 0.42 * f + 0.05 * g for k, f, g in zip(heap, fill, dome["glow"], strict=True))
    back_lit = 0.6 + 0.4 * _smooth(1.0, 18.0, elevation) + 0.3 * night
    shade = _scaled(_mixed((fill[0], fill[1], fill[2]), grey, 0.35), 0.92 * back_lit * (1.0 - 0.62 * closed.storm))
    white_ground = 0.75 if traits.get("snow") or "snowy" in set.features else 0.17
    bounce = illuminance(Sky(sun_colour=key, zenith=zenith, horizon=horizon, ground=(0, 0, 0), glow=(0, 0, 0)))
    ground_hue: Rgb = (0.95, 1.0, 1.08) if white_ground > 0.5 else (1.1, 1.0, 0.82)
    drift = world_time * (10.0 + 24.0 * set.weather.wind) * set.weather.cloud_speed
    sea = traits.get("sea_of_clouds")
    return Sky(
        sun_direction=towards,
        sun_colour=key,
        zenith=zenith,
        horizon=horizon,
        glow=_scaled(dome["glow"], clear * 0.9 + 0.1 * (1.0 - closed.storm) * (1.0 - shut)),
        belt=_scaled(dome["belt"], clear),
        ground=_scaled(ground_hue, bounce * white_ground),
        cloud_cover=set.weather.clouds,
        cloud_colour=(lit[0], lit[1], lit[2]),
        cloud_shade=shade,
        cloud_height=float(traits.get("cloud_height", 900.0)),
        cloud_offset=(drift, 0.28 * drift),
        sea_of_clouds=None if sea is None or sea is False else float(sea),
        stars=(1.0 - _smooth(-12.0, -6.0, elevation)) * (1.0 - shut) * (1.0 - 0.8 * closed.fog),
        moon_direction=direction(_MOON[0] if light.azimuth is None else light.azimuth, _MOON[1]),
        moon_phase=_moon_phase(set.features),
        moon_visible=(1.0 - _smooth(-8.0, -2.0, elevation)) * (1.0 - 0.9 * shut) * (1.0 - 0.7 * closed.fog),
        disc_direction=disc_direction,
        disc=_smooth(-1.2, 0.4, elevation) * (1.0 - shut) * (1.0 - 0.8 * closed.fog),
        cirrus=0.45 * (1.0 - shut) * min(1.0, 0.3 + 2.0 * set.weather.clouds),
        overcast=shut,
        storm=closed.storm,
        haze=closed.fog,
        aurora=1.0 - _smooth(-9.0, -5.0, elevation) if _named(set.features, "aurora", "northern lights") else 0.0,
    )


def _key(elevation: float, azimuth: float, night: float, light: film.Light) -> tuple[Rgb, Vec3, Vec3]:
    """Irradiance and direction of the key light, and the direction of the sun's disc.

    Between sun and moon the bright part of the sky is the key; the turn from one to the other happens while it is weakest.
    """
    sun = sun_irradiance(elevation)
    dusk = _smooth(-9.0, -4.0, elevation) * (1.0 - _smooth(-1.5, 2.0, elevation))
    afterglow = _scaled((0.42, 0.27, 0.25), dusk * _smooth(-11.0, 1.0, elevation))
    moon = _scaled(_MOONLIGHT, night)
    low = max(elevation, 1.2) + 7.0 * (1.0 - _smooth(-3.0, 3.0, elevation))
    moon_azimuth = _MOON[0] if light.azimuth is None else light.azimuth
    from_sun, from_moon = np.array(direction(azimuth, low)), np.array(direction(moon_azimuth, _MOON[1]))
    turn = 1.0 - _smooth(-9.0, -4.5, elevation)
    towards = from_sun * (1.0 - turn) + from_moon * turn
    towards = towards / np.linalg.norm(towards)
    colour = tuple(float(s + a + m) for s, a, m in zip(sun, afterglow, moon, strict=True))
    x, y, z = (float(v) for v in towards)
    return (colour[0], colour[1], colour[2]), (x, y, z), direction(azimuth, elevation)


def _airless(set: film.Set, light: film.Light, traits: Traits) -> Sky:
    """The sky of a body without air: black, one hard light, sunlit ground as the only fill."""
    towards = direction(-58.0 if light.azimuth is None else light.azimuth, 24.0)
    wanted = float(traits.get("earth", 0.0)) or (7.0 if _named(set.features, "earth in the sky", "earth") else 0.0)
    return Sky(
        sun_direction=towards, disc_direction=towards, disc=1.0, sun_colour=_tinted((3.6, 3.55, 3.45), light),
        zenith=(0.0, 0.0, 0.0), horizon=(0.0, 0.0, 0.0), glow=(0.0, 0.0, 0.0), ground=(0.11, 0.108, 0.105),
        cloud_cover=0.0, cirrus=0.0, stars=0.55, moon_visible=0.0, earth=wanted,
        moon_direction=direction(light.azimuth if light.azimuth is not None else -157.0, 8.5), airless=True,
    )  # fmt: skip


def _underwater(set: film.Set, light: film.Light, t: float) -> Sky:
    """Blue-green water lit from above: the dome is the lit surface overhead and the deep below."""
    elevation, _ = sun_angles(hour_at(set.hours, t))
    day = 0.12 + 0.88 * _smooth(-6.0, 25.0, elevation)
    towards = direction(-25.0 if light.azimuth is None else light.azimuth, 68.0)
    return Sky(
        sun_direction=towards, disc_direction=towards, disc=0.0,
        sun_colour=_tinted(_scaled((1.4, 1.6, 1.4), day), light), zenith=_scaled((0.20, 0.56, 0.62), day),
        horizon=_scaled((0.008, 0.085, 0.150), day), glow=_scaled((0.10, 0.24, 0.22), day),
        ground=_scaled((0.020, 0.062, 0.078), day), cloud_cover=0.0, cirrus=0.0, moon_visible=0.0,
    )  # fmt: skip


def _studio(set: film.Set, light: film.Light, sky: Sky) -> Sky:
    """A photographer's room: a large soft key from the front-left and a paper backdrop."""
    paper = colour_linear(set.backdrop) if set.backdrop is not None else (0.62, 0.64, 0.67)
    towards = direction(-40.0 if light.azimuth is None else light.azimuth, 42.0)
    return Sky(
        sun_direction=towards, disc_direction=towards, disc=0.0, sun_colour=_tinted((1.9, 1.85, 1.78), light),
        zenith=(0.62, 0.64, 0.68), horizon=(0.50, 0.51, 0.53), glow=(0.12, 0.11, 0.1), ground=(0.28, 0.27, 0.26),
        cloud_cover=0.0, cirrus=0.0, plain=paper, cloud_offset=sky.cloud_offset,
    )  # fmt: skip


def _weathering(weather: film.Weather) -> _Weathering:
    storm = max(
        _smooth(0.05, 0.8, weather.lightning), 0.75 * _smooth(0.6, 1.0, weather.rain) * _smooth(0.3, 0.9, weather.wind)
    )
    wet = max(_smooth(0.1, 0.45, weather.rain), 0.9 * _smooth(0.15, 0.6, weather.snow))
    return _Weathering(
        overcast=max(_smooth(0.72, 0.97, weather.clouds), 0.96 * wet, 0.96 * storm), storm=storm, fog=weather.fog
    )


def _moon_phase(features: tuple[str, ...]) -> float:
    if _named(features, "full moon"):
        return 1.0
    if _named(features, "crescent", "crescent moon", "new moon"):
        return 0.18
    return 0.82


def _named(features: tuple[str, ...], *wanted: str) -> bool:
    return any(feature.lower() in wanted for feature in features)


def _tinted(colour: Rgb, light: film.Light) -> Rgb:
    tint = {"warm": (1.12, 1.0, 0.82), "cool": (0.86, 0.98, 1.14), "candle": (1.15, 0.85, 0.55), "dramatic": (1.15, 1.12, 1.08),
            "soft": (0.8, 0.8, 0.8), "dark": (0.8, 0.82, 0.86)}.get(light.mood, (1.0, 1.0, 1.0))  # fmt: skip
    return colour[0] * tint[0], colour[1] * tint[1], colour[2] * tint[2]


@cache
def _arcs() -> tuple[PchipInterpolator, PchipInterpolator]:
    return PchipInterpolator(_HOURS, _ELEVATION), PchipInterpolator(_HOURS, _AZIMUTH)


@cache
def _dome_curve(name: str) -> PchipInterpolator:
    return PchipInterpolator(_KEYS, np.log(np.array(_DOME[name]) + 1e-4))


def _keyed(name: str, elevation: float) -> Rgb:
    value = np.exp(_dome_curve(name)(min(max(elevation, _KEYS[0]), _KEYS[-1]))) - 1e-4
    return float(value[0]), float(value[1]), float(value[2])


def _smooth(low: float, high: float, x: float) -> float:
    s = min(max((x - low) / (high - low), 0.0), 1.0)
    return s * s * (3.0 - 2.0 * s)


def _luminance(colour: Rgb) -> float:
    """Rec. 709 luminance."""
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def _scaled(colour: Rgb, by: float) -> Rgb:
    return colour[0] * by, colour[1] * by, colour[2] * by


def _mixed(a: Rgb, b: Rgb, amount: float) -> Rgb:
    return tuple(x + (y - x) * amount for x, y in zip(a, b, strict=True))  # type: ignore[return-value]
