"""Endpoints that want to hear of events, and the events on their way to them. Sending is in `deliveries`."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from vitascope.jobs.accounts import need_role
from vitascope.jobs.callback import Reach, call, check_url
from vitascope.jobs.database import Database
from vitascope.jobs.errors import Conflict, Invalid, Missing
from vitascope.jobs.ids import new_id
from vitascope.jobs.signing import Secret, signed_headers
from vitascope.jobs.tables import DeliveryRow, EndpointRow, VideoRow
from vitascope.jobs.tiers import tier_named
from vitascope.jobs.values import Caller, Page, Role, State, Video

__all__ = ["EVENT_TYPES", "Endpoint", "Webhooks"]

VIDEO_EVENTS = {
    State.COMPLETED: "video.completed",
    State.FAILED: "video.failed",
    State.CANCELLED: "video.cancelled",
}
EVENT_TYPES = (*VIDEO_EVENTS.values(), "batch.completed", "batch.failed", "batch.expired", "batch.cancelled")
NAME_LENGTH_MAX = 200
MISSED_SECONDS = 3 * 86_400
"""How far back films are looked through for events that were never written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where events of a workspace are sent. `secret` is given only when it was just made."""

    id: str
    name: str
    url: str
    event_types: tuple[str, ...]
    created_at: int
    updated_at: int
    disabled: bool
    hint: str
    secret: str | None = None


class Webhooks:
    """Endpoints of workspaces, and the book of what is still to be sent to them.

    `reach` says which addresses may be called. `on_news` is called, from any thread, when there is something to send.
    Raises JobError for what cannot be done.
    """

    def __init__(self, database: Database, *, reach: Reach, on_news: Callable[[], None] = lambda: None) -> None:
        self._database = database
        self.reach = reach
        self.on_news = on_news

    def create(self, caller: Caller, *, name: str, url: str, event_types: Sequence[str]) -> Endpoint:
        """A new endpoint; the only time, but for `rotate`, that its secret is told."""
        need_role(caller, Role.OWNER)
        name, types = _checked_name(name), _checked_types(event_types)
        check_url(url, self.reach)
        secret, now = Secret.fresh(), int(time.time())
        with self._database.writing() as session:
            have = session.scalars(select(EndpointRow.id).where(EndpointRow.workspace == caller.workspace)).all()
            if len(have) >= (most := tier_named(caller.tier).webhooks):
                raise Conflict(
                    f"This workspace has {len(have)} webhook endpoints and the tier {caller.tier} allows {most}; delete one."
                )
            row = EndpointRow(
                id=new_id("endpoint"), workspace=caller.workspace, name=name, url=url, event_types=types, secret=secret.text(),
                created_at=now, updated_at=now, disabled=False,
            )  # fmt: skip
            session.add(row)
            return _endpoint(row, tell=True)

    def endpoint(self, caller: Caller, endpoint: str) -> Endpoint:
        """Raises Missing."""
        with self._database.session() as session:
            return _endpoint(_own(session, caller, endpoint))

    def endpoints(self, caller: Caller, *, after: str | None = None, limit: int = 20) -> Page[Endpoint]:
        """Those of the workspace, newest first."""
        with self._database.session() as session:
            wanted = (
                select(EndpointRow)
                .where(EndpointRow.workspace == caller.workspace)
                .order_by(EndpointRow.created_at.desc(), EndpointRow.id.desc())
            )
            rows = list(session.scalars(wanted))
        if after is not None:
            places = [place for place, row in enumerate(rows) if row.id == after]
            if not places:
                raise Missing(f"There is no webhook endpoint {after!r} to go on after.", param="after")
            rows = rows[places[0] + 1 :]
        return Page(items=tuple(_endpoint(row) for row in rows[:limit]), has_more=len(rows) > limit)

    def update(
        self,
        caller: Caller,
        endpoint: str,
        *,
        name: str | None = None,
        url: str | None = None,
        event_types: Sequence[str] | None = None,
    ) -> Endpoint:
        """Changes what is given. An endpoint that had been switched off is tried again from now on."""
        need_role(caller, Role.OWNER)
        if url is not None:
            check_url(url, self.reach)
        with self._database.writing() as session:
            row = _own(session, caller, endpoint)
            row.name = row.name if name is None else _checked_name(name)
            row.url = row.url if url is None else url
            row.event_types = row.event_types if event_types is None else _checked_types(event_types)
            row.disabled = False
            row.updated_at = int(time.time())
            return _endpoint(row)

    def rotate(self, caller: Caller, endpoint: str, *, keep_old: bool = False) -> Endpoint:
        """Gives the endpoint a new secret, and tells it; the old one goes on signing for a day if `keep_old`."""
        need_role(caller, Role.OWNER)
        now = int(time.time())
        with self._database.writing() as session:
            row = _own(session, caller, endpoint)
            row.secret = Secret.from_text(row.secret).rotated(now=now, keep_old=keep_old).text()
            row.updated_at = now
            return _endpoint(row, tell=True)

    def delete(self, caller: Caller, endpoint: str) -> None:
        """Forgets the endpoint, and what was on its way to it."""
        need_role(caller, Role.OWNER)
        with self._database.writing() as session:
            session.delete(_own(session, caller, endpoint))

    async def test(self, caller: Caller, endpoint: str, event_type: str) -> int:
        """Sends a made-up event now, once, and returns the status of the answer. Raises Unreachable."""
        need_role(caller, Role.OWNER)
        (event_type,) = _checked_types([event_type], param="event_type")
        with self._database.session() as session:
            row = _own(session, caller, endpoint)
            url, secret = row.url, Secret.from_text(row.secret)
        now = int(time.time())
        kind = event_type.partition(".")[0]
        event = new_id("event")
        body = _body(event, event_type, f"{kind}_test", now).encode()
        headers = signed_headers(secret, message=event, now=now, body=body)
        return await call(url, body=body, headers=headers, reach=self.reach)

    def on_end(self, video: Video) -> None:
        """Writes down that a film has come to an end, for every endpoint that wants to know: once, however often called."""
        self.announce(video.workspace, VIDEO_EVENTS[video.state], video.id)

    def announce(self, workspace: str, event_type: str, about: str) -> None:
        """Writes down an event about the object with the id `about`; nothing, when it was written down before."""
        with self._database.writing() as session:
            rows = session.scalars(
                select(EndpointRow).where(EndpointRow.workspace == workspace, EndpointRow.disabled.is_(False))
            )
            written = [_write(session, row, event_type, about) for row in rows if event_type in row.event_types]
        if any(written):
            self.on_news()

    def catch_up(self) -> None:
        """Writes down the ends of films that a server had no time to announce before it was killed."""
        since = int(time.time()) - MISSED_SECONDS
        with self._database.writing() as session:
            for row in session.scalars(select(EndpointRow).where(EndpointRow.disabled.is_(False))).all():
                ended = session.execute(
                    select(VideoRow.id, VideoRow.state).where(
                        VideoRow.workspace == row.workspace,
                        VideoRow.created_at >= max(since, row.updated_at),
                        VideoRow.state.in_([state.value for state in VIDEO_EVENTS]),
                    )
                )
                for video, state in ended.all():
                    if (event_type := VIDEO_EVENTS[State(state)]) in row.event_types:
                        _write(session, row, event_type, video)
        self.on_news()


def _write(session: Session, endpoint: EndpointRow, event_type: str, about: str) -> bool:
    """Whether the event was new for this endpoint. Its id follows from what it says, so it is never written twice."""
    digest = hashlib.sha256(f"{event_type} {about}".encode()).digest()
    event = "evt_" + base64.b32encode(digest)[:26].decode().lower()
    known = select(DeliveryRow.id).where(DeliveryRow.endpoint == endpoint.id, DeliveryRow.event == event)
    if session.scalar(known) is not None:
        return False
    now = int(time.time())
    session.add(
        DeliveryRow(
            id=new_id("delivery"),
            endpoint=endpoint.id,
            event=event,
            body=_body(event, event_type, about, now),
            attempts=0,
            next_at=float(now),
        )
    )
    return True


def _body(event: str, event_type: str, about: str, now: int) -> str:
    return json.dumps({"id": event, "object": "event", "created_at": now, "type": event_type, "data": {"id": about}})


def _own(session: Session, caller: Caller, endpoint: str) -> EndpointRow:
    row = session.get(EndpointRow, endpoint)
    if row is None or row.workspace != caller.workspace:
        raise Missing(f"There is no webhook endpoint {endpoint[:80]!r} here.")
    return row


def _checked_name(name: str) -> str:
    if not 1 <= len(name.strip()) <= NAME_LENGTH_MAX:
        raise Invalid(f"The name has {len(name.strip())} letters; give 1 to {NAME_LENGTH_MAX}.", param="name")
    return name.strip()


def _checked_types(event_types: Sequence[str], *, param: str = "event_types") -> list[str]:
    unknown = [each for each in event_types if each not in EVENT_TYPES]
    if unknown or not event_types:
        what = f"The event type {str(unknown[0])[:80]!r} is not known" if unknown else "No event type was given"
        raise Invalid(f"{what}; give some of: {', '.join(EVENT_TYPES)}.", param=param)
    return list(dict.fromkeys(event_types))


def _endpoint(row: EndpointRow, *, tell: bool = False) -> Endpoint:
    secret = Secret.from_text(row.secret)
    return Endpoint(
        id=row.id, name=row.name, url=row.url, event_types=tuple(row.event_types), created_at=row.created_at,
        updated_at=row.updated_at, disabled=row.disabled, hint=secret.hint, secret=secret.current if tell else None,
    )  # fmt: skip
