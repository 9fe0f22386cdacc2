"""Instructions that let one thing become another: change X to Y, replace X with Y, make X Y, let X do Y."""

from __future__ import annotations

from itertools import pairwise

from vitascope.director.editing.bench import Ambiguous, Bench, Unclear
from vitascope.director.editing.changing import become, lay_all, scenery_becomes
from vitascope.director.editing.phrases import noun_end, parsed
from vitascope.director.editing.reading import describe
from vitascope.director.editing.targets import Target, target_of
from vitascope.director.editing.words import Run, edit_words, listed, lowers, trimmed
from vitascope.director.morphology import noun_lemmas

__all__ = ["changing", "making", "replacing"]


def replacing(bench: Bench, run: Run, then: bool) -> bool:
    low = lowers(run)
    words = edit_words()
    if "instead" in low and low[low.index("instead") : low.index("instead") + 2] == ("instead", "of"):
        return _instead(bench, run, low.index("instead"), then)
    if low[0] not in words.verbs["replace"]:
        return False
    links = words.raw["prepositions"]["replace"]
    return _by_links(bench, run[1:], links, verb=run[0], then=then)


def _instead(bench: Bench, run: Run, at: int, then: bool) -> bool:
    """ "a cat instead of the dog", "run instead of walk"."""
    before, after = trimmed(run[:at]), trimmed(run[at + 2 :])
    low = lowers(before)
    if not before or not after:
        return False
    verb = bench.meanings.verb(after[-1].lower)
    doing = [s.id for s in bench.subjects().values() if verb and any(a.verb == verb[1] for a in s.actions)]
    if doing and len(after) <= 2:
        bench.note(run[at].start, run[-1].end, "action", f"no longer {verb[0]}" if verb else "")
        target = None
        if low[0] in ("let", "make", "have"):
            return making(bench, before, then)
        size = noun_end(before, bench.meanings)
        target = target_of(bench, before[:size]) if size else Target(kind="subjects", names=tuple(doing))
        return become(bench, target, before[size:] if size else before, then=then)
    if low[0] in edit_words().verbs["add"] | {"use", "with"}:
        before = before[1:]
    return become(bench, target_of(bench, after), before, then=then)


def changing(bench: Bench, run: Run, then: bool) -> bool:
    low, words = lowers(run), edit_words()
    if low[0] not in words.verbs["change"] | words.verbs["paint"] or len(run) < 2:
        return False
    if low[0] in words.verbs["paint"]:
        return _painting(bench, run, then)
    links = words.raw["prepositions"]["change"]
    if low[1] in links and len(run) > 2:
        bench.note(run[0].start, run[1].end, "other", "becomes")
        return scenery_becomes(bench, run[2:])
    if any(text in links for text in low[2:]):
        return _by_links(bench, run[1:], links, verb=run[0], then=then)
    return making(bench, run, then) if low[0] in ("turn", "set", "switch") else False


def _by_links(bench: Bench, rest: Run, links: list[str], *, verb: object, then: bool) -> bool:
    """Target and payload on both sides of the first link at which both make sense."""
    fault: Unclear | None = None
    low = lowers(rest)
    for at in range(1, len(rest) - 1):
        if low[at] not in links:
            continue
        left, right = trimmed(rest[:at]), trimmed(rest[at + 1 :])
        if not left or not right:
            continue
        try:
            if _linked(bench, _from_left_out(bench, left), right, then):
                return True
        except Unclear as unclear:
            fault = fault or unclear
            if bench.operations:
                raise
    if fault is not None:
        raise fault
    return False


def _from_left_out(bench: Bench, left: Run) -> Run:
    """ "the view from eye-level" (to ...): what is changed without what it was."""
    low = lowers(left)
    if "from" in low and low.index("from"):
        cut = left[: low.index("from")]
        bench.note(left[low.index("from")].start, left[-1].end, "other", "as it was")
        return cut
    return left


def _linked(bench: Bench, left: Run, right: Run, then: bool) -> bool:
    described = describe(bench, left, strict=False)
    if described.scene.hours and not described.new:
        target = Target(kind="scenery", words=bench.text[left[0].start : left[-1].end])
        bench.note(left[0].start, left[-1].end, "time", "the light")
        return become(bench, target, right, then=then, form="link")
    pieces = listed(left)
    target = target_of(bench, left if len(pieces) == 1 else pieces[0])
    for piece in pieces[1:]:
        other = target_of(bench, piece)
        target = Target(kind=target.kind, names=(*target.names, *other.names), aspect=target.aspect, words=target.words)
    return become(bench, target, right, then=then, form="link")


def _painting(bench: Bench, run: Run, then: bool) -> bool:
    """ "paint the car red", "dye her hair blue", "colour it in green"."""
    rest = run[1:]
    size = noun_end(rest, bench.meanings)
    colours = bench.meanings.lexicon.adjectives
    while size and size == len(rest):
        size -= 1
    if not size:
        return False
    payload = trimmed(rest[size:])
    while payload and payload[0].lower in ("in", "to", "into", "with"):
        payload = payload[1:]
    if not payload and len(rest) > 1 and colours.get(rest[-1].lower):
        size, payload = len(rest) - 1, rest[-1:]
    target = target_of(bench, rest[:size])
    if target.kind in ("subjects", "it") and target.garment is None and target.aspect is None:
        target = Target(kind="subjects", names=target.names, aspect="colour", part=target.part, words=target.words)
    return become(bench, target, payload, then=then)


def making(bench: Bench, run: Run, then: bool) -> bool:
    """ "make X Y", "turn X Y", "keep X Y", "have X do Y", "let X do Y"."""
    low, words = lowers(run), edit_words()
    verbs = words.verbs["make"] | words.verbs["let"] | {"turn", "set", "switch"}
    if low[0] not in verbs or len(run) < 2:
        return False
    rest = run[1:]
    fault: Exception | None = None
    for size in _sizes(bench, rest):
        if rest[size - 1].lower in _LEADS:
            continue
        before = len(bench.operations)
        try:
            target = target_of(bench, rest[:size])
            payload = trimmed(rest[size:])
            if payload and become(
                bench, target, payload, then=then, form="let" if low[0] in words.verbs["let"] - {"make"} else "make"
            ):
                return True
        except (Unclear, Ambiguous) as unclear:
            fault = fault or unclear
            if len(bench.operations) > before:
                raise
    if fault is None or isinstance(fault, Unclear):
        described = describe(bench, rest, strict=False)
        if low[0] in ("make", "let", "have") and not described.new and not described.lost and lay_all(bench, described):
            return True
    if fault is not None:
        raise fault
    return False


_LEADS = frozenset(("the", "a", "an", "his", "its", "their", "other"))


def _sizes(bench: Bench, rest: Run) -> list[int]:
    """Where the thing may end that something is to become, the likeliest first."""
    low = lowers(rest)
    if low[0] == "her" and len(rest) > 1 and low[1] in ("a", "an", "some", "the", *bench.meanings.lexicon.exact):
        return [1]
    size = noun_end(rest, bench.meanings)
    own = _before_deed(bench, rest, size or len(rest))
    if not size:
        sizes = [1]
    elif size == len(rest):
        sizes = [own] if own else list(range(size - 1, 0, -1))
    elif own:
        sizes = [own, size]
    else:
        sizes = _with_phrases(bench, rest, size)
    return [*sizes, *(at for at in _named(bench, rest) if at not in sizes)]


def _with_phrases(bench: Bench, rest: Run, size: int) -> list[int]:
    """The ends of a noun phrase with the phrases that may belong to it, the longest first."""
    low, sides = lowers(rest), edit_words().raw["sides"]
    ends = [size]
    if (
        low[size : size + 2] in (("on", "the"), ("at", "the"), ("in", "the"))
        and size + 3 < len(rest)
        and low[size + 2] in sides
    ):
        ends.append(size + 3)
    for link, chunk in pairwise(parsed(rest, bench.meanings).chunks[1:]):
        if link.kind != "preposition" or link.unit is None or chunk.noun is None:
            continue
        end = chunk.noun.head.last + 1
        if link.unit.first == ends[-1] and end < len(rest):
            ends.append(end)
    return ends[::-1]


def _named(bench: Bench, rest: Run) -> list[int]:
    """Ends of stretches whose last word names a subject, the longest first."""
    own = {s.name.split()[-1] for s in bench.subjects().values()}
    return [at for at in range(len(rest) - 1, 0, -1) if set(noun_lemmas(rest[at - 1].lower)) & own]


def _before_deed(bench: Bench, rest: Run, size: int) -> int:
    """Where a subject's name ends before a verb that looks like a noun: "the man | wave"; 0 where there is none."""
    own = {s.name.split()[-1] for s in bench.subjects().values()} | {"it", "him", "her", "them"}
    for at in range(1, size):
        named = set(noun_lemmas(rest[at - 1].lower)) & own
        if named and rest[at].lower in bench.meanings.lexicon.verbs and rest[at].lower not in own:
            return at
    return 0
