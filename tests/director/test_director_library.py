"""The director and the things it speaks of: the shipped library, and the renderer's styles and grades."""

from importlib.resources import files

import pytest

from vitascope.director import read
from vitascope.director.lexicon import build_lexicon, data
from vitascope.director.morphology import noun_lemmas
from vitascope.recipe import catalogue, read_yaml

SHIPPED = catalogue()
PLURALS = {name for name in SHIPPED.recipes if noun_lemmas(name)[0] in SHIPPED.recipes.keys() - {name}}
"""Names that are plurals of other names ("glasses", "coins"): said alone they are several of these."""
LEXICON = build_lexicon(SHIPPED)


@pytest.mark.parametrize("name", sorted(SHIPPED.recipes.keys() - PLURALS))
def test_every_recipe_is_found_by_its_name(name):
    """ "a snow leopard" is the recipe of that name, and it is understood."""
    result = read(f"a {name.replace('_', ' ')}", catalogue=SHIPPED, wordnet=None)

    assert [entity.recipe for entity in result.draft.entities] == [name]
    assert {phrase.status for phrase in result.reading.phrases} == {"understood"}


@pytest.mark.parametrize("name", sorted(SHIPPED.places))
def test_every_place_is_found_by_its_name(name):
    """ "in the forest" plays at the place of that name with nobody there."""
    draft = read(f"in the {name.replace('_', ' ')}", catalogue=SHIPPED, wordnet=None).draft

    assert (draft.set.place, draft.entities) == (name, ())


@pytest.mark.parametrize("name", sorted(SHIPPED.verbs))
def test_every_verb_is_found_by_its_words(name):
    """Each verb's own name is known as a verb that leads to a verb of the library."""
    verb, status = LEXICON.verbs[name]

    assert (verb, status) == (name, "understood")


def test_styles_and_grades_are_those_of_the_renderer():
    """What the lexicon lists as drawn is what the renderer's tables hold, no more and no less."""
    render = files("vitascope.render")

    assert set(data("style")["renderers"]) == set(read_yaml(render / "styles.yaml"))
    assert set(data("style")["grades"]) == set(read_yaml(render / "grades.yaml"))


def test_no_word_asks_for_a_style_or_grade_that_is_not_there():
    """Every style row and every word of taste names a known style and a known grade."""
    style = data("style")
    wishes = [row["do"] for row in (*style["styles"], *data("adjectives")["effects"], *data("atmosphere"))]

    assert {do["style"] for do in wishes if "style" in do} <= set(style["renderers"])
    assert {do["grade"] for do in wishes if "grade" in do} <= set(style["grades"])


COMPOUNDS = ("golden retriever", "polar bear", "hot-air balloon", "hot dog", "ice cream", "great white shark",
             "sports car", "fire truck", "red panda", "blue whale", "black panther")  # fmt: skip


@pytest.mark.parametrize("name", COMPOUNDS)
def test_a_part_of_a_name_describes_nothing(name):
    """A golden retriever is not painted gold, nor is hot-air a hot thing."""
    (entity,) = read(f"a {name}", catalogue=SHIPPED, wordnet=None).draft.entities

    assert (entity.attributes.colour, entity.attributes.states, entity.attributes.scale) == (None, (), 1.0)


@pytest.mark.parametrize("name", ["chef", "king", "knight", "wizard", "doctor"])
def test_a_calling_wears_the_outfit_of_its_recipe(name):
    """A chef comes in the jacket and hat of the library; no coat that stands for them hides these."""
    (entity,) = read(f"a {name}", catalogue=SHIPPED, wordnet=None).draft.entities

    assert entity.recipe == name
    assert entity.attributes.clothing == ()


@pytest.mark.parametrize("words", ["a wedding couple", "newlyweds", "a bride and groom"])
def test_those_who_wed_are_bride_and_groom(words):
    """They come in gown and suit, wherever they are."""
    draft = read(f"{words} on a beach", catalogue=SHIPPED, wordnet=None).draft

    assert sorted(entity.recipe for entity in draft.entities) == ["bride", "groom"]
