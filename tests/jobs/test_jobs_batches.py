"""Batches: each line of a file becomes a film once, with room left for others, across restarts, to the last line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from patience import until
from vitascope.film import Size
from vitascope.jobs.accounts import Accounts
from vitascope.jobs.batch_lines import faults_in, lines_in
from vitascope.jobs.batches import Batch, Batches
from vitascope.jobs.batching import Batching
from vitascope.jobs.core import Core
from vitascope.jobs.database import Database
from vitascope.jobs.errors import Conflict, Forbidden, Invalid, Missing
from vitascope.jobs.files import Files
from vitascope.jobs.local import LocalExecutor
from vitascope.jobs.storage import Storage
from vitascope.jobs.tables import AccountRow, BatchRow, VideoRow
from vitascope.jobs.values import Caller, Role, Video, Wish


def line(custom_id: str, prompt: str = "A red ball on a plain backdrop", **body) -> dict:
    return {"custom_id": custom_id, "method": "POST", "url": "/v1/videos", "body": {"prompt": prompt, **body}}


def text_of(*lines: object) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in lines)


def wish_of(caller: Caller, body: Mapping[str, object]) -> Wish:
    """What a line asks for; every film here is a tiny one."""
    if "seconds" in body:
        raise Invalid("seconds is 0; give 1 to 120 seconds.", param="seconds")
    return Wish(
        prompt=str(body["prompt"]), seconds=Fraction(1), size=Size(width=128, height=128), fps=Fraction(24), audio=False,
        seed=1, n=int(str(body.get("n", 1))), extra={name: body[name] for name in body if name not in ("prompt", "n")},
    )  # fmt: skip


class Office:
    """A server's parts for batches, and more of them on the same database for a second server."""

    def __init__(self, database: Database, accounts: Accounts, folder: Path) -> None:
        self.database, self.accounts, self.owner = database, accounts, accounts.first_caller()
        self.storage = Storage(str(folder / "storage"))
        self.executor = LocalExecutor(workers=1, storage=self.storage.url, home=folder / "workers")
        self.core = Core(database=database, storage=self.storage, executor=self.executor, accounts=accounts)
        self.files = Files(database, self.storage)
        self.batches = Batches(database, self.files)
        self.told: list[tuple[str, str]] = []
        self.begun: list[Batching] = []

    def server(self, room: int = 100) -> Batching:
        """The thread that makes batches, begun."""

        def show(video: Video) -> dict[str, object]:
            return {"id": video.id, "status": video.state.value}

        batching = Batching(
            self.database, self.batches, self.files, self.core, wish_from=wish_of, show=show, room=lambda caller: room,
            announce=lambda workspace, event, batch: self.told.append((event, batch)),
        )  # fmt: skip
        batching.start()
        self.begun.append(batching)
        return batching

    def batch(self, *lines: object, window: str = "24h", caller: Caller | None = None) -> Batch:
        """A batch of these lines."""
        caller = caller or self.owner
        file = self.files.create(caller, text_of(*lines), filename="lines.jsonl", purpose="batch")
        return self.batches.create(caller, input_file=file.id, endpoint="/v1/videos", completion_window=window)

    def now(self, batch: Batch) -> Batch:
        return self.batches.batch(self.owner, batch.id)

    def films(self) -> list[VideoRow]:
        with self.database.session() as session:
            return list(session.scalars(select(VideoRow).order_by(VideoRow.ordinal)))

    def end_films(self, state: str = "completed") -> None:
        """Every film under way is at its end, as if workers had done it."""
        with self.database.writing() as session:
            under_way = select(VideoRow.id).where(VideoRow.state.in_(["queued", "starting", "running"]))
            films = list(session.scalars(under_way))
            fault = (
                {"fault_code": "render_failed", "fault_message": "It could not be drawn."} if state == "failed" else {}
            )
            session.execute(
                update(VideoRow)
                .where(VideoRow.id.in_(films))
                .values(state=state, version=VideoRow.version + 1, **fault)
            )
        for film in films:
            self.core.forget(film)
        for batching in self.begun:
            batching._news.set()

    def lines(self, file: str | None) -> dict[str, dict]:
        """The lines of a file that a batch wrote, by custom_id."""
        if file is None:
            return {}
        with self.files.stream(self.owner, file)[0] as stream:
            return {found["custom_id"]: found for found in map(json.loads, stream.read().splitlines())}


@pytest.fixture
def office(database: Database, accounts: Accounts, tmp_path: Path) -> Iterator[Office]:
    office = Office(database, accounts, tmp_path)
    yield office
    for batching in office.begun:
        batching.stop()
    office.core.stop()
    office.executor.close()


def test_a_setting_of_other_engines_is_refused_in_a_line_as_elsewhere(office: Office):
    """The line is answered by the name of the setting, and no film is made."""
    office.server()
    batch = office.batch(line("guided", guidance_scale=4.5))
    until(lambda: office.now(batch).state == "completed")

    error = office.lines(office.now(batch).error_file)["guided"]["response"]["body"]["error"]
    assert (error["code"], error["param"]) == ("unsupported_parameter", "guidance_scale")
    assert office.films() == []


def test_each_line_becomes_a_film_and_is_answered(office: Office):
    """Films that were made stand in the output file, what was refused or failed in the error file."""
    office.server()
    batch = office.batch(line("one"), line("two"), line("bad", seconds=0))
    until(lambda: len(office.films()) == 2)
    assert office.now(batch).state == "in_progress"

    office.end_films()
    until(lambda: office.now(batch).state == "completed")

    done = office.now(batch)
    assert (done.counts.total, done.counts.completed, done.counts.failed) == (3, 2, 1)
    made, missed = office.lines(done.output_file), office.lines(done.error_file)
    assert made["one"]["response"]["body"] == {"id": office.films()[0].id, "status": "completed"}
    assert set(made) == {"one", "two"}
    assert missed["bad"]["response"]["status_code"] == 400
    assert missed["bad"]["response"]["body"]["error"]["param"] == "seconds"
    until(lambda: office.told)
    assert office.told == [("batch.completed", batch.id)]
    assert all(film.priority == -10 for film in office.films())


def test_a_film_that_failed_is_told_with_its_reason(office: Office):
    """In the error file, with the film as it is."""
    office.server()
    batch = office.batch(line("one"))
    until(lambda: office.films())

    office.end_films("failed")
    until(lambda: office.now(batch).state == "completed")

    done = office.now(batch)
    told = office.lines(done.error_file)["one"]
    assert told["error"] == {"code": "render_failed", "message": "It could not be drawn."}
    assert told["response"]["body"]["status"] == "failed"
    assert done.output_file is None
    assert done.counts.failed == 1


def test_lines_are_fed_as_there_is_room(office: Office):
    """So many films at a time; the rest waits in the file."""
    office.server(room=2)
    batch = office.batch(*[line(str(n)) for n in range(5)])

    for expected in (2, 4, 5):
        until(lambda expected=expected: len(office.films()) == expected)
        office.end_films()
    until(lambda: office.now(batch).state == "completed")

    assert office.now(batch).counts.completed == 5


def test_a_full_queue_is_waited_for(office: Office):
    """What the tier has no room for is not refused."""
    with office.database.writing() as session:
        session.execute(update(AccountRow).values(tier="free"))
    office.server()
    batch = office.batch(*[line(str(n)) for n in range(25)])

    until(lambda: len(office.films()) == 20)

    assert office.now(batch).state == "in_progress"
    assert office.now(batch).counts.failed == 0


def test_another_server_goes_on_where_one_stopped(office: Office):
    """Each line is one film, however many servers had a hand in it."""
    first = office.server(room=3)
    batch = office.batch(*[line(str(n)) for n in range(6)])
    until(lambda: len(office.films()) == 3)
    first.stop()
    with office.database.writing() as session:  # as if it had been killed before it wrote that down
        session.get_one(BatchRow, batch.id).lines = []

    office.server(room=6)
    until(lambda: len(office.films()) == 6)
    office.end_films()
    until(lambda: office.now(batch).state == "completed")

    assert len(office.films()) == 6
    assert len(office.lines(office.now(batch).output_file)) == 6


def test_cancelling_stops_films_and_tells_of_all_lines(office: Office):
    """What was made stays made."""
    office.server(room=2)
    batch = office.batch(*[line(str(n)) for n in range(4)])
    until(lambda: office.now(batch).counts.total == 4 and len(office.films()) == 2)
    office.end_films()
    until(lambda: len(office.films()) == 4)

    assert office.batches.cancel(office.owner, batch.id).state == "cancelling"
    until(lambda: office.now(batch).state == "cancelled")

    done = office.now(batch)
    assert (done.counts.completed, done.counts.failed) == (2, 2)
    assert {each["error"]["code"] for each in office.lines(done.error_file).values()} == {"batch_cancelled"}
    until(lambda: office.told)
    assert office.told == [("batch.cancelled", batch.id)]
    with pytest.raises(Conflict, match="cancelled already"):
        office.batches.cancel(office.owner, batch.id)


def test_a_batch_that_is_cancelled_before_it_is_looked_at_tells_of_all_lines(office: Office):
    """None was begun."""
    batch = office.batch(line("one"), line("two"))
    office.batches.cancel(office.owner, batch.id)
    office.server()
    until(lambda: office.now(batch).state == "cancelled")

    assert set(office.lines(office.now(batch).error_file)) == {"one", "two"}
    assert office.now(batch).counts.failed == 2
    assert office.films() == []


def test_a_batch_ends_with_its_window(office: Office):
    """What is not made by then is told as expired."""
    office.server(room=1)
    batch = office.batch(line("one"), line("two"))
    until(lambda: office.films())

    with office.database.writing() as session:
        row = session.get_one(BatchRow, batch.id)
        row.fields = {**row.fields, "moments": {**row.fields["moments"], "expires_at": 1}}
    until(lambda: office.now(batch).state == "expired")

    done = office.now(batch)
    assert {each["error"]["code"] for each in office.lines(done.error_file).values()} == {"batch_expired"}
    assert {film.state for film in office.films()} == {"cancelled"}


def test_a_file_that_is_no_batch_fails_as_a_whole(office: Office):
    """With each line that is wrong, by its number; no film is begun."""
    office.server()
    batch = office.batch(line("one"), line("one"), {**line("three"), "url": "/v1/chat/completions"}, [1])
    until(lambda: office.now(batch).state == "failed")

    errors = office.now(batch).errors
    assert errors is not None
    assert [(each["line"], each["code"]) for each in errors["data"]] == [
        (2, "duplicate_custom_id"),
        (3, "invalid_url"),
        (4, "invalid_json_line"),
    ]
    assert office.films() == []
    until(lambda: office.told)
    assert office.told == [("batch.failed", batch.id)]


def test_the_file_of_a_batch_under_way_cannot_be_deleted(office: Office):
    """Afterwards it can."""
    office.server()
    batch = office.batch(line("one"))
    until(lambda: office.films())

    with pytest.raises(Conflict, match="batch"):
        office.files.delete(office.owner, batch.input_file)
    office.end_films()
    until(lambda: office.now(batch).state == "completed")

    office.files.delete(office.owner, batch.input_file)


def test_a_file_is_kept_as_long_as_its_batch_may_take(office: Office):
    """An expiry within the window is put off until a day after it."""
    file = office.files.create(office.owner, text_of(line("one")), filename="a", purpose="batch", expires_after=3600)

    batch = office.batches.create(office.owner, input_file=file.id, endpoint="/v1/videos", completion_window="7d")

    assert office.files.file(office.owner, file.id).expires_at == batch.moments["expires_at"] + 86_400


def test_who_left_the_workspace_films_no_more(office: Office):
    """A batch ends when its owner is no member any more."""
    account = office.accounts.create_account("Eve", "team")
    office.accounts.add_member(office.owner.workspace, account.id, Role.EDITOR)
    eve = replace(office.owner, account=account.id, role=Role.EDITOR, tier="team")
    office.server(room=1)
    batch = office.batch(line("one"), line("two"), caller=eve)
    until(lambda: office.films())

    office.accounts.remove_member(office.owner.workspace, account.id)
    until(lambda: office.now(batch).state == "cancelled")

    assert len(office.films()) == 1


def test_what_cannot_be_a_batch_is_told(office: Office):
    """With the field, and what is allowed."""
    file = office.files.create(office.owner, b"x", filename="a", purpose="user_data").id
    lines = office.files.create(office.owner, text_of(line("one")), filename="a", purpose="batch").id

    def refused(error: type[Exception], **more) -> str:
        asked = {"input_file": lines, "endpoint": "/v1/videos", "completion_window": "24h", "caller": office.owner}
        asked |= more
        with pytest.raises(error) as found:
            office.batches.create(asked.pop("caller"), **asked)
        return str(found.value)

    assert "purpose batch" in refused(Invalid, input_file=file)
    assert "/v1/videos" in refused(Invalid, endpoint="/v1/responses")
    assert "24h, 48h, 7d" in refused(Invalid, completion_window="1h")
    assert "16" in refused(Invalid, metadata={str(n): "" for n in range(17)})
    refused(Missing, input_file="file_none")
    refused(Missing, caller=replace(office.owner, workspace="workspace_other"))
    refused(Forbidden, caller=replace(office.owner, role=Role.VIEWER))


def test_other_workspaces_see_no_batches_of_ours(office: Office):
    """Whoever knows the id has nothing by it."""
    batch = office.batch(line("one"))
    stranger = replace(office.owner, workspace="workspace_other")

    assert office.batches.batches(stranger).items == ()
    for ask in (office.batches.batch, office.batches.cancel):
        with pytest.raises(Missing):
            ask(stranger, batch.id)


def test_a_line_asks_for_one_film(office: Office):
    """More would not fit the answer, which is one video."""
    office.server()
    batch = office.batch(line("one", n=2))
    until(lambda: office.now(batch).state == "completed")

    told = office.lines(office.now(batch).error_file)["one"]
    assert told["response"]["body"]["error"]["param"] == "n"


def test_lines_have_a_limit():
    """That of the tier; the whole file is refused."""
    lines = lines_in(text_of(*[line(str(n)) for n in range(3)]))

    assert faults_in(lines, 3) == []
    assert [each.code for each in faults_in(lines, 2)] == ["too_many_tasks"]
    assert [each.code for each in faults_in(lines_in(b"\n \n"))] == ["empty_file"]


def test_films_of_a_batch_are_really_made(office: Office):
    """From the line to the film file, by a worker."""
    office.core.on_end.append(office.server().on_end)
    office.core.start()
    batch = office.batch(line("one"))
    until(lambda: office.now(batch).state == "completed")

    video = office.lines(office.now(batch).output_file)["one"]["response"]["body"]["id"]
    content = office.core.content(office.owner, video)
    with content.open() as stream:
        assert stream.read(12)[4:8] == b"ftyp"
    with office.database.session() as session:
        assert session.scalar(select(func.count()).where(VideoRow.batch == batch.id)) == 1
