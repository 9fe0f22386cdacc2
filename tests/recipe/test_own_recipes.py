"""Recipes of one's own: read beside the library, never in its place; what is damaged is skipped and told."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitascope.director import read
from vitascope.recipe import RecipeError, catalogue, extended, recipe_of, store_recipe, with_own

UNICORN = {
    "name": "unicorn", "kind": "prop", "family": "parts", "size": [0.6, 1.6, 2.2], "words": ["magic horse", "horse"],
    "verbs": ["stand"], "materials": {"coat": {"base": "#ffffff"}}, "parts": [{"sphere": 0.4, "at": [0, 0.8, 0]}],
}  # fmt: skip


def kept(folder: Path, *entries: object, name: str = "mine") -> None:
    (folder / f"{name}.yaml").write_text(json.dumps(entries), encoding="utf-8")


def test_a_folder_adds_its_recipes_to_the_library(tmp_path):
    """What is in it is found by name and by word, and the director uses it."""
    kept(tmp_path, UNICORN)

    own = with_own(catalogue(), tmp_path)

    assert (own.added, own.faults) == (("unicorn",), ())
    assert (
        read("A unicorn stands in a forest", catalogue=own.catalogue, wordnet=None).draft.entities[0].recipe
        == "unicorn"
    )
    assert own.catalogue.recipe_words["magic horse"] == "unicorn"


def test_no_folder_adds_nothing(tmp_path):
    """Most people have none."""
    own = with_own(catalogue(), tmp_path / "none")

    assert own.catalogue is catalogue()
    assert own.faults == ()


def test_the_library_is_not_shadowed(tmp_path):
    """A name that ships keeps its recipe, and so does a word that leads somewhere already."""
    kept(tmp_path, {**UNICORN, "name": "cat"}, UNICORN)

    own = with_own(catalogue(), tmp_path)

    assert own.catalogue.recipes["cat"] == catalogue().recipes["cat"]
    assert own.catalogue.recipe_words["horse"] == catalogue().recipe_words["horse"]
    assert own.added == ("unicorn",)
    assert "has a name that is taken already" in own.faults[0]


DAMAGED = {
    "no YAML": ("a: [", "It is not YAML"),
    "no text": (b"\xff\xfe\x00", "It is not a YAML text"),
    "no mapping": ("- 5", "A recipe is a mapping of fields"),
    "an alias": ("a: &a [1, 2]\nb: *a", "It has the alias *a"),
    "a Python object": ("!!python/object/apply:os.system ['true']", "It is not YAML"),
    "too much": ("# " + "x" * 300_000, "up to 256 KB"),
    "no size": ("{name: thing, kind: prop, family: parts}", "'thing' is wrong at 'size': Field required"),
    "no number": ("{name: thing, kind: prop, family: parts, size: [1, 1, .nan]}", "has a number beyond"),
    "no family": ("{name: thing, kind: prop, family: magic, size: [1, 1, 1]}", "is of the family 'magic'"),
    "a path for a name": ("{name: ../thing, kind: prop, family: parts, size: [1, 1, 1]}", "needs a name of up to 40"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_what_is_damaged_is_skipped_with_a_sentence(tmp_path, case):
    """The rest of the folder is read all the same; the sentence ends with the file."""
    content, sentence = DAMAGED[case]
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(content if isinstance(content, bytes) else content.encode())
    kept(tmp_path, UNICORN, name="good")

    own = with_own(catalogue(), tmp_path)

    assert own.added == ("unicorn",)
    assert sentence in own.faults[0]
    assert own.faults[0].endswith(str(bad))


def test_a_recipe_twice_is_taken_once(tmp_path):
    """The first file in the order of names counts."""
    kept(tmp_path, UNICORN, name="a")
    kept(tmp_path, {**UNICORN, "mass": 5}, name="b")

    own = with_own(catalogue(), tmp_path)

    assert own.catalogue.recipes["unicorn"].mass == 10
    assert len(own.faults) == 1


def test_what_is_stored_is_read_again(tmp_path):
    """read∘store is the identity, and no part of a file is left beside it."""
    recipe = recipe_of(UNICORN, catalogue())

    path = store_recipe(recipe, tmp_path / "new" / "recipes")

    assert with_own(catalogue(), path.parent).catalogue.recipes["unicorn"] == recipe
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    """A file in the way of the folder is told."""
    (tmp_path / "recipes").write_text("")

    with pytest.raises(RecipeError, match="The recipe cannot be kept"):
        store_recipe(recipe_of(UNICORN, catalogue()), tmp_path / "recipes")


def test_every_recipe_that_ships_would_be_accepted(tmp_path):
    """The limits are wider than anything in the library, apart from its names, which are taken."""
    for recipe in catalogue().recipes.values():
        fields = recipe.model_dump(mode="json", exclude_defaults=True) | {"name": f"my_{recipe.name}"[:40]}

        assert extended(catalogue(), recipe_of(fields, catalogue()))


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(fields=st.fixed_dictionaries({}, optional=dict.fromkeys(UNICORN, VALUES)))
def test_any_fields_are_a_recipe_or_a_sentence(fields):
    """Nothing but a RecipeError of one sentence comes of wrong fields."""
    try:
        recipe = recipe_of({**UNICORN, **fields}, catalogue())
    except RecipeError as error:
        sentence = str(error)
    else:
        sentence = f"{recipe.name} is one"

    assert sentence
    assert "\n" not in sentence
