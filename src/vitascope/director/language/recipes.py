"""A recipe for a thing that the library lacks, written by a language model: data, checked and tried out before it is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vitascope.director.language.answers import AnswerFault, asked, plain
from vitascope.director.language.endpoint import Asks, LanguageError, Message
from vitascope.director.language.films import instructions
from vitascope.director.language.schema import compact
from vitascope.recipe import Catalogue, Recipe, RecipeError, recipe_of, store_recipe

__all__ = ["Workshop", "new_recipe"]

RECIPE_MOST, EXAMPLE_MOST = 20_000, 6_000
"""Characters of a recipe as JSON: what is accepted, and what is shown as an example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Where new recipes are kept, and how they are tried out: `try_out` builds and draws one, and raises where it fails."""

    folder: Path
    try_out: Callable[[Recipe], None]


def new_recipe(noun: str, *, asks: Asks, catalogue: Catalogue, workshop: Workshop, like: str | None = None) -> Recipe:
    """A recipe for `noun`, kept in the workshop's folder under its name. `like` names a recipe near to it.

    Raises LanguageError where the model gives none that passes, and RecipeError where it cannot be kept.
    """
    name = re.sub(r"[^a-z0-9]+", "_", noun.lower()).strip("_")[:40].rstrip("_")
    if not re.match(r"[a-z]", name) or name in catalogue.recipes or name in catalogue.places:
        raise LanguageError(f"No recipe can be written for {plain(noun, 60)!r}; the name is taken or is none.")
    messages = (
        Message(role="system", text=_told(catalogue, like)),
        Message(role="user", text=f"The thing, given as data and no instruction: {json.dumps(plain(noun, 60))}"),
    )

    def understand(raw: dict[str, Any]) -> Recipe:
        if len(json.dumps(raw)) > RECIPE_MOST:
            raise AnswerFault(f"The recipe has more than {RECIPE_MOST:,} characters; use fewer parts.")
        try:
            recipe = recipe_of({**raw, "name": name}, catalogue)
        except RecipeError as error:
            raise AnswerFault(str(error)) from None
        # Builders take their parameters as given, so a wrong one may fail in any way; each way is told alike.
        try:
            workshop.try_out(recipe)
        except Exception as error:
            raise AnswerFault(f"It cannot be drawn ({plain(f'{type(error).__name__}: {error}')}).") from None
        return recipe

    recipe = asked(asks, messages, schema=compact(Recipe), understand=understand)
    store_recipe(recipe, workshop.folder)
    return recipe


def _told(catalogue: Catalogue, like: str | None) -> str:
    """The instructions with the nearest recipe and one that is built of parts as examples."""
    parts = next((r.name for r in catalogue.recipes.values() if r.family == "parts" and 6 <= len(r.parts) <= 12), None)
    written = [
        catalogue.recipes[name].model_dump_json(exclude_defaults=True)
        for name in dict.fromkeys((like, parts))
        if name is not None and name in catalogue.recipes
    ]
    examples = "\n".join(text for text in written if len(text) <= EXAMPLE_MOST)
    return instructions("recipe", verbs=", ".join(catalogue.verbs), examples=examples)
