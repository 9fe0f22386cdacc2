"""Plants: every recipe grows, within its budget, on the ground, and turns with the seasons."""

import numpy as np
import pytest

from vitascope.film import Attributes, Placement, Subject
from vitascope.recipe import RecipeError, catalogue
from vitascope.world.families import family
from vitascope.world.flora import grown
from vitascope.world.role import Role
from vitascope.world.track import Ground, track_of

PLANTS = sorted(name for name, recipe in catalogue().recipes.items() if recipe.kind == "plant")


@pytest.mark.parametrize("name", PLANTS)
def test_every_plant_grows_within_its_budget(name):
    """Three levels of detail, each lighter than the last, rooted at the ground."""
    parameters = catalogue().recipe(name).parameters

    near, mid, far = (grown(parameters, seed=2, detail=d) for d in ("near", "mid", "far"))

    assert len(near.mesh.positions) <= 1900
    assert len(mid.mesh.positions) <= 420
    assert len(far.mesh.positions) <= len(mid.mesh.positions)
    assert -0.6 <= near.mesh.positions[:, 1].min() <= 0.15 * near.height
    assert np.isfinite(near.mesh.normals).all()
    assert near.mesh.material.max() < len(near.materials)


@pytest.mark.parametrize("name", PLANTS)
def test_a_plant_can_be_a_subject(name):
    """Families build a body and let it stand at its place."""
    recipe = catalogue().recipe(name)
    body = family(recipe.family).build(recipe, Attributes(scale=1.5), seed=4)
    subject = Subject(id="a", recipe=name, name=name, placement=Placement(position=(2.0, 0.0, -1.0), facing=90.0))
    ground = Ground(height=lambda x, z: np.full(np.shape(x), 0.7), surface=lambda x, z: "grass")
    role = Role(
        subject=subject,
        recipe=recipe,
        number=1,
        track=track_of(subject, duration=4.0),
        ground=ground,
        duration=4.0,
        seed=1,
    )

    performance = family(recipe.family).perform(body, role)
    matrix = performance.motion.at(1.0).transforms[0]

    assert np.allclose(matrix[:3, 3], (2.0, 0.7, -1.0), atol=1e-5)
    assert np.allclose(matrix[:3, 2], (1.0, 0.0, 0.0), atol=1e-5)
    assert performance.socket("top", 0.0)[1, 3] > 0.7


def test_the_same_seed_grows_the_same_tree():
    """Seeds name individuals."""
    parameters = catalogue().recipe("oak").parameters

    assert grown(parameters, seed=5) is grown(parameters, seed=5)
    assert not np.array_equal(
        grown(parameters, seed=5).mesh.positions[-40:], grown(parameters, seed=6).mesh.positions[-40:]
    )


def test_leaves_fall_in_winter_and_turn_in_autumn():
    """Deciduous trees follow the season, evergreens do not."""
    oak, spruce = catalogue().recipe("oak").parameters, catalogue().recipe("spruce").parameters

    winter = grown(oak, seed=1, season="winter")
    autumn = grown(oak, seed=1, season="autumn")

    assert (winter.mesh.material == 1).sum() == 0
    assert autumn.materials[1].base[0] > autumn.materials[1].base[1]
    assert len(grown(spruce, seed=1, season="winter").mesh.positions) == len(grown(spruce, seed=1).mesh.positions)


def test_an_asked_for_colour_replaces_the_petals():
    """A blue rose is blue."""
    recipe = catalogue().recipe("rose")

    body = family("plant").build(recipe, Attributes(colour="blue"), seed=1)

    red, _, blue = body.materials[1].base
    assert blue > 2 * red


def test_tips_sway_more_than_roots():
    """The wind moves crowns, not feet."""
    mesh = grown(catalogue().recipe("birch").parameters, seed=1).mesh
    low = mesh.positions[:, 1] < 0.5

    assert mesh.sway[low].max() < 0.05
    assert mesh.sway[~low].max() > 0.2


def test_an_unknown_form_is_told_plainly():
    """The error names what was given and what is allowed."""
    with pytest.raises(RecipeError, match=r"'triffid'.*broadleaf"):
        grown({"form": "triffid"}, seed=1)
