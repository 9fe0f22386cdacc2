"""What is deleted when its time is over, and what is not."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from filled import fill, film_row, put_film
from sqlalchemy import select

from vitascope.jobs.accounts import Accounts
from vitascope.jobs.database import Database
from vitascope.jobs.ledger import Ledger
from vitascope.jobs.retention import Swept, sweep
from vitascope.jobs.storage import Storage
from vitascope.jobs.tables import CharacterRow, ChunkRow, FileRow, VideoRow
from vitascope.jobs.talks import response_key
from vitascope.jobs.values import Caller, Role

DAY = 86_400
NOW = time.time()
NOTHING = Swept(films=0, files=0, talks=0, deliveries=0, orphans=0, chunks=0)


@pytest.fixture
def caller(database: Database, storage: Storage) -> Caller:
    """Ada, whose tier (free) keeps films for 30 days, with a server that has something of everything."""
    return fill(database, storage)[0]


def films(database: Database) -> set[str]:
    with database.session() as session:
        return set(session.scalars(select(VideoRow.id)))


def keys(storage: Storage) -> set[str]:
    return {file.key for file in storage.files()}


def test_an_expired_film_goes_with_its_files(database: Database, storage: Storage, caller: Caller):
    """Row, chunks and files; films made from it stay, and so does what it cost."""
    Ledger(database).catch_up()
    with database.writing() as session:
        session.get_one(VideoRow, "video_1").expires_at = int(NOW) - 1
        session.add(film_row(caller, 3, parent="video_1", root="video_1", expires_at=int(NOW) + DAY))
    put_film(storage, "videos/video_3/1")

    swept = sweep(database, storage)

    assert swept.films == 2  # and the one that failed long ago
    assert films(database) == {"video_3"}
    assert not any(key.startswith("videos/video_1/") for key in keys(storage))
    assert "videos/video_3/1/film.mp4" in keys(storage)
    with database.session() as session:
        assert session.scalars(select(ChunkRow)).all() == []
    assert sum(usage.seconds for usage in Ledger(database).usage()) == 17.0


@pytest.mark.parametrize(
    ("state", "days", "stays"),
    [
        ("failed", 29, True),
        ("failed", 31, False),
        ("cancelled", 31, False),
        ("completed", 31, True),
        ("running", 31, True),
        ("queued", 31, True),
    ],
)
def test_what_was_never_completed_is_kept_as_long_as_the_tier_keeps_films(
    database: Database, storage: Storage, caller: Caller, state: str, days: int, stays: bool
):
    """A completed film carries its own date; what is still being made is not over."""
    with database.writing() as session:
        session.add(film_row(caller, 3, state=state, created_at=int(NOW) - days * DAY, prefix=None))

    sweep(database, storage)

    assert ("video_3" in films(database)) is stays


def test_a_tier_without_an_end_keeps_what_failed(database: Database, storage: Storage, caller: Caller):
    """For ever."""
    Accounts(database).change_account(caller.account, tier="enterprise")

    assert sweep(database, storage) == NOTHING
    assert films(database) == {"video_1", "video_2"}


def test_an_expired_upload_goes_with_its_file(database: Database, storage: Storage, caller: Caller):
    """Files can be given an end of their own."""
    with database.writing() as session:
        session.get_one(FileRow, "file_1").expires_at = int(NOW) - 1

    swept = sweep(database, storage)

    assert swept.files == 1
    assert "files/file_1" not in keys(storage)


@pytest.fixture
def yesterdays(tmp_path: Path):
    """Makes all that lies in the folder two days old."""

    def make_old() -> None:
        for path in (tmp_path / "storage").rglob("*"):
            os.utime(path, (NOW - 2 * DAY, NOW - 2 * DAY))

    return make_old


def at_home(tmp_path: Path) -> tuple[Database, Storage, Caller]:
    """A server on SQLite and a folder, where files can be made older."""
    database, storage = Database(f"sqlite:///{tmp_path}/vitascope.db"), Storage(str(tmp_path / "storage"))
    database.migrate()
    return database, storage, fill(database, storage)[0]


ORPHANS = {
    "videos/video_1/2/film.mp4": "an attempt that another one overtook",
    "videos/video_gone/1/film.mp4": "a film without a row",
    "videos/video_2/1/film.mp4": "an attempt of a film that failed",
    "files/file_gone": "a file without a row",
    "characters/character_gone/source.mp4": "a character without a row",
    "uploads/workspace_1/file_x.png": "a picture that no film starts from",
    "responses/workspace_1/resp_1.json": "what was said in a workspace that is no more",
    "conversations/workspace_1/0123": "a conversation in it",
    "check/0123": "what a check left",
}


def test_what_nothing_names_is_deleted_after_a_day(tmp_path: Path, yesterdays):
    """And what something names stays, however old it is."""
    database, storage, caller = at_home(tmp_path)
    before = keys(storage)
    with database.writing() as session:
        session.get_one(VideoRow, "video_2").created_at = int(NOW)
        session.add(
            film_row(caller, 4, state="running", prefix=None, wish={"picture": f"uploads/{caller.workspace}/p.png"})
        )
    kept = {"videos/video_4/1/film.mp4", f"uploads/{caller.workspace}/p.png"}
    for key in kept | set(ORPHANS):
        storage.put(key, b"x")
    yesterdays()

    swept = sweep(database, storage)

    assert keys(storage) == before | kept
    assert swept == replace(NOTHING, orphans=len(ORPHANS))
    assert sweep(database, storage) == NOTHING
    database.close()


def test_what_was_written_today_is_not_taken_for_left_behind(database: Database, storage: Storage, caller: Caller):
    """Its row may be yet to come."""
    with database.writing() as session:
        session.get_one(VideoRow, "video_2").created_at = int(NOW)
    for key in ORPHANS:
        storage.put(key, b"x")

    assert sweep(database, storage) == NOTHING
    assert set(ORPHANS) <= keys(storage)


def test_what_nothing_names_is_found_in_a_bucket_too(database: Database, storage: Storage, caller: Caller):
    """Seen from two days later."""
    storage.put("videos/video_1/2/film.mp4", b"x")
    storage.put("files/file_gone", b"x")

    swept = sweep(database, storage, now=NOW + 2 * DAY)

    assert swept.orphans == 2
    assert {"videos/video_1/1/film.mp4", "files/file_1", "characters/character_1/source.mp4"} <= keys(storage)
    with database.session() as session:
        assert session.get(CharacterRow, "character_1") is not None


def test_a_sweep_that_could_not_delete_files_is_made_up_for(tmp_path: Path, yesterdays):
    """The row is gone, its files are found by the next one."""
    database, storage, _ = at_home(tmp_path)
    with database.writing() as session:
        session.delete(session.get_one(VideoRow, "video_1"))  # as far as a sweep came that was killed
    yesterdays()

    sweep(database, storage)

    assert not any(key.startswith("videos/") for key in keys(storage))
    database.close()


def said(storage: Storage) -> set[str]:
    """Where what was said is kept: a response, and the conversation that it is the latest of."""
    return {key for key in keys(storage) if key.startswith(("responses/", "conversations/"))}


def test_what_was_said_is_kept_as_long_as_the_tier_keeps_films(database: Database, storage: Storage, caller: Caller):
    """Responses and conversations alike; a tier without an end keeps them for ever."""
    assert len(said(storage)) == 2

    assert sweep(database, storage, now=NOW + 29 * DAY).talks == 0
    assert len(said(storage)) == 2
    Accounts(database).change_account(caller.account, tier="team")
    assert sweep(database, storage, now=NOW + 999 * DAY).talks == 0
    Accounts(database).change_account(caller.account, tier="plus")
    assert sweep(database, storage, now=NOW + 364 * DAY).talks == 0
    Accounts(database).change_account(caller.account, tier="free")
    assert sweep(database, storage, now=NOW + 31 * DAY).talks == 2
    assert said(storage) == set()


def test_what_was_said_stays_while_any_member_may_keep_it(database: Database, storage: Storage, caller: Caller):
    """A workspace is shared; whose tier keeps films the longest keeps what was said there, too."""
    accounts = Accounts(database)
    guest = accounts.create_account("Grace", "plus")
    accounts.add_member(caller.workspace, guest.id, Role.VIEWER)

    assert sweep(database, storage, now=NOW + 31 * DAY).talks == 0
    accounts.remove_member(caller.workspace, guest.id)
    assert sweep(database, storage, now=NOW + 31 * DAY).talks == 2


def test_a_response_is_as_old_as_its_id_says(database: Database, storage: Storage, caller: Caller):
    """A backup that is brought back, or an answer that is written late, does not make it young."""
    old = response_key(caller.workspace, f"resp_{int((NOW - 31 * DAY) * 1e9):016x}{'0' * 16}")
    storage.put(old, b"{}")

    assert sweep(database, storage).talks == 1
    assert old not in keys(storage)
    assert len(said(storage)) == 2


def test_old_deliveries_are_forgotten(database: Database, storage: Storage, caller: Caller):
    """After a month."""
    assert sweep(database, storage, now=NOW + 29 * DAY).deliveries == 0
    assert sweep(database, storage, now=NOW + 31 * DAY).deliveries == 1


def test_chunks_that_no_film_has_are_forgotten(database: Database, storage: Storage, caller: Caller):
    """Those of a film that is being made are kept, like those of one that is finished."""
    with database.writing() as session:
        session.add(film_row(caller, 3, state="running", prefix=None, chunks=[]))
        session.flush()
        session.add(ChunkRow(video="video_3", number=0, frames=24, address="cd" * 32))
    for address in ("cd" * 32, "ef" * 32):
        storage.put(f"chunks/{address}", b"chunk")

    swept = sweep(database, storage)

    assert swept.chunks == 1
    assert {f"chunks/{letters * 32}" for letters in ("ab", "cd")} <= keys(storage)
    assert f"chunks/{'ef' * 32}" not in keys(storage)
