"""The conversation as it is shown: what was said, how it was read, what came of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from vitascope.director.editing import Impossible, NotUnderstood, Question
from vitascope.film import Reading
from vitascope.jobs.values import Video
from vitascope.web.scope import NOWHERE, Scope

__all__ = ["Aside", "Chip", "TakeTurn", "Turn", "chips_of", "line_of", "turns_of"]

Standing = Literal["reading", "waiting", "open", "settled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A phrase of an instruction and what it was taken as; `taken_as` is empty where that says nothing new."""

    text: str
    status: Literal["understood", "substituted", "not_understood"]
    taken_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeTurn:
    """Words that led to a take, which may still be in the making."""

    take: Video
    number: int
    """Of the take in its tree, from 1."""
    chips: tuple[Chip, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """Words that led to no take (yet), said to the take `about` where `scope` points: they wait, are read, or were answered.

    Plain values all of it, so that a browser can keep it.
    """

    id: str
    """Tells these words from the same words said again."""
    about: str
    words: str
    standing: Standing
    scope: Scope = NOWHERE
    choice: int | None = None
    """Which of the ways on was chosen, from 1."""
    text: str = ""
    """What was answered, or why it could not be done."""
    failed: bool = False
    ways: tuple[str, ...] = ()
    """The ways on of a question, by what they are called."""

    @property
    def choices(self) -> tuple[str, ...]:
        """The ways on, while they are open."""
        return self.ways if self.standing == "open" else ()

    def answered(self, answer: Question | Impossible | NotUnderstood) -> Aside:
        """With what the director says to it."""
        ways = () if isinstance(answer, NotUnderstood) else tuple(one.label for one in answer.choices)
        return replace(self, standing="open", choice=None, text=answer.text, ways=ways, failed=False)

    def refused(self, sentence: str) -> Aside:
        """With why it cannot be done."""
        return replace(self, standing="settled", text=sentence, failed=True)


Turn = TakeTurn | Aside


def line_of(takes: Sequence[Video], current: str) -> tuple[Video, ...]:
    """The takes from the first one to `current`, as far back as they are there."""
    by_id = {take.id: take for take in takes}
    line: list[Video] = []
    at = by_id.get(current)
    while at is not None and at not in line:
        line.append(at)
        at = by_id.get(at.parent or "")
    return tuple(reversed(line))


def turns_of(takes: Sequence[Video], current: str, asides: Iterable[Aside] = ()) -> tuple[Turn, ...]:
    """The conversation that led to `current`: each take of its line, and behind it what was said about it to no effect."""
    numbers = {take.id: number for number, take in enumerate(takes, 1)}
    said: Mapping[str, list[Aside]] = {}
    for aside in asides:
        said.setdefault(aside.about, []).append(aside)  # type: ignore[union-attr]
    turns: list[Turn] = []
    for take in line_of(takes, current):
        remarks = take.reading.remarks
        turns.append(TakeTurn(take=take, number=numbers[take.id], chips=chips_of(take.reading), remarks=remarks))
        turns += said.get(take.id, ())
    return tuple(turns)


def chips_of(reading: Reading) -> tuple[Chip, ...]:
    """A chip for each phrase. What was taken as just what it says needs no second word."""
    return tuple(
        Chip(text=one.text, status=one.status, taken_as=_news(one.text, one.taken_as)) for one in reading.phrases
    )


def _news(text: str, taken_as: str) -> str:
    """In words what a phrase was taken as, where it does not say so itself."""
    plain = taken_as.replace("_", " ").strip()
    return "" if plain.casefold() in text.casefold() else plain
