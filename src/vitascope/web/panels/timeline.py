"""The timeline: the film as tracks. What is dragged or typed makes a typed edit; while a take is made, edits wait for it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from nicegui import background_tasks
from starlette.concurrency import run_in_threadpool

from vitascope.film import Edit, EditError, Film, apply
from vitascope.jobs.values import State
from vitascope.studio.library import library
from vitascope.web.elements.controls import box, words
from vitascope.web.elements.form import ask
from vitascope.web.elements.timeline import Timeline, model_of
from vitascope.web.events import CurrentChanged, PlayheadMoved, ScopeChanged, TakeChanged
from vitascope.web.files import address
from vitascope.web.forms import form_of, typed_edit
from vitascope.web.moving import Drag, dragged, removed, reordered
from vitascope.web.session import Session
from vitascope.web.showing import standing_of
from vitascope.web.strings import say
from vitascope.web.tracks import Place, place_of
from vitascope.web.typed import TypedError

__all__ = ["timeline_panel"]


def timeline_panel(session: Session) -> None:
    """The tracks of the current take."""
    _Panel(session)


class _Panel:
    """One timeline on one page: the film that it shows, and the edits that wait until the take is finished."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._film: Film | None = None
        self._waiting: Edit | None = None
        self._take = ""
        self._version = 0
        self._line: Timeline | None = None
        self._place = box("timeline-place")
        on = session.bulletin.on
        on(CurrentChanged, self._changed)
        on(TakeChanged, self._got_on)
        on(ScopeChanged, lambda event: self._line and self._line.show_scope(event.scope))
        on(PlayheadMoved, self._moved)
        background_tasks.create(self._changed(), name="timeline")

    # What is shown ----------------------------------------------------------------------------------------------------

    async def _changed(self, _: object = None) -> None:
        take = self._session.current
        if take.id != self._take:
            if self._waiting is not None:
                await self._session.complain(say("timeline.let_go"))
            self._take, self._waiting = take.id, None
        film = await self._session.document(take.id)
        if take.id != self._session.current.id:
            return
        self._film = film if film is None or self._waiting is None else apply(film, self._waiting)
        self._show()

    def _show(self) -> None:
        film, session = self._film, self._session
        if film is None:
            self._line = None
            self._place.clear()
            with self._place, box("tl-nothing"):
                words(say("timeline.nothing"), "quiet-text", "p")
            return
        self._version += 1
        take = session.current
        done = take.state is State.COMPLETED
        note = say("timeline.waits") if self._waiting is not None else "" if done else standing_of(take)
        model = model_of(
            film,
            version=self._version,
            can_edit=session.may_edit and (done or not take.state.is_end),
            note=note,
            peaks=address(take, "peaks.json") if done and take.audio else None,
            stills=lambda at: address(take, "still.jpg", at=str(min(at, take.seconds)), height=90),
        )
        if self._line is None:
            self._place.clear()
            with self._place:
                self._line = self._built(model)
        else:
            self._line.show(model)

    def _built(self, model: dict[str, Any]) -> Timeline:
        session = self._session
        line = Timeline(model, session.scope, tree=session.room.root)
        line.when("seek", lambda said: session.seek(self._moment(said["frame"])))
        line.when("span", self._spanned)
        line.when("pick", self._picked)
        line.when("drag", self._dragged)
        line.when("reorder", self._reordered)
        line.when("open", self._opened)
        line.when("remove", self._removed)
        line.play(int(session.playhead * session.current.fps), playing=False)
        return line

    async def _got_on(self, event: TakeChanged) -> None:
        if event.take.id != self._session.current.id or self._film is None:
            return
        if event.take.state is State.COMPLETED and self._waiting is not None:
            edit, self._waiting = self._waiting, None
            await self._session.apply(edit)
        elif event.take.state.is_end:
            self._waiting = None
            await self._changed()

    def _moved(self, event: PlayheadMoved) -> None:
        if self._line is not None:
            self._line.play(int(event.at * self._session.current.fps), playing=event.playing)

    # What is done -----------------------------------------------------------------------------------------------------

    async def _do(self, make: Any) -> str | None:
        """Applies an edit of the film that is shown, now or once the take is finished. What cannot be is the answer."""
        film, session = self._film, self._session
        if film is None or not session.may_edit:
            return say("timeline.may_not")
        try:
            edit = make(film)
            if edit is None or (after := apply(film, edit)) == film:
                if self._line is not None:
                    self._line.drop()
                return None
        except (EditError, TypedError) as error:
            if self._line is not None:
                self._line.drop()
            return str(error)
        if session.current.state is State.COMPLETED:
            made = await session.apply(edit)
            if made is None and self._line is not None:
                self._line.drop()
            return None
        before = () if self._waiting is None else self._waiting.operations
        self._waiting = Edit(operations=(*before, *edit.operations))
        self._film = after
        self._show()
        return None

    async def _tell(self, make: Any) -> None:
        fault = await self._do(make)
        if fault is not None:
            await self._session.complain(fault)

    async def _dragged(self, said: Mapping[str, Any]) -> None:
        place = self._named(said)
        if place is None:
            return
        ends = {end: None if said[end] is None else self._moment(said[end]) for end in ("start", "end")}
        drag = Drag(place=place, **ends, stretch=bool(said["stretch"]))
        await self._tell(lambda film: dragged(film, drag))

    async def _reordered(self, said: Mapping[str, Any]) -> None:
        film = self._film
        if film is None or said.get("version") != self._version:
            return
        shot, before = int(said["shot"]), int(said["before"])
        if 0 <= shot < len(film.shots) and 0 <= before <= len(film.shots):
            await self._tell(lambda film: reordered(film, shot, before))

    async def _removed(self, said: Mapping[str, Any]) -> None:
        place = self._named(said)
        if place is not None:
            await self._tell(lambda film: removed(film, place))

    async def _opened(self, said: Mapping[str, Any]) -> None:
        place, film = self._named(said), self._film
        if place is None or film is None:
            return
        known = await run_in_threadpool(library)
        fields = form_of(film, place, known)
        version = self._version

        async def save(texts: Mapping[str, str]) -> str | None:
            if version != self._version:
                return say("timeline.gone")
            return await self._do(lambda film: typed_edit(film, place, texts, known))

        can_go = place.part in ("action", "move", "passage", "cue") or (place.part == "shot" and len(film.shots) > 1)
        with self._session.page:
            ask(
                say(f"timeline.part.{place.part}"),
                fields,
                save if self._session.may_edit else None,
                remove=(lambda: self._removed(said)) if can_go and self._session.may_edit else None,
            )

    async def _spanned(self, said: Mapping[str, Any]) -> None:
        span = said["span"]
        if span is None:
            await self._session.point(self._session.scope.stretched(None))
            return
        first, end = (self._moment(one) for one in span)
        if first < end:
            await self._session.point(self._session.scope.stretched((first, end)))

    async def _picked(self, said: Mapping[str, Any]) -> None:
        subject = str(said["subject"])[:200]
        await self._session.point(self._session.scope.toggled(subject, self._session.playhead))

    def _moment(self, frame: Any) -> Fraction:
        """A frame of the film as seconds, within the film and what may be added at its end."""
        assert self._film is not None
        number = Fraction(str(round(float(frame), 3)))
        return min(max(number, Fraction(0)), (self._film.duration + 120) * self._film.fps) / self._film.fps

    def _named(self, said: Mapping[str, Any]) -> Place | None:
        """The part that an event is about; None if the film has changed since."""
        found = None
        if self._film is not None and said.get("version") == self._version:
            found = place_of(str(said.get("id"))[:80], self._film)
        if found is None and self._line is not None:
            self._line.drop()
        return found
