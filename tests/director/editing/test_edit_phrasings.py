"""Many ways to say a thing, and the operations they come to: the verb, and the fields that matter."""

from __future__ import annotations

from typing import Any

import pytest

from vitascope.director.editing import Proposal
from vitascope.film import Change

PARK = "a man in a red coat walks his dog in a park, a tree on the left"
DOGS = "two dogs run on a beach"
RAIN = "a red car on a street in the rain"
SEA = "a sailing boat on the sea at night"


def operations(reply) -> list[dict[str, Any]]:
    """Every operation with the fields that were given; what is laid on shots by itself, with its span."""
    assert isinstance(reply, Proposal), reply
    found = []
    for operation in reply.edit.operations:
        told = operation.what if isinstance(operation, Change) else operation
        row = told.model_dump(exclude_none=True, exclude_defaults=True, mode="json") | {"op": told.op}
        if isinstance(operation, Change) and operation.span is not None:
            row["span"] = (float(operation.span.start), float(operation.span.end))
        found.append(row)
    return found


def agrees(got: Any, wanted: Any) -> bool:
    """Whether `got` has everything that `wanted` names."""
    if isinstance(wanted, dict):
        return isinstance(got, dict) and all(k in got and agrees(got[k], v) for k, v in wanted.items())
    if isinstance(wanted, list):
        return (
            isinstance(got, list) and bool(got) == bool(wanted) and all(any(agrees(g, w) for g in got) for w in wanted)
        )
    return got == pytest.approx(wanted) if isinstance(wanted, float) else got == wanted


def hour(value: float) -> dict:
    return {"op": "change_set", "hours": [{"hour": value}]}


def look(**fields: Any) -> dict:
    return {"op": "change_look", **fields}


def weather(**fields: float) -> dict:
    return {"op": "change_set", "weather": fields}


def camera(**fields: Any) -> dict:
    return {"op": "change_camera", **fields}


def subject(name: str, **fields: Any) -> dict:
    return {"op": "change_subject", "subject": name, **fields}


def level(name: str, **fields: Any) -> dict:
    return {"op": "set_level", "level": {"name": name, **fields}}


LIGHT = [
    (PARK, "make it sunset", hour(18.95)),
    (PARK, "change the lighting to sunset", hour(18.95)),
    (PARK, "could we see it at sunset, please?", hour(18.95)),
    (PARK, "I'd like it to be night", hour(23.0)),
    (PARK, "sunset", hour(18.95)),
    (PARK, "change the time of day to dawn", hour(6.45)),
    (PARK, "softer light", {"op": "change_light", "mood": "soft"}),
    (PARK, "make the light warmer", {"op": "change_light", "mood": "warm"}),
    (PARK, "brighten the picture", {"op": "change_light", "exposure": 0.6}),
    (PARK, "a bit darker", {"op": "change_light", "exposure": -0.3}),
    (PARK, "neon light", {"op": "change_light", "mood": "neon"}),
    (PARK, "turn the light blue", {"op": "change_light", "mood": "cool"}),
]
WEATHER = [
    (PARK, "add gentle rain", weather(rain=0.25)),
    (PARK, "make it rain", weather(rain=0.6)),
    (PARK, "add heavy snow", weather(snow=0.95)),
    (PARK, "more fog", weather(fog=0.3)),
    (RAIN, "stop the rain", weather(rain=0.0)),
    (RAIN, "let the rain stop", weather(rain=0.0)),
    (RAIN, "no more rain", weather(rain=0.0)),
    (RAIN, "make it sunny", weather(rain=0.0)),
    (RAIN, "less rain", weather(rain=0.3)),
    (PARK, "change the season to autumn", {"op": "change_set", "season": "autumn"}),
    (PARK, "make it winter", {"op": "change_set", "season": "winter"}),
]
PLACES = [
    (PARK, "move it to a beach", {"op": "change_set", "place": "beach"}),
    (PARK, "change the background to a forest", {"op": "change_set", "place": "forest"}),
    (DOGS, "replace the background with a snowy road", {"op": "change_set", "place": "country_road"}),
    (PARK, "put them on the moon", {"op": "change_set", "place": "moon"}),
]
LOOKS = [
    (PARK, "make it anime", look(style="anime")),
    (PARK, "make it look like a watercolour", look(style="watercolour")),
    (PARK, "convert the overall style of the image into a pencil sketch", look(style="sketch")),
    (PARK, "black and white", look(grade="black-and-white")),
    (PARK, "add sepia tone to the image", look(grade="sepia")),
    (PARK, "a subdued color palette", look(grade="muted")),
    (PARK, "blur the background", look(depth_of_field=0.9)),
    (PARK, "add film grain", look(grain=0.6)),
    (PARK, "in slow motion", look(pace="slow_motion", time_scale=0.5)),
    (PARK, "slow it to half speed", look(time_scale=0.5)),
]
CAMERA = [
    (PARK, "closer", camera(framing="full")),
    (PARK, "a wider shot", camera(framing="extreme_wide")),
    (PARK, "close-up of the man", camera(framing="close", focus="man")),
    (PARK, "get closer to the dog", camera(framing="full", focus="dog")),
    (PARK, "from above", camera(angle="high")),
    (PARK, "low angle", camera(angle="low")),
    (PARK, "change the viewpoint from eye-level to top-down", camera(angle="overhead")),
    (PARK, "from behind", camera(azimuth=180.0)),
    (PARK, "50 mm", camera(lens_mm=50.0)),
    (PARK, "use an 85mm lens", camera(lens_mm=85.0)),
    (PARK, "static camera", camera(moves=[])),
    (PARK, "make the camera orbit the dog", camera(moves=[{"kind": "orbit_right", "target": "dog"}])),
    (PARK, "zoom in on the dog", camera(moves=[{"kind": "zoom_in", "target": "dog"}])),
    (PARK, "follow the dog", camera(moves=[{"kind": "track", "target": "dog"}])),
    (PARK, "through the eyes of the dog", camera(point_of_view="dog")),
]
SUBJECTS = [
    (PARK, "make the dog black", subject("dog", attributes={"colour": "black"})),
    (PARK, "paint the dog black", subject("dog", attributes={"colour": "black"})),
    (PARK, "the dog should be black", subject("dog", attributes={"colour": "black"})),
    (PARK, "change the colour of the dog to dark brown", subject("dog", attributes={"colour": "charcoal"})),
    (PARK, "make the dog striped", subject("dog", attributes={"pattern": "striped"})),
    (PARK, "change the material of the tree to gold", subject("tree", attributes={"material": "gold"})),
    (PARK, "make the tree out of glass", subject("tree", attributes={"material": "glass"})),
    (PARK, "make the dog bigger", subject("dog", attributes={"scale": 1.3})),
    (PARK, "make the dog twice as large", subject("dog", attributes={"scale": 2.0})),
    (PARK, "reduce the size of the dog by half", subject("dog", attributes={"scale": 0.5})),
    (PARK, "make the man old", subject("man", attributes={"age": "old"})),
    (PARK, "make him happy", subject("man", attributes={"mood": "happy"})),
    (PARK, "change the man's hair to long blond hair", subject("man", attributes={"hair": "long blond"})),
    (
        PARK,
        "give him a red hat",
        subject("man", attributes={"clothing": [{"kind": "coat"}, {"kind": "hat", "colour": "red"}]}),
    ),
    (PARK, "make his coat blue", subject("man", attributes={"clothing": [{"kind": "coat", "colour": "blue"}]})),
    (PARK, "take off the coat", subject("man", attributes={"clothing": []})),
    (PARK, "replace the dog with a cat", subject("dog", recipe="cat")),
    (PARK, "swap the man for a woman", subject("man", recipe="woman")),
    (RAIN, "make the car a vintage convertible", subject("car", attributes={"states": ["vintage"]})),
    (PARK, "remove the dog", {"op": "remove_subject", "subject": "dog"}),
    (PARK, "get rid of the tree", {"op": "remove_subject", "subject": "tree"}),
    (DOGS, "remove the dogs", {"op": "remove_subject", "subject": "dog-1"}),
    (
        PARK,
        "add a red ball in front of the dog",
        {"op": "add_subject", "subject": {"recipe": "ball", "attributes": {"colour": "red"}}},
    ),
    (PARK, "put a bench behind the man", {"op": "add_subject", "subject": {"recipe": "bench"}}),
    (PARK, "add a bird in the sky", {"op": "add_subject", "subject": {"name": "bird"}}),
    (DOGS, "two more dogs", {"op": "add_subject", "subject": {"recipe": "dog"}}),
    (DOGS, "make it five dogs", {"op": "add_subject", "subject": {"recipe": "dog"}}),
    (PARK, "move the tree behind the man", subject("tree")),
]
DEEDS = [
    (PARK, "let the dog jump", subject("dog", actions=[{"verb": "jump"}])),
    (PARK, "make the dog sit down", subject("dog", actions=[{"verb": "sit"}])),
    (PARK, "the dog should run instead of walk", subject("dog", actions=[{"verb": "run"}])),
    (DOGS, "stop running", subject("dog-1", actions=[])),
    (DOGS, "make them jump", subject("dog-1", actions=[{"verb": "jump"}])),
]
SOUND = [
    (PARK, "mute the sound", level("all", muted=True)),
    (PARK, "louder wind", level("wind", gain_db=6.0)),
    (PARK, "turn down the music", level("music", gain_db=-6.0)),
    (RAIN, "make the rain much quieter", level("rain", gain_db=-12.0)),
    (PARK, "turn down the footsteps", level("footfall", gain_db=-6.0)),
    (PARK, "add upbeat music", {"op": "add_cue", "cue": {"kind": "music", "text": "upbeat"}}),
    (
        PARK,
        'add a narration: "Once upon a time."',
        {"op": "add_cue", "cue": {"kind": "narration", "text": "Once upon a time."}},
    ),
    (
        PARK,
        'the man says "Good dog"',
        {"op": "add_cue", "cue": {"kind": "dialogue", "speaker": "man", "text": "Good dog"}},
    ),
]
LENGTHS = [
    (PARK, "make it 8 seconds", {"op": "retime", "duration": 8, "how": "extend"}),
    (PARK, "trim it to 3 seconds", {"op": "retime", "duration": 3, "how": "trim"}),
    (PARK, "cut off the last second", {"op": "retime", "duration": 4, "how": "trim"}),
    (PARK, "continue for five more seconds", {"op": "retime", "duration": 10, "how": "extend"}),
    (PARK, "shorter", {"op": "retime", "how": "trim"}),
    (PARK, "make it vertical", {"op": "change_film", "size": {"width": 1080, "height": 1920}}),
    (PARK, "at 30 fps", {"op": "change_film", "fps": 30}),
    (PARK, 'call it "The walk"', {"op": "change_film", "title": "The walk"}),
    (PARK, "cut to a close-up of the dog", {"op": "add_shot"}),
]
TIMES = [
    (PARK, "in the last two seconds make it rain", {"span": (3.0, 5.0)}),
    (PARK, "from 3 s on the dog is black", {"span": (3.0, 5.0)}),
    (PARK, "make it night after 2 seconds", {"span": (2.0, 5.0)}),
    (PARK, "between 1 and 3 s make it foggy", {"span": (1.0, 3.0)}),
    (PARK, "make it foggy from 1 s to 3 s", {"span": (1.0, 3.0)}),
    (PARK, "make it foggy from 1 to 3 seconds", {"span": (1.0, 3.0)}),
    (PARK, "from second 1 to second 3 make it foggy", {"span": (1.0, 3.0)}),
    (PARK, "make it foggy from 1.5 s until 3 s", {"span": (1.5, 3.0)}),
    (PARK, "at the start it snows", {"span": (0.0, 5 / 3)}),
    (PARK, "halfway make it black and white", {"span": (2.5, 5.0)}),
    (PARK, "in the last half second make it black and white", {"span": (4.5, 5.0)}),
    (PARK, "in the first half second make it black and white", {"span": (0.0, 0.5)}),
    (
        PARK,
        "in the last two seconds the dog jumps",
        subject("dog", actions=[{"verb": "jump", "span": {"start": 3, "end": 5}}]),
    ),
    (
        PARK,
        "zoom in on the dog in the last 2 seconds",
        camera(moves=[{"kind": "zoom_in", "span": {"start": 3, "end": 5}}]),
    ),
]
ROWS = [*LIGHT, *WEATHER, *PLACES, *LOOKS, *CAMERA, *SUBJECTS, *DEEDS, *SOUND, *LENGTHS, *TIMES]


@pytest.mark.parametrize(("about", "words", "wanted"), ROWS, ids=[row[1] for row in ROWS])
def test_a_phrasing_comes_to_its_operation(say, about, words, wanted):
    """One of the operations has everything that the table names."""
    got = operations(say(about, words))

    assert any(agrees(row, wanted) for row in got), got


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("make it rain and turn the light blue", 2),
        ("make the dog black and the tree red", 2),
        ("make it sunset; closer; the dog jumps", 4),
        ("change the dog to a cat, add black and white effect, and change the background to a beach", 3),
        ("remove the dog and the tree", 2),
        ("give him a red hat and let him wave", 2),
    ],
)
def test_a_compound_instruction_does_each_of_its_parts(say, words, count):
    """Every part leads to operations of its own, in order."""
    assert len(operations(say(PARK, words))) == count


def test_what_is_then_done_follows_what_was_done(edited):
    """ "Then" lets the second deed take the second half."""
    _, after = edited(PARK, "let the dog jump, then sit down")

    dog = next(s for s in after.shots[0].subjects if s.id == "dog")
    assert [(a.verb, float(a.span.start), float(a.span.end)) for a in dog.actions] == [
        ("jump", 0.0, 2.5),
        ("sit", 2.5, 5.0),
    ]


def test_a_replaced_subject_keeps_its_place_and_what_it_can_do(edited):
    """The cat walks where the dogs ran; only a colour that is said would be the new one's."""
    before, after = edited(DOGS, "replace the dogs with cats")

    for old, new in zip(before.shots[0].subjects, after.shots[0].subjects, strict=True):
        assert (new.recipe, new.placement) == ("cat", old.placement)
        assert [a.span for a in new.actions] == [a.span for a in old.actions]


def test_a_new_shot_keeps_who_everybody_is(edited):
    """The same id, looks and clothes; people stay dressed for the set of the first shot."""
    before, after = edited(PARK, "cut to the man on a beach at sunset")

    man = next(s for s in before.shots[0].subjects if s.id == "man")
    again = next(s for s in after.shots[1].subjects if s.id == "man")
    assert (again.recipe, again.attributes) == (man.recipe, man.attributes)
    assert after.shots[1].set.place == "beach"
    assert after.shots[1].dressed_for == before.shots[0].set
