"""The description is true: what a stranger makes of /openapi.json never meets a fault of ours."""

from __future__ import annotations

import contextlib

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, GenerationMode

FEW = settings(
    max_examples=8, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
OURS = ("/v1/videos", "/v1/models")
SLOW = {("post", "/v1/videos/sync")}
"""Waits for a film; it reads its body as POST /v1/videos does."""


@pytest.fixture(scope="module")
def described(server) -> dict:
    """The description, as anybody gets it."""
    return httpx.get(f"{server.url}/openapi.json").json()


def test_every_route_of_ours_is_described_with_its_answers(described: dict):
    """Bodies in three encodings, an answer, and the error that all share."""
    create = described["paths"]["/v1/videos"]["post"]

    assert set(create["requestBody"]["content"]) == {
        "application/json",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
    }
    for path, methods in described["paths"].items():
        if path.startswith("/v1/videos"):
            for method, operation in methods.items():
                assert "4XX" in operation["responses"], (method, path)
                assert operation["description"], (method, path)


def test_a_video_is_as_it_is_described(described: dict, film: dict):
    """No field is missing and none is unsaid."""
    schema = described["components"]["schemas"]["VideoObject"]

    assert set(schema["required"]) <= set(film) <= set(schema["properties"])


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_nothing_that_strangers_send_is_a_fault_of_ours(server, described: dict, mode: GenerationMode):
    """Values that fit the description and values that do not, for each route."""
    schema = schemathesis.openapi.from_dict(described)
    schema.config.update(base_url=server.url)
    answered = set()
    with server.client(server.other_key) as client:
        for operation in (found.ok() for found in schema.get_all_operations()):
            if operation.path.startswith(OURS) and (operation.method, operation.path) not in SLOW:
                answered |= answers(operation, mode, client.headers["authorization"])
        for video in client.get("/v1/videos?limit=100").json()["data"]:
            client.delete(f"/v1/videos/{video['id']}")

    assert answered <= {200, 400, 401, 403, 404, 405, 409, 413, 429}
    assert 400 in answered


def answers(operation: APIOperation, mode: GenerationMode, key: str) -> set[int]:
    """The statuses of some requests to a route."""
    found = set()

    @FEW
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: schemathesis.Case) -> None:
        reply = case.call(headers={"authorization": key})
        assert reply.status_code < 500, reply.text
        found.add(reply.status_code)

    with contextlib.suppress(Unsatisfiable):  # there is nothing to say wrongly
        send()
    return found
