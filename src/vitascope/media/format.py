"""What a film of ours may be: sizes, rates, qualities, and the options of every MP4 that is written."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from vitascope.media.errors import MediaError

SIDE_MIN = 128
LONG_SIDE_MAX = 4096
SHORT_SIDE_MAX = 2160
FPS_RANGE = (24, 120)

Quality = Literal["draft", "standard", "master"]
# x264 preset and constant rate factor. At 1280x720 `standard` costs about 15 ms a frame on one core, with conversion.
QUALITIES: dict[Quality, tuple[str, str]] = {
    "draft": ("superfast", "24"),
    "standard": ("veryfast", "18"),
    "master": ("medium", "14"),
}


def check_picture(size: tuple[int, int], fps: Fraction) -> None:
    """Raise MediaError unless a film can be `size` (width, height) [px] at `fps` [frames/s]."""
    width, height = size
    if width % 2 or height % 2:
        raise MediaError(f"The size is {width}x{height}; both sides must be even.")
    if min(size) < SIDE_MIN or max(size) > LONG_SIDE_MAX or min(size) > SHORT_SIDE_MAX:
        raise MediaError(
            f"The size is {width}x{height}; sides go from {SIDE_MIN} to {LONG_SIDE_MAX} by {SHORT_SIDE_MAX}, "
            "lying or standing."
        )
    if not FPS_RANGE[0] <= fps <= FPS_RANGE[1]:
        raise MediaError(f"The frame rate is {float(fps):g}; choose one from {FPS_RANGE[0]} to {FPS_RANGE[1]}.")


def check_quality(quality: str) -> None:
    """Raise MediaError unless `quality` is one of `QUALITIES`."""
    if quality not in QUALITIES:
        raise MediaError(f"The quality is {quality!r}; choose {', '.join(QUALITIES)}.")


def file_options(ticks: int) -> dict[str, str]:
    """Return options of a file whose lengths are whole numbers of 1 / `ticks` [s], with nothing of the moment in it.

    The usual 1000 ticks would cut a part off the last frame of a film at 30000/1001 frames a second.
    """
    return {"fflags": "+bitexact", "movie_timescale": str(ticks * max(1, -(-1000 // ticks)))}
