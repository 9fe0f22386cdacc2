"""Who does what: tasks that wait, and the hands that have one each. What every executor shares; knows no processes, no cluster.

One lock guards it all (`changed`); nothing is told while it is held.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from vitascope.jobs.executor import Event, Lost, Task

__all__ = ["GRACE", "Crew", "Hand", "Tell", "tell_safely"]

log = logging.getLogger(__name__)

Tell = Callable[[Event], None]

GRACE = 0.7
"""Seconds for a worker to let go of a task before it is killed."""


@dataclass(slots=True, kw_only=True, eq=False)
class Hand:
    """A worker and what it has in hand."""

    task: Task | None = None
    tell: Tell | None = None
    cancelled: bool = False
    video: str | None = None
    """The film that it worked on last, whose world it still has."""


H = TypeVar("H", bound=Hand)


class Crew(Generic[H]):
    """The hands of an executor, and what waits for them. Safe to use from any thread; what says "locked" needs `changed` held.

    `choose(video)` gives who takes a task of this film, None while nobody is free; `begin(hand)` sets it to its task: both are
    called locked. `let_go(hand, task)` asks it to end its task, `kill(hand)` ends the worker.
    """

    def __init__(
        self,
        *,
        choose: Callable[[str], H | None],
        begin: Callable[[H], None],
        let_go: Callable[[H, str], None],
        kill: Callable[[H], None],
    ) -> None:
        self.changed = threading.Condition()
        self.hands: list[H] = []
        self.closing = False
        self._choose, self._begin, self._let_go, self._kill = choose, begin, let_go, kill
        self._waiting: deque[tuple[Task, Tell]] = deque()

    def submit(self, task: Task, tell: Tell) -> None:
        """Run `task` as soon as somebody is free; after `close` it is Lost at once."""
        with self.changed:
            lost = self.closing
            if not lost:
                self._waiting.append((task, tell))
                self.hand_out()
        if lost:
            tell_safely(tell, Lost(task=task.id))

    def cancel(self, task: str) -> None:
        """Let go of a task within a second; one that is not known here any more has ended."""
        with self.changed:
            waiting = next((entry for entry in self._waiting if entry[0].id == task), None)
            hand = next((hand for hand in self.hands if hand.task is not None and hand.task.id == task), None)
            asked = waiting is None and hand is not None and not hand.cancelled
            if waiting is not None:
                self._waiting.remove(waiting)
            elif hand is not None:
                hand.cancelled = True
        if waiting is not None:
            tell_safely(waiting[1], Lost(task=task, cancelled=True))
        elif asked and hand is not None:
            timer = threading.Timer(GRACE, self._kill_if_holding, (hand, task))
            timer.daemon = True
            timer.start()
            self._let_go(hand, task)

    def close(self, wait: float) -> list[H]:
        """Take nothing more, and wait up to `wait` [s] for what is in hand. What waits is Lost. Returns the hands there are."""
        with self.changed:
            self.closing = True
            waiting = self.drain()
            self.changed.notify_all()
        for task, tell in waiting:
            tell_safely(tell, Lost(task=task.id))
        self.wait_idle(wait)
        with self.changed:
            return list(self.hands)

    def wait_idle(self, seconds: float) -> None:
        """Wait up to so long until nobody has a task in hand."""
        with self.changed:
            self.changed.wait_for(lambda: all(hand.task is None for hand in self.hands), timeout=seconds)

    def hand_out(self) -> None:
        """Give what waits to who is free; locked."""
        while self._waiting and not self.closing:
            hand = self._choose(self._waiting[0][0].video)
            if hand is None:
                return
            hand.task, hand.tell = self._waiting.popleft()
            hand.cancelled, hand.video = False, hand.task.video
            self._begin(hand)

    def take(self, hand: H) -> tuple[Task | None, Tell | None]:
        """Take the task from a worker, once; locked."""
        task, tell = hand.task, hand.tell
        hand.task = hand.tell = None
        self.changed.notify_all()
        return task, tell

    def put_back(self, task: Task, tell: Tell) -> None:
        """A task that nobody has begun comes first again; locked."""
        self._waiting.appendleft((task, tell))

    def drain(self) -> list[tuple[Task, Tell]]:
        """All that waits, which does so no more; locked."""
        waiting = list(self._waiting)
        self._waiting.clear()
        return waiting

    def _kill_if_holding(self, hand: H, task: str) -> None:
        with self.changed:
            if hand.task is not None and hand.task.id == task:
                self._kill(hand)


def tell_safely(tell: Tell, event: Event) -> None:
    """What goes wrong at the listener's is logged there and never stops a worker."""
    try:
        tell(event)
    except Exception:
        log.exception("an event of task %s was not taken", event.task)
