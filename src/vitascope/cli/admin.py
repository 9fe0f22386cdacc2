"""`vitascope admin`: keys, accounts, workspaces and the rest of a server, at its database and storage themselves.

Whoever can reach those may do everything, so no key is asked for. What is done here is in the audit log, without an account.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vitascope.cli import reply

if TYPE_CHECKING:
    from vitascope.jobs.accounts import Accounts
    from vitascope.jobs.audit import Audit
    from vitascope.jobs.database import Database
    from vitascope.jobs.storage import Storage
    from vitascope.jobs.values import Role
    from vitascope.serve.settings import Settings

__all__ = ["AdminFault", "add_to"]

admin = typer.Typer(
    help="Look after a server: keys, accounts, workspaces, quotas, migrations, backups.", no_args_is_help=True
)
accounts_app = typer.Typer(help="Accounts: who has keys, and which tier they are in.", no_args_is_help=True)
workspaces_app = typer.Typer(help="Workspaces: what members share.", no_args_is_help=True)
keys_app = typer.Typer(help="Keys of members of workspaces.", no_args_is_help=True)
admin.add_typer(accounts_app, name="accounts")
admin.add_typer(workspaces_app, name="workspaces")
admin.add_typer(keys_app, name="keys")

Tier = Annotated[str | None, typer.Option("--tier", metavar="TIER", help="free, plus, team or enterprise.")]
RoleText = Annotated[str, typer.Option("--role", metavar="ROLE", help="viewer, editor or owner.")]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the backup.")]


class AdminFault(ValueError):
    """What was given cannot be done; the text says what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The server that is meant."""

    database: Database
    storage: Storage
    accounts: Accounts
    audit: Audit


def add_to(app: typer.Typer) -> None:
    """Put the commands into `app`."""
    app.add_typer(admin, name="admin")


@admin.callback()
def _where(
    context: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="FOLDER", help="That of the server; ~/.vitascope/server if not given."),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option("--database", metavar="URL", help="That of the server; a file in its folder if not given."),
    ] = None,
    storage: Annotated[
        str | None,
        typer.Option("--storage", metavar="URL", help="That of the server; a folder in its folder if not given."),
    ] = None,
) -> None:
    from vitascope.serve.settings import Settings, SettingsFault

    try:
        context.obj = Settings.of(data=data, database=database, storage=storage)
    except SettingsFault as fault:
        raise AdminFault(str(fault)) from None


@admin.command()
def migrate(context: typer.Context) -> None:
    """Bring the tables of the database to this version, all or nothing. A server does so itself when it starts."""
    with _opened(context, tables=False) as place:
        before = place.database.revision()
        place.database.migrate()
        after = place.database.revision()
        said = "had no tables and now has those" if before is None else f"was of revision {before} and is now"
        reply.line(
            f"The database is of revision {after} already."
            if before == after
            else f"The database {said} of revision {after}."
        )


@admin.command()
def tiers() -> None:
    """Show what each tier allows."""
    from vitascope.jobs.tiers import tiers as all_tiers

    rows = [
        (
            tier.name, f"{tier.max_size.width}x{tier.max_size.height}", _limit(tier.max_seconds), _limit(tier.max_fps),
            _limit(tier.concurrent_films), _limit(tier.queued_films), _limit(tier.requests_per_minute),
            _limit(tier.film_seconds_per_month), _limit(tier.retention_days),
        )
        for tier in all_tiers().values()
    ]  # fmt: skip
    _table(("tier", "size", "seconds", "fps", "at once", "queued", "requests/min", "seconds/month", "days kept"), rows)


@admin.command()
def usage(
    context: typer.Context,
    month: Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="Only this month.")] = None,
    account: Annotated[str | None, typer.Option("--account", metavar="ID", help="Only this account.")] = None,
) -> None:
    """Show what was made for whom, by month."""
    from vitascope.jobs.ledger import Ledger

    with _opened(context) as place:
        found = Ledger(place.database).usage(account=account, month=month)
        names = {each.id: each.name for each in place.accounts.accounts()}
        rows = [
            (
                line.month, names.get(line.account, line.account), line.workspace, str(line.films), f"{line.seconds:.1f}",
                str(line.frames_drawn), f"{line.work_seconds:.1f}",
            )
            for line in found
        ]  # fmt: skip
    _table(
        ("month", "account", "workspace", "films", "seconds", "frames drawn", "work [s]"),
        rows,
        none="Nothing was made.",
    )


@admin.command()
def backup(context: typer.Context, folder: Folder) -> None:
    """Save all rows and files into a new folder. The server may go on meanwhile. Keep it as safe as the server."""
    from vitascope.jobs.backup import backup as save

    with _opened(context) as place:
        saved = save(place.database, place.storage, folder)
    rows = sum(saved.rows.values())
    reply.line(f"Saved {rows} rows and {saved.files} files ({saved.size_bytes / 1e6:.1f} MB): {folder}")


@admin.command()
def restore(context: typer.Context, folder: Folder) -> None:
    """Bring a backup back, into a database without rows; also from SQLite to PostgreSQL, or from a folder to S3."""
    from vitascope.jobs.backup import restore as load

    with _opened(context, tables=False) as place:
        saved = load(place.database, place.storage, folder)
    reply.line(f"Restored {sum(saved.rows.values())} rows and {saved.files} files of {_day(saved.created_at)}.")


@admin.command()
def cleanup(context: typer.Context) -> None:
    """Delete what is over, and files that nothing names any more. A server does so itself every hour."""
    from vitascope.jobs.retention import sweep

    with _opened(context) as place:
        swept = sweep(place.database, place.storage)
    reply.line(
        f"Deleted {swept.films} films, {swept.files} uploaded files, {swept.talks} records of what was said, "
        f"{swept.deliveries} notes of deliveries and {swept.orphans} files that nothing named."
    )


@accounts_app.command("list")
def list_accounts(context: typer.Context) -> None:
    """List the accounts."""
    with _opened(context) as place:
        rows = [
            (each.id, each.name, each.tier, "closed" if each.disabled else "open", _day(each.created_at))
            for each in place.accounts.accounts()
        ]
    _table(("id", "name", "tier", "state", "made"), rows, none="There are no accounts.")


@accounts_app.command("create")
def create_account(context: typer.Context, name: str, tier: Tier = "free") -> None:
    """Make an account, with a workspace of its own, and its first key, which is shown only now."""
    with _opened(context) as place:
        account = place.accounts.create_account(name, tier or "free")
        workspace = place.accounts.create_workspace(name, account.id)
        key, secret = place.accounts.create_key(account.id, workspace.id, "First key", ("films", "manage"))
        place.audit.note("account.create", object=account.id)
    reply.line(f"Account {account.id} ({account.tier}), owner of workspace {workspace.id}.")
    reply.line(f"Its key {key.id}, shown only now: {secret}")


@accounts_app.command("change")
def change_account(
    context: typer.Context,
    account: str,
    tier: Tier = None,
    closed: Annotated[
        bool | None, typer.Option("--close/--open", help="Close it, so that its keys hold no longer; or open it.")
    ] = None,
) -> None:
    """Give an account another tier, or close it."""
    if tier is None and closed is None:
        raise AdminFault("Nothing was given to change; give --tier, --close or --open.")
    with _opened(context) as place:
        changed = place.accounts.change_account(account, tier=tier, disabled=closed)
        place.audit.note("account.change", object=changed.id)
    reply.line(f"Account {changed.id} is {'closed' if changed.disabled else 'open'}, its tier {changed.tier}.")


@workspaces_app.command("list")
def list_workspaces(context: typer.Context) -> None:
    """List the workspaces with their members."""
    with _opened(context) as place:
        rows = [
            (
                each.id,
                each.name,
                ", ".join(f"{member.name} ({member.role.value})" for member in place.accounts.members(each.id)),
            )
            for each in place.accounts.workspaces()
        ]
    _table(("id", "name", "members"), rows, none="There are no workspaces.")


@workspaces_app.command("create")
def create_workspace(
    context: typer.Context,
    name: str,
    owner: Annotated[str, typer.Option("--owner", metavar="ACCOUNT", help="The id of the account that owns it.")],
) -> None:
    """Make a workspace."""
    with _opened(context) as place:
        made = place.accounts.create_workspace(name, owner)
        place.audit.note("workspace.create", object=made.id)
    reply.line(f"Workspace {made.id}.")


@workspaces_app.command("add")
def add_member(context: typer.Context, workspace: str, account: str, role: RoleText = "editor") -> None:
    """Let an account into a workspace, or give a member another role."""
    with _opened(context) as place:
        place.accounts.add_member(workspace, account, _role(role))
        place.audit.note("member.set_role", object=account)
    reply.line(f"Account {account} is {role} of {workspace}.")


@workspaces_app.command("remove")
def remove_member(context: typer.Context, workspace: str, account: str) -> None:
    """Take an account out of a workspace; its keys for it are revoked."""
    with _opened(context) as place:
        place.accounts.remove_member(workspace, account)
        place.audit.note("member.remove", object=account)
    reply.line(f"Account {account} is no longer in {workspace}.")


@keys_app.command("list")
def list_keys(
    context: typer.Context,
    workspace: Annotated[str | None, typer.Option("--workspace", metavar="ID", help="Only of this workspace.")] = None,
) -> None:
    """List keys by their first letters; what they were is not kept."""
    with _opened(context) as place:
        wanted = [workspace] if workspace else [each.id for each in place.accounts.workspaces()]
        rows = [
            (
                key.id, f"{key.hint}…", key.name, key.workspace, " ".join(key.scopes),
                "revoked" if key.revoked_at else "holds", _day(key.used_at) if key.used_at else "never",
            )
            for each in wanted
            for key in place.accounts.keys(each)
        ]  # fmt: skip
    _table(("id", "key", "name", "workspace", "scopes", "state", "last used"), rows, none="There are no keys.")


@keys_app.command("create")
def create_key(
    context: typer.Context,
    name: str,
    account: Annotated[
        str | None, typer.Option("--account", metavar="ID", help="Whose; the first account's if not given.")
    ] = None,
    workspace: Annotated[
        str | None, typer.Option("--workspace", metavar="ID", help="For which; the account's first.")
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", metavar="SCOPE", help="films, manage or admin; several times; films if not given."),
    ] = None,
) -> None:
    """Make a key for a member of a workspace. It is shown only now."""
    with _opened(context) as place:
        owner = account or place.accounts.first_caller().account
        place.accounts.account(owner)
        mine = place.accounts.workspaces(owner)
        if workspace is None and not mine:
            raise AdminFault(f"Account {owner} is in no workspace; add it to one: vitascope admin workspaces add.")
        key, secret = place.accounts.create_key(owner, workspace or mine[0].id, name, scope or ("films",))
        place.audit.note("key.create", object=key.id)
    reply.line(f"Key {key.id} for workspace {key.workspace} ({', '.join(key.scopes)}), shown only now: {secret}")


@keys_app.command("revoke")
def revoke_key(context: typer.Context, key: str) -> None:
    """Make a key hold no longer: on running servers within seconds."""
    with _opened(context) as place:
        revoked = place.accounts.revoke_key(key)
        place.audit.note("key.revoke", object=revoked.id)
    reply.line(f"Key {revoked.id} ({revoked.hint}…) holds no longer.")


@contextmanager
def _opened(context: typer.Context, *, tables: bool = True) -> Iterator[Place]:
    """The server's parts. With `tables`, its database must be of this version."""
    from vitascope.jobs.accounts import Accounts
    from vitascope.jobs.audit import Audit
    from vitascope.jobs.database import Database
    from vitascope.jobs.storage import Storage

    settings: Settings = context.obj
    if tables and not settings.database and not (settings.data / "vitascope.db").exists():
        raise AdminFault(
            f"There is no server here yet; start it, run `vitascope admin migrate`, or give --data or --database: {settings.data}"
        )
    database = Database(settings.database_url)
    try:
        if tables:
            database.check()
        yield Place(
            database=database, storage=Storage(settings.storage_url), accounts=Accounts(database), audit=Audit(database)
        )
    finally:
        database.close()


def _role(text: str) -> Role:
    from vitascope.jobs.values import Role

    try:
        return Role(text)
    except ValueError:
        raise AdminFault(f"The role is {text[:40]!r}; give viewer, editor or owner.") from None


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], *, none: str = "") -> None:
    """Columns as wide as what stands in them: read well, and cut well by other programs."""
    if not rows:
        reply.line(none)
        return
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        reply.line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _limit(value: float | None) -> str:
    return "-" if value is None else str(value)


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")
