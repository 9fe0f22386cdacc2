"""Plates that differ from another one in a rectangle only: the address of that one and the pixels, as bytes."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np

from vitascope.continuity.plate import PlateError, pack_plate, unpack_plate
from vitascope.render import Region

__all__ = ["Patch", "pack_patch", "unpack_patch"]

_MAGIC = b"patch 1\n"
_HEAD = struct.Struct(">32sIII")
"""The address of the base, the left upper corner and a check sum of these; the plate that follows has its own."""
_DAMAGED = "This kept patch is damaged or belongs to another plate; remove it and draw its frame again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A plate that is `base` with other pixels in a rectangle."""

    base: bytes
    """The address of a whole plate, a digest of 32 bytes."""
    corner: tuple[int, int]
    """Of the rectangle: column and row of its left upper pixel."""
    pixels: np.ndarray
    """(h, w, C) uint16, what is there."""

    @staticmethod
    def of(plate: np.ndarray, region: Region, *, base: bytes) -> Patch:
        """What makes `plate` (H, W, C) uint16 of the plate at `base`, if they are the same outside of `region`."""
        return Patch(
            base=base,
            corner=(region.x, region.y),
            pixels=plate[region.y : region.bottom, region.x : region.right],
        )

    @property
    def region(self) -> Region:
        """The rectangle."""
        return Region(*self.corner, self.pixels.shape[1], self.pixels.shape[0])

    def over(self, plate: np.ndarray) -> np.ndarray:
        """The plate, made of the one at `base` (H, W, C) uint16. Raises PlateError where that has no such rectangle."""
        region, (height, width, channels) = self.region, plate.shape
        if region.right > width or region.bottom > height or self.pixels.shape[2] != channels:
            raise PlateError(_DAMAGED)
        made = plate.copy()
        made[region.y : region.bottom, region.x : region.right] = self.pixels
        return made


def pack_patch(patch: Patch) -> bytes:
    """The patch as bytes."""
    assert len(patch.base) == 32, patch.base
    packed = _HEAD.pack(patch.base, *patch.corner, 0)[:-4]
    return _MAGIC + packed + struct.pack(">I", zlib.crc32(packed)) + pack_plate(patch.pixels)


def unpack_patch(packed: bytes) -> Patch:
    """The patch that gave these bytes. Raises PlateError for others."""
    start, end = len(_MAGIC), len(_MAGIC) + _HEAD.size
    if not packed.startswith(_MAGIC) or len(packed) < end:
        raise PlateError(_DAMAGED)
    base, x, y, check = _HEAD.unpack(packed[start:end])
    if check != zlib.crc32(packed[start : end - 4]):
        raise PlateError(_DAMAGED)
    return Patch(base=base, corner=(x, y), pixels=unpack_plate(packed[end:]))
