"""From textures on the device to arrays, without waiting for the frame that is being drawn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import wgpu

from vitascope.render.gpu import Gpu
from vitascope.render.region import Region

__all__ = ["Frame", "Readback"]

_ROW = 256
"""Bytes that a row in a copied buffer must be a multiple of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One picture. Passes and plates are None unless they were asked for."""

    colour: np.ndarray
    """(H, W, 3) uint8 sRGB."""
    depth: np.ndarray | None = None
    """(H, W) float32, metres along the view axis, inf where there is only sky."""
    ids: np.ndarray | None = None
    """(H, W) uint16, subject ids: 0 the set, i + 1 the i-th subject."""
    motion: np.ndarray | None = None
    """(H, W, 2) float32, pixels from here to where the same point was one frame before (x right, y down)."""
    light: np.ndarray | None = None
    """(h, w, 3) uint16, bits of half floats: linear radiance of what is solid and of the sky, at the size that is drawn."""
    composed: np.ndarray | None = None
    """(h, w, 3) uint16, bits of half floats: exposed radiance before the tone curve; (h, w, 4) with the ink of an inked style."""


class Readback:
    """Buffers for a few frames in flight: copies go into those of a place, `fetch` waits for them and unpacks."""

    def __init__(self, gpu: Gpu) -> None:
        self._gpu = gpu
        self._buffers: dict[tuple[str, int], wgpu.GPUBuffer] = {}
        self._copied: dict[tuple[str, int], tuple[Region, int]] = {}

    def copy(
        self,
        encoder: wgpu.GPUCommandEncoder,
        texture: wgpu.GPUTexture,
        name: str,
        place: int,
        pixel: int,
        *,
        region: Region | None = None,
    ) -> None:
        """Record the copy of a texture of `pixel` bytes a texel into the buffer that is called `name` of `place`.

        Only of a `region`, if one is given; of one that is empty there is nothing to copy and nothing to fetch.
        """
        width, height = texture.size[:2]
        if (name, place) not in self._buffers:
            self._buffers[name, place] = self._gpu.buffer(_row(width, pixel) * height, "readback")
        region = Region.whole((width, height)) if region is None else region
        self._copied[name, place] = region, pixel
        if region.empty:
            return
        encoder.copy_texture_to_buffer(
            {"texture": texture, "origin": (region.x, region.y, 0)},
            {
                "buffer": self._buffers[name, place], "bytes_per_row": _row(region.width, pixel),
                "rows_per_image": region.height,
            },
            (region.width, region.height, 1),
        )  # fmt: skip

    def wait(self, place: int, names: Collection[str]) -> None:
        """Wait until the copies of `place` are there, so that `fetch` need not."""
        for name in names:
            buffer = self._buffers[name, place]
            if buffer.map_state == "unmapped" and not self._copied[name, place][0].empty:
                buffer.map_sync("READ")

    def fetch(self, place: int, name: str, dtype: type, channels: int) -> np.ndarray:
        """(H, W, channels), the first channels of the copy called `name` of `place`; waits for it if need be."""
        region, pixel = self._copied[name, place]
        width, height = region.width, region.height
        if region.empty:
            return np.empty((height, width, channels), dtype)
        self.wait(place, (name,))
        buffer, row = self._buffers[name, place], _row(width, pixel)
        data = np.asarray(buffer.read_mapped(0, row * height, copy=False)).view(np.uint8)
        texels = data.reshape(height, row)[:, : width * pixel].view(dtype).reshape(height, width, -1)
        taken = np.empty((height, width, channels), dtype)
        for channel in range(channels):  # five times as fast as one copy of three in four
            taken[:, :, channel] = texels[:, :, channel]
        buffer.unmap()
        return taken


def _row(width: int, pixel: int) -> int:
    return -(-width * pixel // _ROW) * _ROW
