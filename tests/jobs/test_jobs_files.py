"""Files of workspaces: kept as they came, within limits, seen by nobody else, gone in time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from vitascope.jobs.accounts import Accounts
from vitascope.jobs.database import Database
from vitascope.jobs.errors import Forbidden, Invalid, Missing
from vitascope.jobs.files import Files
from vitascope.jobs.storage import Storage
from vitascope.jobs.tables import FileRow
from vitascope.jobs.values import Caller, Role


@pytest.fixture
def files(database: Database, storage: Storage) -> Files:
    return Files(database, storage)


@pytest.fixture
def owner(accounts: Accounts) -> Caller:
    return accounts.first_caller()


def bytes_of(files: Files, caller: Caller, file: str) -> bytes:
    with files.stream(caller, file)[0] as stream:
        return stream.read()


def test_what_is_kept_comes_back_as_it_was(files: Files, owner: Caller, tmp_path: Path):
    """From bytes or from a file, with its name and what it was declared to be."""
    (tmp_path / "lines").write_bytes(b"one\ntwo\n")

    kept = files.create(
        owner, tmp_path / "lines", filename="../my lines.jsonl", purpose="batch", media_type="text/plain"
    )

    assert bytes_of(files, owner, kept.id) == b"one\ntwo\n"
    assert (kept.filename, kept.size_bytes, kept.purpose) == ("my lines.jsonl", 8, "batch")
    assert files.stream(owner, kept.id)[1] == "text/plain"
    assert files.file(owner, kept.id) == kept


def test_other_workspaces_do_not_see_it(files: Files, owner: Caller):
    """Whoever knows the id has nothing by it."""
    kept = files.create(owner, b"mine", filename="a", purpose="user_data")
    stranger = replace(owner, workspace="workspace_other")

    assert files.files(stranger).items == ()
    for ask in (files.file, files.stream, files.delete):
        with pytest.raises(Missing):
            ask(stranger, kept.id)
    assert bytes_of(files, owner, kept.id) == b"mine"


def test_limits_are_told(files: Files, owner: Caller):
    """Purposes, sizes of the tier, and who may."""
    with pytest.raises(Invalid, match="batch, user_data, vision") as refused:
        files.create(owner, b"x", filename="a", purpose="fine-tune")
    assert refused.value.param == "purpose"
    with pytest.raises(Invalid, match="0 bytes"):
        files.create(owner, b"", filename="a", purpose="vision")
    with pytest.raises(Invalid, match="20000001 bytes; for the purpose vision it may have 1 to 20000000"):
        files.create(owner, b"x" * 20_000_001, filename="a", purpose="vision")
    with pytest.raises(Invalid, match="3600 to 2592000"):
        files.create(owner, b"x", filename="a", purpose="batch", expires_after=60)
    with pytest.raises(Forbidden):
        files.create(replace(owner, role=Role.VIEWER), b"x", filename="a", purpose="batch")


def test_a_list_goes_page_by_page_in_either_order(files: Files, owner: Caller, database: Database):
    """Also where several files are of the same second."""
    made = [files.create(owner, b"x", filename=str(n), purpose="batch" if n % 2 else "vision") for n in range(5)]
    with database.writing() as session:
        session.execute(update(FileRow).where(FileRow.id.in_([made[1].id, made[2].id])).values(created_at=50))

    up = [files.files(owner, limit=2, ascending=True)]
    while up[-1].has_more:
        up.append(files.files(owner, limit=2, ascending=True, after=up[-1].items[-1].id))
    down = files.files(owner).items
    names = [each.filename for page in up for each in page.items]

    assert len(up) == 3
    assert sorted(names) == list("01234")
    assert set(names[:2]) == {"1", "2"}
    assert [each.filename for each in down] == names[::-1]
    assert {each.filename for each in files.files(owner, purpose="batch").items} == {"1", "3"}


def test_what_expired_is_gone(files: Files, owner: Caller, database: Database):
    """Files of batches after 30 days unless another time was given, others never by themselves."""
    stays = files.create(owner, b"x", filename="a", purpose="user_data")
    goes = files.create(owner, b"x", filename="b", purpose="batch")
    assert goes.expires_at == goes.created_at + 30 * 86_400
    assert stays.expires_at is None
    with database.writing() as session:
        session.execute(update(FileRow).where(FileRow.id == goes.id).values(expires_at=1))

    with pytest.raises(Missing):
        files.file(owner, goes.id)
    assert [each.id for each in files.files(owner).items] == [stays.id]


def test_deleting_takes_the_bytes_along(files: Files, owner: Caller, storage: Storage):
    """Nothing is left in storage."""
    kept = files.create(owner, b"x", filename="a", purpose="user_data")

    files.delete(owner, kept.id)

    assert not storage.exists(kept.storage_key)
    with pytest.raises(Missing):
        files.file(owner, kept.id)
