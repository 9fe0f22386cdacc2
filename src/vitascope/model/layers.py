"""Layers that give each pixel the same numbers whatever stands beside it in memory.

Libraries choose among ways to multiply and to convolve by the size of what they are given, and the ways round differently: a
crop would differ from the whole in the last bits. Without gradients, and on a processor, these layers therefore multiply rows in
blocks of one fixed size and convolve by shifting; with gradients or on a GPU they are the library's own.
Letters: R rows, K inputs, C outputs.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

BLOCK = 384
"""Rows that are multiplied at once; the last block is filled up. A multiple of all sizes that processors work in."""


class Pointwise(nn.Linear):
    """The same linear map at each place; the last axis is that of channels."""

    def forward(self, input: Tensor) -> Tensor:
        if torch.is_grad_enabled() or input.device.type != "cpu" or input.dtype != torch.float32:
            return super().forward(input)
        return _in_blocks(input, self.weight, self.bias)


class Depthwise(nn.Module):
    """Each channel by itself over 3 x 3 places, of the moment before as well where `causal`; beyond the borders is zero."""

    def __init__(self, channels: int, *, causal: bool) -> None:
        super().__init__()
        self.causal = causal
        moments = 2 if causal else 1
        self.weight = nn.Parameter(torch.randn(moments, 3, 3, channels) / (3 * moments**0.5))

    def forward(self, now_BTHWC: Tensor, before_B1HWC: Tensor | None = None) -> Tensor:
        """`before_B1HWC` is the moment before the first; None: zeros."""
        found = _filtered(now_BTHWC, self.weight[-1])
        if not self.causal:
            return found
        if before_B1HWC is None:
            before_B1HWC = torch.zeros_like(now_BTHWC[:, :1])
        return found + _filtered(torch.cat([before_B1HWC, now_BTHWC[:, :-1]], dim=1), self.weight[0])


def _in_blocks(input: Tensor, weight_CK: Tensor, bias_C: Tensor | None) -> Tensor:
    rows_RK = input.reshape(-1, weight_CK.shape[1])
    count = rows_RK.shape[0]
    padded_RK = F.pad(rows_RK, (0, 0, 0, -count % BLOCK))
    result_RC = padded_RK.new_empty(padded_RK.shape[0], weight_CK.shape[0])
    weight_KC = weight_CK.t()
    for start in range(0, count, BLOCK):
        block = slice(start, start + BLOCK)
        if bias_C is None:
            torch.mm(padded_RK[block], weight_KC, out=result_RC[block])
        else:
            torch.addmm(bias_C, padded_RK[block], weight_KC, out=result_RC[block])
    return result_RC[:count].reshape(*input.shape[:-1], -1)


def _filtered(frames_BTHWC: Tensor, weight_33C: Tensor) -> Tensor:
    if torch.is_grad_enabled() or frames_BTHWC.device.type != "cpu":
        moments = frames_BTHWC.shape[1]
        pictures = rearrange(frames_BTHWC, "b t h w c -> (b t) c h w")
        kernel = rearrange(weight_33C, "i j c -> c 1 i j").to(pictures.dtype)
        found = F.conv2d(pictures, kernel, padding=1, groups=pictures.shape[1])
        return rearrange(found, "(b t) c h w -> b t h w c", t=moments)
    height, width = frames_BTHWC.shape[2:4]
    padded = F.pad(frames_BTHWC, (0, 0, 1, 1, 1, 1))
    found = torch.zeros_like(frames_BTHWC)
    for row in range(3):
        for column in range(3):
            shifted = padded[:, :, row : row + height, column : column + width]
            found += shifted * weight_33C[row, column]  # two roundings: fused ones depend on where a register begins
    return found
