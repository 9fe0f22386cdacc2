"""The real server on a loopback port, with a folder of its own, one worker, and keys of two workspaces."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from patience import PATIENCE
from vitascope.jobs.values import Role
from vitascope.serve.app import create_app
from vitascope.serve.settings import Settings

TINY: dict[str, Any] = {
    "prompt": "A red ball on a plain backdrop", "size": "128x128", "seconds": "1", "fps": 24, "audio": False, "seed": 7,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server. `key` is of an owner in workspace A, `viewer` looks on there, `other_key` owns workspace B."""

    url: str
    key: str
    viewer: str
    other_key: str
    app: FastAPI

    def client(self, key: str | None = None, **options: Any) -> httpx.Client:
        """A client that calls with this key, that of A if none is given."""
        headers = {"authorization": f"Bearer {key or self.key}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE, **options)

    def film(self, **wish: Any) -> dict[str, Any]:
        """A film of workspace A, as it is when it is at an end."""
        with self.client() as client:
            made = client.post("/v1/videos", json={**TINY, **wish})
            assert made.status_code == 200, made.text
            return self.ended(made.json()["id"])

    def ended(self, video: str) -> dict[str, Any]:
        """The film when it is at an end."""
        until = time.monotonic() + PATIENCE
        with self.client() as client:
            while time.monotonic() < until:
                found = client.get(f"/v1/videos/{video}").json()
                if found["status"] not in ("queued", "in_progress"):
                    return found
                time.sleep(0.1)
        raise AssertionError(f"{video} came to no end")


class _Quiet(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """Signals belong to the tests."""


def serve(settings: Settings) -> Iterator[FastAPI]:
    """Run the application of these settings in a thread, from its start to its end."""
    app = create_app(settings)
    config = uvicorn.Config(app, host=settings.host, port=settings.port, log_config=None, timeout_graceful_shutdown=2)
    server = _Quiet(config)
    thread = threading.Thread(target=server.run, name="server under test")
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    yield app
    server.should_exit = True
    thread.join()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of a process: keys are needed, and the pace of its accounts has no limit."""
    data = tmp_path_factory.mktemp("server")
    settings = Settings(data=data, port=free_port(), accounts=True)
    running = serve(settings)
    app = next(running)
    accounts = app.state.house.accounts
    first = accounts.first_key()
    assert first is not None
    here = accounts.authenticate(first)
    looker = accounts.create_account("Looker", "enterprise")
    accounts.add_member(here.workspace, looker.id, Role.VIEWER)
    _, viewer = accounts.create_key(looker.id, here.workspace, "Looking")
    owner = accounts.create_account("Other", "enterprise")
    elsewhere = accounts.create_workspace("Elsewhere", owner.id)
    _, other = accounts.create_key(owner.id, elsewhere.id, "Other", ("films", "manage"))
    yield Server(url=settings.url, key=first, viewer=viewer, other_key=other, app=app)
    next(running, None)


@pytest.fixture(scope="session")
def film(server: Server) -> dict[str, Any]:
    """A completed film of workspace A, one second of a red ball."""
    made = server.film()
    assert made["status"] == "completed", made
    return made


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """A client of workspace A."""
    with server.client() as client:
        yield client


@pytest.fixture
def stranger(server: Server) -> Iterator[httpx.Client]:
    """A client of workspace B."""
    with server.client(server.other_key) as client:
        yield client
