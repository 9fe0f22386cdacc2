"""`Room`: a tree of takes while somebody has it open. Every page of the tree hears from it what others do there."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence

from starlette.concurrency import run_in_threadpool

from vitascope.jobs.desk import Desk
from vitascope.jobs.errors import JobError, Missing
from vitascope.jobs.shelf import DrawnChunk
from vitascope.jobs.values import Caller, Video
from vitascope.web.events import Bulletin, ChunksDrawn, Event, TakeChanged, TakesChanged, TreeGone

__all__ = ["Room", "Rooms"]

log = logging.getLogger("vitascope.web")

QUIET_SECONDS, PAUSE_SECONDS = 2.0, 0.1
"""How often is looked at a tree of which nothing is heard, as others may write there; how soon again after a look."""


class Room:
    """The takes of one tree, and the chunks of those that are being made. Belongs to one event loop."""

    def __init__(self, desk: Desk, caller: Caller, root: str, takes: Sequence[Video]) -> None:
        self.desk, self.root = desk, root
        self.takes: tuple[Video, ...] = tuple(takes)
        self.chunks: Mapping[str, tuple[DrawnChunk, ...]] = {}
        self._caller = caller
        self._ears: set[Bulletin] = set()
        self._looking: asyncio.Task[None] | None = None
        self._heard = asyncio.Event()
        self._heeded: dict[str, asyncio.Task[None]] = {}
        """Who listens to each take that is being made."""

    def take(self, take: str) -> Video | None:
        """The take with this id, if it is there."""
        return next((one for one in self.takes if one.id == take), None)

    def enter(self, bulletin: Bulletin) -> None:
        """Events of this room are told on `bulletin` from now on."""
        self._ears.add(bulletin)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name=f"room {self.root}")

    def leave(self, bulletin: Bulletin) -> None:
        """And not any more. Nobody looks at a room without anybody in it."""
        self._ears.discard(bulletin)
        if not self._ears and self._looking is not None:
            for task in (self._looking, *self._heeded.values()):
                task.cancel()
            self._looking = None
            self._heeded.clear()

    @property
    def is_empty(self) -> bool:
        """Whether nobody is in it."""
        return not self._ears

    async def refresh(self) -> None:
        """Look now, and tell what changed: after whatever was done here."""
        takes = await run_in_threadpool(self._read)
        if takes is None:
            self.takes = ()
            await self._tell(TreeGone())
            return
        before, self.takes = {one.id: one for one in self.takes}, takes
        if [_standing(one) for one in before.values()] != [_standing(one) for one in takes]:
            await self._tell(TakesChanged(takes=takes))
        for take in takes:
            if take.id in before and before[take.id].version != take.version:
                await self._tell(TakeChanged(take=take))
        await self._refresh_chunks()
        if self._ears:
            self._heed()

    async def _look(self) -> None:
        self._heed()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._heard.wait(), QUIET_SECONDS)
            self._heard.clear()
            try:
                await self.refresh()
            except Exception:
                log.exception("a room could not be looked at")
            await asyncio.sleep(PAUSE_SECONDS)

    def _heed(self) -> None:
        """Listen to each take that is being made, until its end."""
        for take in self.takes:
            if not take.state.is_end and take.id not in self._heeded:
                self._heeded[take.id] = asyncio.create_task(self._hear(take.id), name=f"take {take.id}")

    async def _hear(self, take: str) -> None:
        try:
            async for _ in self.desk.changes(self._caller, take):
                self._heard.set()
        except JobError:  # it is gone, or the database is out of reach: the next look says so
            pass
        finally:
            if self._heeded.get(take) is asyncio.current_task():
                del self._heeded[take]

    async def _refresh_chunks(self) -> None:
        making = [take.id for take in self.takes if not take.state.is_end]
        known = {take: self.chunks[take] for take in self.chunks if self.take(take) is not None}
        for take in making:
            try:
                chunks = await run_in_threadpool(self.desk.chunks, self._caller, take)
            except Missing:
                continue
            if chunks != known.get(take, ()):
                known[take] = chunks
                self.chunks = dict(known)
                await self._tell(ChunksDrawn(take=take, chunks=chunks))
        self.chunks = known

    async def _tell(self, event: Event) -> None:
        for ear in tuple(self._ears):
            await ear.tell(event)

    def _read(self) -> tuple[Video, ...] | None:
        """All takes as they are now; None when the last one was deleted."""
        for known in (self.root, *(take.id for take in reversed(self.takes))):
            try:
                return tuple(self.desk.takes(self._caller, known))
            except Missing:
                continue
        return None


class Rooms:
    """The rooms of a server, one for each tree that somebody has open."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rooms: dict[tuple[str, str], Room] = {}

    async def open(self, caller: Caller, take: str) -> Room:
        """The room of the tree that `take` is in. Raises JobError."""
        takes = await run_in_threadpool(self._desk.takes, caller, take)
        root = next((one.root for one in takes if one.id == take), take)
        self._rooms = {key: room for key, room in self._rooms.items() if not room.is_empty}
        key = (caller.workspace, root)
        if key not in self._rooms:
            self._rooms[key] = Room(self._desk, caller, root, takes)
        room = self._rooms[key]
        with contextlib.suppress(JobError):
            await room.refresh()
        return room


def _standing(take: Video) -> tuple[object, ...]:
    """What the list of takes shows beside progress."""
    return take.id, take.parent, take.name, take.starred, take.state.is_end
