"""A real `vitascope serve` in a folder of its own, for what is tried against it from outside: started, reached, ended."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["COMMAND", "FOLDERS", "Live", "children_of", "ended_in_order", "free_port", "serving"]

COMMAND = (sys.executable, "-c", "from vitascope.cli import run; run()")
"""The `vitascope` of the interpreter that runs this."""
KEY = re.compile(r"vsk_[A-Za-z0-9_-]{43}")
FOLDERS = {"VITASCOPE_SERVER": "data", "VITASCOPE_HOME": "home", "VITASCOPE_CACHE": "store"}
WORKER = "vitascope.jobs.worker"
ENDS = (signal.SIGTERM, signal.SIGHUP)
START_SECONDS = 180.0
STOP_SECONDS = 30.0


@dataclass(slots=True, kw_only=True)
class Live:
    """A server that can be started again in the same place after it ended, in whatever way it did."""

    folder: Path
    port: int
    options: Sequence[str] = ()
    key: str = "sk-local"
    """The first key that the server printed, with --accounts; any other counts as none, which is enough on this machine."""
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    seen: set[int] = field(default_factory=set)
    """All processes that belonged to it, as far as they were looked at."""

    @property
    def address(self) -> str:
        """Without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it printed, of all starts."""
        return self.folder / "server.log"

    @property
    def pid(self) -> int:
        assert self.process is not None, "not started"
        return self.process.pid

    def start(self) -> None:
        """Start, and wait until it is ready. Raises RuntimeError with the end of the log when it is not."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [*COMMAND, "serve", "--port", str(self.port)]
        own = {name: str(self.folder / part) for name, part in FOLDERS.items()}
        environment = {**os.environ, **own, "PYTHONUNBUFFERED": "1"}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *self.options], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment
            )
        self.starts += 1
        self._wait()
        if found := KEY.search(self.log.read_text(errors="replace")):
            self.key = found.group()

    def workers(self) -> list[int]:
        """The processes that draw."""
        below = children_of(self.pid)
        self.seen |= {*below, self.pid}
        return [pid for pid in below if WORKER in command_of(pid)]

    def kill(self) -> None:
        """End the server itself with SIGKILL, as a power cut would; its workers find out by themselves."""
        self.workers()
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it as a service manager would: SIGTERM, then SIGKILL to what is left of it."""
        if self.process is None:
            return
        self.workers()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for pid in self.left():
            os.kill(pid, signal.SIGKILL)

    def left(self) -> list[int]:
        """Processes of former starts that still run."""
        now = {self.pid, *children_of(self.pid)} if self.process and self.process.poll() is None else set()
        return [pid for pid in self.seen - now if "vitascope" in command_of(pid)]

    def resident(self) -> int:
        """Memory of the server process itself [bytes], without its workers."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError("the server has ended")

    def processor_seconds(self) -> float:
        """Time that the server process itself has computed so far [s], without its workers."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            assert self.process is not None
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as reply:
                    if reply.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.2)
        tail = self.log.read_text(errors="replace")[-3000:]
        raise RuntimeError(f"The server did not become ready; the end of its log is:\n{tail}")


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Live]:
    """A server with `options` beside its folder and port, until the block ends, be it by a signal."""
    live = Live(folder=folder, port=free_port(), options=options)
    with ended_in_order():
        try:
            live.start()
            yield live
        finally:
            live.stop()


@contextmanager
def ended_in_order() -> Iterator[None]:
    """SIGTERM and SIGHUP leave the block as an exit does, so that what was started in it is ended, too.

    What comes while that is done is not heeded. For the main thread, which alone hears signals.
    """

    def end(number: int, _: object) -> None:
        for each in ENDS:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    before = {each: signal.signal(each, end) for each in ENDS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> list[int]:
    """All processes below `pid`, the nearest first."""
    below: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if after_name[0] != "Z":
            below.setdefault(int(after_name[1]), []).append(int(stat.parent.name))
    found, look = [], [pid]
    while look:
        children = sorted(below.get(look.pop(0), []))
        found += children
        look += children
    return found


def command_of(pid: int) -> str:
    """The command line of a process, empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
