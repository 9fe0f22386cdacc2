"""Each task is a set of clean tokens and a set of noisy ones; streams are the film in one, block by block."""

from __future__ import annotations

from itertools import islice

import pytest
import torch
from plain_pass import plain_pass
from tiny_networks import CHANNELS, chance, condition, furthest, network
from torch import Tensor

from vitascope.model.sampler import Sampling, Solver, recall, sample
from vitascope.model.schedule import few
from vitascope.model.shapes import LatentShape
from vitascope.model.streaming import Rolling, stream
from vitascope.model.tasks import (
    Task,
    TaskError,
    begun_from,
    extension,
    first_and_last,
    image_to_video,
    in_painting,
    text_to_video,
    with_draft,
    with_references,
)
from vitascope.model.tokens import Role, join, pack

ONCE = Sampling(schedule=few(1.0), solver=Solver.EULER, guidance=None, seed=5)
"""One step: what is made is the noise less its velocity."""


def latent(frames: int, *, seed: int = 1) -> Tensor:
    """A compressed clip of 2 rows and 3 columns."""
    return torch.randn(1, CHANNELS, frames, 2, 3, generator=chance(seed))


def sets(task: Task) -> tuple[list[float], list[float]]:
    """The moments of clean and of noisy tokens, each once."""
    clean = [] if task.context is None else task.context.place_BL3[0, :, 0].unique().tolist()
    return clean, task.noisy.place_BL3[0, :, 0].unique().tolist()


def test_text_to_video_makes_everything():
    """No token is clean."""
    task = text_to_video(LatentShape(frames=3, height=2, width=3), channels=CHANNELS, seed=0)

    assert sets(task) == ([], [0, 1, 2])
    assert task.noisy.level_BL.unique().tolist() == [1]


def test_image_to_video_keeps_the_first_frame():
    """It is clean, and what follows is made."""
    task = image_to_video(latent(1)[:, :, 0], 4, seed=0)

    assert sets(task) == ([0], [1, 2, 3])
    assert task.context is not None
    assert torch.equal(task.context.values_BLC, pack(latent(1)).values_BLC)
    assert task.context.level_BL.unique().tolist() == [0]


def test_between_two_frames_all_is_made():
    """The first and the last are clean."""
    first, last = latent(1, seed=1)[:, :, 0], latent(1, seed=2)[:, :, 0]

    assert sets(first_and_last(first, last, 5, seed=0)) == ([0, 4], [1, 2, 3])


def test_an_extension_looks_at_the_window_alone():
    """What was there stays in the film, but only its end is looked at."""
    known = latent(4)
    task = extension(known, 2, window=2, seed=0)

    film = task.whole(task.noisy.values_BLC)

    assert sets(task) == ([2, 3], [4, 5])
    assert torch.equal(film[:, :, :4], known)
    assert not torch.equal(film[:, :, 4:], torch.zeros_like(film[:, :, 4:]))


def test_in_painting_makes_the_region_and_nothing_else():
    """What is not marked is there as it was, bit for bit."""
    known, marked = latent(2), torch.zeros(2, 2, 3, dtype=torch.bool)
    marked[1, 0, 2] = marked[0, 1, 1] = True
    task = in_painting(known, marked, seed=0)

    film = task.whole(torch.full((1, 2, CHANNELS), 9.0))

    assert task.noisy.place_BL3[0].tolist() == [[0, 1, 1], [1, 0, 2]]
    assert task.context is not None
    assert task.context.count == 10
    assert film[0, :, marked].unique().tolist() == [9]
    assert torch.equal(film[0, :, ~marked], known[0, :, ~marked])


def test_references_are_clean_tokens_before_the_film():
    """Each with its role, and at a moment of its own."""
    task = text_to_video(LatentShape(frames=2, height=2, width=3), channels=CHANNELS, seed=0)

    both = with_references(task, [latent(1)[:, :, 0], latent(1, seed=2)[:, :, 0]])

    assert both.context is not None
    assert both.context.role_BL.unique().tolist() == [Role.REFERENCE]
    assert both.context.place_BL3[0, :, 0].unique().tolist() == [-2, -1]
    assert both.noisy is task.noisy


def test_a_draft_stands_with_what_is_made():
    """Each token that is made has what the draft shows at its own place, whichever part of the film is made."""
    marked = torch.zeros(2, 2, 3, dtype=torch.bool)
    marked[1, :, 1:] = True
    task, draft = in_painting(latent(2), marked, seed=0), latent(2, seed=3)

    drafted = with_draft(task, draft)

    assert drafted.noisy.draft_BLC is not None
    assert torch.equal(drafted.noisy.draft_BLC, draft[:, :, marked].transpose(1, 2))
    assert drafted.context is task.context
    assert torch.equal(drafted.noisy.at(draft, task.noisy.level_BL).draft_BLC, drafted.noisy.draft_BLC)


def test_a_film_that_begins_from_a_draft_has_its_noise():
    """At strength 0.25 a token is three quarters draft and a quarter the noise of its place."""
    task, draft = text_to_video(LatentShape(frames=2, height=2, width=3), channels=CHANNELS, seed=0), latent(2)

    begun = begun_from(task, draft, strength=0.25)

    assert furthest(begun.noisy.values_BLC, 0.75 * pack(draft).values_BLC + 0.25 * task.noisy.values_BLC) < 1e-6
    assert begun.noisy.level_BL.unique().tolist() == [0.25]


@pytest.mark.parametrize(
    ("ask", "advice"),
    [
        (lambda: in_painting(latent(2), torch.zeros(2, 2, 3, dtype=torch.bool), seed=0), "mark at least one patch"),
        (lambda: extension(latent(2), 0, window=1, seed=0), "give at least 1 of each"),
        (lambda: image_to_video(latent(1)[:, :, 0], 0, seed=0), "give at least one of"),
        (
            lambda: with_draft(image_to_video(latent(1)[:, :, 0], 3, seed=0), latent(2)),
            "give a draft of the film's size",
        ),
        (lambda: begun_from(image_to_video(latent(1)[:, :, 0], 2, seed=0), latent(2), strength=0), "give more than 0"),
    ],
)
def test_what_makes_no_film_is_refused(ask, advice: str):
    """One sentence says what was given and what to give."""
    with pytest.raises(TaskError, match=advice):
        ask()


@torch.no_grad()
def test_the_noise_of_a_region_is_that_of_the_film():
    """A film made with all else noisy, and a region of it made again, begin from the same noise there."""
    marked = torch.zeros(2, 2, 3, dtype=torch.bool)
    marked[1] = True
    film = text_to_video(LatentShape(frames=2, height=2, width=3), channels=CHANNELS, seed=4)

    region = in_painting(latent(2), marked, seed=4)

    assert torch.equal(region.noisy.values_BLC, film.noisy.values_BLC[:, 6:])


@torch.no_grad()
def test_a_stream_is_the_film_in_one_pass():
    """Four blocks made one after the other are the pass over all blocks at once in which each sees the clean ones before it."""
    model, asked = network(), condition()
    rolling = Rolling(block=1, window=9, sinks=0)
    shape = LatentShape(frames=4, height=2, width=3)

    blocks = list(islice(stream(model, shape, lambda _: asked, ONCE, rolling, channels=CHANNELS), 4))

    clean = pack(torch.cat(blocks, dim=2))
    noisy = text_to_video(shape, channels=CHANNELS, seed=5).noisy
    block = torch.arange(4).repeat_interleave(6)
    sees_clean = block[:, None] >= block[None, :]
    mask = torch.cat(
        [
            torch.cat([sees_clean, torch.zeros(24, 24, dtype=torch.bool)], dim=1),
            torch.cat([block[:, None] > block[None, :], block[:, None] == block[None, :]], dim=1),
        ]
    )
    velocity = plain_pass(model, join([clean, noisy]), asked, torch.arange(48) >= 24, mask)[:, 24:]
    assert furthest(clean.values_BLC, noisy.values_BLC - velocity) < 1e-4


@torch.no_grad()
def test_a_long_stream_remembers_no_more_than_sinks_and_window():
    """After many blocks, the next is made of the first frame, moved up to the window, and the last two."""
    model, asked = network(), condition()
    rolling = Rolling(block=1, window=2, sinks=1)
    shape = LatentShape(frames=1, height=2, width=3)

    blocks = list(islice(stream(model, shape, lambda _: asked, ONCE, rolling, channels=CHANNELS), 6))

    sink = recall(model, pack(blocks[0]), asked, None)
    assert (
        furthest(model.moved(sink, 2).keys[1], recall(model, pack(blocks[0], moment=2.0), asked, None).keys[1]) < 1e-5
    )
    noisy = text_to_video(LatentShape(frames=6, height=2, width=3), channels=CHANNELS, seed=5).noisy
    last = noisy.take(torch.arange(30, 36))
    earlier = [memory_of(model, blocks, n, asked) for n in (3, 4)]
    made = sample(model, last, asked, ONCE, memory=model.moved(sink, 2).joined(earlier[0]).joined(earlier[1]))
    assert furthest(made, pack(blocks[5]).values_BLC) < 1e-4


def memory_of(model, blocks: list[Tensor], n: int, asked):
    """What a stream with a window of two and one sink remembers of block `n`."""
    if n == 0:
        return recall(model, pack(blocks[0]), asked, None)
    sink = recall(model, pack(blocks[0]), asked, None)
    seen = [memory_of(model, blocks, k, asked) for k in range(max(1, n - 2), n)]
    memory = model.moved(sink, max(0, n - 3))
    for each in seen:
        memory = memory.joined(each)
    return recall(model, pack(blocks[n], moment=float(n)), asked, None, memory)
