"""What is known of films in memory: the public value of those asked for lately, and who waits for a change of them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from vitascope.jobs.values import Video

__all__ = ["Watch"]

KEPT = 10_000


@dataclass(slots=True)
class _Known:
    """A film, until when it is believed, and when it was last asked for [s]."""

    video: Video
    until: float
    asked: float


class Watch:
    """Safe from any thread. `tell` is called with each change made in this process; `keeps` [s] bounds what others hide."""

    def __init__(self, *, keeps: float, now: Callable[[], float] = time.monotonic) -> None:
        self._keeps, self._now = keeps, now
        self._lock = threading.Lock()
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._ears: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}
        self.forgotten = 0
        """How often a film was forgotten: what was read before that may be gone."""

    def get(self, video: str) -> Video | None:
        """The value, if it is known and fresh."""
        now = self._now()
        with self._lock:
            known = self._known.get(video)
            if known is None:
                return None
            known.asked = now
            return known.video if now <= known.until else None

    def know(self, video: Video) -> Video:
        """Keep what was read from the database, unless something newer is known. Wakes nobody; returns what is kept."""
        with self._lock:
            return self._keep(video)

    def learn(self, videos: Iterable[Video], since: int) -> None:
        """As `know`, of several that are asked for now, unless any was forgotten since that many were."""
        now = self._now()
        with self._lock:
            if since != self.forgotten:
                return
            for video in videos:
                self._keep(video)
                self._known[video.id].asked = now

    def tell(self, video: Video) -> Video:
        """Keep a changed value and wake who waits for it; returns what is kept."""
        with self._lock:
            kept = self._keep(video)
            ears = tuple(self._ears.get(video.id, ()))
        _wake(ears)
        return kept

    def forget(self, video: str) -> None:
        """The film was deleted, or changed in a way that only the database knows."""
        with self._lock:
            self._known.pop(video, None)
            self.forgotten += 1
            ears = tuple(self._ears.get(video, ()))
        _wake(ears)

    def asked(self, within: float) -> list[Video]:
        """The values of those that were asked for in the last `within` [s], fresh or not."""
        since = self._now() - within
        with self._lock:
            return [known.video for known in self._known.values() if known.asked >= since]

    def confirm(self, videos: Iterable[str], at: float) -> None:
        """Nothing that the database has of these was newer `at` that time of the clock: they are believed on from then."""
        with self._lock:
            for video in videos:
                if (known := self._known.get(video)) is not None:
                    known.until = max(known.until, at + self._keeps)

    @contextmanager
    def listening(self, video: str) -> Iterator[asyncio.Event]:
        """An event of the running loop that is set at each change of `video`."""
        ear = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._ears.setdefault(video, set()).add(ear)
        try:
            yield ear[1]
        finally:
            with self._lock:
                self._ears[video].discard(ear)
                if not self._ears[video]:
                    del self._ears[video]

    def _keep(self, video: Video) -> Video:
        now = self._now()
        known = self._known.get(video.id)
        if known is None:
            self._known[video.id] = _Known(video, now + self._keeps, float("-inf"))
        else:
            if known.video.version <= video.version:
                known.video = video
            known.until = now + self._keeps
        self._known.move_to_end(video.id)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return self._known[video.id].video


def _wake(ears: tuple[tuple[asyncio.AbstractEventLoop, asyncio.Event], ...]) -> None:
    for loop, event in ears:
        if not loop.is_closed():
            loop.call_soon_threadsafe(event.set)
