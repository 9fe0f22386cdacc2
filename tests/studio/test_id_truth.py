"""What was asked for is in the picture: counts, colours and places, read from the id pass of real frames.

Sentences go through the director, the world and the renderer, and the frame of the middle of the shot is measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import ndimage

from vitascope.director import direct
from vitascope.film import Size, Subject
from vitascope.recipe import catalogue
from vitascope.render import Renderer
from vitascope.world.build import build_stage

SIZE = (256, 144)
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight")
TERMS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white", "grey")
"""The basic colour terms of English (Berlin and Kay 1969)."""


@dataclass(frozen=True)
class Shown:
    """The frame of the middle of a film: sRGB (H, W, 3), depth [m] (H, W), and the mask (H, W) of each subject."""

    subjects: tuple[Subject, ...]
    colour: np.ndarray
    depth: np.ndarray
    masks: tuple[np.ndarray, ...]

    def called(self, name: str) -> np.ndarray:
        """The mask of the one subject whose name ends in `name`."""
        (index,) = (i for i, s in enumerate(self.subjects) if s.name.split()[-1] == name)
        return self.masks[index]


def shown(sentence: str) -> Shown:
    """What the film of a sentence shows."""
    film = direct(sentence, catalogue=catalogue(), size=Size(width=SIZE[0], height=SIZE[1]))
    stage = build_stage(film)
    with Renderer(stage, SIZE, fps=24) as renderer:
        frame = renderer.draw(stage.duration / 2, passes={"ids", "depth"})
    assert frame.ids is not None
    assert frame.depth is not None
    subjects = film.shots[0].subjects
    return Shown(subjects, frame.colour, frame.depth, tuple(frame.ids == i + 1 for i in range(len(subjects))))


def largest_part(mask: np.ndarray) -> float:
    """The share of the mask that hangs together."""
    parts, _ = ndimage.label(mask, np.ones((3, 3)))
    return np.bincount(parts.ravel())[1:].max(initial=0) / max(1, mask.sum())


def lab(srgb: np.ndarray) -> np.ndarray:
    """CIELAB (..., 3) under D65 of sRGB codes (..., 3)."""
    code = np.asarray(srgb, float) / 255
    linear = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    xyz_from_rgb = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.072175],
        [0.0193339, 0.119192, 0.9503041],
    ]
    part = linear @ np.array(xyz_from_rgb).T / [0.95047, 1.0, 1.08883]
    root = np.where(part > 216 / 24389, np.cbrt(part), (24389 / 27 * part + 16) / 116)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


def colour_term(pixels: np.ndarray) -> str:
    """The colour term nearest to the median of sRGB pixels (P, 3)."""
    known = catalogue().colours
    focal = lab(np.array([[int(known[term][i : i + 2], 16) for i in (1, 3, 5)] for term in TERMS]))
    return TERMS[int(np.linalg.norm(focal - np.median(lab(pixels), 0), axis=1).argmin())]


@pytest.mark.parametrize(
    ("thing", "counts"),
    [("ball", range(1, 9)), ("cup", (6,)), ("cat", (2, 8)), ("dog", (7,)), ("car", (8,)), ("person", (4,))],
)
def test_counts_are_right(thing: str, counts: range | tuple[int, ...]):
    """As many as were asked for, none hidden, each one piece of enough pixels."""
    plural = {"person": "people"}.get(thing, f"{thing}s")
    for count in counts:
        sentence = f"{NUMBERS[count - 1]} {thing if count == 1 else plural}"
        picture = shown(f"{sentence} on a plain background" if thing == "ball" else sentence)

        sizes = [int(mask.sum()) for mask in picture.masks]
        assert len(sizes) == count, sentence
        assert min(sizes) >= 50, (sentence, sizes)
        assert min(sizes) >= 0.2 * max(sizes), (sentence, sizes)
        assert min(largest_part(mask) for mask in picture.masks) > 0.8, sentence


@pytest.mark.parametrize("thing", ["cube", "ball"])
def test_colours_are_what_they_are_called(thing: str):
    """Each of the eleven basic colours is told from the other ten by the pixels of the thing."""
    told = {}
    for term in TERMS:
        picture = shown(f"{'an' if term == 'orange' else 'a'} {term} {thing} on a plain background")
        told[term] = colour_term(picture.colour[picture.masks[0]])

    assert told == {term: term for term in TERMS}


def test_two_colours_stay_with_their_things():
    """A colour belongs to the thing that it was said of."""
    picture = shown("a green cube and a purple ball on a plain background")

    assert colour_term(picture.colour[picture.called("cube")]) == "green"
    assert colour_term(picture.colour[picture.called("ball")]) == "purple"


PAIRS = [("red ball", "blue box"), ("apple", "banana"), ("cat", "chair")]


def middles(picture: Shown, first: str, second: str) -> tuple[np.ndarray, np.ndarray]:
    """Column, row [px] and depth [m] of the middles of two subjects, both of which can be seen."""
    found = []
    for name in (first, second):
        mask = picture.called(name.split()[-1])
        assert mask.sum() >= 50, name
        rows, columns = np.nonzero(mask)
        found.append(np.array([columns.mean(), rows.mean(), np.median(picture.depth[mask])]))
    return found[0], found[1]


@pytest.mark.parametrize(
    ("relation", "axis", "sign"),
    [
        ("to the left of", 0, -1),
        ("to the right of", 0, 1),
        ("above", 1, -1),
        ("below", 1, 1),
        ("on top of", 1, -1),
        ("under", 1, 1),
    ],
)
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_places_in_the_picture_are_those_that_were_said(first: str, second: str, relation: str, axis: int, sign: int):
    """Left is left and above is above, by more than things are apart the other way."""
    article = "an" if first[0] in "aeiou" else "a"
    one, other = middles(shown(f"{article} {first} {relation} a {second}"), first, second)

    apart = sign * (one - other)[axis]
    assert apart > 8
    assert apart > abs(one - other)[1 - axis]


@pytest.mark.parametrize(("relation", "sign"), [("in front of", -1), ("behind", 1)])
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_depths_in_the_picture_are_those_that_were_said(first: str, second: str, relation: str, sign: int):
    """In front is nearer and behind is farther, and both can be seen."""
    article = "an" if first[0] in "aeiou" else "a"
    one, other = middles(shown(f"{article} {first} {relation} a {second}"), first, second)

    assert sign * (one - other)[2] > 0.02


@pytest.mark.parametrize("sentence", ["A red ball bounces on a beach", "A green ball bounces in a park"])
def test_what_bounces_stays_in_the_picture(sentence: str):
    """From the ground to the top of its hop."""
    film = direct(sentence, catalogue=catalogue(), size=Size(width=SIZE[0], height=SIZE[1]))
    with Renderer(build_stage(film), SIZE, fps=24) as renderer:
        masks = [renderer.draw(1 + k / 12, passes={"ids"}).ids == 1 for k in range(8)]

    assert all(mask.any() for mask in masks)
    assert not any(mask[0].any() or mask[-1].any() for mask in masks)
    heights = [np.nonzero(mask.any(1))[0].mean() for mask in masks]
    assert np.ptp(heights) > 0.1 * SIZE[1]
