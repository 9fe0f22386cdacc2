"""The first frames of a chunk as something to look at while the rest is drawn: lighter, and never part of a film."""

from __future__ import annotations

import io
from fractions import Fraction
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.packet import Packet
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from vitascope.media.chunk import EncodedChunk, add_picture, frame_of
from vitascope.media.format import file_options

__all__ = ["OpeningEncoder"]

_THREADS = 1
_OPTIONS = {"preset": "ultrafast", "tune": "zerolatency", "crf": "23", "x264-params": "keyint=infinite:scenecut=0"}
"""Each frame can be decoded as soon as it is encoded: none waits for a later one."""


class OpeningEncoder:
    """A context manager: `write` frames, and `take` a chunk of all so far as often as wished. Touches no disk."""

    def __init__(self, *, size: tuple[int, int], fps: Fraction) -> None:
        """`size` is (width, height) [px], `fps` [frames/s], both as of the chunk."""
        self._size, self._fps = size, fps
        self._reformatter = VideoReformatter()
        self._file = av.open(io.BytesIO(), "w", format="mp4")
        self._stream = add_picture(self._file, size=size, fps=fps, options=dict(_OPTIONS), threads=_THREADS)
        self._file.start_encoding()
        self._packets: list[tuple[bytes, bool]] = []

    def write(self, rgb: NDArray[np.uint8]) -> None:
        """Encode the next frame: sRGB codes uint8 (H, W, 3)."""
        frame = frame_of(rgb, self._reformatter, size=self._size)
        frame.pts, frame.time_base = len(self._packets), 1 / self._fps
        for packet in self._stream.encode(frame):
            self._packets.append((bytes(packet), packet.is_keyframe))

    def take(self) -> EncodedChunk:
        """A chunk of the frames that were written, one at least."""
        out = io.BytesIO()
        with av.open(out, "w", format="mp4", options=file_options(self._fps.numerator)) as target:
            stream = target.add_stream_from_template(self._stream)
            stream.time_base = 1 / self._fps
            for number, (content, is_key) in enumerate(self._packets):
                packet = Packet(content)
                packet.pts = packet.dts = number
                packet.duration, packet.time_base = 1, 1 / self._fps
                packet.is_keyframe, packet.stream = is_key, stream
                target.mux(packet)
        return EncodedChunk(
            size=self._size, fps=self._fps, quality="draft", frame_count=len(self._packets), mp4=out.getvalue()
        )

    def close(self) -> None:
        """Let go of the encoder."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
