"""The names that a language model may use: a shortlist of recipes found by the words, and all else there is, in a budget."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import get_args

from vitascope.director.lexicon import data
from vitascope.director.morphology import noun_lemmas
from vitascope.director.tokens import tokenise
from vitascope.film import CameraMove
from vitascope.recipe import Catalogue

__all__ = ["Vocabulary", "vocabulary_for"]

RECIPES_MOST = 120
LETTERS_MOST = 8000
"""Characters of the vocabulary's text; recipes that are farthest from the words are left out first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Names by what they name."""

    recipes: tuple[tuple[str, str], ...]
    """(name, kind), nearest to the words first."""
    places: tuple[str, ...]
    features: tuple[str, ...]
    verbs: tuple[str, ...]
    colours: tuple[str, ...]

    @property
    def recipe_names(self) -> tuple[str, ...]:
        """The names of the recipes."""
        return tuple(name for name, _ in self.recipes)

    def text(self) -> str:
        """One line a kind of name."""
        adjectives = data("adjectives")
        kinds = dict.fromkeys(kind for _, kind in self.recipes)
        lines = {f"recipes ({kind})": (n for n, k in self.recipes if k == kind) for kind in kinds} | {
            "places": self.places,
            "features of places": self.features,
            "verbs": self.verbs,
            "colours (or #rrggbb)": self.colours,
            "materials": sorted(set(adjectives["materials"].values())),
            "patterns": sorted(set(adjectives["patterns"].values())),
            "moods": sorted(set(adjectives["moods"].values())),
            "states": sorted(set(adjectives["states"].values())),
            "garments": data("garments"),
            "styles": data("style")["renderers"],
            "grades": data("style")["grades"],
            "camera moves": MOVES,
        }
        return "\n".join(f"{name}: {', '.join(values)}" for name, values in lines.items())


MOVES: tuple[str, ...] = get_args(CameraMove.model_fields["kind"].annotation)


def vocabulary_for(words: str, catalogue: Catalogue, *, near: Iterable[str] = ()) -> Vocabulary:
    """The vocabulary for `words`. `near` are recipes that are wanted for sure: those of a first reading, or of a film."""
    recipes = catalogue.recipes
    ordered = dict.fromkeys(
        name for name in chain(near, _named(words, catalogue), _usual(), recipes) if name in recipes
    )
    names = list(ordered)[:RECIPES_MOST]
    full = Vocabulary(
        recipes=tuple((name, recipes[name].kind) for name in names),
        places=tuple(catalogue.places),
        features=tuple(sorted({feature for place in catalogue.places.values() for feature in place.features})),
        verbs=tuple(catalogue.verbs),
        colours=tuple(catalogue.colours),
    )
    while len(full.text()) > LETTERS_MOST and full.recipes:
        full = replace(full, recipes=full.recipes[: len(full.recipes) * 9 // 10])
    return full


def _named(words: str, catalogue: Catalogue) -> Iterable[str]:
    """Recipes that answer to a word of the text, whole names before parts of them."""
    said = {lemma for token in tokenise(words) if token.is_word for lemma in (token.lower, *noun_lemmas(token.lower))}
    text = " ".join(token.lower for token in tokenise(words))
    for phrase, name in catalogue.recipe_words.items():
        if phrase in said or (" " in phrase and phrase in text):
            yield name
    for phrase, name in catalogue.recipe_words.items():
        if " " in phrase and said & set(phrase.split()):
            yield name


def _usual() -> Iterable[str]:
    """What stands for kinds of things in general."""
    for row in data("stand_ins"):
        yield from row.get("as", ())
