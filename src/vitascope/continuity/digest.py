"""Digests of values by what they hold: numbers, texts, arrays and frozen values of them, told apart to the last bit."""

from __future__ import annotations

import hashlib
import weakref
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

import numpy as np

__all__ = ["digest_of", "plain"]

_LARGE = 1 << 14
"""Bytes from which an array stands in the plain form by its own digest, which is kept as long as the array lives."""
_KEPT: dict[int, tuple[weakref.ref, tuple]] = {}

Apart = Mapping[type, frozenset[str]]


def digest_of(*parts: Any) -> bytes:
    """The SHA-256 of plain parts."""
    return hashlib.sha256(repr(parts).encode()).digest()


def plain(value: Any, apart: Apart | None = None) -> Any:
    """`value` as nested tuples whose `repr` tells any two different values apart, without the fields `apart` of some types.

    Raises TypeError for what it cannot look into, such as a function: better none than one that is too often the same.
    """
    if value is None or isinstance(value, bool | int | float | str | bytes | Fraction | np.generic):
        return value
    if isinstance(value, np.ndarray):
        return _plain_array(value)
    if isinstance(value, Mapping):
        return tuple((key, plain(value[key], apart)) for key in sorted(value))
    if isinstance(value, tuple | list):
        return tuple([plain(item, apart) for item in value])
    if is_dataclass(value) and not isinstance(value, type):
        left_out = (apart or {}).get(type(value), frozenset())
        named = [(f.name, plain(getattr(value, f.name), apart)) for f in fields(value) if f.name not in left_out]
        return (type(value).__qualname__, *named)
    raise TypeError(f"A {type(value).__name__} has no digest; leave its field apart and let it count in another way.")


def _plain_array(array: np.ndarray) -> tuple:
    if array.nbytes < _LARGE:
        return array.dtype.str, array.shape, array.tobytes()
    key = id(array)
    known = _KEPT.get(key)
    if known is not None and known[0]() is array:
        return known[1]
    found = array.dtype.str, array.shape, hashlib.sha256(np.ascontiguousarray(array).data).digest()
    _KEPT[key] = weakref.ref(array, lambda _: _KEPT.pop(key, None)), found
    return found
