"""Groups tokens into units: known phrases of several words, durations, and single words. Knows no grammar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vitascope.director.lexicon import Effect, Lexicon
from vitascope.director.matching import noun_forms, token_forms
from vitascope.director.morphology import noun_lemmas, verb_forms
from vitascope.director.tokens import Token
from vitascope.director.wordnet import WordNet

__all__ = ["Unit", "find_units"]

_SECONDS = {"second": 1, "sec": 1, "s": 1, "minute": 60, "min": 60}
SPEEDS = {
    "km h": 1 / 3.6, "kmh": 1 / 3.6, "kph": 1 / 3.6, "kilometers per hour": 1 / 3.6, "kilometres per hour": 1 / 3.6,
    "kilometers an hour": 1 / 3.6, "kilometres an hour": 1 / 3.6, "km per hour": 1 / 3.6, "mph": 0.44704,
    "miles per hour": 0.44704, "miles an hour": 0.44704, "m s": 1.0, "meters per second": 1.0, "metres per second": 1.0,
    "meters a second": 1.0, "metres a second": 1.0, "knots": 0.5144, "sound": 343.0, "light": 299_792_458.0,
}  # fmt: skip
"""Metres a second of one of each unit of speed."""
_FILM_NOUNS = frozenset(("video", "clip", "film", "shot", "movie", "footage", "sequence", "long", "scene", "animation"))
_KINDS = frozenset((5, 20))
"""Lexicographer files of animals and plants (lexnames(5WN)): there an adjective in front names a kind."""
_TANGIBLE = frozenset((5, 6, 8, 13, 15, 17, 18, 20, 27))
_OF_KINDS = frozenset(("giant", "great", "dwarf"))
_PUNCTUATION = frozenset(".!?;:\n,()[]{}—–-…\"'“”&")
_STYLE_BEFORE = frozenset((",", ".", ":", ";", "\n", "a", "an", "the", "("))
_DEPICTING = frozenset(("of", "depicting", "showing"))
_STYLE_AFTER = frozenset((",", ".", ":", ";", "\n", "of", ")", "in", "on", "with", "depicting", "showing"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A run of tokens [first, last] that means one thing."""

    first: int
    last: int
    text: str
    """Lower case words joined by blanks."""
    start: int
    end: int
    """Half-open characters in the text."""
    kind: str
    """word, number, quote, mark, expression, adverb, relation, adjective, noun or quality."""
    entry: Any = None
    capital: bool = False
    opens: bool = False
    glued: bool = False


def find_units(tokens: tuple[Token, ...], lexicon: Lexicon, wordnet: WordNet | None) -> tuple[Unit, ...]:
    """The units of `tokens` in order: at each place the longest phrase that the lexicon has."""
    forms = [token_forms(token) if token.is_word else frozenset() for token in tokens]
    nouns = [noun_forms(token) for token in tokens]
    for at, token in enumerate(tokens):
        if token.lower == "&":
            forms[at] = frozenset(("&", "and"))
        elif token.lower == "'s":
            forms[at] = nouns[at] = frozenset(("'s",))
    adverbs = frozenset(at for at, token in enumerate(tokens) if _skippable(token.lower, lexicon))
    units: list[Unit] = []
    at = 0
    while at < len(tokens):
        end, kind, entry = _longest(tokens, forms, adverbs, at, lexicon)
        if kind not in ("mark", "quote"):
            compound = _compound(tokens, nouns, at, lexicon, wordnet)
            if compound > max(end, at + 1):
                end, kind, entry = compound, "noun", None
        units.append(_unit(tokens, at, end, kind, entry))
        at = end
    return tuple(units)


def _compound(tokens, nouns, at: int, lexicon: Lexicon, wordnet: WordNet | None) -> int:
    """End of the longest compound noun at `at`, from the lexicon or from WordNet; `at` if there is none."""
    found = lexicon.compounds.match(nouns, at, frozenset())
    end = found[0] if found else at
    first = tokens[at].lower
    if (
        wordnet is None
        or not tokens[at].is_word
        or _grammatical(first, lexicon)
        or (_describes(first, lexicon) and not (at + 1 < len(tokens) and tokens[at + 1].lower.endswith("ing")))
    ):
        return end
    for length in (3, 2):
        if at + length <= end or at + length > len(tokens):
            continue
        run = tokens[at : at + length]
        if not all(token.is_word and not _grammatical(token.lower, lexicon) for token in run):
            continue
        start = " ".join(token.lower for token in run[:-1])
        lemmas = (f"{start} {lemma}" for lemma in noun_lemmas(run[-1].lower))
        known = next((senses for lemma in lemmas if (senses := wordnet.senses(lemma, "n"))), ())
        file_number = wordnet.synset(known[0]).file_number if known else 0
        one = at > 0 and tokens[at - 1].lower in ("a", "an", "one", "another")
        if known and _may_be_clause(run, lexicon) and (file_number not in _TANGIBLE or one):
            continue
        if known and (first not in lexicon.adjectives or file_number in _KINDS):
            return at + length
    return end


def _describes(word: str, lexicon: Lexicon) -> bool:
    """Whether an adjective says what a thing looks like, so that it is no part of a name; "giant" and "arctic" may be."""
    takes = lexicon.adjectives.get(word, ())
    return any(take.kind not in ("effect", "neutral") for take in takes) and word not in _OF_KINDS


def _may_be_clause(run: tuple[Token, ...], lexicon: Lexicon) -> bool:
    """Whether a run is as well a noun and what it does ("cat sleeps")."""
    verbs = {form.lemma for form in verb_forms(run[-1].lower) if form.inflection == "s"}
    return bool(verbs & lexicon.verbs.keys()) and run[-2].lower in lexicon.nouns


def _grammatical(word: str, lexicon: Lexicon) -> bool:
    function = lexicon.function
    return (
        word in function["determiners"] or word in function["prepositions"] or word in function["auxiliaries"]
        or word in function["conjunctions"] or word in function["pronouns"] or word in lexicon.numbers
    )  # fmt: skip


def _skippable(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.adverbs or word in lexicon.function["order_adverbs"] or (
        word.endswith("ly") and len(word) > 4
    )  # fmt: skip


def _longest(tokens, forms, adverbs, at: int, lexicon: Lexicon) -> tuple[int, str, Any]:
    token = tokens[at]
    if not token.is_word and token.lower not in ("&", "'s"):
        return at + 1, "quote" if token.kind == "quote" else "mark", None
    measured = _duration(tokens, at) or _speed(tokens, at)
    if measured is not None:
        return measured
    found = lexicon.phrases.match(forms, at, adverbs)
    style = lexicon.styles.match(forms, at, frozenset())
    if style is not None and _stands_apart(tokens, at, style[0], lexicon) and (found is None or style[0] > found[0]):
        found = style
    if found is None or (found[0] == at + 1 and found[1][0] in ("noun", "adjective", "relation", "adverb")):
        return at + 1, "number" if token.kind == "number" else "word", None
    end, (kind, entry) = found
    if kind == "expression" and end == at + 1 and not _expression_alone(tokens, at):
        return at + 1, "word", None
    if kind == "expression" and "move" in entry.do and _is_a_thing(tokens, at, end):
        return at + 1, "word", None
    if kind == "expression" and entry.scene and end - at < 2:
        return at + 1, "word", None
    return end, kind, entry


def _expression_alone(tokens: tuple[Token, ...], at: int) -> bool:
    """A single word is an expression unless it is a verb or noun with company ("a pan on the stove")."""
    return not (at > 0 and tokens[at - 1].lower in ("a", "an", "the") and tokens[at].lower in ("pan", "macro"))


def _is_a_thing(tokens: tuple[Token, ...], at: int, end: int) -> bool:
    """Whether words of a camera move are a thing and its place ("a truck left of a house")."""
    before = tokens[at - 1].lower if at else ""
    after = tokens[end].lower if end < len(tokens) else ""
    return before in ("a", "an", "the") and tokens[end - 1].lower in ("left", "right") and after == "of"


def _stands_apart(tokens: tuple[Token, ...], start: int, end: int, lexicon: Lexicon) -> bool:
    before = tokens[start - 1].lower if start else "."
    after = tokens[end].lower if end < len(tokens) else "."
    opened = before if tokens[start].lower not in ("a", "an", "the") else "a"
    if opened in ("a", "an", "the") and tokens[end - 1].lower in lexicon.catalogue.recipe_words:
        return after in _DEPICTING
    if before in ("a", "an", "the"):
        before = "," if start == 1 or tokens[start - 2].lower in _STYLE_BEFORE else "word"
    return before in _STYLE_BEFORE and after in _STYLE_AFTER


def _duration(tokens: tuple[Token, ...], at: int) -> tuple[int, str, Any] | None:
    """ "10-second", "ten seconds long", "for 8 seconds", "5s video"."""
    token = tokens[at]
    amount, end = _amount(token), at + 1
    if amount is None:
        return None
    if token.kind == "number" and not token.lower.replace(".", "").isdigit():
        unit = token.lower.lstrip("0123456789.")
    elif end < len(tokens):
        unit, end = tokens[end].lower, end + 1
    else:
        return None
    unit = unit if unit in _SECONDS else unit.removesuffix("s")
    if unit not in _SECONDS or amount <= 0:
        return None
    before = tokens[at - 1].lower if at else ""
    after = tokens[end].lower if end < len(tokens) else ""
    glued = end - at == 2 and tokens[end - 1].glued
    if not (glued or after in _FILM_NOUNS or before in ("for", "lasting", "about")):
        return None
    if after == "long":
        end += 1
    return end, "expression", Effect(kind="duration", do={"duration": amount * _SECONDS[unit]})


def _speed(tokens: tuple[Token, ...], at: int) -> tuple[int, str, Any] | None:
    """ "at 200 km/h", "with 60 miles per hour", "at the speed of sound"."""
    words = [token.lower for token in tokens[at : at + 8]]
    first = (
        1 if words[:1] and words[0] in ("at", "with", "by", "over", "nearly", "almost", "reaching", "exceeding") else 0
    )
    while words[first : first + 1] and words[first] in ("a", "the", "about", "around", "over", "nearly", "speed", "of"):
        if words[first] == "speed" and words[first : first + 3][1:] in (["of", "sound"], ["of", "light"]):
            speed = SPEEDS[words[first + 2]]
            return at + first + 3, "adverb", _at_speed(speed)
        first += 1
    found = _quantity(tokens, at + first)
    return found and (found[0], "adverb", _at_speed(found[1]))


def _quantity(tokens: tuple[Token, ...], at: int) -> tuple[int, float] | None:
    """The end and the metres a second of a number with its unit of speed at `at`."""
    if at >= len(tokens) or tokens[at].kind != "number":
        return None
    digits = tokens[at].lower.rstrip("abcdefghijklmnopqrstuvwxyz")
    glued = tokens[at].lower[len(digits) :]
    try:
        amount = float(digits.replace(",", ""))
    except ValueError:
        return None
    words = ([glued] if glued else []) + [token.lower for token in tokens[at + 1 : at + 5]]
    for length in (3, 2, 1):
        unit = SPEEDS.get(" ".join(words[:length]))
        if unit is not None:
            return at + 1 + length - bool(glued), amount * unit
    return None


def _at_speed(speed: float) -> Effect:
    return Effect(kind="manner", do={"speed": speed, "vigour": 1.5}, taken_as=f"{3.6 * speed:,.0f} km/h")


def _amount(token: Token) -> float | None:
    if token.kind == "number":
        digits = token.lower.rstrip("abcdefghijklmnopqrstuvwxyz")
        try:
            return float(digits)
        except ValueError:
            return None
    words = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
             "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60}  # fmt: skip
    return words.get(token.lower)


def _unit(tokens: tuple[Token, ...], start: int, end: int, kind: str, entry: Any) -> Unit:
    words = tokens[start:end]
    return Unit(
        first=start,
        last=end - 1,
        text=" ".join(token.lower for token in words),
        start=words[0].start,
        end=words[-1].end,
        kind=kind,
        entry=entry,
        capital=words[0].capital,
        opens=words[0].opens,
        glued=words[0].glued,
    )
