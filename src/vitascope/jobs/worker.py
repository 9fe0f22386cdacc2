"""A worker process of `LocalExecutor`: python -m vitascope.jobs.worker. Tasks come in and events go out as lines of JSON.

In:  {"settings": {...}} once · {"task": {...}} · {"cancel": id}
Out: {"ready": true} once · {"started": id} · {"step": id, "frames": n} · {"done" | "failed" | "lost": id, ..., "last": bool}

It ends when its input does, whatever it is doing, so it never outlives its server. After `"last": true` it takes no more.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from vitascope.continuity import Store, store_folder, store_limit
from vitascope.jobs.chunk import Cancelled
from vitascope.jobs.executor import Done, Failed, Lost, Task
from vitascope.jobs.scratch import scratch_folder
from vitascope.jobs.shared_store import SharedStore
from vitascope.jobs.storage import Storage
from vitascope.jobs.work import do_task, task_from_json
from vitascope.studio import Memory

__all__ = ["Settings", "Steps", "main", "open_worker_store", "resident_bytes"]

STEP_PAUSE = 0.1
"""Steps are told this often [s] at most; a task that is not wanted any more is noticed at each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`storage` is a URL, `scratch` the folder of files in the making, `share` whether chunks go into storage.

    A worker takes no more tasks after `tasks_max`, or when it still holds `memory_max` [bytes] with all stages freed, which
    also happens after `idle` [s] without a task.
    """

    storage: str
    scratch: str
    share: bool
    niceness: int
    tasks_max: int
    memory_max: int
    idle: float


class Steps:
    """Tells how far tasks are, and stops them: a step of a task that was cancelled meanwhile raises Cancelled."""

    def __init__(self, tell: Callable[[str, int], None]) -> None:
        self._tell = tell
        self._wanted: dict[str, bool] = {}
        self._last = 0.0

    def expect(self, task: str) -> None:
        """The task will be done."""
        self._wanted[task] = True

    def cancel(self, task: str) -> None:
        """The task is to end at its next step. What was not expected, or was forgotten, stays as it is."""
        if task in self._wanted:
            self._wanted[task] = False

    def forget(self, task: str) -> None:
        """The task has ended."""
        self._wanted.pop(task, None)

    def of(self, task: str) -> Callable[[int], None]:
        """What to call with the frames of the task that are done."""
        self._last = 0.0

        def step(frames: int) -> None:
            if not self._wanted[task]:
                raise Cancelled
            now = time.monotonic()
            if now - self._last >= STEP_PAUSE:
                self._last = now
                self._tell(task, frames)

        return step


class Worker:
    """Does tasks one after the other on the thread that calls `run`; another one reads what comes in."""

    def __init__(self, settings: Settings, lines: BinaryIO, out: BinaryIO) -> None:
        self._settings, self._lines, self._out = settings, lines, out
        self._storage = Storage(settings.storage)
        self._tasks: queue.Queue[Task] = queue.Queue()
        self._steps = Steps(lambda task, frames: self._say({"step": task, "frames": frames}))
        self._writing = threading.Lock()

    def run(self) -> None:
        """Work until there are enough tasks done, or the process is ended because the input is."""
        store = open_worker_store(os.environ, self._storage if self._settings.share else None)
        threading.Thread(target=self._read, name="commands", daemon=True).start()
        with Memory(store) as memory, scratch_folder(Path(self._settings.scratch)) as folder:
            self._say({"ready": True})
            for count in range(1, self._settings.tasks_max + 1):
                task = self._next(memory)
                self._say({"started": task.id})
                ended = do_task(task, memory, self._storage, self._steps.of(task.id), folder=folder)
                self._steps.forget(task.id)
                last = count == self._settings.tasks_max or _is_unsure(ended) or self._is_full(memory)
                self._say({**_line(ended), "last": last})
                if last:
                    return

    def _next(self, memory: Memory) -> Task:
        try:
            return self._tasks.get(timeout=self._settings.idle)
        except queue.Empty:
            memory.close()
            return self._tasks.get()

    def _is_full(self, memory: Memory) -> bool:
        if resident_bytes() <= self._settings.memory_max:
            return False
        memory.close()
        return resident_bytes() > self._settings.memory_max

    def _read(self) -> None:
        for line in self._lines:
            command = json.loads(line)
            if "task" in command:
                task = task_from_json(command["task"])
                self._steps.expect(task.id)
                self._tasks.put(task)
            elif "cancel" in command:
                self._steps.cancel(command["cancel"])
        os._exit(0)  # the server is gone: nobody waits for what is in hand

    def _say(self, event: Mapping[str, object]) -> None:
        with self._writing:
            self._out.write(json.dumps(event).encode() + b"\n")
            self._out.flush()


def open_worker_store(environment: Mapping[str, str], storage: Storage | None) -> Store:
    """The store that the environment names, whose chunks also lie in `storage` if that is given. Raises StoreError."""
    folder, limit = store_folder(environment), store_limit(environment)
    return Store(folder, limit=limit) if storage is None else SharedStore(folder, limit=limit, storage=storage)


def resident_bytes() -> int:
    """What this process holds in memory; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _is_unsure(ended: Done | Failed | Lost) -> bool:
    """After what nobody foresaw (a lost graphics device, say) a new process is the safer one."""
    return isinstance(ended, Failed) and ended.code == "internal_error"


def _line(ended: Done | Failed | Lost) -> dict[str, object]:
    if isinstance(ended, Done):
        return {"done": ended.task, "result": dict(ended.result)}
    if isinstance(ended, Failed):
        return {"failed": ended.task, "code": ended.code, "message": ended.message, "can_pass": ended.can_pass}
    return {"lost": ended.task, "cancelled": ended.cancelled}


def main() -> None:
    """Run as a process: settings and tasks from standard input; what libraries print goes where errors go."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(process)d %(levelname)s %(message)s")
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    lines = sys.stdin.buffer
    first = lines.readline()
    if not first:
        return
    settings = Settings(**json.loads(first)["settings"])
    if hasattr(os, "nice"):
        os.nice(settings.niceness)
    Worker(settings, lines, out).run()
    os._exit(0)  # threads of graphics drivers and of the reader are not waited for


if __name__ == "__main__":
    main()
