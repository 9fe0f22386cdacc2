"""One encoded track on disk: pictures as H.264, sound as AAC, each streamed to its own file, so that memory does not
grow with the film and the sound may come before, between or after the pictures."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Literal, cast

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from vitascope.media.errors import MediaError

Quality = Literal["draft", "standard", "master"]
# x264 preset and constant rate factor. At 1280x720 `standard` costs about 15 ms a frame on one core, with conversion.
QUALITIES: dict[Quality, tuple[str, str]] = {
    "draft": ("superfast", "24"),
    "standard": ("veryfast", "18"),
    "master": ("medium", "14"),
}
_ENCODER_THREADS = 2  # a fixed number: x264 is deterministic for a given number of threads
_BT709 = 1  # primaries, transfer and matrix code 1 in ITU-T H.273
_SOUND_BITS_PER_SECOND = 192_000
_SOUND_BLOCK = 48_000  # [samples] the longest piece handed to the encoder at once


class PictureTrack:
    """H.264 in yuv420p, BT.709 with limited range, a closed group of pictures each second."""

    def __init__(self, path: Path, *, size: tuple[int, int], fps: Fraction, quality: Quality) -> None:
        preset, rate_factor = QUALITIES[quality]
        self.path = path
        self.frame_count = 0
        self._size = size
        self._step = 1 / fps
        self._reformatter = VideoReformatter()
        self._container = av.open(str(path), "w", format="mp4", options=file_options(fps.numerator))
        second = max(1, round(fps))
        options = {
            "preset": preset,
            "crf": rate_factor,
            "x264-params": f"keyint={second}:min-keyint={second}:scenecut=0:open-gop=0:cpu-independent=1",
        }
        stream = self._container.add_stream("libx264", rate=fps, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.time_base = self._step
        context = stream.codec_context
        context.time_base = self._step
        context.thread_count = _ENCODER_THREADS
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = int(ColorRange.MPEG)
        self._stream = stream

    def write(self, rgb: NDArray[np.uint8]) -> None:
        """Encode one frame: sRGB codes uint8 (H, W, 3). Raises MediaError for another shape or type."""
        width, height = self._size
        if rgb.shape != (height, width, 3) or rgb.dtype != np.uint8:
            raise MediaError(
                f"A frame has shape {rgb.shape} and type {rgb.dtype}; this film needs ({height}, {width}, 3) and uint8."
            )
        source = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
        frame = self._reformatter.reformat(
            source,
            format="yuv420p",
            interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND,
            src_colorspace=Colorspace.ITU709,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        frame.pts = self.frame_count
        frame.time_base = self._step
        self._container.mux(self._stream.encode(frame))
        self.frame_count += 1

    @property
    def duration(self) -> Fraction:
        """Length so far [s]."""
        return self.frame_count * self._step

    def finish(self) -> None:
        """Encode what is still waiting and close the file."""
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def close(self) -> None:
        """Let go of the file, complete or not."""
        self._container.close()


class SoundTrack:
    """AAC stereo. Samples go straight to disk."""

    def __init__(self, path: Path, *, rate: int) -> None:
        self.path = path
        self.rate = rate
        self.sample_count = 0
        self._container = av.open(str(path), "w", format="mp4", options=file_options(rate))
        stream = self._container.add_stream("aac", rate=rate, layout="stereo")
        stream.bit_rate = _SOUND_BITS_PER_SECOND
        self._stream = cast(av.AudioStream, stream)

    def write(self, samples: NDArray[np.float32]) -> None:
        """Encode `samples`, float32 (N, 2), nominal range [-1, 1]; values outside are clipped. Raises MediaError."""
        if samples.ndim != 2 or samples.shape[1] != 2 or samples.dtype != np.float32:
            raise MediaError(
                f"Sound has shape {samples.shape} and type {samples.dtype}; a film needs (samples, 2) and float32."
            )
        for start in range(0, len(samples), _SOUND_BLOCK):
            block = samples[start : start + _SOUND_BLOCK]
            if not np.isfinite(block).all():
                raise MediaError("Sound holds a value that is not a number; every sample must be between -1 and 1.")
            planes = np.ascontiguousarray(np.clip(block, -1.0, 1.0).T)
            frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
            frame.sample_rate = self.rate
            frame.pts = self.sample_count
            frame.time_base = Fraction(1, self.rate)
            self._container.mux(self._stream.encode(frame))
            self.sample_count += len(block)

    def pad(self, duration: Fraction) -> None:
        """Add silence until the sound lasts `duration` [s]."""
        missing = round(duration * self.rate) - self.sample_count
        while missing > 0:
            block = min(missing, _SOUND_BLOCK)
            self.write(np.zeros((block, 2), np.float32))
            missing -= block

    def finish(self) -> None:
        """Encode what is still waiting and close the file."""
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def close(self) -> None:
        """Let go of the file, complete or not."""
        self._container.close()


def file_options(ticks: int) -> dict[str, str]:
    """Return options of a file whose lengths are whole numbers of 1 / `ticks` [s], with nothing of the moment in it.

    The usual 1000 ticks would cut a part off the last frame of a film at 30000/1001 frames a second.
    """
    return {"fflags": "+bitexact", "movie_timescale": str(ticks * max(1, -(-1000 // ticks)))}
