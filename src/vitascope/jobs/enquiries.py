"""Who calls, and which film is meant, where memory does not know: who asks at about the same time is looked up together.

However many clients come at once, one thread asks for them, on one connection, with one query for keys and one for films.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from anyio import CapacityLimiter, to_thread
from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from vitascope.jobs.accounts import Accounts
from vitascope.jobs.database import Database
from vitascope.jobs.errors import Unauthorised
from vitascope.jobs.rows import video_of
from vitascope.jobs.tables import VideoRow
from vitascope.jobs.values import Caller
from vitascope.jobs.watch import Watch

__all__ = ["Enquiries", "Enquiry"]

GATHERS = 0.004
"""Seconds that the first of some waits for others; those that come while they are looked up are the next."""
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """`who` calls, or somebody with `key`, and asks for `video`, if for a film at all."""

    key: str | None = None
    who: Caller | None = None
    video: str | None = None


Waiting = tuple[Enquiry, "asyncio.Future[Caller]"]


class Enquiries:
    """For one event loop. `gathers` [s] is how long the first of some waits for others."""

    def __init__(self, database: Database, watch: Watch, accounts: Accounts, *, gathers: float = GATHERS) -> None:
        self._database, self._watch, self._accounts = database, watch, accounts
        self._gathers = gathers
        self._waiting: list[Waiting] = []
        self._answering: asyncio.Task[None] | None = None

    async def ask(self, enquiry: Enquiry) -> Caller:
        """Who calls; what was found is known in memory from then on, a film only where it is in the caller's workspace.

        Raises Unauthorised, and DatabaseError or TooBusy where the database cannot be asked.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Caller] = loop.create_future()
        self._waiting.append((enquiry, answer))
        if self._answering is None:
            self._answering = loop.create_task(self._answer())
        return await answer

    async def _answer(self) -> None:
        """Answer those that wait, and those that come meanwhile, until nobody is left."""
        own = CapacityLimiter(1)  # not among the threads that plan films, which may all be taken
        some: list[Waiting] = []
        try:
            await asyncio.sleep(self._gathers)
            while self._waiting:
                some, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                try:
                    found = await to_thread.run_sync(self._found, [enquiry for enquiry, _ in some], limiter=own)
                except Exception as error:
                    found = [error] * len(some)
                for (_, answer), each in zip(some, found, strict=True):
                    _give(answer, each)
        finally:
            self._answering = None
            for _, answer in (*some, *self._waiting):  # none, unless the loop ends
                answer.cancel()

    def _found(self, enquiries: Sequence[Enquiry]) -> list[Caller | Unauthorised]:
        """Who calls, in the order of the enquiries. Raises DatabaseError, TooBusy."""
        keys = {enquiry.key for enquiry in enquiries if enquiry.key is not None}
        with self._database.session() as session:
            callers = self._accounts.callers(session, keys)
            found = [enquiry.who or callers[enquiry.key or ""] for enquiry in enquiries]
            wanted = {
                (enquiry.video, who.workspace)
                for enquiry, who in zip(enquiries, found, strict=True)
                if enquiry.video is not None and isinstance(who, Caller)
            }
            if wanted:
                self._learn(session, wanted)
        return found

    def _learn(self, session: Session, wanted: set[tuple[str, str]]) -> None:
        """Know the films, by their ids, that are in the workspaces from which they are asked for."""
        since = self._watch.forgotten
        asked = select(VideoRow).where(VideoRow.id.in_({video for video, _ in wanted}))
        rows = session.scalars(
            asked.options(defer(VideoRow.film, raiseload=True), defer(VideoRow.edit, raiseload=True))
        )
        found = [video_of(row) for row in rows if (row.id, row.workspace) in wanted]
        self._watch.learn(found, since)


def _give(answer: asyncio.Future[Caller], found: Caller | BaseException) -> None:
    if answer.done():  # whoever asked has gone
        return
    if isinstance(found, BaseException):
        answer.set_exception(found)
    else:
        answer.set_result(found)
