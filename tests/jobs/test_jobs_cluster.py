"""Ray workers draw what one process draws, and a film goes on when one of them is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from worker_films import Listener, ball, drawing, finishing

from vitascope.continuity import Store
from vitascope.jobs import crew
from vitascope.jobs.cluster import ClusterError, RayExecutor
from vitascope.jobs.executor import Done, Lost, Started
from vitascope.studio import Memory, make_chunk

FILM, LONG = ball(2, colour="orange"), ball(30, colour="brown")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cluster")


@pytest.fixture(scope="module")
def executor(folder: Path) -> Iterator[RayExecutor]:
    """Two workers of one core each on a cluster of this machine's own, with a store of their own."""
    pytest.importorskip("ray", reason="Ray is not installed; pip install 'vitascope[cluster]'")
    executor = RayExecutor(
        "local", storage=str(folder / "storage"), workers=2, environment={"VITASCOPE_CACHE": str(folder / "store")}
    )
    yield executor
    executor.close()


def test_two_ray_workers_draw_what_one_process_draws(executor: RayExecutor, folder: Path):
    """Both chunks, drawn side by side, have the addresses that one process gives them, and the whole finds them."""
    heard = Listener()

    for number in (0, 1):
        executor.submit(drawing(FILM, number), heard)
    drawn = [heard.end(f"draw-{number}") for number in (0, 1)]
    executor.submit(finishing(FILM), heard)
    finished = heard.end("finish")

    with Memory(Store(folder / "alone", limit=10**9)) as memory:
        alone = [make_chunk(FILM, number, memory=memory).address.hex() for number in (0, 1)]
    assert all(isinstance(end, Done) for end in (*drawn, finished)), heard.events
    assert [end.result["address"] for end in drawn] == alone  # type: ignore[union-attr]
    assert finished.result["chunks"] == alone  # type: ignore[union-attr]
    assert finished.result["ways"] == {"reused": 48}  # type: ignore[union-attr]
    assert len({event.worker for event in heard.events if isinstance(event, Started)}) == 2


def test_a_film_goes_on_when_a_ray_worker_is_killed(executor: RayExecutor):
    """After kill -9 amid a chunk the task is Lost, and another worker draws it."""
    heard = Listener()
    executor.submit(drawing(LONG, 0), heard)
    heard.at_work("draw-0")
    started = heard.first(lambda event: isinstance(event, Started))
    assert isinstance(started, Started)

    os.kill(int(started.worker.rpartition("-")[2]), signal.SIGKILL)
    lost = heard.end("draw-0")
    executor.submit(drawing(LONG, 0, task="again"), heard)

    assert lost == Lost(task="draw-0", cancelled=False)
    assert isinstance(heard.end("again"), Done)


def test_a_ray_worker_lets_go(executor: RayExecutor, monkeypatch: pytest.MonkeyPatch):
    """A task amid its frames ends with Lost, and its worker lives on."""
    monkeypatch.setattr(crew, "GRACE", 60.0)  # on a busy machine a worker may take longer than it is given otherwise
    heard = Listener()
    executor.submit(drawing(LONG, 1), heard)
    heard.at_work("draw-1")
    before = executor.places

    executor.cancel("draw-1")

    assert heard.end("draw-1") == Lost(task="draw-1", cancelled=True)
    assert executor.places == before


def test_a_cluster_that_is_not_there_is_told_in_a_sentence(tmp_path: Path):
    """Without the library the sentence says how to get it."""
    hidden = "import sys; sys.modules['ray'] = None\n"
    asked = f"from vitascope.jobs.cluster import RayExecutor\nRayExecutor('auto', storage={str(tmp_path)!r})"

    ended = subprocess.run([sys.executable, "-c", hidden + asked], capture_output=True, text=True, check=False)

    assert ended.stderr.splitlines()[-1].endswith("run: pip install 'vitascope[cluster]'")
    assert ClusterError.__name__ in ended.stderr
