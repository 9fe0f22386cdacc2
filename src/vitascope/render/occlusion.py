"""What reaches each point of sky and key light: occlusion, contacts and shadow maps at half size, smoothed along surfaces."""

from __future__ import annotations

import wgpu

from vitascope.render.gpu import LIGHT_FORMAT, Gpu
from vitascope.render.region import Region
from vitascope.render.screen import screen_pass

__all__ = ["OcclusionPass"]

_LOOKED_BESIDE, _SMOOTHED_OVER = 1, 2
"""Pixels beside its own that shade.wgsl and lamp_tiles.wgsl look at, and that the smoothing of occlusion.wgsl does."""


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
        self._half = half
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
        self,
        encoder: wgpu.GPUCommandEncoder,
        frame_group: wgpu.GPUBindGroup,
        stage_group: wgpu.GPUBindGroup,
        region: Region,
    ) -> None:
        """Draw what the light of `region` looks at for the geometry buffer as it is now; elsewhere distances are 0."""
        seen = region.coarse(2).grown(_LOOKED_BESIDE, self._half)
        for (target, pipeline, _), group, part in zip(
            self._steps, self._groups, (seen.grown(_SMOOTHED_OVER, self._half), seen), strict=True
        ):
            screen_pass(encoder, target, pipeline, [frame_group, stage_group, group, self._shadows], region=part)
