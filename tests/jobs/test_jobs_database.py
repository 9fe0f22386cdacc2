"""The database: the same promises on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, event, func, insert, select, text, update

from vitascope.jobs.database import Database, DatabaseError
from vitascope.jobs.errors import TooBusy
from vitascope.jobs.ids import new_id
from vitascope.jobs.tables import AccountRow, AuditRow, MemberRow, Table, WorkspaceRow


def account(id_: str = "account_1", **fields) -> AccountRow:
    return AccountRow(id=id_, name="Ada", tier="free", created_at=1, **fields)


def test_migrations_build_exactly_the_tables(database: Database):
    """What the steps make is what the code speaks of: names, types, keys and indices."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Table.metadata) == []


def test_migrating_again_changes_nothing(database: Database):
    """A server that starts on its own database finds it as it was."""
    with database.writing() as session:
        session.add(account())

    database.migrate()

    with database.session() as session:
        assert session.get_one(AccountRow, "account_1").name == "Ada"
    database.check()


def test_servers_that_start_together_migrate_once(database_url: str):
    """Whoever comes second waits, and finds the tables made."""
    servers = [Database(database_url) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Database.migrate, servers))

    for server in servers:
        server.check()
        server.close()


def test_a_server_waits_for_the_one_that_makes_the_file(tmp_path: Path):
    """SQLite refuses at once to change how a file is logged that another program writes; the server asks again."""
    maker = sqlite3.connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)
    maker.execute("BEGIN IMMEDIATE")
    threading.Timer(0.2, maker.rollback).start()
    server = Database(f"sqlite:///{tmp_path / 'new.db'}")

    server.migrate()

    server.check()
    server.close()
    maker.close()


def test_a_database_without_tables_is_not_ready(database_url: str):
    """The check says what to do."""
    database = Database(database_url)

    with pytest.raises(DatabaseError, match="run `vitascope admin migrate`"):
        database.check()
    database.close()


def test_a_database_of_a_newer_program_is_left_alone(database: Database):
    """A step that is not known here is never guessed at."""
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseError, match="newer Vitascope \\(revision 9999 is not known here\\)"):
        database.migrate()


def test_a_database_of_another_program_is_left_alone(database_url: str):
    """Tables of the same names that we did not make are not ours to change."""
    database = Database(database_url)
    with database.writing() as session:
        session.execute(text("CREATE TABLE videos (title TEXT)"))

    with pytest.raises(DatabaseError, match="tables called videos that Vitascope did not make"):
        database.migrate()
    database.close()


def test_writing_is_whole_or_not_at_all(database: Database):
    """An exception undoes everything, and is the caller's to see."""

    def fail_midway() -> None:
        with database.writing() as session:
            session.add(account())
            session.flush()
            raise LookupError("something else")

    with pytest.raises(LookupError, match="something else"):
        fail_midway()

    with database.session() as session:
        assert session.scalars(select(AccountRow)).all() == []


def test_one_writer_at_a_time_makes_look_then_write_safe(database: Database):
    """Threads that count and then write never count the same."""
    with database.writing() as session:
        session.add(account())

    def add_one(_: int) -> None:
        with database.writing() as session:
            seen = session.scalar(select(func.count()).select_from(AuditRow))
            session.add(AuditRow(created_at=seen, action="test"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(40)))

    with database.session() as session:
        assert sorted(session.scalars(select(AuditRow.created_at))) == list(range(40))


def test_reading_goes_on_beside_a_writer(database: Database):
    """A reader neither waits for a writer nor sees what is not committed."""
    with database.writing() as writer:
        writer.add(account())
        writer.flush()

        with database.session() as reader:
            assert reader.get(AccountRow, "account_1") is None


@pytest.mark.parametrize("statement", [insert, update, delete])
def test_a_session_for_reading_refuses_to_write(database: Database, statement):
    """The mistake shows at once, not when somebody else happens to write in between."""
    with pytest.raises(RuntimeError, match=r"writing\(\)"), database.session() as session:
        session.execute(statement(AccountRow))

    with database.session() as session:
        session.add(account())
        with pytest.raises(RuntimeError, match=r"writing\(\)"):
            session.flush()


def test_a_writer_that_waits_too_long_is_told_to_come_again(database: Database):
    """A stuck writer holds others up for a while, not for ever."""
    impatient = "PRAGMA busy_timeout=50" if database.is_sqlite else "SET lock_timeout='50ms'"
    other = Database(database.url)

    def ask_for_little(connection, _):
        connection.execute(impatient)
        if not other.is_sqlite:
            connection.commit()

    event.listen(other.engine, "connect", ask_for_little)
    with database.writing(), pytest.raises(TooBusy) as caught, other.writing():
        pass

    assert caught.value.retry_after == 1.0
    other.close()


def test_more_readers_than_connections_are_told_to_come_again(database: Database, monkeypatch: pytest.MonkeyPatch):
    """The server says that it is busy instead of piling up what waits."""
    pool = database.engine.pool
    monkeypatch.setattr(pool, "_timeout", 0.05)

    with ExitStack() as held:
        for _ in range(pool.size() + pool._max_overflow):
            held.enter_context(database.session()).execute(text("SELECT 1"))

        with pytest.raises(TooBusy), database.session() as session:
            session.execute(text("SELECT 1"))


def test_a_snapshot_stays_as_it_was(database: Database):
    """A long look at everything does not change while others write."""
    with database.snapshot() as look:
        before = look.scalar(select(func.count()).select_from(AccountRow))
        with database.writing() as session:
            session.add(account())
        after = look.scalar(select(func.count()).select_from(AccountRow))

    assert (before, after) == (0, 0)


def test_what_belongs_to_a_workspace_goes_with_it(database: Database):
    """Foreign keys hold on SQLite too."""
    with database.writing() as session:
        session.add_all([account(), WorkspaceRow(id="workspace_1", name="Studio", created_at=1)])
        session.flush()
        session.add(MemberRow(workspace="workspace_1", account="account_1", role="owner"))

    with database.writing() as session:
        session.execute(delete(WorkspaceRow))

    with database.session() as session:
        assert session.scalars(select(MemberRow)).all() == []


def test_sqlite_is_kept_beside_its_log(tmp_path: Path):
    """Readers and a writer at once need the write-ahead log; the folder is made when it is missing."""
    database = Database(f"sqlite:///{tmp_path}/deep/er/vitascope.db")

    database.migrate()

    assert sqlite3.connect(tmp_path / "deep/er/vitascope.db").execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://somebody@host/films", "'mysql' are not supported"),
        ("postgresql+asyncpg://host/films", "'postgresql\\+asyncpg' are not supported"),
        ("vitascope.db", "cannot be read"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_a_wrong_url_is_answered_with_what_is_allowed(url: str, sentence: str):
    """One sentence, with the form that holds."""
    with pytest.raises(DatabaseError, match=sentence) as caught:
        Database(url)

    assert "sqlite:///FILE" in caught.value.message


@pytest.mark.parametrize("form", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_usual_form_of_a_url_is_understood(postgres_url: str, form: str):
    """The driver is our affair."""
    database = Database(postgres_url.replace("postgresql", form, 1))

    database.migrate()

    database.check()
    database.close()


def test_a_missing_driver_is_answered_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    """PostgreSQL is an extra."""
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(DatabaseError, match=r"pip install 'vitascope\[postgres\]'"):
        Database("postgresql://host/films")


def test_a_server_that_is_not_there_is_a_sentence_without_the_password():
    """Where and why, and nothing that should not be in a log."""
    database = Database("postgresql://ada:secret@127.0.0.1:1/films")

    with pytest.raises(
        DatabaseError, match=r"postgresql\+psycopg://ada:\*\*\*@127.0.0.1:1/films cannot be used"
    ) as caught:
        database.migrate()
    assert "secret" not in caught.value.message
    assert caught.value.retry_after is not None


def test_a_database_that_does_not_exist_is_a_sentence(postgres_server: str):
    """The server's own words say which."""
    database = Database(postgres_server.format(name="nowhere"))

    with pytest.raises(DatabaseError, match='database "nowhere" does not exist'), database.session() as session:
        session.execute(text("SELECT 1"))


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path):
    """A wrong file is not overwritten."""
    (tmp_path / "letter.db").write_text("Dear Ada, this is not a database. " * 40)

    with pytest.raises(DatabaseError, match="file is not a database"):
        Database(f"sqlite:///{tmp_path}/letter.db").migrate()


def test_ids_say_their_kind_and_cannot_be_guessed():
    """130 random bits; threads never get the same."""
    found: set[str] = set()
    threads = [threading.Thread(target=lambda: found.update(new_id("video") for _ in range(500))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 2000
    assert all(id_.startswith("video_") and len(id_) == 32 and id_ == id_.lower() for id_ in found)
