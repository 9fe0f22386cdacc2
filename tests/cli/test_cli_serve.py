"""`vitascope serve`: what stops it is told in a sentence; it tells its address and, once, its first key, and stops in order."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--port", "70000"), ("70000", "65535")),
        (("--workers", "0"), ("0", "1 to 256")),
        (("--public-url", "films.example.org"), ("films.example.org", "https://")),
        (("--remote", "wan"), ("'wan'", "NAME=URL")),
        (("--remote", "wan=ftp://x"), ("wan=ftp://x", "NAME=URL")),
        (("--database", "mysql://x/y"), ("mysql", "postgresql://")),
        (("--database", NOWHERE), ("cannot be used",)),
        (("--host", "203.0.113.7"), ("203.0.113.7", "--host")),
    ],
)
def test_what_cannot_be_followed_is_told(run, folder: Path, options: tuple[str, ...], words: tuple[str, ...]):
    """One sentence and exit code 2, and no folder that was not there before."""
    outcome = run("serve", "--port", "0", "--data", "data", *options)

    assert outcome.code == 2
    assert not (folder / "data").exists()
    assert outcome.err.count("\n") == 1
    for word in words:
        assert word in outcome.err


def test_a_port_that_is_used_is_told(run, taken: int):
    """With what to do."""
    outcome = run("serve", "--port", str(taken), "--data", "data")

    assert outcome.code == 2
    assert str(taken) in outcome.err
    assert "another --port" in outcome.err


def test_a_folder_that_cannot_be_written_is_told(run, folder: Path):
    """With which."""
    (folder / "file").write_text("in the way")

    outcome = run("serve", "--port", "0", "--data", "file/data")

    assert outcome.code == 2
    assert "file/data" in outcome.err


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_stopped(launch, folder: Path, ending: signal.Signals):
    """Its first key is shown at the first start alone, and opens it; a signal ends it without a fault."""
    first, key = started(launch)
    assert key is not None
    url = first.url
    assert httpx.get(f"{url}/v1/models").status_code == 401
    assert httpx.get(f"{url}/v1/models", headers={"authorization": f"Bearer {key}"}).status_code == 200
    assert stopped(first.process, ending) == 0

    second, none = started(launch)

    assert none is None
    assert httpx.get(f"{second.url}/v1/models", headers={"authorization": f"Bearer {key}"}).status_code == 200
    assert stopped(second.process, ending) == 0


def test_on_this_machine_alone_no_key_is_needed(launch, folder: Path):
    """Unless it is asked for; pages of other sites are not this machine."""
    server, _ = started(launch, accounts=False)

    here = httpx.get(f"{server.url}/v1/models", headers={"authorization": "Bearer anything"})
    page = httpx.get(f"{server.url}/v1/models", headers={"origin": "https://evil.example"})
    name = httpx.get(f"{server.url}/v1/models", headers={"host": "evil.example"})

    assert [reply.status_code for reply in (here, page, name)] == [200, 401, 401]
    assert stopped(server.process, signal.SIGTERM) == 0


class Started:
    """A server as a process of its own."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process, self.url = process, url


def started(launch, *, accounts: bool = True) -> tuple[Started, str | None]:
    """The server once it answers, and the key that it told."""
    options = ["--accounts"] if accounts else []
    process = launch("serve", "--port", "0", "--data", "data", *options, PYTHONUNBUFFERED="1")
    url, key = None, None
    for line in process.stdout:
        if found := re.search(r"API at (http://\S+)/v1", line):
            url = found[1]
        if found := re.search(r"(vsk_\S+)", line):
            key = found[1]
        if "Ready" in line:
            break
    assert url is not None, process.stderr.read()
    return Started(process, url), key


def stopped(process: subprocess.Popen[str], ending: signal.Signals) -> int:
    """The exit code after the signal; on stderr there were logs, and nothing amiss in them."""
    os.kill(process.pid, ending)
    _, said = process.communicate(timeout=60)
    assert {json.loads(line)["level"] for line in said.splitlines()} <= {"info"}
    return process.returncode
