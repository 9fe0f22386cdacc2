"""Time and sizes: half-open spans, exact frames, allowed pictures."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitascope.film import SIZES, SizeError, Span, frame_count, frame_time, seed_for, size_named


@given(st.fractions(1, 120, max_denominator=1001), st.sampled_from([24, 25, 30, 60, 120, Fraction(24000, 1001)]))
def test_frames_fill_the_duration(duration: Fraction, fps):
    """The last frame starts before the end, and the one after it would not."""
    count = frame_count(duration, Fraction(fps))

    assert frame_time(count - 1, Fraction(fps)) < duration <= frame_time(count, Fraction(fps))


def test_spans_hold_their_start_and_not_their_end():
    """Half-open: neighbours share no moment."""
    first, second = Span(start=0, end="5/2"), Span(start="5/2", end=5)

    assert first.contains(0)
    assert not first.contains(2.5)
    assert second.contains(2.5)


@pytest.mark.parametrize(
    ("name", "size"), [("720p", (1280, 720)), ("4K", (3840, 2160)), ("640x360", (640, 360)), ("128×128", (128, 128))]
)
def test_sizes_by_name_and_by_number(name: str, size: tuple[int, int]):
    """Names and WIDTHxHEIGHT mean the same kind of thing."""
    found = size_named(name)

    assert (found.width, found.height) == size


@pytest.mark.parametrize("text", ["big", "100x100", "1281x720", "5000x2160", "4096x4096", "0x0", "-4x20", "1280", ""])
def test_other_sizes_are_refused_in_one_sentence(text: str):
    """The sentence says what is allowed."""
    with pytest.raises(SizeError, match=r"(128x128 to 4096x2160|one of)"):
        size_named(text)


def test_all_named_sizes_are_allowed():
    """No name leads to a refusal."""
    for name in SIZES:
        size_named(name)


@given(st.integers(0, 2**62), st.text(max_size=8), st.text(max_size=8))
def test_seeds_are_stable_and_apart(seed: int, first: str, second: str):
    """The same name gives the same stream; names do not run together."""
    assert seed_for(seed, first, second) == seed_for(seed, first, second)
    assert 0 <= seed_for(seed, first) < 2**63
    assert seed_for(seed, first, "x") != seed_for(seed, first + "x")
