"""What a worker has, wherever it runs: storage, the store, the worlds of the last films, a folder; and how it does a task."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from vitascope.continuity import store_folder
from vitascope.jobs.chunk import Cancelled
from vitascope.jobs.executor import Done, Failed, Lost, Task
from vitascope.jobs.scratch import scratch_folder
from vitascope.jobs.settings import Settings
from vitascope.jobs.shared_store import open_worker_store
from vitascope.jobs.storage import Storage
from vitascope.jobs.work import do_task
from vitascope.studio import Memory, get_ready

__all__ = ["Bench", "Steps"]

STEP_PAUSE = 0.1
"""Steps are told this often [s] at most; a task that is not wanted any more is noticed at each."""


class Steps:
    """Tells how far tasks are, and stops them: a step of a task that was cancelled meanwhile raises Cancelled."""

    def __init__(self, tell: Callable[[str, int, str | None], None]) -> None:
        self._tell = tell
        self._wanted: dict[str, bool] = {}
        self._last, self._frames = 0.0, 0
        self._doing: str | None = None
        self.broken_off = False
        """Whether the task that was begun last was interrupted."""

    def expect(self, task: str) -> None:
        """The task will be done. Said twice, it counts once."""
        self._wanted.setdefault(task, True)

    def cancel(self, task: str) -> None:
        """The task is to end at its next step. What was not expected, or was forgotten, stays as it is."""
        if task in self._wanted:
            self._wanted[task] = False

    def begin(self, task: str) -> None:
        """The task is being done from now on; until `end` it may be interrupted, once."""
        self.broken_off, self._doing = False, task

    def end(self) -> None:
        """Whatever is done now must not be interrupted."""
        self._doing = None

    def is_unwanted(self, task: str) -> bool:
        """Whether the task is being done though it was cancelled."""
        return self._doing == task and not self._wanted.get(task, True)

    def interrupt(self) -> None:
        """Raise Cancelled if what is being done is not wanted any more. On the thread that does it, wherever that is."""
        if self._doing is not None and self.is_unwanted(self._doing):
            self._doing, self.broken_off = None, True
            raise Cancelled

    def forget(self, task: str) -> None:
        """The task has ended."""
        self._wanted.pop(task, None)

    def of(self, task: str) -> Callable[[int], None]:
        """What to call with the frames of the task that are done."""
        self._last, self._frames = 0.0, 0

        def step(frames: int) -> None:
            if not self._wanted[task]:
                raise Cancelled
            self._frames = frames
            now = time.monotonic()
            if now - self._last >= STEP_PAUSE:
                self._last = now
                self._tell(task, frames, None)

        return step

    def opened(self, task: str) -> Callable[[str], None]:
        """What to call, from any thread, with the address of what can be seen of the task already. Told at once."""
        return lambda address: self._tell(task, self._frames, address)


class Bench:
    """A context manager. Tasks are done one after the other on one thread; only `steps` may be asked from others."""

    def __init__(self, settings: Settings, tell: Callable[[str, int, str | None], None]) -> None:
        """`tell` is called with a task, its frames that are done, and the address of its opening if that is another than
        before. Raises StoreError and StorageError."""
        self._settings = settings
        self._storage = Storage(settings.storage)
        self._memory = self._new_memory()
        self._left = settings.tasks_max
        self.steps = Steps(tell)

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        self._stack.callback(self.rest)
        self._folder = self._stack.enter_context(scratch_folder(_scratch(self._settings)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def do(self, task: Task) -> tuple[Done | Failed | Lost, bool]:
        """How `task` ended, and whether it was the last: then a new process should take over."""
        self.steps.expect(task.id)
        ended = self._done(task)
        self.steps.forget(task.id)
        # Trouble of the store was told with this task and may have passed for the next; what is half built is of no use.
        if self._memory.store.trouble is not None or self.steps.broken_off:
            self.rest()
            self._memory = self._new_memory()
        self._left -= 1
        return ended, self._left <= 0 or _is_unsure(ended) or self._is_full()

    def _done(self, task: Task) -> Done | Failed | Lost:
        try:
            self.steps.begin(task.id)
            step, opened = self.steps.of(task.id), self.steps.opened(task.id)
            ended = do_task(task, self._memory, self._storage, step, folder=self._folder, opened=opened)
            self.steps.end()
        except Cancelled:  # between two lines of the above
            ended = Lost(task=task.id, cancelled=True)
        return ended

    def warm_up(self) -> None:
        """Load and compile what most films need, so that the first one does not wait for it; that stays for good."""
        get_ready()
        gc.collect()
        gc.freeze()

    def rest(self) -> None:
        """Free the worlds and pictures that are held for the next task."""
        self._memory.close()

    def _new_memory(self) -> Memory:
        return Memory(open_worker_store(os.environ, self._storage if self._settings.share else None))

    def _is_full(self) -> bool:
        if resident_bytes() <= self._settings.memory_max:
            return False
        self.rest()
        return resident_bytes() > self._settings.memory_max


def _scratch(settings: Settings) -> Path:
    return store_folder(os.environ) / "workers" if settings.scratch is None else Path(settings.scratch)


def resident_bytes() -> int:
    """What this process holds in memory; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _is_unsure(ended: Done | Failed | Lost) -> bool:
    """After what nobody foresaw (a lost graphics device, say) a new process is the safer one."""
    return isinstance(ended, Failed) and ended.code == "internal_error"
