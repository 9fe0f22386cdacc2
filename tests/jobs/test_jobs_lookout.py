"""What is known in memory is seldom older than a second, however many ask, and the database is asked once for all of it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from jobs_by_hand import Clock, House, wish

from vitascope.film import Size
from vitascope.jobs.accounts import Accounts
from vitascope.jobs.database import Database
from vitascope.jobs.errors import Missing, Unauthorised
from vitascope.jobs.executor import DrawChunk
from vitascope.jobs.keyring import Keyring
from vitascope.jobs.lookout import Lookout
from vitascope.jobs.values import Caller, State, Video
from vitascope.jobs.watch import Watch


@pytest.fixture
def here(tmp_path: Path, database_url: str) -> Iterator[House]:
    """A server."""
    made = House(tmp_path / "here", url=database_url)
    yield made
    made.close()


@pytest.fixture
def elsewhere(tmp_path: Path, here: House) -> Iterator[House]:
    """Another server on the same database."""
    made = House(tmp_path / "elsewhere", url=here.url)
    yield made
    made.close()


def lookout(house: House) -> Lookout:
    """The one of a server, which looks when it is told to."""
    return house.desk._lookout


def test_what_another_server_does_is_seen_at_the_next_look(here: House, elsewhere: House):
    """Until then the film is believed to be as it was."""
    caller = here.caller()
    (video,) = here.desk.create(caller, wish())
    here.desk.video(caller, video.id)

    elsewhere.desk.cancel(caller, video.id)
    before = here.desk.video(caller, video.id).state
    lookout(here).look()

    assert before is State.QUEUED
    assert here.desk.known(caller, video.id) == elsewhere.desk.video(caller, video.id)
    assert here.desk.video(caller, video.id).state is State.CANCELLED


def test_what_another_server_deleted_is_gone_at_the_next_look(here: House, elsewhere: House):
    """As if it had been deleted here."""
    caller = here.caller()
    (video,) = here.desk.create(caller, wish())
    here.desk.video(caller, video.id)

    elsewhere.desk.delete(caller, video.id)
    lookout(here).look()

    with pytest.raises(Missing):
        here.desk.video(caller, video.id)


def test_frames_that_another_server_draws_are_seen_at_the_next_look(here: House, elsewhere: House):
    """They are no new version of the film, only written down with its lease."""
    caller = here.caller()
    (video,) = here.desk.create(caller, wish())
    elsewhere.turn()
    lookout(here).look()
    assert here.desk.video(caller, video.id).frames_done == 0
    (task,) = elsewhere.tasks(DrawChunk)

    elsewhere.hands.begin(task)
    elsewhere.hands.step(task, 12)
    elsewhere.turn(10)
    lookout(here).look()

    assert here.desk.video(caller, video.id).frames_done == 12


def test_a_look_does_not_set_back_what_is_drawn_here(here: House):
    """Rows are written now and then, frames are told at once."""
    caller = here.caller()
    (video,) = here.desk.create(caller, wish())
    here.turn()
    (task,) = here.tasks(DrawChunk)

    here.hands.begin(task)
    here.hands.step(task, 12)
    here.turn()
    before = here.desk.video(caller, video.id).frames_done
    lookout(here).look()

    assert before == 12
    assert here.desk.video(caller, video.id).frames_done == 12


def test_many_films_are_looked_after_in_one_query(here: House):
    """However many clients poll; those that nobody asked for are not among them."""
    caller = here.caller()
    videos = [each for _ in range(3) for each in here.desk.create(caller, wish(n=16))]
    for video in videos[:40]:
        here.desk.video(caller, video.id)
    asked = []
    sessions = here.database.session
    here.database.session = lambda: asked.append(1) or sessions()  # type: ignore[method-assign]

    lookout(here).look()

    assert len(asked) == 1
    assert here.desk.asked == 40


def test_a_film_that_is_looked_after_stays_fresh():
    """From the moment of the look; what nobody looked after grows old, and is asked of the database again."""
    clock = Clock()
    watch = Watch(keeps=5.0, now=clock)
    videos = [watch.know(film(number)) for number in range(2)]

    clock.time += 4
    watch.confirm([videos[0].id], clock())
    clock.time += 4

    assert [watch.get(video.id) for video in videos] == [videos[0], None]


def test_a_key_that_was_revoked_elsewhere_holds_no_longer_after_a_look(accounts: Accounts, database: Database):
    """Nor in memory."""
    other = Accounts(database)
    caller = owner(accounts)
    key, secret = accounts.create_key(caller.account, caller.workspace, "lost")
    kept, good = accounts.create_key(caller.account, caller.workspace, "kept")
    other.authenticate(secret)
    other.authenticate(good)

    accounts.revoke_key(key.id)
    other.look()

    assert other.known(secret) is None
    with pytest.raises(Unauthorised, match="revoked"):
        other.authenticate(secret)
    assert (found := other.known(good)) is not None
    assert found.key == kept.id


def test_a_member_whose_role_changed_elsewhere_has_it_after_a_look(accounts: Accounts, database: Database):
    """A tier alike."""
    other = Accounts(database)
    caller = owner(accounts)
    _, secret = accounts.create_key(caller.account, caller.workspace, "laptop")
    other.authenticate(secret)

    accounts.change_account(caller.account, tier="plus")
    other.look()

    assert (found := other.known(secret)) is not None
    assert found.tier == "plus"


def test_a_key_that_is_revoked_while_it_is_looked_up_is_not_believed(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
):
    """What was read before is of no use after."""
    caller = owner(accounts)
    key, secret = accounts.create_key(caller.account, caller.workspace, "lost")
    found = Keyring._found

    def and_revoked(self: Keyring, session, digests):
        read = found(self, session, digests)
        monkeypatch.undo()
        accounts.revoke_key(key.id)
        return read

    monkeypatch.setattr(Keyring, "_found", and_revoked)

    accounts.authenticate(secret)

    assert accounts.known(secret) is None
    with pytest.raises(Unauthorised, match="revoked"):
        accounts.authenticate(secret)


def owner(accounts: Accounts) -> Caller:
    """Somebody with a workspace."""
    account = accounts.create_account("Ada", "free")
    workspace = accounts.create_workspace("Engines", account.id)
    _, secret = accounts.create_key(account.id, workspace.id, "first")
    return accounts.authenticate(secret)


def film(number: int) -> Video:
    """Some value."""
    return Video(
        id=f"video_{number}", workspace="w", account="a", state=State.QUEUED, progress=0, version=1, model="sora-2",
        engine="world", prompt="A red ball", operation="create", parent=None, seconds=Fraction(1),
        size=Size(width=128, height=128), fps=Fraction(24), seed=1, style=None, audio=False, negative_prompt=None,
        created_at=1000,
    )  # fmt: skip
