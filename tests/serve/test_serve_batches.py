"""Batches over HTTP, by the OpenAI client as it is: lines go in, films come out."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import openai
import pytest
from openai.types import Batch

TINY = {"prompt": "A red ball on a plain backdrop", "size": "128x128", "seconds": "1", "audio": False, "seed": 11}


@pytest.fixture
def official(server: Any) -> openai.OpenAI:
    return openai.OpenAI(api_key=server.key, base_url=f"{server.url}/v1", max_retries=0)


def lines(*bodies: dict) -> bytes:
    made = [{"custom_id": str(n), "method": "POST", "url": "/v1/videos", "body": body} for n, body in enumerate(bodies)]
    return "\n".join(json.dumps(each) for each in made).encode()


def begun(official: openai.OpenAI, content: bytes, **more: Any) -> Batch:
    file = official.files.create(file=("lines.jsonl", content), purpose="batch")
    return official.batches.create(input_file_id=file.id, endpoint="/v1/videos", completion_window="24h", **more)


def ended(official: openai.OpenAI, batch: Batch) -> Batch:
    for _ in range(2400):
        batch = official.batches.retrieve(batch.id)
        if batch.status not in ("validating", "in_progress", "finalizing", "cancelling"):
            return batch
        time.sleep(0.05)
    raise AssertionError("the batch came to no end")


def told(official: openai.OpenAI, file: str | None) -> dict[str, dict]:
    assert file is not None
    return {each["custom_id"]: each for each in map(json.loads, official.files.content(file).text.splitlines())}


def test_lines_become_films(official: openai.OpenAI):
    """What was made is in the output file as a Video that can be downloaded, what was refused in the error file."""
    batch = ended(official, begun(official, lines(TINY, {**TINY, "size": "1x1"}), metadata={"for": "tests"}))

    assert batch.status == "completed"
    assert batch.metadata == {"for": "tests"}
    assert batch.request_counts is not None
    assert (batch.request_counts.total, batch.request_counts.completed, batch.request_counts.failed) == (2, 1, 1)
    video = told(official, batch.output_file_id)["0"]["response"]["body"]
    assert (video["object"], video["status"]) == ("video", "completed")
    assert official.videos.download_content(video["id"]).content[4:8] == b"ftyp"
    refused = told(official, batch.error_file_id)["1"]["response"]
    assert refused["status_code"] == 400
    assert refused["body"]["error"]["param"] == "size"
    assert batch.id in [each.id for each in official.batches.list(limit=1)]


def test_a_line_is_read_as_a_request_is(official: openai.OpenAI):
    """Unknown fields, numbers that are none and letters that no text has are refused line by line, never a 500."""
    bodies = (
        {**TINY, "colour": "red"},
        {**TINY, "prompt": "a\x00b"},
        {**TINY, "n": 2},
        {**TINY, "characters": {"id": "x"}},
    )

    batch = ended(official, begun(official, lines(*bodies)))

    answers = told(official, batch.error_file_id)
    assert [answers[str(n)]["response"]["status_code"] for n in range(4)] == [400] * 4


def test_a_batch_can_be_cancelled(official: openai.OpenAI):
    """Its films too; a batch that has ended cannot."""
    batch = begun(official, lines(*[{**TINY, "seconds": "20", "seed": n} for n in range(30)]))

    official.batches.cancel(batch.id)
    batch = ended(official, batch)

    assert batch.status == "cancelled"
    assert {each["error"]["code"] for each in told(official, batch.error_file_id).values()} == {"batch_cancelled"}
    with pytest.raises(openai.ConflictError):
        official.batches.cancel(batch.id)


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"endpoint": "/v1/responses"}, "endpoint"),
        ({"completion_window": "1h"}, "completion_window"),
        ({"metadata": {str(n): "x" for n in range(17)}}, "metadata"),
        ({"metadata": {"a": 1}}, "metadata.a"),
        ({"output_expires_after": {"anchor": "created_at", "seconds": 1}}, "output_expires_after.seconds"),
        ({"priority": 1}, "priority"),
    ],
)
def test_what_is_wrong_is_named(client: httpx.Client, official: openai.OpenAI, change: dict, param: str):
    """In the one shape of errors, with the field."""
    file = official.files.create(file=("lines.jsonl", lines(TINY)), purpose="batch")
    asked = {"input_file_id": file.id, "endpoint": "/v1/videos", "completion_window": "24h", **change}

    answer = client.post("/v1/batches", json=asked)

    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param


def test_others_have_none_of_it(official: openai.OpenAI, stranger: httpx.Client):
    """Neither the batch nor the file it is made from."""
    batch = begun(official, b"no lines")

    assert stranger.get(f"/v1/batches/{batch.id}").status_code == 404
    assert stranger.post(f"/v1/batches/{batch.id}/cancel").status_code == 404
    asked = {"input_file_id": batch.input_file_id, "endpoint": "/v1/videos", "completion_window": "24h"}
    assert stranger.post("/v1/batches", json=asked).status_code == 404
    assert ended(official, batch).status == "failed"
