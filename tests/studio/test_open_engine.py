"""Films by open weights: led by what the world draws, an edit makes what it names, and what cannot be is told beforehand.

The weights are of chance and tiny, written by diffusers itself in the layout of the real ones.
"""

from __future__ import annotations

import json
import shutil
import struct
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.ndimage import binary_dilation
from tiny_films import cubes, painted
from tiny_wan import checkpoint

from vitascope import Studio, provenance
from vitascope.cli import main
from vitascope.director import direct
from vitascope.film import Camera, Change, ChangeSet, Edit, Film, Retime, Size, apply, film_to_json
from vitascope.model.catalogue import WeightsError
from vitascope.model.generator import Manner
from vitascope.model.open.film import Machine
from vitascope.model.open.folder import open_folder
from vitascope.model.open.generator import OpenGenerator
from vitascope.recipe import catalogue
from vitascope.studio import ProjectError, Take
from vitascope.studio.learned import LearnedEngine
from vitascope.studio.opened import OpenShots
from vitascope.studio.weights import model_forecast
from vitascope.studio.wording import words_of

torch.set_num_threads(1)
Weights = Callable[[str], Path]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Weights:
    """A folder of weights of a kind (see `tiny_wan`), written once."""

    @cache
    def written(kind: str) -> Path:
        return checkpoint(kind, tmp_path_factory.mktemp("weights") / kind).folder

    return written


@pytest.fixture(scope="module")
def filmed(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a command filmed a document of two shots: twins.mp4, and a project."""
    folder = tmp_path_factory.mktemp("filmed")
    shutil.copytree(weights("text"), folder / "downloaded")
    one = cubes().shots[0]
    twins = cubes().model_copy(update={"shots": (one, one.model_copy(update={"id": "two"}))})
    (folder / "twins.film.json").write_text(film_to_json(twins))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("VITASCOPE_PROJECT", "project")
        code = command(
            patch, "film", "twins.film.json", "--engine", "model", "--weights", "downloaded", "-o", "twins.mp4"
        )
    assert code == 0
    return folder


@pytest.fixture(scope="module")
def followed(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one take, by weights that follow a draft."""
    folder = tmp_path_factory.mktemp("followed") / "project"
    Studio(folder).shoot(cubes(), engine="model", weights=str(weights("draft")))
    return folder


def command(patch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Runs a command, and gives its exit code."""
    patch.setattr(sys, "argv", ["vitascope", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def seen(take: Take, shot: int = 0) -> np.ndarray:
    """The frames of a shot as the weights made them: (T, H, W, 3) uint8."""
    with np.load(take.folder / "model" / f"{shot}.npz") as file:
        return file["pictures"]


def quick(folder: Path, *, area: int = 64 * 64) -> OpenShots:
    """Shots of few pixels in few steps."""
    generator = OpenGenerator(open_folder(folder), Machine(dtype=torch.float32))
    generator.manner = Manner(steps=2, shift=3.0, guidance=5.0)
    generator.form = replace(generator.form, area=area)
    return OpenShots(generator)


def test_a_command_films_with_a_folder_of_open_weights(filmed: Path):
    """Words alone lead these; the film is signed as that of a trained model, and the take knows where its weights lie."""
    verdict = provenance.verify(filmed / "twins.mp4")

    assert verdict.ok
    assert (verdict.source_type or "").endswith("/trainedAlgorithmicMedia")
    (take,) = Studio(filmed / "project").takes()
    assert (take.engine, take.weights) == ("model", str(filmed / "downloaded"))
    assert seen(take).shape == (17, 128, 128, 3)
    assert (seen(take, 0) != seen(take, 1)).any()


def test_a_picture_of_the_world_begins_what_begins_with_one(weights: Weights, tmp_path: Path):
    """Picture to video: the world's first picture leads."""
    take = Studio(tmp_path / "project").shoot(cubes(), engine="model", weights=str(weights("looking")))

    verdict = provenance.verify(take.path)
    assert verdict.ok
    assert (verdict.source_type or "").endswith("/trainedAlgorithmicMedia")
    with np.load(take.folder / "model" / "0.npz") as file:
        assert file["leading"].shape == (1, 128, 128, 3)
        assert file["leading"].std() > 0


def test_a_film_that_follows_the_world_is_signed(followed: Path):
    """With a draft: the depth of all frames leads."""
    (take,) = Studio(followed).takes()

    verdict = provenance.verify(take.path)
    assert verdict.ok
    assert (verdict.source_type or "").endswith("/trainedAlgorithmicMedia")
    with np.load(take.folder / "model" / "0.npz") as file:
        assert file["grey"].shape == (17, 128, 128)
        assert file["grey"].max() == 255


def test_the_draft_steers_and_the_same_document_gives_the_same_bits(weights: Weights):
    """From elsewhere the camera sees other pictures of the same words."""
    shots, film = quick(weights("draft")), cubes()
    (shot,) = film.shots
    aside = shot.model_copy(update={"camera": Camera(azimuth=60.0)})

    first, again = (shots.made(film, shot, None, None) for _ in range(2))
    elsewhere = shots.made(film, aside, None, None)

    assert first.words == elsewhere.words
    assert np.array_equal(first.pictures, again.pictures)
    assert (first.pictures != elsewhere.pictures).any()


@pytest.mark.parametrize(
    ("kind", "frames", "pictures"), [("between", 17, 2), ("two", 17, 0), ("picture", 17, 1), ("tokens", 25, 1)]
)
def test_the_other_kinds_of_the_family_make_shots(weights: Weights, kind: str, frames: int, pictures: int):
    """Between two pictures; with two networks; from a picture that is not looked at; with noise levels for each token, at 24
    frames a second. Each is led by as many pictures of the world as it takes."""
    film = cubes()

    made = quick(weights(kind)).made(film, film.shots[0], None, None)

    assert made.pictures.shape == (frames, 64, 64, 3)
    assert made.pictures.std() > 0
    assert len(made.guide.pictures) == pictures


def test_an_edit_of_one_shot_leaves_the_other(filmed: Path, tmp_path: Path):
    """Bit for bit, down to the addresses of its chunks, which are taken again."""
    studio = Studio(shutil.copytree(filmed / "project", tmp_path / "project"))
    (first,) = studio.takes()

    second = studio.apply(first, Edit(operations=(Change(what=ChangeSet(place="beach"), shots=("two",)),)))

    assert isinstance(second, Take)
    assert (second.engine, second.weights) == (first.engine, first.weights)
    assert np.array_equal(seen(first, 0), seen(second, 0))
    assert (seen(first, 1) != seen(second, 1)).any()
    assert second.chunks[0] == first.chunks[0]
    assert second.work.ways == {"reused": 24, "drawn": 24}


def test_another_colour_changes_only_who_wears_it(weights: Weights):
    """Weights that follow a draft make the cube's tokens again; from one token beside them on, all pixels are those of before."""
    shots = quick(weights("draft"), area=32 * 320)
    film = cubes().model_copy(update={"size": Size(width=1280, height=128)})
    after = apply(film, painted("red"))
    first = shots.made(film, film.shots[0], None, None)

    second = shots.made(after, after.shots[0], first, None)

    changed = (first.pictures != second.pictures).any(axis=(0, 3))
    cube = (second.guide.ids == 1).any(axis=0)
    tokens = binary_dilation(cube.reshape(2, 16, 20, 16).any(axis=(1, 3)), np.ones((3, 3)))
    near = binary_dilation(tokens.repeat(16, 0).repeat(16, 1), np.ones((31, 31)))
    assert changed[cube].mean() > 0.9
    assert not changed[~near].any()
    assert near.mean() < 0.5


@pytest.mark.parametrize("kind", ["draft", "picture"])
def test_a_shot_that_goes_on_keeps_what_there_was(weights: Weights, kind: str):
    """Longer by half a second, the first second's frames are the same; as short as it was again, all are."""
    shots, film = quick(weights(kind)), cubes()
    longer = apply(film, Edit(operations=(Retime(shot="one", duration=Fraction(3, 2), how="extend"),)))
    first = shots.made(film, film.shots[0], None, None)

    second = shots.made(longer, longer.shots[0], first, None)
    third = shots.made(film, film.shots[0], second, None)

    assert (len(first.pictures), len(second.pictures)) == (17, 25)
    assert np.array_equal(second.pictures[:17], first.pictures)
    assert np.array_equal(third.pictures, first.pictures)


def test_words_that_were_said_lead_until_they_are_not_true_any_more():
    """The words of whoever asked know more than the document; once an edit tells it otherwise, the document's own count."""
    film = direct("A gleaming red ball on a windswept beach", catalogue=catalogue(), style="anime")
    ball = film.shots[0].subjects[0].id
    after = apply(film, painted("green", ball))

    assert words_of(film, film.shots[0]) == "A gleaming red ball on a windswept beach, anime style"
    assert words_of(after, after.shots[0]).startswith("a green ball")


def test_other_weights_edit_nothing(weights: Weights, followed: Path):
    """A take is edited by what made it."""
    (take,) = Studio(followed).takes()

    with pytest.raises(ProjectError, match="weights of this take are others now"):
        LearnedEngine(quick(weights("text")), before=take.folder)


def test_marks_name_weights_as_they_are_known(weights: Weights, tmp_path: Path):
    """By the catalogue, with where they are from and their licence; others by the name of their folder."""
    known = shutil.copytree(
        weights("draft"), tmp_path / "models--Wan-AI--Wan2.1-VACE-1.3B-diffusers" / "snapshots" / "1f"
    )
    own = shutil.copytree(weights("draft"), tmp_path / "mine")

    assert quick(known).model == (
        "Wan 2.1 VACE, 1.3B, guided by a draft (Wan-AI/Wan2.1-VACE-1.3B-diffusers, Apache-2.0)"
    )
    assert quick(own).model == "mine (WanVACEPipeline, licence not known)"


def test_a_forecast_grows_with_the_film(weights: Weights):
    """Nothing is loaded for it."""
    short, long = (model_forecast(lasting(seconds), str(weights("text"))) for seconds in (1, 4))

    assert 0 < short.least < short.seconds < short.most
    assert long.seconds > short.seconds


def test_too_long_a_shot_is_told(weights: Weights):
    """Words alone cannot go on from a picture."""
    with pytest.raises(WeightsError, match=r"lasts 6\.1 s, and these weights make at most 5\.1 s"):
        model_forecast(lasting(6), str(weights("text")))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("wan2.1-vace-1.3b", "is not on this machine; download it with: vitascope weights pull wan2.1-vace-1.3b"),
        ("wan2.1-vace", "There is no folder 'wan2.1-vace', and no weights are called 'wan2.1-vace'; did you mean"),
        ("hunyuanvideo", "is known but not loaded, because of its licence"),
        ("empty", "holds no weights of ours (transformer.safetensors, autoencoder.safetensors) and no open ones"),
        ("broken", "is not whole; download it again"),
        ("huge", "GB of memory on"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_made(
    weights: Weights,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    name: str,
    said: str,
):
    """One sentence, exit code 2, and nothing is left behind: neither a film nor a take."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VITASCOPE_PROJECT", str(tmp_path / "project"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    Path("cubes.film.json").write_text(film_to_json(cubes()))
    Path("empty").mkdir()
    damaged, large = (shutil.copytree(weights("text"), folder) for folder in ("broken", "huge"))
    _cut_short(next(Path(damaged, "vae").glob("*.safetensors")))
    _enlarge(Path(large, "text_encoder", "model.safetensors"))
    before = sorted(Path().iterdir())

    code = command(monkeypatch, "film", "cubes.film.json", "--engine", "model", "--weights", name, "-o", "cubes.mp4")

    told = capsys.readouterr()
    assert code == 2
    assert said in told.err
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert sorted(Path().iterdir()) == before


def lasting(seconds: int) -> Film:
    """The cubes for so long."""
    (shot,) = cubes().shots
    return cubes().model_copy(update={"shots": (shot.model_copy(update={"duration": Fraction(seconds)}),)})


def _cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def _enlarge(file: Path) -> None:
    """A header that promises a million million numbers, and a file as long without one of them on the disk."""
    numbers = 10**12
    header = json.dumps({"encoder": {"dtype": "F32", "shape": [numbers], "data_offsets": [0, 4 * numbers]}}).encode()
    file.write_bytes(struct.pack("<Q", len(header)) + header)
    with file.open("r+b") as stream:
        stream.truncate(8 + len(header) + 4 * numbers)
