"""Gives each unit its word class: the cheapest path through the classes that words may have (Viterbi 1967)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from vitascope.director.lexicon import Lexicon, data
from vitascope.director.morphology import is_plural, noun_lemmas, verb_forms
from vitascope.director.units import Unit
from vitascope.director.wordnet import WordNet

__all__ = ["tag_units"]

_OPEN = {"expression": "K", "adverb": "R", "relation": "I", "adjective": "J", "quality": "K", "quote": "N"}
_FINITE = frozenset("VZE")
_CLAUSE_ENDS = frozenset("FSWK")
_LINKS = frozenset("CYRT")
_FORM_TAGS = {"base": "V", "s": "Z", "past": "E", "participle": "P", "ing": "G"}
_CLOSED: tuple[tuple[str, str, float], ...] = (
    ("determiners", "D", 0.1), ("pronouns", "O", 0.3), ("relatives", "W", 0.5), ("auxiliaries", "X", 0.1),
    ("conjunctions", "C", 0.1), ("subordinators", "S", 0.4), ("order_adverbs", "R", 0.3), ("prepositions", "I", 0.3),
    ("particles", "R", 1.0), ("degree", "R", 0.5),
)  # fmt: skip
_BOTH = frozenset(
    ("like", "light", "past", "second", "round", "close", "outside", "inside", "left", "right", "top", "back", "even",
     "still", "set", "last", "following", "surrounding", "couple", "head", "well", "hard", "fast", "pretty", "just")
)  # fmt: skip
"""Words of grammar that are as often words of content."""
OWNING = 2.5
"""Cost of "'s" as a verb behind a noun, where it nearly always tells an owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Costs:
    listed: Mapping[str, Mapping[str, float]]
    unlisted: float
    second_verb: float
    no_verb: float
    new_clause: float


@cache
def _costs() -> _Costs:
    raw = data("tags")
    return _Costs(listed=raw["costs"], **{name: raw[name] for name in _Costs.__slots__ if name != "listed"})


def tag_units(units: tuple[Unit, ...], lexicon: Lexicon, wordnet: WordNet | None) -> tuple[str, ...]:
    """One class letter (see lexicon/tags.yaml) for each unit."""
    costs = _costs()
    paths: dict[tuple[str, bool], tuple[float, tuple]] = {("F", False): (0.0, ())}
    for at, (unit, after) in enumerate(zip((*units, None), (*units[1:], None, None), strict=True)):
        choices = {"F": 0.0} if unit is None else word_classes(unit, lexicon, wordnet)
        if unit is not None and at and units[at - 1].text in ("a", "an") and _names_alone(unit, after, lexicon):
            choices = {**choices, "N": 0.0}
        if unit is not None and unit.text == "'s" and at and units[at - 1].text not in lexicon.function["pronouns"]:
            choices = {**choices, "X": OWNING}
        if unit is not None and unit.text == "one" and after is not None and _finite_looking(after.text, lexicon):
            choices = {**choices, "O": 0.6}
        following: dict[tuple[str, bool], tuple[float, tuple]] = {}

        def offer(tag: str, verb: bool, cost: float, path: tuple, best=following) -> None:
            if (tag, verb) not in best or cost < best[tag, verb][0]:
                best[tag, verb] = (cost, (path, tag))

        for (before, verb), (cost, path) in paths.items():
            row = costs.listed[before]
            for tag, own in choices.items():
                total = cost + own + row.get(tag, costs.unlisted)
                if tag in _FINITE or tag == "X":
                    again = verb and before not in _LINKS and before not in "XT"
                    offer(tag, True, total + costs.second_verb * again, path)
                elif tag in _CLAUSE_ENDS:
                    offer(tag, False, total + costs.no_verb * (tag == "F" and not verb), path)
                else:
                    offer(tag, verb, total, path)
                    if verb and tag in "CY":
                        offer(tag, False, total + costs.new_clause, path)
        paths = following
    _, path = min(paths.values(), key=lambda entry: entry[0])
    tags = []
    while path:
        path, tag = path
        tags.append(tag)
    return tuple(reversed(tags[1:]))


def _names_alone(unit: Unit, after: Unit | None, lexicon: Lexicon) -> bool:
    """Whether "a can", "a well" is the whole phrase, so that a word of grammar is the name of a thing."""
    if unit.text not in lexicon.catalogue.recipe_words:
        return False
    function = lexicon.function
    return after is None or after.kind == "mark" or any(
        after.text in function[name] for name in ("prepositions", "auxiliaries", "conjunctions")
    )  # fmt: skip


def _finite_looking(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.function["auxiliaries"] or (word.endswith("s") and not word.endswith("ss"))


def word_classes(unit: Unit, lexicon: Lexicon, wordnet: WordNet | None) -> dict[str, float]:
    """The classes that `unit` may have, with costs (0 certain; about 4 very rare)."""
    if unit.kind == "mark":
        return {"Y": 0.0} if unit.text in ",—–-" else {"F": 0.0} if unit.text in ".!?;:\n…()[]" else {"Y": 0.2}
    if unit.kind == "number":
        return {"Q": 0.0, "N": 2.5}
    if unit.kind == "noun" and unit.text.endswith("ing"):
        return {"N": 0.4, "G": 0.6}
    if unit.kind == "noun":
        return {"M" if is_plural(unit.text.split()[-1]) else "N": 0.0}
    if unit.kind in _OPEN:
        return {_OPEN[unit.kind]: 0.0} | ({"J": 0.6} if unit.kind in ("expression", "quality") else {})
    found: dict[str, float] = {}
    for name, tag, cost in _CLOSED:
        if unit.text in lexicon.function[name]:
            found.setdefault(tag, cost)
    _special(unit.text, found)
    if unit.text in lexicon.numbers or unit.text in lexicon.collectives:
        found.setdefault("Q", 0.1 if unit.text in lexicon.numbers else 0.8)
    settled = "Q" not in found or unit.text in lexicon.numbers
    if found and settled and unit.text not in _BOTH:
        return found
    return _balanced(_open_classes(unit, lexicon, wordnet), found)


def _special(word: str, found: dict[str, float]) -> None:
    if word == "to":
        found.update({"T": 0.3, "I": 0.3})
    elif word == "'s":
        found.update({"L": 0.2, "X": 0.9})
    elif word in ("other", "another", "each", "both", "all"):
        found.setdefault("O", 0.9)
    elif word in ("his", "her"):
        found.update({"D": 0.1, "O": 1.5})
    elif word in ("that", "which"):
        found.update({"W": 0.4, "D": 0.9})
    elif word == "no":
        found.update({"D": 0.1})
    elif word in ("not", "n't", "never"):
        found.clear()
        found["R"] = 0.0


def _open_classes(unit: Unit, lexicon: Lexicon, wordnet: WordNet | None) -> dict[str, float]:
    """Weights by class: how often the word is used so, from WordNet's counts and from being listed."""
    word = unit.text
    weights: dict[str, float] = {}

    def add(tag: str, weight: float) -> None:
        weights[tag] = max(weights.get(tag, 0.0), weight)

    for lemma in noun_lemmas(word):
        weight = 3.0 * (lemma in lexicon.nouns)
        if wordnet is not None and wordnet.knows(lemma, "n"):
            weight += 1.0 + wordnet.count(lemma, "n")
        if weight:
            add("M" if lemma != word or is_plural(word) else "N", weight)
            break
    if word in lexicon.adjectives:
        count = wordnet.count(word, "a") if wordnet is not None else 0
        noun = weights.get("N", 0.0)
        listed = 4.0 if wordnet is None or not noun or wordnet.knows(word, "a") else 1.5
        add("J", listed + count + (noun if lexicon.adjectives[word][0].kind == "colour" else 0.0))
    elif wordnet is not None and wordnet.knows(word, "a"):
        add("J", 1.0 + wordnet.count(word, "a"))
    if word in lexicon.adverbs or (word.endswith("ly") and len(word) > 4 and "N" not in weights):
        add("R", 4.0)
    elif wordnet is not None and wordnet.knows(word, "r"):
        add("R", 0.5 + wordnet.count(word, "r") / 2)
    for lemma, inflection in verb_forms(word):
        listed = lemma in lexicon.verbs or any(lemma in words for words in lexicon.grammar.values())
        weight = 3.0 * listed
        if wordnet is not None and wordnet.knows(lemma, "v"):
            weight += 1.0 + wordnet.count(lemma, "v")
        if weight:
            bare = inflection == "participle" and lemma == word
            add(_FORM_TAGS[inflection], weight / 3 if bare else weight)
    if not weights:
        _guess(unit, add)
    return weights


def _guess(unit: Unit, add) -> None:
    word = unit.text
    if word.endswith("ly"):
        add("R", 1)
    elif word.endswith("ing"):
        add("G", 1)
        add("N", 0.7)
    elif word.endswith("ed"):
        add("P", 1)
        add("E", 0.7)
    else:
        add("M" if is_plural(word) else "N", 1)


def _balanced(weights: Mapping[str, float], closed: dict[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    costs = {tag: min(4.0, -math.log(weight / total)) for tag, weight in weights.items()} if total else {}
    if closed:
        costs = {tag: cost + 1.2 for tag, cost in costs.items()}
    for tag, cost in closed.items():
        costs[tag] = min(cost, costs.get(tag, 9.0))
    return costs
