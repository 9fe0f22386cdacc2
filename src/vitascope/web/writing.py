"""What is written on a card of a storyboard becomes a shot of its film: who is known stays who he is."""

from __future__ import annotations

from dataclasses import dataclass

from vitascope.director.editing import Conversation, Impossible, Proposal, Question, Reply
from vitascope.film import Edit, EditError, Film, Phrase, Reading, Shot, apply
from vitascope.jobs.drafting import films_of
from vitascope.jobs.editing import understand
from vitascope.jobs.errors import JobError
from vitascope.jobs.values import Wish
from vitascope.web.strings import say

__all__ = ["Unwritten", "Written", "written"]

TELLING = ("subject", "action", "place")
"""Phrases without which words tell of no shot."""
LONGEST = 4_000
"""Letters that are read of one card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The shot that words lead to; `remarks` are phrases that were taken as something near, or not at all."""

    shot: Shot
    remarks: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwritten:
    """No shot yet: why, and the ways on by what they are called."""

    text: str
    ways: tuple[tuple[str, Written], ...] = ()


def written(words: str, film: Film) -> Written | Unwritten:
    """The shot that comes after those of `film`, as `words` tell it; else the shot that they tell by themselves."""
    words = words.strip()[:LONGEST]
    said = words if words.lower().startswith("cut to") else f"Cut to: {words}"
    found = shot_of(understand(said, Conversation(film=film)), film)
    if isinstance(found, Unwritten) and not found.ways:
        return _alone(words, film) or found
    return found


def _alone(words: str, film: Film) -> Written | None:
    """The first shot of the film that words make; who is in `film` too looks as there. None for words that tell of none."""
    try:
        made = films_of(Wish(prompt=words, seed=film.seed))[0]
    except JobError:
        return None
    if not any(phrase.kind in TELLING and phrase.status == "understood" for phrase in made.reading.phrases):
        return None
    known = {subject.id: subject for shot in film.shots for subject in shot.subjects}
    shot = made.shots[0]
    subjects = tuple(
        subject.model_copy(update={"recipe": one.recipe, "name": one.name, "attributes": one.attributes})
        if (one := known.get(subject.id)) is not None and one.recipe == subject.recipe
        else subject
        for subject in shot.subjects
    )
    return Written(shot=shot.model_copy(update={"subjects": subjects}), remarks=_remarks(made.reading))


def shot_of(reply: Reply, film: Film) -> Written | Unwritten:
    """The new shot in a reply of the director."""
    match reply:
        case Proposal(edit=edit, reading=reading):
            return _made(edit, film, reading) or Unwritten(text=say("storyboard.no_shot"))
        case Question(text=text, choices=choices) | Impossible(text=text, choices=choices):
            made = [(choice.label, _made(choice.edit, film, Reading())) for choice in choices]
            return Unwritten(text=text, ways=tuple((label, one) for label, one in made if one is not None))
    return Unwritten(text=getattr(reply, "text", "") or say("storyboard.no_shot"))


def _made(edit: Edit, film: Film, reading: Reading) -> Written | None:
    there = {shot.id for shot in film.shots}
    try:
        new = [shot for shot in apply(film, edit).shots if shot.id not in there]
    except EditError:
        return None
    if not new:
        return None
    return Written(shot=new[0], remarks=_remarks(reading))


def _remarks(reading: Reading) -> tuple[Phrase, ...]:
    return tuple(phrase for phrase in reading.phrases if phrase.status != "understood")
