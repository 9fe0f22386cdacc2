"""The command line, run in this process or as a process of its own, in an empty folder and with keys of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from vitascope import Studio
from vitascope.cli import main
from vitascope.film import Size

SENTENCE = "A red ball rolls past a blue box on a plain background"
COMMAND = (sys.executable, "-c", "from vitascope.cli import run; run()")


@dataclass(frozen=True)
class Outcome:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True, scope="session")
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITASCOPE_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("VITASCOPE_VISIBLE_LABEL", raising=False)
        patch.delenv("VITASCOPE_PROJECT", raising=False)
        yield


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that commands run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Outcome]]:
    """Runs one command in this process, as the installed program would."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def run(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["vitascope", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Outcome(int(ended.value.code or 0), said.out, said.err)

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def launch(folder: Path) -> Callable[..., subprocess.Popen[str]]:
    """Starts one command as a process of its own."""

    def launch(
        *arguments: str, stdin: int | None = None, stderr: int = subprocess.PIPE, **environment: str
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=folder,
            env={**os.environ, **environment},
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )

    return launch


@pytest.fixture(scope="session")
def _filmed(_home: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filmed") / "project"
    with Studio(folder) as studio:
        first = studio.film(SENTENCE, seconds=1, size=Size(width=128, height=128), silent=True)
        studio.edit(first, "make the ball green")
    return folder


@pytest.fixture
def project(_filmed: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two takes, a red ball and, current, a green one, that commands use."""
    monkeypatch.setenv("VITASCOPE_PROJECT", str(folder / "project"))
    return shutil.copytree(_filmed, folder / "project")


class Terminal:
    """The other end of a terminal that a program writes to."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def read_until(self, words: bytes | None) -> bytes:
        """What was written up to and with `words`, or all of it until the program ends."""
        seen = b""
        while words is None or words not in seen:
            try:
                piece = os.read(self._descriptor, 4096)
            except OSError:  # how Linux says that nobody writes any more
                break
            if not piece:
                break
            seen += piece
        return seen


@pytest.fixture
def on_terminal(launch) -> Iterator[Callable[..., tuple[subprocess.Popen[str], Terminal]]]:
    """Starts one command with its stderr on a terminal."""
    open_ends: list[int] = []

    def on_terminal(*arguments: str) -> tuple[subprocess.Popen[str], Terminal]:
        ours, theirs = os.openpty()
        process = launch(*arguments, stderr=theirs, TERM="xterm")
        os.close(theirs)
        open_ends.append(ours)
        return process, Terminal(ours)

    yield on_terminal
    for descriptor in open_ends:
        os.close(descriptor)
