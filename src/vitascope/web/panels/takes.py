"""The takes of the film as cards: look at one, lay it beside the current one, star, name or delete it."""

from __future__ import annotations

from functools import partial

from nicegui import ui
from nicegui.element import Element

from vitascope.jobs.values import State, Video
from vitascope.web.elements.confirm import confirm
from vitascope.web.elements.controls import (
    FIRST_VALUE,
    Dialog,
    adjust,
    box,
    icon,
    menu,
    menu_item,
    when_clicked,
    words,
)
from vitascope.web.elements.progress import Bar, Line
from vitascope.web.events import Compared, CurrentChanged, TakeChanged, TakesChanged
from vitascope.web.session import Session
from vitascope.web.showing import picture_of, title_of, work_of
from vitascope.web.strings import say

__all__ = ["takes_panel"]


def takes_panel(session: Session) -> None:
    """One card a take, oldest first; under each, what it was made from if that is not the one before.

    A card stays as long as its take is there, so that whoever is at it (its menu is open) is not disturbed by what others get on
    with.
    """
    shelf = box("takes", "ul", aria_label=say("takes.title"))
    cards: dict[str, _Card] = {}
    alone: list[Element] = []

    def fill(_: object = None) -> None:
        there = {take.id for take in session.takes}
        for name in [one for one in cards if one not in there]:
            cards.pop(name).place.delete()
        while alone:
            alone.pop().delete()
        for take in session.takes:
            if take.id in cards:
                cards[take.id].show(take)
            else:
                with shelf:
                    cards[take.id] = _Card(session, take)
        if len(cards) == 1:
            with shelf, box("", "li") as remark:
                words(say("takes.single"), "quiet-text small", "p").style("max-width: 260px; padding: 8px")
            alone.append(remark)

    def change(event: TakeChanged) -> None:
        card = cards.get(event.take.id)
        if card is not None:
            card.show(event.take)

    fill()
    _show_current()
    session.bulletin.on(TakesChanged, fill)
    session.bulletin.on(TakeChanged, change)
    session.bulletin.on(CurrentChanged, fill)
    session.bulletin.on(CurrentChanged, lambda _: _show_current())
    session.bulletin.on(Compared, fill)


def _show_current() -> None:
    ui.run_javascript("window.studio.aside('.take-card.now')")


class _Card:
    """A take as a card, built once and changed in place."""

    def __init__(self, session: Session, take: Video) -> None:
        self._session = session
        with box("", "li") as self.place, box("take-card") as self._card:
            self._opener = box("open", "button", type="button")
            when_clicked(self._opener, partial(session.go, take.id))
            with self._opener:
                with box("frame"):
                    self._picture = box("", "img", alt="", loading="lazy")
                    self._number = words("", "number")
                    self._star = icon("starred", "starred")
                    self._bar = Bar(take)
                self._title = words("", "what")
            with box("foot-line"):
                self._line = Line(take, "")
                self._menu = _Menu(session, take) if session.may_edit else None
        self.show(take)

    def show(self, take: Video) -> None:
        """As it is now."""
        session, number = self._session, _number(self._session, take)
        now, picture = take.id == session.current.id, picture_of(take)
        _turn(self._card, "now", now)
        _turn(self._card, "beside", take.id == session.compared)
        adjust(self._opener, aria_label=say("takes.open", number=number), aria_current="true" if now else None)
        self._picture.set_visibility(picture is not None)
        adjust(self._picture, src=picture)
        self._number.text = str(number)
        self._star.set_visibility(take.starred)
        self._bar.show(take)
        self._title.text = title_of(take)
        adjust(self._title, title=title_of(take))
        self._line.show(take, _origin(session, take, number) or work_of(take))
        if self._menu is not None:
            self._menu.show(take, number)


class _Menu:
    """What can be done with a take. All entries are there from the beginning; those that fit are shown."""

    def __init__(self, session: Session, take: Video) -> None:
        self._session, self._take = session, take
        self._opener, sheet = menu("")
        with sheet:
            self._stop = menu_item(say("takes.stop"), partial(session.cancel, take.id), picture="stop")
            self._compare = menu_item(say("takes.compare"), partial(session.compare, take.id), picture="compare")
            with box() as self._ended:
                self._star = menu_item(say("takes.star"), partial(session.mark, take.id, starred=True), picture="star")
                self._unstar = menu_item(
                    say("takes.unstar"), partial(session.mark, take.id, starred=False), picture="starred"
                )
                menu_item(say("takes.rename"), lambda: _rename(session, self._take), picture="pen")
                box("menu-line")
                menu_item(say("takes.delete"), lambda: _delete(session, self._take), picture="trash", danger=True)

    def show(self, take: Video, number: int) -> None:
        """As it is now."""
        current = self._session.current
        both = take.state is State.COMPLETED and current.state is State.COMPLETED
        self._take = take
        label = say("takes.menu", number=number)
        adjust(self._opener, aria_label=label, title=label)
        self._stop.set_visibility(not take.state.is_end)
        self._compare.set_visibility(both and take.id != current.id)
        self._ended.set_visibility(take.state.is_end)
        self._star.set_visibility(not take.starred)
        self._unstar.set_visibility(take.starred)


def _rename(session: Session, take: Video) -> None:
    async def keep(said) -> None:
        await session.mark(take.id, name=str(said.args)[:200])
        dialog.close()

    with session.page, Dialog(say("takes.rename")) as dialog:
        form = box("sign-in-form", "form")
        with form:
            number = _number(session, take)
            words(say("takes.name_label", number=number), "label", "label", **{"for": f"name-{take.id}"})
            box(
                "field", "input", id=f"name-{take.id}", name="name", maxlength=80, autofocus=True,
                **{FIRST_VALUE: take.name or ""},
            )  # fmt: skip
            with box("dialog-actions"), box("button main", "button", type="submit"):
                words(say("save"))
        form.on(
            "submit", keep, js_handler="(event) => { event.preventDefault(); emit(event.target.elements.name.value); }"
        )
    dialog.open()


def _delete(session: Session, take: Video) -> None:
    title = say("takes.delete_title", number=_number(session, take))
    confirm(
        session.page, title=title, about=say("takes.delete_about"),
        label=say("takes.delete"), do=lambda: session.delete(take.id),
    )  # fmt: skip


def _origin(session: Session, take: Video, number: int) -> str:
    """Where a take comes from, if not from the one before it."""
    parent = session.room.take(take.parent or "")
    if parent is None or _number(session, parent) == number - 1:
        return ""
    return say("takes.from", number=_number(session, parent))


def _turn(made: Element, name: str, on: bool) -> None:
    """Give an element a class, or take it away."""
    made.classes(add=name if on else "", remove="" if on else name)


def _number(session: Session, take: Video) -> int:
    return next(number for number, one in enumerate(session.takes, 1) if one.id == take.id)
