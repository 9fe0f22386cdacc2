"""Who may do what: accounts, workspaces with members, and keys, of which only digests are kept."""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from vitascope.jobs.database import Database
from vitascope.jobs.errors import Conflict, Forbidden, Invalid, Missing, Unauthorised
from vitascope.jobs.ids import new_id
from vitascope.jobs.keyring import Keyring, digest_of_key
from vitascope.jobs.tables import AccountRow, KeyRow, MemberRow, WorkspaceRow
from vitascope.jobs.tiers import Tier, tier_named
from vitascope.jobs.values import Caller, Role

__all__ = ["SCOPES", "Account", "Accounts", "Key", "Member", "Workspace", "need_role", "need_scope"]

SCOPES = ("films", "manage", "admin")
"""films: make and see them; manage: keys, members and webhooks of the workspace; admin: accounts and the server."""

_RANKS = {Role.VIEWER: 0, Role.EDITOR: 1, Role.OWNER: 2}
Row = TypeVar("Row", AccountRow, WorkspaceRow)
_DEEDS = {Role.VIEWER: "see films", Role.EDITOR: "make films", Role.OWNER: "manage the workspace"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who has keys."""

    id: str
    name: str
    tier: str
    created_at: int
    disabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """What members share."""

    id: str
    name: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An account in a workspace."""

    workspace: str
    account: str
    name: str
    """Of the account."""
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key without its secret; `hint` shows the first letters."""

    id: str
    hint: str
    name: str
    account: str
    workspace: str
    scopes: tuple[str, ...]
    created_at: int
    used_at: int | None
    revoked_at: int | None


def need_role(caller: Caller, role: Role) -> None:
    """Return if the caller's role in the workspace is `role` or above. Raises Forbidden."""
    if _RANKS[caller.role] < _RANKS[role]:
        raise Forbidden(
            f"A {caller.role.value} of this workspace cannot {_DEEDS[role]}; ask an owner for the role of {role.value}.",
            code="role_too_low",
        )


def need_scope(caller: Caller, scope: str) -> None:
    """Return if the caller's key has `scope`. Raises Forbidden."""
    if scope not in caller.scopes:
        raise Forbidden(f"This key lacks the scope {scope!r}; use a key that has it.", code="scope_missing")


class Accounts:
    """All of the server. Safe to use from any thread. Who may call which method is for the faces to say (`need_role`)."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keyring = Keyring(database)

    # Keys

    def authenticate(self, key: str) -> Caller:
        """Who calls with this key. Raises Unauthorised."""
        return self._keyring.caller(key)

    def known(self, key: str) -> Caller | None:
        """Who calls with this key, if that is known in memory; waits for nothing. None says nothing about the key."""
        return self._keyring.known(key)

    def callers(self, session: Session, keys: Collection[str]) -> dict[str, Caller | Unauthorised]:
        """Who calls with each of some keys, looked up together, or what is wrong with it; they are known from then on.

        Raises DatabaseError.
        """
        return self._keyring.callers(session, keys)

    def look(self) -> None:
        """Look up again, together, the keys that are in use, and note that they are. Raises DatabaseError."""
        self._keyring.look()

    def create_key(
        self, account: str, workspace: str, name: str, scopes: Iterable[str] = ("films",)
    ) -> tuple[Key, str]:
        """A new key for a member, and its secret, which is not kept. Raises Missing, Invalid."""
        wanted = tuple(scope for scope in SCOPES if scope in set(scopes))
        if unknown := sorted(set(scopes) - set(SCOPES)):
            raise Invalid(f"There is no scope {unknown[0]!r}; the scopes are {', '.join(SCOPES)}.", param="scopes")
        if not wanted:
            raise Invalid(f"A key without a scope can do nothing; give some of {', '.join(SCOPES)}.", param="scopes")
        secret = "vsk_" + secrets.token_urlsafe(32)
        with self._database.writing() as session:
            _member(session, workspace, account)
            row = KeyRow(
                id=new_id("key"), digest=digest_of_key(secret), hint=secret[:10], name=_name(name), account=account,
                workspace=workspace, scopes=list(wanted), created_at=int(time.time()), used_at=None, revoked_at=None,
            )  # fmt: skip
            session.add(row)
            return _key(row), secret

    def keys(self, workspace: str) -> list[Key]:
        """The keys of a workspace, revoked ones too, oldest first."""
        with self._database.session() as session:
            rows = session.scalars(
                select(KeyRow).where(KeyRow.workspace == workspace).order_by(KeyRow.created_at, KeyRow.id)
            )
            return [_key(row) for row in rows]

    def revoke_key(self, key: str, *, workspace: str | None = None) -> Key:
        """The key with this id holds no longer: here at once, on other servers within seconds. Raises Missing.

        With `workspace`, only a key of that workspace is found.
        """
        with self._database.writing() as session:
            row = session.get(KeyRow, key)
            if row is None or (workspace is not None and row.workspace != workspace):
                raise Missing(f"There is no key {key}.")
            row.revoked_at = row.revoked_at or int(time.time())
            revoked = _key(row)
        self._keyring.forget()
        return revoked

    def first_key(self) -> str | None:
        """Where there is no key yet, a key that may do everything, with account and workspace if need be; else None."""
        with self._database.session() as session:
            if session.scalar(select(KeyRow.id).limit(1)) is not None:
                return None
        first = self.first_caller()
        _, secret = self.create_key(first.account, first.workspace, "First key", SCOPES)
        return secret

    def first_caller(self) -> Caller:
        """Who calls without a key on one's own machine: the first account, made if need be, as the owner of its workspace."""
        found = self._first()
        if found is None:
            with self._database.writing() as session:
                if session.scalar(select(AccountRow.id).limit(1)) is None:
                    account = AccountRow(
                        id=new_id("account"), name="Owner", tier="enterprise", created_at=int(time.time())
                    )
                    session.add(account)
                    session.flush()
                    _add_workspace(session, "Studio", account.id)
            found = self._first()
        if found is None:
            raise Unauthorised("The first account owns no workspace; give a key.")
        return found

    # Accounts

    def create_account(self, name: str, tier: str = "free") -> Account:
        """A new account, in no workspace yet. Raises Invalid."""
        row = AccountRow(
            id=new_id("account"),
            name=_name(name),
            tier=tier_named(tier).name,
            created_at=int(time.time()),
            disabled=False,
        )
        with self._database.writing() as session:
            session.add(row)
            return _account(row)

    def account(self, account: str) -> Account:
        """Raises Missing."""
        with self._database.session() as session:
            return _account(_row(session, AccountRow, account, "account"))

    def accounts(self) -> list[Account]:
        """All, oldest first."""
        with self._database.session() as session:
            return [
                _account(row)
                for row in session.scalars(select(AccountRow).order_by(AccountRow.created_at, AccountRow.id))
            ]

    def change_account(self, account: str, *, tier: str | None = None, disabled: bool | None = None) -> Account:
        """Give an account another tier, or close it and open it again. Raises Missing, Invalid."""
        with self._database.writing() as session:
            row = _row(session, AccountRow, account, "account")
            if tier is not None:
                row.tier = tier_named(tier).name
            if disabled is not None:
                row.disabled = disabled
            changed = _account(row)
        self._keyring.forget()
        return changed

    def limits(self, tier: str) -> Tier:
        """What a tier allows. Raises Invalid for one that does not exist."""
        return tier_named(tier)

    # Workspaces

    def create_workspace(self, name: str, owner: str) -> Workspace:
        """A new workspace with `owner`, an account, as its first member. Raises Missing, Invalid."""
        with self._database.writing() as session:
            _row(session, AccountRow, owner, "account")
            return _workspace(_add_workspace(session, name, owner))

    def workspace(self, workspace: str) -> Workspace:
        """Raises Missing."""
        with self._database.session() as session:
            return _workspace(_row(session, WorkspaceRow, workspace, "workspace"))

    def workspaces(self, account: str | None = None) -> list[Workspace]:
        """All, or those that an account is a member of, oldest first."""
        asked = select(WorkspaceRow).order_by(WorkspaceRow.created_at, WorkspaceRow.id)
        if account is not None:
            asked = asked.join(MemberRow, MemberRow.workspace == WorkspaceRow.id).where(MemberRow.account == account)
        with self._database.session() as session:
            return [_workspace(row) for row in session.scalars(asked)]

    def members(self, workspace: str) -> list[Member]:
        """Those of a workspace, by name."""
        asked = select(MemberRow, AccountRow.name).join(AccountRow, AccountRow.id == MemberRow.account)
        with self._database.session() as session:
            rows = session.execute(
                asked.where(MemberRow.workspace == workspace).order_by(AccountRow.name, AccountRow.id)
            )
            return [
                Member(workspace=row.workspace, account=row.account, name=name, role=Role(row.role))
                for row, name in rows
            ]

    def add_member(self, workspace: str, account: str, role: Role) -> None:
        """Make an account a member, or give a member another role. Raises Missing; Conflict for the last owner."""
        with self._database.writing() as session:
            _row(session, WorkspaceRow, workspace, "workspace")
            _row(session, AccountRow, account, "account")
            row = session.get(MemberRow, (workspace, account))
            if row is None:
                session.add(MemberRow(workspace=workspace, account=account, role=role.value))
            else:
                _set_role(session, row, role)
        self._keyring.forget()

    def change_member(self, workspace: str, account: str, role: Role) -> None:
        """Give a member another role. Raises Missing, also for an account that is no member; Conflict for the last owner."""
        with self._database.writing() as session:
            _set_role(session, _member(session, workspace, account), role)
        self._keyring.forget()

    def remove_member(self, workspace: str, account: str) -> None:
        """The account's keys of this workspace hold no longer. Raises Missing; Conflict for the last owner."""
        with self._database.writing() as session:
            row = _member(session, workspace, account)
            _keep_an_owner(session, row)
            session.delete(row)
            session.execute(
                update(KeyRow)
                .where(KeyRow.workspace == workspace, KeyRow.account == account, KeyRow.revoked_at.is_(None))
                .values(revoked_at=int(time.time()))
            )
        self._keyring.forget()

    # Inside

    def _first(self) -> Caller | None:
        with self._database.session() as session:
            found = session.execute(
                select(AccountRow, MemberRow.workspace)
                .join(MemberRow, MemberRow.account == AccountRow.id)
                .join(WorkspaceRow, WorkspaceRow.id == MemberRow.workspace)
                .where(MemberRow.role == Role.OWNER.value)
                .order_by(AccountRow.created_at, AccountRow.id, WorkspaceRow.created_at, WorkspaceRow.id)
                .limit(1)
            ).first()
        if found is None:
            return None
        account, workspace = found
        if account.disabled:
            raise Unauthorised("The first account is closed; give a key.")
        return Caller(
            account=account.id, workspace=workspace, role=Role.OWNER, tier=account.tier, scopes=frozenset(SCOPES)
        )


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= 200 or not name.isprintable():
        raise Invalid(f"A name of {len(name)} letters was given; give 1 to 200 printable ones.", param="name")
    return name


def _row(session: Session, kind: type[Row], id_: str, word: str) -> Row:
    row = session.get(kind, id_)
    if row is None:
        raise Missing(f"There is no {word} {id_}.")
    return row


def _member(session: Session, workspace: str, account: str) -> MemberRow:
    row = session.get(MemberRow, (workspace, account))
    if row is None:
        raise Missing(f"The account {account} is not a member of the workspace {workspace}.")
    return row


def _set_role(session: Session, row: MemberRow, role: Role) -> None:
    if role is not Role.OWNER:
        _keep_an_owner(session, row)
    row.role = role.value


def _keep_an_owner(session: Session, leaving: MemberRow) -> None:
    owners = (
        select(func.count())
        .select_from(MemberRow)
        .where(MemberRow.workspace == leaving.workspace, MemberRow.role == Role.OWNER.value)
    )
    if leaving.role == Role.OWNER.value and session.scalar(owners) == 1:
        raise Conflict("This is the last owner of the workspace; make another member an owner first.")


def _add_workspace(session: Session, name: str, owner: str) -> WorkspaceRow:
    row = WorkspaceRow(id=new_id("workspace"), name=_name(name), created_at=int(time.time()))
    session.add(row)
    session.flush()
    session.add(MemberRow(workspace=row.id, account=owner, role=Role.OWNER.value))
    return row


def _account(row: AccountRow) -> Account:
    return Account(id=row.id, name=row.name, tier=row.tier, created_at=row.created_at, disabled=row.disabled)


def _workspace(row: WorkspaceRow) -> Workspace:
    return Workspace(id=row.id, name=row.name, created_at=row.created_at)


def _key(row: KeyRow) -> Key:
    return Key(
        id=row.id, hint=row.hint, name=row.name, account=row.account, workspace=row.workspace, scopes=tuple(row.scopes),
        created_at=row.created_at, used_at=row.used_at, revoked_at=row.revoked_at,
    )  # fmt: skip
