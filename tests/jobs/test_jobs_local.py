"""Worker processes: what they draw is what one process draws, and when one is killed only the task in hand is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from worker_films import Listener, ball, drawing, finishing, packets

from patience import until
from vitascope.continuity import Store
from vitascope.jobs import crew, process
from vitascope.jobs.executor import Done, Failed, FetchRemote, Lost, Started, Step
from vitascope.jobs.local import NICENESS, LocalExecutor
from vitascope.jobs.storage import Storage
from vitascope.studio import Memory, make_film

FILM, LONG = ball(2, colour="green"), ball(30, colour="yellow")
IN_REAL_TIME = """
import os, sys, threading
try:
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
except PermissionError:
    sys.exit(77)
from vitascope.jobs.worker import give_way
end = threading.Event()
threading.Thread(target=end.wait).start()
tell = lambda: print({os.sched_getscheduler(int(each)) for each in os.listdir("/proc/self/task")}, flush=True)
tell()
give_way(1)
tell()
end.set()
"""
"""A program that says how all its threads are scheduled, before and after it gives way."""
Opens = Callable[..., LocalExecutor]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Storage, store and files of the workers of this module."""
    return tmp_path_factory.mktemp("workers")


@pytest.fixture
def opens(folder: Path) -> Iterator[Opens]:
    """Opens executors that are closed after the test."""
    opened = []

    def opens(workers: int = 1) -> LocalExecutor:
        opened.append(open_executor(folder, workers))
        return opened[-1]

    yield opens
    for executor in opened:
        executor.close()


@pytest.fixture(scope="module")
def executor(folder: Path) -> Iterator[LocalExecutor]:
    """One worker for many tests: whatever they do to it, there is one afterwards."""
    executor = open_executor(folder, 1)
    yield executor
    executor.close()


def open_executor(folder: Path, workers: int) -> LocalExecutor:
    return LocalExecutor(
        workers=workers,
        storage=str(folder / "storage"),
        home=folder / "workers",
        environment={**os.environ, "VITASCOPE_CACHE": str(folder / "store")},
    )


@pytest.fixture
def heard() -> Listener:
    return Listener()


def is_running(pid: int) -> bool:
    """Whether there is such a process, apart from one that only waits to be asked how it ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for_the_end(pids: tuple[int, ...]) -> None:
    """Until none of these processes is there."""
    until(lambda: not any(map(is_running, pids)))


def test_two_workers_draw_what_one_process_draws(opens: Opens, heard: Listener, folder: Path, tmp_path: Path):
    """Chunks from two workers have the addresses, and the finished film the bytes, of a film made in one piece."""
    with Memory(Store(tmp_path / "alone", limit=10**9)) as memory:
        whole = make_film(FILM, tmp_path / "whole.mp4", memory=memory)
    executor = opens(workers=2)

    executor.submit(drawing(FILM, 0), heard)
    executor.submit(drawing(FILM, 1), heard)
    drawn = [heard.end("draw-0"), heard.end("draw-1")]
    executor.submit(finishing(FILM, drawn={0: {"drawn": 24}, 1: {"drawn": 24}}), heard)
    finished = heard.end("finish")

    assert all(isinstance(end, Done) for end in (*drawn, finished)), heard.events
    assert tuple(end.result["address"] for end in drawn) == whole.chunks  # type: ignore[union-attr]
    assert finished.result["ways"] == {"drawn": 48}  # type: ignore[union-attr]
    Storage(str(folder / "storage")).fetch("videos/v/film.mp4", tmp_path / "film.mp4")
    assert packets(tmp_path / "film.mp4") == packets(whole.path)


def test_a_task_is_told_from_start_to_end(executor: LocalExecutor, heard: Listener):
    """A worker says that it has begun, how many frames are done, what can be seen, and once that it is done."""

    executor.submit(replace(drawing(LONG, 0), awaited=True), heard)
    heard.end("draw-0")

    assert any(isinstance(event, Step) and event.opening for event in heard.of("draw-0"))
    kinds = [type(event) for event in heard.of("draw-0")]
    assert kinds[0] is Started
    assert kinds[-1] is Done
    assert set(kinds[1:-1]) == {Step}


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="asks Linux")
def test_workers_give_way(executor: LocalExecutor, heard: Listener):
    """With all their threads, those of libraries too, and in the server's session, without which Linux would not weigh it."""
    executor.submit(drawing(FILM, 0, task="nice"), heard)
    heard.end("nice")
    (worker,) = executor.pids

    threads = [stat.read_text().rpartition(")")[2].split() for stat in Path(f"/proc/{worker}/task").glob("*/stat")]

    assert len(threads) > 1
    assert min(int(fields[16]) for fields in threads) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICENESS)
    assert os.getsid(worker) == os.getsid(0)
    assert os.getpgid(worker) == worker


@pytest.mark.skipif(not hasattr(os, "sched_setscheduler"), reason="real time is asked of Linux")
def test_workers_of_a_server_in_real_time_are_not(tmp_path: Path):
    """None of their threads: in real time who is nice would not give way at all."""
    asked = tmp_path / "asked.py"
    asked.write_text(IN_REAL_TIME)

    ran = subprocess.run([sys.executable, asked], capture_output=True, text=True, timeout=60)

    if ran.returncode == 77:
        pytest.skip("this user may not run anything in real time")
    assert ran.stdout.splitlines() == [f"{{{os.SCHED_RR}}}", f"{{{os.SCHED_OTHER}}}"]


def test_a_killed_worker_loses_its_task_and_is_replaced(executor: LocalExecutor, heard: Listener, folder: Path):
    """After kill -9 amid a chunk the task is Lost, another worker is there, and the same chunk can be drawn by it."""
    executor.submit(drawing(LONG, 2), heard)
    heard.at_work("draw-2")
    (killed,) = executor.pids

    os.kill(killed, signal.SIGKILL)
    lost = heard.end("draw-2")
    executor.submit(drawing(LONG, 2, task="again"), heard)
    again = heard.end("again")

    assert lost == Lost(task="draw-2", cancelled=False)
    assert isinstance(again, Done)
    assert executor.pids != (killed,)
    assert len(list((folder / "workers" / "scratch").glob("*.lock"))) == 1


def test_a_worker_that_is_killed_while_it_rests_is_replaced(executor: LocalExecutor, heard: Listener):
    """Nothing is lost, and the next task is done by another worker."""
    executor.submit(drawing(LONG, 4), heard)
    heard.end("draw-4")
    (killed,) = executor.pids

    os.kill(killed, signal.SIGKILL)
    wait_for_the_end((killed,))
    executor.submit(drawing(LONG, 5), heard)

    assert isinstance(heard.end("draw-5"), Done)


def test_a_task_amid_its_frames_is_let_go_by_the_worker_itself(
    executor: LocalExecutor, heard: Listener, monkeypatch: pytest.MonkeyPatch
):
    """Cancelling ends the task with Lost, and the worker lives on with the world that it has built."""
    monkeypatch.setattr(crew, "GRACE", 60.0)  # on a busy machine a worker may take longer than it is given otherwise
    executor.submit(drawing(LONG, 6), heard)
    heard.at_work("draw-6")
    before = executor.pids

    executor.cancel("draw-6")

    assert heard.end("draw-6") == Lost(task="draw-6", cancelled=True)
    executor.submit(drawing(LONG, 7), heard)
    assert isinstance(heard.end("draw-7"), Done)
    assert executor.pids == before


def test_a_task_that_tells_no_steps_is_broken_off_and_the_worker_lives_on(
    heard: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Such as the building of a world: what was half built is thrown away, and the program, which took long to load, is not."""
    monkeypatch.setattr(process, "COMMAND", (sys.executable, str(Path(__file__).with_name("busy_worker.py"))))
    monkeypatch.setattr(crew, "GRACE", 60.0)  # on a busy machine a worker may take longer than it is given otherwise
    executor = open_executor(tmp_path, 1)
    try:
        executor.submit(drawing(LONG, 0), heard)
        heard.first(lambda event: event == Step(task="draw-0", frames=0))
        before = executor.pids

        executor.cancel("draw-0")

        assert heard.end("draw-0") == Lost(task="draw-0", cancelled=True)
        executor.submit(drawing(LONG, 1), heard)
        assert heard.end("draw-1") == Done(task="draw-1", result={"held": 0})
        assert executor.pids == before
    finally:
        executor.close()


def test_a_task_that_tells_no_steps_is_let_go_with_its_worker(executor: LocalExecutor, heard: Listener):
    """A worker that does not notice in time, here because it is stopped, is killed."""
    executor.submit(drawing(LONG, 8), heard)
    heard.at_work("draw-8")
    (stopped,) = executor.pids
    os.kill(stopped, signal.SIGSTOP)

    executor.cancel("draw-8")

    assert heard.end("draw-8") == Lost(task="draw-8", cancelled=True)
    wait_for_the_end((stopped,))


def test_a_task_that_waits_is_let_go_at_once(executor: LocalExecutor, heard: Listener):
    """It never starts; one that has ended stays as it ended."""
    executor.submit(drawing(LONG, 10), heard)
    executor.submit(drawing(LONG, 11), heard)

    executor.cancel("draw-11")
    assert heard.of("draw-11") == [Lost(task="draw-11", cancelled=True)]
    heard.end("draw-10")
    executor.cancel("draw-10")

    assert isinstance(heard.of("draw-10")[-1], Done)


def test_closing_loses_what_did_not_end(opens: Opens, heard: Listener):
    """Tasks in hand and waiting are Lost but not cancelled, the workers end, and nothing more is taken."""
    executor = opens()
    executor.submit(drawing(LONG, 20), heard)
    executor.submit(drawing(LONG, 21), heard)
    heard.at_work("draw-20")
    pids = executor.pids

    executor.close()
    executor.submit(drawing(LONG, 22), heard)

    assert [heard.end(f"draw-{n}") for n in range(20, 23)] == [Lost(task=f"draw-{n}") for n in range(20, 23)]
    wait_for_the_end(pids)


def test_closing_can_wait_for_what_is_in_hand(opens: Opens, heard: Listener):
    """With time enough, the task in hand is done first."""
    executor = opens()
    executor.submit(drawing(LONG, 23), heard)
    heard.at_work("draw-23")

    executor.close(wait=300)

    assert isinstance(heard.end("draw-23"), Done)


def test_workers_end_with_their_server(tmp_path: Path):
    """After kill -9 of the server no worker is left, whatever it had in hand."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(tmp_path)],
        stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert server.stdout is not None
    pids = tuple(map(int, server.stdout.readline().split()))

    server.kill()
    server.wait()
    server.stdout.close()

    assert len(pids) == 2
    wait_for_the_end(pids)


SERVER = """
import sys
from worker_films import Listener, ball, drawing
from vitascope.jobs.local import NICENESS, LocalExecutor
from pathlib import Path

folder = Path(sys.argv[1])
executor = LocalExecutor(workers=2, storage=str(folder / "storage"), home=folder / "workers")
heard = Listener()
executor.submit(drawing(ball(30, colour="violet"), 0), heard)
heard.at_work("draw-0")
print(*executor.pids, flush=True)
heard.end("never")
"""


def test_workers_that_cannot_start_fail_what_waits(heard: Listener, tmp_path: Path):
    """Where no worker gets ready, tasks do not wait for ever: they fail, and may be tried again later."""
    broken = tmp_path / "broken"
    (broken / "vitascope").mkdir(parents=True)
    (broken / "vitascope" / "__init__.py").write_text("raise ImportError('half of the program was deleted')")
    executor = LocalExecutor(
        workers=1, storage=str(tmp_path), home=tmp_path / "workers", environment={"PYTHONPATH": str(broken)}
    )
    executor.submit(drawing(FILM, 0), heard)
    failed = heard.end("draw-0")
    executor.close()

    assert isinstance(failed, Failed)
    assert (failed.code, failed.can_pass) == ("worker_unavailable", True)


def test_the_key_of_another_server_is_in_no_command_line_and_no_log(
    executor: LocalExecutor, heard: Listener, folder: Path
):
    """A task that fails because nobody answers leaves its key nowhere."""
    remote = FetchRemote(
        id="fetch", video="v", url="http://127.0.0.1:9", key="sk-private", body={}, picture=None, prefix="videos/v"
    )
    executor.submit(remote, heard)
    failed = heard.end("fetch")

    assert isinstance(failed, Failed), failed
    assert "sk-private" not in failed.message
    assert "sk-private" not in (folder / "workers" / "workers.log").read_text()
    assert "sk-private" not in repr(remote)
    assert b"sk-private" not in Path(f"/proc/{executor.pids[0]}/cmdline").read_bytes()
