"""Chunks: encoded on their own, stored as bytes, joined without a change to their packets."""

from __future__ import annotations

import io
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitascope import media

SIZE = (128, 128)


def moving_frames(count: int, *, start: int = 0) -> list[np.ndarray]:
    rows, columns = np.mgrid[0:128, 0:128]
    return [
        (np.stack([columns * 3 + 5 * i, rows * 2 + i * i, rows + columns + 9 * i], -1) % 256).astype(np.uint8)
        for i in range(start, start + count)
    ]


def encoded(frames: list[np.ndarray], fps: Fraction | int = 24, quality: media.Quality = "draft") -> media.EncodedChunk:
    with media.ChunkEncoder(size=SIZE, fps=fps, quality=quality) as encoder:
        for frame in frames:
            encoder.write(frame)
        return encoder.finish()


def write_film(
    path: Path, chunks: list[media.EncodedChunk], fps: Fraction | int = 24, size: tuple[int, int] = SIZE
) -> Path:
    with media.FilmWriter(path, size=size, fps=fps) as film:
        for chunk in chunks:
            film.write_chunk(chunk)
    return path


def decoded(chunk: media.EncodedChunk) -> list[av.VideoFrame]:
    with av.open(io.BytesIO(chunk.mp4), "r") as container:
        return list(container.decode(video=0))


def packets_in(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(p) for p in container.demux(video=0) if p.pts is not None]


@pytest.fixture(scope="module")
def chunk() -> media.EncodedChunk:
    return encoded(moving_frames(7))


def test_the_same_frames_give_the_same_bytes(chunk: media.EncodedChunk) -> None:
    """Encoding is deterministic, so an address stands for one content."""
    assert encoded(moving_frames(7)).to_bytes() == chunk.to_bytes()


def test_a_stored_chunk_comes_back_whole(chunk: media.EncodedChunk) -> None:
    """read∘write is the identity: pictures, size, rate, quality and number of frames."""
    back = media.EncodedChunk.from_bytes(chunk.to_bytes())

    assert back == chunk
    assert (back.size, back.fps, back.quality, back.frame_count) == (SIZE, 24, "draft", 7)


@settings(max_examples=40)
@given(data=st.data())
def test_a_damaged_chunk_is_refused(chunk: media.EncodedChunk, data: st.DataObject) -> None:
    """One changed byte anywhere, or a missing end, raises MediaError and nothing else."""
    stored = chunk.to_bytes()
    place = data.draw(st.integers(0, len(stored) - 1))
    flipped = bytearray(stored)
    flipped[place] ^= data.draw(st.integers(1, 255))

    for damaged in (bytes(flipped), stored[:place]):
        with pytest.raises(media.MediaError, match="damaged"):
            media.EncodedChunk.from_bytes(damaged)


@pytest.mark.parametrize("fps", [Fraction(24), Fraction(30_000, 1001), Fraction(60), Fraction(120)])
def test_joined_chunks_keep_exact_times(tmp_path: Path, fps: Fraction) -> None:
    """Chunks of many lengths, down to one frame, leave each frame at its number / fps, in a valid order of decoding."""
    lengths = (5, 1, 2, 9, 3)
    starts = [sum(lengths[:i]) for i in range(len(lengths))]
    film = write_film(
        tmp_path / "a.mp4", [encoded(moving_frames(n, start=s), fps) for s, n in zip(starts, lengths, strict=True)], fps
    )

    with av.open(str(film)) as container:
        packets = [p for p in container.demux(video=0) if p.pts is not None]
        shown = sorted((p.pts or 0) * (p.time_base or 0) for p in packets)
        moments = [(p.dts or 0, p.pts or 0) for p in packets]
        keys = sorted((p.pts or 0) * (p.time_base or 0) * fps for p in packets if p.is_keyframe)

    assert shown == [i / fps for i in range(20)]
    assert all(a[0] < b[0] for a, b in pairwise(moments))
    assert all(dts <= pts for dts, pts in moments)
    assert keys == starts
    found = media.probe(film)
    assert (found.frame_count, found.fps, found.duration) == (20, fps, 20 / fps)


def test_a_reused_chunk_is_bit_identical_in_another_film(tmp_path: Path) -> None:
    """The packets of a chunk are the same bytes in two films, at whatever place it stands, also after it was stored."""
    first, second, other = (encoded(moving_frames(6, start=s)) for s in (0, 6, 40))
    stored = media.EncodedChunk.from_bytes(second.to_bytes())

    one = packets_in(write_film(tmp_path / "one.mp4", [first, second]))
    two = packets_in(write_film(tmp_path / "two.mp4", [other, first, stored]))

    assert two[6:] == one
    assert len(one) == 12
    assert two[:6] != one[:6]


def test_a_joined_film_decodes_from_the_start_and_after_every_seek(tmp_path: Path) -> None:
    """Each frame of the film is the frame that its chunk gives alone, read through or sought."""
    chunks = [encoded(moving_frames(n, start=s)) for s, n in ((0, 8), (8, 8), (16, 3))]
    alone = [frame.to_ndarray() for chunk in chunks for frame in decoded(chunk)]
    film = write_film(tmp_path / "a.mp4", chunks)

    with av.open(str(film)) as container:
        through = [frame.to_ndarray() for frame in container.decode(video=0)]
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        sought = []
        for start in (16, 0, 8):
            container.seek(int(Fraction(start, 24) / (stream.time_base or 1)), stream=stream)
            sought.append((start, next(container.decode(stream)).to_ndarray()))

    assert len(through) == 19
    assert all(np.array_equal(a, b) for a, b in zip(through, alone, strict=True))
    assert all(np.array_equal(frame, alone[start]) for start, frame in sought)


def test_frames_fall_into_chunks_of_a_second() -> None:
    """At 24 frames a second, 50 frames make chunks of 24, 24 and 2; no frame makes none."""
    chunks = list(media.encode_chunks(moving_frames(50), size=SIZE, fps=24, quality="draft"))

    assert [chunk.frame_count for chunk in chunks] == [24, 24, 2]
    assert chunks[2].duration == Fraction(2, 24)
    assert list(media.encode_chunks([], size=SIZE, fps=24)) == []


def test_a_chunk_that_does_not_fit_is_refused(tmp_path: Path, chunk: media.EncodedChunk) -> None:
    """Another rate, another size and another quality are told apart, and the film leaves no trace."""
    best = encoded(moving_frames(2), quality="master")
    for film_size, fps, chunks, words in (
        (SIZE, 30, [chunk], "24 frames a second; this film is 128x128 at 30"),
        ((256, 128), 24, [chunk], "this film is 256x128"),
        (SIZE, 24, [chunk, best], "one quality"),
    ):
        with pytest.raises(media.MediaError, match=words):
            write_film(tmp_path / "a.mp4", chunks, fps, film_size)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [({"size": (129, 128)}, "even"), ({"fps": 12}, "from 24 to 120"), ({"quality": "best"}, "draft, standard, master")],
)
def test_a_chunk_that_cannot_be_encoded_is_refused(options: dict, words: str) -> None:
    """A size, a rate or a quality that is not allowed, and a chunk without frames, each give one sentence."""
    with pytest.raises(media.MediaError, match=words):
        media.ChunkEncoder(**{"size": SIZE, "fps": 24, **options})
    with pytest.raises(media.MediaError, match="no frame"), media.ChunkEncoder(size=SIZE, fps=24) as encoder:
        encoder.finish()


def test_a_chunk_start_does_not_pulse() -> None:
    """In a gently moving picture the first frame of a chunk is at most 3 dB nearer to its source than the last before."""
    rows, columns = np.mgrid[0:128, 0:128]
    noise = np.random.default_rng(1).normal(0, 6, (128, 256))
    frames = []
    for i in range(48):
        grey = 120 + 60 * np.sin((columns + 2 * i) / 17) * np.cos(rows / 23) + noise[:, 2 * i : 2 * i + 128]
        frames.append(np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, 2))

    parts = media.encode_chunks(frames, size=SIZE, fps=24)
    shown = [frame.to_ndarray(format="rgb24").astype(float) for part in parts for frame in decoded(part)]
    error = [10 * np.log10(255**2 / ((a - b) ** 2).mean()) for a, b in zip(shown, frames, strict=True)]

    assert error[24] - error[23] < 3


def test_a_chunk_is_handed_to_a_browser_with_its_packets_unchanged():
    """As a fragment that stands alone and begins at once: nothing is encoded again, and no edit list hides a frame."""
    chunk = encoded(moving_frames(24))

    piece = media.fragment(chunk)

    def packets(mp4: bytes) -> list[bytes]:
        with av.open(io.BytesIO(mp4)) as container:
            return [bytes(packet) for packet in container.demux(video=0) if packet.size]

    assert packets(piece) == packets(chunk.mp4)
    assert piece.count(b"moof") == 1
    assert b"elst" not in piece
    start = piece.index(b"trun") + 4
    flags, first_offset = piece[start : start + 4], piece.index(b"mdat") + 4 - piece.index(b"moof") + 4
    assert flags[0] == 1  # offsets between decoding and showing may be negative, so that the first frame is shown at 0
    assert int.from_bytes(piece[start + 8 : start + 12], "big") == first_offset
    assert media.fragment(chunk) == piece


def test_a_chunk_that_is_not_whole_becomes_no_fragment():
    """It is told in a sentence."""
    chunk = encoded(moving_frames(3))
    cut = media.EncodedChunk(size=SIZE, fps=chunk.fps, quality="draft", frame_count=3, mp4=chunk.mp4[:200])

    with pytest.raises(media.MediaError, match="damaged"):
        media.fragment(cut)
