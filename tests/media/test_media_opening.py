"""Openings: the first frames of a chunk that can be looked at while the rest is drawn."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import numpy as np
import pytest

from vitascope import media

SIZE = (256, 128)
RATE = Fraction(30000, 1001)


def frame(number: int) -> np.ndarray:
    """A slope of greys that grows lighter."""
    grey = np.linspace(0, 150, SIZE[0])[None, :, None] + 8 * number
    return np.broadcast_to(grey, (SIZE[1], SIZE[0], 3)).astype(np.uint8)


def played(chunk: media.EncodedChunk) -> list[tuple[Fraction, np.ndarray]]:
    """When a browser shows which picture."""
    with av.open(io.BytesIO(media.fragment(chunk)), "r") as container:
        return [
            ((one.pts or 0) * (one.time_base or Fraction(0)), one.to_ndarray(format="rgb24"))
            for one in container.decode(video=0)
        ]


def test_every_beginning_of_an_opening_can_be_played():
    """It has all frames so far at their times, none waits for a later one, and more can be written after."""
    with media.OpeningEncoder(size=SIZE, fps=RATE) as encoder:
        takes = []
        for number in range(4):
            encoder.write(frame(number))
            takes.append(encoder.take())

    for count, take in enumerate(takes, 1):
        shown = played(media.EncodedChunk.from_bytes(take.to_bytes()))
        assert [float(at) for at, _ in shown] == pytest.approx([float(n / RATE) for n in range(count)], abs=1e-4)
        for number, (_, picture) in enumerate(shown):
            assert np.abs(picture.astype(int) - frame(number)).mean() < 4
    assert [take.frame_count for take in takes] == [1, 2, 3, 4]


def test_a_frame_is_read_out_of_a_chunk_by_its_place():
    """Also behind frames that are decoded before they are shown; where there is none that is said."""
    with media.ChunkEncoder(size=SIZE, fps=24) as encoder:
        for number in range(9):
            encoder.write(frame(number))
        chunk = encoder.finish()

    apart = [np.abs(media.read_frame(chunk, 5).astype(int) - frame(number)).mean() for number in range(9)]

    assert int(np.argmin(apart)) == 5
    with pytest.raises(media.MediaError, match="no picture"):
        media.read_frame(chunk, 9)
