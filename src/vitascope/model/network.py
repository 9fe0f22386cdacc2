"""What is trained together and kept in one file: the transformer, and the encoder of the words that it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from vitascope.model.checkpoint import Checkpoint, described, fill, load, parsed, save
from vitascope.model.text import TextConfig, TextEncoder
from vitascope.model.transformer import Transformer, TransformerConfig

__all__ = ["Network", "NetworkConfig", "load_network", "save_network"]

KIND = "transformer"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkConfig:
    """Both parts."""

    transformer: TransformerConfig
    text: TextConfig


class Network(nn.Module):
    """Both parts."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        self.transformer = Transformer(config.transformer)
        self.text = TextEncoder(config.text)


def save_network(
    path: Path, config: NetworkConfig, weights: Mapping[str, Tensor], *, facts: dict[str, Any], dtype: torch.dtype
) -> None:
    """`weights`: those of a `Network`, by name."""
    tensors = {name: each.to(dtype) for name, each in weights.items()}
    save(path, Checkpoint(kind=KIND, configuration=described(config), facts=facts, tensors=tensors))


def load_network(path: Path) -> Network:
    """Ready to be used, on the processor, in float32."""
    checkpoint = load(path, kind=KIND)
    network = Network(parsed(NetworkConfig, checkpoint.configuration))
    fill(network, checkpoint.tensors)
    return network.eval().requires_grad_(False)
