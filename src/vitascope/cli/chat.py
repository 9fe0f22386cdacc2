"""`vitascope chat`: a conversation about a film. On a terminal with history and completion; elsewhere a line an instruction.

A line is an instruction about the current take, the number of an answer, or a command that begins with a slash.
"""

from __future__ import annotations

import contextlib
import shlex
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vitascope.cli import reply, telling
from vitascope.cli.faults import ASKED, FAULT, INTERRUPTED, sentence_of
from vitascope.cli.request import Options, film_from
from vitascope.director.editing import Impossible, Question

if TYPE_CHECKING:
    from vitascope.director.editing import Reply
    from vitascope.studio import Studio, Take

__all__ = ["COMMANDS", "Chat", "converse"]

HELP = """Say what to change, or answer a question by its number.
  /new PROMPT        another film, beside this one
  /takes             all takes
  /show [TAKE]       a take in full
  /undo, /redo       back to the take before, and forward again
  /branch TAKE       go on from another take
  /diff [A] [B]      what is different; from the take before if none is given
  /name NAME         name the current take
  /star              mark it
  /export FILE       copy the film and its document
  /help, /quit"""


@dataclass(frozen=True, slots=True)
class Pending:
    """A question that waits for a number: what was asked about which take."""

    take: Take
    words: str
    reply: Reply


class Chat:
    """One conversation. `say` takes a line and returns the exit code that it would have as a command; None ends it."""

    def __init__(self, studio: Studio, options: Options) -> None:
        self.studio, self._options = studio, options
        self._pending: Pending | None = None

    def say(self, text: str) -> int | None:
        """Does what one line says; faults are told and leave everything as it is."""
        text = text.strip()
        try:
            if not text:
                return 0
            if text.startswith("/"):
                return self._command(text)
            if self._pending is not None and text.isascii() and text.isdigit():
                return self._choose(int(text))
            return self._instruct(text)
        except KeyboardInterrupt:
            reply.fault("Stopped; the film is as it was.")
            return INTERRUPTED
        except Exception as error:
            reply.fault(sentence_of(error))
            return FAULT

    def start(self, text: str) -> int | None:
        """Begins with a take, if `text` means one, or with a film of it."""
        from vitascope.studio import ProjectError

        try:
            found = self.studio.take(text)
        except ProjectError as error:
            if " " not in text.strip() and (text[:1].isdigit() or text[:1] == "." or text.lower().endswith(".mp4")):
                reply.fault(str(error))
                return FAULT
            return self.say(f"/new {text}")
        telling.at_take(self.studio.branch(found))
        return 0

    def subjects(self) -> list[str]:
        """The names of the subjects of the current take."""
        try:
            film = self.studio.document(".")
        except ValueError:
            return []
        return list(dict.fromkeys(subject.name for shot in film.shots for subject in shot.subjects))

    def _instruct(self, words: str) -> int:
        if self.studio.current is None:
            return self._film(words)
        take = self.studio.take(".")
        found = self.studio.read(take, words)
        telling.understood(found)
        return self._follow(Pending(take, words, found), None)

    def _choose(self, number: int) -> int:
        assert self._pending is not None
        return self._follow(self._pending, number)

    def _follow(self, asked: Pending, number: int | None) -> int:
        with reply.progress() as show:
            result = self.studio.follow(asked.take, asked.words, asked.reply, choice=number, progress=show)
        self._pending = asked if isinstance(result, Question | Impossible) else None
        return telling.answer(result, asked.reply)

    def _film(self, prompt: str) -> int:
        film = film_from(prompt, self._options)
        reply.reading(film.reading)
        with reply.progress() as show:
            take = self.studio.shoot(film, words=film.prompt or prompt, progress=show)
        self._pending = None
        telling.filmed(take)
        return 0

    def _command(self, text: str) -> int | None:
        name, _, rest = text[1:].partition(" ")
        if name == "quit":
            return None
        if name == "new" and rest.strip():
            return self._film(rest.strip())
        try:
            words = shlex.split(rest)
        except ValueError:
            words = rest.split()
        command = COMMANDS.get(name)
        if command is None or not command.least <= len(words) <= command.most:
            known = f"/{name} {command.takes}".strip() if command else "/help"
            reply.fault(f"This cannot be followed: {text}. See: {known}")
            return FAULT
        command.do(self.studio, words)
        if name in ("undo", "redo", "branch"):
            self._pending = None
        return 0


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command: what it does with how many words."""

    do: Callable[[Studio, list[str]], object]
    takes: str = ""
    least: int = 0
    most: int = 0


def _diff(studio: Studio, words: list[str]) -> None:
    a, b = words if len(words) == 2 else (*words, ".") if words else ("..", ".")
    for sentence in studio.diff(a, b) or ["The films are equal."]:
        reply.line(sentence)


def _name(studio: Studio, words: list[str]) -> None:
    found = studio.rename(".", " ".join(words))
    reply.line(f"{found.id} is called {found.name}.")


def _star(studio: Studio, words: list[str]) -> None:
    del words
    found = studio.take(".")
    reply.line(f"{found.id} {'has a star' if studio.star(found, not found.starred).starred else 'has no star'}.")


COMMANDS = {
    "help": Command(lambda studio, words: reply.line(HELP)),
    "new": Command(lambda studio, words: None, "PROMPT", 1, 1),
    "quit": Command(lambda studio, words: None),
    "takes": Command(lambda studio, words: telling.takes(studio)),
    "show": Command(lambda studio, words: telling.show_take(studio, studio.take(words[0] if words else "."))),
    "undo": Command(lambda studio, words: telling.at_take(studio.undo())),
    "redo": Command(lambda studio, words: telling.at_take(studio.redo())),
    "branch": Command(lambda studio, words: telling.at_take(studio.branch(words[0])), "TAKE", 1, 1),
    "diff": Command(_diff, "[A] [B]", 0, 2),
    "name": Command(_name, "NAME", 1, 20),
    "star": Command(_star),
    "export": Command(lambda studio, words: reply.wrote(studio.export(".", Path(words[0]))), "FILE", 1, 1),
}


def converse(studio: Studio, start: str | None, options: Options) -> int:
    """Talks until the end of the input. On a terminal the exit code is 0, elsewhere that of the last line that failed."""
    chat = Chat(studio, options)
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    codes = []
    if start is not None:
        codes.append(chat.start(start) or 0)
    elif studio.current is not None:
        telling.at_take(studio.take("."))
    elif on_terminal:
        reply.line("Say what the film shows, in a sentence; /help lists what else can be said.")
    with _ends_politely():
        for text in _typed(chat) if on_terminal else _piped():
            code = chat.say(text)
            if code is None:
                break
            if codes and codes[-1] == ASKED and text.strip().isdigit():
                codes.pop()
            codes.append(code)
    return 0 if on_terminal else next((code for code in reversed(codes) if code), 0)


def _piped() -> Iterator[str]:
    for text in sys.stdin:
        reply.line(f"> {text.rstrip()}")
        yield text


def _typed(chat: Chat) -> Iterator[str]:
    """The lines that are typed, with what was typed before in this project, and completion."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.history import FileHistory

    from vitascope.cli.completion import Words

    chat.studio.project.make()
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(chat.studio.project.history)),
        auto_suggest=AutoSuggestFromHistory(),
        completer=Words(COMMANDS, chat.subjects),
        complete_while_typing=False,
    )
    while True:
        try:
            yield session.prompt("› ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


@contextlib.contextmanager
def _ends_politely() -> Iterator[None]:
    """A polite kill ends the conversation, where Ctrl-C only ends the turn."""
    names = [number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None]
    before = {number: signal.signal(number, _end) for number in names}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, frame: object) -> None:
    raise SystemExit(128 + number)
