"""A small stage in which every kind of value occurs, none of them missing, and ways to change one value of it at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.sky import Sky
from vitascope.world.stage import Air, Lens, PointLight, Pose, Snapshot, Stage, Still, Thing, Water

FPS = 24.0


@dataclass(frozen=True)
class Drift:
    """A motion along x from `pose`, `speed` metres a second."""

    pose: Pose
    speed: float

    def at(self, t: float) -> Pose:
        moved = self.pose.transforms.copy()
        moved[:, 0, 3] += self.speed * t
        return replace(self.pose, transforms=moved)


def body(joint_count: int = 2) -> Mesh:
    corners = np.array([[-1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 1.0, 0.5]])
    joints = np.arange(16, dtype=np.uint8).reshape(4, 4) % joint_count
    weights = np.full((4, 4), 0.25, np.float32)
    return Mesh.of(corners, np.array([[0, 1, 2], [1, 3, 2], [0, 2, 3]]), sway=0.5, joints=joints, weights=weights)


def ground() -> Mesh:
    corners = np.array([[-9.0, 0.0, -9.0], [9.0, 0.0, -9.0], [9.0, 0.0, 9.0], [-9.0, 0.0, 9.0]])
    return Mesh.of(corners, np.array([[0, 2, 1], [0, 3, 2]]))


def pose_at(x: float, y: float, z: float, **fields: Any) -> Pose:
    matrix = np.eye(4, dtype=np.float32)
    matrix[:3, 3] = x, y, z
    return Pose(transforms=matrix[None], tints=np.array([[1.0, 0.9, 0.8]], np.float32), **fields)


def moment_of(t: float) -> Snapshot:
    """What is to be seen at `t`, with a value in every field that may have none."""
    view = np.eye(4)
    view[:3, 3] = 0.0, 1.5, 6.0
    lamp = PointLight(position=(1.0, 2.0, 1.0), colour=(3.0, 2.0, 1.0), direction=(0.0, -1.0, 0.0), beam=0.5)
    sky = Sky(sea_of_clouds=-50.0, plain=(0.4, 0.5, 0.6), bolt=(10.0, -200.0, 3.0, 0.5), cloud_cover=0.0, cirrus=0.0)
    return Snapshot(
        time=t,
        world_time=t,
        lens=Lens(world_from_camera=view, fov_y=0.9),
        sky=sky,
        air=Air(wetness=0.2),
        lights=(lamp,),
    )


def small_stage(**changes: Any) -> Stage:
    joints = np.tile(np.eye(4, dtype=np.float32), (2, 1, 1))
    colours = np.ones((1, 3), np.float32)
    things = (
        Thing(
            name="ground", mesh=ground(), materials=(Material(surface="soil"),), motion=Still(pose_at(0.0, -0.5, 0.0)),
            ground=True, tints=colours, bounds_radius=20.0,
        ),
        Thing(
            name="body", mesh=body(), materials=(Material(), Material(pattern="spots")), moving=True, subject=1, tints=colours,
            motion=Drift(pose_at(0.0, 0.0, 0.0, joints=joints), 0.5), bounds_radius=3.0,
        ),
    )  # fmt: skip
    look = {
        "grain": 0.1,
        "vignette": 0.4,
        "grade": "neutral",
        "depth_of_field": 0.2,
        "motion_blur": 0.5,
        "drift": "dust",
    }
    given: dict[str, Any] = {
        "name": "small", "duration": 4.0, "things": things, "snapshot": moment_of, "soundscape": lambda: None,
        "water": Water(level=-0.2), "look": look, "subject_names": ("body",), "ground_height": lambda x, z: 0 * x,
    }  # fmt: skip
    return Stage(**{**given, **changes})


def variants(value: Any) -> Iterator[tuple[str, Any]]:
    """Every way to change one leaf of `value`, with the name of the field that holds it; functions are left alone."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            for name, changed in variants(getattr(value, field.name)):
                yield f"{type(value).__name__}.{field.name}{name}", replace(value, **{field.name: changed})
    elif isinstance(value, Mapping):
        for key, held in value.items():
            for name, changed in variants(held):
                yield f"[{key}]{name}", {**value, key: changed}
    elif isinstance(value, tuple) and value and is_dataclass(value[0]):
        for k, held in enumerate(value):
            for name, changed in variants(held):
                yield f"[{k}].{name}", (*value[:k], changed, *value[k + 1 :])
        yield "[]", value[:-1]
    elif not callable(value):
        yield "", _changed(value)


def _changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, tuple):
        return (*value[:-1], _changed(value[-1]))
    if isinstance(value, np.ndarray):
        array = value.copy()
        array.flat[-1] += 1
        return array
    assert value is None
    return 0.5
