"""Where the store lies and how large it may grow: read once from the environment. Knows nothing of what is kept."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from vitascope.continuity.store import Store

LIMIT_DEFAULT = 10_000_000_000
_UNITS = {"": 1, "B": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "TB": 1000**4}
_SIZE = re.compile(r"\s*(\d{1,15}(?:\.\d{1,9})?)\s*([KMGT]?B|)\s*", re.ASCII | re.IGNORECASE)


class StoreError(ValueError):
    """A setting of the store that cannot be followed; the message is one sentence for the user."""


def open_store(environment: Mapping[str, str] = os.environ) -> Store:
    """Return the store that the environment asks for. Touches no disk. Raises StoreError."""
    return Store(store_folder(environment), limit=store_limit(environment))


def store_folder(environment: Mapping[str, str]) -> Path:
    """Return $VITASCOPE_CACHE, else `vitascope` in $XDG_CACHE_HOME, else in ~/.cache."""
    if chosen := environment.get("VITASCOPE_CACHE"):
        return Path(chosen).expanduser()
    caches = environment.get("XDG_CACHE_HOME")
    return (Path(caches) if caches else Path("~/.cache").expanduser()) / "vitascope"


def store_limit(environment: Mapping[str, str]) -> int:
    """Return the bytes that $VITASCOPE_CACHE_LIMIT allows, 10 GB if it is not set. Raises StoreError."""
    text = environment.get("VITASCOPE_CACHE_LIMIT", "")
    if not text.strip():
        return LIMIT_DEFAULT
    try:
        return parse_size(text)
    except StoreError as error:
        raise StoreError(f"The setting VITASCOPE_CACHE_LIMIT cannot be read. {error}") from error


def parse_size(text: str) -> int:
    """Return the bytes that a text such as "10GB", "1.5 gb" or "500MB" names; a KB is 1000 bytes. Raises StoreError."""
    found = _SIZE.fullmatch(text)
    if found is None:
        raise StoreError(f"The size is {text!r}; give a number with B, KB, MB, GB or TB, such as 10GB or 500MB.")
    return round(float(found[1]) * _UNITS[found[2].upper()])
