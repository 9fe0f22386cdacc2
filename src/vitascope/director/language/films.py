"""A film from words by a language model: it fills in drafts, which are checked and staged as if they were our own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from importlib.resources import files
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vitascope.director.draft import ActionWish, Draft, Entity
from vitascope.director.language.answers import AnswerFault, asked, faults_of
from vitascope.director.language.checks import draft_faults
from vitascope.director.language.endpoint import Asks, Message
from vitascope.director.language.phrases import Said
from vitascope.director.language.schema import compact
from vitascope.director.language.vocabulary import MOVES, Vocabulary, vocabulary_for
from vitascope.director.lexicon import data
from vitascope.director.staging import stage
from vitascope.film import Shot
from vitascope.recipe import Catalogue

__all__ = [
    "DRAFT_FIELDS",
    "Wished",
    "draft_names",
    "drafted",
    "fitted",
    "instructions",
    "named",
    "tidied",
    "wished_film",
]

SHOTS_MOST, SECONDS_MOST = 8, 240
DRAFT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "Draft": ("prompt", "duration_said"),
    "SetWish": ("said",),
    "Light": ("staged_for",),
}
"""What a model does not fill in."""
FINEST = 240
"""Times and fractions of a model are rounded to this denominator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """What a model made of the words, checked: drafts of shots, its phrases, and nouns that no recipe fits."""

    drafts: tuple[Draft, ...]
    phrases: tuple[Said, ...]
    lacking: tuple[str, ...]
    silent: bool

    def shots(self, catalogue: Catalogue, *, seed: int, style: str | None = None) -> tuple[Shot, ...]:
        """The drafts in metres and seconds, in one style if one is given."""
        shots = (stage(d, catalogue, shot_id=f"shot-{number}", seed=seed) for number, d in enumerate(self.drafts, 1))
        if style is None:
            return tuple(shots)
        return tuple(s.model_copy(update={"look": s.look.model_copy(update={"style": style})}) for s in shots)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    shots: Annotated[tuple[Draft, ...], Field(min_length=1, max_length=SHOTS_MOST)]
    silent: bool = False
    phrases: Annotated[tuple[Said, ...], Field(max_length=400)] = ()
    lacking: Annotated[tuple[str, ...], Field(max_length=20)] = ()


def wished_film(
    prompt: str, *, asks: Asks, catalogue: Catalogue, near: tuple[str, ...], seconds: Fraction | None, seed: int
) -> Wished:
    """What the model makes of `prompt`. `near` are recipes of a first reading. Raises LanguageError."""
    vocabulary = vocabulary_for(prompt, catalogue, near=near)
    length = "" if seconds is None else f" The film is to be exactly {float(seconds):g} seconds long in all."
    messages = (
        Message(role="system", text=instructions("film", vocabulary=vocabulary.text())),
        Message(role="user", text=f"The person's words:{length}\n\n{prompt}"),
    )
    return asked(
        asks,
        messages,
        schema=compact(_Answer, without=DRAFT_FIELDS, named=draft_names(vocabulary)),
        understand=_understand(prompt, catalogue, seconds, seed),
    )


def instructions(name: str, **parts: str) -> str:
    """The instructions called `name` with `parts` filled in."""
    text = (files("vitascope.director.language") / "instructions" / f"{name}.md").read_text(encoding="utf-8")
    for part, value in parts.items():
        text = text.replace(f"{{{part}}}", value)
    return text


def draft_names(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """The names that fields of a draft may have, for its schema."""
    return {
        "Entity.recipe": vocabulary.recipe_names,
        "ActionWish.verb": vocabulary.verbs,
        "SetWish.place": vocabulary.places,
        "MoveWish.kind": MOVES,
        "Look.style": tuple(data("style")["renderers"]),
        "Look.grade": tuple(data("style")["grades"]),
    }


def tidied(value: Any) -> Any:
    """A draft, or part of one, with fractions that can be written down shortly. Raises ValueError where one vanishes."""
    if isinstance(value, Fraction):
        return value.limit_denominator(FINEST)
    if isinstance(value, tuple):
        return tuple(tidied(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: tidied(getattr(value, f.name)) for f in fields(value)})
    return value


def named(value: Any, catalogue: Catalogue) -> Any:
    """Entities and actions with the library's names for what they give by a word that it knows ("gallop", "polar bear")."""
    if isinstance(value, tuple):
        return tuple(named(item, catalogue) for item in value)
    if isinstance(value, Entity):
        return (
            value
            if value.recipe in catalogue.recipes
            else replace(value, recipe=_spoken(value.recipe, catalogue.recipe_words))
        )
    if isinstance(value, ActionWish) and value.verb not in catalogue.verbs:
        return replace(value, verb=_spoken(value.verb, catalogue.verb_words), words=value.words or value.verb)
    return value


def _spoken(name: str, words: Mapping[str, str]) -> str:
    return words.get(name.lower().replace("_", " "), name)


def fitted(actions: tuple[ActionWish, ...], recipes: Mapping[str, str], catalogue: Catalogue) -> tuple[ActionWish, ...]:
    """Actions with verbs that their bodies can perform; the verb that was meant stays as its words."""
    return tuple(
        replace(a, verb=catalogue.verb_for(catalogue.recipe(recipes[a.entity]), a.verb), words=a.words or a.verb)
        for a in actions
    )


def _understand(
    prompt: str, catalogue: Catalogue, seconds: Fraction | None, seed: int
) -> Callable[[dict[str, Any]], Wished]:
    def understand(raw: dict[str, Any]) -> Wished:
        answer = _validated(prompt, raw, catalogue)
        drafts = _in_length(answer.shots, seconds)
        faults = [fault for draft in drafts for fault in draft_faults(draft, catalogue)]
        faults += _identity_faults(drafts)
        if faults:
            raise AnswerFault(" ".join(faults[:8]))
        drafts = tuple(
            replace(d, actions=fitted(d.actions, {e.id: e.recipe for e in d.entities}, catalogue)) for d in drafts
        )
        wished = Wished(drafts=drafts, phrases=answer.phrases, lacking=answer.lacking, silent=answer.silent)
        try:
            wished.shots(catalogue, seed=seed)
        except ValidationError as error:
            raise AnswerFault(faults_of(error)) from None
        return wished

    return understand


def drafted(draft: Draft, catalogue: Catalogue) -> Draft:
    """A model's draft as one of ours. Raises ValueError."""
    draft = tidied(draft)
    return replace(
        draft,
        entities=named(draft.entities, catalogue),
        actions=named(draft.actions, catalogue),
        set=replace(draft.set, said=True),
        duration_said=True,
    )


def _validated(prompt: str, raw: dict[str, Any], catalogue: Catalogue) -> _Answer:
    shots = raw.get("shots")
    if isinstance(shots, list):
        raw = {**raw, "shots": [{**s, "prompt": prompt} if isinstance(s, dict) else s for s in shots]}
    try:
        answer = _Answer.model_validate(raw)
        shots = tuple(drafted(d, catalogue) for d in answer.shots)
    except ValidationError as error:
        raise AnswerFault(faults_of(error)) from None
    except ValueError as error:
        raise AnswerFault(f"{error}.") from None
    return answer.model_copy(update={"shots": shots})


def _in_length(drafts: tuple[Draft, ...], seconds: Fraction | None) -> tuple[Draft, ...]:
    """The drafts in the length that was asked for beside the words: each its share of it, or the same for all."""
    total = sum((d.duration for d in drafts), Fraction(0))
    if seconds is None:
        if total > SECONDS_MOST:
            raise AnswerFault(f"The film is {float(total):g} s long in all; up to {SECONDS_MOST} s are made at once.")
        return drafts
    if len(drafts) > seconds or total <= 0:
        raise AnswerFault(f"The film has {len(drafts)} shots in {float(seconds):g} s; a shot is at least 1 s long.")
    shares = [d.duration * seconds / total for d in drafts]
    if min(shares) < 1:
        shares = [seconds / len(drafts)] * len(drafts)
    return tuple(replace(d, duration=share) for d, share in zip(drafts, shares, strict=True))


def _identity_faults(drafts: tuple[Draft, ...]) -> list[str]:
    """The same id in two shots is the same subject."""
    first: dict[str, str] = {}
    return [
        f"The id {e.id!r} is a {first[e.id]} in one shot and a {e.recipe} in another; give them two ids."
        for draft in drafts
        for e in draft.entities
        if first.setdefault(e.id, e.recipe) != e.recipe
    ]
