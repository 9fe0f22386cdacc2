"""The whole server in one folder: all rows as lines of JSON, all files, and a list with digests of both.

The rows are what they were at one moment, and know nothing of the kind of database, so that a backup also moves a server from
SQLite to PostgreSQL, from a folder to a bucket, and back. The secrets of webhooks are in it: keep it as safe as the server.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, MetaData, Table, func, insert, select, text

from vitascope.jobs.database import Database
from vitascope.jobs.errors import JobError
from vitascope.jobs.migrations import steps
from vitascope.jobs.storage import Storage, checked_key
from vitascope.jobs.tables import Table as Base

__all__ = ["BackupError", "Saved", "backup", "restore"]

_LAYOUT = "vitascope-backup-1"
_LIST, _FILE_LIST, _ROWS, _FILES = "backup.json", "files.jsonl", "rows", "files"
_LEFT_OUT = ("check/", "chunks/")
"""What can be made again."""
_AT_ONCE = 500
_BLOCK = 2**20


class BackupError(JobError):
    """A backup that cannot be made or restored. The message is one sentence for the operator."""

    status, code = 409, "backup_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What is in a backup: rows by table, files and their bytes, and the digests of the lists of both."""

    revision: str
    created_at: int
    rows: dict[str, int]
    files: int
    size_bytes: int
    digests: dict[str, str]


def backup(database: Database, storage: Storage, target: Path) -> Saved:
    """Copy all rows, as they are now, and all files into a new folder, which appears when it is whole.

    The server may go on meanwhile: what it makes later is not in the backup, a film that it deletes meanwhile may lack its
    files. Raises BackupError when `target` exists, DatabaseError, StorageError.
    """
    if target.exists():
        raise BackupError(f"A backup goes into a folder that does not exist yet; give another than {target}.")
    database.check()
    part = target.parent / f".{target.name}.{secrets.token_hex(8)}"
    try:
        (part / _ROWS).mkdir(mode=0o700, parents=True)
        part.chmod(0o700)
        created_at = int(time.time())
        rows = _save_rows(database, part / _ROWS)
        files, size = _save_files(storage, part)
        digests = {name: _digest(part / name) for name in (_FILE_LIST, *(f"{_ROWS}/{table}.jsonl" for table in rows))}
        saved = Saved(
            revision=steps.newest(), created_at=created_at, rows=rows, files=files, size_bytes=size, digests=digests
        )
        (part / _LIST).write_text(json.dumps({"layout": _LAYOUT} | asdict(saved), indent=1), encoding="utf-8")
        os.replace(part, target)
    except OSError as error:
        raise BackupError(f"The backup cannot be written ({error.strerror or error}): {target}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return saved


def restore(database: Database, storage: Storage, source: Path) -> Saved:
    """Bring a backup back, into a database without rows. Files that lie under the same keys are replaced.

    Everything is looked over first, then files are put, then rows, all at once: when it fails, the database is still
    empty, and it can be run again. Raises BackupError, DatabaseError, StorageError.
    """
    saved = _opened(source)
    _look_over(source, saved)
    if database.revision() is None:
        database.migrate(saved.revision)
    elif database.revision() != saved.revision:
        raise BackupError(
            f"The database has tables of another revision than the backup ({saved.revision}); give a new one."
        )
    with database.snapshot() as connection:
        _refuse_rows(connection, database)
    for key, _, _ in _listed_files(source):
        storage.put(key, source / _FILES / key)
    with database.writing() as session:
        _load_rows(session.connection(), database, source, saved)
    database.migrate()
    return saved


def _save_rows(database: Database, folder: Path) -> dict[str, int]:
    counts = {}
    with database.snapshot() as connection:
        for table in Base.metadata.sorted_tables:
            counts[table.name] = 0
            asked = select(table).order_by(*table.primary_key).execution_options(yield_per=_AT_ONCE)
            with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8") as file:
                for row in connection.execute(asked).mappings():
                    file.write(json.dumps(dict(row), ensure_ascii=False) + "\n")
                    counts[table.name] += 1
    return counts


def _save_files(storage: Storage, part: Path) -> tuple[int, int]:
    count = total = 0
    with (part / _FILE_LIST).open("w", encoding="utf-8") as lines:
        for key in (file.key for file in storage.files() if not file.key.startswith(_LEFT_OUT)):
            path = part / _FILES / key
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with storage.open(key) as source, path.open("wb") as copy:
                    digest, size = _copied(source, copy)
            except FileNotFoundError:  # deleted since it was listed
                path.unlink(missing_ok=True)
                continue
            lines.write(json.dumps({"key": key, "size": size, "sha256": digest}) + "\n")
            count, total = count + 1, total + size
    return count, total


def _opened(source: Path) -> Saved:
    try:
        found = json.loads((source / _LIST).read_text(encoding="utf-8"))
        layout = found.pop("layout")
        saved = Saved(**found)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(
            f"This is not a whole backup; give a folder that `vitascope admin backup` made: {source}"
        ) from error
    if layout != _LAYOUT or not steps.is_known(saved.revision):
        raise BackupError(
            f"The backup is of a newer Vitascope (revision {saved.revision}); install that version: {source}"
        )
    return saved


def _look_over(source: Path, saved: Saved) -> None:
    for name, digest in saved.digests.items():
        if not _is_whole(source / name, digest):
            raise BackupError(f"The backup is damaged: {source / name}")
    for key, size, digest in _listed_files(source):
        path = source / _FILES / key
        if not path.is_file() or path.stat().st_size != size or not _is_whole(path, digest):
            raise BackupError(f"The backup is damaged: {path}")


def _listed_files(source: Path) -> Iterator[tuple[str, int, str]]:
    for line in _lines(source / _FILE_LIST):
        yield checked_key(line["key"]), line["size"], line["sha256"]


def _tables(connection: Connection) -> list[Table]:
    """The tables as they are in the database, those that others point to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _refuse_rows(connection: Connection, database: Database) -> None:
    for table in _tables(connection):
        if connection.scalar(select(func.count()).select_from(table)):
            raise BackupError(
                f"A backup is restored into a database without rows, and the table {table.name} has some; "
                f"give another database than {database.name}."
            )


def _load_rows(connection: Connection, database: Database, source: Path, saved: Saved) -> None:
    _refuse_rows(connection, database)
    for table in _tables(connection):
        rows: list[dict[str, Any]] = []
        for row in _lines(source / _ROWS / f"{table.name}.jsonl") if table.name in saved.rows else ():
            rows.append(row)
            if len(rows) == _AT_ONCE:
                connection.execute(insert(table), rows)
                rows = []
        if rows:
            connection.execute(insert(table), rows)
        counted = table.autoincrement_column
        if counted is not None and not database.is_sqlite:  # the next row is numbered after those that were put in
            name = {"table": table.name, "column": counted.name}
            last = connection.scalar(select(func.max(counted)))
            if last is not None:
                connection.execute(
                    text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"), name | {"last": last}
                )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _copied(source: BinaryIO, copy: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := source.read(_BLOCK):
        digest.update(piece)
        size += copy.write(piece)
    return digest.hexdigest(), size


def _is_whole(path: Path, digest: str) -> bool:
    return path.is_file() and _digest(path) == digest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
