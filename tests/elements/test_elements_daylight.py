"""Sun, sky and exposure by the hour."""

import math

import numpy as np
import pytest

from vitascope import film
from vitascope.world.daylight import exposure_for, hour_at, illuminance, sky_at, sun_angles, sun_irradiance

LIGHT = film.Light()


def _set(hour, **weather):
    return film.Set(
        place="meadow", hours=(film.TimeKey(at=0, hour=hour),), weather=film.Weather(**{"clouds": 0.2, **weather})
    )


def _sky(hour, traits=None, **weather):
    return sky_at(_set(hour, **weather), LIGHT, 0.0, 0.0, place_traits=traits or {})


def _grey_card(hour, traits=None, **weather):
    sky = _sky(hour, traits, **weather)
    return 0.18 * illuminance(sky) * exposure_for(sky, LIGHT, place_traits=traits or {})


@pytest.mark.parametrize(
    ("hour", "low", "high"),
    [(12.5, 55, 65), (15.5, 30, 40), (18.6, 5, 7), (19.2, 1, 3), (19.9, -5, -3), (23.0, -19, -17), (6.0, -6, 0)],
)
def test_the_sun_stands_where_the_named_hour_puts_it(hour, low, high):
    """Noon is high, golden hour six degrees, sunset just above the horizon, dusk just below it."""
    assert low <= sun_angles(hour)[0] <= high


def test_a_day_has_no_jump():
    """In a time-lapse through 24 hours no minute changes what is seen by more than a twelfth."""
    before = None
    for minute in range(24 * 60 + 1):
        sky = _sky(minute / 60.0)
        exposure = exposure_for(sky, LIGHT, place_traits={})
        seen = np.concatenate([sky.zenith, sky.horizon, sky.glow, sky.cloud_colour, sky.cloud_shade]) * exposure
        key = np.array(sky.sun_colour) * exposure
        towards = np.array(sky.sun_direction)
        if before is not None:
            assert np.abs(seen - before[0]).max() < 1 / 12
            assert np.abs(key - before[1]).max() < 0.12
            turned = math.degrees(math.acos(np.clip(towards @ before[2], -1, 1)))
            assert turned < 3.0
        before = seen, key, towards


def test_hours_past_midnight_wrap():
    """Hour 25 is one in the morning."""
    assert sun_angles(25.0) == pytest.approx(sun_angles(1.0))


def test_the_hour_runs_linearly_between_keys():
    """A lapse from 6 to 30 o'clock in ten seconds is at 18 o'clock in its middle."""
    keys = (film.TimeKey(at=0, hour=6.0), film.TimeKey(at=10, hour=30.0))
    assert hour_at(keys, 5.0) == pytest.approx(18.0)
    assert hour_at(keys, 20.0) == pytest.approx(30.0)


def test_low_sun_is_redder_and_weaker():
    """More air takes more blue than red."""
    noon, evening = np.array(sun_irradiance(60.0)), np.array(sun_irradiance(3.0))
    assert evening.sum() < noon.sum()
    assert evening[2] / evening[0] < 0.5 * noon[2] / noon[0]


@pytest.mark.parametrize("hour", [8.5, 10.5, 12.5, 14.0, 15.5])
@pytest.mark.parametrize("clouds", [0.0, 0.5, 1.0])
def test_by_day_a_grey_card_is_mid_grey(hour, clouds):
    """Whatever the clouds, exposure puts the card between 0.1 and 0.35."""
    assert 0.1 <= _grey_card(hour, clouds=clouds) <= 0.35


@pytest.mark.parametrize("weather", [{}, {"clouds": 1.0, "rain": 0.8}, {"clouds": 1.0, "lightning": 1.0}])
def test_at_night_a_grey_card_is_dark_but_readable(weather):
    """Night stays night without crushing what stands in it."""
    assert 0.01 <= _grey_card(23.0, **weather) <= 0.08


def test_at_sunset_the_sky_is_not_clipped():
    """The horizon stays below twice the white of the picture."""
    sky = _sky(19.2)
    assert max(sky.horizon) * exposure_for(sky, LIGHT, place_traits={}) < 1.0


def test_stops_of_exposure_are_stops():
    """One stop over doubles the picture."""
    sky = _sky(14.0)
    brighter = exposure_for(sky, film.Light(exposure=1.0), place_traits={})
    assert brighter == pytest.approx(2.0 * exposure_for(sky, LIGHT, place_traits={}))


def test_overcast_takes_the_key_and_keeps_the_sky():
    """Under a closed layer the sun is a twentieth of itself and its disc is gone."""
    clear, closed = _sky(12.5, clouds=0.1), _sky(12.5, clouds=1.0)
    assert closed.sun_colour[0] < 0.08 * clear.sun_colour[0]
    assert closed.disc < 0.01
    assert closed.overcast > 0.99


def test_a_bare_world_has_a_black_sky():
    """Without air there is neither dome nor haze, only one hard light."""
    sky = _sky(12.5, {"airless": True, "earth": 6.0})
    assert sky.airless
    assert sky.zenith == (0.0, 0.0, 0.0)
    assert sky.earth == 6.0


def test_the_asked_azimuth_lights_the_set():
    """A light from screen right comes from +x."""
    sky = sky_at(_set(14.0), film.Light(azimuth=90.0), 0.0, 0.0, place_traits={})
    assert sky.sun_direction[0] > 0.5
    assert abs(sky.sun_direction[2]) < 1e-6


def test_clouds_drift_with_the_world():
    """The clouds of the same moment stand elsewhere when more of the world's time has passed."""
    early, late = (sky_at(_set(14.0), LIGHT, 1.0, w, place_traits={}).cloud_offset for w in (1.0, 100.0))
    assert late[0] == pytest.approx(100.0 * early[0])
