"""Still pictures and sheets of them."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vitascope import media


def test_a_png_comes_back_exactly_and_a_jpeg_nearly(tmp_path: Path) -> None:
    """PNG keeps every code; JPEG of a flat field is off by two at most; nothing else is left in the folder."""
    rows, columns = np.mgrid[0:90, 0:160]
    picture = np.stack([rows, columns, rows + columns], -1).astype(np.uint8)
    flat = np.full((90, 160, 3), (200, 90, 40), np.uint8)

    media.write_still(tmp_path / "a.png", picture)
    media.write_still(tmp_path / "b.jpg", flat)

    assert np.array_equal(np.asarray(Image.open(tmp_path / "a.png")), picture)
    assert np.abs(np.asarray(Image.open(tmp_path / "b.jpg")).astype(int) - flat).max() <= 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "b.jpg"]


def test_a_picture_of_another_kind_or_name_is_refused(tmp_path: Path) -> None:
    """Floating point pictures and foreign endings give one sentence."""
    with pytest.raises(media.MediaError, match="uint8"):
        media.write_still(tmp_path / "a.png", np.zeros((4, 4, 3)))  # type: ignore[arg-type]
    with pytest.raises(media.MediaError, match=r"use \.png"):
        media.write_still(tmp_path / "a.gif", np.zeros((4, 4, 3), np.uint8))


def test_a_poster_is_a_small_jpeg() -> None:
    """The longer side shrinks to what was asked for, the shape stays."""
    packed = media.encode_poster(np.zeros((720, 1280, 3), np.uint8), long_side=256)

    picture = Image.open(io.BytesIO(packed))
    assert (picture.format, picture.size) == ("JPEG", (256, 144))


def test_a_sheet_lays_frames_out_in_rows() -> None:
    """Five frames in three columns make two rows; each cell shows its own frame."""
    frames = [np.full((90, 160, 3), 40 * i + 20, np.uint8) for i in range(5)]

    sheet = media.contact_sheet(frames, 3, cell_width=80, gap=4, captions=["a", "b", "c", "d", "e"])

    assert sheet.shape == (2 * (45 + 20) + 3 * 4, 3 * 84 + 4, 3)
    assert [int(sheet[26, 4 + 84 * i + 40, 0]) for i in range(3)] == [20, 60, 100]
    assert int(sheet[4 + 65 + 4 + 22, 44, 0]) == 140
    with pytest.raises(media.MediaError, match="captions"):
        media.contact_sheet(frames, 3, captions=["a"])
