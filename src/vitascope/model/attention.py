"""Which token looks at which: everything at everything. Knows no layers and no weights.

Letters: B batch, N heads, L queries, K keys, E width of a head.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

KeysValues = tuple[Tensor, Tensor]
"""Keys and values (B or 1, N, K, E) of some tokens."""


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


def attend(query_BNLE: Tensor, parts: Sequence[KeysValues]) -> Tensor:
    """What each query sees of all keys of all parts."""
    key, value = joined(parts, len(query_BNLE))
    return F.scaled_dot_product_attention(query_BNLE, key, value)


def joined(parts: Sequence[KeysValues], batch: int) -> KeysValues:
    """All parts in one row, each for the whole batch."""
    if len(parts) == 1:
        return parts[0]
    keys, values = zip(*parts, strict=True)
    return (
        torch.cat([each.expand(batch, -1, -1, -1) for each in keys], dim=2),
        torch.cat([each.expand(batch, -1, -1, -1) for each in values], dim=2),
    )
