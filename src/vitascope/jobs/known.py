"""Which films are known here: by a file that comes back, or by an id that was signed."""

from __future__ import annotations

from sqlalchemy import select

from vitascope.jobs.database import Database
from vitascope.jobs.tables import VideoRow
from vitascope.provenance import digest_film

__all__ = ["film_of_file", "workspace_of"]


def film_of_file(database: Database, workspace: str, sha256: str, film_sha256: str | None) -> str | None:
    """The id of the film in `workspace` whose file has this digest, or else whose document has that one.

    A file that was copied is found by its bytes; one that was packed anew still says which document it was made of.
    """
    with database.session() as session:
        mine = select(VideoRow.id).where(VideoRow.workspace == workspace, VideoRow.state == "completed")
        found = session.scalar(mine.where(VideoRow.sha256 == sha256).order_by(VideoRow.ordinal.desc()).limit(1))
        if found is not None or film_sha256 is None:
            return found
        documents = select(VideoRow.id, VideoRow.film).where(
            VideoRow.workspace == workspace, VideoRow.state == "completed", VideoRow.film.is_not(None)
        )
        for video, film in session.execute(documents.order_by(VideoRow.ordinal.desc()).execution_options(yield_per=50)):
            if film is not None and digest_film(film.encode()) == film_sha256:
                return video
    return None


def workspace_of(database: Database, video: str) -> str | None:
    """The workspace of a film."""
    with database.session() as session:
        return session.scalar(select(VideoRow.workspace).where(VideoRow.id == video))
