"""Tells that a text is not English, and in which language it seems to be."""

from __future__ import annotations

import unicodedata
from collections import Counter

from vitascope.director.lexicon import Lexicon, data
from vitascope.director.tokens import Token

__all__ = ["foreign_language"]


def foreign_language(tokens: tuple[Token, ...], lexicon: Lexicon) -> str | None:
    """The language a text seems to be in if it is not English; None for English and for what cannot be told."""
    letters = [c for token in tokens if token.kind == "word" for c in token.text]
    scripts = Counter(_script(c) for c in letters if ord(c) > 0x24F)
    if scripts and scripts.total() > len(letters) / 2:
        return data("languages")["scripts"].get(scripts.most_common(1)[0][0])
    words = [token.text.lower().replace("’", "'") for token in tokens if token.kind == "word"]
    if len(words) < 3:
        return None
    function = lexicon.function
    english = sum(
        word in function["determiners"] or word in function["prepositions"] or word in function["auxiliaries"]
        or word in function["conjunctions"] or word in function["pronouns"] or word in lexicon.nouns
        for word in words
    )  # fmt: skip
    scores = {
        name: sum(1.0 if len(word) > 1 else 0.5 for word in words if word in marks) for name, marks in _marks().items()
    }
    best = max(scores, key=lambda name: scores[name])
    accents = sum(any(ord(c) > 0x7F for c in word) for word in words)
    if scores[best] >= 2 and scores[best] + accents > english:
        return best
    return None


def _marks() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in data("languages")["words"].items()}


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0].split("-")[0]
