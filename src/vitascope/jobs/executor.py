"""Where work is done: tasks go to an executor, events come back. Local processes and a Ray cluster speak this protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

__all__ = [
    "Done",
    "DrawChunk",
    "Event",
    "Executor",
    "Failed",
    "FetchRemote",
    "FinishFilm",
    "Lost",
    "Started",
    "Step",
    "Task",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawChunk:
    """Draw chunk `number` of a film and keep it in the store. Result: address, ways, frames, seconds."""

    id: str
    video: str
    film: str
    """The document, as JSON."""
    earlier: str | None
    """The document that it was edited from."""
    number: int
    awaited: bool = False
    """Whether nothing new of the film can be seen yet: then the chunk is opened (`Step`) while it is drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishFilm:
    """Join the chunks from the store, record the sound, mark and sign, and put the files into storage.

    Files: `prefix`/film.mp4, film.json, thumbnail.webp, spritesheet.jpg. Result: size_bytes, ways, frames, chunks
    (addresses), sha256, remark.
    """

    id: str
    video: str
    film: str
    earlier: str | None
    parent: str | None
    """Storage key of the film file that it was edited from."""
    prefix: str
    drawn: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    """By number, the ways of the chunks that were drawn for this film before: the result's `ways` tells of those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRemote:
    """Have another server make the film, then mark and sign it like our own. Files and result as for FinishFilm."""

    id: str
    video: str
    url: str
    key: str | None = field(repr=False)
    body: Mapping[str, object]
    picture: str | None
    """Storage key of the picture to start from."""
    prefix: str


Task = DrawChunk | FinishFilm | FetchRemote


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A worker has begun."""

    task: str
    worker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Frames of the task that are done so far."""

    task: str
    frames: int
    opening: str | None = None
    """Address of a chunk in the store that shows the first of them, for whoever waits to see something; never part of a film."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The task is finished; `result` is as the task says."""

    task: str
    result: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The task raised. `can_pass`: whether trying again may help (a full disk, a connection), rather than never."""

    task: str
    code: str
    message: str
    can_pass: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The worker died, or was told to let go; nothing was lost but the task in hand."""

    task: str
    cancelled: bool = False


Event = Started | Step | Done | Failed | Lost


class Executor(Protocol):
    """Runs tasks. `tell` is called for each event, from any thread; exactly one of Done, Failed, Lost ends a task."""

    @property
    def capacity(self) -> int:
        """How many tasks can run at once now."""
        ...

    def submit(self, task: Task, tell: Callable[[Event], None]) -> None:
        """Run `task` as soon as a worker is free."""
        ...

    def cancel(self, task: str) -> None:
        """Let go of a task within a second; ends it with Lost(cancelled=True) unless it ended by itself."""
        ...

    def close(self, *, wait: float = 0.0) -> None:
        """Stop the workers, after `wait` [s] for what is in hand. Tasks that did not end get Lost."""
        ...
