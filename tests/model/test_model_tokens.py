"""Clips become rows of tokens and come back; sizes that cannot be compressed are named with the nearest that can."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vitascope.model.shapes import LatentShape, PixelShape, ShapeError, Stride
from vitascope.model.tokens import Role, join, pack, unpack

STRIDE = Stride(time=4, height=16, width=16)
sizes = st.builds(LatentShape, frames=st.integers(1, 40), height=st.integers(1, 40), width=st.integers(1, 40))


@given(sizes)
def test_a_size_comes_back(latent: LatentShape):
    """Compressed sizes and sizes in pixels are one to one."""
    assert STRIDE.latent(STRIDE.pixels(latent)) == latent


@pytest.mark.parametrize(
    ("frames", "height", "width", "advice"),
    [
        (24, 64, 64, "Use 21 or 25."),
        (25, 60, 64, "Use 48 or 64."),
        (25, 64, 8, "Use 16 or 32."),
    ],
)
def test_a_size_that_does_not_fit_names_the_nearest(frames: int, height: int, width: int, advice: str):
    """One sentence says what was given, what is allowed and what to do."""
    with pytest.raises(ShapeError) as told:
        STRIDE.latent(PixelShape(frames=frames, height=height, width=width))

    assert str(told.value).endswith(advice)


@settings(max_examples=25)
@given(st.integers(1, 3), st.integers(1, 4), st.integers(1, 5), st.integers(1, 6))
def test_packing_and_unpacking_is_nothing(batch: int, frames: int, height: int, width: int):
    """A clip that is packed and unpacked is the clip."""
    clip = torch.randn(batch, 7, frames, height, width, generator=torch.Generator().manual_seed(0))

    row = pack(clip)

    assert torch.equal(unpack(row.values_BLC, LatentShape(frames=frames, height=height, width=width)), clip)


def test_each_token_knows_where_it_stands():
    """Moment, row and column are those of its patch; a second picture stands at a moment of its own."""
    film = pack(torch.zeros(1, 2, 2, 2, 3))
    face = pack(torch.zeros(1, 2, 1, 1, 1), role=Role.REFERENCE, moment=-2)

    row = join([film, face])

    assert row.place_BL3[0, 4].tolist() == [0, 1, 1]
    assert row.place_BL3[0, 6].tolist() == [1, 0, 0]
    assert row.place_BL3[0, 12].tolist() == [-2, 0, 0]
    assert row.role_BL[0].tolist() == [0] * 12 + [1]
    assert row.take(torch.tensor([12, 0])).role_BL[0].tolist() == [1, 0]
