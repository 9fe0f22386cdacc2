"""Light, weather, style, colours, who comes and who goes, in words."""

from __future__ import annotations

import pytest

from vitascope.director.editing import NoChange, Question

PARK = "a man in a red coat walks his dog in a park, a tree on the left"


@pytest.mark.parametrize(
    "words",
    [
        "make it sunset",
        "change the lighting to sunset",
        "sunset",
        "could we see it at sunset?",
        "turn the light to sunset please",
    ],
)
def test_the_light_becomes_that_of_sunset(edited, words):
    """Whatever the form of the wish, the hour is that of sunset."""
    _, after = edited(PARK, words)

    assert after.shots[0].set.hours[0].hour == pytest.approx(18.95)


@pytest.mark.parametrize(
    "words", ["make the dog black", "paint the dog black", "turn the dog black", "the dog should be black"]
)
def test_a_dog_becomes_black_and_nothing_else_changes(edited, words):
    """Only the colour of the dog differs."""
    before, after = edited(PARK, words)

    dog = next(s for s in after.shots[0].subjects if s.id == "dog")
    assert dog.attributes.colour == "black"
    assert [s for s in after.shots[0].subjects if s.id != "dog"] == [
        s for s in before.shots[0].subjects if s.id != "dog"
    ]


def test_which_of_two_is_asked(say):
    """Two dogs, one instruction: a question with a choice for each, and both."""
    reply = say("two dogs run on a beach", "make the dog black")

    assert isinstance(reply, Question)
    assert [choice.label for choice in reply.choices] == ["the dog on the left", "the dog on the right", "both"]


def test_what_is_so_already_is_said(say, edited):
    """A wish that is fulfilled changes nothing."""
    _, after = edited(PARK, "make it sunset")

    assert isinstance(say(after, "make it sunset"), NoChange)
