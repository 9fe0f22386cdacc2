"""What is taken from the store, graded again or drawn in part is bit for bit what would have been drawn."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import pytest
from tiny_films import cubes, painted

from vitascope.continuity import StageDigest, Store
from vitascope.film import (
    Change,
    ChangeFilm,
    ChangeLight,
    ChangeLook,
    Edit,
    Film,
    Level,
    Retime,
    SetLevel,
    Span,
    apply,
    layers_at,
)
from vitascope.studio import Progress, make_film
from vitascope.studio.filming import FilmResult
from vitascope.studio.memory import Memory


def packets(path: Path) -> list[bytes]:
    """The pictures of a file as they are encoded."""
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


@pytest.fixture(scope="module")
def folder(_home: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="module")
def memory(folder: Path) -> Iterator[Memory]:
    with Memory(Store(folder / "store", limit=10**9)) as held:
        yield held


@pytest.fixture(scope="module")
def film() -> Film:
    """Three seconds of cubes."""
    return apply(cubes(), Edit(operations=(Retime(shot=cubes().shots[0].id, duration=3, how="extend"),)))


@pytest.fixture(scope="module")
def first(film: Film, folder: Path, memory: Memory) -> FilmResult:
    return make_film(film, folder / "first.mp4", memory=memory)


def made(film: Film, path: Path, memory: Memory, before: Film) -> FilmResult:
    return make_film(film, path, memory=memory, earlier=before)


def drawn_alone(film: Film, path: Path) -> list[bytes]:
    """The packets of the film when nothing is known."""
    with Memory(Store(path.parent / f"{path.stem} alone", limit=10**9)) as nothing:
        return packets(make_film(film, path, memory=nothing).path)


def edited(film: Film, *operations: object) -> Film:
    return apply(film, Edit(operations=operations))  # type: ignore[arg-type]


def test_the_same_film_again_is_drawn_by_nobody(film: Film, first: FilmResult, tmp_path: Path, memory: Memory):
    """All frames are reused, and the pictures are the same bytes."""
    again = made(film, tmp_path / "again.mp4", memory, film)

    assert again.ways == {"reused": 72}
    assert again.chunks == first.chunks
    assert packets(again.path) == packets(first.path)


@pytest.mark.parametrize(
    ("way", "operation"),
    [
        ("graded", Change(what=ChangeLook(grade="sepia", grain=0.4))),
        ("redrawn", painted("red").operations[0]),
        ("drawn", Change(what=ChangeLight(mood="warm"))),
    ],
)
def test_the_cheap_way_gives_the_bytes_of_the_full_one(
    film: Film, first: FilmResult, tmp_path: Path, memory: Memory, way: str, operation: Change
):
    """A grade is finished from plates, a colour is drawn alone, light is drawn anew: each as if nothing had been known."""
    after = edited(film, operation)

    cheap = made(after, tmp_path / "cheap.mp4", memory, film)

    assert cheap.ways == {way: 72}
    assert packets(cheap.path) == drawn_alone(after, tmp_path / "full.mp4")


def from_afar() -> Film:
    """A second of cubes that are small in the picture, as it was written down by hand: in no way edited."""
    shot = cubes().shots[0]
    camera = shot.camera.model_copy(update={"framing": "extreme_wide"})
    return cubes().model_copy(update={"shots": (shot.model_copy(update={"camera": camera}),)})


def kept_bytes(store: Store, kind: str) -> int:
    """The bytes of all entries of a kind."""
    return sum(path.stat().st_size for path in (store.folder / "store-1" / kind).rglob("*") if path.is_file())


def test_one_colour_after_another_is_redrawn_and_kept_as_what_differs(tmp_path: Path):
    """Three in turn have the bytes of full drawings; their light takes less than a quarter of that of the first film."""
    film = from_afar()
    with Memory(Store(tmp_path / "store", limit=10**9)) as memory:
        make_film(film, tmp_path / "first.mp4", memory=memory)
        whole = kept_bytes(memory.store, "light")
        for colour in ("red", "green", "white"):
            after = edited(film, painted(colour).operations[0])
            patches = kept_bytes(memory.store, "light_patch")

            result = made(after, tmp_path / f"{colour}.mp4", memory, film)

            assert result.ways == {"redrawn": 24}
            assert packets(result.path) == drawn_alone(after, tmp_path / f"{colour} full.mp4")
            assert kept_bytes(memory.store, "light") == whole
            assert 0 < kept_bytes(memory.store, "light_patch") - patches < whole / 4
            film = after


def test_a_colour_over_a_plate_that_is_gone_is_drawn(tmp_path: Path):
    """What was kept as a difference is of no use without what it differs from; the film is the same."""
    film = from_afar()
    red, green = (edited(film, painted(colour).operations[0]) for colour in ("red", "green"))
    with Memory(Store(tmp_path / "store", limit=10**9)) as memory:
        make_film(film, tmp_path / "first.mp4", memory=memory)
        assert made(red, tmp_path / "red.mp4", memory, film).ways == {"redrawn": 24}
        for path in (memory.store.folder / "store-1" / "light").rglob("*"):
            path.unlink() if path.is_file() else None

        result = made(green, tmp_path / "green.mp4", memory, red)

    assert result.ways == {"drawn": 24}
    assert packets(result.path) == drawn_alone(green, tmp_path / "full.mp4")


def test_a_stretch_leaves_the_other_seconds_bit_for_bit(film: Film, first: FilmResult, tmp_path: Path, memory: Memory):
    """A second of warm light changes the chunk of that second only; its neighbours are the same packets."""
    span = Span(start=Fraction(1), end=Fraction(2))
    warm = Change(what=ChangeLight(mood="warm"), span=span, ease=Fraction(1, 6))

    result = made(edited(film, warm), tmp_path / "warm.mp4", memory, film)
    before, after = packets(first.path), packets(result.path)

    assert result.ways["reused"] == 48
    assert [a == b for a, b in zip(first.chunks, result.chunks, strict=True)] == [True, False, True]
    assert before[:24] == after[:24]
    assert before[48:] == after[48:]
    assert before[24:48] != after[24:48]


def test_there_and_back_gives_the_same_bytes(film: Film, first: FilmResult, tmp_path: Path, memory: Memory):
    """undo(do(x)) == x, in the document and in the pictures."""
    shot = film.shots[0]
    there = edited(film, Retime(shot=shot.id, duration=4, how="extend"))

    back = edited(there, Retime(shot=shot.id, duration=3, how="trim"))
    result = made(back, tmp_path / "back.mp4", memory, there)

    assert back == film
    assert packets(result.path) == packets(first.path)


def test_a_shot_that_goes_on_keeps_its_seconds(film: Film, first: FilmResult, tmp_path: Path, memory: Memory):
    """Only the new second is drawn."""
    longer = edited(film, Retime(shot=film.shots[0].id, duration=4, how="extend"))

    result = made(longer, tmp_path / "longer.mp4", memory, film)

    assert result.ways["reused"] == 72
    assert packets(result.path)[:72] == packets(first.path)


@pytest.mark.parametrize(
    "operation", [ChangeFilm(silent=True), Change(what=SetLevel(level=Level(name="all", gain_db=-6.0)))]
)
def test_what_is_only_heard_is_not_drawn(
    film: Film, first: FilmResult, tmp_path: Path, memory: Memory, operation: object
):
    """Sound changes leave the pictures alone."""
    result = made(edited(film, operation), tmp_path / "other.mp4", memory, film)

    assert result.ways == {"reused": 72}
    assert packets(result.path) == packets(first.path)


def test_a_damaged_store_costs_time_and_nothing_else(film: Film, first: FilmResult, tmp_path: Path, memory: Memory):
    """Where every kept byte is wrong, the film is drawn again, and is the same."""
    store = Store(tmp_path / "store", limit=10**9)
    with Memory(store) as held:
        make_film(film, tmp_path / "one.mp4", memory=held)
    for entry in (path for path in store.folder.rglob("*") if path.is_file()):
        entry.write_bytes(b"x" * entry.stat().st_size)

    with Memory(store) as held:
        again = make_film(film, tmp_path / "two.mp4", memory=held)

    assert again.ways == {"drawn": 72}
    assert packets(again.path) == packets(first.path)


class Stopped(Exception):
    """Enough was seen."""


def posed_before_the_first_picture(
    film: Film, earlier: Film, path: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch, *, pictures: int = 1
) -> int:
    """How many plates were looked at when the first `pictures` were there."""
    looked: list[float] = []
    plate = StageDigest.plate

    def counted(self: StageDigest, t: float, fps: float) -> bytes:
        looked.append(t)
        return plate(self, t, fps)

    seen: list[Progress] = []

    def show(at: Progress) -> None:
        if at.picture is not None:
            seen.append(at)
            if len(seen) == pictures:
                raise Stopped

    monkeypatch.setattr(StageDigest, "plate", counted)
    with pytest.raises(Stopped):
        make_film(film, path, memory=memory, earlier=earlier, progress=show)
    return len(set(looked))


def test_the_first_new_picture_waits_for_no_other(
    film: Film, first: FilmResult, tmp_path: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch
):
    """It is drawn as soon as its own frame is known to be another, before the rest of its second is looked at."""
    lit = edited(film, Change(what=ChangeLight(mood="cool")))

    assert posed_before_the_first_picture(lit, film, tmp_path / "cool.mp4", memory, monkeypatch) <= 2


def test_a_stretch_shows_its_first_picture_before_it_is_looked_at_in_full(
    film: Film, first: FilmResult, tmp_path: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch
):
    """The first frame of a stretch is as it was, so its second picture is the first that is new."""
    span = Span(start=Fraction(1), end=Fraction(2))
    neon = edited(film, Change(what=ChangeLight(mood="neon"), span=span, ease=Fraction(1, 6)))

    looked = posed_before_the_first_picture(neon, film, tmp_path / "neon.mp4", memory, monkeypatch, pictures=2)

    assert looked <= 3


def test_a_chunk_that_turns_out_to_be_known_is_taken(film: Film, first: FilmResult, tmp_path: Path, memory: Memory):
    """Another document that looks like an older take: the first frame differs from the take before, and all is there."""
    red = edited(film, painted("orange").operations[0])
    made(red, tmp_path / "orange.mp4", memory, film)

    result = made(renamed(film, "box"), tmp_path / "same.mp4", memory, red)

    assert result.ways == {"reused": 72}
    assert packets(result.path) == packets(first.path)


def renamed(film: Film, name: str) -> Film:
    """A document that nobody looked at yet, of pictures that are the same."""
    shot = film.shots[0]
    called = shot.subjects[0].model_copy(update={"name": name})
    return film.model_copy(update={"shots": (shot.model_copy(update={"subjects": (called, *shot.subjects[1:])}),)})


def test_a_new_document_finds_the_pictures_it_shares(film: Film, first: FilmResult, tmp_path: Path, memory: Memory):
    """It was made from no take: its first frame is drawn, the chunk turns out to be known, and so do the others."""
    result = make_film(renamed(film, "parcel"), tmp_path / "parcel.mp4", memory=memory)

    assert result.ways == {"reused": 72}
    assert packets(result.path) == packets(first.path)


def test_a_film_that_begins_with_new_pictures_is_drawn_without_looking(
    film: Film, first: FilmResult, tmp_path: Path, memory: Memory
):
    """Each frame is looked at while the one before is drawn: chunks that are known all the same are made from plates."""
    neon = Change(what=ChangeLight(mood="neon"), span=Span(start=Fraction(0), end=Fraction(1)))
    fresh = renamed(edited(film, neon), "crate")

    result = make_film(fresh, tmp_path / "crate.mp4", memory=memory)

    assert result.ways == {"drawn": 36, "graded": 36}  # the light eases out for half a second
    assert packets(result.path) == drawn_alone(fresh, tmp_path / "alone.mp4")


def test_many_changes_at_once_hold_all_their_shots(film: Film, first: FilmResult, tmp_path: Path, memory: Memory):
    """Three stretches that come and go together mix nine pictures, more than are kept from film to film."""
    changes = [ChangeLight(mood="warm"), ChangeLook(depth_of_field=0.9), ChangeLook(grade="sepia", grain=0.4)]
    spans = [Span(start=1 + Fraction(k, 24), end=2 - Fraction(k, 24)) for k in range(3)]
    after = edited(film, *(Change(what=w, span=s, ease=Fraction(1, 4)) for w, s in zip(changes, spans, strict=True)))
    assert len(layers_at(after.shots[0], Fraction(9, 8))) == 9

    result = made(after, tmp_path / "many.mp4", memory, film)

    assert result.ways["reused"] == 48
    assert packets(result.path) == drawn_alone(after, tmp_path / "full.mp4")
