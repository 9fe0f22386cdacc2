"""Recipes of one's own are filmed like those that ship, and a recipe is drawn once before it is trusted."""

import json

import pytest

from vitascope.director import direct
from vitascope.film import Size
from vitascope.recipe import RecipeError, catalogue, recipe_of
from vitascope.studio import check_film, film_still
from vitascope.studio.clock import Clock
from vitascope.studio.library import library, recipes_folder, try_out
from vitascope.studio.memory import Memory

LANTERN = {
    "name": "sky_lantern", "kind": "prop", "family": "parts", "size": [0.6, 0.9, 0.6], "verbs": ["stand"],
    "materials": {"paper": {"like": "paper", "base": "#f0c070", "colour_role": "primary"}},
    "parts": [{"cylinder": [0.3, 0.9], "at": [0, 0.45, 0]}],
}  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A user with one recipe of his own."""
    monkeypatch.setenv("VITASCOPE_HOME", str(tmp_path))
    recipes_folder().mkdir()
    (recipes_folder() / "lantern.yaml").write_text(json.dumps(LANTERN))


def test_a_recipe_of_ones_own_is_found_and_drawn():
    """A sentence finds it, the check lets it pass, and the engine draws it."""
    film = direct(
        "A sky lantern stands in a studio", catalogue=library(), wordnet=None, size=Size(width=128, height=128)
    )

    assert film.shots[0].subjects[0].recipe == "sky_lantern"
    check_film(film)
    assert film_still(film, 0.5, label=False).std() > 1


def test_a_change_of_the_folder_is_seen():
    """A file that comes later is in the library; one that is gone is not."""
    (recipes_folder() / "second.yaml").write_text(json.dumps({**LANTERN, "name": "paper_lamp"}))
    assert {"sky_lantern", "paper_lamp"} <= library().recipes.keys()

    (recipes_folder() / "lantern.yaml").unlink()
    assert "sky_lantern" not in library().recipes


def test_a_recipe_is_tried_out_by_drawing_it():
    """A good one passes; one that its builder does not take is refused, whatever is wrong with it."""
    try_out(recipe_of({**LANTERN, "name": "paper_lamp"}, catalogue()))

    with pytest.raises(RecipeError, match="has no shape"):
        try_out(recipe_of({**LANTERN, "name": "shapeless", "parts": [{"at": [0, 0, 0]}]}, catalogue()))
    with pytest.raises(ValueError, match="zero-size"):
        try_out(recipe_of({**LANTERN, "name": "nothing", "parts": []}, catalogue()))


def test_a_changed_recipe_is_drawn_anew():
    """What was digested for a shot is not recalled once a recipe in it says something else."""
    film = direct(
        "A sky lantern stands in a studio", catalogue=library(), wordnet=None, size=Size(width=128, height=128)
    )

    def digests() -> tuple[bytes, ...]:
        with Memory() as memory:
            return memory.prepared(film, film.shots[0], Clock()).digests.frames(0, 1)

    before = digests()
    assert digests() == before

    (recipes_folder() / "lantern.yaml").write_text(
        json.dumps({**LANTERN, "parts": [{"cylinder": [0.2, 0.8], "at": [0, 0.4, 0]}]})
    )
    assert digests() != before
