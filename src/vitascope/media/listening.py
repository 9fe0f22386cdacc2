"""The sound of a film that is there: as samples of the house, or as a file of its own."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import cast

import av
import numpy as np
from numpy.typing import NDArray

from vitascope.media.errors import MediaError, describe_write_failure
from vitascope.media.reader import open_film

__all__ = ["read_sound", "write_sound"]

_RATE = 48_000
_FULL = 32_767
_LONGEST = 2**32 - 2**20
"""Bytes that a WAV file can hold beside what is written about them."""


def read_sound(path: str | Path, *, rate: int = _RATE) -> Iterator[NDArray[np.float32]]:
    """Yield the sound of the film at `path` in pieces: float32 (N, 2) at `rate` [Hz]; nothing for a silent film.

    Raises MediaError.
    """
    with open_film(Path(path)) as container:
        if not container.streams.audio:
            return
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=rate)
        for frame in chain(container.decode(audio=0), (None,)):
            for piece in resampler.resample(frame):
                yield _samples(piece)


def write_sound(target: Path, film: str | Path) -> Path:
    """Write the sound of `film` as WAV: 48 kHz, 16 bit, stereo. Raises MediaError, also for a silent film."""
    written = 0
    try:
        with wave.open(str(target), "wb") as file:
            file.setparams((2, 2, _RATE, 0, "NONE", ""))
            for samples in read_sound(film):
                codes = np.rint(np.clip(samples, -1.0, 1.0) * _FULL).astype("<i2").tobytes()
                written += len(codes)
                if written > _LONGEST:
                    raise MediaError(f"The sound is longer than a WAV file can hold, which is six hours: {film}")
                file.writeframesraw(codes)
    except OSError as error:
        raise describe_write_failure(error, target) from error
    if not written:
        raise MediaError(f"This film is silent, so it has no sound to take: {film}")
    return target


def _samples(frame: av.AudioFrame) -> NDArray[np.float32]:
    return np.ascontiguousarray(cast(NDArray[np.float32], frame.to_ndarray()).T)
