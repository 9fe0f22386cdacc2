"""Carries out what was asked in a conversation, at the desk: what comes of it is told at once or filmed and then told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from vitascope.director.editing import Impossible, NotUnderstood, Question
from vitascope.film import Film, SizeError
from vitascope.jobs.desk import Desk
from vitascope.jobs.errors import Conflict, Invalid, JobError, Missing
from vitascope.jobs.values import Caller, State, Video, Wish
from vitascope.serve import answers
from vitascope.serve.formats import format_in
from vitascope.serve.housekeeping import housekeeping_answer
from vitascope.serve.inputs import MODEL, Talk
from vitascope.serve.thread import (
    Ask,
    AskAgain,
    CancelFilm,
    Draft,
    EditFilm,
    Explain,
    Help,
    Housekeeping,
    Ideas,
    ListFilms,
    NewFilm,
    ShowFilm,
)

__all__ = ["Answer", "Filming", "Outcome", "Partner", "Thought", "Told", "thread_key"]

Made = TypeVar("Made", bound=Video | Question | Impossible | NotUnderstood)

SECONDS = Fraction(4)
USUAL = Fraction(5)
"""What the director gives a film of one action; more where the words tell of several."""
AGAIN_MOST = 4
"""Films that were not made, before the same request is told so once more."""
LISTED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """There is an answer, and nothing is filmed."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filming:
    """A film is on its way, or there already. `again`: it is only shown once more."""

    video: Video
    again: bool = False


Outcome = Told | Filming


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """A line about how far it is; not part of the answer."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The whole answer, with the film that it is about."""

    text: str
    video: Video | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Whom one talks to: the desk in the name of a caller, addresses of films for browsers, and a place for pictures.

    `key` tells this request from others, so that the same request again finds the same film.
    """

    desk: Desk
    caller: Caller
    address: Callable[[str], str]
    """The id of a completed film to its signed .mp4 address."""
    keep: Callable[[str], str]
    """A data URL to the storage key of the picture. Raises Invalid."""
    key: str = ""
    model: str = MODEL
    seed: int | None = None

    def begin(self, ask: Ask) -> Outcome:
        """Everything but the waiting; may take a while. Raises JobError for what is not the fault of the words."""
        try:
            return self._begin(ask)
        except SizeError as error:
            return Told(text=str(error))
        except Missing as error:
            return Told(text=f"{error.message} Say what the next film shows, or ask for “my films”.")
        except (Invalid, Conflict) as error:
            if error.param == "model":
                raise
            return Told(text=error.message)

    async def follow(self, outcome: Outcome) -> AsyncIterator[Thought | Answer]:
        """Thoughts until the film is at an end, then the answer. Who stops reading stops nothing else."""
        if isinstance(outcome, Told):
            yield Answer(text=outcome.text)
            return
        video, before = outcome.video, None
        if not video.state.is_end:
            for line in (answers.what_is_made(video), *answers.reading_lines(video.reading)):
                yield Thought(text=line.removeprefix("- "))
            async for found in self.desk.changes(self.caller, video.id):
                video = found
                if (line := answers.progress_line(video, before)) is not None:
                    yield Thought(text=line)
                    before = video
        yield Answer(text=self.text(video, again=outcome.again), video=video)

    def text(self, video: Video, *, again: bool = False) -> str:
        """The answer about a film as it is."""
        url = self.address(video.id) if video.state is State.COMPLETED else None
        return answers.filmed(video, url, shown_again=again)

    def _begin(self, ask: Ask) -> Outcome:
        match ask:
            case NewFilm():
                return self._film(ask)
            case EditFilm():
                return self._edit(ask)
            case AskAgain():
                allowed = f"give a number from 1 to {ask.choices}"
                return Told(text=f"There is no choice {ask.number}; {allowed}.\n\n{ask.question}")
            case ShowFilm():
                return self._show(ask.video)
            case CancelFilm():
                return self._cancel(ask)
            case ListFilms():
                page = self.desk.videos(self.caller, limit=LISTED)
                return Told(text=answers.listed(page.items, page.has_more))
            case Draft():
                return self._draft(ask.words)
            case Explain():
                video = self.desk.video(self.caller, ask.video)
                return Told(text=answers.explained(self.desk.document(self.caller, video.id), video))
            case Ideas():
                return Told(text=answers.ideas(ask.topic))
            case Help():
                return Told(text=answers.helped(film=ask.film))
            case Housekeeping():
                return Told(text=housekeeping_answer(ask.prompt))

    def _film(self, ask: NewFilm) -> Outcome:
        said = format_in(ask.words)
        if not said.words:
            return Told(text=answers.helped(film=False))
        read = self.desk.read(self.caller, None, said.words)
        if isinstance(read, NotUnderstood):
            return Told(text=answers.not_understood(read, film=False))
        if isinstance(read, Film) and not ask.picture and (lost := _lost(read)):
            return Told(text=answers.not_understood(lost, film=False))
        wish = Wish(
            prompt=said.words,
            model=self.model,
            seconds=said.seconds or _seconds(read if isinstance(read, Film) else None),
            size=said.size,
            fps=said.fps,
            seed=self.seed,
            audio=not said.silent,
            picture=self.keep(ask.picture) if ask.picture else None,
            extra={"impossible": "stylised"} if ask.stylised else {},
        )
        return Filming(
            video=self._once(lambda key: self.desk.create(self.caller, replace(wish, idempotency_key=key))[0])
        )

    def _edit(self, ask: EditFilm) -> Outcome:
        def edit(key: str) -> Video | Question | Impossible | NotUnderstood:
            return self.desk.edit(self.caller, ask.video, ask.words, choice=ask.choice, idempotency_key=key)

        found = self._once(edit)
        if isinstance(found, Video):
            return Filming(video=found)
        if isinstance(found, NotUnderstood):
            return Told(text=answers.not_understood(found, film=True))
        return Told(text=answers.questioned(found))

    def _once(self, make: Callable[[str], Made]) -> Made:
        """What `make` gives for the key of this request; under another one where that led to a film that was not made."""
        found = make(self.key)
        for number in range(2, AGAIN_MOST + 2):
            if not isinstance(found, Video) or found.state not in (State.FAILED, State.CANCELLED):
                break
            found = make(f"{self.key}-{number}")
        return found

    def _show(self, video: str | None) -> Outcome:
        found = self._latest() if video is None else self.desk.video(self.caller, video)
        return Told(text=answers.listed((), False)) if found is None else Filming(video=found, again=True)

    def _latest(self) -> Video | None:
        return next(iter(self.desk.videos(self.caller, limit=1).items), None)

    def _cancel(self, ask: CancelFilm) -> Outcome:
        found = self._latest() if ask.video is None else self.desk.video(self.caller, ask.video)
        if found is None or (ask.video is None and found.state.is_end):
            return Told(text="No film is being made now, so there is nothing to stop.")
        if found.state.is_end:
            return self._edit(EditFilm(video=found.id, words=ask.words))
        self.desk.cancel(self.caller, found.id)
        return Told(text="The film is no longer made. Say what the next one shows.")

    def _draft(self, words: str) -> Outcome:
        said = format_in(words)
        read = self.desk.read(self.caller, None, said.words or words)
        if isinstance(read, Film) and (lost := _lost(read)):
            read = lost
        if isinstance(read, NotUnderstood):
            return Told(text=answers.not_understood(read, film=False))
        if not isinstance(read, Film):
            raise JobError("Words for a new film were read as an instruction.")
        length = said.seconds or _seconds(read) or read.duration
        return Told(text=answers.drafted(read, words, seconds=length, size=said.size, fps=said.fps, silent=said.silent))


def _lost(film: Film) -> NotUnderstood | None:
    """What to say when nothing of the words was understood: the film would show an empty place."""
    phrases = film.reading.phrases
    if any(phrase.status != "not_understood" for phrase in phrases) or film.reading.remarks:
        return None
    words = tuple(phrase.text for phrase in phrases)
    named = ", ".join(f"“{word}”" for word in words) or "these words"
    return NotUnderstood(text=f"I understand nothing of {named}.", words=words, reading=film.reading)


def _seconds(film: Film | None) -> Fraction | None:
    """Four seconds, unless the words say or need something else."""
    if film is None:
        return SECONDS
    said = any(phrase.kind == "duration" and phrase.status == "understood" for phrase in film.reading.phrases)
    return None if said or film.duration > USUAL else SECONDS


def thread_key(talk: Talk, marks: Sequence[str | None]) -> str:
    """A key that is the same for the same conversation, asked in the same way; `marks` tell requests apart otherwise."""
    thread = [[message.role, message.text, *message.pictures] for message in talk.messages]
    told = json.dumps([thread, talk.model, talk.seed, *marks], ensure_ascii=False)
    return f"chat-{hashlib.sha256(told.encode()).hexdigest()[:40]}"
