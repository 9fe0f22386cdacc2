"""Motion of four-legged animals: planted feet, ground contact, continuity and sound on the frame of the contact."""

from __future__ import annotations

import numpy as np
import pytest

from vitascope.film import Action, Attributes, Placement, Span, Subject
from vitascope.recipe import catalogue
from vitascope.world.animals.quadruped_motion import QuadrupedMotion
from vitascope.world.families import family
from vitascope.world.role import Role
from vitascope.world.track import Ground, track_of

DURATION = 4.0


def uneven(x: np.ndarray, z: np.ndarray) -> np.ndarray:
    return 0.05 * np.sin(1.1 * x + 0.3) + 0.04 * np.sin(0.7 * x + 0.8 * z)


def played(
    name: str,
    actions: tuple[Action, ...],
    *,
    seed: int = 3,
    start: float = 0.0,
    height=uneven,
    detail: float | None = 9.0,
):
    recipe = catalogue().recipe(name)
    subject = Subject(
        id="a", recipe=name, name=name, placement=Placement(position=(start, 0, 0), facing=90), actions=actions
    )
    ground = Ground(height=height, surface=lambda x, z: "rock")
    role = Role(
        subject=subject, recipe=recipe, number=0, track=track_of(subject, duration=DURATION), ground=ground,
        duration=DURATION, seed=seed,
    )  # fmt: skip
    body = family(recipe.family).build(recipe, Attributes(), seed=1, detail=detail)
    return body, family(recipe.family).perform(body, role)


def going(name: str, verb: str, *, detail: float | None = 9.0):
    speed = catalogue().recipe(name).speed[verb]
    half = speed * DURATION / 2
    action = Action(verb=verb, span=Span(start=0, end=DURATION), path=((half, 0, 0),))
    return played(name, (action,), start=-half, detail=detail)


def posed(body, performance, t: float) -> np.ndarray:
    pose = performance.motion.at(t)
    mesh = body.mesh
    matrices = np.einsum("nk,nkab->nab", mesh.weights.astype(float), pose.joints.astype(float)[mesh.joints])
    local = np.einsum("nab,nb->na", matrices[:, :3, :3], mesh.positions.astype(float)) + matrices[:, :3, 3]
    root = pose.transforms[0].astype(float)
    return local @ root[:3, :3].T + root[:3, 3]


def foot_vertices(body, name: str) -> np.ndarray:
    number = body.skeleton.index(name)
    whole = (body.mesh.weights * (body.mesh.joints == number)).sum(1) > 0.98
    low = body.mesh.positions[:, 1] < 0.02 * body.mesh.positions[:, 1].max()
    return np.flatnonzero(whole & low)


FEET = ("foot_hind_l", "foot_fore_l", "foot_hind_r", "foot_fore_r")


@pytest.mark.parametrize(
    ("name", "verb"), [("snow_leopard", "walk"), ("horse", "run"), ("elephant", "walk"), ("dog", "run")]
)
def test_planted_feet_do_not_slide_and_meet_the_ground(name: str, verb: str) -> None:
    """During stance the skin of the sole stays within a centimetre of itself and within two of the ground."""
    body, performance = going(name, verb, detail=None)
    motion = performance.motion
    assert isinstance(motion, QuadrupedMotion)
    checked = 0
    for i, foot in enumerate(FEET):
        sole = foot_vertices(body, foot)
        assert len(sole) > 2
        for contact, lift in zip(motion.steps.contacts[i], motion.steps.lifts[i], strict=True):
            if contact < 0.3 or lift > DURATION - 0.3 or lift - contact < 0.06:
                continue
            places = [posed(body, performance, t)[sole] for t in np.linspace(contact + 0.01, lift - 0.01, 3)]
            slide = max(float(np.linalg.norm(p - places[0], axis=1).max()) for p in places)
            gap = places[1][:, 1].min() - uneven(places[1][:, 0].mean(), places[1][:, 2].mean())
            assert slide < 0.01
            assert abs(gap) < 0.02 + 0.012 * motion.anatomy.unit
            checked += 1
        if checked > 5:
            break
    assert checked > 2


@pytest.mark.parametrize("name", ["horse", "deer", "cow", "dog", "cheetah"])
def test_a_running_body_keeps_its_height(name: str) -> None:
    """Over a stride at full speed withers and croup stay near their height at rest: no body sinks between its legs."""
    _, performance = going(name, "run")
    motion = performance.motion
    assert isinstance(motion, QuadrupedMotion)
    rest = motion.skeleton.heads[:, 1]

    for bone in (motion.index["pelvis"], motion.index["chest"]):
        ground = [uneven(*motion.moment(t).root[[0, 2], 3]) for t in np.linspace(1.6, 2.4, 24)]
        tall = [
            motion.moment(t).globals[bone, 1, 3] + motion.moment(t).root[1, 3] - g
            for t, g in zip(np.linspace(1.6, 2.4, 24), ground, strict=True)
        ]
        assert min(tall) > 0.70 * rest[bone]
        assert max(tall) < 1.15 * rest[bone]


@pytest.mark.parametrize(("name", "verb"), [("horse", "run"), ("dog", "run"), ("horse", "walk")])
def test_a_planted_leg_never_swings_further_than_35_degrees(name: str, verb: str) -> None:
    """From contact to lift each foot stays within 35 degrees of the point under its hip or shoulder blade."""
    _, performance = going(name, verb)
    motion = performance.motion
    assert isinstance(motion, QuadrupedMotion)
    leg = motion.anatomy.leg

    for i in range(4):
        for contact, lift, plant in zip(
            motion.steps.contacts[i], motion.steps.lifts[i], motion.steps.plants[i], strict=True
        ):
            if contact > 0.5 and lift < DURATION - 0.5:
                offsets = [
                    plant[0] - motion.role.track.position(t)[0] - motion.legs[i].sole[2] for t in (contact, lift)
                ]
                assert max(abs(x) for x in offsets) < np.tan(np.radians(35)) * leg + 0.14 * motion.anatomy.unit


@pytest.mark.parametrize("name", ["cat", "horse"])
def test_a_body_that_halts_sets_all_feet_down(name: str) -> None:
    """After walking to a stop every foot is planted, near its place under the body."""
    walk = Action(verb="walk", span=Span(start=0, end=2), path=((1.2 * catalogue().recipe(name).speed["walk"], 0, 0),))

    _, performance = played(name, (walk,))

    motion = performance.motion
    assert isinstance(motion, QuadrupedMotion)
    for i in range(4):
        foot, _, _ = motion.steps.foot(i, 3.9)
        rest = motion.legs[i].sole
        centre = motion.role.track.position(3.9)
        assert foot.planted
        assert abs(foot.position[0] - (centre[0] + rest[2])) < 0.30 * motion.anatomy.unit


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("cat", (("walk", 0, 2), ("sit", 2, 4))),
        ("dog", (("run", 0, 1.5), ("walk", 1.5, 3), ("lie", 3, 4))),
        ("horse", (("stand", 0, 1.5), ("eat", 1.5, 4))),
        ("snow_leopard", (("crawl", 0, 2), ("jump", 2, 3.2), ("look", 3.2, 4))),
    ],
)
def test_poses_are_continuous(name: str, actions: tuple) -> None:
    """Between frames no joint jumps by more than its body could move."""
    made, x = [], 0.0
    speeds = catalogue().recipe(name).speed
    for verb, start, end in actions:
        travels = verb in speeds
        x += speeds.get(verb, 0.0) * 0.7 * (end - start) if travels else 0.0
        made.append(Action(verb=verb, span=Span(start=start, end=end), path=((x, 0, 0),) if travels else ()))
    _, performance = played(name, tuple(made))
    motion = performance.motion
    assert isinstance(motion, QuadrupedMotion)
    unit = motion.anatomy.unit

    before, fastest = None, 0.0
    for t in np.arange(0.0, DURATION, 1 / 30):
        moment = motion.moment(float(t))
        here = (moment.root @ np.concatenate([moment.globals[:, :3, 3], np.ones((len(moment.globals), 1))], 1).T).T[
            :, :3
        ]
        if before is not None:
            fastest = max(fastest, float(np.linalg.norm(here - before, axis=1).max()))
        before = here

    top = max(speeds.values())
    assert fastest < (4.2 * top + 6.0 * unit) / 30


def test_each_footfall_sounds_when_and_where_the_foot_is_planted() -> None:
    """Events are the contacts of the plan: same times, on the ground, with the surface underfoot."""
    _, performance = going("horse", "walk")
    motion = performance.motion
    assert isinstance(motion, QuadrupedMotion)
    contacts = np.sort(np.concatenate([c[(c >= 0) & (c < DURATION)] for c in motion.steps.contacts]))

    falls = [e for e in performance.events if e.name == "footfall.hoof"]

    np.testing.assert_allclose([e.time for e in falls], contacts, atol=1e-9)
    assert {e.surface for e in falls} == {"rock"}
    for event in falls:
        x, y, z = event.position
        assert abs(y - float(uneven(np.array(x), np.array(z)))) < 1e-6


def test_seeds_differ_in_step_size_and_tint_and_not_in_place() -> None:
    """Two seeds walk the same way out of step, and are not quite of one size and colour."""
    action = Action(verb="walk", span=Span(start=0, end=4), path=((4, 0, 0),))

    motions = [played("cow", (action,), seed=seed)[1].motion for seed in (1, 2)]

    a, b = (m.at(2.0) for m in motions)
    np.testing.assert_allclose(a.transforms[:, :3, 3], b.transforms[:, :3, 3])
    sizes = [float(np.linalg.norm(pose.transforms[0, :3, 0])) for pose in (a, b)]
    assert sizes[0] != sizes[1]
    assert all(abs(size - 1) <= 0.06 for size in sizes)
    assert a.tints is not None
    assert not np.array_equal(a.tints, b.tints)
    assert np.abs(a.tints - 1).max() <= 0.062
    assert not np.allclose(a.joints, b.joints, atol=1e-3)


def test_grazing_brings_the_mouth_to_the_ground() -> None:
    """A horse that eats has its muzzle within a hand of the grass."""
    _, performance = played("horse", (Action(verb="eat", span=Span(start=0, end=4)),), height=lambda x, z: 0.0 * x)

    mouth = performance.socket("mouth", 2.0)[:3, 3]

    assert 0.0 < mouth[1] < 0.25


def test_any_time_gives_the_same_pose_in_any_order() -> None:
    """Poses are functions of time alone."""
    _, performance = going("cat", "walk")
    first = performance.motion.at(1.5).joints.copy()

    for t in (3.0, 0.2, -1.0, 5.0):
        performance.motion.at(t)

    np.testing.assert_array_equal(first, performance.motion.at(1.5).joints)
