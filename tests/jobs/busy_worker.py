"""A worker that tells no steps of chunk 0, which it never ends; of any other it tells how many films it still holds."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from vitascope.jobs import work, worker
from vitascope.jobs.executor import DrawChunk
from vitascope.studio import Memory


def draw(task: DrawChunk, memory: Memory, step: Callable[[int], None], _: object) -> dict[str, object]:
    """Instead of drawing."""
    held: Any = memory._shots
    if task.number == 0:
        held["half built"] = Half()
        step(0)
        sum(number % 7 for number in count())
    return {"held": len(held)}


class Half:
    """A world that was never finished."""

    def close(self) -> None:
        """Nothing to free."""


if __name__ == "__main__":
    work.draw_chunk = draw
    worker.main()
