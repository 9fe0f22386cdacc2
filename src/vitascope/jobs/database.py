"""The database, SQLite or PostgreSQL: read sessions beside each other, and one writer at a time in either.

One writer at a time is what makes "look, then write" safe without a thought: no two threads, processes or servers decide on
the same rows at once, none waits for another crosswise, and what holds on SQLite holds on PostgreSQL.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import ORMExecuteState, Session

from vitascope.jobs.errors import JobError, TooBusy
from vitascope.jobs.migrations import steps
from vitascope.jobs.tables import Table

__all__ = ["Database", "DatabaseError"]

_WAIT = 30
"""Seconds that a writer waits for its turn."""
_IDLE = 60
"""Seconds after which PostgreSQL ends a transaction in which nothing is asked, so that a hung server holds up no other."""
_TURN = 8_104_201_126
"""The advisory lock that stands for the turn to write; any number that others do not use."""
_BUSY = "The database is busy; try again in a moment."
_ALLOWED = "Give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."


class DatabaseError(JobError):
    """The database cannot be used. The message is one sentence, without a password in it."""

    status, code = 503, "database_unavailable"


class Database:
    """A database by its URL: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME. Safe to use from any thread."""

    def __init__(self, url: str) -> None:
        """Opens nothing yet. Raises DatabaseError for a URL that cannot be followed or a driver that is missing."""
        self.url = url
        parsed = _parsed(url)
        self.name = parsed.render_as_string(hide_password=True)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.engine = _engine(parsed)
        self._writer = self.engine.execution_options(writing=True)
        event.listen(self.engine, "begin", _begin_sqlite if self.is_sqlite else _begin_postgresql)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session to read in. Objects stay usable afterwards. Writing in it is a mistake that is told at once.

        Raises DatabaseError when the database cannot be reached.
        """
        with self._told(), _Reading(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session to read and write in, alone: committed at the end, undone by an exception. Keep it short.

        Raises TooBusy when others write for too long, DatabaseError when the database cannot be reached.
        """
        with self._told(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            session.connection()  # wait for the turn now, not at the first statement
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection on which everything is as it was at its first statement, however long it is read."""
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._told(), self.engine.connect().execution_options(**level) as connection:
            yield connection

    def migrate(self, revision: str = "head") -> None:
        """Bring the tables to `revision`, from none or from an older one; all or nothing, with one server at a time.

        Raises DatabaseError when the database cannot be reached, is of a newer Vitascope or of another program.
        """
        with self._told(), self._writer.connect() as connection:
            if (
                self.is_sqlite
            ):  # has no effect within a transaction; a table that is rebuilt would take its children along
                _raw(connection).execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    self._refuse_strange(connection)
                    steps.upgrade(connection, revision)
            finally:
                if self.is_sqlite:
                    _raw(connection).execute("PRAGMA foreign_keys=ON")

    def revision(self) -> str | None:
        """The revision of the tables, None where there are none."""
        with self._told(), self.engine.connect() as connection:
            return steps.current(connection)

    def check(self) -> None:
        """Raise DatabaseError unless the database answers and its tables are those of this version."""
        found, wanted = self.revision(), steps.newest()
        if found != wanted:
            raise DatabaseError(f"The tables are of revision {found}, not {wanted}; run `vitascope admin migrate`.")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _refuse_strange(self, connection: Connection) -> None:
        found = steps.current(connection)
        if found is None:
            strange = set(Table.metadata.tables) & set(inspect(connection).get_table_names())
            if strange:
                raise DatabaseError(
                    f"There are tables called {', '.join(sorted(strange))} that Vitascope did not make; "
                    f"give an empty database, not {self.name}."
                )
        elif not steps.is_known(found):
            raise DatabaseError(
                f"The database is of a newer Vitascope (revision {found} is not known here); "
                f"install that version, or give another database than {self.name}."
            )

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the driver raises for a lost or busy server into a sentence; other mistakes are ours and pass."""
        try:
            yield
        except PoolTimeout as error:
            raise TooBusy(_BUSY, retry_after=1.0) from error
        except DBAPIError as error:
            if _is_busy(error):
                raise TooBusy(_BUSY, retry_after=1.0) from error
            if reason := _unreachable(error):
                raise DatabaseError(f"The database {self.name} cannot be used: {reason}.", retry_after=5.0) from error
            raise


class _Reading(Session):
    """Refuses to write: on SQLite a reader that turns writer fails whenever another has written in between."""


@event.listens_for(_Reading, "before_flush")
def _refuse_flush(session: Session, *_: Any) -> None:
    raise RuntimeError("This session is for reading; write within `with database.writing() as session`.")


@event.listens_for(_Reading, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        _refuse_flush(state.session)


def _parsed(text_: str) -> URL:
    try:
        url = make_url(text_)
    except ArgumentError:
        raise DatabaseError(f"The database URL cannot be read. {_ALLOWED}") from None
    if url.drivername == "sqlite":
        if not url.database or url.database == ":memory:":
            raise DatabaseError("The database URL names no file; give sqlite:///FILE.")
        return url
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    raise DatabaseError(f"Databases of the kind {url.drivername!r} are not supported. {_ALLOWED}")


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url, connect_args={"timeout": _WAIT, "check_same_thread": False}, pool_size=16, max_overflow=16
        )
        event.listen(engine, "do_connect", lambda *_: _make_folder(url))
        event.listen(engine, "connect", _set_up_sqlite)
        return engine
    options = f"-c lock_timeout={_WAIT}s -c idle_in_transaction_session_timeout={_IDLE}s"
    try:
        return create_engine(
            url,
            connect_args={"connect_timeout": 10, "application_name": "vitascope", "options": options},
            pool_size=10,
            max_overflow=10,
            pool_pre_ping=True,
        )
    except ImportError as error:
        raise DatabaseError("PostgreSQL needs its driver; run `pip install 'vitascope[postgres]'`.") from error


def _make_folder(url: URL) -> None:
    assert url.database is not None
    try:
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(f"The folder of the database cannot be made ({error.strerror}): {url.database}") from error


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say so, below
    _begin_log(connection)
    for setting in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}")


def _begin_log(connection: sqlite3.Connection) -> None:
    """Write ahead from now on. SQLite does not wait for its turn to change that, so it is asked again."""
    end = time.monotonic() + _WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("writing", False):
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})


def _raw(connection: Connection) -> sqlite3.Connection:
    found = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found


def _is_busy(error: DBAPIError) -> bool:
    cause = error.orig
    if isinstance(cause, sqlite3.OperationalError):
        return _code(cause) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(cause, "sqlstate", None) == "55P03"


def _unreachable(error: DBAPIError) -> str | None:
    """Why the database cannot be used, or None when it is the statement that is wrong."""
    cause = error.orig
    said = " ".join(str(cause).split()).rstrip(".")
    if isinstance(cause, sqlite3.Error):
        return said if _code(cause) in _LOST_FILES else None
    state = getattr(cause, "sqlstate", None)
    if error.connection_invalidated or (state is None and type(cause).__name__ == "OperationalError"):
        return said
    return said if state is not None and state[:2] in _LOST_SERVERS else None


def _code(cause: sqlite3.Error) -> int:
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF  # without the finer part


_LOST_FILES = {
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM,
}  # fmt: skip
_LOST_SERVERS = {"08", "28", "3D", "53", "57"}
"""Classes of SQLSTATE: connection, who may connect, no such database, resources, the operator stepped in."""
