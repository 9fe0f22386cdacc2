"""The studio as an MCP server: tools, resources and a player, at /mcp of the server. Both eras of the protocol are spoken."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from mcp.server import MCPServer
from mcp.server.apps import Apps, ResourceCsp
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.mcpserver.context import Context
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import ToolAnnotations
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from vitascope import __version__
from vitascope.jobs.values import Caller
from vitascope.serve import auth
from vitascope.serve.mcp_access import Access
from vitascope.serve.mcp_making import Making
from vitascope.serve.mcp_resources import add_resources
from vitascope.serve.mcp_shelf import Shelf
from vitascope.serve.settings import Settings

__all__ = ["PLAYER_URI", "build_server", "count", "mount"]

PLAYER_URI = "ui://vitascope/player.html"
INSTRUCTIONS = """\
A film studio: a description becomes a short video with sound, an instruction changes only what it names.
vitascope_film starts a new film and answers with a job; vitascope_get with wait=30 follows it until it is completed and
gives the address to show. For every later wish about that film use vitascope_edit or vitascope_extend with its id, not
vitascope_film: unchanged frames are reused. Each change is a film with a new id; go on from the newest. Tell the user
what was not understood or was substituted. vitascope_read shows how words are understood without filming."""
CALLER = "vitascope.caller"


def build_server(access: Access, *, public_url: str, lifespan: Callable[..., Any] | None = None) -> MCPServer[Any]:
    """The tools, resources and player over the house that `access` leads to.

    `public_url` is the address from which the player may load films.
    """
    logging.getLogger("mcp").setLevel(logging.WARNING)  # below that it writes down what was wished for
    apps = Apps()
    origin = [_origin(public_url)]
    apps.add_html_resource(
        PLAYER_URI,
        files("vitascope.serve").joinpath("player.html").read_text(encoding="utf-8"),
        name="player",
        title="Vitascope player",
        description="Shows a film while it is made and plays it.",
        csp=ResourceCsp(resource_domains=origin, connect_domains=origin),
        prefers_border=False,
    )
    making, shelf = Making(access), Shelf(access)
    _add_shown_tools(apps, making, shelf)
    server = MCPServer(
        "vitascope",
        title="Vitascope",
        description="A film studio you talk to.",
        instructions=INSTRUCTIONS,
        version=__version__,
        extensions=[apps],
        log_level="WARNING",
        lifespan=lifespan,
    )
    _add_tools(server, making, shelf)
    add_resources(server, access)
    return server


def mount(app: FastAPI) -> None:
    """Have `app` answer at /mcp, from its start to its end. Its state holds the house and the door."""
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[Any]:
        async with inner(running) as state:
            settings: Settings = running.state.house.settings
            access = Access(
                house=lambda: running.state.house,
                identify=_caller_of_request,
                count=lambda caller: count(running, caller),
            )
            server = build_server(access, public_url=settings.url)
            server.streamable_http_app(transport_security=_security(settings), host=settings.host)
            running.state.mcp = server.session_manager
            async with server.session_manager.run():
                yield state

    app.router.lifespan_context = lifespan
    app.add_api_route("/mcp", _serve, methods=["GET", "POST", "DELETE"], include_in_schema=False)


def count(app: FastAPI, caller: Caller) -> None:
    """Count a call that writes against the pace of the caller's tier. Raises TooBusy."""
    house, door = app.state.house, app.state.door
    door.pace(caller.account, house.accounts.limits(caller.tier).requests_per_minute)


async def _serve(request: Request) -> Response:
    state = request.app.state
    caller = await run_in_threadpool(auth.identify, state.house, state.door, request.headers)
    request.scope[CALLER] = caller
    # The user of a session, so that nobody else can speak in it.
    token = AccessToken(
        token=caller.key or "", client_id=caller.account, subject=f"{caller.workspace}/{caller.key}", scopes=[]
    )
    request.scope["user"] = AuthenticatedUser(token)
    return _Handed(state.mcp)


class _Handed(Response):
    """A reply that the session manager writes."""

    def __init__(self, manager: StreamableHTTPSessionManager) -> None:
        super().__init__()
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.handle_request(scope, receive, send)


def _caller_of_request(context: Context[Any]) -> Caller:
    request: Request = context.request_context.request  # type: ignore[assignment]
    return request.scope[CALLER]


def _security(settings: Settings) -> TransportSecuritySettings:
    """Which hosts and pages are let in. Where each needs a key, a page of another site has none: all hosts are let in."""
    if not settings.local and not settings.hosts:
        return TransportSecuritySettings(enable_dns_rebinding_protection=False)
    hosts = sorted(settings.own_hosts)
    ports = [name for host in hosts for name in (host, f"{host}:*")]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=ports,
        allowed_origins=[f"{scheme}://{name}" for scheme in ("http", "https") for name in ports],
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _hints(*, reads: bool = False, destroys: bool = False, again: bool = False) -> ToolAnnotations:
    """What a client may know before it calls. Nothing here reaches outside the studio."""
    return ToolAnnotations(
        read_only_hint=reads, destructive_hint=destroys, idempotent_hint=again, open_world_hint=False
    )


def _add_shown_tools(apps: Apps, making: Making, shelf: Shelf) -> None:
    """The tools whose result the player shows; it calls them, too."""
    shown = (
        (making.film, "vitascope_film", "Make a film", _hints(), "Reading the script…", "Filming"),
        (making.edit, "vitascope_edit", "Change a film", _hints(), "Reading the change…", "Filming the change"),
        (making.extend, "vitascope_extend", "Make a film longer", _hints(), "Reading what follows…", "Filming on"),
        (shelf.get, "vitascope_get", "Look at a film", _hints(reads=True, again=True), "Looking…", "The film"),
    )
    for tool, name, title, hints, doing, done in shown:
        words = {"openai/toolInvocation/invoking": doing, "openai/toolInvocation/invoked": done}
        apps.tool(
            resource_uri=PLAYER_URI,
            visibility=["model", "app"],
            meta=words,
            name=name,
            title=title,
            annotations=hints,
            description=_described(tool),
        )(tool)


def _add_tools(server: MCPServer[Any], making: Making, shelf: Shelf) -> None:
    """The tools that answer in words."""
    plain = (
        (making.read, "vitascope_read", "Read without filming", _hints(reads=True, again=True)),
        (shelf.list, "vitascope_list", "List films", _hints(reads=True, again=True)),
        (shelf.takes, "vitascope_takes", "List the versions of a film", _hints(reads=True, again=True)),
        (shelf.cancel, "vitascope_cancel", "Stop making a film", _hints(again=True)),
        (shelf.delete, "vitascope_delete", "Delete a film", _hints(destroys=True, again=True)),
        (shelf.verify, "vitascope_verify", "Verify a film", _hints(reads=True, again=True)),
    )
    for tool, name, title, hints in plain:
        server.add_tool(tool, name=name, title=title, annotations=hints, description=_described(tool))


def _described(tool: Callable[..., Any]) -> str:
    """The docstring as running text."""
    return "\n\n".join(" ".join(part.split()) for part in (tool.__doc__ or "").split("\n\n"))
