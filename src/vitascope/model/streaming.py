"""Films without an end: block after block, each seen by the next, in memory that does not grow.

What is remembered are the first moments (sinks: Xiao et al. 2023, arXiv:2309.17453) and the last ones (the window). What falls
out between them is forgotten, and the sinks are moved up to the window, so that nothing stands further away than in training.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from vitascope.model.denoiser import Condition, Denoiser, Memory
from vitascope.model.noise import noise
from vitascope.model.sampler import Sampling, recall, sample
from vitascope.model.shapes import LatentShape
from vitascope.model.tokens import Tokens, pack, places, unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolling:
    """How a film without an end is made, in frames of the compressed clip."""

    block: int
    """Made at a time."""
    window: int
    """Remembered of what was made last; at least 1."""
    sinks: int
    """Remembered of what was made first."""


def stream(
    model: Denoiser,
    shape: LatentShape,
    condition: Callable[[int], Condition],
    sampling: Sampling,
    rolling: Rolling,
    *,
    channels: int,
    before: Tensor | None = None,
) -> Iterator[Tensor]:
    """Blocks (1, C, `rolling.block`, H, W) for ever; of `shape` the frames do not matter.

    `condition` is asked for that of each block by its number, so that the instruction may change on the way; `before`: clean
    frames (1, C, T, H, W) that come before the first.
    """
    memory, start = None, 0
    if before is not None:
        start = before.shape[2]
        memory = _kept(recall(model, pack(before), condition(0), sampling.guidance), start, rolling)
    block = replace(shape, frames=rolling.block)
    count = 0
    while True:
        asked = condition(count)
        noisy = _noise(block, float(start), channels=channels, seed=sampling.seed)
        noisy = noisy.to(asked.words.values_BSD.device)
        seen = None if memory is None else _near(model, memory, start, rolling)
        values_BLC = sample(model, noisy, asked, sampling, memory=seen)
        yield unpack(values_BLC, block)
        clean = noisy.at(values_BLC, torch.zeros_like(noisy.level_BL))
        later = recall(model, clean, asked, sampling.guidance, seen)
        start, count = start + rolling.block, count + 1
        memory = _kept(later if memory is None else memory.joined(later), start, rolling)


def _noise(block: LatentShape, moment: float, *, channels: int, seed: int) -> Tokens:
    place_BL3 = places(block, moment=moment)[None]
    shape_BL = place_BL3.shape[:2]
    return Tokens(
        values_BLC=noise(place_BL3, channels=channels, seed=seed),
        place_BL3=place_BL3,
        level_BL=torch.ones(shape_BL),
        role_BL=torch.zeros(shape_BL, dtype=torch.int64),
    )


def _kept(memory: Memory, end: int, rolling: Rolling) -> Memory:
    """The sinks and the window of what was made up to the moment `end`."""
    moment_L = memory.place_BL3[0, :, 0]
    return memory.take(((moment_L < rolling.sinks) | (moment_L >= end - rolling.window)).nonzero()[:, 0])


def _near(model: Denoiser, memory: Memory, start: int, rolling: Rolling) -> Memory:
    """The same, with the sinks moved up to the window where something between them is forgotten."""
    gap = start - rolling.window - rolling.sinks
    if gap <= 0 or not rolling.sinks:
        return memory
    moment_L = memory.place_BL3[0, :, 0]
    first, rest = (memory.take(each.nonzero()[:, 0]) for each in (moment_L < rolling.sinks, moment_L >= rolling.sinks))
    return model.moved(first, gap).joined(rest)
