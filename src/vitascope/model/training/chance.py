"""Chance and order of a run: functions of its seed and of the step alone, so that a run that goes on misses nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import torch
from torch import Tensor

from vitascope.film import seed_for

__all__ = ["begun", "chance", "rows_of"]

Made = TypeVar("Made")


def chance(seed: int, step: int, name: str) -> torch.Generator:
    """A stream of its own for each step and purpose, on the processor."""
    return torch.Generator().manual_seed(seed_for(seed, name, str(step)))


def begun(seed: int, make: Callable[[], Made]) -> Made:
    """What `make` makes with weights that the seed alone decides; the chance of others goes on as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed_for(seed, "weights"))
        return make()


def rows_of(seed: int, step: int, *, batch: int, count: int) -> list[int]:
    """Which of `count` clips are seen at a step: each once before any is seen again, in another order each time."""
    orders: dict[int, Tensor] = {}
    found = []
    for place in range(step * batch, (step + 1) * batch):
        turn = place // count
        if turn not in orders:
            orders[turn] = torch.randperm(count, generator=chance(seed, turn, "order"))
        found.append(int(orders[turn][place % count]))
    return found
