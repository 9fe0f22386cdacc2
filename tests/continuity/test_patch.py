"""A plate that differs from another in a rectangle is kept as that rectangle, and what is not one is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vitascope.continuity import Patch, PlateError, pack_patch, pack_plate, unpack_patch
from vitascope.render import Region

BASE = bytes(range(32))
SIZE = (9, 7)
PLATES = arrays(np.uint16, (SIZE[1], SIZE[0], 3))


@st.composite
def regions(draw: st.DrawFn) -> Region:
    """Rectangles inside of the picture, empty ones as well."""
    left, right = sorted(draw(st.tuples(*[st.integers(0, SIZE[0])] * 2)))
    top, bottom = sorted(draw(st.tuples(*[st.integers(0, SIZE[1])] * 2)))
    return Region.between(left, top, right, bottom)


def mixed(outside: np.ndarray, inside: np.ndarray, region: Region) -> np.ndarray:
    """One plate with another in a region."""
    made = outside.copy()
    for y in range(region.y, region.bottom):
        for x in range(region.x, region.right):
            made[y, x] = inside[y, x]
    return made


def small_patch() -> bytes:
    pixels = np.arange(24, dtype=np.uint16).reshape(2, 4, 3)
    return pack_patch(Patch(base=BASE, corner=(3, 5), pixels=pixels))


@given(PLATES, PLATES, regions())
def test_a_patch_over_its_base_is_the_plate(before: np.ndarray, other: np.ndarray, region: Region):
    """unpack(pack(patch of plate)) over base == plate, and neither base nor address has changed."""
    plate, kept = mixed(before, other, region), before.copy()

    back = unpack_patch(pack_patch(Patch.of(plate, region, base=BASE)))

    assert (back.base, back.region) == (BASE, region)
    assert np.array_equal(back.over(before), plate)
    assert np.array_equal(before, kept)


@given(PLATES, st.lists(st.tuples(PLATES, regions()), min_size=1, max_size=4))
def test_patches_in_turn_go_on_the_same_base(first: np.ndarray, changes: list[tuple[np.ndarray, Region]]):
    """However many rectangles are drawn anew one after another, one patch round all of them makes the last plate."""
    plate, patched = first, Region(0, 0, 0, 0)
    for other, region in changes:
        plate = mixed(plate, other, region)
        patched = Region.around((patched, region))
        patch = unpack_patch(pack_patch(Patch.of(plate, patched, base=BASE)))

        assert np.array_equal(patch.over(first), plate)


@given(st.data())
def test_a_patch_that_was_cut_is_told(data: st.DataObject):
    """Half a patch is no patch."""
    packed = small_patch()

    with pytest.raises(PlateError, match="draw its frame again"):
        unpack_patch(packed[: data.draw(st.integers(0, len(packed) - 1))])


@given(st.integers(0, len(small_patch()) - 1), st.integers(1, 255))
def test_a_patch_with_another_byte_is_told(place: int, change: int):
    """Whichever byte was changed, there is no patch, unless it is one of the few that Zstandard reads in two ways alike."""
    packed = bytearray(small_patch())
    packed[place] ^= change

    try:
        back = unpack_patch(bytes(packed))
    except PlateError:
        return
    whole = unpack_patch(small_patch())
    assert (back.base, back.corner) == (whole.base, whole.corner)
    assert np.array_equal(back.pixels, whole.pixels)


@given(st.integers(0, 20), st.integers(0, 20))
def test_a_patch_of_a_larger_plate_is_told(x: int, y: int):
    """A rectangle that is not inside of the base belongs to another."""
    assume(x > SIZE[0] - 4 or y > SIZE[1] - 2)
    patch = Patch(base=BASE, corner=(x, y), pixels=np.zeros((2, 4, 3), np.uint16))

    with pytest.raises(PlateError, match="another plate"):
        patch.over(np.zeros((SIZE[1], SIZE[0], 3), np.uint16))


def test_a_plate_is_no_patch():
    """Each says by its first bytes what it is."""
    with pytest.raises(PlateError):
        unpack_patch(pack_plate(np.zeros((2, 4, 3), np.uint16)))
