"""Tracks, footfalls and reach: what moves keeps its promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitascope.film import Action, Placement, Span, Subject
from vitascope.world.gait import Gait, footfalls
from vitascope.world.skeleton import Bone, Skeleton, reach, rotation_between, turned
from vitascope.world.track import Ground, track_of

WALK = Gait(phases=(0.0, 0.25, 0.5, 0.75), duty=0.65)
hills = Ground(height=lambda x, z: 0.3 * np.sin(0.7 * x) + 0.2 * np.cos(z), surface=lambda x, z: "grass")


def walker(path, start=0, end=4, at=(-3, 0, 0)):
    action = Action(verb="walk", span=Span(start=start, end=end), path=path)
    return Subject(id="a", recipe="cat", name="cat", placement=Placement(position=at, facing=90), actions=(action,))


def test_a_path_ends_where_it_says():
    """The subject is at its waypoint at the end of its action."""
    track = track_of(walker(((0, 0, 0), (2, 0, 2)), start=1, end=4), duration=5)

    assert track.position(0.5) == pytest.approx((-3, 0, 0), abs=1e-6)
    assert track.position(4.5) == pytest.approx((2, 0, 2), abs=1e-3)
    assert track.speed(4.8) == pytest.approx(0, abs=1e-6)


def test_a_path_that_fills_the_shot_has_constant_speed():
    """Seen in passing, nobody starts or stops."""
    track = track_of(walker(((3, 0, 0),), start=0, end=5), duration=5)

    assert [track.speed(t) for t in (0.0, 1.0, 2.5, 4.9)] == pytest.approx([1.2] * 4, rel=0.02)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(-4, 4), st.just(0.0), st.floats(-4, 4)), min_size=1, max_size=4))
def test_planted_feet_do_not_slide_and_stand_on_the_ground(path):
    """While a foot is planted it keeps its place, at the height of the ground."""
    track = track_of(walker(tuple(path)), duration=5)
    steps = footfalls(track, hills, gait=WALK, leg=0.5, rest=((-0.1, -0.3), (-0.1, 0.3), (0.1, -0.3), (0.1, 0.3)))

    for i in range(4):
        before = None
        for t in np.arange(0, 5, 1 / 60):
            foot = steps.foot(i, t)
            if foot.planted:
                assert foot.position[1] == pytest.approx(hills.at(foot.position[0], foot.position[2]), abs=1e-9)
                if before is not None and before.planted and np.linalg.norm(foot.position - before.position) < 0.05:
                    assert np.allclose(foot.position, before.position, atol=1e-9)
            before = foot


@given(st.floats(0.2, 1.9), st.floats(-3, 3), st.floats(-3, 3))
def test_reach_touches_its_target(distance: float, yaw: float, pitch: float):
    """Two bones of one metre end at any target nearer than two metres, and keep their lengths."""
    target = distance * np.array([np.cos(yaw) * np.cos(pitch), np.sin(pitch), np.sin(yaw) * np.cos(pitch)])
    upper, lower, joint = reach(
        np.zeros(3), np.array([0, -1.0, 0]), np.array([0, -1.0, 0]), target, np.array([0, 0, 1.0])
    )

    elbow = upper @ [0, -1.0, 0]

    assert np.allclose(elbow, joint, atol=1e-6)
    assert np.allclose(elbow + lower @ [0, -1.0, 0], target, atol=2e-3)


@given(st.tuples(*[st.floats(-1, 1)] * 3), st.tuples(*[st.floats(-1, 1)] * 3))
def test_rotation_between_turns_one_direction_into_the_other(a, b):
    """It is a rotation, and it does what it says."""
    if np.linalg.norm(a) < 1e-2 or np.linalg.norm(b) < 1e-2:
        return
    r = rotation_between(np.array(a), np.array(b))

    assert np.allclose(r @ r.T, np.eye(3), atol=1e-6)
    assert np.allclose(r @ a / np.linalg.norm(a), np.array(b) / np.linalg.norm(b), atol=1e-4)


def test_skinning_at_rest_moves_nothing():
    """The rest pose gives identity matrices; a turn at the root turns all."""
    skeleton = Skeleton(
        (Bone(name="root", parent=None, head=(0, 1, 0)), Bone(name="tip", parent="root", head=(0, 2, 0)))
    )
    rest = np.tile(np.eye(3), (2, 1, 1))
    bent = rest.copy()
    bent[0] = turned("z", np.pi / 2)

    assert np.allclose(skeleton.skinning(skeleton.globals(rest)), np.eye(4))
    assert np.allclose((skeleton.skinning(skeleton.globals(bent))[1] @ [0, 2, 0, 1])[:3], [-1, 1, 0], atol=1e-6)
