"""Who calls and which film is meant, where memory does not know: looked up together, and told to nobody else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jobs_by_hand import House, wish
from sqlalchemy import event

from vitascope.jobs.accounts import Accounts
from vitascope.jobs.core import Core
from vitascope.jobs.database import DatabaseError
from vitascope.jobs.enquiries import Enquiries, Enquiry
from vitascope.jobs.errors import Unauthorised
from vitascope.jobs.keyring import Keyring
from vitascope.jobs.values import Caller, Video
from vitascope.jobs.watch import Watch


@pytest.fixture
def made(tmp_path: Path, database_url: str) -> Iterator[House]:
    """A server on which everything was made."""
    house = House(tmp_path / "made", url=database_url)
    yield house
    house.close()


@pytest.fixture
def here(tmp_path: Path, made: House) -> Iterator[House]:
    """Another one on the same database, which knows nothing in memory."""
    house = House(tmp_path / "here", url=made.url)
    yield house
    house.close()


def test_many_that_come_together_are_looked_up_together(made: House, here: House):
    """One query for their keys and one for their films, on one connection."""
    key, caller = key_of(made)
    keys = [made.accounts.create_key(caller.account, caller.workspace, "client")[1] for _ in range(39)] + [key]
    videos = [each for _ in range(4) for each in made.desk.create(caller, wish(n=10))]

    with statements(here) as asked:
        callers = ask(here, *(Enquiry(key=key, video=video.id) for key, video in zip(keys, videos, strict=True)))

    assert [statement.split()[0] for statement in asked] == ["SELECT", "SELECT"]
    assert [each.workspace for each in callers if isinstance(each, Caller)] == [caller.workspace] * 40
    assert [here.accounts.known(key) for key in keys] == callers
    assert [here.desk.known(caller, video.id) for video in videos] == [
        made.desk.video(caller, video.id) for video in videos
    ]


def test_the_first_waits_a_little_for_others(made: House, here: House):
    """Who comes soon after is looked up with it."""
    key, _ = key_of(made)
    patient = Enquiries(here.database, here.desk._watch, here.accounts, gathers=2.0)

    async def asked() -> list[Caller]:
        first = asyncio.create_task(patient.ask(Enquiry(key=key)))
        await asyncio.sleep(0.01)
        return [*await asyncio.gather(first, patient.ask(Enquiry(key=key)))]

    with statements(here) as found:
        callers = asyncio.run(asked())

    assert len(found) == 1
    assert len(callers) == 2


def test_those_that_come_during_a_lookup_are_the_next(made: House, here: House, monkeypatch: pytest.MonkeyPatch):
    """All of them together, and each is answered once."""
    key, caller = key_of(made)
    videos = made.desk.create(caller, wish(n=16))
    begun, go_on = threading.Event(), threading.Event()
    sizes: list[int] = []
    learn = Watch.learn

    def slowly(watch: Watch, found: list[Video], since: int) -> None:
        sizes.append(len(found))
        begun.set()
        assert go_on.wait(30)
        learn(watch, found, since)

    monkeypatch.setattr(Watch, "learn", slowly)

    async def asked() -> list[Caller]:
        first = asyncio.create_task(here.desk.enquiries.ask(Enquiry(key=key, video=videos[0].id)))
        await asyncio.to_thread(begun.wait, 30)
        more = [asyncio.create_task(here.desk.enquiries.ask(Enquiry(key=key, video=each.id))) for each in videos[1:]]
        await asyncio.sleep(0)
        go_on.set()
        return await asyncio.gather(first, *more)

    callers = asyncio.run(asked())

    assert sizes == [1, 15]
    assert len(callers) == 16


def test_a_film_of_others_is_not_learnt(made: House, here: House):
    """Not by who asks for it, with whom it is looked up; and with a key that does not hold nothing is."""
    key, caller = key_of(made)
    strange, stranger = key_of(made)
    mine, others = made.desk.create(caller, wish())[0], made.desk.create(stranger, wish())[0]

    answers = ask(
        here,
        Enquiry(key=key, video=others.id),
        Enquiry(who=caller, video=mine.id),
        Enquiry(key="vsk_" + "x" * 43, video=others.id),
        Enquiry(key=strange),
    )

    assert [type(each) for each in answers] == [Caller, Caller, Unauthorised, Caller]
    assert here.desk.known(caller, mine.id) is not None
    assert here.desk._watch.get(others.id) is None


def test_each_key_that_does_not_hold_is_told_why(made: House, here: House):
    """Whoever is looked up with it is let in all the same."""
    key, caller = key_of(made)
    lost, secret = made.accounts.create_key(caller.account, caller.workspace, "lost")
    made.accounts.revoke_key(lost.id)

    answers = ask(here, *(Enquiry(key=each) for each in ("vsk_short", key, "vsk_" + "x" * 43, secret)))

    assert [getattr(each, "message", None) for each in answers] == [
        "The key is not one of this server; its keys begin with vsk_ and have 47 letters.",
        None,
        "The key is not known here.",
        "The key was revoked.",
    ]


def test_a_key_that_is_revoked_during_a_lookup_is_not_believed(
    made: House, here: House, monkeypatch: pytest.MonkeyPatch
):
    """What was read before is of no use after."""
    _, caller = key_of(made)
    lost, secret = made.accounts.create_key(caller.account, caller.workspace, "lost")
    after(monkeypatch, Keyring, "_found", lambda: here.accounts.revoke_key(lost.id))

    ask(here, Enquiry(key=secret))

    assert here.accounts.known(secret) is None
    assert [str(each) for each in ask(here, Enquiry(key=secret))] == ["The key was revoked."]


def test_a_film_that_is_deleted_during_a_lookup_is_not_known(made: House, here: House, monkeypatch: pytest.MonkeyPatch):
    """It does not come back for the seconds in which it would be believed."""
    key, caller = key_of(made)
    (video,) = made.desk.create(caller, wish())
    learn = Watch.learn

    def too_late(watch: Watch, found: list[Video], since: int) -> None:
        here.desk.delete(caller, video.id)
        learn(watch, found, since)

    monkeypatch.setattr(Watch, "learn", too_late)

    ask(here, Enquiry(key=key, video=video.id))

    assert here.desk.known(caller, video.id) is None


def test_who_made_a_film_here_needs_no_lookup(made: House):
    """A key that was let in and the film that it made are known from then on."""
    key, _ = key_of(made)
    (caller,) = ask(made, Enquiry(key=key))
    assert isinstance(caller, Caller)

    with statements(made) as asked:
        (video,) = made.desk.create(caller, wish())
        asked.clear()
        known = made.accounts.known(key), made.desk.known(caller, video.id)

    assert known == (caller, video)
    assert asked == []


def test_a_lookup_that_fails_is_told_to_all_and_the_next_goes_on(
    made: House, here: House, monkeypatch: pytest.MonkeyPatch
):
    """Nobody is left waiting."""
    key, _ = key_of(made)

    def broken(*_: object) -> None:
        raise DatabaseError("The database cannot be used.")

    with monkeypatch.context() as patch:
        patch.setattr(Accounts, "callers", broken)
        failed = ask(here, Enquiry(key=key), Enquiry(key=key))
    (found,) = ask(here, Enquiry(key=key))

    assert [type(each) for each in failed] == [DatabaseError, DatabaseError]
    assert isinstance(found, Caller)


def test_who_hangs_up_takes_nobody_along(made: House, here: House):
    """The others are answered, also where the first of them has gone."""
    key, _ = key_of(made)

    async def asked() -> list[object]:
        asking = [asyncio.create_task(here.desk.enquiries.ask(Enquiry(key=key))) for _ in range(3)]
        await asyncio.sleep(0)
        asking[0].cancel()
        return await asyncio.gather(*asking, return_exceptions=True)

    answers = asyncio.run(asked())

    assert [type(each) for each in answers] == [asyncio.CancelledError, Caller, Caller]


def ask(house: House, *enquiries: Enquiry) -> list[Caller | BaseException]:
    """What each is answered that comes at once, be it an error."""
    desk: Core = house.desk

    async def asked() -> list[Caller | BaseException]:
        return await asyncio.gather(*map(desk.enquiries.ask, enquiries), return_exceptions=True)

    return asyncio.run(asked())


def key_of(house: House) -> tuple[str, Caller]:
    """A key of somebody new with a workspace of their own, and who calls with it."""
    caller = house.caller()
    return house.accounts.create_key(caller.account, caller.workspace, "first")[1], caller


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """What the database is asked meanwhile, but for beginnings and the pool's own questions."""
    found: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            found.append(statement)

    with house.database.session() as session:
        session.connection()  # what a first connection asks is not counted
    event.listen(house.database.engine, "before_cursor_execute", note)
    yield found
    event.remove(house.database.engine, "before_cursor_execute", note)


def after(patch: pytest.MonkeyPatch, kind: type, name: str, deed: Callable[[], object]) -> None:
    """Do something each time that a method has read and not answered yet."""
    method = getattr(kind, name)
    patch.setattr(kind, name, lambda *given: (method(*given), deed())[0])
