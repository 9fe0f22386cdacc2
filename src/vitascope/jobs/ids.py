"""Names that nobody can guess: a word for what is named, and 130 random bits."""

from __future__ import annotations

import base64
import secrets

__all__ = ["new_id"]

_LETTERS = 26


def new_id(kind: str) -> str:
    """An id such as "video_" and 26 letters of base 32, in small letters: a good storage key as it is."""
    random = base64.b32encode(secrets.token_bytes(17)).decode("ascii").lower()
    return f"{kind}_{random[:_LETTERS]}"
