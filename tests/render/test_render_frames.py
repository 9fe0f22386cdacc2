"""What a renderer promises of its frames: the same bytes, true passes, and life in bare or crowded stages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from render_stages import FPS, SIZE, Drift, box, stage_with, still

from vitascope.render import Renderer, RenderError, describe_adapter
from vitascope.world.material import Material
from vitascope.world.stage import PointLight, Thing, Water

TAN_30 = np.tan(np.radians(30.0))


def drifting(speed: float = 1.2) -> Thing:
    """A block that crosses the picture."""
    return Thing(
        name="block", mesh=box(1, 1, 1), materials=(Material(base=(0.7, 0.2, 0.1)),), motion=Drift((-1.0, 0.0, -6.0), speed),
        moving=True, subject=1,
    )  # fmt: skip


def test_the_same_moment_gives_the_same_bytes_in_any_order():
    """Frames do not depend on what was drawn before them, nor on the renderer that draws them."""
    stage = stage_with(
        still(box(8, 0.2, 20), (0, -1, -8), ground=True), drifting(), look={"grain": 0.5, "motion_blur": 0.5}
    )
    with Renderer(stage, SIZE, fps=FPS) as one, Renderer(stage, SIZE, fps=FPS) as other:
        forward = [one.draw(k / FPS).colour for k in (0, 5, 11)]
        backward = [other.draw(k / FPS).colour for k in (11, 5, 0)][::-1]
        streamed = [frame.colour for frame in one.frames(k / FPS for k in (0, 5, 11))]

    for a, b, c in zip(forward, backward, streamed, strict=True):
        assert np.array_equal(a, b)
        assert np.array_equal(a, c)


def test_depth_is_metres_along_the_view_axis_and_infinite_in_the_sky(drawn):
    """A wall that fills the middle of the picture at 5 m is 5 m away in all its pixels."""
    frame = drawn(stage_with(still(box(2, 2, 1), (0, 0, -5.5))), passes={"depth"})

    wall = frame.depth[35:55, 65:95]
    assert np.allclose(wall, 5.0, rtol=1e-4)
    assert np.isinf(frame.depth[2, 2])


def test_ids_number_the_subjects_and_glass_counts(drawn):
    """The nearest subject owns a pixel, a window pane before another subject included."""
    pane = still(box(1, 4, 0.05), (1.5, 0, -4), Material(opacity=0.3, surface="glass"), subject=7)
    frame = drawn(stage_with(still(box(6, 1, 1), (0, 0, -6), subject=3), pane), passes={"ids"})

    assert frame.ids.dtype == np.uint16
    assert frame.ids[45, 60] == 3
    assert frame.ids[45, 110] == 7
    assert frame.ids[2, 2] == 0


def test_x_is_right_and_y_is_up(drawn):
    """A thing at positive x and y lies in the right upper quarter, counted in rows from the top."""
    frame = drawn(stage_with(still(box(1, 1, 1), (1.6, 1.2, -5), subject=1)), passes={"ids"})

    rows, columns = np.nonzero(frame.ids)
    assert rows.max() < SIZE[1] / 2
    assert columns.min() > SIZE[0] / 2


def test_motion_of_a_pan_is_known(drawn):
    """Turning the camera by a small angle moves the middle of the picture by that angle in pixels."""
    step = np.radians(1.0)

    def camera(t: float) -> np.ndarray:
        a = t * FPS * step
        turn = np.eye(4)
        turn[:3, :3] = [[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]]
        return turn

    frame = drawn(stage_with(still(box(40, 40, 1), (0, 0, -8)), camera=camera), passes={"motion"})

    expected = -np.tan(step) / TAN_30 * SIZE[1] / 2
    assert frame.motion[45, 80] == pytest.approx([expected, 0.0], abs=0.05)


def test_motion_of_a_moving_thing_is_known(drawn):
    """A block that goes right was, one frame before, left of where it is."""
    frame = drawn(stage_with(drifting(2.4)), t=0.4, passes={"motion", "ids"})

    moved = frame.motion[frame.ids == 1][:, 0]
    assert np.median(moved) == pytest.approx(-2.4 / FPS / 5.5 / TAN_30 * SIZE[1] / 2, rel=0.03)


def test_what_stands_still_has_no_motion(drawn):
    """With a fixed camera and a fixed thing all vectors are nothing."""
    frame = drawn(stage_with(still(box(2, 2, 1), (0, 0, -5))), passes={"motion"})

    assert np.abs(frame.motion).max() < 0.01


def test_things_throw_shadows(drawn):
    """The floor under a floating block is darker than the floor beside it."""
    floor = still(box(30, 0.2, 30), (0, -2, -8), ground=True)
    open_floor = drawn(stage_with(floor)).colour.astype(int)
    under = drawn(stage_with(floor, still(box(2, 0.3, 2), (-0.5, -1.2, -6.5)))).colour.astype(int)

    assert (open_floor - under)[60:, :].max() > 40


def test_a_large_lamp_makes_a_soft_highlight(drawn):
    """On polished ground the brightest spot under a wide source is dimmer than under a point that sends as much light."""
    floor = still(box(8, 0.2, 8), (0, -1.1, -5), Material(base=(0.05, 0.05, 0.05), clearcoat=1.0, roughness=0.4))
    plain = stage_with(floor)

    def lit_by(size: float):
        lamp = PointLight(position=(0.0, 0.6, -6.5), colour=(0.3, 0.3, 0.3), reach=9.0, size=size)
        return replace(plain, snapshot=lambda t: replace(plain.snapshot(t), lights=(lamp,)))

    point, wide = (int(drawn(lit_by(size)).colour[50:, 60:100].max()) for size in (0.0, 1.0))
    assert wide < point - 10


def test_windows_are_lit_only_after_dark(drawn):
    """By day a lit window is a dark pane; under a dark sky it shines."""
    pane = stage_with(
        still(box(4, 3, 0.2), (0, 0, -6), Material(base=(1, 0.7, 0.4), surface="lit_window", emission=1.0))
    )

    def darkened(t: float):
        here = pane.snapshot(t)
        night = replace(
            here.sky, zenith=(0.002, 0.003, 0.008), horizon=(0.005, 0.008, 0.01), sun_colour=(0.0, 0.0, 0.0)
        )
        return replace(here, sky=night)

    by_day, by_night = (drawn(s).colour[35:55, 70:90].mean() for s in (pane, replace(pane, snapshot=darkened)))
    assert by_day < 100 < by_night


def test_wet_ground_mirrors_what_shines(drawn):
    """Before a glowing red wall level ground is redder when it is wet than when it is dry."""
    floor = still(box(8, 0.2, 8), (0, -1.1, -5), Material(base=(0.1, 0.1, 0.1), surface="asphalt", roughness=0.9))
    wall = still(box(4, 3, 0.2), (0, 0.5, -7), Material(base=(1, 0, 0), surface="emissive", emission=2.0))
    dry = stage_with(floor, wall)

    def rained_on(t: float):
        here = dry.snapshot(t)
        return replace(here, air=replace(here.air, wetness=1.0))

    before, after = (drawn(s).colour[60:85, 60:100].astype(float) for s in (dry, replace(dry, snapshot=rained_on)))
    redness = [(c[..., 0] - c[..., 2]).mean() for c in (before, after)]
    assert redness[1] > redness[0] + 10


def test_a_bare_stage_is_sky(drawn):
    """No things at all is a picture of the sky, not an error."""
    frame = drawn(stage_with(), passes={"depth", "ids", "motion"})

    assert frame.colour.shape == (90, 160, 3)
    assert frame.colour[0].mean() > 30
    assert np.isinf(frame.depth).all()


def test_things_behind_the_camera_and_far_away_do_no_harm(drawn):
    """What cannot be seen is not drawn, and what is cut by the near plane is cut."""
    around = [still(box(1, 1, 1), p) for p in ((0, 0, 9), (900, 0, 0), (0, 0, -0.2), (0, -5000, 0))]
    frame = drawn(stage_with(*around, still(box(1, 1, 1), (0, 0, -6), subject=2)), passes={"ids"})

    assert frame.ids.max() in (0, 2)


@pytest.mark.parametrize("style", ["anime", "flat", "clay", "noir", "watercolour", "pixel", "sketch"])
def test_every_style_draws_the_same_stage_differently(drawn, style):
    """A style changes the picture, never the passes."""
    things = still(box(8, 0.2, 20), (0, -1, -8), ground=True), still(box(1, 1, 1), (0, 0, -5), subject=1)
    plain = drawn(stage_with(*things), passes={"ids"})
    styled = drawn(stage_with(*things, style=style), passes={"ids"})

    assert np.abs(plain.colour.astype(int) - styled.colour).mean() > 2
    assert np.array_equal(plain.ids, styled.ids)


def test_faults_are_told_in_one_sentence():
    """Unknown adapters, styles, grades, surfaces and passes name what was given and what is known."""
    with pytest.raises(RenderError, match="No graphics adapter is called 'abacus'"):
        describe_adapter("abacus")
    with pytest.raises(RenderError, match="no style 'cubist'; known are cinematic"):
        Renderer(stage_with(style="cubist"), SIZE, fps=FPS)
    with pytest.raises(RenderError, match="no grade 'mud'"):
        Renderer(stage_with(look={"grade": "mud"}), SIZE, fps=FPS)
    with pytest.raises(RenderError, match="'velvet'"):
        Renderer(stage_with(still(box(1, 1, 1), (0, 0, -5), Material(surface="velvet"))), SIZE, fps=FPS)
    with Renderer(stage_with(), SIZE, fps=FPS) as renderer, pytest.raises(RenderError, match="no pass 'normals'"):
        renderer.draw(0.0, {"normals"})


def test_a_machine_without_adapters_is_told_what_to_install(monkeypatch):
    """Where there is no adapter the sentence names the package that brings a software one."""

    class Bare:
        def enumerate_adapters_sync(self):
            return []

    monkeypatch.setattr("vitascope.render.gpu._instance", Bare)
    with pytest.raises(RenderError, match="mesa-vulkan-drivers"):
        describe_adapter()


def test_passes_see_the_surface_of_water(drawn):
    """Over deep water the depth pass holds the distance to its level, the id pass the set, and a still camera no motion."""
    bed = still(box(400, 1, 400), (0, -60, 0), subject=3, ground=True)
    water = Water(level=-2.0, wave_height=0.002, shore=False, foam=0.0)
    frame = drawn(stage_with(bed, water=water), 0.0, passes=("depth", "ids", "motion"))
    rows = np.arange(SIZE[1] // 2 + 12, SIZE[1])
    slope = (2 * (rows + 0.5) / SIZE[1] - 1) * TAN_30
    assert np.allclose(frame.depth[rows, SIZE[0] // 2], 2.0 / slope, rtol=0.02)
    assert (frame.ids[rows] == 0).all()
    assert np.abs(frame.motion[rows]).max() < 0.01
