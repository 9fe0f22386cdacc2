"""About a second of pictures as H.264 that depends on nothing outside: encoded once, kept as bytes, joined as it is."""

from __future__ import annotations

import hashlib
import io
import json
import struct
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video import VideoStream
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from vitascope.media.errors import MediaError
from vitascope.media.format import QUALITIES, Quality, check_picture, check_quality, file_options

_ENCODER_THREADS = 2  # a fixed number: x264 is deterministic for a given number of threads
_BT709 = 1  # primaries, transfer and matrix code 1 in ITU-T H.273
REORDER_DEPTH = 2
"""Frames that a decoder may have to hold back: with a pyramid of B-frames, two."""
# One key frame, at the start. Headers that do not depend on the content, so that chunks can stand behind each other. A
# key frame costs little more than its neighbours (`ipratio`; 1.4 is usual), or each start would flash into sharpness.
_X264 = "keyint=infinite:scenecut=0:open-gop=0:bframes=3:b-pyramid=normal:stitchable=1:ipratio=1.2:cpu-independent=1"

_MAGIC = b"vitascope chunk 1\n"
_HEADER_LENGTH = struct.Struct(">I")
_DIGEST = hashlib.sha256
_DIGEST_SIZE = 32
_DAMAGED = "This stored piece of film is damaged; remove it and draw it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedChunk:
    """A closed group of pictures. The first frame is a key frame; times are counted from it."""

    size: tuple[int, int]
    fps: Fraction
    quality: Quality
    frame_count: int
    mp4: bytes
    """The packets in a small MP4 file of their own, without sound."""

    @property
    def duration(self) -> Fraction:
        """Length [s]."""
        return self.frame_count / self.fps

    def to_bytes(self) -> bytes:
        """Return everything as bytes that `from_bytes` reads; equal chunks give equal bytes."""
        facts = {"size": self.size, "fps": str(self.fps), "quality": self.quality, "frame_count": self.frame_count}
        header = json.dumps(facts, sort_keys=True).encode()
        content = b"".join((_MAGIC, _HEADER_LENGTH.pack(len(header)), header, self.mp4))
        return content + _DIGEST(content).digest()

    @classmethod
    def from_bytes(cls, stored: bytes) -> EncodedChunk:
        """Return the chunk that gave these bytes. Raises MediaError when one of them is not as it was."""
        content, digest = stored[:-_DIGEST_SIZE], stored[-_DIGEST_SIZE:]
        if not content.startswith(_MAGIC) or _DIGEST(content).digest() != digest:
            raise MediaError(_DAMAGED)
        start = len(_MAGIC) + _HEADER_LENGTH.size
        (length,) = _HEADER_LENGTH.unpack(content[len(_MAGIC) : start])
        facts = json.loads(content[start : start + length])
        width, height = facts["size"]
        return cls(
            size=(width, height),
            fps=Fraction(facts["fps"]),
            quality=facts["quality"],
            frame_count=facts["frame_count"],
            mp4=content[start + length :],
        )

    @contextmanager
    def opened(self) -> Iterator[tuple[InputContainer, list[Packet]]]:
        """Yield the container and its packets in order of decoding. Raises MediaError when it is not whole."""
        with ExitStack() as stack:
            try:
                container = stack.enter_context(av.open(io.BytesIO(self.mp4), "r"))
                packets = [packet for packet in container.demux(video=0) if packet.pts is not None]
            except (FFmpegError, LookupError) as error:
                raise MediaError(_DAMAGED) from error
            if len(packets) != self.frame_count or not packets[0].is_keyframe:
                raise MediaError(_DAMAGED)
            yield container, packets


class ChunkEncoder:
    """A context manager that encodes one chunk: yuv420p, BT.709 with limited range. Touches no disk.

    The same frames give the same bytes. Raises MediaError for a size, rate, quality or frame that cannot be encoded.
    """

    def __init__(self, *, size: tuple[int, int], fps: Fraction | int, quality: Quality = "standard") -> None:
        """`size` is (width, height) [px], `fps` [frames/s]."""
        check_picture(size, Fraction(fps))
        check_quality(quality)
        self.frame_count = 0
        self._size, self._fps = size, Fraction(fps)
        self._quality: Quality = quality
        self._reformatter = VideoReformatter()
        self._file = io.BytesIO()
        self._container = av.open(self._file, "w", format="mp4", options=file_options(self._fps.numerator))
        preset, rate_factor = QUALITIES[quality]
        options = {"preset": preset, "crf": rate_factor, "x264-params": _X264}
        self._stream = add_picture(self._container, size=size, fps=self._fps, options=options, threads=_ENCODER_THREADS)

    def write(self, rgb: NDArray[np.uint8]) -> None:
        """Encode the next frame: sRGB codes uint8 (H, W, 3). Raises MediaError for another shape or type."""
        frame = frame_of(rgb, self._reformatter, size=self._size)
        frame.pts, frame.time_base = self.frame_count, 1 / self._fps
        self._container.mux(self._stream.encode(frame))
        self.frame_count += 1

    def finish(self) -> EncodedChunk:
        """Encode what is still waiting and return the chunk. Raises MediaError when there was no frame."""
        if not self.frame_count:
            raise MediaError("A chunk of film has no frame; write at least one before it is finished.")
        self._container.mux(self._stream.encode(None))
        self._container.close()
        return EncodedChunk(
            size=self._size,
            fps=self._fps,
            quality=self._quality,
            frame_count=self.frame_count,
            mp4=self._file.getvalue(),
        )

    def close(self) -> None:
        """Let go of the encoder. Safe to call twice."""
        self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def add_picture(
    container: OutputContainer, *, size: tuple[int, int], fps: Fraction, options: dict[str, str], threads: int
) -> VideoStream:
    """Add a stream to a file that is being written: H.264 by x264 with `options`, yuv420p, BT.709 with limited range."""
    stream = container.add_stream("libx264", rate=fps, options=options)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.time_base = 1 / fps
    context = stream.codec_context
    context.time_base = 1 / fps
    context.thread_count = threads
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = int(ColorRange.MPEG)
    return stream


def frame_of(rgb: NDArray[np.uint8], reformatter: VideoReformatter, *, size: tuple[int, int]) -> av.VideoFrame:
    """Return what such a stream encodes, of sRGB codes uint8 (H, W, 3). Raises MediaError for another shape or type."""
    width, height = size
    if rgb.shape != (height, width, 3) or rgb.dtype != np.uint8:
        raise MediaError(
            f"A frame has shape {rgb.shape} and type {rgb.dtype}; this film needs ({height}, {width}, 3) and uint8."
        )
    return reformatter.reformat(
        av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24"),
        format="yuv420p",
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND,
        src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
        threads=1,
    )


def chunk_length(fps: Fraction | int) -> int:
    """Return how many frames make a chunk of about one second."""
    return max(1, round(Fraction(fps)))


def encode_chunks(
    frames: Iterable[NDArray[np.uint8]], *, size: tuple[int, int], fps: Fraction | int, quality: Quality = "standard"
) -> Iterator[EncodedChunk]:
    """Yield `frames`, sRGB codes uint8 (H, W, 3), as chunks of `chunk_length`, the last as short as it comes.

    Holds no more than one chunk. Raises MediaError.
    """
    length = chunk_length(fps)
    for _, group in groupby(enumerate(frames), lambda numbered: numbered[0] // length):
        with ChunkEncoder(size=size, fps=fps, quality=quality) as encoder:
            for _, frame in group:
                encoder.write(frame)
            yield encoder.finish()
