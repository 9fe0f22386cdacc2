"""The Videos API: what it takes, what it answers, and what is ours beside it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

LONG = {"prompt": "A lighthouse in a storm", "seconds": 4, "size": "640x360", "priority": -10}


@pytest.mark.parametrize(
    "body",
    [
        {"json": {"prompt": "A red ball", "seed": 3, "size": "128x128", "seconds": "1"}},
        {"data": {"prompt": "A red ball", "seed": "3", "size": "128x128", "seconds": "1"}},
        {"files": {"prompt": (None, "A red ball"), "seed": (None, "3"), "width": (None, "128"), "height": (None, "128"),
                   "num_frames": (None, "24")}},
    ],
    ids=["json", "urlencoded", "multipart"],
)  # fmt: skip
def test_the_same_wish_in_any_encoding(client: httpx.Client, body: dict[str, Any]):
    """Is the same film, queued."""
    made = client.post("/v1/videos", **body)

    assert made.status_code == 200, made.text
    video = made.json()
    assert (video["object"], video["status"], video["progress"]) == ("video", "queued", 0)
    assert (video["seed"], video["size"], video["seconds"], video["model"]) == (3, "128x128", "1", "sora-2")
    assert 500 <= int(made.headers["openai-poll-after-ms"]) <= 5000
    client.delete(f"/v1/videos/{video['id']}")


def test_several_films_of_one_wish(client: httpx.Client):
    """The answer is the first, and names all; seeds follow on each other."""
    first = client.post("/v1/videos", json={**LONG, "n": 3, "seed": 40}).json()

    films = [client.get(f"/v1/videos/{video}").json() for video in first["variants"]]

    assert first["id"] == films[0]["id"]
    assert [film["seed"] for film in films] == [40, 41, 42]
    assert {film["n"] for film in films} == {3}
    for film in films:
        client.delete(f"/v1/videos/{film['id']}")


def test_a_request_that_is_sent_twice_is_one_film(client: httpx.Client):
    """By its key; with other words it is a mistake."""
    sent = [client.post("/v1/videos", json=LONG, headers={"idempotency-key": "k-1"}) for _ in range(2)]
    other = client.post("/v1/videos", json={**LONG, "seed": 5}, headers={"idempotency-key": "k-1"})

    assert sent[0].json()["id"] == sent[1].json()["id"]
    assert other.status_code in (400, 409)
    client.delete(f"/v1/videos/{sent[0].json()['id']}")


def test_a_film_is_cancelled(server, client: httpx.Client):
    """It ends as cancelled, and can be cancelled again."""
    made = client.post("/v1/videos", json=LONG).json()

    client.post(f"/v1/videos/{made['id']}/cancel")

    assert server.ended(made["id"])["status"] == "cancelled"
    assert client.post(f"/v1/videos/{made['id']}/cancel").json()["status"] == "cancelled"
    assert client.get(f"/v1/videos/{made['id']}/content").status_code == 409


def test_sync_waits_and_answers_with_the_film(client: httpx.Client):
    """One request, one MP4."""
    wish = {"prompt": "A red ball on a plain backdrop", "size": "128x128", "seconds": 1, "audio": False, "seed": 7}

    reply = client.post("/v1/videos/sync", json=wish)

    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "video/mp4"
    assert reply.content[4:8] == b"ftyp"
    assert client.get(f"/v1/videos/{reply.headers['x-video-id']}").json()["status"] == "completed"
    assert client.post("/v1/videos/sync", json={**wish, "n": 2}).json()["error"]["param"] == "n"


def test_takes_are_the_whole_tree(client: httpx.Client, film: dict[str, Any]):
    """From any film in it, oldest first."""
    child = client.post(f"/v1/videos/{film['id']}/remix", json={"prompt": "make the ball orange"}).json()

    trees = [client.get(f"/v1/videos/{video}/takes").json()["data"] for video in (film["id"], child["id"])]

    ids = [[each["id"] for each in tree] for tree in trees]
    assert ids[0] == ids[1]
    assert ids[0][0] == film["id"]
    assert child["id"] in ids[0]
    client.delete(f"/v1/videos/{child['id']}")


def test_words_that_are_not_understood_change_nothing(client: httpx.Client, film: dict[str, Any]):
    """400, with a word for programs."""
    reply = client.post(f"/v1/videos/{film['id']}/remix", json={"prompt": "flibber the wobbling quux"})

    assert reply.status_code == 400
    assert (reply.json()["error"]["code"], reply.json()["error"]["param"]) == ("not_understood", "prompt")


def test_a_selection_says_who_is_meant(client: httpx.Client, film: dict[str, Any]):
    """By name; somebody who is not there is told."""
    asked = {"prompt": "make it violet", "selection": {"subjects": ["ball"]}}
    meant = client.post(f"/v1/videos/{film['id']}/remix", json=asked)
    nobody = client.post(f"/v1/videos/{film['id']}/remix", json={**asked, "selection": {"subjects": ["whale"]}})

    assert meant.status_code == 200, meant.text
    assert "violet" in meant.json()["said"]
    assert (nobody.status_code, nobody.json()["error"]["param"]) == (400, "selection")
    client.delete(f"/v1/videos/{meant.json()['id']}")


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"guidance_scale": 4.5}, "unsupported_parameter", "guidance_scale"),
        ({"model": "wan2.2"}, "model_not_found", "model"),
        ({"sead": 7}, "unknown_parameter", "sead"),
        ({"characters": ["character_nobody"]}, None, None),
        ({"input_reference": {"image_url": "https://example.com/x.png"}}, "unsupported_input", "input_reference"),
    ],
)
def test_what_our_engine_does_not_know_is_refused(
    client: httpx.Client, fields: dict[str, Any], code: str | None, param: str | None
):
    """By name, before anything is queued."""
    reply = client.post("/v1/videos", json={"prompt": "A red ball", **fields})

    assert reply.status_code in (400, 404)
    error = reply.json()["error"]
    assert code is None or (error["code"], error["param"]) == (code, param)


def test_a_list_ends_where_its_last_id_says(client: httpx.Client, film: dict[str, Any]):
    """And an empty page is a page."""
    page = client.get("/v1/videos", params={"limit": 1}).json()
    none = client.get("/v1/videos", params={"limit": 0}).json()

    assert page["first_id"] == page["last_id"] == page["data"][0]["id"]
    assert (none["data"], none["first_id"], none["has_more"]) == ([], None, True)
