"""Noise levels of tokens, told apart once: what depends on the level alone is computed for each level, not for each token.

Letters beside those of `shapes`: U distinct levels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

TIMESTEPS = 1000.0
"""Wan counts noise in thousandths."""
_BASE = 10000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """values_U: the levels; index_BL: which of them each token has, or None: token rows have one each, or share one."""

    values_U: Tensor
    index_BL: Tensor | None

    @staticmethod
    def of(level_BL: Tensor) -> Levels:
        """Tell them apart. An expanded `level_BL` (one for each row) needs no look at what is in it."""
        row_B = level_BL[:, 0]
        if level_BL.stride(1) != 0 and not torch.equal(level_BL, row_B[:, None].expand_as(level_BL)):
            values_U, index_BL = torch.unique(level_BL, return_inverse=True)
            return Levels(values_U=values_U, index_BL=index_BL)
        if len(row_B) > 1 and (row_B.stride(0) == 0 or bool((row_B == row_B[0]).all())):
            row_B = row_B[:1]
        return Levels(values_U=row_B, index_BL=None)

    def spread(self, table_UD: Tensor) -> Tensor:
        """What each token gets of what each level has: (D,) where all share one, (B, 1, D) or (B, L, D)."""
        if self.index_BL is not None:
            return table_UD[self.index_BL]
        return table_UD[0] if len(table_UD) == 1 else table_UD[:, None]


class LevelEmbedding(nn.Module):
    """A vector for a noise level, and six more that steer each block (Peebles and Xie 2022, arXiv:2212.09748)."""

    def __init__(self, *, frequencies: int, width: int) -> None:
        super().__init__()
        self.frequencies = frequencies
        self.first = nn.Linear(frequencies, width)
        self.second = nn.Linear(width, width)
        self.steer = nn.Linear(width, 6 * width)

    def forward(self, levels: Levels) -> tuple[Tensor, Tensor]:
        """(U, D) and (U, 6, D) float32."""
        half = self.frequencies // 2
        rate = torch.exp(
            -math.log(_BASE) / half * torch.arange(half, dtype=torch.float32, device=levels.values_U.device)
        )
        angle_UF = TIMESTEPS * levels.values_U.float()[:, None] * rate
        wave_UF = torch.cat([angle_UF.cos(), angle_UF.sin()], dim=1).to(self.first.weight.dtype)
        vector_UD = self.second(F.silu(self.first(wave_UF)))
        return vector_UD.float(), self.steer(F.silu(vector_UD)).unflatten(1, (6, -1)).float()


def modulated(x_BLD: Tensor, shift: Tensor, scale: Tensor, *, eps: float) -> Tensor:
    """Layer norm, then `* (1 + scale) + shift` as `Levels.spread` gave them, in float32; of x's type."""
    width = x_BLD.shape[-1:]
    if shift.dim() == 1:  # one level for all: the norm's own weight and bias, in one pass over the tokens
        return F.layer_norm(x_BLD.float(), width, 1 + scale, shift, eps).to(x_BLD.dtype)
    return torch.addcmul(shift, F.layer_norm(x_BLD.float(), width, None, None, eps), 1 + scale).to(x_BLD.dtype)
