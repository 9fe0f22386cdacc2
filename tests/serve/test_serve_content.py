"""Files of films over HTTP: in parts, by a name that ends as a file does, and without a key where an address is signed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from vitascope.serve.content import reply_with, signed_url


@pytest.fixture
def path(film: dict[str, Any]) -> str:
    """Where the film lies."""
    return f"/v1/videos/{film['id']}/content"


def test_the_whole_film_says_what_it_is(client: httpx.Client, path: str, film: dict[str, Any]):
    """Its kind, its length, its name, and that parts may be had."""
    reply = client.get(path)

    assert reply.status_code == 200
    assert reply.headers["content-type"] == "video/mp4"
    assert int(reply.headers["content-length"]) == len(reply.content) == film["size_bytes"]
    assert reply.headers["accept-ranges"] == "bytes"
    assert f'filename="{film["id"]}.mp4"' in reply.headers["content-disposition"]


def test_parts_make_up_the_whole(client: httpx.Client, path: str):
    """206 with where the part lies."""
    whole = client.get(path).content

    parts = [client.get(path, headers={"range": asked}) for asked in ("bytes=0-99", "bytes=100-", "bytes=-10")]

    assert [part.status_code for part in parts] == [206, 206, 206]
    assert parts[0].content + parts[1].content == whole
    assert parts[2].content == whole[-10:]
    assert parts[0].headers["content-range"] == f"bytes 0-99/{len(whole)}"


def test_a_part_beyond_the_end_cannot_be_had(client: httpx.Client, path: str, film: dict[str, Any]):
    """416, and how long the file is."""
    reply = client.get(path, headers={"range": "bytes=999999999-"})

    assert reply.status_code == 416
    assert reply.headers["content-range"] == f"bytes */{film['size_bytes']}"
    assert reply.json()["error"]["code"] == "invalid_range"


def test_head_says_all_but_the_bytes(client: httpx.Client, path: str):
    """So that a player can plan."""
    whole, head = client.get(path), client.head(path)

    assert head.status_code == 200
    assert head.content == b""
    assert {name: head.headers[name] for name in ("content-length", "etag", "content-type")} == {
        name: whole.headers[name] for name in ("content-length", "etag", "content-type")
    }


def test_what_did_not_change_is_not_sent_again(client: httpx.Client, path: str):
    """By its digest."""
    etag = client.get(path).headers["etag"]

    same = client.get(path, headers={"if-none-match": f'"x", W/{etag}'})
    other = client.get(path, headers={"range": "bytes=0-9", "if-range": '"x"'})

    assert (same.status_code, same.content) == (304, b"")
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("variant", "suffix", "kind"),
    [("video", "mp4", "video/mp4"), ("thumbnail", "webp", "image/webp"), ("spritesheet", "jpg", "image/jpeg")],
)
def test_each_variant_has_a_name_that_ends_as_a_file(
    client: httpx.Client, path: str, variant: str, suffix: str, kind: str
):
    """Players and chats go by the ending."""
    by_name, by_query = client.get(f"{path}.{suffix}"), client.get(path, params={"variant": variant})

    assert by_name.headers["content-type"] == kind
    assert by_name.content == by_query.content


def test_a_signed_address_plays_without_a_key(server, film: dict[str, Any]):
    """The video says it; a browser can seek in it."""
    reply = httpx.get(film["url"], headers={"range": "bytes=0-9"})

    assert reply.status_code == 206
    assert urlsplit(film["url"]).path.endswith(".mp4")
    assert httpx.get(film["thumbnail_url"]).headers["content-type"] == "image/webp"


def test_a_signature_holds_for_one_film_one_file_and_a_while(server, film: dict[str, Any]):
    """Changed in any part, it does not."""
    house = server.app.state.house
    url = film["url"]
    tampered = [url.replace("exp=", "exp=9"), url[:-1] + ("A" if url[-1] != "A" else "B"),
                url.replace(".mp4", ".webp"), url.replace(film["id"], "video_nobody")]  # fmt: skip
    past = signed_url(house, film["id"], hours=-2)

    replies = [httpx.get(each) for each in (*tampered, past)]

    assert [reply.status_code for reply in replies] == [403] * 5
    assert [reply.json()["error"]["code"] for reply in replies] == ["invalid_signature"] * 4 + ["expired_signature"]


def test_without_key_and_signature_there_is_nothing(server, path: str):
    """The ending alone opens nothing."""
    assert httpx.get(f"{server.url}{path}.mp4").status_code == 401


def test_a_film_that_is_not_made_yet_is_a_conflict(server, client: httpx.Client):
    """409 that says in what state it is, and that trying again at once is of no use."""
    made = client.post("/v1/videos", json={"prompt": "A lighthouse in a storm", "seconds": 4, "priority": -10}).json()

    reply = client.get(f"/v1/videos/{made['id']}/content")

    assert reply.status_code == 409
    assert reply.headers["x-should-retry"] == "false"
    assert reply.json()["error"]["code"] == "not_completed"
    client.delete(f"/v1/videos/{made['id']}")


def test_a_large_file_is_read_in_pieces(server, film: dict[str, Any]):
    """Never more of it in memory than a piece."""
    house = server.app.state.house
    caller = house.accounts.authenticate(server.key)
    content = house.core.content(caller, film["id"])

    reply = reply_with(content, "GET", {})

    assert not hasattr(reply, "body")
    assert reply.headers["content-length"] == str(film["size_bytes"])
