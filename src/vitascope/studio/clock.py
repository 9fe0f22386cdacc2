"""Wall seconds by stage of the work, from any thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Clock"]


class Clock:
    """Adds up what was measured under each name, in `seconds`. What is measured within another counts there no more."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._lock = threading.Lock()
        self._within = threading.local()

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        """Adds the wall time spent within to `name`."""
        outer = getattr(self._within, "spent", 0.0)
        self._within.spent = 0.0
        start = time.perf_counter()
        try:
            yield
        finally:
            whole = time.perf_counter() - start
            own = whole - self._within.spent
            self._within.spent = outer + whole
            with self._lock:
                self.seconds[name] = self.seconds.get(name, 0.0) + own
