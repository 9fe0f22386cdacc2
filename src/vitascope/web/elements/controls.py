"""Plain controls: boxes, words, buttons, dialogs, menus. Words are always shown as text, whatever is in them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any, Literal

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from vitascope.web.strings import say

__all__ = [
    "FIRST_VALUE",
    "Dialog",
    "adjust",
    "box",
    "button",
    "icon",
    "icon_button",
    "link",
    "menu",
    "menu_item",
    "toast",
    "when_clicked",
    "words",
]

Kind = Literal["main", "plain", "quiet", "danger"]
Do = Callable[[], Awaitable[Any] | Any]
_names = count(1)

FIRST_VALUE = "^value"
"""To Vue the attribute, with which a field begins. The property would be set again, over what was typed, with each change of
the page."""


class Words(TextElement):
    """A piece of text."""

    def __init__(self, text: str, tag: str) -> None:
        super().__init__(tag=tag, text=text)


def box(classes: str = "", tag: str = "div", **attributes: object) -> Element:
    """A container; use it in a `with`. Attributes are those of HTML, with _ for -."""
    return _dressed(ui.element(tag), classes, attributes)


def words(text: str, classes: str = "", tag: str = "span", **attributes: object) -> Words:
    """A text."""
    return _dressed(Words(text, tag), classes, attributes)


def icon(name: str, classes: str = "") -> Element:
    """A small picture from theme/icons.yaml, for the eye alone."""
    return box(f"icon icon-{name} {classes}", "i", aria_hidden="true")


def button(
    label: str,
    do: Do | None = None,
    *,
    kind: Kind = "plain",
    picture: str | None = None,
    classes: str = "",
    **more: object,
) -> Element:
    """A button with words on it."""
    made = box(f"button {kind} {classes}", "button", type="button", **more)
    with made:
        if picture is not None:
            icon(picture)
        words(label)
    return when_clicked(made, do)


def icon_button(picture: str, label: str, do: Do | None = None, *, classes: str = "", **more: object) -> Element:
    """A button with a picture on it; `label` says what it does."""
    made = box(f"icon-button {classes}", "button", type="button", aria_label=label, title=label, **more)
    with made:
        icon(picture)
    return when_clicked(made, do)


def link(label: str, address: str, classes: str = "", *, picture: str | None = None, **more: object) -> Element:
    """A link."""
    made = box(classes, "a", href=address, **more)
    with made:
        if picture is not None:
            icon(picture)
        words(label)
    return made


def when_clicked(made: Element, do: Do | None) -> Element:
    """`made`, which does something when it is clicked."""
    if do is not None:
        made.on("click", lambda: do(), [])
    return made


def menu(label: str, picture: str = "more", classes: str = "") -> tuple[Element, Element]:
    """A button, and the menu that it opens: fill it with `menu_item` in a `with`."""
    name = f"menu-{next(_names)}"
    opener = icon_button(picture, label, classes=f"opener {classes}", popovertarget=name, aria_haspopup="menu")
    opener.style(f"anchor-name: --{name}")
    sheet = box("menu", role="menu", id=name, popover="auto").style(f"position-anchor: --{name}")
    return opener, sheet


def menu_item(
    label: str, do: Do | None = None, *, picture: str | None = None, danger: bool = False, **more: object
) -> Element:
    """An entry of a menu; a link if it has an href."""
    tag = "a" if "href" in more else "button"
    made = box(
        f"menu-item{' danger' if danger else ''}",
        tag,
        role="menuitem",
        **({} if tag == "a" else {"type": "button"}),
        **more,
    )
    with made:
        if picture is not None:
            icon(picture)
        words(label)
    made.on("click", js_handler="(event) => event.currentTarget.closest('[popover]')?.hidePopover()")
    return when_clicked(made, do)


class Dialog:
    """A dialog of the browser's own: it holds the focus, and Escape closes it. Fill it in a `with`, then `open` it."""

    def __init__(self, title: str, classes: str = "") -> None:
        self._name = f"dialog-{next(_names)}"
        self.element = box(f"dialog {classes}", "dialog", aria_labelledby=f"{self._name}-title")
        with self.element:
            with box("dialog-head"):
                words(title, tag="h2", id=f"{self._name}-title")
                icon_button("close", say("close"), self.close)
            self._body = box("dialog-body")

    def __enter__(self) -> Dialog:
        self._body.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._body.__exit__(*error)

    def open(self) -> None:
        """Show it above all else."""
        ui.run_javascript(f"getHtmlElement({self.element.id}).showModal()")

    def close(self) -> None:
        """Put it away."""
        ui.run_javascript(f"getHtmlElement({self.element.id}).close()")


def toast(sentence: str, *, trouble: bool = False) -> None:
    """Say something for a few seconds, to the eye and to a screen reader."""
    ui.run_javascript(f"window.studio.toast({_quoted(sentence)}, {str(trouble).lower()})")


def _quoted(text: str) -> str:
    """A text as it stands in a script of a page."""
    return json.dumps(text).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def adjust(made: Element, **attributes: object) -> None:
    """Give an element other attributes, if they are others; what is None or False goes."""
    changed = False
    for name, value in attributes.items():
        name = name.replace("_", "-")
        wanted = None if value is False else value
        if made._props.get(name) != wanted:
            changed = True
            if wanted is None:
                made._props.pop(name, None)
            else:
                made._props[name] = wanted
    if changed:
        made.update()


def _dressed(made: Any, classes: str, attributes: dict[str, object]) -> Any:
    if classes:
        made.classes(classes)
    for name, value in attributes.items():
        if value is not None and value is not False:
            made._props[name.replace("_", "-")] = value
    return made
