"""Files over HTTP, by the OpenAI client as it is."""

from __future__ import annotations

from typing import Any

import httpx
import openai
import pytest


@pytest.fixture
def official(server: Any) -> openai.OpenAI:
    return openai.OpenAI(api_key=server.key, base_url=f"{server.url}/v1", max_retries=0)


def test_a_file_comes_back_as_it_was(official: openai.OpenAI):
    """Create, retrieve, list, content, delete."""
    content = bytes(range(256)) * 5000

    made = official.files.create(file=("all bytes.bin", content), purpose="user_data")

    assert (made.bytes, made.filename, made.purpose, made.status) == (
        1_280_000,
        "all bytes.bin",
        "user_data",
        "processed",
    )
    assert made.expires_at is None
    assert official.files.retrieve(made.id) == made
    assert official.files.content(made.id).content == content
    assert made.id in [each.id for each in official.files.list(purpose="user_data")]
    assert official.files.delete(made.id).deleted
    with pytest.raises(openai.NotFoundError):
        official.files.retrieve(made.id)


def test_an_expiry_is_kept(official: openai.OpenAI):
    """As the client writes it, in brackets."""
    made = official.files.create(
        file=("a", b"x"), purpose="batch", expires_after={"anchor": "created_at", "seconds": 7200}
    )

    assert made.expires_at == made.created_at + 7200
    official.files.delete(made.id)


def test_content_is_never_a_page(client: httpx.Client):
    """What somebody uploaded is a download, whatever it says it is."""
    made = client.post("/v1/files", files={"file": ("a.html", b"<script>", "text/html")}, data={"purpose": "user_data"})
    answer = client.get(f"/v1/files/{made.json()['id']}/content")

    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    client.delete(f"/v1/files/{made.json()['id']}")


@pytest.mark.parametrize(
    ("files", "data", "param"),
    [
        ({"file": ("a", b"x")}, {"purpose": "fine-tune"}, "purpose"),
        ({"file": ("a", b"x")}, {}, "purpose"),
        ({"file": ("a", b"")}, {"purpose": "batch"}, "file"),
        ({"other": ("a", b"x")}, {"purpose": "batch"}, "file"),
        ({"file": ("a", b"x")}, {"purpose": "batch", "expires_after[anchor]": "created_at"}, "expires_after.seconds"),
    ],
)
def test_what_is_wrong_is_named(client: httpx.Client, files: dict, data: dict, param: str):
    """In the one shape of errors, with the field."""
    answer = client.post("/v1/files", files=files, data=data)

    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param


def test_a_file_as_text_is_no_file(client: httpx.Client):
    """A JSON body cannot hold one."""
    answer = client.post("/v1/files", json={"file": "x", "purpose": "batch"})

    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "file"


def test_others_have_none_of_it(client: httpx.Client, stranger: httpx.Client):
    """By every route, the file of another workspace is not there."""
    made = client.post("/v1/files", files={"file": ("a", b"x")}, data={"purpose": "user_data"}).json()["id"]
    there = f"/v1/files/{made}"

    answers = [stranger.get(there), stranger.get(f"{there}/content"), stranger.delete(there)]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert made not in [each["id"] for each in stranger.get("/v1/files").json()["data"]]
    assert client.delete(there).status_code == 200


def test_viewers_look_only(server: Any, client: httpx.Client):
    """They may read files, and not bring any."""
    made = client.post("/v1/files", files={"file": ("a", b"x")}, data={"purpose": "user_data"}).json()["id"]
    with server.client(server.viewer) as viewer:
        assert viewer.get(f"/v1/files/{made}/content").content == b"x"
        assert viewer.delete(f"/v1/files/{made}").status_code == 403
    client.delete(f"/v1/files/{made}")
