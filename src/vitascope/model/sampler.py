"""The one loop that makes films of noise. It knows no tasks: they differ in which tokens are noisy, and in what is clean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import torch
import torch.nn.functional as F
from torch import Tensor

from vitascope.model.denoiser import Condition, Denoiser, Memory, Sound, Words
from vitascope.model.noise import noise
from vitascope.model.schedule import Schedule
from vitascope.model.tokens import Tokens


class Solver(Enum):
    """How a step is made."""

    EULER = "euler"
    """Straight on."""
    HEUN = "heun"
    """By the mean of the velocities at both ends: twice the work, the error of a step falls with its cube."""
    RENEW = "renew"
    """To the end, and back to the next level with new noise: what distilled networks are trained for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """Away from what would be made without the instruction (Ho and Salimans 2022, arXiv:2207.12598)."""

    scale: float
    """1: no further than the instruction."""
    without: Condition
    """The empty instruction, or one that says what is not wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How films are made of noise."""

    schedule: Schedule
    solver: Solver
    guidance: Guidance | None
    seed: int
    """Of the noise that `Solver.RENEW` adds."""


@torch.no_grad()
def sample(
    model: Denoiser,
    noisy: Tokens,
    condition: Condition,
    sampling: Sampling,
    *,
    memory: Memory | None = None,
    on_step: Callable[[int, int], None] | None = None,
) -> Tensor:
    """Clean values (B, L, C) of `noisy`, beside what is remembered (`recall` makes it). All of `noisy` has one level.

    `on_step` is told after each step how many of how many are made; what it raises ends the film.
    """
    begun = float(noisy.level_BL.flatten()[0])
    schedule = sampling.schedule
    if begun < schedule.levels[0]:
        schedule = schedule.beginning_at(begun)
    velocity = _Velocity(model, noisy, condition, sampling.guidance, memory)
    values_BLC = noisy.values_BLC.float()
    for n, (level, lower) in enumerate(zip(schedule.levels, schedule.levels[1:], strict=False)):
        here = velocity(values_BLC, level)
        if sampling.solver is Solver.RENEW:
            clean = values_BLC - level * here
            fresh = noise(noisy.place_BL3, channels=clean.shape[-1], seed=sampling.seed, draw=n + 1)
            values_BLC = torch.lerp(clean, fresh, lower)
        else:
            there = values_BLC + (lower - level) * here
            if sampling.solver is Solver.HEUN and lower > 0:  # at 0 there is nothing left to ask about
                here = (here + velocity(there, lower)) / 2
                there = values_BLC + (lower - level) * here
            values_BLC = there
        if on_step is not None:
            on_step(n + 1, schedule.steps)
    return values_BLC


@torch.no_grad()
def recall(
    model: Denoiser, context: Tokens, condition: Condition, guidance: Guidance | None, memory: Memory | None = None
) -> Memory:
    """What `sample` needs to know of clean tokens: one row, or one for each branch where they read the instruction."""
    if guidance is None or not model.context_reads:
        return model.remember(context, condition, memory)
    return model.remember(twice(context), together(condition, guidance.without), memory)


class _Velocity:
    """Velocity at a level, guided where it is asked for: each row stands twice in the batch."""

    def __init__(
        self, model: Denoiser, noisy: Tokens, condition: Condition, guidance: Guidance | None, memory: Memory | None
    ) -> None:
        self._model, self._memory, self._noisy = model, memory, noisy
        self._scale = None if guidance is None else guidance.scale
        if guidance is not None:
            rows = len(noisy.place_BL3)
            self._noisy, condition = twice(noisy), together(condition, guidance.without)
            if memory is not None and len(memory.place_BL3) not in (1, 2 * rows):
                self._memory = memory.stacked(2)
        self._condition = model.read(condition)

    def __call__(self, values_BLC: Tensor, level: float) -> Tensor:
        values_BLC = values_BLC if self._scale is None else values_BLC.repeat(2, 1, 1)
        level_BL = torch.full((1, 1), level, device=values_BLC.device).expand(values_BLC.shape[:2])
        found_BLC = self._model.velocity(self._noisy.at(values_BLC, level_BL), self._condition, self._memory)
        if self._scale is None:
            return found_BLC
        asked, free = found_BLC.chunk(2)
        return torch.lerp(free, asked, self._scale)


def twice(rows: Tokens) -> Tokens:
    """All rows, and all rows again."""
    return Tokens(
        values_BLC=rows.values_BLC.repeat(2, 1, 1),
        place_BL3=rows.place_BL3.repeat(2, 1, 1),
        level_BL=rows.level_BL.repeat(2, 1),
        role_BL=rows.role_BL.repeat(2, 1),
        draft_BLC=None if rows.draft_BLC is None else rows.draft_BLC.repeat(2, 1, 1),
    )


def together(first: Condition, second: Condition) -> Condition:
    """The rows of one condition, then those of another; ValueError where only one of them hears something."""
    length = max(first.words.present_BS.shape[1], second.words.present_BS.shape[1])
    words = Words(
        values_BSD=torch.cat(
            [
                F.pad(each.words.values_BSD, (0, 0, 0, length - each.words.values_BSD.shape[1]))
                for each in (first, second)
            ]
        ),
        present_BS=torch.cat(
            [F.pad(each.words.present_BS, (0, length - each.words.present_BS.shape[1])) for each in (first, second)]
        ),
    )
    return Condition(words=words, sound=_heard(first.sound, second.sound))


def _heard(first: Sound | None, second: Sound | None) -> Sound | None:
    if first is None and second is None:
        return None
    if first is None or second is None or not torch.equal(first.moment_M, second.moment_M):
        raise ValueError("Only one of two conditions hears something; give both sounds of the same moments, or none.")
    return Sound(values_BMF=torch.cat([first.values_BMF, second.values_BMF]), moment_M=first.moment_M)
