"""A server for each test, and directors that ask it."""

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from typing import Any

import pytest
from language_server import Handler, Server

from vitascope.director import direct
from vitascope.director.editing import Conversation, NotUnderstood
from vitascope.director.language import Endpoint, LanguageDirector


class _Quiet(ThreadingHTTPServer):
    """Says nothing of clients that leave early."""

    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of its own for one test."""
    home = Server()
    listening = _Quiet(("127.0.0.1", 0), type("Here", (Handler,), {"home": home}))
    home.url = f"http://127.0.0.1:{listening.server_address[1]}/v1"
    threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield home
    home.stopped.set()
    listening.shutdown()
    listening.server_close()


def shrug(words: str, conversation: Conversation, **_: Any) -> NotUnderstood:
    """An offline interpreter that understands nothing."""
    return NotUnderstood(text="Nothing was understood.", words=tuple(words.split()))


@pytest.fixture
def director(server):
    """A director that asks the server."""
    return LanguageDirector(asks=Endpoint(server.settings()), name="tiny at here", otherwise=shrug)


@pytest.fixture
def filmed(director, library):
    """Films a prompt with the small library."""
    return lambda prompt, **options: director.direct(prompt, catalogue=library, wordnet=None, **options)


@pytest.fixture
def meadow(library):
    """A conversation about a film of a cat in a meadow."""
    return Conversation(film=direct("A cat sits on a meadow", catalogue=library, wordnet=None), take="one")


@pytest.fixture
def edited(director, library, meadow):
    """Replies to words about that film."""
    return lambda words, conversation=meadow: director.interpret(words, conversation, catalogue=library, wordnet=None)
