"""How each phrase was taken: the model's word for it where the text bears it out, and what nobody took up."""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict

from vitascope.director.errors import DirectorError
from vitascope.director.language.answers import plain
from vitascope.director.tokens import tokenise
from vitascope.director.understanding import Understanding, read
from vitascope.director.wordnet import WordNet
from vitascope.film import Phrase, Reading
from vitascope.recipe import Catalogue

__all__ = ["Said", "offline_understanding", "reading_of"]

PhraseKind = Phrase.model_fields["kind"].annotation
KINDS: tuple[str, ...] = get_args(PhraseKind)
PHRASE_WORDS_MOST = 8
"""A phrase of more words says nothing about any of them."""
SHORTEST_WORD = 3
_EMPTY = frozenset(
    ("the", "and", "with", "for", "are", "was", "its", "his", "her", "their", "that", "this", "from", "into")
)


class Said(BaseModel):
    """One phrase as the model says that it took it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: str
    kind: str = "other"
    status: Literal["understood", "substituted", "not_understood"] = "understood"
    taken_as: str = ""


def reading_of(text: str, said: tuple[Said, ...], offline: Reading | None, remarks: tuple[str, ...]) -> Reading:
    """The reading of `text`. Phrases that do not stand in it are dropped; content that no phrase covers, by the offline
    reading or, where there is none, word by word, is not understood."""
    found: dict[tuple[int, int], Phrase] = {}
    for phrase in said:
        span = _place(text, phrase.text, found)
        if span is not None:
            found[span] = _phrase(text, span, phrase.kind, phrase.status, plain(phrase.taken_as, 120))
    content = [(p.start, p.end, p.kind) for p in offline.phrases] if offline is not None else _content(text)
    for start, end, kind in content:
        if not any(s < end and start < e for s, e in found):
            found[start, end] = _phrase(text, (start, end), kind, "not_understood", "")
    return Reading(phrases=tuple(found[span] for span in sorted(found)), remarks=remarks)


def offline_understanding(text: str, catalogue: Catalogue, wordnet: WordNet | None) -> Understanding | DirectorError:
    """What is understood without a model, or why nothing is."""
    try:
        return read(text, catalogue=catalogue, wordnet=wordnet)
    except DirectorError as error:
        return error


def _place(text: str, phrase: str, taken: dict[tuple[int, int], Any]) -> tuple[int, int] | None:
    """Where `phrase` stands in `text` as whole words that no other phrase has."""
    wanted = phrase.strip()
    if not wanted or len(wanted.split()) > PHRASE_WORDS_MOST:
        return None
    low, sought = text.lower(), wanted.lower()
    if len(low) != len(text):
        low, sought = text, wanted
    start = low.find(sought)
    while start >= 0:
        end = start + len(sought)
        whole = not (start and low[start - 1].isalnum() and low[start].isalnum())
        whole = whole and not (end < len(low) and low[end].isalnum() and low[end - 1].isalnum())
        if whole and not any(s < end and start < e for s, e in taken):
            return start, end
        start = low.find(sought, start + 1)
    return None


def _content(text: str) -> list[tuple[int, int, str]]:
    words = (token for token in tokenise(text) if token.is_word)
    return [(t.start, t.end, "other") for t in words if len(t.text) >= SHORTEST_WORD and t.lower not in _EMPTY]


def _phrase(text: str, span: tuple[int, int], kind: str, status: str, taken_as: str) -> Phrase:
    return Phrase.model_validate(
        {
            "text": text[span[0] : span[1]],
            "start": span[0],
            "end": span[1],
            "kind": kind if kind in KINDS else "other",
            "status": status,
            "taken_as": taken_as,
        }
    )
