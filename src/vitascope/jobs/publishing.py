"""Writing down what was made: a chunk that lies in the store, and a whole film, once."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, cast

from sqlalchemy import update
from sqlalchemy.orm import Session

from vitascope.film import SizeError, size_named
from vitascope.jobs import states
from vitascope.jobs.backlog import storage_prefix
from vitascope.jobs.making import Making
from vitascope.jobs.rows import size_text
from vitascope.jobs.tables import ChunkRow

__all__ = ["keep_chunk", "publish"]


def keep_chunk(
    session: Session, making: Making, number: int, result: Mapping[str, object], *, worker: str | None, seconds: object
) -> None:
    """The chunk is in the store: whoever makes the film on does not draw it again."""
    values = {"address": result["address"], "ways": result["ways"], "worker": worker, "seconds": seconds}
    session.execute(update(ChunkRow).where(ChunkRow.video == making.video, ChunkRow.number == number).values(values))


def publish(
    session: Session, making: Making, result: Mapping[str, object], *, server: str, now: float, expires_at: int | None
) -> bool:
    """The film is completed, unless it is not this server's any more or was cancelled."""
    found = cast(Mapping[str, Any], result)
    made = {
        "prefix": storage_prefix(making.video, making.attempt),
        "size_bytes": int(found["size_bytes"]),
        "sha256": str(found["sha256"]),
        "frames": int(found["frames"]),
        "frames_done": int(found["frames"]),
        "ways": dict(found["ways"]),
        "chunks": list(found["chunks"]),
        "remark": found["remark"],
        **_facts(found),
    }
    return states.complete(
        session, making.video, server=server, attempt=making.attempt, now=now, expires_at=expires_at, made=made
    )


def _facts(found: Mapping[str, Any]) -> dict[str, str]:
    """Length, rate and size of a film from elsewhere, which need not be those that were asked for."""
    facts = {name: str(Fraction(found[name])) for name in ("seconds", "fps") if name in found}
    try:
        return facts | ({"size": size_text(size_named(found["size"]))} if "size" in found else {})
    except SizeError:  # one that a film of ours cannot have; the remark of the film tells of it
        return facts
