"""Weights of chance in the form of real ones: what they make is a picture of nothing, but always the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from vitascope.model import autoencoder, transformer
from vitascope.model.autoencoder import Autoencoder
from vitascope.model.checkpoint import save_autoencoder
from vitascope.model.network import Network, NetworkConfig, save_network
from vitascope.model.text import TextConfig, Vocabulary

CLIP = {"frames": 13, "height": 128, "width": 192, "fps": 8}
WORDS = ["a red cube", "a green cube", "a ball", "on a beach at night"]


def tiny_weights(folder: Path) -> Path:
    """A folder of weights, in milliseconds."""
    dice = torch.Generator().manual_seed(0)
    coder = autoencoder.tiny()
    text = TextConfig(vocabulary=Vocabulary.of(WORDS, size=16, buckets=4), width=32, heads=2, layers=1)
    network = transformer.tiny(channels=coder.channels, words_width=32, sound_width=8)
    config = NetworkConfig(transformer=replace(network, context_tile=(4, 2, 2)), text=text)
    both = Autoencoder(coder), Network(config)
    for part in both:
        for weight in part.parameters():
            weight.data = torch.randn(weight.shape, generator=dice) * 0.1
    facts = {"preset": "chance", "clip": CLIP}
    save_autoencoder(folder / "autoencoder.safetensors", both[0], facts={}, dtype=torch.float32)
    save_network(folder / "transformer.safetensors", config, both[1].state_dict(), facts=facts, dtype=torch.float32)
    return folder
