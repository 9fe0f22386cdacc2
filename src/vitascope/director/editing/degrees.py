"""Instructions that say by how much: comparatives, verbs of degree, multiples, more and fewer."""

from __future__ import annotations

from vitascope.director.editing.bench import Bench, Unclear
from vitascope.director.editing.camera import approach
from vitascope.director.editing.changing import become
from vitascope.director.editing.comparing import Comparison, compare, comparison_in, degree_of
from vitascope.director.editing.counting import add_like, set_count
from vitascope.director.editing.phrases import first_noun, noun_end
from vitascope.director.editing.reading import describe
from vitascope.director.editing.references import References
from vitascope.director.editing.targets import target_of
from vitascope.director.editing.words import Run, edit_words, found, lowers, number_of, starts, trimmed

__all__ = ["comparing"]


def comparing(bench: Bench, run: Run, then: bool) -> bool:
    way = starts(edit_words().ways, run)
    if way is not None and _by_verb(bench, run, way):
        return True
    match = comparison_in(run)
    if match is None:
        return _by_factor(bench, run)
    comparison, start, end = match
    if comparison.way in ("more", "less"):
        return _more_of(bench, run, comparison, start, end)
    before, after = trimmed(run[:start]), trimmed(run[end:])
    if after and lowers(before)[-1:] in (("the",), ("that",), ("this",)) and len(after) > 1:
        return False
    before = _without_verb(before)
    if comparison.way in ("faster", "slower") and len(before) > 1 and before[-1].lower in bench.meanings.lexicon.verbs:
        pronoun = before[-2].lower in ("her", "him", "it", "them", "his", "their")
        before = before[:-1] if pronoun or noun_end(before, bench.meanings) < len(before) else before
    more = _besides(bench, before, after)
    if more is not None:
        before, after, besides = more
        target = target_of(bench, before)
        return compare(bench, comparison, target) and become(bench, target, besides)
    about = after[0].lower if after and comparison.way in ("closer", "wider") else ""
    if about in ("to", "on") and len(after) > 1 and _is_camera(bench, before):
        return approach(bench, after[1:], closer=comparison.way == "closer")
    if about in ("from", "to"):
        return False
    if after and number_of(after[0]) is None and first_noun(after, bench.meanings) is not None and not before:
        return _of_what_follows(bench, comparison, after)
    if after and before and not (after[0].lower in ("in", "by", "than", "on") or number_of(after[0]) is not None):
        return False
    target = target_of(bench, before) if before else None
    if compare(bench, comparison, target):
        return True
    word_said = " ".join(t.text for t in comparison.run)
    raise Unclear(f"It is not clear what is to be {word_said}.", word_said)


def _besides(bench: Bench, before: Run, after: Run) -> tuple[Run, Run, Run] | None:
    """What else something is to be: "the ball bigger [and blue]", "the ball [blue and] bigger"."""
    if before and after and after[0].lower == "and":
        return before, (), trimmed(after[1:])
    if (
        len(before) > 3
        and before[-1].lower == "and"
        and (size := noun_end(before, bench.meanings))
        and size < len(before) - 1
    ):
        return before[:size], (), trimmed(before[size:-1])
    return None


def _is_camera(bench: Bench, run: Run) -> bool:
    return any(token.lower in edit_words().topics["camera"] for token in run) or not run


def _without_verb(run: Run) -> Run:
    """What stands between the verb and a comparative: "make [the dog] bigger", "get closer"."""
    words = edit_words()
    low = lowers(run)
    if low and (
        any(low[0] in verbs for verbs in words.verbs.values()) or low[0] in ("go", "come", "move", "be", "become")
    ):
        run = trimmed(run[1:])
    behind = {"look", "appear", "be", "become", "to", "feel", "seem", "is", "are", "should", "must", "get", "go", "move", "run",
              "a", "in", "seemingly", "make", "it", "them", "him", "her", "overall", "slightly"}  # fmt: skip
    while len(run) > 1 and run[-1].lower in behind:
        run = run[:-1]
    if lowers(run) in (("to",), ("look",), ("a",)):
        run = ()
    return trimmed(run)


def _of_what_follows(bench: Bench, comparison: Comparison, after: Run) -> bool:
    """ "softer light", "a lower angle", "bigger dog", "warmer tones"."""
    target = target_of(bench, after)
    if compare(bench, comparison, target):
        return True
    raise Unclear(f"It is not clear how “{target.words}” can be {comparison.way}.", target.words)


def _more_of(bench: Bench, run: Run, comparison: Comparison, start: int, end: int) -> bool:
    """ "more rain", "less fog", "two more dogs", "more dogs", "fewer people"."""
    rest = trimmed(run[end:])
    before = _without_verb(trimmed(run[:start]))
    rest = trimmed(rest)
    if (
        not rest
        and before
        and number_of(before[0]) is not None
        and (noun := first_noun(before, bench.meanings)) is not None
    ):
        names = References(bench).candidates(noun)
        number = int(number_of(before[0]) or 1)
        bench.note(run[0].start, run[-1].end, "count", comparison.way)
        if names:
            set_count(bench, names, len(names) + (number if comparison.way == "more" else -number))
        return bool(names)
    if not rest:
        target = target_of(bench, before) if before else None
        return target is not None and compare(bench, comparison, target)
    number = next((number_of(t) for t in reversed(before) if number_of(t) is not None), None)
    described = describe(bench, rest, strict=False)
    scene = described.scene
    if scene.weather and not described.new:
        target = target_of(bench, rest)
        return compare(bench, comparison, target)
    if not described.new and not scene.weather:
        return False
    noun = first_noun(rest, bench.meanings)
    if noun is None:
        return False
    names = References(bench).candidates(noun)
    if comparison.way == "more" and (noun.adjectives or noun.places or noun.modifiers or noun.of is not None):
        return False
    if comparison.way == "less":
        if not names:
            raise Unclear(f"There is no {noun.head.text} in this film.", noun.head.text)
        bench.note(run[start].start, run[-1].end, "count", "fewer")
        set_count(bench, names, len(names) - int(number or 1))
        return True
    return add_like(bench, rest, names, int(number or (2 if noun.plural else 1)))


def _by_verb(bench: Bench, run: Run, way: tuple[int, str]) -> bool:
    """ "brighten the picture", "shrink the dog by half", "slow down", "double the size of the dog"."""
    end, name = way
    rest = trimmed(run[end:])
    if name in ("more", "less") and not rest:
        return False
    if run[0].lower in ("add", "light", "illuminate", "grow", "reduce", "raise", "lower", "cool", "warm") and not rest:
        return False
    steps, factor = degree_of(run)
    if run[0].lower == "double":
        factor = 2.0
    if run[0].lower == "halve":
        factor = 0.5
    bench.note(run[0].start, run[end - 1].end, "manner", name)
    plain = _without_degree(rest)
    if name in ("longer", "shorter") or (not plain and name in ("more", "less")):
        return False
    comparison = Comparison(way=name, steps=steps, factor=factor, run=run[:end])
    if name in ("more", "less") or run[0].lower in ("raise", "lower"):
        return _more_by_verb(bench, comparison, plain)
    target = target_of(bench, plain) if plain else None
    return compare(bench, comparison, target)


def _more_by_verb(bench: Bench, comparison: Comparison, plain: Run) -> bool:
    more = comparison.way == "more"
    if not plain or comparison.run[0].lower == "add":
        return False
    low = lowers(plain)
    for words, ways in (
        (("brightness", "exposure", "light"), ("brighter", "darker")),
        (("contrast",), ("harsher", "softer")),
        (("saturation", "vibrance"), ("colourful", "muted")),
        (("warmth", "temperature"), ("warmer", "cooler")),
        (("sharpness",), ("sharper", "blurrier")),
        (("blur", "bokeh"), ("blurrier", "sharper")),
        (("speed", "pace"), ("faster", "slower")),
    ):
        if set(low) & set(words):
            way = ways[0] if more else ways[1]
            noun = first_noun(plain, bench.meanings)
            target = None
            if noun is not None and noun.of is not None:
                target = target_of(bench, plain)
            elif set(low) - set(words) - _WHOLE:
                return False
            bench.note(plain[0].start, plain[-1].end, "light", way)
            return compare(bench, Comparison(way=way, steps=comparison.steps, factor=comparison.factor,
                                             run=comparison.run), target)  # fmt: skip
    target = target_of(bench, plain)
    return compare(bench, comparison, target)


_WHOLE = frozenset(("the", "overall", "picture", "image", "film", "video", "of", "whole", "entire", "a", "bit", "its", "scene",
                    "shot", "background", "general", "and"))  # fmt: skip


def _without_degree(run: Run) -> Run:
    """A run without "by half", "a bit", "by 20 %"."""
    words = edit_words()
    for table in (words.factors, words.amounts):
        match = found(table, run)
        if match is not None:
            first = match[0]
            if first and run[first - 1].lower in ("by", "to"):
                first -= 1
            run = (*run[:first], *run[match[1] :])
    low = lowers(run)
    if "by" in low and low.index("by") + 1 < len(low) and number_of(run[low.index("by") + 1]) is not None:
        run = run[: low.index("by")]
    return trimmed(run)


def _by_factor(bench: Bench, run: Run) -> bool:
    """ "make the dog twice as large", "twice the size"."""
    words = edit_words()
    factor = found(words.factors, run)
    low = lowers(run)
    sizes = {"large", "big", "tall", "size", "high", "wide", "small", "long", "fast", "quick", "speed"}
    if factor is None or not sizes & set(low[factor[0] :]):
        return False
    before = _without_verb(trimmed(run[: factor[0]]))
    way = "faster" if {"fast", "quick", "speed"} & set(low) else "bigger"
    value = float(factor[2]) if "small" not in low else 1 / float(factor[2])
    bench.note(run[factor[0]].start, run[-1].end, "attribute", f"{value:g} times")
    if value < 1:
        way = {"faster": "slower", "bigger": "smaller"}[way]
    target = target_of(bench, before) if before else None
    return compare(bench, Comparison(way=way, factor=value, run=run[factor[0] :]), target)
