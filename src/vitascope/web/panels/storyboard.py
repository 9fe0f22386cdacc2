"""The storyboard: one card a shot. Cards are written, ordered, doubled and taken away; then one or all are filmed."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from fractions import Fraction

from nicegui import background_tasks, ui
from nicegui.element import Element
from starlette.concurrency import run_in_threadpool

from vitascope.film import EditError, Film, Phrase, Shot, film_to_json
from vitascope.film.wording import plain
from vitascope.jobs.shelf import DrawnChunk
from vitascope.jobs.values import State
from vitascope.studio import ProjectError
from vitascope.web.board import Board, board_of, described, progress_of
from vitascope.web.costing import Cost, cost_of, pace_of
from vitascope.web.elements.composer import Composer, Sent
from vitascope.web.elements.controls import Dialog, box, button, icon, icon_button, menu, menu_item, words
from vitascope.web.elements.keep import Keep
from vitascope.web.events import ChunksDrawn, CurrentChanged, TakeChanged
from vitascope.web.files import address, looker_of
from vitascope.web.keeping import KeepingError, board_from, cards_from, cards_of, cards_text
from vitascope.web.porch import visit_of
from vitascope.web.session import Session
from vitascope.web.showing import seconds_text
from vitascope.web.strings import say
from vitascope.web.writing import Unwritten, Written, written

__all__ = ["storyboard_panel"]

STILL_HEIGHT = 180


def storyboard_panel(session: Session) -> None:
    """The cards of the current take; what is changed on them stays until it is filmed or taken back."""
    _Panel(session)


class _Panel:
    """One storyboard on one page."""

    def __init__(self, session: Session) -> None:
        request = ui.context.client.request
        assert request is not None
        self._session = session
        self._looker = looker_of(visit_of(request).house)
        self._take = session.current.id
        self._film: Film | None = None
        self._board: Board | None = None
        self._remarks: dict[Shot, tuple[Phrase, ...]] = {}
        self._pictures: dict[Shot, str] = {}
        self._bars: dict[str, Element] = {}
        self._cards: list[Element] = []
        self._head = box("board-head")
        with box("board", "ol", aria_label=say("storyboard.title")) as self._shelf:
            self._last, self._field = self._next() if session.may_edit else (None, None)
        self._foot = box()
        self._keep = Keep(session.kept_as("cards"), self._found, lasts=True) if session.may_edit else None
        session.bulletin.on(CurrentChanged, self._changed)
        session.bulletin.on(TakeChanged, self._got_on)
        session.bulletin.on(ChunksDrawn, self._drawn)
        background_tasks.create(self._changed(), name="storyboard")

    # What is shown ----------------------------------------------------------------------------------------------------

    async def _changed(self, _: object = None) -> None:
        take = self._session.current
        film = await self._session.document(take.id)
        if take.id != self._session.current.id:
            return
        if film is None:
            self._film = self._board = None
        else:
            self._board = board_of(film) if self._board is None else self._board.upon(film)
            self._film, self._take = film, take.id
        self._fill()

    async def _found(self, text: str) -> None:
        """The browser kept cards of a page before."""
        try:
            cards = cards_from(text)
        except KeepingError as error:
            await self._tell(error)
            return
        if cards is None or (self._board is not None and self._board.is_changed):
            return
        film = await self._session.document(cards.take) or await self._session.document()
        if film is not None:
            self._board = board_from(cards, film)
            self._remarks |= {one.shot: one.remarks for one in cards.cards if isinstance(one.shot, Shot)}
            await self._changed()

    def _fill(self) -> None:
        """Anew, but for the card that is written on: whoever is at it goes on."""
        self._head.clear()
        self._foot.clear()
        self._bars.clear()
        while self._cards:
            self._cards.pop().delete()
        board = self._board
        if self._last is not None:
            self._last.set_visibility(board is not None)
        if board is None:
            with self._foot:
                words(say("storyboard.nothing"), "quiet-text", "p")
            return
        with self._head:
            self._summary(board)
        with self._shelf:
            self._cards += [self._card(board, shot, number) for number, shot in enumerate(board.wanted, 1)]
        if self._last is not None:
            self._last.move()
        if self._keep is not None:
            self._keep.write(cards_text(cards_of(board, self._take, self._remarks)))
        self._show_progress(self._session.room.chunks.get(self._session.current.id, ()))

    def _summary(self, board: Board) -> None:
        length = seconds_text(sum((shot.duration for shot in board.wanted), Fraction(0)))
        shots = say("storyboard.shots", count=len(board.wanted))
        words(say("storyboard.length", shots=shots, seconds=length), "board-length")
        if not board.is_changed:
            return
        costs = [self._cost(shot) for shot in board.wanted if board.standing(shot.id) != "filmed"]
        if costs:
            total = Cost(seconds=sum(cost.seconds for cost in costs), size_bytes=sum(cost.size_bytes for cost in costs))
            words(say("storyboard.forecast", time=total.time, size=total.size), "board-cost")
        box("gap")
        if self._session.may_edit:
            button(say("storyboard.take_back"), self._take_back, kind="quiet", picture="undo")
            button(say("storyboard.film_all"), self._film_all, kind="main", picture="film", disabled=not self._done)

    def _next(self) -> tuple[Element, Composer]:
        """The card on which one more shot is written, and its field."""
        with box("board-card next", "li") as card:
            with box("board-invite", aria_hidden="true"):
                icon("plus")
                words(say("storyboard.invite"))
            field = Composer(
                lambda sent: self._write(sent.words, None),
                placeholder=say("storyboard.placeholder"),
                label=say("storyboard.next"),
                action=say("storyboard.write"),
                name=self._session.kept_as("card"),
            )
        return card, field

    def _card(self, board: Board, shot: Shot, number: int) -> Element:
        standing = board.standing(shot.id)
        card = box(f"board-card {standing}", "li", data_shot=shot.id)
        with card:
            with box("frame"):
                self._picture(board, shot, standing == "filmed")
                words(str(number), "number")
                words(say("start.seconds", seconds=seconds_text(shot.duration)), "badge")
                self._bars[shot.id] = box("bar")
                self._bars[shot.id].set_visibility(False)
                with self._bars[shot.id]:
                    box("", "i")
            with box("board-body"):
                said = board.words.get(shot.id) or described(shot)
                words(said, "board-words", "p", title=said)
                for phrase in self._remarks.get(shot, ()):
                    _remark(phrase)
                with box("board-line"):
                    about = [plain(shot.set.place)]
                    if standing != "filmed":
                        cost = self._cost(shot)
                        about = [say("storyboard.cost", time=cost.time, size=cost.size)]
                    words(" ".join(about), "board-about")
                    now = "making" if standing == "filmed" and not self._session.current.state.is_end else standing
                    words(say(f"storyboard.standing.{now}"), f"board-standing {now}")
                if self._session.may_edit:
                    with box("board-acts"):
                        self._acts(board, shot, number)
        if self._session.may_edit:
            _drags(card, lambda name: self._change(lambda board: board.moved(name, number - 1)))
        return card

    def _acts(self, board: Board, shot: Shot, number: int) -> None:
        name = shot.id

        def move(by: int) -> Callable[[], None]:
            return lambda: self._change(lambda board: board.moved(name, number - 1 + by))

        icon_button("earlier", say("storyboard.earlier", number=number), move(-1), disabled=number == 1)
        icon_button("later", say("storyboard.later", number=number), move(1), disabled=number == len(board.wanted))
        icon_button("pen", say("storyboard.rewrite", number=number), lambda: self._rewrite(name))
        _, sheet = menu(say("storyboard.menu", number=number))
        with sheet:
            menu_item(
                say("storyboard.duplicate"), lambda: self._change(lambda b: b.duplicated(name)), picture="duplicate"
            )
            if len(board.wanted) > 1:
                menu_item(say("remove"), lambda: self._change(lambda b: b.removed(name)), picture="trash", danger=True)
        if board.standing(name) != "filmed":
            box("gap")
            button(
                say("storyboard.film_one"), lambda: self._film_one(name), disabled=not self._done,
                aria_label=say("storyboard.film_number", number=number), classes="small-film",
            )  # fmt: skip

    def _picture(self, board: Board, shot: Shot, filmed: bool) -> None:
        """A still of the take, or of the shot as it would be."""
        if filmed:
            at = (
                sum((one.duration for one in board.filmed[: board.filmed.index(shot)]), Fraction(0)) + shot.duration / 2
            )
            source = address(self._session.current, "still.jpg", at=_on_frame(at, self._film), height=STILL_HEIGHT)
            box("", "img", src=source, alt="", loading="lazy", draggable="false")
            return
        picture = box("", "img", src=self._pictures.get(shot), alt="", draggable="false")
        if shot not in self._pictures:
            picture.set_visibility(False)
            background_tasks.create(self._draw(shot, picture), name="card")

    async def _draw(self, shot: Shot, picture: Element) -> None:
        film = self._film
        if film is None:
            return
        alone = film.model_copy(update={"shots": (shot,), "silent": True})

        async def wanted() -> bool:
            return not picture.is_deleted

        try:
            drawn = await self._looker.still(film_to_json(alone), shot.duration / 2, height=STILL_HEIGHT, wanted=wanted)
        except ProjectError as error:
            await self._session.complain(str(error))
            return
        if drawn is None:
            return
        self._pictures[shot] = "data:image/jpeg;base64," + base64.b64encode(drawn).decode()
        if not picture.is_deleted:
            picture._props["src"] = self._pictures[shot]
            picture.set_visibility(True)
            picture.update()

    def _cost(self, shot: Shot) -> Cost:
        assert self._film is not None
        return cost_of(self._film, shot, pace=pace_of(self._session.takes))

    @property
    def _done(self) -> bool:
        """Whether the take is there, so that something can be made from it."""
        return self._session.current.state is State.COMPLETED

    def _got_on(self, event: TakeChanged) -> None:
        if event.take.id == self._session.current.id and event.take.state.is_end:
            self._fill()

    def _drawn(self, event: ChunksDrawn) -> None:
        if event.take == self._session.current.id:
            self._show_progress(event.chunks)

    def _show_progress(self, chunks: Sequence[DrawnChunk]) -> None:
        if self._film is None:
            return
        making = not self._session.current.state.is_end
        for name, share in progress_of(self._film, chunks).items():
            if name in self._bars:
                self._bars[name].set_visibility(making)
                self._bars[name].style(f"--share: {100 * share:.0f}%")

    # What is done -----------------------------------------------------------------------------------------------------

    async def _tell(self, error: Exception) -> None:
        await self._session.complain(str(error))

    def _change(self, make: Callable[[Board], Board]) -> None:
        if self._board is None:
            return
        try:
            self._board = make(self._board)
        except EditError as error:
            background_tasks.create(self._tell(error))
        self._fill()

    def _take_back(self) -> None:
        if self._film is not None:
            self._board = board_of(self._film)
            self._fill()

    async def _film_all(self) -> None:
        board = self._board
        if board is not None and board.is_changed:
            await self._session.apply(
                board.edit(), words=self._said([one for one in board.wanted if board.words.get(one.id)])
            )

    async def _film_one(self, name: str) -> None:
        board = self._board
        if board is None:
            return
        try:
            await self._session.apply(board.edit_of(name), words=self._said([board.shot(name)]))
        except EditError as error:
            await self._tell(error)

    def _said(self, shots: Sequence[Shot]) -> str:
        """What was written on those cards that are not filmed yet; empty where nothing was."""
        board = self._board
        assert board is not None
        lines = [
            say("storyboard.said", number=board.wanted.index(shot) + 1, words=board.words[shot.id])
            for shot in shots
            if board.words.get(shot.id) and board.standing(shot.id) != "filmed"
        ]
        return "\n".join(lines)

    async def _write(self, text: str, name: str | None) -> str | None:
        """Reads what was written for a card, or for one more; what stands in the way is the answer, or told."""
        board, film = self._board, self._film
        if board is None or film is None or not text.strip():
            return None
        ahead = board.wanted if name is None else board.wanted[: [one.id for one in board.wanted].index(name)]
        context = film.model_copy(update={"shots": tuple(ahead or board.wanted)})
        found = await run_in_threadpool(written, text, context)
        if isinstance(found, Written):
            self._put(found, text, name)
            return None
        if name is None and not found.ways:
            await self._session.complain(found.text)
            if self._field is not None:
                self._field.edit(text)
        if found.ways:
            self._ask(found, text, name)
            return None
        return found.text

    def _put(self, found: Written, text: str, name: str | None) -> None:
        def with_it(board: Board) -> Board:
            if name is not None:
                self._remarks[found.shot.model_copy(update={"id": name})] = found.remarks
                return board.rewritten(name, found.shot, text)
            shot = found.shot.model_copy(update={"id": board.free_id()})
            self._remarks[shot] = found.remarks
            return board.added(shot, text)

        self._change(with_it)

    def _ask(self, found: Unwritten, text: str, name: str | None) -> None:
        """A question with its ways on as buttons."""

        def choose(way: Written) -> Callable[[], None]:
            def chosen() -> None:
                dialog.close()
                self._put(way, text, name)

            return chosen

        with self._session.page, Dialog(say("storyboard.question")) as dialog:
            words(found.text, "", "p")
            with box("board-ways"):
                for label, way in found.ways:
                    button(label, choose(way))
        dialog.open()

    def _rewrite(self, name: str) -> None:
        board = self._board
        if board is None:
            return
        number = [one.id for one in board.wanted].index(name) + 1

        async def save(sent: Sent) -> None:
            answer = await self._write(sent.words, name)
            if answer is None:
                dialog.close()
            else:
                fault.set_text(answer)

        with self._session.page, Dialog(say("storyboard.rewrite", number=number)) as dialog:
            words(say("storyboard.rewrite_about"), "quiet-text small", "p")
            field = Composer(
                save,
                placeholder=say("storyboard.placeholder"),
                label=say("storyboard.field", number=number),
                action=say("storyboard.write"),
            )
            fault = words("", "fault", "p", role="alert")
        dialog.open()
        field.edit(board.words.get(name) or described(board.shot(name)))


def _on_frame(at: Fraction, film: Film | None) -> Fraction:
    assert film is not None
    return Fraction(int(at * film.fps)) / film.fps


def _remark(phrase: Phrase) -> None:
    """A phrase that is shown by something near, or was not understood."""
    with box(f"chip {phrase.status}"):
        icon("swap" if phrase.status == "substituted" else "ask")
        words(phrase.text, tag="b")
        if phrase.taken_as and phrase.status == "substituted":
            words(f"→ {phrase.taken_as.replace('_', ' ')}")


def _drags(card: Element, drop: Callable[[str], None]) -> None:
    """A card is dragged by the mouse to the place of another one; the buttons do the same."""
    card._props["draggable"] = "true"
    for event, script in DRAGGING.items():
        card.on(event, js_handler=f"(event) => {{ {script} }}")
    card.on("drop", lambda said: drop(str(said.args)[:80]), js_handler=DROPPED)


DRAGGING = {
    "dragstart": """event.dataTransfer.setData("text/x-shot", event.currentTarget.dataset.shot);
        event.currentTarget.classList.add("gone");""",
    "dragend": """event.currentTarget.classList.remove("gone");""",
    "dragover": """if (!event.dataTransfer.types.includes("text/x-shot")) return;
        event.preventDefault(); event.currentTarget.classList.add("over");""",
    "dragleave": """event.currentTarget.classList.remove("over");""",
}
DROPPED = """(event) => {
  event.preventDefault();
  event.currentTarget.classList.remove("over");
  emit(event.dataTransfer.getData("text/x-shot"));
}"""
