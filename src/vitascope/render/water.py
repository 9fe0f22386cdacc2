"""The pass of the water surface: waves, reflections, the bed seen through it, foam, rings of rain, and its underside."""

from __future__ import annotations

import math

import numpy as np
import wgpu

from vitascope.render.frame import FrameState, Targets
from vitascope.render.gpu import DEPTH_FORMAT, LIGHT_FORMAT, Gpu
from vitascope.world.stage import Water
from vitascope.world.waves import WAVE_COUNT, waves_of

__all__ = ["WATER_BYTES", "WaterPass", "pack_water"]

WATER_BYTES = (5 + 2 * WAVE_COUNT) * 16
"""Size of the struct `Water` in water.wgsl."""

_RINGS = 112
_SPOKES = 104
"""The grid is a fan round the camera, finer near it."""
_CALM = 0.08
"""Waves lower than this [m] mirror so clearly that reflections are drawn at half size instead of a quarter."""
_MOVED_FORMAT = "rg16float"


class WaterPass:
    """Draws `water` over `targets.light`; `depth` afterwards holds the reversed depth of its surface, 0 elsewhere."""

    def __init__(self, gpu: Gpu, water: Water) -> None:
        self._gpu = gpu
        self._water = water
        self._stride = 2 if water.wave_height < _CALM else 4
        self._uniform = gpu.buffer(WATER_BYTES, "uniform")
        indices = _fan_indices()
        self._indices = gpu.buffer(indices, "index")
        self._index_count = indices.size
        self._layout = gpu.layout("uniform", "depth", "texture", "sampler")
        self._seen_layout = gpu.layout("depth", "texel", "texture")
        self._sampler = gpu.sampler()
        constants = {"WATER_RINGS": _RINGS, "WATER_SPOKES": _SPOKES, "MIRROR_STRIDE": float(self._stride)}
        module = gpu.shader("water.wgsl", constants)
        self._mesh_pipeline = gpu.device.create_render_pipeline(
            layout=gpu.device.create_pipeline_layout(bind_group_layouts=[gpu.frame_layout, self._layout]),
            vertex={"module": module, "entry_point": "water_vertex", "buffers": []},
            primitive={"topology": "triangle-list"},
            depth_stencil={"format": DEPTH_FORMAT, "depth_compare": "greater", "depth_write_enabled": True},
            fragment={"module": module, "entry_point": "water_moved", "targets": [{"format": _MOVED_FORMAT}]},
        )
        self._mirror_pipeline = gpu.screen_pipeline(module, "mirror_things", [LIGHT_FORMAT], [self._layout])
        self._light_pipeline = gpu.screen_pipeline(
            module, "water_light", [LIGHT_FORMAT], [self._layout, self._seen_layout]
        )
        self._pictures: dict[tuple[int, int], tuple[wgpu.GPUTextureView, ...]] = {}
        self.depth: wgpu.GPUTextureView | None = None

    def encode(self, encoder: wgpu.GPUCommandEncoder, targets: Targets, frame: FrameState) -> None:
        """Draw over `targets.light`, reading `targets.lit_copy` and `targets.depth`."""
        self.depth, moved, mirror = self._pictures_for(targets.size)
        self._gpu.queue.write_buffer(self._uniform, 0, pack_water(self._water, frame.snapshot.world_time))
        scene = self._gpu.bind(self._layout, self._uniform, targets.depth, targets.lit_copy, self._sampler)
        seen = self._gpu.bind(self._seen_layout, self.depth, moved, mirror)
        mesh = encoder.begin_render_pass(
            color_attachments=[{"view": moved, "load_op": "clear", "store_op": "store"}],
            depth_stencil_attachment={
                "view": self.depth, "depth_load_op": "clear", "depth_clear_value": 0.0, "depth_store_op": "store",
            },
        )  # fmt: skip
        mesh.set_pipeline(self._mesh_pipeline)
        mesh.set_bind_group(0, targets.frame_group)
        mesh.set_bind_group(1, scene)
        mesh.set_index_buffer(self._indices, "uint32")
        mesh.draw_indexed(self._index_count)
        mesh.end()
        steps = (
            (self._mirror_pipeline, mirror, "clear", (scene,)),
            (self._light_pipeline, targets.light, "load", (scene, seen)),
        )
        for pipeline, view, load, groups in steps:
            step = encoder.begin_render_pass(color_attachments=[{"view": view, "load_op": load, "store_op": "store"}])
            step.set_pipeline(pipeline)
            for index, group in enumerate((targets.frame_group, *groups)):
                step.set_bind_group(index, group)
            step.draw(3)
            step.end()

    def _pictures_for(self, size: tuple[int, int]) -> tuple[wgpu.GPUTextureView, ...]:
        """Depth of the surface, how far its water was carried, and the small mirror, for a picture of `size`."""
        if size not in self._pictures:
            small = (-(-size[0] // self._stride), -(-size[1] // self._stride))
            sizes = ((size, DEPTH_FORMAT), (size, _MOVED_FORMAT), (small, LIGHT_FORMAT))
            self._pictures[size] = tuple(self._gpu.texture(side, kind).create_view() for side, kind in sizes)
        return self._pictures[size]


def pack_water(water: Water, world_time: float) -> bytes:
    """The struct `Water` of water.wgsl: `WATER_BYTES` bytes. Waves are given with their angles at `world_time`."""
    waves = waves_of(water)
    angle = waves.phase - np.mod(waves.frequency * world_time, 2.0 * math.pi)
    headings = waves.heading * waves.number[:, None]
    rows = [
        (water.level, water.extent, *water.centre),
        (*water.deep, water.clarity),
        (*water.shallow, water.foam),
        (water.wave_height, water.wave_length, waves.steepness, float(water.shore)),
        (water.flow[0] * world_time, water.flow[1] * world_time, *water.flow),
        *((*h, a, p) for h, a, p in zip(headings, waves.amplitude, angle, strict=True)),
        *((k, 2.0 * math.pi / k, 0.0, 0.0) for k in waves.number),
    ]
    return np.array(rows, np.float32).tobytes()


def _fan_indices() -> np.ndarray:
    """Triangles (6 * rings * spokes,) uint32 of a grid of vertices numbered ring by ring."""
    number = np.arange(_RINGS * _SPOKES, dtype=np.uint32).reshape(_RINGS, _SPOKES)
    a, b, c, d = number[:-1, :-1], number[:-1, 1:], number[1:, :-1], number[1:, 1:]
    return np.stack([a, c, b, b, c, d], axis=-1).reshape(-1)
