"""Small stages with known answers, and one renderer for each that the tests of this directory share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from vitascope.render import Renderer
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.sky import Sky
from vitascope.world.stage import Air, Lens, Pose, Snapshot, Stage, Still, Thing

FPS = 24
SIZE = (160, 90)


def box(width: float, height: float, depth: float) -> Mesh:
    """A box centred on the origin."""
    corner = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
    corner *= np.array([width, height, depth]) / 2
    faces = [(1, 5, 7, 3), (4, 0, 2, 6), (5, 4, 6, 7), (0, 1, 3, 2), (3, 7, 6, 2), (0, 4, 5, 1)]
    points = np.concatenate([corner[list(face)] for face in faces])
    triangles = np.concatenate([np.array([[0, 1, 2], [0, 2, 3]]) + 4 * k for k in range(6)])
    sides = points.reshape(6, 4, 3)
    normals = np.repeat(np.cross(sides[:, 1] - sides[:, 0], sides[:, 2] - sides[:, 0]), 4, axis=0)
    return Mesh.of(points, triangles, normals=normals / np.linalg.norm(normals, axis=1, keepdims=True))


def at(x: float, y: float, z: float) -> np.ndarray:
    """(1, 4, 4) transform of one instance moved there."""
    matrix = np.eye(4, dtype=np.float32)
    matrix[:3, 3] = x, y, z
    return matrix[None]


def still(mesh: Mesh, place: tuple[float, float, float], material: Material | None = None, **fields) -> Thing:
    """A thing that stays where it is."""
    pose = Pose(transforms=at(*place))
    return Thing(name="thing", mesh=mesh, materials=(material or Material(),), motion=Still(pose), **fields)


@dataclass(frozen=True)
class Drift:
    """A motion along x at `speed` [m/s] from `start`."""

    start: tuple[float, float, float]
    speed: float

    def at(self, t: float) -> Pose:
        x, y, z = self.start
        return Pose(transforms=at(x + self.speed * t, y, z))


def stage_with(*things: Thing, camera: Callable[[float], np.ndarray] | None = None, **fields) -> Stage:
    """A stage seen from the origin along -z with a field of view of 60 degrees, sharp and without grain."""
    look = {"grain": 0.0, "depth_of_field": 0.0, "motion_blur": 0.0, **fields.pop("look", {})}

    def snapshot(t: float) -> Snapshot:
        matrix = np.eye(4) if camera is None else camera(t)
        lens = Lens(world_from_camera=matrix, fov_y=np.radians(60.0))
        return Snapshot(time=t, world_time=t, lens=lens, sky=Sky(cloud_cover=0.0, cirrus=0.0), air=Air(density=0.0))

    def soundscape():
        raise AssertionError("a renderer must not ask for sound")

    return Stage(
        name="test", duration=2.0, things=things, snapshot=snapshot, soundscape=soundscape, look=look, **fields
    )


@pytest.fixture
def drawn():
    """A function from stage (and time, passes, size) to the frame that a new renderer draws."""

    def draw(stage: Stage, t: float = 0.0, passes=(), size=SIZE):
        with Renderer(stage, size, fps=FPS) as renderer:
            return renderer.draw(t, passes)

    return draw
