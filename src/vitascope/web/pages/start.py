"""The first page: say what you want to see, go on with a film, start from an idea, open a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from fastapi import Request
from nicegui import ui
from nicegui.element import Element
from starlette.concurrency import run_in_threadpool

from vitascope.film import Size
from vitascope.jobs.errors import JobError
from vitascope.jobs.shelf import Tree
from vitascope.jobs.values import Caller, Role, State, Video, Wish
from vitascope.serve.house import House
from vitascope.web.elements.composer import Composer, Sent
from vitascope.web.elements.controls import box, icon, when_clicked, words
from vitascope.web.elements.opener import document_opener
from vitascope.web.ideas import Idea, ideas
from vitascope.web.pages.frame import look, top
from vitascope.web.porch import visit_of
from vitascope.web.showing import picture_of, seconds_text, title_of
from vitascope.web.strings import say

__all__ = ["register"]

SHAPES = {"wide": (16, 9), "tall": (9, 16), "square": (1, 1)}
SIZES = {"draft": 360, "hd": 720, "full": 1080}
"""Short sides [px]."""
LENGTHS = (None, 4, 8, 12)
SHOWN = 8


@dataclass(slots=True)
class _Wanted:
    """How the film is to be made, beside the words."""

    shape: str = "wide"
    size: str = "hd"
    seconds: int | None = None

    def picture(self) -> Size:
        """The size of the picture."""
        across, down = SHAPES[self.shape]
        side, least = SIZES[self.size], min(across, down)
        return Size(width=side * across // least, height=side * down // least)


async def start(request: Request) -> None:
    """What can be done here, and what was done."""
    visit = visit_of(request)
    who = visit.caller
    assert who is not None
    trees = await run_in_threadpool(visit.house.core.trees, who, limit=SHOWN)
    look()
    with top(visit):
        pass
    with box("start", "main", id="main"):
        field = _hero(visit.house, who) if who.role is not Role.VIEWER else None
        if trees:
            _recent(trees)
        if field is not None:
            _ideas(field)
        with box("foot", "footer"):
            words(say("start.marks"))
            if field is not None:
                document_opener()


def register() -> None:
    """Make the address known."""
    ui.page("/", response_timeout=20)(start)


def _hero(house: House, who: Caller) -> Composer:
    wanted = _Wanted()

    async def film(sent: Sent) -> None:
        said = sent.words
        fault.set_visibility(False)
        seconds = None if wanted.seconds is None else Fraction(wanted.seconds)
        wish = Wish(prompt=said, model="world", size=wanted.picture(), seconds=seconds)
        field.allow(False)
        try:
            (video,) = await run_in_threadpool(house.core.create, who, wish)
        except JobError as error:
            fault.text = error.message
            fault.set_visibility(True)
            field.allow(True)
            field.edit(said)
            return
        _open(video)

    with box("hero", "section"):
        words(say("start.title"), tag="h1")
        words(say("start.about"), tag="p")
        with box("wish"):
            field = Composer(
                film, placeholder=say("start.placeholder"), label=say("start.label"), action=say("start.action"), wide=True,
                autofocus=True, name=f"vitascope {who.account} start",
            )  # fmt: skip
            with box("wish-options"):
                shapes, sizes = list(SHAPES), list(SIZES)
                _choice(say("start.shape"), shapes, 0, _named, lambda one: setattr(wanted, "shape", one))
                _choice(say("start.size"), sizes, 1, _named, lambda one: setattr(wanted, "size", one))
                _choice(say("start.length"), list(LENGTHS), 0, _length, lambda one: setattr(wanted, "seconds", one))
            fault = words("", "wish-fault", "p", role="alert")
            fault.set_visibility(False)
    return field


def _choice(label: str, options: Sequence[Any], chosen: int, name: Any, take: Any) -> None:
    """One of a few, as buttons in a row."""
    made: list[Element] = []

    def choose(wanted: int) -> None:
        take(options[wanted])
        for number, one in enumerate(made):
            one._props["aria-checked"] = "true" if number == wanted else "false"
            one.update()

    with box("choices", role="radiogroup", aria_label=label):
        for number, option in enumerate(options):
            one = box("", "button", type="button", role="radio", aria_checked="true" if number == chosen else "false")
            with one:
                words(name(option))
            when_clicked(one, partial(choose, number))
            made.append(one)


def _named(option: str) -> str:
    return say(f"start.{option}")


def _length(seconds: int | None) -> str:
    return say("start.auto") if seconds is None else say("start.seconds", seconds=seconds)


def _recent(trees: Sequence[Tree]) -> None:
    with box("", "section"):
        with box("section-head"):
            words(say("start.recent"), tag="h2")
            words(say("start.recent_about"), "quiet-text small wide-only", "p")
        with box("grid"):
            for tree in trees:
                _film(tree)


def _film(tree: Tree) -> None:
    latest, first = tree.latest, tree.root or tree.latest
    with box("tile", "a", href=f"/films/{latest.id}"):
        with box("frame"):
            icon("film")
            picture = picture_of(latest)
            if picture is not None:
                box("", "img", src=picture, alt="", loading="lazy")
            words(say("start.seconds", seconds=seconds_text(latest.seconds)), "badge")
        words(title_of(first), "title")
        words(_about(latest, tree.count), "about")


def _about(latest: Video, count: int) -> str:
    if latest.state is State.FAILED:
        return say("start.failed")
    return say("start.takes", count=count) if latest.state.is_end else say("start.making")


def _ideas(field: Composer) -> None:
    with box("", "section"):
        with box("section-head"):
            words(say("start.ideas"), tag="h2")
            words(say("start.ideas_about"), "quiet-text small wide-only", "p")
        with box("grid"):
            for idea in ideas():
                _idea(idea, field)


def _idea(idea: Idea, field: Composer) -> None:
    made = box("tile", "button", type="button")
    with made:
        with box("frame"):
            box("", "img", src=f"/studio/ideas/{idea.name}.webp", alt="", loading="lazy")
        words(idea.prompt, "title")
    made.on("click", lambda: field.edit(idea.prompt), [])


def _open(video: Video) -> None:
    ui.navigate.to(f"/films/{video.id}")
