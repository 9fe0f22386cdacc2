"""Films by a learned model: the same words and seed give the same film, an edit makes what it names, marks say who made it."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tiny_films import cubes, painted
from tiny_weights import tiny_weights

from vitascope import Studio, provenance
from vitascope.film import Change, ChangeLook, Edit, Retime, film_to_json
from vitascope.model.checkpoint import CheckpointError
from vitascope.studio import ProjectError, Take
from vitascope.studio.neural import generator_at
from vitascope.studio.weights import model_forecast


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tiny_weights(tmp_path_factory.mktemp("weights")))


@pytest.fixture(scope="module")
def filmed(weights: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("neural") / "project"
    Studio(folder).shoot(cubes(), words="a cube and a ball", engine="model", weights=weights)
    return folder


@pytest.fixture
def studio(filmed: Path, tmp_path: Path) -> Studio:
    """A studio whose one take was made by a model."""
    return Studio(shutil.copytree(filmed, tmp_path / "project"))


def frames_of(take: Take) -> np.ndarray:
    """The frames as the model made them: (T, H, W, 3) uint8."""
    with np.load(take.folder / "model" / "0.npz") as file:
        return file["pictures"]


def test_marks_say_that_a_model_made_it(studio: Studio):
    """The manifest tells a trained model from the world, and which; the take says which engine made it."""
    (take,) = studio.takes()

    verdict = provenance.verify(take.path)
    assert verdict.ok
    assert (verdict.source_type or "").endswith("/trainedAlgorithmicMedia")
    assert take.engine == "model"


def test_the_same_words_are_the_same_film(studio: Studio, weights: str):
    """Made once more from the document, each chunk has the address that it had."""
    (take,) = studio.takes()

    again = studio.shoot(studio.document(take), words=take.words, engine="model", weights=weights)

    assert again.chunks == take.chunks
    assert again.work.ways == {"reused": 24}


def test_an_edit_of_one_subject_leaves_the_rest_as_it_is(studio: Studio):
    """Where the cube is not, nor near it, the model's pictures are those of the take before, bit for bit."""
    (first,) = studio.takes()

    second = studio.apply(first, painted("red"))

    assert isinstance(second, Take)
    changed = (frames_of(first) != frames_of(second)).any(axis=(0, 3))
    assert changed.any()
    assert not changed.all(axis=0).all()
    assert changed.mean() < 0.75
    assert second.engine == "model"


def test_there_and_back_again_is_another_film_that_says_the_same(studio: Studio):
    """The document is the first one; what was made again in between is not what it was, for the model imagines it anew."""
    (first,) = studio.takes()
    red = studio.apply(first, painted("red"))
    assert isinstance(red, Take)

    back = studio.undo()

    assert film_to_json(studio.document(back)) == film_to_json(studio.document(first))
    assert back.chunks == first.chunks


def test_what_a_model_has_no_words_for_is_said(studio: Studio):
    """A finer grain changes no word, so the picture stays and the take says why."""
    (first,) = studio.takes()
    grain = Edit(operations=(Change(what=ChangeLook(grain=0.9)),))

    second = studio.apply(first, grain)

    assert isinstance(second, Take)
    assert second.chunks == first.chunks
    assert second.work.remark == "The model knows no words for a part of this change, so its picture stays as it was."


def test_a_film_that_goes_on_keeps_what_there_was(studio: Studio):
    """Longer by a second: the first second's frames are the same."""
    (first,) = studio.takes()
    longer = Edit(operations=(Retime(shot="one", duration=Fraction(2), how="extend"),))

    second = studio.apply(first, longer)

    assert isinstance(second, Take)
    before, after = frames_of(first), frames_of(second)
    assert len(after) > len(before)
    assert np.array_equal(after[: len(before)], before)


def test_the_forecast_is_there_before_the_work(weights: str):
    """Seconds are more than none and grow with the film."""
    short = model_forecast(cubes(), weights)
    long = model_forecast(
        cubes().model_copy(update={"shots": (cubes().shots[0].model_copy(update={"duration": Fraction(60)}),)}), weights
    )

    assert 0 < short.least < short.seconds < short.most
    assert long.seconds > short.seconds
    assert long.frames == 60 * short.frames


def test_weights_that_are_none_are_named(tmp_path: Path):
    """One sentence with the folder; nothing is filmed."""
    with pytest.raises(CheckpointError, match="holds no weights of ours") as told:
        Studio(tmp_path / "project").shoot(cubes(), engine="model", weights=str(tmp_path))

    assert str(tmp_path) in str(told.value)
    assert Studio(tmp_path / "project").takes() == []


def test_a_memory_that_is_gone_is_told(studio: Studio):
    """Without what the model remembers an edit is refused in a sentence."""
    (first,) = studio.takes()
    shutil.rmtree(first.folder / "model")

    with pytest.raises(ProjectError, match="gone or damaged"):
        studio.apply(first, painted("red"))


def test_weights_are_read_once(weights: str):
    """Takes of a session share them."""
    assert generator_at(weights) is generator_at(weights)
