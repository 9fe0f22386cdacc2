"""Drawing holds on to nothing: a long film needs no more memory than a short one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from render_stages import FPS, box, stage_with, still

from vitascope.render import Renderer
from vitascope.world.sky import Sky
from vitascope.world.stage import Air, PointLight, Stage, Water

STATUS = Path("/proc/self/status")


def held() -> float:
    """Megabytes that this process holds."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


DRY = Air()
RAIN = Air(rain=0.8, wetness=0.9)
MIST = Air(mist=0.5, snow=0.4, snow_cover=0.6)
STORM = Sky(overcast=0.8, storm=0.7, cirrus=0.4)
ROUNDS = 4
"""Other threads of the process may take memory, too, but not in each round; what frames leave behind grows in each."""
BREEZE, GALE = 0.3, 2.4
"""Metres from trough to crest."""
LAMPS = (PointLight(position=(0.0, 2.0, -4.0), colour=(4.0, 3.0, 2.0), direction=(0.0, -1.0, 0.0), beam=0.5),)


def at_sea(waves: float, air: Air, sky: Sky | None = None, lights: tuple[PointLight, ...] = ()) -> Stage:
    """A box in the sea."""
    stage = stage_with(still(box(2, 2, 2), (0, 0, -6)), water=Water(level=-0.6, wave_height=waves))
    return replace(
        stage,
        snapshot=lambda t: replace(stage.snapshot(t), air=air, sky=sky or stage.snapshot(t).sky, lights=lights),
    )


@pytest.mark.skipif(not STATUS.is_file(), reason="only Linux tells what a process holds in /proc")
@pytest.mark.parametrize(
    "stage",
    [at_sea(BREEZE, DRY), at_sea(BREEZE, MIST), at_sea(GALE, RAIN, STORM), at_sea(BREEZE, RAIN, lights=LAMPS)],
    ids=["breeze", "mist", "storm", "lamps"],
)
def test_frames_leave_nothing_behind(stage: Stage) -> None:
    """Forty more frames hold less than 4 MB more, a tenth of a megabyte each: at once, or after what else was under way."""
    grown = []
    with Renderer(stage, (64, 36), fps=FPS) as renderer:
        for _ in renderer.frames(k / FPS for k in range(10)):
            pass
        for _ in range(ROUNDS):
            before = held()
            for _ in renderer.frames(k / FPS for k in range(10, 50)):
                pass
            grown.append(held() - before)
            if grown[-1] < 4.0:
                break

    assert min(grown) < 4.0, grown
