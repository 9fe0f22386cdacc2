"""What this machine took for its latest films, kept beside the store, and a glance at its speed: the rim of `pace`.

The file may be deleted at any time; one that cannot be read or written costs nothing but a poorer forecast.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter, ValidationError

from vitascope.continuity import store_folder
from vitascope.film import Film
from vitascope.studio.filming import FilmResult
from vitascope.studio.lock import locked
from vitascope.studio.pace import ENOUGH, Glance, Pace, Timed, pace_of

__all__ = ["glance", "known_pace", "recall", "remember", "timed"]

NAME, LOCK = "pace.json", "pace.lock"
MOST = 40
"""Films that are kept: the latest."""
LARGEST = 64_000
"""Bytes of a file beyond which it is not ours."""
GLANCE = 0.06
"""Seconds of each of the two parts of a glance."""
PASSES = 4060.0
"""Passes a second of the glance's work on one processor of the reference machine, which has two."""
_FILMS = TypeAdapter(tuple[Timed, ...])


def known_pace(film: Film, *, adapter: str, software: bool, settle: Callable[[], object] = lambda: None) -> Pace:
    """The pace of this machine for `film`. Looks at the machine for a tenth of a second while it knows few films.

    `settle` is called before it looks, to end what this process does besides: it would be taken for slowness.
    """
    films = [each for each in recall() if each.adapter == adapter and each.software == software]
    seen = None
    if len(films) < ENOUGH:
        settle()
        seen = glance()
    return pace_of(films, seen, megapixels=film.size.width * film.size.height / 1e6, software=software)


def timed(film: Film, result: FilmResult, *, adapter: str, software: bool) -> Timed | None:
    """What a film took, or None for one of which parts were not drawn anew."""
    times = result.times
    start, drawing = times.world + times.sound + times.sign, times.render + times.address + times.encode_wait
    if result.ways.get("drawn", 0) != result.frames or min(start, drawing) <= 0:
        return None
    return Timed(
        adapter=adapter, software=software, shots=len(film.shots), frames=result.frames,
        megapixels=film.size.width * film.size.height / 1e6, start=round(start, 3), drawing=round(drawing, 3),
    )  # fmt: skip


def recall(folder: Path | None = None) -> tuple[Timed, ...]:
    """The films that are remembered, oldest first; none where there is no file or it is damaged."""
    path = (folder or store_folder(os.environ)) / NAME
    try:
        if path.stat().st_size > LARGEST:
            return ()
        found = _FILMS.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return ()
    return tuple(f for f in found if min(f.shots, f.frames, f.megapixels, f.start, f.drawing) > 0)


def remember(film: Timed, folder: Path | None = None) -> None:
    """Keep what a film took, with the latest of the others, whichever process made them."""
    folder = folder or store_folder(os.environ)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / LOCK):
            kept = (*recall(folder), film)[-MOST:]
            path = folder / f".{NAME}.{os.getpid()}"
            path.write_text(json.dumps([asdict(each) for each in kept]), encoding="utf-8")
            path.replace(folder / NAME)
    except OSError:
        return


def glance() -> Glance:
    """How long a fixed piece of work takes now, on one thread and on all processors, relative to the reference machine."""
    alone = _rate(1)
    together = _rate(min(16, _processors()))
    return Glance(alone=PASSES / alone, together=2 * PASSES / together)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _rate(threads: int) -> float:
    """Passes a second of so many threads together."""
    end = time.perf_counter() + GLANCE
    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        passes = sum(pool.map(_work_until, [end] * threads))
    return passes / (time.perf_counter() - started)


def _work_until(end: float) -> int:
    numbers, passes = np.linspace(0.0, 1.0, 40_000), 0
    while passes == 0 or time.perf_counter() < end:
        np.sqrt(np.abs(np.sin(numbers * 3.1) + numbers))
        passes += 1
    return passes
