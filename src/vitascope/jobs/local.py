"""Workers as processes of this machine: the default `Executor`. One that dies is replaced at once.

Every worker has a thread that reads what it says, and all events are told from these threads. Who does what is the crew's.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from vitascope.jobs.crew import Crew, Hand, Tell, tell_safely
from vitascope.jobs.executor import Done, Event, Failed, Lost, Started, Step, Task
from vitascope.jobs.process import WorkerProcess
from vitascope.jobs.settings import Settings, task_to_json
from vitascope.jobs.shared_store import is_shared

__all__ = ["LocalExecutor"]

log = logging.getLogger(__name__)

NICENESS = 10
"""Workers give way to the server, and to whatever else runs in its session or service."""
IDLE_SECONDS = 120.0
STARTS_MAX = 3
"""So many workers in a row may end before they are ready; then what waits for them fails."""
RESTART_PAUSE = 5.0
LOG = "workers.log"
_NO_WORKER = "The server cannot start its workers, so the film could not be made now; its log says why."


@dataclass(slots=True, kw_only=True, eq=False)
class _Worker(Hand):
    """A process and what it has in hand."""

    process: WorkerProcess
    name: str
    began: bool = False
    """Whether it ever said that it is ready."""
    last: bool = False
    """Whether it takes no more tasks."""
    started: bool = False
    """Whether it said that it has begun its task."""


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
        self._crew = Crew[_Worker](
            choose=self._choose, begin=_begin, let_go=_let_go, kill=lambda hand: hand.process.kill()
        )
        self._starts = self._failed_starts = 0
        with self._crew.changed:
            for _ in range(self._count):
                self._start()

    @property
    def capacity(self) -> int:
        """How many tasks can run at once."""
        return self._count

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes of the workers there are now."""
        with self._crew.changed:
            return tuple(hand.process.pid for hand in self._crew.hands)

    def submit(self, task: Task, tell: Tell) -> None:
        """Run `task` as soon as a worker is free; after `close` it is Lost at once."""
        self._crew.submit(task, tell)

    def cancel(self, task: str) -> None:
        """Let go of a task within a second; one that is not known here any more has ended."""
        self._crew.cancel(task)

    def close(self, *, wait: float = 0.0) -> None:
        """Stop the workers, after `wait` [s] for what is in hand. Tasks that did not end get Lost. Safe to call twice."""
        hands = self._crew.close(wait)
        for hand in hands:
            hand.process.close()
        for hand in hands:
            hand.process.join()

    def _start(self) -> None:
        """Start one more worker; the lock is held."""
        self._starts += 1
        process = WorkerProcess(self._environment, log=self._home / LOG)
        hand = _Worker(process=process, name=f"local-{self._starts}-{process.pid}")
        self._crew.hands.append(hand)
        process.send({"settings": asdict(self._settings), "idle": self._idle, "niceness": NICENESS})
        process.start(lambda line: self._said(hand, line), lambda: self._ended(hand))

    def _choose(self, video: str) -> _Worker | None:
        """Who is free, the one that knows the film if it is."""
        free = [hand for hand in self._crew.hands if hand.began and not hand.last and hand.task is None]
        return next((hand for hand in free if hand.video == video), free[0] if free else None)

    def _said(self, hand: _Worker, line: Mapping[str, object]) -> None:
        """What a worker says, on its thread."""
        crew = self._crew
        if "ready" in line:
            with crew.changed:
                hand.began, self._failed_starts = True, 0
                crew.hand_out()
            return
        event = _event(hand.name, line)
        if isinstance(event, Started | Step):
            hand.started = True
            if (tell := hand.tell) is not None:
                tell_safely(tell, event)
            return
        with crew.changed:
            _, tell = crew.take(hand)
            if line["last"]:
                hand.last = True
                hand.process.close()
        if tell is not None:
            tell_safely(tell, event)
        with crew.changed:
            crew.hand_out()

    def _ended(self, hand: _Worker) -> None:
        """A worker is no more, on its thread: what it had in hand is lost, and another takes its place."""
        crew = self._crew
        given_up: list[tuple[Task, Tell]] = []
        with crew.changed:
            cancelled = hand.cancelled
            task, tell = crew.take(hand)
            crew.hands.remove(hand)
            if task is not None and tell is not None and not (hand.started or cancelled or crew.closing):
                crew.put_back(task, tell)  # given to a worker that was dead already
                tell = None
            if not crew.closing:
                given_up = self._replace(hand.began)
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
        return [] if any(hand.began for hand in self._crew.hands) else self._crew.drain()

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
        with self._crew.changed:
            if not self._crew.closing and not self._can_start():
                self._start_later()


def _begin(hand: _Worker) -> None:
    assert hand.task is not None
    hand.started = False
    hand.process.send({"task": task_to_json(hand.task)})


def _let_go(hand: _Worker, task: str) -> None:
    hand.process.send({"cancel": task})


def _event(worker: str, line: Mapping[str, object]) -> Event:
    match line:
        case {"started": str(task)}:
            return Started(task=task, worker=worker)
        case {"step": str(task), "frames": int(frames), "opening": str() | None as opening}:
            return Step(task=task, frames=frames, opening=opening)
        case {"done": str(task), "result": dict(result)}:
            return Done(task=task, result=result)
        case {"failed": str(task), "code": str(code), "message": str(message), "can_pass": bool(can_pass)}:
            return Failed(task=task, code=code, message=message, can_pass=can_pass)
        case {"lost": str(task), "cancelled": bool(cancelled)}:
            return Lost(task=task, cancelled=cancelled)
    raise AssertionError(sorted(line))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _worker_environment(environment: Mapping[str, str], workers: int) -> dict[str, str]:
    """The workers share the cores: each draws with its part of them, unless the environment says otherwise."""
    return {"LP_NUM_THREADS": str(max(1, _cores() // workers)), **environment}
