"""The director with a language model: the same two questions as offline, the same answers, and offline where it fails."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from vitascope.director.crewing import crewed
from vitascope.director.direct import check_options, direct, film_of
from vitascope.director.directing import Interprets
from vitascope.director.editing import (
    Conversation,
    Impossible,
    NoChange,
    NotUnderstood,
    Proposal,
    Question,
    Reply,
    Return,
)
from vitascope.director.editing.interpret import WORDS_MOST as EDIT_WORDS_MOST
from vitascope.director.errors import DirectorError
from vitascope.director.language.edits import reply_to
from vitascope.director.language.endpoint import Asks, LanguageError
from vitascope.director.language.films import Wished, fitted, wished_film
from vitascope.director.language.phrases import Said, offline_understanding, reading_of
from vitascope.director.language.recipes import Workshop, new_recipe
from vitascope.director.tokens import tokenise
from vitascope.director.understanding import WORDS_MOST
from vitascope.director.wordnet import WordNet
from vitascope.film import Film, Reading
from vitascope.recipe import Catalogue, Recipe, RecipeError, extended

__all__ = ["LanguageDirector"]

RECIPES_A_FILM = 2
"""New recipes that one instruction may bring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageDirector:
    """Directs with a language model. `otherwise` reads instructions about a film where the model is of no use."""

    asks: Asks
    name: str
    """The model and its host, for people: "qwen3:8b at localhost:11434"."""
    otherwise: Interprets
    workshop: Workshop | None = None
    """Where recipes for things that the library lacks are kept; without one none are written."""

    def direct(self, prompt: str, *, catalogue: Catalogue, wordnet: WordNet | None, **options: Any) -> Film:
        """The film that `prompt` asks for; `options` as of `direct`, and before what the words say.

        Raises DirectorError for what cannot be directed at all. Where the model fails, the film is the offline one and its
        reading says so.
        """
        seconds, style, seed = options.get("seconds"), options.get("style"), options.get("seed")
        check_options(seconds, style)
        offline = offline_understanding(prompt, catalogue, wordnet)
        unread = isinstance(offline, DirectorError)
        if unread and not 0 < _words(prompt) <= WORDS_MOST:
            raise offline
        try:
            wished = wished_film(
                prompt,
                asks=self.asks,
                catalogue=catalogue,
                near=() if unread else tuple(entity.recipe for entity in offline.draft.entities),
                seconds=None if seconds is None else Fraction(seconds),
                seed=seed or 0,
            )
        except LanguageError as error:
            if unread:
                raise DirectorError(f"{error} Without a language model: {offline}") from None
            film = direct(prompt, catalogue=catalogue, wordnet=wordnet, **options)
            return film.model_copy(update={"reading": _remarked(film.reading, self._offline(error))})
        wished, catalogue, remarks = self._with_new_recipes(wished, catalogue)
        manned = [crewed(draft, catalogue) for draft in wished.drafts]
        wished = replace(wished, drafts=tuple(each.draft for each in manned))
        remarks = tuple(dict.fromkeys((*remarks, *(remark for each in manned for remark in each.remarks))))
        reading = reading_of(prompt, wished.phrases, None if unread else offline.reading, (self._read_by, *remarks))
        return film_of(
            prompt,
            wished.shots(catalogue, seed=seed or 0, style=style),
            reading=reading,
            size=options.get("size"),
            fps=options.get("fps"),
            seed=seed,
            silent=bool(options.get("silent")) or wished.silent,
        )

    def interpret(
        self, words: str, conversation: Conversation, *, catalogue: Catalogue, wordnet: WordNet | None
    ) -> Reply:
        """What `words` about a film come to. Where the model fails, the offline interpreter answers and says so."""
        if not 0 < _words(words) <= EDIT_WORDS_MOST:
            return self.otherwise(words, conversation, catalogue=catalogue, wordnet=wordnet)
        offline = offline_understanding(words, catalogue, wordnet)
        try:
            return reply_to(
                words,
                conversation,
                asks=self.asks,
                catalogue=catalogue,
                reading=None if isinstance(offline, DirectorError) else offline.reading,
                remark=self._read_by,
            )
        except LanguageError as error:
            reply = self.otherwise(words, conversation, catalogue=catalogue, wordnet=wordnet)
            return _saying(reply, self._offline(error))

    @property
    def _read_by(self) -> str:
        return f"Read by {self.name}."

    def _offline(self, error: LanguageError) -> str:
        return f"Read without the language model, which was of no use: {error}"

    # Recipes -------------------------------------------------------------------------------------------------------

    def _with_new_recipes(self, wished: Wished, catalogue: Catalogue) -> tuple[Wished, Catalogue, tuple[str, ...]]:
        """The wishes with recipes for what the library lacks, the library with them, and what to say of it."""
        remarks = []
        if self.workshop is None:
            return wished, catalogue, ()
        for noun in wished.lacking[:RECIPES_A_FILM]:
            stands_in = next(
                (e.recipe for d in wished.drafts for e in d.entities if e.name.lower() == noun.lower()), None
            )
            if stands_in is None:
                continue
            try:
                recipe = new_recipe(
                    noun,
                    asks=self.asks,
                    catalogue=catalogue,
                    workshop=self.workshop,
                    like=stands_in,
                )
                catalogue = extended(catalogue, recipe)
            except (LanguageError, RecipeError) as error:
                remarks.append(
                    f"No recipe came about for {noun}, so a {stands_in.replace('_', ' ')} stands in: {error}"
                )
                continue
            wished = _recast(wished, noun, recipe, catalogue)
            remarks.append(
                f"The library had no {recipe.name.replace('_', ' ')}; its recipe was written by {self.name}."
            )
        return wished, catalogue, tuple(remarks)


def _recast(wished: Wished, noun: str, recipe: Recipe, catalogue: Catalogue) -> Wished:
    """The wishes with `recipe` for every entity that is called `noun`."""

    def named(said: Said) -> bool:
        return noun.lower() in said.text.lower() and said.kind == "subject"

    drafts = []
    for draft in wished.drafts:
        entities = tuple(
            replace(e, recipe=recipe.name) if e.name.lower() == noun.lower() else e for e in draft.entities
        )
        meant = tuple(replace(a, verb=a.words if a.words in catalogue.verbs else a.verb) for a in draft.actions)
        actions = fitted(meant, {e.id: e.recipe for e in entities}, catalogue)
        drafts.append(replace(draft, entities=entities, actions=actions))
    phrases = tuple(
        s.model_copy(update={"status": "understood", "taken_as": recipe.name.replace("_", " ")}) if named(s) else s
        for s in wished.phrases
    )
    return replace(wished, drafts=tuple(drafts), phrases=phrases)


def _words(text: str) -> int:
    return sum(token.is_word or token.kind == "quote" for token in tokenise(text))


def _remarked(reading: Reading, remark: str) -> Reading:
    return reading.model_copy(update={"remarks": (*reading.remarks, remark)})


def _saying(reply: Reply, remark: str) -> Reply:
    """`reply` with one sentence more."""
    match reply:
        case Proposal() | NotUnderstood():
            return replace(reply, reading=_remarked(reply.reading, remark))
        case Return():
            return replace(reply, said=f"{reply.said} {remark}")
        case Question() | Impossible() | NoChange():
            return replace(reply, text=f"{reply.text} {remark}")
