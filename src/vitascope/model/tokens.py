"""Packed tokens: patches of any clips, pictures and drafts in one row, each with its place, its noise level and its role.

Whatever is asked for (a film from words, from a picture, between two, a region of one, the next seconds) is a matter of which
tokens are there and how noisy each of them is; no code below this knows of tasks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum

import torch
from einops import rearrange
from torch import Tensor

from vitascope.model.shapes import LatentShape


class Role(IntEnum):
    """What a token shows; the network has a learned vector for each."""

    FILM = 0
    REFERENCE = 1
    """A picture of who or what is to be seen, from no moment of the film."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """A row of tokens; nothing in it is ever written to.

    values_BLC: patches, of about unit variance
    place_BL3: (moment, row, column) in units of the compressed clip, as floats; moments before 0 are allowed
    level_BL: noise level in [0, 1]: 0 is clean, 1 is noise alone; values are (1 - level) * clean + level * noise
    role_BL: `Role` as int64
    draft_BLC: what a draft of the film shows at the same place and moment, or None where there is no draft
    """

    values_BLC: Tensor
    place_BL3: Tensor
    level_BL: Tensor
    role_BL: Tensor
    draft_BLC: Tensor | None = None

    @property
    def count(self) -> int:
        """How many there are in a row (L)."""
        return self.values_BLC.shape[1]

    def take(self, index_K: Tensor) -> Tokens:
        """Those at these places of the row, in this order."""
        return Tokens(
            values_BLC=self.values_BLC[:, index_K],
            place_BL3=self.place_BL3[:, index_K],
            level_BL=self.level_BL[:, index_K],
            role_BL=self.role_BL[:, index_K],
            draft_BLC=None if self.draft_BLC is None else self.draft_BLC[:, index_K],
        )

    def to(self, device: torch.device) -> Tokens:
        """The same tokens on another device."""
        return Tokens(
            values_BLC=self.values_BLC.to(device),
            place_BL3=self.place_BL3.to(device),
            level_BL=self.level_BL.to(device),
            role_BL=self.role_BL.to(device),
            draft_BLC=None if self.draft_BLC is None else self.draft_BLC.to(device),
        )

    def at(self, values_BLC: Tensor, level_BL: Tensor) -> Tokens:
        """The same tokens with other values and noise levels."""
        return replace(self, values_BLC=values_BLC, level_BL=level_BL)


def join(parts: Iterable[Tokens]) -> Tokens:
    """One row after the other, of clean tokens, which have no draft; ValueError where there are none."""
    rows = list(parts)
    if not rows:
        raise ValueError("No tokens to join.")
    return Tokens(
        values_BLC=torch.cat([each.values_BLC for each in rows], dim=1),
        place_BL3=torch.cat([each.place_BL3 for each in rows], dim=1),
        level_BL=torch.cat([each.level_BL for each in rows], dim=1),
        role_BL=torch.cat([each.role_BL for each in rows], dim=1),
    )


def pack(latent_BCTHW: Tensor, *, role: Role = Role.FILM, level: float = 0.0, moment: float = 0.0) -> Tokens:
    """A compressed clip as tokens, moments first, then rows, then columns; its first frame stands at `moment`."""
    batch, _, frames, height, width = latent_BCTHW.shape
    values_BLC = rearrange(latent_BCTHW, "b c t h w -> b (t h w) c")
    place_L3 = places(LatentShape(frames=frames, height=height, width=width), moment=moment).to(values_BLC.device)
    shape_BL = values_BLC.shape[:2]
    return Tokens(
        values_BLC=values_BLC,
        place_BL3=place_L3.expand(batch, -1, -1),
        level_BL=torch.full(shape_BL, level, device=values_BLC.device),
        role_BL=torch.full(shape_BL, int(role), dtype=torch.int64, device=values_BLC.device),
    )


def unpack(values_BLC: Tensor, shape: LatentShape) -> Tensor:
    """The compressed clip (B, C, T, H, W) whose tokens these are, in the order of `pack`."""
    return rearrange(values_BLC, "b (t h w) c -> b c t h w", t=shape.frames, h=shape.height, w=shape.width).contiguous()


def places(shape: LatentShape, *, moment: float = 0.0) -> Tensor:
    """(L, 3) float32: moment, row and column of each token in the order of `pack`."""
    grid = torch.meshgrid(
        torch.arange(shape.frames, dtype=torch.float32) + moment,
        torch.arange(shape.height, dtype=torch.float32),
        torch.arange(shape.width, dtype=torch.float32),
        indexing="ij",
    )
    return rearrange(torch.stack(grid), "a t h w -> (t h w) a")
