"""Writing down what was made: a chunk that lies in the store, and a whole film, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import update
from sqlalchemy.orm import Session

from vitascope.jobs import states
from vitascope.jobs.backlog import storage_prefix
from vitascope.jobs.making import Making
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
    return states.complete(
        session,
        making.video,
        server=server,
        attempt=making.attempt,
        now=now,
        expires_at=expires_at,
        prefix=storage_prefix(making.video, making.attempt),
        size_bytes=int(found["size_bytes"]),
        sha256=str(found["sha256"]),
        frames=int(found["frames"]),
        ways=found["ways"],
        chunks=found["chunks"],
        remark=found["remark"],
    )
