"""Reads films back: what a file holds, and its frames one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from vitascope.media.chunk import EncodedChunk
from vitascope.media.errors import MediaError

# What the decoder raises for a damaged file: its own errors, and missing or impossible values in its wrappers.
_DAMAGE = (FFmpegError, OSError, ValueError, AttributeError, LookupError, ArithmeticError, MemoryError)
_MATRICES = {1: Colorspace.ITU709, 5: Colorspace.ITU601, 6: Colorspace.ITU601, 9: Colorspace.BT2020}


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a film file says about itself. `sound_rate` and `sound_channels` are None in a silent film."""

    size: tuple[int, int]
    fps: Fraction
    duration: Fraction
    frame_count: int
    sound_rate: int | None
    sound_channels: int | None
    metadata: dict[str, str]


def probe(path: str | Path) -> Probe:
    """Return what the film at `path` holds, without decoding. Raises MediaError when it is not a film."""
    with open_film(Path(path)) as container:
        video = container.streams.video[0]
        rate = video.average_rate or video.guessed_rate or Fraction(0)
        if video.duration is not None and video.time_base is not None:
            duration = video.duration * video.time_base
        else:
            duration = Fraction(container.duration or 0, av.time_base)
        sound = container.streams.audio[0] if container.streams.audio else None
        return Probe(
            size=(video.width, video.height),
            fps=rate,
            duration=duration,
            frame_count=video.frames or round(duration * rate),
            sound_rate=sound.rate if sound else None,
            sound_channels=sound.channels if sound else None,
            metadata=dict(container.metadata),
        )


def read_frames(path: str | Path) -> Iterator[NDArray[np.uint8]]:
    """Yield the frames of the film at `path` in order of display, sRGB codes uint8 (H, W, 3). Raises MediaError."""
    for _, rgb in read_frames_at(path, None):
        yield rgb


def read_frames_at(
    path: str | Path, times: tuple[Fraction, ...] | None
) -> Iterator[tuple[Fraction, NDArray[np.uint8]]]:
    """Yield (time [s], frame uint8 (H, W, 3)) for the frame shown at each of `times`, or for all frames when None.

    Seeks, so a few times of a long film cost a few groups of pictures. Raises MediaError.
    """
    with open_film(Path(path)) as container:
        video = container.streams.video[0]
        video.codec_context.thread_count = 2
        reformatter = VideoReformatter()
        if times is None:
            for frame in container.decode(video):
                yield _time_of(frame), _to_rgb(frame, reformatter)
            return
        for time in times:
            container.seek(int(time / (video.time_base or Fraction(1, 1))), stream=video)
            shown = None
            for frame in container.decode(video):
                if shown is not None and _time_of(frame) > time:
                    break
                shown = frame
            if shown is not None:
                yield _time_of(shown), _to_rgb(shown, reformatter)


def read_frame(chunk: EncodedChunk, number: int = 0) -> NDArray[np.uint8]:
    """Decode a frame of a chunk, by its place from 0: uint8 (H, W, 3). Raises MediaError when the chunk is not whole."""
    with chunk.opened() as (container, packets):
        context = container.streams.video[0].codec_context
        decoded = (frame for packet in (*packets, None) for frame in context.decode(packet))
        for frame in islice(decoded, number, None):
            return _to_rgb(frame, VideoReformatter())
    raise MediaError("This stored piece of film holds no picture; remove it and draw it again.")


def _time_of(frame: av.VideoFrame) -> Fraction:
    return (frame.pts or 0) * (frame.time_base or Fraction(1))


def _to_rgb(frame: av.VideoFrame, reformatter: VideoReformatter) -> NDArray[np.uint8]:
    matrix = _MATRICES.get(int(frame.colorspace), Colorspace.ITU709)
    source_range = ColorRange.JPEG if int(frame.color_range) == ColorRange.JPEG else ColorRange.MPEG
    picture = reformatter.reformat(
        frame,
        format="rgb24",
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT,
        src_colorspace=matrix,
        dst_colorspace=matrix,
        src_color_range=source_range,
        dst_color_range=ColorRange.JPEG,
        threads=1,
    )
    return cast(NDArray[np.uint8], picture.to_ndarray())


@contextmanager
def open_film(path: Path) -> Iterator[InputContainer]:
    """The film at `path`, opened to be read. Raises MediaError for what is no film, and for damage that comes up later."""
    if not path.exists():
        raise MediaError(f"There is no such file: {path}")
    if path.is_dir():
        raise MediaError(f"This is a folder and not a film: {path}")
    try:
        with av.open(str(path), "r", metadata_errors="replace") as container:
            if not container.streams.video:
                raise MediaError(f"This file holds no pictures: {path}")
            yield container
    except MediaError:
        raise
    except _DAMAGE as error:
        raise MediaError(f"This file cannot be read as a film ({_reason(error)}): {path}") from error


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
