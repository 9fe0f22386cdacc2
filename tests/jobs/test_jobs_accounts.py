"""Accounts, workspaces, keys and what tiers allow."""

from __future__ import annotations

import time
from dataclasses import fields, replace
from fractions import Fraction
from itertools import pairwise

import pytest
from sqlalchemy import select

from vitascope.film import Size
from vitascope.jobs import keyring as module
from vitascope.jobs.accounts import SCOPES, Accounts, need_role, need_scope
from vitascope.jobs.database import Database
from vitascope.jobs.errors import Conflict, Forbidden, Invalid, JobError, Missing, TooBusy, Unauthorised
from vitascope.jobs.tables import KeyRow
from vitascope.jobs.tiers import Tier, check_wish, tier_named, tiers
from vitascope.jobs.values import Caller, Role

HD, UHD = Size(width=1280, height=720), Size(width=3840, height=2160)


@pytest.fixture
def ada(accounts: Accounts) -> Caller:
    """The owner of a workspace, as her key says."""
    account = accounts.create_account("Ada", "plus")
    workspace = accounts.create_workspace("Engines", account.id)
    _, secret = accounts.create_key(account.id, workspace.id, "laptop", SCOPES)
    return accounts.authenticate(secret)


def test_a_key_says_who_calls(accounts: Accounts):
    """Account, workspace, role, tier and scopes."""
    account = accounts.create_account("Ada", "plus")
    workspace = accounts.create_workspace("Engines", account.id)
    key, secret = accounts.create_key(account.id, workspace.id, "laptop", ["films", "manage"])

    caller = accounts.authenticate(secret)

    assert caller == Caller(
        account=account.id,
        workspace=workspace.id,
        role=Role.OWNER,
        tier="plus",
        scopes=frozenset({"films", "manage"}),
        key=key.id,
    )


def test_the_secret_of_a_key_is_kept_nowhere(accounts: Accounts, database: Database, ada: Caller):
    """Whoever reads the database cannot call with what is there."""
    key, secret = accounts.create_key(ada.account, ada.workspace, "server")

    with database.session() as session:
        row = session.get_one(KeyRow, key.id)
        kept = [str(getattr(row, column.name)) for column in KeyRow.__table__.columns]

    assert secret.startswith("vsk_")
    assert len(secret) == 47
    assert not any(secret[10:] in value for value in kept)
    assert secret not in repr(key)


@pytest.mark.parametrize(
    "key", ["", "vsk_", "vsk_" + "a" * 43, "sk-" + "a" * 44, "vsk_" + "é" * 43, "vsk_" + "a" * 10_000]
)
def test_a_key_that_is_none_is_refused(accounts: Accounts, key: str):
    """In one sentence that does not repeat it."""
    with pytest.raises(Unauthorised) as caught:
        accounts.authenticate(key)

    assert caught.value.status == 401
    assert len(key) < 5 or key not in caught.value.message


def test_a_revoked_key_holds_no_longer_here(accounts: Accounts, ada: Caller):
    """At once, though it was believed a moment ago."""
    key, secret = accounts.create_key(ada.account, ada.workspace, "lost")
    accounts.authenticate(secret)

    accounts.revoke_key(key.id)

    with pytest.raises(Unauthorised, match="revoked"):
        accounts.authenticate(secret)


def test_a_revoked_key_holds_no_longer_on_other_servers(
    accounts: Accounts, database: Database, ada: Caller, monkeypatch: pytest.MonkeyPatch
):
    """After the few seconds for which a server believes what it has seen."""
    assert module._BELIEVED <= 5
    monkeypatch.setattr(module, "_BELIEVED", 0.2)
    other = Accounts(database)
    key, secret = accounts.create_key(ada.account, ada.workspace, "lost")
    other.authenticate(secret)

    accounts.revoke_key(key.id)
    time.sleep(0.3)

    with pytest.raises(Unauthorised, match="revoked"):
        other.authenticate(secret)


def test_a_key_of_another_workspace_cannot_be_revoked(accounts: Accounts, ada: Caller):
    """What belongs to others is not there."""
    key, _ = accounts.create_key(ada.account, ada.workspace, "server")

    with pytest.raises(Missing):
        accounts.revoke_key(key.id, workspace="workspace_other")

    assert [found.revoked_at for found in accounts.keys(ada.workspace) if found.id == key.id] == [None]


def test_keys_tell_when_they_were_used(accounts: Accounts, ada: Caller):
    """Those that never were can be thrown away."""
    used, secret = accounts.create_key(ada.account, ada.workspace, "used")
    unused, _ = accounts.create_key(ada.account, ada.workspace, "unused")

    accounts.authenticate(secret)
    accounts.look()

    times = {key.id: key.used_at for key in accounts.keys(ada.workspace)}
    assert times[used.id] is not None
    assert times[unused.id] is None


@pytest.mark.parametrize(("scopes", "sentence"), [(["root"], "no scope 'root'"), ([], "without a scope")])
def test_scopes_are_those_that_there_are(accounts: Accounts, ada: Caller, scopes: list[str], sentence: str):
    """A key that could do nothing, or who knows what, is not made."""
    with pytest.raises(Invalid, match=sentence) as caught:
        accounts.create_key(ada.account, ada.workspace, "server", scopes)

    assert caught.value.param == "scopes"


def test_only_members_get_keys(accounts: Accounts, ada: Caller):
    """A key is a member's."""
    stranger = accounts.create_account("Eve")

    with pytest.raises(Missing, match="not a member"):
        accounts.create_key(stranger.id, ada.workspace, "mine")


def test_who_is_removed_is_out(accounts: Accounts, ada: Caller):
    """Her keys of this workspace hold no longer, even if she joins again; those of others do."""
    grace = accounts.create_account("Grace")
    own = accounts.create_workspace("Compilers", grace.id)
    accounts.add_member(ada.workspace, grace.id, Role.EDITOR)
    _, here = accounts.create_key(grace.id, ada.workspace, "here")
    _, there = accounts.create_key(grace.id, own.id, "there")
    assert accounts.authenticate(here).role is Role.EDITOR

    accounts.remove_member(ada.workspace, grace.id)
    accounts.add_member(ada.workspace, grace.id, Role.VIEWER)

    with pytest.raises(Unauthorised):
        accounts.authenticate(here)
    assert accounts.authenticate(there).workspace == own.id


def test_a_changed_role_and_tier_hold_at_once(accounts: Accounts, ada: Caller):
    """The key stays the same."""
    grace = accounts.create_account("Grace")
    accounts.add_member(ada.workspace, grace.id, Role.EDITOR)
    _, secret = accounts.create_key(grace.id, ada.workspace, "laptop")
    accounts.authenticate(secret)

    accounts.add_member(ada.workspace, grace.id, Role.VIEWER)
    accounts.change_account(grace.id, tier="team")

    caller = accounts.authenticate(secret)
    assert (caller.role, caller.tier) == (Role.VIEWER, "team")


def test_a_workspace_keeps_an_owner(accounts: Accounts, ada: Caller):
    """Nobody locks everybody out."""
    with pytest.raises(Conflict, match="last owner"):
        accounts.remove_member(ada.workspace, ada.account)
    with pytest.raises(Conflict, match="last owner"):
        accounts.add_member(ada.workspace, ada.account, Role.VIEWER)

    grace = accounts.create_account("Grace")
    accounts.add_member(ada.workspace, grace.id, Role.OWNER)
    accounts.remove_member(ada.workspace, ada.account)

    assert [(member.name, member.role) for member in accounts.members(ada.workspace)] == [("Grace", Role.OWNER)]


def test_a_closed_account_cannot_call(accounts: Accounts, ada: Caller):
    """Until it is opened again."""
    _, secret = accounts.create_key(ada.account, ada.workspace, "laptop")
    accounts.change_account(ada.account, disabled=True)
    with pytest.raises(Unauthorised, match="closed"):
        accounts.authenticate(secret)

    accounts.change_account(ada.account, disabled=False)

    assert accounts.authenticate(secret).account == ada.account


def test_workspaces_are_seen_by_their_members(accounts: Accounts, ada: Caller):
    """And all of them by the operator."""
    grace = accounts.create_account("Grace")
    own = accounts.create_workspace("Compilers", grace.id)

    assert [space.id for space in accounts.workspaces(grace.id)] == [own.id]
    assert {space.id for space in accounts.workspaces()} == {own.id, ada.workspace}


def test_the_first_key_may_do_everything_and_is_told_once(accounts: Accounts, database: Database):
    """A new server makes its owner, without limits that would be in the way on one's own machine."""
    secret = accounts.first_key()

    assert secret is not None
    caller = accounts.authenticate(secret)
    assert (caller.role, caller.scopes, caller.tier) == (Role.OWNER, frozenset(SCOPES), "enterprise")
    assert accounts.first_key() is None
    assert Accounts(database).first_key() is None


def test_without_a_key_one_is_the_first_account(accounts: Accounts):
    """On one's own machine; a key that is made later belongs to the same account."""
    caller = accounts.first_caller()

    assert accounts.first_caller() == caller
    secret = accounts.first_key()
    assert secret is not None
    assert replace(accounts.authenticate(secret), key=None) == caller


def test_names_are_one_printable_line(accounts: Accounts):
    """They are shown in tables and logs."""
    assert accounts.create_account("  Ada   Lovelace ").name == "Ada Lovelace"
    for name in ("", " ", "a" * 201, "Ada\x1b[31m"):
        with pytest.raises(Invalid, match="printable"):
            accounts.create_account(name)


@pytest.mark.parametrize("ask", [
    lambda a: a.account("account_x"), lambda a: a.workspace("workspace_x"), lambda a: a.revoke_key("key_x"),
    lambda a: a.create_workspace("Studio", "account_x"), lambda a: a.change_account("account_x", tier="free"),
    lambda a: a.add_member("workspace_x", "account_x", Role.EDITOR), lambda a: a.remove_member("workspace_x", "account_x"),
])  # fmt: skip
def test_what_is_not_there_is_missing(accounts: Accounts, ask):
    """With the id that was given."""
    with pytest.raises(Missing, match="_x"):
        ask(accounts)


@pytest.mark.parametrize("role", list(Role))
def test_roles_stand_above_each_other(role: Role):
    """A viewer looks, an editor also films, an owner also manages."""
    caller = Caller(account="a", workspace="w", role=role, tier="free")
    rank = list(Role).index(role)

    for wanted in list(Role)[: rank + 1]:
        need_role(caller, wanted)
    for wanted in list(Role)[rank + 1 :]:
        with pytest.raises(Forbidden, match=f"A {role.value} of this workspace cannot .* role of {wanted.value}"):
            need_role(caller, wanted)


def test_a_scope_is_had_or_not():
    """Scopes do not imply each other."""
    caller = Caller(account="a", workspace="w", role=Role.OWNER, tier="free", scopes=frozenset({"admin"}))

    need_scope(caller, "admin")
    with pytest.raises(Forbidden, match="lacks the scope 'films'"):
        need_scope(caller, "films")


LIMITS = [field.name for field in fields(Tier) if field.name not in ("name", "max_size")]


def test_each_tier_allows_what_the_one_before_allows():
    """Whoever pays more never gets less."""
    found = list(tiers().values())

    assert [tier.name for tier in found] == ["free", "plus", "team", "enterprise"]
    for smaller, larger in pairwise(found):
        assert (larger.max_size.width, larger.max_size.height) >= (smaller.max_size.width, smaller.max_size.height)
        for name in LIMITS:
            few, many = getattr(smaller, name), getattr(larger, name)
            assert many is None or (few is not None and many >= few), (larger.name, name)


def test_a_tier_that_there_is_not_is_refused(accounts: Accounts):
    """With those that there are."""
    with pytest.raises(Invalid, match="free, plus, team, enterprise"):
        accounts.create_account("Ada", "gold")
    with pytest.raises(Invalid):
        accounts.limits("gold")


WITHIN = {"size": HD, "seconds": Fraction(8), "fps": Fraction(24)}


@pytest.mark.parametrize(
    ("wish", "fault", "param", "sentence"),
    [
        ({"n": 0}, Invalid, "n", "n is 0"),
        ({"seconds": Fraction(0)}, Invalid, "seconds", "seconds is 0"),
        ({"fps": Fraction(-1)}, Invalid, "fps", "fps is -1"),
        ({"priority": 11}, Invalid, "priority", "give -10"),
        ({"size": UHD}, Forbidden, "size", "size is 3840x2160; the tier free allows up to 1280x720"),
        ({"size": Size(width=720, height=1282)}, Forbidden, "size", "in either orientation"),
        ({"seconds": Fraction(41, 2)}, Forbidden, "seconds", "seconds is 20.5; the tier free allows up to 20"),
        ({"fps": Fraction(60)}, Forbidden, "fps", "allows up to 30"),
        ({"n": 3}, Forbidden, "n", "allows up to 2"),
        ({"priority": 1}, Forbidden, "priority", "allows up to 0"),
        ({"queued": 20}, TooBusy, None, "20 films are waiting or in the making and the tier free allows 20"),
        ({"queued": 19, "n": 2}, TooBusy, None, "wait for one to be finished"),
        ({"seconds_taken": 1193.0}, TooBusy, None, "7 of this month's 1200 seconds of film are left"),
    ],
)  # fmt: skip
def test_a_wish_beyond_the_tier_says_what_is_allowed(
    wish: dict, fault: type[JobError], param: str | None, sentence: str
):
    """What was given, what is allowed, what to do."""
    with pytest.raises(fault) as caught:
        check_wish(tier_named("free"), **(WITHIN | wish))

    assert sentence in caught.value.message
    assert caught.value.param == param


@pytest.mark.parametrize("wish", [
    {}, {"size": Size(width=720, height=1280)}, {"n": 2}, {"priority": -10}, {"queued": 19}, {"seconds_taken": 1192.0},
    {"seconds": Fraction(20)},
])  # fmt: skip
def test_a_wish_within_the_tier_passes(wish: dict):
    """Up to the limit itself."""
    check_wish(tier_named("free"), **(WITHIN | wish))


def test_ones_own_machine_has_no_limits_in_the_way():
    """Size, length and rate are those of films themselves."""
    check_wish(
        tier_named("enterprise"), size=Size(width=4096, height=2160), seconds=Fraction(3600), fps=Fraction(120),
        n=16, priority=10, queued=9000, seconds_taken=1e9,
    )  # fmt: skip


def test_waiting_helps_a_full_queue_but_not_a_used_up_month():
    """Clients come again by themselves only where that can help."""
    faults = {}
    for name, wish in {"queue": {"queued": 20}, "month": {"seconds_taken": 1e6}}.items():
        with pytest.raises(TooBusy) as caught:
            check_wish(tier_named("free"), **(WITHIN | wish))
        faults[name] = caught.value

    assert faults["queue"].retry_after == 20.0
    assert (faults["month"].code, faults["month"].retry_after) == ("insufficient_quota", None)


def test_keys_are_found_by_their_digest(database: Database, accounts: Accounts, ada: Caller):
    """One look at an index, however many there are: the digest is unique."""
    with database.session() as session:
        digests = session.scalars(select(KeyRow.digest)).all()

    assert all(len(digest) == 64 for digest in digests)
    assert KeyRow.__table__.columns["digest"].unique
