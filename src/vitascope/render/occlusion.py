"""What reaches each point of sky and key light: occlusion, contacts and shadow maps at half size, smoothed along surfaces."""

from __future__ import annotations

import wgpu

from vitascope.render.gpu import LIGHT_FORMAT, Gpu
from vitascope.render.screen import screen_pass

__all__ = ["OcclusionPass"]


class OcclusionPass:
    """Writes `view`: openness to the sky, openness to the key light, distance [m], openness to the first lamp."""

    def __init__(
        self,
        gpu: Gpu,
        size: tuple[int, int],
        stage_layout: wgpu.GPUBindGroupLayout,
        what: wgpu.GPUTextureView,
        depth: wgpu.GPUTextureView,
        shadows: tuple[wgpu.GPUBindGroupLayout, wgpu.GPUBindGroup],
        *,
        moving: bool,
        lamps: bool,
    ) -> None:
        half = ((size[0] + 1) // 2, (size[1] + 1) // 2)
        rough, smooth, blank = (gpu.texture(s, LIGHT_FORMAT).create_view() for s in (half, half, (1, 1)))
        layout = gpu.layout("utexel", "depth", "texel")
        module = gpu.shader("occlusion.wgsl", {"MOVING": moving, "LAMPS": lamps})
        self.view = smooth
        self._shadows = shadows[1]
        self._steps = [
            (
                rough,
                gpu.screen_pipeline(module, "occlusion_fragment", [LIGHT_FORMAT], [stage_layout, layout, shadows[0]]),
                blank,
            ),
            (
                smooth,
                gpu.screen_pipeline(module, "smooth_fragment", [LIGHT_FORMAT], [stage_layout, layout, shadows[0]]),
                rough,
            ),
        ]
        self._groups = [gpu.bind(layout, what, depth, source) for _, _, source in self._steps]

    def encode(
        self, encoder: wgpu.GPUCommandEncoder, frame_group: wgpu.GPUBindGroup, stage_group: wgpu.GPUBindGroup
    ) -> None:
        """Draw the picture for the geometry buffer as it is now."""
        for (target, pipeline, _), group in zip(self._steps, self._groups, strict=True):
            screen_pass(encoder, target, pipeline, [frame_group, stage_group, group, self._shadows])
