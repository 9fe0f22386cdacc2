"""Batches: films that are wished for by the lines of a file. `batching` makes them; here they are asked for and looked at."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vitascope.jobs.accounts import need_role
from vitascope.jobs.audit import record
from vitascope.jobs.batch_lines import ENDPOINT
from vitascope.jobs.database import Database
from vitascope.jobs.errors import Conflict, Invalid, Missing, TooBusy
from vitascope.jobs.files import EXPIRY, Files
from vitascope.jobs.ids import new_id
from vitascope.jobs.tables import BatchRow, FileRow, VideoRow
from vitascope.jobs.values import Caller, Page, Role, State

__all__ = ["ACTIVE", "Batch", "Batches", "Counts"]

ACTIVE = ("validating", "in_progress", "finalizing", "cancelling")
ACTIVE_MAX = 20
WINDOWS = {"24h": 86_400, "48h": 172_800, "7d": 604_800}
KEPT_AFTER_SECONDS = 86_400
"""An input file outlives the window of its batch by this."""
METADATA_MAX, METADATA_KEY_MAX, METADATA_VALUE_MAX = 16, 64, 512
ENDED = [state.value for state in State if state.is_end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of lines: all, those whose film was made, those that were refused or whose film was not made."""

    total: int = 0
    completed: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch as it is now. `moments` holds in_progress_at, expires_at and so on; times are seconds since 1970."""

    id: str
    state: str
    endpoint: str
    completion_window: str
    input_file: str
    output_file: str | None
    error_file: str | None
    metadata: Mapping[str, str] | None
    errors: Mapping[str, Any] | None
    counts: Counts
    created_at: int
    moments: Mapping[str, int]


class Batches:
    """The batches of workspaces. `on_news` is called when there is something to do. Raises JobError."""

    def __init__(self, database: Database, files: Files, *, on_news: Callable[[], None] = lambda: None) -> None:
        self._database = database
        self._files = files
        self.on_news = on_news

    def create(
        self,
        caller: Caller,
        *,
        input_file: str,
        endpoint: str,
        completion_window: str,
        metadata: Mapping[str, str] | None = None,
        output_expires_after: int | None = None,
    ) -> Batch:
        """Accepts a batch; its lines are checked by and by, as soon as there is time."""
        need_role(caller, Role.EDITOR)
        if endpoint != ENDPOINT:
            raise Invalid(f"The endpoint is {endpoint[:80]!r}; batches are for {ENDPOINT}.", param="endpoint")
        if completion_window not in WINDOWS:
            raise Invalid(
                f"The completion window is {completion_window[:80]!r}; give one of: {', '.join(WINDOWS)}.",
                param="completion_window",
            )
        if output_expires_after is not None and not EXPIRY[0] <= output_expires_after <= EXPIRY[1]:
            raise Invalid(
                f"The output shall expire after {output_expires_after} s; give {EXPIRY[0]} to {EXPIRY[1]} (30 days).",
                param="output_expires_after[seconds]",
            )
        _check_metadata(metadata)
        file = self._files.file(caller, input_file)
        if file.purpose != "batch":
            raise Invalid(
                f"The file was uploaded for {file.purpose}; upload it with the purpose batch.", param="input_file_id"
            )
        now = int(time.time())
        ends = now + WINDOWS[completion_window]
        fields = {
            "endpoint": endpoint,
            "completion_window": completion_window,
            "metadata": None if metadata is None else dict(metadata),
            "output_expires_after": output_expires_after,
            "total": 0,
            "refused": {},
            "moments": {"expires_at": ends},
        }
        with self._database.writing() as session:
            active = select(func.count()).where(BatchRow.workspace == caller.workspace, BatchRow.state.in_(ACTIVE))
            if (have := session.scalar(active) or 0) >= ACTIVE_MAX:
                raise TooBusy(f"This workspace has {have} batches under way; wait for one to end.", retry_after=60)
            row = BatchRow(
                id=new_id("batch"), workspace=caller.workspace, account=caller.account, state="validating",
                input_file=input_file, lines=[], fields=fields, created_at=now,
            )  # fmt: skip
            session.add(row)
            record(session, "batch.create", caller=caller, object=row.id)
            kept = session.get(FileRow, input_file)
            if kept is not None and kept.expires_at is not None:
                kept.expires_at = max(kept.expires_at, ends + KEPT_AFTER_SECONDS)
            batch = batch_of(row, Counts())
        self.on_news()
        return batch

    def batch(self, caller: Caller, batch: str) -> Batch:
        """Raises Missing."""
        with self._database.session() as session:
            row = _own(session, caller, batch)
            return batch_of(row, counts_of(session, [row])[row.id])

    def batches(self, caller: Caller, *, after: str | None = None, limit: int = 20) -> Page[Batch]:
        """Those of the workspace, newest first."""
        made, by_id = BatchRow.created_at, BatchRow.id
        with self._database.session() as session:
            wanted = select(BatchRow).where(BatchRow.workspace == caller.workspace)
            if after is not None:
                last = _own(session, caller, after)
                wanted = wanted.where((made < last.created_at) | ((made == last.created_at) & (by_id < last.id)))
            rows = session.scalars(wanted.order_by(made.desc(), by_id.desc()).limit(limit + 1)).all()
            counts = counts_of(session, rows[:limit])
            return Page(items=tuple(batch_of(row, counts[row.id]) for row in rows[:limit]), has_more=len(rows) > limit)

    def cancel(self, caller: Caller, batch: str) -> Batch:
        """Feeds no more lines and stops the films under way. What was made stays. Raises Conflict after the end."""
        need_role(caller, Role.EDITOR)
        with self._database.writing() as session:
            row = _own(session, caller, batch)
            if row.state not in ACTIVE:
                raise Conflict(f"The batch is {row.state} already and cannot be cancelled.")
            if row.state in ("validating", "in_progress"):
                set_state(row, "cancelling", ends_as="cancelled")
                record(session, "batch.cancel", caller=caller, object=batch)
            seen = batch_of(row, counts_of(session, [row])[row.id])
        self.on_news()
        return seen


def set_state(row: BatchRow, state: str, **fields: object) -> None:
    """Moves a batch on, with the moment; `fields` change beside."""
    moments = {**row.fields["moments"], f"{state}_at": int(time.time())}
    row.state = state
    if state not in ACTIVE:
        row.completed_at = int(time.time())
    row.fields = {**row.fields, **fields, "moments": moments}


def counts_of(session: Session, rows: Sequence[BatchRow]) -> dict[str, Counts]:
    """By the id of the batch: as they were at its end, else as the films are now. One that was deleted counts as failed."""
    open_rows = [row for row in rows if "counts" not in row.fields]
    states: dict[str, dict[str, int]] = {row.id: {} for row in open_rows}
    if open_rows:
        asked = (
            select(VideoRow.batch, VideoRow.state, func.count())
            .where(VideoRow.batch.in_(list(states)))
            .group_by(VideoRow.batch, VideoRow.state)
        )
        for batch, state, number in session.execute(asked):
            states[str(batch)][state] = number
    found = {row.id: Counts(**row.fields["counts"]) for row in rows if "counts" in row.fields}
    for row in open_rows:
        films = states[row.id]
        under_way = sum(number for state, number in films.items() if state not in ENDED)
        completed = films.get(State.COMPLETED.value, 0)
        failed = max(0, len(row.lines) - under_way - completed)  # films may have been added since the row was read
        found[row.id] = Counts(total=row.fields["total"], completed=completed, failed=failed)
    return found


def batch_of(row: BatchRow, counts: Counts) -> Batch:
    """The row as a value."""
    fields = row.fields
    return Batch(
        id=row.id, state=row.state, endpoint=fields["endpoint"], completion_window=fields["completion_window"],
        input_file=row.input_file, output_file=row.output_file, error_file=row.error_file, metadata=fields["metadata"],
        errors=fields.get("errors"), counts=counts, created_at=row.created_at, moments=fields["moments"],
    )  # fmt: skip


def _own(session: Session, caller: Caller, batch: str) -> BatchRow:
    row = session.get(BatchRow, batch)
    if row is None or row.workspace != caller.workspace:
        raise Missing(f"There is no batch {batch[:80]!r} here.")
    return row


def _check_metadata(metadata: Mapping[str, str] | None) -> None:
    if metadata is None:
        return
    if len(metadata) > METADATA_MAX:
        raise Invalid(f"The metadata has {len(metadata)} entries; give at most {METADATA_MAX}.", param="metadata")
    for key, value in metadata.items():
        if len(key) > METADATA_KEY_MAX or not isinstance(value, str) or len(value) > METADATA_VALUE_MAX:
            raise Invalid(
                f"The metadata entry {key[:80]!r} is too long or no text; give keys up to {METADATA_KEY_MAX} letters and "
                f"texts up to {METADATA_VALUE_MAX}.",
                param="metadata",
            )
