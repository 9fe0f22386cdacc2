"""Names that nobody can guess: a word for what is named, and 130 random bits."""

from __future__ import annotations

import base64
import re
import secrets

__all__ = ["is_id", "new_id"]

_LETTERS = 26
_ID = re.compile(rf"[a-z]+_[a-z2-7]{{{_LETTERS}}}")


def new_id(kind: str) -> str:
    """An id such as "video_" and 26 letters of base 32, in small letters: a good storage key as it is."""
    random = base64.b32encode(secrets.token_bytes(17)).decode("ascii").lower()
    return f"{kind}_{random[:_LETTERS]}"


def is_id(text: str) -> bool:
    """Whether this could be an id of something here."""
    return _ID.fullmatch(text) is not None
