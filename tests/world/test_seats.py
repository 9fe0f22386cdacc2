"""How people sit on vehicles: hands where these are held, feet on pedals, heads under roofs. Measured on built stages."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from vitascope.director import direct
from vitascope.recipe import catalogue
from vitascope.world.build import build_stage
from vitascope.world.people.frame import BONES
from vitascope.world.stage import Stage, Thing

CLOSED = sorted(
    name for name, r in catalogue().recipes.items() if r.driver is not None and r.parameters.get("house") is not None
)


@cache
def stage_of(prompt: str, seed: int = 0) -> Stage:
    return build_stage(direct(prompt, catalogue=catalogue(), wordnet=None, seed=seed))


def thing(stage: Stage, name: str) -> Thing:
    return next(t for t in stage.things if t.name == name)


def in_vehicle(stage: Stage, vehicle: str, points: np.ndarray, t: float) -> np.ndarray:
    """Points (K, 3) of the world in the space of a vehicle."""
    matrix = thing(stage, vehicle).motion.at(t).transforms[0].astype(float)
    return (np.linalg.inv(matrix) @ np.c_[points, np.ones(len(points))].T).T[:, :3]


def skin(stage: Stage, name: str, t: float) -> np.ndarray:
    """(V, 3) every point of a body in the world."""
    body = thing(stage, name)
    pose, mesh = body.motion.at(t), body.mesh
    assert pose.joints is not None
    assert mesh.joints is not None
    assert mesh.weights is not None
    rest = np.c_[mesh.positions, np.ones(len(mesh.positions))]
    moved = np.einsum("vk,vkij,vj->vi", mesh.weights, pose.joints[mesh.joints], rest)
    return (pose.transforms[0] @ np.c_[moved[:, :3], np.ones(len(moved))].T).T[:, :3]


def bones(stage: Stage, name: str, *wanted: str, t: float) -> np.ndarray:
    """(B, 3) heads of bones of a person in the vehicle-free world."""
    motion = thing(stage, name).motion
    world, joints = motion.joints(t)  # type: ignore[attr-defined]
    return np.array([(world @ joints[BONES.index(b)][:, 3])[:3] for b in wanted])


@pytest.mark.parametrize("vehicle", CLOSED)
@pytest.mark.parametrize("seed", [0, 2])
def test_heads_are_under_the_roof_and_behind_glass(vehicle: str, seed: int):
    """No part of the driver comes through roof or door; the eyes are over the belt, where windows are."""
    stage = stage_of(f"a {vehicle.replace('_', ' ')} drives along a road", seed)
    name = stage.subject_names[0]
    body = in_vehicle(stage, name, skin(stage, "driver", 1.0), 1.0)
    eyes = in_vehicle(stage, name, bones(stage, "driver", "eye_l", "eye_r", t=1.0), 1.0)
    house = catalogue().recipe(vehicle).parameters["house"]

    assert body[:, 1].max() < house["roof"] + 0.01
    assert body[:, 0].max() < house["half"][0] + 0.03
    assert eyes[:, 1].min() > house["belt"] + 0.05
    assert house["rear"][1] < eyes[:, 2].min()
    assert eyes[:, 2].max() < house["front"][0]


@pytest.mark.parametrize("vehicle", ["convertible", "tractor", "motorcycle", "scooter", "bicycle", "motor boat"])
def test_hands_are_on_the_wheel_or_the_handlebar(vehicle: str):
    """Within a fist of the grips, at every moment."""
    place = "sails on a lake" if vehicle == "motor boat" else "drives along a road"
    stage = stage_of(f"a {vehicle} {place}")
    who = stage.subject_names[1]
    motion = thing(stage, stage.subject_names[0]).motion
    for t in (0.0, 1.3, 2.9):
        wrists = bones(stage, who, "hand_l", "hand_r", t=t)
        grips = np.array([motion.socket(f"grip_{side}", t)[:3, 3] for side in ("left", "right")])  # type: ignore[attr-defined]
        assert np.linalg.norm(wrists - grips, axis=1).max() < 0.13, t


def test_feet_turn_the_pedals():
    """The soles are on the pedals as these go round; both feet rise and sink."""
    stage = stage_of("A man rides a bicycle")
    motion = thing(stage, "bicycle").motion
    heights = []
    for t in np.linspace(1.0, 3.0, 9):
        ankles = bones(stage, "man", "foot_l", "foot_r", t=t)
        pedals = np.array([motion.socket(f"foot_{side}", t)[:3, 3] for side in ("left", "right")])  # type: ignore[attr-defined]
        assert np.linalg.norm(ankles - pedals, axis=1).max() < 0.22
        heights.append(ankles[:, 1] - pedals.mean(0)[1])

    assert np.ptp(np.array(heights), axis=0).min() > 0.12


def test_legs_of_who_drives_an_open_car_are_in_it():
    """Nothing of the body is under the floor or outside the doors."""
    stage = stage_of("A red vintage convertible drives along a coastal road at sunset")
    body = in_vehicle(stage, "convertible", skin(stage, "driver", 1.0), 1.0)

    assert body[:, 1].min() > 0.2
    assert np.abs(body[:, 0]).max() < 0.9


def test_a_rower_looks_back():
    """Who rows faces the stern."""
    stage = stage_of("a rowing boat sails across a lake")
    ahead = thing(stage, "rowing_boat").motion.at(1.0).transforms[0][:3, 2]
    rower = thing(stage, "rower").motion.at(1.0).transforms[0][:3, 2]

    assert float(ahead @ rower) < -0.9
