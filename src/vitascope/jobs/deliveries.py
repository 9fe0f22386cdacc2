"""Sends what `webhooks` wrote down: signed, again and again over a day until it arrives, across restarts of servers.

What is on its way is in the database, so several servers may send: each takes what is due for a minute. An event arrives at
least once, always under the same webhook-id.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vitascope.jobs.callback import DEADLINE, Unreachable, call
from vitascope.jobs.database import Database
from vitascope.jobs.signing import Secret, signed_headers
from vitascope.jobs.tables import DeliveryRow, EndpointRow
from vitascope.jobs.webhooks import Webhooks

__all__ = ["WAITS", "Deliveries", "Outcome"]

WAITS = (5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0, 7200.0, 14_400.0, 28_800.0, 43_200.0)
"""Seconds before each further try, about 28 hours in all; then an event is given up."""
AT_ONCE = 16
TAKEN_FOR = 4 * DEADLINE
LOOK_EVERY = 5.0
LOOK_BACK_EVERY = 3600.0
GONE = 410
GONE_TRIES = 3
"""So many answers "gone" to one event switch an endpoint off."""

Outcome = Literal["delivered", "retried", "given_up"]
log = logging.getLogger("vitascope.webhooks")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sending:
    id: str
    endpoint: str
    event: str
    url: str
    body: bytes
    secret: Secret


class Deliveries:
    """A thread that sends. `on_outcome` is told how each try went; `waits` are the seconds before each further try."""

    def __init__(
        self,
        database: Database,
        webhooks: Webhooks,
        *,
        waits: tuple[float, ...] = WAITS,
        on_outcome: Callable[[Outcome], None] = lambda outcome: None,
    ) -> None:
        self._database = database
        self._webhooks = webhooks
        self._waits = waits
        self._on_outcome = on_outcome
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._stopping = False

    def start(self) -> None:
        """Begin to send, with what was left when a server ended."""
        self._webhooks.on_news = self._wake
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End within seconds. What is not sent is sent by the next server."""
        self._stopping = True
        self._wake()
        if self._thread is not None:
            self._thread.join(timeout=5.0)

    def _wake(self) -> None:
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._news.set)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        under_way: set[asyncio.Task[None]] = set()
        look_back_at = 0.0
        while not self._stopping:
            self._news.clear()
            try:
                if time.monotonic() >= look_back_at:
                    look_back_at = time.monotonic() + LOOK_BACK_EVERY
                    await asyncio.to_thread(self._webhooks.catch_up)
                for sending in await asyncio.to_thread(self._take, AT_ONCE - len(under_way)):
                    task = asyncio.create_task(self._send(sending))
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
                    task.add_done_callback(lambda _: self._news.set())
                wait = await asyncio.to_thread(self._seconds_to_next)
            except Exception:
                log.exception("Webhooks could not be looked through; the database is asked again in a moment.")
                wait = LOOK_EVERY
            full = len(under_way) >= AT_ONCE
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), LOOK_EVERY if full else wait)
        for task in under_way:
            task.cancel()

    async def _send(self, sending: _Sending) -> None:
        now = int(time.time())
        headers = signed_headers(sending.secret, message=sending.event, now=now, body=sending.body)
        try:
            status = await call(sending.url, body=sending.body, headers=headers, reach=self._webhooks.reach)
        except Unreachable as reason:
            log.info("A webhook did not arrive: %s", reason, extra={"endpoint": sending.endpoint})
            status = None
        try:
            self._on_outcome(await asyncio.to_thread(self._record, sending, status))
        except Exception:
            log.exception("How a webhook went could not be written down; it is sent again.")

    def _take(self, room: int) -> list[_Sending]:
        """What is due, at most `room`; nobody else takes it for a while."""
        if room <= 0:
            return []
        now = time.time()
        due = (
            select(DeliveryRow, EndpointRow)
            .join(EndpointRow, EndpointRow.id == DeliveryRow.endpoint)
            .where(self._open(), DeliveryRow.next_at <= now)
            .order_by(DeliveryRow.next_at)
            .limit(room)
        )
        with self._database.writing() as session:
            taken = []
            for row, endpoint in session.execute(due).all():
                row.next_at = now + TAKEN_FOR
                taken.append(
                    _Sending(
                        id=row.id,
                        endpoint=row.endpoint,
                        event=row.event,
                        url=endpoint.url,
                        body=row.body.encode(),
                        secret=Secret.from_text(endpoint.secret),
                    )
                )
            return taken

    def _record(self, sending: _Sending, status: int | None) -> Outcome:
        """Write down how a try went, and when the next one is due; switch the endpoint off where nothing helps."""
        with self._database.writing() as session:
            row = session.get(DeliveryRow, sending.id)
            if row is None:
                return "given_up"
            gone_before = row.status == GONE
            row.attempts += 1
            row.status = status
            if status is not None and 200 <= status < 300:
                row.delivered_at = int(time.time())
                return "delivered"
            gone = status == GONE and gone_before and row.attempts >= GONE_TRIES
            if not gone and row.attempts <= len(self._waits):
                row.next_at = time.time() + self._waits[row.attempts - 1] * random.uniform(0.9, 1.1)
                return "retried"
            row.attempts = len(self._waits) + 1
            if gone or not _heard_of_since(session, row):
                endpoint = session.get_one(EndpointRow, row.endpoint)
                endpoint.disabled = True
                log.warning(
                    "A webhook endpoint is switched off: it did not answer for too long.",
                    extra={"endpoint": endpoint.id},
                )
            return "given_up"

    def _seconds_to_next(self) -> float:
        """Until something is due, at most `LOOK_EVERY`: another server may have written something down."""
        with self._database.session() as session:
            soonest = session.scalar(
                select(func.min(DeliveryRow.next_at))
                .join(EndpointRow, EndpointRow.id == DeliveryRow.endpoint)
                .where(self._open())
            )
        return LOOK_EVERY if soonest is None else min(max(soonest - time.time(), 0.01), LOOK_EVERY)

    def _open(self):
        """Not arrived, not given up, and the endpoint is on."""
        return (
            DeliveryRow.delivered_at.is_(None)
            & (DeliveryRow.attempts <= len(self._waits))
            & EndpointRow.disabled.is_(False)
        )


def _heard_of_since(session: Session, row: DeliveryRow) -> bool:
    """Whether the endpoint took any event since this one happened."""
    happened = json.loads(row.body)["created_at"]
    later = select(DeliveryRow.id).where(DeliveryRow.endpoint == row.endpoint, DeliveryRow.delivered_at >= happened)
    return session.scalar(later.limit(1)) is not None
