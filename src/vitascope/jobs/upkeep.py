"""What a server does by the hour: deletes what is over, and writes down what another server did not live to note."""

from __future__ import annotations

import logging
import threading

from vitascope.jobs.database import Database
from vitascope.jobs.ledger import Ledger
from vitascope.jobs.retention import sweep
from vitascope.jobs.storage import Storage

__all__ = ["Upkeep"]

EVERY = 3600.0
log = logging.getLogger("vitascope.upkeep")


class Upkeep:
    """A thread that keeps house, at once and then `every` so many seconds."""

    def __init__(self, database: Database, storage: Storage, *, every: float = EVERY) -> None:
        self._database = database
        self._storage = storage
        self._every = every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End within seconds; what is half swept is swept by the next server."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5.0)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                noted = Ledger(self._database).catch_up()
                swept = sweep(self._database, self._storage)
                counts = {name: getattr(swept, name) for name in swept.__slots__}
                log.info("kept house", extra={"ledger_lines_caught_up": noted, **counts})
            except Exception:
                log.exception("The house could not be kept; it is tried again in an hour.")
            self._stopping.wait(self._every)
