"""Training of the transformer and the encoder of words with it: rectified flow on latents, all tasks in each step.

Clean tokens enter through `remember`, noisy ones through `velocity`: what is trained is what is used. A step has several groups
of clips, each with a task of its own; groups differ in which tokens are clean, and rows of a group in all else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from vitascope.model.checkpoint import described
from vitascope.model.denoiser import Condition, Sound
from vitascope.model.network import Network, save_network
from vitascope.model.shapes import LatentShape
from vitascope.model.tokens import Tokens, pack
from vitascope.model.training.chance import chance, rows_of
from vitascope.model.training.latents import Latents
from vitascope.model.training.loop import Plan, Share

__all__ = ["TASKS", "TRANSFORMER", "FlowCourse", "Group", "Teaching"]

TRANSFORMER = "transformer.safetensors"
TASKS = {"all": 0.5, "first": 0.1, "first and last": 0.1, "extension": 0.1, "region": 0.2}
"""What share of the groups asks for what of the film."""
DRAFTED = 0.6
"""Share of groups that see a draft as well, whatever is asked for: films of the product do."""
WORDLESS = 0.1
"""Share of rows that are shown without words, so that guidance has something to go away from."""
SILENT = 0.5
"""Share of groups that hear nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """groups: into how many the clips of a step are parted; shift: of noise levels towards noise, as in `schedule`; spread: of
    their normal distribution before that (Esser et al. 2024, arXiv:2403.03206, eq. 19)."""

    groups: int
    shift: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Clips of one task. context: clean tokens, or None; noisy: the others, with their noise; aim_BLC: their velocity."""

    context: Tokens | None
    noisy: Tokens
    aim_BLC: Tensor
    captions: tuple[str, ...]
    sound: Sound | None


class Flow(nn.Module):
    """Losses of groups."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, groups: list[Group]) -> dict[str, Tensor]:
        """Squares of what the velocity is off: of all tokens, and of noisy and of nearly clean ones by themselves."""
        off = [(self._velocity(each) - each.aim_BLC).square().mean(dim=-1) for each in groups]
        level = torch.cat([each.noisy.level_BL.flatten() for each in groups])
        off_L = torch.cat([each.flatten() for each in off])
        early, late = ((off_L * mask).sum() / mask.sum().clamp_min(1) for mask in (level > 0.7, level < 0.4))
        return {"loss": off_L.mean(), "early": early, "late": late}

    def _velocity(self, group: Group) -> Tensor:
        transformer = self.network.transformer
        condition = Condition(words=self.network.text(group.captions), sound=group.sound)
        memory = None if group.context is None else transformer.remember(group.context, condition)
        return transformer.velocity(group.noisy, condition, memory)


class FlowCourse:
    """Latents to groups to losses; `network` is what it begins with. The averaged weights go to `transformer.safetensors`."""

    name = "transformer"

    def __init__(self, network: Network, latents: Latents, teaching: Teaching, plan: Plan, folder: Path) -> None:
        self._latents, self._teaching, self._plan, self._folder = latents, teaching, plan, folder
        self.objective = Flow(network.train())

    def batch(self, step: int, share: Share, device: torch.device) -> list[Group]:
        """This process's rows of each group."""
        plan, each = self._plan, self._plan.batch // self._teaching.groups
        rows = rows_of(plan.seed, step, batch=plan.batch, count=self._latents.count)
        return [
            self._group(rows[n * each : (n + 1) * each], step, n, share, device) for n in range(self._teaching.groups)
        ]

    def settings(self) -> dict[str, Any]:
        """Network and teaching; clips may become more."""
        return {"network": described(self.objective.network.config), "teaching": described(self._teaching)}

    def keep(self, average: Mapping[str, Tensor], facts: dict[str, Any]) -> None:
        """Weights for use."""
        weights = {name.removeprefix("network."): each for name, each in average.items()}
        facts = facts | {"clips": self._latents.count}
        config = self.objective.network.config
        save_network(self._folder / TRANSFORMER, config, weights, facts=facts, dtype=torch.bfloat16)

    def _group(self, rows: list[int], step: int, number: int, share: Share, device: torch.device) -> Group:
        latents, draw = self._latents, chance(self._plan.seed, step, f"group {number}")
        film = pack(latents.film_RCTHW[rows].float())
        shape = LatentShape(**dict(zip(("frames", "height", "width"), latents.film_RCTHW.shape[2:], strict=True)))
        task = list(TASKS)[int(torch.multinomial(torch.tensor(list(TASKS.values())), 1, generator=draw))]
        made_L = made_tokens(task, shape, draw).flatten()
        noise_BLC = torch.randn(film.values_BLC.shape, generator=draw)
        level_B1 = self._levels(len(rows), draw)
        wordless = torch.rand(len(rows), generator=draw) < WORDLESS
        silent = bool(torch.rand(1, generator=draw) < SILENT)
        captions = tuple("" if gone else latents.captions[row] for row, gone in zip(rows, wordless, strict=True))
        context = film.take((~made_L).nonzero()[:, 0]) if not bool(made_L.all()) else None
        if torch.rand(1, generator=draw) < DRAFTED:
            film = replace(film, draft_BLC=pack(latents.draft_RCTHW[rows].float()).values_BLC)
        noisy, aim_BLC = _noised(film, noise_BLC, level_B1, made_L.nonzero()[:, 0])
        sound = latents.sound_RTF[rows]
        own = share(list(range(len(rows))))
        return Group(
            context=None if context is None else _moved(context, own, device),
            noisy=_moved(noisy, own, device),
            aim_BLC=aim_BLC[own].to(device),
            captions=tuple(captions[n] for n in own),
            sound=None
            if silent
            else Sound(
                values_BMF=sound[own].to(device),
                moment_M=torch.arange(sound.shape[1], dtype=torch.float32, device=device),
            ),
        )

    def _levels(self, count: int, draw: torch.Generator) -> Tensor:
        """(B, 1): one quantile of the distribution for each row, spread evenly over it."""
        even_B = (torch.arange(count) + torch.rand(1, generator=draw)) / count
        order = torch.randperm(count, generator=draw)
        normal_B = torch.special.ndtri(even_B[order].clamp(1e-3, 1 - 1e-3))
        level_B = torch.sigmoid(self._teaching.spread * normal_B)
        return shifted_levels(level_B, self._teaching.shift)[:, None]


def shifted_levels(level: Tensor, shift: float) -> Tensor:
    """Levels as `schedule` shifts them."""
    return shift * level / (1 + (shift - 1) * level)


def made_tokens(task: str, shape: LatentShape, draw: torch.Generator) -> Tensor:
    """(T, H, W) bool: what is made; the rest is there."""
    made = torch.ones(shape.frames, shape.height, shape.width, dtype=torch.bool)
    if task == "first":
        made[0] = False
    elif task == "first and last":
        made[[0, -1]] = False
    elif task == "extension":
        made[: int(torch.randint(min(2, shape.frames - 1), shape.frames, (1,), generator=draw))] = False
    elif task == "region":
        made[:] = False
        made[tuple(_span(length, draw) for length in made.shape)] = True
    return made


def _span(length: int, draw: torch.Generator) -> slice:
    """Half of it to all of it."""
    size = int(torch.randint((length + 1) // 2, length + 1, (1,), generator=draw))
    begin = int(torch.randint(0, length - size + 1, (1,), generator=draw))
    return slice(begin, begin + size)


def _noised(film: Tokens, noise_BLC: Tensor, level_B1: Tensor, made_K: Tensor) -> tuple[Tokens, Tensor]:
    """The made tokens at their level, and their velocity."""
    clean, noise = film.values_BLC[:, made_K], noise_BLC[:, made_K]
    mixed = torch.lerp(clean, noise, level_B1[..., None])
    return film.take(made_K).at(mixed, level_B1.expand(mixed.shape[:2])), noise - clean


def _moved(tokens: Tokens, rows: list[int], device: torch.device) -> Tokens:
    """These rows, on the device; levels stay expanded, which tells that a row has one."""
    level_BL = tokens.level_BL[rows, :1].to(device).expand(-1, tokens.count)
    return replace(
        tokens,
        values_BLC=tokens.values_BLC[rows].to(device),
        place_BL3=tokens.place_BL3[rows].to(device),
        level_BL=level_BL,
        role_BL=tokens.role_BL[rows].to(device),
        draft_BLC=None if tokens.draft_BLC is None else tokens.draft_BLC[rows].to(device),
    )
