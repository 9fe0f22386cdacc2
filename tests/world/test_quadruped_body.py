"""Bodies of animals: sound meshes of the promised size, bound to their bones, changed only by what was asked."""

from __future__ import annotations

import numpy as np
import pytest

from vitascope.film import Attributes
from vitascope.recipe import catalogue
from vitascope.world.families import family

ANIMALS = tuple(
    sorted(n for n, r in catalogue().recipes.items() if r.family in ("quadruped", "bird", "fish", "swimmer"))
)
SAMPLE = ("snow_leopard", "horse", "gull", "shark")


def built(name: str, *, detail: float | None = None, **attributes: object):
    recipe = catalogue().recipe(name)
    return recipe, family(recipe.family).build(recipe, Attributes(**attributes), seed=1, detail=detail)


@pytest.mark.parametrize("name", ANIMALS)
def test_every_animal_has_a_sound_mesh(name: str) -> None:
    """Normals are finite and unit, indices valid, weights sum to one, factors lie between 0 and 1."""
    recipe = catalogue().recipe(name)

    _, body = built(name, detail=0.09 * max(recipe.size))

    mesh = body.mesh
    assert mesh.joints is not None
    assert mesh.weights is not None
    assert 200 < len(mesh.positions) < 16000
    assert mesh.indices.max() < len(mesh.positions)
    assert np.isfinite(mesh.positions).all()
    np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-3)
    np.testing.assert_allclose(mesh.weights.sum(1), 1.0, atol=1e-4)
    assert mesh.joints.max() < len(body.skeleton.bones)
    assert mesh.material.max() < len(body.materials)
    assert mesh.colours.min() >= 0.0
    assert mesh.colours.max() <= 1.0001
    assert len(body.skeleton.bones) < 200


@pytest.mark.parametrize("name", [n for n in ANIMALS if catalogue().recipe(n).family in ("quadruped", "fish")])
def test_an_animal_is_as_large_as_its_recipe_says(name: str) -> None:
    """The extents at rest are within 15 % of the size in the recipe."""
    recipe = catalogue().recipe(name)

    _, body = built(name, detail=0.09 * max(recipe.size))

    extent = body.mesh.positions.max(0) - body.mesh.positions.min(0)
    np.testing.assert_allclose(extent / np.array(recipe.size), 1.0, atol=0.15)


def test_the_same_request_gives_the_same_bytes_and_the_seed_leaves_the_shape() -> None:
    """Shape follows recipe and attributes alone."""
    recipe = catalogue().recipe("fox")

    bodies = [family("quadruped").build(recipe, Attributes(), seed=seed) for seed in (1, 2)]

    assert bodies[0].mesh.positions.tobytes() == bodies[1].mesh.positions.tobytes()


def test_colour_changes_the_coat_and_not_the_shape() -> None:
    """A black cat is the same cat in black."""
    _, plain = built("cat", detail=0.03)

    _, black = built("cat", detail=0.03, colour="black")

    np.testing.assert_array_equal(plain.mesh.positions, black.mesh.positions)
    means = [
        float((body.mesh.colours[body.mesh.material == 0] * body.materials[0].base).mean()) for body in (plain, black)
    ]
    assert means[1] < 0.1 * means[0]


@pytest.mark.parametrize("name", SAMPLE)
def test_scale_multiplies_every_length(name: str) -> None:
    """Twice the scale is twice the height of every bone."""
    _, small = built(name, detail=0.5)

    _, large = built(name, detail=1.0, scale=2.0)

    np.testing.assert_allclose(large.skeleton.heads, 2.0 * small.skeleton.heads, rtol=1e-6)


def test_the_young_have_larger_heads_and_shorter_legs() -> None:
    """A foal's head is larger against its height than its mother's."""
    _, mare = built("horse", detail=0.12)
    _, foal = built("horse", detail=0.08, age="baby")

    def head_share(body) -> float:
        heads = {bone.name: np.array(bone.head) for bone in body.skeleton.bones}
        return float(np.linalg.norm(heads["jaw"] - heads["head"]) / heads["chest"][1])

    assert foal.skeleton.heads[:, 1].max() < 0.6 * mare.skeleton.heads[:, 1].max()
    assert head_share(foal) > 1.15 * head_share(mare)


def test_left_and_right_do_not_pull_on_each_other() -> None:
    """No vertex of the left flank hangs on a bone of the right legs."""
    _, body = built("horse", detail=0.12)
    names = [bone.name for bone in body.skeleton.bones]
    right = np.array([name.endswith("_r") for name in names])
    left_side = body.mesh.positions[:, 0] > 0.06

    pull = (body.mesh.weights * right[body.mesh.joints]).sum(1)[left_side]

    assert float(pull.max()) == 0.0


def test_a_coarser_detail_gives_fewer_vertices() -> None:
    """A herd far away costs a fraction."""
    _, near = built("lion")
    _, far = built("lion", detail=0.10)

    assert len(far.mesh.positions) < 0.4 * len(near.mesh.positions)


@pytest.mark.parametrize("name", ANIMALS)
def test_an_animal_only_claims_verbs_that_exist(name: str) -> None:
    """Verbs of recipes are verbs of the library, and each animal can at least stand."""
    recipe = catalogue().recipe(name)

    assert set(recipe.verbs) <= set(catalogue().verbs)
    assert "stand" in recipe.verbs


@pytest.mark.parametrize("name", ANIMALS)
def test_an_animal_lives_in_places_that_exist(name: str) -> None:
    """Habitats of recipes are places of the library, best first."""
    habitat = catalogue().recipe(name).habitat

    assert habitat
    assert set(habitat) <= set(catalogue().places)
