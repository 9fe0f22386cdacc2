"""How the row of a film goes from state to state: each step compares first, so that of two servers one does it.

Every function works in a session for writing and says whether the step was made. `server` is who makes the film.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session, load_only

from vitascope.jobs.tables import ChunkRow, VideoRow
from vitascope.jobs.values import Fault, State

__all__ = [
    "MADE", "begin", "cancel", "cancelled", "complete", "fail", "let_go", "next_attempt", "not_tried", "orphans", "renew", "run",
    "take_up", "try_chunk",
]  # fmt: skip

MADE = (State.STARTING, State.RUNNING, State.CANCELLING)
"""States in which a server makes a film."""


def begin(session: Session, video: str, *, server: str, now: float, until: float) -> bool:
    """queued -> starting."""
    return _step(
        session,
        and_(VideoRow.id == video, VideoRow.state == State.QUEUED, VideoRow.not_before <= now),
        state=State.STARTING, server=server, lease_until=until, started_at=int(now), attempts=VideoRow.attempts + 1,
        opened=VideoRow.opened + 1,
    )  # fmt: skip


def orphans(session: Session, now: float) -> list[str]:
    """Films whose server has not been heard of for as long as it said."""
    found = select(VideoRow.id).where(VideoRow.state.in_(MADE), VideoRow.lease_until < now).order_by(VideoRow.ordinal)
    return list(session.scalars(found))


def take_up(session: Session, video: str, *, server: str, now: float, until: float) -> bool:
    """An orphan is this server's from now on. Its chunks that have an address are kept; its state stays as it is."""
    return _step(
        session,
        and_(VideoRow.id == video, VideoRow.state.in_(MADE), VideoRow.lease_until < now),
        server=server, lease_until=until, attempts=VideoRow.attempts + 1, opened=VideoRow.opened + 1,
    )  # fmt: skip


def renew(session: Session, server: str, done: Mapping[str, int], until: float) -> dict[str, State]:
    """The films that are still this server's, with their states; `done` gives the frames done of each."""
    if not done:
        return {}
    mine = session.scalars(
        select(VideoRow)
        .where(VideoRow.server == server, VideoRow.id.in_(done))
        .options(load_only(VideoRow.id, VideoRow.state, VideoRow.frames_done, VideoRow.lease_until))
    ).all()
    for row in mine:
        row.lease_until, row.frames_done = until, done[row.id]
    return {row.id: State(row.state) for row in mine}


def run(session: Session, video: str, *, server: str) -> bool:
    """starting -> running."""
    return _step(session, and_(_of(video, server), VideoRow.state == State.STARTING), state=State.RUNNING)


def next_attempt(session: Session, video: str, *, server: str) -> int | None:
    """The number of a new attempt to finish a film: what earlier ones did counts no more. None if it is not ours."""
    counted = {"attempts": VideoRow.attempts + 1, "finishes": VideoRow.finishes + 1}
    if not _step(session, and_(_of(video, server), _working()), **counted):
        return None
    return session.scalar(select(VideoRow.attempts).where(VideoRow.id == video))


def try_chunk(session: Session, video: str, number: int, *, server: str) -> bool:
    """Count a try at a chunk, before a worker is given it."""
    mine = select(VideoRow.id).where(_of(video, server), _working()).exists()
    chunk = and_(ChunkRow.video == video, ChunkRow.number == number)
    counted = session.execute(update(ChunkRow).where(chunk, mine).values(attempts=ChunkRow.attempts + 1))
    assert isinstance(counted, CursorResult)
    return counted.rowcount == 1


def not_tried(session: Session, video: str, numbers: Sequence[int | None]) -> None:
    """Take back the tries that a server breaks off when it is stopped: at these chunks, and at the whole (None)."""
    chunks = and_(ChunkRow.video == video, ChunkRow.number.in_([number for number in numbers if number is not None]))
    session.execute(update(ChunkRow).where(chunks).values(attempts=ChunkRow.attempts - 1))
    if None in numbers:
        session.execute(update(VideoRow).where(VideoRow.id == video).values(finishes=VideoRow.finishes - 1))


def complete(
    session: Session,
    video: str,
    *,
    server: str,
    attempt: int,
    now: float,
    expires_at: int | None,
    made: Mapping[str, Any],
) -> bool:
    """starting or running -> completed: once, by the server that has the film, with what its latest attempt `made`."""
    return _step(
        session,
        and_(_of(video, server), _working(), VideoRow.attempts == attempt),
        state=State.COMPLETED, completed_at=int(now), expires_at=expires_at, server=None, lease_until=0.0, **made,
    )  # fmt: skip


def fail(session: Session, video: str, *, server: str, now: float, fault: Fault) -> bool:
    """starting or running -> failed."""
    return _step(
        session,
        and_(_of(video, server), _working()),
        state=State.FAILED, completed_at=int(now), server=None, lease_until=0.0, fault_code=fault.code,
        fault_message=fault.message,
    )  # fmt: skip


def cancel(session: Session, video: str, now: float) -> bool:
    """queued -> cancelled, or starting or running -> cancelling."""
    queued = and_(VideoRow.id == video, VideoRow.state == State.QUEUED)
    if _step(session, queued, state=State.CANCELLED, completed_at=int(now)):
        return True
    return _step(session, and_(VideoRow.id == video, _working()), state=State.CANCELLING)


def cancelled(session: Session, video: str, *, server: str, now: float) -> bool:
    """cancelling -> cancelled."""
    return _step(
        session,
        and_(_of(video, server), VideoRow.state == State.CANCELLING),
        state=State.CANCELLED, completed_at=int(now), server=None, lease_until=0.0,
    )  # fmt: skip


def let_go(session: Session, server: str) -> None:
    """Whoever comes next may go on at once with what this server was making."""
    session.execute(update(VideoRow).where(VideoRow.server == server, VideoRow.state.in_(MADE)).values(lease_until=0.0))


def _of(video: str, server: str) -> Any:
    return and_(VideoRow.id == video, VideoRow.server == server)


def _working() -> Any:
    return or_(VideoRow.state == State.STARTING, VideoRow.state == State.RUNNING)


def _step(session: Session, where: Any, **values: Any) -> bool:
    statement = update(VideoRow).where(where).values(version=VideoRow.version + 1, **values)
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
