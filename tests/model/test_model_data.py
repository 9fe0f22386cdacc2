"""What training clips promise: they show what their labels say, come again bit for bit, and are read as they were made."""

from __future__ import annotations

import multiprocessing
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from patience import until
from vitascope.film import Film
from vitascope.model.data import Clips, ClipShape, DataError, make, values_of
from vitascope.model.data.blocking import UnfitError, film_of, shown_by
from vitascope.model.data.drawing import depth_code, draw
from vitascope.model.data.grammar import FIELDS, Scene, held_out, scene
from vitascope.recipe import catalogue

TINY = ClipShape(frames=5, fps=4, width=64, height=40)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two clips of seed 3."""
    path = tmp_path_factory.mktemp("clips")
    make(path, 2, 3, shape=TINY)
    return path


def filmed(wish: Scene) -> Film:
    return film_of(wish, seconds=TINY.seconds, aspect=TINY.aspect, catalogue=catalogue())


def test_a_caption_becomes_the_film_that_its_labels_tell():
    """Each caption is read by the director; the document holds subject, colour, count, motion, camera, light and place."""
    wishes = [scene(5, index) for index in range(24)]

    for wish in wishes:
        assert shown_by(filmed(wish), wish.recipe) == wish.labels.row


def test_a_film_that_tells_something_else_is_refused():
    """A scene whose words and labels differ makes no clip, and the reason names the label."""
    wish = scene(5, 0)
    other = next(colour for colour in values_of("colour") if colour != wish.labels.colour)

    with pytest.raises(UnfitError, match="colour differs in the document"):
        filmed(replace(wish, labels=replace(wish.labels, colour=other)))


def test_a_subject_that_is_not_in_the_picture_is_refused():
    """What the document holds is not enough: the id pass has to show each subject."""
    wish = next(w for w in (scene(5, index) for index in range(99)) if w.labels.subject == "cube")
    film = filmed(wish)
    shot = film.shots[0]
    away = [each.model_copy(update={"placement": each.placement.model_copy(update={"position": (0, -9, 0)}), "actions": ()})
            for each in shot.subjects]  # fmt: skip
    held = shot.model_copy(update={"subjects": tuple(away), "camera": shot.camera.model_copy(update={"moves": ()})})

    with pytest.raises(UnfitError, match="a subject is"):
        draw(film.model_copy(update={"shots": (held,)}), wish.labels, TINY, leads=[1], catalogue=catalogue())


def test_one_combination_in_eight_is_kept_from_training():
    """Subject, colour and motion together decide; every value of each is seen in training."""
    labels = [scene(1, index).labels for index in range(2000)]
    trained = [each for each in labels if not held_out(each)]

    assert 0.08 < 1 - len(trained) / len(labels) < 0.18
    for field in FIELDS:
        assert {each.row[field] for each in trained} == set(values_of(field))


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path):
    """Clips are made again bit for bit, and a set that was begun is gone on with: what is there is not made again."""
    made = [make(tmp_path, count, 3, shape=TINY).clips for count in (1, 2, 2)]

    assert made == [1, 1, 0]
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert files == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def test_a_pair_is_a_film_and_its_edit(tmp_path: Path):
    """Words that the director reads give another colour and nothing else; cells that are not marked as changed are alike."""
    make(tmp_path, 2, 3, shape=TINY, pairs=True)
    clips = Clips(tmp_path)
    before, after = clips

    assert clips.edits == [1]
    assert (before.edit, before.changed) == (None, None)
    assert after.edit is not None
    assert after.edit.endswith(f" {after.labels.colour}")
    assert replace(after.labels, colour=before.labels.colour) == before.labels
    assert after.caption == before.caption.replace(before.labels.colour, after.labels.colour)
    assert after.changed is not None
    assert after.changed[after.ids == 1].mean() > 0.9
    same = ~after.changed.astype(bool).repeat(4, axis=1).repeat(4, axis=2)
    assert np.abs(before.frames.astype(int) - after.frames)[same].mean() < 2


def test_a_folder_holds_clips_of_one_seed(folder: Path):
    """Other clips do not come between those that are there."""
    with pytest.raises(DataError, match="holds clips of another seed"):
        make(folder, 2, 4, shape=TINY)


def test_clips_are_read_as_they_were_made(folder: Path):
    """A clip has its pictures, what they show, a draft at a quarter of their size, and what is heard at each moment."""
    clips = Clips(folder)
    clip = clips.get(1)

    assert len(clips) == 2
    assert (clip.caption, clip.labels) == (clips.lines[1]["caption"], clips.labels(1))
    assert (clip.frames.shape, clip.frames.dtype) == ((5, 40, 64, 3), np.uint8)
    assert clip.depth.shape == clip.ids.shape == (5, 10, 16)
    assert clip.ids.max() >= clip.labels.count
    assert clip.heard(4).shape == (2, 8)
    assert 0 <= clip.sound.min() <= clip.sound.max() <= 1


def test_depth_is_kept_finest_where_it_is_near():
    """At the lens 255, at 8 m half of it, and nothing in the sky."""
    assert depth_code(np.array([0.0, 8.0, np.inf])).tolist() == [255, 128, 0]


def test_a_folder_without_clips_says_what_to_do(tmp_path: Path):
    """Reading begins with making."""
    with pytest.raises(DataError, match="make some with 'vitascope model data'"):
        Clips(tmp_path)


def test_a_process_that_is_ended_from_outside_is_a_sentence(tmp_path: Path):
    """What is there stays, and the same command goes on."""

    def end_one() -> None:
        until(lambda: len(multiprocessing.active_children()) == 2)
        multiprocessing.active_children()[0].kill()

    killer = threading.Thread(target=end_one)
    killer.start()
    with pytest.raises(DataError, match="the same command goes on with what is there"):
        make(tmp_path, 600, 3, shape=TINY, processes=2)
    killer.join()
