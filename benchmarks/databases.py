"""The databases that a server is measured on: a file, and a real PostgreSQL that is started for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.jobs.postgres import new_database, running_postgres

__all__ = ["DATABASES", "database_named"]

DATABASES = ("sqlite", "postgresql")


@contextmanager
def database_named(name: str) -> Iterator[tuple[str, ...]]:
    """The options of `vitascope serve` for it. PostgreSQL runs with its own defaults, above all with fsync."""
    if name == "sqlite":
        yield ()
        return
    with running_postgres({}) as server:
        yield ("--database", new_database(server, "vitascope"))
