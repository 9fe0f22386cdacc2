"""The ledger of what films cost, and the log of who did what."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction

import pytest
from filled import film_row
from sqlalchemy import select

from vitascope.film import Size
from vitascope.jobs.accounts import Accounts
from vitascope.jobs.audit import Audit
from vitascope.jobs.database import Database
from vitascope.jobs.ledger import Ledger, Usage, month_of
from vitascope.jobs.tables import AuditRow, ChunkRow, VideoRow
from vitascope.jobs.values import Caller, State, Video

NOVEMBER = 1_795_000_000
"""2026-11-18."""


@pytest.fixture
def caller(accounts: Accounts) -> Caller:
    """The owner of a workspace."""
    return accounts.first_caller()


def film(caller: Caller, database: Database, number: int = 1, **fields) -> Video:
    """A completed film of 8.5 s that is in the database, with two chunks that took 2 s each."""
    with database.writing() as session:
        session.add(film_row(caller, number, **({"completed_at": NOVEMBER} | fields)))
        session.flush()
        session.add_all(ChunkRow(video=f"video_{number}", number=n, frames=24, seconds=2.0) for n in (0, 1))
    return Video(
        id=f"video_{number}", workspace=caller.workspace, account=caller.account, state=State.COMPLETED, progress=100, version=1,
        model="sora-2", engine="world", prompt="A red ball", operation="create", parent=None, seconds=Fraction(17, 2),
        size=Size(width=128, height=128), fps=Fraction(24), seed=7, style=None, audio=True, negative_prompt=None, created_at=1,
    )  # fmt: skip


def test_a_completed_film_is_a_line(database: Database, caller: Caller):
    """Seconds of film, frames that were drawn anew, and the time that workers spent."""
    Ledger(database).note(film(caller, database))

    assert Ledger(database).usage() == [
        Usage(
            month="2026-11", account=caller.account, workspace=caller.workspace, films=1, seconds=8.5, frames_drawn=24,
            work_seconds=4.0,
        )
    ]  # fmt: skip


def test_a_film_is_counted_once(database: Database, caller: Caller):
    """However many servers note it, at once or again."""
    video = film(caller, database)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: Ledger(database).note(video), range(8)))

    assert Ledger(database).seconds(caller.account, "2026-11") == 8.5


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED, State.RUNNING])
def test_what_was_not_completed_costs_nothing(database: Database, caller: Caller, state: State):
    """Nobody pays for our faults."""
    video = film(caller, database, state=state.value)

    Ledger(database).note(replace(video, state=state))

    assert Ledger(database).usage() == []
    assert Ledger(database).catch_up() == 0


def test_films_that_a_server_did_not_live_to_note_are_made_up_for(database: Database, caller: Caller):
    """Each of them, and none twice."""
    for number in range(1, 4):
        video = film(caller, database, number)
    Ledger(database).note(video)

    assert Ledger(database).catch_up() == 2
    assert Ledger(database).catch_up() == 0
    assert Ledger(database).seconds(caller.account, "2026-11") == 3 * 8.5


def test_the_ledger_outlives_the_film(database: Database, caller: Caller):
    """Deleting films gives no seconds back."""
    Ledger(database).note(film(caller, database))

    with database.writing() as session:
        session.delete(session.get_one(VideoRow, "video_1"))

    assert Ledger(database).seconds(caller.account, "2026-11") == 8.5


def test_usage_is_by_month_account_and_workspace(database: Database, accounts: Accounts, caller: Caller):
    """And can be asked for one of each."""
    grace = accounts.create_account("Grace")
    other = replace(caller, account=grace.id, workspace=accounts.create_workspace("Compilers", grace.id).id)
    film(caller, database, 1)
    film(caller, database, 2, completed_at=NOVEMBER - 31 * 86_400)
    film(other, database, 3)
    ledger = Ledger(database)
    ledger.catch_up()

    assert [usage.month for usage in ledger.usage()] == ["2026-11", "2026-11", "2026-10"]
    assert [usage.films for usage in ledger.usage(account=caller.account)] == [1, 1]
    assert [usage.account for usage in ledger.usage(workspace=other.workspace)] == [grace.id]
    assert len(ledger.usage(month="2026-11")) == 2
    assert ledger.seconds(caller.account, "2026-12") == 0.0


def test_months_change_at_midnight_of_greenwich():
    """On every server alike."""
    assert (month_of(1_796_083_199), month_of(1_796_083_200)) == ("2026-11", "2026-12")


def test_the_log_says_who_did_what(database: Database, caller: Caller):
    """The latest first; of a workspace, about an object, page by page."""
    audit = Audit(database)
    audit.note("server.start")
    audit.note("key.create", caller=caller, object="key_1", request="req_1")
    audit.note("key.revoke", caller=caller, object="key_1", request="req_2")

    assert [(entry.action, entry.account, entry.request) for entry in audit.entries()] == [
        ("key.revoke", caller.account, "req_2"),
        ("key.create", caller.account, "req_1"),
        ("server.start", None, None),
    ]
    assert len(audit.entries(workspace=caller.workspace)) == 2
    assert len(audit.entries(object="key_1", limit=1)) == 1
    assert [entry.action for entry in audit.entries(before=audit.entries()[0].id, limit=1)] == ["key.create"]


def test_no_words_of_a_user_get_into_the_log(database: Database, caller: Caller):
    """Actions are words of ours, objects are ids; a request id that is none is left out."""
    audit = Audit(database)
    for words in ("A red ball", "film.create A red ball"):
        with pytest.raises(AssertionError):
            audit.note(words)
        with pytest.raises(AssertionError):
            audit.note("film.create", object=words)

    audit.note("film.create", caller=caller, object="video_1", request="my secret prompt")

    with database.session() as session:
        assert [row.request for row in session.scalars(select(AuditRow))] == [None]
