"""The studio over MCP: every tool and resource, in both eras of the protocol, over HTTP."""

from __future__ import annotations

import base64
import json
import re
import urllib.request
from typing import Any, get_args

import httpx
import pytest
from mcp.client import advertise
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp.shared.exceptions import MCPError
from serve_mcp_client import ERAS, TINY, calling, finished, given, refused, said

from vitascope.cli.request import STYLES
from vitascope.serve import mcp_resources
from vitascope.serve.mcp import PLAYER_URI
from vitascope.serve.mcp_making import Style

pytestmark = pytest.mark.anyio
TOOLS = {"film", "edit", "extend", "read", "get", "list", "takes", "cancel", "delete", "verify"}
LISTED_FROM = "vitascope://videos{?after}"
PLAYER = advertise(EXTENSION_ID, {"mimeTypes": [APP_MIME_TYPE]})


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize("era", ERAS)
async def test_a_film_is_made_followed_and_played_without_a_key(server, era):
    """A job at once; waiting reports progress; then the address gives the bytes of the resource to anybody."""
    seen: list[float] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        assert (total, bool(message)) == (100, True)
        seen.append(progress)

    async with calling(server.url, server.key, mode=era) as client:
        job = await given(client, "film", **TINY, seed=100)
        assert job["status"] != "completed"
        assert f"vitascope_get with video_id={job['id']}" in job["next"]
        shown = await client.call_tool(
            "vitascope_get", {"video_id": job["id"], "wait": 50}, progress_callback=note
        )  # fmt: skip
        film = await finished(client, job["id"])
        (resource,) = (await client.read_resource(film["resource"])).contents

    assert film["status"] == "completed"
    assert seen == sorted(set(seen))
    assert seen[-1] == 100
    assert film["url"] in said(shown)
    (link,) = [part for part in shown.content if part.type == "resource_link"]
    assert (link.uri, link.mime_type, link.size) == (f"video://{film['id']}", "video/mp4", film["size_bytes"])
    with urllib.request.urlopen(film["url"]) as played:
        assert played.read() == base64.b64decode(resource.blob)
    assert resource.mime_type == "video/mp4"


@pytest.mark.parametrize("era", ERAS)
async def test_a_change_is_a_new_film_below_the_old_one(server, film, era):
    """An edit, an extension that reuses what was there, and all versions of the film in order."""
    async with calling(server.url, server.key, mode=era) as client:
        green = await given(client, "edit", video_id=film["id"], instruction="make the ball green", wait=50)
        longer = await given(client, "extend", video_id=film["id"], seconds=1, wait=50)
        takes = await given(client, "takes", video_id=green["id"])

    assert (green["parent_id"], green["operation"], green["changed"]) == (film["id"], "edit", "The ball is green now.")
    assert {phrase["text"] for phrase in green["understood"]} == {"the ball", "green"}
    assert (longer["seconds"], longer["operation"]) == (2.0, "extend")
    assert longer["frames_reused"] >= 24
    ids = [take["id"] for take in takes["films"]]
    assert ids[0] == film["id"]
    assert {green["id"], longer["id"]} < set(ids)


@pytest.mark.parametrize("era", ERAS)
async def test_words_are_read_without_filming(server, film, era):
    """A new film, a change, and a question; the list is no longer for it."""
    async with calling(server.url, server.key, mode=era) as client:
        before = await given(client, "list")
        new = await given(client, "read", words="A fox runs through a forest")
        change = await given(client, "read", words="make the ball blue", video_id=film["id"])
        after = await given(client, "list")

    assert (new["outcome"], {phrase["text"] for phrase in new["understood"]} >= {"fox", "runs"}) == ("film", True)
    assert (change["outcome"], change["said"]) == ("edit", "The ball is blue now.")
    assert [each["id"] for each in before["films"]] == [each["id"] for each in after["films"]]


@pytest.mark.parametrize("era", ERAS)
async def test_a_question_is_answered_by_its_number(server, era):
    """The error lists the choices and how to choose; with the number the film is made."""
    two = {**TINY, "prompt": "A red ball and a blue ball on a plain backdrop", "seed": 200}
    words = "make the ball green"
    async with calling(server.url, server.key, mode=era) as client:
        balls = await finished(client, (await given(client, "film", **two))["id"])
        question = await refused(client, "edit", video_id=balls["id"], instruction=words)
        read = await given(client, "read", video_id=balls["id"], words=words)
        answered = await given(client, "edit", video_id=balls["id"], instruction=words, choice=1)
        await given(client, "cancel", video_id=answered["id"])

    assert "1. the red ball\n2. the blue ball\n3. both" in question
    assert "call vitascope_edit again with the same video_id and instruction, and with choice=N (1 to 3)" in question
    assert (read["outcome"], read["choices"]) == ("question", ["the red ball", "the blue ball", "both"])
    assert answered["parent_id"] == balls["id"]


async def test_refusals_say_what_to_do_next(server, film):
    """Unknown film, impossible wish, words that are not understood, a size that is none, a film that is not ready."""
    async with calling(server.url, server.key) as client:
        unknown = await refused(client, "get", video_id="video_unknown")
        impossible = await refused(client, "edit", video_id=film["id"], instruction="the ball floats in the air")
        lost = await refused(client, "edit", video_id=film["id"], instruction="frobnicate the xyzzy")
        size = await refused(client, "film", **{**TINY, "size": "huge"})
        job = await given(client, "film", **TINY, seed=300)
        early = await refused(client, "verify", video_id=job["id"])
        await given(client, "cancel", video_id=job["id"])

    assert "vitascope_list" in unknown
    assert "1. rest on the ground" in impossible
    assert "choice=N" in impossible
    assert "frobnicate, xyzzy" in lost
    assert "vitascope_read" in lost
    assert "1280x720" in size
    assert "vitascope_get with wait=30" in early


@pytest.mark.parametrize("era", ERAS)
async def test_a_film_can_be_stopped_listed_and_deleted(server, era):
    """Cancelled stays in the list until it is deleted; deleting it again finds nothing."""
    async with calling(server.url, server.key, mode=era) as client:
        job = await given(client, "film", **{**TINY, "seconds": 20}, seed=400)
        await given(client, "cancel", video_id=job["id"])
        stopped = await finished(client, job["id"])
        newest = await given(client, "list", limit=1)
        older = await given(client, "list", limit=1, after=job["id"])
        gone = await given(client, "delete", video_id=job["id"])
        again = await refused(client, "delete", video_id=job["id"])

    assert stopped["status"] == "cancelled"
    assert [each["id"] for each in newest["films"]] == [job["id"]]
    assert job["id"] not in [each["id"] for each in older["films"]]
    assert gone["deleted"]
    assert job["id"] in again


@pytest.mark.parametrize("era", ERAS)
async def test_a_film_proves_where_it_comes_from(server, film, era):
    """All marks of the stored file are whole, and its chain ends with itself."""
    async with calling(server.url, server.key, mode=era) as client:
        marks = await given(client, "verify", video_id=film["id"])

    assert (marks["ok"], {mark["name"] for mark in marks["marks"]}) == (True, {"manifest", "aigc", "xmp", "label"})
    assert marks["sentences"][0].startswith("All marks are in place")
    assert [step["edited"] for step in marks["chain"]] == [False]


@pytest.mark.parametrize("era", ERAS)
async def test_films_are_resources(server, film, era):
    """Listed by name; thumbnail, document and list can be read; an unknown film is told as such."""
    video = f"video://{film['id']}"
    async with calling(server.url, server.key, mode=era) as client:
        listed = {resource.uri: resource for resource in (await client.list_resources()).resources}
        templates = (await client.list_resource_templates()).resource_templates
        (thumbnail,) = (await client.read_resource(f"{video}/thumbnail")).contents
        (document,) = (await client.read_resource(f"{video}/document")).contents
        (films,) = (await client.read_resource("vitascope://videos")).contents
        with pytest.raises(MCPError, match="vitascope://videos"):
            await client.read_resource("video://video_unknown")

    assert {PLAYER_URI, "vitascope://videos", video} <= set(listed)
    assert listed[video].size > 0
    assert {"video://{video_id}", "video://{video_id}/thumbnail"} <= {each.uri_template for each in templates}
    assert base64.b64decode(thumbnail.blob)[8:12] == b"WEBP"
    assert json.loads(document.text)["shots"][0]["subjects"][0]["recipe"] == "ball"
    assert film["id"] in [each["id"] for each in json.loads(films.text)["films"]]


async def test_a_large_film_is_given_by_its_address_only(server, film, monkeypatch):
    """Above the limit the error names the address, which plays."""
    monkeypatch.setattr(mcp_resources, "BLOB_MOST", 1000)
    async with calling(server.url, server.key) as client:
        with pytest.raises(MCPError) as refusal:
            await client.read_resource(f"video://{film['id']}")

    (address,) = re.findall(r"http://\S+", str(refusal.value))
    with urllib.request.urlopen(address) as played:
        assert played.read(8)[4:] == b"ftyp"


async def test_tools_say_what_they_are(server):
    """Ten tools with titles, hints, a schema of what they give, and a description for each parameter that needs one."""
    async with calling(server.url, server.key) as client:
        tools = {tool.name.removeprefix("vitascope_"): tool for tool in (await client.list_tools()).tools}
        assert "vitascope_get" in (client.instructions or "")

    assert set(tools) == TOOLS
    for tool in tools.values():
        assert tool.title
        assert tool.annotations.open_world_hint is False
        assert tool.output_schema["properties"]
        assert len(tool.description) > 60
    assert {name for name, tool in tools.items() if tool.annotations.read_only_hint} == {
        "read", "get", "list", "takes", "verify",
    }  # fmt: skip
    assert {name for name, tool in tools.items() if tool.annotations.destructive_hint} == {"delete"}
    assert set(get_args(Style)) == set(STYLES)


async def test_the_player_comes_with_the_films(server):
    """What makes or shows a film names it; it may load films from this server and has no parts from elsewhere."""
    async with calling(server.url, server.key, extensions=[PLAYER]) as client:
        tools = {tool.name.removeprefix("vitascope_"): tool.meta or {} for tool in (await client.list_tools()).tools}
        (page,) = (await client.read_resource(PLAYER_URI)).contents
        job = await given(client, "film", **TINY, seed=500)
        await given(client, "cancel", video_id=job["id"])

    shown = {name for name, meta in tools.items() if meta.get("ui", {}).get("resourceUri") == PLAYER_URI}
    assert shown == {"film", "edit", "extend", "get"}
    assert page.mime_type == APP_MIME_TYPE
    assert page.meta["ui"]["csp"] == {"resourceDomains": [server.url], "connectDomains": [server.url]}
    assert not re.search(r"https?://|@import|<link|<script [^>]*src", page.text)
    assert set(re.findall(r"vitascope_\w+", page.text)) <= {f"vitascope_{name}" for name in TOOLS}
    assert "the player shows the film by itself" in job["next"]


@pytest.mark.parametrize("era", ERAS)
async def test_another_workspace_sees_nothing(server, film, era):
    """For every tool and resource, a film of others is told of in the same words as one that does not exist."""
    absent = "video_" + "a" * (len(film["id"]) - 6)
    async with calling(server.url, server.other_key, mode=era) as client:
        tools = (await client.list_tools()).tools
        about_films = [tool for tool in tools if "video_id" in tool.input_schema["properties"]]
        for tool in about_films:
            name = tool.name.removeprefix("vitascope_")
            more = {"instruction": "make the ball green", "seconds": 1, "words": "make it night"}
            rest = {each: more[each] for each in tool.input_schema["required"] if each != "video_id"}
            theirs = await refused(client, name, video_id=film["id"], **rest)
            nobodys = await refused(client, name, video_id=absent, **rest)
            assert theirs.replace(film["id"], absent) == nobodys
        listed = await given(client, "list", limit=100)
        resources = (await client.list_resources()).resources
        templates = [each.uri_template for each in (await client.list_resource_templates()).resource_templates]
        about_one = [template for template in templates if "{video_id}" in template]
        for uri in about_one:
            with pytest.raises(MCPError) as theirs:
                await client.read_resource(uri.format(video_id=film["id"]))
            with pytest.raises(MCPError) as nobodys:
                await client.read_resource(uri.format(video_id=absent))
            assert str(theirs.value).replace(film["id"], absent) == str(nobodys.value)

    without_ids = {"vitascope_film", "vitascope_list"}
    assert {tool.name for tool in tools} == {tool.name for tool in about_films} | without_ids
    assert len(about_one) == 3
    assert [template for template in templates if template not in about_one] in ([], [LISTED_FROM])
    assert film["id"] not in json.dumps(listed)
    assert film["id"] not in " ".join(resource.uri for resource in resources)


async def test_a_viewer_looks_but_does_not_film(server, film):
    """What reads works; what makes, changes or deletes is refused with whom to ask."""
    async with calling(server.url, server.viewer) as client:
        assert (await given(client, "get", video_id=film["id"]))["status"] == "completed"
        assert (await given(client, "verify", video_id=film["id"]))["ok"]
        for tool, arguments in {
            "film": TINY,
            "edit": {"video_id": film["id"], "instruction": "make the ball green"},
            "extend": {"video_id": film["id"], "seconds": 1},
            "cancel": {"video_id": film["id"]},
            "delete": {"video_id": film["id"]},
        }.items():
            assert "tell the user" in await refused(client, tool, **arguments)


def test_a_request_without_a_key_is_told_so(server):
    """The envelope of the API, before anything of the protocol is looked at."""
    reply = httpx.post(f"{server.url}/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})

    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "invalid_api_key")


def test_nobody_speaks_in_the_session_of_another(server):
    """The id of a session is worth nothing with another key."""
    opening: dict[str, Any] = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }
    accept = {"accept": "application/json, text/event-stream"}
    with server.client() as mine, server.client(server.other_key) as other:
        opened = mine.post(
            "/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": opening}, headers=accept
        )
        session = {"mcp-session-id": opened.headers["mcp-session-id"], **accept}
        listing = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
        statuses = [client.post("/mcp", json=listing, headers=session).status_code for client in (mine, other)]

    assert statuses == [200, 404]
