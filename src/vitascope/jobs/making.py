"""A film that is being made: which of its tasks wait, which are at work, which failed and how often. Knows no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vitascope.jobs.executor import Done, DrawChunk, Failed, FetchRemote, FinishFilm, Lost, Task
from vitascope.jobs.values import Fault, Video

__all__ = ["TRIES", "Making", "Part", "backoff"]

TRIES = 5
"""So often is a part of a film tried when its worker or the server dies, or its fault can pass."""
RISKY = 2
"""What was tried so often before a server took up the film may be what ended the servers before it."""
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 60.0


def backoff(attempts: int) -> float:
    """Seconds to wait before the next try, after `attempts` of them."""
    return min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (attempts - 1))


@dataclass(slots=True, kw_only=True)
class Part:
    """A chunk, or the whole (whose `number` is None): what a worker is given at a time."""

    number: int | None
    frames: int = 0
    """Those that count as drawn with it: of the whole, none."""
    address: str | None = None
    """Of a chunk, once it lies in the store."""
    opening: str | None = None
    """Address of what can be seen of a chunk while it is drawn."""
    ways: Mapping[str, int] = field(default_factory=dict)
    attempts: int = 0
    """Tries so far, the one in hand among them."""
    before: int = 0
    """Tries of earlier servers."""
    not_before: float = 0.0

    @property
    def risky(self) -> bool:
        """Whether it may be what ended the servers before this one."""
        return self.before >= RISKY


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
    chunks: Sequence[Part] = ()
    whole: Part
    value: Video
    """As its row was last written."""
    tries: int
    """How often each part is tried."""
    attempt: int = 0
    running: bool = False
    cancelling: bool = False
    fault: Fault | None = None
    """Set when the film has failed and its tasks are being let go."""
    at_work: dict[str, Part] = field(default_factory=dict)
    """Tasks in hand."""
    stepped: dict[str, int] = field(default_factory=dict)
    steps: int = 0

    @property
    def ending(self) -> bool:
        """Whether nothing more is to be begun."""
        return self.cancelling or self.fault is not None

    @property
    def frames_done(self) -> int:
        """Frames drawn, those of chunks in hand among them."""
        drawn = sum(chunk.frames for chunk in self.chunks if chunk.address is not None)
        return min(self.frames, drawn + sum(self.stepped.values()))

    @property
    def is_seen(self) -> bool:
        """Whether something new of it can be seen: a chunk that was not in the store."""
        return any(set(chunk.ways) - {"reused"} for chunk in self.chunks)

    @property
    def openings(self) -> Mapping[int, str]:
        """What can be seen of chunks that are at work, by number."""
        return {
            part.number: part.opening
            for part in self.chunks
            if part.number is not None and part.opening is not None and part.address is None
        }

    @property
    def is_risking(self) -> bool:
        """Whether something is in hand that may end the server."""
        return any(part.risky for part in self.at_work.values())

    def give_up(self) -> None:
        """The film has failed if a part of it was tried too often before this server took it up."""
        if any(part.attempts >= self.tries for part in (*self.chunks, self.whole) if part.address is None):
            self.fault = _lost(self.tries)

    def due(self, now: float, *, careful: bool = False) -> float | None:
        """When the next task may begin: `now` if one may at once, None if none waits. `careful`: nothing that is risky."""
        times = [part.not_before for part in self._waiting() if not (careful and part.risky)]
        return max(now, min(times)) if times else None

    def next_part(self, now: float, *, careful: bool = False) -> Part | None:
        """What may begin now, the first of it."""
        able = (part for part in self._waiting() if part.not_before <= now and not (careful and part.risky))
        return next(able, None)

    def begin(self, task: str, part: Part, prefix: str) -> Task:
        """The task of a part, tried and at work from now on. `prefix` is where the whole goes."""
        part.attempts += 1
        self.at_work[task] = part
        if self.fetch is not None:
            wish = self.fetch
            return FetchRemote(
                id=task, video=self.video, url=wish.url, key=wish.key, body=wish.body, picture=wish.picture, prefix=prefix
            )  # fmt: skip
        assert self.film is not None
        if part.number is not None:
            return DrawChunk(
                id=task, video=self.video, film=self.film, earlier=self.earlier, number=part.number, awaited=not self.is_seen
            )  # fmt: skip
        return FinishFilm(
            id=task,
            video=self.video,
            film=self.film,
            earlier=self.earlier,
            parent=self.parent,
            prefix=prefix,
            drawn={chunk.number: chunk.ways for chunk in self.chunks if chunk.number is not None},
        )

    def step(self, task: str, frames: int, opening: str | None = None) -> None:
        """Frames of a task in hand. Those of the whole are counted already, unless it comes from elsewhere."""
        part = self.at_work.get(task)
        if part is not None and opening is not None:
            part.opening = opening
        if self.fetch is not None or (part is not None and part.number is not None):
            self.stepped[task] = frames
        self.steps += 1

    def drawn(self, event: Done) -> None:
        """A chunk lies in the store."""
        chunk = self.at_work[event.task]
        self.ended(event.task)
        chunk.address = str(event.result["address"])
        ways = event.result["ways"]
        assert isinstance(ways, Mapping)
        chunk.ways = dict(ways)

    def gone(self, event: Done | Failed | Lost, now: float) -> None:
        """A task ended without success: it is tried again later, or the film has failed."""
        part = self.at_work[event.task]
        self.ended(event.task)
        if self.ending:
            return
        if isinstance(event, Failed) and (not event.can_pass or part.attempts >= self.tries):
            self.fault = Fault(code=event.code, message=event.message)
        elif part.attempts >= self.tries:
            self.fault = _lost(self.tries)
        else:
            part.not_before = now + backoff(part.attempts)

    def ended(self, task: str) -> None:
        """A task in hand is in hand no more."""
        self.at_work.pop(task, None)
        self.stepped.pop(task, None)
        self.steps += 1

    def _waiting(self) -> list[Part]:
        """What is neither done nor in hand, and may be given out as soon as its time has come."""
        if self.ending:
            return []
        held = {id(part) for part in self.at_work.values()}
        chunks = [one for one in self.chunks if one.address is None and id(one) not in held]
        return chunks if chunks or held else [self.whole]


def _lost(tries: int) -> Fault:
    return Fault(
        code="worker_lost",
        message=f"This film was tried {tries} times, and each time what made it ended unforeseen; see the server's log.",
    )
