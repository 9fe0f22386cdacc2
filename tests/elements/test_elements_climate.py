"""Air, wind and lightning from amounts of weather."""

from itertools import pairwise

import pytest

from vitascope import film
from vitascope.world.climate import air_at, flash_curve, lightning_at, strikes, wind_at, with_lightning
from vitascope.world.daylight import sky_at


def _air(world_time=0.0, traits=None, **fields):
    weather = film.Weather(**{k: v for k, v in fields.items() if k in film.Weather.model_fields})
    rest = {k: v for k, v in fields.items() if k not in film.Weather.model_fields}
    set_ = film.Set(place="meadow", weather=weather, **rest)
    traits = traits or {}
    sky = sky_at(set_, film.Light(), 0.0, 0.0, place_traits=traits)
    return air_at(set_, sky, 0.0, world_time, place_traits=traits)


def test_the_same_seed_strikes_at_the_same_times():
    """Sound and picture ask separately and must get the same lightning."""
    assert strikes(8.0, 0.8, 42) == strikes(8.0, 0.8, 42)
    assert strikes(8.0, 0.8, 42) != strikes(8.0, 0.8, 43)


@pytest.mark.parametrize("seed", range(20))
def test_every_storm_shows_a_flash_early(seed):
    """However short the shot, its first flash falls into its first third."""
    struck = strikes(4.0, 0.3, seed)
    assert struck
    assert struck[0].time <= 4.0 / 3
    assert all(a.time < b.time < 4.0 for a, b in pairwise(struck))
    assert all(s.position[2] < 0 for s in struck)


def test_no_lightning_without_a_storm():
    """An amount of nothing strikes never."""
    assert strikes(100.0, 0.0, 1) == ()


def test_a_flash_flickers_and_dies():
    """Brightness starts at once, has a second pulse, and is gone within a second."""
    assert flash_curve(-0.01) == 0.0
    assert flash_curve(0.0) == 1.0
    assert flash_curve(0.11) > flash_curve(0.10)
    assert flash_curve(1.0) < 0.01


def test_the_sky_of_a_flash_holds_its_bolt():
    """The bolt stands where the strike is, and is gone when it is dark."""
    struck = strikes(8.0, 1.0, 7)
    set_ = film.Set(place="sea", weather=film.Weather(clouds=1.0, lightning=1.0))
    sky = sky_at(set_, film.Light(), 0.0, 0.0, place_traits={})

    lit, flash = with_lightning(sky, struck, struck[0].time + 0.01)

    assert flash > 0.3
    assert lit.bolt is not None
    assert lit.bolt[:2] == (struck[0].position[0], struck[0].position[2])
    assert with_lightning(sky, struck, struck[0].time - 0.01) == (sky, 0.0)
    assert lightning_at(struck, struck[0].time - 0.01) == (0.0, None)


def test_thunder_follows_the_flash_by_the_speed_of_sound():
    """A bolt 1,029 m away is heard three seconds later."""
    strike = strikes(8.0, 1.0, 7)[0]
    distance = sum(c * c for c in strike.position) ** 0.5
    assert strike.thunder == pytest.approx(strike.time + distance / 343.0)


def test_fog_thickens_the_air():
    """More fog, shorter sight; full fog still shows what stands fifteen metres away."""
    densities = [_air(fog=f).density for f in (0.0, 0.3, 0.6, 1.0)]
    assert densities == sorted(densities)
    assert densities[-1] * 15.0 < 1.0


def test_rain_wets_more_the_longer_it_falls():
    """Wetness starts high, because rain began before the shot, and grows."""
    early, late = _air(0.0, rain=0.6).wetness, _air(30.0, rain=0.6).wetness
    assert 0.5 < early < late <= 1.0
    assert _air(rain=0.0).wetness == 0.0


def test_snow_lies_where_it_was_asked_for():
    """A snowy set is white, a winter one patchy, a summer one bare."""
    assert _air(features=("snowy",)).snow_cover > 0.9
    assert 0.0 < _air(season="winter").snow_cover < 0.5
    assert _air().snow_cover == 0.0


def test_weather_stays_outside():
    """Indoors nothing falls, and the moon has no wind."""
    inside = _air(rain=1.0, fog=0.5, traits={"indoor": True})
    assert (inside.rain, inside.wetness, inside.density) == (0.0, 0.0, 0.0)
    assert _air(wind=1.0, traits={"airless": True}).wind == (0.0, 0.0, 0.0)


def test_wind_grows_with_its_amount():
    """A gale is more than a breeze at every moment of its swell."""
    for t in range(30):
        calm, gale = (wind_at(film.Weather(wind=w), float(t))[0] for w in (0.1, 0.9))
        assert gale > 4.0 * calm > 0.0
