"""Who did what to which object: words of ours and ids, so that no prompt, name or key can get in.

What is done to films, characters, files and batches is written down by the job core, in the step that does it, whichever door it
came through. What owners and the operator do is noted by their faces.
"""

from __future__ import annotations

import re
import time
from contextvars import ContextVar
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from vitascope.jobs.database import Database
from vitascope.jobs.tables import AuditRow
from vitascope.jobs.values import Caller

__all__ = ["Audit", "Entry", "record", "request_id"]

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The request that is being answered, if one is."""

_ACTION = re.compile(r"[a-z_]+(\.[a-z_]+)*")
_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the log. `account` is None for what the operator did at the machine itself."""

    id: int
    created_at: int
    account: str | None
    workspace: str | None
    action: str
    object: str | None
    request: str | None


def record(
    session: Session,
    action: str,
    *,
    caller: Caller | None = None,
    object: str | None = None,
    request: str | None = None,
) -> None:
    """Write down that `caller` did `action` ("video.create") to the object with this id, in the step that `session` is.

    `request` is the request that is being answered unless another is given; an id that is not one (clients may choose it) is
    left out.
    """
    assert _ACTION.fullmatch(action), action
    assert object is None or _ID.fullmatch(object), object
    request = request or request_id.get()
    session.add(
        AuditRow(
            created_at=int(time.time()),
            account=caller.account if caller else None,
            workspace=caller.workspace if caller else None,
            action=action,
            object=object,
            request=request if request and _ID.fullmatch(request) else None,
        )
    )


class Audit:
    """All of the server. Safe to use from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(
        self, action: str, *, caller: Caller | None = None, object: str | None = None, request: str | None = None
    ) -> None:
        """As `record`, in a step of its own."""
        with self._database.writing() as session:
            record(session, action, caller=caller, object=object, request=request)

    def entries(
        self, *, workspace: str | None = None, object: str | None = None, before: int | None = None, limit: int = 100
    ) -> list[Entry]:
        """The latest lines first: of a workspace, about an object, before the line with the id `before`, where given."""
        asked = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
        if workspace is not None:
            asked = asked.where(AuditRow.workspace == workspace)
        if object is not None:
            asked = asked.where(AuditRow.object == object)
        if before is not None:
            asked = asked.where(AuditRow.id < before)
        with self._database.session() as session:
            return [
                Entry(
                    id=row.id, created_at=row.created_at, account=row.account, workspace=row.workspace,
                    action=row.action, object=row.object, request=row.request,
                )
                for row in session.scalars(asked)
            ]  # fmt: skip
