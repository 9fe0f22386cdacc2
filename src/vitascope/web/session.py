"""`Session`: one open page of a film. All that a panel needs: what is looked at, what can be done, and the bulletin."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from fractions import Fraction
from typing import Any
from uuid import uuid4

from starlette.concurrency import run_in_threadpool

from vitascope.film import Edit, Film
from vitascope.jobs.desk import Desk
from vitascope.jobs.errors import JobError
from vitascope.jobs.values import Caller, Role, Video
from vitascope.studio import ProjectError
from vitascope.web.events import (
    Bulletin,
    Compared,
    CurrentChanged,
    PlayheadMoved,
    ScopeChanged,
    SeekWanted,
    TakeChanged,
    TakesChanged,
    Trouble,
    TurnsChanged,
)
from vitascope.web.room import Room
from vitascope.web.scope import NOWHERE, Scope
from vitascope.web.strings import say
from vitascope.web.turns import Aside, Turn, turns_of

__all__ = ["Session"]

DOCUMENTS_KEPT = 32
ANSWERED_KEPT = 40


class Session:
    """Panels read the values and call the actions; whatever changes is told on `bulletin`, also what others did.

    Actions never raise for what cannot be done: it is told as Trouble, or stands in the conversation. `within` gives the
    context in which handlers run.
    """

    def __init__(
        self,
        desk: Desk,
        caller: Caller,
        room: Room,
        take: str,
        *,
        within: Callable[[], AbstractContextManager[object]] = nullcontext,
        page: AbstractContextManager[object] | None = None,
    ) -> None:
        self.page: AbstractContextManager[object] = page or nullcontext()
        """Where dialogs are made: the page itself, which stays when a panel is built anew."""
        self.desk, self.caller, self.room = desk, caller, room
        self.bulletin = Bulletin(within)
        self.scope: Scope = NOWHERE
        self.compared: str | None = None
        self.playhead = Fraction(0)
        self._current = take
        self._later: list[str] = []
        self._led: dict[str, str] = {}  # from a take to the one that words or an edit made of it here
        self._asides: list[Aside] = []
        self._there = True
        self._reading: asyncio.Task[None] | None = None
        self._documents: dict[str, Film] = {}
        self.bulletin.on(TakesChanged, self._takes_changed)
        self.bulletin.on(TakeChanged, self._take_changed)
        room.enter(self.bulletin)

    def close(self) -> None:
        """The page was left."""
        self._there = False
        self.room.leave(self.bulletin)

    # What is there ---------------------------------------------------------------------------------------------------

    @property
    def takes(self) -> tuple[Video, ...]:
        """All of the tree, oldest first."""
        return self.room.takes

    @property
    def current(self) -> Video:
        """The take that this page looks at."""
        found = self.room.take(self._current)
        assert found is not None, self._current
        return found

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation that led to the current take."""
        return turns_of(self.takes, self._current, self._asides)

    @property
    def asides(self) -> tuple[Aside, ...]:
        """What was said on this page and led to no take yet, whatever take it was said to."""
        return tuple(self._asides)

    def kept_as(self, what: str) -> str:
        """The name under which a browser keeps something of this page: each person's own, for each tree."""
        return f"vitascope {self.caller.account} {self.room.root} {what}"

    @property
    def may_edit(self) -> bool:
        """Whether this member may make films here; a viewer looks on."""
        return self.caller.role is not Role.VIEWER

    @property
    def can_undo(self) -> bool:
        """Whether there is a take before the current one."""
        return self.room.take(self.current.parent or "") is not None

    @property
    def can_redo(self) -> bool:
        """Whether there is a take to go forward to."""
        return self._forward() is not None

    async def document(self, take: str | None = None) -> Film | None:
        """The film of a take (the current one if none is given); None where it has none."""
        wanted = take or self._current
        if wanted not in self._documents:
            try:
                film = await run_in_threadpool(self.desk.document, self.caller, wanted)
            except JobError:
                return None
            while len(self._documents) >= DOCUMENTS_KEPT:
                del self._documents[next(iter(self._documents))]
            self._documents[wanted] = film
        return self._documents[wanted]

    # Talking ---------------------------------------------------------------------------------------------------------

    async def say(self, words: str, *, key: str = "", take: str = "", scope: Scope | None = None) -> None:
        """Will do what `words` say to a take (the current one), where `scope` (that of the page) points.

        A take that is still made is waited for, and what was said before is done first: words go on from what that led to, also
        when they were on their way before the page had shown it. What comes again with its `key` is known, and done once.
        """
        words, key = words.strip(), key or uuid4().hex
        if not words or any(one.id == key for one in self._asides):
            return
        about = self._followed(take) if self.room.take(take) is not None else self._current
        pointed = self.scope if scope is None else scope
        self._asides.append(Aside(id=key, about=about, words=words, standing="waiting", scope=pointed))
        answered = [one.id for one in self._asides if one.standing in ("open", "settled")]
        self._asides = [one for one in self._asides if one.id not in answered[:-ANSWERED_KEPT]]
        await self._go_on()

    async def choose(self, aside: str, choice: int) -> None:
        """Takes a way (from 1) of a question that is open."""
        found = next((one for one in self._asides if one.id == aside), None)
        if found is not None and 1 <= choice <= len(found.choices):
            self._put(replace(found, standing="waiting", choice=choice))
            await self._go_on()

    async def dismiss(self, aside: str) -> None:
        """Takes back words that wait or that led to nothing."""
        self._asides = [one for one in self._asides if one.id != aside]
        await self.bulletin.tell(TurnsChanged())

    async def restore(self, asides: Collection[Aside]) -> None:
        """The page was loaded anew, and this is what had led to no take before: what waited waits again."""
        known = {one.id for one in self._asides}
        before = [one for one in asides if one.id not in known]
        if before:
            self._asides[:0] = [
                replace(one, standing="waiting") if one.standing == "reading" else one for one in before
            ]
            await self._go_on()

    async def present(self, there: bool) -> None:
        """Whether the page is there. Else words wait: it may be loaded anew, and take them back or say them itself."""
        back, self._there = there and not self._there, there
        if back:
            await self._go_on()

    async def apply(self, edit: Edit, *, words: str = "") -> Video | None:
        """Films the current take after a typed edit and goes there: what panels do when something is dragged or typed."""
        return await self._made(lambda: self.desk.apply(self.caller, self._current, edit, words=words))

    # Takes -----------------------------------------------------------------------------------------------------------

    async def go(self, take: str) -> None:
        """Looks at another take; the next instruction goes on from there."""
        if take == self._current or self.room.take(take) is None:
            return
        self._later = []
        await self._move(take)

    async def undo(self) -> None:
        """Goes back to the take before."""
        if self.can_undo:
            self._later.insert(0, self._current)
            await self._move(self.current.parent or "")

    async def redo(self) -> None:
        """Goes forward again, where undo came from, else to the newest take that was made from this one."""
        forward = self._forward()
        if forward is not None:
            self._later = self._later[1:] if self._later[:1] == [forward] else []
            await self._move(forward)

    async def compare(self, take: str | None) -> None:
        """Lays a take beside the current one; None takes it away."""
        found = None if take is None else self.room.take(take)
        self.compared = None if found is None else found.id
        await self.bulletin.tell(Compared(take=found))

    async def mark(self, take: str, *, name: str | None = None, starred: bool | None = None) -> None:
        """Gives a take a name ("" takes it away) or a star."""
        await self._done(lambda: self.desk.mark(self.caller, take, name=name, starred=starred))

    async def cancel(self, take: str) -> None:
        """Stops making a take."""
        await self._done(lambda: self.desk.cancel(self.caller, take))

    async def delete(self, take: str) -> None:
        """Deletes a take and its files; what was made from it stays."""
        await self._done(lambda: self.desk.delete(self.caller, take))

    # Pointing --------------------------------------------------------------------------------------------------------

    async def point(self, scope: Scope) -> None:
        """Points at something else; NOWHERE at nothing."""
        if scope != self.scope:
            self.scope = scope
            await self.bulletin.tell(ScopeChanged(scope=scope))

    async def seek(self, at: Fraction) -> None:
        """Moves the player to a moment [s of the film]."""
        await self.bulletin.tell(SeekWanted(at=max(Fraction(0), min(at, self.current.seconds))))

    async def played(self, at: Fraction, *, playing: bool) -> None:
        """The player shows this moment."""
        self.playhead = at
        await self.bulletin.tell(PlayheadMoved(at=at, playing=playing))

    async def complain(self, sentence: str) -> None:
        """Tells the person what could not be done."""
        await self.bulletin.tell(Trouble(sentence=sentence))

    # Inside ----------------------------------------------------------------------------------------------------------

    async def _go_on(self) -> None:
        self._begin()
        await self.bulletin.tell(TurnsChanged())

    def _begin(self) -> None:
        """What need not wait any more is carried out, one after the other; whoever is at it already goes on with it."""
        if self._reading is None and self._next() is not None:
            self._reading = asyncio.create_task(self._carry_out_all(), name="what was said")

    async def _carry_out_all(self) -> None:
        try:
            while (aside := self._next()) is not None:
                await self._carry_out(replace(aside, standing="reading"))
        finally:
            self._reading = None

    def _next(self) -> Aside | None:
        """The first words that wait for nothing."""
        if not self._there:
            return None
        making = {take.id for take in self.takes if not take.state.is_end}
        return next((one for one in self._asides if one.standing == "waiting" and one.about not in making), None)

    async def _carry_out(self, aside: Aside) -> None:
        if self.room.take(aside.about) is None:
            await self._set_aside(replace(aside, about=self._current).refused(say("thread.gone")))
            return
        await self._set_aside(aside)
        film = await self.document(aside.about)

        def edited() -> Any:
            selection = None if film is None or aside.scope.is_empty else aside.scope.selection(film)
            return self.desk.edit(
                self.caller, aside.about, aside.words, choice=aside.choice, selection=selection,
                idempotency_key=f"studio {aside.id} {aside.choice or 0}",
            )  # fmt: skip

        try:
            found = await run_in_threadpool(edited)
        except (JobError, ProjectError) as error:
            await self._set_aside(aside.refused(_sentence(error)))
            return
        if not isinstance(found, Video):
            await self._set_aside(aside.answered(found))
            return
        others = [one for one in self._asides if one.id != aside.id]
        follows = [one.standing == "waiting" and one.about == aside.about for one in others]
        self._asides = [replace(one, about=found.id) if on else one for one, on in zip(others, follows, strict=True)]
        await self._arrive(found, about=aside.about)

    async def _made(self, make: Callable[[], Video]) -> Video | None:
        try:
            video = await run_in_threadpool(make)
        except (JobError, ProjectError) as error:
            await self.complain(_sentence(error))
            return None
        await self._arrive(video, about=self._current)
        return video

    async def _done(self, do: Callable[[], object]) -> None:
        try:
            await run_in_threadpool(do)
        except JobError as error:
            await self.complain(error.message)
        await self.room.refresh()

    async def _arrive(self, video: Video, *, about: str) -> None:
        """A take was made, or words led back to one: this page goes there, unless it has gone elsewhere meanwhile."""
        self._led[about] = video.id
        await self.room.refresh()
        if self._current == about and self.room.take(video.id) is not None:
            self._later = []
            await self._move(video.id)
            await self.point(NOWHERE)

    def _followed(self, take: str) -> str:
        """Where this page has led on from a take, unless it went back there since."""
        passed = {take}
        while (led := self._led.get(take, take)) not in passed and self.room.take(led) is not None:
            passed.add(led)
            take = led
        return take

    async def _move(self, take: str) -> None:
        self._current = take
        self._led.pop(take, None)
        if self.compared == take:
            await self.compare(None)
        film = await self.document(take)
        if film is not None:
            await self.point(self.scope.within(film))
        await self.bulletin.tell(CurrentChanged(take=self.current))
        await self.bulletin.tell(TurnsChanged())

    def _forward(self) -> str | None:
        later = [one for one in self._later if self.room.take(one) is not None]
        if later:
            return later[0]
        children = [one.id for one in self.takes if one.parent == self._current]
        return children[-1] if children else None

    async def _set_aside(self, aside: Aside) -> None:
        self._put(aside)
        await self.bulletin.tell(TurnsChanged())

    def _put(self, aside: Aside) -> None:
        """What was taken back meanwhile stays away."""
        self._asides = [aside if one.id == aside.id else one for one in self._asides]

    async def _takes_changed(self, event: TakesChanged) -> None:
        if event.takes and self.room.take(self._current) is None:  # it was deleted: go where its tree is newest
            await self._move(event.takes[-1].id)
        if self.compared is not None and self.room.take(self.compared) is None:
            await self.compare(None)
        await self._go_on()

    async def _take_changed(self, event: TakeChanged) -> None:
        if event.take.state.is_end:
            self._begin()


def _sentence(error: JobError | ProjectError) -> str:
    return error.message if isinstance(error, JobError) else str(error)
