"""A conversation: on a terminal, and as a script with an instruction a line."""

from __future__ import annotations

import io
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from patience import PATIENCE
from vitascope import Studio
from vitascope.cli.chat import COMMANDS, Chat
from vitascope.cli.completion import Words
from vitascope.cli.request import Options
from vitascope.film import AddSubject, Change, Edit, Placement, apply


@pytest.fixture
def script(run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """Runs a conversation whose lines come from a file."""

    def script(*lines: str, start: tuple[str, ...] = ()):
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines) + "\n"))
        return run("chat", *start)

    return script


def test_a_conversation(script, project: Path, folder: Path):
    """Instructions, commands and the way back, one a line; the film is linked to after each turn."""
    outcome = script(
        "make the ball yellow", "/diff", "/undo", "/takes", "/name the green one", "/export out.mp4", "/quit"
    )

    studio = Studio(project)
    assert outcome.code == 0, outcome
    assert [take.words for take in studio.takes()][1:] == ["make the ball green", "make the ball yellow"]
    assert studio.take(".").name == "the green one"
    assert "The ball is yellow instead of green." in outcome.out
    assert outcome.out.count("film.mp4") >= 3
    assert (folder / "out.mp4").is_file()


def test_a_conversation_that_begins_with_a_sentence(script, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """The first sentence is filmed, the next ones change it."""
    monkeypatch.setenv("VITASCOPE_PROJECT", str(folder / "new"))
    film = Studio(folder / "new")

    outcome = script("/show", "/nonsense", start=("A red ball", "--seconds", "1", "--size", "128x128", "--silent"))

    assert outcome.code == 2
    assert [take.parent for take in film.takes()] == [None]
    assert "/nonsense" in outcome.err


def test_what_fails_in_a_script_is_its_exit_code(script, project: Path):
    """The conversation goes on; the code is that of the last line that failed."""
    outcome = script("make it blorptious", "/branch nowhere", "make it blorptious", "/takes")

    assert outcome.code == 4
    assert outcome.err.count("blorptious") == 2
    assert "no take 'nowhere'" in outcome.err
    assert script("/branch nowhere", start=("1",)).code == 2


def test_a_number_answers_a_question(script, project: Path):
    """Words that can mean several things are asked back; the next line may be the number of an answer."""
    studio = Studio(project)
    first = studio.document("1")
    ball = next(s for s in first.shots[0].subjects if s.name == "ball")
    other = ball.model_copy(update={"id": "second", "placement": Placement(position=(0.0, 0.0, 1.0))})
    studio.shoot(apply(first, Edit(operations=(Change(what=AddSubject(subject=other)),))))

    asked = script("make the ball yellow")
    answered = script("make the ball yellow", "1", "1")

    assert (asked.code, answered.code) == (3, 4)
    assert [take.words.startswith("make the ball yellow (") for take in studio.takes()] == [False] * 3 + [True]


def test_help_names_every_command(script, project: Path):
    """Nothing that can be said is left unsaid."""
    said = script("/help").out

    assert all(f"/{name}" in said for name in COMMANDS)


def test_completion(project: Path):
    """Commands after a slash, subjects of the film elsewhere."""
    words = Words(COMMANDS, Chat(Studio(project), Options()).subjects)

    def completed(text: str) -> list[str]:
        return [c.text for c in words.get_completions(Document(text), CompleteEvent())]

    assert completed("/ta") == ["/takes"]
    assert completed("make the ba") == ["ball"]
    assert completed("make the ") == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of its own")
def test_on_a_terminal(project: Path):
    """What is typed is answered with a link, Ctrl-C stops only the turn, and the lines are remembered in the project."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from vitascope.cli import run; run()", "chat"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
        start_new_session=True,
    )
    os.close(theirs)
    seen = b""

    def wait_for(words: bytes) -> None:
        nonlocal seen
        while not re.search(words, seen):
            assert select.select([ours], [], [], PATIENCE)[0], seen
            seen += os.read(ours, 4096)
        seen = seen[re.search(words, seen).end() :]  # type: ignore[union-attr]

    wait_for(rb"\x1b\]8;.*;file://\S+film\.mp4")
    wait_for("›".encode())
    os.write(ours, b"make the film two minutes long\r")
    wait_for(rb"/2880")
    process.send_signal(signal.SIGINT)
    wait_for(b"Stopped; the film is as it was")
    wait_for("›".encode())
    os.write(ours, b"/quit\r")

    assert process.wait(PATIENCE) == 0
    os.close(ours)
    assert len(Studio(project).takes()) == 2
    assert "two minutes" in (project / "history").read_text()
