"""`Steward`: who changes keys and members of a workspace from a page, asked anew each time whether they still may."""

from __future__ import annotations

from dataclasses import replace

from vitascope.jobs.accounts import Key, Member, need_role, need_scope
from vitascope.jobs.audit import Audit
from vitascope.jobs.errors import Forbidden, JobError
from vitascope.jobs.values import Caller, Role
from vitascope.serve.house import House

__all__ = ["Steward"]


class Steward:
    """Synchronous, safe from any thread. Changes raise JobError, and stand in the audit log."""

    def __init__(self, house: House, caller: Caller) -> None:
        self.caller = caller
        self.address = house.settings.url
        self._accounts = house.accounts
        self._audit = Audit(house.database)

    @property
    def may_manage(self) -> bool:
        """Whether an owner with a key that may manage looks at the page."""
        try:
            self._allowed(self.caller)
        except JobError:
            return False
        return True

    @property
    def scopes(self) -> tuple[str, ...]:
        """What a new key may be allowed: no more than the key that makes it."""
        return tuple(one for one in ("films", "manage", "admin") if one in self.caller.scopes)

    def keys(self) -> list[Key]:
        """Those that hold, oldest first."""
        self._now()
        return [key for key in self._accounts.keys(self.caller.workspace) if key.revoked_at is None]

    def members(self) -> list[Member]:
        """By name."""
        return self._accounts.members(self.caller.workspace)

    def make_key(self, name: str, scopes: tuple[str, ...]) -> tuple[Key, str]:
        """A new key of one's own account, and its secret, which is told this once."""
        who = self._now()
        more = [scope for scope in scopes if scope not in who.scopes]
        if more:
            raise Forbidden(f"Your key lacks the scope {more[0]!r} itself, so it cannot give it.", code="scope_missing")
        key, secret = self._accounts.create_key(who.account, who.workspace, name, scopes)
        self._audit.note("key.create", caller=who, object=key.id)
        return key, secret

    def revoke_key(self, key: str) -> None:
        """The key holds no longer."""
        who = self._now()
        self._accounts.revoke_key(key, workspace=who.workspace)
        self._audit.note("key.revoke", caller=who, object=key)

    def let_in(self, account: str, role: Role) -> None:
        """An account becomes a member."""
        who = self._now()
        self._accounts.add_member(who.workspace, account, role)
        self._audit.note("member.set_role", caller=who, object=account)

    def set_role(self, account: str, role: Role) -> None:
        """A member has another role from now on."""
        who = self._now()
        self._accounts.change_member(who.workspace, account, role)
        self._audit.note("member.set_role", caller=who, object=account)

    def let_out(self, account: str) -> None:
        """An account is no member any more, and its keys of the workspace hold no longer."""
        who = self._now()
        self._accounts.remove_member(who.workspace, account)
        self._audit.note("member.remove", caller=who, object=account)

    def _now(self) -> Caller:
        """The caller as they stand now: the page may have been open for long. Raises Forbidden."""
        key = next((one for one in self._accounts.keys(self.caller.workspace) if one.id == self.caller.key), None)
        member = next((one for one in self.members() if one.account == self.caller.account), None)
        if key is None or key.revoked_at is not None or member is None:
            raise Forbidden("The key of this browser holds no longer; sign in with another one.", code="key_revoked")
        who = replace(self.caller, role=member.role, scopes=frozenset(key.scopes))
        self._allowed(who)
        return who

    @staticmethod
    def _allowed(who: Caller) -> None:
        need_role(who, Role.OWNER)
        need_scope(who, "manage")
