"""What is deleted when its time is over, and what lies in storage though nothing names it any more.

A row goes first and its files after it: whoever is killed in between leaves files that the next sweep finds. What was written
within the last day is never taken for left behind: its row may be yet to come.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, delete, false, or_, select

from vitascope.jobs.database import Database
from vitascope.jobs.shared_store import forget_chunks
from vitascope.jobs.storage import Storage
from vitascope.jobs.tables import (
    AccountRow,
    CharacterRow,
    ChunkRow,
    DeliveryRow,
    FileRow,
    MemberRow,
    VideoRow,
    WorkspaceRow,
)
from vitascope.jobs.talks import CONVERSATIONS, RESPONSES, made_at
from vitascope.jobs.tiers import tier_named, tiers
from vitascope.jobs.values import State

__all__ = ["Swept", "sweep"]

_DAY = 86_400
_DELIVERIES_KEPT = 30 * _DAY
_AT_ONCE = 200
_ENDS = [state.value for state in State if state.is_end]
_LOST = [State.FAILED.value, State.CANCELLED.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many films, uploaded files, files of talks and notes of deliveries were over; how many prefixes and chunks nothing
    named."""

    films: int
    files: int
    talks: int
    deliveries: int
    orphans: int
    chunks: int


def sweep(database: Database, storage: Storage, *, now: float | None = None) -> Swept:
    """Delete what is over at `now` [s since 1970]. May be run at any time, by several servers at once.

    A completed film is over when it expires, one that failed or was cancelled after the days that its account's tier keeps
    films. What was said goes after the days of the tier that keeps films the longest of those in its workspace. What films cost
    stays in the ledger. Raises TooBusy, DatabaseError, StorageError; the next sweep goes on.
    """
    moment = time.time() if now is None else now
    films = _sweep_films(database, storage, moment)
    files = _sweep_files(database, storage, moment)
    talks = _sweep_talks(database, storage, moment)
    with database.writing() as session:
        old = delete(DeliveryRow).where(DeliveryRow.next_at < moment - _DELIVERIES_KEPT)
        deliveries = session.execute(old).rowcount  # type: ignore[attr-defined]
    orphans = 0
    for prefix in _orphans(database, storage):
        if _is_old(storage, prefix, moment):
            storage.delete(prefix)
            orphans += 1
    chunks = forget_chunks(storage, _chunks(database))
    storage.sweep()
    return Swept(films=films, files=files, talks=talks, deliveries=deliveries, orphans=orphans, chunks=chunks)


def _sweep_films(database: Database, storage: Storage, now: float) -> int:
    kept_for = {name: tier.retention_days for name, tier in tiers().items()}
    lost = [
        and_(AccountRow.tier == name, VideoRow.created_at <= now - days * _DAY)
        for name, days in kept_for.items()
        if days is not None
    ]
    over = and_(
        VideoRow.state.in_(_ENDS), or_(VideoRow.expires_at <= now, and_(VideoRow.state.in_(_LOST), or_(false(), *lost)))
    )
    asked = select(VideoRow.id).join(AccountRow, AccountRow.id == VideoRow.account).where(over).limit(_AT_ONCE)
    swept = 0
    while True:
        with database.writing() as session:
            ids = session.scalars(asked).all()
            session.execute(delete(VideoRow).where(VideoRow.id.in_(ids)))
        for video in ids:
            storage.delete(f"videos/{video}")
        swept += len(ids)
        if len(ids) < _AT_ONCE:
            return swept


def _sweep_files(database: Database, storage: Storage, now: float) -> int:
    with database.writing() as session:
        over = session.execute(select(FileRow.id, FileRow.storage_key).where(FileRow.expires_at <= now)).all()
        for id_, _ in over:
            session.execute(delete(FileRow).where(FileRow.id == id_))
    for _, key in over:
        storage.delete(key)
    return len(over)


def _sweep_talks(database: Database, storage: Storage, now: float) -> int:
    swept = 0
    for folder in (RESPONSES, CONVERSATIONS):
        for workspaces in _slices(storage.children(folder)):
            kept_for = _kept_for(database, _ids(workspaces))
            for workspace in workspaces:
                over = now - kept_for.get(_last(workspace), math.inf) * _DAY
                for file in storage.files(workspace) if over > -math.inf else ():
                    if (made_at(file.key) or file.modified) <= over:
                        storage.delete(file.key)
                        swept += 1
    return swept


def _kept_for(database: Database, workspaces: Sequence[str]) -> dict[str, float]:
    """For how many days what was said in each workspace is kept; where there is no end, there is no entry."""
    with database.session() as session:
        asked = select(MemberRow.workspace, AccountRow.tier).join(AccountRow, AccountRow.id == MemberRow.account)
        tiers_in = session.execute(asked.where(MemberRow.workspace.in_(workspaces))).all()
    kept: dict[str, float] = {}
    for workspace, tier in tiers_in:
        days = tier_named(tier).retention_days
        kept[workspace] = max(kept.get(workspace, 0), math.inf if days is None else days)
    return {workspace: days for workspace, days in kept.items() if days < math.inf}


def _orphans(database: Database, storage: Storage) -> Iterator[str]:
    """Prefixes that no row names, old or not."""
    for videos in _slices(storage.children("videos")):
        with database.session() as session:
            asked = select(VideoRow.id, VideoRow.state, VideoRow.prefix).where(VideoRow.id.in_(_ids(videos)))
            rows = {id_: (state, prefix) for id_, state, prefix in session.execute(asked)}
        for video in videos:
            state, prefix = rows.get(_last(video), (State.CANCELLED.value, None))
            if state in _ENDS:
                yield from (attempt for attempt in storage.children(video) if attempt != prefix)
    for folder, kind in (("files", FileRow), ("characters", CharacterRow)):
        yield from _nameless(database, storage, folder, kind)
    for workspace in storage.children("uploads"):
        with database.session() as session:
            wishes = session.scalars(select(VideoRow.wish).where(VideoRow.workspace == _last(workspace)))
            named = {wish.get("picture") for wish in wishes}
        yield from (key for key in storage.children(workspace) if key not in named)
    for folder in (RESPONSES, CONVERSATIONS):
        yield from _nameless(database, storage, folder, WorkspaceRow)
    yield from storage.children("check")


def _chunks(database: Database) -> set[str]:
    """The addresses of the chunks of all films that are there, or are being made."""
    with database.session() as session:
        drawn = session.scalars(select(ChunkRow.address).where(ChunkRow.address.is_not(None)))
        wanted = {address for address in drawn if address is not None}
        for addresses in session.scalars(select(VideoRow.chunks).execution_options(yield_per=_AT_ONCE)):
            wanted.update(addresses)
        return wanted


def _nameless(
    database: Database, storage: Storage, folder: str, kind: type[FileRow | CharacterRow | WorkspaceRow]
) -> Iterator[str]:
    for keys in _slices(storage.children(folder)):
        with database.session() as session:
            known = set(session.scalars(select(kind.id).where(kind.id.in_(_ids(keys)))))
        yield from (key for key in keys if _last(key) not in known)


def _is_old(storage: Storage, prefix: str, now: float) -> bool:
    """Whether nothing at or below `prefix` was written within the last day."""
    return max((file.modified for file in storage.files(prefix)), default=0.0) < now - _DAY


def _slices(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))


def _ids(keys: Sequence[str]) -> list[str]:
    return [_last(key) for key in keys]


def _last(key: str) -> str:
    return key.rpartition("/")[2]
