"""Captions become vectors by a small encoder of our own: words, an order, and two layers in which they look at one another.

Trained with the transformer that reads it. Knows English no more than the vocabulary that it was given.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

import torch
from torch import Tensor, nn

from vitascope.model.denoiser import Words

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")
_BASE = 10000.0


def spelled(caption: str) -> list[str]:
    """Its words in small letters, and its numbers, in order."""
    return _WORD.findall(caption.lower())


def positions(caption: str, phrase: str) -> list[int]:
    """Where the words of `phrase` stand among those of `caption`, each time that they stand there together."""
    words, wanted = spelled(caption), spelled(phrase)
    size = len(wanted)
    starts = [n for n in range(len(words) - size + 1) if size and words[n : n + size] == wanted]
    return sorted({start + n for start in starts for n in range(size)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Words with a vector each, and how many vectors all others share; number 0 is the empty instruction."""

    words: tuple[str, ...]
    buckets: int

    @staticmethod
    def of(captions: Iterable[str], *, size: int, buckets: int) -> Vocabulary:
        """The `size` words that stand in captions most often."""
        counts = Counter(word for caption in captions for word in spelled(caption))
        order = sorted(counts, key=lambda word: (-counts[word], word))
        return Vocabulary(words=tuple(order[:size]), buckets=buckets)

    @property
    def size(self) -> int:
        """How many vectors it needs."""
        return 1 + len(self.words) + self.buckets


@dataclass(frozen=True, slots=True, kw_only=True)
class TextConfig:
    """All that decides which weights there are and what they mean."""

    vocabulary: Vocabulary
    width: int
    heads: int
    layers: int


def small_text(vocabulary: Vocabulary) -> TextConfig:
    """Width 256, two layers: for captions that come of a grammar."""
    return TextConfig(vocabulary=vocabulary, width=256, heads=4, layers=2)


class TextEncoder(nn.Module):
    """Captions to `Words`. The empty caption is a word of its own, which training learns."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        self.config = config
        known = config.vocabulary
        self._numbers = {word: 1 + n for n, word in enumerate(known.words)}
        self.embedding = nn.Embedding(known.size, config.width)
        nn.init.normal_(self.embedding.weight, std=1.0)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                config.width,
                config.heads,
                dim_feedforward=4 * config.width,
                dropout=0.0,
                activation="gelu",
                batch_first=True,
                norm_first=True,
            )
            for _ in range(config.layers)
        )
        self.norm = nn.LayerNorm(config.width)

    def forward(self, captions: Sequence[str]) -> Words:
        """One row for each caption, as long as the longest."""
        rows = [self.numbers(caption) for caption in captions]
        length, device = max(len(row) for row in rows), self.embedding.weight.device
        number_BS = torch.tensor([row + [0] * (length - len(row)) for row in rows], device=device)
        count_B1 = torch.tensor([[len(row)] for row in rows], device=device)
        present_BS = torch.arange(length, device=device) < count_B1
        x_BSD = self.embedding(number_BS)
        x_BSD = x_BSD + _order(length, self.config.width, device).to(x_BSD.dtype)
        for layer in self.layers:
            x_BSD = layer(x_BSD, src_key_padding_mask=~present_BS)
        return Words(values_BSD=self.norm(x_BSD), present_BS=present_BS)

    def numbers(self, caption: str) -> list[int]:
        """The number of each of its words; [0] where there is none."""
        known = self.config.vocabulary
        first_bucket = 1 + len(known.words)
        return [self._number(word, first_bucket, known.buckets) for word in spelled(caption)] or [0]

    def _number(self, word: str, first_bucket: int, buckets: int) -> int:
        number = self._numbers.get(word)
        return first_bucket + crc32(word.encode()) % buckets if number is None else number


def _order(length: int, width: int, device: torch.device) -> Tensor:
    """(S, D): waves that tell where in the caption a word stands."""
    rate = torch.exp(-math.log(_BASE) * torch.arange(0, width, 2, device=device) / width)
    angle = torch.arange(length, device=device)[:, None] * rate
    return torch.cat([angle.sin(), angle.cos()], dim=1)
