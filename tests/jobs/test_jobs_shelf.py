"""What a studio needs of the desk: documents, typed edits, trees, names and stars, chunks while their film is made."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from jobs_by_hand import House, wish

from vitascope import media
from vitascope.continuity import Store
from vitascope.film import Edit, Retime
from vitascope.jobs.errors import Conflict, Forbidden, Invalid, Missing
from vitascope.jobs.executor import DrawChunk
from vitascope.jobs.values import Caller, Role, State, Video


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Where chunks are kept."""
    return Store(tmp_path / "store", limit=100_000_000)


@pytest.fixture
def house(tmp_path: Path, store: Store) -> Iterator[House]:
    made = House(tmp_path, store=store)
    yield made
    made.close()


def encoded(frames: int) -> media.EncodedChunk:
    """A chunk of black frames."""
    with media.ChunkEncoder(size=(128, 128), fps=24) as encoder:
        for _ in range(frames):
            encoder.write(np.zeros((128, 128, 3), np.uint8))
        return encoder.finish()


def longer(house: House, caller: Caller, video: Video, seconds: int) -> Edit:
    """The edit that lets its first shot last so long."""
    shot = house.desk.document(caller, video.id).shots[0]
    return Edit(operations=(Retime(shot=shot.id, duration=Fraction(seconds), how="extend"),))


def test_a_document_becomes_a_film_of_its_own(house: House):
    """Whoever brings it: the film is queued as it is written, as an import without a parent."""
    caller = house.caller()
    film = house.desk.document(caller, house.made(caller, seed=9).id)

    brought = house.desk.shoot(caller, film)

    assert (brought.operation, brought.parent, brought.root) == ("import", None, brought.id)
    assert (brought.seed, brought.prompt, brought.state) == (9, film.prompt, State.QUEUED)
    assert house.desk.document(caller, brought.id) == film


def test_a_document_that_cannot_be_filmed_is_refused(house: House):
    """At once, with the reason."""
    caller = house.caller()
    film = house.desk.document(caller, house.made(caller).id)

    shot = film.shots[0]
    unknown = shot.subjects[0].model_copy(update={"recipe": "unheard_of"})
    strange = film.model_copy(update={"shots": (shot.model_copy(update={"subjects": (unknown,)}),)})

    with pytest.raises(Invalid, match="unheard_of"):
        house.desk.shoot(caller, strange)


def test_a_typed_edit_is_a_child_like_one_of_words(house: House):
    """It says what is different, and is called so unless it has words of its own."""
    caller = house.caller()
    first = house.made(caller)

    child = house.desk.apply(caller, first.id, longer(house, caller, first, 2))
    named = house.desk.apply(caller, first.id, longer(house, caller, first, 3), words="Trimmed")

    assert (child.parent, child.operation, child.root) == (first.id, "edit", first.id)
    assert child.prompt == child.said != ""
    assert named.prompt == "Trimmed"
    assert house.desk.document(caller, child.id).duration == 2


def test_a_typed_edit_that_cannot_be_done_changes_nothing(house: House):
    """It is told, and no film is queued."""
    caller = house.caller()
    first = house.made(caller)

    with pytest.raises(Invalid):
        house.desk.apply(
            caller, first.id, Edit(operations=(Retime(shot="no-such-shot", duration=Fraction(2), how="extend"),))
        )

    assert len(house.desk.takes(caller, first.id)) == 1


def test_trees_come_by_what_was_made_last_in_them(house: House):
    """With their first film, even when it was deleted, the newest, and how many there are."""
    caller = house.caller()
    first, second = house.made(caller), house.made(caller, seed=2)
    child = house.desk.apply(caller, first.id, longer(house, caller, first, 2))
    house.make_all()

    trees = house.desk.trees(caller)
    house.desk.delete(caller, first.id)
    without = house.desk.trees(caller)

    assert [(tree.id, tree.latest.id, tree.count) for tree in trees] == [
        (first.id, child.id, 2),
        (second.id, second.id, 1),
    ]
    assert (without[0].id, without[0].root, without[0].count) == (first.id, None, 1)
    assert house.desk.trees(house.caller("stranger")) == []
    assert [tree.id for tree in house.desk.trees(caller, limit=1)] == [first.id]


def test_a_film_is_named_and_starred(house: House):
    """Each by itself; an empty name takes it away, and whoever waits for the film hears of it."""
    caller = house.caller()
    video = house.made(caller)

    named = house.desk.mark(caller, video.id, name="  The  good one ")
    starred = house.desk.mark(caller, video.id, starred=True)
    plain = house.desk.mark(caller, video.id, name="")

    assert (named.name, named.starred) == ("The good one", False)
    assert (starred.name, starred.starred) == ("The good one", True)
    assert (plain.name, plain.starred) == (None, True)
    assert video.version < named.version < starred.version < plain.version
    assert house.desk.video(caller, video.id) == plain


def test_what_cannot_be_marked_is_told(house: House):
    """Names that are too long or hold what cannot be printed, films that are being made, viewers, films of others."""
    caller = house.caller()
    made, (queued,) = house.made(caller), house.desk.create(caller, wish())

    for name in ("x" * 81, "a\x1b[2Jb"):
        with pytest.raises(Invalid, match="up to 80"):
            house.desk.mark(caller, made.id, name=name)
    with pytest.raises(Conflict, match="wait until it is completed"):
        house.desk.mark(caller, queued.id, starred=True)
    with pytest.raises(Forbidden):
        house.desk.mark(house.caller("looker", role=Role.VIEWER), made.id, starred=True)
    with pytest.raises(Missing):
        house.desk.mark(house.caller("stranger"), made.id, starred=True)


def test_chunks_are_there_while_their_film_is_made(house: House, store: Store):
    """None before it is begun; then each with its place, and as a piece of film as soon as it is drawn."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish(seconds=2))
    before = house.desk.chunks(caller, video.id)
    house.turn()
    first, second = sorted(house.tasks(DrawChunk), key=lambda task: task.number)
    drawn = encoded(1)
    store.put("chunk", bytes.fromhex(f"{second.number:064x}"), drawn.to_bytes())

    house.hands.do(second, house.storage)
    house.turn()
    told = house.desk.chunks(caller, video.id)

    assert before == ()
    assert [(one.number, one.first, one.frames, one.address is not None) for one in told] == [
        (0, 0, 24, False),
        (1, 24, 24, True),
    ]
    assert house.desk.chunk(caller, video.id, 1) == drawn
    for number in (first.number, 7):
        with pytest.raises(Missing, match="ask again"):
            house.desk.chunk(caller, video.id, number)
    with pytest.raises(Missing):
        house.desk.chunk(house.caller("stranger"), video.id, 1)


def test_a_chunk_is_seen_while_it_is_drawn_and_then_as_it_is(house: House, store: Store):
    """Its opening stands where the chunk will be, gives way to a longer one, and at last to the chunk."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())
    house.turn()
    (task,) = house.tasks(DrawChunk)
    opening = encoded(1)
    store.put("chunk", b"\1", opening.to_bytes())
    house.hands.begin(task)

    house.hands.step(task, 1, "01")
    house.turn()
    (shown,) = house.desk.chunks(caller, video.id)
    seen = house.desk.chunk(caller, video.id, 0)
    house.hands.step(task, 9, "02")
    house.turn()
    (longer,) = house.desk.chunks(caller, video.id)
    house.hands.do(task, house.storage)
    house.turn()
    (drawn,) = house.desk.chunks(caller, video.id)

    assert (shown.address, shown.opening, longer.opening) == (None, "01", "02")
    assert seen == opening
    assert (drawn.address, drawn.opening) == (f"{0:064x}", None)


def test_a_chunk_that_was_damaged_or_cleared_away_is_not_there(house: House, store: Store):
    """It is told as missing, never as a fault."""
    caller = house.caller()
    (video,) = house.desk.create(caller, wish())
    house.turn()
    (task,) = house.tasks(DrawChunk)
    house.hands.do(task, house.storage)
    house.turn()

    with pytest.raises(Missing):
        house.desk.chunk(caller, video.id, 0)
    store.put("chunk", bytes.fromhex(f"{0:064x}"), b"no chunk at all")
    with pytest.raises(Missing):
        house.desk.chunk(caller, video.id, 0)
