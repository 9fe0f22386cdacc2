"""Parts of files: what a Range header asks for (RFC 9110, section 14)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitascope.serve.content import parts_of

NUMBERS = st.integers(0, 30)


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        (None, None),
        ("bytes=0-3", (0, 4)),
        ("bytes=5-", (5, 5)),
        ("bytes=-3", (7, 3)),
        ("bytes=-30", (0, 10)),
        ("bytes=8-99", (8, 2)),
        ("bytes=10-", "unsatisfiable"),
        ("bytes=-0", "unsatisfiable"),
        ("bytes=3-1", None),
        ("bytes=0-1,4-5", None),
        ("bytes=-", None),
        ("lines=0-1", None),
        ("bytes=" + "9" * 25 + "-", None),
    ],
)
def test_what_a_range_asks_for(asked: str | None, part: object):
    """Of a file of ten bytes: first to last, from, the last; what is not understood means all."""
    assert parts_of(asked, 10) == part


@given(NUMBERS, NUMBERS, st.integers(1, 20))
def test_a_part_lies_in_the_file_and_begins_where_asked(first: int, last: int, size: int):
    """Never more than there is."""
    part = parts_of(f"bytes={first}-{last}", size)

    if last < first:
        assert part is None
    elif first >= size:
        assert part == "unsatisfiable"
    else:
        assert part == (first, min(last, size - 1) - first + 1)


def test_of_an_empty_file_no_part_can_be_had():
    """There is not even a first byte."""
    assert parts_of("bytes=0-", 0) == "unsatisfiable"
    assert parts_of(None, 0) is None
