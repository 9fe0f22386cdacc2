"""The weights that come with the program: small enough, loaded as they are, and they make what the words and the draft say."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from vitascope.model.data.blocking import film_of
from vitascope.model.data.grammar import scene
from vitascope.model.generator import shipped
from vitascope.recipe import catalogue
from vitascope.studio.neural import OwnShot, OwnShots, generator_at

MOST = 40_000_000
"""Bytes of weights in the repository."""
SCENE = scene(24, 24)
"""A green cube slides to the left in a snowfield at sunset, and the camera orbits."""


def filmed(colour: str, before: OwnShot | None = None) -> OwnShot:
    """A second of the scene with a cube of that colour, after another if that is given."""
    wish = replace(
        SCENE, labels=replace(SCENE.labels, colour=colour), caption=SCENE.caption.replace(SCENE.labels.colour, colour)
    )
    film = film_of(wish, seconds=Fraction(1), aspect=Fraction(8, 5), catalogue=catalogue())
    return OwnShots(generator_at(None)).made(film, film.shots[0], before, None)


def within(made: OwnShot) -> np.ndarray:
    """(T, H, W) bool: where the draft has the cube, at the size of the pictures."""
    factor = made.pictures.shape[1] // made.draft.ids.shape[1]
    return made.draft.ids.repeat(factor, axis=1).repeat(factor, axis=2) == 1


def more_of(channel: int, made: OwnShot) -> np.ndarray:
    """(T, H, W): how much more there is of red, green or blue than of the two others."""
    return made.pictures[..., channel] - np.delete(made.pictures, channel, axis=-1).mean(axis=-1)


@pytest.fixture(scope="module")
def green() -> OwnShot:
    """As the scene has it."""
    return filmed("green")


def test_the_weights_are_small():
    """A clone of the repository stays light."""
    assert 0 < sum(file.stat().st_size for file in shipped().glob("*.safetensors")) <= MOST


def test_the_cube_is_green_where_the_draft_has_it(green: OwnShot):
    """And the snow is not."""
    greenness = more_of(1, green)

    assert greenness[within(green)].mean() > 50
    assert abs(greenness[~within(green)].mean()) < 25


def test_of_an_edit_only_what_it_changes_is_another(green: OwnShot):
    """With another colour the cube is red; what lies further away than its patches are seen is the same to the last bit."""
    red = filmed("red", before=green)

    assert more_of(0, red)[within(red)].mean() > 50
    same = (red.pictures == green.pictures).all(axis=-1)
    assert not same[within(red)].all()
    assert 0.05 < same.mean() < 1
