"""Finding films in the database, always within a workspace, and putting new ones into the queue."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vitascope.jobs.errors import Conflict, Missing, TooBusy
from vitascope.jobs.ledger import month_of, seconds_noted
from vitascope.jobs.states import MADE
from vitascope.jobs.tables import VideoRow
from vitascope.jobs.values import State

__all__ = [
    "check_room", "count_queued", "digest_of", "enqueue", "find", "made_before", "page", "seconds_taken", "tree", "unfinished",
    "wait_for",
]  # fmt: skip

WAIT_LEAST, WAIT_MOST = 1.0, 3600.0


def find(session: Session, workspace: str, video: str) -> VideoRow:
    """The film with this id. Raises Missing for one that is not there, and alike for one of another workspace."""
    row = session.get(VideoRow, video)
    if row is None or row.workspace != workspace:
        raise Missing(f"There is no film {video!r} here.", param="video_id")
    return row


def page(
    session: Session, workspace: str, *, after: str | None, limit: int, ascending: bool
) -> tuple[list[VideoRow], bool]:
    """Up to `limit` films of a workspace that come behind `after`, and whether there are more. Raises Missing."""
    wanted = select(VideoRow).where(VideoRow.workspace == workspace)
    if after is not None:
        start = find(session, workspace, after).ordinal
        wanted = wanted.where(VideoRow.ordinal > start if ascending else VideoRow.ordinal < start)
    order = VideoRow.ordinal.asc() if ascending else VideoRow.ordinal.desc()
    found = list(session.scalars(wanted.order_by(order).limit(limit + 1)))
    return found[:limit], len(found) > limit


def tree(session: Session, row: VideoRow) -> list[VideoRow]:
    """All films of the tree that a film is in, oldest first."""
    wanted = select(VideoRow).where(VideoRow.root == row.root, VideoRow.workspace == row.workspace)
    return list(session.scalars(wanted.order_by(VideoRow.ordinal)))


def digest_of(request: Mapping[str, object]) -> str:
    """Equal requests have equal digests."""
    return hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()


def made_before(session: Session, workspace: str, key: str | None, digest: str) -> list[VideoRow]:
    """The films that the same request made under this idempotency key; raises Conflict when it was another request."""
    if key is None:
        return []
    wanted = select(VideoRow).where(VideoRow.workspace == workspace, VideoRow.idempotency_key == key)
    found = list(session.scalars(wanted.order_by(VideoRow.ordinal)))
    if any(row.request_digest != digest for row in found):
        raise Conflict(
            "This idempotency key was used for another request; give each request a key of its own.",
            code="idempotency_error",
        )
    return found


def enqueue(session: Session, rows: Sequence[VideoRow]) -> None:
    """Put films at the end of the queue, in order. The session is the only writer."""
    last = session.scalar(select(func.max(VideoRow.ordinal))) or 0
    for number, row in enumerate(rows, start=1):
        row.ordinal = last + number
    session.add_all(rows)


def count_queued(session: Session) -> int:
    """How many films wait in the queue."""
    return session.scalar(select(func.count()).select_from(VideoRow).where(VideoRow.state == State.QUEUED)) or 0


def unfinished(session: Session, account: str | None = None) -> tuple[int, float]:
    """How many films wait or are being made, and how many seconds of work they are forecast to be."""
    counted = select(func.count(), func.coalesce(func.sum(VideoRow.forecast_seconds), 0.0))
    counted = counted.where(VideoRow.state.in_((State.QUEUED, *MADE)))
    if account is not None:
        counted = counted.where(VideoRow.account == account)
    count, seconds = session.execute(counted).one()
    return count, float(seconds or 0.0)


def seconds_taken(session: Session, account: str, now: float) -> float:
    """Seconds of film that an account had made this month, those that wait or are being made included."""
    waiting = select(VideoRow.seconds).where(VideoRow.account == account, VideoRow.state.in_((State.QUEUED, *MADE)))
    return seconds_noted(session, account, month_of(now)) + float(
        sum(Fraction(one) for one in session.scalars(waiting))
    )


def check_room(session: Session, *, new: int, most: int, capacity: int) -> None:
    """Raises TooBusy when the queue of the server is full; it says when a place will be free."""
    count = count_queued(session)
    if count + new > most:
        waiting, seconds = unfinished(session)
        raise TooBusy(
            f"{count} films wait and this server keeps up to {most}; try again later.",
            code="queue_full",
            retry_after=wait_for(waiting, seconds, capacity),
        )


def wait_for(count: int, seconds: float, capacity: int) -> float:
    """Seconds between the ends of two of `count` films that are `seconds` of work together."""
    return min(WAIT_MOST, max(WAIT_LEAST, seconds / max(1, count) / max(1, min(capacity, count))))
