"""The application: the house is opened at its start and closed at its end, every face is a router."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from vitascope import __version__
from vitascope.jobs.accounts import Accounts
from vitascope.jobs.core import Core
from vitascope.jobs.database import Database
from vitascope.jobs.engines import Engines, Remote
from vitascope.jobs.executor import Executor
from vitascope.jobs.shared_store import is_shared, open_worker_store
from vitascope.jobs.storage import Storage
from vitascope.serve import (
    accounts,
    batches,
    characters,
    chat,
    content,
    files,
    mcp,
    models,
    operations,
    responses,
    videos,
    webhooks,
)
from vitascope.serve.access import Access
from vitascope.serve.auth import Door
from vitascope.serve.errors import answer_errors
from vitascope.serve.gate import Gate
from vitascope.serve.hooks import close_hooks, open_hooks
from vitascope.serve.house import House
from vitascope.serve.openapi import describe
from vitascope.serve.polls import Polls
from vitascope.serve.settings import MIB, Settings, kept_secret

__all__ = ["create_app"]

STOP_SECONDS = 10.0
"""How long films in hand may take to come to the end of a chunk when the server stops."""


def create_app(settings: Settings) -> FastAPI:
    """The server with these settings, not yet started: it opens its house when it is run."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        house = await run_in_threadpool(_opened, settings)
        try:
            app.state.house = house
            app.state.door = Door(local=house.accounts.first_caller() if settings.local else None)
            open_hooks(house)
            house.core.start()
            yield
        finally:
            await run_in_threadpool(_close, house)

    app = FastAPI(
        title="Vitascope", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    answer_errors(app)
    polled = next(route for route in videos.router.routes if getattr(route, "endpoint", None) is videos.retrieve)
    app.add_middleware(Polls, route=polled)
    app.add_middleware(Access)
    app.add_middleware(Gate, body_bytes_most=settings.upload_bytes + MIB)
    faces = (characters, videos, content, models, chat, responses, files, batches, webhooks, accounts, operations)
    for face in faces:
        app.include_router(face.router)
    mcp.mount(app)
    describe(app)
    return app


def _opened(settings: Settings) -> House:
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.database_url)
    database.migrate()
    storage = Storage(settings.storage_url)
    accounts = Accounts(database)
    remotes = [Remote(name=name, url=url, key=settings.remote_keys.get(name)) for name, url in settings.remotes.items()]
    engines = Engines(remotes)
    executor = _executor(settings)
    shared = settings.cluster is not None or is_shared(settings.storage_url)
    core = Core(
        database=database,
        storage=storage,
        executor=executor,
        accounts=accounts,
        engines=engines,
        store=open_worker_store(os.environ, storage if shared else None),
        tries=settings.tries,
    )
    return House(
        settings=settings,
        database=database,
        storage=storage,
        accounts=accounts,
        executor=executor,
        core=core,
        engines=engines,
        secret=kept_secret(settings.data / "secret"),
    )


def _executor(settings: Settings) -> Executor:
    if settings.cluster is None:
        from vitascope.jobs.local import LocalExecutor

        return LocalExecutor(workers=settings.workers, storage=settings.storage_url, home=settings.data / "workers")
    from vitascope.jobs.cluster import RayExecutor

    return RayExecutor(settings.cluster, storage=settings.storage_url)


def _close(house: House) -> None:
    close_hooks(house)
    house.core.stop(STOP_SECONDS)
    house.database.close()
