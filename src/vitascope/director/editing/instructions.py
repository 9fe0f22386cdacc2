"""An instruction cut into its parts: politeness taken off, one clause for each thing asked, reasons set apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vitascope.director.editing.words import EditWords, Run, lowers, starts, trimmed
from vitascope.director.lexicon import Effect, Lexicon
from vitascope.director.morphology import verb_forms
from vitascope.director.units import find_units
from vitascope.director.wordnet import WordNet

__all__ = ["Instruction", "instructions_of", "polished"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One thing that is asked for."""

    run: Run
    reason: Run = ()
    """An adjunct that says what for, or how it is to look on the whole."""
    then: bool = False
    """Whether it is to happen after what was said before it."""


def instructions_of(run: Run, words: EditWords, lexicon: Lexicon, wordnet: WordNet | None) -> tuple[Instruction, ...]:
    """The instructions of a text in order."""
    expressions = {unit.first for unit in find_units(run, lexicon, wordnet)
                   if unit.kind == "expression" and isinstance(unit.entry, Effect)}  # fmt: skip
    cuts = _cuts(run, words, expressions)
    found: list[Instruction] = []
    for start, end, then in cuts:
        piece = polished(run[start:end], words)
        if not piece:
            continue
        plain, reason = _without_reason(piece, words)
        if not plain:
            if found:
                found[-1] = replace(found[-1], reason=(*found[-1].reason, *reason))
                continue
            plain, reason = reason, ()
        found.append(Instruction(run=polished(plain, words), reason=reason, then=then and bool(found)))
    return tuple(_with_verbs(found, words))


def polished(run: Run, words: EditWords) -> Run:
    """A run without the words that only ask nicely and the marks at its ends."""
    run = trimmed(run)
    if len(run) > 2 and run[0].lower in ("slightly", "gently", "significantly", "greatly", "fully", "subtly"):
        run = (*run[1:], run[0])
    while run:
        match = starts(words.polite, run)
        if match is None or (match[0] == len(run)) or _means_something(run, match[0]):
            break
        run = trimmed(run[match[0] :])
    again = True
    while again and len(run) > 1:
        again = False
        for at in range(max(1, len(run) - 8), len(run)):
            match = starts(words.closing, run, at)
            if match is not None and match[0] == len(run):
                run, again = trimmed(run[:at]), True
                break
    return run


def _means_something(run: Run, end: int) -> bool:
    """Whether a polite beginning is the instruction itself: "just" before "one dog", "now" alone."""
    return (
        lowers(run[:end]) == ("first",) and end < len(run) and run[end].lower in ("shot", "second", "seconds", "person")
    )


def _cuts(run: Run, words: EditWords, expressions: set[int]) -> list[tuple[int, int, bool]]:
    """Where the parts of a text begin and end, and whether each is to follow the one before in time."""
    low = lowers(run)
    bounds: list[tuple[int, int, bool]] = []
    start, then, at = 0, False, 0
    while at < len(run):
        end, follows = _boundary(run, low, at, start, words, expressions)
        if end > at:
            bounds.append((start, at, then))
            start, then = end, follows
            at = end
        else:
            at += 1
    bounds.append((start, len(run), then))
    return [(a, b, t) for a, b, t in bounds if b > a]


def _boundary(
    run: Run, low: tuple[str, ...], at: int, start: int, words: EditWords, expressions: set[int]
) -> tuple[int, bool]:
    """The end of a boundary that begins at `at` (`at` where there is none), and whether it says "then"."""
    text = low[at]
    if text in (".", "!", "?", ";", "\n", "…"):
        return at + 1, False
    end, then = at, False
    while end < len(run) and low[end] in (
        ",",
        "and",
        "then",
        "also",
        "afterwards",
        "finally",
        "next",
        "plus",
        "&",
        "but",
    ):
        then = then or low[end] in ("then", "afterwards")
        end += 1
    if end == at or end >= len(run) or at == start:
        return at, False
    marks = low[at:end]
    if "then" in marks or _begins(run, low, end, start, words):
        return end, then
    if marks[0] == "," and end in expressions and not _colour_before_noun(low, end):
        return end, then
    return at, False


def _colour_before_noun(low: tuple[str, ...], at: int) -> bool:
    return at + 1 < len(low) and low[at] in ("a", "an", "the") and low[at + 1] in ("warm", "cool")


def _begins(run: Run, low: tuple[str, ...], at: int, start: int, words: EditWords) -> bool:
    """Whether an instruction of its own begins at `at`: a command, or a way to change something."""
    if (
        at + 1 < len(low)
        and run[at + 1].is_word
        and starts(words.polite, run, at) is not None
        and low[at] in ("please", "can", "could", "i", "let", "make")
    ):
        return True
    if starts(words.removing, run, at) is not None and low[at] not in ("no", "without", "take"):
        return True
    text = low[at]
    following = low[at + 1] if at + 1 < len(low) else ""
    if text in words.raw["reason_verbs"]:
        return False
    if any(text in verbs for verbs in words.verbs.values()) or (
        (match := starts(words.ways, run, at)) is not None and match[0] > at and _base(text)
    ):
        if text not in words.raw["both"]:
            return True
        leads = ("the", "a", "an", "it", "him", "her", "them", "his", "its", "their", "some", "this", "that", "on", "off",
                 "up", "down", "everything", "two", "three", "one", "more", "another")  # fmt: skip
        pictured = at + 2 < len(low) and any(
            low[at + 2] in words.topics[name] for name in ("scenery", "camera", "sound")
        )
        return following in leads and (pictured or not _acting(low[start:at]))
    if text in words.raw["camera_starts"]:
        return following in ("in", "out", "left", "right", "up", "down", "the", "on", "around", "closer", "back") and (
            not _acting(low[start:at])
        )
    return starts(words.comparatives, run, at) is not None and at + 2 >= len(run)


def _base(text: str) -> bool:
    return verb_forms(text)[0].inflection == "base" or text in ("speed", "brighten", "darken", "soften")


def _acting(before: tuple[str, ...]) -> bool:
    """Whether what goes before lets somebody act, so that a further verb is his."""
    return any(text in ("let", "have", "make", "start", "keep") for text in before[:2]) and before[1:2] != ("it",)


def _without_reason(run: Run, words: EditWords) -> tuple[Run, Run]:
    """A run and the adjunct behind it that gives a reason."""
    for at in range(1 if run else 0, len(run)):
        if starts(words.reasons, run, at) is not None:
            if run[at].lower in ("to", "for", "as", "since") and at < 2:
                continue
            if run[at].lower == "as" and run[at - 1].lower in ("appear", "look", "seem", "appears", "looks"):
                continue
            if run[at].lower == "to" and _unlinked(run[:at], words):
                continue
            return trimmed(run[:at]), trimmed(run[at:])
    return run, ()


def _unlinked(before: Run, words: EditWords) -> bool:
    """Whether a change is still without what it is to lead to, so that "to make it ..." says just that."""
    low = lowers(before)
    changes = low[:1] and low[0] in words.verbs["change"]
    return bool(changes) and not set(low[1:]) & {"to", "into", "from"}


def _with_verbs(found: list[Instruction], words: EditWords) -> list[Instruction]:
    """ "make the dog black and the cat white": what has no verb of its own takes that of the part before it."""
    out: list[Instruction] = []
    for one in found:
        out += _shared(one, words)
    return out


def _shared(one: Instruction, words: EditWords) -> list[Instruction]:
    low = lowers(one.run)
    if not low or low[0] not in words.raw["sharing"]:
        return [one]
    for at in range(2, len(low) - 2):
        if (
            low[at] == "and"
            and low[at + 1] in ("the", "his", "her", "its")
            and _complete(low[1:at])
            and _complete(low[at + 1 :])
        ):
            first = replace(one, run=one.run[:at], reason=())
            verb = replace(one.run[0], start=one.run[at].start, end=one.run[at].start)
            return [first, *_shared(replace(one, run=(verb, *one.run[at + 1 :])), words)]
    return [one]


def _complete(low: tuple[str, ...]) -> bool:
    """Whether words name both a thing and what it is to become: three words or more, and no bare list of things."""
    return len(low) >= 3 or (len(low) == 2 and low[0] in ("it", "him", "her", "them"))
