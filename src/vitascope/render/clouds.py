"""The pass of sky and clouds: clouds are marched in a picture of a fraction of the size, then laid over the dome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import wgpu

from vitascope.render.frame import FrameState, Targets
from vitascope.render.gpu import DEPTH_FORMAT, LIGHT_FORMAT, Gpu
from vitascope.render.region import Region
from vitascope.world.stage import Snapshot

__all__ = ["CloudPass", "sky_features", "style_index"]

_LINES = 190
"""Lines of the small picture that clouds are marched in, whatever the size of the large one."""

_LOOKED_BESIDE = 5
"""Pixels of the small picture beside its own that `compose` of sky_pass.wgsl looks at, bent by billows, and one to spare."""

_TILE = 64
"""Side of the noise tile, as in cloud_noise.wgsl."""

_OVER = {
    "color": {"src_factor": "one", "dst_factor": "one-minus-src-alpha", "operation": "add"},
    "alpha": {"src_factor": "zero", "dst_factor": "one", "operation": "add"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pipelines:
    """What draws one kind of sky; parts that it lacks are left out of the shaders."""

    march: wgpu.GPURenderPipeline
    compose: wgpu.GPURenderPipeline
    compose_below: wgpu.GPURenderPipeline


def sky_features(snapshot: Snapshot) -> dict[str, int | float]:
    """The constants of sky_pass.wgsl: 1 for each part that the sky of a moment shows, and uniforms that only switch."""
    sky = snapshot.sky
    roof = sky.plain is not None or snapshot.air.underwater
    clouds = not (roof or sky.airless)
    shown = {
        "SKY_STARS": not roof and sky.stars > 0.01,
        "SKY_AURORA": clouds and sky.aurora > 0.01,
        "SKY_MOON": clouds and sky.moon_visible > 0.01,
        "SKY_EARTH": not roof and sky.earth > 0.0,
        "SKY_DISC": not roof and sky.disc > 0.001,
        "CLOUD_VEILS": clouds and sky.cirrus > 0.01,
        "CLOUD_DECK": clouds and sky.overcast > 0.01,
        "CLOUD_HEAPS": clouds and sky.cloud_cover > 0.02 and sky.overcast < 0.9,
        "CLOUD_SEA": clouds and sky.sea_of_clouds is not None,
    }
    fixed = {"frame.misc.w": snapshot.air.underwater, "sky.bodies.y": sky.airless, "sky.plain.w": sky.plain is not None}
    return {name: int(value) for name, value in shown.items()} | {name: float(value) for name, value in fixed.items()}


def style_index(frame: FrameState) -> float:
    """The number of the style that a moment is drawn in: first of the last row of the uniform `Frame`."""
    return float(np.frombuffer(frame.uniform, np.float32)[-4])


class CloudPass:
    """Draws the sky and its clouds wherever depth is 0, and a sea of clouds over whatever stands in it."""

    def __init__(self, gpu: Gpu) -> None:
        self._gpu = gpu
        self._march_layout = gpu.layout("depth", "volume", "sampler")
        self._small_layout = gpu.layout("texture", "sampler")
        self._tile = gpu.shared_texture("billows", lambda: _bake_tile(gpu))
        self._repeat = gpu.device.create_sampler(
            mag_filter="linear", min_filter="linear", address_mode_u="repeat", address_mode_v="repeat",
            address_mode_w="repeat",
        )  # fmt: skip
        self._clamp = gpu.sampler()
        self._pipelines: dict[tuple[int | float, ...], _Pipelines] = {}
        self._small: dict[tuple[int, int], wgpu.GPUTextureView] = {}

    def encode(self, encoder: wgpu.GPUCommandEncoder, targets: Targets, frame: FrameState, region: Region) -> None:
        """Draw over `region` of `targets.light`."""
        stride = _stride(targets.size)
        marched = region.grown(_LOOKED_BESIDE * stride, targets.size).coarse(stride)
        features = {
            **sky_features(frame.snapshot), "CLOUD_STRIDE": float(stride), "frame.style.x": style_index(frame)
        }  # fmt: skip
        pipelines = self._pipelines_for(features)
        small = self._small_view(targets.size, stride)
        march_group = self._gpu.bind(self._march_layout, targets.depth, self._tile.create_view(), self._repeat)
        small_group = self._gpu.bind(self._small_layout, small, self._clamp)
        if any(features[name] for name in ("CLOUD_VEILS", "CLOUD_DECK", "CLOUD_HEAPS", "CLOUD_SEA")):
            march = encoder.begin_render_pass(
                color_attachments=[
                    {"view": small, "load_op": "clear", "store_op": "store", "clear_value": (0.0, 0.0, 0.0, 0.0)}
                ]
            )
            self._draw(march, pipelines.march, marched, (targets.frame_group, march_group))
        light = [{"view": targets.light, "load_op": "load", "store_op": "store"}]
        compose = encoder.begin_render_pass(
            color_attachments=light, depth_stencil_attachment={"view": targets.depth, "depth_read_only": True}
        )
        self._draw(compose, pipelines.compose, region, (targets.frame_group, march_group, small_group))
        if features["CLOUD_SEA"]:
            below = encoder.begin_render_pass(
                color_attachments=light, depth_stencil_attachment={"view": targets.depth, "depth_read_only": True}
            )
            self._draw(below, pipelines.compose_below, region, (targets.frame_group, march_group, small_group))

    def _pipelines_for(self, features: dict[str, int | float]) -> _Pipelines:
        key = tuple(features.values())
        if key not in self._pipelines:
            gpu = self._gpu
            module = gpu.shader("sky_pass.wgsl", features)
            groups = [self._march_layout, self._small_layout]
            self._pipelines[key] = _Pipelines(
                march=gpu.screen_pipeline(module, "march", [LIGHT_FORMAT], groups[:1]),
                compose=gpu.screen_pipeline(
                    module, "compose", [LIGHT_FORMAT], groups, depth=(DEPTH_FORMAT, "equal", False)
                ),
                compose_below=gpu.screen_pipeline(
                    module, "compose_below", [LIGHT_FORMAT], groups, blend=_OVER,
                    depth=(DEPTH_FORMAT, "greater", False), vertex="below_vertex",
                ),
            )  # fmt: skip
        return self._pipelines[key]

    @staticmethod
    def _draw(
        render_pass: wgpu.GPURenderPassEncoder,
        pipeline: wgpu.GPURenderPipeline,
        region: Region,
        groups: tuple[wgpu.GPUBindGroup, ...],
    ) -> None:
        render_pass.set_pipeline(pipeline)
        for index, group in enumerate(groups):
            render_pass.set_bind_group(index, group)
        render_pass.set_scissor_rect(*region)
        render_pass.draw(3)
        render_pass.end()

    def _small_view(self, size: tuple[int, int], stride: int) -> wgpu.GPUTextureView:
        if size not in self._small:
            small = (-(-size[0] // stride), -(-size[1] // stride))
            self._small[size] = self._gpu.texture(small, LIGHT_FORMAT).create_view()
        return self._small[size]


def _stride(size: tuple[int, int]) -> int:
    """Side in pixels of the square that one marched pixel stands for."""
    return max(2, min(6, round(min(size) / _LINES)))


def _bake_tile(gpu: Gpu) -> wgpu.GPUTexture:
    """The tile of billows (64, 64, 64), drawn once by cloud_noise.wgsl."""
    device = gpu.device
    tile = device.create_texture(
        size=(_TILE, _TILE, _TILE),
        dimension="3d",
        format="rgba8unorm",
        usage=wgpu.TextureUsage.STORAGE_BINDING | wgpu.TextureUsage.TEXTURE_BINDING,
    )
    pipeline = device.create_compute_pipeline(
        layout="auto", compute={"module": gpu.shader("cloud_noise.wgsl"), "entry_point": "bake"}
    )
    group = device.create_bind_group(
        layout=pipeline.get_bind_group_layout(0), entries=[{"binding": 0, "resource": tile.create_view()}]
    )
    encoder = device.create_command_encoder()
    compute = encoder.begin_compute_pass()
    compute.set_pipeline(pipeline)
    compute.set_bind_group(0, group)
    compute.dispatch_workgroups(_TILE // 4, _TILE // 4, _TILE // 4)
    compute.end()
    gpu.queue.submit([encoder.finish()])
    return tile
