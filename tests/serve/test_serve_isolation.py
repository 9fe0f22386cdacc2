"""Nobody sees anything of another workspace: every route that takes an id answers as if there were nothing with it.

The routes are read from the application, so a new one without its line here fails. The tools and resources of MCP are gone
through in the tests of MCP, in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest
from starlette.routing import BaseRoute, Route

from vitascope.serve.app import create_app
from vitascope.serve.settings import Settings

BODIES: dict[str, dict[str, Any]] = {
    "POST /v1/videos": {"prompt": "Ball", "characters": ["{character_id}"]},
    "POST /v1/videos/sync": {"prompt": "Ball", "characters": ["{character_id}"]},
    "POST /v1/videos/{video_id}/remix": {"prompt": "make the ball blue"},
    "POST /v1/videos/edits": {"prompt": "make the ball blue", "video": {"id": "{video_id}"}},
    "POST /v1/videos/extensions": {"prompt": "continue", "video": {"id": "{video_id}"}},
    "POST /v1/videos/characters": {"name": "Ball", "video": {"id": "{video_id}"}},
    "POST /v1/batches": {"input_file_id": "{file_id}", "endpoint": "/v1/videos", "completion_window": "24h"},
    "POST /v1/responses": {"input": "help", "previous_response_id": "{response_id}"},
    "POST /v1/members/{account_id}": {"role": "editor"},
    "POST /v1/webhook_endpoints/{endpoint_id}": {"name": "Mine now"},
    "POST /v1/webhook_endpoints/{endpoint_id}/rotate_secret": {},
    "POST /v1/webhook_endpoints/{endpoint_id}/test": {"event_type": "video.completed"},
}
"""What is sent along, where a body names the id or is needed to get as far as the id."""
STATUS = {"POST /v1/responses": 400}
"""Where the contract has another answer to an id that there is not than 404."""
LISTS = {
    "GET /v1/videos", "GET /v1/videos/characters", "GET /v1/files", "GET /v1/batches", "GET /v1/webhook_endpoints",
    "GET /v1/keys", "GET /v1/members", "GET /v1/usage", "GET /v1/audit", "GET /v1/account",
}  # fmt: skip
"""Routes that tell of the workspace of whoever asks."""
IN_WORDS = {"POST /v1/chat/completions", "POST /mcp", "GET /mcp", "DELETE /mcp"}
"""Routes that name things within what is said: asked below, and in the tests of MCP."""
WITHOUT_IDS = {
    "GET /v1/models", "GET /v1/models/{model_id}", "GET /v1/webhook_event_types", "POST /v1/files", "POST /v1/keys",
    "POST /v1/webhook_endpoints", "POST /v1/members", "GET /openapi.json", "HEAD /openapi.json", "GET /healthz", "GET /readyz",
    "GET /metrics",
}  # fmt: skip
"""Routes that name nothing of a workspace; accounts are in none by themselves."""


def routes(found: Sequence[BaseRoute]) -> Iterator[str]:
    """All routes with their methods, as "GET /v1/videos", those of routers within routers, too."""
    for route in found:
        if isinstance(route, Route):
            yield from (f"{method} {route.path}" for method in route.methods or ())
        else:
            yield from routes(route.original_router.routes)  # type: ignore[attr-defined]


def with_ids(node: Any, ids: dict[str, str]) -> Any:
    """A body with the ids in their places."""
    if isinstance(node, dict):
        return {key: with_ids(value, ids) for key, value in node.items()}
    if isinstance(node, list):
        return [with_ids(each, ids) for each in node]
    return node.format(**ids) if isinstance(node, str) else node


@pytest.fixture(scope="session")
def ids(server, film: dict[str, Any]) -> dict[str, str]:
    """Something of everything in workspace A."""
    with server.client() as client:

        def made(path: str, **given: Any) -> str:
            answer = client.post(path, **given)
            assert answer.status_code == 200, answer.text
            return answer.json()["id"]

        character = made("/v1/videos/characters", json={"name": "Isolated", "video": {"id": film["id"]}})
        lines = (
            b'{"custom_id": "1", "method": "POST", "url": "/v1/videos", "body": {"prompt": "A ball", "size": "1x1"}}'
        )
        file = made("/v1/files", files={"file": ("lines.jsonl", lines)}, data={"purpose": "batch"})
        batch = {"input_file_id": file, "endpoint": "/v1/videos", "completion_window": "24h"}
        hook = {"name": "Mine", "url": "https://example.com/hook", "event_types": ["video.completed"]}
        return {
            "video_id": film["id"],
            "character_id": character,
            "file_id": file,
            "batch_id": made("/v1/batches", json=batch),
            "response_id": made("/v1/responses", json={"input": "help"}),
            "endpoint_id": made("/v1/webhook_endpoints", json=hook),
            "key_id": made("/v1/keys", json={"name": "Isolated"}),
            "account_id": client.get("/v1/account").json()["id"],
            "suffix": "mp4",
        }


APP = create_app(Settings.of(environment={"HOME": "/nowhere"}))
ROUTES = sorted(set(routes(APP.routes)) - WITHOUT_IDS - LISTS - IN_WORDS)


@pytest.mark.parametrize("route", ROUTES)
def test_a_key_of_another_workspace_finds_nothing(
    route: str, ids: dict[str, str], client: httpx.Client, stranger: httpx.Client
):
    """404, the same as for an id that nothing has."""
    nobody = {name: value[:-8] + "nobody00" if "_" in value else value for name, value in ids.items()}

    def asked(given: dict[str, str]) -> tuple[int, object]:
        method, path = route.format(**given).split(" ")
        reply = stranger.request(method, path, json=with_ids(BODIES[route], given) if route in BODIES else None)
        return reply.status_code, reply.json()["error"]["code"] if reply.content else None

    theirs = asked(ids)

    assert theirs[0] == STATUS.get(route, 404)
    assert theirs == asked(nobody)
    assert client.get(f"/v1/videos/{ids['video_id']}").json()["status"] == "completed"


def test_every_route_is_asked(server):
    """A route that is new takes an id and is asked, or stands among those that name none, or fails here."""
    known = WITHOUT_IDS | LISTS | IN_WORDS

    assert set(routes(server.app.routes)) == set(ROUTES) | known
    assert all("{" in route or route in BODIES for route in ROUTES)
    assert set(BODIES) <= set(ROUTES)
    described = {
        f"{method.upper()} {path}" for path, methods in server.app.openapi()["paths"].items() for method in methods
    }
    assert described <= set(ROUTES) | known


@pytest.mark.parametrize("route", sorted(LISTS))
def test_lists_hold_only_what_is_ones_own(route: str, stranger: httpx.Client, ids: dict[str, str]):
    """And the last id of another workspace leads nowhere."""
    path = route.split(" ")[1]
    own = [name for name in ids if name != "suffix"]

    told = stranger.get(path)
    assert told.status_code == 200
    assert [name for name in own if ids[name] in told.text] == []
    for name in own:
        after = stranger.get(path, params={"after": ids[name]})
        assert after.status_code == 404 or after.text == told.text


def test_a_conversation_about_a_film_of_others_finds_none(server, stranger: httpx.Client, ids: dict[str, str]):
    """Whoever puts the answer of somebody else into a thread is told that there is no such film."""
    link = f"{server.url}/v1/videos/{ids['video_id']}/content.mp4"
    messages = [
        {"role": "user", "content": "A red ball"},
        {"role": "assistant", "content": f"[film]({link})"},
        {"role": "user", "content": "make the ball blue"},
    ]

    answer = stranger.post("/v1/chat/completions", json={"model": "vitascope", "messages": messages})

    assert answer.status_code == 200
    assert "There is no film" in answer.json()["choices"][0]["message"]["content"]
    assert stranger.get("/v1/videos").json()["data"] == []
