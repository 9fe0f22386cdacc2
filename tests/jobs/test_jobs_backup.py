"""Backup and restore: a server comes back as it was, on whatever kind of database and storage."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from filled import fill, film_row
from sqlalchemy import select

from vitascope.jobs import backup as module
from vitascope.jobs.accounts import Accounts
from vitascope.jobs.audit import Audit
from vitascope.jobs.backup import BackupError, Saved, backup, restore
from vitascope.jobs.database import Database
from vitascope.jobs.ledger import Ledger
from vitascope.jobs.storage import Storage, StorageError
from vitascope.jobs.tables import AuditRow, Table
from vitascope.jobs.talks import conversation_key, response_key


def all_rows(database: Database) -> dict[str, list[tuple]]:
    """Everything that is in the database."""
    with database.snapshot() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in Table.metadata.sorted_tables
        }


def all_files(storage: Storage) -> dict[str, bytes]:
    """Everything that is in storage."""
    return {file.key: storage.read(file.key) for file in storage.files()}


def small_backup(tmp_path: Path, *, filled: bool = False) -> Path:
    """Of an empty server, or one with something of everything."""
    first, storage = Database(f"sqlite:///{tmp_path}/first.db"), Storage(str(tmp_path / "storage"))
    first.migrate()
    if filled:
        fill(first, storage)
    backup(first, storage, tmp_path / "saved")
    first.close()
    return tmp_path / "saved"


@pytest.fixture
def saved(database: Database, storage: Storage, tmp_path: Path) -> Saved:
    """A backup of a server with rows in every table, in the folder `saved`."""
    fill(database, storage)
    return backup(database, storage, tmp_path / "saved")


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path):
    """An empty database of either kind, not of the kind of the first alone."""
    here = f"sqlite:///{tmp_path}/elsewhere.db"
    url = here if request.param == "sqlite" else request.getfixturevalue("another_postgres_url")
    opened = Database(url)
    yield opened
    opened.close()


def test_every_table_has_rows_to_save(database: Database, storage: Storage):
    """What follows would mean little for a table that is empty."""
    fill(database, storage)

    assert all(all_rows(database).values())


@pytest.mark.usefixtures("saved")
def test_a_server_moves_to_another_database_and_another_storage(
    database: Database, storage: Storage, elsewhere: Database, tmp_path: Path
):
    """Row by row and byte by byte, between SQLite and PostgreSQL, a folder and a bucket; but what can be made again."""
    other = Storage(str(tmp_path / "other"))

    restore(elsewhere, other, tmp_path / "saved")

    assert all_rows(elsewhere) == all_rows(database)
    files = all_files(storage)
    assert files.pop("chunks/" + "ab" * 32) == b"chunk"
    assert all_files(other) == files
    elsewhere.check()


def test_a_restored_server_goes_on(elsewhere: Database, tmp_path: Path):
    """Keys hold, and what is numbered goes on after the last number."""
    first = Database(f"sqlite:///{tmp_path}/first.db")
    first.migrate()
    storage = Storage(str(tmp_path / "storage"))
    caller, secret = fill(first, storage)
    backup(first, storage, tmp_path / "saved")
    first.close()

    restore(elsewhere, Storage(str(tmp_path / "other")), tmp_path / "saved")

    assert Accounts(elsewhere).authenticate(secret) == caller
    (said,) = Storage(str(tmp_path / "other")).keys(f"responses/{caller.workspace}")
    pointer = conversation_key(caller.workspace, "about a ball")
    assert said == response_key(caller.workspace, Storage(str(tmp_path / "other")).read(pointer).decode())
    Audit(elsewhere).note("key.revoke", caller=caller)
    Ledger(elsewhere).catch_up()
    assert [entry.id for entry in Audit(elsewhere).entries()] == [18, 17]


def test_a_backup_says_what_is_in_it(saved: Saved, tmp_path: Path):
    """Counts for the operator, and nothing but the owner can read it."""
    assert saved.rows["videos"] == 2
    assert (saved.files, saved.size_bytes) == (6, 400_000 + 2 + 5 + 4 + 32 + 37)
    assert (tmp_path / "saved").stat().st_mode & 0o777 == 0o700
    assert [path.name for path in tmp_path.glob(".*saved*")] == []


def test_a_backup_is_of_one_moment(
    database: Database, storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """What is written while it is made is in it whole or not at all."""
    caller, _ = fill(database, storage)
    dumps = json.dumps

    def slow_dumps(*arguments, **named):
        with database.writing() as session:
            if not session.scalar(select(AuditRow.id).where(AuditRow.action == "meanwhile")):
                session.add(film_row(caller, 3))
                session.add(AuditRow(created_at=2, action="meanwhile", object="video_3"))
        return dumps(*arguments, **named)

    monkeypatch.setattr(module.json, "dumps", slow_dumps)
    saved = backup(database, storage, tmp_path / "saved")

    assert (saved.rows["videos"], saved.rows["audit"]) == (2, 1)
    assert {name: len(rows) for name, rows in all_rows(database).items()}["videos"] == 3


@pytest.mark.usefixtures("saved")
def test_a_database_with_rows_is_not_overwritten(database: Database, tmp_path: Path):
    """Whatever is there, is not lost to a slip."""
    before = all_rows(database)

    with pytest.raises(BackupError, match="database without rows, and the table"):
        restore(database, Storage(str(tmp_path / "other")), tmp_path / "saved")

    assert all_rows(database) == before
    assert all_files(Storage(str(tmp_path / "other"))) == {}


@pytest.mark.parametrize("damage", ["rows/videos.jsonl", "files.jsonl", "files/videos/video_1/1/film.mp4"])
@pytest.mark.parametrize("way", ["changed", "gone"])
def test_a_damaged_backup_changes_nothing(tmp_path: Path, damage: str, way: str):
    """Everything is looked over before the first row is written."""
    broken = small_backup(tmp_path, filled=True) / damage
    if way == "gone":
        broken.unlink()
    else:
        content = bytearray(broken.read_bytes())
        content[len(content) // 2] ^= 1
        broken.write_bytes(content)
    empty = Database(f"sqlite:///{tmp_path}/empty.db")
    other = Storage(str(tmp_path / "other"))

    with pytest.raises(BackupError, match=f"damaged: .*{damage}"):
        restore(empty, other, tmp_path / "saved")

    assert empty.revision() is None
    assert all_files(other) == {}
    empty.close()


def test_a_folder_that_is_no_backup_is_refused(tmp_path: Path):
    """A backup without its list was never finished."""
    empty = Database(f"sqlite:///{tmp_path}/empty.db")

    with pytest.raises(BackupError, match="not a whole backup"):
        restore(empty, Storage(str(tmp_path / "other")), tmp_path)
    empty.close()


def test_a_backup_of_a_newer_program_is_refused(tmp_path: Path):
    """Its tables are not known here."""
    saved = small_backup(tmp_path)
    told = json.loads((saved / "backup.json").read_text())
    (saved / "backup.json").write_text(json.dumps(told | {"revision": "9999"}))
    empty = Database(f"sqlite:///{tmp_path}/empty.db")

    with pytest.raises(BackupError, match="newer Vitascope \\(revision 9999\\)"):
        restore(empty, Storage(str(tmp_path / "other")), saved)
    empty.close()


def test_a_backup_never_overwrites_another(tmp_path: Path):
    """It goes into a new folder."""
    saved = small_backup(tmp_path)
    first = Database(f"sqlite:///{tmp_path}/first.db")

    with pytest.raises(BackupError, match="does not exist yet"):
        backup(first, Storage(str(tmp_path / "storage")), saved)
    first.close()


def test_a_list_cannot_reach_outside_the_backup(tmp_path: Path):
    """A backup from elsewhere puts no file of this machine into storage."""
    saved = small_backup(tmp_path)
    line = json.dumps({"key": "../../etc/hostname", "size": 1, "sha256": "x"}) + "\n"
    (saved / "files.jsonl").write_text(line)
    told = json.loads((saved / "backup.json").read_text())
    told["digests"]["files.jsonl"] = hashlib.sha256(line.encode()).hexdigest()
    (saved / "backup.json").write_text(json.dumps(told))
    empty = Database(f"sqlite:///{tmp_path}/empty.db")

    with pytest.raises(StorageError, match="not a storage key"):
        restore(empty, Storage(str(tmp_path / "other")), saved)
    empty.close()
