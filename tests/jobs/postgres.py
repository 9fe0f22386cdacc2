"""A real PostgreSQL for the tests: made in a folder of its own, reached by a socket in it, and gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg

MISSING = (
    "PostgreSQL's programs (initdb, pg_ctl) are not installed; run `make setup-dev` or install the package postgresql"
)
HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "60",
}


@cache
def programs() -> Path | None:
    """The folder with initdb and pg_ctl, the newest where there are several; None where there is none."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return folders[-1].parent if folders else None


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[str]:
    """Starts a server; yields its URL without the name of a database. `durable`: as in service, each commit on disk."""
    folder = Path(tempfile.mkdtemp(prefix="vitascope-pg-"))  # short: the path of a socket has 107 letters at most
    user = _unprivileged()
    try:
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        _run(
            "initdb",
            "-D",
            folder / "data",
            "-U",
            "vitascope",
            "-A",
            "trust",
            "-N",
            "-E",
            "UTF8",
            "--locale=C",
            user=user,
        )
        with (folder / "data" / "postgresql.auto.conf").open("a") as settings:
            settings.writelines(f"{name} = {value}\n" for name, value in ({} if durable else HASTY).items())
            settings.write("listen_addresses = ''\n")
            settings.write(f"unix_socket_directories = '{folder}'\n")
        _run("pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-t", "120", "start", user=user)
        try:
            yield f"postgresql://vitascope@/{{name}}?host={folder}"
        finally:
            _run("pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop", user=user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def empty_database(url: str) -> Iterator[str]:
    """A new database on the server of `running_postgres`: yields its URL, and takes it away with whoever is connected."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(url.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
    yield url.format(name=name)
    with psycopg.connect(url.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def _unprivileged() -> pwd.struct_passwd | None:
    """Who runs the server: ourselves, or another user where we are root, which PostgreSQL refuses."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _run(program: str, *arguments: object, user: pwd.struct_passwd | None) -> None:
    folder = programs()
    assert folder is not None, MISSING
    who = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    done = subprocess.run(
        [str(folder / program), *map(str, arguments)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd="/", check=False, **who,
    )  # fmt: skip
    assert done.returncode == 0, f"{program}: {done.stderr}"
