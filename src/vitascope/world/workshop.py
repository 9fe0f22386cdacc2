"""The workshop: parts of worlds that were made lately are kept by the value of all that went into them.

A film that differs a little from the last one is built from the same bodies, grounds and growth. What is kept is never
written to, holds no stage, and changes no result: it is only there sooner.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel

__all__ = ["BYTES_MAX", "COUNT_MAX", "forget", "kept"]

BYTES_MAX = 200_000_000
"""Bytes of arrays that are kept; the parts that were not used for longest go first."""
COUNT_MAX = 500
"""Parts that are kept."""

T = TypeVar("T")
_parts: OrderedDict[bytes, tuple[Any, int]] = OrderedDict()
_lock = threading.Lock()


def kept(kind: str, inputs: tuple[Any, ...], make: Callable[[], T]) -> T:
    """What `make` returns, from the workshop if the same was made lately.

    `inputs` are all values that `make` looks at: numbers, texts, arrays, frozen dataclasses and models, and tuples, lists
    and mappings of them. Raises TypeError for anything else. Two threads may make the same part at once; both get equal ones.
    """
    address = _address(kind, inputs)
    with _lock:
        found = _parts.get(address)
        if found is not None:
            _parts.move_to_end(address)
            return found[0]
    part = make()
    size = _frozen_size(part)
    with _lock:
        _parts[address] = part, size
        _parts.move_to_end(address)
        total = sum(other for _, other in _parts.values())
        while total > BYTES_MAX or len(_parts) > COUNT_MAX:
            total -= _parts.popitem(last=False)[1][1]
    return part


def forget() -> None:
    """Let go of everything."""
    with _lock:
        _parts.clear()


def _address(kind: str, inputs: tuple[Any, ...]) -> bytes:
    digest = hashlib.blake2b(kind.encode(), digest_size=32)
    _feed(digest.update, inputs)
    return digest.digest()


def _feed(tell: Callable[[bytes], None], value: Any) -> None:
    """Tell a digest what `value` holds, so that any two different values, and 1 and 1.0, are told apart."""
    if value is None or isinstance(value, bool | int | float | str | bytes | Fraction | np.generic):
        tell(f"{type(value).__name__} {value!r};".encode())
    elif isinstance(value, np.ndarray):
        tell(f"array {value.dtype.str} {value.shape};".encode())
        tell(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, tuple | list):
        tell(b"(")
        for item in value:
            _feed(tell, item)
        tell(b")")
    elif isinstance(value, Mapping):
        tell(b"{")
        for key, item in value.items():
            _feed(tell, key)
            _feed(tell, item)
        tell(b"}")
    elif isinstance(value, BaseModel):
        tell(f"{type(value).__qualname__} {value.model_dump_json()};".encode())
    elif is_dataclass(value) and not isinstance(value, type):
        tell(f"{type(value).__qualname__}<".encode())
        for each in fields(value):
            _feed(tell, getattr(value, each.name))
        tell(b">")
    else:
        raise TypeError(
            f"A {type(value).__name__} cannot be told by its value; give the workshop what it was made from."
        )


def _frozen_size(part: Any) -> int:
    """Bytes of all arrays in a part, which from now on cannot be written to."""
    seen: dict[int, int] = {}
    waiting = [part]
    while waiting:
        value = waiting.pop()
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
            seen[id(value)] = value.nbytes
        elif isinstance(value, tuple | list):
            waiting += value
        elif isinstance(value, Mapping):
            waiting += value.values()
        elif is_dataclass(value) and not isinstance(value, type):
            waiting += [getattr(value, each.name) for each in fields(value)]
    return sum(seen.values())
