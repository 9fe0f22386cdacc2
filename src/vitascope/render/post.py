"""From light to the finished picture: motion blur, focus, bloom, tone curve and grade, smooth edges, grain."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import wgpu

from vitascope.render.frame import FrameState
from vitascope.render.gpu import LIGHT_FORMAT, Gpu
from vitascope.render.screen import screen_pass
from vitascope.render.shading import GeometryBuffer
from vitascope.render.styles import Grade, Style

__all__ = ["Post"]

_GATE_HEIGHT = 0.024
"""Metres; a 36 x 24 mm gate."""
_BLOOM_LEVELS = 5
_WIDEST_BLUR = 0.022
"""Radius of the largest blur circle as a fraction of the picture's height."""


class Post:
    """Everything after light. `encode` reads `light` and draws `final`."""

    def __init__(
        self,
        gpu: Gpu,
        buffer: GeometryBuffer,
        stage_layout: wgpu.GPUBindGroupLayout,
        light: wgpu.GPUTextureView,
        spare: wgpu.GPUTextureView,
        size: tuple[int, int],
        style: Style,
        grade: Grade,
        look: Mapping[str, float | str],
    ) -> None:
        self._gpu, self._drawn, self._style = gpu, buffer.size, style
        self._focus_amount = float(look.get("depth_of_field", 0.3)) * style.blur
        self._shutter = float(look.get("motion_blur", 0.5)) * min(style.blur, 1.0)
        self._stage_layout = stage_layout
        self._texture = gpu.texture(size, "rgba8unorm", copy=True)
        self.final = self._texture
        """The finished picture, rgba8unorm."""
        self._final_view = self._texture.create_view()
        self._optics = gpu.buffer(16, "uniform")
        self._grade = gpu.buffer(_grade_bytes(style, grade, look), "uniform")
        output = gpu.buffer(np.array([*size, 0, 0], np.float32), "uniform")
        self._sampler = gpu.sampler()
        self._light, self._spare = light, spare
        self._make_blur(buffer)
        self._make_bloom()
        self._make_finish(buffer, output, finer=buffer.size != size)

    def encode(
        self,
        encoder: wgpu.GPUCommandEncoder,
        frame_group: wgpu.GPUBindGroup,
        stage_group: wgpu.GPUBindGroup,
        state: FrameState,
        moves: bool,
    ) -> None:
        """Record all steps; `moves` says whether anything (camera included) differs from one frame before."""
        lens = state.snapshot.lens
        height = self._drawn[1] / 2
        focal = _GATE_HEIGHT / 2 / np.tan(lens.fov_y / 2)
        focus = max(lens.focus_distance, 0.2)
        infinity = focal**2 / (max(lens.f_number, 0.5) * max(focus - focal, 0.05)) / 2 / _GATE_HEIGHT * height
        strength = infinity * min(2.0 * self._focus_amount / 0.6, 3.0)
        sharp = strength < 0.6
        widest = min(max(strength, 0.01) * 3.0, _WIDEST_BLUR * 2 * height)
        optics = np.array([0.0 if sharp else strength, focus, widest, self._shutter], np.float32)
        self._gpu.queue.write_buffer(self._optics, 0, optics.tobytes())
        groups = [frame_group, stage_group]
        blurs = self._shutter > 0.01 and moves
        light = 1 if blurs else 0
        if blurs:
            screen_pass(encoder, self._spare, self._motion, [*groups, self._motion_group])
        screen_pass(encoder, self._half, self._halve, [*groups, self._halve_groups[light]])
        if not sharp:
            screen_pass(encoder, self._soft, self._focus, [*groups, self._focus_group])
        if self._style.bloom > 0:
            for target, pipeline, group, load in self._bloom_steps:
                screen_pass(encoder, target, pipeline, [frame_group, group], load=load)
        screen_pass(encoder, self._toned, self._finish(not sharp), [*groups, self._finish_groups[light]])
        screen_pass(encoder, self._final_view, self._smooth, [frame_group, self._smooth_group])

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

    def _make_finish(self, buffer: GeometryBuffer, output: wgpu.GPUBuffer, *, finer: bool) -> None:
        gpu = self._gpu
        self._toned = gpu.texture(self._drawn, "rgba8unorm").create_view()
        self._finish_layout = gpu.layout(
            "texture", "texture", "texture", "sampler", "utexel", "utexel", "depth", "uniform"
        )
        self._finish_groups = [
            gpu.bind(
                self._finish_layout, source, self._soft, self._bloom, self._sampler, buffer.where, buffer.what,
                buffer.depth, self._grade,
            )
            for source in (self._light, self._spare)
        ]  # fmt: skip
        self._finish_pipelines: dict[bool, wgpu.GPURenderPipeline] = {}
        layout = gpu.layout("texture", "sampler", "uniform", "uniform")
        module = gpu.shader("smooth.wgsl", {"FINER": finer, "LOOK_BLOCKS": self._style.blocks})
        self._smooth = gpu.screen_pipeline(module, "smooth_fragment", ["rgba8unorm"], [layout])
        self._smooth_group = gpu.bind(layout, self._toned, self._sampler, self._grade, output)

    def _finish(self, focus: bool) -> wgpu.GPURenderPipeline:
        if focus not in self._finish_pipelines:
            module = self._gpu.shader("finish.wgsl", {"FOCUS": focus, **self._style.constants()})
            self._finish_pipelines[focus] = self._gpu.screen_pipeline(
                module, "finish_fragment", ["rgba8unorm"], [self._stage_layout, self._finish_layout]
            )
        return self._finish_pipelines[focus]


def _grade_bytes(style: Style, grade: Grade, look: Mapping[str, float | str]) -> np.ndarray:
    grain = float(look.get("grain", 0.15)) * style.grain
    vignette = float(look.get("vignette", 0.5)) * style.vignette
    return np.array(
        [
            [*grade.gain, grade.saturation * style.saturation],
            [*grade.lift, grade.contrast * style.contrast],
            [*grade.tone, max(grade.mono, style.mono)],
            [max(grade.fade, style.fade), style.bloom, grain, vignette],
        ],
        np.float32,
    )
