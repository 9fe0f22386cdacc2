"""What lies under the screen: panels by their tabs. A panel is in `TABS` once it is whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from nicegui.element import Element

from vitascope.web.elements.controls import adjust, box, icon, when_clicked, words
from vitascope.web.panels.storyboard import storyboard_panel
from vitascope.web.panels.takes import takes_panel
from vitascope.web.panels.timeline import timeline_panel
from vitascope.web.session import Session
from vitascope.web.strings import say

__all__ = ["TABS", "TALK", "Tab", "dock"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A panel of the dock: `name` is that of its icon, and of its title with .title behind it in strings.yaml.

    `build` makes it where it is called, once, when it is first looked at.
    """

    name: str
    build: Callable[[Session], None]


TALK = "talk"
"""The conversation, which is a tab of its own where there is no room for it beside the screen."""
TABS: tuple[Tab, ...] = (
    Tab(name="takes", build=takes_panel),
    Tab(name="timeline", build=timeline_panel),
    Tab(name="storyboard", build=storyboard_panel),
)


def dock(session: Session, page: Element) -> None:
    """The tabs and the panel that is looked at. On a phone the conversation is a tab before the others."""
    names = [tab.name for tab in TABS]
    with box("dock", "section", aria_label=say("dock.label")):
        with box("dock-bar"):
            wide, narrow = _Openers(names, "wide-only"), _Openers([TALK, *names], "narrow-only")
        body = box("dock-body")
    built: dict[str, Element] = {}

    def show(name: str) -> None:
        adjust(page, data_view=TALK if name == TALK else "dock")
        narrow.choose(name)
        if name == TALK:
            return
        wide.choose(name)
        if name not in built:
            with body:
                built[name] = box("panel", role="tabpanel", aria_label=say(f"{name}.title"))
            with built[name]:
                next(tab for tab in TABS if tab.name == name).build(session)
        for other, panel in built.items():
            panel.set_visibility(other == name)

    for openers in (wide, narrow):
        openers.when_chosen(show)
    show(names[0])
    show(TALK)


class _Openers:
    """A row of tabs, one of which is chosen."""

    def __init__(self, names: Sequence[str], classes: str) -> None:
        with box(f"tabs {classes}", role="tablist", aria_label=say("dock.label")):
            self._made = {name: _opener(name) for name in names}

    def when_chosen(self, do: Callable[[str], None]) -> None:
        """Call `do` with the name of a tab that is pressed."""
        for name, opener in self._made.items():
            when_clicked(opener, partial(do, name))

    def choose(self, name: str) -> None:
        """Show which one is looked at."""
        for other, opener in self._made.items():
            adjust(opener, aria_selected="true" if other == name else "false", tabindex="0" if other == name else "-1")


def _opener(name: str) -> Element:
    opener = box("tab", "button", type="button", role="tab")
    with opener:
        icon(name)
        words(say(f"{name}.title"))
    opener.on("keydown", js_handler=ARROWS)
    return opener


ARROWS = """(event) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by) return;
  const all = [...event.currentTarget.parentElement.children];
  const next = all[(all.indexOf(event.currentTarget) + by + all.length) % all.length];
  event.preventDefault(); next.focus(); next.click();
}"""
