"""What a page has not sent or filmed yet, as a text that its browser keeps: words and questions, cards of the storyboard. Pure.

The browser keeps it, and not the server: it is one person's and worth something to that page alone, it is still there when the
server was started again or another one answers, and nobody has to tidy it away.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from vitascope.film import Film, Phrase, Shot
from vitascope.web.board import Board
from vitascope.web.scope import NOWHERE, Scope
from vitascope.web.strings import say
from vitascope.web.turns import Aside

__all__ = [
    "Aim",
    "Card",
    "Cards",
    "KeepingError",
    "aim_from",
    "aim_text",
    "asides_from",
    "asides_text",
    "board_from",
    "cards_from",
    "cards_of",
    "cards_text",
    "is_key",
]

Kept = TypeVar("Kept")
LONGEST, LARGEST = 400_000, 8_000_000
"""Letters of a text that is looked at, and bytes in it."""


class KeepingError(ValueError):
    """What was kept cannot be read; the text is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What words are about while they are typed: a take, and where in it."""

    take: str
    scope: Scope = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A shot by its id where it is as filmed, else as it is wanted; what was written, and what of it was not understood."""

    shot: str | Shot
    words: str = ""
    remarks: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """The cards of a storyboard, over the take with this id."""

    take: str
    cards: tuple[Card, ...]


_AIM, _ASIDES, _CARDS = TypeAdapter(Aim), TypeAdapter(tuple[Aside, ...]), TypeAdapter(Cards)


def aim_text(aim: Aim) -> str:
    """What a field is told that words are about."""
    return _AIM.dump_json(aim, exclude_defaults=True).decode()


def aim_from(text: str) -> Aim | None:
    """The same again; None for what is none."""
    try:
        return _AIM.validate_json(text)
    except ValidationError:
        return None


def asides_text(asides: tuple[Aside, ...]) -> str:
    """What was said and led to no take yet."""
    return _text(_ASIDES, asides) if asides else ""


def asides_from(text: str) -> tuple[Aside, ...]:
    """The same again. Raises KeepingError."""
    found = _value(_ASIDES, text) if text else ()
    if not all(is_key(one.id) for one in found):
        raise KeepingError(say("kept.unreadable"))
    return found


def is_key(text: str) -> bool:
    """Whether it can tell words from the same words said again."""
    return re.fullmatch(r"[0-9a-f]{32}", text) is not None


def cards_text(cards: Cards | None) -> str:
    """Cards that are not filmed."""
    return "" if cards is None else _text(_CARDS, cards)


def cards_from(text: str) -> Cards | None:
    """The same again. Raises KeepingError."""
    return _value(_CARDS, text) if text else None


def cards_of(board: Board, take: str, remarks: Mapping[Shot, tuple[Phrase, ...]]) -> Cards | None:
    """What of a board over `take` is to be kept; None where all is as it is filmed."""
    if not board.is_changed:
        return None
    filmed = set(board.filmed)
    cards = tuple(
        Card(shot=one.id if one in filmed else one, words=board.words.get(one.id, ""), remarks=remarks.get(one, ()))
        for one in board.wanted
    )
    return Cards(take=take, cards=cards)


def board_from(cards: Cards, film: Film) -> Board:
    """The board again, over the film of its take; shots that this film does not have are left out."""
    there = {shot.id: shot for shot in film.shots}
    wanted: dict[str, Shot] = {}
    words: dict[str, str] = {}
    for card in cards.cards:
        shot = there.get(card.shot) if isinstance(card.shot, str) else card.shot
        if shot is not None:
            wanted[shot.id], words[shot.id] = shot, card.words
    return Board(filmed=film.shots, wanted=tuple(wanted.values()) or film.shots, words=words)


def _text(kind: TypeAdapter[Kept], value: Kept) -> str:
    return base64.b64encode(zlib.compress(kind.dump_json(value, exclude_defaults=True))).decode()


def _value(kind: TypeAdapter[Kept], text: str) -> Kept:
    try:
        if len(text) > LONGEST:
            raise ValueError
        opener = zlib.decompressobj()
        plain = opener.decompress(base64.b64decode(text, validate=True), LARGEST)
        return kind.validate_json(plain)
    except (ValidationError, ValueError, zlib.error, binascii.Error):
        raise KeepingError(say("kept.unreadable")) from None
