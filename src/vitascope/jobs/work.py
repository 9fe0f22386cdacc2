"""One task from start to end, as any worker does it wherever it runs: what comes out is Done, Failed or Lost, never an error.

What failed is told as a code and a sentence; what nobody foresaw is logged by its place in the program alone, because messages
may hold words of a prompt.
"""

from __future__ import annotations

import errno
import logging
import re
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from vitascope.jobs.chunk import Cancelled, draw_chunk, finish_film
from vitascope.jobs.executor import Done, DrawChunk, Failed, FinishFilm, Lost, Task
from vitascope.jobs.storage import Storage, StorageError
from vitascope.studio import Memory

__all__ = ["do_task"]

log = logging.getLogger(__name__)

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DISK_FULL = "The server's disk is full, so the film could not be made now; it will be tried again."
_OUT_OF_REACH = (
    "The server's storage or network did not answer, so the film could not be made now; it will be tried again."
)
_UNFORESEEN = "Something went wrong on the server while the film was made; it will be tried again."


def do_task(
    task: Task,
    memory: Memory,
    storage: Storage,
    step: Callable[[int], None],
    *,
    folder: Path,
    opened: Callable[[str], None] = lambda address: None,
) -> Done | Failed | Lost:
    """Do `task` with a folder of its own inside `folder`. Where `step` raises Cancelled, the task is Lost.

    `opened` is told the address of what can be seen already.
    """
    try:
        with TemporaryDirectory(dir=folder) as place:
            return Done(task=task.id, result=_result(task, memory, storage, step, opened, Path(place)))
    except Cancelled:
        return Lost(task=task.id, cancelled=True)
    except Exception as error:
        return describe_failure(task.id, error)


def _result(
    task: Task,
    memory: Memory,
    storage: Storage,
    step: Callable[[int], None],
    opened: Callable[[str], None],
    folder: Path,
) -> Mapping[str, object]:
    if isinstance(task, DrawChunk):
        return draw_chunk(task, memory, step, opened)
    if isinstance(task, FinishFilm):
        return finish_film(task, memory, storage, step, folder=folder)
    from vitascope.jobs.remote import fetch_remote  # loads an HTTP client, which drawing does without

    return fetch_remote(task, storage, step, folder=folder)


def describe_failure(task: str, error: Exception) -> Failed:
    """What to tell about `error`. Ours are sentences and stay true; a full disk, a connection or what nobody foresaw can pass."""
    system = _system_error(error)
    if system is not None and system.errno in _FULL:
        return Failed(task=task, code="disk_full", message=_DISK_FULL, can_pass=True)
    if isinstance(error, StorageError):
        log.error("task %s: %s", task, error)
        return Failed(task=task, code="storage_unavailable", message=_OUT_OF_REACH, can_pass=True)
    if type(error).__module__.startswith("vitascope."):
        can_pass = bool(getattr(error, "can_pass", system is not None))
        return Failed(task=task, code=_code(error), message=str(error), can_pass=can_pass)
    log.error("task %s: %s", task, _place(error))
    if system is not None:
        return Failed(task=task, code="connection_lost", message=_OUT_OF_REACH, can_pass=True)
    return Failed(task=task, code="internal_error", message=_UNFORESEEN, can_pass=True)


def _system_error(error: BaseException) -> OSError | None:
    """What the operating system said, if `error` comes of that."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError):
            return seen
        seen = seen.__cause__
    return None


def _code(error: Exception) -> str:
    """FilmFault -> film_fault."""
    return getattr(error, "code", None) or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower()


def _place(error: Exception) -> str:
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
