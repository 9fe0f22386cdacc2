"""The difference of two films is told in short sentences: exact, complete, and nothing for equal films."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitascope.film import (
    Action,
    AddCue,
    AddShot,
    AddSubject,
    Attributes,
    AttributesChange,
    Camera,
    CameraMove,
    Change,
    ChangeCamera,
    ChangeFilm,
    ChangeLight,
    ChangeLook,
    ChangeSet,
    ChangeSubject,
    Cue,
    Edit,
    EditError,
    Film,
    Garment,
    Level,
    Light,
    Look,
    MoveShot,
    Passage,
    Placement,
    RemoveShot,
    RemoveSubject,
    Retime,
    Set,
    SetLevel,
    Shot,
    Size,
    Span,
    Subject,
    TimeKey,
    Viewpoint,
    Weather,
    WeatherChange,
    apply,
    difference,
)

WHOLE = Span(start=Fraction(0), end=Fraction(5))


def a_shot(name: str = "one") -> Shot:
    walk = Action(verb="walk", span=WHOLE, path=((2.0, 0.0, 0.0),))
    dog = Subject(id="dog", recipe="dog", name="dog", attributes=Attributes(colour="brown"), actions=(walk,))
    bird = Subject(id="bird", recipe="robin", name="bird", placement=Placement(on="dog"))
    return Shot(id=name, duration=Fraction(5), set=Set(place="meadow"), subjects=(dog, bird))


def a_film(*names: str) -> Film:
    return Film(shots=tuple(map(a_shot, names or ("one",))))


def attributes(**fields: object) -> Change:
    return Change(what=ChangeSubject(subject="dog", attributes=AttributesChange(**fields)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        (attributes(colour="black"), "The dog is black instead of brown."),
        (
            Change(what=ChangeCamera(viewpoint=Viewpoint(position=(3.0, 1.004, 2.0), aim=(0.0, 0.5, 0.0)))),
            "The camera stands at 3 1 2 m and looks at 0 0.5 0 m instead of where its framing puts it.",
        ),
        (attributes(scale=2.0), "The dog is 2 times its size instead of its own size."),
        (attributes(states=("wet",)), "The dog is wet."),
        (
            attributes(clothing=(Garment(kind="hat", colour="red"),)),
            "The dog wears red hat instead of its own clothes.",
        ),
        (Change(what=ChangeSet(weather=WeatherChange(rain=0.5))), "Rain 0.5 instead of 0."),
        (Change(what=ChangeSet(place="beach")), "The place is beach instead of meadow."),
        (Change(what=ChangeSet(hours=(TimeKey(at=Fraction(0), hour=18.5),))), "The hour is 18:30 instead of 14:00."),
        (Change(what=ChangeSet(add_features=("snowy",))), "The place is snowy."),
        (Change(what=ChangeLight(mood="warm")), "The light is warm instead of natural."),
        (Change(what=ChangeLook(style="noir")), "The style is noir instead of cinematic."),
        (Change(what=ChangeCamera(lens_mm=50.0)), "The lens is 50 mm instead of as staged."),
        (
            Change(what=ChangeCamera(moves=(CameraMove(kind="orbit_right", span=WHOLE),))),
            "The camera orbits right.",
        ),
        (Change(what=RemoveSubject(subject="bird")), "The bird is gone."),
        (Change(what=AddSubject(subject=Subject(id="cat", recipe="cat", name="cat"))), "The cat is new."),
        (
            Change(what=ChangeSubject(subject="dog", actions=(Action(verb="run", span=WHOLE),))),
            "The dog runs from 0 s to 5 s. The dog no longer walks.",
        ),
        (
            Change(what=ChangeSubject(subject="dog", recipe="wolf", name="wolf")),
            "The dog is called wolf instead of dog, by the recipe wolf instead of dog.",
        ),
        (
            Change(what=ChangeSubject(subject="dog", placement=Placement(position=(1.5, 0.0, -1.0)))),
            "The dog starts elsewhere: 1.5 m right and 1 m farther.",
        ),
        (
            Change(what=SetLevel(level=Level(name="wind", gain_db=6.0))),
            "The sound of wind is at 6 dB instead of as loud as by itself.",
        ),
        (
            Change(what=SetLevel(level=Level(name="all", muted=True))),
            "The sound is muted instead of as loud as by itself.",
        ),
        (
            Change(what=AddCue(cue=Cue(kind="narration", span=WHOLE, text="Once upon a time"))),
            "There is narration “Once upon a time” from 0 s to 5 s.",
        ),
        (
            Change(what=ChangeLight(mood="warm"), span=Span(start=Fraction(3), end=Fraction(5))),
            "From 3 s to 5 s, the light is warm instead of natural.",
        ),
        (ChangeFilm(size=Size(width=640, height=360)), "The picture is 640x360 instead of 1280x720."),
        (ChangeFilm(silent=True), "The film is silent."),
    ],
)
def test_what_was_changed_is_told(operation: object, told: str):
    """One sentence for one change."""
    film = a_film()

    assert " ".join(difference(film, apply(film, Edit(operations=(operation,))))) == told  # type: ignore[arg-type]


def test_shots_are_told_by_their_place():
    """Films of several shots say which one; shots that are new, gone or elsewhere are told as such."""
    film = a_film("one", "two")

    def told(*operations: object) -> list[str]:
        return difference(film, apply(film, Edit(operations=operations)))  # type: ignore[arg-type]

    assert told(Change(what=ChangeLight(mood="warm"), shots=("two",))) == [
        "In shot 2, the light is warm instead of natural."
    ]
    assert told(AddShot(shot=a_shot("new"), before="two")) == ["Shot 2 is new."]
    assert told(RemoveShot(shot="one")) == ["The former shot 1 is gone."]
    assert told(MoveShot(shot="two", before="one")) == ["The shots come in another order: the former 2 and 1."]


def test_subjects_that_are_called_alike_are_told_apart():
    """Their ids stand beside their names."""
    film = a_film()
    second = film.shots[0].subjects[0].model_copy(update={"id": "dog_2"})
    film = apply(film, Edit(operations=(Change(what=AddSubject(subject=second)),)))

    assert difference(film, apply(film, Edit(operations=(attributes(colour="red"),)))) == [
        "The dog (dog) is red instead of brown."
    ]


units = st.floats(0, 1, allow_nan=False)
words = st.sampled_from(["red", "blue", "old", "fine"])
names = st.sampled_from(["one", "two", "three"])
optional = st.none() | words
spans = st.builds(
    lambda a, b: Span(start=a, end=a + b),
    st.fractions(0, 4, max_denominator=9),
    st.fractions(Fraction(1, 9), 3, max_denominator=9),
)
clothes = st.builds(Garment, kind=words, colour=optional, pattern=optional)
looks_of_subjects = st.builds(
    Attributes,
    colour=optional,
    second_colour=optional,
    material=optional,
    pattern=optional,
    scale=st.floats(0.1, 9),
    clothing=st.lists(clothes, max_size=2).map(tuple),
    hair=optional,
    skin=optional,
    age=st.sampled_from([None, "old"]),
    build=st.sampled_from([None, "slim"]),
    mood=optional,
    states=st.lists(words, max_size=2).map(tuple),
)
points = st.tuples(*[st.floats(-3, 3, allow_nan=False)] * 3)
actions = st.builds(
    Action,
    verb=st.sampled_from(["walk", "carry", "look_around"]),
    span=spans,
    path=st.lists(points, max_size=1).map(tuple),
    speed=st.none() | st.floats(0, 9),
    vigour=st.floats(0, 3),
    manner=st.lists(words, max_size=2).map(tuple),
)
subjects = st.builds(
    Subject,
    id=st.just("who"),
    recipe=words,
    name=words,
    group=optional,
    attributes=looks_of_subjects,
    placement=st.builds(Placement, position=points, facing=st.floats(-180, 180), socket=optional),
    actions=st.lists(actions, max_size=2).map(tuple),
)
moves = st.builds(
    CameraMove,
    kind=st.sampled_from(["orbit_left", "zoom_in", "track"]),
    span=spans,
    amount=st.none() | st.floats(-9, 9),
    target=optional,
    pace=st.floats(0.1, 4),
)
cameras = st.builds(
    Camera,
    framing=st.sampled_from([None, "close"]),
    angle=st.sampled_from(["eye", "low"]),
    azimuth=st.none() | st.floats(-180, 180),
    lens_mm=st.none() | st.floats(8, 400),
    distance=st.floats(0.1, 10),
    focus=optional,
    moves=st.lists(moves, max_size=2).map(tuple),
    point_of_view=optional,
)
weathers = st.builds(Weather, clouds=units, rain=units, snow=units, fog=units, wind=units, lightning=units)
sets = st.builds(
    Set,
    place=words,
    weather=weathers,
    season=st.sampled_from(["summer", "winter"]),
    backdrop=optional,
    features=st.lists(words, max_size=2).map(tuple),
    hours=st.lists(
        st.builds(TimeKey, at=st.fractions(0, 5, max_denominator=3), hour=st.floats(0, 48)), min_size=1, max_size=2
    ).map(tuple),
)
levels = st.builds(Level, name=words, gain_db=st.floats(-9, 9), muted=st.booleans())
cues = st.builds(
    Cue, kind=st.sampled_from(["music", "effect"]), span=spans, text=words, speaker=optional, gain_db=st.floats(-9, 9)
)
passages = st.builds(
    Passage,
    span=spans,
    ease=st.fractions(0, 1, max_denominator=4),
    operations=st.sampled_from([(ChangeLight(mood="warm"),), (ChangeLight(exposure=1.0),), (ChangeLook(grain=0.15),)]),
)
shots = st.builds(
    Shot,
    id=names,
    duration=st.fractions(1, 9, max_denominator=4),
    set=sets,
    subjects=st.lists(subjects, max_size=1).map(tuple),
    camera=cameras,
    light=st.builds(
        Light, exposure=st.floats(-3, 3), azimuth=st.none() | st.floats(0, 9), staged_for=st.none() | st.floats(0, 9)
    ),
    look=st.builds(
        Look,
        style=words,
        grade=optional,
        grain=units,
        motion_blur=units,
        depth_of_field=units,
        time_scale=st.floats(0.1, 9),
    ),
    cues=st.lists(cues, max_size=2).map(tuple),
    levels=st.lists(levels, max_size=2).map(tuple),
    passages=st.lists(passages, max_size=2).map(tuple),
    dressed_for=st.none() | sets,
)


@settings(max_examples=60)
@given(data=st.data(), shot=shots, other=shots)
def test_any_difference_is_told_and_none_where_there_is_none(data: st.DataObject, shot: Shot, other: Shot):
    """Films that differ in one field of one shot have a sentence for it, each way; equal films have none."""
    field = data.draw(st.sampled_from(sorted(set(Shot.model_fields) - {"composition"})))
    film = Film(shots=(shot,))

    after = Film(shots=(shot.model_copy(update={field: getattr(other, field)}),))

    assert difference(film, film.model_copy(deep=True)) == []
    for told in (difference(film, after), difference(after, film)):
        assert bool(told) == (film != after)
        assert told != ["The documents differ."]
        assert all(s.endswith(".") and s[0] == s[0].upper() and "  " not in s for s in told)


operations = st.one_of(
    st.builds(lambda c: attributes(colour=c), words),
    st.builds(lambda r: Change(what=ChangeSet(weather=WeatherChange(rain=r))), units),
    st.builds(
        lambda m, s: Change(what=ChangeCamera(moves=(m.model_copy(update={"target": None}),)), span=s), moves, spans
    ),
    st.builds(lambda s: Change(what=ChangeLight(mood="warm"), span=s), st.none() | spans),
    st.builds(
        lambda d, how: Retime(shot="one", duration=d, how=how),
        st.integers(1, 9),
        st.sampled_from(["trim", "extend", "stretch"]),
    ),
    st.sampled_from([RemoveSubject(subject="bird"), RemoveSubject(subject="dog")]).map(lambda o: Change(what=o)),
    st.builds(lambda n: AddShot(shot=a_shot(n)), names),
    st.builds(lambda n: MoveShot(shot=n, before="one"), names),
    st.builds(lambda n: RemoveShot(shot=n), names),
    st.builds(ChangeFilm, seed=st.integers(0, 3), title=words, silent=st.booleans()),
)


@settings(max_examples=100)
@given(st.lists(operations, min_size=1, max_size=5))
def test_every_edit_is_told(made: list[object]):
    """Whatever a chain of edits does to a film is told, and what it does not do is not."""
    film = after = a_film()
    for operation in made:
        try:
            after = apply(after, Edit(operations=(operation,)))  # type: ignore[arg-type]
        except EditError:
            continue

    assert bool(difference(film, after)) == (film != after)
