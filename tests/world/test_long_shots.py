"""A long shot is prepared nearly as fast as a short one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from vitascope.director import direct
from vitascope.film import seed_for
from vitascope.recipe import catalogue
from vitascope.world.build import build_stage
from vitascope.world.camera import camera_path
from vitascope.world.cast import players_of
from vitascope.world.places import place_family
from vitascope.world.track import Ground


def asked_by_the_camera(sentence: str, seconds: int) -> int:
    """How often the ground is asked while the cast is placed and the camera's path is laid."""
    film = direct(sentence, catalogue=catalogue(), seconds=Fraction(seconds))
    shot = film.shots[0]
    place = catalogue().place(shot.set.place)
    land = place_family(place.family).lay(place, shot.set, seed=seed_for(film.seed, "place", place.name))
    asked = []

    def counted(x, z):
        asked.append(len(x))
        return land.ground.height(x, z)

    watched = replace(land, ground=Ground(height=counted, surface=land.ground.surface))
    players = players_of(film, shot, watched, catalogue())
    camera_path(shot, [p.figure for p in players], watched, aspect=16 / 9, seed=1)
    return len(asked)


def test_the_camera_asks_the_ground_as_often_for_a_minute_as_for_five_seconds() -> None:
    """A camera that follows someone through the dunes asks for all moments at once."""
    sentence = "A woman walks through the desert, tracking shot"

    assert asked_by_the_camera(sentence, 60) == asked_by_the_camera(sentence, 5) < 60


@pytest.mark.parametrize("sentence", ["A car drives through the desert", "A campfire burns in the desert"])
def test_what_sounds_all_the_time_is_followed_in_one_go(sentence: str) -> None:
    """The places of a lasting sound are those of the thing itself, every twentieth of a second."""
    stage = build_stage(direct(sentence, catalogue=catalogue(), seconds=Fraction(5)))
    source = stage.soundscape().sources[0]
    thing = next(t for t in stage.things if t.subject == 1)

    assert len(source.times) == 101
    for k in (0, 37, 100):
        x, y, z = thing.motion.at(source.times[k]).transforms[0][:3, 3]
        assert source.positions[k] == pytest.approx([x, y + (0.5 if "car" in sentence else 0.0), z], abs=1e-4)
