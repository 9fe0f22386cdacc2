"""Recipes by a language model: data, checked, tried out before they are kept, and found by the catalogue from then on."""

import subprocess
import sys

import pytest
from language_server import PROMPT, cat_film, fails

from vitascope.director.directing import director_for
from vitascope.director.language import Endpoint, LanguageDirector, LanguageError, SettingsError, Workshop, new_recipe
from vitascope.recipe import catalogue, with_own

TUBA = {
    "name": "anything", "kind": "prop", "family": "parts", "size": [0.5, 0.9, 0.5], "mass": 9, "verbs": ["stand", "fall"],
    "words": ["bass tuba"], "materials": {"brass": {"like": "metal", "base": "#c9a24b", "colour_role": "primary"}},
    "parts": [{"cone": [0.25, 0.4, 0.05], "at": [0, 0.7, 0]}, {"cylinder": [0.05, 0.7], "at": [0, 0.35, 0]}],
}  # fmt: skip


class Trial:
    """Takes down what it is given, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures, self.tried = failures, []

    def __call__(self, recipe) -> None:
        self.tried.append(recipe.name)
        if len(self.tried) <= self.failures:
            raise KeyError("withers")


def written(server, folder, trial, noun="Tuba"):
    asks = Endpoint(server.settings())
    return new_recipe(
        noun, asks=asks, catalogue=catalogue(), workshop=Workshop(folder=folder, try_out=trial), like="trumpet"
    )


def test_a_good_recipe_is_tried_out_kept_and_found(server, tmp_path):
    """It is called as the thing is, whatever the model calls it, and stands beside the library afterwards."""
    server.answers(TUBA)
    trial = Trial()

    recipe = written(server, tmp_path / "recipes", trial)

    assert recipe.name == "tuba"
    assert trial.tried == ["tuba"]
    assert with_own(catalogue(), tmp_path / "recipes").catalogue.recipes["tuba"] == recipe


def test_a_recipe_that_cannot_be_drawn_is_sent_back_once(server, tmp_path):
    """How it failed is told to the model; after a second failure nothing is kept."""
    server.answers(TUBA)

    written(server, tmp_path / "one", Trial(failures=1))
    assert "It cannot be drawn (KeyError: 'withers')." in server.requests[1]["messages"][-1]["content"]

    with pytest.raises(LanguageError, match="answered twice with what cannot be used"):
        written(server, tmp_path / "two", Trial(failures=2))
    assert not (tmp_path / "two").exists()


WRONG = {
    "a family that there is not": {"family": "wizardry"},
    "a verb that there is not": {"verbs": ["transmogrify"]},
    "a field that is none": {"code": "import os"},
    "a giant": {"size": [4000, 1, 1]},
    "nothing": {"size": [0, 0, 0]},
    "endless parts": {"parts": [{"sphere": 0.1, "at": [0, 0, 0]}] * 900},
    "a long text": {"colour": "x" * 300},
}


@pytest.mark.parametrize("fields", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_recipe_is_never_tried_out(server, tmp_path, fields):
    """What the schema or the limits refuse does not reach the engine."""
    server.answers({**TUBA, **fields})
    trial = Trial()

    with pytest.raises(LanguageError):
        written(server, tmp_path, trial)

    assert not trial.tried
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("noun", ["cat", "Lake", "123", "", "…"])
def test_names_that_are_taken_are_refused(server, tmp_path, noun):
    """No recipe takes the place of a thing or a place that ships, and nothing is asked about it."""
    with pytest.raises(LanguageError, match="the name is taken or is none"):
        written(server, tmp_path, Trial(), noun=noun)

    assert not server.requests


def test_names_lead_out_of_no_folder(server, tmp_path):
    """A name is made of letters alone."""
    server.answers(TUBA)

    written(server, tmp_path / "recipes", Trial(), noun="../../etc/Passwd")

    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.yaml")] == ["recipes/etc_passwd.yaml"]


def test_a_film_brings_the_recipe_that_it_lacks(server, tmp_path):
    """What the model says is lacking gets a recipe, the film shows it, and both the reading and its remarks say so."""
    film = cat_film(entities=[{"id": "tuba", "recipe": "trumpet", "name": "tuba"}], actions=[])
    film |= {"lacking": ["tuba"], "phrases": [{"text": "tuba", "kind": "subject", "status": "substituted"}]}
    server.answers(film, TUBA)
    workshop = Workshop(folder=tmp_path, try_out=Trial())
    director = LanguageDirector(asks=Endpoint(server.settings()), name="m at h", otherwise=None, workshop=workshop)  # type: ignore[arg-type]

    made = director.direct("A tuba on a beach", catalogue=catalogue(), wordnet=None)

    assert made.shots[0].subjects[0].recipe == "tuba"
    assert next((p.text, p.status, p.taken_as) for p in made.reading.phrases) == ("tuba", "understood", "tuba")
    assert made.reading.remarks[1] == "The library had no tuba; its recipe was written by m at h."


def test_without_a_recipe_the_nearest_thing_stands_in(server, tmp_path):
    """A recipe that does not come about costs the film nothing, and the reading says what stands in."""
    film = cat_film(entities=[{"id": "tuba", "recipe": "trumpet", "name": "tuba"}], actions=[]) | {"lacking": ["tuba"]}
    server.answers(film, fails(500))
    workshop = Workshop(folder=tmp_path, try_out=Trial())
    director = LanguageDirector(asks=Endpoint(server.settings()), name="m at h", otherwise=None, workshop=workshop)  # type: ignore[arg-type]

    made = director.direct("A tuba on a beach", catalogue=catalogue(), wordnet=None)

    assert made.shots[0].subjects[0].recipe == "trumpet"
    assert "No recipe came about for tuba, so a trumpet stands in" in made.reading.remarks[1]


def test_the_environment_chooses_the_director(server, library):
    """With the settings the model reads; without them nobody is asked."""
    server.answers(cat_film())
    set_up = {"VITASCOPE_LLM_URL": server.url, "VITASCOPE_LLM_MODEL": "tiny"}

    films = [director_for(environ).direct(PROMPT, catalogue=library, wordnet=None) for environ in (set_up, {})]

    assert films[0].reading.remarks == (f"Read by tiny at {server.url[7:-3]}.",)
    assert not any("Read by" in remark for remark in films[1].reading.remarks)
    assert len(server.requests) == 1
    with pytest.raises(SettingsError):
        director_for({"VITASCOPE_LLM_MODEL": "tiny"})


def test_without_the_settings_no_network_library_is_loaded():
    """The optional director costs nothing where it is not wanted."""
    code = (
        "import sys; from vitascope.director.directing import director_for; director_for({});"
        "print('httpx' in sys.modules, 'vitascope.director.language' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", "False"]
