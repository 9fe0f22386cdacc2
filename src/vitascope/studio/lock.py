"""Locks between processes: held on a file, and let go by the system when the process ends, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

__all__ = ["held", "locked", "try_lock"]

if os.name == "nt":
    import msvcrt

    def _take(file: BinaryIO, wait: bool) -> None:
        file.seek(0)
        while True:
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
                return
            except OSError:
                if not wait:
                    raise
else:
    import fcntl

    def _take(file: BinaryIO, wait: bool) -> None:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock at `path`, after waiting for whoever has it. Raises OSError where no file can be made."""
    with path.open("ab") as file:
        _take(file, wait=True)
        yield


def try_lock(path: Path) -> BinaryIO | None:
    """The lock at `path`, held until the file is closed; None while another has it."""
    file = path.open("ab")
    try:
        _take(file, wait=False)
    except OSError:
        file.close()
        return None
    return file


def held(path: Path) -> bool:
    """Whether somebody holds the lock at `path`."""
    file = try_lock(path)
    if file is None:
        return True
    file.close()
    return False
