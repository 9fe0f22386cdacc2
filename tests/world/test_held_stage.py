"""What an edit does not name stays where it was in the stage: camera, clothes, sun, and everybody else's motion."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from vitascope.director import direct
from vitascope.film import (
    AddSubject,
    AttributesChange,
    Change,
    ChangeCamera,
    ChangeSet,
    ChangeSubject,
    Edit,
    Film,
    Placement,
    RemoveSubject,
    Retime,
    ShotOperation,
    Subject,
    WeatherChange,
    apply,
)
from vitascope.recipe import catalogue
from vitascope.world.build import build_stage
from vitascope.world.stage import Stage

MOMENTS = (0.0, 1.3, 2.5, 3.9)
CAT = Subject(id="cat", recipe="cat", name="cat", placement=Placement(position=(0.5, 0.0, 1.0)))


@pytest.fixture(scope="module")
def film() -> Film:
    return direct("a woman and a dog walk across a meadow", catalogue=catalogue(), seconds=Fraction(5), wordnet=None)


@pytest.fixture(scope="module")
def stage(film: Film) -> Stage:
    return build_stage(film)


def after(film: Film, *operations: ShotOperation) -> Stage:
    return build_stage(apply(film, Edit(operations=tuple(Change(what=o) for o in operations))))


def same_camera(a: Stage, b: Stage) -> bool:
    return all(
        np.array_equal(a.snapshot(t).lens.world_from_camera, b.snapshot(t).lens.world_from_camera)
        and a.snapshot(t).lens.fov_y == b.snapshot(t).lens.fov_y
        for t in MOMENTS
    )


def same_body(a: Stage, b: Stage, name: str) -> bool:
    one, two = (next(thing for thing in s.things if thing.name == name) for s in (a, b))
    poses = [(one.motion.at(t), two.motion.at(t)) for t in MOMENTS]
    return (
        np.array_equal(one.mesh.positions, two.mesh.positions)
        and one.materials == two.materials
        and all(
            np.array_equal(p.transforms, q.transforms)
            and (p.joints is None or np.array_equal(p.joints, np.asarray(q.joints)))
            for p, q in poses
        )
    )


@pytest.mark.parametrize(
    "operation",
    [
        AddSubject(subject=CAT),
        RemoveSubject(subject="dog"),
        ChangeSubject(subject="dog", attributes=AttributesChange(scale=1.6)),
        ChangeSubject(subject="dog", recipe="horse"),
        ChangeSubject(subject="dog", attributes=AttributesChange(colour="black")),
        ChangeSet(weather=WeatherChange(rain=0.8)),
    ],
    ids=lambda operation: operation.op,
)
def test_the_camera_and_the_woman_stay(film: Film, stage: Stage, operation: ShotOperation):
    """Whatever is done to the dog, to the cast or to the weather moves neither camera nor shadows nor anybody else."""
    edited = after(film, operation)

    assert same_camera(edited, stage)
    assert (edited.focus, edited.reach) == (stage.focus, stage.reach)
    assert same_body(edited, stage, "woman")


def test_the_sun_stays_when_the_camera_goes_round(film: Film, stage: Stage):
    """Seen from another side, the same light."""
    edited = after(film, ChangeCamera(azimuth=110.0))

    assert not same_camera(edited, stage)
    assert np.array_equal(edited.snapshot(1.0).sky.sun_direction, stage.snapshot(1.0).sky.sun_direction)


def test_the_camera_of_a_shot_that_goes_on_goes_the_same_way(film: Film, stage: Stage):
    """Where the longer shot takes over, its camera and its walkers are where they were."""
    longer = build_stage(apply(film, Edit(operations=(Retime(shot=film.shots[0].id, duration=8, how="extend"),))))

    assert same_camera(longer, stage)
    assert same_body(longer, stage, "woman")


def test_who_leaves_and_comes_back_is_the_same(film: Film, stage: Stage):
    """A subject is its document: put back, it is bit for bit the one that was there."""
    dog = next(s for s in film.shots[0].subjects if s.id == "dog")

    back = after(film, RemoveSubject(subject="dog"), AddSubject(subject=dog))

    assert same_camera(back, stage)
    assert same_body(back, stage, "dog")
