"""What lies under the screen: panels by their tabs. A panel is in `TABS` once it is whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from nicegui.element import Element

from vitascope.web.elements.controls import box, icon, when_clicked, words
from vitascope.web.panels.storyboard import storyboard_panel
from vitascope.web.panels.takes import takes_panel
from vitascope.web.panels.timeline import timeline_panel
from vitascope.web.session import Session
from vitascope.web.strings import say

__all__ = ["TABS", "Tab", "dock"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A panel of the dock: `name` is that of its icon, and of its title with .title behind it in strings.yaml.

    `build` makes it where it is called, once, when it is first looked at.
    """

    name: str
    build: Callable[[Session], None]


TABS: tuple[Tab, ...] = (
    Tab(name="takes", build=takes_panel),
    Tab(name="timeline", build=timeline_panel),
    Tab(name="storyboard", build=storyboard_panel),
)


def dock(session: Session) -> None:
    """The tabs and the panel that is looked at."""
    built: dict[str, Element] = {}
    openers: dict[str, Element] = {}
    with box("dock", "section"):
        with box("dock-bar"), box("tabs", role="tablist"):
            for tab in TABS:
                openers[tab.name] = _opener(tab)
        body = box("dock-body")

    def show(wanted: Tab) -> None:
        if wanted.name not in built:
            with body:
                built[wanted.name] = box("panel", role="tabpanel", aria_label=say(f"{wanted.name}.title"))
            with built[wanted.name]:
                wanted.build(session)
        for name, opener in openers.items():
            chosen = name == wanted.name
            opener._props["aria-selected"] = "true" if chosen else "false"
            opener._props["tabindex"] = "0" if chosen else "-1"
            opener.update()
        for name, panel in built.items():
            panel.set_visibility(name == wanted.name)

    for tab in TABS:
        when_clicked(openers[tab.name], partial(show, tab))
    show(TABS[0])


def _opener(tab: Tab) -> Element:
    opener = box("tab", "button", type="button", role="tab", aria_selected="false")
    with opener:
        icon(tab.name)
        words(say(f"{tab.name}.title"))
    opener.on("keydown", js_handler=ARROWS)
    return opener


ARROWS = """(event) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by) return;
  const all = [...event.currentTarget.parentElement.children];
  const next = all[(all.indexOf(event.currentTarget) + by + all.length) % all.length];
  event.preventDefault(); next.focus(); next.click();
}"""
