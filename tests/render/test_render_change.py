"""What differs between two stages, and that what is drawn of it is all there is to draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from render_stages import FPS, SIZE, Drift, box, stage_with, still

from vitascope.render import EVERYTHING, Changes, Kept, Region, Renderer, RenderError
from vitascope.world.material import Material
from vitascope.world.sky import Sky
from vitascope.world.stage import PointLight, Snapshot, Stage, Thing, Water

NOW = 3 / FPS
NOTHING = Region(0, 0, 0, 0)
BRICK = Material(base=(0.5, 0.2, 0.1), surface="brick")


def block(material: Material = BRICK, *, speed: float = 2.0, side: float = 1.2) -> Thing:
    """The subject: a block that drifts through the middle of the picture."""
    return Thing(
        name="block", mesh=box(side, side, side), materials=(material,), motion=Drift((-0.4, 0.1, -6.0), speed), moving=True,
        subject=1,
    )  # fmt: skip


def as_it_is(s: Snapshot) -> Snapshot:
    """Nothing changed."""
    return s


def scene(
    subject: Thing | None = None,
    *others: Thing,
    at: Callable[[Snapshot], Snapshot] = as_it_is,
    drift: str = "",
    **fields,
) -> Stage:
    """The subject among bricks on soil; `at` changes its moments."""
    floor = still(box(30, 0.2, 30), (0, -1.2, -10), Material(surface="soil"), ground=True)
    wall = still(box(2, 1.4, 0.4), (2.2, -0.4, -7), BRICK, subject=2)
    stage = stage_with(floor, wall, subject or block(), *others, look={"motion_blur": 0.5, "drift": drift}, **fields)
    plain = stage.snapshot
    return replace(stage, snapshot=lambda t: at(plain(t)))


def stormy(s: Snapshot) -> Snapshot:
    """Rain under clouds at dusk, with two lamps."""
    lamps = (
        PointLight(position=(0.5, 1.0, -4.5), colour=(4.0, 3.0, 2.0), reach=6.0),
        PointLight(position=(-2.0, 0.5, -6.0), colour=(1.0, 2.0, 4.0), reach=3.0),
    )
    air = replace(s.air, rain=0.8, wetness=0.6, mist=0.4, density=0.01)
    return replace(s, sky=replace(s.sky, cloud_cover=0.5, cirrus=0.4, sea_of_clouds=-0.9), air=air, lights=lamps)


def sunken(s: Snapshot) -> Snapshot:
    """Under water."""
    return replace(s, air=replace(s.air, underwater=True, density=0.05), sky=Sky())


PANE = still(box(1.5, 1.5, 0.05), (0.6, 0, -4.5), Material(surface="glass", opacity=0.3, roughness=0.05))
SEA = Water(level=-0.8, wave_height=0.1, shore=False)


def stages(name: str, colour: tuple[float, float, float]) -> Stage:
    """Three stages that have all passes between them, with a block of a colour."""
    subject = block(replace(BRICK, base=colour))
    return {
        "storm": lambda: scene(subject, at=stormy, drift="leaves"),
        "sea": lambda: scene(subject, PANE, water=SEA),
        "reef": lambda: scene(subject, water=Water(level=4.0), at=sunken),
    }[name]()


@pytest.mark.parametrize("name", ["storm", "sea", "reef"])
def test_a_recoloured_thing_is_drawn_alone_as_in_the_whole(name):
    """With the old plate kept outside the region that differs, the picture has the bytes of one that is drawn in full."""
    old, new = stages(name, (0.5, 0.2, 0.1)), stages(name, (0.1, 0.3, 0.6))
    region = Changes(old, new, fps=FPS, size=SIZE).region(NOW)
    assert isinstance(region, Region)
    assert 0 < region.width * region.height < SIZE[0] * SIZE[1] / 5
    with Renderer(old, SIZE, fps=FPS) as renderer:
        kept = Kept(light=renderer.draw(NOW, plates={"light"}).light, region=region)
    with Renderer(new, SIZE, fps=FPS) as renderer:
        full = renderer.draw(NOW, {"ids"}, plates={"light", "composed"})
        again = renderer.draw(NOW, {"ids"}, plates={"light", "composed"}, kept=kept)
        streamed = [frame.colour for frame in renderer.frames((NOW, NOW), kept=lambda t: kept)]

    assert not np.array_equal(full.light, kept.light)
    for part in ("light", "composed", "colour", "ids"):
        assert np.array_equal(getattr(full, part), getattr(again, part)), part
    assert np.array_equal(streamed, [full.colour, full.colour])


@pytest.mark.parametrize("name", ["storm", "sea"])
def test_any_region_can_be_drawn_again(name):
    """Regions with odd corners, at the edge and over sky, come out as in the whole, whatever the plate held there."""
    with Renderer(stages(name, (0.5, 0.2, 0.1)), SIZE, fps=FPS) as renderer:
        full = renderer.draw(NOW, plates={"light"})
        for region in (Region(61, 33, 43, 31), Region(151, 77, 9, 13), Region(0, 3, 57, 11)):
            spoiled = full.light.copy()
            spoiled[region.y : region.bottom, region.x : region.right] = 0x4000
            again = renderer.draw(NOW, plates={"light"}, kept=Kept(light=spoiled, region=region))

            assert np.array_equal(again.light, full.light)
            assert np.array_equal(again.colour, full.colour)


def test_frames_in_turn_hand_out_their_light_whole():
    """Drawn in full, over a kept plate and with nothing to light: one after another, each plate is that of its own moment."""
    times, regions = (NOW, NOW + 1 / FPS, NOW + 2 / FPS, NOW + 3 / FPS), (None, Region(61, 33, 43, 31), NOTHING, None)
    with Renderer(stages("storm", (0.5, 0.2, 0.1)), SIZE, fps=FPS) as renderer:
        full = {t: renderer.draw(t, plates={"light"}).light for t in times}
        kept = {t: r and Kept(light=full[t], region=r) for t, r in zip(times, regions, strict=True)}
        again = list(renderer.frames(times * 2, plates={"light"}, kept=lambda t: kept[t]))

    assert not np.array_equal(full[times[0]], full[times[2]])
    for t, frame in zip(times * 2, again, strict=True):
        assert np.array_equal(frame.light, full[t]), t


def test_where_only_the_lens_differs_the_light_is_kept():
    """Without motion blur the region is empty, and the kept plate is all that later steps need."""
    old, new = scene(), replace(scene(), look={**scene().look, "motion_blur": 0.0})
    region = Changes(old, new, fps=FPS, size=SIZE).region(NOW)
    with Renderer(old, SIZE, fps=FPS) as renderer:
        kept = Kept(light=renderer.draw(NOW, plates={"light"}).light, region=NOTHING)
    with Renderer(new, SIZE, fps=FPS) as renderer:
        full, again = renderer.draw(NOW).colour, renderer.draw(NOW, kept=kept).colour

    assert region == NOTHING
    assert np.array_equal(full, again)


def difference(old: Stage, new: Stage, t: float = NOW):
    return Changes(old, new, fps=FPS, size=SIZE).region(t)


def test_what_is_built_twice_does_not_differ():
    """Equal values are equal, whether or not they are the same objects."""
    assert difference(scene(at=stormy), scene(at=stormy)) is None


@pytest.mark.parametrize(("key", "value"), [("grade", "warm"), ("grain", 0.9), ("vignette", 1.0)])
def test_finishing_is_no_difference_of_what_is_composed(key, value):
    """Grade, grain and vignette are left to a grader."""
    old = scene()

    assert difference(old, replace(old, look={**old.look, key: value})) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda s: replace(s, look={**s.look, "depth_of_field": 0.9}),
        lambda s: replace(s, look={**s.look, "drift": "leaves"}),
        lambda s: replace(s, water=Water(level=-3.0)),
        lambda s: replace(s, seed=7),
        lambda s: scene(at=lambda m: replace(m, lens=replace(m.lens, focus_distance=3.0))),
    ],
)
def test_what_comes_after_the_light_is_an_empty_region(change):
    """Lens, water and what drifts in the air are drawn over the kept light."""
    assert difference(scene(), change(scene())) == NOTHING


@pytest.mark.parametrize(
    "change",
    [
        lambda: scene(style="clay"),
        lambda: scene(focus=(1.0, 0.0, 0.0)),
        lambda: scene(at=lambda m: replace(m, exposure=1.2)),
        lambda: scene(at=stormy),
        lambda: scene(block(speed=2.5)),
        lambda: scene(block(side=1.3)),
        lambda: scene(replace(block(), casts_shadow=False)),
        lambda: scene(block(replace(BRICK, opacity=0.5))),
        lambda: scene(block(), block()),
        lambda: replace(scene(), look={"unheard": 1.0}),
    ],
)
def test_what_may_show_anywhere_is_everything(change):
    """Style, light, shapes, poses and shadows are compared, not followed."""
    assert difference(scene(), change()) == EVERYTHING


def test_a_pose_that_differs_only_before_leaves_the_light():
    """Motion is what later steps see of the moment before."""

    class Starting(Drift):
        def at(self, t: float):
            return super().at(max(t, NOW))

    still_before = replace(block(), motion=Starting((-0.4, 0.1, -6.0), 2.0))

    assert difference(scene(), scene(still_before)) == NOTHING
    assert difference(scene(), scene(still_before), NOW - 1 / FPS) == EVERYTHING
    assert difference(scene(), scene(still_before), NOW + 1 / FPS) is None


def test_only_what_is_painted_otherwise_is_in_the_region():
    """Another colour of the upper side of the block is a region that holds no more than that side."""
    plain = block(speed=0.0)
    colours = plain.mesh.colours.copy()
    colours[(plain.mesh.normals[:, 1] > 0.9)] = 0.2
    painted = replace(plain, mesh=replace(plain.mesh, colours=colours))
    whole = difference(scene(plain), scene(block(replace(BRICK, base=(0, 0, 1)), speed=0.0)))
    upper = difference(scene(plain), scene(painted))

    assert isinstance(whole, Region)
    assert isinstance(upper, Region)
    assert whole.common(upper) == upper
    assert upper.height < whole.height / 2


@pytest.mark.parametrize("place", [(0, 0, 9), (30, 0, -6), (-30, 0, -6), (0, 30, -6)])
def test_what_is_not_in_the_picture_makes_no_difference(place):
    """Another colour of something behind or beside the camera is nothing to draw."""
    old, new = still(box(1, 1, 1), place), still(box(1, 1, 1), place, Material(base=(0, 0, 1)))

    assert difference(scene(block(), old), scene(block(), new)) is None


def test_wet_ground_below_a_thing_belongs_to_it():
    """On wet ground the region goes down to the lower edge, as wide as the mirror image is."""
    dry, wet = (
        difference(scene(at=at), scene(block(replace(BRICK, base=(0, 0, 1))), at=at))
        for at in (as_it_is, lambda m: replace(m, air=replace(m.air, wetness=0.5)))
    )

    assert isinstance(dry, Region)
    assert isinstance(wet, Region)
    assert wet.common(dry) == dry
    assert wet.bottom == SIZE[1]
    assert wet.width < dry.width + 12


def test_another_shader_for_what_stays_the_same_is_everything():
    """Panes share one shader; a pane of another kind has them all drawn by another, which may round otherwise."""
    other = replace(PANE, materials=(replace(PANE.materials[0], surface="ice"),))

    assert difference(scene(block(), PANE, PANE), scene(block(), PANE, other)) == EVERYTHING


def test_a_region_outside_of_the_picture_is_told_in_one_sentence():
    """The sentence names the region and the picture."""
    plate = np.zeros((SIZE[1], SIZE[0], 3), np.uint16)
    with (
        Renderer(stage_with(), SIZE, fps=FPS) as renderer,
        pytest.raises(RenderError, match=r"150, 80, 20, 20.*160x90"),
    ):
        renderer.draw(0.0, kept=Kept(light=plate, region=Region(150, 80, 20, 20)))
