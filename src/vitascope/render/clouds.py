"""The pass of sky and clouds: clouds are marched in a picture of a fraction of the size, then laid over the dome."""

from __future__ import annotations

import wgpu

from vitascope.render.frame import FrameState, Targets
from vitascope.render.gpu import DEPTH_FORMAT, LIGHT_FORMAT, Gpu

__all__ = ["CLOUD_STRIDE", "CloudPass"]

CLOUD_STRIDE = 4
"""Side in pixels of the square that one marched pixel stands for."""

_TILE = 64
"""Side of the noise tile, as in cloud_noise.wgsl."""

_OVER = {
    "color": {"src_factor": "one", "dst_factor": "one-minus-src-alpha", "operation": "add"},
    "alpha": {"src_factor": "zero", "dst_factor": "one", "operation": "add"},
}


class CloudPass:
    """Draws the sky and its clouds wherever depth is 0, and a sea of clouds over whatever stands in it."""

    def __init__(self, gpu: Gpu) -> None:
        self._gpu = gpu
        device = gpu.device
        module = gpu.shader("sky_pass.wgsl", {"CLOUD_STRIDE": float(CLOUD_STRIDE)})
        self._march_layout = _march_layout(device)
        self._small_layout = gpu.layout("texture", "sampler")
        self._tile = _bake_tile(gpu)
        self._repeat = device.create_sampler(
            mag_filter="linear", min_filter="linear", address_mode_u="repeat", address_mode_v="repeat",
            address_mode_w="repeat",
        )  # fmt: skip
        self._clamp = gpu.sampler()
        groups = [self._march_layout, self._small_layout]
        self._march = gpu.screen_pipeline(module, "march", [LIGHT_FORMAT], [self._march_layout])
        self._compose = gpu.screen_pipeline(
            module, "compose", [LIGHT_FORMAT], groups, depth=(DEPTH_FORMAT, "equal", False)
        )
        self._compose_below = gpu.screen_pipeline(module, "compose_below", [LIGHT_FORMAT], groups, blend=_OVER)
        self._small: dict[tuple[int, int], wgpu.GPUTextureView] = {}

    def encode(self, encoder: wgpu.GPUCommandEncoder, targets: Targets, frame: FrameState) -> None:
        """Draw over `targets.light`."""
        small = self._small_view(targets.size)
        march_group = self._gpu.bind(self._march_layout, targets.depth, self._tile.create_view(), self._repeat)
        small_group = self._gpu.bind(self._small_layout, small, self._clamp)
        march = encoder.begin_render_pass(
            color_attachments=[
                {"view": small, "load_op": "clear", "store_op": "store", "clear_value": (0.0, 0.0, 0.0, 0.0)}
            ]
        )
        march.set_pipeline(self._march)
        march.set_bind_group(0, targets.frame_group)
        march.set_bind_group(1, march_group)
        march.draw(3)
        march.end()
        light = [{"view": targets.light, "load_op": "load", "store_op": "store"}]
        compose = encoder.begin_render_pass(
            color_attachments=light, depth_stencil_attachment={"view": targets.depth, "depth_read_only": True}
        )
        self._draw(compose, self._compose, targets, march_group, small_group)
        if frame.snapshot.sky.sea_of_clouds is not None:
            below = encoder.begin_render_pass(color_attachments=light)
            self._draw(below, self._compose_below, targets, march_group, small_group)

    @staticmethod
    def _draw(
        render_pass: wgpu.GPURenderPassEncoder,
        pipeline: wgpu.GPURenderPipeline,
        targets: Targets,
        march_group: wgpu.GPUBindGroup,
        small_group: wgpu.GPUBindGroup,
    ) -> None:
        render_pass.set_pipeline(pipeline)
        for index, group in enumerate((targets.frame_group, march_group, small_group)):
            render_pass.set_bind_group(index, group)
        render_pass.draw(3)
        render_pass.end()

    def _small_view(self, size: tuple[int, int]) -> wgpu.GPUTextureView:
        if size not in self._small:
            width, height = (-(-side // CLOUD_STRIDE) for side in size)
            self._small[size] = self._gpu.texture((width, height), LIGHT_FORMAT).create_view()
        return self._small[size]


def _march_layout(device: wgpu.GPUDevice) -> wgpu.GPUBindGroupLayout:
    fragment = wgpu.ShaderStage.FRAGMENT
    return device.create_bind_group_layout(
        entries=[
            {"binding": 0, "visibility": fragment, "texture": {"sample_type": "depth"}},
            {"binding": 1, "visibility": fragment, "texture": {"sample_type": "float", "view_dimension": "3d"}},
            {"binding": 2, "visibility": fragment, "sampler": {"type": "filtering"}},
        ]
    )


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
