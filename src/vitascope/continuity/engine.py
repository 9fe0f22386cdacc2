"""Fingerprints of the program: what was made by another version of it is never taken for its own."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

__all__ = [
    "PICTURE_SOURCES",
    "WORLD_SOURCES",
    "engine_fingerprint",
    "fingerprint",
    "sound_fingerprint",
    "stage_fingerprint",
]

PICTURE_SOURCES = (
    "render",
    "world/material.py",
    "world/mesh.py",
    "world/sky.py",
    "world/stage.py",
    "world/waves.py",
    "media/chunk.py",
    "media/format.py",
    "provenance/label.py",
)
"""Files and folders of the package that make an encoded picture out of a stage."""
_PICTURE_LIBRARIES = ("wgpu", "numpy", "av", "pillow")


WORLD_SOURCES = ("film", "recipe", "world")
"""Folders of the package that make a stage out of a document."""
_WORLD_LIBRARIES = ("numpy", "scipy")


@cache
def engine_fingerprint(*more: str) -> bytes:
    """The digest of what draws, labels and encodes: our sources and data, `more` of them, and the libraries' versions."""
    return fingerprint(files("vitascope"), (*PICTURE_SOURCES, *more), _PICTURE_LIBRARIES)


@cache
def stage_fingerprint() -> bytes:
    """The digest of what makes stages out of documents and digests out of stages."""
    sources = (*WORLD_SOURCES, "render", "continuity")
    return fingerprint(files("vitascope"), sources, _WORLD_LIBRARIES)


@cache
def sound_fingerprint() -> bytes:
    """The digest of what makes sound out of documents."""
    return fingerprint(files("vitascope"), (*WORLD_SOURCES, "sound"), _WORLD_LIBRARIES)


def fingerprint(package: Traversable, sources: Iterable[str], libraries: Iterable[str]) -> bytes:
    """The digest of files and folders of `package`, the versions of `libraries` and the kind of processor."""
    found = hashlib.sha256(platform.machine().encode())
    for library in libraries:
        found.update(f"{library} {version(library)}\n".encode())
    for source in sources:
        for name, content in _contents(package.joinpath(*source.split("/")), source):
            found.update(f"{name} {len(content)}\n".encode())
            found.update(content)
    return found.digest()


def _contents(place: Traversable, name: str) -> list[tuple[str, bytes]]:
    """Name and content of a file, or of every file below a folder, without what Python compiled."""
    if place.is_file():
        return [(name, place.read_bytes())]
    inside = sorted(place.iterdir(), key=lambda entry: entry.name)
    return [
        file for entry in inside if entry.name != "__pycache__" for file in _contents(entry, f"{name}/{entry.name}")
    ]
