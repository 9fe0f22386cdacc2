"""Vehicles and buildings of the library: what every recipe of these folders promises, and how vehicles drive and fly."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from importlib.resources import files

import numpy as np
import pytest

from vitascope.film import Action, Attributes, Placement, Span, Subject
from vitascope.recipe import catalogue, read_yaml
from vitascope.world.blueprint import Body
from vitascope.world.families import family
from vitascope.world.role import Performance, Role
from vitascope.world.track import Ground, track_of

LIBRARY = files("vitascope.recipe") / "library"
FLAT = Ground(height=lambda x, z: np.zeros(np.shape(x)), surface=lambda x, z: "asphalt")


def names_in(folder: str, *only: str) -> list[str]:
    return [
        row["name"]
        for file in sorted((LIBRARY / folder).iterdir(), key=lambda f: f.name)
        if file.name.endswith(".yaml") and (not only or file.name in only)
        for row in read_yaml(file)
    ]


OURS = (
    names_in("vehicles")
    + names_in("buildings")
    + names_in("props", "furniture.yaml", "tableware.yaml", "round_things.yaml")
)


def driven(
    name: str, *path: tuple[float, float, float], verb: str = "drive", **role: object
) -> tuple[Performance, Role]:
    recipe = catalogue().recipe(name)
    actions = (Action(verb=verb, span=Span(start=Fraction(0), end=Fraction(4)), path=path),) if path else ()
    subject = Subject(id="it", recipe=name, name=name, placement=Placement(facing=0.0), actions=actions)
    part = Role(
        subject=subject, recipe=recipe, number=1, track=track_of(subject, duration=4.0), ground=FLAT, duration=4.0, seed=5, **role  # type: ignore[arg-type]
    )  # fmt: skip
    kind = family(recipe.family)
    return kind.perform(kind.build(recipe, Attributes(), seed=5), part), part


@cache
def plain_body(name: str) -> Body:
    recipe = catalogue().recipe(name)
    return family(recipe.family).build(recipe, Attributes(), seed=1)


@pytest.mark.parametrize("name", OURS)
def test_a_thing_is_whole_and_has_its_size(name: str):
    """Finite, unit normals that agree with the triangles, size within 15 %, base at height zero, within its budget."""
    recipe = catalogue().recipe(name)
    mesh = plain_body(name).mesh
    low, high = mesh.positions.min(0), mesh.positions.max(0)
    a, b, c = (mesh.positions[mesh.indices[:, k]].astype(float) for k in range(3))
    face = np.cross(b - a, c - a)
    agree = np.einsum("ij,ij->i", face, mesh.normals[mesh.indices].mean(1).astype(float)) > -1e-12

    assert np.isfinite(mesh.positions).all()
    assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-3)
    assert agree.mean() > 0.99
    assert np.abs((high - low) / np.array(recipe.size) - 1).max() <= 0.15
    assert abs(low[1]) <= 0.02 * recipe.size[1] + 1e-4
    assert len(mesh.positions) < (4000 if recipe.kind == "prop" else 12000)


@pytest.mark.parametrize("name", OURS)
def test_a_recipe_uses_words_that_the_library_knows(name: str):
    """Verbs and colours exist, words are lower case, and sockets that are promised are there."""
    recipe, library = catalogue().recipe(name), catalogue()
    body = plain_body(name)

    assert set(recipe.verbs) <= set(library.verbs)
    assert recipe.colour in library.colours
    assert all(word == word.lower() for word in recipe.words)
    assert recipe.wordnet
    assert set(recipe.sockets) <= set(body.sockets)


def test_wheels_roll_without_slip():
    """A wheel turns by distance over radius: its lowest point stands still on the road."""
    motion, role = driven("sedan", (0, 0, 20))
    wheel = motion.motion.wheels[0]  # type: ignore[attr-defined]
    t, dt = 2.0, 1e-3
    way = role.track.distance(t + dt) - role.track.distance(t)
    body = motion.motion.body  # type: ignore[attr-defined]
    hub = next(bone.head for bone in body.skeleton.bones if bone.name == wheel.bone)

    def at(time: float) -> np.ndarray:
        return motion.motion.joint(wheel.bone, time)  # type: ignore[attr-defined]

    touching = np.linalg.inv(at(t)) @ np.array([hub[0], 0.0, (at(t) @ [*hub, 1.0])[2], 1.0])
    slip = np.linalg.norm((at(t + dt) @ touching - at(t) @ touching)[:3])
    assert way > 0.004
    assert slip < 0.03 * way


def test_front_wheels_steer_into_the_curve():
    """On a curve to the left the front wheels turn left, by the angle of the single-track model."""
    angle = np.linspace(0, np.pi / 2, 12)[1:]
    path = tuple((10 - 10 * float(np.cos(a)), 0.0, 10 * float(np.sin(a))) for a in angle)
    motion, role = driven("sedan", *path)
    base = np.ptp([*catalogue().recipe("sedan").parameters["axles"]])

    assert motion.motion.steering(2.0) == pytest.approx(np.arctan(base / 10.0), abs=0.05)  # type: ignore[attr-defined]
    assert role.track.heading(3.0) > role.track.heading(1.0)


def test_cars_stand_with_their_wheels_on_a_slope():
    """The pitch of a car that climbs one in ten is that of the road."""
    recipe = catalogue().recipe("sedan")
    slope = Ground(height=lambda x, z: 0.1 * np.asarray(z, float), surface=lambda x, z: "asphalt")
    subject = Subject(id="it", recipe="sedan", name="car")
    role = Role(
        subject=subject,
        recipe=recipe,
        number=1,
        track=track_of(subject, duration=2.0),
        ground=slope,
        duration=2.0,
        seed=0,
    )
    kind = family("car")
    car = kind.perform(kind.build(recipe, Attributes(), seed=0), role)

    ahead = car.motion.at(0.5).transforms[0, :3, 2]
    assert ahead[1] / ahead[2] == pytest.approx(0.1, abs=1e-3)


def test_lamps_of_a_car_are_lit_at_night_only():
    """Two head lamps that look ahead and two tail lamps, at night."""
    day, _ = driven("convertible", (0, 0, 20))
    night, _ = driven("convertible", (0, 0, 20), night=1.0)
    assert day.lights is not None
    assert night.lights is not None

    assert day.lights(1.0) == ()
    lamps = night.lights(1.0)
    assert len(lamps) == 4
    assert sum(lamp.direction is not None and lamp.direction[2] > 0.9 for lamp in lamps) == 2
    assert night.extras
    assert not day.extras


def test_engines_are_heard_and_parked_cars_are_not():
    """A driven car has an engine and tyres; one that stands has neither."""
    driving, _ = driven("bus", (0, 0, 30))
    standing, _ = driven("bus")

    assert {source.name for source in driving.sources} == {"engine.bus", "tyres.asphalt"}
    assert standing.sources == ()


def test_two_wheelers_lean_into_corners():
    """A bicycle in a left curve leans left, by about atan(v^2 / (g r))."""
    angle = np.linspace(0, np.pi / 2, 12)[1:]
    path = tuple((10 - 10 * float(np.cos(a)), 0.0, 10 * float(np.sin(a))) for a in angle)
    motion, role = driven("bicycle", *path, verb="ride")
    matrix = motion.motion.at(2.0).transforms[0]
    left = matrix[:3, 0]
    speed = role.track.speed(2.0)

    assert left[1] < 0
    assert np.arcsin(-left[1]) == pytest.approx(np.arctan(speed**2 / (9.81 * 10)), abs=0.06)


def test_a_drone_banks_into_turns_and_its_rotors_spin():
    """In a left turn the left side goes down; neighbouring rotors turn against each other."""
    angle = np.linspace(0, np.pi, 16)[1:]
    path = tuple((6 - 6 * float(np.cos(a)), 3.0, 6 * float(np.sin(a))) for a in angle)
    motion, _ = driven("drone", *path, verb="fly")
    left = np.array([motion.motion.at(t).transforms[0, 1, 0] for t in np.linspace(1, 3, 20)])
    spins = {s.bone: s.rate for s in motion.motion.spins}  # type: ignore[attr-defined]

    assert left.mean() < -0.02
    assert spins["rotor_a"] * spins["rotor_b"] < 0
    assert sum("blur" in thing.name for thing in motion.extras) == 4


def test_windows_are_lit_at_night_only():
    """A house has glowing panes after dark and none by day."""
    day, _ = driven("house")
    night, _ = driven("house", night=1.0)

    assert not [thing for thing in day.extras if "light" in thing.name]
    assert [thing for thing in night.extras if "light" in thing.name]


def test_buildings_stand_level_on_a_footing():
    """Where the land falls away under a house it stays upright and gets a plinth down to the lowest ground."""
    slope = Ground(height=lambda x, z: 0.2 * np.asarray(x, float), surface=lambda x, z: "grass")
    recipe = catalogue().recipe("house")
    subject = Subject(id="it", recipe="house", name="house")
    role = Role(
        subject=subject,
        recipe=recipe,
        number=1,
        track=track_of(subject, duration=2.0),
        ground=slope,
        duration=2.0,
        seed=0,
    )
    kind = family("building")
    house = kind.perform(kind.build(recipe, Attributes(), seed=0), role)
    plinth = next(thing for thing in house.extras if "footing" in thing.name)

    assert house.motion.at(0.0).transforms[0, 1, 1] == pytest.approx(1.0)
    assert plinth.mesh.positions[:, 1].min() < -0.6


def test_the_sails_of_a_windmill_turn():
    """They turn about their axle and carry nothing else with them."""
    mill, _ = driven("windmill", wind=(5.0, 0.0, 0.0))
    a, b = mill.motion.at(0.0).joints, mill.motion.at(1.0).joints

    assert a is not None
    assert b is not None
    assert not np.allclose(a[1], b[1])
    assert np.allclose(a[0], b[0])


EVERYDAY = (
    "bicycle", "sedan", "motorcycle", "aeroplane", "bus", "train", "truck", "rowing_boat", "bench", "bottle", "wine_glass", "cup",
    "fork", "knife", "spoon", "bowl", "chair", "sofa", "bed", "table", "vase", "ball", "kite", "skateboard",
)  # fmt: skip


def test_everyday_classes_exist():
    """What the common picture data sets name is in the library."""
    assert set(EVERYDAY) <= set(catalogue().recipes)
