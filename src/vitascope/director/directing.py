"""Which director reads: the one of the house, or one that asks the language model that the environment names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from vitascope.director.direct import direct
from vitascope.director.editing import Conversation, Reply, interpret
from vitascope.director.wordnet import WordNet
from vitascope.film import Film
from vitascope.recipe import Catalogue, Recipe

__all__ = ["Directs", "Interprets", "director_for"]


class Interprets(Protocol):
    """Whatever reads an instruction about a film."""

    def __call__(
        self, words: str, conversation: Conversation, *, catalogue: Catalogue, wordnet: WordNet | None
    ) -> Reply:
        """The reply to `words`."""
        ...


class Directs(Protocol):
    """Whatever turns words into films and edits."""

    def direct(self, prompt: str, *, catalogue: Catalogue, wordnet: WordNet | None, **options: Any) -> Film:
        """The film that `prompt` asks for; `options` as of `director.direct`. Raises DirectorError."""
        ...

    def interpret(
        self, words: str, conversation: Conversation, *, catalogue: Catalogue, wordnet: WordNet | None
    ) -> Reply:
        """What `words` about a film come to."""
        ...


class _Offline:
    """The director of the house."""

    def direct(self, prompt: str, *, catalogue: Catalogue, wordnet: WordNet | None, **options: Any) -> Film:
        return direct(prompt, catalogue=catalogue, wordnet=wordnet, **options)

    def interpret(
        self, words: str, conversation: Conversation, *, catalogue: Catalogue, wordnet: WordNet | None
    ) -> Reply:
        return interpret(words, conversation, catalogue=catalogue, wordnet=wordnet)


def director_for(
    environ: Mapping[str, str], *, recipes: Path | None = None, try_out: Callable[[Recipe], None] | None = None
) -> Directs:
    """The director for this environment.

    With `recipes` (a folder) and `try_out` (which draws a recipe, and raises where that fails) a language model may write
    recipes for things that the library lacks. Raises SettingsError for a model that is named wrongly.
    """
    if not (environ.get("VITASCOPE_LLM_URL") or environ.get("VITASCOPE_LLM_MODEL")):
        return _Offline()
    from vitascope.director.language import Endpoint, LanguageDirector, Workshop, settings_from

    settings = settings_from(environ)
    if settings is None:
        return _Offline()
    return LanguageDirector(
        asks=Endpoint(settings),
        name=settings.name,
        otherwise=_Offline().interpret,
        workshop=Workshop(folder=recipes, try_out=try_out) if recipes and try_out else None,
    )
