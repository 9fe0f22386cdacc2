"""A film that is being made: which of its tasks wait, which are at work, which failed and how often. Knows no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vitascope.jobs.executor import Done, DrawChunk, Failed, FetchRemote, FinishFilm, Lost, Task
from vitascope.jobs.values import Fault, Video

__all__ = ["ATTEMPTS", "LOST", "ChunkWork", "Making", "backoff"]

ATTEMPTS = 5
"""So often is a task tried when its worker dies or its fault can pass."""
LOST = Fault(code="worker_lost", message="The worker that made this film ended again and again; see the server's log.")
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 60.0


def backoff(attempts: int) -> float:
    """Seconds to wait before the next try, after `attempts` of them."""
    return min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (attempts - 1))


@dataclass(slots=True, kw_only=True)
class ChunkWork:
    """A chunk: `address` once it lies in the store."""

    number: int
    frames: int
    address: str | None = None
    ways: Mapping[str, int] = field(default_factory=dict)
    attempts: int = 0
    not_before: float = 0.0


@dataclass(slots=True, kw_only=True)
class Making:
    """One film of this server's. The chunks first, then the whole; a film from elsewhere has no chunks."""

    video: str
    account: str
    priority: int
    ordinal: int
    film: str | None
    earlier: str | None
    parent: str | None
    """Storage key of the film file that it was edited from."""
    frames: int
    fetch: FetchRemote | None = None
    """What to ask of another server, with no id and no prefix yet."""
    chunks: Sequence[ChunkWork] = ()
    value: Video
    """As its row was last written."""
    attempt: int = 0
    running: bool = False
    cancelling: bool = False
    fault: Fault | None = None
    """Set when the film has failed and its tasks are being let go."""
    at_work: dict[str, ChunkWork | None] = field(default_factory=dict)
    """Tasks in hand: the chunk of each, None for the whole."""
    stepped: dict[str, int] = field(default_factory=dict)
    steps: int = 0
    finish_attempts: int = 0
    finish_not_before: float = 0.0

    @property
    def ending(self) -> bool:
        """Whether nothing more is to be begun."""
        return self.cancelling or self.fault is not None

    @property
    def frames_done(self) -> int:
        """Frames drawn, those of chunks in hand among them."""
        drawn = sum(chunk.frames for chunk in self.chunks if chunk.address is not None)
        return min(self.frames, drawn + sum(self.stepped.values()))

    def due(self, now: float) -> float | None:
        """When the next task may begin: `now` if one may at once, None if none waits."""
        if self.ending:
            return None
        held = {id(chunk) for chunk in self.at_work.values()}
        times = [one.not_before for one in self.chunks if one.address is None and id(one) not in held]
        if not times and not self.at_work:
            times = [self.finish_not_before]
        return max(now, min(times)) if times else None

    def next_chunk(self, now: float) -> ChunkWork | None:
        """The first chunk that waits and may begin; None if it is the whole that is next."""
        held = {id(chunk) for chunk in self.at_work.values()}
        able = (one for one in self.chunks if one.address is None and id(one) not in held and one.not_before <= now)
        return next(able, None)

    def draw(self, task: str, chunk: ChunkWork) -> Task:
        """The task of a chunk, at work from now on."""
        assert self.film is not None
        self.at_work[task] = chunk
        return DrawChunk(id=task, video=self.video, film=self.film, earlier=self.earlier, number=chunk.number)

    def finish(self, task: str, prefix: str) -> Task:
        """The task of the whole, at work from now on."""
        self.at_work[task] = None
        if self.fetch is not None:
            wish = self.fetch
            return FetchRemote(
                id=task, video=self.video, url=wish.url, key=wish.key, body=wish.body, picture=wish.picture, prefix=prefix
            )  # fmt: skip
        assert self.film is not None
        return FinishFilm(
            id=task,
            video=self.video,
            film=self.film,
            earlier=self.earlier,
            parent=self.parent,
            prefix=prefix,
            drawn={chunk.number: chunk.ways for chunk in self.chunks},
        )

    def step(self, task: str, frames: int) -> None:
        """Frames of a task in hand. Those of the whole are counted already, unless it comes from elsewhere."""
        if self.at_work.get(task) is not None or self.fetch is not None:
            self.stepped[task] = frames
        self.steps += 1

    def drawn(self, event: Done, chunk: ChunkWork) -> None:
        """A chunk lies in the store."""
        self._let_go(event.task)
        chunk.address = str(event.result["address"])
        ways = event.result["ways"]
        assert isinstance(ways, Mapping)
        chunk.ways = dict(ways)

    def gone(self, event: Done | Failed | Lost, now: float) -> None:
        """A task ended without success: it is tried again later, or the film has failed."""
        chunk = self.at_work.get(event.task)
        self._let_go(event.task)
        if self.ending:
            return
        attempts = self._count(chunk)
        if isinstance(event, Failed) and (not event.can_pass or attempts >= ATTEMPTS):
            self.fault = Fault(code=event.code, message=event.message)
        elif attempts >= ATTEMPTS:
            self.fault = LOST
        elif chunk is None:
            self.finish_not_before = now + backoff(attempts)
        else:
            chunk.not_before = now + backoff(attempts)

    def ended(self, task: str) -> None:
        """A task in hand is in hand no more."""
        self._let_go(task)

    def _let_go(self, task: str) -> None:
        self.at_work.pop(task, None)
        self.stepped.pop(task, None)
        self.steps += 1

    def _count(self, chunk: ChunkWork | None) -> int:
        if chunk is None:
            self.finish_attempts += 1
            return self.finish_attempts
        chunk.attempts += 1
        return chunk.attempts
