"""From a sentence to a signed film and on to its edit, with a real database, storage and worker processes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from jobs_by_hand import wish

from vitascope import provenance
from vitascope.jobs.accounts import Accounts
from vitascope.jobs.core import Core
from vitascope.jobs.database import Database
from vitascope.jobs.ledger import Ledger
from vitascope.jobs.local import LocalExecutor
from vitascope.jobs.storage import Storage
from vitascope.jobs.values import Caller, State, Video

WAIT = 300.0


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Core]:
    """With a store of its own: other tests film the same sentence."""
    monkeypatch.setenv("VITASCOPE_CACHE", str(tmp_path / "store"))
    database = Database(f"sqlite:///{tmp_path}/films.db")
    database.migrate()
    storage = Storage(str(tmp_path / "files"))
    executor = LocalExecutor(workers=1, storage=storage.url, home=tmp_path / "workers")
    desk = Core(database=database, storage=storage, executor=executor, accounts=Accounts(database))
    desk.start()
    yield desk
    desk.stop()
    database.close()


def seen(desk: Core, caller: Caller, video: Video) -> list[Video]:
    """What is told of a film until it is at an end."""

    async def watch() -> list[Video]:
        return [now async for now in desk.changes(caller, video.id, timeout=WAIT)]

    return asyncio.run(watch())


def test_a_sentence_becomes_a_film_and_an_edit_reuses_it(desk: Core, tmp_path: Path):
    """Everything is real here; the edit says what it was made from, and is not drawn anew."""
    caller = Accounts(Database(f"sqlite:///{tmp_path}/films.db")).first_caller()
    ledger = Ledger(Database(f"sqlite:///{tmp_path}/films.db"))
    desk.on_end.append(ledger.note)

    (first,) = desk.create(caller, wish())
    told = seen(desk, caller, first)
    child = desk.edit(caller, first.id, "make the ball blue")
    assert isinstance(child, Video)
    edited = seen(desk, caller, child)[-1]

    assert [video.state for video in told][-1] is State.COMPLETED
    assert State.RUNNING in {video.state for video in told}
    assert told[-1].ways == {"drawn": 24}
    assert edited.state is State.COMPLETED
    assert "drawn" not in edited.ways

    path = tmp_path / "seen.mp4"
    with desk.content(caller, edited.id).open() as file:
        path.write_bytes(file.read())
    verdict = provenance.verify(path)
    assert verdict.ok, verdict.sentences()
    assert len(verdict.chain) == 2
    assert ledger.seconds(caller.account) == 2
