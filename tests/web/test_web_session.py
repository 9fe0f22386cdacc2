"""What one open page does with what is said on it: in its turn, once, and where it pointed when it was said."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, cast

from vitascope.director.editing import Choice, Question, Selection
from vitascope.film import Edit, Film, Set, Shot, Size, Subject
from vitascope.jobs.desk import Desk
from vitascope.jobs.values import Caller, Role, State, Video
from vitascope.web.room import Room
from vitascope.web.scope import NOWHERE
from vitascope.web.session import Session
from vitascope.web.turns import Aside

BALL = Subject(id="ball", recipe="ball", name="ball")
FILM = Film(shots=(Shot(id="shot-1", duration=Fraction(1), set=Set(place="park"), subjects=(BALL,)),))
CALLER = Caller(account="a", workspace="w", role=Role.EDITOR, tier="standard")


@dataclass(kw_only=True)
class Rehearsal:
    """A desk at which a take of words is there at once, or in the making until it is `finished`. "which" leads to a question."""

    quick: bool = True
    made: list[Video] = field(default_factory=lambda: [take("t1")])
    heard: list[tuple[str, str, int | None, tuple[str, ...]]] = field(default_factory=list)
    keys: dict[str | None, Video] = field(default_factory=dict)

    def edit(
        self, caller: Caller, video: str, words: str, *, choice: int | None = None, selection: Selection | None = None,
        idempotency_key: str | None = None,
    ) -> Video | Question:  # fmt: skip
        """As the desk does, without any work."""
        del caller
        if idempotency_key in self.keys:
            return self.keys[idempotency_key]
        if words == "which" and choice is None:
            return Question(text="Which?", choices=(Choice(label="this", edit=Edit(operations=())),))
        self.heard.append((video, words, choice, () if selection is None else selection.subjects))
        state = State.COMPLETED if self.quick else State.QUEUED
        made = take(f"t{len(self.made) + 1}", video, state=state)
        self.made.append(made)
        self.keys[idempotency_key] = made
        return made

    def takes(self, caller: Caller, video: str) -> list[Video]:
        """The tree."""
        del caller, video
        return list(self.made)

    def document(self, caller: Caller, video: str) -> Film:
        """The same film for all."""
        del caller, video
        return FILM

    def chunks(self, caller: Caller, video: str) -> tuple[()]:
        """None is drawn."""
        del caller, video
        return ()

    def finished(self) -> None:
        """All that is in the making is done."""
        self.made = [replace(one, state=State.COMPLETED, version=one.version + 1) for one in self.made]


def take(name: str, parent: str | None = None, *, state: State = State.COMPLETED) -> Video:
    return Video(
        id=name, workspace="w", account="a", state=state, progress=0, version=1, model="world", engine="world", prompt="",
        operation="edit", parent=parent, seconds=Fraction(1), size=Size(width=128, height=128), fps=Fraction(24), seed=0,
        style=None, audio=True, negative_prompt=None, created_at=0,
    )  # fmt: skip


def on_a_page(desk: Rehearsal, do: Callable[[Session], Awaitable[None]]) -> None:
    """Opens a page at the first take, and does something there."""

    async def whole() -> None:
        known: Any = cast(Desk, desk)
        session = Session(known, CALLER, Room(known, CALLER, "t1", desk.made), "t1")
        try:
            async with asyncio.timeout(20):
                await do(session)
        finally:
            session.close()

    asyncio.run(whole())


async def quiet(session: Session) -> None:
    """Until nothing is read and everything that was said is done, or waits for a take that is made."""
    await session.room.refresh()
    while session._reading is not None:
        await asyncio.sleep(0)


def test_words_go_on_from_what_the_words_before_them_led_to():
    """Also when they are sent faster than they are read."""
    desk = Rehearsal()

    async def page(session: Session) -> None:
        for words in ("one", "two", "three"):
            await session.say(words)
        await quiet(session)
        assert session.current.id == "t4"

    on_a_page(desk, page)
    assert [(about, words) for about, words, *_ in desk.heard] == [("t1", "one"), ("t2", "two"), ("t3", "three")]


def test_words_that_were_on_their_way_go_on_from_where_the_page_went():
    """A page shows a new take a moment after it was made; what was typed in that moment is meant for it."""
    desk = Rehearsal()

    async def page(session: Session) -> None:
        await session.say("one", take="t1")
        await quiet(session)
        await session.say("two", take="t1")
        await quiet(session)
        assert session.current.id == "t3"

    on_a_page(desk, page)
    assert [(about, words) for about, words, *_ in desk.heard] == [("t1", "one"), ("t2", "two")]


def test_words_to_a_take_that_the_page_went_back_to_are_about_that():
    """Whoever looks at the first take again begins a branch there."""
    desk = Rehearsal()

    async def page(session: Session) -> None:
        await session.say("one", take="t1")
        await quiet(session)
        await session.undo()
        await session.say("two", take="t1")
        await quiet(session)

    on_a_page(desk, page)
    assert [(about, words) for about, words, *_ in desk.heard] == [("t1", "one"), ("t1", "two")]


def test_words_that_wait_are_done_one_take_after_the_other():
    """Each waits for the take of the one before."""
    desk = Rehearsal(quick=False)

    async def page(session: Session) -> None:
        for words in ("one", "two", "three"):
            await session.say(words)
        for made in (2, 3, 4):
            await quiet(session)
            assert len(desk.made) == made
            desk.finished()

    on_a_page(desk, page)
    assert [(about, words) for about, words, *_ in desk.heard] == [("t1", "one"), ("t2", "two"), ("t3", "three")]


def test_words_keep_what_was_pointed_at_when_they_were_said():
    """Whatever is pointed at when their turn comes."""
    desk = Rehearsal(made=[take("t1", state=State.QUEUED)])

    async def page(session: Session) -> None:
        await session.point(NOWHERE.toggled("ball", Fraction(0)))
        await session.say("this one")
        await session.point(NOWHERE)
        desk.finished()
        await quiet(session)

    on_a_page(desk, page)
    assert desk.heard == [("t1", "this one", None, ("ball",))]


def test_words_that_come_again_with_their_key_are_done_once():
    """To this page, and to the next one that does not know them any more."""
    desk = Rehearsal()

    async def page(session: Session) -> None:
        for _ in range(2):
            await session.say("one", key="k", take="t1")
        await quiet(session)
        assert session.asides == ()

    on_a_page(desk, page)
    on_a_page(desk, page)
    assert [words for _, words, *_ in desk.heard] == ["one"]


def test_a_page_that_is_away_says_nothing():
    """Its words wait until it is back."""
    desk = Rehearsal()

    async def page(session: Session) -> None:
        await session.present(False)
        await session.say("one")
        await quiet(session)
        assert desk.heard == []
        await session.present(True)
        await quiet(session)

    on_a_page(desk, page)
    assert [words for _, words, *_ in desk.heard] == ["one"]


def test_a_question_waits_for_its_answer_over_a_reload():
    """The way that is chosen is carried out, about the take that it was asked about."""
    desk, kept = Rehearsal(), list[Aside]()

    async def asked(session: Session) -> None:
        await session.say("which")
        await quiet(session)
        kept.extend(session.asides)

    async def answered(session: Session) -> None:
        await session.restore(kept)
        (question,) = session.asides
        assert (question.text, question.choices) == ("Which?", ("this",))
        await session.choose(question.id, 1)
        await quiet(session)
        assert session.asides == ()

    on_a_page(desk, asked)
    on_a_page(desk, answered)
    assert desk.heard == [("t1", "which", 1, ())]


def test_words_whose_take_was_deleted_are_not_lost():
    """They stand at the take that is looked at, with what became of theirs."""
    desk = Rehearsal(made=[take("t1"), take("t2", "t1", state=State.QUEUED)])

    async def page(session: Session) -> None:
        await session.say("one", take="t2")
        del desk.made[1]
        await quiet(session)
        (left,) = session.asides
        assert (left.about, left.words, left.failed) == ("t1", "one", True)
        assert left.text == "The take that this was said to was deleted."

    on_a_page(desk, page)
    assert desk.heard == []
