"""One track on disk: pictures joined from chunks, sound as AAC, each streamed to its own file, so that memory does not
grow with the film and the sound may come before, between or after the pictures."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from numpy.typing import NDArray

from vitascope.media.chunk import REORDER_DEPTH, EncodedChunk
from vitascope.media.errors import MediaError
from vitascope.media.format import file_options

_SOUND_BITS_PER_SECOND = 192_000
_SOUND_BLOCK = 48_000  # [samples] the longest piece handed to the encoder at once


class PictureTrack:
    """H.264 joined from chunks as they are: no packet is encoded again, only its times are moved."""

    def __init__(self, path: Path, *, size: tuple[int, int], fps: Fraction) -> None:
        self.path = path
        self.frame_count = 0
        self._size, self._fps = size, fps
        self._container = av.open(str(path), "w", format="mp4", options=file_options(fps.numerator))
        self._stream: av.VideoStream | None = None
        self._headers: bytes | None = None

    def write(self, chunk: EncodedChunk) -> None:
        """Add `chunk` at the end. Raises MediaError when it is of another size, rate or encoding."""
        if (chunk.size, chunk.fps) != (self._size, self._fps):
            raise MediaError(
                f"A chunk is {_format(chunk.size, chunk.fps)}; this film is {_format(self._size, self._fps)}. "
                "Encode it again for this film."
            )
        with chunk.opened() as (source, packets):
            template = source.streams.video[0]
            headers = template.codec_context.extradata
            if self._stream is None:
                self._stream, self._headers = self._container.add_stream_from_template(template), headers
            if headers != self._headers:
                raise MediaError(
                    f"A chunk of quality {chunk.quality!r} has other headers than those before it; encode all chunks of "
                    "a film with one quality and one version of the encoder."
                )
            tick = template.time_base or Fraction(1)
            frame_ticks = int(1 / (self._fps * tick))
            start = self.frame_count * frame_ticks
            for number, packet in enumerate(packets):
                # A short chunk holds fewer frames back than the others would, so every packet is decoded in its turn.
                packet.pts = start + (packet.pts or 0)
                packet.dts = start + (number - REORDER_DEPTH) * frame_ticks
                packet.duration = frame_ticks
                packet.time_base = tick
                packet.stream = self._stream
                self._container.mux(packet)
        self.frame_count += chunk.frame_count

    @property
    def duration(self) -> Fraction:
        """Length so far [s]."""
        return self.frame_count / self._fps

    def finish(self) -> None:
        """Close the file."""
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


def _format(size: tuple[int, int], fps: Fraction) -> str:
    return f"{size[0]}x{size[1]} at {fps} frames a second"
