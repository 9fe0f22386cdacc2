"""Places and what hangs over them: traits, skies, hours, mediums, flights and what comes into sight."""

from fractions import Fraction

import pytest

from vitascope.director import read
from vitascope.recipe import catalogue

SHIPPED = catalogue()


@pytest.fixture
def shipped():
    """The draft of a prompt with the library that ships, without WordNet."""
    return lambda prompt: read(prompt, catalogue=SHIPPED, wordnet=None).draft


TRAITS = [
    ("an ancient forest", "forest", "ancient"), ("an old forest", "forest", "ancient"),
    ("a snowy forest", "forest", "snowy"), ("snowy mountains", "snowy_mountains", None),
    ("snow-capped mountains", "snowy_mountains", None), ("a crystal-clear lake", "lake", "crystal-clear"),
    ("a tropical beach", "beach", "tropical"), ("a flower meadow", "meadow", "flowers"),
    ("a busy street", "city_street", "crowded"), ("a dog under the full moon", None, "full moon"),
    ("a wolf howls at the moon", None, "full moon"), ("a ship under the stars", None, "stars"),
    ("the aurora over a lake", "lake", "aurora"), ("a rainbow over a meadow", "meadow", "rainbow"),
    ("an astronaut on the moon, the Earth in the sky", "moon", "earth in the sky"),
    ("a moon rover, Earth rising", None, "earth in the sky"),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "place", "trait"), TRAITS, ids=[row[0] for row in TRAITS])
def test_traits_of_places_and_skies(shipped, prompt, place, trait):
    """Adjectives of places and things in the sky are features of the set or its place; snow on the ground does not fall."""
    wish = shipped(prompt).set

    assert trait is None or trait in wish.features
    assert place is None or wish.place == place
    assert wish.weather.snow == 0


HOMES = [
    ("a ship in a storm with huge waves", "ship"), ("a lighthouse in a storm, rain and waves", "lighthouse"),
    ("an elephant in the wind", "elephant"), ("a cat in the rain", "cat"),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "recipe"), HOMES, ids=[row[0] for row in HOMES])
def test_weather_does_not_choose_the_place(shipped, prompt, recipe):
    """Storm, rain and waves move the air; what stands in them stands where it is at home, under the open sky."""
    draft = shipped(prompt)

    assert [entity.recipe for entity in draft.entities] == [recipe]
    assert not SHIPPED.places[draft.set.place].indoor
    assert draft.set.weather.wind >= 0.6 or draft.set.weather.rain > 0.3
    assert SHIPPED.places[draft.set.place].medium == ("water" if recipe == "ship" else "ground")


UNSUITED = [("a man in the sky", "air"), ("a car on the ocean", "water"), ("a dog in space", "space")]


@pytest.mark.parametrize(("prompt", "medium"), UNSUITED, ids=[row[0] for row in UNSUITED])
def test_bodies_of_the_land_stay_on_land(shipped, prompt, medium):
    """Who neither swims, flies nor is carried does not stand in air, water or space."""
    assert SHIPPED.places[shipped(prompt).set.place].medium != medium


def test_who_swims_may_be_at_sea(shipped):
    """A swimmer and a ship's passenger are at sea."""
    assert shipped("a man swims in the ocean").set.place == "ocean"
    assert shipped("a man on a ship in the ocean").set.place == "ocean"


def test_another_place_is_said_to_be_another():
    """The reading does not claim a place that was exchanged."""
    reading = read("a dog in space", catalogue=SHIPPED, wordnet=None).reading

    assert [p.status for p in reading.phrases if p.kind == "place"] == ["substituted"]


HOURS = [
    ("dawn", 6.45), ("sunrise", 6.7), ("morning", 8.5), ("evening", 18.4), ("golden hour", 18.5), ("sunset", 18.95),
    ("dusk", 19.5), ("twilight", 19.5), ("blue hour", 19.8),
]  # fmt: skip


@pytest.mark.parametrize(("word", "hour"), HOURS, ids=[row[0] for row in HOURS])
def test_words_for_hours(shipped, word, hour):
    """Each word for a time of day is its hour; without one the sun stands in the afternoon."""
    assert shipped(f"a lake at {word}").set.hours[0].hour == hour
    assert shipped("a lake").set.hours[0].hour == 15.8


def test_the_sun_moves_within_the_shot(shipped):
    """A setting sun sinks and a rising one climbs while the shot lasts; day turns to night from 15:30 to 22:30."""
    sinking, rising = shipped("the sun sets over the ocean").set.hours, shipped("the sun rises over a lake").set.hours
    turning = shipped("a house as day turns to night, time-lapse").set.hours

    assert 18 < sinking[0].hour < sinking[-1].hour < 19.5
    assert 6 < rising[0].hour < rising[-1].hour < 8
    assert [(key.at, key.hour) for key in turning] == [(Fraction(0), 15.5), (Fraction(1), 22.5)]


def test_a_flight_over_a_place_is_seen_from_the_air(shipped):
    """The place flown over is the set, the camera is in the air, and what is revealed is revealed by it."""
    draft = shipped("A drone flies over an ancient forest canopy, revealing a crystal-clear lake below")

    assert (draft.set.place, draft.camera.angle) == ("forest", "aerial")
    assert [move.kind for move in draft.camera.moves] == ["reveal"]
    assert {"ancient", "lake", "crystal-clear"} <= set(draft.set.features)
    assert [entity.recipe for entity in draft.entities] == ["drone"]


def test_an_angle_that_was_asked_for_stays(shipped):
    """A low angle on a flight is a low angle."""
    assert shipped("low angle shot of a drone flying over mountains").camera.angle == "low"


def test_what_is_revealed_is_the_cameras_target(shipped):
    """A castle that a flight reveals is what the camera reveals."""
    (move,) = shipped("an eagle flies over mountains, revealing a castle").camera.moves

    assert (move.kind, move.target) == ("reveal", "castle")


def test_a_school_passes_a_wreck(shipped):
    """Fourteen fish keep their number; the sunken ship is scenery that they swim past, behind them."""
    draft = shipped("A school of orange fish swims past a sunken ship underwater")
    ship = draft.entities[-1]

    assert sum(entity.recipe == "fish" for entity in draft.entities) == 14
    assert (ship.role, ship.attributes.states) == ("scenery", ("sunken",))
    assert {(a.target, a.target_relation) for a in draft.actions} == {(ship.id, "past")}
    assert draft.set.place == "underwater"


def test_what_bears_things_is_furniture(shipped):
    """ "on a desk" is a desk that carries the lamp, and no office by that name; "its mother" is of its kind."""
    desk = shipped("a vase and a book on a desk")
    family = shipped("A baby penguin follows its mother")

    assert {(r.kind, r.entity, r.targets) for r in desk.relations} == {
        ("on", "vase", ("desk",)),
        ("on", "book", ("desk",)),
    }
    assert [entity.recipe for entity in family.entities] == ["penguin", "penguin"]


def test_waves_in_a_list_of_weather_name_no_place():
    """Waves behind "with" or "and" are weather as rain and storm are, and the lighthouse stands where it is at home."""
    result = read("A lighthouse in a storm at night, with rain and huge waves", catalogue=SHIPPED, wordnet=None)

    assert {phrase.kind for phrase in result.reading.phrases} <= {"subject", "weather", "time", "attribute"}
    assert not result.draft.set.said


def test_vehicles_pass_as_vehicles_do(shipped):
    """A train that passes drives, a ship that passes sails."""
    assert [a.verb for a in shipped("a train passes a house").actions] == ["drive"]
    assert [a.verb for a in shipped("a ship passes a lighthouse").actions] == ["sail"]
