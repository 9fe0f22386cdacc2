"""A room tells its pages what happens to the takes of a tree, as soon as the desk does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

import pytest

from vitascope.film import Size
from vitascope.jobs.desk import Desk
from vitascope.jobs.shelf import DrawnChunk
from vitascope.jobs.values import Caller, Role, State, Video
from vitascope.web import room as rooms
from vitascope.web.events import Bulletin, ChunksDrawn, TakeChanged
from vitascope.web.room import Room

CALLER = Caller(account="a", workspace="w", role=Role.OWNER, tier="enterprise")
MAKING = Video(
    id="v", workspace="w", account="a", state=State.RUNNING, progress=0, version=1, model="m", engine="world", prompt="",
    operation="create", parent=None, seconds=Fraction(1), size=Size(width=128, height=128), fps=Fraction(24), seed=0,
    style=None, audio=False, negative_prompt=None, created_at=0, frames=24,
)  # fmt: skip


class OneFilm:
    """A desk with one film, which is changed by hand; counts how often it was looked at."""

    def __init__(self) -> None:
        self.film, self.drawn, self.looks = MAKING, (), 0
        self._changed = asyncio.Condition()

    async def change(self, film: Video, *drawn: DrawnChunk) -> None:
        """From now on the film is so."""
        async with self._changed:
            self.film, self.drawn = film, drawn
            self._changed.notify_all()

    def takes(self, caller: Caller, video: str) -> list[Video]:
        self.looks += 1
        return [self.film]

    def chunks(self, caller: Caller, video: str) -> tuple[DrawnChunk, ...]:
        return self.drawn

    async def changes(self, caller: Caller, video: str, *, timeout: float | None = None) -> AsyncIterator[Video]:
        while not self.film.state.is_end:
            told = self.film
            yield told
            async with self._changed:
                await self._changed.wait_for(lambda told=told: self.film.version > told.version)


class Page:
    """What a page is told, in order, and a way to wait for it."""

    def __init__(self) -> None:
        self.bulletin, self._told = Bulletin(), asyncio.Queue[Any]()
        for kind in (TakeChanged, ChunksDrawn):
            self.bulletin.on(kind, self._told.put)

    async def next(self) -> Any:
        return await asyncio.wait_for(self._told.get(), 60)


@pytest.fixture(autouse=True)
def no_looks_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told in these tests was heard of."""
    monkeypatch.setattr(rooms, "QUIET_SECONDS", 3600)


def test_what_is_drawn_is_told_when_the_desk_tells_of_it():
    """The chunks that can be seen, and how far the take is: nobody waits for the next look by the clock."""

    async def run() -> None:
        desk, page = OneFilm(), Page()
        room = Room(cast(Desk, desk), CALLER, "v", [MAKING])
        room.enter(page.bulletin)
        opening = DrawnChunk(number=0, first=0, frames=24, address=None, opening="aa")

        await desk.change(replace(MAKING, version=2, frames_done=1), opening)

        assert (await page.next()).take.frames_done == 1
        assert (await page.next()).chunks == (opening,)
        room.leave(page.bulletin)

    asyncio.run(run())


def test_a_room_is_left_quiet():
    """With nobody in it, it neither looks nor listens, whatever is still made there."""

    async def run() -> None:
        desk, page = OneFilm(), Page()
        room = Room(cast(Desk, desk), CALLER, "v", [MAKING])
        room.enter(page.bulletin)
        await desk.change(replace(MAKING, version=2))
        await page.next()

        room.leave(page.bulletin)
        ended = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait(ended, timeout=60)

        assert all(task.done() for task in ended)
        looks = desk.looks
        await desk.change(replace(MAKING, version=3))
        assert desk.looks == looks

    asyncio.run(run())
