"""What the world draws becomes a draft that a film can follow."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from vitascope.model.open.given import drawn, measure_of, nearness
from vitascope.model.shapes import ShapeError

SKY = np.inf


def test_near_is_white_and_far_is_black():
    """One measure holds for the whole film, so what keeps its distance keeps its grey; the sky is as far as can be."""
    depth = np.array([[[2.0, 4.0, 8.0, SKY]], [[2.0, 2.0, 8.0, SKY]]], np.float32)

    grey = nearness(depth, measure_of([depth]))

    assert grey[:, 0, 0].tolist() == [1, 1]
    assert grey[0, 0, 1] == pytest.approx((1 / 4 - 1 / 8) / (1 / 2 - 1 / 8), abs=0.01)
    assert grey[:, 0, 2].tolist() == [0, 0]
    assert grey[:, 0, 3].tolist() == [0, 0]


def test_a_film_of_the_sky_alone_is_far():
    """There is nothing to measure by."""
    sky = np.full((2, 3, 4), SKY, np.float32)

    assert not nearness(sky, measure_of([sky])).any()


def test_depth_is_followed_where_the_film_is_made_and_colour_is_kept_elsewhere():
    """Made places are grey by their nearness, all others are as they were drawn."""
    colour = np.full((1, 1, 2, 3), (255, 0, 255), np.uint8)
    depth = np.array([[[1.0, 1.0]]], np.float32)
    made = np.array([[[True, False]]])

    draft = drawn(colour, depth, follows="depth", made_THW=made)

    assert draft.film_3THW[:, 0, 0, 0].tolist() == [-1, -1, -1]
    assert draft.film_3THW[:, 0, 0, 1].tolist() == [1, -1, 1]
    assert torch.equal(draft.made_THW, torch.from_numpy(made))
    assert drawn(colour, depth, follows="colour").made_THW.all()


def test_passes_of_two_sizes_are_refused():
    """One sentence names both."""
    with pytest.raises(ShapeError, match=r"Colour is \(1, 2, 2\) .*, depth \(1, 4, 2\)"):
        drawn(np.zeros((1, 2, 2, 3), np.uint8), np.ones((1, 4, 2), np.float32), follows="depth")
