"""Grading again: from a kept composed picture to colours, without a stage and without geometry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import wgpu

from vitascope.render.frame import FRAME_BYTES, finishing_uniform
from vitascope.render.gpu import LIGHT_FORMAT, Gpu
from vitascope.render.plates import PlateUpload
from vitascope.render.readback import Frame, Readback
from vitascope.render.sky import SKY_BYTES
from vitascope.render.styles import style_named
from vitascope.render.tone import Tone

__all__ = ["Grader"]


class Grader:
    """Finishes plates "composed" of one size and style with the grade, grain and vignette of `look`.

    Gives the bytes that a `Renderer` gives for the same stage with that look, where the plates are of its style, size,
    `fps`, `supersample` and adapter, and `seed` is the stage's.
    """

    def __init__(
        self,
        size: tuple[int, int],
        style: str,
        *,
        look: Mapping[str, float | str],
        fps: float,
        seed: int = 0,
        supersample: float = 1.0,
        adapter: str | None = None,
    ) -> None:
        self._style, self._fps, self._seed = style_named(style), float(fps), seed
        self._drawn = drawn = (round(size[0] * supersample), round(size[1] * supersample))
        self._gpu = gpu = Gpu(adapter)
        self._frame_buffer = gpu.buffer(FRAME_BYTES, "uniform")
        self._frame_group = gpu.bind(gpu.frame_layout, self._frame_buffer, gpu.buffer(SKY_BYTES, "uniform"))
        composed = gpu.texture(drawn, LIGHT_FORMAT, copy=True)
        self._upload = PlateUpload(gpu, composed, name="composed", channels=4 if self._style.ink > 0 else 3)
        self._tone = Tone(gpu, composed.create_view(), drawn=drawn, size=size, style=self._style, look=look)
        self._readback = Readback(gpu)

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the memory on the device."""
        self._gpu.close()

    def draw(self, t: float, plate: np.ndarray) -> Frame:
        """The picture of a plate (h, w, 3 or 4) uint16 that was drawn at `t` [s]."""
        return next(self.frames([(t, plate)]))

    def frames(self, plates: Iterable[tuple[float, np.ndarray]]) -> Iterator[Frame]:
        """The pictures of times [s] and plates in order; while one is drawn the next is uploaded."""
        drawing: int | None = None
        for number, (t, plate) in enumerate(plates):
            recorded = self._record(t, plate, number % 2)
            if drawing is None:
                self._gpu.queue.submit([recorded])
            else:
                self._readback.wait(drawing, ("colour",))
                self._gpu.queue.submit([recorded])
                yield self._fetch(drawing)
            drawing = number % 2
        if drawing is not None:
            yield self._fetch(drawing)

    def _record(self, t: float, plate: np.ndarray, place: int) -> wgpu.GPUCommandBuffer:
        """The commands that finish `plate`, which is queued before them."""
        self._upload.write(plate)
        gpu = self._gpu
        uniform = finishing_uniform(t, fps=self._fps, drawn=self._drawn, style_index=self._style.index, seed=self._seed)
        gpu.queue.write_buffer(self._frame_buffer, 0, uniform)
        encoder = gpu.device.create_command_encoder()
        self._tone.encode_tone(encoder, self._frame_group)
        self._tone.encode_smooth(encoder, self._frame_group)
        self._readback.copy(encoder, self._tone.final, "colour", place, 4)
        return encoder.finish()

    def _fetch(self, place: int) -> Frame:
        return Frame(colour=self._readback.fetch(place, "colour", np.uint8, 3))
