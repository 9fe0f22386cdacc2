"""What does not depend on a stage is made once for the process."""

from __future__ import annotations

import numpy as np
import pytest
from render_stages import box, stage_with, still

from vitascope.render import Renderer
from vitascope.render.gpu import Gpu
from vitascope.world.stage import Water


def test_a_second_renderer_of_the_same_kind_compiles_nothing(monkeypatch: pytest.MonkeyPatch):
    """Clouds, water and weather of another stage are drawn by the pipelines that are there, and look as before."""
    stage = stage_with(still(box(1.0, 1.0, 1.0), (0.0, 0.5, -4.0)), water=Water(level=-0.5))
    with Renderer(stage, (64, 36), fps=24.0) as renderer:
        first = renderer.draw(0.0).colour
    made: list[str] = []
    device = type(Gpu().device)
    for name in ("create_render_pipeline", "create_compute_pipeline"):
        create = getattr(device, name)
        monkeypatch.setattr(
            device, name, lambda self, _name=name, _create=create, **k: made.append(_name) or _create(self, **k)
        )

    with Renderer(
        stage_with(still(box(2.0, 1.0, 1.0), (0.0, 0.5, -4.0)), water=Water(level=-0.5)), (64, 36), fps=24.0
    ) as other:
        other.draw(0.0)
    with Renderer(stage, (64, 36), fps=24.0) as renderer:
        again = renderer.draw(0.0).colour

    assert made == []
    assert np.array_equal(again, first)
