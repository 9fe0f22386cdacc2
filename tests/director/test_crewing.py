"""Somebody drives: who comes to the wheel when nobody is named, and who does not."""

from __future__ import annotations

import pytest

from vitascope.director import direct
from vitascope.film import Shot, Subject
from vitascope.recipe import catalogue


def shot_of(prompt: str) -> Shot:
    return direct(prompt, catalogue=catalogue(), wordnet=None).shots[0]


def remarks_of(prompt: str) -> tuple[str, ...]:
    return direct(prompt, catalogue=catalogue(), wordnet=None).reading.remarks


def people(shot: Shot) -> list[Subject]:
    return [s for s in shot.subjects if catalogue().recipe(s.recipe).kind == "person"]


@pytest.mark.parametrize(
    ("prompt", "name", "vehicle"),
    [
        ("A red vintage convertible drives along a coastal road at sunset", "driver", "convertible"),
        ("a blue car drives down a city street", "driver", "car"),
        ("a truck drives along a road", "driver", "truck"),
        ("a bus drives past a parked car", "driver", "bus"),
        ("a taxi drives through the city", "driver", "taxi"),
        ("a bicycle rides along a road", "cyclist", "bicycle"),
        ("a motorcycle speeds along a highway", "rider", "motorcycle"),
        ("a sailboat sails on the ocean", "sailor", "sailboat"),
        ("a car is being driven along a road", "driver", "car"),
    ],
)
def test_a_vehicle_under_way_has_somebody_on_its_seat(prompt: str, name: str, vehicle: str):
    """A subject with an identity, in no leading part, of whom the reading tells."""
    shot = shot_of(prompt)
    (driver,) = people(shot)

    assert (driver.id, driver.name) == (name, name)
    assert (driver.placement.on, driver.placement.socket) == (vehicle, "seat")
    assert shot.subjects[0].id == vehicle
    assert any(
        f"Nobody was named on the {vehicle}" in r and f"no {name}" in r
        for r in remarks_of(prompt)
        if "WordNet" not in r
    )


@pytest.mark.parametrize(
    "prompt",
    [
        "a parked car on a street",
        "a red car on a street",
        "a driverless car drives down the road",
        "a self-driving taxi drives through the city",
        "an empty bus drives along a street",
        "a car drives along a road, no people",
        "a car with no driver drives along a road",
        "a car without a driver drives along a road",
        "a car with nobody inside drives along a road",
        "a car drives along a road without anybody in it",
        "a rowing boat drifts on a lake",
        "a toy car rolls across the floor",
        "a bicycle leans against a wall",
        "a train drives across a meadow",
    ],
)
def test_what_is_parked_driverless_or_adrift_has_nobody(prompt: str):
    """And the reading adds nobody."""
    assert people(shot_of(prompt)) == []
    assert not any("was added" in remark for remark in remarks_of(prompt))


@pytest.mark.parametrize(
    ("prompt", "who", "vehicle"),
    [
        ("A woman drives a red convertible", "woman", "convertible"),
        ("A man rides a bicycle", "man", "bicycle"),
        ("A driver drives a bus", "driver", "bus"),
        ("A man rows a boat on a lake", "man", "boat"),
        ("A cyclist rides along the river", "cyclist", "bicycle"),
    ],
)
def test_who_is_named_drives(prompt: str, who: str, vehicle: str):
    """Nobody comes besides; the camera goes with the vehicle, and both are in the picture."""
    shot = shot_of(prompt)
    (person,) = people(shot)

    assert person.id == who
    assert (person.placement.on, person.placement.socket) == (vehicle, "seat")
    assert any(s.id == vehicle and any(a.path for a in s.actions) for s in shot.subjects)
    assert [(m.kind, m.target) for m in shot.camera.moves] == [("track", vehicle)]
    assert shot.camera.focus == vehicle


def test_a_dog_drives():
    """An animal that is said to drive sits at the wheel, not on the roof, and the car goes."""
    shot = shot_of("A dog drives a car")
    dog, car = shot.subjects

    assert (dog.placement.on, dog.placement.socket) == ("car", "seat")
    assert [a.verb for a in dog.actions] == ["sit"]
    assert any(a.verb == "drive" and a.path for a in car.actions)


def test_a_cat_on_a_car_is_on_its_roof():
    """Who does not drive stays outside."""
    assert shot_of("A cat sits on a car").subjects[0].placement.socket == "top"


def test_two_cars_stay_two_cars():
    """Each has a driver of its own; there are two subjects called car."""
    shot = shot_of("two cars race")

    assert [s.name for s in shot.subjects] == ["car", "car", "driver", "driver"]
    assert {s.placement.on for s in people(shot)} == {"car-1", "car-2"}


def test_of_many_vehicles_the_first_few_have_drivers():
    """A crowd on wheels is not a crowd of people."""
    assert len(people(shot_of("twelve cars drive along a road"))) == 6


def test_passengers_sit_where_there_are_seats():
    """One at the wheel, the others on the places that the vehicle has, none on another's lap and none outside."""
    shot = shot_of("a family drives in a car")
    places = [s.placement.position for s in people(shot)]

    assert places[0] == (0.0, 0.0, 0.0)
    assert len(set(places)) == 4
    assert all(-0.8 <= x <= 0.0 for x, _, _ in places)


def test_a_bus_that_passes_a_car_is_not_in_it():
    """Driving past is not riding."""
    bus = shot_of("a bus drives past a parked car").subjects[0]

    assert bus.placement.on is None
    assert any(a.path for a in bus.actions)


def test_the_same_film_but_for_the_driver():
    """Who comes stands last and changes nothing of the others."""
    plain = direct("a car drives along a road, no people", catalogue=catalogue(), wordnet=None).shots[0]
    manned = direct("a car drives along a road", catalogue=catalogue(), wordnet=None).shots[0]

    assert manned.subjects[0] == plain.subjects[0]
    assert manned.camera == plain.camera
