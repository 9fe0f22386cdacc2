"""The screen: the player with its take, what is pointed at in it, and a second take beside it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from starlette.concurrency import run_in_threadpool

from vitascope.film import film_to_json
from vitascope.jobs.values import State
from vitascope.studio import ProjectError
from vitascope.studio.pointing import in_box
from vitascope.web.elements.controls import box, icon_button, menu, menu_item, toast, words
from vitascope.web.elements.player import Player, source_of
from vitascope.web.events import (
    ChunksDrawn,
    Compared,
    CurrentChanged,
    ScopeChanged,
    SeekWanted,
    TakeChanged,
    Trouble,
    TurnsChanged,
)
from vitascope.web.files import address
from vitascope.web.looker import Looker
from vitascope.web.scope import NOWHERE
from vitascope.web.session import Session
from vitascope.web.showing import standing_of, title_of
from vitascope.web.strings import say

__all__ = ["stage_panel"]

MODES = ("wipe", "side", "difference")


def stage_panel(session: Session, looker: Looker) -> None:
    """The bar over the screen, and the player."""
    mode = {"now": MODES[0]}

    def source() -> dict[str, Any]:
        take = session.current
        return source_of(take, session.room.chunks.get(take.id, ()), note=standing_of(take))

    with box("stage", "section"):
        bar = box("stage-bar")
        player = Player(source(), session.scope, can_point=session.may_edit and session.current.engine == "world")

    def refresh(_: object = None) -> None:
        player.show(source())
        fill()

    def compared(_: object = None) -> None:
        player.beside(session.room.take(session.compared or ""), mode["now"])
        fill()

    def look_by(wanted: str) -> None:
        mode["now"] = wanted
        compared()

    def fill(_: object = None) -> None:
        bar.clear()
        with bar:
            _bar(session, mode["now"], look_by)

    def change(event: TakeChanged) -> None:
        if event.take.id == session.current.id:
            refresh()

    def drawn(event: ChunksDrawn) -> None:
        if event.take == session.current.id:
            player.show(source())

    fill()
    _listen(session, player, looker)
    session.bulletin.on(CurrentChanged, refresh)
    session.bulletin.on(TakeChanged, change)
    session.bulletin.on(ChunksDrawn, drawn)
    session.bulletin.on(TurnsChanged, fill)
    session.bulletin.on(Compared, compared)
    session.bulletin.on(ScopeChanged, lambda event: player.show_scope(event.scope))
    session.bulletin.on(SeekWanted, lambda event: player.seek(int(event.at * session.current.fps)))
    session.bulletin.on(Trouble, lambda event: toast(event.sentence, trouble=True))


def _bar(session: Session, mode: str, look_by) -> None:
    take, takes = session.current, session.takes
    number = [one.id for one in takes].index(take.id) + 1
    icon_button("undo", say("stage.undo"), session.undo, disabled=not session.can_undo)
    icon_button("redo", say("stage.redo"), session.redo, disabled=not session.can_redo)
    other = session.room.take(session.compared or "")
    if other is not None:
        numbers = {"number": number, "other": [one.id for one in takes].index(other.id) + 1}
        words(say("stage.over" if mode == "difference" else "stage.beside", **numbers), "take-name")
    else:
        words(f"{number}  {title_of(take)}", "take-name", title=title_of(take))
    box("gap")
    if other is not None:
        with box("choices", role="group", aria_label=say("stage.compare")):
            for each in MODES:
                chosen = box("", "button", type="button", aria_pressed="true" if each == mode else "false")
                with chosen:
                    words(say(f"stage.{each}"))
                chosen.on("click", lambda each=each: look_by(each), [])
        icon_button("close", say("stage.compare_stop"), lambda: session.compare(None))
    else:
        parent = session.room.take(take.parent or "")
        able = parent is not None and parent.state is State.COMPLETED and take.state is State.COMPLETED
        icon_button(
            "compare", say("stage.compare"), lambda: session.compare(parent.id if parent else None), disabled=not able
        )
    _, sheet = menu(say("stage.download"), "download")
    with sheet:
        name = title_of(take)[:80]
        if take.state is State.COMPLETED:
            menu_item(say("stage.film"), picture="film", href=address(take, "film.mp4", save=name), download="")
        if take.engine == "world":
            menu_item(
                say("stage.document"), picture="download", href=address(take, "film.json", save=name), download=""
            )


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
            seen = await run_in_threadpool(looker.seen, film_to_json(film), at)
            found = in_box(seen, (left, top, width, height))
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
