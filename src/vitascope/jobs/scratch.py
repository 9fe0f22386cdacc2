"""A folder for each worker in which files lie while they are made; what killed workers left behind is swept away."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vitascope.studio.lock import try_lock

__all__ = ["scratch_folder"]

_LOCK = ".lock"


@contextmanager
def scratch_folder(home: Path) -> Iterator[Path]:
    """A new folder in `home`, which is made if need be; removed at the end, or by the next worker after a kill.

    Whoever uses a folder holds a lock beside it, which the system lets go when the process ends, however it ends.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(home)
    name = f"{os.getpid()}-{secrets.token_hex(8)}"
    folder, path = home / name, home / f"{name}{_LOCK}"
    lock = try_lock(path)
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        path.unlink(missing_ok=True)
        if lock is not None:
            lock.close()


def _sweep(home: Path) -> None:
    for path in home.glob(f"*{_LOCK}"):
        with suppress(OSError):
            lock = try_lock(path)
            if lock is not None:
                shutil.rmtree(path.with_suffix(""), ignore_errors=True)
                path.unlink(missing_ok=True)
                lock.close()
