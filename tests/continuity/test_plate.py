"""Plates come back to the last bit, and what is not one is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from vitascope.continuity import PlateError, pack_plate, unpack_plate


@given(arrays(np.uint16, array_shapes(min_dims=3, max_dims=3, min_side=1, max_side=9)))
def test_unpacking_what_was_packed_gives_the_same_bits(plate: np.ndarray):
    """unpack(pack(x)) == x, whatever the bits are as floats."""
    back = unpack_plate(pack_plate(plate))

    assert back.dtype == np.uint16
    assert np.array_equal(back, plate)


@given(st.data())
def test_a_plate_that_was_cut_is_told(data: st.DataObject):
    """Half a plate is no plate."""
    packed = pack_plate(np.arange(60, dtype=np.uint16).reshape(4, 5, 3))

    with pytest.raises(PlateError, match="draw its frame again"):
        unpack_plate(packed[: data.draw(st.integers(0, len(packed) - 1))])


@given(st.integers(0, 200), st.integers(1, 255))
@example(place=73, change=1)
def test_a_plate_with_another_byte_is_told(place: int, change: int):
    """Whichever byte was changed, there is no plate, unless it is one of the few that Zstandard reads in two ways alike."""
    plate = np.arange(60, dtype=np.uint16).reshape(4, 5, 3)
    packed = bytearray(pack_plate(plate))
    packed[place % len(packed)] ^= change

    try:
        back = unpack_plate(bytes(packed))
    except PlateError:
        return
    assert np.array_equal(back, plate)


def test_a_smooth_picture_takes_a_quarter_of_its_size():
    """Half floats of a gradient pack to less than a quarter."""
    ramp = np.linspace(0.1, 2.0, 640 * 360 * 3).reshape(360, 640, 3).astype(np.float16).view(np.uint16)

    assert len(pack_plate(ramp)) < 0.25 * ramp.nbytes
