"""`vitascope admin`: a server is looked after at its database and storage themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from vitascope.jobs.accounts import Accounts
from vitascope.jobs.database import Database
from vitascope.jobs.errors import Unauthorised
from vitascope.jobs.storage import Storage

KEY = re.compile(r"vsk_[\w-]{43}")
ID = re.compile(r"(?:account|workspace|key)_[a-z2-7]{26}")


@pytest.fixture
def admin(run: Callable, folder: Path) -> Callable:
    """Runs an admin command on a server in this folder, whose tables are made, and gives what it said."""

    def command(*words: str, code: int = 0) -> str:
        outcome = run("admin", "--data", str(folder), *words)
        assert outcome.code == code, outcome
        return outcome.out + outcome.err

    command("migrate")
    return command


@pytest.fixture
def accounts(admin: Callable, folder: Path) -> Accounts:
    return Accounts(Database(f"sqlite:///{folder}/vitascope.db"))


def test_the_tables_are_made_once(admin: Callable):
    """The second time says so."""
    assert "already" in admin("migrate")


def test_there_must_be_a_server(run: Callable, folder: Path):
    """A wrong folder is told, and stays as it was."""
    outcome = run("admin", "--data", str(folder / "none"), "accounts", "list")

    assert outcome.code == 2
    assert "There is no server here yet" in outcome.err
    assert not (folder / "none").exists()


def test_an_account_comes_with_a_workspace_and_a_key_that_holds(admin: Callable, accounts: Accounts):
    """The key is shown once, and can film and manage."""
    said = admin("accounts", "create", "Ada", "--tier", "plus")

    (secret,) = KEY.findall(said)
    caller = accounts.authenticate(secret)
    assert (caller.tier, caller.scopes) == ("plus", {"films", "manage"})
    assert caller.account in said
    assert "Ada" in admin("accounts", "list")
    assert secret not in admin("keys", "list")


def test_an_account_that_is_closed_has_no_keys_that_hold(admin: Callable, accounts: Accounts):
    """Until it is opened again."""
    said = admin("accounts", "create", "Ada")
    (secret,), account = KEY.findall(said), ID.findall(said)[0]

    admin("accounts", "change", account, "--close")
    with pytest.raises(Unauthorised):
        accounts.authenticate(secret)
    admin("accounts", "change", account, "--open", "--tier", "team")

    assert accounts.authenticate(secret).tier == "team"


def test_keys_are_made_and_revoked(admin: Callable, folder: Path):
    """For an account, its first workspace by default."""
    account = ID.findall(admin("accounts", "create", "Ada"))[0]
    said = admin("keys", "create", "Laptop", "--account", account, "--scope", "films", "--scope", "admin")
    (secret,), key = KEY.findall(said), ID.findall(said)[0]
    fresh = Accounts(Database(f"sqlite:///{folder}/vitascope.db"))
    assert fresh.authenticate(secret).scopes == {"films", "admin"}

    assert "holds no longer" in admin("keys", "revoke", key)

    with pytest.raises(Unauthorised):
        Accounts(Database(f"sqlite:///{folder}/vitascope.db")).authenticate(secret)
    assert "revoked" in admin("keys", "list")


def test_workspaces_have_members(admin: Callable):
    """Who may do what is shown in the list."""
    ada = ID.findall(admin("accounts", "create", "Ada"))[0]
    bob = ID.findall(admin("accounts", "create", "Bob"))[0]
    workspace = ID.findall(admin("workspaces", "create", "Film club", "--owner", ada))[0]

    admin("workspaces", "add", workspace, bob, "--role", "viewer")
    assert "Ada (owner), Bob (viewer)" in admin("workspaces", "list")
    admin("workspaces", "remove", workspace, bob)
    assert "Bob (viewer)" not in admin("workspaces", "list")
    assert "last owner" in admin("workspaces", "remove", workspace, ada, code=2)


def test_a_backup_comes_back(admin: Callable, run: Callable, folder: Path):
    """Rows and files, on another server."""
    admin("accounts", "create", "Ada")
    Storage(str(folder / "files")).put("files/file_1", b"kept")

    assert "Saved" in admin("backup", str(folder / "saved"))
    restored = run("admin", "--data", str(folder / "other"), "restore", str(folder / "saved"))

    assert restored.code == 0, restored
    assert "Ada" in run("admin", "--data", str(folder / "other"), "accounts", "list").out
    assert Storage(str(folder / "other" / "files")).read("files/file_1") == b"kept"


def test_tiers_usage_and_cleanup_say_what_there_is(admin: Callable):
    """Also where there is nothing."""
    assert "enterprise" in admin("tiers")
    assert "Nothing was made." in admin("usage")
    assert "Deleted 0 films" in admin("cleanup")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("accounts", "create", "Ada", "--tier", "gold"), "free, plus, team, enterprise"),
        (("accounts", "change", "account_none", "--tier", "plus"), "no account"),
        (("accounts", "change", "account_none"), "--tier, --close or --open"),
        (("keys", "revoke", "key_none"), "no key"),
        (("workspaces", "add", "workspace_none", "account_none", "--role", "king"), "viewer, editor or owner"),
        (("restore", "nowhere"), "not a whole backup"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(admin: Callable, words: tuple[str, ...], said: str):
    """With what is allowed, and exit code 2."""
    told = admin(*words, code=2)

    assert said in told
    assert "Traceback" not in told
