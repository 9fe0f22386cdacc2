"""Drawing holds on to nothing: a long film needs no more memory than a short one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from render_stages import FPS, box, stage_with, still

from vitascope.render import Renderer
from vitascope.world.stage import Air, Stage, Water

STATUS = Path("/proc/self/status")


def held() -> float:
    """Megabytes that this process holds."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


def in_rain(stage: Stage) -> Stage:
    """The same stage in the rain."""
    return replace(stage, snapshot=lambda t: replace(stage.snapshot(t), air=Air(rain=0.8)))


@pytest.mark.skipif(not STATUS.is_file(), reason="only Linux tells what a process holds in /proc")
@pytest.mark.parametrize("weather", ["dry", "rain"])
def test_frames_leave_nothing_behind(weather: str) -> None:
    """Forty frames of water, with and without rain, hold less than 4 MB more than ten: a tenth of a megabyte each."""
    stage = stage_with(still(box(2, 2, 2), (0, 0, -6)), water=Water(level=-0.6, wave_height=0.3))

    with Renderer(stage if weather == "dry" else in_rain(stage), (64, 36), fps=FPS) as renderer:
        for _ in renderer.frames(k / FPS for k in range(10)):
            pass
        before = held()
        for _ in renderer.frames(k / FPS for k in range(10, 50)):
            pass

    assert held() - before < 4.0
