"""Hair, likeness and budgets of animals: locks move with the skin, individuals differ a little, bodies stay light."""

from __future__ import annotations

import numpy as np
import pytest

from vitascope.film import Action, Attributes, Span, Subject
from vitascope.recipe import catalogue
from vitascope.world.animals.life import likeness_of
from vitascope.world.families import family
from vitascope.world.role import Role
from vitascope.world.track import Ground, track_of

SHAGGY = ("horse", "lion", "dog", "husky", "fox", "wolf", "cow")


def built(name: str, *, detail: float | None = None, **attributes: object):
    recipe = catalogue().recipe(name)
    return family(recipe.family).build(recipe, Attributes(**attributes), seed=1, detail=detail)


def performed(name: str, verb: str, seed: int = 1):
    recipe = catalogue().recipe(name)
    subject = Subject(id="a", recipe=name, name=name, actions=(Action(verb=verb, span=Span(start=0, end=3)),))
    ground = Ground(height=lambda x, z: 0.0 * x, surface=lambda x, z: "grass")
    role = Role(
        subject=subject, recipe=recipe, number=0, track=track_of(subject, duration=3.0), ground=ground, duration=3.0, seed=seed,
    )  # fmt: skip
    body = family(recipe.family).build(recipe, Attributes(), seed=1, detail=9.0)
    return body, family(recipe.family).perform(body, role)


@pytest.mark.parametrize("name", SHAGGY)
def test_a_shaggy_body_stays_within_its_budget(name: str) -> None:
    """A hero has about twelve thousand vertices at most, one far away a third of that."""
    near, far = built(name), built(name, detail=9.0)

    assert len(near.mesh.positions) < 12200
    assert len(far.mesh.positions) < 4000


@pytest.mark.parametrize("name", SHAGGY)
def test_locks_hang_on_the_bones_under_them(name: str) -> None:
    """Every vertex, hair included, has weights that sum to one, and no hair lies further from the skin than it is long."""
    body = built(name)

    assert body.mesh.weights is not None
    np.testing.assert_allclose(body.mesh.weights.sum(1), 1.0, atol=1e-4)
    size = np.array(catalogue().recipe(name).size)
    extent = body.mesh.positions.max(0) - body.mesh.positions.min(0)
    assert (extent < 1.2 * size + 0.05).all()


def test_an_asked_for_colour_reaches_the_hair() -> None:
    """The mane of a white horse is white, although that of a bay is black."""
    bay, white = built("horse"), built("horse", colour="white")
    names = [material.surface for material in bay.materials]
    hair = bay.mesh.material == names.index("hair")

    def brightness(body) -> float:
        base = np.array([material.base for material in body.materials])[body.mesh.material]
        return float((body.mesh.colours * base)[hair].mean())

    assert brightness(white) > 8 * brightness(bay)


def test_a_dog_shows_its_tongue_only_when_it_pants() -> None:
    """At ease the tongue is folded back into the throat; at play it hangs over the lip."""
    ahead = []
    for verb in ("stand", "play"):
        body, performance = performed("dog", verb)
        index = {bone.name: i for i, bone in enumerate(body.skeleton.bones)}
        moment = performance.motion.moment(1.5)
        turn = moment.globals[index["head"]][:3, :3].T @ moment.globals[index["tongue"]][:3, :3]
        ahead.append(float(turn[2, 2]))

    assert ahead[0] < -0.7
    assert ahead[1] > 0.7


@pytest.mark.parametrize("name", ["sheep", "gull", "goldfish", "jellyfish"])
def test_individuals_differ_in_size_and_tint_by_at_most_six_percent(name: str) -> None:
    """Two of a kind are told apart, and neither looks like another kind."""
    verb = catalogue().recipe(name).verbs[0]

    poses = [performed(name, verb, seed)[1].motion.at(1.0) for seed in (1, 2)]

    sizes = [float(np.linalg.norm(pose.transforms[0, :3, 0])) for pose in poses]
    assert abs(sizes[0] - sizes[1]) > 1e-3
    assert all(abs(size - 1) <= 0.0601 for size in sizes)
    assert all(pose.tints is not None and np.abs(pose.tints - 1).max() <= 0.062 for pose in poses)


def test_a_likeness_belongs_to_its_seed() -> None:
    """The same individual looks the same in every shot."""
    first, again = likeness_of(7), likeness_of(7)

    assert first.size == again.size
    np.testing.assert_array_equal(first.tint, again.tint)


@pytest.mark.parametrize("change", [{"colour": "red"}, {"pattern": "striped"}], ids=str)
def test_a_mane_grows_whatever_the_coat(change: dict[str, str]) -> None:
    """A lion in another colour or pattern still has locks: they grow where the mane is, not where its colour was."""
    plain, changed = built("lion", detail=9.0), built("lion", detail=9.0, **change)

    assert len(changed.mesh.positions) > 0.9 * len(plain.mesh.positions)
