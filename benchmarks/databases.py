"""A server to be measured, on each of the databases: a file, and a real PostgreSQL that is started for it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conformance.live import Live, ended_in_order, serving
from tests.jobs.postgres import empty_database, running_postgres

__all__ = ["DATABASES", "serving_on"]

DATABASES = ("sqlite", "postgresql")


@contextmanager
def serving_on(database: str, *more: str, workers: int) -> Iterator[tuple[Live, str]]:
    """A server in a new folder, and the URL of its database. PostgreSQL runs with its own defaults, above all with fsync.

    `more` are options of `vitascope serve`. All ends with the block, also when that is ended by a signal.
    """
    options = ("--workers", str(workers), *more)
    with ended_in_order(), tempfile.TemporaryDirectory(prefix="vitascope-benchmark-") as folder:
        if database == "sqlite":
            with serving(Path(folder), *options) as live:
                yield live, f"sqlite:///{Path(folder) / 'data' / 'vitascope.db'}"
        else:
            with (
                running_postgres(durable=True) as server,
                empty_database(server) as url,
                serving(Path(folder), *options, "--database", url) as live,
            ):
                yield live, url
