"""Names of Wan's weights as diffusers writes them, under the names of our network. Knows no files.

Each of our tensors is made of one of theirs, or of several one below the other; patches and answers are reordered once, here,
so that a token's numbers lie in the order of `latents.fold`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from einops import rearrange
from torch import Tensor

from vitascope.model.catalogue import WeightsError
from vitascope.model.open.folder import PATCH
from vitascope.model.open.network import OpenConfig
from vitascope.model.transformer import TransformerConfig

ROTARY_BASE = 10000.0
QK_NORM = "rms_norm_across_heads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where one of our tensors comes from: theirs, one below the other, then `change`."""

    names: tuple[str, ...]
    change: Callable[[Tensor], Tensor] | None = None

    def made(self, get: Callable[[str], Tensor]) -> Tensor:
        """Our tensor."""
        parts = [get(name) for name in self.names]
        whole = parts[0] if len(parts) == 1 else torch.cat(parts)
        return whole if self.change is None else self.change(whole)


def config_of(settings: Mapping[str, Any]) -> OpenConfig:
    """Our configuration of a network with these settings (config.json); WeightsError for what we do not compute."""
    patch = tuple(settings.get("patch_size", (1, PATCH, PATCH)))
    if patch != (1, PATCH, PATCH):
        raise WeightsError(f"The network has patches of {patch}; what can be loaded is (1, {PATCH}, {PATCH}).")
    if settings.get("qk_norm", QK_NORM) != QK_NORM:
        raise WeightsError(f"The network norms its keys by {settings['qk_norm']}; what can be loaded is {QK_NORM}.")
    heads, head_width = settings["num_attention_heads"], settings["attention_head_dim"]
    place = PATCH * PATCH
    follows = settings["_class_name"] == "WanVACETransformer3DModel"
    looks = settings.get("added_kv_proj_dim") is not None and settings.get("image_dim") is not None
    film = TransformerConfig(
        channels_in=settings["in_channels"] * place,
        channels_out=(settings.get("out_channels") or settings["in_channels"]) * place,
        heads=heads,
        head_width=head_width,
        layers=settings["num_layers"],
        hidden=settings["ffn_dim"],
        words_width=settings["text_dim"],
        frequencies=settings["freq_dim"],
        rotary_base=ROTARY_BASE,
        eps=settings.get("eps", 1e-6),
        norm_before_words=settings.get("cross_attn_norm", True),
        roles=0,
        sound_width=0,
        follows_drafts=False,
        context_reads=True,
        context_tile=None,
    )
    return OpenConfig(
        film=film,
        picture_width=settings["image_dim"] if looks else 0,
        picture_places=(settings.get("pos_embed_seq_len") or 0) if looks else 0,
        draft_channels=settings["vace_in_channels"] * place if follows else 0,
        draft_layers=tuple(settings["vace_layers"]) if follows else (),
    )


def sources(config: OpenConfig) -> dict[str, Source]:
    """Where each tensor of our network comes from."""
    found = _linear("film.level.first", "condition_embedder.time_embedder.linear_1")
    found |= _linear("film.level.second", "condition_embedder.time_embedder.linear_2")
    found |= _linear("film.level.steer", "condition_embedder.time_proj")
    found |= _linear("film.words_first", "condition_embedder.text_embedder.linear_1")
    found |= _linear("film.words_second", "condition_embedder.text_embedder.linear_2")
    found |= _linear("film.patch", "patch_embedding", change=_flat)
    found |= _linear("film.out", "proj_out", change=_by_channel)
    found["film.table_2D"] = Source(names=("scale_shift_table",), change=_row)
    for n in range(config.film.layers):
        found |= _block(f"film.blocks.{n}", f"blocks.{n}", config, looks=config.picture_width > 0)
    if config.picture_width:
        found |= _linear("picture.norm_first", "condition_embedder.image_embedder.norm1")
        found |= _linear("picture.first", "condition_embedder.image_embedder.ff.net.0.proj")
        found |= _linear("picture.second", "condition_embedder.image_embedder.ff.net.2")
        found |= _linear("picture.norm_second", "condition_embedder.image_embedder.norm2")
    if config.picture_places:
        found["picture.place_1PD"] = Source(names=("condition_embedder.image_embedder.pos_embed",))
    if config.draft_layers:
        found |= _linear("draft.patch", "vace_patch_embedding", change=_flat)
        found |= _linear("draft.first", "vace_blocks.0.proj_in")
    for n in range(len(config.draft_layers)):
        found |= _block(f"draft.blocks.{n}", f"vace_blocks.{n}", config, looks=False)
        found |= _linear(f"draft.outs.{n}", f"vace_blocks.{n}.proj_out")
    return found


def _block(ours: str, theirs: str, config: OpenConfig, *, looks: bool) -> dict[str, Source]:
    words = f"{ours}.words.words" if looks else f"{ours}.words"
    found = _linear(f"{ours}.tokens.query_key_value", *(f"{theirs}.attn1.to_{part}" for part in "qkv"))
    found |= _linear(f"{ours}.tokens.out", f"{theirs}.attn1.to_out.0")
    found |= _linear(f"{words}.query", f"{theirs}.attn2.to_q")
    found |= _linear(f"{words}.key_value", f"{theirs}.attn2.to_k", f"{theirs}.attn2.to_v")
    found |= _linear(f"{words}.out", f"{theirs}.attn2.to_out.0")
    found |= _linear(f"{ours}.hidden", f"{theirs}.ffn.net.0.proj")
    found |= _linear(f"{ours}.out", f"{theirs}.ffn.net.2")
    for our_part, their_part in ((f"{ours}.tokens", "attn1"), (words, "attn2")):
        found[f"{our_part}.query_norm"] = Source(names=(f"{theirs}.{their_part}.norm_q.weight",))
        found[f"{our_part}.key_norm"] = Source(names=(f"{theirs}.{their_part}.norm_k.weight",))
    found[f"{ours}.table_6D"] = Source(names=(f"{theirs}.scale_shift_table",), change=_row)
    if config.film.norm_before_words:
        found |= _linear(f"{ours}.words_norm", f"{theirs}.norm2")
    if looks:
        found |= _linear(f"{ours}.words.key_value", f"{theirs}.attn2.add_k_proj", f"{theirs}.attn2.add_v_proj")
        found[f"{ours}.words.key_norm"] = Source(names=(f"{theirs}.attn2.norm_added_k.weight",))
    return found


def _linear(ours: str, *theirs: str, change: Callable[[Tensor], Tensor] | None = None) -> dict[str, Source]:
    return {
        f"{ours}.{kind}": Source(names=tuple(f"{name}.{kind}" for name in theirs), change=change)
        for kind in ("weight", "bias")
    }


def _flat(weight: Tensor) -> Tensor:
    """A convolution over patches that do not overlap as a linear map of (channel, row, column); its bias stays."""
    return weight.flatten(1) if weight.dim() > 1 else weight


def _by_channel(weight: Tensor) -> Tensor:
    """Answers in the order of `latents.fold`: theirs are by row, column, channel."""
    return rearrange(weight, "(p q c) ... -> (c p q) ...", p=PATCH, q=PATCH)


def _row(table: Tensor) -> Tensor:
    return table[0]
