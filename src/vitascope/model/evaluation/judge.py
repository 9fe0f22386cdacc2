"""A judge: a small network that says what a clip shows. Trained on renders alone, never on what a model made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from vitascope.model.checkpoint import Checkpoint, described, fill, load, parsed, save
from vitascope.model.data import Labels, values_of

__all__ = ["HEADS", "Judge", "JudgeConfig", "load_judge", "pixels", "save_judge", "small_judge"]

HEADS = ("subject", "colour", "count", "motion", "camera")
"""What it is asked; light and place are not."""
KIND = "judge"
GROUPS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeConfig:
    """step: every how many frames are looked at; widths: of its layers; answers: of each head, as text, in their order."""

    step: int
    widths: tuple[int, ...]
    answers: dict[str, tuple[str, ...]]


def small_judge() -> JudgeConfig:
    """A quarter of a million weights."""
    answers = {head: tuple(str(each) for each in values_of(head)) for head in HEADS}
    return JudgeConfig(step=2, widths=(16, 32, 64, 96), answers=answers)


class Judge(nn.Module):
    """Clips (B, 3, T, H, W) with values in [0, 1] to scores of each answer of each head."""

    def __init__(self, config: JudgeConfig) -> None:
        super().__init__()
        self.config = config
        first, *_ = config.widths
        self.enter = nn.Conv3d(3, first, (3, 5, 5), stride=(1, 4, 4), padding=(1, 2, 2))
        strides = [(1, 2, 2), (2, 2, 2), (2, 1, 1)]
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.GroupNorm(GROUPS, here),
                nn.SiLU(),
                nn.Conv3d(here, then, 3, stride=stride, padding=1),
            )
            for (here, then), stride in zip(pairwise(config.widths), strides, strict=True)
        )
        self.norm = nn.GroupNorm(GROUPS, config.widths[-1])
        self.heads = nn.ModuleDict(
            {head: nn.Linear(2 * config.widths[-1], len(answers)) for head, answers in config.answers.items()}
        )

    def forward(self, clip_B3THW: Tensor) -> dict[str, Tensor]:
        """(B, answers) of each head."""
        x = self.enter(clip_B3THW[:, :, :: self.config.step] * 2 - 1)
        for layer in self.layers:
            x = layer(x)
        x = F.silu(self.norm(x)).flatten(2)
        seen = torch.cat([x.mean(dim=2), x.amax(dim=2)], dim=1)
        return {head: linear(seen) for head, linear in self.heads.items()}

    @torch.no_grad()
    def answers(self, clips: Sequence[np.ndarray]) -> list[dict[str, str]]:
        """What it sees in each clip, uint8 (T, H, W, 3), all of one size."""
        device = self.enter.weight.device
        found = self(pixels(np.stack(clips)).to(device))
        best = {head: scores.argmax(dim=1).tolist() for head, scores in found.items()}
        return [{head: self.config.answers[head][best[head][n]] for head in HEADS} for n in range(len(clips))]

    def places(self, labels: Sequence[Labels]) -> dict[str, Tensor]:
        """(B,) int64 of each head: the right answers by their place."""
        return {
            head: torch.tensor([answers.index(str(each.row[head])) for each in labels])
            for head, answers in self.config.answers.items()
        }


def pixels(frames_BTHWC: np.ndarray) -> Tensor:
    """(B, 3, T, H, W) in [0, 1]."""
    return rearrange(torch.from_numpy(frames_BTHWC.copy()), "b t h w c -> b c t h w").float() / 255


def save_judge(path: Path, judge: Judge, *, facts: dict[str, Any]) -> None:
    """`facts`: what it was trained on, and how often it is right on renders that it never saw."""
    save(
        path,
        Checkpoint(kind=KIND, configuration=described(judge.config), facts=facts, tensors=judge.state_dict()),
    )


def load_judge(path: Path) -> tuple[Judge, dict[str, Any]]:
    """Ready to be asked, with its facts."""
    checkpoint = load(path, kind=KIND)
    judge = Judge(parsed(JudgeConfig, checkpoint.configuration))
    fill(judge, checkpoint.tensors)
    return judge.eval().requires_grad_(False), checkpoint.facts
