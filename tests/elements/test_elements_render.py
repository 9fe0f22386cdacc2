"""What the passes of sky, water and weather draw."""

import re
from dataclasses import replace

import numpy as np
import pytest

from vitascope import film
from vitascope.render.gpu import shader_source
from vitascope.render.sky import SKY_BYTES, pack_sky
from vitascope.render.water import WATER_BYTES, pack_water
from vitascope.render.weather import WEATHER_BYTES, bolt_segments
from vitascope.world.sky import Sky
from vitascope.world.stage import Water


def _set(hour, **weather):
    return film.Set(place="sea", hours=(film.TimeKey(at=0, hour=hour),), weather=film.Weather(**weather))


def _struct_bytes(source, name):
    sizes = {"vec4f": 16, "f32": 4}
    source = re.sub(r"//.*", "", source)
    total = 0
    for field in re.findall(r":\s*([\w<>, ]+),", re.search(rf"struct {name} \{{(.*?)\n\}}", source, re.S).group(1)):
        array = re.fullmatch(r"array<(\w+), (\d+)>", field.strip())
        kind, count = (array.group(1), int(array.group(2))) if array else (field.strip(), 1)
        total += count * (sizes.get(kind) or _struct_bytes(source, kind))
    return total


@pytest.mark.parametrize(
    ("shader", "struct", "size"),
    [
        ("sky.wgsl", "Sky", SKY_BYTES),
        ("water_waves.wgsl", "Water", WATER_BYTES),
        ("weather.wgsl", "Weather", WEATHER_BYTES),
    ],
)
def test_packed_values_fill_their_structs(shader, struct, size):
    """What is packed is as long as what the shader declares."""
    assert _struct_bytes(shader_source(shader), struct) == size


def test_packing_gives_the_promised_lengths():
    """The sizes that others allocate are the sizes that are written."""
    assert len(pack_sky(Sky())) == SKY_BYTES
    assert len(pack_water(Water(), 3.0)) == WATER_BYTES


def test_a_clear_noon_is_blue(studio, stage_of):
    """Above, blue leads green and green leads red; nothing is clipped or black."""
    sky = studio.picture(stage_of(_set(12.5, clouds=0.0), tilt=40.0), 0.0)
    red, green, blue = sky[:60].reshape(-1, 3).mean(axis=0)
    assert blue > green > red > 0.02
    assert np.isfinite(sky).all()


def test_the_sun_sets_before_the_camera(studio, stage_of):
    """At sunset the horizon is warmer than the sky above it, and warmest where the sun is."""
    sky = studio.picture(stage_of(_set(19.2, clouds=0.0), tilt=10.0), 0.0)
    low, high = sky[60:70].reshape(-1, 3).mean(axis=0), sky[:10].reshape(-1, 3).mean(axis=0)
    assert low[0] / low[2] > 2.0 * high[0] / high[2]
    assert sky[40:75, :50].max() > 1.0


def test_clouds_roll_by(studio, stage_of):
    """Ten seconds later clouds stand elsewhere; without clouds only the sky remains."""
    cloudy = stage_of(_set(14.0, clouds=0.5), tilt=15.0)
    now, later = studio.picture(cloudy, 0.0), studio.picture(cloudy, 10.0)
    assert np.abs(now - later)[:40].mean() > 0.01


def test_the_same_moment_is_the_same_picture(studio, stage_of):
    """Drawing other moments in between changes nothing, bit for bit."""
    stage = stage_of(_set(16.0, clouds=0.5, rain=0.4), water=Water(wave_height=0.5))
    first = studio.picture(stage, 2.0)
    studio.picture(stage, 5.0)
    assert np.array_equal(first, studio.picture(stage, 2.0))


def test_night_has_stars_and_a_moon(studio, stage_of):
    """Some pixels of a clear night are far brighter than the rest."""
    night = studio.picture(stage_of(_set(23.0, clouds=0.0), tilt=15.0), 0.0).mean(axis=2)
    assert np.median(night) < 0.12
    assert night.max() > 10.0 * np.median(night)


def test_calm_water_mirrors_the_sky(studio, stage_of):
    """Near the horizon a mirror shows the colour of the sky above it."""
    still = Water(wave_height=0.0, shore=False, foam=0.0)
    picture = studio.picture(stage_of(_set(14.0, clouds=0.0), tilt=0.0, water=still), 0.0)
    above, below = picture[38:42].mean(axis=(0, 1)), picture[48:52].mean(axis=(0, 1))
    np.testing.assert_allclose(below, above, rtol=0.35)


def test_falling_snow_and_rain_are_seen(studio, stage_of):
    """Weather in the air changes the picture from what the same sky shows without it."""
    for weather in ({"rain": 0.8}, {"snow": 0.8}):
        stage = stage_of(_set(14.0, clouds=1.0, **weather))
        air = stage.snapshot(1.0).air
        dry = stage_of(_set(14.0, clouds=1.0, **weather), air=replace(air, rain=0.0, snow=0.0))
        assert np.abs(studio.picture(stage, 1.0) - studio.picture(dry, 1.0)).max() > 0.05


def test_a_bolt_reaches_from_cloud_to_ground():
    """The first segments form one line from the cloud base to the ground; branches stay above it."""
    segments = bolt_segments(Sky(bolt=(40.0, -900.0, 17.0, 1.0)))
    channel = segments[:64]
    assert channel[0, 0, 1] > 800.0
    np.testing.assert_allclose(channel[-1, 1, [0, 2]], [40.0, -900.0], atol=1.0)
    np.testing.assert_allclose(channel[1:, 0, :3], channel[:-1, 1, :3], atol=1e-3)
    assert len(segments) <= 400
    assert len(bolt_segments(Sky())) == 0
