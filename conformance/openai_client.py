"""What an unmodified openai-python does against a server of the Videos API, one check after the other.

    python openai_client.py http://127.0.0.1:8000/v1 KEY

Runs in an environment with openai and nothing of ours; the same lines serve all versions. Prints a line of JSON for each
check: {"check", "state": "passed" | "failed" | "absent", "detail", "seconds"}. A method that a version does not have is
found by looking for it, and its check is "absent".
"""

from __future__ import annotations

import asyncio
import http.server
import io
import json
import queue
import sys
import threading
import time
import traceback
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import openai
from openai import AsyncOpenAI, OpenAI

BALL = "A red ball on a plain backdrop"
TINY = {"seconds": "1", "size": "128x128", "extra_body": {"seed": 7, "audio": False}}
TOLD = f"{BALL}, silent, 1 second, 128x128"
PATIENCE = 240.0
"""How long a film of one second may take [s], on a slow machine that makes others as well."""


class Absent(Exception):
    """This version of the client cannot do that."""


class Session:
    """One client, and what the checks hand on to each other."""

    def __init__(self, base_url: str, key: str) -> None:
        self.base_url, self.key = base_url, key
        self.client: Any = OpenAI(base_url=base_url, api_key=key, timeout=PATIENCE)
        self.seed = int(openai.__version__.replace(".", ""))
        """Another one in each version, so that none is shown the film that another one talked about."""
        self.film: Any = None
        self.mp4 = b""

    def need(self, name: str) -> Callable[..., Any]:
        """A method of the client by its dotted name. Raises Absent."""
        found: Any = self.client
        for part in name.split("."):
            found = getattr(found, part, None)
            if found is None:
                raise Absent(f"openai {openai.__version__} has no {name}")
        return found

    def made(self, video: Any) -> Any:
        """The film at its end, which must be `completed`."""
        video = self.client.videos.poll(video.id)
        equal(video.status, "completed", f"the error is {video.error}")
        return video

    def by_reference(self, video_id: str) -> dict[str, Any]:
        """How the Python client can name a film in `edit` and `extend`; a dict as `video` fails inside of the client."""
        return {"video": omitted(), "extra_body": {"video": {"id": video_id}}}


def models(s: Session) -> str:
    names = [model.id for model in s.client.models.list()]
    assert "sora-2" in names, names
    equal(s.client.models.retrieve("sora-2").id, "sora-2")
    return ", ".join(names)


def create_and_poll(s: Session) -> str:
    video = s.client.videos.create_and_poll(prompt=BALL, model="sora-2", **TINY)

    equal((video.status, video.object, video.progress, video.error), ("completed", "video", 100, None))
    equal((video.seconds, video.size, video.prompt), ("1", "128x128", BALL))
    assert video.id.startswith("video_"), video.id
    assert video.completed_at >= video.created_at
    equal(video.seed, 7, "the seed that was asked for is told")
    s.film = video
    return f"engine {video.engine}"


def poll_header(s: Session) -> str:
    reply = s.client.videos.with_raw_response.retrieve(s.film.id)
    return f"{int(reply.headers['openai-poll-after-ms'])} ms"


def download_video(s: Session) -> str:
    s.mp4 = s.client.videos.download_content(s.film.id).read()
    equal(s.mp4[4:8], b"ftyp")
    return f"{len(s.mp4)} bytes"


def download_thumbnail(s: Session) -> str:
    found = s.client.videos.download_content(s.film.id, variant="thumbnail").read()
    equal((found[:4], found[8:12]), (b"RIFF", b"WEBP"))
    return f"{len(found)} bytes"


def download_spritesheet(s: Session) -> str:
    found = s.client.videos.download_content(s.film.id, variant="spritesheet").read()
    equal(found[:3], b"\xff\xd8\xff")
    return f"{len(found)} bytes"


def download_in_parts(s: Session) -> str:
    with s.client.videos.with_streaming_response.download_content(
        s.film.id, extra_headers={"Range": "bytes=4-7"}
    ) as reply:
        equal((reply.status_code, b"".join(reply.iter_bytes())), (206, b"ftyp"))
        return str(reply.headers["content-range"])


def remix(s: Session) -> str:
    video = s.made(s.client.videos.remix(s.film.id, prompt="make the ball blue"))
    equal((video.remixed_from_video_id, video.seconds, video.size), (s.film.id, "1", "128x128"))
    return str(video.said)


def edit_by_reference(s: Session) -> str:
    video = s.made(s.need("videos.edit")(prompt="make the ball green", **s.by_reference(s.film.id)))
    equal((video.parent_id, video.operation), (s.film.id, "edit"))
    return str(video.said)


def edit_by_file(s: Session) -> str:
    edit = s.need("videos.edit")
    video = s.made(edit(prompt="make the ball yellow", video=("film.mp4", s.mp4, "video/mp4")))
    equal(video.parent_id, s.film.id, "the file is known again")
    return str(video.said)


def extend_by_reference(s: Session) -> str:
    extend = s.need("videos.extend")
    video = s.made(extend(prompt="continue", seconds="1", **s.by_reference(s.film.id)))
    equal(video.seconds, "2", "the length is that of both together")
    assert video.reused["frames"] > 0, video.reused
    return f"{video.seconds} s, {video.reused['words']}"


def extend_as_json(s: Session) -> str:
    body = {"prompt": "continue", "seconds": "1", "video": {"id": s.film.id}}
    video = s.made(s.client.post("/videos/extensions", body=body, cast_to=openai.types.Video))
    equal(video.seconds, "2")
    return f"{video.seconds} s, {video.reused['words']}"


def characters(s: Session) -> str:
    create = s.need("videos.create_character")
    made = create(name="Rosso", video=("film.mp4", s.mp4, "video/mp4"))
    found = s.need("videos.get_character")(made.id)
    equal((found.id, found.name), (made.id, "Rosso"))
    video = s.made(
        s.client.videos.create(
            prompt="Rosso on a plain backdrop",
            seconds="1",
            size="128x128",
            extra_body={"characters": [{"id": made.id}], "audio": False},
        )
    )
    return f"{made.id} plays in {video.id}"


def picture_is_refused(s: Session) -> str:
    picture = ("first.png", png(128, 128), "image/png")
    with refused(openai.BadRequestError) as fault:
        s.client.videos.create(prompt=BALL, input_reference=picture, seconds="1", size="128x128")
    equal(fault[0].param, "input_reference")
    return str(fault[0].message)


def list_by_pages(s: Session) -> str:
    page = s.client.videos.list(limit=2)
    assert len(page.data) == 2, page.data
    assert page.has_more
    newest_first = [video.id for video in s.client.videos.list(limit=2)]
    oldest_first = [video.id for video in s.client.videos.list(limit=3, order="asc")]
    assert s.film.id in newest_first
    equal(len(newest_first), len(set(newest_first)), "no film twice")
    equal(newest_first, oldest_first[::-1])
    return f"{len(newest_first)} films"


def error_400(s: Session) -> str:
    with refused(openai.BadRequestError) as fault:
        s.client.videos.create(prompt=BALL, size="wide", seconds="1")
    equal((fault[0].status_code, fault[0].param), (400, "size"))
    assert fault[0].request_id
    return str(fault[0].message)


def error_401(s: Session) -> str:
    stranger = OpenAI(base_url=s.base_url, api_key="vsk_" + "x" * 43)
    with refused(openai.AuthenticationError) as fault:
        stranger.videos.list()
    equal((fault[0].status_code, fault[0].code), (401, "invalid_api_key"))
    return str(fault[0].message)


def error_404(s: Session) -> str:
    with refused(openai.NotFoundError) as fault:
        s.client.videos.retrieve("video_nothinghasthisid")
    equal(fault[0].status_code, 404)
    return str(fault[0].message)


def error_409(s: Session) -> str:
    long = s.client.videos.create(prompt="A boat on the sea", seconds="8", size="128x128", extra_body={"audio": False})
    with refused(openai.ConflictError) as fault:
        s.client.videos.download_content(long.id)
    equal((fault[0].status_code, fault[0].response.headers.get("x-should-retry")), (409, "false"))
    s.client.videos.delete(long.id)
    return str(fault[0].message)


def cancel(s: Session) -> str:
    video = s.client.videos.create(prompt="A boat on the sea", seconds="8", size="128x128", extra_body={"audio": False})
    s.client.post(f"/videos/{video.id}/cancel", cast_to=openai.types.Video)
    ended = s.client.videos.poll(video.id)
    assert ended.status not in ("queued", "in_progress", "completed"), ended.status
    s.client.videos.delete(video.id)
    return f"{ended.status}, {ended.error.code if ended.error else 'no error'}"


def delete(s: Session) -> str:
    equal(s.client.videos.delete(s.film.id).deleted, True)
    with refused(openai.NotFoundError):
        s.client.videos.retrieve(s.film.id)
    with refused(openai.NotFoundError):
        s.client.videos.download_content(s.film.id)
    return s.film.id


def webhooks(s: Session) -> str:
    s.need("webhooks.unwrap")
    with receiver() as (url, events):
        wanted = {"name": "conformance", "url": url, "event_types": ["video.completed"]}
        if create := getattr(s.client.webhooks, "create", None):
            endpoint, how = create(**wanted), "webhooks.create"
        else:
            endpoint, how = s.client.post("/webhook_endpoints", body=wanted, cast_to=Json), "a plain POST"
        secret = field_of(endpoint, "signing_secret") or field_of(endpoint, "secret")
        video = s.client.videos.create(prompt=BALL, **TINY)
        body, headers = next_about(events, video.id)
        event = s.client.webhooks.unwrap(body, headers, secret=secret)
        with refused(openai.InvalidWebhookSignatureError):
            s.client.webhooks.unwrap(body.replace("video.completed", "video.failed"), headers, secret=secret)
        s.client.delete(f"/webhook_endpoints/{field_of(endpoint, 'id')}", cast_to=Json)
    equal((event.type, field_of(event.data, "id")), ("video.completed", video.id))
    return f"{event.type} to an endpoint made by {how}"


def files_and_batches(s: Session) -> str:
    line = {
        "custom_id": "one",
        "method": "POST",
        "url": "/v1/videos",
        "body": {"prompt": BALL, "seconds": "1", "size": "128x128", "seed": 7, "audio": False},
    }
    file = s.client.files.create(file=("jobs.jsonl", json.dumps(line).encode() + b"\n"), purpose="batch")
    batch = s.client.batches.create(input_file_id=file.id, endpoint="/v1/videos", completion_window="24h")
    start = time.monotonic()
    while batch.status in ("validating", "in_progress", "finalizing") and time.monotonic() - start < PATIENCE:
        time.sleep(1)
        batch = s.client.batches.retrieve(batch.id)
    equal((batch.status, batch.request_counts.completed), ("completed", 1), str(batch))
    answer = json.loads(s.client.files.content(batch.output_file_id).read().decode().splitlines()[0])
    equal((answer["custom_id"], answer["response"]["status_code"]), ("one", 200))
    return f"{batch.id}, the film is {answer['response']['body']['id']}"


def chat(s: Session) -> str:
    reply = s.client.chat.completions.create(model="sora-2", messages=says(TOLD))
    equal(reply.choices[0].finish_reason, "stop")
    return playable(reply.choices[0].message.content)


def chat_stream(s: Session) -> str:
    answer, thoughts, ends, usage = "", "", [], None
    for chunk in s.client.chat.completions.create(
        model="sora-2", messages=says(TOLD), seed=s.seed, stream=True, stream_options={"include_usage": True}
    ):
        usage = chunk.usage or usage
        for choice in chunk.choices:
            answer += choice.delta.content or ""
            thoughts += getattr(choice.delta, "reasoning_content", None) or ""
            ends += [choice.finish_reason] if choice.finish_reason else []
    equal(ends, ["stop"])
    assert usage is not None
    assert thoughts
    return playable(answer)


def chat_stream_helper(s: Session) -> str:
    with s.need("chat.completions.stream")(model="sora-2", messages=says(TOLD)) as stream:
        kinds = {event.type for event in stream}
        final = stream.get_final_completion()
    assert "content.delta" in kinds, kinds
    return playable(final.choices[0].message.content)


def chat_goes_on(s: Session) -> str:
    first = s.client.chat.completions.create(model="sora-2", messages=says(TOLD)).choices[0].message.content
    talk = [*says(TOLD), {"role": "assistant", "content": first}, *says("make the ball blue")]
    second = s.client.chat.completions.create(model="sora-2", messages=talk).choices[0].message.content
    playable(second)
    assert second != first
    return second.splitlines()[0]


def chat_housekeeping(s: Session) -> str:
    before = [video.id for video in s.client.videos.list(limit=1)][:1]
    task = "### Task:\nGenerate a concise, 3-5 word title with an emoji summarizing the chat history."
    reply = s.client.chat.completions.create(model="sora-2", messages=says(task)).choices[0].message.content
    equal([video.id for video in s.client.videos.list(limit=1)][:1], before, "no film is made of it")
    return reply.strip()[:80]


def responses(s: Session) -> str:
    reply = s.need("responses.create")(model="sora-2", input=TOLD)
    equal(reply.status, "completed")
    return playable(reply.output_text)


def responses_stream(s: Session) -> str:
    events = list(s.need("responses.create")(model="sora-2", input=TOLD, stream=True, extra_body={"seed": s.seed + 1}))
    numbers = [event.sequence_number for event in events]
    equal((events[0].type, events[-1].type), ("response.created", "response.completed"))
    equal(numbers, sorted(set(numbers)), "sequence numbers grow")
    return playable(events[-1].response.output_text)


def responses_stream_helper(s: Session) -> str:
    with s.need("responses.stream")(model="sora-2", input=TOLD) as stream:
        told = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        final = stream.get_final_response()
    equal(told, final.output_text, "the pieces make up the whole")
    return playable(told)


def asynchronously(s: Session) -> str:
    async def run() -> tuple[str, bytes]:
        async with AsyncOpenAI(base_url=s.base_url, api_key=s.key, timeout=PATIENCE) as client:
            video = await client.videos.create_and_poll(prompt=BALL, **TINY)
            found = await client.videos.download_content(video.id)
            return video.status, await found.aread()

    status, mp4 = asyncio.run(run())
    equal((status, mp4[4:8]), ("completed", b"ftyp"))
    return f"{len(mp4)} bytes"


CHECKS: list[tuple[str, Callable[[Session], str]]] = [
    ("models", models),
    ("create_and_poll", create_and_poll),
    ("poll header", poll_header),
    ("download video", download_video),
    ("download thumbnail", download_thumbnail),
    ("download spritesheet", download_spritesheet),
    ("download in parts", download_in_parts),
    ("asynchronous client", asynchronously),
    ("remix", remix),
    ("edit by reference", edit_by_reference),
    ("edit by file", edit_by_file),
    ("extend by reference", extend_by_reference),
    ("extend as JSON", extend_as_json),
    ("characters", characters),
    ("picture is refused", picture_is_refused),
    ("list by pages", list_by_pages),
    ("error 400", error_400),
    ("error 401", error_401),
    ("error 404", error_404),
    ("error 409", error_409),
    ("cancel", cancel),
    ("webhooks", webhooks),
    ("files and batches", files_and_batches),
    ("chat", chat),
    ("chat stream", chat_stream),
    ("chat stream helper", chat_stream_helper),
    ("chat goes on", chat_goes_on),
    ("chat housekeeping", chat_housekeeping),
    ("responses", responses),
    ("responses stream", responses_stream),
    ("responses stream helper", responses_stream_helper),
    ("delete", delete),
]

Json = dict[str, object]


def omitted() -> Any:
    """The client's word for a field that is not sent; its name changed over the versions."""
    return getattr(openai, "omit", openai.NOT_GIVEN)


def field_of(value: Any, name: str) -> Any:
    """A field of an object or of plain JSON."""
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)


def says(words: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": words}]


def playable(text: str) -> str:
    """The .mp4 address in an answer, which must be in the block that Open WebUI plays, and as a link."""
    assert "<video src=" in text, text
    assert "[Download](" in text, text
    url = text.split('<video src="', 1)[1].split('"', 1)[0]
    assert ".mp4" in url, url
    return url.split("?")[0]


def equal(found: object, wanted: object, why: str = "") -> None:
    if found != wanted:
        raise AssertionError(f"{found!r} is not {wanted!r}{': ' + why if why else ''}")


@contextmanager
def refused(kind: type[Exception]) -> Iterator[list[Any]]:
    """What is done inside must raise `kind`; the list then holds it."""
    caught: list[Any] = []
    try:
        yield caught
    except kind as error:
        caught.append(error)
        return
    raise AssertionError(f"nothing was refused; wanted {kind.__name__}")


@contextmanager
def receiver() -> Iterator[tuple[str, queue.Queue[tuple[str, dict[str, str]]]]]:
    """A web server on this machine that keeps what is posted to it."""
    events: queue.Queue[tuple[str, dict[str, str]]] = queue.Queue()

    class Keep(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            events.put((body, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            del args

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Keep)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", events
    finally:
        server.shutdown()
        server.server_close()


def next_about(events: queue.Queue[tuple[str, dict[str, str]]], video: str) -> tuple[str, dict[str, str]]:
    """The first event about a film. Raises queue.Empty when none comes."""
    end = time.monotonic() + PATIENCE
    while True:
        body, headers = events.get(timeout=max(0.0, end - time.monotonic()))
        if json.loads(body)["data"]["id"] == video:
            return body, headers


def png(width: int, height: int) -> bytes:
    """A grey picture."""
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\0\0\0\0"
    out = io.BytesIO()
    out.write(b"\x89PNG\r\n\x1a\n")
    for kind, data in ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")):
        out.write(len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big"))
    return out.getvalue()


def attempt(session: Session, check: Callable[[Session], str]) -> tuple[str, str]:
    """How a check ends, and what there is to say about it."""
    try:
        return "passed", check(session)
    except Absent as absent:
        return "absent", str(absent)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)
        line = next((f.lineno for f in reversed(place) if f.filename == __file__ and f.name != "equal"), 0)
        return "failed", f"{type(error).__name__} in line {line}: {error}"


def main() -> None:
    warnings.simplefilter("ignore", DeprecationWarning)  # the client calls its video methods deprecated
    session = Session(sys.argv[1], sys.argv[2])
    for name, check in CHECKS:
        start = time.monotonic()
        state, detail = attempt(session, check)
        seconds = round(time.monotonic() - start, 2)
        print(json.dumps({"check": name, "state": state, "detail": detail, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
