"""What plates promise: they hold the picture before the lens and before tone, and finishing them again is the same picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from render_stages import FPS, SIZE, Drift, box, stage_with, still

from vitascope.render import Grader, Renderer, RenderError
from vitascope.world.material import Material
from vitascope.world.stage import Stage, Thing

SHOWN = (1 / FPS, 2 / FPS, 3 / FPS)


def scene(style: str = "cinematic", **look) -> Stage:
    """A floor, a bright block and one that flies by and smears."""
    floor = still(box(8, 0.2, 20), (0, -1, -8), Material(surface="soil"), ground=True)
    bright = still(box(0.6, 0.6, 0.6), (1.2, 0, -4), Material(base=(0.9, 0.8, 0.7), emission=4.0), subject=2)
    block = Thing(
        name="block", mesh=box(1, 1, 1), materials=(Material(base=(0.7, 0.2, 0.1)),), motion=Drift((-3.0, 0.0, -6.0), 24.0),
        moving=True, subject=1,
    )  # fmt: skip
    finish = {"motion_blur": 0.5, "grain": 0.3, **look}
    return stage_with(floor, bright, block, style=style, look=finish, seed=70_001)


def test_plates_do_not_change_the_picture(drawn):
    """A frame with plates and passes has the colours of one without."""
    with Renderer(scene(), SIZE, fps=FPS) as renderer:
        plain = renderer.draw(SHOWN[0])
        full = renderer.draw(SHOWN[0], passes={"ids"}, plates={"light", "composed"})

    assert plain.light is None
    assert plain.composed is None
    assert np.array_equal(plain.colour, full.colour)
    assert set(np.unique(full.ids)) == {0, 1, 2}


def test_the_light_plate_is_the_picture_before_the_lens():
    """Motion blur and grade leave it as it is; the composed plate has the blur in it, but no grade."""
    plates = []
    for look in ({}, {"grade": "vintage"}, {"motion_blur": 0.0}):
        with Renderer(scene(**look), SIZE, fps=FPS) as renderer:
            plates.append(renderer.draw(SHOWN[0], plates=("light", "composed")))
    first, graded, sharp = plates

    assert first.light.shape == first.composed.shape == (SIZE[1], SIZE[0], 3)
    assert np.isfinite(first.light.view(np.float16)).all()
    assert np.array_equal(first.light, graded.light)
    assert np.array_equal(first.light, sharp.light)
    assert np.array_equal(first.composed, graded.composed)
    assert not np.array_equal(first.composed, sharp.composed)


def test_the_light_plate_shows_what_is_solid():
    """A pane of glass before everything is in the picture, not in the plate."""
    pane = still(box(9, 9, 0.05), (0, 0, -3), Material(surface="glass", opacity=0.5))
    frames = []
    for things in (scene().things, (*scene().things, pane)):
        with Renderer(replace(scene(), things=things), SIZE, fps=FPS) as renderer:
            frames.append(renderer.draw(SHOWN[0], plates=("light",)))

    assert np.array_equal(frames[0].light, frames[1].light)
    assert not np.array_equal(frames[0].colour, frames[1].colour)


@pytest.mark.parametrize(
    ("style", "supersample"), [("cinematic", 1.0), ("cinematic", 1.5), ("watercolour", 1.0), ("pixel", 1.0)]
)
def test_grading_a_plate_again_is_drawing_the_stage_with_that_look(style, supersample):
    """Grade, grain and vignette are applied to kept plates bit for bit as to a stage that is drawn."""
    stage = scene(style)
    look = {**stage.look, "grade": "teal-orange", "grain": 0.8, "vignette": 1.0}
    with Renderer(stage, SIZE, fps=FPS, supersample=supersample) as renderer:
        kept = [frame.composed for frame in renderer.frames(SHOWN, plates=("composed",))]
    with Renderer(replace(stage, look=look), SIZE, fps=FPS, supersample=supersample) as renderer:
        expected = [frame.colour for frame in renderer.frames(SHOWN)]

    with Grader(SIZE, style, look=look, fps=FPS, seed=stage.seed, supersample=supersample) as grader:
        graded = [frame.colour for frame in grader.frames(zip(SHOWN, kept, strict=True))]
        alone = grader.draw(SHOWN[1], kept[1]).colour

    assert np.array_equal(graded, expected)
    assert np.array_equal(alone, expected[1])


def test_plates_that_do_not_fit_are_told_in_one_sentence():
    """Unknown plates and plates of another size name what was given and what is allowed."""
    with Renderer(stage_with(), SIZE, fps=FPS) as renderer, pytest.raises(RenderError, match="no plate 'paint'"):
        renderer.draw(0.0, plates={"paint"})
    with (
        Grader(SIZE, "cinematic", look={}, fps=FPS) as grader,
        pytest.raises(RenderError, match=r"shape \(9, 16, 3\) .* \(90, 160, 3\)"),
    ):
        grader.draw(0.0, np.zeros((9, 16, 3), np.uint16))
