"""The library of recipes, places, verbs and colours, read once from data files and looked up by name or word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml
from pydantic import ValidationError

from vitascope.recipe.schema import PlaceRecipe, Recipe, VerbRecipe

__all__ = ["Catalogue", "RecipeError", "catalogue", "colour_linear", "read_yaml"]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RecipeError(ValueError):
    """A recipe file that cannot be used; the text names the file, the field and what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Recipes, places, verbs and colours by name, and the words that lead to them."""

    recipes: Mapping[str, Recipe]
    places: Mapping[str, PlaceRecipe]
    verbs: Mapping[str, VerbRecipe]
    colours: Mapping[str, str]
    """sRGB hex by colour name."""
    recipe_words: Mapping[str, str]
    """Word or phrase (lower case, singular) -> recipe name."""
    place_words: Mapping[str, str]
    verb_words: Mapping[str, str]

    def recipe(self, name: str) -> Recipe:
        """The recipe called `name`. Raises RecipeError with near names."""
        return self._get(self.recipes, name, "recipe")

    def place(self, name: str) -> PlaceRecipe:
        """The place called `name`. Raises RecipeError with near names."""
        return self._get(self.places, name, "place")

    def verb_for(self, recipe: Recipe, verb: str) -> str:
        """`verb`, or the nearest fallback in its chain that `recipe` can perform; "stand" when there is none."""
        seen = set()
        current: str | None = verb
        while current and current not in seen:
            if current in recipe.verbs:
                return current
            seen.add(current)
            current = self.verbs[current].fallback if current in self.verbs else None
        return "stand"

    @staticmethod
    def _get(table: Mapping[str, Any], name: str, kind: str) -> Any:
        if name in table:
            return table[name]
        import difflib

        near = ", ".join(difflib.get_close_matches(name, table, n=3)) or ", ".join(sorted(table)[:5])
        raise RecipeError(f"There is no {kind} called {name!r}; near ones are {near}.")


def read_yaml(file: Traversable) -> Any:
    """The contents of a YAML file."""
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)


@cache
def catalogue() -> Catalogue:
    """The library that ships with the package."""
    library = files("vitascope.recipe") / "library"
    recipes = _load(Recipe, (f for folder in library.iterdir() if folder.is_dir() and folder.name != "places"
                             for f in folder.iterdir()))  # fmt: skip
    places = _load(PlaceRecipe, (library / "places").iterdir())
    verbs = {}
    for name, fields in read_yaml(library / "verbs.yaml").items():
        verbs[name] = VerbRecipe(name=name, **(fields or {}))
    return Catalogue(
        recipes=recipes,
        places=places,
        verbs=verbs,
        colours=read_yaml(library / "colours.yaml"),
        recipe_words=_words(recipes),
        place_words=_words(places),
        verb_words=_words(verbs),
    )


def colour_linear(name: str) -> tuple[float, float, float]:
    """Linear RGB 0..1 of a colour name of the library or of an sRGB hex string such as "#c81e1e"."""
    text = catalogue().colours.get(name, name)
    if not (len(text) == 7 and text.startswith("#")):
        raise RecipeError(f"{name!r} is not a colour; give a name such as 'red' or a hex string such as '#c81e1e'.")
    channels = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def _load(model: type, entries: Iterable[Traversable]) -> dict[str, Any]:
    found = {}
    for file in sorted((e for e in entries if e.name.endswith(".yaml")), key=lambda f: f.name):
        raw = read_yaml(file)
        for fields in raw if isinstance(raw, list) else [raw]:
            try:
                value = model.model_validate(fields)
            except ValidationError as error:
                fault = error.errors(include_url=False)[0]
                where = ".".join(map(str, fault["loc"]))
                raise RecipeError(f"The recipe file {file.name} is wrong at {where!r}: {fault['msg']}.") from None
            if value.name in found:
                raise RecipeError(f"The recipe file {file.name} defines {value.name!r} a second time.")
            found[value.name] = value
    return found


def _words(table: Mapping[str, Any]) -> dict[str, str]:
    words = {name.replace("_", " "): name for name in table}
    for name, value in table.items():
        for word in value.words:
            words.setdefault(word, name)
    return words
