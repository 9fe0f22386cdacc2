"""From the messages of a conversation to what its last one asks for. Pure: knows no film, no clock and nobody.

The thread carries its own state. Answers name their film by its URL, and questions end in a sentence that is found again, so an
agent that remembers nothing goes on where the thread stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from vitascope.serve.housekeeping import is_housekeeping
from vitascope.serve.sayings import (
    DRAFT,
    EXPLAIN,
    FILMED,
    HELP,
    IDEAS,
    LIST,
    LITTLE,
    MADE,
    NEW,
    NUMBER,
    ORDINAL,
    ORDINALS,
    QUESTION,
    STATE,
    STOP,
    STYLISED,
)

__all__ = [
    "FILM_IT",
    "PICK_AN_IDEA",
    "PICK_A_WAY",
    "UNFINISHED",
    "Ask",
    "AskAgain",
    "CancelFilm",
    "Draft",
    "EditFilm",
    "Explain",
    "Help",
    "Housekeeping",
    "Ideas",
    "ListFilms",
    "Message",
    "NewFilm",
    "ShowFilm",
    "choice_in",
    "decide",
    "numbered",
]

PICK_A_WAY = "Answer with a number, or say something else."
"""Ends a question about a film; what precedes it are numbered choices."""
PICK_AN_IDEA = "Say a number and I film it."
"""Ends a list of descriptions."""
FILM_IT = "Say “film it” and I make it."
"""Ends a draft."""
UNFINISHED = "There is no film of this:"
"""Begins the sentence why a film was not made; such a film is not gone on from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: who said it, its text, and the pictures that came with it, as data URLs."""

    role: Literal["user", "assistant", "system"]
    text: str
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFilm:
    """A description is to be filmed; `picture` is what it starts from, as a data URL."""

    words: str
    picture: str | None = None
    stylised: bool = False
    """Whether what is impossible is shown all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditFilm:
    """Words about a film, or the choice (from 1) in answer to the question that these words led to."""

    video: str
    words: str
    choice: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAgain:
    """A number that the question does not have: what was asked, the text of the question and how many choices it has."""

    asked: EditFilm | Ideas
    question: str
    number: str
    choices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowFilm:
    """The state of a film, or the film itself; of the latest one of the caller where none is named."""

    video: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelFilm:
    """A film that is being made is to be let go; once it is made, `words` may still mean to undo it."""

    video: str | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilms:
    """Which films there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """How a description would be filmed."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explain:
    """How the words of a film were read, and what is in it."""

    video: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ideas:
    """Descriptions that can be filmed, about `topic` if it is not empty."""

    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What can be said."""

    film: bool
    """Whether there is a film in the thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Housekeeping:
    """What a front-end asks for itself: a title, tags, what to say next."""

    prompt: str


Ask = NewFilm | EditFilm | AskAgain | ShowFilm | CancelFilm | ListFilms | Draft | Explain | Ideas | Help | Housekeeping

FILM_ID = re.compile(r"\bvideo_[a-z0-9]{6,64}\b")
FILM_URL = re.compile(r"<?\bhttps?://\S*?\bvideo_[a-z0-9]{6,64}\S*")
CHOICE = re.compile(r"^(\d{1,2})\. (.+)$", re.MULTILINE)


def decide(messages: Sequence[Message], film: str | None = None) -> Ask:
    """What the last user message asks for. `film` is the film of the thread where the messages name none."""
    at = max((i for i, message in enumerate(messages) if message.role == "user"), default=None)
    if at is None:
        return Help(film=False)
    message, before = messages[at], messages[:at]
    if is_housekeeping(message.text):
        return Housekeeping(prompt=message.text)
    named = FILM_ID.findall(message.text)
    words = " ".join(FILM_ID.sub("", FILM_URL.sub("", message.text)).split()) if named else message.text.strip()
    current = named[-1] if named else (films_in(before) or [film])[-1]
    if message.pictures:
        return NewFilm(words=words, picture=message.pictures[-1])
    return _answer(words, before, film) or _asked(words, before, current)


def films_in(messages: Sequence[Message]) -> list[str]:
    """The ids of the films that the thread names, in its order. Those that were not made are left out."""
    found: list[str] = []
    for message in messages:
        if message.role == "system" or UNFINISHED in message.text:
            continue
        for video in FILM_ID.findall(message.text):
            if found[-1:] != [video]:
                found.append(video)
    return found


def numbered(labels: Sequence[str]) -> str:
    """The lines that `choice_in` is asked about later."""
    return "\n".join(f"{number}. {label}" for number, label in enumerate(labels, 1))


def choice_in(words: str, labels: Sequence[str], question: str = "") -> int | None:
    """Which of `labels` is meant (from 1): by number, by place in the list, or by words that only one of them has.

    Words of the question itself may stand beside them ("the red ball" where balls are asked about). A number is returned as it
    is, also where the list is shorter. None where the words choose nothing.
    """
    words = words.strip()
    if match := NUMBER.fullmatch(words):
        return int(match["number"])
    if match := ORDINAL.fullmatch(words):
        word = match["word"].lower()
        return len(labels) if word in ("last", "latter") else ORDINALS[word]
    said = _content(words)
    if not said:
        return None
    exact = [number for number, label in enumerate(labels, 1) if _content(label) == said]
    holding = [number for number, label in enumerate(labels, 1) if said <= _content(label)]
    asked = _content(question)
    wider = [n for n, label in enumerate(labels, 1) if (own := _content(label)) and own < said <= own | asked]
    for found in (exact, holding, wider):
        if len(found) == 1:
            return found[0]
    return None


def _content(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w'’-]+", words.lower())) - LITTLE


def _answer(words: str, before: Sequence[Message], film: str | None) -> Ask | None:
    """The ask when `words` answer what was said just before; None when they do not."""
    at = next((i for i in range(len(before) - 1, -1, -1) if before[i].role != "system"), None)
    if at is None or before[at].role != "assistant":
        return None
    text = before[at].text
    if FILM_IT in text and FILMED.fullmatch(words):
        drafted = decide(before[:at], film)
        return NewFilm(words=drafted.words) if isinstance(drafted, Draft) else None
    if "stylised" in text and STYLISED.fullmatch(words):
        shown = decide(before[:at], film)
        if isinstance(shown, NewFilm):
            return replace(shown, stylised=True)
    if PICK_A_WAY not in text and PICK_AN_IDEA not in text:
        return None
    labels = [match[2].strip() for match in CHOICE.finditer(text)]
    number = choice_in(words, labels, CHOICE.split(text, maxsplit=1)[0])
    if number is None:
        return None
    asked = decide(before[:at], film)
    asked = asked.asked if isinstance(asked, AskAgain) else asked
    if not isinstance(asked, EditFilm | Ideas | NewFilm):
        return None
    if not 1 <= number <= len(labels):
        if isinstance(asked, NewFilm):
            return None
        return AskAgain(asked=asked, question=text, number=str(number), choices=len(labels))
    if isinstance(asked, NewFilm):
        return replace(asked, stylised=number == len(labels))
    if isinstance(asked, Ideas):
        return NewFilm(words=labels[number - 1])
    return replace(asked, choice=number)


def _asked(words: str, before: Sequence[Message], film: str | None) -> Ask:
    """What words that answer nothing ask for."""
    if HELP.fullmatch(words) or not words:
        return ShowFilm(video=film) if film and not words else Help(film=film is not None)
    if (match := NEW.fullmatch(words)) is not None:
        return NewFilm(words=_said(match))
    if (match := IDEAS.fullmatch(words)) is not None:
        return Ideas(topic=_said(match))
    if EXPLAIN.fullmatch(words):
        return _explained(before, film)
    if (match := DRAFT.fullmatch(words)) is not None:
        topic = _said(match)
        return Draft(words=topic) if topic and not _points(topic) else _explained(before, film)
    if LIST.fullmatch(words):
        return ListFilms()
    if STATE.fullmatch(words):
        return ShowFilm(video=film)
    if STOP.fullmatch(words):
        return CancelFilm(video=film, words=words)
    if film is None and QUESTION.fullmatch(words):
        return Help(film=False)
    if film is None or MADE.fullmatch(words):
        return NewFilm(words=words)
    return EditFilm(video=film, words=words)


def _explained(before: Sequence[Message], film: str | None) -> Ask:
    if film is not None:
        return Explain(video=film)
    asked = decide(before) if any(message.role == "user" for message in before) else None
    return Draft(words=asked.words) if isinstance(asked, NewFilm | Draft) else Help(film=False)


def _points(topic: str) -> bool:
    return topic.strip(" .!?").lower() in (
        "it",
        "this",
        "that",
        "the film",
        "the video",
        "this film",
        "this video",
        "my film",
    )


def _said(match: re.Match[str]) -> str:
    return next((text.strip() for text in match.groupdict().values() if text), "")
