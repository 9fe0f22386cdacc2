"""Rectangles of pixels: laws that passes over a part of a picture rely on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vitascope.render import Region

SIZE = (60, 40)
regions = st.builds(
    Region.between, st.integers(0, 59), st.integers(0, 39), st.integers(0, 60), st.integers(0, 40)
)  # fmt: skip


def holds(outer: Region, inner: Region) -> bool:
    return inner.empty or outer.common(inner) == inner


@given(regions, regions)
def test_what_two_have_in_common_lies_in_both_and_in_what_is_around_them(a: Region, b: Region):
    """The common part is inside either one, and either one is inside the smallest that holds both."""
    common, around = a.common(b), Region.around([a, b])

    assert holds(a, common)
    assert holds(b, common)
    assert holds(around, a)
    assert holds(around, b)


@given(regions, st.integers(1, 9))
def test_growing_and_aligning_only_add_pixels_of_the_picture(region: Region, step: int):
    """Both hold the region, stay inside the picture, and leave nothing as nothing."""
    for wider in (region.grown(step, SIZE), region.aligned(step, SIZE)):
        assert holds(wider, region)
        assert holds(Region.whole(SIZE), wider)
        assert wider.empty == region.empty


@given(regions, st.integers(1, 9))
def test_squares_hold_every_pixel_that_lies_in_one(region: Region, step: int):
    """A pixel of a region lies in a square of the coarse region, corners included."""
    squares = region.coarse(step)
    for x in (region.x, region.right - 1):
        for y in (region.y, region.bottom - 1):
            assert region.empty or holds(squares, Region(x // step, y // step, 1, 1))
