"""The studio over standard input and output: with a house of its own, and as a bridge to a server that runs."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client
from mcp.client import advertise
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from serve_mcp_client import ERAS, PROGRAM, TINY, finished, given, program, refused

pytestmark = pytest.mark.anyio
PLAYER = advertise(EXTENSION_ID, {"mimeTypes": [APP_MIME_TYPE]})


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def every_tool(client: Client) -> dict[str, Any]:
    """Calls each tool once, and returns the film that was made."""
    read = await given(client, "read", words=TINY["prompt"])
    assert read["outcome"] == "film"
    film = await finished(client, (await given(client, "film", **TINY, seed=7))["id"])
    assert film["status"] == "completed"
    green = await finished(
        client, (await given(client, "edit", video_id=film["id"], instruction="make it green"))["id"]
    )
    longer = await given(client, "extend", video_id=film["id"], seconds=1)
    await given(client, "cancel", video_id=longer["id"])
    takes = await given(client, "takes", video_id=film["id"])
    assert [film["id"], green["id"]] == [take["id"] for take in takes["films"]][:2]
    assert (await given(client, "verify", video_id=film["id"]))["ok"]
    await finished(client, longer["id"])
    await given(client, "delete", video_id=longer["id"])
    listed = {each["id"] for each in (await given(client, "list"))["films"]}
    assert listed >= {film["id"], green["id"]}
    assert longer["id"] not in listed
    assert "vitascope_list" in await refused(client, "get", video_id=longer["id"])
    return film


@pytest.mark.parametrize("era", ERAS)
async def test_a_house_of_its_own(era, tmp_path):
    """Every tool, without a server or a key; the address plays while the program runs, and no page of others gets in."""
    async with Client(program(VITASCOPE_SERVER=str(tmp_path), VITASCOPE_URL=""), mode=era) as client:
        film = await every_tool(client)
        (resource,) = (await client.read_resource(film["resource"])).contents
        with urllib.request.urlopen(film["url"]) as played:
            assert played.read(8)[4:] == b"ftyp"
        listing = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        for header in ({"host": "films.example"}, {"origin": "https://films.example"}):
            assert (
                httpx.post(film["url"].partition("/v1/")[0] + "/mcp", json=listing, headers=header).status_code == 401
            )

    assert resource.mime_type == "video/mp4"


@pytest.mark.parametrize("era", ERAS)
async def test_a_bridge_to_a_server(server, era):
    """Every tool of the server, with progress and the player, by the key of the environment."""
    seen: list[float] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        seen.append(progress)

    command = program("--url", server.url, VITASCOPE_KEY=server.key)
    async with Client(command, mode=era, extensions=[PLAYER]) as client:
        film = await every_tool(client)
        again = await client.call_tool(
            "vitascope_film", {**TINY, "seed": 11, "wait": 50}, progress_callback=note
        )  # fmt: skip
        names = {tool.name: tool.meta for tool in (await client.list_tools()).tools}
        resources = {resource.uri for resource in (await client.list_resources()).resources}

    assert film["url"].startswith(server.url)
    assert not again.is_error
    assert seen
    assert names["vitascope_film"]["ui"]["resourceUri"] in resources
    assert len(names) == 10


async def test_a_bridge_without_a_server_says_so():
    """One sentence on stderr, nothing on stdout, exit code 2."""
    ended = subprocess.run(
        [*PROGRAM, "--url", "http://127.0.0.1:9"], input=b"", capture_output=True, timeout=120, check=False
    )  # fmt: skip

    assert (ended.returncode, ended.stdout) == (2, b"")
    assert ended.stderr.count(b"\n") == 1
    assert b"http://127.0.0.1:9" in ended.stderr


async def test_a_bridge_with_a_wrong_key_says_so(server):
    """One sentence, and no key in it."""
    ended = subprocess.run(
        [*PROGRAM, "--url", server.url, "--key", "vsk_wrong"], input=b"", capture_output=True, timeout=120, check=False
    )  # fmt: skip

    assert (ended.returncode, ended.stdout) == (2, b"")
    assert b"--key" in ended.stderr
    assert b"vsk_wrong" not in ended.stderr


async def test_nothing_but_the_protocol_is_on_standard_output(tmp_path: Path):
    """Each line is a message; the end of the input is the end of the program."""
    params = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    ]
    environment = {**os.environ, "VITASCOPE_SERVER": str(tmp_path)}
    with subprocess.Popen(PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write("".join(json.dumps(line) + "\n" for line in lines).encode())
        running.stdin.flush()
        answers = [json.loads(running.stdout.readline()) for _ in range(2)]
        running.stdin.close()
        rest = running.stdout.read()

    assert [answer["id"] for answer in answers] == [1, 2]
    assert answers[0]["result"]["serverInfo"]["name"] == "vitascope"
    assert len(answers[1]["result"]["tools"]) == 10
    assert rest == b""
    assert running.returncode == 0
