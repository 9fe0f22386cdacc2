"""What all pages share: the head with the look, the way past the bar, and the bar at the top."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui

from vitascope.web.elements.controls import box, icon, icon_button, link, words
from vitascope.web.porch import Visit
from vitascope.web.strings import say
from vitascope.web.theme import style_version

__all__ = ["LOOK", "look", "missing", "top"]

LOOK = "/studio/look"


def look(title: str = "") -> None:
    """The head of a page."""
    ui.page_title(f"{title} · {say('product')}" if title else say("product"))
    ui.add_head_html(
        f'<link rel="stylesheet" href="{LOOK}/studio.css?v={style_version()}">'
        f'<script src="{LOOK}/studio.js?v={style_version()}"></script>'
    )


@contextmanager
def top(visit: Visit, crumb: str = "") -> Iterator[None]:
    """The bar at the top; what is made in it stands at its right."""
    link(say("skip"), "#main", "skip")
    with box("top", "header"):
        with box("brand", "a", href="/", aria_label=say("home"), title=say("home")):
            box("", "img", src=f"{LOOK}/mark.svg", alt="")
            words(say("product"), "wide-only" if crumb else "")
        if crumb:
            words(crumb, "crumb", "h1", title=crumb)
        box("gap")
        yield
        if visit.caller is not None:
            name = say("settings.title")
            with box("icon-button", "a", href="/settings", aria_label=name, title=name):
                icon("settings")
        turn = icon_button("sun", say("theme"))
        turn.on("click", js_handler="() => window.studio.turn()")
        if visit.caller is not None and visit.caller.key is not None:
            with box("", "form", action="/sign-out", method="post"):
                leave = box("icon-button", "button", type="submit", aria_label=say("sign_out"), title=say("sign_out"))
                with leave:
                    icon("leave")


def missing(visit: Visit) -> None:
    """The page for a film that is not there."""
    look(say("gone.title"))
    with top(visit):
        pass
    with box("alone", "main", id="main"), box():
        words(say("gone.title"), tag="h1")
        words(say("gone.about"), "quiet-text", "p")
        with box():
            link(say("gone.home"), "/", "button plain")
