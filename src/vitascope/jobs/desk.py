"""`Desk`: the one door to the job core. Every face (Videos API, chat, MCP, command line) parses, calls this, and replies."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO, Protocol

from vitascope.director.editing import Impossible, NotUnderstood, Question, Reply, Selection
from vitascope.film import Edit, Film
from vitascope.jobs.shelf import DrawnChunk, Tree
from vitascope.jobs.values import Caller, Operation, Page, Variant, Video, Wish
from vitascope.media import EncodedChunk

__all__ = ["Character", "Content", "Desk", "Engine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A file in storage. `open(start, length)` gives those bytes (all, by default) as a stream in pieces."""

    media_type: str
    size: int
    sha256: str
    name: str
    open: Callable[..., BinaryIO]


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """A subject that films can ask for by name."""

    id: str
    workspace: str
    name: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What makes films here: `name` ("world", "remote:NAME"), what it accepts, and whether it can be used now."""

    name: str
    takes_pictures: bool
    edits: bool
    ready: bool
    remark: str = ""


class Desk(Protocol):
    """Raises JobError (jobs/errors.py) for what cannot be done. Methods are safe to call from any thread."""

    def create(self, caller: Caller, wish: Wish) -> list[Video]:
        """Queue `wish.n` films with consecutive seeds (the same ones again for the same idempotency key)."""
        ...

    def edit(
        self,
        caller: Caller,
        video: str,
        words: str,
        *,
        operation: Operation = "edit",
        seconds: Fraction | None = None,
        choice: int | None = None,
        selection: Selection | None = None,
        idempotency_key: str | None = None,
    ) -> Video | Question | Impossible | NotUnderstood:
        """Queue what `words` say to a film as its child; or what stands in the way. `extend` adds `seconds` at the end.

        An instruction that changes nothing gives a child that reuses everything. Words that go back give that film.
        """
        ...

    def shoot(self, caller: Caller, film: Film, *, words: str = "") -> Video:
        """Queue a document as a new first film. Raises Invalid for one that cannot be filmed here."""
        ...

    def apply(self, caller: Caller, video: str, edit: Edit, *, words: str = "") -> Video:
        """Queue a film after a typed edit, as its child. `words` is what it is called, found out if not given."""
        ...

    def mark(self, caller: Caller, video: str, *, name: str | None = None, starred: bool | None = None) -> Video:
        """Give a film that is at an end a name ("" takes it away) or a star; what is None stays."""
        ...

    def read(self, caller: Caller, video: str | None, words: str) -> Reply | Film:
        """How words are understood, about a film or (None) as a new one. Nothing is queued."""
        ...

    def video(self, caller: Caller, video: str) -> Video:
        """The film with this id in the caller's workspace. Raises Missing."""
        ...

    def videos(
        self, caller: Caller, *, after: str | None = None, limit: int = 20, ascending: bool = False
    ) -> Page[Video]:
        """Films of the workspace by time."""
        ...

    def takes(self, caller: Caller, video: str) -> list[Video]:
        """All films of the tree that this one is in, oldest first."""
        ...

    def trees(self, caller: Caller, *, limit: int = 20) -> list[Tree]:
        """The trees of the workspace, those first in which something was made last."""
        ...

    def chunks(self, caller: Caller, video: str) -> tuple[DrawnChunk, ...]:
        """The chunks of a film of ours, those that are drawn with an address, those of which something can be seen already
        with an opening; none before it is begun."""
        ...

    def chunk(self, caller: Caller, video: str, number: int) -> EncodedChunk:
        """A chunk that is drawn, or its opening. Raises Missing where neither is there, or not any more."""
        ...

    def document(self, caller: Caller, video: str) -> Film:
        """The film as a document."""
        ...

    def cancel(self, caller: Caller, video: str) -> Video:
        """Stop making a film; what is at an end stays as it is."""
        ...

    def delete(self, caller: Caller, video: str) -> None:
        """Cancel if need be, and delete the film with its files. Films made from it stay."""
        ...

    def content(self, caller: Caller, video: str, variant: Variant = "video") -> Content:
        """A file of a completed film. Raises Conflict before that, with the state in its sentence."""
        ...

    async def changes(self, caller: Caller, video: str, *, timeout: float | None = None) -> AsyncIterator[Video]:
        """The film now, then each time that it changes, until it is at an end or `timeout` [s] has passed."""
        ...
        yield  # type: ignore[misc]

    def create_character(self, caller: Caller, name: str, film: BinaryIO | str) -> Character:
        """Keep a subject under a name, from a film file or a film of the workspace (its id)."""
        ...

    def character(self, caller: Caller, character: str) -> Character:
        """Raises Missing."""
        ...

    def characters(self, caller: Caller) -> list[Character]:
        """All of the workspace."""
        ...

    def delete_character(self, caller: Caller, character: str) -> None:
        """Films that use it stay as they are."""
        ...

    def engines(self) -> list[Engine]:
        """What can make films here, the default first."""
        ...
