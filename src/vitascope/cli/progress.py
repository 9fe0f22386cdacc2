"""How far a film is, on stderr: a bar with the time left on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vitascope.cli.words import length

if TYPE_CHECKING:
    from vitascope.studio import Progress

__all__ = ["progress"]

STEPS = {
    "world": "building the world",
    "model": "imagining",
    "render": "filming",
    "sound": "making the sound",
    "sign": "signing",
}
PAUSE = 10.0
"""Seconds from one plain line to the next."""


@contextmanager
def progress() -> Iterator[Callable[[Progress], None]]:
    """Gives the function that shows where the work is."""
    if not sys.stderr.isatty():
        yield _Lines().show
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[unit]},"),
        TimeRemainingColumn(elapsed_when_finished=True), TextColumn("left"),
    )  # fmt: skip
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(STEPS["world"], total=None, unit="frames")

        def show(at: Progress) -> None:
            unit = "steps" if at.step == "model" else "frames"
            bar.update(task, completed=at.done, total=at.total, description=STEPS.get(at.step, at.step), unit=unit)

        yield show


class _Lines:
    """Plain lines, counted from the first frame, which comes after all preparation."""

    def __init__(self) -> None:
        self._first: tuple[float, int] | None = None
        self._shown = 0.0

    def show(self, at: Progress) -> None:
        """Print a line if the last one is long ago."""
        now = time.monotonic()
        if at.step != "render":
            return
        if self._first is None:
            self._first, self._shown = (now, at.done), now
        elif now - self._shown >= PAUSE and at.done < at.total:
            self._shown = now
            since, done = self._first
            left = (now - since) / (at.done - done) * (at.total - at.done)
            print(f"{STEPS[at.step]}: {at.done} of {at.total} frames, {length(left)} left", file=sys.stderr, flush=True)
