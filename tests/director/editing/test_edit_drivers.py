"""Drivers whom nobody named are subjects like others: they are changed, taken off, and come and go with what they drive."""

from __future__ import annotations

import pytest

from vitascope.director.editing import Proposal
from vitascope.film import Film, Garment

CONVERTIBLE = "A red vintage convertible drives along a coastal road at sunset"


def riders(film: Film) -> dict[str, str | None]:
    """Who is on what."""
    return {s.id: s.placement.on for s in film.shots[0].subjects if s.placement.on}


def test_the_driver_is_taken_off(edited):
    """And does not come back when the car is changed."""
    _, alone = edited(CONVERTIBLE, "remove the driver")
    _, faster = edited(alone, "make the convertible faster")

    assert riders(alone) == {}
    assert riders(faster) == {}


def test_the_driver_becomes_another(edited):
    """At the same wheel, with the same identity."""
    before, after = edited(CONVERTIBLE, "make the driver a woman in a yellow dress")
    driver = after.shots[0].subjects[1]

    assert (driver.id, driver.recipe) == ("driver", "woman")
    assert Garment(kind="dress", colour="yellow") in driver.attributes.clothing
    assert driver.placement == before.shots[0].subjects[1].placement


def test_a_dog_takes_the_wheel(edited):
    """It sits where the driver sat."""
    _, after = edited(CONVERTIBLE, "replace the driver with a dog")
    dog = after.shots[0].subjects[1]

    assert (dog.recipe, dog.placement.on) == ("dog", "convertible")
    assert [a.verb for a in dog.actions] == ["sit"]


def test_the_driver_goes_with_the_car(edited):
    """Nobody is left sitting on the road; a woman who was named stays."""
    _, gone = edited("a red car drives down a street", "remove the car")
    _, kept = edited("A woman drives a red convertible", "remove the convertible")

    assert gone.shots[0].subjects == ()
    assert [s.id for s in kept.shots[0].subjects] == ["woman"]


@pytest.mark.parametrize(
    ("about", "words", "who"),
    [
        ("A red car parked on a street", "the car drives away", {"driver": "car"}),
        ("a dog in a park", "add a blue truck driving past", {"driver": "truck"}),
        (CONVERTIBLE, "make it two convertibles", {"driver": "convertible", "driver-2": "convertible-2"}),
        (CONVERTIBLE, "add a taxi driving past without a driver", {"driver": "convertible"}),
        (CONVERTIBLE, "make it night", {"driver": "convertible"}),
    ],
)
def test_whatever_begins_to_drive_gets_a_driver(edited, say, about: str, words: str, who: dict[str, str]):
    """Unless nobody is wanted; the answer says so."""
    before, after = edited(about, words)
    reply = say(about, words)

    assert riders(after) == who
    assert isinstance(reply, Proposal)
    assert ("there is a driver on the" in reply.said) == (len(who) > len(riders(before)))


def test_a_car_that_is_driverless_now_loses_its_driver(edited, say):
    """The same words as for a new film."""
    _, after = edited("a red car drives down a street", "make the car driverless")

    assert riders(after) == {}
