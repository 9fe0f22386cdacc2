"""Tiles look at their neighbours: the same as looking at everything under a mask, for whole clips and for any part of one."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from tiny_networks import chance, condition, film, furthest, network
from torch import Tensor

from vitascope.model.attention import Dense, KernelPlan, Tiles, looked
from vitascope.model.shapes import LatentShape
from vitascope.model.tokens import places
from vitascope.model.transformer import Transformer

TILES = Tiles(tile=(2, 2, 3), reach=(1, 0, 1), sinks=1.0)
PLACES = places(LatentShape(frames=6, height=4, width=7))


def heads(count: int, seed: int) -> Tensor:
    """(1, 2, L, 16)"""
    return torch.randn(1, 2, count, 16, generator=chance(seed))


def some(share: float, seed: int) -> Tensor:
    """A part of the clip, in any order."""
    return PLACES[torch.randperm(len(PLACES), generator=chance(seed))[: int(share * len(PLACES))]]


def test_a_tile_sees_its_neighbours_and_the_first_moment():
    """Counted by hand: a token at the sixth moment, first row, first column sees two tiles of time and two of columns, and
    all of the first moment."""
    seen = PLACES[TILES.mask(torch.tensor([[5.0, 0.0, 0.0]]), PLACES)[0]]

    near = seen[seen[:, 0] >= 1]
    assert len(seen) == len(near) + 4 * 7
    assert near[:, 0].unique().tolist() == [2, 3, 4, 5]
    assert near[:, 1].unique().tolist() == [0, 1]
    assert near[:, 2].unique().tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("share", [1.0, 0.3])
@pytest.mark.parametrize("tiles", [TILES, Tiles(tile=(2, 2, 3), reach=(0, 0, 0), sinks=None)], ids=["reach", "alone"])
def test_tiles_are_dense_attention_under_their_mask(tiles: Tiles, share: float):
    """Queries that are any part of the clip, keys in two parts; nothing is padded and nothing is lost."""
    queries, first = some(share, 1), some(0.5, 2)
    query, (key, value), (own_key, own_value) = heads(len(queries), 3), pair(len(first), 4), pair(len(queries), 6)

    seen = tiles.plan(queries[None], [first[None], queries[None]])(query, [(key, value), (own_key, own_value)])

    keys = torch.cat([first, queries])
    together = torch.cat([key, own_key], dim=2), torch.cat([value, own_value], dim=2)
    expected = F.scaled_dot_product_attention(query, *together, attn_mask=tiles.mask(queries, keys))
    assert furthest(seen, expected) < 1e-5


def pair(count: int, seed: int) -> tuple[Tensor, Tensor]:
    return heads(count, seed), heads(count, seed + 1)


@pytest.mark.filterwarnings("ignore:flex_attention called without")
def test_the_kernel_for_gpus_sees_the_same():
    """What a GPU compiles gives what the processor computes tile by tile; here it runs uncompiled."""
    queries, keys = some(0.4, 1), some(0.8, 2)
    query, seen = heads(len(queries), 3), pair(len(keys), 4)

    found = KernelPlan(TILES, queries, keys)(query, [seen])

    assert furthest(found, TILES.plan(queries[None], [keys[None]])(query, [seen])) < 1e-5


def test_pieces_of_16_bits_are_near():
    """More queries than one piece holds, in two rows, of bfloat16: what they see is that of float32 to a hundredth."""
    query, (key, value) = heads(1100, 3).expand(2, -1, -1, -1), pair(300, 4)
    exact = F.scaled_dot_product_attention(query, key, value)

    seen = looked(*(each.expand(2, -1, -1, -1).bfloat16() for each in (query, key, value)))

    assert seen.dtype == torch.bfloat16
    assert float((seen - exact).norm() / exact.norm()) < 0.015


@torch.no_grad()
def test_a_network_that_sees_all_tiles_is_dense():
    """Where every tile is within reach, the whole network gives what it gives without tiles, in a batch of two."""
    dense = network()
    wide = Transformer(dense.config, attention=Tiles(tile=(2, 2, 2), reach=(9, 9, 9), sinks=None)).eval()
    wide.load_state_dict(dense.state_dict())
    noisy, clean, asked = film(2, batch=2, level=0.5), film(2, batch=2, seed=4), condition(batch=2)

    velocity = wide.velocity(noisy, asked, wide.remember(clean, asked))

    assert isinstance(dense.attention, Dense)
    assert furthest(velocity, dense.velocity(noisy, asked, dense.remember(clean, asked))) < 1e-5


def test_rows_in_different_places_are_refused():
    """Tiles are told apart once for the whole batch."""
    elsewhere = torch.stack([PLACES, PLACES + 1])

    with pytest.raises(ValueError, match="Give rows with the same places"):
        TILES.plan(elsewhere, [elsewhere])
