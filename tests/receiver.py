"""A web server on this machine that takes events, and answers as it is told."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Got:
    """A request that came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """What came in, in order. `answers` are the statuses of the next answers; then 204 for each."""

    url: str
    answers: list[int]
    got: queue.Queue[Got] = field(default_factory=queue.Queue)

    def next(self, timeout: float = 20.0) -> Got:
        """The next request; raises queue.Empty when none comes."""
        return self.got.get(timeout=timeout)


@contextmanager
def receiving(answers: Sequence[int] = (), headers: dict[str, str] | None = None) -> Iterator[Receiver]:
    """A receiver on a free port of loopback."""
    receiver = Receiver(url="", answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            lower = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()
            receiver.got.put(Got(self.path, lower, body))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
