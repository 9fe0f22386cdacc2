"""Edits from words by a language model: it names operations, staging gives positions, and `film.apply` has the last word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vitascope.director.crewing import crewed
from vitascope.director.draft import ActionWish, Draft, Entity, Relation
from vitascope.director.editing import Choice, Conversation, NoChange, NotUnderstood, Proposal, Question, Reply, Return
from vitascope.director.language.answers import AnswerFault, asked, faults_of, plain
from vitascope.director.language.checks import draft_faults, film_faults
from vitascope.director.language.endpoint import Asks, Message
from vitascope.director.language.films import DRAFT_FIELDS, draft_names, drafted, fitted, instructions, named, tidied
from vitascope.director.language.joining import draft_of, joined, moved, performed, placed_anew
from vitascope.director.language.phrases import Said, reading_of
from vitascope.director.language.schema import compact
from vitascope.director.language.summary import summary_of
from vitascope.director.language.vocabulary import vocabulary_for
from vitascope.director.relieving import relief
from vitascope.director.staging import stage
from vitascope.film import (
    AddShot,
    Change,
    ChangeFilm,
    ChangeSubject,
    Edit,
    EditError,
    Film,
    FilmOperation,
    MoveShot,
    RemoveShot,
    ReplaceShot,
    Retime,
    Shot,
    ShotOperation,
    apply,
)
from vitascope.film.parts import Name, Value
from vitascope.recipe import Catalogue

__all__ = ["reply_to"]

OPERATIONS_MOST, CHOICES_MOST = 24, 4
Metres = Annotated[float, Field(ge=-200.0, le=200.0)]


class AddSubjects(Value):
    """New subjects, by what they are to those there."""

    op: Literal["add_subjects"] = "add_subjects"
    shot: Name
    entities: Annotated[tuple[Entity, ...], Field(min_length=1, max_length=40)]
    relations: tuple[Relation, ...] = ()
    actions: tuple[ActionWish, ...] = ()


class Act(Value):
    """What subjects that are there do."""

    op: Literal["act"] = "act"
    shot: Name
    actions: Annotated[tuple[ActionWish, ...], Field(min_length=1)]


class Move(Value):
    """Another place for a subject: by metres, or to a relation."""

    op: Literal["move"] = "move"
    shot: Name
    subject: Name
    right: Metres = 0.0
    up: Metres = 0.0
    towards: Metres = 0.0
    relation: Relation | None = None


class NewShot(Value):
    """A whole shot."""

    op: Literal["new_shot"] = "new_shot"
    draft: Draft
    before: Name | None = None
    instead_of: Name | None = None


Wish = Annotated[
    Change | Retime | RemoveShot | MoveShot | ChangeFilm | AddSubjects | Act | Move | NewShot, Field(discriminator="op")
]


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Choice(_Closed):
    label: str
    operations: Annotated[tuple[Wish, ...], Field(min_length=1, max_length=OPERATIONS_MOST)]


class _Answer(_Closed):
    operations: Annotated[tuple[Wish, ...], Field(max_length=OPERATIONS_MOST)] = ()
    said: str = ""
    question: str = ""
    choices: Annotated[tuple[_Choice, ...], Field(max_length=CHOICES_MOST)] = ()
    not_understood: Annotated[tuple[str, ...], Field(max_length=60)] = ()
    take: str = ""
    phrases: Annotated[tuple[Said, ...], Field(max_length=400)] = ()


_NEVER = ("AddSubject",)
_WITHOUT = {**DRAFT_FIELDS, "ChangeSubject": ("placement", "actions", "recompose"), "ChangeFilm": ("seed",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cutting:
    """What edits are made of: the film, and what names mean."""

    conversation: Conversation
    catalogue: Catalogue

    @property
    def film(self) -> Film:
        """The film as it is."""
        return self.conversation.film


def reply_to(
    words: str, conversation: Conversation, *, asks: Asks, catalogue: Catalogue, reading: Any, remark: str
) -> Reply:
    """What the model makes of `words` about a film, checked by applying it. `reading` is the offline reading of the words,
    or None. Raises LanguageError."""
    present = tuple(dict.fromkeys(s.recipe for shot in conversation.film.shots for s in shot.subjects))
    vocabulary = vocabulary_for(words, catalogue, near=present)
    messages = (
        Message(role="system", text=instructions("edit", vocabulary=vocabulary.text())),
        Message(role="user", text=f"The film:\n{summary_of(conversation)}\n\nThe person's words:\n\n{words}"),
    )
    return asked(
        asks,
        messages,
        schema=compact(_Answer, without=_WITHOUT, named=draft_names(vocabulary), never=_NEVER),
        understand=_understand(words, _Cutting(conversation=conversation, catalogue=catalogue), reading, remark),
    )


def _understand(words: str, cutting: _Cutting, offline: Any, remark: str) -> Callable[[dict[str, Any]], Reply]:
    def understand(raw: dict[str, Any]) -> Reply:
        try:
            answer = _Answer.model_validate(_prompted(raw))
            return _reply(words, answer, cutting, offline, remark)
        except ValidationError as error:
            raise AnswerFault(faults_of(error)) from None
        except EditError as error:
            raise AnswerFault(str(error)) from None

    return understand


def _reply(words: str, answer: _Answer, cutting: _Cutting, offline: Any, remark: str) -> Reply:
    reading = reading_of(words, answer.phrases, offline, (remark,))
    if answer.take:
        return _return(answer, cutting)
    if answer.choices:
        if len(answer.choices) < 2 or not answer.question:
            raise AnswerFault("A question needs its text and two choices at least.")
        choices = tuple(Choice(label=plain(c.label, 80), edit=_edit(c.operations, cutting)[0]) for c in answer.choices)
        return Question(text=plain(answer.question), choices=choices)
    if answer.operations:
        edit, film = _edit(answer.operations, cutting)
        if film == cutting.film:
            return NoChange(text="The film is so already.")
        return Proposal(edit=edit, reading=reading, said=plain(answer.said) or "The film changes.")
    missed = tuple(plain(w, 60) for w in answer.not_understood if w.strip() and w.lower() in words.lower())
    if not missed:
        raise AnswerFault(
            "The answer has no operations, no choices, and names no word of the person's as not understood."
        )
    return NotUnderstood(text=f"Not understood: {', '.join(missed)}. Nothing changes.", words=missed, reading=reading)


def _return(answer: _Answer, cutting: _Cutting) -> Return:
    turns = cutting.conversation.turns
    known = {name for turn in turns for name in (turn.parent, turn.take)} | set(cutting.conversation.later)
    if answer.take not in known:
        raise AnswerFault(f"There is no such take; the takes are {', '.join(sorted(known)) or 'none'}.")
    return Return(take=answer.take, said=plain(answer.said) or f"Back to {plain(answer.take, 80)}.")


def _edit(wishes: tuple[Wish, ...], cutting: _Cutting) -> tuple[Edit, Film]:
    """The operations that the wishes come to, and the film after them."""
    film, done = cutting.film, []
    for wish in wishes:
        for operation in _operations(wish, film, cutting.catalogue):
            film = apply(film, Edit(operations=(operation,)))
            done.append(operation)
    for operation in relief(cutting.film, film, cutting.catalogue).operations:
        film = apply(film, Edit(operations=(operation,)))
        done.append(operation)
    before = set(film_faults(cutting.film, cutting.catalogue))
    faults = [fault for fault in film_faults(film, cutting.catalogue) if fault not in before]
    if faults:
        raise AnswerFault(" ".join(faults[:8]))
    return Edit(operations=tuple(done)), film


def _operations(wish: Wish, film: Film, catalogue: Catalogue) -> list[FilmOperation]:
    match wish:
        case Change():
            return [_plain_change(wish, film, catalogue)]
        case NewShot():
            return [_new_shot(wish, film, catalogue)]
        case AddSubjects() | Act() | Move():
            shot = _shot(film, wish.shot)
            return [Change(what=what, shots=(shot.id,)) for what in _staged(wish, shot, film.seed, catalogue)]
        case _:
            return [wish]


def _plain_change(change: Change, film: Film, catalogue: Catalogue) -> Change:
    """A change without positions. Another body does what it can of what the one before it did."""
    what = change.what
    if what.op == "add_subject" or (isinstance(what, ChangeSubject) and (what.placement or what.actions)):
        raise AnswerFault("Positions are not taken; use add_subjects, act or move.")
    if isinstance(what, ChangeSubject) and what.recipe is not None and what.recipe in catalogue.recipes:
        shots = [shot for shot in film.shots if not change.shots or shot.id in change.shots]
        acted = next((s.actions for shot in shots for s in shot.subjects if s.id == what.subject), ())
        body = catalogue.recipe(what.recipe)
        actions = tuple(a.model_copy(update={"verb": catalogue.verb_for(body, a.verb)}) for a in acted)
        what = what.model_copy(update={"actions": actions if actions != acted else None})
    return change.model_copy(update={"what": what})


def _staged(wish: AddSubjects | Act | Move, shot: Shot, seed: int, catalogue: Catalogue) -> list[ShotOperation]:
    if isinstance(wish, AddSubjects):
        entities, relations, actions = (_tidy(v, catalogue) for v in (wish.entities, wish.relations, wish.actions))
        ids = {entity.id for entity in entities}
        draft = _checked(shot, catalogue, entities=entities, relations=relations, actions=actions)
        strange = [a.entity for a in actions if a.entity not in ids] + [
            r.entity for r in relations if r.entity not in ids
        ]
        if strange:
            raise AnswerFault(f"add_subjects is about its own entities; for {strange[0]!r} use act or move.")
        return joined(shot, draft, entities, catalogue, seed=seed)
    if isinstance(wish, Act):
        return performed(shot, _checked(shot, catalogue, actions=_tidy(wish.actions, catalogue)), catalogue)
    if wish.subject not in {subject.id for subject in shot.subjects}:
        raise AnswerFault(f"There is no subject {wish.subject!r} in {shot.id}.")
    if wish.relation is None:
        return [moved(shot, wish.subject, (wish.right, wish.up, wish.towards))]
    if wish.relation.entity != wish.subject:
        raise AnswerFault("The relation of a move must be about its subject.")
    draft = _checked(shot, catalogue, relations=(_tidy(wish.relation, catalogue),))
    return placed_anew(shot, draft, wish.subject, catalogue, seed=seed)


def _checked(shot: Shot, catalogue: Catalogue, **parts: Any) -> Draft:
    draft = draft_of(shot, **parts)
    faults = list(draft_faults(draft, catalogue, given={subject.id for subject in shot.subjects}))
    if faults:
        raise AnswerFault(" ".join(faults[:8]))
    return draft


def _new_shot(wish: NewShot, film: Film, catalogue: Catalogue) -> AddShot | ReplaceShot:
    """The draft, staged. Subjects that the film has already look in it as they do elsewhere."""
    known = {subject.id: subject for shot in reversed(film.shots) for subject in shot.subjects}
    try:
        draft = crewed(drafted(wish.draft, catalogue), catalogue).draft
    except ValueError as error:
        raise AnswerFault(f"{error}.") from None
    entities = tuple(
        replace(e, recipe=s.recipe, name=s.name, group=s.group, attributes=s.attributes)
        if (s := known.get(e.id))
        else e
        for e in draft.entities
    )
    draft = replace(draft, entities=entities)
    faults = list(draft_faults(draft, catalogue, given=known.keys()))
    if faults:
        raise AnswerFault(" ".join(faults[:8]))
    draft = replace(draft, actions=fitted(draft.actions, {e.id: e.recipe for e in entities}, catalogue))
    ids = {shot.id for shot in film.shots}
    free = next(name for number in range(1, len(ids) + 2) if (name := f"shot-{number}") not in ids)
    if wish.instead_of is not None:
        _shot(film, wish.instead_of)
        return ReplaceShot(old=wish.instead_of, shot=stage(draft, catalogue, shot_id=wish.instead_of, seed=film.seed))
    return AddShot(shot=stage(draft, catalogue, shot_id=free, seed=film.seed), before=wish.before)


def _tidy(value: Any, catalogue: Catalogue) -> Any:
    try:
        return named(tidied(value), catalogue)
    except ValueError as error:
        raise AnswerFault(f"{error}.") from None


def _shot(film: Film, name: str) -> Shot:
    for shot in film.shots:
        if shot.id == name:
            return shot
    raise AnswerFault(f"There is no shot {name!r}; the shots are {', '.join(shot.id for shot in film.shots)}.")


def _prompted(raw: dict[str, Any]) -> dict[str, Any]:
    """The answer with the empty prompts that drafts of new shots need."""

    def wish(value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("draft"), dict):
            return {**value, "draft": {**value["draft"], "prompt": ""}}
        return value

    def wishes(value: Any) -> Any:
        return [wish(item) for item in value] if isinstance(value, list) else value

    found = {**raw, "operations": wishes(raw.get("operations", []))}
    if isinstance(raw.get("choices"), list):
        found["choices"] = [
            {**c, "operations": wishes(c.get("operations", []))} if isinstance(c, dict) else c for c in raw["choices"]
        ]
    return found
