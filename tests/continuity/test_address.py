"""Addresses: whatever can change a picture changes its address, and what is left as it was keeps it."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from small_stage import FPS, moment_of, small_stage, variants

import vitascope.render
from vitascope.continuity import Making, StageDigest, chunk_address, plate_address, remembering
from vitascope.continuity.address import FINISHING, UNDRAWN
from vitascope.film import Attributes, Camera, Film, Set, Shot, Size, Subject, TimeKey
from vitascope.render import Renderer
from vitascope.world.build import build_stage
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.sky import Sky
from vitascope.world.stage import Air, Lens, PointLight, Pose, Snapshot, Stage, Thing, Water

VALUES = (Stage, Thing, Mesh, Material, Pose, Snapshot, Lens, Air, Sky, PointLight, Water)
FUNCTIONS = {"Stage.snapshot", "Stage.soundscape", "Stage.ground_height"}
T = 1.0
MAKING = Making(engine=b"engine", adapter="a processor", size=(128, 128), fps=Fraction(24))


def frame(stage: Stage, t: float = T) -> bytes:
    return StageDigest(stage).frame(t, FPS)


def plate(stage: Stage, t: float = T) -> bytes:
    return StageDigest(stage).plate(t, FPS)


def fields_in(path: str) -> list[str]:
    """Each "Type.field" of a path through a stage."""
    return re.findall(r"[A-Z]\w*\.[a-z_]+", path)


def uncounted() -> set[str]:
    return {f"{kind.__name__}.{name}" for kind, names in UNDRAWN.items() for name in names}


def picture(stage: Stage, t: float = T) -> np.ndarray:
    with Renderer(stage, (96, 64), fps=FPS) as renderer:
        return renderer.draw(t).colour


def test_every_field_counts_that_is_not_known_to_be_left_unread() -> None:
    """Changing any one value of a stage, a moment or a pose changes the address, except the fields declared undrawn."""
    stage = small_stage()
    address = frame(stage)
    found = {
        path: frame(changed) != address
        for path, changed in (
            *variants(stage),
            *((name, replace(stage, snapshot=lambda t, m=m: m)) for name, m in variants(moment_of(T))),
        )
    }

    reached = {name for path in found for name in fields_in(path)}
    assert {f"{kind.__name__}.{f.name}" for kind in VALUES for f in fields(kind)} - FUNCTIONS <= reached
    assert {fields_in(path)[-1] for path, noticed in found.items() if not noticed} == uncounted() - FUNCTIONS


def test_fields_that_do_not_count_change_no_picture() -> None:
    """A stage in which every undrawn field differs is drawn the same, to the bit."""
    stage = small_stage()
    things = tuple(replace(thing, name=thing.name + " other") for thing in stage.things)
    changes = {
        "name": "other", "duration": 9.0, "soundscape": lambda: 1, "subject_names": (), "ground_height": None, "indoor": True
    }  # fmt: skip
    assert changes.keys() == UNDRAWN[Stage]

    other = replace(stage, things=things, **changes)

    assert frame(other) == frame(stage)
    assert np.array_equal(picture(other), picture(stage))


def test_the_renderer_reads_no_field_that_does_not_count() -> None:
    """No source of the renderer names one, but for the duration, whose moments in common count."""
    folder = Path(vitascope.render.__file__).parent
    read = {
        (path.name, name)
        for path in folder.glob("*.py")
        for kind, names in UNDRAWN.items()
        for name in names
        if re.search(rf"\b_?{kind.__name__.lower()}\.{name}\b", path.read_text(encoding="utf-8"))
    }

    assert read == {("frame.py", "duration")}


def test_of_the_moment_before_only_the_camera_the_clock_and_the_poses_count() -> None:
    """Sky, air, lamps and exposure of the frame before change neither picture nor address; its camera changes both."""
    stage = small_stage()

    def other_weather(t: float) -> Snapshot:
        moment = moment_of(t)
        if t == T:
            return moment
        air = replace(moment.air, colour=(0.9, 0.1, 0.1), density=0.05)
        return replace(moment, air=air, sky=replace(moment.sky, zenith=(1.0, 0.0, 0.0)), exposure=3.0, lights=())

    def other_camera(t: float) -> Snapshot:
        moment = moment_of(t)
        return moment if t == T else replace(moment, lens=replace(moment.lens, fov_y=1.0))

    weather, camera = replace(stage, snapshot=other_weather), replace(stage, snapshot=other_camera)

    shown = picture(stage)
    assert np.array_equal(picture(weather), shown)
    assert not np.array_equal(picture(camera), shown)
    assert frame(camera) != frame(stage)
    assert frame(weather) == frame(stage)


def test_what_only_the_finishing_reads_leaves_the_plate() -> None:
    """Grade, grain and vignette change the frame and not the plate; every other key of the look changes both."""
    stage = small_stage()
    for key, value in stage.look.items():
        other = replace(stage, look={**stage.look, key: f"{value}1" if isinstance(value, str) else value + 0.1})

        assert frame(other) != frame(stage), key
        assert (plate(other) == plate(stage)) == (key in FINISHING), key


def test_order_and_time_count() -> None:
    """The order of things, the time of a frame and the rate of the film each give another address."""
    stage = small_stage()
    turned = replace(stage, things=stage.things[::-1])

    assert frame(turned) != frame(stage)
    assert len({StageDigest(stage).frame(t, fps) for t in (1.0, 1.25) for fps in (24.0, 25.0)}) == 4


def test_an_equal_stage_of_other_objects_has_the_same_address() -> None:
    """Only values count: two stages made alike share the addresses of all their moments, wrapped in a memory or not."""
    one, two = StageDigest(small_stage()), StageDigest(remembering(small_stage(), 4))

    for k in range(12):
        assert one.frame(k / 24, FPS) == two.frame(k / 24, FPS)


def test_a_stage_that_remembers_works_each_moment_out_once() -> None:
    """Poses and snapshots are those of the stage itself; what was asked for lately is not asked for again."""
    asked: list[float] = []

    def snapshot(t: float) -> Snapshot:
        asked.append(t)
        return moment_of(t)

    stage = small_stage(snapshot=snapshot)
    kept = remembering(stage, 3)
    for t in (0.0, 1.0, 0.0, 1.0):
        assert np.array_equal(kept.things[1].motion.at(t).transforms, stage.things[1].motion.at(t).transforms)
        assert kept.snapshot(t).time == t

    assert asked == [0.0, 1.0]
    assert kept.things[1].motion.at(1.0) is kept.things[1].motion.at(1.0)
    assert kept.things[0] is stage.things[0]


def test_a_chunk_has_the_address_of_all_that_made_it() -> None:
    """Engine, adapter, size, rate, quality, label, each frame and each share in a blend change it; equal parts do not."""
    frames = [[(1.0, b"a")], [(0.5, b"a"), (0.5, b"b")]]
    address = chunk_address(MAKING, frames, quality="standard", label="AI generated")
    others = [
        chunk_address(replace(MAKING, **{name: value}), frames, quality="standard", label="AI generated")
        for name, value in (("engine", b"other"), ("adapter", "b"), ("size", (128, 130)), ("fps", Fraction(25)))
    ]
    others += [
        chunk_address(MAKING, frames, quality="draft", label="AI generated"),
        chunk_address(MAKING, frames, quality="standard", label=None),
        chunk_address(MAKING, frames[:1], quality="standard", label="AI generated"),
        chunk_address(MAKING, frames[::-1], quality="standard", label="AI generated"),
        chunk_address(MAKING, [frames[0], [(0.6, b"a"), (0.4, b"b")]], quality="standard", label="AI generated"),
        plate_address(MAKING, b"a"),
        plate_address(replace(MAKING, adapter="b"), b"a"),
    ]

    assert chunk_address(MAKING, tuple(map(tuple, frames)), quality="standard", label="AI generated") == address
    assert len({address, *others}) == len(others) + 1


def film_of(*hours: float, seconds: int = 5) -> Film:
    """A red cube whose hour of the day goes through `hours`, one a second."""
    keys = tuple(TimeKey(at=Fraction(k), hour=hour) for k, hour in enumerate(hours))
    shot = Shot(
        id="shot",
        duration=Fraction(seconds),
        set=Set(place="desert", hours=keys),
        subjects=(Subject(id="cube", recipe="cube", name="cube", attributes=Attributes(colour="red")),),
        camera=Camera(framing="full"),
    )
    return Film(size=Size(width=128, height=128), fps=Fraction(24), silent=True, shots=(shot,))


def chunks_of(film: Film) -> list[bytes]:
    digest = StageDigest(build_stage(film))
    seconds = round(film.duration)
    return [
        chunk_address(
            MAKING,
            [[(1.0, digest.frame(k / 24, FPS))] for k in range(24 * s, 24 * s + 24)],
            quality="draft",
            label=None,
        )
        for s in range(seconds)
    ]


@pytest.fixture(scope="module")
def chunks() -> list[bytes]:
    return chunks_of(film_of(14.0, 14.0, 14.0, 14.0, 14.0, 14.0))


def test_a_film_built_again_has_the_same_addresses(chunks: list[bytes]) -> None:
    """The same document gives the same chunks, and each second of them is another one."""
    assert chunks_of(film_of(14.0, 14.0, 14.0, 14.0, 14.0, 14.0)) == chunks
    assert len(set(chunks)) == 5


def test_a_change_after_three_seconds_leaves_the_first_three(chunks: list[bytes]) -> None:
    """Where the hour moves on from the third second, the chunks before keep their addresses and those after do not."""
    later = chunks_of(film_of(14.0, 14.0, 14.0, 14.0, 15.0, 16.0))

    assert [a == b for a, b in zip(later, chunks, strict=True)] == [True, True, True, False, False]


def test_a_recoloured_subject_changes_every_chunk(chunks: list[bytes]) -> None:
    """What is seen all the time has its part in all addresses."""
    film = film_of(14.0, 14.0, 14.0, 14.0, 14.0, 14.0)
    cube = film.shots[0].subjects[0].model_copy(update={"attributes": Attributes(colour="blue")})
    blue = film.model_copy(update={"shots": (film.shots[0].model_copy(update={"subjects": (cube,)}),)})

    assert not set(chunks_of(blue)) & set(chunks)
