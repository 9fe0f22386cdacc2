"""Length, size and rate said in prose are settings, not things that the film shows."""

from __future__ import annotations

from fractions import Fraction

import pytest

from vitascope.film import Size, SizeError
from vitascope.serve.formats import Format, format_in


def size(width: int, height: int) -> Size:
    return Size(width=width, height=height)


@pytest.mark.parametrize(
    ("said", "format_"),
    [
        ("A fox in snow, 10 seconds, portrait", Format(words="A fox in snow", seconds=Fraction(10), size=size(720, 1280))),
        ("a dog, 1 s, 128x128, 24 fps, silent",
         Format(words="a dog", seconds=Fraction(1), size=size(128, 128), fps=Fraction(24), silent=True)),
        ("a vertical video of a dog", Format(words="a video of a dog", size=size(720, 1280))),
        ("A dog runs. Make it 8 seconds long. 16:9.", Format(words="A dog runs.", seconds=Fraction(8), size=size(1280, 720))),
        ("a dog in 4k", Format(words="a dog", size=size(3840, 2160))),
        ("a dog in portrait format at 60 fps", Format(words="a dog", size=size(720, 1280), fps=Fraction(60))),
        ("a dog, 2.5 s", Format(words="a dog", seconds=Fraction(5, 2))),
        ("a dog, one that waits", Format(words="a dog, one that waits")),
    ],
)  # fmt: skip
def test_a_format_is_taken_out_of_the_description(said: str, format_: Format):
    """What is left is what the film shows."""
    assert format_in(said) == format_


@pytest.mark.parametrize(
    "words",
    [
        "a portrait of an old man",
        "a mountain landscape at dawn",
        "a vertical cliff above the sea",
        "a dog walks for 3 seconds and sits down",
        "a crowd on a square",
        "a tall tree",
        "after 2 seconds a bird lands",
        "a man says “silent, portrait, 10 seconds”",
    ],
)
def test_words_that_describe_stay(words: str):
    """The same words within a description mean what they say."""
    assert format_in(words) == Format(words=words)


def test_a_size_that_no_film_has_is_told():
    """In one sentence that says what is allowed."""
    with pytest.raises(SizeError, match="64x64 is not allowed"):
        format_in("a dog, 64x64")
