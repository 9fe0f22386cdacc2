"""Seeds by name: independent random streams from one film seed, the same on every machine."""

from __future__ import annotations

import hashlib

__all__ = ["seed_for"]


def seed_for(seed: int, *names: str) -> int:
    """A 63-bit seed for the stream called `names` of a film with `seed`."""
    text = "\x1f".join((str(seed), *names)).encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big") >> 1
