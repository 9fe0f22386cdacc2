"""A server whose chunk function kills its process: python server_that_ends.py FOLDER TRIES. It ends by itself if it survives."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from jobs_by_hand import Hands

from vitascope.jobs.accounts import Accounts
from vitascope.jobs.core import Core
from vitascope.jobs.database import Database
from vitascope.jobs.executor import Event, Task
from vitascope.jobs.storage import Storage

LEASE = 0.2


class Deadly(Hands):
    """Whatever it is given is the end of the process, at once."""

    def submit(self, task: Task, tell: Callable[[Event], None]) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path, tries: int) -> None:
    """Go on with what lies in the folder as a server that is started again would."""
    database = Database(f"sqlite:///{folder}/films.db")
    storage = Storage(str(folder / "files"))
    core = Core(
        database=database, storage=storage, executor=Deadly(), accounts=Accounts(database), tries=tries, lease=LEASE
    )
    time.sleep(LEASE * 2)
    core.dispatcher.turn()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
