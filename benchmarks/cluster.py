"""How much faster two Ray workers of one core each draw a film than one does, and what handing out a chunk costs.

    python benchmarks/cluster.py [--seconds 10] [--size 640x360] [--prompt TEXT]

A cluster is started on this machine, once with one worker and once with two, each bound to a core of its own and drawing
with one thread (LP_NUM_THREADS=1), each time with an empty store. First every worker draws one chunk, which includes loading
the program, building the world and compiling shaders ("start"). Then the other chunks are handed in at once and timed until
the last one is done ("wall"): drawing, encoding and keeping plates and chunks in the store are included; reading the prompt,
sound, joining and signing are not. "Drawing" is what the workers measured for themselves; overhead per chunk is wall times
workers minus drawing, divided by chunks. With two workers it includes the wait of the one that is done first. The server
that hands out runs on the same two cores. The addresses of both runs must be the same.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from vitascope.director import system_wordnet
from vitascope.film import Film, film_to_json, size_named
from vitascope.jobs.cluster import RayExecutor
from vitascope.jobs.executor import Done, DrawChunk, Event, Failed, Lost
from vitascope.studio import plan_chunks
from vitascope.studio.library import director, library

PROMPT = "A red ball on a plain backdrop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one number of workers took [s], and the addresses of the chunks that were timed."""

    workers: int
    start: float
    wall: float
    drawing: float
    addresses: tuple[str, ...]

    @property
    def overhead(self) -> float:
        """Seconds per chunk in which a worker did not draw."""
        return (self.wall * self.workers - self.drawing) / len(self.addresses)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", default="10")
    parser.add_argument("--size", default="640x360")
    parser.add_argument("--prompt", default=PROMPT)
    options = parser.parse_args()
    film = director().direct(
        options.prompt, catalogue=library(), wordnet=system_wordnet(), silent=True, seed=1,
        seconds=Fraction(options.seconds), size=size_named(options.size),
    )  # fmt: skip
    print(f"{len(plan_chunks(film))} chunks of {film.size.width}x{film.size.height} at {film.fps}/s: {options.prompt}")
    one, two = (measured(film, workers) for workers in (1, 2))
    for run in (one, two):
        print(
            f"{run.workers} worker(s): start {run.start:.1f} s, then {len(run.addresses)} chunks: wall {run.wall:.2f} s, "
            f"drawing {run.drawing:.2f} s, overhead {1000 * run.overhead:.0f} ms a chunk"
        )
    print(f"speed-up {one.wall / two.wall:.2f}; same addresses: {'yes' if one.addresses == two.addresses else 'NO'}")


def measured(film: Film, workers: int) -> Run:
    """The chunks of `film` from the third on, drawn by so many workers that have drawn one before."""
    with tempfile.TemporaryDirectory() as folder:
        executor = RayExecutor(
            "local",
            storage=str(Path(folder) / "storage"),
            workers=workers,
            environment={"VITASCOPE_CACHE": str(Path(folder) / "store")},
        )
        try:
            start, _ = drawn(executor, film, range(workers))
            bind(pid for _, pid in executor.places)
            wall, ends = drawn(executor, film, range(2, len(plan_chunks(film))))
        finally:
            executor.close()
    return Run(
        workers=workers,
        start=start,
        wall=wall,
        drawing=sum(float(str(end.result["seconds"])) for end in ends),
        addresses=tuple(str(end.result["address"]) for end in ends),
    )


def drawn(executor: RayExecutor, film: Film, numbers: Sequence[int]) -> tuple[float, list[Done]]:
    """Wall seconds until chunks are done that are handed in at once, and how they ended, in order."""
    ends: dict[str, Event] = {}
    all_done = threading.Event()

    def tell(event: Event) -> None:
        if isinstance(event, Done | Failed | Lost):
            ends[event.task] = event
            if len(ends) == len(numbers):
                all_done.set()

    document = film_to_json(film)
    began = time.perf_counter()
    for number in numbers:
        executor.submit(DrawChunk(id=str(number), video="benchmark", film=document, earlier=None, number=number), tell)
    all_done.wait()
    wall = time.perf_counter() - began
    done = [ends[str(number)] for number in numbers]
    for end in done:
        if not isinstance(end, Done):
            raise SystemExit(f"A chunk was not drawn: {end}")
    return wall, [end for end in done if isinstance(end, Done)]


def bind(pids: Iterable[int]) -> None:
    """Bind each process, all its threads, to a core of its own, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    for place, pid in enumerate(pids):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), {cores[place % len(cores)]})


if __name__ == "__main__":
    main()
