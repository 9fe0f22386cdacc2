"""Picture sizes by name or as WIDTHxHEIGHT, with a clear sentence for what is not allowed."""

from __future__ import annotations

import re

from pydantic import ValidationError

from vitascope.film.document import Size

__all__ = ["SIZES", "SizeError", "size_named"]

SIZES = {
    "360p": (640, 360), "480p": (854, 480), "720p": (1280, 720), "1080p": (1920, 1080), "1440p": (2560, 1440),
    "4k": (3840, 2160), "uhd": (3840, 2160), "dci": (4096, 2160), "square": (1080, 1080), "portrait": (1080, 1920),
    "vertical": (1080, 1920), "landscape": (1920, 1080), "cinema": (1920, 804),
}  # fmt: skip


class SizeError(ValueError):
    """A picture size that is not allowed; the text says what is."""


def size_named(text: str) -> Size:
    """The size called `text` ("720p", "portrait") or written as "1280x720". Raises SizeError."""
    known = SIZES.get(text.strip().lower())
    written = re.fullmatch(r"\s*(\d+)\s*[x×*]\s*(\d+)\s*", text.lower())
    if known is None and written is None:
        raise SizeError(f"{text!r} is not a size; give WIDTHxHEIGHT such as 1280x720, or one of {', '.join(SIZES)}.")
    width, height = known or (int(written[1]), int(written[2]))  # type: ignore[index]
    try:
        return Size(width=width, height=height)
    except ValidationError:
        raise SizeError(
            f"The size {width}x{height} is not allowed; both sides must be even, from 128x128 to 4096x2160 in either orientation."
        ) from None
