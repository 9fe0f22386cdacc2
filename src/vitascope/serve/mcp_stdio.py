"""The same tools over standard input and output: as a bridge to a server that runs, or with a house of its own."""

from __future__ import annotations

import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import anyio
import httpx2
import mcp_types as types
import uvicorn
from mcp import Client
from mcp.client import advertise
from mcp.client.streamable_http import streamable_http_client
from mcp.server import Server
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID, client_supports_apps
from mcp.server.context import ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from vitascope import __version__
from vitascope.serve import auth
from vitascope.serve.app import create_app
from vitascope.serve.mcp import build_server, count
from vitascope.serve.mcp_access import Access
from vitascope.serve.settings import Settings

__all__ = ["NoServer", "serve_bridge", "serve_own"]

HOST = "127.0.0.1"
START_SECONDS = 60
TIMEOUT = httpx2.Timeout(30, read=300)
Request = ServerRequestContext[Any, Any]


class NoServer(Exception):
    """No server answers, or it does not let us in; the text says what to do."""


def serve_own(settings: Settings) -> None:
    """Speak on standard input and output over a house in this process, until the input ends.

    Addresses of films lead to this process too: it listens on a free port of this machine.
    """
    listening = socket.create_server((HOST, 0))
    settings = replace(settings, host=HOST, port=listening.getsockname()[1], public_url=None, accounts=False)
    app = create_app(settings)
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    here = {"host": f"{HOST}:{settings.port}"}
    access = Access(
        house=lambda: app.state.house,
        identify=lambda _: auth.identify(app.state.house, app.state.door, here),
        count=lambda caller: count(app, caller),
    )

    @asynccontextmanager
    async def housed(_: object) -> AsyncIterator[None]:
        # Begun only when standard input and output are the protocol's alone: workers inherit what they are at the start.
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.serve, [listening])
            with anyio.move_on_after(START_SECONDS):
                while not server.started and not server.should_exit:
                    await anyio.sleep(0.02)
            if not server.started:
                raise NoServer(f"The studio did not start with the data folder; see the lines above: {settings.data}")
            try:
                yield
            finally:
                server.should_exit = True

    build_server(access, public_url=settings.url, lifespan=housed).run("stdio")


def serve_bridge(url: str, key: str | None) -> None:
    """Speak on standard input and output for the server at `url`, until the input ends. Raises NoServer."""
    try:
        anyio.run(_bridge, url.rstrip("/").removesuffix("/mcp") + "/mcp", key)
    except* (httpx2.HTTPError, MCPError, OSError) as group:
        reason = str(group.exceptions[0]) or type(group.exceptions[0]).__name__
        raise NoServer(f"No server of Vitascope answers at {url} ({reason}); check --url and --key.") from None


async def _bridge(url: str, key: str | None) -> None:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    player = advertise(EXTENSION_ID, {"mimeTypes": [APP_MIME_TYPE]})
    async with (
        httpx2.AsyncClient(headers=headers, timeout=TIMEOUT) as http,
        Client(streamable_http_client(url, http_client=http), cache=None) as plain,
        Client(streamable_http_client(url, http_client=http), cache=None, extensions=[player]) as shown,
        stdio_server() as (incoming, outgoing),
    ):
        server = _forwarding(plain, shown)
        await server.run(incoming, outgoing, server.create_initialization_options())


def _forwarding(plain: Client, shown: Client) -> Server[Any]:
    """A server that asks another: by `shown` for clients that have a place for the player, else by `plain`."""

    def ahead(context: Request) -> Client:
        return shown if client_supports_apps(context) else plain

    async def tools(context: Request, params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return await ahead(context).list_tools(cursor=params.cursor if params else None)

    async def call(context: Request, params: types.CallToolRequestParams) -> types.CallToolResult:
        return await ahead(context).call_tool(
            params.name, params.arguments, progress_callback=context.session.report_progress
        )

    async def resources(context: Request, params: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        return await ahead(context).list_resources(cursor=params.cursor if params else None)

    async def templates(
        context: Request, params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        return await ahead(context).list_resource_templates(cursor=params.cursor if params else None)

    async def resource(context: Request, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        return await ahead(context).read_resource(str(params.uri))

    server: Server[Any] = Server(
        "vitascope",
        title="Vitascope",
        version=__version__,
        instructions=plain.instructions,
        on_list_tools=tools,
        on_call_tool=call,
        on_list_resources=resources,
        on_list_resource_templates=templates,
        on_read_resource=resource,
    )
    server.extensions[EXTENSION_ID] = {}
    logging.getLogger("mcp").setLevel(logging.WARNING)
    return server
