"""Polls are answered from memory: with the answer of the route, at once when something changes, and to nobody else."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from vitascope.serve.logs import JsonLines

ROUTE = "/v1/videos/{video_id}"
MADE_FOR_EACH = {"x-request-id", "date"}


@pytest.fixture
def asked(server: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who is asked what memory does not know, each time: the desk by a route, or the database with others."""
    house, found = server.app.state.house, []
    for part, name in ((house.core, "video"), (house.core, "changes"), (house.core.enquiries, "ask")):
        method = getattr(part, name)
        monkeypatch.setattr(part, name, lambda *a, _m=method, _n=name, **k: (found.append(_n), _m(*a, **k))[1])
    return found


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged about requests, all of it."""
    log, stream = logging.getLogger("vitascope.access"), io.StringIO()
    handler, level = logging.StreamHandler(stream), log.level
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    yield stream
    log.removeHandler(handler)
    log.setLevel(level)


def test_a_poll_has_the_answer_of_the_route(
    server: Any, client: httpx.Client, film: dict[str, Any], asked: list[str], monkeypatch: pytest.MonkeyPatch
):
    """Byte for byte: by heart, where nobody is asked, and where the film was looked up first."""
    core, address = server.app.state.house.core, f"/v1/videos/{film['id']}"
    client.get(address)
    with monkeypatch.context() as patch:
        patch.setattr(core, "known", lambda *_: None)
        route = client.get(address)
    asked_for_route = list(asked)

    by_heart = [client.get(address) for _ in range(3)]
    asked_by_heart = asked[len(asked_for_route) :]
    core.forget(film["id"])
    looked_up = client.get(address)

    assert asked_for_route[-1] == "video"
    assert asked_by_heart == []
    assert asked[len(asked_for_route) :] == ["ask"]
    for answer in (*by_heart, looked_up):
        assert answer.content == route.content
        assert {name: value for name, value in answer.headers.items() if name not in MADE_FOR_EACH} == {
            name: value for name, value in route.headers.items() if name not in MADE_FOR_EACH
        }
    assert len({answer.headers["x-request-id"] for answer in by_heart}) == 3


def test_the_first_poll_of_a_new_key_needs_no_route(
    server: Any, client: httpx.Client, film: dict[str, Any], asked: list[str]
):
    """It is looked up with the film; a film that a key has just made is known already."""
    made = client.post("/v1/keys", json={"name": "New", "scopes": ["films"]}).json()
    core = server.app.state.house.core
    core.forget(film["id"])
    with server.client(made["secret"]) as new:
        asked.clear()

        first = new.get(f"/v1/videos/{film['id']}")
        asked_first = list(asked)
        own = new.post("/v1/videos", json={"prompt": "A red ball", "seconds": "1", "size": "128x128"}).json()
        polled = new.get(f"/v1/videos/{own['id']}")

        assert (first.status_code, first.json()["id"]) == (200, film["id"])
        assert asked_first == ["ask"]
        assert polled.json()["id"] == own["id"]
        assert asked == asked_first
        new.delete(f"/v1/videos/{own['id']}")


def test_what_is_no_id_is_not_looked_up(client: httpx.Client, asked: list[str]):
    """The route says what is wrong with it."""
    client.get("/v1/models")
    asked.clear()

    answers = [client.get(f"/v1/videos/{name}").status_code for name in ("video_0", "a%00b", "video_%C3%A4", "x" * 500)]

    assert set(answers) <= {400, 404}
    assert "ask" not in asked


def test_a_change_is_in_the_next_poll(server: Any, client: httpx.Client):
    """What was written before is not sent again."""
    made = client.post("/v1/videos", json={"prompt": "A red ball", "seconds": "60", "size": "128x128"}).json()
    address = f"/v1/videos/{made['id']}"
    before = [client.get(address).json()["status"] for _ in range(2)]

    client.post(f"{address}/cancel")
    server.ended(made["id"])
    after = client.get(address).json()["status"]
    client.delete(address)

    assert set(before) <= {"queued", "in_progress"}
    assert after == "cancelled"
    assert client.get(address).status_code == 404


def test_who_may_not_see_a_film_does_not_learn_it_from_memory(
    server: Any, client: httpx.Client, stranger: httpx.Client, film: dict[str, Any]
):
    """However often its owner has just asked."""
    address = f"/v1/videos/{film['id']}"
    made = client.post("/v1/keys", json={"name": "Soon lost", "scopes": ["films"]}).json()
    without = client.post("/v1/keys", json={"name": "For keys", "scopes": ["manage"]}).json()
    with server.client(made["secret"]) as lost, server.client(without["secret"]) as manager:
        assert [each.get(address).status_code for each in (client, lost, lost)] == [200, 200, 200]

        client.delete(f"/v1/keys/{made['id']}")

        assert [stranger.get(address).status_code for _ in range(2)] == [404, 404]
        assert [manager.get(address).status_code for _ in range(2)] == [403, 403]
        assert [lost.get(address).status_code for _ in range(2)] == [401, 401]
    with httpx.Client(base_url=server.url) as nobody:
        assert nobody.get(address).status_code == 401
        assert nobody.get(address, headers={"authorization": "Basic vsk_"}).status_code == 401


def test_polls_are_counted_and_not_logged(client: httpx.Client, film: dict[str, Any], lines: io.StringIO):
    """Hundreds of lines a second that say nothing new; with everything logged, they are there."""
    address, log = f"/v1/videos/{film['id']}", logging.getLogger("vitascope.access")
    client.get(address)
    before = polls_counted(client)

    log.setLevel(logging.INFO)
    client.get(address)
    at_info = lines.getvalue()
    log.setLevel(logging.DEBUG)
    answer = client.get(address)
    told = [json.loads(line) for line in lines.getvalue().splitlines()]

    assert address not in at_info
    assert [(line["request"], line["route"]) for line in told] == [(answer.headers["x-request-id"], ROUTE)]
    assert polls_counted(client) == before + 2


def polls_counted(client: httpx.Client) -> float:
    """How many films were told, as the metrics say."""
    series = f'vitascope_requests_total{{method="GET",route="{ROUTE}",status="200"}} '
    (line,) = [line for line in client.get("/metrics").text.splitlines() if line.startswith(series)]
    return float(line.removeprefix(series))
