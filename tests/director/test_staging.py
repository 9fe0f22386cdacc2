"""Staging: relations become positions, actions become paths, wishes become a camera."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitascope.director.draft import ActionWish, CameraWish, Draft, Entity, MoveWish, Relation, SetWish
from vitascope.director.staging import stage
from vitascope.film import Camera, Look, Shot, Subject
from vitascope.recipe import Catalogue, PlaceRecipe, Recipe, VerbRecipe

SIZES = {
    "cup": (0.1, 0.1, 0.1), "table": (1.4, 0.75, 0.8), "horse": (0.6, 1.6, 2.4), "boy": (0.4, 1.2, 0.3),
    "ball": (0.22, 0.22, 0.22), "gull": (1.2, 0.4, 0.5), "car": (1.8, 1.4, 4.5), "house": (8.0, 6.0, 7.0),
    "fish": (0.1, 0.2, 0.4), "umbrella": (1.0, 0.96, 1.0), "kite": (1.1, 1.5, 0.4),
}  # fmt: skip
KINDS = {
    "horse": "animal", "boy": "person", "gull": "bird", "car": "vehicle", "house": "building", "fish": "fish",
}  # fmt: skip
MEDIA = {"kite": ("air", 8.0), "gull": ("air", 12.0), "fish": ("underwater", 2.0)}


def library() -> Catalogue:
    recipes = {}
    for name, size in SIZES.items():
        medium, altitude = MEDIA.get(name, ("ground", 0.0))
        sockets = {"table": ("top",), "boy": ("hand_right", "hand_left"), "horse": ("seat",)}.get(name, ())
        recipes[name] = Recipe(
            name=name, kind=KINDS.get(name, "prop"), family="parts", size=size, medium=medium, altitude=altitude,
            sockets=sockets, speed={"run": 5.0, "drive": 14.0, "fly": 9.0},
        )  # fmt: skip
    verbs = {n: VerbRecipe(name=n, travels=n not in ("stand", "kick", "hold", "ride", "work")) for n in
             ("stand", "walk", "run", "fly", "drive", "kick", "hold", "ride", "rise", "work")}  # fmt: skip
    places = {
        "meadow": PlaceRecipe(name="meadow", family="field"),
        "room": PlaceRecipe(name="room", family="room", indoor=True),
        "dining_room": PlaceRecipe(
            name="dining_room", family="room", indoor=True, parameters={"furniture": [{"kind": "table", "at": [0, 0]}]}
        ),
    }
    return Catalogue(
        recipes=recipes, places=places, verbs=verbs, colours={}, recipe_words={}, place_words={}, verb_words={}
    )


def entities(*names: str, **more: object) -> tuple[Entity, ...]:
    """One entity each; "cup*3" makes three of a group."""
    found = []
    for name in names:
        kind, _, count = name.partition("*")
        for i in range(int(count or 1)):
            suffix = f"-{i + 1}" if count else ""
            found.append(Entity(id=kind + suffix, recipe=kind, name=kind, group=kind if count else None, **more))
    return tuple(found)


def staged(*names: str, place: str = "meadow", **wishes: object) -> Shot:
    return stage(Draft(prompt="", entities=entities(*names), set=SetWish(place=place), **wishes), library())


def at(shot: Shot, subject_id: str) -> np.ndarray:
    return np.array(next(s for s in shot.subjects if s.id == subject_id).placement.position)


def at_start(subject: Subject) -> np.ndarray:
    return np.array(subject.placement.position)


@pytest.mark.parametrize(
    ("kind", "axis", "sign"),
    [("left_of", 0, -1), ("right_of", 0, 1), ("in_front_of", 2, 1), ("behind", 2, -1), ("above", 1, 1)],
)
@pytest.mark.parametrize(("first", "second"), [("cup", "ball"), ("horse", "car"), ("boy", "house"), ("house", "cup")])
def test_relations_are_where_the_camera_sees_them(kind: str, axis: int, sign: int, first: str, second: str):
    """Left is left for any pair of things, small or large."""
    shot = staged(first, second, relations=(Relation(kind=kind, entity=first, targets=(second,)),))

    assert sign * (at(shot, first) - at(shot, second))[axis] > 0.05


def test_on_and_in_the_hand_are_carried():
    """What stands on a table has the table as its carrier, what is held has the hand."""
    shot = staged("table", "cup", relations=(Relation(kind="on", entity="cup", targets=("table",)),))
    held = staged("boy", "ball", actions=(ActionWish(entity="boy", verb="hold", target="ball"),))

    cup, ball = shot.subjects[1].placement, held.subjects[1].placement
    assert (cup.on, cup.socket) == ("table", "top")
    assert (ball.on, ball.socket) == ("boy", "hand_right")


@pytest.mark.parametrize(("way", "hand"), [("right", "hand_left"), ("left", "hand_right")])
def test_an_umbrella_is_carried_beside_the_face_on_the_side_away_from_the_camera(way: str, hand: str):
    """Its shaft does not cross the face, and who carries it needs no hood."""
    shot = staged(
        "boy", "umbrella", relations=(Relation(kind="held_by", entity="umbrella", targets=("boy",)),),
        actions=(ActionWish(entity="boy", verb="walk", direction=way),),
    )  # fmt: skip

    boy, umbrella = shot.subjects
    assert umbrella.placement.socket == hand
    assert "sheltered" in boy.attributes.states


def test_people_of_anime_have_large_eyes():
    """The style of the picture is a state of its people, and of nobody else."""
    boy, horse = staged("boy", "horse", look=Look(style="anime")).subjects

    assert boy.attributes.states == ("large eyes",)
    assert horse.attributes.states == ()


def test_small_things_alone_in_a_room_stand_on_its_table():
    """A cup in a dining room is not shown on the floor; with a person there it is where it was."""
    alone = staged("cup", place="dining_room")
    accompanied = staged("cup", "boy", place="dining_room")

    assert alone.subjects[0].placement.on == alone.subjects[1].id
    assert alone.subjects[1].recipe == "table"
    assert [s.recipe for s in accompanied.subjects] == ["cup", "boy"]


def test_who_fly_together_are_followed_together():
    """An aerial shot lifts all of a flock by as much."""
    flock = ("gull", "kite")

    low = staged(*flock)
    high = staged(*flock, camera=CameraWish(angle="aerial"))

    heights = [[each.placement.position[1] for each in shot.subjects] for shot in (low, high)]
    assert min(heights[1]) > max(heights[0]) + 10
    assert np.ptp(heights[1]) == pytest.approx(np.ptp(heights[0]), abs=1e-6)


def test_who_flies_a_kite_stands_below_it():
    """A thing in the air without a seat is not ridden: its owner holds it from the ground."""
    boy, kite = staged(
        "boy", "kite", relations=(Relation(kind="on", entity="boy", targets=("kite",)),),
        actions=(ActionWish(entity="boy", verb="ride", target="kite"), ActionWish(entity="kite", verb="fly")),
    ).subjects  # fmt: skip

    assert boy.placement.on is None
    assert [a.verb for a in boy.actions] == ["hold"]
    assert kite.placement.position[1] > 1.5


def test_things_on_one_table_stand_side_by_side():
    """Two cups on a table do not share a place, and keep their order."""
    shot = staged(
        "table", "cup", "ball",
        relations=(
            Relation(kind="on", entity="cup", targets=("table",)),
            Relation(kind="on", entity="ball", targets=("table",)),
            Relation(kind="left_of", entity="ball", targets=("cup",)),
        ),
    )  # fmt: skip

    assert at(shot, "cup")[0] - at(shot, "ball")[0] > 0.15


def test_between_is_between():
    """The middle one has a neighbour on either side."""
    shot = staged("cup", "horse", "car", relations=(Relation(kind="between", entity="cup", targets=("horse", "car")),))

    low, high = sorted((at(shot, "horse")[0], at(shot, "car")[0]))
    assert low < at(shot, "cup")[0] < high


@settings(max_examples=40)
@given(
    st.lists(
        st.sampled_from([*SIZES, "cup*3", "boy*5", "horse*8"]),
        min_size=1,
        max_size=4,
        unique_by=lambda n: n.split("*")[0],
    )
)
def test_nobody_stands_inside_another(names: list[str]):
    """Footprints of all who stand on the ground are apart."""
    shot = staged(*names)
    sizes = {s.id: SIZES[s.recipe] for s in shot.subjects}
    standing = [s for s in shot.subjects if s.placement.on is None and s.placement.position[1] < 0.5]

    for i, a in enumerate(standing):
        for b in standing[i + 1 :]:
            apart = np.hypot(*(at(shot, a.id) - at(shot, b.id))[[0, 2]])
            reach = (max(sizes[a.id][0], sizes[a.id][2]) + max(sizes[b.id][0], sizes[b.id][2])) / 2
            assert apart > 0.6 * reach


def test_travel_is_centred_on_the_mark():
    """Who crosses the shot is in the middle of it in the middle of its time."""
    shot = staged("horse", actions=(ActionWish(entity="horse", verb="run", direction="right"),))

    path = shot.subjects[0].actions[0].path
    start, end = at(shot, "horse"), np.array(path[-1])
    assert (start + end)[0] / 2 == pytest.approx(0, abs=0.05)
    assert end[0] > start[0]


def test_a_ball_goes_to_and_fro_between_two_players():
    """Kicks alternate, and the ball leaves at the moment of each contact."""
    wishes = tuple(ActionWish(entity=f"boy-{i}", verb="kick", target="ball") for i in (1, 2))
    shot = staged("boy*2", "ball", actions=wishes)
    kicks = sorted(
        (float(a.span.start + a.span.end) / 2, s.id) for s in shot.subjects for a in s.actions if a.verb == "kick"
    )
    flights = sorted(float(a.span.start) for s in shot.subjects if s.id == "ball" for a in s.actions)

    assert [who for _, who in kicks] == [("boy-1", "boy-2")[i % 2] for i in range(len(kicks))]
    assert [t for t, _ in kicks] == pytest.approx(flights, abs=1 / 120)


@pytest.mark.parametrize("seconds", [2, 5, 12])
def test_players_do_not_stop_before_the_end(seconds: int):
    """The ball is under way when the shot ends, and no pause between two kicks is longer than two seconds."""
    wishes = tuple(ActionWish(entity=f"boy-{i}", verb="kick", target="ball") for i in (1, 2))
    shot = staged("boy*2", "ball", actions=wishes, duration=Fraction(seconds))
    flights = sorted((a.span.start, a.span.end) for s in shot.subjects if s.id == "ball" for a in s.actions)

    assert flights[-1][1] == seconds
    assert all(later[0] - earlier[0] < 2 for earlier, later in pairwise(flights))


def test_two_leads_with_birds_overhead_fill_half_the_picture():
    """A ball and birds do not push two children away from the camera, as further people would."""
    assert staged("boy*2", "ball", "gull*3").camera.framing == "full"
    assert staged("boy*3", "ball").camera.framing == "wide"


@pytest.mark.parametrize(
    "company",
    [
        {"actions": (ActionWish(entity="boy", verb="walk", target="horse"),)},
        {
            "actions": (ActionWish(entity="boy", verb="run"),),
            "relations": (Relation(kind="next_to", entity="horse", targets=("boy",)),),
        },
    ],
)
def test_who_is_walked_or_stays_beside_a_walker_comes_along(company: dict):
    """They start side by side, take equal ways in the same direction, and so stay together to the end."""
    boy, horse = staged("boy", "horse", **company).subjects
    ways = [np.array(s.actions[0].path[-1]) - s.placement.position for s in (boy, horse)]

    assert np.linalg.norm(at_start(boy) - at_start(horse)) < 4.0
    np.testing.assert_allclose(ways[0], ways[1], atol=1e-2)


def test_who_lies_on_large_furniture_is_what_the_picture_shows():
    """A fish on a table is framed by its own size; a fish and a cup there share the picture."""
    table = entities("table", role="support")
    relations = tuple(Relation(kind="on", entity=name, targets=("table",)) for name in ("fish", "cup"))

    def camera(*names: str) -> Camera:
        there = relations[: len(names)]
        draft = Draft(prompt="", entities=(*entities(*names), *table), set=SetWish(place="meadow"), relations=there)
        return stage(draft, library()).camera

    assert (camera("fish").focus, camera("fish").framing) == ("fish", "wide")
    assert camera("fish", "cup").focus is None


def test_who_works_alone_indoors_stands_behind_the_table():
    """A cook has the table between the body and the camera, which shows the upper half."""
    shot = staged("boy", place="room", actions=(ActionWish(entity="boy", verb="work"),))

    assert at(shot, "boy")[2] < -0.5
    assert shot.camera.framing == "medium"


def test_a_far_traveller_is_tracked_unless_the_camera_must_stand_still():
    """Nobody drives out of an unasked-for static frame; a static camera that was asked for stays static."""
    drive = (ActionWish(entity="car", verb="drive"),)

    followed = staged("car", actions=drive)
    still = staged("car", actions=drive, camera=CameraWish(static=True))

    assert "track" in [m.kind for m in followed.camera.moves]
    assert still.camera.moves == ()


def test_wishes_of_the_camera_are_kept():
    """What was asked for is what the shot says."""
    wish = CameraWish(framing="close", angle="low", lens_mm=85.0, moves=(MoveWish(kind="orbit_left"),))

    camera = staged("horse", camera=wish).camera

    assert (camera.framing, camera.angle, camera.lens_mm) == ("close", "low", 85.0)
    assert [m.kind for m in camera.moves] == ["orbit_left"]


def test_flyers_over_walkers_are_above_their_heads_and_in_reach_of_one_picture():
    """Gulls over children fly higher than the children and not out of sight."""
    shot = staged("boy*2", "gull*3", actions=tuple(ActionWish(entity=f"gull-{i}", verb="fly") for i in (1, 2, 3)))

    heights = [at(shot, f"gull-{i}")[1] for i in (1, 2, 3)]
    assert 1.2 < min(heights) <= max(heights) < 6.0


def test_a_school_stays_a_school_past_a_wreck():
    """Members of a group that go past something keep their places beside each other."""
    wishes = tuple(
        ActionWish(entity=f"fish-{i}", verb="walk", target="house", target_relation="past") for i in range(1, 13)
    )
    shot = staged("fish*12", "house", actions=wishes)
    starts = np.array([at(shot, f"fish-{i}") for i in range(1, 13)])
    ends = np.array([s.actions[-1].path[-1] for s in shot.subjects if s.recipe == "fish"])

    assert np.ptp(starts[:, 0]) > 0.5
    assert np.allclose(ends[:, [0, 2]] - starts[:, [0, 2]], (ends - starts)[0, [0, 2]], atol=0.05)


def test_the_same_draft_gives_the_same_shot():
    """No chance but the seed."""
    names = ("boy*5", "horse", "fish*12")

    assert staged(*names) == staged(*names)


def test_time_is_exact():
    """Spans are fractions of the shot."""
    shot = staged("boy", actions=(ActionWish(entity="boy", verb="walk"),), duration=Fraction(10, 3), look=Look())

    assert shot.subjects[0].actions[0].span.end == Fraction(10, 3)
