"""The pass of the water surface: waves, reflections, the bed seen through it, foam, rings of rain, and its underside."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import wgpu

from vitascope.render.clouds import style_index
from vitascope.render.frame import FrameState, Targets
from vitascope.render.geometry import GEOMETRY_FORMATS
from vitascope.render.gpu import DEPTH_FORMAT, LIGHT_FORMAT, Gpu
from vitascope.render.shading import GeometryBuffer
from vitascope.world.stage import Water
from vitascope.world.waves import WAVE_COUNT, waves_of

__all__ = ["WATER_BYTES", "WaterPass", "pack_water", "water_features"]

WATER_BYTES = (5 + 2 * WAVE_COUNT) * 16
"""Size of the struct `Water` in water.wgsl."""

_RINGS = 144
_SPOKES = 112
"""The grid is a fan round the camera, finer near it."""
_CALM = 0.08
"""Waves lower than this [m] mirror so clearly that reflections are drawn at half size instead of a quarter."""
_ROUGH = 2.5
"""Waves higher than this [m] mirror nothing that could be told."""
_MOVED_FORMAT = "rg16float"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pipelines:
    """What draws one kind of water; parts that it lacks are left out of the shaders."""

    mesh: wgpu.GPURenderPipeline
    mirror: wgpu.GPURenderPipeline
    light: wgpu.GPURenderPipeline


def water_features(water: Water, frame: FrameState) -> dict[str, int | float]:
    """The constants of water.wgsl: 1 for each part that the water shows at a moment, and uniforms that only switch."""
    air, lens = frame.snapshot.air, frame.snapshot.lens
    below = air.underwater or float(lens.world_from_camera[1, 3]) < water.level
    shown = {
        "WATER_BELOW": below,
        "WATER_RAIN": air.rain > 0.01 and not below,
        "WATER_FOAM": water.foam > 0.005 and not below,
        "WATER_SHORE": water.shore and not below,
        "WATER_MIRROR": water.wave_height < _ROUGH and not below,
    }
    sky = frame.snapshot.sky
    fixed = {"frame.misc.w": air.underwater, "sky.bodies.y": sky.airless, "sky.plain.w": sky.plain is not None}
    return {name: int(value) for name, value in shown.items()} | {name: float(value) for name, value in fixed.items()}


class WaterPass:
    """Draws `water` over `targets.light`; `depth` afterwards holds the reversed depth of its surface where it is seen, else 0."""

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
        self._constants = {"WATER_RINGS": _RINGS, "WATER_SPOKES": _SPOKES, "MIRROR_STRIDE": float(self._stride)}
        self._pipelines: dict[tuple[int | float, ...], _Pipelines] = {}
        self._pictures: dict[tuple[int, int], tuple[wgpu.GPUTextureView, ...]] = {}
        self.depth: wgpu.GPUTextureView | None = None

    def encode(self, encoder: wgpu.GPUCommandEncoder, targets: Targets, frame: FrameState) -> None:
        """Draw over `targets.light`, reading `targets.lit_copy` and `targets.depth`."""
        features = {**water_features(self._water, frame), "frame.style.x": style_index(frame)}
        pipelines = self._pipelines_for(features)
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
        mesh.set_pipeline(pipelines.mesh)
        mesh.set_bind_group(0, targets.frame_group)
        mesh.set_bind_group(1, scene)
        mesh.set_index_buffer(self._indices, "uint32")
        mesh.draw_indexed(self._index_count)
        mesh.end()
        if features["WATER_MIRROR"]:
            small = encoder.begin_render_pass(
                color_attachments=[{"view": mirror, "load_op": "clear", "store_op": "store"}]
            )
            self._draw(small, pipelines.mirror, targets, (scene,))
        # Tested against the surface's own depth, so that pixels without water cost nothing.
        light = encoder.begin_render_pass(
            color_attachments=[{"view": targets.light, "load_op": "load", "store_op": "store"}],
            depth_stencil_attachment={"view": self.depth, "depth_read_only": True},
        )
        self._draw(light, pipelines.light, targets, (scene, seen))

    def encode_surface(
        self, encoder: wgpu.GPUCommandEncoder, frame_group: wgpu.GPUBindGroup, buffer: GeometryBuffer
    ) -> None:
        """Put the surface into the geometry buffer wherever nothing is nearer; call after `encode`."""
        gpu = self._gpu
        assert self.depth is not None
        layouts = [gpu.layout("uniform"), gpu.layout("depth")]
        module = gpu.shader("water_surface.wgsl", {**self._constants, "WATER_BELOW": 0})
        pipeline = gpu.screen_pipeline(
            module, "water_surface_fragment", GEOMETRY_FORMATS, layouts, depth=(DEPTH_FORMAT, "greater", True)
        )
        merge = encoder.begin_render_pass(
            color_attachments=[
                {"view": view, "load_op": "load", "store_op": "store"} for view in (buffer.where, buffer.what)
            ],
            depth_stencil_attachment={"view": buffer.depth, "depth_load_op": "load", "depth_store_op": "store"},
        )
        merge.set_pipeline(pipeline)
        merge.set_bind_group(0, frame_group)
        merge.set_bind_group(1, gpu.bind(layouts[0], self._uniform))
        merge.set_bind_group(2, gpu.bind(layouts[1], self.depth))
        merge.draw(3)
        merge.end()

    @staticmethod
    def _draw(
        render_pass: wgpu.GPURenderPassEncoder,
        pipeline: wgpu.GPURenderPipeline,
        targets: Targets,
        groups: tuple[wgpu.GPUBindGroup, ...],
    ) -> None:
        render_pass.set_pipeline(pipeline)
        for index, group in enumerate((targets.frame_group, *groups)):
            render_pass.set_bind_group(index, group)
        render_pass.draw(3)
        render_pass.end()

    def _pipelines_for(self, features: dict[str, int | float]) -> _Pipelines:
        key = tuple(features.values())
        if key not in self._pipelines:
            gpu = self._gpu
            module = gpu.shader("water.wgsl", {**self._constants, **features})
            groups = [gpu.frame_layout, self._layout]
            mesh = gpu.pipeline(
                groups,
                vertex={"module": module, "entry_point": "water_vertex", "buffers": []},
                primitive={"topology": "triangle-list"},
                depth_stencil={"format": DEPTH_FORMAT, "depth_compare": "greater", "depth_write_enabled": True},
                fragment={"module": module, "entry_point": "water_moved", "targets": [{"format": _MOVED_FORMAT}]},
            )
            self._pipelines[key] = _Pipelines(
                mesh=mesh,
                mirror=gpu.screen_pipeline(module, "mirror_things", [LIGHT_FORMAT], groups[1:]),
                light=gpu.screen_pipeline(
                    module, "water_light", [LIGHT_FORMAT], [self._layout, self._seen_layout],
                    depth=(DEPTH_FORMAT, "less", False),
                ),
            )  # fmt: skip
        return self._pipelines[key]

    def _pictures_for(self, size: tuple[int, int]) -> tuple[wgpu.GPUTextureView, ...]:
        """Depth of the surface, how far its water was carried, and the small mirror, for a picture of `size`."""
        if size not in self._pictures:
            small = (-(-size[0] // self._stride), -(-size[1] // self._stride))
            sizes = ((size, DEPTH_FORMAT), (size, _MOVED_FORMAT), (small, LIGHT_FORMAT))
            self._pictures[size] = tuple(self._gpu.texture(side, kind, copy=True).create_view() for side, kind in sizes)
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
