"""The visible label: where it stands, how high it is, and that it is found again."""

from pathlib import Path

import numpy as np
import pytest

from vitascope import media
from vitascope.provenance import Label

SIZES = [(1280, 720), (720, 1280), (128, 128), (1920, 1080)]


def grounds(size: tuple[int, int]) -> dict[str, np.ndarray]:
    """Pictures uint8 (H, W, 3) that are hard to write on."""
    width, height = size
    rows, columns = np.mgrid[0:height, 0:width]
    checks = ((columns // 14 + rows // 14) % 2 * 230 + 10)[..., None].repeat(3, 2)
    noise = np.random.default_rng(1).integers(0, 256, (height, width, 3))
    flat = {f"flat {code}": np.full((height, width, 3), code) for code in (0, 128, 255)}
    return {name: ground.astype(np.uint8) for name, ground in {"checks": checks, "noise": noise, **flat}.items()}


@pytest.mark.parametrize("size", SIZES)
def test_the_label_stands_top_right_and_touches_nothing_else(size: tuple[int, int]) -> None:
    """It lies within the upper fifth of the picture, in its right part, and every other pixel is untouched."""
    frame = np.full((size[1], size[0], 3), 90, np.uint8)

    labelled = Label(size).apply(frame)

    rows, columns = np.nonzero((labelled != frame).any(axis=2))
    assert (frame == 90).all()
    assert rows.min() >= 0.02 * min(size)
    assert rows.max() < 0.2 * size[1]
    assert columns.min() > 0.4 * size[0]
    assert columns.max() < size[0] - 0.02 * min(size)


def test_capitals_are_at_least_five_percent_of_the_short_side() -> None:
    """On black, the first letters are 5.5 % of the short side high, give or take a pixel."""
    labelled = Label((1280, 720)).apply(np.zeros((720, 1280, 3), np.uint8))

    rows, columns = np.nonzero(labelled[..., 0] > 110)
    capital_rows = rows[columns < columns.min() + 40]
    assert abs(np.ptp(capital_rows) + 1 - 0.055 * 720) <= 2


@pytest.mark.parametrize("size", SIZES)
def test_the_label_is_found_where_it_is_and_nowhere_else(size: tuple[int, int]) -> None:
    """On flat, noisy and chequered grounds the label is found, and without it nothing is."""
    label = Label(size)

    for name, ground in grounds(size).items():
        assert label.is_on([label.apply(ground)]), name
        assert not label.is_on([ground]), name


def test_the_label_survives_encoding(tmp_path: Path) -> None:
    """In a film of low quality with a moving ground the label is found, and not in the same film without it."""
    label, ground = Label((640, 360)), grounds((640, 360))["checks"]
    found = []
    for name, draw in (("with", label.apply), ("without", np.copy)):
        path = tmp_path / f"{name}.mp4"
        frames = [draw(np.roll(ground, 5 * i, axis=1)) for i in range(6)]
        with media.FilmWriter(path, size=(640, 360), fps=24, sound_rate=None) as film:
            for chunk in media.encode_chunks(frames, size=(640, 360), fps=24, quality="draft"):
                film.write_chunk(chunk)
        found.append(label.is_on(list(media.read_frames(path))))

    assert found == [True, False]


def test_the_same_size_gives_the_same_pixels() -> None:
    """Two labels of one size draw the same bytes."""
    frame = grounds((640, 360))["noise"]

    assert np.array_equal(Label((640, 360)).apply(frame), Label((640, 360)).apply(frame))
