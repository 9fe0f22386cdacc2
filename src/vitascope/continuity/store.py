"""A folder that keeps bytes by kind and address, within a limit, for any number of processes at once.

Everything in it can be made again, so nothing here ever fails a film: what cannot be read is absent, what cannot be written
is not kept, and the folder may be deleted at any time. Knows nothing of what the bytes mean.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

__all__ = ["Store"]

_LAYOUT = "store-1"
"""The folder of this arrangement of entries. Nothing outside it is ever touched."""
_PARTS = ".parts"
_DIGEST_SIZE = 32
_STALE = 600.0
"""Seconds after which a part that nobody finished is swept away."""
_STEPS = 16
"""The folder is looked over each time that a sixteenth of the limit was written."""
_ATTEMPTS = 3
_LOCK_TRIES, _LOCK_PAUSE = 50, 0.01


class Store:
    """Bytes by (kind, address). `kind` is a word, `address` a digest. Safe to use from several threads and processes."""

    def __init__(self, folder: Path, *, limit: int) -> None:
        """`folder` is made when it is first needed; `limit` [bytes] holds for the entries of all processes together."""
        self.folder = folder
        self.limit = limit
        self.trouble: str | None = None
        """One sentence on why things are not kept, or None."""
        self._root = folder / _LAYOUT
        self._keeps = True
        self._step = limit // _STEPS
        self._room = 0
        self._counting = threading.Lock()

    def put(self, kind: str, address: bytes, content: bytes) -> bool:
        """Keep `content`; return whether it is there. Where it is not, `trouble` says why.

        One address stands for one content: what is there already is left as it is.
        """
        path = self._path(kind, address)
        if path.exists():
            return True
        if not self._keeps:
            return False
        size = _DIGEST_SIZE + len(content)
        if size > self.limit - self._step:
            self._say(f"The store's limit of {self.limit} bytes has no room for a piece of {size}; raise the limit")
            return False
        try:
            self._make_room(size)
            self._write(path, _digest(kind, address, content), content)
        except OSError as error:
            self._keeps = False
            self._say(f"What was drawn is not kept for later edits ({error.strerror or error})")
            return False
        return True

    def get(self, kind: str, address: bytes) -> bytes | None:
        """Return what was kept, or None. What is not as it was written counts as absent and is removed."""
        path = self._path(kind, address)
        try:
            with path.open("rb") as file:
                digest, content = file.read(_DIGEST_SIZE), file.read()
        except OSError:
            return None
        whole = digest == _digest(kind, address, content)
        with suppress(OSError):
            if whole:
                os.utime(path)  # the time of the last use orders eviction
            else:
                path.unlink()
        return content if whole else None

    def has(self, kind: str, address: bytes) -> bool:
        """Return whether there is an entry; `get` may still find it damaged, or gone."""
        return self._path(kind, address).exists()

    def size(self) -> int:
        """Return the bytes of all entries. Looks at each."""
        return sum(size for _, size, _ in self._entries())

    def clear(self) -> None:
        """Remove every entry."""
        shutil.rmtree(self._root, ignore_errors=True)

    def _say(self, reason: str) -> None:
        self.trouble = self.trouble or f"{reason}: {self.folder}"

    def _path(self, kind: str, address: bytes) -> Path:
        assert kind.isidentifier(), kind
        name = address.hex()
        return self._root / kind / name[:2] / name[2:]

    def _write(self, path: Path, digest: bytes, content: bytes) -> None:
        part = self._root / _PARTS / f"{os.getpid()}-{secrets.token_hex(8)}"
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                for folder in (part.parent, path.parent):
                    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                with part.open("xb") as file:
                    file.write(digest)
                    file.write(content)
                os.replace(part, path)
            except FileNotFoundError:  # the folder was deleted in between
                if attempt == _ATTEMPTS:
                    raise
            else:
                return
            finally:
                part.unlink(missing_ok=True)

    def _make_room(self, size: int) -> None:
        """Count `size` [bytes] as written, and look the folder over when a step of the limit is used up."""
        with self._counting:
            self._room -= size
            if self._room >= 0:
                return
            self._room = self._step - size
        self._sweep_parts()
        with self._alone():
            self._evict(max(self._step, size))

    def _evict(self, wanted: int) -> None:
        """Unless there is room for `wanted` [bytes], remove what was used longest ago until there is room for thrice that."""
        entries = list(self._entries())
        total = sum(size for _, size, _ in entries)
        if total + wanted <= self.limit:
            return
        for _, size, path in sorted(entries):
            if total + 3 * wanted <= self.limit:
                return
            with suppress(OSError):
                os.unlink(path)
            total -= size

    def _entries(self) -> Iterator[tuple[int, int, str]]:
        """Yield the time of the last use [ns], size [bytes] and path of each entry."""
        for kind in _listed(self._root):
            if kind.name == _PARTS:
                continue
            for shard in _listed(kind.path):
                for entry in _listed(shard.path):
                    with suppress(OSError):
                        found = entry.stat()
                        yield found.st_mtime_ns, found.st_size, entry.path

    def _sweep_parts(self) -> None:
        for part in _listed(self._root / _PARTS):
            with suppress(OSError):
                if time.time() - part.stat().st_mtime > _STALE:
                    os.unlink(part.path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from evicting at the same time. One that is stuck while it holds the lock is not waited for:
        without the lock a little more is removed than must be, no more harm is done."""
        if fcntl is None:
            yield
            return
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._root / ".lock").open("ab") as file:
            for _ in range(_LOCK_TRIES):
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except OSError:
                    time.sleep(_LOCK_PAUSE)
            yield


def _digest(kind: str, address: bytes, content: bytes) -> bytes:
    found = hashlib.sha256(kind.encode() + b"\0" + address)
    found.update(content)
    return found.digest()


def _listed(folder: str | Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
