"""What a take remembers makes the next edit exact and as small as it is; what an edit is about is found by its word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from plain_pass import plain_pass
from tiny_networks import CHANNELS, chance, condition, film, furthest, network, tiled

from vitascope.continuity import Store
from vitascope.model.memory import KIND, Kept, TakeError, pack_take, refreshed, unpack_take
from vitascope.model.regions import (
    USUAL,
    RegionError,
    looks,
    patches_of,
    region_of_ids,
    region_of_words,
)
from vitascope.model.sampler import recall
from vitascope.model.shapes import LatentShape, Stride
from vitascope.model.tokens import Tokens, join, unpack
from vitascope.model.transformer import Transformer

SHAPE = LatentShape(frames=3, height=4, width=4)
REGION = torch.arange(SHAPE.tokens).view(3, 4, 4)[:, 2:, 2:].flatten()
"""One of the four tiles of each moment of `tiled`."""


def without(row: Tokens, gone: torch.Tensor) -> Tokens:
    kept = torch.ones(row.count, dtype=torch.bool)
    kept[gone] = False
    return row.take(kept.nonzero()[:, 0])


def take_of(model: Transformer, known: Tokens) -> Kept:
    """A take that remembers these tokens."""
    return Kept(
        seed=3,
        caption="a red car",
        latent_1CTHW=unpack(film().values_BLC, SHAPE),
        known=known,
        memory=recall(model, known, condition(), None),
        looks_STHW=torch.rand(3, 3, 4, 4, generator=chance(1)),
    )


@torch.no_grad()
def test_clean_tokens_that_see_their_tile_alone_are_the_masked_pass():
    """Remembering by tiles, then asking, is one pass in which clean tokens see clean ones of their tile, and noisy ones all."""
    model, asked, row = tiled(), condition(), film()
    clean, noisy = without(row, REGION), row.take(REGION)
    noisy = noisy.at(noisy.values_BLC, torch.full_like(noisy.level_BL, 0.7))

    velocity = model.velocity(noisy, asked, model.remember(clean, asked))

    whole, first = join([clean, noisy]), clean.count
    tile = (whole.place_BL3[0] / torch.tensor([1, 2, 2])).floor()
    mask = (tile[:, None] == tile[None]).all(-1)
    mask[first:], mask[:first, first:] = True, False
    expected = plain_pass(model, whole, asked, torch.arange(whole.count) >= first, mask)[:, first:]
    assert furthest(velocity, expected) < 1e-5


@torch.no_grad()
def test_an_edit_makes_stale_only_the_tiles_that_it_touches():
    """Of a film that is remembered whole, an edit of two tokens looks again at the rest of their tiles, and then knows all that
    looking at everything would tell."""
    model, asked = tiled(), condition()
    kept = take_of(model, film())
    context = without(film(), torch.tensor([0, 21]))

    memory, looked_at = refreshed(model, kept, context, asked, None)

    assert looked_at == 3 + 3
    for known, expected in zip(memory.keys + memory.values, both(recall(model, context, asked, None)), strict=True):
        assert furthest(known, expected) < 1e-5
    assert torch.equal(memory.place_BL3, context.place_BL3)


def both(memory):
    return memory.keys + memory.values


@torch.no_grad()
def test_patches_that_changed_are_looked_at_again():
    """After an edit the same places hold something else: their tile is stale, all others are not."""
    model, asked = tiled(), condition()
    kept = take_of(model, film())
    values = film().values_BLC.clone()
    values[0, 21] = 1.0
    now = film().at(values, film().level_BL)

    memory, looked_at = refreshed(model, kept, now, asked, None)

    assert looked_at == 4
    assert furthest(memory.keys[1], recall(model, now, asked, None).keys[1]) < 1e-5


@torch.no_grad()
def test_where_clean_tokens_see_all_the_same_region_again_costs_nothing():
    """A second try at the same region looks at nothing again; another region makes everything stale."""
    model, asked = network(), condition()
    kept = take_of(model, without(film(), REGION))

    memory, looked_at = refreshed(model, kept, kept.known, condition(seed=9), None)
    other, all_of_it = refreshed(model, kept, without(film(), REGION[1:]), asked, None)

    assert looked_at == 0
    assert torch.equal(memory.keys[1], kept.memory.keys[1])
    assert all_of_it == other.count == kept.known.count + 1


@torch.no_grad()
def test_networks_whose_clean_tokens_read_remember_anew():
    """Another instruction makes everything stale where clean tokens read it."""
    model = network(context_reads=True)
    kept = take_of(model, film())

    assert refreshed(model, kept, film(), condition(seed=9), None)[1] == 48


@torch.no_grad()
def test_a_take_comes_back_from_the_store(tmp_path: Path):
    """Bytes that were kept are the take, to the last bit."""
    store, kept = Store(tmp_path, limit=10**8), take_of(network(), film())

    store.put(KIND, b"address", pack_take(kept))
    content = store.get(KIND, b"address")

    assert content is not None
    back = unpack_take(content)
    assert (back.seed, back.caption) == (3, "a red car")
    assert torch.equal(back.latent_1CTHW, kept.latent_1CTHW)
    assert torch.equal(back.memory.values[1], kept.memory.values[1])
    assert torch.equal(back.known.place_BL3, kept.known.place_BL3)
    assert back.looks_STHW is not None
    assert pack_take(replace(back, looks_STHW=None)) != content == pack_take(back)


@pytest.mark.parametrize("cut", [0, 7, 100, -1])
def test_a_damaged_take_is_named(cut: int):
    """Whatever is missing, one sentence says what to do."""
    content = pack_take(take_of(network(), film()))[:cut]

    with pytest.raises(TakeError, match="make the take again"):
        unpack_take(content)


def test_the_region_of_a_word_is_what_looks_at_it():
    """On a map on which two patches look at the second word, they and their neighbours in rows and columns are found."""
    looked = torch.full((3, 2, 5, 5), 0.3)
    looked[1, 0, 0, 0], looked[1, 1, 2, 3] = 0.9, 0.7

    region = region_of_words(looked, [1], USUAL)

    assert region[0].nonzero().tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert region[1].nonzero().tolist() == [[row, column] for row in (1, 2, 3) for column in (2, 3, 4)]


@pytest.mark.parametrize(("words", "advice"), [([], "name a thing"), ([0], "mark the region")])
def test_a_word_that_nothing_looks_at_is_named(words: list[int], advice: str):
    """Either the instruction does not have it, or no patch stands out."""
    with pytest.raises(RegionError, match=advice):
        region_of_words(torch.full((3, 2, 5, 5), 0.3), words, USUAL)


def test_the_region_of_an_id_has_each_patch_with_a_pixel_of_it():
    """The first frame is a patch deep of its own; of the next four any counts."""
    ids = torch.zeros(5, 4, 6, dtype=torch.int32)
    ids[0, 0, 0], ids[3, 3, 5], ids[4, 0, 0] = 7, 7, 2

    region = region_of_ids(ids, {7}, Stride(time=4, height=2, width=2))

    assert region.nonzero().tolist() == [[0, 0, 0], [1, 1, 2]]
    assert patches_of(ids > 0, Stride(time=4, height=2, width=2)).sum() == 3


@torch.no_grad()
def test_each_patch_shares_its_look_between_the_words():
    """Shares are of one look, differ from patch to patch, and a word that is not there gets none."""
    model, asked = network(), condition(count=4)
    absent = replace(asked.words, present_BS=torch.tensor([[True, True, True, False]]))

    looked = looks(
        model, torch.randn(1, CHANNELS, 2, 3, 5, generator=chance(2)), replace(asked, words=absent), USUAL, seed=0
    )

    assert looked.shape == (4, 2, 3, 5)
    assert furthest(looked.sum(0), torch.ones(2, 3, 5)) < 1e-5
    assert not looked[3].any()
    assert looked[0].std() > 0.001
