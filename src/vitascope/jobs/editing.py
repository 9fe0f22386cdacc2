"""What words do to a film of a conversation: a changed film, another film of the tree, or what stands in the way. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from vitascope.director import system_wordnet
from vitascope.director.editing import (
    Choice,
    Conversation,
    Impossible,
    NoChange,
    NotUnderstood,
    Proposal,
    Question,
    Reply,
    Return,
    Selection,
)
from vitascope.film import Edit, EditError, Film, Reading, Retime, Span, apply, difference
from vitascope.jobs.drafting import check_drawable
from vitascope.jobs.errors import Invalid
from vitascope.studio.library import director, library

__all__ = ["LONGEST", "Changed", "carry_out", "changed", "extend", "understand"]

LONGEST = Fraction(120)
"""Seconds of a film that was extended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The film after the edit; `said` is what is different. An edit without operations changes nothing."""

    film: Film
    edit: Edit
    said: str
    reading: Reading


Outcome = Changed | Return | Question | Impossible | NotUnderstood


def understand(words: str, conversation: Conversation) -> Reply:
    """How the director reads `words`."""
    return director().interpret(words, conversation, catalogue=library(), wordnet=system_wordnet())


def carry_out(words: str, conversation: Conversation, *, choice: int | None = None) -> Outcome:
    """Does what `words` say; `choice` (from 1) answers the question that they lead to. Raises Invalid."""
    reply = understand(words, conversation)
    if choice is not None:
        chosen = _chosen(reply, choice)
        return changed(conversation.film, chosen.edit, said="", reading=Reading())
    match reply:
        case Proposal(edit=edit, reading=reading, said=said):
            return changed(conversation.film, edit, said=said, reading=reading)
        case NoChange(text=text):
            return Changed(film=conversation.film, edit=Edit(operations=()), said=text, reading=Reading())
        case _:
            return reply


def extend(words: str, conversation: Conversation, seconds: Fraction, *, choice: int | None = None) -> Outcome:
    """Lets the film go on for `seconds`; `words` say what happens then. Raises Invalid."""
    before = conversation.film
    length = before.duration + seconds
    if seconds <= 0 or length > LONGEST:
        left = float(LONGEST - before.duration)
        raise Invalid(
            f"The film lasts {float(before.duration):g} seconds and {float(seconds):g} more were asked for; a film may "
            f"last {LONGEST} seconds, so give more than 0 and up to {left:g}.",
            param="seconds",
        )
    last = before.shots[-1]
    onward = Edit(operations=(Retime(shot=last.id, duration=last.duration + seconds, how="extend"),))
    longer = changed(before, onward, said="", reading=Reading())
    if not words.strip():
        return longer
    span = Span(start=last.duration, end=last.duration + seconds)
    new_part = Selection(shots=(last.id,), span=span)
    found = carry_out(words, replace(conversation, film=longer.film, selection=new_part), choice=choice)
    match found:
        case Changed(edit=edit, reading=reading):
            rest = tuple(one for one in edit.operations if not isinstance(one, Retime))
            whole = Edit(operations=(*onward.operations, *rest))
            return changed(before, whole, said="", reading=reading)
        case NotUnderstood(reading=reading):
            remark = f"Not used in the part that was added: “{words.strip()}”."
            return replace(longer, reading=reading.model_copy(update={"remarks": (*reading.remarks, remark)}))
        case Return():
            return longer
        case _:
            return found


def changed(before: Film, edit: Edit, *, said: str, reading: Reading) -> Changed:
    """`before` after an edit; `said` is found out if not given. Raises Invalid for what cannot be done or not be drawn."""
    try:
        after = apply(before, edit)
    except EditError as error:
        raise Invalid(str(error), param="prompt") from None
    if after != before:
        check_drawable(after)
    return Changed(film=after, edit=edit, said=said or " ".join(difference(before, after)), reading=reading)


def _chosen(reply: Reply, choice: int) -> Choice:
    if not isinstance(reply, Question | Impossible):
        raise Invalid(f"Choice {choice} was given, but these words lead to no question; leave it out.", param="choice")
    if not 1 <= choice <= len(reply.choices):
        raise Invalid(f"There is no choice {choice}; give a number from 1 to {len(reply.choices)}.", param="choice")
    return reply.choices[choice - 1]
