"""What open weights make at a time: sizes, lengths, windows; and shots that are longer than one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import torch
from tiny_wan import Checkpoint

from vitascope.model.catalogue import WeightsError
from vitascope.model.generator import Manner
from vitascope.model.open.film import Machine
from vitascope.model.open.folder import open_folder
from vitascope.model.open.form import Form, Lead, Window, form_of
from vitascope.model.open.generator import Change, OpenGenerator, OpenWish
from vitascope.model.shapes import PixelShape, Stride

Wan = Callable[[str], Checkpoint]
USUAL = Form(lead=Lead.DRAFT, rate=Fraction(16), longest=81, area=832 * 480, stride=Stride(time=4, height=16, width=16))
FINE = replace(USUAL, rate=Fraction(24), longest=121, area=1280 * 704, stride=Stride(time=4, height=32, width=32))


@pytest.mark.parametrize(
    ("form", "size", "expected"),
    [
        (USUAL, (1280, 720), (832, 480)),
        (USUAL, (720, 1280), (480, 832)),
        (USUAL, (1080, 1080), (624, 640)),
        (USUAL, (360, 200), (368, 208)),
        (FINE, (1920, 1080), (1280, 704)),
        (USUAL, (4096, 128), (3584, 96)),
    ],
)
def test_sizes_are_of_the_film_s_shape_and_as_large_as_in_training(form: Form, size: tuple, expected: tuple):
    """In whole tokens, never more pixels than in training, and no more than the film needs."""
    pixels = form.pixels(*size, Fraction(5))

    assert (pixels.width, pixels.height) == expected
    assert pixels.width * pixels.height <= form.area


@pytest.mark.parametrize(("seconds", "frames"), [(Fraction(1), 17), (Fraction(5), 81), (Fraction(11, 10), 21)])
def test_lengths_cover_the_shot(seconds: Fraction, frames: int):
    """One frame, and four for each moment after it."""
    assert USUAL.pixels(1280, 720, seconds).frames == frames


@pytest.mark.parametrize("lead", [Lead.FIRST, Lead.BETWEEN, Lead.DRAFT])
@pytest.mark.parametrize("frames", [81, 85, 161, 1921])
def test_windows_lie_close_and_share_frames(lead: Lead, frames: int):
    """From the first frame to the last, none longer than in training, each beginning with the last frames of the one before."""
    windows = replace(USUAL, lead=lead).windows(frames, 81)

    assert windows[0].start == 0
    assert windows[-1].stop == frames
    for window in windows:
        assert window.frames <= 81
        assert window.frames % 4 == 1
        assert window.start % 4 == 0
    for before, after in pairwise(windows):
        assert after.start + after.shared == before.stop
        assert after.shared == (5 if lead is Lead.DRAFT else 1)


@pytest.mark.parametrize("frames", [85, 161, 1921])
def test_what_is_there_of_a_film_is_not_made_again(frames: int):
    """The first window begins with the last frames of what is there."""
    windows = USUAL.windows(frames, 81, begun=81)

    assert (windows[0].start, windows[0].shared) == (76, 5)
    assert windows[-1].stop == frames
    assert all(window.shared == 5 and window.frames <= 81 for window in windows)


def test_a_shot_of_one_window_has_one():
    """Nothing is cut that need not be."""
    assert USUAL.windows(81, 81) == (Window(start=0, stop=81, shared=0),)


def test_words_alone_do_not_go_on():
    """The sentence says how long, and which weights can."""
    with pytest.raises(WeightsError, match=r"make at most 5\.1 s of a shot"):
        replace(USUAL, lead=Lead.WORDS).windows(85, 81)


@pytest.mark.parametrize(
    ("kind", "lead"),
    [
        ("text", Lead.WORDS),
        ("two", Lead.WORDS),
        ("tokens", Lead.FIRST),
        ("picture", Lead.FIRST),
        ("looking", Lead.FIRST),
        ("between", Lead.BETWEEN),
        ("draft", Lead.DRAFT),
    ],
)
def test_what_leads_weights_is_known_from_their_settings(wan: Wan, kind: str, lead: Lead):
    """Each kind of the family."""
    assert form_of(open_folder(wan(kind).folder)).lead is lead


SIZE = PixelShape(frames=17, height=32, width=96)


def generator(wan: Wan, kind: str) -> OpenGenerator:
    """Weights that make nine frames at a time."""
    found = OpenGenerator(open_folder(wan(kind).folder), Machine(dtype=torch.float32))
    found.form = replace(found.form, longest=9)
    found.manner = Manner(steps=2, shift=3.0, guidance=4.0)
    return found


def wish(seed: int = 1) -> OpenWish:
    dice = np.random.default_rng(seed)
    pictures = dice.integers(0, 255, (4, SIZE.height, SIZE.width, 3), np.uint8)
    grey = dice.integers(0, 255, (SIZE.frames, SIZE.height, SIZE.width), np.uint8)
    return OpenWish(words="a red ball rolls", pixels=SIZE, seed=5, pictures=pictures, grey=grey)


@pytest.mark.parametrize(("kind", "windows"), [("picture", 2), ("tokens", 2), ("between", 2), ("draft", 3)])
def test_a_long_shot_goes_on_from_what_was_made(wan: Wan, kind: str, windows: int):
    """Window after window, with all steps told; the first frames are those of a shot that ends there."""
    maker, told = generator(wan, kind), []
    maker_alone = generator(wan, kind)

    film = maker.made(wish(), on_step=lambda done, of: told.append((done, of)))
    first = replace(wish(), pixels=replace(SIZE, frames=9), grey=wish().grey[:9])

    assert len(maker.windows(SIZE)) == windows
    assert film.shape == (17, 32, 96, 3)
    assert told == [(n + 1, 2 * windows) for n in range(2 * windows)]
    assert np.array_equal(film[:9], maker_alone.made(first)[:9])
    assert (film[9:] != film[8]).any()


def test_a_change_over_windows_leaves_all_else(wan: Wan):
    """What is named is made again in each window; from one token beside it on, each frame is what it was."""
    maker = generator(wan, "draft")
    film = maker.made(wish())
    made = np.zeros((5, 2, 6), bool)
    made[:, :, 0] = True

    after = maker.made(replace(wish(), words="a blue ball rolls"), change=Change(pictures=film, made_THW=made))

    changed = (film != after).any(axis=(1, 3))
    assert changed[:, :16].any(axis=1).all()
    assert not changed[:, 32:].any()


def test_a_change_that_names_nothing_makes_nothing(wan: Wan):
    """The frames are what they were."""
    maker = generator(wan, "draft")
    film = wish().grey[..., None].repeat(3, axis=-1)

    assert np.array_equal(maker.made(wish(), change=Change(pictures=film, made_THW=np.zeros((5, 2, 6), bool))), film)


def test_too_little_memory_makes_windows_shorter_and_is_told(wan: Wan):
    """As short as a second; where that does not fit either, one sentence says so."""
    maker = OpenGenerator(open_folder(wan("draft").folder), Machine(dtype=torch.float32))
    vast = PixelShape(frames=81, height=16000, width=16000)

    assert all(window.frames <= 17 for window in maker.windows(vast))
    with pytest.raises(WeightsError, match="16000x16000 with 17 frames needs"):
        maker.check(vast)
