"""Forms made out of typed values, and back: claims about values, without a browser."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitascope.film import (
    Action,
    Camera,
    CameraMove,
    Cue,
    EditError,
    Film,
    Light,
    Passage,
    Retime,
    Set,
    Shot,
    Span,
    Subject,
    TimeKey,
    Weather,
    apply,
)
from vitascope.film.operations import ChangeLight
from vitascope.recipe import catalogue
from vitascope.web.forms import form_of, typed_edit
from vitascope.web.strings import texts
from vitascope.web.tracks import Place, tracks_of
from vitascope.web.typed import TypedError, fields_of, typed

WALK = Action(verb="walk", span=Span(start=Fraction(0), end=Fraction(7, 3)), target="ball", manner=("slowly", "alone"))
FILM = Film(
    shots=(
        Shot(
            id="shot-1",
            duration=Fraction(4),
            set=Set(place="meadow"),
            subjects=(
                Subject(id="cat", recipe="cat", name="cat", actions=(WALK,)),
                Subject(id="ball", recipe="ball", name="ball"),
            ),
            camera=Camera(focus="cat", lens_mm=50, moves=(CameraMove(kind="pan_left", span=WALK.span),)),
            light=Light(mood="warm", azimuth=30),
            cues=(Cue(kind="dialogue", span=WALK.span, text="Hello", speaker="cat"),),
            passages=(Passage(span=WALK.span, operations=(ChangeLight(mood="cool"),)),),
        ),
        Shot(
            id="shot-2",
            duration=Fraction(2),
            set=Set(place="lake", hours=(TimeKey(at=Fraction(0), hour=6), TimeKey(at=Fraction(2), hour=9))),
        ),
    )
)
PLACES = [block.place for track in tracks_of(FILM) for block in track.blocks]
ACTION, WEATHER = Place(0, "action"), Place(0, "weather")


def edited(place: Place, **given: str) -> Film:
    edit = typed_edit(FILM, place, given, catalogue())
    assert edit is not None
    return apply(FILM, edit)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.id)
def test_every_part_has_a_form_that_says_what_is_there(place: Place):
    """What stands in it is what the document has: saved as it is, nothing changes. Each field has a name in plain words."""
    fields = form_of(FILM, place, catalogue())

    assert fields
    assert typed_edit(FILM, place, {field.name: field.text for field in fields}, catalogue()) is None
    assert [field.name for field in fields if f"value.{field.name}" not in texts()] == []


def test_a_typed_action_is_the_action_of_the_document():
    """Verb, time, target and manner; its path stays."""
    after = edited(ACTION, verb="run", start="1/2", end="3,5", target="", manner=" fast , wildly", vigour="2")

    assert after.shots[0].subjects[0].actions == (
        Action(
            verb="run", span=Span(start=Fraction(1, 2), end=Fraction(7, 2)), manner=("fast", "wildly"), vigour=2.0,
        ),
    )  # fmt: skip


def test_typed_weather_changes_what_was_typed_and_no_more():
    """Also place and season, which stand in the same form."""
    after = edited(WEATHER, rain="0.8", season="autumn")

    assert after.shots[0].set.weather == Weather(rain=0.8)
    assert (after.shots[0].set.season, after.shots[0].set.place) == ("autumn", "meadow")
    assert after.shots[1] == FILM.shots[1]


def test_typed_light_and_hour_are_one_edit():
    """A field that is emptied goes back to what it is by itself."""
    after = edited(Place(0, "light"), mood="cool", hour="19.5", azimuth="")

    assert (after.shots[0].light.mood, after.shots[0].light.azimuth) == ("cool", None)
    assert [key.hour for key in after.shots[0].set.hours] == [19.5]


def test_a_typed_length_trims_or_stretches():
    """As it is chosen beside it."""
    trimmed = typed_edit(FILM, Place(0, "shot"), {"duration": "3"}, catalogue())
    stretched = typed_edit(FILM, Place(0, "shot"), {"duration": "3", "pace": "stretch"}, catalogue())

    assert [edit.operations[0] for edit in (trimmed, stretched) if edit] == [
        Retime(shot="shot-1", duration=Fraction(3), how="trim"),
        Retime(shot="shot-1", duration=Fraction(3), how="stretch"),
    ]


@pytest.mark.parametrize(
    ("place", "texts", "sentence"),
    [
        (WEATHER, {"rain": "3"}, "Rain is 3; give a number from 0 to 1."),
        (WEATHER, {"rain": "much"}, "Rain is “much”; give a number such as 2.5, or a fraction such as 5/2."),
        (WEATHER, {"rain": ""}, "Rain is empty; give a value."),
        (WEATHER, {"rain": "1e9999999"}, "Rain is “1e9999999”; give a number"),
        (WEATHER, {"place": "atlantis"}, "Place is “atlantis”; choose one of the list."),
        (ACTION, {"start": "3", "end": "1"}, "the span 3..1 is empty or starts before 0"),
        (ACTION, {"end": "9"}, "The shot is 4 s long; end at 4 s or before."),
        (ACTION, {"end": "1/0"}, "End is “1/0”; give a number"),
        (ACTION, {"verb": "teleport"}, "Does is “teleport”; choose one of the list."),
        (Place(0, "shot"), {"duration": "0.5"}, "Length is 0.5; give a number from 1 to 120."),
        (Place(3, "shot"), {"duration": "2"}, "not in the film any more"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(place: Place, texts: dict[str, str], sentence: str):
    """What was given, and what is allowed."""
    with pytest.raises((TypedError, EditError)) as caught:
        typed_edit(FILM, place, texts, catalogue())

    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_value_or_a_sentence(text: str):
    """In any field of any kind."""
    fields = fields_of(WALK)

    for field in fields:
        with suppress(TypedError):
            assert isinstance(typed(WALK, {field.name: text}, fields=fields), Action)
