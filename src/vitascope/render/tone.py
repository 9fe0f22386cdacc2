"""From the composed picture to colour: tone curve, grade, marks of the style, then smooth edges, vignette and grain.

Knows no stage and no geometry, so that a kept picture can be graded again.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import wgpu

from vitascope.render.gpu import Gpu
from vitascope.render.screen import screen_pass
from vitascope.render.styles import Grade, Style, grade_named

__all__ = ["Tone"]


class Tone:
    """The last two passes. `encode` reads `composed`, a picture of `drawn` pixels, and draws `final`, one of `size`."""

    def __init__(
        self,
        gpu: Gpu,
        composed: wgpu.GPUTextureView,
        *,
        drawn: tuple[int, int],
        size: tuple[int, int],
        style: Style,
        look: Mapping[str, float | str],
    ) -> None:
        self.final = gpu.texture(size, "rgba8unorm", copy=True)
        """The finished picture, rgba8unorm."""
        self._final_view = self.final.create_view()
        self._toned = gpu.texture(drawn, "rgba8unorm").create_view()
        grade = gpu.buffer(_grade_bytes(style, grade_named(str(look.get("grade") or "neutral")), look), "uniform")
        layout = gpu.layout("texel", "uniform")
        module = gpu.shader("tone.wgsl", style.constants())
        self._tone = gpu.screen_pipeline(module, "tone_fragment", ["rgba8unorm"], [layout])
        self._tone_group = gpu.bind(layout, composed, grade)
        layout = gpu.layout("texture", "sampler", "uniform", "uniform")
        module = gpu.shader("smooth.wgsl", {"FINER": drawn != size, "LOOK_BLOCKS": style.blocks})
        self._smooth = gpu.screen_pipeline(module, "smooth_fragment", ["rgba8unorm"], [layout])
        output = gpu.buffer(np.array([*size, 0, 0], np.float32), "uniform")
        self._smooth_group = gpu.bind(layout, self._toned, gpu.sampler(), grade, output)

    def encode_tone(self, encoder: wgpu.GPUCommandEncoder, frame_group: wgpu.GPUBindGroup) -> None:
        """Tone curve, grade and marks."""
        screen_pass(encoder, self._toned, self._tone, [frame_group, self._tone_group])

    def encode_smooth(self, encoder: wgpu.GPUCommandEncoder, frame_group: wgpu.GPUBindGroup) -> None:
        """Edges, vignette and grain, into `final`."""
        screen_pass(encoder, self._final_view, self._smooth, [frame_group, self._smooth_group])


def _grade_bytes(style: Style, grade: Grade, look: Mapping[str, float | str]) -> np.ndarray:
    """The uniform `Grade` of grade.wgsl."""
    grain = float(look.get("grain", 0.15)) * style.grain
    vignette = float(look.get("vignette", 0.5)) * style.vignette
    return np.array(
        [
            [*grade.gain, grade.saturation * style.saturation],
            [*grade.lift, grade.contrast * style.contrast],
            [*grade.tone, max(grade.mono, style.mono)],
            [max(grade.fade, style.fade), grain, vignette, 0.0],
        ],
        np.float32,
    )
