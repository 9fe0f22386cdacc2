"""Files that a workspace uploads or a batch writes. Their bytes are kept as they came and never interpreted here."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vitascope.jobs.accounts import need_role
from vitascope.jobs.audit import record
from vitascope.jobs.database import Database
from vitascope.jobs.errors import Conflict, Forbidden, Invalid, Missing
from vitascope.jobs.ids import new_id
from vitascope.jobs.storage import Storage
from vitascope.jobs.tables import BatchRow, FileRow
from vitascope.jobs.tiers import tier_named
from vitascope.jobs.values import Caller, Page, Role

__all__ = ["BATCH_OUTPUT", "PURPOSES", "Files", "StoredFile"]

PURPOSES = {"batch": 50_000_000, "user_data": 200_000_000, "vision": 20_000_000}
"""For each purpose that may be given, how many bytes a file may have."""
BATCH_OUTPUT = "batch_output"
WORKSPACE_BYTES_MAX = 20_000_000_000
EXPIRY = (3600, 2_592_000)
BATCH_KEPT_SECONDS = 2_592_000
PAGE_MAX = 10_000
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What is known of a file. Times are seconds since 1970."""

    id: str
    purpose: str
    filename: str
    media_type: str
    size_bytes: int
    storage_key: str
    created_at: int
    expires_at: int | None


class Files:
    """The files of workspaces. Raises JobError for what cannot be done."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage

    def create(
        self,
        caller: Caller,
        source: Path | bytes,
        *,
        filename: str,
        purpose: str,
        media_type: str | None = None,
        expires_after: int | None = None,
    ) -> StoredFile:
        """Keeps `source`; for `expires_after` [s] if given, 30 days for the purpose batch, else until it is deleted."""
        need_role(caller, Role.EDITOR)
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        check_upload(purpose, size, tier_named(caller.tier).upload_bytes)
        if expires_after is not None and not EXPIRY[0] <= expires_after <= EXPIRY[1]:
            raise Invalid(
                f"The file shall expire after {expires_after} s; give {EXPIRY[0]} to {EXPIRY[1]} (30 days).",
                param="expires_after[seconds]",
            )
        if expires_after is None and purpose == "batch":
            expires_after = BATCH_KEPT_SECONDS
        return self._keep(
            caller, source, size, filename=filename, purpose=purpose, media_type=media_type, expires_after=expires_after
        )

    def write(self, caller: Caller, source: Path, *, filename: str, expires_after: int | None) -> StoredFile:
        """Keeps what a batch wrote for `caller`."""
        return self._keep(
            caller, source, source.stat().st_size, filename=filename, purpose=BATCH_OUTPUT,
            media_type="application/jsonl", expires_after=expires_after,
        )  # fmt: skip

    def file(self, caller: Caller, file: str) -> StoredFile:
        """Raises Missing, also for a file that has expired."""
        with self._database.session() as session:
            return _stored(_own(session, caller, file))

    def files(
        self,
        caller: Caller,
        *,
        after: str | None = None,
        limit: int = PAGE_MAX,
        ascending: bool = False,
        purpose: str | None = None,
    ) -> Page[StoredFile]:
        """Those of the workspace by time."""
        made, by_id = FileRow.created_at, FileRow.id
        with self._database.session() as session:
            wanted = select(FileRow).where(FileRow.workspace == caller.workspace, _alive())
            if purpose is not None:
                wanted = wanted.where(FileRow.purpose == purpose)
            if after is not None:
                last = _own(session, caller, after)
                older = (made < last.created_at) | ((made == last.created_at) & (by_id < last.id))
                newer = (made > last.created_at) | ((made == last.created_at) & (by_id > last.id))
                wanted = wanted.where(newer if ascending else older)
            order = (made, by_id) if ascending else (made.desc(), by_id.desc())
            rows = session.scalars(wanted.order_by(*order).limit(limit + 1)).all()
            return Page(items=tuple(_stored(row) for row in rows[:limit]), has_more=len(rows) > limit)

    def stream(self, caller: Caller, file: str) -> tuple[BinaryIO, str]:
        """The bytes of a file, and what they were declared to be."""
        found = self.file(caller, file)
        try:
            return self._storage.open(found.storage_key), found.media_type
        except FileNotFoundError:
            raise Missing(f"The bytes of the file {file[:80]!r} are no longer in the storage.") from None

    def read_input(self, file: str) -> bytes:
        """The bytes of the file of a batch under way, for whoever makes it."""
        with self._database.session() as session:
            row = session.get(FileRow, file)
        try:
            return self._storage.read(row.storage_key if row else f"files/{file}")
        except FileNotFoundError:
            raise Missing(f"The bytes of the file {file} are no longer in the storage.") from None

    def delete(self, caller: Caller, file: str) -> None:
        """Deletes the file. Raises Conflict while a batch is made from it."""
        need_role(caller, Role.EDITOR)
        with self._database.writing() as session:
            row = _own(session, caller, file)
            if session.scalar(select(BatchRow.id).where(BatchRow.input_file == file, _under_way()).limit(1)):
                raise Conflict("A batch is made from this file; cancel it, or wait for its end.")
            key = row.storage_key
            session.delete(row)
            record(session, "file.delete", caller=caller, object=file)
        self._storage.delete(key)

    def _keep(
        self,
        caller: Caller,
        source: Path | bytes,
        size: int,
        *,
        filename: str,
        purpose: str,
        media_type: str | None,
        expires_after: int | None,
    ) -> StoredFile:
        self._check_room(caller, size)
        file, now = new_id("file"), int(time.time())
        media_type = media_type if media_type and _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream"
        row = FileRow(
            id=file, workspace=caller.workspace, account=caller.account, purpose=purpose, filename=_safe_name(filename),
            media_type=media_type, size_bytes=size, storage_key=f"files/{file}", created_at=now,
            expires_at=None if expires_after is None else now + expires_after,
        )  # fmt: skip
        stored = _stored(row)
        self._storage.put(row.storage_key, source, media_type)
        try:
            with self._database.writing() as session:
                session.add(row)
                record(session, "file.create", caller=caller, object=file)
        except BaseException:
            self._storage.delete(stored.storage_key)
            raise
        return stored

    def _check_room(self, caller: Caller, size: int) -> None:
        with self._database.session() as session:
            used = (
                session.scalar(select(func.sum(FileRow.size_bytes)).where(FileRow.workspace == caller.workspace)) or 0
            )
        if used + size > WORKSPACE_BYTES_MAX:
            raise Forbidden(
                f"The files of this workspace have {used} bytes and may have {WORKSPACE_BYTES_MAX}; delete some first.",
                code="storage_full",
            )


def check_upload(purpose: str, size: int, most: int) -> None:
    """Raises Invalid unless a file of `size` bytes may be uploaded for `purpose` in a tier that allows `most` bytes."""
    if purpose not in PURPOSES:
        raise Invalid(
            f"The purpose {purpose[:80]!r} is not known; give one of: {', '.join(PURPOSES)}.", param="purpose"
        )
    most = min(most, PURPOSES[purpose])
    if not 1 <= size <= most:
        raise Invalid(f"The file has {size} bytes; for the purpose {purpose} it may have 1 to {most}.", param="file")


def _under_way():
    return BatchRow.completed_at.is_(None)


def _alive():
    return FileRow.expires_at.is_(None) | (FileRow.expires_at > int(time.time()))


def _own(session: Session, caller: Caller, file: str) -> FileRow:
    row = session.get(FileRow, file)
    if row is None or row.workspace != caller.workspace or (row.expires_at or time.time() + 1) <= time.time():
        raise Missing(f"There is no file {file[:80]!r} here.")
    return row


def _safe_name(name: str) -> str:
    """The last part of a path, without what cannot be printed; only ever shown, never opened."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(letter for letter in last if letter.isprintable())[:200] or "file"


def _stored(row: FileRow) -> StoredFile:
    return StoredFile(
        id=row.id, purpose=row.purpose, filename=row.filename, media_type=row.media_type, size_bytes=row.size_bytes,
        storage_key=row.storage_key, created_at=row.created_at, expires_at=row.expires_at,
    )  # fmt: skip
