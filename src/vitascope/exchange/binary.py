"""The binary form of glTF 2.0 (GLB): a tree of JSON and one block of numbers behind it. Knows no stage."""

from __future__ import annotations

import json
import struct
from typing import Any, Literal

import numpy as np

__all__ = ["Binary"]

_MAGIC, _JSON, _BIN = 0x46546C67, 0x4E4F534A, 0x004E4942
_COMPONENTS = {"float32": 5126, "uint32": 5125, "uint16": 5123, "uint8": 5121}
_SHAPES = {1: "SCALAR", 3: "VEC3", 4: "VEC4"}
_TARGETS = {"vertices": 34962, "indices": 34963}
Use = Literal["vertices", "indices", "keys"]


class Binary:
    """Gathers arrays; `whole` is the file. An array that is added twice lies in it once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0
        self._views: list[dict[str, Any]] = []
        self._accessors: list[dict[str, Any]] = []
        self._known: dict[int, tuple[np.ndarray, int]] = {}

    def add(self, array: np.ndarray, use: Use, *, ends: bool = False) -> int:
        """The number of the accessor for `array`, (N,) or (N, 3 or 4) of float32, uint32, uint16 or uint8.

        uint8 stands for 0..1. `ends`: with its least and greatest values, as positions and times need them.
        """
        known = self._known.get(id(array))
        if known is not None:
            return known[1]
        view: dict[str, Any] = {"buffer": 0, "byteOffset": self._size, "byteLength": array.nbytes}
        if use in _TARGETS:
            view["target"] = _TARGETS[use]
        accessor: dict[str, Any] = {
            "bufferView": len(self._views),
            "componentType": _COMPONENTS[array.dtype.name],
            "count": len(array),
            "type": _SHAPES[1 if array.ndim == 1 else array.shape[1]],
        }
        if array.dtype == np.uint8:
            accessor["normalized"] = True
        if ends:
            accessor["min"] = np.atleast_1d(array.min(0)).tolist()
            accessor["max"] = np.atleast_1d(array.max(0)).tolist()
        self._views.append(view)
        self._accessors.append(accessor)
        self._append(np.ascontiguousarray(array).tobytes())
        self._known[id(array)] = array, len(self._accessors) - 1
        return len(self._accessors) - 1

    def whole(self, tree: dict[str, Any]) -> bytes:
        """The file: `tree` with what was added."""
        full = tree | {
            "accessors": self._accessors,
            "bufferViews": self._views,
            "buffers": [{"byteLength": self._size}],
        }
        text = json.dumps(full, separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        numbers = b"".join(self._parts)
        length = 12 + 8 + len(text) + 8 + len(numbers)
        head = struct.pack("<III", _MAGIC, 2, length)
        return b"".join(
            (head, struct.pack("<II", len(text), _JSON), text, struct.pack("<II", len(numbers), _BIN), numbers)
        )

    def _append(self, data: bytes) -> None:
        data += bytes(-len(data) % 4)
        self._parts.append(data)
        self._size += len(data)
