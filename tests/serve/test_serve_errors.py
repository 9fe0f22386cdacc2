"""Whatever goes wrong is told in one shape, with a sentence, the field and a word for programs, and an id to ask about."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from vitascope.jobs.errors import Conflict, TooBusy
from vitascope.serve.errors import answer_errors
from vitascope.serve.gate import Gate


def told(reply: httpx.Response) -> dict[str, Any]:
    """The error of an answer that is one."""
    assert set(reply.json()) == {"error"}
    error = reply.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert reply.headers["x-request-id"].startswith("req_")
    return error


def test_there_is_no_such_route(client: httpx.Client):
    """Also for addresses that nobody thought of."""
    reply = client.get("/v1/movies")

    assert reply.status_code == 404
    assert "GET /v1/movies" in told(reply)["message"]


def test_a_route_does_not_take_a_method(client: httpx.Client):
    """It says which it takes."""
    reply = client.put("/v1/videos")

    assert reply.status_code == 405
    assert told(reply)["code"] == "method_not_allowed"
    assert reply.headers["allow"]


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[]", "application/json", "invalid_json"),
        (b"prompt", "text/plain", "unsupported_media_type"),
        (b"--x", "multipart/form-data; boundary=y", "invalid_form"),
        (b"", "multipart/form-data", "invalid_form"),
        (b"prompt=%ff", "application/x-www-form-urlencoded", "invalid_form"),
        (b"", "application/json", "missing_required_parameter"),
    ],
)
def test_a_body_that_cannot_be_read_is_a_bad_request(client: httpx.Client, content: bytes, kind: str, code: str):
    """Never a fault of the server."""
    reply = client.post("/v1/videos", content=content, headers={"content-type": kind})

    assert reply.status_code == 400
    assert told(reply)["code"] == code


@pytest.mark.parametrize("query", ["limit=many", "limit=-1", "limit=101", "order=best", "after=%00", "after=a%20b"])
def test_a_query_that_is_wrong_names_its_field(client: httpx.Client, query: str):
    """As a field of a body does."""
    reply = client.get(f"/v1/videos?{query}")

    assert reply.status_code == 400
    assert told(reply)["param"] == query.partition("=")[0]


@pytest.mark.parametrize("video", ["video_nobody", "%00", "..%2f..%2fsecret", "a" * 500, "💥"])
def test_ids_that_nothing_has_are_missing(client: httpx.Client, video: str):
    """Whatever they are made of."""
    reply = client.get(f"/v1/videos/{video}")

    assert reply.status_code == 404
    told(reply)


def test_a_body_that_is_too_large_is_cut_off(client: httpx.Client, server):
    """While it comes in, and before it is kept."""
    reply = client.post(
        "/v1/videos", content=(b" " * 2**20 for _ in range(33)), headers={"content-type": "application/json"}
    )

    assert reply.status_code == 413
    assert told(reply)["code"] == "too_large"


def test_no_key_is_unauthorised(server):
    """When the server asks for keys."""
    reply = httpx.get(f"{server.url}/v1/videos")

    assert reply.status_code == 401
    assert told(reply)["type"] == "authentication_error"
    assert reply.headers["www-authenticate"] == "Bearer"


def test_a_viewer_looks_and_changes_nothing(server):
    """403, and who can change that."""
    with server.client(server.viewer) as viewer:
        assert viewer.get("/v1/videos").status_code == 200
        reply = viewer.post("/v1/videos", json={"prompt": "A ball"})

    assert reply.status_code == 403
    assert "owner" in told(reply)["message"]


def small_app() -> FastAPI:
    """Routes that go wrong, each in its way."""
    app = FastAPI()
    answer_errors(app)
    app.add_middleware(Gate, body_bytes_most=1000)

    @app.get("/fault")
    def fault() -> None:
        raise RuntimeError("the password is 1234")

    @app.get("/busy")
    def busy() -> None:
        raise TooBusy("Too much at once.", retry_after=1.2)

    @app.get("/conflict")
    def conflict() -> None:
        raise Conflict("Not yet.")

    return app


async def asked(path: str) -> httpx.Response:
    """What the small application answers."""
    transport = httpx.ASGITransport(small_app())
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        return await client.get(path)


@pytest.mark.anyio
async def test_a_fault_of_ours_is_told_without_what_lies_inside(caplog: pytest.LogCaptureFixture):
    """The answer has the id under which the log has the rest."""
    with caplog.at_level(logging.ERROR, "vitascope.serve"):
        reply = await asked("/fault")

    assert reply.status_code == 500
    assert "1234" not in reply.text
    assert reply.headers["x-request-id"] in told(reply)["message"]
    assert caplog.records[0].exc_info is not None


@pytest.mark.anyio
async def test_who_comes_too_often_is_told_when_to_come_again():
    """In whole seconds for all, and exactly for our clients."""
    reply = await asked("/busy")

    assert reply.status_code == 429
    assert (reply.headers["retry-after"], reply.headers["retry-after-ms"]) == ("2", "1200")


@pytest.mark.anyio
async def test_a_conflict_is_not_to_be_tried_again():
    """Clients of OpenAI try 409 again unless they are told not to."""
    reply = await asked("/conflict")

    assert reply.status_code == 409
    assert reply.headers["x-should-retry"] == "false"


@pytest.fixture
def anyio_backend() -> str:
    """The loop that the server runs on."""
    return "asyncio"
