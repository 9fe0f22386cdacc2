"""The film document: what is written is read back, and what is wrong is told by field."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from vitascope.film import (
    Action,
    Attributes,
    Camera,
    CameraMove,
    Film,
    FilmError,
    Garment,
    Placement,
    Set,
    Shot,
    Size,
    Span,
    Subject,
    TimeKey,
    Weather,
    film_from_json,
    film_json_schema,
    film_to_json,
)

seconds = st.fractions(min_value=1, max_value=120, max_denominator=1001)
spans = st.tuples(
    st.fractions(0, 50, max_denominator=240), st.fractions(Fraction(1, 240), 60, max_denominator=240)
).map(lambda pair: Span(start=pair[0], end=pair[0] + pair[1]))
points = st.tuples(*[st.floats(-500, 500)] * 3)
actions = st.builds(
    Action, verb=st.sampled_from(["walk", "kick"]), span=spans, path=st.lists(points, max_size=4).map(tuple)
)
subjects = st.builds(
    Subject,
    id=st.text("abcdef", min_size=4, max_size=9),
    recipe=st.just("cat"),
    name=st.text(min_size=1, max_size=20),
    attributes=st.builds(Attributes, colour=st.none() | st.just("red"), clothing=st.just((Garment(kind="hat"),))),
    placement=st.builds(Placement, position=points, facing=st.floats(-360, 360)),
    actions=st.lists(actions, max_size=3).map(tuple),
)
films = st.builds(
    Film,
    prompt=st.text(max_size=60),
    fps=st.sampled_from([24, 30, 60, 120, "30000/1001"]),
    seed=st.integers(0, 2**63 - 1),
    shots=st.builds(
        Shot,
        id=st.just("shot-1"),
        duration=seconds,
        set=st.builds(Set, place=st.just("meadow"), weather=st.builds(Weather, rain=st.floats(0, 1))),
        subjects=st.lists(subjects, max_size=3, unique_by=lambda s: s.id).map(tuple),
        camera=st.builds(
            Camera, moves=st.lists(st.builds(CameraMove, kind=st.just("orbit_left"), span=spans), max_size=2).map(tuple)
        ),
    ).map(lambda shot: (shot,)),
)


@settings(max_examples=60)
@given(films)
def test_reading_what_was_written_gives_the_same_film(film: Film):
    """read(write(film)) == film, with exact times."""
    assert film_from_json(film_to_json(film)) == film


def test_times_are_exact():
    """A third of a second stays a third."""
    shot = Shot(
        id="s", duration="10/3", set=Set(place="meadow", hours=(TimeKey(at=0, hour=6), TimeKey(at="1/3", hour=7)))
    )

    written = json.loads(film_to_json(Film(shots=(shot,))))

    assert written["shots"][0]["duration"] == "10/3"
    assert film_from_json(json.dumps(written)).shots[0].duration == Fraction(10, 3)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw["shots"][0].update(duration=500), "shots.0.duration"),
        (lambda raw: raw["shots"][0].update(duration="soon"), "not a number"),
        (lambda raw: raw["shots"][0]["set"]["weather"].update(rain=3), "shots.0.set.weather.rain"),
        (lambda raw: raw["size"].update(width=1281), "odd side"),
        (lambda raw: raw.update(fps=12), "fps"),
        (lambda raw: raw.update(colour="red"), "colour"),
        (lambda raw: raw.update(version=99), "version 99"),
        (lambda raw: raw.update(schema="else"), "schema"),
        (lambda raw: raw.update(shots=[]), "shots"),
    ],
)
def test_a_damaged_document_is_told_by_field(change, said: str):
    """The sentence names the field, and there is only one sentence."""
    raw = json.loads(film_to_json(Film(shots=(Shot(id="s", duration=5, set=Set(place="meadow")),))))
    change(raw)

    with pytest.raises(FilmError, match=said) as caught:
        film_from_json(json.dumps(raw))

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"film"', "{}", "[" * 100_000])
def test_what_is_no_document_is_said_to_be_none(text: str):
    """Any text gives a film or one sentence."""
    with pytest.raises(FilmError, match="not a film document"):
        film_from_json(text)


def test_the_rate_is_exact_where_nobody_gave_one():
    """A film that leaves its rate out holds the value that reading it back gives, so that both are drawn and kept as one."""
    film = Film(shots=(Shot(id="one", duration=Fraction(1), set=Set(place="studio")),))

    assert repr(film.fps) == repr(film_from_json(film_to_json(film)).fps) == "Fraction(24, 1)"


def test_subjects_must_exist_and_differ():
    """Two subjects with one id, or a carrier that is not there, are refused."""
    cat = Subject(id="cat", recipe="cat", name="cat")
    lost = Subject(id="cup", recipe="cup", name="cup", placement=Placement(on="table"))

    with pytest.raises(ValidationError, match="used twice"):
        Shot(id="s", duration=5, set=Set(place="meadow"), subjects=(cat, cat))
    with pytest.raises(ValidationError, match="refers to 'table'"):
        Shot(id="s", duration=5, set=Set(place="meadow"), subjects=(lost,))


def test_values_are_frozen():
    """Nothing in a document can be changed in place."""
    size = Size(width=1280, height=720)

    with pytest.raises(ValidationError, match="frozen"):
        size.width = 640


def test_the_schema_names_every_field_of_a_film():
    """The JSON schema is complete enough for another program to write films."""
    schema = film_json_schema()

    assert {"schema", "version", "size", "fps", "seed", "shots"} <= set(schema["properties"])
