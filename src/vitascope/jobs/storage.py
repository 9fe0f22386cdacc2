"""Files by key, in a folder or in a bucket, through fsspec. Keys are ours ("videos/<id>/film.mp4"), never a user's text."""

from __future__ import annotations

import io
import mimetypes
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

import fsspec

from vitascope.jobs.errors import JobError

__all__ = ["Storage", "StorageError", "Stored", "checked_key"]

_KEY = re.compile(r"[a-z0-9_-][a-z0-9_.-]*(/[a-z0-9_-][a-z0-9_.-]*)*")
_LONGEST = 300
_PARTS = ".parts"
"""Where files of a folder lie until they are whole; no key begins with a dot."""
_STALE = 86_400.0
"""Seconds after which a part that nobody finished is swept away."""
_BLOCK = 2**20
_ATTEMPTS = 20


class StorageError(JobError):
    """The storage cannot be used, or a key is not one. The message is one sentence, without a secret in it."""

    status, code = 503, "storage_unavailable"


@dataclass(frozen=True, slots=True)
class Stored:
    """What lies under a key: `size` in bytes, `modified` in seconds since 1970."""

    key: str
    size: int
    modified: float


class Storage:
    """A folder, or s3://BUCKET/PREFIX (its server is that of AWS_ENDPOINT_URL). Safe from several threads and processes.

    What is put is there whole or not at all. Every method raises StorageError for what is not a key and when the storage
    cannot be reached, and FileNotFoundError (as files do) for a key under which nothing lies.
    """

    def __init__(self, url: str) -> None:
        """Touches nothing yet. Raises StorageError for a URL that cannot be followed or a library that is missing."""
        self.url = url
        self._place: _Place = _Bucket(url) if url.startswith("s3://") else _Folder(url)

    def put(self, key: str, content: Path | bytes, media_type: str | None = None) -> None:
        """Keep a file or bytes under `key`, in place of what was there. `media_type` is guessed from the key if need be."""
        with self._told():
            self._place.put(checked_key(key), content, media_type)

    def open(self, key: str, start: int = 0, length: int | None = None) -> BinaryIO:
        """A stream of the bytes from `start`, `length` of them or all that follow. Read in pieces; close it."""
        if start < 0 or (length is not None and length < 0):
            raise StorageError(
                f"No bytes lie at {start}, {length}; give a start and a length of at least 0.", code="invalid_range"
            )
        with self._told():
            file = self._place.open(checked_key(key))
            file.seek(start)
        raw = _Span(file, length, self._told)
        return cast(BinaryIO, io.BufferedReader(raw, 2**16))

    def read(self, key: str) -> bytes:
        """All bytes under `key`."""
        with self.open(key) as file:
            return file.read()

    def fetch(self, key: str, path: Path) -> None:
        """Copy what lies under `key` to a file of this machine."""
        with self.open(key) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, _BLOCK)

    def size(self, key: str) -> int:
        """The bytes under `key`."""
        with self._told():
            return self._place.size(checked_key(key))

    def exists(self, key: str) -> bool:
        """Whether something lies under `key` itself."""
        try:
            self.size(key)
        except FileNotFoundError:
            return False
        return True

    def delete(self, key: str) -> None:
        """Delete what lies under `key` and under all keys that begin with `key` and a slash. Nothing there is no error."""
        with self._told():
            self._place.delete(checked_key(key))

    def children(self, prefix: str = "") -> list[str]:
        """The keys and prefixes one step below `prefix`, in order; prefixes end without a slash."""
        with self._told():
            return sorted(self._place.children(checked_key(prefix) if prefix else ""))

    def files(self, prefix: str = "") -> Iterator[Stored]:
        """All files at or below `prefix`, in the order of their keys."""
        with self._told():
            yield from self._place.files(checked_key(prefix) if prefix else "")

    def keys(self, prefix: str = "") -> Iterator[str]:
        """All keys at or below `prefix`, in order."""
        return (file.key for file in self.files(prefix))

    def sweep(self) -> None:
        """Remove what writers that died have left unfinished."""
        with self._told():
            self._place.sweep()

    def check(self) -> None:
        """Raise StorageError unless files can be written, read and deleted."""
        key = f"check/{secrets.token_hex(8)}"
        try:
            self.put(key, b"whole")
            whole = self.read(key) == b"whole"
        except FileNotFoundError:
            whole = False
        self.delete(key)
        if not whole:
            raise StorageError(f"What was written to the storage is not there: {self.url}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            raise StorageError(
                f"The storage cannot be used ({_reason(error)}): {self.url}", retry_after=10.0
            ) from error
        except self._place.faults as error:
            raise StorageError(
                f"The storage cannot be used ({_reason(error)}): {self.url}", retry_after=10.0
            ) from error


class _Place(Protocol):
    @property
    def faults(self) -> tuple[type[Exception], ...]: ...

    def put(self, key: str, content: Path | bytes, media_type: str | None) -> None: ...
    def open(self, key: str) -> BinaryIO: ...
    def size(self, key: str) -> int: ...
    def delete(self, key: str) -> None: ...
    def children(self, prefix: str) -> list[str]: ...
    def files(self, prefix: str) -> Iterator[Stored]: ...
    def sweep(self) -> None: ...


class _Folder:
    """Written beside, made safe on disk, then renamed. Deleted in one step too: renamed away first."""

    faults: tuple[type[Exception], ...] = ()

    def __init__(self, url: str) -> None:
        if re.match(r"[a-z0-9+]+://", url) and not url.startswith("file://"):
            raise StorageError(f"Storage {url!r} is not supported; give a folder, or s3://BUCKET/PREFIX.")
        self._root = Path(url.removeprefix("file://")).expanduser().absolute()
        self._files = fsspec.filesystem("file")

    def put(self, key: str, content: Path | bytes, media_type: str | None) -> None:
        target, part = self._path(key), self._part()
        try:
            with part.open("xb") as file:
                if isinstance(content, bytes):
                    file.write(content)
                else:
                    with content.open("rb") as source:
                        shutil.copyfileobj(source, file, _BLOCK)
                file.flush()
                os.fsync(file.fileno())
            self._rename(part, target)
        finally:
            part.unlink(missing_ok=True)

    def open(self, key: str) -> BinaryIO:
        return cast(BinaryIO, self._existing(key).open("rb"))

    def size(self, key: str) -> int:
        return self._existing(key).stat().st_size

    def delete(self, key: str) -> None:
        target, part = self._path(key), self._part()
        try:
            os.replace(target, part)
        except (FileNotFoundError, NotADirectoryError):
            return
        _remove(part)
        for folder in target.parents:
            if folder == self._root:
                break
            try:
                folder.rmdir()
            except OSError:  # something else lies there
                break

    def children(self, prefix: str) -> list[str]:
        with suppress(FileNotFoundError, NotADirectoryError):
            return [
                _joined(prefix, entry.name) for entry in self._path(prefix).iterdir() if not entry.name.startswith(".")
            ]
        return []

    def files(self, prefix: str) -> Iterator[Stored]:
        path = self._path(prefix)
        if path.is_dir():
            for key in sorted(self.children(prefix), key=lambda key: key + "/" if self._path(key).is_dir() else key):
                yield from self.files(key)
            return
        with suppress(FileNotFoundError, NotADirectoryError):
            found = path.stat()
            yield Stored(prefix, found.st_size, found.st_mtime)

    def sweep(self) -> None:
        with suppress(FileNotFoundError):
            for part in (self._root / _PARTS).iterdir():
                with suppress(FileNotFoundError):
                    if time.time() - part.stat().st_mtime > _STALE:
                        _remove(part)

    def _path(self, key: str) -> Path:
        return self._root / key

    def _existing(self, key: str) -> Path:
        path = self._path(key)
        if not path.is_file():
            raise FileNotFoundError(f"Nothing lies under {key}")
        return path

    def _part(self) -> Path:
        folder = self._root / _PARTS
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder / secrets.token_hex(16)

    def _rename(self, part: Path, target: Path) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.replace(part, target)
                break
            except (FileNotFoundError, FileExistsError):  # the folder was emptied and removed, or made, in between
                if attempt == _ATTEMPTS:
                    raise
        if os.name == "posix":
            for folder in (target.parent, target.parent.parent):
                _sync(folder)


class _Bucket:
    """A put is atomic there by itself: a name appears when its last byte has arrived."""

    def __init__(self, url: str) -> None:
        self._root = url.removeprefix("s3://").strip("/")
        if not self._root:
            raise StorageError("Storage 's3://' names no bucket; give s3://BUCKET/PREFIX.")
        try:
            from botocore.exceptions import BotoCoreError, ClientError

            self._files: Any = fsspec.filesystem("s3", use_listings_cache=False, skip_instance_cache=True)
        except ImportError as error:
            raise StorageError("S3 needs its library; run `pip install 'vitascope[s3]'`.") from error
        self.faults = (BotoCoreError, ClientError)

    def put(self, key: str, content: Path | bytes, media_type: str | None) -> None:
        kind = {"ContentType": media_type or mimetypes.guess_type(key)[0] or "application/octet-stream"}
        try:
            if isinstance(content, bytes):
                self._files.pipe_file(self._path(key), content, **kind)
            else:
                self._files.put_file(str(content), self._path(key), **kind)
        except FileNotFoundError as error:
            if isinstance(content, Path) and not content.exists():
                raise
            raise OSError(f"there is no bucket {self._root.partition('/')[0]}") from error

    def open(self, key: str) -> BinaryIO:
        return self._files.open(self._path(key), "rb", block_size=_BLOCK, cache_type="readahead", size=self.size(key))

    def size(self, key: str) -> int:
        found = self._files.info(self._path(key))
        if found["type"] != "file":
            raise FileNotFoundError(f"Nothing lies under {key}")
        return found["size"]

    def delete(self, key: str) -> None:
        path = self._path(key)
        self._files.rm(list({path, *self._files.find(path)}))

    def children(self, prefix: str) -> list[str]:
        try:
            return [self._key(path) for path in self._files.ls(self._path(prefix), detail=False)]
        except FileNotFoundError:
            return []

    def files(self, prefix: str) -> Iterator[Stored]:
        found = self._files.find(self._path(prefix), detail=True)
        for path, details in sorted(found.items()):
            yield Stored(self._key(path), details["size"], details["LastModified"].timestamp())

    def sweep(self) -> None:
        """Parts of uploads that were cut off are the bucket's own affair (a lifecycle rule)."""

    def _path(self, key: str) -> str:
        return _joined(self._root, key).rstrip("/")

    def _key(self, path: str) -> str:
        return path.removeprefix(self._root + "/").rstrip("/")


class _Span(io.RawIOBase):
    """The next `length` bytes of a file."""

    def __init__(self, file: BinaryIO, length: int | None, told: Any) -> None:
        self._file, self._left, self._told = file, length, told

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        wanted = len(buffer) if self._left is None else min(len(buffer), self._left)
        with self._told():
            got = self._file.read(wanted)
        buffer[: len(got)] = got
        if self._left is not None:
            self._left -= len(got)
        return len(got)

    def close(self) -> None:
        self._file.close()
        super().close()


def checked_key(key: str) -> str:
    """`key` as it is. Raises StorageError when it is not one."""
    if len(key) > _LONGEST or not _KEY.fullmatch(key):
        raise StorageError(
            f"{key[:80]!r} is not a storage key; give words of a-z, 0-9, _, - and . between slashes, none beginning with a dot.",
            code="invalid_key",
        )
    return key


def _joined(prefix: str, name: str) -> str:
    return f"{prefix}/{name}" if prefix else name


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or " ".join(str(error).split()) or type(error).__name__).rstrip(".")
