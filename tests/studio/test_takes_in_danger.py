"""Whatever happens while a take is made, the old ones stay whole and there is never half a one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny_films import painted

from patience import PATIENCE
from vitascope import Studio, media
from vitascope.film import ChangeFilm, Edit, Retime, Size, film_to_json
from vitascope.studio import ProjectError
from vitascope.studio.project import Project

EDITING = """
import sys
from vitascope import Studio
from vitascope.film import Edit
print("ready", flush=True)
take = Studio(sys.argv[1]).apply(sys.argv[2], Edit.model_validate_json(sys.argv[3]))
print(take.id)
"""


def editing(studio: Studio, take: str, edit: Edit) -> subprocess.Popen[str]:
    """A process of its own that edits a take."""
    arguments = [sys.executable, "-c", EDITING, str(studio.project.folder), take, edit.model_dump_json()]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ})


def entries(studio: Studio) -> set[str]:
    return {entry.name for entry in (studio.project.folder / "takes").iterdir()}


def wait_for_film(studio: Studio, process: subprocess.Popen[str]) -> None:
    """Until the process has begun a film file."""
    end = time.monotonic() + PATIENCE
    while not list((studio.project.folder / "takes").glob(".*.part/.film.mp4*")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


def test_two_edits_at_once_are_both_kept(studio: Studio):
    """Two processes that edit one take make two branches with different ids."""
    first = studio.takes()[0]

    both = [editing(studio, first.id, painted(colour)) for colour in ("green", "blue")]
    ids = [process.communicate(timeout=PATIENCE)[0].split()[-1] for process in both]

    takes = {take.id: take for take in studio.takes()}
    assert len(takes) == 4
    assert [takes[i].parent for i in ids] == [first.id, first.id]
    assert studio.current in ids
    assert all(media.probe(take.path).frame_count == 24 for take in takes.values())


LONG = Edit(operations=(Retime(shot="one", duration=120, how="extend"),))  # type: ignore[arg-type]


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_process_that_ends_in_the_middle_leaves_no_take(studio: Studio, number: signal.Signals):
    """The takes are those of before; what a killed process left is swept when the next take begins."""
    before = entries(studio)
    process = editing(studio, ".", LONG)
    wait_for_film(studio, process)

    process.send_signal(number)
    process.communicate(timeout=PATIENCE)

    assert [take.id for take in studio.takes()] == sorted(before)
    if number == signal.SIGINT:
        assert entries(studio) == before
    with studio.project.draft() as draft:
        assert entries(studio) - before == {draft.folder.name, draft.folder.name.replace(".part", ".held")}
    assert entries(studio) == before


def test_a_take_in_the_making_is_not_swept(studio: Studio):
    """What another is at work on stays."""
    other = Project(studio.project.folder)
    with studio.project.draft() as draft:
        (draft.folder / "film.mp4").write_bytes(b"half")
        with other.draft() as second:
            assert draft.folder.is_dir()
            assert draft.id.split("-")[0] != second.id.split("-")[0]

        assert (draft.folder / "film.mp4").read_bytes() == b"half"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
@pytest.mark.parametrize("limit", [100, 1_000, 6_000])
def test_a_full_disk_leaves_the_old_takes_whole(studio: Studio, limit: int):
    """The disk refuses the document, or a part of the film: one sentence, and nothing is changed."""
    import resource

    before, current = entries(studio), studio.current
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises((media.MediaError, ProjectError), match=r"full|cannot be written"):
            studio.apply("1", painted("green"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert entries(studio) == before
    assert studio.current == current
    assert sorted(p.name for p in studio.project.folder.iterdir()) == sorted(
        [".lock", "head.json", "project.json", "takes"]
    )


def test_a_parent_that_is_deleted_meanwhile_leaves_a_first_take(studio: Studio):
    """An edit that ends after its parent was deleted is kept."""
    first, red = studio.takes()
    with studio.project.draft() as draft:
        for name in red.files:
            (draft.folder / name).write_bytes((red.folder / name).read_bytes())
        studio.delete(first)

        filed = studio.project.file(draft, red.model_copy(update={"id": draft.id, "parent": first.id}))

    assert (filed.parent, filed.edit) == (None, None)
    assert studio.take(filed.id) == filed


def test_a_folder_that_is_no_project(tmp_path: Path):
    """Other people's folders are left alone; a new or an empty one becomes a project."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("dear")
    (tmp_path / "empty").mkdir()

    with pytest.raises(ProjectError, match="no project, for it holds other things"):
        Studio(tmp_path / "letters")
    with pytest.raises(ProjectError, match="This is a file"):
        Studio(tmp_path / "letters" / "letter.txt")
    assert Studio(tmp_path / "empty").takes() == Studio(tmp_path / "new").takes() == []
    with pytest.raises(ProjectError, match="no take in this project yet"):
        Studio(tmp_path / "new").take(".")
    assert not (tmp_path / "new").exists()


def test_a_project_of_a_newer_program(studio: Studio):
    """It is not touched."""
    mark = studio.project.folder / "project.json"
    mark.write_text(json.dumps({"schema": "vitascope.project", "version": 2}))
    with pytest.raises(ProjectError, match="newer program"):
        Studio(studio.project.folder)

    mark.write_text("{")
    with pytest.raises(ProjectError, match="damaged"):
        Studio(studio.project.folder)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("{}", '"schema"'),
        ('{"schema": "vitascope.take", "version": 2}', "made by a newer program"),
        ('{"schema": "vitascope.take", "version": 1, "id": 3}', "id"),
    ],
)
def test_a_record_that_cannot_be_read(studio: Studio, text: str, words: str):
    """One sentence says why; the other takes, and those made from it, can still be used."""
    first, red = studio.takes()
    (first.folder / "take.json").write_text(text)

    with pytest.raises(ProjectError, match=words):
        studio.take(first.id)

    assert [take.id for take in studio.takes()] == [red.id]
    assert len(studio.damaged()) == 1
    assert studio.conversation(red).film == studio.document(red)
    with pytest.raises(ProjectError, match="not there any more"):
        studio.undo()


def test_a_film_that_cannot_be_made_makes_no_take(studio: Studio):
    """A document that names what the library lacks is refused before any work."""
    before = entries(studio)
    film = studio.document(".")
    shot = film.shots[0].model_copy(update={"set": film.shots[0].set.model_copy(update={"place": "nowhere"})})

    with pytest.raises(ValueError, match="nowhere"):
        studio.shoot(film.model_copy(update={"shots": (shot,)}))

    assert entries(studio) == before


def test_a_document_that_was_changed_by_hand_is_told(studio: Studio):
    """A damaged document is one sentence; the take itself is still listed."""
    take = studio.take(".")
    take.document.write_text(film_to_json(studio.document(take))[:100])

    with pytest.raises(ValueError, match="JSON is damaged"):
        studio.document(take)
    take.document.unlink()
    with pytest.raises(ProjectError, match="document of take"):
        studio.apply(take, Edit(operations=(ChangeFilm(size=Size(width=128, height=130)),)))
