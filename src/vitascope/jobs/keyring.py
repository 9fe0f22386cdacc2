"""Who calls with which key: asked of the database once, believed for seconds, and looked up again while it is in use."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from vitascope.jobs.database import Database
from vitascope.jobs.errors import TooBusy, Unauthorised
from vitascope.jobs.tables import AccountRow, KeyRow, MemberRow
from vitascope.jobs.values import Caller, Role

__all__ = ["Keyring", "digest_of_key"]

_KEY = re.compile(r"vsk_[A-Za-z0-9_-]{43}")
_BELIEVED = 5.0
"""Seconds that a key is believed before it is looked up again: how late a revocation on another server takes hold at most."""
_IN_USE = 15.0
"""Seconds since its last request in which a key is looked up again before that is needed."""
_MOST = 10_000
_AT_ONCE = 500
_USED_STEP = 60
"""Seconds between two notes of a key's last use."""


@dataclass(slots=True)
class _Believed:
    """A caller, until when it is believed, and when it was last asked for [s]."""

    caller: Caller
    until: float
    asked: float


class Keyring:
    """Safe from any thread. Keys themselves are kept nowhere, only their digests."""

    def __init__(self, database: Database, *, now: Callable[[], float] = time.monotonic) -> None:
        self._database, self._now = database, now
        self._believed: dict[str, _Believed] = {}
        self._forgotten = 0
        """How often everything was forgotten: what was read before that is not kept."""
        self._lock = threading.Lock()

    def known(self, key: str) -> Caller | None:
        """Who calls with this key, if that is known in memory; asks nobody. None says nothing about the key."""
        return self._known(digest_of_key(key))

    def caller(self, key: str) -> Caller:
        """Who calls with this key. Raises Unauthorised."""
        if (caller := self.known(key)) is not None:
            return caller
        with self._database.session() as session:
            found = self.callers(session, [key])[key]
        if isinstance(found, Unauthorised):
            raise found
        return found

    def callers(self, session: Session, keys: Collection[str]) -> dict[str, Caller | Unauthorised]:
        """Who calls with each of some keys, looked up together, or what is wrong with it. Raises DatabaseError."""
        digests = {key: digest_of_key(key) for key in keys if _KEY.fullmatch(key)}
        now, forgotten = self._now(), self._forgotten
        rows = self._found(session, list(digests.values()))
        found = {key: _found_with(rows, digests.get(key)) for key in keys}
        with self._lock:
            if forgotten == self._forgotten:
                for key, caller in found.items():
                    if isinstance(caller, Caller):
                        self._believe(digests[key], _Believed(caller, now + _BELIEVED, self._now()))
        return found

    def forget(self) -> None:
        """Keys, members or accounts were changed in this process: believe nothing of before."""
        with self._lock:
            self._believed.clear()
            self._forgotten += 1

    def look(self) -> None:
        """Look up all keys in use, together: those that still hold are believed on, the others no longer.

        Here is noted, too, that they were used. Raises DatabaseError.
        """
        now = self._now()
        with self._lock:
            forgotten = self._forgotten
            used = [digest for digest, each in self._believed.items() if each.asked >= now - _IN_USE]
        if not used:
            return
        with self._database.session() as session:
            found = self._found(session, used)
        self._note_use(found.values())
        with self._lock:
            if forgotten != self._forgotten:
                return
            for digest in used:
                try:
                    self._believed[digest].caller = _caller_of(found[digest])
                    self._believed[digest].until = now + _BELIEVED
                except (KeyError, Unauthorised):
                    self._believed.pop(digest, None)

    def _believe(self, digest: str, believed: _Believed) -> None:
        if digest not in self._believed and len(self._believed) >= _MOST:
            self._believed.clear()
        self._believed[digest] = believed

    def _known(self, digest: str) -> Caller | None:
        now = self._now()
        with self._lock:
            found = self._believed.get(digest)
            if found is None:
                return None
            found.asked = now
            return found.caller if now < found.until else None

    def _found(self, session: Session, digests: Sequence[str]) -> dict[str, Row[Any]]:
        asked = (
            select(
                KeyRow.digest, KeyRow.id, KeyRow.workspace, KeyRow.scopes, KeyRow.used_at, KeyRow.revoked_at,
                AccountRow.id.label("account"), AccountRow.tier, AccountRow.disabled, MemberRow.role,
            )
            .join(AccountRow, AccountRow.id == KeyRow.account)
            .outerjoin(MemberRow, (MemberRow.workspace == KeyRow.workspace) & (MemberRow.account == KeyRow.account))
        )  # fmt: skip
        found: dict[str, Row[Any]] = {}
        for start in range(0, len(digests), _AT_ONCE):
            some = digests[start : start + _AT_ONCE]
            found |= {row.digest: row for row in session.execute(asked.where(KeyRow.digest.in_(some)))}
        return found

    def _note_use(self, keys: Iterable[Row[Any]]) -> None:
        now = int(time.time())
        used = [key.id for key in keys if key.used_at is None or now - key.used_at >= _USED_STEP]
        if not used:
            return
        try:
            with self._database.writing() as session:
                session.execute(update(KeyRow).where(KeyRow.id.in_(used)).values(used_at=now))
        except TooBusy:
            pass  # next time


def digest_of_key(key: str) -> str:
    """What is kept of a key; keys are 256 random bits, so it need not be slow."""
    return hashlib.sha256(key.encode()).hexdigest()


def _found_with(rows: Mapping[str, Row[Any]], digest: str | None) -> Caller | Unauthorised:
    """The caller with the key of this digest, which is None for what is no key, or why there is none."""
    if digest is None:
        return Unauthorised("The key is not one of this server; its keys begin with vsk_ and have 47 letters.")
    if digest not in rows:
        return Unauthorised("The key is not known here.")
    try:
        return _caller_of(rows[digest])
    except Unauthorised as error:
        return error


def _caller_of(found: Row[Any]) -> Caller:
    if found.revoked_at is not None:
        raise Unauthorised("The key was revoked.")
    if found.disabled:
        raise Unauthorised("The account of this key is closed.")
    if found.role is None:
        raise Unauthorised("The account of this key is no longer a member of its workspace.")
    return Caller(
        account=found.account, workspace=found.workspace, role=Role(found.role), tier=found.tier,
        scopes=frozenset(found.scopes), key=found.id,
    )  # fmt: skip
