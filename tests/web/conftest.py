"""`vitascope serve` as a process of its own, and a browser that looks at it: one of each for a file of tests."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page
from web_chromium import MISSING, PATIENCE_MS, program, running_browser

COMMAND = (sys.executable, "-c", "from vitascope.cli import main; main()", "serve", "--port", "0", "--workers", "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """A running server: its address, its folder, and its first key where it has accounts."""

    url: str
    data: Path
    key: str | None

    def client(self, key: str | None = None) -> httpx.Client:
        """A client of its API."""
        wanted = key or self.key
        return httpx.Client(
            base_url=self.url, timeout=60, headers={"authorization": f"Bearer {wanted}"} if wanted else {}
        )

    def films(self, **wish: Any) -> str:
        """The id of a film that was queued by the API."""
        with self.client() as client:
            made = client.post("/v1/videos", json={"size": "128x128", "seconds": "1", "audio": False, **wish})
            assert made.status_code == 200, made.text
            return made.json()["id"]


@contextmanager
def running_studio(folder: Path, *options: str) -> Iterator[Studio]:
    """A server with a home of its own, from its start to its end."""
    hidden = ("PYTEST_CURRENT_TEST", "VITASCOPE_VISIBLE_LABEL", "VITASCOPE_LLM_URL")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {"VITASCOPE_HOME": str(folder / "home"), "NICEGUI_STORAGE_PATH": str(folder / "nicegui")}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*COMMAND, "--data", str(folder / "data"), *options],
            stdout=subprocess.PIPE, stderr=log, env=environment, cwd=folder, text=True,
        )  # fmt: skip
    try:
        url = key = None
        assert process.stdout is not None
        for line in process.stdout:
            url = ((found := re.search(r"studio is at (\S+?),", line)) and found[1]) or url
            key = ((found := re.search(r"vsk_\S+", line)) and found[0]) or key
            if line.startswith("Ready"):
                break
        assert url is not None, (folder / "server.log").read_text()
        yield Studio(url=url, data=folder / "data", key=key)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(90)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A server for this machine alone."""
    with running_studio(tmp_path_factory.mktemp("studio")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    executable = program()
    if executable is None:
        pytest.skip(MISSING)
    with running_browser(executable) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that knows nothing yet, 1280 wide; a fault of a script in it fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    assert faults == []
