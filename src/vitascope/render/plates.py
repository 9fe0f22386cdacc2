"""Kept plates on their way back to the device."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import wgpu

from vitascope.render.gpu import Gpu, RenderError
from vitascope.render.region import Region
from vitascope.render.shading import QUAD

__all__ = ["Kept", "PlateUpload"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a moment shares with one that was drawn before: all pixels of its plate "light" outside `region`."""

    light: np.ndarray
    region: Region

    def again(self, size: tuple[int, int]) -> Region:
        """The pixels of a picture of `size` that have to be lit. Raises RenderError where some lie outside of it."""
        if not self.region.empty and self.region.common(Region.whole(size)) != self.region:
            raise RenderError(
                f"The region {tuple(self.region)} is not inside the picture; x, y, width and height within {size[0]}x{size[1]} "
                "pixels are allowed. Cut it to the picture."
            )
        return self.region.aligned(QUAD, size)

    def whole(self, drawn: np.ndarray) -> np.ndarray:
        """The plate "light" (h, w, 3) of the new moment, from the pixels that were lit."""
        plate = self.light.copy()
        region = self.again((plate.shape[1], plate.shape[0]))
        plate[region.y : region.bottom, region.x : region.right] = drawn
        return plate


class PlateUpload:
    """Writes plates into one rgba16float texture; the channels that they lack are 0."""

    def __init__(self, gpu: Gpu, texture: wgpu.GPUTexture, *, name: str, channels: int) -> None:
        self._gpu, self._texture, self._name = gpu, texture, name
        width, height = texture.size[:2]
        self._shape = height, width, channels
        self._texels = np.zeros((height, width, 4), np.uint16)

    def write(self, plate: np.ndarray) -> None:
        """Queue a plate (h, w, c) uint16. Raises RenderError where it does not fit."""
        height, width, channels = self._shape
        if plate.shape != self._shape or plate.dtype != np.uint16:
            raise RenderError(
                f"A plate of shape {plate.shape} and type {plate.dtype} cannot be used here; {self._shape} of uint16 is "
                f'allowed. Give the plate "{self._name}" of a picture of this size and style.'
            )
        for channel in range(channels):  # several times as fast as one copy of three to four
            self._texels[:, :, channel] = plate[:, :, channel]
        self._gpu.queue.write_texture(
            {"texture": self._texture}, self._texels, {"bytes_per_row": 8 * width, "rows_per_image": height},
            (width, height, 1),
        )  # fmt: skip
