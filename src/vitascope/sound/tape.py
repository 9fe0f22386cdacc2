"""Sound on disk: a tape of stereo samples, silent until something is recorded on it.

A film's sound is as long as the film, but only the piece that is being worked on is held in memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Self, cast

import numpy as np

__all__ = ["PIECE", "Tape"]

PIECE = 1 << 16
"""Samples that are worked on at once."""
FRAME = 8
"""Bytes of one sample of both channels."""


class Tape:
    """`count` samples (N, 2) float32. Close it, or use it as a context manager; its parts and its file go with it."""

    def __init__(self, count: int, *, folder: Path | None = None) -> None:
        """A silent tape. `folder` is where its nameless file lies; None lets the system choose. Raises OSError."""
        self._file = cast(FileIO, tempfile.TemporaryFile(dir=folder, buffering=0))  # noqa: SIM115, closed by close
        self._file.truncate(count * FRAME)
        self._first, self._count, self._folder = 0, count, folder

    def __len__(self) -> int:
        return self._count

    def part(self, first: int, count: int) -> Tape:
        """`count` samples of this tape from `first` on, as a tape of their own: what is recorded there is recorded here."""
        assert 0 <= first <= first + count <= self._count
        part = object.__new__(Tape)
        part._file, part._folder = self._file, self._folder
        part._first, part._count = self._first + first, count
        return part

    def scratch(self, count: int) -> Tape:
        """Another silent tape, whose file lies in the same folder."""
        return Tape(count, folder=self._folder)

    def read(self, first: int = 0, last: int | None = None) -> np.ndarray:
        """(N, 2) float32, a copy of the samples from `first` up to `last`."""
        last = self._count if last is None else min(last, self._count)
        samples = np.zeros((max(last - first, 0), 2), np.float32)
        if not len(samples):
            return samples
        self._file.seek((self._first + first) * FRAME)
        into = samples.data.cast("B")
        while len(into):
            into = into[self._file.readinto(into) or len(into) :]
        return samples

    def write(self, first: int, samples: np.ndarray) -> None:
        """Record `samples` (N, 2) over what was there from `first` on. Raises OSError."""
        assert 0 <= first <= first + len(samples) <= self._count
        if not len(samples):
            return
        self._file.seek((self._first + first) * FRAME)
        data = np.ascontiguousarray(samples, np.float32).data.cast("B")
        while len(data):
            data = data[self._file.write(data) :]

    def add(self, first: int, samples: np.ndarray) -> None:
        """Add `samples` (N, 2) to what is there from `first` on; what lies before the start or after the end is cut off."""
        head, tail = max(first, 0), min(first + len(samples), self._count)
        if head < tail:
            self.write(head, self.read(head, tail) + samples[head - first : tail - first])

    def erase(self) -> None:
        """Make all of it silent."""
        for first in range(0, self._count, PIECE):
            self.write(first, np.zeros((min(PIECE, self._count - first), 2), np.float32))

    def pieces(self, size: int = PIECE) -> Iterator[tuple[int, np.ndarray]]:
        """The number of the first sample and the samples (N, 2) of each piece, in order."""
        for first in range(0, self._count, size):
            yield first, self.read(first, first + size)

    def close(self) -> None:
        """Let go of the file, which is then gone."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
