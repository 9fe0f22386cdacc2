"""What films cost whom: one line for each completed film, never changed, and kept when the film is deleted.

Only completed films are written down: what failed or was cancelled costs nobody anything.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vitascope.jobs.database import Database
from vitascope.jobs.tables import ChunkRow, UsageRow, VideoRow
from vitascope.jobs.values import State, Video

__all__ = ["Ledger", "Usage", "month_of", "seconds_noted"]

_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one account had made in one workspace in one month (such as "2026-11", by UTC)."""

    month: str
    account: str
    workspace: str
    films: int
    seconds: float
    """Of film."""
    frames_drawn: int
    """Those that were not reused."""
    work_seconds: float
    """That workers spent."""


def month_of(moment: float) -> str:
    """The month, by UTC, of a moment [s since 1970]."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m")


def seconds_noted(session: Session, account: str, month: str) -> float:
    """Seconds of film that an account had made in a month."""
    asked = select(func.sum(UsageRow.seconds)).where(UsageRow.account == account, UsageRow.month == month)
    return float(session.scalar(asked) or 0.0)


class Ledger:
    """All of the server. Safe to use from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, video: Video) -> None:
        """Write down a film that has come to its end. A film is counted once, however often it is noted."""
        if video.state is State.COMPLETED:
            with self._database.writing() as session:
                row = session.get(VideoRow, video.id)
                if row is not None:
                    _add(session, row)

    def catch_up(self) -> int:
        """Write down completed films that a server did not live to note; return how many."""
        missed = (
            select(VideoRow)
            .outerjoin(UsageRow, UsageRow.video == VideoRow.id)
            .where(VideoRow.state == State.COMPLETED.value, UsageRow.id.is_(None))
            .limit(_AT_ONCE)
        )
        noted = 0
        while True:
            with self._database.writing() as session:
                rows = session.scalars(missed).all()
                for row in rows:
                    _add(session, row)
            noted += len(rows)
            if len(rows) < _AT_ONCE:
                return noted

    def seconds(self, account: str, month: str | None = None) -> float:
        """Seconds of film that an account had made in a month, this one by default."""
        with self._database.session() as session:
            return seconds_noted(session, account, month or month_of(time.time()))

    def usage(
        self, *, account: str | None = None, workspace: str | None = None, month: str | None = None
    ) -> list[Usage]:
        """The sums of what was made, the latest month first; only for an account, a workspace or a month where given."""
        keys = (UsageRow.month, UsageRow.account, UsageRow.workspace)
        asked = select(
            *keys,
            func.count(),
            func.sum(UsageRow.seconds),
            func.sum(UsageRow.frames_drawn),
            func.sum(UsageRow.work_seconds),
        )
        for column, wanted in ((UsageRow.account, account), (UsageRow.workspace, workspace), (UsageRow.month, month)):
            if wanted is not None:
                asked = asked.where(column == wanted)
        asked = asked.group_by(*keys).order_by(UsageRow.month.desc(), UsageRow.account, UsageRow.workspace)
        with self._database.session() as session:
            return [
                Usage(
                    month=when, account=who, workspace=where, films=films, seconds=float(seconds),
                    frames_drawn=int(frames), work_seconds=float(work),
                )
                for when, who, where, films, seconds, frames, work in session.execute(asked)
            ]  # fmt: skip


def _add(session: Session, row: VideoRow) -> None:
    if session.scalar(select(UsageRow.id).where(UsageRow.video == row.id)) is not None:
        return
    work = session.scalar(select(func.sum(ChunkRow.seconds)).where(ChunkRow.video == row.id))
    at = row.completed_at or int(time.time())
    session.add(
        UsageRow(
            account=row.account,
            workspace=row.workspace,
            video=row.id,
            month=month_of(at),
            seconds=float(Fraction(row.seconds)),
            frames_drawn=int(row.ways.get("drawn", 0)) + int(row.ways.get("redrawn", 0)),
            work_seconds=float(work or 0.0),
            created_at=at,
        )
    )
