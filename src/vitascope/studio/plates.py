"""Kept plates of frames: read from the store, and put there whole or as what differs from another one.

Of a plate "light" that is another one with a small rectangle drawn anew, the store keeps a patch. A patch never lies on a
patch: that of a plate which is one itself goes on the same base, round both rectangles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitascope.continuity import Patch, PlateError, Store, pack_patch, pack_plate, unpack_patch, unpack_plate
from vitascope.render import Region

__all__ = ["Gone", "Light", "Plates"]

SMALL = 4
"""A patch takes at most one part in so many of the picture: where it is larger, the plate is kept whole."""


class Gone(Exception):
    """A plate that was to be used is not in the store any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """A kept plate "light", and what of it differs from the whole one that it lies on."""

    plate: np.ndarray
    """(H, W, 3) uint16."""
    base: bytes
    """The address of the whole plate, its own if it is one."""
    patched: Region

    def patch_of(self, plate: np.ndarray, redrawn: Region) -> Patch | None:
        """A plate that differs from this one in `redrawn` only, as a patch; None where it would not be small."""
        region = Region.around((self.patched, redrawn))
        height, width = plate.shape[:2]
        if region.width * region.height * SMALL > width * height:
            return None
        return Patch.of(plate, region, base=self.base)


class Plates:
    """The plates in a store, by address. What is damaged there counts as gone."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def has_light(self, address: bytes) -> bool:
        """Whether there is one, whole or as a patch; `light` may still find it damaged, or its base gone."""
        return self._store.has("light", address) or self._store.has("light_patch", address)

    def has_composed(self, address: bytes) -> bool:
        """Whether there is one; `composed` may still find it damaged."""
        return self._store.has("composed", address)

    def composed(self, address: bytes) -> np.ndarray:
        """The plate "composed" (H, W, C) uint16. Raises Gone."""
        return self._whole("composed", address)

    def light(self, address: bytes) -> Light:
        """The plate "light". Raises Gone."""
        if self._store.has("light", address):
            return Light(plate=self._whole("light", address), base=address, patched=Region(0, 0, 0, 0))
        try:
            patch = unpack_patch(self._content("light_patch", address))
            return Light(plate=patch.over(self._whole("light", patch.base)), base=patch.base, patched=patch.region)
        except PlateError:
            raise Gone from None

    def keep(self, address: bytes, *, light: np.ndarray | Patch | None, composed: np.ndarray | None) -> None:
        """Put the plates of a frame into the store, those that there are."""
        if isinstance(light, Patch):
            if not self._store.has("light", address):  # else it would lie on itself
                self._store.put("light_patch", address, pack_patch(light))
        elif light is not None:
            self._store.put("light", address, pack_plate(light))
        if composed is not None:
            self._store.put("composed", address, pack_plate(composed))

    def _whole(self, kind: str, address: bytes) -> np.ndarray:
        try:
            return unpack_plate(self._content(kind, address))
        except PlateError:
            raise Gone from None

    def _content(self, kind: str, address: bytes) -> bytes:
        content = self._store.get(kind, address)
        if content is None:
            raise Gone
        return content
