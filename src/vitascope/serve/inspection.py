"""Looks into an uploaded file, as a process of its own with little memory and time: `python -m vitascope.serve.inspection`.

Prints one line of JSON: what the file is, or {"fault": code, "message": sentence}. Whoever started it may kill it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

MEMORY, PROCESSOR_SECONDS, OPEN_FILES = 2 * 1024**3, 20, 64
PICTURES = {"PNG": ("image/png", "png"), "JPEG": ("image/jpeg", "jpg"), "WEBP": ("image/webp", "webp")}
LARGEST_FRAME = 4096 * 2160


class Refused(Exception):
    """What is not let in: a code and a sentence."""


def main(arguments: list[str]) -> None:
    """Inspect `kind` ("picture" or "film") at a path; the third argument is the most pixels or seconds."""
    kind, path, most = arguments
    _confine()
    try:
        found = _picture(Path(path), int(most)) if kind == "picture" else _film(Path(path), float(most))
    except Refused as refused:
        found = {"fault": refused.args[0], "message": refused.args[1]}
    except MemoryError:
        found = {
            "fault": "file_too_complex",
            "message": f"The {kind} needs too much memory to look into; send a smaller one.",
        }
    print(json.dumps(found))


def _confine() -> None:
    """Bound memory, time and files of this process, where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _picture(path: Path, most_pixels: int) -> dict[str, Any]:
    """Size by the header first, then every pixel, so that what is handed on is whole."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # our own limit holds, and before anything is decoded
    try:
        with Image.open(path, formats=tuple(PICTURES)) as picture:
            width, height = picture.size
            if width * height > most_pixels:
                raise Refused(
                    "picture_too_large",
                    f"The picture has {width}x{height} pixels; at most {most_pixels / 1e6:g} megapixels are taken.",
                )
            if getattr(picture, "n_frames", 1) > 1:
                raise Refused("unsupported_picture", "The picture moves; send one that stands still.")
            media_type, suffix = PICTURES[str(picture.format)]
            picture.load()
    except (OSError, ValueError, SyntaxError, OverflowError, EOFError):
        raise Refused("invalid_picture", "The picture is damaged; send a whole PNG, JPEG or WebP.") from None
    return {"media_type": media_type, "suffix": suffix, "width": width, "height": height}


def _film(path: Path, most_seconds: float) -> dict[str, Any]:
    """Length and size by the header first, then the first frame; and which film document it says it was made of."""
    from vitascope.media import MediaError, probe, read_frames
    from vitascope.provenance.tags import read_film_digest

    try:
        found = probe(path)
        width, height = found.size
        if float(found.duration) > most_seconds:
            raise Refused(
                "film_too_long",
                f"The film is {float(found.duration):.0f} s long; at most {most_seconds:g} s are taken.",
            )
        if width * height > LARGEST_FRAME:
            raise Refused("film_too_large", f"The film has {width}x{height} pixels; at most 4096x2160 are taken.")
        next(iter(read_frames(path)))
    except (MediaError, StopIteration):
        raise Refused("invalid_film", "The film is damaged; send a whole MP4.") from None
    return {"media_type": "video/mp4", "seconds": float(found.duration), "width": width, "height": height,
            "film_sha256": read_film_digest(path)}  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
