"""What a workspace has on its shelf: trees of films as projects, their names and stars, and chunks that are drawn already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from vitascope.jobs.errors import Conflict, Invalid
from vitascope.jobs.rows import video_of
from vitascope.jobs.tables import ChunkRow, VideoRow
from vitascope.jobs.values import State, Video
from vitascope.jobs.videos import find

__all__ = ["DrawnChunk", "Tree", "drawn_chunks", "mark", "trees"]

NAME_LONGEST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A film with all that was made from it. `latest` is the newest of `count` films; `root` is None once it was deleted."""

    id: str
    """That of the first film."""
    root: Video | None
    latest: Video
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnChunk:
    """A chunk of a film, while it is made and afterwards: `first` is its first frame in the film, from 0."""

    number: int
    first: int
    frames: int
    address: str | None
    """Hexadecimal; None until it is drawn."""
    opening: str | None = None
    """The address of its first frames while it is drawn, if they can be seen; the chunk gets another one."""


def trees(session: Session, workspace: str, *, limit: int) -> list[Tree]:
    """The trees of a workspace, those first in which something was made last."""
    newest = func.max(VideoRow.ordinal).label("newest")
    grouped = (
        select(VideoRow.root, newest, func.count().label("count"))
        .where(VideoRow.workspace == workspace)
        .group_by(VideoRow.root)
        .order_by(newest.desc())
        .limit(limit)
    )
    found = []
    for root, ordinal, count in session.execute(grouped):
        first = session.get(VideoRow, root)
        latest = session.scalars(select(VideoRow).where(VideoRow.ordinal == ordinal)).one()
        found.append(
            Tree(id=root, root=None if first is None else video_of(first), latest=video_of(latest), count=count)
        )
    return found


def mark(session: Session, workspace: str, video: str, *, name: str | None, starred: bool | None) -> Video:
    """Gives a film a name ("" takes it away) or a star; what is None stays. Raises Missing, Invalid, and Conflict while the
    film is made: its row is being written then."""
    row = find(session, workspace, video)
    if not State(row.state).is_end:
        raise Conflict(f"The film {video} is {row.state}; wait until it is completed.", code="not_completed")
    values: dict[str, object] = {}
    if name is not None:
        values["name"] = _checked(name) or None
    if starred is not None:
        values["starred"] = starred
    if values:
        session.execute(
            update(VideoRow).where(VideoRow.id == row.id).values(version=VideoRow.version + 1, **values)  # type: ignore[arg-type]
        )
        session.refresh(row)
    return video_of(row)


def drawn_chunks(session: Session, row: VideoRow, openings: Mapping[int, str]) -> tuple[DrawnChunk, ...]:
    """The chunks of a film in its order; none before it is begun, or when another server makes it."""
    kept = session.scalars(select(ChunkRow).where(ChunkRow.video == row.id).order_by(ChunkRow.number)).all()
    found, first = [], 0
    for one in kept:
        opening = openings.get(one.number) if one.address is None else None
        found.append(
            DrawnChunk(number=one.number, first=first, frames=one.frames, address=one.address, opening=opening)
        )
        first += one.frames
    return tuple(found)


def _checked(name: str) -> str:
    plain = " ".join(name.split())
    if len(plain) > NAME_LONGEST or not all(letter.isprintable() for letter in plain):
        raise Invalid(f"The name has {len(plain)} letters; give up to {NAME_LONGEST} printable ones.", param="name")
    return plain
