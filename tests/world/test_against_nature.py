"""Who stands on water or on air, against nature: feet are planted on a level floor, and rain can rise."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from vitascope.film import Action, Attributes, Film, Light, Placement, Set, Shot, Span, Subject, TimeKey, Weather
from vitascope.recipe import catalogue
from vitascope.world.cast import Player, players_of
from vitascope.world.climate import air_at
from vitascope.world.daylight import sky_at
from vitascope.world.families import family
from vitascope.world.places import place_family
from vitascope.world.role import Role

SECONDS = 3.0


def cast(name: str, state: str, *, place: str, height: float = 0.0) -> tuple[float, Player]:
    """The level of the water, and a body that runs ten metres with a state."""
    action = Action(verb="run", span=Span(start=Fraction(0), end=Fraction(3)), path=((5.0, height, 0.0),))
    subject = Subject(
        id="a", recipe=name, name=name, attributes=Attributes(states=(state,)),
        placement=Placement(position=(-5.0, height, 0.0), facing=90.0), actions=(action,),
    )  # fmt: skip
    shot = Shot(id="s", duration=Fraction(3), set=Set(place=place), subjects=(subject,))
    recipe = catalogue().place(place)
    land = place_family(recipe.family).lay(recipe, shot.set, seed=2)
    (player,) = players_of(Film(shots=(shot,)), shot, land, catalogue())
    return (land.water.level if land.water is not None else 0.0), player


def lowest(player: Player, t: float) -> float:
    """Height of the lowest point of the body [m]."""
    kind = family(player.recipe.family)
    body = kind.build(player.recipe, player.subject.attributes, seed=1, detail=9.0)
    role = Role(
        subject=player.subject, recipe=player.recipe, number=1, track=player.track, ground=player.ground,
        duration=SECONDS, seed=3,
    )  # fmt: skip
    pose = kind.perform(body, role).motion.at(t)
    mesh = body.mesh
    assert pose.joints is not None
    assert mesh.weights is not None
    joints = pose.joints.astype(float)[mesh.joints]
    matrices = np.einsum("nk,nkab->nab", mesh.weights.astype(float), joints)
    local = np.einsum("nab,nb->na", matrices[:, :3, :3], mesh.positions.astype(float)) + matrices[:, :3, 3]
    root = pose.transforms[0].astype(float)
    return float((local @ root[:3, :3].T + root[:3, 3])[:, 1].min())


@pytest.mark.parametrize("place", ["ocean", "lake"])
@pytest.mark.parametrize("name", ["horse", "dog"])
def test_feet_stand_on_the_water_and_not_under_it(name, place):
    """The lowest foot is at the level of the water, a bound of a run above it at most, whatever lies below."""
    level, player = cast(name, "on water", place=place)
    heights = [lowest(player, t) - level for t in (0.4, 1.1, 1.9, 2.6)]
    assert min(heights) > -0.05
    assert max(heights) < 0.35


def test_feet_tread_on_air_at_the_height_of_the_placement():
    """A horse aloft runs as it does on the ground, so many metres up."""
    _, player = cast("horse", "aloft", place="lake", height=12.0)
    _, below = cast("horse", "on water", place="lake")
    for t in (0.4, 1.1, 1.9):
        assert lowest(player, t) - lowest(below, t) == pytest.approx(12.0 - below.ground.at(0, 0) + _base(), abs=0.1)


def _base() -> float:
    """Height of the ground at the mark of the lake, or of its water."""
    recipe = catalogue().place("lake")
    land = place_family(recipe.family).lay(recipe, Set(place="lake"), seed=2)
    assert land.water is not None
    return max(land.ground.at(0.0, 0.0), land.water.level)


@pytest.mark.parametrize("weather", [Weather(rain=0.6), Weather(snow=0.6)])
def test_rain_rises_in_an_updraught_that_outdoes_its_fall(weather):
    """Only where the trait is; elsewhere wind is level."""

    def upward(*features: str) -> float:
        place = Set(place="meadow", weather=weather, features=features, hours=(TimeKey(at=Fraction(0), hour=14.0),))
        sky = sky_at(place, Light(), 0.0, 0.0, place_traits={})
        return air_at(place, sky, 0.0, 0.0, place_traits={}).wind[1]

    assert upward() == 0.0
    assert upward("rising rain") > (10.0 if weather.rain else 1.3)


def test_the_suns_disc_can_stand_where_shadows_point():
    """With the trait the disc is opposite the light; without it, in its direction."""

    def across(*features: str) -> float:
        place = Set(place="meadow", features=features, hours=(TimeKey(at=Fraction(0), hour=16.0),))
        sky = sky_at(place, Light(), 0.0, 0.0, place_traits={})
        light, disc = np.array(sky.sun_direction)[[0, 2]], np.array(sky.disc_direction)[[0, 2]]
        return float(light @ disc / (np.linalg.norm(light) * np.linalg.norm(disc)))

    assert across() == pytest.approx(1.0)
    assert across("shadows towards the sun") == pytest.approx(-1.0)
