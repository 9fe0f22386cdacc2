"""What a frame may hold besides its colours: passes drawn from the geometry buffer, and plates that make later edits cheap."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import wgpu

from vitascope.render.gpu import Gpu, RenderError
from vitascope.render.plates import Kept
from vitascope.render.readback import Frame, Readback
from vitascope.render.screen import screen_pass
from vitascope.render.shading import GeometryBuffer

__all__ = ["PASSES", "PLATES", "Outputs", "Wanted", "wanted"]

PASSES = ("depth", "ids", "motion")
PLATES = ("light", "composed")
_DRAWN = {"measures": ("rgba32float", 16), "ids": ("r16uint", 2)}
"""Format and bytes a texel of the pictures that passes are taken from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a frame is to hold besides its colours, see `wanted`."""

    passes: frozenset[str]
    plates: frozenset[str]

    @property
    def drawn(self) -> tuple[str, ...]:
        """The pictures of extract.wgsl that the passes need."""
        return (*(("measures",) if self.passes & {"depth", "motion"} else ()), *self.passes & {"ids"})


def wanted(passes: Collection[str], plates: Collection[str]) -> Wanted:
    """The names as a value. Raises RenderError for a pass or plate that does not exist."""
    for kind, given, known in (("pass", passes, PASSES), ("plate", plates, PLATES)):
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise RenderError(f"There is no {kind} {unknown[0]!r}; known are {', '.join(known)}. Ask for one of them.")
    return Wanted(passes=frozenset(passes), plates=frozenset(plates))


class Outputs:
    """Copies the finished picture, passes and plates of a frame to the buffers of a place, and makes a `Frame` of them."""

    def __init__(
        self,
        gpu: Gpu,
        buffer: GeometryBuffer,
        stage_layout: wgpu.GPUBindGroupLayout,
        *,
        colour: wgpu.GPUTexture,
        plates: Mapping[str, tuple[wgpu.GPUTexture, int]],
    ) -> None:
        """`plates` gives each plate's texture and how many of its channels carry anything."""
        self._gpu, self._stage_layout = gpu, stage_layout
        self._colour, self._plates = colour, dict(plates)
        self._readback = Readback(gpu)
        self._kept: dict[int, Kept | None] = {}
        size = colour.size[:2]
        self._layout = gpu.layout("utexel", "utexel", "depth", "uniform")
        output = gpu.buffer(np.array([*size, 0, 0], np.float32), "uniform")
        self._group = gpu.bind(self._layout, buffer.where, buffer.what, buffer.depth, output)
        self._drawn: dict[str, tuple[wgpu.GPURenderPipeline, wgpu.GPUTexture]] = {}

    def encode(
        self,
        encoder: wgpu.GPUCommandEncoder,
        groups: tuple[wgpu.GPUBindGroup, wgpu.GPUBindGroup],
        place: int,
        asked: Wanted,
    ) -> None:
        """Record everything that `fetch` will need but the plate "light", which is gone by the end of a frame."""
        self._readback.copy(encoder, self._colour, "colour", place, 4)
        if "composed" in asked.plates:
            self._readback.copy(encoder, self._plates["composed"][0], "composed", place, 8)
        for name in asked.drawn:
            pipeline, texture = self._extraction(name)
            screen_pass(encoder, texture.create_view(), pipeline, [*groups, self._group])
            self._readback.copy(encoder, texture, name, place, _DRAWN[name][1])

    def encode_light(self, encoder: wgpu.GPUCommandEncoder, place: int, kept: Kept | None) -> None:
        """Record the copy of the plate "light" as it is now; where the rest is `kept`, of the region that was drawn."""
        texture = self._plates["light"][0]
        region = None if kept is None else kept.again(texture.size[:2])
        self._readback.copy(encoder, texture, "light", place, 8, region=region)
        self._kept[place] = kept

    def wait(self, place: int, asked: Wanted) -> None:
        """Wait until what was recorded for `place` is there, so that `fetch` need not."""
        self._readback.wait(place, ("colour", *asked.plates, *asked.drawn))

    def fetch(self, place: int, asked: Wanted) -> Frame:
        """Wait for what was recorded for `place` and unpack it."""
        read = self._readback.fetch
        frame = {"colour": read(place, "colour", np.uint8, 3)}
        for name in asked.plates:
            frame[name] = read(place, name, np.uint16, self._plates[name][1])
        if "light" in asked.plates and (kept := self._kept.pop(place)) is not None:
            frame["light"] = kept.whole(frame["light"])
        if "measures" in asked.drawn:
            measures = read(place, "measures", np.float32, 3)
            if "depth" in asked.passes:
                frame["depth"] = np.where(measures[:, :, 0] > 0, measures[:, :, 0], np.float32(np.inf))
            if "motion" in asked.passes:
                frame["motion"] = np.ascontiguousarray(measures[:, :, 1:3])
        if "ids" in asked.drawn:
            frame["ids"] = read(place, "ids", np.uint16, 1)[:, :, 0]
        return Frame(**frame)

    def _extraction(self, name: str) -> tuple[wgpu.GPURenderPipeline, wgpu.GPUTexture]:
        if name not in self._drawn:
            form = _DRAWN[name][0]
            pipeline = self._gpu.screen_pipeline(
                self._gpu.shader("extract.wgsl"), f"{name}_fragment", [form], [self._stage_layout, self._layout]
            )
            self._drawn[name] = pipeline, self._gpu.texture(self._colour.size[:2], form, copy=True)
        return self._drawn[name]
