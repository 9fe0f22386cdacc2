"""What is pointed at in a film becomes shots, a stretch of time in them, and subjects."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tiny_films import cubes

from vitascope.director.editing import Selection
from vitascope.film import Attributes, Film, Placement, Span, Subject
from vitascope.studio import ProjectError
from vitascope.studio.pointing import select, subjects_in


def two_shots() -> Film:
    """Shots of one and two seconds; the cube stands left, the ball right."""
    film = cubes()
    cube, ball = (
        subject.model_copy(
            update={"placement": Placement(position=(x, 0.0, 0.0)), "attributes": Attributes(scale=scale)}
        )
        for subject, x, scale in zip(film.shots[0].subjects, (-1.0, 1.0), (1.0, 2.0), strict=True)
    )
    first = film.shots[0].model_copy(update={"subjects": (cube, ball)})
    return film.model_copy(update={"shots": (first, first.model_copy(update={"id": "two", "duration": Fraction(2)}))})


@pytest.mark.parametrize(
    ("start", "end", "shots", "span"),
    [
        ("1/2", "1", ("one",), ("1/2", "1")),
        ("3/2", "2", ("two",), ("1/2", "1")),
        ("0", "1", ("one",), None),
        ("1", "9", ("two",), None),
        ("0", "3", ("one", "two"), None),
        ("5/2", "9", ("two",), ("3/2", "2")),
    ],
)
def test_a_stretch_of_the_film_lies_in_a_shot(
    start: str, end: str, shots: tuple[str, ...], span: tuple[str, str] | None
):
    """Seconds of the film become seconds of the shot; whole shots need none."""
    found = select(two_shots(), at=(Fraction(start), Fraction(end)))

    expected = None if span is None else Span(start=Fraction(span[0]), end=Fraction(span[1]))
    assert found == Selection(shots=shots, span=expected)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [("1/2", "2", "over the cut at 1 s"), ("3", "4", "over at 3 s"), ("2", "2", "is empty"), ("4", None, "lasts 3 s")],
)
def test_a_stretch_that_cannot_be(start: str, end: str | None, words: str):
    """The sentence says where the cut or the end is."""
    with pytest.raises(ProjectError, match=words):
        select(two_shots(), at=(Fraction(start), None if end is None else Fraction(end)))


def test_who_is_seen_in_a_box():
    """The left half shows the cube, the right half the small ball, the whole both, a corner nobody."""
    film = two_shots()

    def seen(*box: float) -> set[str]:
        return set(subjects_in(film, Fraction(2), box)[1])  # type: ignore[arg-type]

    assert seen(0.0, 0.0, 0.5, 1.0) == {"cube"}
    assert seen(0.5, 0.0, 0.5, 1.0) == {"ball"}
    assert seen(0.0, 0.0, 1.0, 1.0) == {"cube", "ball"}
    assert seen(0.0, 0.0, 0.05, 0.05) == set()
    with pytest.raises(ProjectError, match="No subject is seen"):
        select(film, at=(Fraction(2), None), box=(0.0, 0.0, 0.05, 0.05))


def test_subjects_by_name_or_id():
    """A name that only one has is as good as the id."""
    film = cubes()
    twin = Subject(id="twin", recipe="ball", name="ball")
    twins = film.model_copy(
        update={"shots": (film.shots[0].model_copy(update={"subjects": (*film.shots[0].subjects, twin)}),)}
    )

    assert select(film, subjects=("Cube", "ball")).subjects == ("cube", "ball")
    assert select(twins, subjects=("twin",)).subjects == ("twin",)
    with pytest.raises(ProjectError, match=r"its subjects are cube, ball, twin \(ball\)"):
        select(twins, subjects=("Ball",))
