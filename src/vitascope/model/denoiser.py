"""The one interface of all networks, small or large, ours or open: remember what is clean, and say where noise leads.

Clean tokens (context) never see noisy ones. So what the network knows of them, keys and values, is the same at each step and in
each later turn of the conversation, and a step costs what its noisy tokens cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from vitascope.model.tokens import Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWords:
    """What each layer of one network made of words: keys and values (B, N, S, D/N), and a mask or None where all are words."""

    layers: tuple[tuple[Tensor, Tensor], ...]
    mask_B11S: Tensor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """An instruction as the text encoder left it; at least one word in each row.

    values_BSD: vectors; present_BS: bool, False where there is no word; read: what `Denoiser.read` made of them, or None.
    """

    values_BSD: Tensor
    present_BS: Tensor
    read: ReadWords | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What is heard. values_BMF: features of each moment; moment_M: when, in units of the compressed clip, ascending."""

    values_BMF: Tensor
    moment_M: Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What is asked for: words, and what is heard meanwhile (None: nothing is known of it)."""

    words: Words
    sound: Sound | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Keys and values (B, N, L, D/N) of clean tokens, one pair for each layer, and where they stand: place_BL3, role_BL."""

    keys: tuple[Tensor, ...]
    values: tuple[Tensor, ...]
    place_BL3: Tensor
    role_BL: Tensor

    @property
    def count(self) -> int:
        """How many tokens are remembered."""
        return self.place_BL3.shape[1]

    @property
    def bytes(self) -> int:
        """What it holds."""
        return sum(each.numel() * each.element_size() for each in (*self.keys, *self.values))

    def take(self, index_K: Tensor) -> Memory:
        """What is remembered of these tokens alone."""
        return Memory(
            keys=tuple(each[:, :, index_K] for each in self.keys),
            values=tuple(each[:, :, index_K] for each in self.values),
            place_BL3=self.place_BL3[:, index_K],
            role_BL=self.role_BL[:, index_K],
        )

    def stacked(self, times: int) -> Memory:
        """All rows, `times` times one after the other."""
        return Memory(
            keys=tuple(each.repeat(times, 1, 1, 1) for each in self.keys),
            values=tuple(each.repeat(times, 1, 1, 1) for each in self.values),
            place_BL3=self.place_BL3.repeat(times, 1, 1),
            role_BL=self.role_BL.repeat(times, 1),
        )

    def joined(self, later: Memory) -> Memory:
        """This, and what was remembered after it."""
        return Memory(
            keys=tuple(torch.cat(pair, dim=2) for pair in zip(self.keys, later.keys, strict=True)),
            values=tuple(torch.cat(pair, dim=2) for pair in zip(self.values, later.values, strict=True)),
            place_BL3=torch.cat([self.place_BL3, later.place_BL3], dim=1),
            role_BL=torch.cat([self.role_BL, later.role_BL], dim=1),
        )


class Denoiser(Protocol):
    """A network of rectified flow (Liu et al. 2022, arXiv:2209.03003): its velocity is noise minus clean.

    `memory` may have a batch of 1 for any number of rows that share it.
    """

    @property
    def context_reads(self) -> bool:
        """Whether what is remembered depends on the condition."""
        ...

    def read(self, condition: Condition) -> Condition:
        """The same condition, so prepared that steps need not read its words again. It is good for this network alone."""
        ...

    def remember(self, context: Tokens, condition: Condition, memory: Memory | None = None) -> Memory:
        """Keys and values of clean `context`, which sees no more than itself and `memory`; only its own are returned."""
        ...

    def velocity(self, noisy: Tokens, condition: Condition, memory: Memory | None = None) -> Tensor:
        """Velocity (B, L, C) of `noisy`, which sees itself and `memory`."""
        ...

    def moved(self, memory: Memory, moments: float) -> Memory:
        """The same clean tokens, as if they stood `moments` later."""
        ...

    def touched(self, place_L3: Tensor, changed_K3: Tensor) -> Tensor:
        """(L,) bool: of which clean tokens something else is remembered when others at `changed_K3` come, go or change."""
        ...

    def looked_at(self, noisy: Tokens, condition: Condition, memory: Memory | None = None) -> Tensor:
        """(B, L, S): what share of its look at the words each token gives to each of them, on the mean of layers and heads."""
        ...
