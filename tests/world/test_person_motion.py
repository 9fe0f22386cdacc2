"""How people move: planted feet, contacts, kicks, grips and continuity."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from vitascope.film import Action, Attributes, Placement, Span, Subject
from vitascope.recipe import Recipe
from vitascope.world.families.person import build, perform
from vitascope.world.people.frame import BONES
from vitascope.world.role import Role
from vitascope.world.track import Ground, track_of

DURATION = 4.0


@cache
def body_of(age: str):
    """One coarse person of an age."""
    return build(recipe(age), Attributes(), seed=3, detail=0.06)


def recipe(age: str = "adult", **parameters) -> Recipe:
    """A recipe for a man of this age."""
    return Recipe(
        name="someone",
        kind="person",
        family="person",
        size=(0.5, 1.75, 0.3),
        mass=70,
        parameters={"age": age, "sex": "male", **parameters},
    )


def ground(slope: float = 0.0) -> Ground:
    """A plane that rises by `slope` along x."""
    return Ground(height=lambda x, z: slope * np.asarray(x, float), surface=lambda x, z: "grass")


def action(verb: str, start: float = 0, end: float = DURATION, **fields) -> Action:
    """An action over a span."""
    return Action(verb=verb, span=Span(start=start, end=end), **fields)


def performance(*actions: Action, age: str = "adult", slope: float = 0.0, **fields):
    """A person at the mark, facing screen right, who performs `actions`."""
    subject = Subject(id="a", recipe="someone", name="someone", placement=Placement(facing=90), actions=actions)
    role = Role(
        subject=subject, recipe=recipe(age, **fields.pop("parameters", {})), number=0, track=track_of(subject, duration=DURATION),
        ground=ground(slope), duration=DURATION, seed=7, **fields,
    )  # fmt: skip
    return perform(body_of(age), role)


def joint(result, name: str, t: float) -> np.ndarray:
    """(3,) world position of a bone's joint."""
    world, joints = result.motion.joints(t)
    return (world @ joints[BONES.index(name)][:, 3])[:3]


def point(result, bone: str, offset: np.ndarray, t: float) -> np.ndarray:
    """(3,) world position of a point fixed to a bone, `offset` from its joint at rest."""
    world, joints = result.motion.joints(t)
    return (world @ joints[BONES.index(bone)] @ np.append(offset, 1.0))[:3]


@pytest.mark.parametrize(
    ("verb", "way", "age"), [("walk", 5.0, "adult"), ("walk", 2.4, "child"), ("run", 12.0, "adult")]
)
def test_planted_feet_do_not_slide(verb, way, age):
    """While a foot is flat on the ground its ball stays within a centimetre of one place."""
    result = performance(action(verb, path=((way, 0, 0),)), age=age)
    strides = result.motion.strides
    for i, side in ((0, "l"), (1, "r")):
        for stance in strides.stances[i]:
            a, b = stance.start + 0.25 * (stance.end - stance.start), stance.start + 0.55 * (stance.end - stance.start)
            if a < 0.05 or b > DURATION or stance.closing:
                continue
            spots = np.array([joint(result, f"toes_{side}", t) for t in np.linspace(a, b, 5)])
            assert np.ptp(spots, axis=0).max() < 0.012


def test_feet_stay_on_a_slope():
    """Uphill, planted ankles keep their height over the ground under them."""
    result = performance(action("walk", path=((4.0, 0, 0),)), slope=0.15)
    for t in np.linspace(0.4, 3.6, 9):
        for i, side in ((0, "l"), (1, "r")):
            step = result.motion.strides.foot(i, t)
            if step.planted and 0.2 < step.share < 0.5:
                ankle = joint(result, f"foot_{side}", t)
                assert ankle[1] - 0.15 * ankle[0] == pytest.approx(0.077, abs=0.03)


def test_footfalls_sound_when_feet_land():
    """Each footfall is heard when and where a stance begins, on the surface of the ground."""
    result = performance(action("walk", path=((5.0, 0, 0),)))
    starts = sorted(s.start for row in result.motion.strides.stances for s in row[1:] if 0 <= s.start < DURATION)
    steps = [e for e in result.events if e.name.startswith("footfall")]

    assert [e.time for e in steps] == pytest.approx(starts)
    assert {e.surface for e in steps} == {"grass"}
    assert 5 <= len(steps) <= 12


def test_running_has_a_flight_phase():
    """At some moment of a run no foot is on the ground; at none of a walk."""
    times = np.linspace(1.0, 3.0, 80)
    run = performance(action("run", path=((14.0, 0, 0),))).motion.strides
    walk = performance(action("walk", path=((5.0, 0, 0),))).motion.strides

    assert any(not run.foot(0, t).planted and not run.foot(1, t).planted for t in times)
    assert all(walk.foot(0, t).planted or walk.foot(1, t).planted for t in times)


def test_someone_who_stops_stands_on_both_feet():
    """After the last step both feet are down, side by side under the body."""
    result = performance(action("walk", 0, 2, path=((2.0, 0, 0),)))
    left, right = (joint(result, f"foot_{side}", 3.6) for side in "lr")

    assert abs(left[1] - right[1]) < 0.01
    assert abs(left[0] - 2.0) < 0.12
    assert 0.08 < abs(left[2] - right[2]) < 0.4


def test_a_kick_meets_the_ball_in_the_middle_of_its_span():
    """The toes come to the ball's skin within a frame of mid-span, not before, and the sound is there too."""
    ball = np.array([0.72, 0.11, 0.08])
    result = performance(action("kick", 1, 3, target="ball"), targets={"ball": lambda t: ball})
    tip = result.motion.rig.ball * np.array([1, 0.6, 1.5])
    times = np.linspace(1.7, 2.1, 200)
    foot = "foot_r" if result.motion.kicks[0][1] == 1 else "foot_l"
    gaps = np.array([np.linalg.norm(point(result, foot, tip, t) - ball) for t in times])
    kick = next(e for e in result.events if e.name == "kick")

    assert times[int(np.argmax(gaps < 0.15))] == pytest.approx(2.0, abs=1 / 24)
    assert gaps[0] > 0.5
    assert kick.time == pytest.approx(2.0)
    assert kick.position == pytest.approx(tuple(ball))


def test_the_other_foot_stands_during_a_kick():
    """The supporting foot does not move from a quarter second before the contact to a quarter after."""
    result = performance(action("walk", path=((4.0, 0, 0),)), action("kick", 1, 3))
    spots = np.array([joint(result, "toes_l", t) for t in np.linspace(1.8, 2.25, 7)])

    assert np.ptp(spots, axis=0).max() < 0.03


def test_an_umbrella_is_held_upright():
    """The socket of a hand that holds an umbrella stays within ten degrees of upright, in front and above the waist."""
    result = performance(action("walk", path=((4.0, 0, 0),)), action("hold", manner=("umbrella",)))
    for t in np.linspace(0, DURATION, 17):
        socket = result.socket("hand_right", t)
        hips = joint(result, "hips", t)
        assert np.degrees(np.arccos(np.clip(socket[1, 1], -1, 1))) < 10
        assert socket[1, 3] > hips[1] + 0.2


@pytest.mark.parametrize(
    "verb", ["stand", "walk", "run", "climb", "jump", "crawl", "sit", "lie", "wave", "talk", "look", "hold", "kick", "throw",
             "push", "eat", "drink", "work", "dance", "play", "swim", "ride", "fall"],
)  # fmt: skip
def test_poses_are_continuous(verb):
    """From one 240th of a second to the next no joint jumps, also where the action begins and ends."""
    path = ((3.0, 0, 0),) if verb in ("walk", "run", "climb", "crawl", "swim", "ride", "play") else ()
    result = performance(action(verb, 1, 3, path=path))
    for around in (1.0, 2.0, 3.0):
        poses = [result.motion.at(t) for t in around + np.arange(-3, 4) / 240]
        for a, b in pairwise(poses):
            assert np.abs(b.joints - a.joints).max() < 0.16
            assert np.abs(b.transforms - a.transforms).max() < 0.1


def test_the_same_time_gives_the_same_pose_in_any_order():
    """Motion is a pure function of time."""
    first, second = (performance(action("walk", path=((4.0, 0, 0),)), action("talk")) for _ in range(2))
    forward = [first.motion.at(t).joints for t in (0.5, 1.5, 2.5)]
    backward = [second.motion.at(t).joints for t in (2.5, 1.5, 0.5)][::-1]

    assert all(np.array_equal(a, b) for a, b in zip(forward, backward, strict=True))


def test_eyes_and_head_turn_to_what_is_looked_at():
    """Someone who looks at a thing on the left turns the head towards it."""
    aside = np.array([0.5, 1.5, -3.0])
    result = performance(action("look", target="bird"), targets={"bird": lambda t: aside})
    world, joints = result.motion.joints(2.0)
    ahead = (world[:3, :3] @ joints[BONES.index("eye_l")][:3, :3])[:, 2]
    wanted = aside - joint(result, "eye_l", 2.0)

    assert ahead @ wanted / np.linalg.norm(wanted) > np.cos(np.radians(25))


def test_sitting_rests_on_the_seat():
    """On a carrier the seat of the body is at the carrier's socket, feet near the floor."""
    seat = np.eye(4)
    seat[1, 3] = 0.45
    result = performance(action("sit"), carrier=lambda t: seat)

    assert result.socket("seat", 2.0)[1, 3] == pytest.approx(0.45, abs=0.06)
    assert joint(result, "foot_l", 2.0)[1] < 0.16


def test_low_gravity_takes_long_slow_strides():
    """A lunar gait takes fewer steps over the same way."""
    way = action("walk", path=((5.0, 0, 0),))
    here = performance(way)
    moon = performance(way, parameters={"gait": "lunar"})

    assert len(moon.events) < 0.75 * len(here.events)
