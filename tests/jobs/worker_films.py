"""Small films for workers, and somebody who listens to them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av

from vitascope.film import (
    AttributesChange,
    Change,
    ChangeSubject,
    Edit,
    Film,
    Set,
    Shot,
    Size,
    Subject,
    apply,
    film_to_json,
)
from vitascope.jobs.executor import Done, DrawChunk, Event, Failed, FinishFilm, Lost, Step


def ball(seconds: int = 2, *, colour: str = "red", recipe: str = "ball") -> Film:
    """A ball on a plain backdrop, 128 pixels wide, one chunk a second, silent."""
    subject = Subject(id="ball", recipe=recipe, name="ball")
    shot = Shot(id="one", duration=Fraction(seconds), set=Set(place="studio"), subjects=(subject,))
    film = Film(title="A ball", size=Size(width=128, height=128), silent=True, shots=(shot,))
    change = ChangeSubject(subject="ball", attributes=AttributesChange(colour=colour))
    return apply(film, Edit(operations=(Change(what=change),)))


def drawing(film: Film, number: int, *, task: str = "", earlier: Film | None = None) -> DrawChunk:
    """The task of a chunk."""
    before = None if earlier is None else film_to_json(earlier)
    return DrawChunk(id=task or f"draw-{number}", video="v", film=film_to_json(film), earlier=before, number=number)


def finishing(film: Film, **more) -> FinishFilm:
    """The task of the whole."""
    given = {"earlier": None, "parent": None, "prefix": "videos/v", **more}
    return FinishFilm(id="finish", video="v", film=film_to_json(film), **given)


def packets(path: Path) -> list[bytes]:
    """The pictures of a film file as they are encoded."""
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


class Listener:
    """Takes events from any thread, and waits for those that a test speaks of."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._more = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._more:
            self.events.append(event)
            self._more.notify_all()

    def of(self, task: str) -> list[Event]:
        """What was told about a task."""
        return [event for event in self.events if event.task == task]

    def first(self, wanted: Callable[[Event], bool]) -> Event:
        """The first event like this, as soon as there is one."""
        with self._more:
            assert self._more.wait_for(lambda: any(map(wanted, self.events)), timeout=300), self.events
            return next(filter(wanted, self.events))

    def end(self, task: str) -> Done | Failed | Lost:
        """How a task ended."""
        found = self.first(lambda event: event.task == task and isinstance(event, Done | Failed | Lost))
        assert isinstance(found, Done | Failed | Lost)
        return found

    def at_work(self, task: str) -> None:
        """Wait until a frame of a task is done."""
        self.first(lambda event: event.task == task and isinstance(event, Step) and event.frames > 0)
