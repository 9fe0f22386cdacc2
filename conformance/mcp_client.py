"""What the MCP SDK's client does with every tool and resource, over HTTP and over stdio, in both eras of the protocol.

    python mcp_client.py http|bridge|stdio auto|legacy [http://127.0.0.1:8000 KEY]

`http` speaks to a running server; `bridge` starts `vitascope mcp --url`, `stdio` starts `vitascope mcp` with a studio of its
own in VITASCOPE_SERVER. Prints the same lines as openai_client.py.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from mcp import Client
from mcp.client import advertise
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

PLAYER = "text/html;profile=mcp-app"
BALL = {"prompt": "A red ball on a plain backdrop", "seconds": 1, "size": "128x128", "seed": 7, "silent": True}
PATIENCE = 240.0
STUDIO = ("-c", "from vitascope.cli import run; run()")


class Session:
    """A connected client, and what the checks hand on to each other."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.called: set[str] = set()
        self.film = ""
        self.progress: list[tuple[float, float | None, str | None]] = []

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The structure that a tool answers with; its text must not be empty, and it must not be an error."""
        self.called.add(tool)

        async def heard(progress: float, total: float | None, message: str | None) -> None:
            self.progress.append((progress, total, message))

        reply = await self.client.call_tool(tool, arguments, progress_callback=heard)
        text = "".join(block.text for block in reply.content if block.type == "text")
        assert not reply.is_error, text
        assert text, "a model that reads text only is told nothing"
        assert isinstance(reply.structured_content, dict), reply
        return reply.structured_content

    async def made(self, film: dict[str, Any]) -> dict[str, Any]:
        """The film at its end, which must be `completed`."""
        end = time.monotonic() + PATIENCE
        while film["status"] not in ("completed", "failed", "cancelled") and time.monotonic() < end:
            film = await self.call("vitascope_get", video_id=film["id"], wait=30)
        assert film["status"] == "completed", film
        return film


async def protocol(s: Session) -> str:
    version = getattr(s.client, "protocol_version", None) or s.client.session.protocol_version
    return str(version)


async def tool_film(s: Session) -> str:
    film = await s.made(await s.call("vitascope_film", **BALL))
    s.film = film["id"]
    assert film["url"].split("?")[0].endswith(".mp4"), film["url"]
    async with httpx2.AsyncClient() as http:
        played = await http.get(film["url"])
    assert played.status_code == 200, played.status_code
    assert played.content[4:8] == b"ftyp"
    return f"{film['url'].split('?')[0]}, {len(played.content)} bytes"


async def tool_get(s: Session) -> str:
    film = await s.call("vitascope_get", video_id=s.film)
    assert (film["id"], film["size"], film["seed"]) == (s.film, "128x128", 7), film
    return str(film["status"])


async def tool_read(s: Session) -> str:
    read = await s.call("vitascope_read", words="make the ball green", video_id=s.film)
    assert read["outcome"] == "edit", read
    return str(read["said"])


async def tool_edit(s: Session) -> str:
    film = await s.made(await s.call("vitascope_edit", video_id=s.film, instruction="make the ball green"))
    assert film["parent_id"] == s.film, film
    return str(film["changed"])


async def tool_extend(s: Session) -> str:
    film = await s.made(await s.call("vitascope_extend", video_id=s.film, seconds=1))
    assert film["seconds"] == 2, film
    return f"{film['frames_reused']} of {film['frames']} frames reused"


async def tool_takes(s: Session) -> str:
    found = await s.call("vitascope_takes", video_id=s.film)
    ids = [film["id"] for film in found["films"]]
    assert ids[0] == s.film, ids
    assert len(ids) == 3, ids
    return f"{len(ids)} takes"


async def tool_list(s: Session) -> str:
    first = await s.call("vitascope_list", limit=1)
    assert len(first["films"]) == 1, first
    assert first["has_more"], first
    more = await s.call("vitascope_list", limit=100, after=first["films"][0]["id"])
    ids = [film["id"] for film in more["films"]]
    assert first["films"][0]["id"] not in ids
    assert s.film in ids
    return f"{1 + len(ids)} films"


async def tool_verify(s: Session) -> str:
    marks = await s.call("vitascope_verify", video_id=s.film)
    assert marks["ok"], marks
    return ", ".join(f"{mark['name']} {mark['state']}" for mark in marks["marks"])


async def tool_cancel(s: Session) -> str:
    film = await s.call("vitascope_film", **{**BALL, "prompt": "A boat on the sea", "seconds": 20})
    film = await s.call("vitascope_cancel", video_id=film["id"])
    end = time.monotonic() + PATIENCE
    while film["status"] not in ("completed", "failed", "cancelled") and time.monotonic() < end:
        film = await s.call("vitascope_get", video_id=film["id"], wait=5)
    assert film["status"] == "cancelled", film
    return "cancelled"


async def resource_film(s: Session) -> str:
    found = await s.client.read_resource(f"video://{s.film}")
    mp4 = base64.b64decode(found.contents[0].blob)
    assert (found.contents[0].mime_type, mp4[4:8]) == ("video/mp4", b"ftyp")
    return f"{len(mp4)} bytes"


async def resource_player(s: Session) -> str:
    tools = (await s.client.list_tools()).tools
    shown = {tool.meta["ui"]["resourceUri"] for tool in tools if tool.meta and "ui" in tool.meta}
    assert len(shown) == 1, shown
    found = await s.client.read_resource(shown.pop())
    assert found.contents[0].mime_type == PLAYER, found.contents[0].mime_type
    assert "<video" in found.contents[0].text
    return f"{len(found.contents[0].text)} letters"


async def error_is_advice(s: Session) -> str:
    reply = await s.client.call_tool("vitascope_get", {"video_id": "video_nothinghasthisid"})
    text = "".join(block.text for block in reply.content if block.type == "text")
    assert reply.is_error, reply
    assert "vitascope_list" in text, f"it does not say what to do next: {text}"
    return text


async def tool_delete(s: Session) -> str:
    assert (await s.call("vitascope_delete", video_id=s.film))["deleted"]
    assert (await s.client.call_tool("vitascope_get", {"video_id": s.film})).is_error
    return s.film


async def progress(s: Session) -> str:
    assert s.progress, "no progress was reported while waiting"
    return f"{len(s.progress)} reports, the last: {s.progress[-1][2]}"


async def every_tool(s: Session) -> str:
    names = {tool.name for tool in (await s.client.list_tools()).tools}
    assert names == s.called, f"not called: {names - s.called}; called, but not listed: {s.called - names}"
    return f"{len(names)} tools"


CHECKS: list[tuple[str, Callable[[Session], Awaitable[str]]]] = [
    ("protocol", protocol),
    ("film", tool_film),
    ("get", tool_get),
    ("read", tool_read),
    ("edit", tool_edit),
    ("extend", tool_extend),
    ("takes", tool_takes),
    ("list", tool_list),
    ("verify", tool_verify),
    ("cancel", tool_cancel),
    ("resource: film", resource_film),
    ("resource: player", resource_player),
    ("error is advice", error_is_advice),
    ("delete", tool_delete),
    ("progress", progress),
    ("every tool was called", every_tool),
]


@asynccontextmanager
async def connected(way: str, mode: Any, address: str, key: str) -> AsyncIterator[Client]:
    """A client over one of the ways, that says that it can show the player."""
    shown = [advertise("io.modelcontextprotocol/ui", {"mimeTypes": [PLAYER]})]
    if way == "http":
        async with (
            httpx2.AsyncClient(headers={"authorization": f"Bearer {key}"}, timeout=PATIENCE) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http), mode=mode, extensions=shown) as client,
        ):
            yield client
        return
    arguments = [*STUDIO, "mcp", *(["--url", address] if way == "bridge" else [])]
    told = {name: value for name, value in os.environ.items() if name.startswith(("VITASCOPE_", "PYTHON"))}
    environment = {**told, **({"VITASCOPE_KEY": key} if way == "bridge" else {})}
    parameters = StdioServerParameters(command=sys.executable, args=arguments, env=environment)
    async with Client(parameters, mode=mode, extensions=shown) as client:
        yield client


async def run(way: str, mode: str, address: str = "", key: str = "") -> None:
    async with connected(way, mode, address, key) as client:
        session = Session(client)
        for name, check in CHECKS:
            start, state = time.monotonic(), "passed"
            try:
                detail = await check(session)
            except Exception as error:
                state, detail = "failed", f"{type(error).__name__}: {error}"
            seconds = round(time.monotonic() - start, 2)
            print(json.dumps({"check": name, "state": state, "detail": detail, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
