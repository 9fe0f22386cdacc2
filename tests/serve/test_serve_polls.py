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
def asked(server: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A line for each session in which the database is asked, apart from what the server looks after by itself."""
    house, found = server.app.state.house, []
    for name in ("video", "changes"):
        method = getattr(house.core, name)
        monkeypatch.setattr(house.core, name, lambda *a, _m=method, **k: (found.append(1), _m(*a, **k))[1])
    authenticate = house.accounts.authenticate
    monkeypatch.setattr(house.accounts, "authenticate", lambda key: (found.append(1), authenticate(key))[1])
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


def test_a_poll_has_the_answer_of_the_route(server: Any, client: httpx.Client, film: dict[str, Any], asked: list[int]):
    """Byte for byte, and without asking anybody."""
    house, address = server.app.state.house, f"/v1/videos/{film['id']}"
    house.core.forget(film["id"])

    route = client.get(address)
    of_route = len(asked)
    by_heart = [client.get(address) for _ in range(3)]

    assert of_route == 1
    assert len(asked) == of_route
    for answer in by_heart:
        assert answer.content == route.content
        assert {name: value for name, value in answer.headers.items() if name not in MADE_FOR_EACH} == {
            name: value for name, value in route.headers.items() if name not in MADE_FOR_EACH
        }
    assert len({answer.headers["x-request-id"] for answer in by_heart}) == 3


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
