"""The conversation as it is shown: what was said, how it was read, what came of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from vitascope.director.editing import Impossible, NotUnderstood, Question
from vitascope.film import Reading
from vitascope.jobs.values import Video

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
    """Words that led to no take (yet), said to the take `about`: being read, waiting for it, or answered."""

    id: int
    about: str
    words: str
    standing: Standing
    answer: Question | Impossible | NotUnderstood | None = None
    fault: str = ""
    """Why it could not be done, where that is no answer of the director's."""

    @property
    def choices(self) -> tuple[str, ...]:
        """The ways on, while they are open."""
        open_ = self.standing == "open" and isinstance(self.answer, Question | Impossible)
        return tuple(one.label for one in self.answer.choices) if open_ else ()  # type: ignore[union-attr]

    @property
    def text(self) -> str:
        """What is answered."""
        return self.fault or (self.answer.text if self.answer is not None else "")


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
        Chip(text=one.text, status=one.status, taken_as=one.taken_as if _is_news(one.text, one.taken_as) else "")
        for one in reading.phrases
    )


def _is_news(text: str, taken_as: str) -> bool:
    plain = taken_as.replace("_", " ").casefold().strip()
    return bool(plain) and plain not in text.casefold()
