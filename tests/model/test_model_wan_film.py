"""Whole films with open weights: what the library's own pipelines make of the same noise, words and levels, we make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from einops import rearrange
from PIL import Image
from tiny_networks import chance, furthest
from tiny_wan import LATENTS, Checkpoint
from torch import Tensor

from vitascope.model.catalogue import WeightsError
from vitascope.model.noise import noise
from vitascope.model.open.film import Machine, Order, film_of, shift_of
from vitascope.model.open.folder import open_folder
from vitascope.model.open.given import Draft, drawn
from vitascope.model.open.latents import fold, load_autoencoder, unfold
from vitascope.model.open.words import load_words
from vitascope.model.schedule import Schedule, even
from vitascope.model.shapes import LatentShape, PixelShape, ShapeError
from vitascope.model.tokens import places, unpack

Wan = Callable[[str], Checkpoint]
SIZE = PixelShape(frames=9, height=32, width=48)
TOKENS = LatentShape(frames=3, height=2, width=3)
ORDER = Order(
    words="a red ball rolls", avoid="a blue box", pixels=SIZE, schedule=even(3, shift=3.0), seed=5, guidance=4.0
)
HERE = Machine(dtype=torch.float32)


def begun() -> Tensor:
    """The noise of this seed as the library takes it."""
    row = noise(places(TOKENS)[None], channels=4 * LATENTS, seed=ORDER.seed)
    return unfold(unpack(row, TOKENS))


@torch.no_grad()
def theirs(wan: Wan, kind: str, **given: object) -> tuple[Tensor, Schedule]:
    """The film (1, 3, T, H, W) of the library in [0, 1], and the levels that it passed through."""
    pipeline, text = wan(kind).pipeline, wan("text").pipeline
    said, unsaid = text.encode_prompt(ORDER.words, ORDER.avoid, max_sequence_length=512)
    frames = pipeline(
        prompt_embeds=said, negative_prompt_embeds=unsaid, height=SIZE.height, width=SIZE.width, num_frames=SIZE.frames,
        num_inference_steps=3, guidance_scale=ORDER.guidance, latents=begun(), output_type="np", **given,
    ).frames  # fmt: skip
    levels = tuple(float(level) for level in pipeline.scheduler.sigmas)
    return rearrange(torch.from_numpy(frames), "b t h w c -> b c t h w"), Schedule(levels=levels)


def ours(checkpoint: Checkpoint, order: Order) -> Tensor:
    return (film_of(open_folder(checkpoint.folder), order, HERE) + 1) / 2


def picture(seed: int = 3) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, (SIZE.height, SIZE.width, 3), np.uint8))


def as_tensor(shown: Image.Image) -> Tensor:
    return torch.from_numpy(np.array(shown)).permute(2, 0, 1)[None].float() / 127.5 - 1


@pytest.mark.parametrize("kind", ["text", "two"])
def test_a_film_from_words_is_theirs(wan: Wan, kind: str):
    """Words are read, three guided steps are made and pictures come of them, as in the library's pipeline, to 1/1000 of white;
    with two networks both have their turn."""
    film, schedule = theirs(wan, kind)

    found = ours(wan(kind), replace(ORDER, schedule=schedule))

    assert film.std() > 0.01
    assert furthest(found, film) < 1e-3


@pytest.mark.parametrize("kind", ["picture", "looking"])
def test_a_film_from_a_picture_is_theirs(wan: Wan, kind: str):
    """The picture lies beside the noise with a mask of where it holds, and is looked at by weights that do so."""
    film, schedule = theirs(wan, kind, image=picture(), last_image=None)

    found = ours(wan(kind), replace(ORDER, schedule=schedule, first=as_tensor(picture())))

    assert furthest(found, film) < 1e-3


def test_a_film_between_two_pictures_is_theirs(wan: Wan):
    """The last frame may be given, too."""
    film, schedule = theirs(wan, "between", image=picture(), last_image=picture(4))
    order = replace(ORDER, schedule=schedule, first=as_tensor(picture()), last=as_tensor(picture(4)))

    assert furthest(ours(wan("between"), order), film) < 1e-3


def test_a_film_that_follows_a_draft_is_theirs(wan: Wan):
    """What is kept, what is made and the mask reach the network as the library prepares them."""
    dice = np.random.default_rng(1)
    colour = dice.integers(0, 255, (SIZE.frames, SIZE.height, SIZE.width, 3), np.uint8)
    made = np.zeros(colour.shape[:3], bool)
    made[:, 8:24, 10:30] = True
    film, schedule = theirs(
        wan,
        "draft",
        video=[Image.fromarray(frame) for frame in colour],
        mask=[Image.fromarray(frame.astype(np.uint8) * 255) for frame in made],
    )
    draft = drawn(colour, np.ones(made.shape, np.float32), follows="colour", made_THW=made)

    found = ours(wan("draft"), replace(ORDER, schedule=schedule, draft=draft))

    assert furthest(found, film) < 1e-3
    assert furthest(found, ours(wan("draft"), replace(ORDER, schedule=schedule))) > 1e-3


def test_a_held_picture_stays(wan: Wan):
    """Weights with a noise level for each token begin with the picture as their autoencoder knows it."""
    checkpoint = wan("tokens")
    shown = as_tensor(picture())

    film = film_of(open_folder(checkpoint.folder), replace(ORDER, first=shown), HERE)

    autoencoder = load_autoencoder(open_folder(checkpoint.folder))
    still = autoencoder.decode(autoencoder.encode(shown[:, :, None]))
    assert furthest(film[:, :, :1], still) < 1e-5


def test_an_edit_makes_only_its_tokens(wan: Wan):
    """Tokens that are not named stay as they were compressed; those that are named are made anew beside them."""
    folder = open_folder(wan("text").folder)
    earlier = torch.rand(1, 3, SIZE.frames, SIZE.height, SIZE.width, generator=chance(3)) * 2 - 1
    made = torch.zeros(TOKENS.frames, TOKENS.height, TOKENS.width, dtype=torch.bool)
    made[1:, 0, 1] = True

    film = film_of(folder, replace(ORDER, earlier=earlier, made_THW=made), HERE)

    autoencoder = load_autoencoder(folder)
    same = autoencoder.decode(autoencoder.encode(earlier))
    assert furthest(film[:, :, :1], same[:, :, :1]) < 1e-5
    assert furthest(film, same) > 1e-3


@torch.no_grad()
def test_words_are_read_as_theirs(wan: Wan):
    """Lines are tidied, cut at their length and followed by nothing."""
    pipeline = wan("text").pipeline
    line = "a  red &amp;amp; blue ball\n" + "past the dog " * 300

    words = load_words(open_folder(wan("text").folder), dtype=torch.float32).read([line, ""])

    expected, _ = pipeline.encode_prompt([line, ""], do_classifier_free_guidance=False, max_sequence_length=512)
    assert words.values_BSD.shape == (2, 512, 16)
    assert furthest(words.values_BSD, expected) < 2e-5
    assert bool(words.present_BS.all())


@torch.no_grad()
def test_films_are_compressed_to_unit_variance(wan: Wan):
    """By the means and spreads that the autoencoder came with; four frames share a moment after the first."""
    folder = open_folder(wan("text").folder)
    clip = torch.rand(1, 3, 9, 32, 48, generator=chance(1)) * 2 - 1

    latent = load_autoencoder(folder).encode(clip)

    vae = wan("text").pipeline.vae
    mean, spread = (
        torch.tensor(each).view(1, -1, 1, 1, 1) for each in (vae.config.latents_mean, vae.config.latents_std)
    )
    assert latent.shape == (1, LATENTS, 3, 4, 6)
    assert furthest(latent, (vae.encode(clip).latent_dist.mode() - mean) / spread) < 1e-6
    assert torch.equal(unfold(fold(latent)), latent)


def test_steps_lie_as_they_were_published(wan: Wan):
    """The shift towards noise comes from the folder."""
    assert shift_of(open_folder(wan("text").folder)) == 3.0


BLANK = Draft(film_3THW=torch.zeros(3, 9, 32, 48), made_THW=torch.ones(9, 32, 48, dtype=torch.bool))


@pytest.mark.parametrize(
    ("kind", "changes", "fault", "advice"),
    [
        ("picture", {}, WeightsError, "begin with a picture, and none was given"),
        ("text", {"first": torch.zeros(1, 3, 32, 48)}, WeightsError, "take those that can (i2v, ti2v)"),
        ("tokens", {"last": torch.zeros(1, 3, 32, 48)}, WeightsError, "take those that can (i2v)"),
        ("between", {"first": torch.zeros(1, 3, 32, 48)}, WeightsError, "between two pictures"),
        ("text", {"draft": BLANK}, WeightsError, "take those that do (vace)"),
        ("tokens", {"first": torch.zeros(1, 3, 16, 48)}, ShapeError, "(16, 48) and the film (32, 48)"),
        ("text", {"pixels": PixelShape(frames=8, height=32, width=48)}, ShapeError, "Use 5 or 9."),
        ("text", {"pixels": PixelShape(frames=40001, height=8000, width=8000)}, WeightsError, "ask for fewer frames"),
    ],
)
def test_what_cannot_be_made_is_told_before_anything_is_loaded(
    wan: Wan, kind: str, changes: dict, fault: type[Exception], advice: str
):
    """One sentence says what these weights, or this machine, cannot do, and what can."""
    with pytest.raises(fault, match=r".") as told:
        film_of(open_folder(wan(kind).folder), replace(ORDER, **changes), HERE)

    assert advice in str(told.value)
