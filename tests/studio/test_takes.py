"""Takes form a tree: every edit is kept, and any of them can be gone back to, branched, named, exported and deleted."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from tiny_films import painted

from vitascope import Studio, media
from vitascope.director.editing import NoChange
from vitascope.film import film_from_json
from vitascope.studio import ProjectError


def test_a_take_is_a_film_with_its_origin(studio: Studio):
    """The folder of a take holds the film, its document and where it came from."""
    first, second = studio.takes()

    assert sorted(p.name for p in second.folder.iterdir()) == ["film.json", "film.mp4", "take.json"]
    assert media.probe(second.path).frame_count == second.work.frames == 24
    assert (first.parent, first.edit, first.words) == (None, None, "a cube and a ball")
    assert (second.parent, second.edit, second.words) == (first.id, painted("red"), "make the cube red")
    assert second.said == "The cube is red instead of its own colour."
    assert second.film_sha256 == hashlib.sha256(second.document.read_bytes()).hexdigest()
    assert json.loads((second.folder / "take.json").read_text())["schema"] == "vitascope.take"


def test_undo_and_redo_walk_the_line(studio: Studio):
    """Undo goes to the parent, redo back to the child; both ends are told."""
    first, second = studio.takes()

    assert studio.undo().id == first.id
    assert studio.redo().id == second.id == studio.current
    with pytest.raises(ProjectError, match="Nothing was undone"):
        studio.redo()
    studio.undo()
    with pytest.raises(ProjectError, match="first of its line"):
        studio.undo()


def test_two_edits_of_one_take_are_branches(studio: Studio):
    """An edit of any take is kept beside those that were made before, and redo goes to the one that was left last."""
    first, red = studio.takes()

    green = studio.apply(first, painted("green"))
    studio.undo()

    assert studio.current == first.id
    assert studio.redo() == green
    assert [take.parent for take in studio.takes()] == [None, first.id, first.id]
    assert studio.branch(red).id == studio.current == red.id


def test_doing_again_what_was_undone_gives_the_same_film(studio: Studio):
    """The same edit of the same take gives the same frames, bit for bit."""
    first, red = studio.takes()

    again = studio.apply(first, painted("red"))

    assert again.film_sha256 == red.film_sha256
    assert frames(again.path) == frames(red.path)


def test_an_edit_that_changes_nothing_makes_no_take(studio: Studio):
    """A film that is so already is told, and nothing is filmed."""
    reply = studio.apply(".", painted("red"))

    assert isinstance(reply, NoChange)
    assert len(studio.takes()) == 2


def test_the_conversation_remembers_its_turns(studio: Studio):
    """What an instruction is read against: the film, the turns that led to it, and what was undone."""
    first, second = studio.takes()

    after = studio.conversation(".")
    studio.undo()
    before = studio.conversation(".")

    assert [(turn.parent, turn.take, turn.words) for turn in after.turns] == [(first.id, second.id, second.words)]
    assert (after.film, after.later) == (studio.document(second), ())
    assert (before.turns, before.later) == ((), (second.id,))


def test_takes_are_found_in_many_ways(studio: Studio, tmp_path: Path):
    """By id, number, beginning, name, place in the tree, and by an exported film, wherever it lies."""
    first, second = studio.takes()
    studio.rename(first, "the start")
    exported = studio.export(first, tmp_path / "out.mp4")

    for text in (first.id, "1", "0001", first.id[:6], "the start", "..", str(exported)):
        assert studio.take(text).id == first.id, text
    assert studio.take(".").id == second.id


def test_an_export_is_the_take_as_it_is(studio: Studio, tmp_path: Path):
    """The same bytes, with the document beside; a film without its record is found by the document."""
    take = studio.take(".")

    target = studio.export(take, tmp_path / "out.mp4")
    beside = tmp_path / "out.film.json"
    target.write_bytes(b"remade by another program")

    assert beside.read_bytes() == take.document.read_bytes()
    assert studio.take(str(target)).id == take.id


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nothing", "no take 'nothing'; there are 0001-"),
        ("000", "beginning of several takes"),
        ("none.mp4", "no film at this place"),
        ("", "no take ''"),
    ],
)
def test_a_take_that_is_not_there(studio: Studio, text: str, words: str):
    """The sentence says what there is."""
    with pytest.raises(ProjectError, match=words):
        studio.take(text)


def test_names_and_stars(studio: Studio):
    """A name is had by one take; stars come and go."""
    first, second = studio.takes()

    studio.rename(first, "start")
    studio.star(second)

    assert [(t.name, t.starred) for t in studio.takes()] == [("start", False), (None, True)]
    for name, words in (("start", "already has the name"), ("2nd", "begin with a letter"), ("a.mp4", "like a file")):
        with pytest.raises(ProjectError, match=words):
            studio.rename(second, name)
    assert not studio.star(second, False).starred


def test_children_of_a_deleted_take_stay(studio: Studio):
    """They become children of its parent, with both edits, so that their films still follow from it."""
    first, red = studio.takes()
    blue = studio.apply(red, painted("blue"))
    assert not isinstance(blue, NoChange)

    studio.delete(red)

    left = studio.take(blue.id)
    assert [take.id for take in studio.takes()] == [first.id, blue.id]
    assert left.parent == first.id
    assert left.edit is not None
    assert len(left.edit.operations) == 2
    assert not red.folder.exists()
    studio.delete(first)
    assert studio.take(blue.id).parent is None


def test_a_deleted_film_can_be_made_again(studio: Studio, tmp_path: Path):
    """The document is enough: the same frames. Until then export says what to do."""
    take = studio.take(".")
    before = frames(take.path)
    take.path.unlink()

    with pytest.raises(ProjectError, match=f"vitascope again {take.id}"):
        studio.export(take, tmp_path / "out.mp4")
    studio.film_again(take)

    assert frames(take.path) == before
    assert not isinstance(studio.apply(take, painted("green")), NoChange)


def test_differences_in_words_and_pictures(studio: Studio, tmp_path: Path):
    """Two takes are compared in sentences, and side by side at the same moments."""
    first, second = studio.takes()

    assert studio.diff(first, second) == ["The cube is red instead of its own colour."]
    assert studio.diff(second, second) == []
    assert studio.strip(first, second, tmp_path / "strip.png", moments=2).stat().st_size > 1000


def test_the_package_is_light_until_the_studio_is_asked_for():
    """The name is loaded on demand."""
    import vitascope

    assert vitascope.Studio is Studio
    with pytest.raises(AttributeError):
        vitascope.nothing  # noqa: B018


def frames(path: Path) -> list[str]:
    """A digest of each decoded frame."""
    return [hashlib.sha256(frame.tobytes()).hexdigest() for frame in media.read_frames(path)]


def test_documents_of_takes_can_be_read_alone(studio: Studio):
    """The document of a take is an ordinary film document."""
    assert film_from_json(studio.take(".").document.read_bytes()) == studio.document(".")
