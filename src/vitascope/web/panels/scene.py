"""The scene: the shot in space, which can be walked about, and a camera that is taken from where one stands."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from nicegui.element import Element
from pydantic import ValidationError

from vitascope.film import Change, ChangeCamera, Edit, Shot, Viewpoint
from vitascope.jobs.engines import WORLD
from vitascope.jobs.values import State
from vitascope.studio.plan import shot_at
from vitascope.web.elements.controls import adjust, box, when_clicked, words
from vitascope.web.elements.scene import SceneView
from vitascope.web.events import CurrentChanged, PlayheadMoved, TakeChanged
from vitascope.web.files import address
from vitascope.web.session import Session
from vitascope.web.strings import say

__all__ = ["camera_edit", "scene_panel"]

HALF_GATE = 12.0
LENSES = (8.0, 400.0)


def scene_panel(session: Session, stage: Element, bar: Element) -> None:
    """The place for the scene in the stage, hidden at first, and at the end of the bar a switch that shows it."""
    with bar, box("choices view-switch", role="group", aria_label=say("scene.switch")) as switch:
        buttons = {False: _button(say("scene.picture")), True: _button(say("scene.title"))}
    with stage:
        place = box("scene-panel")
    views: list[SceneView] = []
    shown = {"now": False}

    async def refresh(_: object = None) -> None:
        told = await _source(session)
        adjust(switch, hidden=told is None)
        await show(shown["now"] and told is not None)

    async def show(wanted: bool) -> None:
        shown["now"] = wanted
        for what, button in buttons.items():
            adjust(button, aria_pressed="true" if what is wanted else "false")
        place.set_visibility(wanted)
        stage.classes(**{"add" if wanted else "remove": "in-scene"})
        told = await _source(session) if wanted else None
        if told is None:
            return
        if not views:
            with place:
                views.append(SceneView(told))
            views[0].when("take", lambda said: _take(session, said))
        views[0].show(told)

    async def moved(event: PlayheadMoved) -> None:
        if shown["now"] and not event.playing:
            await show(True)

    async def changed(event: TakeChanged) -> None:
        if shown["now"] and event.take.id == session.current.id:
            await show(True)

    place.set_visibility(False)
    adjust(switch, hidden=session.current.engine != WORLD)
    for what, button in buttons.items():
        adjust(button, aria_pressed="false" if what else "true")
        when_clicked(button, lambda what=what: show(what))
    session.bulletin.on(CurrentChanged, refresh)
    session.bulletin.on(PlayheadMoved, moved)
    session.bulletin.on(TakeChanged, changed)


def _button(label: str) -> Element:
    made = box("", "button", type="button")
    with made:
        words(label)
    return made


async def _source(session: Session) -> dict[str, Any] | None:
    """What the scene is told; None for a film that is no document of ours."""
    film, take = await session.document(), session.current
    if film is None or take.engine != WORLD:
        return None
    at = min(session.playhead, film.duration)
    shot, _ = shot_at(film, at)
    done = take.state is State.COMPLETED
    return {
        "take": take.id,
        "shot": shot.id,
        "url": address(take, "scene.glb", at=at),
        "ratio": film.size.width / film.size.height,
        "names": {one.id: one.name for one in shot.subjects},
        "moves": bool(shot.camera.moves),
        "offered": session.may_edit,
        "able": done,
        "why": "" if done else say("scene.not_yet"),
    }


async def _take(session: Session, said: Mapping[str, Any]) -> None:
    film = await session.document()
    if film is None:
        return
    shot, _ = shot_at(film, min(session.playhead, film.duration))
    try:
        edit = camera_edit(shot, said)
    except (ValidationError, ValueError, KeyError, TypeError):
        await session.complain(say("scene.beyond"))
        return
    await session.apply(edit, words=say("scene.said"))


def camera_edit(shot: Shot, said: Mapping[str, Any]) -> Edit:
    """The one edit that gives a shot the camera that was taken.

    `said` has position and aim (x, y, z) [m], fov (vertical) [rad] and keep, whether its moves stay and depart from there.
    Raises ValueError for a camera that cannot be.
    """
    position, aim = (tuple(float(c) for c in said[name]) for name in ("position", "aim"))
    fov = float(said["fov"])
    if not 0.0 < fov < math.pi:
        raise ValueError(f"The field of view is {fov:g}; give more than 0 and less than {math.pi:.4f}.")
    lens = min(max(HALF_GATE / math.tan(fov / 2), LENSES[0]), LENSES[1])
    camera = ChangeCamera(
        viewpoint=Viewpoint(position=position, aim=aim),  # type: ignore[arg-type]
        azimuth=round(math.degrees(math.atan2(position[0] - aim[0], position[2] - aim[2])), 1),
        lens_mm=round(lens, 2),
        moves=None if said["keep"] else (),
    )
    return Edit(operations=(Change(what=camera, shots=(shot.id,)),))
