"""The page of a film: the conversation on the left, the screen on the right, under it the dock. Its address names the take."""

from __future__ import annotations

from fastapi import Request
from nicegui import ui
from starlette.concurrency import run_in_threadpool

from vitascope.jobs.errors import JobError
from vitascope.web.elements.controls import box
from vitascope.web.events import CurrentChanged, TreeGone
from vitascope.web.files import looker_of
from vitascope.web.pages.frame import look, missing, top
from vitascope.web.panels.dock import dock
from vitascope.web.panels.stage import stage_panel
from vitascope.web.panels.thread import thread_panel
from vitascope.web.porch import visit_of
from vitascope.web.room import Rooms
from vitascope.web.session import Session
from vitascope.web.showing import title_of

__all__ = ["register"]


async def film(request: Request, take: str) -> None:
    """The take of the address with its whole tree."""
    visit = visit_of(request)
    house, who = visit.house, visit.caller
    rooms = house.parts["rooms"]
    assert isinstance(rooms, Rooms)
    try:
        assert who is not None
        room = await rooms.open(who, take[:80])
        await run_in_threadpool(house.core.video, who, take[:80])
    except JobError:
        missing(visit)
        return
    client = ui.context.client
    look(title_of(room.takes[0]))
    page = box("studio", "main", id="main", data_view="talk")
    session = Session(house.core, who, room, take, within=lambda: client, page=page)
    client.on_delete(session.close)
    with page:
        with top(visit, title_of(room.takes[0])):
            pass
        thread_panel(session)
        stage_panel(session, looker_of(house))
        dock(session, page)
    session.bulletin.on(CurrentChanged, lambda event: ui.run_javascript(f"window.studio.at('/films/{event.take.id}')"))
    session.bulletin.on(TreeGone, lambda _: ui.navigate.to("/"))


def register() -> None:
    """Make the address known."""
    ui.page("/films/{take}", response_timeout=20)(film)
