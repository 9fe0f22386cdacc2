"""Flight, steps and swimming: what birds and sea animals promise about where they are and what is heard."""

from __future__ import annotations

import numpy as np
import pytest

from vitascope.film import Action, Attributes, Placement, Span, Subject
from vitascope.recipe import catalogue
from vitascope.world.families import family
from vitascope.world.role import Role
from vitascope.world.track import Ground, track_of

DURATION = 4.0
SIZED = [n for n, r in sorted(catalogue().recipes.items()) if r.family in ("bird", "swimmer")]


def played(
    name: str, verb: str, *, travel: float = 0.0, height: float = 0.0, water: float | None = None, bed: float = 0.0
):
    recipe = catalogue().recipe(name)
    path = ((travel / 2, height, 0.0),) if travel else ()
    action = Action(verb=verb, span=Span(start=0, end=DURATION), path=path)
    placement = Placement(position=(-travel / 2, height, 0.0), facing=90)
    subject = Subject(id="a", recipe=name, name=name, placement=placement, actions=(action,))
    ground = Ground(height=lambda x, z: 0.0 * x + bed, surface=lambda x, z: "sand", water_level=water)
    role = Role(
        subject=subject, recipe=recipe, number=0, track=track_of(subject, duration=DURATION), ground=ground,
        duration=DURATION, seed=5,
    )  # fmt: skip
    body = family(recipe.family).build(recipe, Attributes(), seed=1)
    return body, family(recipe.family).perform(body, role)


def posed(body, performance, t: float, *, in_world: bool = True) -> np.ndarray:
    pose = performance.motion.at(t)
    mesh = body.mesh
    matrices = np.einsum("nk,nkab->nab", mesh.weights.astype(float), pose.joints.astype(float)[mesh.joints])
    local = np.einsum("nab,nb->na", matrices[:, :3, :3], mesh.positions.astype(float)) + matrices[:, :3, 3]
    root = pose.transforms[0].astype(float)
    return local @ root[:3, :3].T + root[:3, 3] if in_world else local


@pytest.mark.parametrize("name", SIZED)
def test_a_bird_or_drifter_is_as_large_as_its_recipe_says(name: str) -> None:
    """In its usual state (in flight where it lives in the air) its extents are near the size in the recipe."""
    recipe = catalogue().recipe(name)
    verb, travel, height = ("fly", 0.02, 2.0) if recipe.medium == "air" else ("stand", 0.0, 0.0)
    body, performance = played(name, verb, travel=travel, height=height)

    extents = [np.ptp(posed(body, performance, float(t), in_world=False), axis=0) for t in np.linspace(0.5, 3.5, 16)]

    np.testing.assert_allclose(np.max(extents, axis=0)[[0, 2]] / np.array(recipe.size)[[0, 2]], 1.0, atol=0.15)


def test_wings_beat_and_fold() -> None:
    """A gull in the air is wide and its wing tips travel; on the sand its wings are folded away."""
    body, aloft = played("gull", "fly", travel=32.0, height=4.0)
    _, ashore = played("gull", "stand")
    tip = body.mesh.positions[:, 0].argmax()

    heights = [posed(body, aloft, float(t), in_world=False)[tip, 1] for t in np.linspace(0, 4, 60)]

    assert np.ptp(heights) > 0.3
    assert np.ptp(posed(body, ashore, 2.0, in_world=False)[:, 0]) < 0.35
    assert np.ptp(posed(body, aloft, 2.0, in_world=False)[:, 0]) > 0.9


def test_a_flying_bird_keeps_its_height_and_each_beat_sounds() -> None:
    """The body stays near the height of its path, and wing beats are heard in the burst."""
    body, performance = played("gull", "fly", travel=32.0, height=4.0)

    middle = [posed(body, performance, float(t))[:, 1].mean() for t in (0.5, 2.0, 3.5)]
    beats = [e for e in performance.events if e.name == "wing.flap"]

    np.testing.assert_allclose(middle, 4.0, atol=0.35)
    assert len(beats) >= 2
    assert all(0 <= e.time < DURATION for e in beats)


@pytest.mark.parametrize("name", ["gull", "penguin", "chicken", "flamingo"])
def test_birds_stand_on_the_ground(name: str) -> None:
    """The lowest point of a standing bird is within two centimetres of the ground."""
    body, performance = played(name, "stand")

    low = posed(body, performance, 2.0)[:, 1].min()

    assert abs(low) < 0.02


def test_the_tail_of_a_fish_swings_more_than_its_head() -> None:
    """The wave grows from head to tail."""
    body, performance = played("fish", "swim", travel=1.6, height=1.0, water=5.0)
    z = body.mesh.positions[:, 2]
    head, tail = int(z.argmax()), int(z.argmin())

    track = np.array(
        [posed(body, performance, float(t), in_world=False)[[head, tail], 0] for t in np.linspace(0, 2, 50)]
    )

    assert np.ptp(track[:, 1]) > 2.5 * np.ptp(track[:, 0])


def test_what_lives_under_water_stays_there_and_dolphins_come_up() -> None:
    """A shark keeps below the surface; a dolphin breaks it."""
    shark_body, shark = played("shark", "swim", travel=8.0, height=30.0, water=6.0)
    dolphin_body, dolphin = played("dolphin", "swim", travel=16.0, water=6.0, bed=0.0)

    times = np.linspace(0.0, 3.9, 14)

    assert max(posed(shark_body, shark, float(t))[:, 1].max() for t in times) < 6.0
    assert max(posed(dolphin_body, dolphin, float(t))[:, 1].max() for t in times) > 6.0


@pytest.mark.parametrize(
    ("name", "verb"), [("gull", "fly"), ("duck", "swim"), ("jellyfish", "swim"), ("whale", "swim")]
)
def test_poses_are_functions_of_time_and_continuous(name: str, verb: str) -> None:
    """Asked in any order the same moment looks the same, and a 120th of a second later nearly so."""
    _, performance = played(name, verb, travel=2.0, height=1.0, water=4.0)
    first = performance.motion.at(1.5).joints.copy()
    performance.motion.at(3.0)

    later = performance.motion.at(1.5 + 1 / 120).joints

    np.testing.assert_array_equal(first, performance.motion.at(1.5).joints)
    assert np.abs(later[:, :3, :3] - first[:, :3, :3]).max() < 0.35
