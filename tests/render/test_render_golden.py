"""Stored pictures of small stages. `VITASCOPE_REGENERATE=1 pytest -m golden` draws them anew; look before you commit."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from render_stages import box, stage_with, still

from vitascope.render import describe_adapter
from vitascope.world.material import Material
from vitascope.world.stage import Stage

GOLDEN = Path(__file__).parent / "golden"


def surfaces() -> Stage:
    """Brick, rosettes on fur, car paint and glass on soil, in sun."""
    floor = still(box(30, 0.2, 30), (0, -1.2, -10), Material(base=(0.2, 0.15, 0.1), surface="soil"), ground=True)
    fur = Material(
        base=(0.6, 0.45, 0.25), surface="fur", pattern="rosettes", pattern_colour=(0.04, 0.03, 0.02), pattern_scale=0.3
    )
    kinds = (
        Material(base=(0.45, 0.16, 0.1), surface="brick"), fur, Material(base=(0.6, 0.02, 0.02), surface="car_paint"),
        Material(base=(0.7, 0.8, 0.8), surface="glass", opacity=0.4, roughness=0.05),
    )  # fmt: skip
    blocks = [still(box(1.1, 2, 1.1), (1.6 * k - 2.4, -0.1, -6), kind, subject=k + 1) for k, kind in enumerate(kinds)]
    return stage_with(floor, *blocks)


def anime() -> Stage:
    """The same in steps of light with ink."""
    plain = surfaces()
    return stage_with(*plain.things, style="anime")


@pytest.mark.golden
@pytest.mark.parametrize("make", [surfaces, anime])
def test_pictures_are_as_stored(drawn, make):
    """A stage looks as it did; a few levels of difference are allowed between versions of the driver."""
    if "llvmpipe" not in describe_adapter():
        pytest.skip("stored pictures are of the software adapter")
    picture = drawn(make()).colour
    file = GOLDEN / f"{make.__name__}.png"
    if os.environ.get("VITASCOPE_REGENERATE"):
        Image.fromarray(picture).save(file)

    stored = np.asarray(Image.open(file)).astype(int)
    assert np.abs(stored - picture).mean() < 2.0
