"""What a worker does with a film gives what making it in one piece gives, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from worker_films import ball, drawing, finishing, packets

from vitascope.continuity import Store
from vitascope.jobs.chunk import Cancelled, draw_chunk, finish_film
from vitascope.jobs.executor import Done, Failed, Lost
from vitascope.jobs.settings import task_from_json, task_to_json
from vitascope.jobs.shared_store import SharedStore, forget_chunks
from vitascope.jobs.storage import Storage
from vitascope.jobs.work import do_task
from vitascope.media import EncodedChunk
from vitascope.provenance import verify
from vitascope.studio import Memory, make_film
from vitascope.studio.filming import FilmResult

RED, BLUE = ball(2, colour="red"), ball(2, colour="blue")


def quiet(frames: int) -> None:
    del frames


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> FilmResult:
    """The red ball made in one piece, with a store of its own."""
    folder = tmp_path_factory.mktemp("whole")
    with Memory(Store(folder / "store", limit=10**9)) as memory:
        return make_film(RED, folder / "film.mp4", memory=memory)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path / "storage"))


@pytest.fixture(scope="module")
def drawn_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store in which the second chunk of the red ball was drawn, and then the first."""
    store = Store(tmp_path_factory.mktemp("drawn"), limit=10**9)
    with Memory(store) as memory:
        for number in (1, 0):
            draw_chunk(drawing(RED, number), memory, quiet)
    return store


@pytest.fixture
def memory(drawn_store: Store) -> Iterator[Memory]:
    with Memory(drawn_store) as held:
        yield held


def test_a_chunk_has_the_address_that_the_whole_film_gives_it(whole: FilmResult, memory: Memory):
    """Whoever draws a chunk, in whatever order, finds the same address."""
    second = draw_chunk(drawing(RED, 1), memory, quiet)
    first = draw_chunk(drawing(RED, 0), memory, quiet)

    assert (first["address"], second["address"]) == whole.chunks
    assert first["frames"] == second["frames"] == 24


def test_an_awaited_chunk_can_be_seen_while_it_is_drawn(whole: FilmResult, tmp_path: Path):
    """From its first frame on, by an address in the store. What comes of it are the same bytes as without that."""
    openings: list[str] = []
    with Memory(Store(tmp_path / "store", limit=10**9)) as memory:
        drawn = draw_chunk(replace(drawing(RED, 0), awaited=True), memory, quiet, openings.append)
        stored = memory.store.get("chunk", bytes.fromhex(openings[0]))

    assert stored is not None
    assert EncodedChunk.from_bytes(stored).frame_count == 1
    assert drawn["address"] == whole.chunks[0]
    assert drawn["address"] not in openings


def test_nobody_is_shown_a_chunk_that_is_not_awaited(tmp_path: Path):
    """It costs a little to show it, and other pictures of the film are there."""
    openings: list[str] = []

    with Memory(Store(tmp_path / "store", limit=10**9)) as memory:
        draw_chunk(drawing(RED, 0), memory, quiet, openings.append)

    assert openings == []


def test_chunks_drawn_apart_join_to_the_same_picture(
    whole: FilmResult, memory: Memory, storage: Storage, tmp_path: Path
):
    """The finished film holds the very bytes of one that was made in one piece, and nothing is drawn twice."""
    result = finish_film(finishing(RED, drawn={0: {"drawn": 24}}), memory, storage, quiet, folder=tmp_path)

    storage.fetch("videos/v/film.mp4", tmp_path / "fetched.mp4")
    assert packets(tmp_path / "fetched.mp4") == packets(whole.path)
    assert result["chunks"] == list(whole.chunks)
    assert result["ways"] == {"drawn": 24, "reused": 24}


def test_a_finished_film_has_four_files(memory: Memory, storage: Storage, tmp_path: Path):
    """Film, document, a thumbnail and a sheet of pictures lie under the prefix; size and digest are the film's."""
    result = finish_film(finishing(RED), memory, storage, quiet, folder=tmp_path)

    assert sorted(storage.keys("videos/v")) == [
        "videos/v/film.json", "videos/v/film.mp4", "videos/v/spritesheet.jpg", "videos/v/thumbnail.webp"
    ]  # fmt: skip
    assert storage.size("videos/v/film.mp4") == result["size_bytes"]
    with Image.open(storage.open("videos/v/thumbnail.webp")) as picture:
        assert (picture.format, picture.size) == ("WEBP", (128, 128))
    with Image.open(storage.open("videos/v/spritesheet.jpg")) as sheet:
        assert (sheet.format, sheet.size) == ("JPEG", (5 * 128, 5 * 128))


def test_a_film_tells_of_the_one_it_was_edited_from(memory: Memory, storage: Storage, tmp_path: Path):
    """The parent comes from storage into the signed record; one that was deleted is said to be missing."""
    finish_film(finishing(RED), memory, storage, quiet, folder=tmp_path)
    edit = {"earlier": task_to_json(drawing(RED, 0))["film"], "parent": "videos/v/film.mp4", "prefix": "videos/w"}

    finish_film(finishing(BLUE, **edit), memory, storage, quiet, folder=tmp_path)
    orphan = {**edit, "parent": "videos/gone/film.mp4", "prefix": "videos/x"}
    (tmp_path / "parent.mp4").unlink()
    finish_film(finishing(BLUE, **orphan), memory, storage, quiet, folder=tmp_path)

    chains = []
    for name in ("w", "x"):
        storage.fetch(f"videos/{name}/film.mp4", tmp_path / f"{name}.mp4")
        chains.append(verify(tmp_path / f"{name}.mp4").chain)
    assert [len(chain) for chain in chains] == [2, 1]
    assert chains[1][0].remark


def test_a_task_that_is_not_wanted_ends_at_the_next_frame(storage: Storage, tmp_path: Path):
    """What the step raises stops the drawing, and nothing is kept."""
    store, seen = Store(tmp_path / "store", limit=10**9), []

    def step(frames: int) -> None:
        seen.append(frames)
        if frames == 3:
            raise Cancelled

    with Memory(store) as memory:
        ended = do_task(drawing(RED, 0), memory, storage, step, folder=tmp_path)

    assert ended == Lost(task="draw-0", cancelled=True)
    assert seen == [0, 1, 2, 3]
    assert not list(store.folder.rglob("chunk/*/*"))


def test_what_a_film_lacks_is_told_and_never_tried_again(memory: Memory, storage: Storage, tmp_path: Path):
    """A fault of the film is a code and the sentence of whoever found it."""
    ended = do_task(drawing(ball(1, recipe="unheard_of"), 0), memory, storage, quiet, folder=tmp_path)

    assert isinstance(ended, Failed)
    assert (ended.code, ended.can_pass) == ("recipe_error", False)
    assert "unheard_of" in ended.message


def test_storage_that_cannot_be_written_can_pass(memory: Memory, tmp_path: Path):
    """Trouble around the film is told without its place, and tried again."""
    (tmp_path / "file").write_bytes(b"not a folder")

    ended = do_task(finishing(RED), memory, Storage(str(tmp_path / "file" / "storage")), quiet, folder=tmp_path)

    assert isinstance(ended, Failed)
    assert (ended.code, ended.can_pass) == ("storage_unavailable", True)
    assert str(tmp_path) not in ended.message


def test_tasks_travel_as_they_are():
    """A task that was written as JSON is the same one."""
    task = finishing(RED, drawn={1: {"drawn": 24}})

    assert task_from_json(task_to_json(task)) == task
    assert task_from_json(task_to_json(drawing(RED, 1))) == drawing(RED, 1)


def test_another_machine_finds_the_chunk(storage: Storage, tmp_path: Path, whole: FilmResult):
    """What was drawn with one folder is reused with another, where both see the same storage."""
    one, two = (SharedStore(tmp_path / name, limit=10**9, storage=storage) for name in ("one", "two"))
    with Memory(one) as memory:
        draw_chunk(drawing(RED, 0), memory, quiet)

    with Memory(two) as memory:
        found = do_task(drawing(RED, 0), memory, storage, quiet, folder=tmp_path)

    assert isinstance(found, Done)
    assert found.result["ways"] == {"reused": 24}
    assert list(storage.keys("chunks")) == [f"chunks/{whole.chunks[0]}"]


def test_a_shared_chunk_that_is_damaged_counts_as_absent(storage: Storage, tmp_path: Path):
    """Bytes that are not as they were written are taken away, not shown."""
    one, two = (SharedStore(tmp_path / name, limit=10**9, storage=storage) for name in ("one", "two"))
    one.put("chunk", b"\1\2", b"picture")
    (key,) = storage.keys("chunks")
    storage.put(key, storage.read(key)[:-1] + b"?")

    assert two.get("chunk", b"\1\2") is None
    assert not storage.exists(key)
    assert one.get("chunk", b"\1\2") == b"picture"


def test_only_chunks_are_shared_and_those_of_no_film_are_forgotten(storage: Storage, tmp_path: Path):
    """Plates and sound stay where they are; chunks stay as long as a film has them."""
    store = SharedStore(tmp_path / "store", limit=10**9, storage=storage)
    for address in (b"\1", b"\2"):
        store.put("chunk", address, b"picture")
        store.put("light", address, b"plate")

    forgotten = forget_chunks(storage, {"01"})

    assert forgotten == 1
    assert list(storage.keys("chunks")) == ["chunks/01"]
