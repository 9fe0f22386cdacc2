"""Small servers that speak /v1/videos with the accents that were found in real ones, on a port of this machine."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Dialect:
    """How a server answers, and what it was asked."""

    film: bytes
    forms: tuple[str, ...] = ("multipart", "json")
    """The bodies that it reads; others are refused with 422 and {"detail"}."""
    states: tuple[str, ...] = ("queued", "in_progress", "completed")
    fault: Any = None
    """What a failed job says, in whatever shape."""
    fault_status: int = 200
    """The HTTP status of a failed job."""
    at_once: str = ""
    """"bytes", "b64_json" or "url": the film instead of a job."""
    content_status: int = 200
    unreachable: int = 0
    """So many questions are answered with 503 and no JSON."""
    elsewhere: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    keys: set[str | None] = field(default_factory=set)
    looks: int = 0


@contextmanager
def speaking(dialect: Dialect) -> Iterator[str]:
    """Yields the address of a server with this dialect."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._note()
            body = self.rfile.read(int(self.headers["content-length"]))
            kind = self.headers["content-type"]
            form = "multipart" if kind.startswith("multipart/") else "json"
            if form not in dialect.forms:
                self._say(422, {"detail": [{"loc": ["body"], "msg": "Field required"}]})
                return
            dialect.fields, dialect.files = _parts(kind, body) if form == "multipart" else (json.loads(body), {})
            if dialect.at_once == "bytes":
                self._send(200, dialect.film, "video/mp4")
            elif dialect.at_once == "b64_json":
                self._say(200, {"id": "x", "data": [{"b64_json": base64.b64encode(dialect.film).decode()}]})
            elif dialect.at_once == "url":
                self._say(200, {"data": [{"url": dialect.elsewhere or "/files/film.mp4"}]})
            else:
                self._say(200, {"id": "job/1", "object": "video", "status": dialect.states[0]})

        def do_GET(self) -> None:
            self._note()
            if self.path.endswith("/content"):
                if dialect.content_status == 200:
                    self._send(200, dialect.film, "video/mp4")
                else:
                    self._say(dialect.content_status, {"detail": "no such file"})
            elif self.path.startswith("/files/"):
                self._send(200, dialect.film, "application/octet-stream")
            elif dialect.looks < dialect.unreachable:
                dialect.looks += 1
                self._send(503, b"upstream is down", "text/plain")
            else:
                dialect.looks += 1
                self._tell(dialect.states[min(dialect.looks, len(dialect.states) - 1)])

        def do_DELETE(self) -> None:
            self._note()
            self._say(200, {"id": "job/1", "object": "video", "status": "deleted"})

        def _tell(self, state: str) -> None:
            if state == "failed":
                self._say(dialect.fault_status, dialect.fault)
            else:
                url = {"url": "/files/film.mp4"} if dialect.content_status != 200 and state == "completed" else {}
                self._say(200, {"id": "job/1", "status": state, "progress": 50, "model": "wan-2.2", **url})

        def _note(self) -> None:
            dialect.asked.append((self.command, self.path))
            dialect.keys.add(self.headers.get("authorization"))

        def _say(self, status: int, value: Any) -> None:
            self._send(status, json.dumps(value).encode(), "application/json")

        def _send(self, status: int, content: bytes, kind: str) -> None:
            self.send_response(status)
            for name, value in (("content-type", kind), ("content-length", len(content)), ("openai-poll-after-ms", 50)):
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _parts(kind: str, body: bytes) -> tuple[dict[str, str], dict[str, bytes]]:
    message = message_from_bytes(b"content-type: " + kind.encode() + b"\r\n\r\n" + body)
    fields, files = {}, {}
    for part in message.get_payload():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if part.get_filename():
            files[name] = content
        else:
            fields[name] = content.decode()
    return fields, files
