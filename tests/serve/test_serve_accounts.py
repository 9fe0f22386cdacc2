"""Accounts over HTTP: owners manage their own workspace, and nobody another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest


@pytest.fixture
def member(server: Any) -> Iterator[str]:
    """An account that is in no workspace yet; gone from ours afterwards."""
    account = server.app.state.house.accounts.create_account("Mia", "free").id
    yield account
    with server.client() as client:
        client.delete(f"/v1/members/{account}")


def test_who_calls_is_told(client: httpx.Client, stranger: httpx.Client):
    """With the workspace, the role and what the tier allows."""
    mine, other = client.get("/v1/account").json(), stranger.get("/v1/account").json()

    assert mine["workspace"]["role"] == "owner"
    assert mine["tier"]["name"] == "enterprise"
    assert other["workspace"]["id"] != mine["workspace"]["id"]


def test_a_key_is_made_told_once_and_revoked(server: Any, client: httpx.Client):
    """From then on it does not hold."""
    made = client.post("/v1/keys", json={"name": "For a test", "scopes": ["films"]}).json()
    listed = {key["id"]: key for key in client.get("/v1/keys").json()["data"]}

    assert "secret" not in listed[made["id"]]
    assert made["secret"].startswith(listed[made["id"]]["hint"])
    with server.client(made["secret"]) as fresh:
        assert fresh.get("/v1/videos").status_code == 200
        assert fresh.get("/v1/keys").status_code == 403
        assert client.delete(f"/v1/keys/{made['id']}").json() == {
            "id": made["id"],
            "object": "key.deleted",
            "deleted": True,
        }
        assert fresh.get("/v1/videos").status_code == 401


def test_a_key_gives_no_more_than_it_has(server: Any):
    """Who may manage a workspace does not become the operator of the server."""
    with server.client(server.other_key) as owner:
        answer = owner.post("/v1/keys", json={"name": "More", "scopes": ["admin"]})

    assert answer.status_code == 403
    assert "admin" in answer.json()["error"]["message"]


def test_members_come_change_and_go(server: Any, client: httpx.Client, member: str):
    """Whoever goes, goes with the keys."""
    assert client.post("/v1/members", json={"account": member, "role": "viewer"}).json()["role"] == "viewer"
    assert client.post(f"/v1/members/{member}", json={"role": "editor"}).json()["role"] == "editor"
    house = server.app.state.house
    workspace = client.get("/v1/account").json()["workspace"]["id"]
    _, secret = house.accounts.create_key(member, workspace, "Mia's")
    with server.client(secret) as mia:
        assert {each["account"] for each in mia.get("/v1/members").json()["data"]} >= {member}
        assert client.delete(f"/v1/members/{member}").status_code == 200
        assert mia.get("/v1/members").status_code == 401


def test_the_last_owner_stays(client: httpx.Client):
    """A workspace is never without one."""
    me = client.get("/v1/account").json()["id"]

    assert client.delete(f"/v1/members/{me}").status_code == 409
    assert client.post(f"/v1/members/{me}", json={"role": "viewer"}).status_code == 409


def test_usage_is_told_by_month(server: Any, client: httpx.Client, stranger: httpx.Client, film: dict):
    """Of this workspace only."""
    mine, other = client.get("/v1/usage").json(), stranger.get("/v1/usage").json()

    assert sum(line["films"] for line in mine["data"]) >= 1
    assert mine["film_seconds_this_month"] >= 1.0
    assert mine["film_seconds_per_month"] is None
    assert other["data"] == []
    assert client.get("/v1/usage", params={"month": "2020-01"}).json()["data"] == []


def test_deeds_are_in_the_audit_log(client: httpx.Client, stranger: httpx.Client):
    """The latest first, by ids; with the request, without names."""
    answer = client.post("/v1/keys", json={"name": "Private name", "scopes": ["films"]})
    made = answer.json()["id"]
    client.delete(f"/v1/keys/{made}")

    page = client.get("/v1/audit", params={"limit": 2})
    revoked, created = page.json()["data"]

    assert [(each["action"], each["object"]) for each in (revoked, created)] == [
        ("key.revoke", made),
        ("key.create", made),
    ]
    assert created["request"] == answer.headers["x-request-id"]
    assert "Private name" not in page.text
    assert made not in stranger.get("/v1/audit").text
    older = client.get("/v1/audit", params={"before": created["id"]}).json()["data"]
    assert all(each["id"] < created["id"] for each in older)


def test_others_manage_nothing_here(server: Any, client: httpx.Client, stranger: httpx.Client):
    """Keys and members of another workspace are not there; viewers and editors manage nothing."""
    key = client.post("/v1/keys", json={"name": "Mine", "scopes": ["films"]}).json()["id"]
    me = client.get("/v1/account").json()["id"]

    assert stranger.delete(f"/v1/keys/{key}").status_code == 404
    assert stranger.delete(f"/v1/members/{me}").status_code == 404
    assert stranger.post("/v1/members/account_nobody", json={"role": "owner"}).status_code == 404
    with server.client(server.viewer) as viewer:
        for path in ("/v1/keys", "/v1/audit"):
            assert viewer.get(path).status_code == 403
    client.delete(f"/v1/keys/{key}")


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("/v1/keys", {"name": "a", "scopes": ["everything"]}, "scopes.0"),
        ("/v1/keys", {"scopes": ["films"]}, "name"),
        ("/v1/keys", {"name": "a", "scopes": []}, "scopes"),
        ("/v1/members", {"account": "a", "role": "king"}, "role"),
        ("/v1/members", {"role": "editor"}, "account"),
    ],
)
def test_what_is_wrong_is_named(client: httpx.Client, path: str, body: dict, param: str):
    """In the one shape of errors, with the field."""
    answer = client.post(path, json=body)

    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param
