"""A worker process as its server sees it: lines of JSON in and out, and an end. Knows nothing of tasks."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

__all__ = ["WorkerProcess"]

COMMAND = (sys.executable, "-m", "vitascope.jobs.worker")
END_SECONDS = 1.0


class WorkerProcess:
    """`environment` is all that it sees; what it writes as errors is added to the file `log`."""

    def __init__(self, environment: Mapping[str, str], *, log: Path) -> None:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=dict(environment),
                start_new_session=True,  # what is typed at the server's terminal ends the server, which ends its workers
            )
        self.pid = self._process.pid
        self._sending = threading.Lock()
        self._thread: threading.Thread | None = None

    def listen(self, said: Callable[[Mapping[str, object]], None], ended: Callable[[], None]) -> None:
        """From now on call `said` for each line and at last `ended`, on a thread of this process's own."""
        self._thread = threading.Thread(target=self._listen, args=(said, ended), name=f"worker {self.pid}", daemon=True)
        self._thread.start()

    def send(self, command: Mapping[str, object]) -> None:
        """Send a line; to a process that has ended, none."""
        with self._sending, suppress(OSError, ValueError):
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            self._process.stdin.flush()

    def close(self) -> None:
        """End the input, which ends the process."""
        with self._sending, suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()

    def kill(self) -> None:
        """End the process now, whatever it does."""
        self._process.kill()

    def join(self) -> None:
        """Wait until the process has ended and `ended` was called; one that does not end after `close` is killed."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        self._process.kill()
        self._process.wait()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _listen(self, said: Callable[[Mapping[str, object]], None], ended: Callable[[], None]) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith(b"\n"):
                said(json.loads(line))
        self._process.stdout.close()
        self._process.wait()
        self.close()
        ended()
