"""Edits are values: applied in order, told in one sentence where they cannot be, and nothing else changes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitascope.film import (
    Action,
    AddShot,
    AddSubject,
    Attributes,
    AttributesChange,
    Change,
    ChangeCamera,
    ChangeFilm,
    ChangeLight,
    ChangeSet,
    ChangeSubject,
    Edit,
    EditError,
    Film,
    MoveShot,
    Placement,
    RemoveShot,
    RemoveSubject,
    Retime,
    Set,
    Shot,
    Span,
    Subject,
    Viewpoint,
    WeatherChange,
    apply,
    film_from_json,
    film_to_json,
    layers_at,
    plain_shots,
)


def a_film(**fields: object) -> Film:
    walk = Action(verb="walk", span=Span(start=Fraction(0), end=Fraction(5)), path=((2.0, 0.0, 0.0),))
    dog = Subject(id="dog", recipe="dog", name="dog", placement=Placement(position=(-2.0, 0.0, 0.0)), actions=(walk,))
    bird = Subject(id="bird", recipe="robin", name="bird", placement=Placement(on="dog"))
    shot = Shot(id="one", duration=Fraction(5), set=Set(place="meadow"), subjects=(dog, bird), **fields)
    return Film(shots=(shot,))


def edited(film: Film, *operations: object) -> Film:
    return apply(film, Edit(operations=operations))  # type: ignore[arg-type]


def test_an_edit_changes_what_it_names_and_nothing_else():
    """All but the named fields of the film stay equal."""
    before = a_film()

    after = edited(before, Change(what=ChangeSet(weather=WeatherChange(rain=0.5))))

    assert after.shots[0].set.weather == before.shots[0].set.weather.model_copy(update={"rain": 0.5})
    assert after.shots[0].subjects == before.shots[0].subjects
    assert after.shots[0].camera == before.shots[0].camera


def test_people_stay_dressed_for_the_set_that_they_dressed_for():
    """Rain that comes later puts no coat on anybody."""
    before = a_film()

    after = edited(before, Change(what=ChangeSet(weather=WeatherChange(rain=0.9))))

    assert after.shots[0].dressed_for == before.shots[0].set


def test_a_change_of_the_cast_holds_the_camera():
    """The camera stays composed for the cast that was there before."""
    before = a_film()

    after = edited(before, Change(what=RemoveSubject(subject="bird")))

    assert after.shots[0].composition is not None
    assert after.shots[0].composition.subjects == before.shots[0].subjects


def test_a_colour_needs_no_new_composition():
    """What does not change a size or a place leaves the composition as it was."""
    after = edited(a_film(), Change(what=ChangeSubject(subject="dog", attributes=AttributesChange(colour="red"))))

    assert after.shots[0].composition is None
    assert after.shots[0].subjects[0].attributes == Attributes(colour="red")


def test_another_framing_composes_anew():
    """A held camera is let go when another framing is asked for."""
    held = edited(a_film(), Change(what=RemoveSubject(subject="bird")))

    after = edited(held, Change(what=ChangeCamera(framing="close")))

    assert after.shots[0].composition is None


def test_the_sun_stays_when_the_camera_goes_round():
    """Light that was staged for one side of the shot is still staged for it."""
    after = edited(a_film(), Change(what=ChangeCamera(azimuth=120.0)))

    assert after.shots[0].light.staged_for == 0.0


def test_who_was_carried_by_the_removed_stands_alone():
    """Nothing refers to a subject that is gone, in passages either."""
    film = edited(
        a_film(),
        Change(
            what=ChangeSubject(subject="dog", attributes=AttributesChange(colour="red")),
            span=Span(start=Fraction(3), end=Fraction(4)),
        ),
    )

    after = edited(film, Change(what=RemoveSubject(subject="dog")))

    assert [s.placement.on for s in after.shots[0].subjects] == [None]
    assert after.shots[0].passages == ()


def test_reset_puts_a_field_back_to_its_default():
    """What was set can be unset."""
    lit = edited(a_film(), Change(what=ChangeLight(mood="warm", exposure=1.0)))

    after = edited(lit, Change(what=ChangeLight(reset=("mood",))))

    assert (after.shots[0].light.mood, after.shots[0].light.exposure) == ("natural", 1.0)


@given(
    start=st.fractions(0, 4, max_denominator=24),
    length=st.fractions(Fraction(1, 2), 3, max_denominator=24),
    ease=st.fractions(0, 1, max_denominator=24),
    t=st.fractions(0, Fraction(119, 24), max_denominator=24),
)
def test_a_passage_changes_nothing_outside_its_span(start: Fraction, length: Fraction, ease: Fraction, t: Fraction):
    """Outside the span a shot is what it was, inside the shares of its layers sum to 1."""
    film = a_film()
    span = Span(start=start, end=start + length)

    after = edited(film, Change(what=ChangeLight(mood="warm"), span=span, ease=ease)).shots[0]
    layers = layers_at(after, t)

    assert sum(layer.share for layer in layers) == pytest.approx(1.0)
    if not span.contains(t):
        assert [layer.shot for layer in layers] == [film.shots[0]]
    assert all(layer.shot in plain_shots(after) for layer in layers)


@given(t=st.fractions(0, 5, max_denominator=48))
def test_two_passages_lie_over_each_other(t: Fraction):
    """Where two passages hold, both are seen; later ones lie over earlier ones."""
    film = edited(
        a_film(),
        Change(what=ChangeLight(mood="warm"), span=Span(start=Fraction(1), end=Fraction(3))),
        Change(what=ChangeLight(mood="cool"), span=Span(start=Fraction(2), end=Fraction(4))),
    )

    (layer,) = layers_at(film.shots[0], min(t, Fraction(119, 24)))

    expected = "natural" if t < 1 or t >= 4 else "warm" if t < 2 else "cool"
    assert layer.shot.light.mood == expected


def test_whoever_walks_walks_on_when_the_shot_goes_on():
    """Extension carries travel on at the same speed and holds the camera."""
    after = edited(a_film(), Retime(shot="one", duration=Fraction(10), how="extend")).shots[0]
    walk = after.subjects[0].actions[0]

    assert (walk.span.end, walk.path_time) == (10, 5)
    assert after.composition is not None
    assert after.composition.duration == 5


@given(t=st.fractions(0, Fraction(239, 24), max_denominator=24))
def test_the_seconds_before_a_shot_goes_on_stay_what_they_are(t: Fraction):
    """Up to its old end a longer shot is the old one, after a short seam it is the longer one."""
    film = a_film()

    longer = edited(film, Retime(shot="one", duration=Fraction(10), how="extend")).shots[0]
    layers = layers_at(longer, t)

    if t < 5:
        assert [layer.shot for layer in layers] == [film.shots[0]]
    if t >= Fraction(11, 2):
        assert [layer.shot.duration for layer in layers] == [10]
    assert sum(layer.share for layer in layers) == pytest.approx(1.0)


def test_an_edit_reaches_all_seconds_of_a_shot_that_went_on():
    """Colour, and a passage over the seam, hold before and after it; trimmed to its old length it is the old shot."""
    longer = edited(a_film(), Retime(shot="one", duration=Fraction(10), how="extend"))
    span = Span(start=Fraction(4), end=Fraction(6))

    red = edited(longer, Change(what=ChangeSubject(subject="dog", attributes=AttributesChange(colour="red")))).shots[0]
    warm = edited(longer, Change(what=ChangeLight(mood="warm"), span=span)).shots[0]

    assert {layers_at(red, Fraction(t))[0].shot.subjects[0].attributes.colour for t in (1, 9)} == {"red"}
    assert [layers_at(warm, Fraction(t))[0].shot.light.mood for t in (3, 4, 6)] == ["natural", "warm", "natural"]
    assert edited(longer, Retime(shot="one", duration=Fraction(5), how="trim")) == a_film()


@given(ratio=st.fractions(Fraction(1, 4), 4, max_denominator=12))
def test_stretching_and_stretching_back_gives_the_film_again(ratio: Fraction):
    """Time is exact: nothing drifts."""
    film = a_film()

    there = edited(film, Retime(shot="one", duration=5 * ratio, how="stretch"))

    assert edited(there, Retime(shot="one", duration=Fraction(5), how="stretch")) == film


def test_shots_are_added_moved_and_removed():
    """The order of shots is part of the film; subjects keep their identity from shot to shot."""
    film = a_film()
    second = film.shots[0].model_copy(update={"id": "two"})

    two = edited(film, AddShot(shot=second))
    turned = edited(two, MoveShot(shot="two", before="one"))
    one = edited(turned, RemoveShot(shot="one"))

    assert [s.id for s in two.shots] == ["one", "two"]
    assert [s.id for s in turned.shots] == ["two", "one"]
    assert [s.id for s in one.shots] == ["two"]


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (Change(what=RemoveSubject(subject="cat")), "no subject 'cat' in shot 'one'; its subjects are dog, bird"),
        (Change(what=ChangeLight(mood="warm"), shots=("two",)), "no shot 'two'; the shots are one"),
        (Change(what=AddSubject(subject=Subject(id="dog", recipe="dog", name="dog"))), "already is a subject 'dog'"),
        (
            Change(what=ChangeLight(mood="warm"), span=Span(start=Fraction(6), end=Fraction(7))),
            "after the end of shot 'one', which is 5 s long",
        ),
        (Retime(shot="one", duration=Fraction(9), how="trim"), "5 s long, so it cannot end at 9 s"),
        (RemoveShot(shot="one"), "at least one shot"),
        (AddShot(shot=a_film().shots[0]), "shot id 'one' is used twice"),
    ],
)
def test_an_edit_that_cannot_be_says_so_in_a_sentence(operation: object, words: str):
    """What is not there, or cannot be, is named with what is there."""
    with pytest.raises(EditError, match=words):
        edited(a_film(), operation)


def test_edits_and_edited_films_survive_json():
    """read(write(x)) == x, passages and compositions too."""
    edit = Edit(
        operations=(
            Change(what=ChangeLight(mood="warm"), span=Span(start=Fraction(1), end=Fraction(2)), ease=Fraction(1, 4)),
            Change(what=RemoveSubject(subject="bird")),
            ChangeFilm(silent=True),
        )
    )

    film = apply(a_film(), edit)

    assert Edit.model_validate_json(edit.model_dump_json()) == edit
    assert film_from_json(film_to_json(film)) == film


HERE = Viewpoint(position=(3.0, 1.0, 2.0), aim=(0.0, 0.5, 0.0))


def test_a_viewpoint_takes_the_place_of_eyes_and_distance():
    """The camera stands there and nowhere else; the light stays where it was staged."""
    before = edited(a_film(), Change(what=ChangeCamera(point_of_view="dog", distance=2.0)))

    after = edited(before, Change(what=ChangeCamera(viewpoint=HERE, azimuth=56.3, moves=())))

    camera = after.shots[0].camera
    assert (camera.viewpoint, camera.point_of_view, camera.distance, camera.moves) == (HERE, None, 1.0, ())
    assert after.shots[0].light.staged_for == 0.0
    assert after.shots[0].composition is None
    assert film_from_json(film_to_json(after)) == after


@pytest.mark.parametrize(
    "change", [{"framing": "close"}, {"angle": "low"}, {"azimuth": 90.0}, {"point_of_view": "dog"}]
)
def test_who_frames_anew_leaves_the_viewpoint(change: dict):
    """What is said of the framing later counts; a lens or another distance goes with the viewpoint."""
    there = edited(a_film(), Change(what=ChangeCamera(viewpoint=HERE)))

    assert edited(there, Change(what=ChangeCamera(**change))).shots[0].camera.viewpoint is None
    assert edited(there, Change(what=ChangeCamera(lens_mm=85.0))).shots[0].camera.viewpoint == HERE
    assert edited(there, Change(what=ChangeCamera(distance=0.5))).shots[0].camera.viewpoint == HERE


def test_a_camera_looks_at_something_else_than_itself():
    """One that stands where it looks is refused in one sentence."""
    with pytest.raises(ValueError, match=r"0 m apart; a camera looks at a point 0\.1 m away or farther"):
        Viewpoint(position=(1.0, 1.0, 1.0), aim=(1.0, 1.0, 1.0))
