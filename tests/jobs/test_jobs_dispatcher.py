"""From the queue to the published film: order, crashes, retries, cancelling. The workers are moved by hand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from jobs_by_hand import Clock, House, wish

from vitascope.jobs.dispatcher import LEASE
from vitascope.jobs.executor import Done, DrawChunk, Failed, FinishFilm, Lost
from vitascope.jobs.making import TRIES
from vitascope.jobs.tables import VideoRow
from vitascope.jobs.values import State


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, url=database_url)
    yield made
    made.close()


def test_a_film_is_awaited_until_something_new_of_it_can_be_seen(house: House):
    """Chunks that lay in the store are nothing new; after one that was drawn the others are not shown half."""
    house.hands.capacity = 1
    house.desk.create(house.caller(), wish(seconds=4))
    awaited = []

    for way in ("reused", "drawn", "drawn", "drawn"):
        house.turn()
        (task,) = house.tasks(DrawChunk)
        awaited.append(task.awaited)
        result = {"address": f"{task.number:064x}", "ways": {way: 24}, "frames": 24, "seconds": 0.5}
        house.hands.end(Done(task=task.id, result=result))

    assert awaited == [True, True, False, False]


def restarted(house: House, folder: Path, **settings) -> House:
    """The server that is started after this one was killed: nothing was said or written at its end."""
    house.database.close()
    return House(folder, url=house.url, clock=house.clock, **settings)


def test_a_film_is_planned_drawn_finished_and_published(house: House):
    """Its chunks side by side, then the whole; only then are there files."""
    caller = house.caller()
    (queued,) = house.desk.create(caller, wish(seconds=2))
    assert (queued.state, queued.progress) == (State.QUEUED, 0)

    house.turn()
    chunks = house.tasks(DrawChunk)
    assert [task.number for task in chunks] == [0, 1]
    assert house.desk.video(caller, queued.id).state is State.STARTING

    house.hands.begin(chunks[0])
    house.hands.step(chunks[0], 12)
    house.turn()
    running = house.desk.video(caller, queued.id)
    assert (running.state, running.frames_done) == (State.RUNNING, 12)

    for task in chunks:
        house.hands.do(task, house.storage)
    house.turn()
    (finish,) = house.tasks(FinishFilm)
    assert finish.drawn == {0: {"drawn": 24}, 1: {"drawn": 24}}
    assert house.desk.video(caller, queued.id).progress < 100

    house.hands.do(finish, house.storage)
    house.turn()
    completed = house.desk.video(caller, queued.id)
    assert (completed.state, completed.progress, completed.ways) == (State.COMPLETED, 100, {"drawn": 48})
    with house.desk.content(caller, queued.id).open() as film:
        assert film.read() == f"film of {queued.id}".encode()
    assert [video.id for video in house.ended] == [queued.id]


def test_versions_grow_with_every_change(house: House):
    """Whoever has seen a version knows whether a value is newer."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())
    seen = [video.version]

    house.turn()
    seen.append(house.desk.video(caller, video.id).version)
    (task,) = house.tasks()
    house.hands.begin(task)
    for frames in (5, 10, 20):
        house.hands.step(task, frames)
        house.turn()
        seen.append(house.desk.video(caller, video.id).version)
    house.make_all()
    seen.append(house.desk.video(caller, video.id).version)

    assert seen == sorted(set(seen))


def test_the_pool_is_kept_full_across_films(house: House):
    """Two films at once before one film twice; a chunk that ends makes room for the next at once."""
    caller = house.caller()
    for _ in range(3):
        house.desk.create(caller, wish(seconds=2))

    house.turn()
    first = house.tasks(DrawChunk)
    assert len({task.video for task in first}) == len(first) == 2

    house.hands.do(first[0], house.storage)
    house.turn()
    assert len(house.hands.tasks) == 2


def test_a_free_account_makes_one_film_at_a_time(house: House):
    """The limit of the tier holds even where workers are idle."""
    caller = house.caller(tier="free")
    house.desk.create(caller, wish())
    house.desk.create(caller, wish())

    house.turn()

    assert len(house.tasks()) == 1
    house.make_all()
    assert {video.state for video in house.ended} == {State.COMPLETED}
    assert len(house.ended) == 2


def test_a_second_account_does_not_wait_behind_the_queue_of_the_first(house: House):
    """Fair shares: one film of somebody else is among the first two."""
    greedy, modest = house.caller("greedy"), house.caller("modest")
    for _ in range(5):
        house.desk.create(greedy, wish())
    (late,) = house.desk.create(modest, wish())

    house.turn()

    assert late.id in {task.video for task in house.tasks()}


def test_a_killed_worker_loses_the_chunk_in_hand_only(house: House):
    """It is drawn again after a pause; the other chunk is not."""
    caller = house.caller()
    house.desk.create(caller, wish(seconds=2))
    house.turn()
    done, lost = house.tasks(DrawChunk)
    house.hands.do(done, house.storage)
    house.hands.end(Lost(task=lost.id))

    house.turn()
    assert not house.tasks()
    house.turn(1.0)
    assert [task.number for task in house.tasks(DrawChunk)] == [lost.number]

    house.make_all()
    assert [video.state for video in house.ended] == [State.COMPLETED]


@pytest.mark.parametrize("event", ["lost", "full disk"])
def test_what_can_pass_is_tried_again_so_often_and_then_fails_with_the_reason(house: House, event: str):
    """A minute is the longest pause."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())
    tried = 0
    for _ in range(TRIES):
        house.turn(60.0)
        (task,) = house.tasks()
        tried += 1
        if event == "lost":
            house.hands.end(Lost(task=task.id))
        else:
            house.hands.end(Failed(task=task.id, code="disk_full", message="The disk is full.", can_pass=True))
        house.turn()

    failed = house.desk.video(caller, video.id)
    assert tried == TRIES
    assert failed.state is State.FAILED
    assert failed.fault is not None
    assert failed.fault.code == ("worker_lost" if event == "lost" else "disk_full")
    assert not house.tasks()
    assert [video.state for video in house.ended] == [State.FAILED]


def test_what_never_passes_is_not_tried_again(house: House):
    """The film fails at once, and its other chunk is let go of."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish(seconds=2))
    house.turn()
    first, second = house.tasks()

    house.hands.end(Failed(task=first.id, code="unfilmable", message="This cannot be drawn.", can_pass=False))
    house.turn()

    assert house.desk.video(caller, video.id).state is State.FAILED
    assert house.hands.let_go == [second.id]
    house.hands.end(Lost(task=second.id, cancelled=True))
    house.turn()
    assert len(house.ended) == 1


def test_a_cancelled_film_is_over_when_its_workers_have_let_go(house: House):
    """cancelling until then; what a worker finished meanwhile does not publish it."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish(seconds=2))
    house.turn()
    first, second = house.tasks()
    house.hands.begin(first)
    house.turn()

    assert house.desk.cancel(caller, video.id).state is State.CANCELLING
    house.turn()
    assert house.hands.let_go == [first.id, second.id]
    house.hands.end(Lost(task=first.id, cancelled=True))
    house.turn()
    assert house.desk.video(caller, video.id).state is State.CANCELLING

    house.hands.do(second, house.storage)
    house.turn()
    assert house.desk.video(caller, video.id).state is State.CANCELLED
    assert [video.state for video in house.ended] == [State.CANCELLED]
    assert not house.tasks()


def test_a_film_that_waits_is_cancelled_at_once(house: House):
    """No worker ever hears of it."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())

    assert house.desk.cancel(caller, video.id).state is State.CANCELLED
    house.turn()

    assert not house.tasks()
    assert [video.state for video in house.ended] == [State.CANCELLED]
    assert house.desk.cancel(caller, video.id).state is State.CANCELLED


def test_a_film_cancelled_while_it_is_finished_is_not_published(house: House):
    """Whichever is written down first counts."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())
    house.turn()
    house.hands.do(house.tasks()[0], house.storage)
    house.turn()
    (finish,) = house.tasks(FinishFilm)
    house.hands.do(finish, house.storage)

    house.desk.cancel(caller, video.id)
    house.turn()

    assert house.desk.video(caller, video.id).state is State.CANCELLED


def test_a_deleted_film_leaves_the_workers(house: House):
    """Its tasks are let go of, and what comes of them is dropped."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())
    house.turn()
    (task,) = house.tasks()

    house.desk.delete(caller, video.id)
    house.turn()
    assert house.hands.let_go == [task.id]

    house.hands.do(task, house.storage)
    house.turn()
    assert not house.ended
    assert not house.tasks()


def test_a_killed_server_goes_on_with_the_chunks_that_are_missing(house: House, tmp_path: Path):
    """When what the dead one had said of itself has run out; its chunks with an address are kept."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish(seconds=3))
    house.turn()
    house.hands.do(house.tasks(DrawChunk)[0], house.storage)
    house.turn()

    after = restarted(house, tmp_path, capacity=9)
    after.turn()
    assert not after.tasks()

    after.turn(LEASE + 1)
    assert [task.number for task in after.tasks(DrawChunk)] == [1, 2]
    after.make_all()
    assert after.desk.video(caller, video.id).state is State.COMPLETED
    after.close()


def test_a_film_that_kills_its_server_fails_after_so_many_tries(tmp_path: Path):
    """Real processes that really die: the count is in the database, so that it outlives each of them."""
    house = House(tmp_path)
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())
    command = [sys.executable, str(Path(__file__).with_name("server_that_ends.py")), str(tmp_path), "2"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    ends = [subprocess.run(command, env=environment, timeout=300).returncode for _ in range(3)]

    assert ends == [-signal.SIGKILL, -signal.SIGKILL, 0]
    house.desk.forget(video.id)
    failed = house.desk.video(caller, video.id)
    assert failed.state is State.FAILED
    assert failed.fault is not None
    assert failed.fault.code == "worker_lost"
    assert "2 times" in failed.fault.message
    house.close()


@pytest.mark.parametrize("part", [DrawChunk, FinishFilm])
def test_each_part_of_a_film_may_outlive_so_many_servers(house: House, tmp_path: Path, part: type):
    """The last try of all may still succeed; another one is not made."""
    caller = house.caller()
    (good,) = house.desk.create(caller, wish())
    (bad,) = house.desk.create(caller, wish())
    for number in range(3):
        house = restarted(house, tmp_path, tries=3)
        house.turn(LEASE + 1)
        while not all(isinstance(task, part) for task in house.tasks()):
            house.hands.do(house.tasks(DrawChunk)[0], house.storage)
            house.turn()
        if number == 2:
            house.hands.do(next(task for task in house.tasks() if task.video == good.id), house.storage)
            house.turn()

    house = restarted(house, tmp_path, tries=3)
    house.turn(LEASE + 1)
    house.make_all()

    assert house.desk.video(caller, good.id).state is State.COMPLETED
    assert house.desk.video(caller, bad.id).state is State.FAILED
    house.close()


def test_what_went_down_with_its_server_twice_is_tried_alone(house: House, tmp_path: Path):
    """So that the films beside the one that kills it do not fail with it."""
    caller = house.caller()
    films = [house.desk.create(caller, wish())[0].id for _ in range(3)]
    for _ in range(2):
        house = restarted(house, tmp_path, capacity=3)
        house.turn(LEASE + 1)
        assert [task.video for task in house.tasks()] == films

    house = restarted(house, tmp_path, capacity=3)
    house.turn(LEASE + 1)
    (fresh,) = house.desk.create(caller, wish())
    house.turn()
    assert [task.video for task in house.tasks()] == [films[0], fresh.id]

    house.make_all()
    assert {house.desk.video(caller, film).state for film in films} == {State.COMPLETED}
    house.close()


def test_a_film_that_cannot_even_be_planned_is_not_tried_forever(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Where the server dies before any worker has heard of the film."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())

    def die(*_: object) -> None:
        raise SystemExit

    for _ in range(2):
        house = restarted(house, tmp_path, tries=2)
        with monkeypatch.context() as patch:
            patch.setattr("vitascope.jobs.backlog.plan_chunks", die)
            with pytest.raises(SystemExit):
                house.turn(LEASE + 1)
    house = restarted(house, tmp_path, tries=2)
    house.turn(LEASE + 1)

    assert house.desk.video(caller, video.id).state is State.FAILED
    house.close()


def test_servers_that_say_goodbye_count_for_nothing(house: House, tmp_path: Path):
    """A film may be handed on as often as the server is updated."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())
    for part in (DrawChunk, FinishFilm):
        for _ in range(4):
            house.turn()
            assert len(house.tasks(part)) == 1
            house.desk.stop()
            house = restarted(house, tmp_path, tries=3)
            house.turn(0.1)
        house.hands.do(house.tasks()[0], house.storage)
        house.turn()

    assert house.desk.video(caller, video.id).state is State.COMPLETED
    house.close()


def test_a_server_that_stops_hands_over_at_once(house: House, tmp_path: Path):
    """Nobody waits for a lease of a server that said goodbye."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())
    house.turn()

    house.desk.stop()
    after = restarted(house, tmp_path)
    after.turn(0.1)

    assert [task.video for task in after.tasks()] == [video.id]
    after.close()


def test_a_server_that_was_away_too_long_publishes_nothing(house: House, tmp_path: Path):
    """The film was taken up by another; the first one finds out and lets go. It is published once."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())
    house.turn()
    house.hands.do(house.tasks()[0], house.storage)
    house.turn()
    (late,) = house.tasks(FinishFilm)

    other = House(tmp_path, url=house.url, clock=house.clock)
    other.turn(LEASE + 1)
    (early,) = other.tasks(FinishFilm)
    assert early.prefix != late.prefix

    house.hands.do(late, house.storage)
    house.turn()
    assert not house.ended
    assert house.desk.video(caller, video.id).state is not State.COMPLETED

    other.make_all()
    assert [video.id for video in other.ended] == [video.id]
    with other.database.session() as session:
        assert session.get_one(VideoRow, video.id).prefix == early.prefix
    other.close()


def test_two_servers_never_begin_the_same_film(database_url: str, tmp_path: Path):
    """Twelve films, two servers that reach for them at the same time: each film is begun by one of them."""
    clock = Clock()
    one, two = (House(tmp_path, url=database_url, clock=clock, capacity=8) for _ in range(2))
    caller = one.caller()
    for _ in range(6):
        one.desk.create(caller, wish())
        two.desk.create(caller, wish())

    threads = [threading.Thread(target=house.turn) for house in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    begun = [task.video for house in (one, two) for task in house.tasks()]
    assert len(begun) == len(set(begun)) == 12
    one.close()
    two.close()


def test_a_server_killed_again_and_again_loses_and_doubles_nothing(database_url: str, tmp_path: Path):
    """Whatever moment it is killed at, every film is completed once, in the end."""
    clock, ended = Clock(), []
    house = House(tmp_path, url=database_url, clock=clock)
    caller = house.caller()
    films = [house.desk.create(caller, wish(seconds=2))[0].id for _ in range(4)]

    for kill in range(9):
        for _ in range(kill):
            house.turn()
            if house.hands.tasks:
                house.hands.do(next(iter(house.hands.tasks.values())), house.storage)
        ended += house.ended
        house = restarted(house, tmp_path)
        clock.time += LEASE + 1
    house.make_all()
    ended += house.ended

    assert {house.desk.video(caller, film).state for film in films} == {State.COMPLETED}
    assert sorted(video.id for video in ended) == sorted({video.id for video in ended})
    house.close()


def test_another_server_cancels_what_this_one_makes(house: House, tmp_path: Path):
    """Both look at the same rows; on a shared database that is seen within a second."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())
    house.turn()
    (task,) = house.tasks()

    other = House(tmp_path, url=house.url, clock=house.clock)
    assert other.desk.cancel(caller, video.id).state is State.CANCELLING
    house.turn(1.0 if "postgresql" in house.url else LEASE / 2)

    assert house.hands.let_go == [task.id]
    house.hands.end(Lost(task=task.id, cancelled=True))
    house.turn()
    assert house.desk.video(caller, video.id).state is State.CANCELLED
    other.close()


def test_what_another_server_queued_is_found(house: House, tmp_path: Path):
    """A server that has nothing to do looks after the queue of all."""
    other = House(tmp_path, url=house.url, clock=house.clock)
    caller = other.caller()
    house.turn()
    (video,) = other.desk.create(caller, wish())

    house.turn(LEASE)

    assert [task.video for task in house.tasks()] == [video.id]
    other.close()


def test_a_mistake_in_what_follows_an_end_stops_nothing(house: House, caplog: pytest.LogCaptureFixture):
    """Whoever hangs in there may fail; the next in line and the next film go on."""

    def broken(video: object) -> None:
        raise RuntimeError("the mail is down")

    house.desk.on_end.insert(0, broken)
    caller = house.caller()

    house.made(caller)
    house.made(caller)

    assert len(house.ended) == 2
    assert "the mail is down" in caplog.text


def test_a_document_that_cannot_be_read_fails_by_itself(house: House):
    """Such as one of a newer program, in a database that was brought along; films after it are made."""
    caller = house.caller()
    (bad,) = house.desk.create(caller, wish())
    with house.database.writing() as session:
        session.get_one(VideoRow, bad.id).film = '{"schema": "vitascope.film", "version": 99}'

    good = house.made(caller)

    assert good.state is State.COMPLETED
    house.desk.forget(bad.id)
    assert house.desk.video(caller, bad.id).state is State.FAILED
