"""Workers on the machines of a Ray cluster, one core each: the `Executor` for a team. Needs `vitascope[cluster]`.

A worker is an actor. The server has a thread for each task in hand, which waits for its end and asks meanwhile how far it
is. Machines that join make more workers; one that dies, with its machine or alone, loses the task in hand. Storage must be
one that all machines see. Ray ends the workers when the server's process ends.
"""

from __future__ import annotations

import logging
import os
import platform
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from vitascope.jobs.crew import GRACE, Crew, Hand, Tell, tell_safely
from vitascope.jobs.errors import JobError
from vitascope.jobs.executor import Done, Failed, Lost, Started, Step, Task
from vitascope.jobs.settings import Settings

__all__ = ["ClusterError", "RayExecutor"]

log = logging.getLogger(__name__)

ASK_SECONDS = 0.2
"""A task in hand is asked this often how far it is."""
LOOK_SECONDS = 5.0
"""The cluster is asked this often how many cores it has."""
IDLE_SECONDS = 120.0
"""A worker without a task for so long is let go, with its memory and its core."""
END_SECONDS = 10.0
"""So long is waited for killed workers to be known as dead."""
LOCAL_OBJECTS = 100_000_000
"""Bytes of shared memory of a cluster that is started here; tasks and results are small."""
_NO_WORKER = "The cluster cannot start its workers, so the film could not be made now; the server's log says why."


class ClusterError(JobError):
    """The cluster cannot be used: a library that is missing, or nobody who answers."""

    status, code = 503, "cluster_unavailable"


class RayWorker:
    """What runs on the cluster. `do` has a thread of its own; what is asked besides is answered while it is busy."""

    def __init__(self, settings: Settings, environment: Mapping[str, str]) -> None:
        from vitascope.jobs.bench import Bench  # loads all that draws, which the server does without

        os.environ.update(environment)
        self._at: tuple[str, int, str | None] | None = None
        self._bench = Bench(settings, self._note)
        self._bench.__enter__()  # until the process ends; what is left of its folder is swept away by the next worker

    def do(self, task: Task) -> tuple[Done | Failed | Lost, bool]:
        """How the task ended, and whether it was the last one here."""
        self._at = (task.id, 0, None)
        return self._bench.do(task)

    def where(self) -> tuple[str, int]:
        """Machine and process."""
        return platform.node(), os.getpid()

    def at(self) -> tuple[str, int, str | None] | None:
        """The task that was begun last, its frames that are done, and its latest opening."""
        return self._at

    def cancel(self, task: str) -> None:
        """The task is to end at its next step."""
        self._bench.steps.cancel(task)

    def _note(self, task: str, frames: int, opening: str | None) -> None:
        before = self._at[2] if self._at is not None and self._at[0] == task else None
        self._at = (task, frames, opening or before)


@dataclass(slots=True, kw_only=True, eq=False)
class _Actor(Hand):
    """An actor and what it has in hand. `actor` and `where` are there once the thread of its first task has them."""

    actor: Any = None
    where: tuple[str, int] | None = None
    since: float = 0.0
    """When it became free."""


class RayExecutor:
    """Workers on the cluster at `address`: "auto", "ray://HOST:10001", or "local", which starts one on this machine.

    As many as the cluster has cores, or `workers` if that is fewer. `storage` is a URL that means the same on all machines.
    `environment` is added to that of the workers; each draws with one thread. Raises ClusterError.
    """

    def __init__(
        self, address: str, *, storage: str, workers: int | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        self._ray = _library()
        self._ours = _connect(self._ray, address, workers)
        self._workers_max = workers
        self._class = self._ray.remote(num_cpus=1, max_restarts=0, concurrency_groups={"asking": 1})(RayWorker)
        self._environment = {"LP_NUM_THREADS": "1", **(environment or {})}
        self._settings = Settings(storage=storage, share=address != "local")
        self._crew = Crew[_Actor](choose=self._choose, begin=self._begin, let_go=self._let_go, kill=self._kill)
        self._capacity = self._count_cores()
        self._looking = threading.Thread(target=self._look, name="cluster", daemon=True)
        self._looking.start()

    @property
    def capacity(self) -> int:
        """How many tasks can run at once, as of a few seconds ago."""
        return self._capacity

    @property
    def places(self) -> tuple[tuple[str, int], ...]:
        """Machine and process of the workers that have started."""
        with self._crew.changed:
            return tuple(hand.where for hand in self._crew.hands if hand.where is not None)

    def submit(self, task: Task, tell: Tell) -> None:
        """Run `task` as soon as a core is free; after `close` it is Lost at once."""
        self._crew.submit(task, tell)

    def cancel(self, task: str) -> None:
        """Let go of a task within a second; one that is not known here any more has ended."""
        self._crew.cancel(task)

    def close(self, *, wait: float = 0.0) -> None:
        """Stop the workers, after `wait` [s] for what is in hand. Tasks that did not end get Lost. Safe to call twice."""
        closed = self._crew.closing
        for hand in self._crew.close(wait):
            self._kill(hand)
        self._crew.wait_idle(END_SECONDS)
        self._looking.join()
        if self._ours and not closed:
            self._ray.shutdown()

    def _choose(self, video: str) -> _Actor | None:
        """Who knows the film and is free, or somebody new where there is a core for them, or whoever is free."""
        hands = self._crew.hands
        free = [hand for hand in hands if hand.task is None]
        known = next((hand for hand in free if hand.video == video), None)
        if known is None and len(hands) < self._capacity:
            hands.append(known := _Actor())
        return known or (free[0] if free else None)

    def _begin(self, hand: _Actor) -> None:
        assert hand.task is not None
        assert hand.tell is not None
        given = (hand, hand.task, hand.tell)
        threading.Thread(target=self._follow, args=given, name=f"task {hand.task.id}", daemon=True).start()

    def _let_go(self, hand: _Actor, task: str) -> None:
        if hand.actor is not None:
            with suppress(Exception):  # one that is dead has let go
                self._ask(hand.actor.cancel, task)

    def _follow(self, hand: _Actor, task: Task, tell: Tell) -> None:
        """Have a worker do its task, on a thread of the task's own."""
        last = True
        try:
            event, last = self._done(hand, task, tell)
        except Exception as error:  # all that Ray raises: the worker, its machine or the cluster is gone
            event = Lost(task=task.id, cancelled=hand.cancelled)
            if hand.where is None and not hand.cancelled:
                log.error("no worker could be started: %s", error)
                event = Failed(task=task.id, code="worker_unavailable", message=_NO_WORKER, can_pass=True)
        with self._crew.changed:
            self._crew.take(hand)
            hand.since = time.monotonic()
            if last:
                self._crew.hands.remove(hand)
        if last:
            self._kill(hand)
        tell_safely(tell, event)
        with self._crew.changed:
            self._crew.hand_out()

    def _done(self, hand: _Actor, task: Task, tell: Tell) -> tuple[Done | Failed | Lost, bool]:
        """How the task ended, and whether it was the worker's last. Raises what Ray raises."""
        if hand.actor is None:
            hand.actor = self._class.remote(self._settings, self._environment)
        if hand.cancelled or self._crew.closing:
            return Lost(task=task.id, cancelled=hand.cancelled), True
        if hand.where is None:
            hand.where = self._ray.get(hand.actor.where.options(concurrency_group="asking").remote())
        ending, seen = hand.actor.do.remote(task), -1
        while not self._ray.wait([ending], timeout=ASK_SECONDS)[0]:
            with suppress(self._ray.exceptions.GetTimeoutError):
                at = self._ask(hand.actor.at)
                if at is not None and at[0] == task.id:
                    if seen < 0:
                        tell_safely(tell, Started(task=task.id, worker=_name(hand)))
                    if at[1] > max(seen, 0):
                        tell_safely(tell, Step(task=task.id, frames=at[1], opening=at[2]))
                    seen = max(seen, at[1])
        event, last = self._ray.get(ending)
        if seen < 0:
            tell_safely(tell, Started(task=task.id, worker=_name(hand)))
        return event, last

    def _ask(self, method: Any, *values: object) -> Any:
        """Answered while the worker is busy. Raises GetTimeoutError when it is too busy."""
        return self._ray.get(method.options(concurrency_group="asking").remote(*values), timeout=GRACE)

    def _look(self) -> None:
        """See which cores there are, and let go of workers that have long had nothing to do."""
        while True:
            with self._crew.changed:
                if self._crew.changed.wait_for(lambda: self._crew.closing, timeout=LOOK_SECONDS):
                    return
            try:
                self._capacity = self._count_cores()
            except Exception as error:  # the cluster is out of reach: what is in hand will say so
                log.warning("the cluster does not answer: %s", error)
            with self._crew.changed:
                now = time.monotonic()
                idle = [hand for hand in self._crew.hands if hand.task is None and now - hand.since > IDLE_SECONDS]
                for hand in idle:
                    self._crew.hands.remove(hand)
                self._crew.hand_out()
            for hand in idle:
                self._kill(hand)

    def _count_cores(self) -> int:
        cores = int(self._ray.cluster_resources().get("CPU", 0))
        return cores if self._workers_max is None else min(cores, self._workers_max)

    def _kill(self, hand: _Actor) -> None:
        with suppress(Exception):  # dead already, or never born
            self._ray.kill(hand.actor)


def _name(hand: _Actor) -> str:
    assert hand.where is not None
    return f"{hand.where[0]}-{hand.where[1]}"


def _library() -> Any:
    os.environ.setdefault(
        "RAY_USAGE_STATS_ENABLED", "0"
    )  # read when Ray is loaded: it would tell its makers of its use
    try:
        import ray
    except ImportError:
        raise ClusterError("A cluster needs the library Ray; run: pip install 'vitascope[cluster]'") from None
    return ray


def _connect(ray: Any, address: str, workers: int | None) -> bool:
    """Connect this process, unless it is already; whether that was done here. Raises ClusterError."""
    if ray.is_initialized():
        return False
    more: dict[str, Any] = {}
    if address == "local":
        more = {
            "num_cpus": workers,
            "include_dashboard": False,
            "object_store_memory": LOCAL_OBJECTS,
            "_node_ip_address": "127.0.0.1",
        }
    try:
        with _signals_as_they_were():
            ray.init(address=address, logging_level=logging.WARNING, log_to_driver=False, namespace="vitascope", **more)
    except Exception as error:  # a class for every transport
        raise ClusterError(
            f"No Ray cluster can be used at {address!r} ({type(error).__name__}); start one with: ray start --head"
        ) from error
    return True


@contextmanager
def _signals_as_they_were() -> Iterator[None]:
    """Ray takes SIGTERM for itself, but the server wants to end in its own way."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
