"""Finds the longest known phrases in a run of tokens. Patterns: `x?` may be missing, `a|b` alternatives, `~` adverbs,
`a_b` two words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from vitascope.director.morphology import noun_lemmas, verb_forms
from vitascope.director.tokens import Token

__all__ = ["PhraseTable", "noun_forms", "token_forms"]


_ARTICLES = {"a?": ("a", "an"), "an?": ("a", "an")}


@dataclass(slots=True, eq=False)
class _Node:
    words: dict[str, _Node] = field(default_factory=dict)
    entry: Any = None
    gap: bool = False
    """Adverbs may stand here."""


def token_forms(token: Token) -> frozenset[str]:
    """Every form under which a token may be listed: as written, singular, and as the base of a verb."""
    if token.kind != "word":
        return frozenset((token.lower,))
    return frozenset((token.lower, *noun_lemmas(token.lower), *(form.lemma for form in verb_forms(token.lower))))


def noun_forms(token: Token) -> frozenset[str]:
    """The forms under which a token may be part of a compound noun."""
    if not token.is_word:
        return frozenset()
    return frozenset((token.lower, *noun_lemmas(token.lower)))


class PhraseTable:
    """Phrases of words and what they stand for, looked up by the longest match at a place."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, pattern: str, entry: Any) -> None:
        """Enter a pattern; the first entry of a phrase stays. Hyphens are spaces, so none may stand for a choice of its own."""
        assert "|-" not in pattern, pattern
        assert "-|" not in pattern, pattern
        nodes = [self._root]
        for part in pattern.replace("-", " ").lower().split():
            if part == "~":
                for node in nodes:
                    node.gap = True
                continue
            optional = part.endswith("?")
            choices = [
                word for choice in part.split("|") for word in _ARTICLES.get(choice, (choice.removesuffix("?"),))
            ]
            after = [_descend(node, choice) for node in nodes for choice in choices]
            nodes = _distinct((*nodes, *after) if optional else after)
        for node in nodes:
            if node is not self._root and node.entry is None:
                node.entry = entry

    def match(self, forms: Sequence[frozenset[str]], start: int, adverbs: frozenset[int]) -> tuple[int, Any] | None:
        """The end (exclusive) and entry of the longest phrase that begins at `start`, or None.

        `forms` are the forms of each token, empty for marks; `adverbs` the tokens that a gap may skip.
        """
        best: tuple[int, Any] | None = None
        nodes = [self._root]
        for at in range(start, len(forms)):
            step = [child for node in nodes for form in forms[at] if (child := node.words.get(form)) is not None]
            if at in adverbs:
                step += [node for node in nodes if node.gap and node is not self._root]
            if not step:
                break
            nodes = _distinct(step)
            for node in nodes:
                if node.entry is not None and (at not in adverbs or node in step):
                    best = (at + 1, node.entry)
        return best


def _descend(node: _Node, words: str) -> _Node:
    for word in words.split("_"):
        node = node.words.setdefault(word, _Node())
    return node


def _distinct(nodes: Iterable[_Node]) -> list[_Node]:
    return list({id(node): node for node in nodes}.values())
