"""Places as turns: queries and keys are rotated so that what they see of one another depends on how far apart they stand.

As in Wan: pairs of neighbouring numbers of a head turn together; of each head's width a third is for rows, a third for columns
and the rest for moments (Su et al. 2021, arXiv:2104.09864). E is the width of a head.
"""

from __future__ import annotations

import torch
from torch import Tensor


def axis_widths(head_width: int) -> tuple[int, int, int]:
    """How many numbers of a head turn with the moment, the row and the column."""
    side = 2 * (head_width // 6)
    return head_width - 2 * side, side, side


def turns(place_BL3: Tensor, *, head_width: int, base: float) -> Tensor:
    """(B, L, 1, E/2) complex64 of length 1. Places may be any numbers; angles are exact to float64."""
    exact = torch.float32 if place_BL3.device.type == "mps" else torch.float64
    angles = []
    for axis, width in enumerate(axis_widths(head_width)):
        exponent = torch.arange(0, width, 2, dtype=exact, device=place_BL3.device) / width
        angles.append(place_BL3[..., axis, None].to(exact) * base**-exponent)
    angle_BLE = torch.cat(angles, dim=-1)
    return torch.complex(angle_BLE.cos().float(), angle_BLE.sin().float())[:, :, None]


def turned(x_BLNE: Tensor, turn: Tensor) -> Tensor:
    """`x_BLNE` rotated, of its type."""
    pairs = torch.view_as_complex(x_BLNE.float().unflatten(-1, (-1, 2)))
    return torch.view_as_real(pairs * turn).flatten(-2).to(x_BLNE.dtype)
