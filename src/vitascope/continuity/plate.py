"""Plates as bytes: half-float pictures kept to the last bit, in half of their size."""

from __future__ import annotations

import struct

import numpy as np
import zstandard

__all__ = ["PlateError", "pack_plate", "unpack_plate"]

_MAGIC = b"plate 1\n"
_SHAPE = struct.Struct(">III")
_LEVEL = -1
"""Of Zstandard: on plates of half floats, level 1 takes a tenth more time for one percent less."""
_DAMAGED = "This kept plate is damaged; remove it and draw its frame again."


class PlateError(ValueError):
    """Bytes that are no plate, or no whole one; the message is one sentence."""


def pack_plate(plate: np.ndarray) -> bytes:
    """`plate` (H, W, C) uint16 as bytes: its bytes by significance and channel, each plane for itself, then compressed."""
    assert plate.ndim == 3, plate.shape
    assert plate.dtype == np.uint16, plate.dtype
    little = np.ascontiguousarray(plate.astype("<u2", copy=False)).view(np.uint8)
    planes = np.ascontiguousarray(little.reshape(-1, 2 * plate.shape[2]).T)
    return _MAGIC + _SHAPE.pack(*plate.shape) + zstandard.ZstdCompressor(level=_LEVEL).compress(planes.data)


def unpack_plate(packed: bytes) -> np.ndarray:
    """The plate (H, W, C) uint16 that gave these bytes. Raises PlateError for others."""
    start = len(_MAGIC) + _SHAPE.size
    if not packed.startswith(_MAGIC) or len(packed) < start:
        raise PlateError(_DAMAGED)
    height, width, channels = _SHAPE.unpack(packed[len(_MAGIC) : start])
    size = 2 * height * width * channels
    try:
        if zstandard.frame_content_size(packed[start:]) != size:
            raise PlateError(_DAMAGED)
        content = zstandard.ZstdDecompressor().decompress(packed[start:], max_output_size=size) if size else b""
    except zstandard.ZstdError as error:
        raise PlateError(_DAMAGED) from error
    planes = np.frombuffer(content, np.uint8).reshape(2 * channels, height * width)
    return np.ascontiguousarray(planes.T).view("<u2").reshape(height, width, channels).astype(np.uint16, copy=False)
