"""The screen: the player with its take, what is pointed at in it, and a second take beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from nicegui import background_tasks
from nicegui.element import Element

from vitascope.film import film_to_json
from vitascope.jobs.engines import WORLD
from vitascope.jobs.values import State
from vitascope.studio import ProjectError
from vitascope.studio.pointing import in_box
from vitascope.web.elements.controls import adjust, box, icon_button, menu, menu_item, toast, when_clicked, words
from vitascope.web.elements.player import Player, source_of
from vitascope.web.events import (
    ChunksDrawn,
    Compared,
    CurrentChanged,
    PlayheadMoved,
    ScopeChanged,
    SeekWanted,
    TakeChanged,
    Trouble,
    TurnsChanged,
)
from vitascope.web.files import address, spoken_in
from vitascope.web.looker import Looker
from vitascope.web.panels.scene import scene_panel
from vitascope.web.scope import NOWHERE
from vitascope.web.session import Session
from vitascope.web.showing import standing_of, title_of
from vitascope.web.strings import say

__all__ = ["stage_panel"]

MODES = ("wipe", "side", "difference")
FILES = {
    "film": "film",
    "still": "frame",
    "sound": "sound",
    "captions": "captions",
    "document": "document",
    "scene": "scene",
}
"""What can be downloaded, with its picture."""
ADDRESSES = {
    "film": ("film.mp4", False),
    "still": ("still.png", True),
    "sound": ("sound.wav", False),
    "captions": ("captions.vtt", False),
    "document": ("film.json", False),
    "scene": ("scene.glb", True),
}
"""The file of each, and whether it is that of the moment where the player is."""


def stage_panel(session: Session, looker: Looker) -> None:
    """The bar over the screen, and the player."""
    with box("stage", "section") as stage:
        bar = _Bar(session)
        player = Player(
            _source(session), session.scope, can_point=session.may_edit and session.current.engine == "world"
        )
        scene_panel(session, stage, bar.place)

    def refresh(_: object = None) -> None:
        player.show(_source(session))
        bar.refresh()

    def wake() -> None:
        """Who points soon finds somebody who looks; while a film is made, its worker has the machine to itself."""
        if session.current.state.is_end:
            looker.wake()

    def change(event: TakeChanged) -> None:
        if event.take.id == session.current.id:
            refresh()
            wake()

    def drawn(event: ChunksDrawn) -> None:
        if event.take == session.current.id:
            player.show(_source(session))

    def compared(_: object = None) -> None:
        player.beside(session.room.take(session.compared or ""), bar.mode)
        bar.refresh()

    bar.look_by = compared
    background_tasks.create(bar.listen(), name="captions")
    wake()
    _listen(session, player, looker)
    session.bulletin.on(CurrentChanged, refresh)
    session.bulletin.on(CurrentChanged, bar.listen)
    session.bulletin.on(TakeChanged, change)
    session.bulletin.on(ChunksDrawn, drawn)
    session.bulletin.on(TurnsChanged, lambda _: bar.refresh())
    session.bulletin.on(PlayheadMoved, lambda event: None if event.playing else bar.refresh())
    session.bulletin.on(Compared, compared)
    session.bulletin.on(ScopeChanged, lambda event: player.show_scope(event.scope))
    session.bulletin.on(SeekWanted, lambda event: player.seek(int(event.at * session.current.fps)))
    session.bulletin.on(Trouble, lambda event: toast(event.sentence, trouble=True))


def _source(session: Session) -> dict[str, Any]:
    take = session.current
    return source_of(take, session.room.chunks.get(take.id, ()), note=standing_of(take))


class _Bar:
    """Back and forward, which take this is, comparing, downloading. Built once: a button that is pressed stays the same."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._spoken: set[str] = set()
        self.mode = MODES[0]
        self.look_by: Callable[[], None] = lambda: None
        with box("stage-bar") as self.place:
            self._undo = icon_button("undo", say("stage.undo"), session.undo, classes="history")
            self._redo = icon_button("redo", say("stage.redo"), session.redo, classes="history")
            self._number = words("", "take-number")
            self._name = words("", "take-name")
            box("gap")
            self._compare = icon_button("compare", say("stage.compare"), self._compare_before)
            with box("choices modes", role="group", aria_label=say("stage.compare")) as self._choices:
                self._modes = {mode: self._mode_button(mode) for mode in MODES}
            self._stop = icon_button("close", say("stage.compare_stop"), lambda: session.compare(None))
            _, sheet = menu(say("stage.download"), "download")
            with sheet:
                self._files = {name: _file_item(name, picture) for name, picture in FILES.items()}
        self.refresh()

    def refresh(self) -> None:
        """As the session is now."""
        session, take = self._session, self._session.current
        numbers = {one.id: number for number, one in enumerate(session.takes, 1)}
        other, parent = session.room.take(session.compared or ""), session.room.take(take.parent or "")
        able = parent is not None and parent.state is State.COMPLETED and take.state is State.COMPLETED
        name = title_of(take)
        if other is not None:
            text = "stage.over" if self.mode == "difference" else "stage.beside"
            name = say(text, number=numbers[take.id], other=numbers[other.id])
        self._name.text = name
        self._number.text = str(numbers[take.id])
        self._number.set_visibility(other is None)
        adjust(self._number, title=say("thread.take", number=numbers[take.id]))
        adjust(self._name, title=name)
        adjust(self._undo, disabled=not session.can_undo)
        adjust(self._redo, disabled=not session.can_redo)
        adjust(self._compare, disabled=not able)
        self._compare.set_visibility(other is None)
        self._choices.set_visibility(other is not None)
        self._stop.set_visibility(other is not None)
        for mode, chosen in self._modes.items():
            adjust(chosen, aria_pressed="true" if mode == self.mode else "false")
        done, ours = take.state is State.COMPLETED, take.engine == WORLD
        offered = {"film": done, "still": done, "sound": done and take.audio, "document": ours, "scene": ours}
        for name, there in offered.items():
            self._files[name].set_visibility(there)
        self._files["captions"].set_visibility(ours and take.id in self._spoken)
        title = title_of(take)[:80]
        for name, (file, at_moment) in ADDRESSES.items():
            at = {"at": session.playhead} if at_moment else {}
            adjust(self._files[name], href=address(take, file, **at, save=title))

    async def listen(self, _: object = None) -> None:
        """Find out whether the current take has words that are heard."""
        film = await self._session.document()
        if film is not None and spoken_in(film):
            self._spoken.add(self._session.current.id)
        self.refresh()

    def _mode_button(self, mode: str) -> Element:
        def look() -> None:
            self.mode = mode
            self.look_by()

        made = box("", "button", type="button")
        with made:
            words(say(f"stage.{mode}"))
        return when_clicked(made, look)

    async def _compare_before(self) -> None:
        await self._session.compare(self._session.current.parent)


def _file_item(name: str, picture: str) -> Element:
    return menu_item(say(f"stage.{name}"), picture=picture, href="", download="")


def _listen(session: Session, player: Player, looker: Looker) -> None:
    """What is done at the player goes to the session."""

    def moment(said: Mapping[str, Any]) -> Fraction:
        frame = min(max(0, int(said["frame"])), max(0, session.current.frames - 1))
        return Fraction(frame) / session.current.fps

    async def moved(said: Mapping[str, Any]) -> None:
        await session.played(moment(said), playing=bool(said["playing"]))

    async def subject(said: Mapping[str, Any]) -> None:
        await session.point(session.scope.toggled(str(said["id"])[:200], moment(said)))

    async def boxed(said: Mapping[str, Any]) -> None:
        film, at = await session.document(), moment(said)
        if film is None:
            return
        left, top, width, height = (float(one) for one in said["box"])
        try:
            seen = await looker.seen(film_to_json(film), at)
            found = () if seen is None else in_box(seen, (left, top, width, height))
        except ProjectError as error:
            await session.complain(str(error))
            return
        if not found:
            await session.complain(say("scope.nobody"))
            return
        await session.point(session.scope.boxed((left, top, width, height), at, found))

    async def span(said: Mapping[str, Any]) -> None:
        if said["span"] is None:
            await session.point(session.scope.stretched(None))
            return
        first, end = (min(max(0, int(one)), session.current.frames) for one in said["span"])
        if first < end:
            await session.point(session.scope.stretched((first / session.current.fps, end / session.current.fps)))

    player.when("moved", moved)
    player.when("subject", subject)
    player.when("box", boxed)
    player.when("span", span)
    player.when("clear", lambda _: session.point(NOWHERE))
