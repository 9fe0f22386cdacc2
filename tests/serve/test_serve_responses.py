"""/v1/responses with the real client against a real server: threads that go on by an id, streams, and what is stored."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from vitascope.jobs.storage import Storage
from vitascope.jobs.talks import new_response_id
from vitascope.serve.remembered import Record, Remembered
from vitascope.serve.thread import Message

BALL = "A red ball on a plain backdrop, 1 second, 128x128, 24 fps, silent"
VIDEO = re.compile(r"\n<video src=\"http://\S+/v1/videos/(video_\w+)/content\.mp4\?\S+\" controls>\n")
EVENTS = [
    "response.created", "response.in_progress", "response.output_item.added", "response.reasoning_summary_part.added",
    "response.reasoning_summary_text.delta", "response.reasoning_summary_text.done", "response.reasoning_summary_part.done",
    "response.output_item.done", "response.output_item.added", "response.content_part.added", "response.output_text.delta",
    "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
]  # fmt: skip


@pytest.fixture
def client(server) -> Iterator[openai.OpenAI]:
    """The client that programs use, as it is."""
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=server.key, max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def first(server):
    """The response to a description."""
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=server.key) as client:
        return client.responses.create(model="vitascope", input=BALL)


def video_of(text: str) -> str:
    found = VIDEO.search(text)
    assert found, text
    return found[1]


def test_a_response_holds_the_film(first):
    """As a message, after what was told on the way; usage counts words."""
    assert (first.status, first.object, first.store) == ("completed", "response", True)
    assert [item.type for item in first.output] == ["reasoning", "message"]
    assert first.usage.input_tokens == len(BALL.split())
    assert video_of(first.output_text)


def test_a_thread_goes_on_by_the_id_of_a_response(client: openai.OpenAI, first):
    """The film of the response before is edited, and undone again."""
    blue = client.responses.create(model="vitascope", input="make the ball blue", previous_response_id=first.id)
    back = client.responses.create(model="vitascope", input="undo", previous_response_id=blue.id)

    assert "The ball is blue now." in blue.output_text
    assert blue.previous_response_id == first.id
    assert video_of(back.output_text) == video_of(first.output_text) != video_of(blue.output_text)


def test_a_conversation_goes_on_by_its_name(client: openai.OpenAI, first):
    """Whatever name the program gives it; its latest response is gone on from."""
    client.responses.create(model="vitascope", input=BALL, conversation="conv_1")

    explained = client.responses.create(model="vitascope", input="how did you read this?", conversation="conv_1")

    assert "“A red ball on a plain backdrop” became this film" in explained.output_text
    assert explained.conversation
    assert explained.conversation.id == "conv_1"


def test_input_may_be_a_list_of_messages(client: openai.OpenAI, first):
    """With what other models left between them, which is read over."""
    thread = [
        {"role": "user", "content": [{"type": "input_text", "text": BALL}]},
        {"type": "reasoning", "id": "rs_1", "summary": []},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": first.output_text}]},
        {"role": "user", "content": "show it again"},
    ]

    shown = client.responses.create(model="vitascope", input=thread, instructions="Be brief.", store=False)  # type: ignore[arg-type]

    assert video_of(shown.output_text) == video_of(first.output_text)


def test_the_events_of_a_stream_come_in_order(client: openai.OpenAI):
    """Each with its number; a film that is made tells how far it is."""
    events = list(
        client.responses.create(
            model="vitascope", input="A green cube on a plain backdrop, 1 second, 128x128, silent", stream=True
        )
    )

    kinds = [event.type for event in events]
    once = [kind for number, kind in enumerate(kinds) if number == 0 or kinds[number - 1] != kind]
    assert once == EVENTS
    assert [event.sequence_number for event in events] == list(range(len(events)))
    told = "".join(event.delta for event in events if event.type == "response.reasoning_summary_text.delta")
    assert told.startswith("Reading…\n1 s, 128x128, 24 fps, silent\n")
    assert events[-1].type == "response.completed"
    assert video_of(events[-1].response.output_text)


def test_the_stream_helper_of_the_client_works(client: openai.OpenAI, first):
    """It puts the response together itself."""
    with client.responses.stream(model="vitascope", input="help") as stream:
        kinds = {event.type for event in stream}
        final = stream.get_final_response()

    assert "response.output_text.delta" in kinds
    assert "I make short films" in final.output_text


def test_a_stored_response_can_be_asked_for_and_forgotten(server, client: openai.OpenAI):
    """Until it is deleted, which is in the audit log; one that was not to be stored never can."""
    stored = client.responses.create(model="vitascope", input="help", metadata={"job": "7"})
    loose = client.responses.create(model="vitascope", input="help", store=False)

    again = client.responses.retrieve(stored.id)
    assert (again.output_text, again.metadata) == (stored.output_text, {"job": "7"})

    client.responses.delete(stored.id)
    with server.client() as owner:
        (line,) = owner.get("/v1/audit", params={"limit": 1}).json()["data"]
    assert (line["action"], line["object"]) == ("response.delete", stored.id)
    for gone in (stored.id, loose.id, "resp_", "resp_../../secret"):
        with pytest.raises(openai.NotFoundError):
            client.responses.retrieve(gone)
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(model="vitascope", input="undo", previous_response_id=stored.id)
    assert (refused.value.code, refused.value.param) == ("previous_response_not_found", "previous_response_id")


def test_a_response_in_the_background_is_completed_when_it_is_asked_for(client: openai.OpenAI):
    """The film is made on without a reader."""
    begun = client.responses.create(
        model="vitascope", input="A blue cube on a plain backdrop, 1 second, 128x128, silent", background=True
    )
    while (found := client.responses.retrieve(begun.id)).status == "in_progress":
        time.sleep(0.1)

    assert begun.status == "in_progress"
    assert found.status == "completed"
    assert video_of(found.output_text)
    again = client.responses.create(model="vitascope", input="show it", previous_response_id=begun.id)
    assert video_of(again.output_text) == video_of(found.output_text)


def test_a_response_in_the_background_can_be_cancelled(server, client: openai.OpenAI):
    """Its film is let go."""
    begun = client.responses.create(
        model="vitascope", input="A grey cube, 120 seconds, 128x128, silent", background=True
    )

    assert client.responses.cancel(begun.id).status == "cancelled"

    with server.client() as plain:
        newest = plain.get("/v1/videos", params={"limit": 1}).json()["data"][0]
        assert (newest["prompt"], server.ended(newest["id"])["status"]) == ("A grey cube", "cancelled")
    with pytest.raises(openai.ConflictError):
        client.responses.cancel(begun.id)


def test_what_is_impossible_is_shown_all_the_same_when_that_is_chosen(server, client: openai.OpenAI):
    """The film shows the nearest possible version; the thread can ask for the other by its number."""
    words = "A pig flies over the city, 120 seconds, 128x128, silent"
    offered = (
        "No wings: choose “stylised”.\n\n1. the nearest\n2. stylised\n\nAnswer with a number, or say something else."
    )

    readings = []
    for answer in ([], [{"role": "assistant", "content": offered}, {"role": "user", "content": "2"}]):
        thread = [{"role": "user", "content": words}, *answer]
        begun = client.responses.create(model="vitascope", input=thread, background=True)  # type: ignore[arg-type]
        with server.client() as plain:
            readings.append(plain.get("/v1/videos", params={"limit": 1}).json()["data"][0]["reading"]["remarks"][0])
        client.responses.cancel(begun.id)

    assert "The film lets the pig run on the ground instead" in readings[0]
    assert "As you chose, the film lets the pig run through the air all the same." in readings[1]


def test_responses_of_others_are_not_there(server, first):
    """Neither to be read, nor to be gone on from, nor to be deleted."""
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=server.other_key) as stranger:
        for ask in (stranger.responses.retrieve, stranger.responses.delete, stranger.responses.cancel):
            with pytest.raises(openai.NotFoundError):
                ask(first.id)
        with pytest.raises(openai.BadRequestError):
            stranger.responses.create(model="vitascope", input="undo", previous_response_id=first.id)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "input"),
        ({"input": []}, "input"),
        ({"input": 5}, "input"),
        ({"input": [{"type": "spell"}]}, "input[0].type"),
        ({"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "https://x/y.png"}]}]},
         "input[0].content[0].image_url"),
        ({"input": "a", "instructions": 5}, "instructions"),
        ({"input": "a", "metadata": []}, "metadata"),
        ({"input": "a", "conversation": 5}, "conversation"),
        ({"input": "a", "conversation": "c", "previous_response_id": "r"}, "conversation"),
        ({"input": "a", "previous_response_id": 5}, "previous_response_id"),
        ({"input": "a", "store": False, "background": True}, "store"),
        ({"input": "a", "background": "no"}, "background"),
    ],
)  # fmt: skip
def test_a_malformed_request_names_what_is_wrong(server, body: dict, param: str):
    """With 400 and the path of the field."""
    with server.client() as plain:
        answer = plain.post("/v1/responses", content=json.dumps(body))

    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param


def test_the_oldest_records_are_forgotten(tmp_path: Path):
    """A workspace keeps a bounded number, and conversations whose last response is gone begin anew."""
    kept = Remembered(Storage(str(tmp_path)), most=2)
    ids = [new_response_id() for _ in range(3)]
    for number, each in enumerate(ids):
        thread = (Message(role="user", text=f"film {number}"),)
        kept.put("ws", Record(response={"id": each, "output": []}, thread=thread), conversation=f"c{number}")

    kept.tidy("ws")

    assert kept.get("ws", ids[0]) is None
    assert kept.latest("ws", "c0") is None
    found = kept.latest("ws", "c2")
    assert found
    assert found.thread == (Message(role="user", text="film 2"),)
    assert kept.get("elsewhere", ids[2]) is None
