"""The conversation: what was said, how it was read, what came of it, and the field for what comes next."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from nicegui import ui

from vitascope.jobs.values import Video
from vitascope.web.elements.composer import Composer, Sent
from vitascope.web.elements.controls import adjust, box, button, icon, icon_button, when_clicked, words
from vitascope.web.elements.keep import Keep
from vitascope.web.elements.progress import Bar, Line
from vitascope.web.events import CurrentChanged, ScopeChanged, TakeChanged, TurnsChanged
from vitascope.web.ideas import ideas
from vitascope.web.keeping import Aim, KeepingError, aim_from, aim_text, asides_from, asides_text, is_key
from vitascope.web.scope import NOWHERE, Scope
from vitascope.web.session import Session
from vitascope.web.showing import picture_of, seconds_text, work_of
from vitascope.web.strings import say
from vitascope.web.turns import Aside, Chip, TakeTurn

__all__ = ["thread_panel"]

PICTURES = {"understood": "check", "substituted": "swap", "not_understood": "ask"}


def thread_panel(session: Session) -> None:
    """The thread, what is pointed at, and the field."""
    with box("side", "section", aria_label=say("thread.label")):
        thread = box(
            "thread", id="thread", role="log", aria_live="polite", tabindex="0", aria_label=say("thread.label")
        )
        with box("talk"):
            field: Composer | None = None
            if session.may_edit:
                _keep(session)
                _scope(session)
                _suggestions(session, lambda words: field.edit(words) if field is not None else None)
                field = _field(session)
            else:
                words(say("thread.looking"), "quiet-text small", "p").style("padding: 12px 16px 0")
    lines: dict[str, _Line] = {}

    def fill() -> None:
        thread.clear()
        lines.clear()
        with thread:
            for turn in session.turns:
                if isinstance(turn, TakeTurn):
                    _take(session, turn, lines)
                else:
                    _aside(session, turn, field)
        ui.run_javascript("window.studio.down('thread')")

    def change(event: TakeChanged) -> None:
        line = lines.get(event.take.id)
        if line is not None:
            line.show(event.take)

    fill()
    session.bulletin.on(TurnsChanged, lambda _: fill())
    session.bulletin.on(TakeChanged, change)


def _keep(session: Session) -> None:
    """The browser keeps what was said and led to no take yet; while the page is away, it waits."""

    async def found(text: str) -> None:
        try:
            await session.restore(asides_from(text))
        except KeepingError as error:
            await session.complain(str(error))

    keep = Keep(session.kept_as("words"), found)
    session.bulletin.on(TurnsChanged, lambda _: keep.write(asides_text(session.asides)))
    client = ui.context.client
    client.on_connect(lambda: session.present(client.has_socket_connection))
    client.on_disconnect(lambda: session.present(client.has_socket_connection))


def _field(session: Session) -> Composer:
    """What is sent is about what stood over the field then, whenever it arrives."""

    async def take(sent: Sent) -> None:
        aim = aim_from(sent.about)
        key = sent.key if is_key(sent.key) else ""
        if aim is None:
            await session.say(sent.words, key=key)
        else:
            await session.say(sent.words, key=key, take=aim.take, scope=aim.scope)

    def aim(_: object = None) -> None:
        field.tell(aim_text(Aim(take=session.current.id, scope=session.scope)))

    field = Composer(
        take,
        placeholder=say("thread.placeholder"),
        label=say("thread.field"),
        action=say("thread.action"),
        name=session.kept_as("field"),
        again=True,
    )
    aim()
    session.bulletin.on(CurrentChanged, aim)
    session.bulletin.on(ScopeChanged, aim)
    return field


def _take(session: Session, turn: TakeTurn, lines: dict[str, _Line]) -> None:
    with box("turn", "article"):
        words(turn.take.prompt, "said", "p")
        _reading(turn.chips)
        with box("reply"):
            if turn.take.said:
                words(turn.take.said, tag="p")
            _remarks(turn.remarks)
            lines[turn.take.id] = _Line(session, turn.take, turn.number)


class _Line:
    """A take with its picture; it leads there. While it is made only its progress changes."""

    def __init__(self, session: Session, take: Video, number: int) -> None:
        now = take.id == session.current.id
        label = say("takes.open", number=number)
        line = box(f"take-line{' now' if now else ''}", "button", type="button", aria_label=label)
        when_clicked(line, partial(session.go, take.id))
        with line:
            with box("frame"):
                self._picture = box("", "img", alt="")
            with box("facts"):
                words(take.name or say("thread.take", number=number), "what")
                self._standing = Line(take, "", "how")
                self._bar = Bar(take)
        self._remark = words("", "remarks", "p")
        self._stop = button(
            say("thread.stop"), partial(session.cancel, take.id), kind="quiet", picture="stop", classes="small"
        )
        self._may_stop = session.may_edit
        self.show(take)

    def show(self, take: Video) -> None:
        """As it is now."""
        picture = picture_of(take)
        self._picture.set_visibility(picture is not None)
        adjust(self._picture, src=picture)
        self._standing.show(take, work_of(take))
        self._bar.show(take)
        self._remark.text = take.remark or ""
        self._remark.set_visibility(bool(take.remark))
        self._stop.set_visibility(self._may_stop and not take.state.is_end)


def _aside(session: Session, aside: Aside, field: Composer | None) -> None:
    with box("turn", "article"):
        words(aside.words, "said", "p")
        with box("reply"):
            if aside.standing == "reading":
                words(say("thread.reading"), "quiet-text", "p", role="status")
            elif aside.standing == "waiting":
                words(_waiting(session, aside), "quiet-text", "p", role="status")
            else:
                words(aside.text, "fault" if aside.failed else "", "p")
            with box("ways-on"):
                for choice, label in enumerate(aside.choices, 1):
                    button(label, lambda choice=choice: session.choose(aside.id, choice))
                if aside.standing in ("open", "settled") and not aside.choices and field is not None:
                    button(say("thread.again"), lambda: _again(session, aside, field), picture="pen", kind="quiet")
                if aside.standing != "reading":
                    button(say("thread.dismiss"), lambda: session.dismiss(aside.id), kind="quiet")


def _waiting(session: Session, aside: Aside) -> str:
    """What words wait for: their take, or those before them."""
    take = session.room.take(aside.about)
    if take is None or take.state.is_end:
        return say("thread.reading")
    return say("thread.waiting", number=session.takes.index(take) + 1)


async def _again(session: Session, aside: Aside, field: Composer) -> None:
    field.edit(aside.words)
    await session.dismiss(aside.id)


def _reading(chips: tuple[Chip, ...]) -> None:
    if not chips:
        return
    with box("reading", "ul"):
        for chip in dict.fromkeys(one for one in chips if any(letter.isalnum() for letter in one.text)):
            with box(f"chip {chip.status}", "li", title=say(f"reading.{chip.status}")):
                icon(PICTURES[chip.status])
                words(f"{say(f'reading.{chip.status}')}: ", "unseen")
                with box("chip-text", "span"):
                    words(chip.text, tag="b")
                    if chip.taken_as:
                        words(f" → {chip.taken_as}")


def _remarks(remarks: tuple[str, ...]) -> None:
    if remarks:
        with box("remarks"):
            for remark in remarks:
                words(remark, tag="p")


def _suggestions(session: Session, put: Callable[[str], None]) -> None:
    """What can be said to a film that was made from an idea, as long as nothing was said."""
    known = {idea.prompt: idea.changes for idea in ideas()}
    changes = known.get(session.takes[0].prompt, ())
    place = box("suggestions", role="group", aria_label=say("thread.suggestions"))
    with place:
        for change in changes:
            when_clicked(words(change, "chip", "button", type="button"), partial(put, change))

    def show(_: object = None) -> None:
        place.set_visibility(bool(changes) and len(session.takes) == 1 and len(session.turns) == 1)

    show()
    session.bulletin.on(TurnsChanged, show)


def _scope(session: Session) -> None:
    """What is pointed at, as chips that can be taken away."""
    place = box("scope", role="group", aria_label=say("scope.label"))

    async def fill(_: object = None) -> None:
        scope, film = session.scope, await session.document()
        place.clear()
        place.set_visibility(not scope.is_empty)
        names = {} if film is None else {one.id: one.name for shot in film.shots for one in shot.subjects}
        with place:
            for subject in scope.subjects:
                name = names.get(subject) or subject
                _pointed(session, name, scope.toggled(subject, scope.at or Fraction(0)))
            if scope.span is not None:
                start, end = (seconds_text(one) for one in scope.span)
                _pointed(session, say("scope.at", start=start, end=end), scope.stretched(None))
            if not scope.is_empty:
                button(say("scope.clear"), lambda: session.point(NOWHERE), kind="quiet", classes="small")

    place.set_visibility(False)
    session.bulletin.on(ScopeChanged, fill)


def _pointed(session: Session, name: str, without: Scope) -> None:
    with box("chip on"):
        words(name)
        icon_button("close", say("scope.remove", name=name), lambda: session.point(without))
