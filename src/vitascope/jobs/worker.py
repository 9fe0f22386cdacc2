"""A worker process of `LocalExecutor`: python -m vitascope.jobs.worker. Tasks come in and events go out as lines of JSON.

In:  {"settings": {...}, "idle": seconds, "niceness": n} once · {"task": {...}} · {"cancel": id}
Out: {"ready": true} once · {"started": id} · {"step": id, "frames": n, "opening": address}
     · {"done" | "failed" | "lost": id, ..., "last": bool}

It ends when its input does, whatever it is doing, so it never outlives its server. After `"last": true` it takes no more.
A task that is cancelled ends at its next step, with all worlds kept; where no step comes, it is interrupted amid what it does.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from vitascope.jobs.bench import Bench
from vitascope.jobs.executor import Done, Failed, Lost, Task
from vitascope.jobs.settings import Settings, task_from_json

__all__ = ["give_way", "main"]

THREADS = Path("/proc/self/task")

UNHURRIED = 0.3
"""Seconds without a task after which a new worker uses its time to get ready."""
PATIENCE = 0.3
"""Seconds that a cancelled task has to come to its next step; the server kills the process a little later than that."""


class Worker:
    """Does tasks one after the other on the main thread, which calls `run`; another one reads what comes in."""

    def __init__(self, settings: Settings, lines: BinaryIO, out: BinaryIO, *, idle: float) -> None:
        """After `idle` [s] without a task what is held for the next one is freed."""
        self._lines, self._out, self._idle = lines, out, idle
        self._bench = Bench(settings, self._step)
        self._tasks: queue.Queue[Task] = queue.Queue()
        self._fresh = True
        """Whether it never had nothing to do."""
        self._writing = threading.Lock()

    def run(self) -> None:
        """Work until a new process should take over, or this one is ended because its input is."""
        if hasattr(signal, "pthread_kill"):
            signal.signal(signal.SIGUSR1, lambda *_: self._bench.steps.interrupt())
        threading.Thread(target=self._read, name="commands", daemon=True).start()
        with self._bench:
            self._say({"ready": True})
            last = False
            while not last:
                task = self._next()
                self._say({"started": task.id})
                ended, last = self._bench.do(task)
                self._say({**_line(ended), "last": last})

    def _next(self) -> Task:
        if self._fresh:
            self._fresh = False
            try:
                return self._tasks.get(timeout=UNHURRIED)
            except queue.Empty:
                self._bench.warm_up()
        try:
            return self._tasks.get(timeout=self._idle)
        except queue.Empty:
            self._bench.rest()
            return self._tasks.get()

    def _read(self) -> None:
        for line in self._lines:
            command = json.loads(line)
            if "task" in command:
                task = task_from_json(command["task"])
                self._bench.steps.expect(task.id)
                self._tasks.put(task)
            elif "cancel" in command:
                self._bench.steps.cancel(command["cancel"])
                self._interrupt_later(command["cancel"])
        os._exit(0)  # the server is gone: nobody waits for what is in hand

    def _interrupt_later(self, task: str) -> None:
        def interrupt() -> None:
            main = threading.main_thread().ident
            if hasattr(signal, "pthread_kill") and main is not None and self._bench.steps.is_unwanted(task):
                signal.pthread_kill(main, signal.SIGUSR1)

        timer = threading.Timer(PATIENCE, interrupt)
        timer.daemon = True
        timer.start()

    def _step(self, task: str, frames: int, opening: str | None) -> None:
        self._say({"step": task, "frames": frames, "opening": opening})

    def _say(self, event: Mapping[str, object]) -> None:
        with self._writing:
            self._out.write(json.dumps(event).encode() + b"\n")
            self._out.flush()


def _line(ended: Done | Failed | Lost) -> dict[str, object]:
    if isinstance(ended, Done):
        return {"done": ended.task, "result": dict(ended.result)}
    if isinstance(ended, Failed):
        return {"failed": ended.task, "code": ended.code, "message": ended.message, "can_pass": ended.can_pass}
    return {"lost": ended.task, "cancelled": ended.cancelled}


def give_way(niceness: int) -> None:
    """Let the server go first: this process, the threads that its libraries began already, and all that it starts.

    A server that runs in real time does so alone: niceness means nothing there.
    """
    if not hasattr(os, "nice"):
        return
    own = os.nice(niceness)
    if THREADS.exists():  # Linux is nice by the thread
        for thread in map(int, os.listdir(THREADS)):
            with suppress(ProcessLookupError):
                if os.sched_getscheduler(thread) in (os.SCHED_FIFO, os.SCHED_RR):
                    os.sched_setscheduler(thread, os.SCHED_OTHER, os.sched_param(0))
                os.setpriority(os.PRIO_PROCESS, thread, max(own, os.getpriority(os.PRIO_PROCESS, thread)))


def main() -> None:
    """Run as a process: settings and tasks from standard input; what libraries print goes where errors go."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(process)d %(levelname)s %(message)s")
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    lines = sys.stdin.buffer
    first = lines.readline()
    if not first:
        return
    start = json.loads(first)
    give_way(start["niceness"])
    Worker(Settings(**start["settings"]), lines, out, idle=start["idle"]).run()
    os._exit(0)  # threads of graphics drivers and of the reader are not waited for


if __name__ == "__main__":
    main()
