"""Who calls: a key becomes a `Caller`. Without one, only programs on this machine are let in, and only where that is wanted."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from vitascope.jobs.accounts import need_role, need_scope
from vitascope.jobs.enquiries import Enquiry
from vitascope.jobs.errors import TooBusy, Unauthorised
from vitascope.jobs.values import Caller, Role
from vitascope.serve.house import House

__all__ = ["Called", "Door", "caller", "films", "identify", "known_or_key", "needs"]

PACES_MOST = 10_000
READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(slots=True)
class Door:
    """The door of one server. `local` is who requests without a key act as, None where each needs its own."""

    local: Caller | None = None
    paces: dict[str, tuple[float, float]] = field(default_factory=dict)
    """For each account the requests that it may still make, and when that was counted [s]."""

    def pace(self, account: str, per_minute: float | None) -> None:
        """Count one request. Raises TooBusy with the time until the next one is let in; None is no limit."""
        if per_minute is None:
            return
        now = time.monotonic()
        left, then = self.paces.get(account, (per_minute, now))
        left = min(per_minute, left + (now - then) * per_minute / 60)
        if left < 1:
            wait = (1 - left) * 60 / per_minute
            raise TooBusy(
                f"This account may make {per_minute:g} requests a minute and made more; wait {wait:.1f} s.",
                retry_after=wait,
            )
        if len(self.paces) >= PACES_MOST:
            self.paces.clear()
        self.paces[account] = (left - 1, now)


async def caller(request: Request) -> Caller:
    """The dependency that says who calls. Raises Unauthorised, Forbidden or TooBusy.

    Only what writes is counted against the pace of the tier: asking how far a film is stays free.
    """
    house: House = request.app.state.house
    door: Door = request.app.state.door
    key = _key_of(request.headers)
    if key is None:
        who = _local(house, door, request.headers)
    else:
        who = house.accounts.known(key) or await house.core.enquiries.ask(Enquiry(key=key))
    if request.method not in READING:
        need_role(who, Role.EDITOR)
        door.pace(who.account, house.accounts.limits(who.tier).requests_per_minute)
    return who


def identify(house: House, door: Door, headers: Mapping[str, str]) -> Caller:
    """Who calls with these headers (names in lower case), for faces that have no FastAPI request."""
    key = _key_of(headers)
    return _local(house, door, headers) if key is None else house.accounts.authenticate(key)


def known_or_key(house: House, door: Door, headers: Mapping[str, str]) -> Caller | str:
    """Who calls with these headers, if that is known in memory, else the key; waits for nothing. Raises Unauthorised."""
    key = _key_of(headers)
    return _local(house, door, headers) if key is None else house.accounts.known(key) or key


def needs(scope: str) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency that gives the caller only when its key has `scope`."""

    async def checked(who: Annotated[Caller, Depends(caller)]) -> Caller:
        need_scope(who, scope)
        return who

    return checked


films = needs("films")
Called = Annotated[Caller, Depends(films)]
"""The parameter of a route about films: whoever calls, with a key for films."""


def _local(house: House, door: Door, headers: Mapping[str, str]) -> Caller:
    """Who a request without a key acts as. Raises Unauthorised.

    Pages of other sites run on this machine too: a browser says the host that it thinks it calls and the page that it
    shows, and both must be ours.
    """
    if door.local is None:
        raise Unauthorised("No key of this server was sent; send the header: Authorization: Bearer vsk_…")
    own = house.settings.own_hosts
    origin = headers.get("origin")
    names = [_host(headers.get("host", "")), *([urlsplit(origin).hostname or "null"] if origin else [])]
    if any(name.lower() not in own for name in names):
        raise Unauthorised(
            "Without a key only pages and programs of this machine are served, by the name localhost; send a key."
        )
    return door.local


def _key_of(headers: Mapping[str, str]) -> str | None:
    """The key that was sent. Clients that insist on some key send one of their own making, which counts as none."""
    scheme, _, key = headers.get("authorization", "").partition(" ")
    key = key.strip()
    if scheme and scheme.lower() != "bearer":
        raise Unauthorised("The header Authorization is not of the form: Bearer vsk_…; send it so.")
    return key if key.startswith("vsk_") else None


def _host(name: str) -> str:
    """The host without its port."""
    return name.rpartition("]")[0] + "]" if name.startswith("[") else name.partition(":")[0]
