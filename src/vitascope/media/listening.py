"""The sound of a film that is there, as samples of the house."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import cast

import av
import numpy as np
from numpy.typing import NDArray

from vitascope.media.reader import open_film

__all__ = ["read_sound"]


def read_sound(path: str | Path, *, rate: int = 48_000) -> Iterator[NDArray[np.float32]]:
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


def _samples(frame: av.AudioFrame) -> NDArray[np.float32]:
    return np.ascontiguousarray(cast(NDArray[np.float32], frame.to_ndarray()).T)
