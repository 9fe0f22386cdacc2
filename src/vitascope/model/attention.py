"""Which token looks at which: everything at everything, or tiles of space and time at their neighbours. Knows no weights.

Letters: B batch, N heads, L queries, K keys, E width of a head.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention.flex_attention import create_block_mask, flex_attention

KeysValues = tuple[Tensor, Tensor]
"""Keys and values (B or 1, N, K, E) of some tokens."""

_SCORES = 2**21
"""Of one piece: 4 MB, which the last cache of a processor holds."""
_COMPILED_FROM = 8192
"""Queries for which a GPU's kernel is worth compiling."""
_ROWS_LEAST, _ROWS_MOST = 64, 512


class Plan(Protocol):
    """Who looks at whom in one pass through a network; the same for each of its layers."""

    def __call__(self, query_BNLE: Tensor, parts: Sequence[KeysValues]) -> Tensor:
        """What queries (B, N, L, E) see of the tokens of all `parts` together."""
        ...


class Attention(Protocol):
    """A way of looking."""

    def plan(self, place_BL3: Tensor, seen_BK3: Sequence[Tensor]) -> Plan:
        """For queries that stand at `place_BL3`, and keys in parts that stand at `seen_BK3`."""
        ...


class Dense:
    """Each query sees each key."""

    def plan(self, place_BL3: Tensor, seen_BK3: Sequence[Tensor]) -> Plan:
        """Nothing depends on places."""
        return attend


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """Queries see the keys of their own tile, of those around it, and of the first moments.

    As sliding tiles (Zhang et al. 2025, arXiv:2502.04507) with sinks, but over tokens that may be any part of a clip. All rows of
    a batch have the same places.
    """

    tile: tuple[int, int, int]
    """Moments, rows and columns of the compressed clip."""
    reach: tuple[int, int, int]
    """How many tiles away along each axis is still seen; 0: only one's own."""
    sinks: float | None
    """Tokens that stand before this moment are seen from everywhere, pictures of reference with them; None: none."""

    def plan(self, place_BL3: Tensor, seen_BK3: Sequence[Tensor]) -> Plan:
        """Tiles are told apart once for all layers. ValueError where rows of the batch stand in different places."""
        query_L3 = _of_all_rows(place_BL3)
        key_K3 = torch.cat([_of_all_rows(each) for each in seen_BK3])
        if query_L3.is_cuda and len(query_L3) >= _COMPILED_FROM:
            return KernelPlan(self, query_L3, key_K3)
        return TilePlan(self, query_L3, key_K3)

    def tiles(self, place_L3: Tensor) -> Tensor:
        """(L, 3) int64: in which tile each token stands."""
        return (place_L3 / place_L3.new_tensor(self.tile)).floor().long()

    def sunk(self, place_L3: Tensor) -> Tensor:
        """(L,) bool: what everything sees."""
        return place_L3[:, 0] < (-torch.inf if self.sinks is None else self.sinks)

    def near(self, tile: Tensor, other: Tensor) -> Tensor:
        """(...,) bool: whether tiles (..., 3) see one another."""
        return ((tile - other).abs() <= tile.new_tensor(self.reach)).all(-1)

    def mask(self, query_L3: Tensor, key_K3: Tensor) -> Tensor:
        """(L, K) bool: which query sees which key."""
        return self.near(self.tiles(query_L3)[:, None], self.tiles(key_K3)[None]) | self.sunk(key_K3)[None]


def attend(query_BNLE: Tensor, parts: Sequence[KeysValues]) -> Tensor:
    """What each query sees of all keys of all parts."""
    return looked(query_BNLE, *joined(parts, len(query_BNLE)))


def looked(query_BNLE: Tensor, key_BNKE: Tensor, value_BNKE: Tensor) -> Tensor:
    """What each query sees of all keys. On processors that multiply bfloat16, torch's own kernel takes two and a half times as
    long for tokens of that type as multiplying in pieces, of which the scores stay in the cache."""
    quick = query_BNLE.dtype is torch.bfloat16 and not query_BNLE.is_cuda and not query_BNLE.requires_grad
    if quick and multiplies_bfloat16():
        return _in_pieces(query_BNLE, key_BNKE, value_BNKE)
    return F.scaled_dot_product_attention(query_BNLE, key_BNKE, value_BNKE)


def _in_pieces(query_BNLE: Tensor, key_BNKE: Tensor, value_BNKE: Tensor) -> Tensor:
    batch, heads, count, width = query_BNLE.shape
    rows = max(_ROWS_LEAST, min(_ROWS_MOST, _SCORES // key_BNKE.shape[2]))
    scaled = query_BNLE * width**-0.5
    found = torch.empty_like(query_BNLE, memory_format=torch.contiguous_format)
    for row in range(batch):
        for head in range(heads):
            key, value = key_BNKE[row, head].t(), value_BNKE[row, head]
            for start in range(0, count, rows):
                piece = slice(start, start + rows)
                found[row, head, piece] = (scaled[row, head, piece] @ key).softmax(-1) @ value
    return found


@lru_cache(1)
def multiplies_bfloat16() -> bool:
    """Whether this processor has instructions for products of bfloat16."""
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def joined(parts: Sequence[KeysValues], batch: int) -> KeysValues:
    """All parts in one row, each for the whole batch."""
    if len(parts) == 1:
        return parts[0]
    keys, values = zip(*parts, strict=True)
    return (
        torch.cat([each.expand(batch, -1, -1, -1) for each in keys], dim=2),
        torch.cat([each.expand(batch, -1, -1, -1) for each in values], dim=2),
    )


class TilePlan:
    """Tile after tile: its queries against the keys that it sees. Nothing is padded, so any subset is exact."""

    def __init__(self, tiles: Tiles, query_L3: Tensor, key_K3: Tensor) -> None:
        self._order_L, count_U, tile_U3 = _grouped(tiles.tiles(query_L3))
        self._counts = count_U.tolist()
        self._back_L = torch.argsort(self._order_L)
        sunk_K = tiles.sunk(key_K3)
        rest, sinks = (~sunk_K).nonzero()[:, 0], sunk_K.nonzero()[:, 0]
        order, count_V, tile_V3 = _grouped(tiles.tiles(key_K3[rest]))
        self._order_K = torch.cat([rest[order], sinks])
        starts = [0, *count_V.cumsum(0).tolist()]
        sunk = [(len(rest), len(key_K3))] if len(sinks) else []
        near_UV = tiles.near(tile_U3[:, None], tile_V3[None])
        self._runs = [
            _runs([(starts[n], starts[n + 1]) for n in row.nonzero()[:, 0].tolist()] + sunk) for row in near_UV
        ]

    def __call__(self, query_BNLE: Tensor, parts: Sequence[KeysValues]) -> Tensor:
        key, value = (each[:, :, self._order_K] for each in joined(parts, len(query_BNLE)))
        queries = query_BNLE[:, :, self._order_L].split(self._counts, dim=2)
        found = [
            looked(query, *(torch.cat([each[:, :, a:b] for a, b in runs], dim=2) for each in (key, value)))
            for query, runs in zip(queries, self._runs, strict=True)
        ]
        return torch.cat(found, dim=2)[:, :, self._back_L]


class KernelPlan:
    """The same by one compiled kernel, which leaves out blocks that nobody sees: queries and keys stand in the order of tiles."""

    def __init__(self, tiles: Tiles, query_L3: Tensor, key_K3: Tensor) -> None:
        self._order_L, self._order_K = (_grouped(tiles.tiles(each))[0] for each in (query_L3, key_K3))
        self._back_L = torch.argsort(self._order_L)
        tile_L3, tile_K3 = tiles.tiles(query_L3)[self._order_L], tiles.tiles(key_K3)[self._order_K]
        sunk_K = tiles.sunk(key_K3)[self._order_K]
        reach = tiles.reach

        def seen(_row: Tensor, _head: Tensor, query: Tensor, key: Tensor) -> Tensor:
            near = [(tile_L3[query, axis] - tile_K3[key, axis]).abs() <= reach[axis] for axis in range(3)]
            return (near[0] & near[1] & near[2]) | sunk_K[key]

        self._mask = create_block_mask(
            seen, B=None, H=None, Q_LEN=len(query_L3), KV_LEN=len(key_K3), device=str(query_L3.device)
        )
        self._attend = _compiled() if query_L3.is_cuda else flex_attention

    def __call__(self, query_BNLE: Tensor, parts: Sequence[KeysValues]) -> Tensor:
        key, value = (each[:, :, self._order_K] for each in joined(parts, len(query_BNLE)))
        found = self._attend(query_BNLE[:, :, self._order_L], key, value, block_mask=self._mask)
        assert isinstance(found, Tensor)
        return found[:, :, self._back_L]


@lru_cache(1)
def _compiled() -> Callable[..., object]:
    return torch.compile(flex_attention, dynamic=True)


def _runs(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in ascending order, those that touch as one."""
    found: list[tuple[int, int]] = []
    for begin, end in spans:
        if found and found[-1][1] == begin:
            begin = found.pop()[0]
        found.append((begin, end))
    return found


def _grouped(tile_L3: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The order in which tokens of one tile stand together, how many each has, and which tiles there are."""
    tile_U3, index_L, count_U = torch.unique(tile_L3, dim=0, return_inverse=True, return_counts=True)
    return torch.argsort(index_L, stable=True), count_U, tile_U3


def _of_all_rows(place_BL3: Tensor) -> Tensor:
    first = place_BL3[0]
    if len(place_BL3) > 1 and place_BL3.stride(0) != 0 and not bool((place_BL3 == first).all()):
        raise ValueError(
            "Rows of the batch stand in different places; attention by tiles needs the same places in each. "
            "Give rows with the same places, or one row at a time."
        )
    return first
