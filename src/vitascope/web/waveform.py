"""How loud a film is from moment to moment, for the eye: peaks of its sound, over HTTP."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator

import numpy as np
from fastapi import APIRouter, Request
from numpy.typing import NDArray
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from vitascope.jobs.desk import Content
from vitascope.media import read_sound
from vitascope.serve.house import house_of
from vitascope.web.files import FOREVER, Visiting
from vitascope.web.files import router as films

__all__ = ["PEAKS_PER_SECOND", "peaks_of", "router"]

router = APIRouter(prefix=films.prefix, include_in_schema=False)
PEAKS_PER_SECOND = 50
SOUND_RATE = 48_000
LOUDEST = 255


@router.get("/{video_id}/peaks.json")
async def peaks(request: Request, video_id: str, who: Visiting) -> Response:
    """The peaks of a finished film: their rate a second, and each from 0 to 255 (full scale); none for a silent film."""
    found = await run_in_threadpool(house_of(request).core.content, who, video_id, "video")
    listed = await run_in_threadpool(_listened, found)
    return JSONResponse({"rate": PEAKS_PER_SECOND, "loudest": LOUDEST, "peaks": listed}, headers=FOREVER)


def peaks_of(sound: Iterable[NDArray[np.float32]], *, rate: int = SOUND_RATE) -> Iterator[int]:
    """The largest sample of each 1/PEAKS_PER_SECOND second, 0..LOUDEST. `sound`: float32 (N, channels) pieces at `rate` [Hz]."""
    window = rate // PEAKS_PER_SECOND
    rest = np.zeros(0, np.float32)
    for piece in sound:
        heard = np.concatenate([rest, np.abs(piece).max(axis=1, initial=0.0)])
        whole = len(heard) // window * window
        yield from _levels(heard[:whole].reshape(-1, window).max(axis=1, initial=0.0))
        rest = heard[whole:]
    if len(rest):
        yield from _levels(rest.max(keepdims=True))


def _levels(largest: NDArray[np.float32]) -> list[int]:
    return np.rint(np.minimum(largest, 1.0) * LOUDEST).astype(int).tolist()


def _listened(film: Content) -> list[int]:
    """The file is copied for the time of reading, since decoders want one on disk."""
    with tempfile.NamedTemporaryFile(prefix="vitascope-peaks-", suffix=".mp4") as copy:
        with film.open() as source:
            shutil.copyfileobj(source, copy)
        copy.flush()
        return list(peaks_of(read_sound(copy.name, rate=SOUND_RATE), rate=SOUND_RATE))
