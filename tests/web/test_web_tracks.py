"""A film as tracks, and what a drag on them means: claims about values, without a browser."""

from __future__ import annotations

from fractions import Fraction

import pytest

from vitascope.film import (
    Action,
    AddSubject,
    Camera,
    CameraMove,
    Change,
    ChangeLight,
    ChangeSet,
    ChangeSubject,
    Cue,
    Edit,
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
    WeatherChange,
    apply,
)
from vitascope.web.moving import Drag, dragged, removed, reordered
from vitascope.web.tracks import Place, place_of, tracks_of


def span(start: float | str, end: float | str) -> Span:
    return Span(start=start, end=end)  # type: ignore[arg-type]


CAT = Subject(
    id="cat",
    recipe="cat",
    name="cat",
    actions=(Action(verb="walk", span=span(0, 2), path=((1.0, 0.0, 0.0),)), Action(verb="sit", span=span(2, 4))),
)
FIRST = Shot(
    id="shot-1",
    duration=Fraction(4),
    set=Set(place="meadow"),
    subjects=(CAT, Subject(id="ball", recipe="ball", name="ball")),
    camera=Camera(framing="wide", moves=(CameraMove(kind="pan_left", span=span(1, 3)),)),
    cues=(
        Cue(kind="narration", span=span(0, 2), text="Once"),
        Cue(kind="narration", span=span(1, 3), text="upon a time"),
        Cue(kind="music", span=span(0, 4), text="calm"),
    ),
    passages=(
        Passage(span=span(1, 2), operations=(ChangeSet(weather=WeatherChange(rain=0.8)),), ease=Fraction(1, 2)),
        Passage(span=span(3, 4), operations=(ChangeLight(mood="warm"),)),
    ),
)
SECOND = Shot(
    id="shot-2",
    duration=Fraction(3),
    set=Set(place="lake", hours=(TimeKey(at=Fraction(0), hour=6.0), TimeKey(at=Fraction(3), hour=20.0))),
    light=Light(mood="cool"),
)
FILM = Film(shots=(FIRST, SECOND))


def track(film: Film, kind: str, subject: str | None = None):
    return next(one for one in tracks_of(film) if one.kind == kind and one.subject == subject)


def spans(film: Film, kind: str, subject: str | None = None) -> list[tuple[str, float, float]]:
    return [(block.label, float(block.start), float(block.end)) for block in track(film, kind, subject).blocks]


def test_everything_that_has_a_time_is_on_a_track():
    """Shots, each subject, camera, light, weather and each kind of sound, in seconds of the whole film."""
    assert [(one.kind, one.name) for one in tracks_of(FILM)] == [
        ("shots", "Shots"), ("subject", "cat"), ("subject", "ball"), ("camera", "Camera"), ("light", "Light"),
        ("weather", "Weather"), ("voices", "Voices"), ("music", "Music"),
    ]  # fmt: skip
    assert spans(FILM, "shots") == [("Shot 1", 0, 4), ("Shot 2", 4, 7)]
    assert spans(FILM, "subject", "cat") == [("walks", 0, 2), ("sits", 2, 4)]
    assert spans(FILM, "camera") == [("wide", 0, 4), ("pan left", 1, 3), ("framed by itself", 4, 7)]
    assert spans(FILM, "light") == [
        ("14:00", 0, 4), ("warm", 3, 4), ("6:00 – 20:00, cool", 4, 7), ("6:00", 4, 4), ("20:00", 7, 7),
    ]  # fmt: skip
    assert spans(FILM, "weather") == [("clear, summer", 0, 4), ("rain 0.8", 1, 2), ("clear, summer", 4, 7)]


def test_what_overlaps_lies_in_rows():
    """Two voices at once are two rows; a stretch lies under what holds for the whole shot."""
    assert [block.row for block in track(FILM, "voices").blocks] == [0, 1]
    assert [block.row for block in track(FILM, "weather").blocks] == [0, 1, 0]
    assert track(FILM, "subject", "cat").rows == 1


def test_who_is_there_for_a_stretch_only_has_a_track():
    """It shows when."""
    dog = Subject(id="dog", recipe="dog", name="dog")
    shot = FIRST.model_copy(update={"passages": (Passage(span=span(1, 3), operations=(AddSubject(subject=dog),)),)})

    assert spans(Film(shots=(shot,)), "subject", "dog") == [("with dog", 1, 3)]


def test_what_begins_after_the_end_of_its_shot_is_not_shown():
    """A shot that was ended earlier keeps what came later, for when it goes on again."""
    shorter = apply(FILM, Edit(operations=(Retime(shot="shot-1", duration=Fraction(2), how="trim"),)))

    assert spans(shorter, "subject", "cat") == [("walks", 0, 2)]
    assert spans(shorter, "camera")[1] == ("pan left", 1, 2)


def test_a_block_is_found_again_by_its_id():
    """Every block of a film leads back to its place, and no other text does."""
    blocks = [block for one in tracks_of(FILM) for block in one.blocks]

    assert len({block.place.id for block in blocks}) == len(blocks)
    assert all(place_of(block.place.id, FILM) == block.place for block in blocks)
    assert place_of("0.action.7.0", FILM) is None
    assert place_of("nonsense", FILM) is None


def test_an_action_is_dragged_as_words_would_change_it():
    """The edit names the subject with its actions; everything else of the film stays."""
    edit = dragged(FILM, Drag(place=Place(0, "action", 1, 0), start=Fraction(5, 2), end=Fraction(7, 2)))

    moved = CAT.actions[1].model_copy(update={"span": span("5/2", "7/2")})
    assert edit == Edit(
        operations=(Change(what=ChangeSubject(subject="cat", actions=(CAT.actions[0], moved)), shots=("shot-1",)),)
    )
    after = apply(FILM, edit)
    assert spans(after, "subject", "cat") == [("walks", 0, 2), ("sits", 2.5, 3.5)]
    assert after.shots[1] == SECOND


def test_a_drag_of_a_later_shot_is_in_seconds_of_that_shot():
    """Times on the timeline are those of the film, times in the document those of the shot."""
    edit = dragged(FILM, Drag(place=Place(1, "hour", 1), start=Fraction(6)))

    assert [key.at for key in apply(FILM, edit).shots[1].set.hours] == [0, 2]


@pytest.mark.parametrize(
    ("place", "kind", "subject"),
    [
        (Place(0, "action", 0, 0), "subject", "cat"),
        (Place(0, "move", 0), "camera", None),
        (Place(0, "cue", 0), "voices", None),
        (Place(0, "cue", 2), "music", None),
        (Place(0, "passage", 0), "weather", None),
        (Place(0, "passage", 1), "light", None),
    ],
)
def test_whatever_has_a_span_lies_where_it_was_dragged(place: Place, kind: str, subject: str | None):
    """And the tracks beside it stay as they were."""
    after = apply(FILM, dragged(FILM, Drag(place=place, start=Fraction(1, 4), end=Fraction(5, 4))))

    lies = [(float(block.start), float(block.end)) for block in track(after, kind, subject).blocks]
    assert (0.25, 1.25) in lies
    for one in tracks_of(FILM):
        if (one.kind, one.subject) != (kind, subject):
            assert spans(after, one.kind, one.subject) == spans(FILM, one.kind, one.subject)


def test_one_of_two_sounds_that_read_alike_is_moved_alone():
    """Words cannot tell them apart, the timeline can."""
    twice = FIRST.model_copy(update={"cues": (FIRST.cues[0], FIRST.cues[0].model_copy(update={"span": span(3, 4)}))})
    film = Film(shots=(twice,))

    after = apply(film, dragged(film, Drag(place=Place(0, "cue", 0), start=Fraction(1), end=Fraction(2))))

    assert [(float(cue.span.start), float(cue.span.end)) for cue in after.shots[0].cues] == [(1, 2), (3, 4)]


def test_a_drag_stays_within_its_shot():
    """Beyond its end it is cut off there, and a frame at least is left."""
    far = dragged(FILM, Drag(place=Place(0, "action", 0, 0), end=Fraction(90)))
    turned = dragged(FILM, Drag(place=Place(0, "action", 0, 0), start=Fraction(3), end=Fraction(1)))

    assert spans(apply(FILM, far), "subject", "cat")[0][2] == 4
    assert apply(FILM, turned).shots[0].subjects[0].actions[0].span.length == Fraction(1, 24)


@pytest.mark.parametrize(
    ("end", "stretch", "how"), [(3, False, "trim"), (5, False, "extend"), (3, True, "stretch"), (5, True, "stretch")]
)
def test_the_end_of_a_shot_is_another_length(end: int, stretch: bool, how: str):
    """It is cut off, goes on, or is stretched with everything in it."""
    edit = dragged(FILM, Drag(place=Place(0, "shot"), end=Fraction(end), stretch=stretch))

    assert edit == Edit(operations=(Retime(shot="shot-1", duration=Fraction(end), how=how),))  # type: ignore[arg-type]
    assert apply(FILM, edit).duration == end + 3


def test_a_stretch_of_a_shot_that_went_on_is_moved_in_what_it_was_before_too():
    """Its first seconds are those of the shot before it went on, so the stretch moves there as well."""
    longer = apply(FILM, Edit(operations=(Retime(shot="shot-1", duration=Fraction(6), how="extend"),)))

    after = apply(longer, dragged(longer, Drag(place=Place(0, "passage", 0), start=Fraction(2), end=Fraction(3))))

    shot = after.shots[0]
    assert shot.before is not None
    assert [one.passages[0].span for one in (shot, shot.before)] == [span(2, 3), span(2, 3)]


def test_a_shot_goes_before_another():
    """Or to the end."""
    order = [shot.id for shot in apply(FILM, reordered(FILM, 1, 0)).shots]

    assert order == ["shot-2", "shot-1"]
    assert [shot.id for shot in apply(FILM, reordered(FILM, 0, 2)).shots] == ["shot-2", "shot-1"]


@pytest.mark.parametrize(
    "place",
    [Place(0, "action", 1, 0), Place(0, "move", 0), Place(0, "cue", 1), Place(0, "passage", 0), Place(1, "shot")],
)
def test_what_is_taken_away_is_gone(place: Place):
    """And only that."""
    after = apply(FILM, removed(FILM, place))

    count = sum(len(one.blocks) for one in tracks_of(FILM)) - sum(len(one.blocks) for one in tracks_of(after))
    assert count == (1 if place.part != "shot" else 6)


def test_what_every_shot_has_cannot_be_taken_away():
    """One sentence says so; so it does for what is not there any more."""
    with pytest.raises(EditError, match="open them to change"):
        removed(FILM, Place(0, "weather"))
    with pytest.raises(EditError, match="not in the film any more"):
        removed(FILM, Place(0, "move", 4))
    with pytest.raises(EditError, match="not in the film any more"):
        dragged(FILM, Drag(place=Place(5, "move", 0), start=Fraction(1)))
