"""The pages on the server's application: mounted so that no address of the API changes its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from nicegui import core, ui
from nicegui.translations import translations
from starlette.concurrency import run_in_threadpool

from vitascope.web import files, look, pages, waveform
from vitascope.web.looker import Looker
from vitascope.web.porch import Porch
from vitascope.web.room import Rooms
from vitascope.web.strings import say

__all__ = ["open_studio"]

PING_SECONDS = 10.0
"""How often server and page make sure of each other. Twice as long after the last sign the page says that it is cut off."""
RECONNECT_SECONDS = 60.0
"""How long a page that lost its connection (a laptop asleep, a walk between two networks) finds all as it was."""
FAVICON = Path(__file__).parent / "theme" / "mark.svg"


def open_studio(app: FastAPI) -> None:
    """Show the studio at / of the application that `vitascope.serve.create_app` made. Once in a process."""
    app.include_router(files.router)
    app.include_router(waveform.router)
    app.include_router(look.router)
    pages.register()
    translations["en-US"].update(connection_lost=say("connection.lost"), trying_to_reconnect=say("connection.kept"))
    ui.run_with(
        app,
        title=say("product"),
        favicon=FAVICON,
        dark=None,
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=RECONNECT_SECONDS,
        storage_secret=None,
    )
    app.router.routes.pop()  # the mount takes every address that is not known, and every method that is not allowed
    app.router.routes.append(Porch(core.app))
    opened = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[None]:
        async with opened(running):
            core.sio.eio.ping_interval = core.sio.eio.ping_timeout = PING_SECONDS
            house = running.state.house
            looker = Looker()
            house.parts["looker"] = looker
            house.parts["rooms"] = Rooms(house.core)
            try:
                yield
            finally:
                await run_in_threadpool(looker.close)

    app.router.lifespan_context = lifespan
