"""The SDK's client for the tests of MCP, over HTTP and over standard input and output."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

ERAS = ("auto", "legacy")
"""How a client begins: it asks for the newest protocol, or shakes hands as before 2026."""
TINY = {"prompt": "A red ball on a plain backdrop", "size": "128x128", "seconds": 1, "silent": True}
PROGRAM = (sys.executable, "-c", "from vitascope.cli.app import main; main()", "mcp")


@asynccontextmanager
async def calling(url: str, key: str | None = None, **given: Any) -> AsyncIterator[Client]:
    """A client of the server at `url`; `given` are its options, such as `mode`."""
    headers = {"authorization": f"Bearer {key}"} if key else {}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=120) as http,
        Client(streamable_http_client(f"{url}/mcp", http_client=http), **given) as client,
    ):
        yield client


def program(*arguments: str, **environment: str) -> StdioServerParameters:
    """The command `vitascope mcp`, for a client that starts it."""
    command, *rest = PROGRAM
    return StdioServerParameters(command=command, args=[*rest, *arguments], env={**os.environ, **environment})


async def given(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """What a tool gives as a structure, when it succeeds."""
    result = await client.call_tool(f"vitascope_{tool}", arguments)
    assert not result.is_error, said(result)
    assert result.structured_content is not None
    return result.structured_content


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """What a tool says when it cannot do what is asked."""
    result = await client.call_tool(f"vitascope_{tool}", arguments)
    assert result.is_error, said(result)
    return said(result)


async def finished(client: Client, video: str) -> dict[str, Any]:
    """The film with this id when it is at an end, asked for as a model would."""
    while True:
        film = await given(client, "get", video_id=video, wait=30)
        if film["status"] in ("completed", "failed", "cancelled"):
            return film


def said(result: Any) -> str:
    """The text of a result."""
    return "\n".join(part.text for part in result.content if part.type == "text")
