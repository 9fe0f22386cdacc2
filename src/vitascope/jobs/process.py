"""A worker process as its server sees it: lines of JSON in and out, and an end. Knows nothing of tasks."""

from __future__ import annotations

import json
import queue
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
    """`environment` is all that it sees; what it writes as errors is added to the file `log`.

    It has a process group of its own: what is typed at the server's terminal ends the server, which ends its workers. It has
    no session of its own: Linux shares processors out between sessions first, and how nice it is counts within one.
    """

    def __init__(self, environment: Mapping[str, str], *, log: Path) -> None:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=dict(environment),
                process_group=0,
            )
        self.pid = self._process.pid
        self._outgoing: queue.SimpleQueue[Mapping[str, object] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []

    def start(self, said: Callable[[Mapping[str, object]], None], ended: Callable[[], None]) -> None:
        """From now on pass on what is sent, and call `said` for each line and at last `ended`, on a thread."""
        for run in (self._write, lambda: self._listen(said, ended)):
            thread = threading.Thread(target=run, name=f"worker {self.pid}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def send(self, command: Mapping[str, object]) -> None:
        """Send a line, without waiting for a process that does not read; to one that has ended, none."""
        self._outgoing.put(command)

    def close(self) -> None:
        """End the input, which ends the process."""
        self._outgoing.put(None)

    def kill(self) -> None:
        """End the process now, whatever it does."""
        self._process.kill()

    def join(self) -> None:
        """Wait until the process has ended and `ended` was called; one that does not end after `close` is killed."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join()

    def _write(self) -> None:
        assert self._process.stdin is not None
        with suppress(OSError), self._process.stdin as pipe:
            while (command := self._outgoing.get()) is not None:
                pipe.write(json.dumps(command).encode() + b"\n")
                pipe.flush()

    def _listen(self, said: Callable[[Mapping[str, object]], None], ended: Callable[[], None]) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith(b"\n"):
                said(json.loads(line))
        self._process.stdout.close()
        self._process.wait()
        self.close()
        ended()
