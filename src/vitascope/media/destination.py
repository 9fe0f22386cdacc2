"""Where a file ends up: checks before the work starts, a private folder beside the target while it is made, and one
atomic rename at the end. Nobody ever sees half a file under the final name."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vitascope.media.errors import MediaError, describe_write_failure

FILM_SUFFIXES = (".mp4",)
STILL_SUFFIXES = (".png", ".jpg", ".jpeg")


def check_destination(path: str | Path, *, suffixes: tuple[str, ...] = FILM_SUFFIXES) -> Path:
    """Return `path` as a Path if a file with one of `suffixes` can be written there.

    Creates and removes one empty folder beside the target, because asking the permission bits is not proof.
    Raises MediaError when the folder is missing or not writable, `path` is a folder, or the suffix is not known.
    """
    target = Path(path)
    if target.is_dir():
        raise MediaError(f"This is a folder; name a file in it, such as film{suffixes[0]}: {target}")
    if target.suffix.lower() not in suffixes:
        given = target.suffix or "no ending"
        raise MediaError(f"The file name has the ending {given!r}; use {' or '.join(suffixes)}: {target}")
    if target.exists() and not target.is_file():
        raise MediaError(f"This is not an ordinary file; choose another name: {target}")
    folder = target.parent
    if not folder.exists():
        raise MediaError(f"The folder does not exist; make it first or choose another: {folder}")
    if not folder.is_dir():
        raise MediaError(f"This is a file and not a folder, so nothing can be put in it: {folder}")
    _make_workplace(target).rmdir()
    return target


@contextmanager
def workplace(target: Path) -> Iterator[Path]:
    """Yield a hidden folder beside `target`, on the same file system, and remove it with all its content at the end."""
    folder = _make_workplace(target)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(finished: Path, target: Path) -> Path:
    """Move the complete file `finished` to `target` in one step, replacing what was there, and return `target`.

    Both lie on one file system. The content reaches the disk before the name does. Raises MediaError.
    """
    try:
        _flush_to_disk(finished)
        os.replace(finished, target)
    except OSError as error:
        raise describe_write_failure(error, target) from error
    with suppress(OSError):  # a folder cannot be opened on every system; the rename has already happened
        _flush_to_disk(target.parent)
    return target


def copy_whole(source: Path, target: Path) -> Path:
    """Copy a file to `target` in one step, replacing what was there, and return `target`. Raises MediaError."""
    with workplace(target) as folder:
        try:
            part = Path(shutil.copyfile(source, folder / target.name))
        except OSError as error:
            raise describe_write_failure(error, target) from error
        return publish(part, target)


def _make_workplace(target: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:80]}.", suffix=".part"))
    except OSError as error:
        raise describe_write_failure(error, target.parent) from error


def _flush_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
