"""Films as files: what goes in comes out, in colour, length and bytes."""

import struct
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from vitascope import media

WHITE, RED, GREEN, BLUE, SKIN, GREY = (
    (255, 255, 255),
    (255, 0, 0),
    (0, 255, 0),
    (0, 0, 255),
    (230, 180, 160),
    (96, 96, 96),
)


def moving_frames(count: int, size: tuple[int, int]) -> list[np.ndarray]:
    width, height = size
    rows, columns = np.mgrid[0:height, 0:width]
    return [
        np.stack([(columns * 3 + 5 * i) % 256, (rows * 2) % 256, (rows + columns + 9 * i) % 256], -1).astype(np.uint8)
        for i in range(count)
    ]


def write_frames(film: media.FilmWriter, frames: list[np.ndarray], fps: Fraction | int = 24) -> None:
    height, width, _ = frames[0].shape
    for chunk in media.encode_chunks(frames, size=(width, height), fps=fps, quality="draft"):
        film.write_chunk(chunk)


def tone(sample_count: int) -> np.ndarray:
    wave = 0.3 * np.sin(2 * np.pi * 440 * np.arange(sample_count) / 48_000)
    return np.stack([wave, wave], 1).astype(np.float32)


def bt709_codes(rgb: tuple[int, int, int]) -> tuple[float, float, float]:
    """8-bit Y'CbCr of limited range, ITU-R BT.709-6 items 3.2 to 3.4."""
    red, green, blue = (code / 255 for code in rgb)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748


@pytest.mark.parametrize(
    ("size", "fps"),
    [((128, 128), Fraction(24)), ((180, 320), Fraction(30_000, 1001)), ((256, 144), Fraction(120))],
)
def test_a_film_says_what_was_put_into_it(tmp_path: Path, size: tuple[int, int], fps: Fraction) -> None:
    """Size, rate, length, sound and tags of a finished film are those that were given."""
    with media.FilmWriter(tmp_path / "a.mp4", size=size, fps=fps, metadata={"title": "Tide"}) as film:
        write_frames(film, moving_frames(15, size), fps)
        film.write_sound(tone(round(15 / fps * 48_000)))

    found = media.probe(tmp_path / "a.mp4")

    assert (found.size, found.fps, found.frame_count) == (size, fps, 15)
    assert found.duration == 15 / fps
    assert (found.sound_rate, found.sound_channels, found.metadata["title"]) == (48_000, 2, "Tide")
    assert len(list(media.read_frames(tmp_path / "a.mp4"))) == 15


def test_colours_follow_bt709_with_limited_range(tmp_path: Path) -> None:
    """Flat fields are stored as the codes that the recommendation's formulas give, within two codes."""
    colours = (WHITE, RED, GREEN, BLUE, SKIN, GREY)
    bars = np.repeat(np.array(colours, np.uint8)[None], 128, 0).repeat(64, 1)
    with media.FilmWriter(tmp_path / "bars.mp4", size=(384, 128), fps=24, sound_rate=None) as film:
        for chunk in media.encode_chunks([bars] * 3, size=(384, 128), fps=24):
            film.write_chunk(chunk)

    with av.open(str(tmp_path / "bars.mp4")) as container:
        frame = next(container.decode(video=0))
        planes = [np.frombuffer(bytes(p), np.uint8).reshape(p.height, p.line_size) for p in frame.planes]

    assert (int(frame.colorspace), int(frame.color_range)) == (1, 1)
    for index, colour in enumerate(colours):
        stored = [planes[0][64, 64 * index + 32], planes[1][32, 32 * index + 16], planes[2][32, 32 * index + 16]]
        assert np.abs(np.array(stored, float) - bt709_codes(colour)).max() <= 2
    shown = next(media.read_frames(tmp_path / "bars.mp4"))
    assert np.abs(shown[64, 32::64].astype(int) - np.array(colours)).max() <= 3


def test_sound_may_come_at_any_moment(tmp_path: Path) -> None:
    """Before the frames, between them in pieces, or after them: the file is the same, byte for byte."""
    chunks = list(media.encode_chunks(moving_frames(36, (128, 128)), size=(128, 128), fps=24))
    sound = tone(60_000)

    def write(name: str, order: str) -> bytes:
        with media.FilmWriter(tmp_path / name, size=(128, 128), fps=24) as film:
            if order == "first":
                film.write_sound(sound)
            for i, chunk in enumerate(chunks):
                film.write_chunk(chunk)
                if order == "between":
                    film.write_sound(sound[30_000 * i : 30_000 * (i + 1)])
            if order == "last":
                film.write_sound(sound)
        return (tmp_path / name).read_bytes()

    assert write("a.mp4", "first") == write("b.mp4", "between") == write("c.mp4", "last")


def test_sound_lasts_as_long_as_the_picture(tmp_path: Path) -> None:
    """Sound that is too short is followed by silence; sound that is too long is cut."""
    for name, sample_count in (("short.mp4", 100), ("none.mp4", 0), ("long.mp4", 96_000)):
        with media.FilmWriter(tmp_path / name, size=(128, 128), fps=24) as film:
            film.write_sound(tone(sample_count))
            write_frames(film, moving_frames(24, (128, 128)))

        with av.open(str(tmp_path / name)) as container:
            last = [p for p in container.demux(container.streams.audio[0]) if p.pts is not None][-1]
        assert last.pts is not None
        assert last.time_base is not None
        assert 1 - 1024 / 48_000 <= last.pts * last.time_base + Fraction(1024, 48_000) <= 1 + Fraction(1024, 48_000)


def test_index_stands_in_front_and_groups_are_closed_each_second(tmp_path: Path) -> None:
    """A player can start at once (moov before mdat) and seek to each second (a key frame every 24 frames)."""
    with media.FilmWriter(tmp_path / "a.mp4", size=(128, 128), fps=24) as film:
        write_frames(film, moving_frames(60, (128, 128)))

    content = (tmp_path / "a.mp4").read_bytes()
    with av.open(str(tmp_path / "a.mp4")) as container:
        packets = [p for p in container.demux(video=0) if p.pts is not None]
        keys = [round(float((p.pts or 0) * (p.time_base or 0)) * 24) for p in packets if p.is_keyframe]
        times = [p.dts for p in packets if p.dts is not None]

    assert content.index(b"moov") < content.index(b"mdat")
    assert keys == [0, 24, 48]
    assert all(a < b for a, b in pairwise(times))


def test_the_largest_film_has_a_level_that_allows_it(tmp_path: Path) -> None:
    """4096x2160 at 60 frames a second needs H.264 level 5.2: 34560 macroblocks x 60 = 2073600 a second (table A-1)."""
    frame = np.zeros((2160, 4096, 3), np.uint8)
    with media.FilmWriter(tmp_path / "big.mp4", size=(4096, 2160), fps=60, sound_rate=None) as film:
        write_frames(film, [frame], 60)

    content = (tmp_path / "big.mp4").read_bytes()
    level = struct.unpack_from("4B", content, content.index(b"avcC") + 4)[3]

    assert level == 52


def test_a_film_holds_nothing_of_the_moment(tmp_path: Path) -> None:
    """The times of making in every header are zero, so that the same film made later has the same bytes."""
    with media.FilmWriter(tmp_path / "a.mp4", size=(128, 128), fps=24) as film:
        write_frames(film, moving_frames(1, (128, 128)))

    content = (tmp_path / "a.mp4").read_bytes()

    for header in (b"mvhd", b"tkhd", b"mdhd"):
        assert struct.unpack_from(">II", content, content.index(header) + 8) == (0, 0)
    assert b"Lavf" not in content


def test_frames_can_be_asked_for_by_time(tmp_path: Path) -> None:
    """The frame shown at a time is the one that a full reading gives there."""
    with media.FilmWriter(tmp_path / "a.mp4", size=(128, 128), fps=24, sound_rate=None) as film:
        write_frames(film, moving_frames(40, (128, 128)))

    everything = list(media.read_frames(tmp_path / "a.mp4"))
    asked = list(media.read_frames_at(tmp_path / "a.mp4", (Fraction(0), Fraction(30, 24), Fraction(39, 24))))

    assert [round(time * 24) for time, _ in asked] == [0, 30, 39]
    assert all(np.array_equal(frame, everything[round(time * 24)]) for time, frame in asked)


def test_what_is_not_a_film_is_refused_in_one_sentence(tmp_path: Path) -> None:
    """A missing file, a folder and a text each give their own words."""
    (tmp_path / "a.txt").write_text("no film")

    for path, words in (
        (tmp_path / "none.mp4", "no such file"),
        (tmp_path, "folder"),
        (tmp_path / "a.txt", "cannot be"),
    ):
        with pytest.raises(media.MediaError, match=words):
            media.probe(path)
