"""`Looker`: a process of its own that draws single moments at once, so that neither the server nor a worker is held up."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from fractions import Fraction
from typing import TypeVar, cast

from starlette.concurrency import run_in_threadpool

from vitascope.director import direct
from vitascope.exchange import SceneFile
from vitascope.film import Size, film_from_json
from vitascope.media import encode_still
from vitascope.recipe import catalogue
from vitascope.studio.glance import Glance, Seen

__all__ = ["Looker"]

log = logging.getLogger("vitascope.web")
Found = TypeVar("Found")
Wanted = Callable[[], Awaitable[bool]]
KNOWN = 64
"""Results that are kept for whoever asks the same."""


class Looker:
    """Asks are dealt with one after the other; what nobody wants any more when its turn comes is not drawn. One event loop.

    The process starts with the first ask. `wanted` is asked right before; without an answer that it is, the result is None.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._known: OrderedDict[tuple[object, ...], object] = OrderedDict()

    async def still(self, film: str, at: Fraction, *, height: int, wanted: Wanted | None = None) -> bytes | None:
        """The picture at `at` [s] of a film document as JPEG, with up to `height` rows. Raises ProjectError."""
        return await self._found(wanted, _still, film, at, height)

    async def seen(self, film: str, at: Fraction, *, wanted: Wanted | None = None) -> Seen | None:
        """Who is seen where at `at` [s]. Raises ProjectError."""
        return await self._found(wanted, _seen, film, at)

    async def scene(self, film: str, at: Fraction, *, wanted: Wanted | None = None) -> SceneFile | None:
        """The shot at `at` [s] as a glTF file; megabytes, so that browsers alone keep it. Raises ProjectError."""
        return await self._found(wanted, _scene, film, at, keep=False)

    async def _found(
        self, wanted: Wanted | None, do: Callable[..., Found], *given: object, keep: bool = True
    ) -> Found | None:
        key = (do, *given)
        async with self._turn:
            if key not in self._known:
                if wanted is not None and not await wanted():
                    return None
                found = await run_in_threadpool(self._ask, do, *given)
                if not keep:
                    return found
                self._known[key] = found
            self._known.move_to_end(key)
            while len(self._known) > KNOWN:
                self._known.popitem(last=False)
            return cast(Found, self._known[key])

    def wake(self) -> None:
        """Start the process now, unless it runs: somebody will soon want to see something. Does not wait for it."""
        if self._pool is None:
            self._ready().submit(_wake)

    def close(self) -> None:
        """End the process, whatever it does."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            for process in list((pool._processes or {}).values()):  # there is no public way to end one at work
                process.kill()
            pool.shutdown(wait=True, cancel_futures=True)

    def _ask(self, do: Callable[..., Found], *given: object) -> Found:
        try:
            return self._ready().submit(do, *given).result()
        except BrokenProcessPool:
            log.warning("the process that draws stills ended; another one takes its place")
            self.close()
            return self._ready().submit(do, *given).result()

    def _ready(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin)
            return self._pool


_glance: Glance | None = None


def _begin() -> None:
    """The process ends with its server, and not by what is typed at the server's terminal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        parent.join()
        os._exit(0)

    threading.Thread(target=follow, name="follow", daemon=True).start()


def _looking() -> Glance:
    global _glance
    _glance = _glance or Glance()
    return _glance


def _wake() -> None:
    """The first picture of a process takes seconds: libraries are loaded, shaders made ready."""
    film = direct("A ball on a meadow", catalogue=catalogue(), wordnet=None, size=Size(width=128, height=128))
    _looking().picture(film, Fraction(0), height=128)


def _still(film: str, at: Fraction, height: int) -> bytes:
    picture = _looking().picture(film_from_json(film), at, height=height)
    return encode_still(picture, "JPEG")


def _scene(film: str, at: Fraction) -> SceneFile:
    return _looking().scene(film_from_json(film), at)


def _seen(film: str, at: Fraction) -> Seen:
    return _looking().seen(film_from_json(film), at)
