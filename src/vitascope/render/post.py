"""What the lens makes of the lit picture: motion blur, focus, bloom; composed with the lines that a style draws in ink."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import wgpu

from vitascope.render.frame import FrameState
from vitascope.render.gpu import LIGHT_FORMAT, Gpu
from vitascope.render.screen import Step, screen_pass
from vitascope.render.shading import GeometryBuffer
from vitascope.render.styles import Style

__all__ = ["Post"]

_GATE_HEIGHT = 0.024
"""Metres; a 36 x 24 mm gate."""
_BLOOM_LEVELS = 5
_WIDEST_BLUR = 0.022
"""Radius of the largest blur circle as a fraction of the picture's height."""


class Post:
    """Everything between light and tone. The steps read `light` and the geometry buffer and draw `composed`."""

    def __init__(
        self,
        gpu: Gpu,
        buffer: GeometryBuffer,
        stage_layout: wgpu.GPUBindGroupLayout,
        light: wgpu.GPUTextureView,
        spare: wgpu.GPUTextureView,
        style: Style,
        look: Mapping[str, float | str],
    ) -> None:
        self._gpu, self._drawn, self._style = gpu, buffer.size, style
        self._focus_amount = float(look.get("depth_of_field", 0.3)) * style.blur
        self._shutter = float(look.get("motion_blur", 0.5)) * min(style.blur, 1.0)
        self._stage_layout = stage_layout
        self.composed = gpu.texture(buffer.size, LIGHT_FORMAT, copy=True)
        """Exposed radiance, rgba16float; alpha is 1 where there is ink."""
        self.composed_view = self.composed.create_view()
        self._optics = gpu.buffer(16, "uniform")
        self._sampler = gpu.sampler()
        self._light, self._spare = light, spare
        self._make_blur(buffer)
        self._make_bloom()
        self._make_compose(buffer)

    def steps(
        self, frame_group: wgpu.GPUBindGroup, stage_group: wgpu.GPUBindGroup, state: FrameState, moves: bool
    ) -> list[Step]:
        """The steps of a moment; `moves` says whether anything (camera included) differs from one frame before."""
        sharp = self._write_optics(state)
        groups = [frame_group, stage_group]
        blurs = self._shutter > 0.01 and moves
        light = 1 if blurs else 0
        steps: list[Step] = []
        if blurs:
            steps.append(("motion", lambda e: screen_pass(e, self._spare, self._motion, [*groups, self._motion_group])))
        if self._style.bloom > 0 or not sharp:
            halve = [*groups, self._halve_groups[light]]
            steps.append(("halve", lambda e: screen_pass(e, self._half, self._halve, halve)))
        if not sharp:
            steps.append(("focus", lambda e: screen_pass(e, self._soft, self._focus, [*groups, self._focus_group])))
        if self._style.bloom > 0:
            steps.append(("bloom", lambda e: self._encode_bloom(e, frame_group)))
        compose = [*groups, self._compose_groups[light]]
        steps.append(("compose", lambda e: screen_pass(e, self.composed_view, self._compose(not sharp), compose)))
        return steps

    def _write_optics(self, state: FrameState) -> bool:
        """Queue the uniform `Optics`; returns whether all is in focus."""
        lens = state.snapshot.lens
        height = self._drawn[1] / 2
        focal = _GATE_HEIGHT / 2 / np.tan(lens.fov_y / 2)
        focus = max(lens.focus_distance, 0.2)
        infinity = focal**2 / (max(lens.f_number, 0.5) * max(focus - focal, 0.05)) / 2 / _GATE_HEIGHT * height
        strength = infinity * min(2.0 * self._focus_amount / 0.6, 3.0)
        sharp = bool(strength < 0.6)
        widest = min(max(strength, 0.01) * 3.0, _WIDEST_BLUR * 2 * height)
        optics = np.array([0.0 if sharp else strength, focus, widest, self._shutter], np.float32)
        self._gpu.queue.write_buffer(self._optics, 0, optics.tobytes())
        return sharp

    def _encode_bloom(self, encoder: wgpu.GPUCommandEncoder, frame_group: wgpu.GPUBindGroup) -> None:
        for target, pipeline, group, load in self._bloom_steps:
            screen_pass(encoder, target, pipeline, [frame_group, group], load=load)

    def _make_blur(self, buffer: GeometryBuffer) -> None:
        gpu = self._gpu
        half = ((self._drawn[0] + 1) // 2, (self._drawn[1] + 1) // 2)
        self._half, self._soft = (gpu.texture(half, LIGHT_FORMAT).create_view() for _ in range(2))
        layout = gpu.layout("texture", "sampler", "depth", "utexel", "utexel", "uniform")
        module = gpu.shader("blur.wgsl")
        self._halve, self._focus, self._motion = (
            gpu.screen_pipeline(module, f"{name}_fragment", [LIGHT_FORMAT], [self._stage_layout, layout])
            for name in ("halve", "focus", "motion")
        )

        def group(source: wgpu.GPUTextureView) -> wgpu.GPUBindGroup:
            return gpu.bind(layout, source, self._sampler, buffer.depth, buffer.where, buffer.what, self._optics)

        self._halve_groups = [group(self._light), group(self._spare)]
        self._focus_group, self._motion_group = group(self._half), group(self._light)

    def _make_bloom(self) -> None:
        gpu = self._gpu
        layout, module = gpu.layout("texture", "sampler"), gpu.shader("bloom.wgsl")
        sizes = [(max(self._drawn[0] >> k, 1), max(self._drawn[1] >> k, 1)) for k in range(2, 2 + _BLOOM_LEVELS)]
        levels = [gpu.texture(size, LIGHT_FORMAT).create_view() for size in sizes]
        add = {"src_factor": "one", "dst_factor": "one", "operation": "add"}
        bright, down = (
            gpu.screen_pipeline(module, f"{name}_fragment", [LIGHT_FORMAT], [layout]) for name in ("bright", "down")
        )
        up = gpu.screen_pipeline(module, "up_fragment", [LIGHT_FORMAT], [layout], blend={"color": add, "alpha": add})
        sources = [gpu.bind(layout, view, self._sampler) for view in (self._half, *levels)]
        self._bloom_steps = [(levels[0], bright, sources[0], False)]
        self._bloom_steps += [(levels[k], down, sources[k], False) for k in range(1, _BLOOM_LEVELS)]
        self._bloom_steps += [(levels[k], up, sources[k + 2], True) for k in range(_BLOOM_LEVELS - 2, -1, -1)]
        self._bloom = levels[0]

    def _make_compose(self, buffer: GeometryBuffer) -> None:
        gpu = self._gpu
        self._compose_layout = gpu.layout("texture", "texture", "texture", "sampler", "utexel", "utexel", "depth")
        self._compose_groups = [
            gpu.bind(
                self._compose_layout, source, self._soft, self._bloom, self._sampler, buffer.where, buffer.what, buffer.depth
            )
            for source in (self._light, self._spare)
        ]  # fmt: skip
        self._compose_pipelines: dict[bool, wgpu.GPURenderPipeline] = {}

    def _compose(self, focus: bool) -> wgpu.GPURenderPipeline:
        if focus not in self._compose_pipelines:
            module = self._gpu.shader("compose.wgsl", {"FOCUS": focus, **self._style.constants()})
            self._compose_pipelines[focus] = self._gpu.screen_pipeline(
                module, "compose_fragment", [LIGHT_FORMAT], [self._stage_layout, self._compose_layout]
            )
        return self._compose_pipelines[focus]
