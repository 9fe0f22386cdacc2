"""Accounts over HTTP: the keys, members, usage and audit log of the caller's own workspace, and of no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from vitascope.jobs.accounts import Key, Member, need_role
from vitascope.jobs.audit import Audit
from vitascope.jobs.errors import Forbidden
from vitascope.jobs.ledger import Ledger
from vitascope.jobs.tiers import Tier, tier_named
from vitascope.jobs.values import Caller, Role
from vitascope.serve import auth
from vitascope.serve.body import read_body
from vitascope.serve.fields import Fields, Name, checked
from vitascope.serve.hooks import note
from vitascope.serve.house import house_of
from vitascope.serve.openapi import DELETED, Described, body_of

__all__ = ["router"]

router = APIRouter()


async def _owner(who: Annotated[Caller, Depends(auth.needs("manage"))]) -> Caller:
    """An owner of the workspace, with a key that may manage it."""
    need_role(who, Role.OWNER)
    return who


Owner = Annotated[Caller, Depends(_owner)]
Anyone = Annotated[Caller, Depends(auth.caller)]


class NewKey(Fields):
    """A key of the caller's own account for the workspace."""

    name: Name
    scopes: Annotated[list[Literal["films", "manage", "admin"]], Field(min_length=1, max_length=3)] | None = None
    """films, if not given."""


class NewMember(Fields):
    """An account that joins the workspace."""

    account: Name
    role: Role = Role.EDITOR


class ChangedMember(Fields):
    """What a member may do from now on."""

    role: Role


class KeyObject(Described):
    """A key; `secret` is told once, when it is made."""

    id: str
    object: Literal["key"]
    name: str
    hint: str
    account: str
    scopes: list[str]
    created_at: int
    used_at: int | None
    revoked_at: int | None
    secret: str | None = None


class KeyList(Described):
    """The keys of the workspace, oldest first."""

    object: Literal["list"]
    data: list[KeyObject]


class MemberObject(Described):
    """An account in the workspace."""

    object: Literal["member"]
    account: str
    name: str
    role: Role


class MemberList(Described):
    """The members of the workspace by name."""

    object: Literal["list"]
    data: list[MemberObject]


KEY: dict[int | str, dict[str, Any]] = {200: {"model": KeyObject}}
KEYS: dict[int | str, dict[str, Any]] = {200: {"model": KeyList}}
MEMBER: dict[int | str, dict[str, Any]] = {200: {"model": MemberObject}}
MEMBERS: dict[int | str, dict[str, Any]] = {200: {"model": MemberList}}


@router.get("/v1/account")
async def me(request: Request, who: Anyone) -> dict[str, Any]:
    """Who calls, in which workspace and role, and what the tier of the account allows."""
    house = house_of(request)
    account = await run_in_threadpool(house.accounts.account, who.account)
    workspace = await run_in_threadpool(house.accounts.workspace, who.workspace)
    return {
        "object": "account",
        "id": account.id,
        "name": account.name,
        "workspace": {"id": workspace.id, "name": workspace.name, "role": who.role.value},
        "scopes": sorted(who.scopes),
        "tier": _tier_object(tier_named(account.tier)),
    }


@router.get("/v1/keys", responses=KEYS)
async def keys(request: Request, who: Owner) -> dict[str, Any]:
    """The keys of the workspace, revoked ones too, without their secrets."""
    found = await run_in_threadpool(house_of(request).accounts.keys, who.workspace)
    return {"object": "list", "data": [_key_object(key) for key in found]}


@router.post("/v1/keys", responses=KEY, openapi_extra=body_of(NewKey))
async def create_key(request: Request, who: Owner) -> dict[str, Any]:
    """A new key. The answer tells its secret: now, and never again. It cannot do more than the key that asks."""
    fields = checked(NewKey, await read_body(request))
    scopes = fields.scopes or ["films"]
    more = sorted(set(scopes) - who.scopes) if "admin" not in who.scopes else []
    if more:
        raise Forbidden(f"This key lacks the scope {more[0]!r} itself, so it cannot give it; leave it out of scopes.")
    house = house_of(request)

    def made() -> tuple[Key, str]:
        key, secret = house.accounts.create_key(who.account, who.workspace, fields.name, scopes)
        note(request, "key.create", who, key.id)
        return key, secret

    key, secret = await run_in_threadpool(made)
    return _key_object(key) | {"secret": secret}


@router.delete("/v1/keys/{key_id}", responses=DELETED)
async def revoke_key(request: Request, key_id: str, who: Owner) -> dict[str, Any]:
    """The key holds no longer: here at once, on other servers within seconds. It stays in the list, as revoked."""
    house = house_of(request)

    def revoked() -> None:
        house.accounts.revoke_key(key_id, workspace=who.workspace)
        note(request, "key.revoke", who, key_id)

    await run_in_threadpool(revoked)
    return {"id": key_id, "object": "key.deleted", "deleted": True}


@router.get("/v1/members", responses=MEMBERS)
async def members(request: Request, who: Anyone) -> dict[str, Any]:
    """Who shares the workspace, and in which role."""
    found = await run_in_threadpool(house_of(request).accounts.members, who.workspace)
    return {"object": "list", "data": [_member_object(member) for member in found]}


@router.post("/v1/members", responses=MEMBER, openapi_extra=body_of(NewMember))
async def add_member(request: Request, who: Owner) -> dict[str, Any]:
    """Let an account into the workspace, by its id. A member is given the role instead."""
    fields = checked(NewMember, await read_body(request))
    accounts = house_of(request).accounts
    return await run_in_threadpool(_joined, request, who, fields.account, fields.role, accounts.add_member)


@router.post("/v1/members/{account_id}", responses=MEMBER, openapi_extra=body_of(ChangedMember))
async def change_member(request: Request, account_id: str, who: Owner) -> dict[str, Any]:
    """Give a member another role."""
    fields = checked(ChangedMember, await read_body(request))
    accounts = house_of(request).accounts
    return await run_in_threadpool(_joined, request, who, account_id, fields.role, accounts.change_member)


@router.delete("/v1/members/{account_id}", responses=DELETED)
async def remove_member(request: Request, account_id: str, who: Owner) -> dict[str, Any]:
    """Take an account out of the workspace. Its keys for it are revoked; what it made stays."""
    house = house_of(request)

    def removed() -> None:
        house.accounts.remove_member(who.workspace, account_id)
        note(request, "member.remove", who, account_id)

    await run_in_threadpool(removed)
    return {"id": account_id, "object": "member.deleted", "deleted": True}


@router.get("/v1/usage")
async def usage(
    request: Request, who: Anyone, month: Annotated[str | None, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] = None
) -> dict[str, Any]:
    """What films cost, by month: the caller's own, and for owners that of every member of the workspace."""
    only = None if who.role is Role.OWNER else who.account
    ledger = Ledger(house_of(request).database)
    found = await run_in_threadpool(lambda: ledger.usage(account=only, workspace=who.workspace, month=month))
    return {
        "object": "list",
        "data": [{"object": "usage", **asdict(line)} for line in found],
        "film_seconds_this_month": await run_in_threadpool(ledger.seconds, who.account),
        "film_seconds_per_month": tier_named(who.tier).film_seconds_per_month,
    }


@router.get("/v1/audit")
async def audit(
    request: Request,
    who: Owner,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """Who did what to which object of the workspace, the latest first; `before` is the last id of the page before."""
    log = Audit(house_of(request).database)
    found = await run_in_threadpool(lambda: log.entries(workspace=who.workspace, before=before, limit=limit + 1))
    data = [{"object": "audit_entry", **asdict(entry)} for entry in found[:limit]]
    return {"object": "list", "data": data, "has_more": len(found) > limit}


def _joined(
    request: Request, who: Caller, account: str, role: Role, put: Callable[[str, str, Role], None]
) -> dict[str, Any]:
    house = house_of(request)
    put(who.workspace, account, role)
    note(request, "member.set_role", who, account)
    return next(_member_object(each) for each in house.accounts.members(who.workspace) if each.account == account)


def _key_object(key: Key) -> dict[str, Any]:
    return {
        "id": key.id,
        "object": "key",
        "name": key.name,
        "hint": key.hint,
        "account": key.account,
        "scopes": list(key.scopes),
        "created_at": key.created_at,
        "used_at": key.used_at,
        "revoked_at": key.revoked_at,
    }


def _member_object(member: Member) -> dict[str, Any]:
    return {"object": "member", "account": member.account, "name": member.name, "role": member.role.value}


def _tier_object(tier: Tier) -> dict[str, Any]:
    return asdict(tier) | {"max_size": f"{tier.max_size.width}x{tier.max_size.height}"}
