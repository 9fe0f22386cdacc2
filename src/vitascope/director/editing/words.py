"""The words of instructions, put together from `lexicon/editing.yaml`, and runs of tokens in which they are found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any

from vitascope.director.lexicon import data
from vitascope.director.matching import PhraseTable, token_forms
from vitascope.director.tokens import Token, tokenise

__all__ = [
    "EditWords",
    "Run",
    "edit_words",
    "found",
    "listed",
    "lowers",
    "number_of",
    "split_text",
    "starts",
    "trimmed",
    "word",
]

Run = tuple[Token, ...]
"""Tokens in text order. Tokens without characters of their own (`start == end`) were put in to complete a sentence."""
_AMOUNT = re.compile(r"(\d+(?:[.,]\d+)?)([a-z%°]+)")
_BEHIND_SIDES = frozenset(("of", "side", "and", "in", "on", "at", "to", "from", "with", "is", "hand", "corner", "then", "by",
                          "part", "half", "edge", "a", "the", "so", "please", "now", "for", "until", "after"))  # fmt: skip
_OF_A_SIDE = frozenset(("side", "of", "hand", "corner", "edge", "half", "part"))
_SAYS_NOTHING = frozenset(("overall", "entire", "optical"))
_GLUED_UNITS = frozenset(("s", "sec", "secs", "mm", "fps", "x", "deg", "db", "st", "nd", "rd", "th", "m"))


@dataclass(frozen=True, slots=True, kw_only=True)
class EditWords:
    """Tables of `lexicon/editing.yaml` in the form in which they are looked up."""

    raw: Mapping[str, Any]
    polite: PhraseTable
    closing: PhraseTable
    removing: PhraseTable
    reasons: PhraseTable
    times: PhraseTable
    comparatives: PhraseTable
    """Entries are ways ("brighter", "closer", ...)."""
    ways: PhraseTable
    amounts: PhraseTable
    factors: PhraseTable
    strengths: PhraseTable
    lead_ins: PhraseTable
    new_shot: PhraseTable
    turning_back: PhraseTable
    switching: PhraseTable
    finishing: PhraseTable
    history: Mapping[str, PhraseTable]
    verbs: Mapping[str, frozenset[str]]
    topics: Mapping[str, frozenset[str]]
    aspects: Mapping[str, frozenset[str]]

    def aspect(self, lemma: str) -> str | None:
        """What a noun says of a thing: colour, size, material ... or None."""
        return next((name for name, words in self.aspects.items() if lemma in words), None)


@cache
def edit_words() -> EditWords:
    """The words of instructions."""
    raw = data("editing")

    def table(rows: Iterable[tuple[Any, Iterable[str]]]) -> PhraseTable:
        phrases = PhraseTable()
        for entry, words in rows:
            for pattern in words:
                phrases.add(str(pattern), entry)
        return phrases

    return EditWords(
        raw=raw,
        polite=table([(True, raw["polite"])]),
        closing=table([(True, raw["closing"])]),
        removing=table([(True, raw["removing"])]),
        reasons=table([(True, raw["reasons"])]),
        times=table((row["kind"], row["words"]) for row in raw["times"]),
        comparatives=table(raw["comparatives"].items()),
        ways=table(raw["ways"].items()),
        amounts=table(raw["amounts"].items()),
        factors=table(raw["factors"].items()),
        strengths=table(raw["strengths"].items()),
        lead_ins=table([(True, raw["lead_ins"])]),
        finishing=table((row, row["words"]) for row in raw["finishing"]),
        switching=table(raw["switching"].items()),
        turning_back=table([(True, raw["turning_back"])]),
        new_shot=table([(True, raw["new_shot"])]),
        history={name: table([(True, rows)]) for name, rows in raw["history"].items()},
        verbs={name: frozenset(words) for name, words in raw["verbs"].items()},
        topics={name: frozenset(words) for name, words in raw["topics"].items()},
        aspects={name: frozenset(words) for name, words in raw["aspects"].items()},
    )


def split_text(text: str) -> Run:
    """The tokens of an instruction; numbers written with their unit ("3s", "50mm") are two."""
    out: list[Token] = []
    for token in tokenise(text):
        written = _AMOUNT.fullmatch(token.lower) if token.kind == "number" else None
        decade = written is not None and written[2] == "s" and "." not in written[1] and len(written[1]) > 3
        if written is None or written[2] not in _GLUED_UNITS or decade:
            out.append(token)
            continue
        cut = token.start + len(written[1])
        out.append(replace(token, text=text[token.start : cut], lower=written[1], end=cut))
        out.append(replace(token, text=text[cut : token.end], lower=written[2], start=cut, kind="word", glued=True,
                           opens=False))  # fmt: skip
    kept = [token for token in _picked_up(out) if token.lower not in _SAYS_NOTHING]
    return tuple(_sided(token, kept, at) for at, token in enumerate(kept))


def _picked_up(tokens: list[Token]) -> list[Token]:
    """ "pick up" is a deed, and no vehicle, where no article goes before it."""
    out: list[Token] = []
    for at, token in enumerate(tokens):
        before = tokens[at - 1].lower if at else ""
        if (
            token.lower == "up"
            and before in ("pick", "picks")
            and (at < 2 or tokens[at - 2].lower not in ("a", "the", "old", "red"))
        ):
            out[-1] = replace(out[-1], text=f"{out[-1].text} {token.text}", lower="grab", end=token.end)
        else:
            out.append(token)
    return out


def _sided(token: Token, tokens: list[Token], at: int) -> Token:
    """ "the left dog" stands leftmost: said so, "left" is no verb."""
    before = tokens[at - 1].lower if at else ""
    if token.lower not in ("left", "right"):
        return token
    if at > 1 and tokens[at - 2].lower in ("on", "to", "at", "in"):
        behind = tokens[at + 1].lower if at + 1 < len(tokens) else ""
        stands = tokens[at - 2].lower == "on" and before == "the" and behind not in _OF_A_SIDE
        return replace(token, lower=f"{token.lower} side") if stands else token
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    known = before in ("the", "far", "on") and after is not None and after.kind == "word"
    if token.lower in ("left", "right") and known and after is not None and after.lower not in _BEHIND_SIDES:
        return replace(token, lower=f"{token.lower}most")
    return token


def word(text: str, at: int) -> Token:
    """A token without characters of its own, put in at `at` to complete a sentence."""
    return Token(text=text, lower=text, start=at, end=at, kind="word")


def lowers(run: Run) -> tuple[str, ...]:
    """The words of a run in lower case."""
    return tuple(token.lower for token in run)


def _forms(token: Token) -> frozenset[str]:
    if token.kind == "quote":
        return frozenset()
    if token.kind == "punct":
        return frozenset((token.lower,))
    own = token_forms(token)
    return own | {"#"} if number_of(token) is not None else own


def starts(table: PhraseTable, run: Run, at: int = 0) -> tuple[int, Any] | None:
    """The end and entry of the longest pattern of `table` that begins at `at`."""
    return table.match([_forms(token) for token in run], at, frozenset())


def found(table: PhraseTable, run: Run) -> tuple[int, int, Any] | None:
    """The first place in `run` where a pattern of `table` stands: start, end and entry."""
    forms = [_forms(token) for token in run]
    for at in range(len(run)):
        match = table.match(forms, at, frozenset())
        if match is not None:
            return at, match[0], match[1]
    return None


def number_of(token: Token) -> Fraction | None:
    """The number that a token names in digits or as a word up to a hundred."""
    if token.kind == "number":
        try:
            return Fraction(token.lower.replace(",", "."))
        except (ValueError, ZeroDivisionError):
            return None
    value = data("numbers")["exact"].get(token.lower)
    return Fraction(value) if value is not None and value <= 100 else None


def trimmed(run: Run) -> Run:
    """A run without marks at its ends."""
    first, last = 0, len(run)
    while first < last and run[first].kind == "punct":
        first += 1
    while last > first and run[last - 1].kind == "punct":
        last -= 1
    return run[first:last]


def listed(run: Run) -> list[Run]:
    """The members of a list of noun phrases."""
    pieces: list[Run] = []
    start = 0
    for at, token in enumerate(run):
        if token.lower in ("and", ",", "&") and at > start:
            pieces.append(run[start:at])
            start = at + 1
    pieces.append(run[start:])
    return [trimmed(piece) for piece in pieces if trimmed(piece)]
