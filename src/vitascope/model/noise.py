"""Chance that depends on a seed and a place alone: a token begins with the same noise whatever else is made beside it.

So the rest of a film stays as it was when a region is made again, and a film that is made in blocks is the film in one.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

_GRAINS = 256
"""Places that differ by less than this part of a token's side have the same noise."""
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def noise(place_BL3: Tensor, *, channels: int, seed: int, draw: int = 0) -> Tensor:
    """(B, L, C) float32 of a normal distribution. `draw` counts how often the same place is asked for something new.

    Numbers are mixed by SplitMix64 (Steele et al. 2014, doi:10.1145/2714064.2660195) and shaped by Box and Muller's method,
    on the processor, so that every machine has the same.
    """
    grain = np.rint(place_BL3.detach().cpu().double().numpy() * _GRAINS).astype(np.int64).view(np.uint64)
    state = np.full(grain.shape[:2], seed % 2**64, np.uint64)
    with np.errstate(over="ignore"):
        for number in (np.uint64(draw), grain[..., 0], grain[..., 1], grain[..., 2]):
            state = _mixed(state + _STEP + number)
        pairs = np.arange((channels + 1) // 2, dtype=np.uint64)
        bits = _mixed(state[..., None] + _STEP * (pairs + np.uint64(1)))
    radius = np.sqrt(-2 * np.log(((bits >> np.uint64(32)) + 0.5) / 2.0**32))
    angle = 2 * np.pi * (bits & np.uint64(0xFFFFFFFF)) / 2.0**32
    values = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)[..., :channels]
    return torch.from_numpy(values.astype(np.float32)).to(place_BL3.device)


def _mixed(state: np.ndarray) -> np.ndarray:
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return state ^ (state >> np.uint64(31))
