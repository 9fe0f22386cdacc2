"""/v1/chat/completions with the real client against a real server: one thread films, edits, asks and drafts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import openai
import pytest

BALL = "A red ball on a plain backdrop, 1 second, 128x128, 24 fps, silent"
VIDEO = re.compile(
    r'\n\n<video src="(?P<url>http://\S+/v1/videos/(?P<id>video_\w+)/content\.mp4\?\S+)" controls>\n(?P=url)\n</video>\n\n'
    r"\[Download\]\((?P=url)\)\n"
)
"""A block of three lines with blank lines around: what Open WebUI plays."""


def user(text: str) -> dict:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict:
    return {"role": "assistant", "content": text}


@pytest.fixture
def client(server) -> Iterator[openai.OpenAI]:
    """The client that programs use, as it is."""
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=server.key, max_retries=0) as client:
        yield client


def say(client: openai.OpenAI, *messages: dict, **options) -> str:
    made = client.chat.completions.create(model="vitascope", messages=list(messages), **options)
    return made.choices[0].message.content


@pytest.fixture(scope="module")
def filmed(server) -> str:
    """The answer to a description."""
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=server.key) as client:
        return say(client, user(BALL))


def video_of(answer: str) -> re.Match[str]:
    found = VIDEO.search(answer)
    assert found, answer
    return found


def test_a_description_becomes_a_film_that_a_browser_plays(filmed: str):
    """The answer holds a signed address, which needs no key."""
    found = video_of(filmed)

    assert filmed.startswith("Here is “A red ball on a plain backdrop”: 1 s, 128x128, 24 fps, silent.")
    played = httpx.get(found["url"], headers={"range": "bytes=4-7"})
    assert (played.status_code, played.content) == (206, b"ftyp")


def test_the_same_thread_edits_the_film(server, client: openai.OpenAI, filmed: str):
    """The film of the thread is changed, and only in what is named."""
    before = video_of(filmed)["id"]

    answer = say(client, user(BALL), assistant(filmed), user("make the ball blue"))

    after = video_of(answer)["id"]
    with server.client() as plain:
        video = plain.get(f"/v1/videos/{after}").json()
    assert "The ball is blue now." in answer
    assert video["parent_id"] == before
    assert after != before

    back = say(client, user(BALL), assistant(filmed), user("make the ball blue"), assistant(answer), user("undo"))
    assert video_of(back)["id"] == before


def test_the_same_request_again_finds_the_same_film(client: openai.OpenAI, filmed: str):
    """A client that lost its connection asks once more and pays for nothing twice."""
    assert video_of(say(client, user(BALL)))["id"] == video_of(filmed)["id"]


def test_a_question_is_asked_and_answered_in_the_thread(client: openai.OpenAI):
    """Nothing is filmed until one is chosen."""
    words = user("A red ball and a blue ball on a plain backdrop, 1 s, 128x128, silent")
    thread = [words, assistant(say(client, words)), user("make the ball green")]

    question = say(client, *thread)
    answer = say(client, *thread, assistant(question), user("the red one"))

    assert question.startswith("Which ball do you mean")
    assert "\n1. " in question
    assert "\n3. both" in question
    assert not VIDEO.search(question)
    assert video_of(answer)


def test_words_that_are_not_understood_change_nothing(client: openai.OpenAI, filmed: str):
    """They are named, with what can be said."""
    answer = say(client, user(BALL), assistant(filmed), user("glorp the wibble"))

    assert "“glorp”, “wibble”" in answer
    assert "make it sunset" in answer
    assert not VIDEO.search(answer)
    assert "I understand nothing of “blorf gnarp”" in say(client, user("blorf gnarp"))


def test_a_draft_shows_the_reading_and_films_nothing(server, client: openai.OpenAI):
    """Until “film it” is said."""
    words = user("Draft: a red cube on a plain backdrop, 1 second, 128x128, silent")
    with server.client() as plain:
        before = plain.get("/v1/videos").json()["first_id"]

        draft = say(client, words)

        assert plain.get("/v1/videos").json()["first_id"] == before
    assert "1 s, 128x128, 24 fps, silent" in draft
    assert "“red” (attribute)" in draft
    assert "red cube" in say(client, words, assistant(draft), user("film it"))


def test_help_ideas_and_lists_are_told_at_once(client: openai.OpenAI, filmed: str):
    """Conversation costs nothing."""
    ideas = say(client, user("give me some ideas about a lighthouse"))

    assert "I make short films" in say(client, user("hello"))
    assert ideas.count("lighthouse") == 4
    assert "1. " in ideas
    assert "A red ball" in say(client, user("list my films"))
    assert video_of(say(client, user(BALL), assistant(filmed), user("show it again")))["id"] == video_of(filmed)["id"]
    assert "How the words were read" in say(client, user(BALL), assistant(filmed), user("how did you read this?"))


def test_housekeeping_never_films(server, client: openai.OpenAI):
    """Open WebUI's own questions get JSON at once, and no thoughts."""
    prompt = '### Task:\nGenerate a title.\nJSON format: { "title": "…" }\n<chat_history>\nUSER: a fox\n</chat_history>'
    with server.client() as plain:
        before = plain.get("/v1/videos", params={"limit": 1}).json()["first_id"]

        answer = say(client, user(prompt))

        assert plain.get("/v1/videos", params={"limit": 1}).json()["first_id"] == before
    assert json.loads(answer) == {"title": "🎬 A fox"}


def test_a_stream_tells_how_far_it_is_and_then_answers(client: openai.OpenAI):
    """Progress comes as reasoning, the answer as content, the usage last."""
    words = "A green ball on a plain backdrop, 1 second, 128x128, silent"

    chunks = list(
        client.chat.completions.create(
            model="vitascope", messages=[user(words)], stream=True, stream_options={"include_usage": True}
        )
    )

    told = [chunk.choices[0] for chunk in chunks if chunk.choices]
    thoughts = "".join(getattr(choice.delta, "reasoning_content", None) or "" for choice in told)
    answer = "".join(choice.delta.content or "" for choice in told)
    assert told[0].delta.role == "assistant"
    assert told[-1].finish_reason == "stop"
    assert thoughts.startswith("Reading…\n1 s, 128x128, 24 fps, silent\n")
    assert video_of(answer)
    assert not chunks[-1].choices
    assert chunks[-1].usage
    assert chunks[-1].usage.prompt_tokens == len(words.split())
    assert chunks[-1].usage.completion_tokens == len(f"{thoughts}{answer}".split())


def test_the_stream_helper_of_the_client_works(client: openai.OpenAI, filmed: str):
    """It puts the chunks together itself."""
    with client.chat.completions.stream(model="vitascope", messages=[user(BALL)]) as stream:
        kinds = {event.type for event in stream}
        final = stream.get_final_completion()

    assert {"chunk", "content.delta", "content.done"} <= kinds
    assert video_of(final.choices[0].message.content or "")["id"] == video_of(filmed)["id"]


def test_a_film_is_made_on_when_the_reader_leaves(server, client: openai.OpenAI):
    """Its chat finds it again, though no answer ever named it."""
    words, chat = "A yellow ball on a plain backdrop, 1 second, 128x128, silent", {"x-openwebui-chat-id": "chat-1"}
    body = {"model": "vitascope", "messages": [user(words)], "stream": True}
    with server.client() as plain, plain.stream("POST", "/v1/chat/completions", json=body, headers=chat) as stream:
        for line in stream.iter_lines():
            if "128x128" in line:
                break

    answer = say(client, user(words), user("is it ready?"), extra_headers=chat)

    assert answer.startswith("“A yellow ball on a plain backdrop”: 1 s")
    assert video_of(answer)


def test_harmless_settings_of_other_models_are_read_over(client: openai.OpenAI):
    """Front-ends send them to every model."""
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}

    answer = say(
        client, {"role": "developer", "content": "Be brief."}, user("help"), temperature=0.3, top_p=1, n=2, tools=[tool],
        max_tokens=5, stop=["\n"], presence_penalty=0.1, user="somebody",
    )  # fmt: skip

    assert "I make short films" in answer


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": "a fox"}, "messages"),
        ({"messages": [{"role": "assistant", "content": "a"}]}, "messages"),
        ({"messages": [{"role": "wizard", "content": "a"}]}, "messages[0].role"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": 3}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"type": "input_audio"}]}]}, "messages[0].content[0].type"),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "messages[0].content[0].text"),
        ({"messages": [user("a"), 5]}, "messages[1]"),
        ({"messages": [user("a\ud800")]}, "messages[0].content"),
        ({"messages": [user("a")], "stream": "yes"}, "stream"),
        ({"messages": [user("a")], "stream_options": 5}, "stream_options"),
        ({"messages": [user("a")], "seed": -1}, "seed"),
        ({"messages": [user("a")], "model": 5}, "model"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://x/y.png"}}]}]},
         "messages[0].content[0].image_url.url"),
    ],
)  # fmt: skip
def test_a_malformed_request_names_what_is_wrong(server, body: dict, param: str):
    """With 400 and the path of the field."""
    with server.client() as plain:
        answer = plain.post("/v1/chat/completions", content=json.dumps(body))

    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"[" * 100_000, b"\xff"])
def test_what_is_no_json_object_is_refused(server, raw: bytes):
    """With 400, never with a fault of the server."""
    with server.client() as plain:
        assert plain.post("/v1/chat/completions", content=raw).status_code == 400


def test_a_model_that_is_not_here_is_refused(client: openai.OpenAI):
    """Before anything is filmed."""
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(model="gpt-9", messages=[user(BALL)])

    assert refused.value.param == "model"


def test_a_picture_needs_an_engine_that_can_start_from_one(client: openai.OpenAI):
    """The engine of the house cannot, and says so; what is no picture is told as well."""
    dot = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

    def ask(url: str) -> str:
        return say(
            client,
            {
                "role": "user",
                "content": [{"type": "text", "text": BALL}, {"type": "image_url", "image_url": {"url": url}}],
            },
        )

    assert "cannot start from a picture" in ask(dot)
    assert "PNG" in ask("data:image/png;base64,aGVsbG8=")


def test_films_of_others_are_not_there(server, filmed: str):
    """A thread that names a film of another workspace is told that there is none."""
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=server.other_key) as stranger:
        answer = say(stranger, user(BALL), assistant(filmed), user("make it night"))
        listed = say(stranger, user("list my films"))

    assert "There is no film" in answer
    assert not VIDEO.search(answer)
    assert "There is no film yet" in listed


def test_a_key_is_needed(server):
    """As everywhere."""
    answer = httpx.post(f"{server.url}/v1/chat/completions", json={"messages": [user("hi")]})

    assert answer.status_code == 401


def test_what_goes_wrong_on_the_way_is_told_in_the_stream(server, client: openai.OpenAI):
    """The status was sent long ago by then; the client raises it all the same."""
    stream = client.chat.completions.create(
        model="vitascope", messages=[user("A grey ball, 120 seconds, 128x128, silent")], stream=True
    )
    thoughts = (getattr(chunk.choices[0].delta, "reasoning_content", None) or "" for chunk in stream)
    assert any("120 s" in thought for thought in thoughts)
    with server.client() as plain:
        plain.delete(f"/v1/videos/{plain.get('/v1/videos', params={'limit': 1}).json()['first_id']}")

    with pytest.raises(openai.APIError, match="There is no film"):
        list(stream)
