"""How things are, as numbers for operators. Only reads."""

from __future__ import annotations

from sqlalchemy import func, select

from vitascope.jobs.database import Database
from vitascope.jobs.tables import ChunkRow, DeliveryRow, EndpointRow, VideoRow

__all__ = ["films_by_state", "seconds_of_chunks", "webhooks_waiting"]


def films_by_state(database: Database) -> dict[str, int]:
    """How many films there are in each state that any is in."""
    with database.session() as session:
        asked = select(VideoRow.state, func.count()).group_by(VideoRow.state)
        return {row[0]: row[1] for row in session.execute(asked)}


def seconds_of_chunks(database: Database, video: str) -> list[float]:
    """What each chunk of a film took to draw, as far as that was noted."""
    with database.session() as session:
        asked = select(ChunkRow.seconds).where(ChunkRow.video == video, ChunkRow.seconds.is_not(None))
        return [seconds for seconds in session.scalars(asked) if seconds is not None]


def webhooks_waiting(database: Database) -> int:
    """Events that have not arrived yet and may still do so."""
    with database.session() as session:
        asked = (
            select(func.count())
            .select_from(DeliveryRow)
            .join(EndpointRow, EndpointRow.id == DeliveryRow.endpoint)
            .where(DeliveryRow.delivered_at.is_(None), EndpointRow.disabled.is_(False))
        )
        return session.scalar(asked) or 0
