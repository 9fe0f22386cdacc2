"""The thread that makes batches: it feeds lines to the desk while there is room, and writes down what became of them.

All that it knows is in the database, so it goes on after a restart; of several servers one has a batch at a time.
"""

from __future__ import annotations

import logging
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from vitascope.jobs import batch_lines
from vitascope.jobs.batch_lines import LineFault, Request, faults_in, faults_object, lines_in, request_in
from vitascope.jobs.batches import ACTIVE, ENDED, Batches, Counts, set_state
from vitascope.jobs.database import Database
from vitascope.jobs.desk import Desk
from vitascope.jobs.errors import Invalid, JobError, Missing, TooBusy
from vitascope.jobs.files import Files
from vitascope.jobs.ids import new_id
from vitascope.jobs.tables import AccountRow, BatchRow, MemberRow, VideoRow
from vitascope.jobs.tiers import tier_named
from vitascope.jobs.values import Caller, Role, State, Video, Wish

__all__ = ["Batching"]

LOOK_EVERY = 2.0
LEASE_SECONDS = 30.0
FED_AT_ONCE = 8
PRIORITY = -10
LONGEST_WAIT = 3600.0
"""A refusal for longer than this [s], such as a used-up month, is an answer to the line and not a reason to wait."""
SAID = {
    "batch_expired": "The request could not be executed before the completion window ended.",
    "batch_cancelled": "The batch was cancelled before the request was executed.",
}
log = logging.getLogger("vitascope.batches")


class Batching:
    """Makes batches of `batches` at `desk`.

    `wish_from` reads the body of a line, `show` gives the object for a film, both as POST /v1/videos does; `room` says how
    many films of a batch of this caller may be under way at once; `announce(workspace, event, batch)` tells of ends.
    """

    def __init__(
        self,
        database: Database,
        batches: Batches,
        files: Files,
        desk: Desk,
        *,
        wish_from: Callable[[Caller, Mapping[str, object]], Wish],
        show: Callable[[Video], Mapping[str, object]],
        room: Callable[[Caller], int],
        announce: Callable[[str, str, str], None],
    ) -> None:
        self._database = database
        self._files = files
        self._desk = desk
        self._wish_from = wish_from
        self._show = show
        self._room = room
        self._announce = announce
        self._server = new_id("server")
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="batches", daemon=True)
        self._lines: dict[str, list[bytes]] = {}
        self._not_before: dict[str, float] = {}
        batches.on_news = self._news.set

    def start(self) -> None:
        """Go on with what there is."""
        self._thread.start()

    def stop(self) -> None:
        """End within seconds, and let another server go on."""
        self._stopping.set()
        self._news.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10.0)

    def on_end(self, video: Video) -> None:
        """A film has come to an end: there may be room for a line."""
        del video
        self._news.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._news.clear()
            busy = [self._step(batch) for batch in self._held() if not self._stopping.is_set()]
            self._news.wait(0 if any(busy) else LOOK_EVERY)
        with suppress(JobError):
            self._let_go()

    def _held(self) -> list[str]:
        """The batches under way, oldest first, that this server has for the next while."""
        now = time.time()
        held = []
        try:
            with self._database.writing() as session:
                active = select(BatchRow).where(BatchRow.state.in_(ACTIVE)).order_by(BatchRow.created_at, BatchRow.id)
                for row in session.scalars(active):
                    server, until = row.fields.get("server"), row.fields.get("lease_until", 0.0)
                    if server in (None, self._server) or until <= now:
                        if server != self._server or until < now + LEASE_SECONDS / 2:
                            row.fields = {**row.fields, "server": self._server, "lease_until": now + LEASE_SECONDS}
                        held.append(row.id)
        except Exception:
            log.exception("Batches could not be looked through; they are looked through again in a moment.")
        return held

    def _let_go(self) -> None:
        with self._database.writing() as session:
            for row in session.scalars(select(BatchRow).where(BatchRow.state.in_(ACTIVE))):
                if row.fields.get("server") == self._server:
                    row.fields = {**row.fields, "server": None}

    def _step(self, batch: str) -> bool:
        """Do what can be done now. Whether more can be done at once."""
        try:
            return self._stepped(batch)
        except Exception:
            log.exception("A batch could not go on; it is tried again in a moment.", extra={"batch": batch})
            return False

    def _stepped(self, batch: str) -> bool:
        with self._database.session() as session:
            row = session.get_one(BatchRow, batch)
            caller = _caller(session, row)
            films = [line for line in row.lines if line]
            open_films = session.scalar(
                select(func.count()).where(VideoRow.batch == batch, VideoRow.state.not_in(ENDED))
            )
        if row.state == "validating":
            return self._validate(row, (caller or _stand_in(row)).tier)
        if row.state == "in_progress":
            if caller is None:
                return self._move(batch, "cancelling", ends_as="cancelled")
            if time.time() >= row.fields["moments"]["expires_at"]:
                return self._move(batch, "finalizing", ends_as="expired")
            if len(row.lines) < row.fields["total"]:
                return self._feed(row, caller, open_films or 0)
            return not open_films and self._move(batch, "finalizing", ends_as="completed")
        caller = caller or _stand_in(row)
        if open_films:
            self._cancel(caller, films)
            return False
        self._write_out(row, caller)
        return True

    def _validate(self, row: BatchRow, tier: str) -> bool:
        try:
            lines = lines_in(self._files.read_input(row.input_file))
            faults = faults_in(lines, tier_named(tier).batch_lines)
        except Missing as error:
            lines, faults = [], [LineFault(code="file_not_found", message=error.message, param="input_file_id")]
        with self._database.writing() as session:
            fresh = session.get_one(BatchRow, row.id)
            if fresh.state != "validating":
                return True
            if faults:
                set_state(fresh, "failed", errors=faults_object(faults), counts=asdict(Counts()))
            else:
                self._lines[row.id] = lines
                set_state(fresh, "in_progress", total=len(lines))
        if faults:
            self._announce(row.workspace, "batch.failed", row.id)
        return True

    def _move(self, batch: str, state: str, *, ends_as: str) -> bool:
        with self._database.writing() as session:
            row = session.get_one(BatchRow, batch)
            if row.state == "in_progress":
                set_state(row, state, ends_as=ends_as)
        return True

    def _feed(self, row: BatchRow, caller: Caller, under_way: int) -> bool:
        """Give the next lines to the desk, as many as there is room for."""
        if time.monotonic() < self._not_before.get(row.id, 0.0):
            return False
        number = len(row.lines)
        room = min(FED_AT_ONCE, self._room(caller) - under_way, row.fields["total"] - number)
        lines = self._lines_of(row)
        fed: list[str] = []
        refused: dict[str, object] = {}
        for place in range(number, number + room):
            try:
                fed.append(self._film(caller, row.id, place, request_in(lines[place])))
            except JobError as error:
                if _can_pass(error):
                    self._not_before[row.id] = time.monotonic() + (error.retry_after or LOOK_EVERY)
                    break
                fed.append("")
                refused[str(place)] = batch_lines.refusal(error)
            except Exception:
                log.exception("A line of a batch could not be made into a film.", extra={"batch": row.id})
                fed.append("")
                fault = JobError("The server met a fault of its own at this line; its log has it.")
                refused[str(place)] = batch_lines.refusal(fault)
        if fed:
            self._record(row.id, number, fed, refused)
        return bool(fed)

    def _film(self, caller: Caller, batch: str, place: int, request: Request) -> str:
        """The id of the film for a line: the same one however often the line is fed."""
        key = f"{batch}:{place}"
        with self._database.session() as session:
            made = select(VideoRow.id).where(VideoRow.workspace == caller.workspace, VideoRow.idempotency_key == key)
            if (film := session.scalar(made)) is not None:
                return film
        wish = self._wish_from(caller, request.body)
        if wish.n != 1:
            raise Invalid(
                f"The line asks for {wish.n} films; a line of a batch is one film, so leave n out.", param="n"
            )
        (video,) = self._desk.create(caller, replace(wish, priority=PRIORITY, idempotency_key=key))
        return video.id

    def _record(self, batch: str, number: int, fed: list[str], refused: Mapping[str, object]) -> None:
        with self._database.writing() as session:
            row = session.get_one(BatchRow, batch)
            if len(row.lines) != number:
                return
            row.lines = [*row.lines, *fed]
            row.fields = {**row.fields, "refused": {**row.fields["refused"], **refused}}
            films = [film for film in fed if film]
            session.execute(update(VideoRow).where(VideoRow.id.in_(films)).values(batch=batch))

    def _cancel(self, caller: Caller, films: list[str]) -> None:
        with self._database.session() as session:
            going = session.scalars(select(VideoRow.id).where(VideoRow.id.in_(films), VideoRow.state.not_in(ENDED)))
            going = list(going)
        for film in going:
            with suppress(Missing):
                self._desk.cancel(caller, film)

    def _write_out(self, row: BatchRow, caller: Caller) -> None:
        """Write the files about all lines, and end the batch."""
        ends_as = row.fields["ends_as"]
        lines = self._lines_of(row)
        if not row.fields["total"] and faults_in(lines):
            lines = []  # cancelled before it was looked at, and no batch
        completed = failed = 0
        with tempfile.TemporaryDirectory(prefix="vitascope-batch-") as folder:
            output, errors = Path(folder, "output.jsonl"), Path(folder, "errors.jsonl")
            with output.open("w", encoding="utf-8") as made, errors.open("w", encoding="utf-8") as missed:
                for place, line in enumerate(lines):
                    whole, text = self._told(row, caller, place, request_in(line))
                    (made if whole else missed).write(text)
                    completed, failed = completed + whole, failed + (not whole)
            expires = row.fields["output_expires_after"]
            kept = [
                self._files.write(caller, path, filename=f"{row.id}_{path.name}", expires_after=expires).id
                if path.stat().st_size
                else None
                for path in (output, errors)
            ]
        with self._database.writing() as session:
            fresh = session.get_one(BatchRow, row.id)
            fresh.output_file, fresh.error_file = kept
            counts = Counts(total=len(lines), completed=completed, failed=failed)
            set_state(fresh, ends_as, total=len(lines), counts=asdict(counts))
        self._lines.pop(row.id, None)
        self._not_before.pop(row.id, None)
        self._announce(row.workspace, f"batch.{ends_as}", row.id)

    def _told(self, row: BatchRow, caller: Caller, place: int, request: Request) -> tuple[bool, str]:
        """Whether the film of a line was made, and the line about it."""
        number = place + 1
        late = "batch_expired" if row.fields["ends_as"] == "expired" else "batch_cancelled"
        if place >= len(row.lines):
            return False, batch_lines.fault_line(number, request, late, SAID[late])
        if not row.lines[place]:
            return False, batch_lines.refused_line(number, request, row.fields["refused"][str(place)])
        try:
            video = self._desk.video(caller, row.lines[place])
        except Missing:
            return False, batch_lines.fault_line(number, request, "video_deleted", "The film was deleted.")
        if video.state is State.COMPLETED:
            return True, batch_lines.answer_line(number, request, f"{row.id}_{number}", self._show(video))
        if video.fault is not None:
            return False, batch_lines.fault_line(
                number, request, video.fault.code, video.fault.message, self._show(video)
            )
        code = late if row.fields["ends_as"] != "completed" else "video_cancelled"
        return False, batch_lines.fault_line(number, request, code, SAID.get(code, "The film was cancelled."))

    def _lines_of(self, row: BatchRow) -> list[bytes]:
        if row.id not in self._lines:
            self._lines[row.id] = lines_in(self._files.read_input(row.input_file))
        return self._lines[row.id]


def _can_pass(error: JobError) -> bool:
    """Whether the same line may be taken a little later."""
    if isinstance(error, TooBusy):
        return error.retry_after is not None and error.retry_after <= LONGEST_WAIT
    return error.status >= 500


def _caller(session: Session, row: BatchRow) -> Caller | None:
    """Whose batch it is, with what they may do now; None when they may not film here any more."""
    account = session.get(AccountRow, row.account)
    member = session.get(MemberRow, (row.workspace, row.account))
    if account is None or account.disabled or member is None or member.role == Role.VIEWER.value:
        return None
    return Caller(account=row.account, workspace=row.workspace, role=Role(member.role), tier=account.tier)


def _stand_in(row: BatchRow) -> Caller:
    """Somebody who may end a batch whose owner has gone."""
    return Caller(account=row.account, workspace=row.workspace, role=Role.EDITOR, tier="free")
