"""What is trained, and how, by the size of the machine: `tiny` tries the code, `small` a processor, `base` a GPU."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vitascope.model import autoencoder
from vitascope.model.autoencoder import AutoencoderConfig
from vitascope.model.network import NetworkConfig
from vitascope.model.text import TextConfig, Vocabulary
from vitascope.model.training.autoencoding import Crop
from vitascope.model.training.flow import Teaching
from vitascope.model.training.loop import Plan
from vitascope.model.transformer import of_size

__all__ = ["PRESETS", "Preset"]

SOUND_BANDS = 8
WORDS, BUCKETS = 512, 64
"""Words with a vector of their own, and vectors that all others share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """Both networks and both courses."""

    autoencoder: AutoencoderConfig
    crop: Crop
    autoencoder_plan: Plan
    heads: int
    head_width: int
    layers: int
    text_width: int
    teaching: Teaching
    transformer_plan: Plan
    decoder_plan: Plan

    def network(self, captions: Iterable[str]) -> NetworkConfig:
        """The transformer and its encoder of words, for the words of these captions."""
        vocabulary = Vocabulary.of(captions, size=WORDS, buckets=BUCKETS)
        return NetworkConfig(
            transformer=of_size(
                self.heads,
                self.head_width,
                self.layers,
                channels=self.autoencoder.channels,
                words_width=self.text_width,
                sound_width=SOUND_BANDS,
            ),
            text=TextConfig(vocabulary=vocabulary, width=self.text_width, heads=4, layers=2),
        )


def tiny(seed: int) -> Preset:
    """For tests."""
    return Preset(
        autoencoder=autoencoder.tiny(),
        crop=Crop(frames=5, height=32, width=32),
        autoencoder_plan=Plan(steps=20, batch=4, rate=3e-3, warm=2, cool=0.2, average=0.9, seed=seed),
        heads=2,
        head_width=24,
        layers=2,
        text_width=32,
        teaching=Teaching(groups=2, shift=1.0, spread=1.0),
        transformer_plan=Plan(steps=20, batch=4, rate=3e-3, warm=2, cool=0.2, average=0.9, seed=seed),
        decoder_plan=Plan(steps=20, batch=4, rate=3e-3, warm=2, cool=0.5, average=0.9, seed=seed),
    )


def small(seed: int) -> Preset:
    """An hour or two of two cores: d192 L6, clips of 128 x 80 and 25 frames, which are 280 tokens."""
    return Preset(
        autoencoder=autoencoder.small(),
        crop=Crop(frames=9, height=64, width=64),
        autoencoder_plan=Plan(steps=4000, batch=8, rate=2e-3, warm=100, cool=0.3, average=0.998, seed=seed),
        heads=4,
        head_width=48,
        layers=6,
        text_width=192,
        teaching=Teaching(groups=4, shift=1.5, spread=1.0),
        transformer_plan=Plan(steps=6000, batch=8, rate=1e-3, warm=200, cool=0.25, average=0.999, seed=seed),
        decoder_plan=Plan(steps=600, batch=8, rate=1e-3, warm=20, cool=0.5, average=0.99, seed=seed),
    )


def base(seed: int) -> Preset:
    """About ten minutes of one H100: d512 L12, clips of 256 x 160 and 49 frames, which are 2080 tokens."""
    return Preset(
        autoencoder=autoencoder.small(),
        crop=Crop(frames=17, height=128, width=128),
        autoencoder_plan=Plan(steps=3000, batch=32, rate=2e-3, warm=100, cool=0.3, average=0.998, seed=seed),
        heads=8,
        head_width=64,
        layers=12,
        text_width=256,
        teaching=Teaching(groups=4, shift=2.5, spread=1.0),
        transformer_plan=Plan(steps=4000, batch=64, rate=6e-4, warm=200, cool=0.25, average=0.999, seed=seed),
        decoder_plan=Plan(steps=600, batch=32, rate=1e-3, warm=20, cool=0.5, average=0.99, seed=seed),
    )


PRESETS: dict[str, Callable[[int], Preset]] = {"tiny": tiny, "small": small, "base": base}
