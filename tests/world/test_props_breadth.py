"""Food, machines, tools, toys and the rest: every recipe of these files makes the thing that it promises."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from vitascope.film import Attributes
from vitascope.recipe import Recipe, catalogue, read_yaml
from vitascope.world.families import family

FOLDER = files("vitascope.recipe") / "library" / "props"
FILES = (
    "food", "fruit", "electronics", "kitchen_machines", "bathroom", "clothing_things", "stationery", "toys",
    "light_and_fire", "nature", "street", "tools", "sports", "treasures", "instruments",
)  # fmt: skip
NAMES = tuple(row["name"] for file in FILES for row in read_yaml(FOLDER / f"{file}.yaml"))
OPENED = [("laptop", "closed"), ("refrigerator", "open"), ("bathtub", "full"), ("umbrella", "closed"), ("book", "open"),
          ("treasure_chest", "open"), ("lock", "open"), ("shopping_bag", "full")]  # fmt: skip


def recipe_of(name: str) -> Recipe:
    return catalogue().recipe(name)


def built(name: str, **wanted: object) -> np.ndarray:
    recipe = recipe_of(name)
    return family(recipe.family).build(recipe, Attributes(**wanted), seed=1, detail=None).mesh.positions  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
def test_a_prop_has_the_size_it_promises_and_stands_on_the_ground(name: str) -> None:
    """Within 15 % of the size in each direction, flames counted, base at zero, unit normals, few vertices."""
    recipe = recipe_of(name)
    mesh = family(recipe.family).build(recipe, Attributes(), seed=1, detail=None).mesh
    low, high = mesh.positions.min(0), mesh.positions.max(0)
    for flame in recipe.parameters.get("flames", ()):
        high[1] = max(high[1], flame["at"][1] + flame["height"])
    assert np.abs((high - low) / np.array(recipe.size) - 1).max() <= 0.15
    assert abs(low[1]) <= 0.01 * max(recipe.size)
    assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-3)
    assert 60 <= len(mesh.positions) <= 2100


@pytest.mark.parametrize("name", NAMES)
def test_a_prop_says_how_people_call_it_and_where_it_belongs(name: str) -> None:
    """Each has a colour, a place, a sound and a verb, all known to the library, and words in lower case."""
    recipe, library = recipe_of(name), catalogue()
    assert recipe.colour in library.colours
    assert recipe.sounds["impact"]
    assert recipe.habitat
    assert "stand" in recipe.verbs
    assert set(recipe.verbs) <= set(library.verbs)
    assert all(word == word.lower() for word in recipe.words)


@pytest.mark.parametrize("name", NAMES)
def test_a_prop_takes_the_colour_that_is_asked_for(name: str) -> None:
    """A colourable prop has a surface for the asked-for colour."""
    recipe = recipe_of(name)
    roles = {str(spec.get("colour_role")) for spec in recipe.materials.values()}
    assert not recipe.colourable or "primary" in roles


@pytest.mark.parametrize(("name", "state"), OPENED)
def test_a_state_changes_the_shape(name: str, state: str) -> None:
    """What is opened, shut or filled is not drawn like the plain thing."""
    plain, changed = built(name), built(name, states=(state,))
    assert plain.shape != changed.shape


def test_no_recipe_is_named_twice() -> None:
    """The names of these files are all different and all in the catalogue."""
    assert len(set(NAMES)) == len(NAMES)
    assert set(NAMES) <= set(catalogue().recipes)


def test_a_hand_holds_the_umbrella_by_its_handle() -> None:
    """The grip is low on the shaft, under the canopy, so that a hand at head height carries the canopy above the head."""
    recipe = recipe_of("umbrella")
    body = family(recipe.family).build(recipe, Attributes(), seed=1, detail=None)
    grip = np.array(body.sockets["handle"].position)
    assert np.hypot(grip[0], grip[2]) < 0.02
    assert 0.05 < grip[1] < 0.25 * recipe.size[1]
    canopy = body.mesh.positions[np.hypot(body.mesh.positions[:, 0], body.mesh.positions[:, 2]) > 0.4]
    assert canopy[:, 1].min() > grip[1] + 0.4
