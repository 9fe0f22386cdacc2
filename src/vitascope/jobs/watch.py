"""What is known of films in memory: the public value of those asked for lately, and who waits for a change of them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from vitascope.jobs.values import Video

__all__ = ["Watch"]

KEPT = 10_000


class Watch:
    """Safe from any thread. `tell` is called with each change made in this process; `keeps` [s] bounds what others hide."""

    def __init__(self, *, keeps: float, now: Callable[[], float] = time.monotonic) -> None:
        self._keeps, self._now = keeps, now
        self._lock = threading.Lock()
        self._values: OrderedDict[str, tuple[Video, float]] = OrderedDict()
        self._ears: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}

    def get(self, video: str) -> Video | None:
        """The value, if it is known and fresh."""
        with self._lock:
            found = self._values.get(video)
            if found is None or found[1] < self._now():
                return None
            return found[0]

    def know(self, video: Video) -> Video:
        """Keep what was read from the database, unless something newer is known. Wakes nobody; returns what is kept."""
        with self._lock:
            return self._keep(video)

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
            self._values.pop(video, None)
            ears = tuple(self._ears.get(video, ()))
        _wake(ears)

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
        found = self._values.get(video.id)
        if found is not None and found[0].version > video.version:
            video = found[0]
        self._values[video.id] = (video, self._now() + self._keeps)
        self._values.move_to_end(video.id)
        while len(self._values) > KEPT:
            self._values.popitem(last=False)
        return video


def _wake(ears: tuple[tuple[asyncio.AbstractEventLoop, asyncio.Event], ...]) -> None:
    for loop, event in ears:
        if not loop.is_closed():
            loop.call_soon_threadsafe(event.set)
