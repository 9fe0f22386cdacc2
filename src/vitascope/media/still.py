"""Still pictures: written whole or not at all, packed small as a poster, or laid out on a sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from vitascope.media.destination import STILL_SUFFIXES, check_destination, publish, workplace
from vitascope.media.errors import MediaError, describe_write_failure

_JPEG_QUALITY = 92
_SMALL_QUALITY = 85


def write_still(path: str | Path, rgb: NDArray[np.uint8]) -> Path:
    """Write sRGB codes uint8 (H, W, 3) as PNG or JPEG, by the ending of `path`, in one step. Raises MediaError."""
    picture = _picture(rgb)
    target = check_destination(path, suffixes=STILL_SUFFIXES)
    with workplace(target) as folder:
        part = folder / f"still{target.suffix.lower()}"
        try:
            if target.suffix.lower() == ".png":
                picture.save(part, "PNG", compress_level=6)
            else:
                picture.save(part, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
        except OSError as error:
            raise describe_write_failure(error, target) from error
        return publish(part, target)


def read_still(path: str | Path) -> NDArray[np.uint8]:
    """Return the picture in the file at `path`, sRGB codes uint8 (H, W, 3). Raises MediaError."""
    try:
        with Image.open(path) as picture:
            return np.asarray(picture.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise MediaError(f"This file cannot be read as a picture: {path}") from error


def encode_poster(rgb: NDArray[np.uint8], *, long_side: int) -> bytes:
    """Return a JPEG of uint8 (H, W, 3), scaled down to at most `long_side` [px]."""
    return encode_still(scale_down(rgb, long_side=long_side), "JPEG")


def encode_still(rgb: NDArray[np.uint8], form: Literal["JPEG", "WEBP"]) -> bytes:
    """Return uint8 (H, W, 3) as a small file. Raises MediaError."""
    packed = io.BytesIO()
    _picture(rgb).save(packed, form, quality=_SMALL_QUALITY)
    return packed.getvalue()


def scale_down(rgb: NDArray[np.uint8], *, long_side: int) -> NDArray[np.uint8]:
    """Return uint8 (H, W, 3) with its long side at most `long_side` [px]. Raises MediaError."""
    picture = _picture(rgb)
    picture.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
    return np.asarray(picture)


def contact_sheet(
    frames: Sequence[NDArray[np.uint8]],
    columns: int,
    *,
    cell_width: int = 320,
    gap: int = 8,
    background: tuple[int, int, int] = (18, 18, 20),
    captions: Sequence[str] | None = None,
) -> NDArray[np.uint8]:
    """Return one picture uint8 (H, W, 3) with `frames` in rows of `columns`, each scaled to `cell_width` [px].

    Rows are as high as their highest frame. `captions`, one for each frame, stand below it. Raises MediaError.
    """
    if not frames or columns < 1:
        raise MediaError(
            f"A sheet of {len(frames)} frames in {columns} columns has no cells; give at least one of each."
        )
    if captions is not None and len(captions) != len(frames):
        raise MediaError(f"There are {len(captions)} captions for {len(frames)} frames; give one for each.")
    cells = [_scaled(_picture(frame), cell_width) for frame in frames]
    caption_height = 20 if captions is not None else 0
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    heights = [max(cell.height for cell in row) + caption_height for row in rows]
    column_count = min(columns, len(cells))
    sheet = Image.new(
        "RGB", (column_count * (cell_width + gap) + gap, sum(heights) + gap * (len(rows) + 1)), background
    )
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    top = gap
    for row_index, (row, height) in enumerate(zip(rows, heights, strict=True)):
        for column_index, cell in enumerate(row):
            left = gap + column_index * (cell_width + gap)
            sheet.paste(cell, (left, top))
            if captions is not None:
                words = captions[row_index * columns + column_index]
                pen.text((left + 2, top + cell.height + 3), words, font=font, fill=(200, 200, 200))
        top += height + gap
    return np.asarray(sheet)


def _picture(rgb: NDArray[np.uint8]) -> Image.Image:
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or 0 in rgb.shape:
        raise MediaError(
            f"A picture has shape {rgb.shape} and type {rgb.dtype}; it needs (height, width, 3) and uint8."
        )
    return Image.fromarray(np.ascontiguousarray(rgb))


def _scaled(picture: Image.Image, width: int) -> Image.Image:
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)
