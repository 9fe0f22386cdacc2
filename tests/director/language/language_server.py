"""A server on this machine that speaks the protocol of language models, with scripted answers, and a good one."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from vitascope.director.language import Settings, settings_from

KEY = "sk-very-secret-0123456789"
PROMPT = "A black cat dashes along a beach"
Script = Callable[["Handler"], None]


@dataclass
class Server:
    """Answers each request with the next of `script`, and the last of it from then on."""

    url: str = ""
    script: list[Script] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def answers(self, *answers: Any) -> None:
        """Script texts, values that are sent as JSON text, and whole behaviours."""
        self.script = [a if callable(a) else says(a if isinstance(a, str) else json.dumps(a)) for a in answers]

    def settings(self, **changes: str) -> Settings:
        """Settings that lead here."""
        environ = {"VITASCOPE_LLM_URL": self.url, "VITASCOPE_LLM_MODEL": "tiny", "VITASCOPE_LLM_KEY": KEY}
        found = settings_from(environ | {f"VITASCOPE_LLM_{name}": value for name, value in changes.items()})
        assert found is not None
        return found


class Handler(BaseHTTPRequestHandler):
    """Takes a request down and behaves as the script says."""

    home: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.home.requests.append(json.loads(body))
        self.home.headers.append(dict(self.headers))
        self.home.script[min(len(self.home.requests), len(self.home.script)) - 1](self)

    def do_GET(self) -> None:
        self.reply(200, json.dumps({"data": [{"id": "tiny"}]}))

    def reply(self, code: int, text: str, **headers: str) -> None:
        self.send_response(code)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(text.encode())),
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: Any) -> None:
        pass


def says(text: str | None, **message: Any) -> Script:
    """A plain answer."""
    body = json.dumps({"choices": [{"message": {"role": "assistant", "content": text, **message}}]})
    return lambda handler: handler.reply(200, body)


def fails(code: int, text: str = "{}", **headers: str) -> Script:
    """A refusal."""
    return lambda handler: handler.reply(code, text, **headers)


def cat_film(**shot: Any) -> dict[str, Any]:
    """An answer that any film test can start from."""
    return {
        "shots": [
            {
                "entities": [{"id": "cat", "recipe": "cat", "name": "cat", "attributes": {"colour": "black"}}],
                "actions": [{"entity": "cat", "verb": "run", "words": "dashes"}],
                "set": {"place": "beach", "hours": [{"at": 0, "hour": 19.2}]},
                **shot,
            }
        ],
        "phrases": [
            {"text": "black", "kind": "attribute", "taken_as": "black"},
            {"text": "cat", "kind": "subject", "taken_as": "cat"},
            {"text": "dashes", "kind": "action", "taken_as": "run"},
            {"text": "beach", "kind": "place", "taken_as": "beach"},
            {"text": "dragon", "kind": "subject", "taken_as": "dragon"},
        ],
    }
