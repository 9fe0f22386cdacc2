"""Workers as processes of this machine: the default `Executor`. One that dies is replaced at once.

Every worker has a thread that reads what it says, and all events are told from these threads. One lock guards who does what;
nothing is told while it is held.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from vitascope.jobs.executor import Done, Event, Failed, Lost, Started, Step, Task
from vitascope.jobs.process import WorkerProcess
from vitascope.jobs.settings import Settings, task_to_json
from vitascope.jobs.shared_store import is_shared

__all__ = ["LocalExecutor"]

log = logging.getLogger(__name__)

Tell = Callable[[Event], None]

NICENESS = 10
"""Workers give way to the server, and to whatever else runs in its session or service."""
IDLE_SECONDS = 120.0
GRACE = 0.6
"""Seconds for a worker to let go of a task before it is killed: building a world tells no steps."""
STARTS_MAX = 3
"""So many workers in a row may end before they are ready; then what waits for them fails."""
RESTART_PAUSE = 5.0
LOG = "workers.log"
_NO_WORKER = "The server cannot start its workers, so the film could not be made now; its log says why."


@dataclass(slots=True, kw_only=True)
class _Hand:
    """A worker and what it has in hand."""

    process: WorkerProcess
    name: str
    began: bool = False
    """Whether it ever said that it is ready."""
    last: bool = False
    """Whether it takes no more tasks."""
    task: Task | None = None
    tell: Tell | None = None
    started: bool = False
    cancelled: bool = False
    video: str | None = None
    """The film that it worked on last, whose world it still has."""


class LocalExecutor:
    """`workers` processes, by default one for every two cores; `home` is the folder of their logs and of files in the making.

    `storage` is a URL. `environment` is what the workers see instead of this process's own. What they keep in the store also
    goes into storage where that is not a folder of this machine. `idle` [s] without a task frees their memory.
    """

    def __init__(
        self,
        *,
        workers: int | None = None,
        storage: str,
        home: Path | None = None,
        environment: Mapping[str, str] | None = None,
        idle: float = IDLE_SECONDS,
    ) -> None:
        self._count = workers or max(1, _cores() // 2)
        self._home = home if home is not None else Path("~/.vitascope/server/workers").expanduser()
        self._environment = _worker_environment(os.environ if environment is None else environment, self._count)
        self._settings = Settings(
            storage=storage,
            share=is_shared(storage),
            scratch=str(self._home / "scratch"),
        )
        self._idle = idle
        self._changed = threading.Condition()
        self._hands: list[_Hand] = []
        self._waiting: deque[tuple[Task, Tell]] = deque()
        self._closing = False
        self._starts = self._failed_starts = 0
        with self._changed:
            for _ in range(self._count):
                self._start()

    @property
    def capacity(self) -> int:
        """How many tasks can run at once."""
        return self._count

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes of the workers there are now."""
        with self._changed:
            return tuple(hand.process.pid for hand in self._hands)

    def submit(self, task: Task, tell: Tell) -> None:
        """Run `task` as soon as a worker is free; after `close` it is Lost at once."""
        with self._changed:
            lost = self._closing
            if not lost:
                self._waiting.append((task, tell))
                self._hand_out()
        if lost:
            tell_safely(tell, Lost(task=task.id))

    def cancel(self, task: str) -> None:
        """Let go of a task within a second; one that is not known here any more has ended."""
        with self._changed:
            waiting = next((entry for entry in self._waiting if entry[0].id == task), None)
            hand = next((hand for hand in self._hands if hand.task is not None and hand.task.id == task), None)
            if waiting is not None:
                self._waiting.remove(waiting)
            elif hand is not None and not hand.cancelled:
                hand.cancelled = True
                hand.process.send({"cancel": task})
                timer = threading.Timer(GRACE, self._kill_if_holding, (hand, task))
                timer.daemon = True
                timer.start()
        if waiting is not None:
            tell_safely(waiting[1], Lost(task=task, cancelled=True))

    def close(self, *, wait: float = 0.0) -> None:
        """Stop the workers, after `wait` [s] for what is in hand. Tasks that did not end get Lost. Safe to call twice."""
        with self._changed:
            self._closing = True
            waiting = list(self._waiting)
            self._waiting.clear()
        for task, tell in waiting:
            tell_safely(tell, Lost(task=task.id))
        with self._changed:
            self._changed.wait_for(lambda: all(hand.task is None for hand in self._hands), timeout=wait)
            hands = list(self._hands)
        for hand in hands:
            hand.process.close()
        for hand in hands:
            hand.process.join()

    def _start(self) -> None:
        """Start one more worker; the lock is held."""
        self._starts += 1
        process = WorkerProcess(self._environment, log=self._home / LOG)
        hand = _Hand(process=process, name=f"local-{self._starts}-{process.pid}")
        self._hands.append(hand)
        process.send({"settings": asdict(self._settings), "idle": self._idle, "niceness": NICENESS})
        process.start(lambda line: self._said(hand, line), lambda: self._ended(hand))

    def _hand_out(self) -> None:
        """Give what waits to who is free; the lock is held. A worker that knows the film is preferred."""
        while self._waiting:
            free = [hand for hand in self._hands if hand.began and not hand.last and hand.task is None]
            if not free:
                return
            task, tell = self._waiting.popleft()
            hand = next((hand for hand in free if hand.video == task.video), free[0])
            hand.task, hand.tell, hand.video = task, tell, task.video
            hand.started = hand.cancelled = False
            hand.process.send({"task": task_to_json(task)})

    def _said(self, hand: _Hand, line: Mapping[str, object]) -> None:
        """What a worker says, on its thread."""
        if "ready" in line:
            with self._changed:
                hand.began, self._failed_starts = True, 0
                self._hand_out()
            return
        event = _event(hand.name, line)
        if isinstance(event, Started | Step):
            hand.started = True
            if (tell := hand.tell) is not None:
                tell_safely(tell, event)
            return
        with self._changed:
            tell = self._free(hand)
            if line["last"]:
                hand.last = True
                hand.process.close()
        if tell is not None:
            tell_safely(tell, event)
        with self._changed:
            self._hand_out()

    def _ended(self, hand: _Hand) -> None:
        """A worker is no more, on its thread: what it had in hand is lost, and another takes its place."""
        given_up: list[tuple[Task, Tell]] = []
        with self._changed:
            task, cancelled = hand.task, hand.cancelled
            tell = self._free(hand)
            self._hands.remove(hand)
            if task is not None and tell is not None and not (hand.started or cancelled or self._closing):
                self._waiting.appendleft((task, tell))  # given to a worker that was dead already
                tell = None
            if not self._closing:
                given_up = self._replace(hand.began)
            self._changed.notify_all()
        if task is not None and tell is not None:
            tell_safely(tell, Lost(task=task.id, cancelled=cancelled))
        for waiting, tell_waiting in given_up:
            failed = Failed(task=waiting.id, code="worker_unavailable", message=_NO_WORKER, can_pass=True)
            tell_safely(tell_waiting, failed)

    def _replace(self, began: bool) -> list[tuple[Task, Tell]]:
        """Start a worker for one that ended; the lock is held. Returns what is given up because none starts any more."""
        self._failed_starts = 0 if began else self._failed_starts + 1
        if self._failed_starts < STARTS_MAX and self._can_start():
            return []
        log.error("no worker gets ready; see %s", self._home / LOG)
        self._start_later()
        if any(hand.began for hand in self._hands):
            return []
        given_up = list(self._waiting)
        self._waiting.clear()
        return given_up

    def _can_start(self) -> bool:
        """Start a worker; the lock is held. Whether the system let us."""
        try:
            self._start()
        except OSError as error:
            log.error("a worker cannot be started: %s", error)
            return False
        return True

    def _start_later(self) -> None:
        timer = threading.Timer(RESTART_PAUSE, self._start_again)
        timer.daemon = True
        timer.start()

    def _start_again(self) -> None:
        with self._changed:
            if not self._closing and not self._can_start():
                self._start_later()

    def _free(self, hand: _Hand) -> Tell | None:
        """Take the task from a worker, once; the lock is held."""
        tell = hand.tell
        hand.task = hand.tell = None
        self._changed.notify_all()
        return tell

    def _kill_if_holding(self, hand: _Hand, task: str) -> None:
        with self._changed:
            if hand.task is not None and hand.task.id == task:
                hand.process.kill()


def _event(worker: str, line: Mapping[str, object]) -> Event:
    match line:
        case {"started": str(task)}:
            return Started(task=task, worker=worker)
        case {"step": str(task), "frames": int(frames)}:
            return Step(task=task, frames=frames)
        case {"done": str(task), "result": dict(result)}:
            return Done(task=task, result=result)
        case {"failed": str(task), "code": str(code), "message": str(message), "can_pass": bool(can_pass)}:
            return Failed(task=task, code=code, message=message, can_pass=can_pass)
        case {"lost": str(task), "cancelled": bool(cancelled)}:
            return Lost(task=task, cancelled=cancelled)
    raise AssertionError(sorted(line))


def tell_safely(tell: Tell, event: Event) -> None:
    """What goes wrong at the listener's is logged there and never stops a worker."""
    try:
        tell(event)
    except Exception:
        log.exception("an event of task %s was not taken", event.task)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _worker_environment(environment: Mapping[str, str], workers: int) -> dict[str, str]:
    """The workers share the cores: each draws with its part of them, unless the environment says otherwise."""
    return {"LP_NUM_THREADS": str(max(1, _cores() // workers)), **environment}
