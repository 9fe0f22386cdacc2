"""The takes of the film as cards: look at one, lay it beside the current one, star, name or delete it."""

from __future__ import annotations

from functools import partial

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
    """One card a take, oldest first; under each, what it was made from if that is not the one before."""
    shelf = box("takes", "ul", aria_label=say("takes.title"))
    cards: dict[str, _Card] = {}

    def fill() -> None:
        shelf.clear()
        cards.clear()
        with shelf:
            for number, take in enumerate(session.takes, 1):
                cards[take.id] = _Card(session, take, number)
        if len(session.takes) == 1:
            with shelf, box("", "li"):
                words(say("takes.single"), "quiet-text small", "p").style("max-width: 260px; padding: 8px")

    def change(event: TakeChanged) -> None:
        card = cards.get(event.take.id)
        if card is not None:
            card.show(event.take)

    fill()
    session.bulletin.on(TakesChanged, lambda _: fill())
    session.bulletin.on(TakeChanged, change)
    session.bulletin.on(CurrentChanged, lambda _: fill())
    session.bulletin.on(Compared, lambda _: fill())


class _Card:
    """A take as a card. While it is made only its progress changes."""

    def __init__(self, session: Session, take: Video, number: int) -> None:
        self._session, self._number = session, number
        now, beside = take.id == session.current.id, take.id == session.compared
        with box("", "li"), box(f"take-card{' now' if now else ''}{' beside' if beside else ''}"):
            label = say("takes.open", number=number)
            opener = box("open", "button", type="button", aria_label=label, aria_current="true" if now else None)
            when_clicked(opener, partial(session.go, take.id))
            with opener:
                with box("frame"):
                    self._picture = box("", "img", alt="", loading="lazy")
                    words(str(number), "number")
                    if take.starred:
                        icon("starred", "starred")
                    self._bar = Bar(take)
                words(title_of(take), "what", title=title_of(take))
            with box("foot-line"):
                self._line = Line(take, "")
                self._menu = box()
        self._shown: Video | None = None
        self.show(take)

    def show(self, take: Video) -> None:
        """As it is now."""
        picture = picture_of(take)
        self._picture.set_visibility(picture is not None)
        adjust(self._picture, src=picture)
        self._bar.show(take)
        self._line.show(take, _origin(self._session, take, self._number) or work_of(take))
        if self._session.may_edit and (self._shown is None or self._shown.state.is_end != take.state.is_end):
            self._menu.clear()
            with self._menu:
                _menu(self._session, take, self._number)
        self._shown = take


def _menu(session: Session, take: Video, number: int) -> None:
    _, sheet = menu(say("takes.menu", number=number))
    with sheet:
        if not take.state.is_end:
            menu_item(say("takes.stop"), partial(session.cancel, take.id), picture="stop")
            return
        completed = take.state is State.COMPLETED and session.current.state is State.COMPLETED
        if completed and take.id != session.current.id:
            menu_item(say("takes.compare"), partial(session.compare, take.id), picture="compare")
        star = partial(session.mark, take.id, starred=not take.starred)
        menu_item(
            say("takes.unstar" if take.starred else "takes.star"), star, picture="starred" if take.starred else "star"
        )
        menu_item(say("takes.rename"), partial(_rename, session, take, number), picture="pen")
        box("menu-line")
        menu_item(say("takes.delete"), partial(_delete, session, take, number), picture="trash", danger=True)


def _rename(session: Session, take: Video, number: int) -> None:
    async def keep(said) -> None:
        await session.mark(take.id, name=str(said.args)[:200])
        dialog.close()

    with session.page, Dialog(say("takes.rename")) as dialog:
        form = box("sign-in-form", "form")
        with form:
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


def _delete(session: Session, take: Video, number: int) -> None:
    confirm(
        session.page, title=say("takes.delete_title", number=number), about=say("takes.delete_about"),
        label=say("takes.delete"), do=lambda: session.delete(take.id),
    )  # fmt: skip


def _origin(session: Session, take: Video, number: int) -> str:
    """Where a take comes from, if not from the one before it."""
    parent = session.room.take(take.parent or "")
    if parent is None or _number(session, parent) == number - 1:
        return ""
    return say("takes.from", number=_number(session, parent))


def _number(session: Session, take: Video) -> int:
    return next(number for number, one in enumerate(session.takes, 1) if one.id == take.id)
