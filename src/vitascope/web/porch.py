"""Who may come to the pages: on one's own machine its own pages alone, else whoever signed in with a key.

The key lies sealed in a cookie that scripts cannot read, and is looked up at each visit: what is revoked opens nothing more.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from vitascope.jobs.errors import JobError, Unauthorised
from vitascope.jobs.values import Caller
from vitascope.serve.auth import Door, identify
from vitascope.serve.house import House

__all__ = ["SIGN_IN", "Porch", "Visit", "is_own_page", "visit_of", "visitor", "with_cookie", "without_cookie"]

SIGN_IN = "/sign-in"
COOKIE = "vitascope"
COOKIE_SECONDS = 30 * 24 * 3600
OPEN = ("/_nicegui", "/favicon.ico")
"""What the pages are made of; holds nothing of anybody's."""
PLACES = ("/", SIGN_IN, "/settings", "/favicon.ico")
FOLDERS = ("/films/", "/_nicegui/", "/_nicegui_ws/")
_VISIT = "vitascope.visit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The house that is visited, and by whom: None at the door of a server with accounts."""

    house: House
    caller: Caller | None


class Porch(BaseRoute):
    """The route that leads to `pages`: only to addresses that are pages, so that all others stay what they are to the API."""

    def __init__(self, pages: ASGIApp) -> None:
        self._pages = pages

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether an address is one of the pages, whatever the method."""
        path = scope.get("path", "")
        ours = scope["type"] in ("http", "websocket") and (path in PLACES or path.startswith(FOLDERS))
        return (Match.FULL if ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a visitor in, or say why not."""
        connection = HTTPConnection(scope)
        house: House = scope["app"].state.house
        path = scope["path"]
        try:
            caller: Caller | None = await visitor(connection)
        except JobError as error:
            caller = None
            if scope["type"] == "websocket":
                if not _is_own(house, scope["app"].state.door, connection.headers):
                    await send({"type": "websocket.close", "code": 1008})
                    return
            elif scope["app"].state.door.local is not None:
                await PlainTextResponse(error.message, status_code=403)(scope, receive, send)
                return
            elif path != SIGN_IN and not path.startswith(OPEN):
                await RedirectResponse(SIGN_IN, status_code=303)(scope, receive, send)
                return
        await self._pages({**scope, _VISIT: Visit(house=house, caller=caller)}, receive, send)


def visit_of(connection: HTTPConnection) -> Visit:
    """What the porch found out about this visit."""
    return connection.scope[_VISIT]


async def visitor(connection: HTTPConnection) -> Caller:
    """Who comes: by the cookie, else as any request to the API. Raises Unauthorised, Forbidden."""
    app = connection.scope["app"]
    house: House = app.state.house
    door: Door = app.state.door
    if door.local is not None:
        return identify(house, door, _plain(connection.headers))
    if not _is_own(house, door, connection.headers):
        raise Unauthorised("A page of another site asked; open the studio itself.")
    key = _key_in(house, connection.headers.get("cookie", ""))
    if key is None:
        return await run_in_threadpool(identify, house, door, _plain(connection.headers))
    return await run_in_threadpool(house.accounts.authenticate, key)


def is_own_page(connection: HTTPConnection) -> bool:
    """Whether a page of this server asks, or no page."""
    app = connection.scope["app"]
    return _is_own(app.state.house, app.state.door, connection.headers)


def _sealed(house: House, key: str) -> str:
    """A key as it lies in the cookie."""
    return _seal(house).encrypt(key.encode()).decode()


def with_cookie(house: House, response: Response, key: str) -> Response:
    """`response`, after which this browser comes with `key`."""
    secure = urlsplit(house.settings.url).scheme == "https"
    response.set_cookie(
        COOKIE, _sealed(house, key), max_age=COOKIE_SECONDS, httponly=True, samesite="lax", secure=secure, path="/"
    )
    return response


def without_cookie(response: Response) -> Response:
    """`response`, after which this browser has signed out."""
    response.delete_cookie(COOKIE, path="/")
    return response


def _key_in(house: House, cookies: str) -> str | None:
    try:
        found = SimpleCookie(cookies).get(COOKIE)
        return None if found is None else _seal(house).decrypt(found.value.encode(), ttl=COOKIE_SECONDS).decode()
    except (CookieError, InvalidToken):
        return None


def _seal(house: House) -> Fernet:
    digest = hashlib.blake2b(house.secret, digest_size=32, person=b"vitascope cookie").digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def _is_own(house: House, door: Door, headers: Headers) -> bool:
    """Whether a request comes from a page of this server, or from no page."""
    if door.local is not None:
        try:
            identify(house, door, _plain(headers))
        except JobError:
            return False
        return True
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def _plain(headers: Headers) -> Mapping[str, str]:
    return dict(headers.items())
