"""`Studio`: a conversation about films, on top of a project. Every face of the house uses only this."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Literal, Self

from vitascope import media
from vitascope.director import system_wordnet
from vitascope.director.editing import (
    Conversation,
    Impossible,
    NoChange,
    NotUnderstood,
    Proposal,
    Question,
    Reply,
    Return,
    Selection,
    Turn,
)
from vitascope.film import Edit, Film, Reading, Size, apply, difference, film_from_json, film_to_json
from vitascope.provenance import digest_film
from vitascope.render import adapter_name
from vitascope.studio.check import check_film, document_beside
from vitascope.studio.engine import WORLD, Engine, Maker, lasting
from vitascope.studio.errors import ProjectError
from vitascope.studio.filming import FilmResult, Progress, make_film
from vitascope.studio.finding import check_name, find_take, parent_of
from vitascope.studio.library import director, library
from vitascope.studio.marks import visible_label
from vitascope.studio.memory import Memory
from vitascope.studio.pointing import Box, select
from vitascope.studio.project import Draft, Project, default_project
from vitascope.studio.strip import draw_strip
from vitascope.studio.take import DOCUMENT, FILM, Take, Work
from vitascope.studio.timings import remember, timed

__all__ = ["Answer", "Studio"]

Show = Callable[[Progress], None]
Answer = Take | Question | Impossible | NotUnderstood | NoChange


def _quiet(at: Progress) -> None:
    del at


class Studio:
    """The takes of a project, and what can be done with them.

    `project` is a folder; by default $VITASCOPE_PROJECT, else the default project of this user. Takes may be given as
    `Take` or as text: an id or the beginning of one, a number, a name, "." (the current one), ".." (its parent), or the
    path of an exported film. What cannot be done is raised as one sentence (ProjectError, EditError, FilmFault …).
    """

    def __init__(self, project: str | Path | None = None) -> None:
        self.project = Project(Path(project).expanduser() if project is not None else default_project())
        self._memory: Memory | None = None

    def close(self) -> None:
        """Lets go of what is held for the next film: stages and renderers. The studio can still be used."""
        if self._memory is not None:
            self._memory.close()
            self._memory = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def film(
        self,
        prompt: str,
        *,
        seconds: Fraction | int | None = None,
        size: Size | None = None,
        fps: Fraction | int | None = None,
        seed: int | None = None,
        style: str | None = None,
        silent: bool = False,
        engine: Literal["world", "model"] = "world",
        weights: str | None = None,
        progress: Show = _quiet,
    ) -> Take:
        """Films a sentence as a new first take. Beside the words and the engine, as for `vitascope.director.direct`."""
        film = director().direct(
            prompt, catalogue=library(), wordnet=system_wordnet(), seconds=seconds, size=size, fps=fps, seed=seed, style=style,
            silent=silent,
        )  # fmt: skip
        return self.shoot(film, words=prompt, engine=engine, weights=weights, progress=progress)

    def shoot(
        self,
        film: Film,
        *,
        words: str = "",
        engine: Literal["world", "model"] = "world",
        weights: str | None = None,
        progress: Show = _quiet,
    ) -> Take:
        """Films a document as a new first take.

        With the engine "model" `weights` is a folder of them, ours or open ones, a name of open ones that are on this machine,
        or None for those that come with the program. Takes that are edited are made by the engine that made them.
        """
        words = words or film.prompt or film.title
        return self._filed(
            film, words=words, reading=film.reading, parent=None, edit=None, said="", progress=progress,
            maker=Maker(engine=engine, weights=lasting(weights)),
        )  # fmt: skip

    def edit(
        self,
        take: Take | str,
        words: str,
        *,
        selection: Selection | None = None,
        choice: int | None = None,
        progress: Show = _quiet,
    ) -> Answer:
        """Does what `words` say to a take. `choice` (from 1) answers the question that the same words led to before.

        A wish to go back gives the take that it leads to, now the current one.
        """
        source = self.take(take)
        return self.follow(source, words, self.read(source, words, selection), choice=choice, progress=progress)

    def read(self, take: Take | str, words: str, selection: Selection | None = None) -> Reply:
        """How `words` about a take are understood. Nothing is filmed."""
        conversation = self.conversation(take, selection)
        return director().interpret(words, conversation, catalogue=library(), wordnet=system_wordnet())

    def follow(
        self, take: Take | str, words: str, reply: Reply, *, choice: int | None = None, progress: Show = _quiet
    ) -> Answer:
        """Carries out what `read` gave, or the choice (from 1) of a question."""
        if choice is not None:
            label, edit = _edit_of(reply, choice)
            return self.apply(take, edit, words=f"{words} ({label})", progress=progress)
        if isinstance(reply, Proposal):
            return self.apply(take, reply.edit, words=words, said=reply.said, reading=reply.reading, progress=progress)
        if isinstance(reply, Return):
            return self.branch(reply.take)
        return reply

    def select(
        self,
        take: Take | str,
        *,
        at: tuple[Fraction, Fraction | None] | None = None,
        subjects: Sequence[str] = (),
        box: Box | None = None,
    ) -> Selection:
        """What is pointed at in a take: a stretch of the film [s] or a moment of it (no end), subjects, a box."""
        return select(self.document(take), at=at, subjects=subjects, box=box)

    def apply(
        self,
        take: Take | str,
        edit: Edit,
        *,
        words: str = "",
        said: str = "",
        reading: Reading | None = None,
        progress: Show = _quiet,
    ) -> Take | NoChange:
        """Films a take after a typed edit, as its child. `said` is what will be different, found out if not given."""
        source = self.take(take)
        before = self.document(source)
        after = apply(before, edit)
        if after == before:
            return NoChange(text="The film is so already, so nothing was changed.")
        said = said or " ".join(difference(before, after))
        return self._filed(
            after, words=words or said, reading=reading or Reading(), parent=source, edit=edit, said=said, progress=progress,
            maker=Maker(engine=source.engine, weights=source.weights),
        )  # fmt: skip

    def take(self, take: Take | str) -> Take:
        """The take that is meant, as it is now."""
        if isinstance(take, Take):
            return self.project.take(take.id)
        if take in self.project.ids():
            return self.project.take(take)
        return find_take(take, self.takes(), self.current)

    def takes(self) -> list[Take]:
        """All takes that can be read, oldest first."""
        return self._read()[0]

    def damaged(self) -> list[str]:
        """For each take that cannot be read, a sentence why."""
        return self._read()[1]

    @property
    def current(self) -> str | None:
        """The id of the current take, if there is one."""
        return self.project.head().current

    def document(self, take: Take | str) -> Film:
        """The film of a take as a document."""
        found = self.take(take)
        try:
            return film_from_json(found.document.read_bytes())
        except OSError as error:
            raise ProjectError(
                f"The document of take {found.id} cannot be read ({error.strerror}): {found.document}"
            ) from None

    def conversation(self, take: Take | str, selection: Selection | None = None) -> Conversation:
        """What an instruction about a take is read against: its film, and how it came to be."""
        found = self.take(take)
        turns = tuple(
            Turn(parent=each.parent, take=each.id, words=each.words, edit=each.edit)
            for each in self.project.line(found.id)
            if each.parent is not None and each.edit is not None
        )
        head = self.project.head()
        return Conversation(
            film=self.document(found),
            take=found.id,
            turns=turns,
            later=head.forward() if head.current == found.id else (),
            selection=selection or Selection(),
        )

    def undo(self) -> Take:
        """Goes to the parent of the current take, and returns it."""
        return self.branch("..")

    def redo(self) -> Take:
        """Goes to the take that was last gone back from, and returns it."""
        forward = self.project.head().forward()
        if not forward:
            raise ProjectError("Nothing was undone here, so there is nothing to do again.")
        return self.branch(forward[0])

    def branch(self, take: Take | str) -> Take:
        """Makes any take the current one, and returns it: the next instruction goes on from there."""
        found = self.take(take)
        self.project.move(found.id)
        return found

    def diff(self, a: Take | str, b: Take | str) -> list[str]:
        """What is different in `b`, in short sentences; none when the films are equal."""
        return difference(self.document(a), self.document(b))

    def strip(self, a: Take | str, b: Take | str, path: str | Path, *, moments: int = 4) -> Path:
        """Draws a picture at `path` (.png or .jpg) of both films at the same moments, one above the other."""
        takes = [self.take(a), self.take(b)]
        return draw_strip([self._film_file(take) for take in takes], [_called(take) for take in takes], path, moments)

    def export(self, take: Take | str, path: str | Path) -> Path:
        """Copies the film of a take to `path` (an .mp4) as it is, signature and all, with its document beside it."""
        found = self.take(take)
        source = self._film_file(found)
        target = media.check_destination(path)
        media.copy_whole(source, target)
        media.copy_whole(found.document, document_beside(target))
        return target

    def rename(self, take: Take | str, name: str | None) -> Take:
        """Gives a take a name that no other has, or none."""
        found = self.take(take)
        return self.project.mark(found.id, name=None if name is None else check_name(name, found.id, self.takes()))

    def star(self, take: Take | str, starred: bool = True) -> Take:
        """Marks a take with a star, or takes it away."""
        return self.project.mark(self.take(take).id, starred=starred)

    def delete(self, take: Take | str) -> None:
        """Deletes a take and its files. Takes that were made from it stay, as children of its parent."""
        self.project.delete(self.take(take).id)

    def film_again(self, take: Take | str, *, progress: Show = _quiet) -> Take:
        """Makes the film file of a take again from its document."""
        found = self.take(take)
        film = self.document(found)
        with self.project.draft() as draft:
            self._make(film, draft, self._parent(found), Maker(engine=found.engine, weights=found.weights), progress)
            media.publish(draft.folder / FILM, found.path)
        return found

    def _read(self) -> tuple[list[Take], list[str]]:
        takes, faults = [], []
        for take_id in self.project.ids():
            try:
                takes.append(self.project.take(take_id))
            except ProjectError as error:
                faults.append(str(error))
        return takes, faults

    def _filed(
        self,
        film: Film,
        *,
        words: str,
        reading: Reading,
        parent: Take | None,
        edit: Edit | None,
        said: str,
        progress: Show,
        maker: Maker,
    ) -> Take:
        check_film(film)
        with self.project.draft() as draft:
            result = self._make(film, draft, parent, maker, progress)
            take = Take(
                id=draft.id,
                parent=parent.id if parent else None,
                words=words,
                edit=edit,
                reading=reading,
                said=said,
                made=datetime.now(UTC),
                film_sha256=digest_film(film_to_json(film).encode()),
                length=film.duration,
                chunks=result.chunks,
                engine=maker.engine,
                weights=maker.weights,
                work=Work(frames=result.frames, ways=dict(result.ways), seconds=_seconds(result), remark=result.remark),
            )
            return self.project.file(draft, take)

    def _make(self, film: Film, draft: Draft, parent: Take | None, maker: Maker, progress: Show) -> FilmResult:
        """Makes the film file and its document in the folder of the draft: the one place where films are made."""
        self._memory = self._memory or Memory()
        earlier = self.document(parent) if parent else None
        engine = self._engine(maker, parent, progress)
        result = make_film(
            film,
            draft.folder / FILM,
            label=visible_label(),
            earlier=earlier,
            memory=self._memory,
            parent=parent.path if parent else None,
            engine=engine,
            progress=progress,
        )
        engine.keep(draft.folder)
        result.document.rename(draft.folder / DOCUMENT)
        if engine is WORLD:
            self._remember(film, result)
        return result

    def _engine(self, maker: Maker, parent: Take | None, progress: Show) -> Engine:
        if maker.engine == "world":
            return WORLD
        from vitascope.studio.learned import LearnedEngine
        from vitascope.studio.weights import shots_by

        def tell(done: int, of: int) -> None:
            progress(Progress(step="model", done=done, total=of))

        before = parent.folder if parent is not None and parent.engine == "model" else None
        return LearnedEngine(shots_by(maker.weights), before=before, on_step=tell)

    def _remember(self, film: Film, result: FilmResult) -> None:
        """Keep what a film took that was drawn whole, for forecasts."""
        name, software = adapter_name()
        figures = timed(film, result, adapter=name, software=software)
        if figures is not None:
            remember(figures)

    def _parent(self, take: Take) -> Take | None:
        try:
            return parent_of(take, {each.id: each for each in self.takes()})
        except ProjectError:
            return None

    def _film_file(self, take: Take) -> Path:
        if not take.path.is_file():
            raise ProjectError(f"The film of take {take.id} was deleted; make it again with: vitascope again {take.id}")
        return take.path


def _edit_of(reply: object, choice: int) -> tuple[str, Edit]:
    """The label and the edit of choice `choice` (from 1) of a question. Raises ProjectError when there is none."""
    if not isinstance(reply, Question | Impossible):
        raise ProjectError(f"Choice {choice} was given, but these words lead to no question; leave the choice out.")
    if not 1 <= choice <= len(reply.choices):
        raise ProjectError(f"There is no choice {choice}; give a number from 1 to {len(reply.choices)}.")
    chosen = reply.choices[choice - 1]
    return chosen.label, chosen.edit


def _called(take: Take) -> str:
    return take.name or take.id


def _seconds(result: FilmResult) -> dict[str, float]:
    times = result.times
    spent = {
        "world": times.world + times.address,
        "picture": times.render + times.encode_wait,
        "sound": times.sound,
        "signing": times.sign,
    }
    return {step: round(seconds, 3) for step, seconds in spent.items()}
