"""Polls by heart: hundreds of clients ask again and again about films of which nothing is new.

What memory knows — who calls with the key, the film, its object as bytes — is answered here, without a route, a thread or a
query. What it does not know is looked up first, with what others ask for (`jobs/enquiries.py`). Everything else passes on to
the route, which gives the same answer and says what is wrong with a request.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from vitascope.jobs.accounts import need_scope
from vitascope.jobs.enquiries import Enquiry
from vitascope.jobs.errors import JobError
from vitascope.jobs.ids import is_id
from vitascope.jobs.values import Video
from vitascope.serve.auth import known_or_key
from vitascope.serve.content import HOUR
from vitascope.serve.house import House
from vitascope.serve.objects import poll_after_ms
from vitascope.serve.videos import reply_body

__all__ = ["BY_HEART", "Polls"]

FILMS = "/v1/videos/"
BY_HEART = "vitascope.by_heart"
"""Set in the scope of a request that was answered here."""
KEPT = 10_000


@dataclass(frozen=True, slots=True)
class _Written:
    """The object of a film as bytes, and the hour in which it was written: signed addresses in it stay the same for one."""

    video: Video
    hour: int
    body: bytes


class Polls:
    """ASGI middleware for GET /v1/videos/{id}; `route` is the route that stands behind it."""

    def __init__(self, app: ASGIApp, *, route: BaseRoute) -> None:
        self._app, self._route = app, route
        self._written: OrderedDict[str, _Written] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass a request on."""
        known = await self._found(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if known is None:
            await self._app(scope, receive, send)
            return
        body, after_ms = known
        scope["route"], scope[BY_HEART] = self._route, True
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"openai-poll-after-ms", b"%d" % after_ms),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _found(self, scope: Scope) -> tuple[bytes, int] | None:
        """The answer and when to ask again [ms]; None where there is none here, or something is wrong."""
        house: House | None = getattr(scope["app"].state, "house", None)
        path: str = scope["path"]
        if house is None or not path.startswith(FILMS) or not is_id(video := path[len(FILMS) :]):
            return None
        try:
            known = self._known(house, scope, video)
            if isinstance(known, Enquiry):
                await house.core.enquiries.ask(known)
                known = self._known(house, scope, video)
        except JobError:
            return None
        return None if isinstance(known, Enquiry) else known

    def _known(self, house: House, scope: Scope, video: str) -> tuple[bytes, int] | Enquiry:
        """The answer, or what memory lacks for it. Raises Unauthorised, Forbidden."""
        who = known_or_key(house, scope["app"].state.door, Headers(scope=scope))
        if isinstance(who, str):
            return Enquiry(key=who, video=video)
        need_scope(who, "films")
        found = house.core.known(who, video)
        if found is None:
            return Enquiry(who=who, video=video)
        return self._body(house, found), poll_after_ms(found, others=house.core.asked)

    def _body(self, house: House, video: Video) -> bytes:
        hour = int(time.time()) // HOUR
        found = self._written.get(video.id)
        if found is not None and found.video is video and found.hour == hour:
            return found.body
        body = reply_body(house, video)
        self._written[video.id] = _Written(video, hour, body)
        self._written.move_to_end(video.id)
        while len(self._written) > KEPT:
            self._written.popitem(last=False)
        return body
