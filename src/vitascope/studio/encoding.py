"""Encoding a chunk on a thread of its own, a few frames behind whoever draws them."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from types import TracebackType
from typing import Self

import numpy as np

from vitascope import media
from vitascope.studio.clock import Clock

__all__ = ["ChunkThread"]

QUEUE = 3
OPENING_PAUSE = 0.4
"""Seconds between two openings of a chunk; the first shows its first frame."""


class ChunkThread:
    """A context manager: `put` frames, then `finish`. Leaving it by an exception lets everything go."""

    def __init__(
        self,
        *,
        size: tuple[int, int],
        fps: Fraction,
        clock: Clock,
        finished: Callable[[np.ndarray], np.ndarray],
        opened: Callable[[media.EncodedChunk], None] | None,
    ) -> None:
        """`finished` gives each frame its last touch, on the thread. Where somebody waits to see the first frames, `opened`
        is called there, a few times a second, with those that there are."""
        self._encoder = media.ChunkEncoder(size=size, fps=fps)
        self._opening = None if opened is None else _Opening(media.OpeningEncoder(size=size, fps=fps), opened)
        self._clock, self._finished = clock, finished
        self._queue: queue.Queue[tuple[np.ndarray, Callable[[], None]] | None] = queue.Queue(QUEUE)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="encoder", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()
        self._encoder.close()
        if self._opening is not None:
            self._opening.close()

    def put(self, frame: np.ndarray, keep: Callable[[], None]) -> None:
        """Hand over one frame, and what to do besides; waits while the encoder is behind. Raises what was raised there."""
        if self._error is not None:
            raise self._error
        with self._clock.measure("encode_wait"):
            self._queue.put((frame, keep))

    def finish(self) -> media.EncodedChunk:
        """The chunk of all frames. Raises what was raised on the thread."""
        with self._clock.measure("encode_wait"):
            self._queue.put(None)
            self._thread.join()
        if self._error is not None:
            raise self._error
        with self._clock.measure("encode"):
            return self._encoder.finish()

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            if self._error is not None:
                continue
            frame, keep = item
            try:
                with self._clock.measure("encode"):
                    finished = self._finished(frame)
                    if self._opening is not None:
                        self._opening.write(finished)
                    self._encoder.write(finished)
                with self._clock.measure("keep"):
                    keep()
            except Exception as error:  # handed to the thread that films
                self._error = error


class _Opening:
    """What can be seen of a chunk before it is there."""

    def __init__(self, encoder: media.OpeningEncoder, opened: Callable[[media.EncodedChunk], None]) -> None:
        self._encoder, self._opened = encoder, opened
        self._next = 0.0

    def write(self, frame: np.ndarray) -> None:
        """One more frame."""
        self._encoder.write(frame)
        now = time.monotonic()
        if now >= self._next:
            self._next = now + OPENING_PAUSE
            self._opened(self._encoder.take())

    def close(self) -> None:
        """Nothing more can be seen of it."""
        self._encoder.close()
