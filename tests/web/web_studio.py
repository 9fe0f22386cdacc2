"""`vitascope serve` as a process of its own, which can be ended and started again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

COMMAND = (sys.executable, "-c", "from vitascope.cli import run; run()", "serve", "--workers", "1")


@dataclass(kw_only=True)
class Studio:
    """A running server: its address, its folder, and its first key where it has accounts."""

    folder: Path
    options: tuple[str, ...] = ()
    url: str = ""
    key: str | None = None

    @property
    def data(self) -> Path:
        """Where it keeps what it makes."""
        return self.folder / "data"

    def start(self) -> None:
        """Start it; once it had a port, on that one again."""
        hidden = ("PYTEST_CURRENT_TEST", "VITASCOPE_VISIBLE_LABEL", "VITASCOPE_LLM_URL")
        environment = {name: value for name, value in os.environ.items() if name not in hidden}
        environment |= {
            "VITASCOPE_HOME": str(self.folder / "home"),
            "NICEGUI_STORAGE_PATH": str(self.folder / "nicegui"),
        }
        port = str(urlsplit(self.url).port or 0)
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*COMMAND, "--port", port, "--data", str(self.data), *self.options],
                stdout=subprocess.PIPE, stderr=log, env=environment, cwd=self.folder, text=True,
            )  # fmt: skip
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.url = ((found := re.search(r"studio is at (\S+?),", line)) and found[1]) or self.url
            self.key = ((found := re.search(r"vsk_\S+", line)) and found[0]) or self.key
            if line.startswith("Ready"):
                return
        raise AssertionError((self.folder / "server.log").read_text())

    def kill(self) -> None:
        """End it at once, as when the power fails."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it as it is meant to be ended."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(90)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

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
    def resting(self) -> Iterator[None]:
        """While this lasts its worker is held, and what is to be made waits."""
        workers = [pid for pid in self._children() if b"vitascope.jobs.worker" in _read(f"/proc/{pid}/cmdline")]
        assert workers
        for pid in workers:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in workers:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def _children(self) -> list[int]:
        """The processes that it started."""
        own = str(self._process.pid).encode()
        stats = {int(path.parent.name): _read(str(path)) for path in Path("/proc").glob("[0-9]*/stat")}
        return [pid for pid, stat in stats.items() if stat.rpartition(b")")[2].split()[1:2] == [own]]


def _read(path: str) -> bytes:
    """A file about a process; empty for one that has ended."""
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


@contextmanager
def running_studio(folder: Path, *options: str) -> Iterator[Studio]:
    """A server with a home of its own, from its start to its end."""
    running = Studio(folder=folder, options=options)
    running.start()
    try:
        yield running
    finally:
        running.stop()
