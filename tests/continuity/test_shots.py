"""Digests of shots: recalled for a document that was seen before, worked out for any other."""

from __future__ import annotations

import inspect
import re
from fractions import Fraction
from pathlib import Path

import pytest

import vitascope.world
from vitascope.continuity import ShotDigests, StageDigest, Store
from vitascope.continuity.shots import HEARD
from vitascope.film import Attributes, Cue, Film, Look, Set, Shot, Size, Span, Subject, frame_time
from vitascope.world.build import build_stage

SHOT = Shot(
    id="shot",
    duration=Fraction(2),
    set=Set(place="studio"),
    subjects=(Subject(id="cube", recipe="cube", name="cube", attributes=Attributes(colour="red")),),
)
FILM = Film(size=Size(width=128, height=128), fps=Fraction(30_000, 1001), shots=(SHOT,))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path, limit=10_000_000)


def never_built(digests: ShotDigests) -> bool:
    return "stage" not in vars(digests)


def test_digests_are_those_of_the_stage(store: Store) -> None:
    """Frame and plate of a number are what the stage gives at the time of that frame."""
    digest = StageDigest(build_stage(FILM))
    times = [float(frame_time(n, FILM.fps)) for n in range(5, 9)]

    found = ShotDigests(FILM, SHOT, store=store)

    assert found.frames(5, 4) == tuple(digest.frame(t, float(FILM.fps)) for t in times)
    assert found.plates(5, 4) == tuple(digest.plate(t, float(FILM.fps)) for t in times)


def test_a_shot_that_was_seen_before_is_not_built_again(store: Store) -> None:
    """The second time the store answers, also when only what is heard, the title or another shot has changed."""
    known = ShotDigests(FILM, SHOT, store=store).frames(0, 3)
    louder = SHOT.model_copy(
        update={"cues": (Cue(kind="music", span=Span(start=Fraction(0), end=Fraction(1)), text="calm"),)}
    )
    again = FILM.model_copy(update={"title": "Cube", "shots": (louder, SHOT.model_copy(update={"id": "other"}))})

    digests = ShotDigests(again, louder, store=store)

    assert digests.frames(0, 3) == known
    assert never_built(digests)


@pytest.mark.parametrize("change", ["shot", "seed", "size", "rate"])
def test_another_document_is_looked_at_anew(store: Store, change: str) -> None:
    """Another look, seed, size or rate never takes the answers of this one."""
    ShotDigests(FILM, SHOT, store=store).frames(0, 2)
    shot = SHOT.model_copy(update={"look": Look(style="clay")}) if change == "shot" else SHOT
    changes = {"seed": {"seed": 5}, "size": {"size": Size(width=256, height=128)}, "rate": {"fps": Fraction(24)}}
    film = FILM.model_copy(update=changes.get(change, {}))

    digests = ShotDigests(film, shot, store=store)
    digests.frames(0, 2)

    assert not never_built(digests)


def test_another_finish_is_another_frame_of_the_same_plate(store: Store) -> None:
    """Grade and grain change the digests of frames, not those of plates, and no stage is built to tell."""
    known = ShotDigests(FILM, SHOT, store=store)
    known.plates(0, 2)
    graded = SHOT.model_copy(update={"look": Look(grade="sepia", grain=0.9)})

    digests = ShotDigests(FILM, graded, store=store)

    assert digests.plates(0, 2) == known.plates(0, 2)
    assert not set(digests.frames(0, 2)) & set(known.frames(0, 2))
    assert never_built(digests)
    assert digests.frames(0, 2) == ShotDigests(FILM, graded, store=Store(store.folder / "empty", limit=10**7)).frames(
        0, 2
    )


def test_without_a_store_that_keeps_nothing_is_lost(tmp_path: Path) -> None:
    """Where nothing can be kept, the digests are the same."""
    (tmp_path / "file").write_text("in the way")
    lost = Store(tmp_path / "file", limit=10_000_000)
    kept = Store(tmp_path / "kept", limit=10_000_000)

    assert ShotDigests(FILM, SHOT, store=lost).frames(0, 2) == ShotDigests(FILM, SHOT, store=kept).frames(0, 2)
    assert lost.trouble is not None


def test_what_is_heard_is_read_by_no_picture() -> None:
    """No source of the world reads the cues or the levels of a shot but those of the soundscape."""
    folder = Path(vitascope.world.__file__).parent
    pattern = re.compile(rf"\.({'|'.join(HEARD)})\b")
    reading = {path.name for path in folder.rglob("*.py") if pattern.search(path.read_text(encoding="utf-8"))}

    assert reading <= {"hearing.py", "written.py", "build.py"}
    assert "shot.cues" not in inspect.getsource(build_stage)
