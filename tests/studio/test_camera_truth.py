"""Camera moves are what they are called: the VBench-2 rule, computed from the camera and the depth pass of real frames.

The rule projects a grid of pixels of the first frame into the last one and reads the displacement of the middle points of
the four edges (Zheng et al. 2025, "VBench-2.0"). Truck and pan look alike to it, so rotation and position are checked too.
"""

from __future__ import annotations

import numpy as np
import pytest

from vitascope.film import Camera, CameraMove, Film, Set, Shot, Size, Span, Subject, Viewpoint
from vitascope.render import Renderer
from vitascope.world.build import build_stage
from vitascope.world.stage import Lens, Stage

SIZE = Size(width=256, height=144)
SECONDS = 4
GRID = 10


def stage_with(*kinds: str, **camera: object) -> Stage:
    span = Span(start=0, end=SECONDS)
    shot = Shot(
        id="shot",
        duration=SECONDS,
        set=Set(place="meadow"),
        subjects=(Subject(id="box", recipe="box", name="box"),),
        camera=Camera(
            framing="full", azimuth=10.0, moves=tuple(CameraMove(kind=k, span=span) for k in kinds), **camera
        ),
    )
    return build_stage(Film(size=SIZE, silent=True, shots=(shot,)))


def rays(lens: Lens, pixels: np.ndarray) -> np.ndarray:
    """(P, 3) directions in the world, with length 1 along the view axis, of pixels (P, 2) x, y in 0..1."""
    half = np.tan(lens.fov_y / 2)
    local = np.stack(
        [
            (2 * pixels[:, 0] - 1) * half * SIZE.width / SIZE.height,
            (1 - 2 * pixels[:, 1]) * half,
            -np.ones(len(pixels)),
        ],
        1,
    )
    return local @ lens.world_from_camera[:3, :3].T


def seen_at(lens: Lens, points: np.ndarray) -> np.ndarray:
    """(P, 2) pixels x, y of world points, in pixels of the picture."""
    local = (points - lens.world_from_camera[:3, 3]) @ lens.world_from_camera[:3, :3]
    half = np.tan(lens.fov_y / 2)
    x = local[:, 0] / -local[:, 2] / half / (SIZE.width / SIZE.height)
    y = local[:, 1] / -local[:, 2] / half
    return np.stack([(x + 1) / 2 * SIZE.width, (1 - y) / 2 * SIZE.height], 1)


def displacement(stage: Stage, start: float, end: float) -> np.ndarray:
    """(GRID, GRID, 2) how far each point of the grid moves from the frame at `start` to that at `end` [px]."""
    with Renderer(stage, (SIZE.width, SIZE.height), fps=24) as renderer:
        depth = renderer.draw(start, passes={"depth"}).depth
    steps = (np.arange(GRID) + 0.5) / GRID
    grid = np.stack(np.meshgrid(steps, steps), -1).reshape(-1, 2)
    rows, columns = (grid[:, 1] * SIZE.height).astype(int), (grid[:, 0] * SIZE.width).astype(int)
    far = np.minimum(depth[rows, columns], 5000.0)
    lens = stage.snapshot(start).lens
    points = lens.world_from_camera[:3, 3] + rays(lens, grid) * far[:, None]
    return (seen_at(stage.snapshot(end).lens, points) - seen_at(lens, points)).reshape(GRID, GRID, 2)


def labels(stage: Stage) -> set[str]:
    """What the rule calls the move."""
    moved = displacement(stage, 0.0, float(SECONDS))
    least = 0.005 * min(SIZE.width, SIZE.height)
    middle = GRID // 2
    top, bottom, left, right = moved[0, middle], moved[-1, middle], moved[middle, 0], moved[middle, -1]

    def way(value: float, negative: str, positive: str) -> str:
        return positive if value > least else negative if value < -least else "static"

    found = set()
    sideways = [way(p[0], "left", "right") for p in (top, bottom, left, right)]
    upward = [way(p[1], "up", "down") for p in (top, bottom, left, right)]
    if sideways[:2] == ["left", "left"] or sideways[2:] == ["left", "left"]:
        found.add("pan_right")
    if sideways[:2] == ["right", "right"] or sideways[2:] == ["right", "right"]:
        found.add("pan_left")
    if upward[:2] == ["down", "down"]:
        found.add("tilt_up")
    if upward[:2] == ["up", "up"]:
        found.add("tilt_down")
    if (upward[0], upward[1]) == ("up", "down") or (sideways[2], sideways[3]) == ("left", "right"):
        found.add("zoom_in")
    if (upward[0], upward[1]) == ("down", "up") or (sideways[2], sideways[3]) == ("right", "left"):
        found.add("zoom_out")
    if set(sideways + upward) == {"static"}:
        found.add("static")
    if orbits(stage):
        found.add("orbit")
    return found


def orbits(stage: Stage) -> bool:
    """Every 20 frames the upper and the lower rows move in opposite horizontal directions."""
    least = 0.008 * min(SIZE.width, SIZE.height)
    for frame in range(24, 24 * SECONDS - 40, 20):
        moved = displacement(stage, frame / 24, (frame + 20) / 24)
        upper, lower = moved[:3, :, 0].mean(), moved[-3:, :, 0].mean()
        if not (upper * lower < 0 and min(abs(upper), abs(lower)) > least):
            return False
    return True


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("pan_left", "pan_left"),
        ("pan_right", "pan_right"),
        ("tilt_up", "tilt_up"),
        ("tilt_down", "tilt_down"),
        ("zoom_in", "zoom_in"),
        ("zoom_out", "zoom_out"),
        ("dolly_in", "zoom_in"),
        ("dolly_out", "zoom_out"),
        ("truck_left", "pan_left"),
        ("truck_right", "pan_right"),
        ("orbit_left", "orbit"),
        ("orbit_right", "orbit"),
    ],
)
def test_a_move_is_recognised(kind: str, label: str):
    """The rule calls the move by its name."""
    assert label in labels(stage_with(kind))


def test_a_static_camera_is_static():
    """Nothing moves, not by a hundredth of a pixel."""
    assert labels(stage_with()) == {"static"}


def test_pan_turns_and_truck_travels():
    """What the rule cannot tell apart: a pan keeps its place and turns, a truck keeps its direction and travels."""
    pan, truck = stage_with("pan_right"), stage_with("truck_right")

    def pose(stage: Stage, t: float) -> np.ndarray:
        return stage.snapshot(t).lens.world_from_camera

    assert np.allclose(pose(pan, 0)[:3, 3], pose(pan, SECONDS)[:3, 3], atol=1e-6)
    assert not np.allclose(pose(pan, 0)[:3, :3], pose(pan, SECONDS)[:3, :3], atol=0.05)
    assert np.allclose(pose(truck, 0)[:3, :3], pose(truck, SECONDS)[:3, :3], atol=1e-6)
    assert np.linalg.norm(pose(truck, 0)[:3, 3] - pose(truck, SECONDS)[:3, 3]) > 0.2


def test_an_orbit_keeps_its_distance_and_its_aim():
    """The subject stays in the middle, as far away as it was."""
    stage = stage_with("orbit_right")

    poses = [stage.snapshot(t).lens.world_from_camera for t in np.linspace(0, SECONDS, 7)]
    middles = np.array([p[:3, 3] for p in poses])
    centre = np.array(stage.focus)
    spread = np.ptp(np.linalg.norm(middles[:, [0, 2]] - centre[[0, 2]], axis=1))

    assert spread < 0.15 * np.linalg.norm(middles[0] - centre)


def test_moves_begin_and_end_at_rest():
    """The camera eases: its speed at both ends is a small part of its greatest."""
    stage = stage_with("truck_right")
    times = np.linspace(0, SECONDS, 97)

    places = np.array([stage.snapshot(t).lens.world_from_camera[:3, 3] for t in times])
    speed = np.linalg.norm(np.diff(places, axis=0), axis=1)

    assert max(speed[0], speed[-1]) < 0.05 * speed.max()


THERE = Viewpoint(position=(2.0, 1.4, 3.0), aim=(0.2, 0.3, 0.0))


def test_a_camera_stands_where_it_was_put():
    """At every moment it is there, looks at its aim and has its lens; at another distance it is on the same line."""
    still = stage_with(viewpoint=THERE, lens_mm=35.0)
    nearer = stage_with(viewpoint=THERE, distance=0.5)
    line = np.array(THERE.aim) - np.array(THERE.position)

    for t in (0.0, 1.7, SECONDS):
        lens = still.snapshot(t).lens
        assert lens.world_from_camera[:3, 3] == pytest.approx(np.array(THERE.position), abs=1e-6)
        assert -lens.world_from_camera[:3, 2] == pytest.approx(line / np.linalg.norm(line), abs=1e-6)
        assert lens.fov_y == pytest.approx(2 * np.arctan(12 / 35))
    middle = (np.array(THERE.aim) + np.array(THERE.position)) / 2
    assert nearer.snapshot(1.0).lens.world_from_camera[:3, 3] == pytest.approx(middle, abs=1e-6)


def test_moves_depart_from_where_a_camera_was_put():
    """One that circles passes there in the middle of its move, at the same distance all the time."""
    stage = stage_with("orbit_right", viewpoint=THERE)
    places = np.array([stage.snapshot(t).lens.world_from_camera[:3, 3] for t in np.linspace(0, SECONDS, 9)])

    assert places[4] == pytest.approx(np.array(THERE.position), abs=0.02)
    assert np.linalg.norm(places[0] - places[8]) > 1.0
    assert np.ptp(np.linalg.norm(places - np.array(THERE.aim), axis=1)) < 1e-6


def test_a_camera_that_was_put_into_the_ground_stands_on_it():
    """It is lifted as little as it takes; low over the ground it stays where it was put."""
    low = Viewpoint(position=(2.0, 0.2, 3.0), aim=(0.0, 0.3, 0.0))
    below = Viewpoint(position=(2.0, -3.0, 3.0), aim=(0.0, 0.3, 0.0))
    stage = stage_with(viewpoint=below)
    assert stage.ground_height is not None
    floor = float(stage.ground_height(np.array([2.0]), np.array([3.0]))[0])

    lifted = stage.snapshot(1.0).lens.world_from_camera[:3, 3]

    assert 0.0 < lifted[1] - floor < 0.2
    assert stage_with(viewpoint=low).snapshot(1.0).lens.world_from_camera[1, 3] == pytest.approx(0.2, abs=0.05)
