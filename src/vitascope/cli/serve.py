"""`vitascope serve`: starts the server, says where it is and what is missing, and stops it in order."""

from __future__ import annotations

import logging
import os
import signal
import socket
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vitascope.cli import reply
from vitascope.cli.faults import FAULT

if TYPE_CHECKING:
    from vitascope.serve.settings import Settings

__all__ = ["NotStarted", "add_to"]

STOP_SECONDS = 15
KEEP_ALIVE_SECONDS = 65
"""How long a connection stays open between two requests: longer than any client is told to wait before it asks again."""


class NotStarted(ValueError):
    """The server cannot be started so; the text says why and what to do."""


def serve(
    host: Annotated[
        str, typer.Option("--host", metavar="HOST", help="Where to listen; 0.0.0.0 is everywhere.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="PORT", help="The port; 0 takes a free one.")] = 8000,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="FOLDER", help="What is kept; ~/.vitascope/server if not given.")
    ] = None,
    database: Annotated[
        str | None, typer.Option("--database", metavar="URL", help="postgresql://…; a file in the folder if not given.")
    ] = None,
    storage: Annotated[
        str | None, typer.Option("--storage", metavar="URL", help="s3://…; a folder in the folder if not given.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="ADDRESS", help="A Ray cluster that draws: ray://… or auto.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="Processes that draw; one for two cores if not given.")
    ] = None,
    accounts: Annotated[
        bool, typer.Option("--accounts", help="Ask for a key, also on this machine. Elsewhere one is always needed.")
    ] = False,
    public_url: Annotated[
        str | None, typer.Option("--public-url", metavar="URL", help="How browsers reach the server from outside.")
    ] = None,
    opened: Annotated[bool, typer.Option("--open", help="Open the studio in a browser once it is there.")] = False,
    remote: Annotated[
        list[str] | None,
        typer.Option(
            "--remote", metavar="NAME=URL", help="Another server with /v1/videos as an engine; several times."
        ),
    ] = None,
) -> None:
    """Serve the studio, the Videos API, chat and MCP from this machine, until it is interrupted."""
    from vitascope.serve.settings import Settings, SettingsFault

    try:
        settings = Settings.of(
            data=data, host=host, port=port, database=database, storage=storage, cluster=cluster, workers=workers,
            accounts=accounts, public_url=public_url, remotes=_remotes(remote or ()),
        )  # fmt: skip
    except SettingsFault as fault:
        raise NotStarted(str(fault)) from None
    with _listening(settings) as listener:
        settings = replace(settings, port=listener.getsockname()[1])
        _prepare(settings)
        _introduce(settings)
        _run(settings, listener, opened=opened)


def add_to(app: typer.Typer) -> None:
    """Put the command into `app`."""
    app.command()(serve)


def _remotes(texts: Sequence[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        name, equals, url = text.partition("=")
        if not equals:
            raise NotStarted(f"--remote is {text[:80]!r}; give NAME=URL, such as wan=http://10.0.0.5:8000/v1")
        found[name] = url
    return found


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """The socket of the server, open before anything else is done, so that two servers never share a data folder by mistake."""
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listener = socket.create_server((settings.host.strip("[]"), settings.port), family=family, backlog=2048)
    except OSError as error:
        raise NotStarted(
            f"Nothing can listen on {settings.host}, port {settings.port} ({error.strerror}); give another --port or --host."
        ) from None
    with listener:
        yield listener


def _prepare(settings: Settings) -> None:
    """Find out what would stop the server before it starts, and say it in a sentence."""
    from vitascope.jobs.database import Database
    from vitascope.jobs.errors import JobError
    from vitascope.jobs.storage import Storage

    was_there = settings.data.exists()
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = settings.data / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise NotStarted(
            f"The data folder cannot be written ({error.strerror}); give another with --data: {settings.data}"
        ) from None
    try:
        database = Database(settings.database_url)
        database.migrate()
        database.close()
        Storage(settings.storage_url).exists("probe")
    except JobError as error:
        if not was_there:
            with suppress(OSError):  # one that is not empty stays
                settings.data.rmdir()
        raise NotStarted(error.message) from None


def _introduce(settings: Settings) -> None:
    """Say where the server is, what is missing, and the first key, once."""
    from vitascope.cli.doctor import examine

    examine()
    reply.line(
        f"The studio is at {settings.url}, the API at {settings.url}/v1 (Ctrl+C stops both); data in {settings.data}"
    )
    if settings.local:
        reply.line("No key is needed on this machine; --accounts asks for one.")
        return
    from vitascope.jobs.accounts import Accounts
    from vitascope.jobs.database import Database

    database = Database(settings.database_url)
    key = Accounts(database).first_key()
    database.close()
    if key is not None:
        reply.line(f"The first key, shown only now: {key}")


def _run(settings: Settings, listener: socket.socket, *, opened: bool) -> None:
    """Serve until SIGINT or SIGTERM: requests in hand are answered, films in hand come to the end of a chunk."""
    import uvicorn

    from vitascope.serve.app import create_app
    from vitascope.serve.logs import set_up_logs
    from vitascope.web import open_studio

    class Telling(uvicorn.Server):
        """Says when it answers."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                reply.line("Ready.")
                if opened:
                    webbrowser.open(settings.url)

    set_up_logs()
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    app = create_app(settings)
    open_studio(app)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, timeout_graceful_shutdown=STOP_SECONDS, backlog=2048,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )  # fmt: skip
    server = Telling(config)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # what the server was stopped with, it raises again at its end
    server.run(sockets=[listener])
    if not server.started:
        raise typer.Exit(FAULT)
