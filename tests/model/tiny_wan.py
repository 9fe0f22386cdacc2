"""Checkpoints of the Wan family with a few thousand random weights, written by diffusers itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKLWan,
    FlowMatchEulerDiscreteScheduler,
    WanImageToVideoPipeline,
    WanPipeline,
    WanTransformer3DModel,
    WanVACEPipeline,
    WanVACETransformer3DModel,
)
from diffusers.pipelines.pipeline_utils import DiffusionPipeline
from tiny_networks import stirred
from transformers import (
    CLIPImageProcessorPil,
    CLIPVisionConfig,
    CLIPVisionModel,
    T5TokenizerFast,
    UMT5Config,
    UMT5EncoderModel,
)

WORDS = ["▁a", "▁red", "▁blue", "▁ball", "▁box", "▁rolls", "▁past", "▁the", "▁dog", "▁runs", "▁"]
PIECES = ["<pad>", "</s>", "<unk>", *WORDS, *"abcdefghijklmnopqrstuvwxyz"]
LATENTS = 4
"""Numbers of a place of the compressed film."""
BOUNDARY = 0.7
"""The noise level from which on the first of two networks is asked."""
NETWORK: dict[str, Any] = {
    "num_attention_heads": 2, "attention_head_dim": 24, "text_dim": 16, "freq_dim": 32, "ffn_dim": 80, "num_layers": 3,
    "out_channels": LATENTS,
}  # fmt: skip


KINDS = ("text", "two", "tokens", "picture", "looking", "between", "draft")
"""As Wan 2.1 for text; as 2.2 with two networks; as 2.2's 5B with a noise level for each token; as 2.2 for pictures; as 2.1
for pictures, which looks at them by CLIP; as 2.1 for what lies between two pictures; as VACE, which follows a draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What the library runs, and the folder into which it wrote that."""

    pipeline: Any
    folder: Path


def checkpoint(kind: str, folder: Path) -> Checkpoint:
    """One of `KINDS`, in shards of 30 kB."""
    pipeline = _pipeline(kind)
    pipeline.save_pretrained(folder, max_shard_size="30KB")
    pipeline.set_progress_bar_config(disable=True)
    return Checkpoint(pipeline=pipeline, folder=folder)


def _pipeline(kind: str) -> DiffusionPipeline:
    if kind == "draft":
        network = WanVACETransformer3DModel(
            **NETWORK, in_channels=LATENTS, vace_layers=[0, 2], vace_in_channels=2 * LATENTS + 64
        )
        return WanVACEPipeline(**_common(), transformer=stirred(network, size=0.1))
    if kind in ("picture", "looking", "between"):
        looks = kind != "picture"
        seeing = {"image_dim": 20, "added_kv_proj_dim": 48} if looks else {}
        places = {"pos_embed_seq_len": 10} if kind == "between" else {}
        return WanImageToVideoPipeline(
            **_common(),
            transformer=_network(0, in_channels=2 * LATENTS + 4, **seeing, **places),
            image_encoder=_looker() if looks else None,
            image_processor=CLIPImageProcessorPil(crop_size=28, size=28) if looks else None,
        )
    return WanPipeline(
        **_common(),
        transformer=_network(0, in_channels=LATENTS),
        transformer_2=_network(1, in_channels=LATENTS) if kind == "two" else None,
        boundary_ratio=BOUNDARY if kind == "two" else None,
        expand_timesteps=kind == "tokens",
    )


def _looker() -> CLIPVisionModel:
    config = CLIPVisionConfig(
        hidden_size=20, intermediate_size=24, num_attention_heads=2, num_hidden_layers=3, image_size=28, patch_size=14
    )  # fmt: skip
    return stirred(CLIPVisionModel(config), seed=5, size=0.1)


def _network(seed: int, **settings: Any) -> WanTransformer3DModel:
    return stirred(WanTransformer3DModel(**NETWORK, **settings), seed=seed, size=0.1)


def _common() -> dict[str, Any]:
    torch.manual_seed(7)
    vae = AutoencoderKLWan(
        base_dim=6, z_dim=LATENTS, dim_mult=[1, 1, 1, 1], num_res_blocks=1, temperal_downsample=[False, True, True],
        latents_mean=[0.1, -0.2, 0.3, 0.0], latents_std=[1.5, 0.8, 1.1, 2.0],
    )  # fmt: skip
    encoder = UMT5EncoderModel(
        UMT5Config(d_model=16, d_ff=24, num_heads=2, d_kv=8, num_layers=2, vocab_size=len(PIECES))
    )
    tokenizer = T5TokenizerFast(vocab=[(piece, -float(n)) for n, piece in enumerate(PIECES)], extra_ids=0)
    return {
        "vae": vae.eval(),
        "text_encoder": encoder.eval(),
        "tokenizer": tokenizer,
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=3.0),
    }
