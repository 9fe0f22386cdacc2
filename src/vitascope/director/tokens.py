"""Words with their places in the text: splits an instruction without losing a character of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

__all__ = ["Token", "tokenise"]

_TOKEN = re.compile(
    r"""(?P<quote>"[^"\n]{1,300}"|“[^”\n]{1,300}”|«[^»\n]{1,300}»)
      | (?P<clitic>n['’]t\b|['’](?:s|re|ve|ll|d|m)\b)
      | (?P<number>\d+(?:[.,:]\d+)*[^\W\d_]*)
      | (?P<word>[^\W\d_]+?(?=n['’]t\b)|[^\W\d_]+)
      | (?P<punct>\S)""",
    re.VERBOSE | re.IGNORECASE,
)
_SENTENCE_END = frozenset(".!?;:\n…。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word, number, quotation or mark; `start` and `end` are half-open characters of the text."""

    text: str
    lower: str
    start: int
    end: int
    kind: Literal["word", "number", "quote", "punct"]
    glued: bool = False
    """Joined to the word before by a hyphen or slash ("close-up")."""
    opens: bool = False
    """First word of a sentence."""

    @property
    def capital(self) -> bool:
        """Whether it is written with a capital letter."""
        return self.text[:1].isupper()

    @property
    def is_word(self) -> bool:
        """Whether it can carry meaning."""
        return self.kind in ("word", "number")


def tokenise(text: str) -> tuple[Token, ...]:
    """The tokens of `text` in order. Hyphens inside words vanish into `glued`; line breaks become sentence ends."""
    tokens: list[Token] = []
    glue_at, opens, line_end = -1, True, 0
    for match in _TOKEN.finditer(text):
        if "\n" in text[line_end : match.start()] and tokens:
            opens = True
            tokens.append(_mark("\n", line_end))
        line_end = match.end()
        start, end = match.span()
        piece = match.group()
        kind = match.lastgroup or "punct"
        if kind == "punct":
            joins = piece in "-‐‑/" and _between_words(text, start, end)
            if joins:
                glue_at = end
                continue
            tokens.append(_mark(piece, start))
            opens = opens or piece in _SENTENCE_END
            continue
        lower = _plain(piece.lower().replace("’", "'"))
        word = "word" if kind == "clitic" else kind
        tokens.append(
            Token(text=piece, lower=lower, start=start, end=end, kind=word, glued=start == glue_at, opens=opens)  # type: ignore[arg-type]
        )
        opens = False
    return tuple(tokens)


def _plain(word: str) -> str:
    """The word without accents ("café", "señor")."""
    if word.isascii():
        return word
    bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return bare if bare.isascii() else word


def _mark(piece: str, at: int) -> Token:
    return Token(text=piece, lower=piece, start=at, end=at + len(piece), kind="punct")


def _between_words(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and text[start - 1].isalnum() and text[end].isalnum()
