"""Words that once led astray: each row is a phrasing, the film it is said of, and what the film says afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from vitascope.director.editing import NotUnderstood
from vitascope.film import Film

Check = Callable[[Film], object]


def subject(film: Film, name: str):
    return next(s for s in film.shots[0].subjects if s.id == name)


def count(film: Film, recipe: str) -> int:
    return sum(s.recipe == recipe for s in film.shots[0].subjects)


CATS = "a black cat and a white cat sit on a sofa"
CHILDREN = "three children play with a ball on a beach"
GIRL = "a girl in a yellow dress dances in a garden"
ROAD = "a red car drives on a country road at sunset"
ROWS: list[tuple[str, str, Check, object]] = [
    (ROAD, "add a second car behind it", lambda f: (count(f, "sedan"), f.duration), (2, 5)),
    (ROAD, "what about a green car?", lambda f: subject(f, "car").attributes.colour, "green"),
    (ROAD, "switch to noon", lambda f: f.shots[0].set.hours[0].hour, 12.5),
    (ROAD, "let the sun set during the shot", lambda f: len(f.shots[0].set.hours), 2),
    (ROAD, "freeze the camera", lambda f: f.shots[0].camera.moves, ()),
    (ROAD, "add some trees along the road", lambda f: f.shots[0].set.features, ()),
    (CHILDREN, "make it two children", lambda f: count(f, "child"), 2),
    (CHILDREN, "one child less", lambda f: count(f, "child"), 2),
    (CHILDREN, "only two children", lambda f: count(f, "child"), 2),
    (CHILDREN, "make the ball bigger and blue", lambda f: (f.shots[0].subjects[3].attributes.scale > 1,
                                                           f.shots[0].subjects[3].attributes.colour), (True, "blue")),
    (CATS, "make the black cat jump off the sofa", lambda f: subject(f, "cat-1").actions[-1].verb, "jump"),
    (CATS, "make the sofa red leather", lambda f: (subject(f, "sofa").attributes.colour, subject(f, "sofa").attributes.material),
     ("red", "leather")),
    (GIRL, "give her a red hat", lambda f: [g.kind for g in subject(f, "girl").attributes.clothing], ["dress", "hat"]),
    (GIRL, "make her hair longer", lambda f: subject(f, "girl").attributes.hair, "long"),
    (GIRL, "let her dance slower", lambda f: subject(f, "girl").actions[0].vigour < 1, True),
    (GIRL, "make her wear black", lambda f: [(g.kind, g.colour) for g in subject(f, "girl").attributes.clothing],
     [("suit", "black")]),
]  # fmt: skip


@pytest.mark.parametrize(("about", "words", "seen", "wanted"), ROWS, ids=[row[1] for row in ROWS])
def test_the_film_says_what_was_said(edited, about, words, seen, wanted):
    """One fact of the film after the instruction."""
    _, after = edited(about, words)

    assert seen(after) == wanted


@pytest.mark.parametrize(
    "words",
    ["extract the girl", "adjust her pose", "replace her with the Grand Canyon", "a low flurb", "add a cat and a flurb",
     "put her next to the fountain", "change the colour of the sky to green", "make it gleeb", "her other hand"],
)  # fmt: skip
def test_what_is_not_understood_is_declined(say, words):
    """No order with an unknown verb, no thing that is not there, no aspect that cannot be changed is guessed at."""
    assert isinstance(say(GIRL, words), NotUnderstood)
