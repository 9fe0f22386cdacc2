"""Settings: keys are made, shown once and taken back; members have roles; who may not, cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from web_studio import Studio, running_studio

from vitascope.jobs.accounts import Accounts
from vitascope.jobs.audit import Audit
from vitascope.jobs.database import Database
from vitascope.jobs.values import Role


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A server with accounts, and one engine elsewhere."""
    with running_studio(
        tmp_path_factory.mktemp("team"), "--accounts", "--remote", "wan=http://127.0.0.1:9/v1"
    ) as running:
        yield running


@pytest.fixture(scope="module")
def database(team: Studio) -> Iterator[Database]:
    """Its database, as an operator sees it."""
    opened = Database(f"sqlite:///{team.data / 'vitascope.db'}")
    yield opened
    opened.close()


@pytest.fixture
def accounts(database: Database) -> Accounts:
    """Its accounts."""
    return Accounts(database)


def member(accounts: Accounts, team: Studio, name: str, role: Role, *scopes: str) -> tuple[str, str]:
    """A new member of the team: the account, and a key."""
    assert team.key is not None
    here = accounts.authenticate(team.key).workspace
    account = accounts.create_account(name, "free")
    accounts.add_member(here, account.id, role)
    return account.id, accounts.create_key(account.id, here, name, scopes or ("films",))[1]


def open_settings(page: Page, team: Studio, key: str) -> Page:
    """The page, for who has this key."""
    page.goto(f"{team.url}/sign-in#{key}")
    page.wait_for_url(f"{team.url}/")
    page.get_by_role("link", name="Settings").click()
    page.wait_for_url(f"{team.url}/settings")
    return page


def test_a_key_is_made_shown_once_and_revoked(page: Page, team: Studio, database: Database):
    """It opens the API until it is taken back; the secret is nowhere on the page afterwards."""
    open_settings(page, team, team.key or "")
    page.get_by_label("Name of a new key").fill("Laptop <b>")
    page.get_by_role("button", name="Make key").click()
    secret = page.get_by_role("dialog").get_by_label("Key", exact=True).input_value()
    link = page.get_by_role("dialog").get_by_label("Link that signs in").input_value()
    page.get_by_role("button", name="I have kept it").click()
    row = page.locator(".row", has_text="Laptop <b>")
    expect(row).to_contain_text(secret[:10])
    with team.client(secret) as client:
        opened = client.get("/v1/account").status_code
    page.wait_for_function("(secret) => !document.documentElement.outerHTML.includes(secret)", arg=secret)
    page.reload()
    assert secret not in page.content()

    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(row).to_have_count(0)
    with team.client(secret) as client:
        closed = client.get("/v1/account").status_code

    assert re.fullmatch(r"vsk_[\w-]{43}", secret)
    assert link == f"{team.url}/sign-in#{secret}"
    assert (opened, closed) == (200, 401)
    assert {"key.create", "key.revoke"} <= {entry.action for entry in Audit(database).entries()}


def test_a_role_is_changed_and_a_member_is_let_out(page: Page, team: Studio, accounts: Accounts):
    """Whoever is let out finds no door; the last owner stays one, in a sentence."""
    account, key = member(accounts, team, "Grace", Role.EDITOR)
    open_settings(page, team, team.key or "")

    page.get_by_label("Role of Grace").select_option("viewer")
    expect(page.get_by_label("Role of Grace")).to_have_value("viewer")
    page.wait_for_timeout(300)
    assert accounts.authenticate(key).role is Role.VIEWER
    page.get_by_label("Role of Owner").select_option("editor")
    expect(page.locator(".toast")).to_contain_text("last owner")
    page.get_by_role("button", name="Remove Grace").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.locator(".row", has_text=account)).to_have_count(0)

    with team.client(key) as client:
        assert client.get("/v1/account").status_code == 401


def test_an_account_is_let_in(page: Page, team: Studio, accounts: Accounts):
    """By its id; one that does not exist is told."""
    account = accounts.create_account("Katherine", "free")
    open_settings(page, team, team.key or "")

    page.get_by_label("Account to let in").fill(account.id)
    page.get_by_label("Role", exact=True).select_option("viewer")
    page.get_by_role("button", name="Let in").click()
    expect(page.get_by_label("Role of Katherine")).to_have_value("viewer")
    page.get_by_label("Account to let in").fill("account_nobody")
    page.get_by_role("button", name="Let in").click()

    expect(page.locator(".toast")).to_contain_text("There is no account account_nobody")


@pytest.mark.parametrize(("role", "scopes"), [(Role.VIEWER, ("films", "manage")), (Role.OWNER, ("films",))])
def test_who_may_not_manage_cannot(page: Page, team: Studio, accounts: Accounts, role: Role, scopes: tuple[str, ...]):
    """Neither a viewer nor an owner whose key lacks the scope: they see engines, usage and members, and change nothing."""
    name = f"A {role.value}"
    _, key = member(accounts, team, name, role, *scopes)

    open_settings(page, team, key)

    expect(page.locator(".you")).to_contain_text(name)
    expect(page.locator(".part", has_text="Engines")).to_contain_text("remote:wan")
    expect(page.locator(".part", has_text="Usage")).to_contain_text("of 1,200 s of film this month")
    expect(page.locator(".part", has_text="Members")).to_contain_text("Owner")
    expect(page.get_by_text("Only an owner whose key has the scope")).to_be_visible()
    for label in ("Make key", "Let in", "Remove", "Revoke"):
        expect(page.get_by_role("button", name=label)).to_have_count(0)
    expect(page.get_by_role("combobox")).to_have_count(0)


def test_a_page_whose_key_was_revoked_meanwhile_changes_nothing(page: Page, team: Studio, accounts: Accounts):
    """What is pressed there later is refused."""
    account, key = member(accounts, team, "Late", Role.OWNER, "films", "manage")
    open_settings(page, team, key)
    here = accounts.authenticate(key)
    before = len(accounts.keys(here.workspace))
    assert here.key is not None
    accounts.revoke_key(here.key)

    page.get_by_label("Name of a new key").fill("Another")
    page.get_by_role("button", name="Make key").click()

    expect(page.locator(".part", has_text="Keys").get_by_role("alert").first).to_contain_text("holds no longer")
    assert len(accounts.keys(here.workspace)) == before
    accounts.remove_member(here.workspace, account)


def test_an_engine_elsewhere_is_asked(page: Page, team: Studio):
    """Ours is ready; one at an address where nothing listens does not answer, and that is what the page says."""
    open_settings(page, team, team.key or "")

    rows = page.locator(".part", has_text="Engines").locator(".row")

    expect(rows.filter(has_text="world")).to_contain_text("Ready")
    expect(rows.filter(has_text="remote:wan")).to_contain_text("Does not answer")


def test_without_accounts_it_says_how_there_would_be(page: Page, studio: Studio):
    """On one's own machine there are engines and usage, no keys, and the way to have them."""
    page.goto(f"{studio.url}/settings")

    expect(page.locator(".part", has_text="Engines")).to_contain_text("world")
    expect(page.locator(".part", has_text="Usage")).to_contain_text("Without limit")
    expect(page.locator("code")).to_have_text("vitascope serve --accounts")
    expect(page.get_by_role("button", name="Make key")).to_have_count(0)
