"""A shot is told in one sentence that says what the document says, and changes only where the document does."""

from __future__ import annotations

import pytest

from vitascope.director import direct
from vitascope.director.caption import caption_of
from vitascope.film import AttributesChange, Change, ChangeSubject, Edit, Film, apply
from vitascope.recipe import catalogue


def film_of(words: str) -> Film:
    return direct(words, catalogue=catalogue(), wordnet=None)


@pytest.mark.parametrize(
    "words",
    [
        "a red ball rolls to the left on a beach at sunset, the camera pans left",
        "two green cars drive away from the camera on a city street at night",
        "three women in blue coats walk towards the camera in a meadow",
        "a purple balloon flies to the right over a lake, the camera orbits",
        "three ducks swim to the left on a lake",
        "a black cube slides away from the camera in a desert, the camera moves in",
    ],
)
def test_a_plain_sentence_is_told_as_it_was_said(words: str):
    """Who, how many, their colour, where they go, where, when and the camera come back in the same words."""
    assert caption_of(film_of(words).shots[0]) == words


@pytest.mark.parametrize(
    "words",
    [
        "A snow leopard climbs a mountain ridge as clouds roll by",
        "A woman rides a horse along the beach in the rain",
        "An old fisherman in a yellow raincoat stands on a pier in heavy fog at dawn",
        "A dog and a cat play in the garden while it snows",
    ],
)
def test_what_is_told_is_read_as_what_was_told(words: str):
    """A caption that is filmed and told again is the same caption: nothing of it was lost on the way."""
    told = caption_of(film_of(words).shots[0])

    assert caption_of(film_of(told).shots[0]) == told


def test_an_edit_changes_only_its_own_words():
    """A ball in another colour is told with another colour."""
    film = film_of("a red ball rolls to the left on a beach at sunset")
    green = Edit(operations=(Change(what=ChangeSubject(subject="ball", attributes=AttributesChange(colour="green"))),))

    after = apply(film, green)

    assert caption_of(after.shots[0]) == caption_of(film.shots[0]).replace("red", "green")
