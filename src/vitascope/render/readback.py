"""From textures on the device to arrays, without waiting for the frame that is being drawn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import wgpu

from vitascope.render.gpu import Gpu, RenderError
from vitascope.render.screen import screen_pass
from vitascope.render.shading import GeometryBuffer

__all__ = ["PASSES", "Frame", "Readback"]

PASSES = ("depth", "ids", "motion")
_ROW = 256
"""Bytes that a row in a copied buffer must be a multiple of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One picture. Passes are None unless they were asked for."""

    colour: np.ndarray
    """(H, W, 3) uint8 sRGB."""
    depth: np.ndarray | None = None
    """(H, W) float32, metres along the view axis, inf where there is only sky."""
    ids: np.ndarray | None = None
    """(H, W) uint16, subject ids: 0 the set, i + 1 the i-th subject."""
    motion: np.ndarray | None = None
    """(H, W, 2) float32, pixels from here to where the same point was one frame before (x right, y down)."""


class Readback:
    """Buffers for a few frames in flight: `encode` copies into one, `fetch` waits for it and unpacks."""

    def __init__(
        self, gpu: Gpu, size: tuple[int, int], buffer: GeometryBuffer, layout: wgpu.GPUBindGroupLayout
    ) -> None:
        self._gpu, self._size = gpu, size
        self._colours: dict[int, wgpu.GPUBuffer] = {}
        self._others: dict[int, wgpu.GPUBuffer] = {}
        self._output = gpu.buffer(np.array([*size, 0, 0], np.float32), "uniform")
        self._layout = gpu.layout("utexel", "utexel", "depth", "uniform")
        self._stage_layout = layout
        self._group = gpu.bind(self._layout, buffer.where, buffer.what, buffer.depth, self._output)
        self._extract: tuple[wgpu.GPURenderPipeline, wgpu.GPUTexture] | None = None

    def encode(
        self,
        encoder: wgpu.GPUCommandEncoder,
        picture: wgpu.GPUTexture,
        groups: tuple[wgpu.GPUBindGroup, wgpu.GPUBindGroup],
        place: int,
        passes: Collection[str],
    ) -> None:
        """Record the copy of `picture` and of the asked-for passes into the buffers of `place`."""
        unknown = sorted(set(passes) - set(PASSES))
        if unknown:
            raise RenderError(f"There is no pass {unknown[0]!r}; known are {', '.join(PASSES)}. Ask for one of them.")
        self._copy(encoder, picture, self._colours, place, 4)
        if passes:
            pipeline, texture = self._extraction()
            screen_pass(encoder, texture.create_view(), pipeline, [*groups, self._group])
            self._copy(encoder, texture, self._others, place, 16)

    def wait(self, place: int, passes: Collection[str]) -> None:
        """Wait until the copies of `place` are there, so that `fetch` need not."""
        for buffer in (self._colours[place], *([self._others[place]] if passes else [])):
            if buffer.map_state == "unmapped":
                buffer.map_sync("READ")

    def fetch(self, place: int, passes: Collection[str]) -> Frame:
        """Wait for the copies of `place` and unpack them."""
        self.wait(place, passes)
        frame: dict[str, np.ndarray] = {"colour": self._read(self._colours[place], 4, np.uint8, 3)}
        if passes:
            packed = self._read(self._others[place], 16, np.uint32, 4)
            floats = packed.view(np.float32)
            if "depth" in passes:
                frame["depth"] = np.where(floats[:, :, 0] > 0, floats[:, :, 0], np.float32(np.inf))
            if "motion" in passes:
                frame["motion"] = np.ascontiguousarray(floats[:, :, 1:3])
            if "ids" in passes:
                frame["ids"] = packed[:, :, 3].astype(np.uint16)
        return Frame(**frame)

    def _extraction(self) -> tuple[wgpu.GPURenderPipeline, wgpu.GPUTexture]:
        if self._extract is None:
            module = self._gpu.shader("extract.wgsl")
            pipeline = self._gpu.screen_pipeline(
                module, "extract_fragment", ["rgba32uint"], [self._stage_layout, self._layout]
            )
            self._extract = pipeline, self._gpu.texture(self._size, "rgba32uint", copy=True)
        return self._extract

    def _copy(
        self,
        encoder: wgpu.GPUCommandEncoder,
        texture: wgpu.GPUTexture,
        buffers: dict[int, wgpu.GPUBuffer],
        place: int,
        pixel: int,
    ) -> None:
        width, height = self._size
        row = self._row(pixel)
        if place not in buffers:
            buffers[place] = self._gpu.buffer(row * height, "readback")
        encoder.copy_texture_to_buffer(
            {"texture": texture}, {"buffer": buffers[place], "bytes_per_row": row, "rows_per_image": height},
            (width, height, 1),
        )  # fmt: skip

    def _read(self, buffer: wgpu.GPUBuffer, pixel: int, dtype: type, channels: int) -> np.ndarray:
        """(H, W, channels): the first of the four channels of a copied texture."""
        width, height = self._size
        row = self._row(pixel)
        data = np.asarray(buffer.read_mapped(0, row * height, copy=False)).view(np.uint8)
        texels = data.reshape(height, row)[:, : width * pixel].view(dtype).reshape(height, width, 4)
        taken = np.empty((height, width, channels), dtype)
        for channel in range(channels):  # five times as fast as one copy of three in four
            taken[:, :, channel] = texels[:, :, channel]
        buffer.unmap()
        return taken

    def _row(self, pixel: int) -> int:
        return -(-self._size[0] * pixel // _ROW) * _ROW
