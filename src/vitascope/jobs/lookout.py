"""Whether others changed what is known in memory: asked once a second for everything together, not at each request."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from sqlalchemy import select

from vitascope.jobs.accounts import Accounts
from vitascope.jobs.database import Database
from vitascope.jobs.errors import JobError
from vitascope.jobs.rows import STEPS, video_of
from vitascope.jobs.tables import VideoRow
from vitascope.jobs.values import Video
from vitascope.jobs.watch import Watch

__all__ = ["Lookout"]

log = logging.getLogger(__name__)

EVERY = 1.0
ASKED = 15.0
"""Seconds since it was last asked for in which a film is looked after: clients ask every few seconds."""
AT_ONCE = 500


class Lookout:
    """A thread that looks `every` so many seconds: at the films that are asked for, and at the keys that ask.

    While it cannot, what is known in memory grows old, and each request asks the database for itself.
    """

    def __init__(self, database: Database, watch: Watch, accounts: Accounts, *, every: float = EVERY) -> None:
        self._database, self._watch, self._accounts = database, watch, accounts
        self._every = every
        self.asked = 0
        """How many films were asked for lately."""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lookout", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Look once more, so that the use of keys is noted, and end. One that was never started does nothing."""
        if self._thread.is_alive():
            self._stopping.set()
            self._thread.join(timeout=5.0)

    def look(self) -> None:
        """One look. Raises DatabaseError, TooBusy."""
        self._look_after(self._watch.asked(ASKED))
        self._accounts.look()

    def _look_after(self, videos: Sequence[Video]) -> None:
        self.asked = len(videos)
        for start in range(0, len(videos), AT_ONCE):
            some = {video.id: video for video in videos[start : start + AT_ONCE]}
            at = time.monotonic()
            asked = select(VideoRow.id, VideoRow.version, VideoRow.frames_done).where(VideoRow.id.in_(some))
            with self._database.session() as session:
                found = {row.id: (row.version, row.frames_done) for row in session.execute(asked)}
                old = [id_ for id_, row in found.items() if row > _row_of(some[id_])]
                new = session.scalars(select(VideoRow).where(VideoRow.id.in_(old))).all() if old else ()
            for row in new:
                self._watch.tell(video_of(row))
            for gone in some.keys() - found.keys():
                self._watch.forget(gone)
            self._watch.confirm(found.keys() - set(old), at)

    def _run(self) -> None:
        ending = False
        while not ending:
            ending = self._stopping.wait(self._every)
            try:
                self.look()
            except JobError as error:
                log.warning("what is known in memory cannot be looked after now: %s", error.message)
            except Exception:
                log.exception("what is known in memory could not be looked after")


def _row_of(video: Video) -> tuple[int, int]:
    """Version and frames of the row that a value is of; what this server draws is ahead of its row, never behind."""
    return video.version >> STEPS, video.frames_done
