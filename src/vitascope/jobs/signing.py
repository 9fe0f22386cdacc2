"""Standard Webhooks: secrets, and the headers by which a receiver knows that a message is ours."""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass

__all__ = ["Secret", "signed_headers"]

PREFIX = "whsec_"
KEPT_AFTER_ROTATION = 86_400
"""Seconds for which an old secret may go on signing beside the new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """What signs, and what still signs beside it until `old_until` (seconds since 1970)."""

    current: str
    old: str | None = None
    old_until: int = 0

    @classmethod
    def fresh(cls) -> Secret:
        """192 random bits."""
        return cls(current=PREFIX + base64.b64encode(secrets.token_bytes(24)).decode())

    @classmethod
    def from_text(cls, text: str) -> Secret:
        """What `text()` wrote."""
        current, *rest = text.split(" ")
        return cls(current=current, old=rest[0], old_until=int(rest[1])) if rest else cls(current=current)

    def text(self) -> str:
        """As it is kept: at most 88 letters."""
        return self.current if self.old is None else f"{self.current} {self.old} {self.old_until}"

    def rotated(self, *, now: int, keep_old: bool) -> Secret:
        """A fresh one; the one so far goes on for a day if `keep_old`."""
        fresh = Secret.fresh()
        if not keep_old:
            return fresh
        return Secret(current=fresh.current, old=self.current, old_until=now + KEPT_AFTER_ROTATION)

    @property
    def hint(self) -> str:
        """Enough to tell secrets apart."""
        return f"{PREFIX}…{self.current[-4:]}"

    def active(self, now: int) -> tuple[str, ...]:
        """The secrets that sign at `now`, the current one first."""
        return (self.current, self.old) if self.old is not None and now < self.old_until else (self.current,)


def signed_headers(secret: Secret, *, message: str, now: int, body: bytes) -> dict[str, str]:
    """Headers for `body` sent at `now`. `message` is the same for each try, so that receivers can leave out repeats."""
    content = f"{message}.{now}.".encode() + body
    signatures = [
        base64.b64encode(hmac.digest(base64.b64decode(each.removeprefix(PREFIX)), content, "sha256")).decode()
        for each in secret.active(now)
    ]
    return {
        "content-type": "application/json",
        "user-agent": "vitascope-webhooks/1",
        "webhook-id": message,
        "webhook-timestamp": str(now),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
