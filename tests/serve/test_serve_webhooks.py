"""Webhooks over HTTP, asked for by the OpenAI client as it is, and taken by a web server of ours."""

from __future__ import annotations

from typing import Any

import httpx
import openai
import pytest

from receiver import receiving
from vitascope.jobs.callback import Reach
from vitascope.jobs.errors import Invalid
from vitascope.jobs.webhooks import EVENT_TYPES


@pytest.fixture
def official(server: Any, monkeypatch: pytest.MonkeyPatch) -> openai.OpenAI:
    """The client, of a server that may call this machine."""
    monkeypatch.setattr(server.app.state.house.parts["hooks"].webhooks, "reach", Reach(loopback=True))
    return openai.OpenAI(api_key=server.key, base_url=f"{server.url}/v1", max_retries=0)


def test_the_end_of_a_film_is_told(server: Any, official: openai.OpenAI):
    """From creation to what `unwrap` says of the event, with nothing but the client."""
    with receiving() as receiver:
        endpoint = official.webhooks.create(name="Mine", url=receiver.url, event_types=["video.completed"])
        film = server.film(seed=41)
        got = receiver.next()
        official.webhooks.delete(endpoint.id)

    event = official.webhooks.unwrap(got.body, got.headers, secret=endpoint.signing_secret)
    assert (event.type, event.data.id) == ("video.completed", film["id"])  # type: ignore[union-attr]


def test_endpoints_are_managed_by_the_client(official: openai.OpenAI):
    """Create, retrieve, update, list, rotate, test, delete; the secret is told twice: when it is made, and when rotated."""
    with receiving() as receiver:
        made = official.webhooks.create(name="Mine", url=receiver.url, event_types=["video.completed", "video.failed"])
        found = official.webhooks.retrieve(made.id)
        changed = official.webhooks.update(made.id, name="Ours", event_types=["video.failed"])
        rotated = official.webhooks.rotate_secret(made.id, keep_old_secret_active_for_24_hours=True)
        tested = official.webhooks.test(made.id, event_type="video.failed")
        got = receiver.next()
        listed = list(official.webhooks.list(limit=1))
        deleted = official.webhooks.delete(made.id)

    assert made.signing_secret.startswith("whsec_")
    assert not hasattr(found, "signing_secret")
    assert found.signing_secret_hint == f"whsec_…{made.signing_secret[-4:]}"
    assert (changed.name, changed.event_types) == ("Ours", ["video.failed"])
    assert rotated.signing_secret != made.signing_secret
    assert (tested.status_code, tested.success) == (204, True)
    for secret in (made.signing_secret, rotated.signing_secret):
        assert official.webhooks.unwrap(got.body, got.headers, secret=secret).type == "video.failed"
    assert made.id in [each.id for each in listed]
    assert deleted.deleted
    assert list(official.webhooks.event_types.list().data) == list(EVENT_TYPES)


def test_an_endpoint_that_is_not_there_is_told_by_the_test(official: openai.OpenAI):
    """As a fault of the request, with what to do."""
    with receiving() as receiver:
        url = receiver.url
    made = official.webhooks.create(name="Gone", url=url, event_types=["video.failed"])

    with pytest.raises(openai.BadRequestError, match="could not be reached"):
        official.webhooks.test(made.id, event_type="video.failed")

    official.webhooks.delete(made.id)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"name": "a", "url": "http://127.0.0.1/", "event_types": ["video.failed"]}, "url"),
        ({"name": "a", "url": "ftp://example.com/", "event_types": ["video.failed"]}, "url"),
        ({"name": "a", "url": "https://example.com/", "event_types": ["video.eaten"]}, "event_types"),
        ({"name": "a", "url": "https://example.com/", "event_types": []}, "event_types"),
        ({"name": "", "url": "https://example.com/", "event_types": ["video.failed"]}, "name"),
        ({"url": "https://example.com/", "event_types": ["video.failed"]}, "name"),
        ({"name": "a", "url": "https://example.com/", "event_types": ["video.failed"], "secret": "x"}, "secret"),
    ],
)
def test_what_is_wrong_is_named(client: httpx.Client, body: dict, param: str):
    """In the one shape of errors, with the field."""
    answer = client.post("/v1/webhook_endpoints", json=body)

    assert answer.status_code == Invalid.status
    assert answer.json()["error"]["param"] == param


def test_others_have_none_of_it(client: httpx.Client, stranger: httpx.Client):
    """By every route, the endpoint of another workspace is not there."""
    body = {"name": "a", "url": "https://example.com/", "event_types": ["video.failed"]}
    made = client.post("/v1/webhook_endpoints", json=body).json()["id"]
    there = f"/v1/webhook_endpoints/{made}"

    answers = [
        stranger.get(there),
        stranger.post(there, json={"name": "b"}),
        stranger.post(f"{there}/rotate_secret", json={}),
        stranger.post(f"{there}/test", json={"event_type": "video.failed"}),
        stranger.delete(there),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert stranger.get("/v1/webhook_endpoints").json()["data"] == []
    assert client.get(there).json()["name"] == "a"
    client.delete(there)


def test_viewers_manage_nothing(server: Any):
    """Their key lacks the scope."""
    with server.client(server.viewer) as viewer:
        assert viewer.get("/v1/webhook_endpoints").status_code == 403
