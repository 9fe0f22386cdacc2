"""Networks of a few thousand weights, all of which do something, and what they are asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import torch
from torch import Tensor, nn

from vitascope.model.denoiser import Condition, Sound, Words
from vitascope.model.tokens import Tokens, pack
from vitascope.model.transformer import Transformer, TransformerConfig, tiny

M = TypeVar("M", bound=nn.Module)
CHANNELS, WORDS, SOUND = 6, 10, 3
CONFIG = replace(tiny(channels=CHANNELS, words_width=WORDS, sound_width=SOUND), context_tile=None)


def chance(seed: int) -> torch.Generator:
    """Where random numbers of a test come from."""
    return torch.Generator().manual_seed(seed)


def stirred(module: M, *, seed: int = 0, size: float = 0.3) -> M:
    """The module with weights that are all random: nothing in it is silent."""
    dice = chance(seed)
    for parameter in module.parameters():
        spread = size if parameter.dim() < 2 else size * 3 / parameter.shape[-1] ** 0.5
        parameter.data = torch.randn(parameter.shape, generator=dice) * spread
    return module.eval()


def network(config: TransformerConfig = CONFIG, **changes: object) -> Transformer:
    """A small network of ours."""
    return stirred(Transformer(replace(config, **changes)))


def film(
    frames: int = 3, height: int = 4, width: int = 4, *, batch: int = 1, level: float = 0.0, seed: int = 1
) -> Tokens:
    """Patches of a clip of chance."""
    shape = (batch, CHANNELS, frames, height, width)
    return pack(torch.randn(shape, generator=chance(seed)), level=level)


def condition(*, batch: int = 1, count: int = 4, seed: int = 2, sound: bool = False) -> Condition:
    """Some words, and some sound if that is asked for."""
    words = torch.randn(batch, count, WORDS, generator=chance(seed))
    heard = Sound(values_BMF=torch.randn(batch, 5, SOUND, generator=chance(seed + 1)), moment_M=torch.arange(5) * 0.7)
    return Condition(
        words=Words(values_BSD=words, present_BS=torch.ones(batch, count, dtype=torch.bool)),
        sound=heard if sound else None,
    )


def furthest(a: Tensor, b: Tensor) -> float:
    """The greatest difference."""
    return float((a - b).abs().max())


def tiled() -> Transformer:
    """One whose clean tokens see only those of their own two by two patches."""
    return network(context_tile=(1, 2, 2))
