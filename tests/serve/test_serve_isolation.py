"""Nobody sees anything of another workspace: every route that takes an id answers as if there were nothing with it.

The routes are read from the application, so a new one without its line here fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from vitascope.serve.app import create_app
from vitascope.serve.settings import Settings

BODIES: dict[str, dict[str, Any]] = {
    "POST /v1/videos/{video_id}/remix": {"prompt": "make the ball blue"},
    "POST /v1/videos/edits": {"prompt": "make the ball blue", "video": {"id": "{video_id}"}},
    "POST /v1/videos/extensions": {"prompt": "continue", "video": {"id": "{video_id}"}},
    "POST /v1/videos/characters": {"name": "Ball", "video": {"id": "{video_id}"}},
}
"""What is sent along, where a body is needed to get as far as the id."""
WITHOUT_IDS = {
    "POST /v1/videos", "POST /v1/videos/sync", "GET /v1/videos", "GET /v1/videos/characters", "GET /v1/models",
    "GET /v1/models/{model_id}",
}  # fmt: skip
"""Routes that name nothing of a workspace."""
SIGNED = {"GET /v1/videos/{video_id}/content.{suffix}"}
"""Asked without a signature."""
OURS = ("/v1/videos", "/v1/models")
"""Other faces have tests of their own."""


def routes(app: FastAPI) -> Iterator[str]:
    """All routes with their methods, as "GET /v1/videos"."""
    for path, methods in app.openapi()["paths"].items():
        if path.startswith(OURS):
            yield from (f"{method.upper()} {path}" for method in sorted(methods) if method != "head")


def with_ids(node: Any, ids: dict[str, str]) -> Any:
    """A body with the ids in their places."""
    if isinstance(node, dict):
        return {key: with_ids(value, ids) for key, value in node.items()}
    return node.format(**ids) if isinstance(node, str) else node


@pytest.fixture(scope="session")
def ids(server, film: dict[str, Any]) -> dict[str, str]:
    """Things of workspace A."""
    with server.client() as client:
        body = {"name": "Isolated", "video": {"id": film["id"]}}
        character = client.post("/v1/videos/characters", json=body)
        assert character.status_code == 200, character.text
    return {"video_id": film["id"], "character_id": character.json()["id"], "suffix": "mp4"}


ROUTES = sorted(set(routes(create_app(Settings.of(environment={"HOME": "/nowhere"})))) - WITHOUT_IDS)


@pytest.mark.parametrize("route", ROUTES)
def test_a_key_of_another_workspace_finds_nothing(
    route: str, ids: dict[str, str], client: httpx.Client, stranger: httpx.Client
):
    """404, the same as for an id that nothing has."""
    method, path = route.format(**ids).split(" ")

    reply = stranger.request(method, path, json=with_ids(BODIES[route], ids) if route in BODIES else None)

    assert reply.status_code == 404, reply.text
    nobody = {name: f"{value.partition('_')[0]}_nobody" if "_" in value else value for name, value in ids.items()}
    absent = stranger.request(method, route.format(**nobody).split(" ")[1], json=with_ids(BODIES.get(route), nobody))
    assert absent.status_code == 404
    assert absent.json()["error"]["code"] == reply.json()["error"]["code"]
    assert client.get(f"/v1/videos/{ids['video_id']}").json()["status"] == "completed"


def test_every_route_with_an_id_is_asked(server):
    """A route that is new is either named here, or among those that are asked."""
    named = {route for route in routes(server.app) if "{" in route or route in BODIES}

    assert named <= set(ROUTES) | WITHOUT_IDS
    assert set(BODIES) | SIGNED <= set(ROUTES)
    assert set(routes(server.app)) == set(ROUTES) | WITHOUT_IDS


def test_lists_hold_only_what_is_ones_own(stranger: httpx.Client, ids: dict[str, str]):
    """And the last id of another workspace leads nowhere."""
    assert stranger.get("/v1/videos").json()["data"] == []
    assert stranger.get("/v1/videos/characters").json()["data"] == []
    assert stranger.get(f"/v1/videos?after={ids['video_id']}").status_code == 404
