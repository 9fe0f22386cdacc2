"""The store of chunks for several machines: the folder of this one, and the storage that all of them see.

A chunk that is drawn here is put into storage as well, and one that is not here is looked for there, so that whoever joins
the film finds what others drew. Everything else (plates, digests, sound) stays on the machine that made it: it is large, or
made again in less time than it takes to fetch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path

from vitascope.continuity import Store, store_folder, store_limit
from vitascope.jobs.storage import Storage

__all__ = ["SharedStore", "forget_chunks", "is_shared", "open_worker_store"]

SHARED = "chunk"
PREFIX = "chunks"
_DIGEST_SIZE = 32


class SharedStore(Store):
    """A `Store` whose chunks also lie in `storage`, under chunks/ and their address. Never fails a film either."""

    def __init__(self, folder: Path, *, limit: int, storage: Storage) -> None:
        super().__init__(folder, limit=limit)
        self._storage = storage

    def put(self, kind: str, address: bytes, content: bytes) -> bool:
        """Keep `content`; return whether it is there, for a chunk: where all find it."""
        here = super().put(kind, address, content)
        if kind != SHARED:
            return here
        try:
            if not self._storage.exists(_key(address)):
                self._storage.put(_key(address), _digest(address, content) + content)
        except Exception as error:  # each kind of storage has faults of its own
            self._say(f"What was drawn is not there for other machines ({type(error).__name__})")
            return False
        return True

    def get(self, kind: str, address: bytes) -> bytes | None:
        """Return what was kept, here or by another machine, or None. What is not as it was written counts as absent."""
        content = super().get(kind, address)
        if content is not None or kind != SHARED:
            return content
        try:
            stored = self._storage.read(_key(address))
        except Exception:  # absent, or out of reach: in both cases it is drawn
            return None
        content = stored[_DIGEST_SIZE:]
        if stored[:_DIGEST_SIZE] != _digest(address, content):
            self._forget(address)
            return None
        super().put(kind, address, content)
        return content

    def _forget(self, address: bytes) -> None:
        try:
            self._storage.delete(_key(address))
        except Exception as error:
            self._say(f"A damaged chunk cannot be taken out of storage ({type(error).__name__})")


def is_shared(storage: str) -> bool:
    """Whether the storage at this URL is none of this machine, so that chunks go into it as well."""
    return "://" in storage and not storage.startswith("file://")


def open_worker_store(environment: Mapping[str, str], storage: Storage | None) -> Store:
    """The store that the environment names, whose chunks also lie in `storage` if that is given. Raises StoreError."""
    folder, limit = store_folder(environment), store_limit(environment)
    return Store(folder, limit=limit) if storage is None else SharedStore(folder, limit=limit, storage=storage)


def forget_chunks(storage: Storage, wanted: Collection[str]) -> int:
    """Delete shared chunks whose address (hexadecimal) is not in `wanted`, those of films that are still there; how many.

    What is deleted too early is drawn again, so this needs no lock.
    """
    gone = [key for key in storage.keys(PREFIX) if key.rpartition("/")[2] not in wanted]
    for key in gone:
        storage.delete(key)
    return len(gone)


def _key(address: bytes) -> str:
    return f"{PREFIX}/{address.hex()}"


def _digest(address: bytes, content: bytes) -> bytes:
    return hashlib.sha256(address + content).digest()
