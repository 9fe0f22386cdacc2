"""Our network computes what Wan's computes: the oracle is the open implementation, on the same small random weights."""

from __future__ import annotations

import pytest
import torch
from diffusers.models.transformers.transformer_wan import WanTransformer3DModel
from einops import rearrange
from tiny_networks import chance, furthest, stirred
from torch import Tensor

from vitascope.model.denoiser import Condition, Words
from vitascope.model.shapes import LatentShape
from vitascope.model.tokens import Tokens, pack, unpack
from vitascope.model.transformer import Transformer, TransformerConfig

SHAPE = LatentShape(frames=3, height=4, width=5)
PATCH, CHANNELS = 2, 4
CONFIG = TransformerConfig(
    channels_in=CHANNELS * PATCH * PATCH,
    channels_out=CHANNELS * PATCH * PATCH,
    heads=2,
    head_width=24,
    layers=2,
    hidden=80,
    words_width=12,
    frequencies=32,
    rotary_base=10000.0,
    eps=1e-6,
    norm_before_words=True,
    roles=0,
    sound_width=0,
    follows_drafts=False,
    context_reads=True,
    context_tile=None,
)
NAMES = {
    "condition_embedder.time_embedder.linear_1": "level.first",
    "condition_embedder.time_embedder.linear_2": "level.second",
    "condition_embedder.time_proj": "level.steer",
    "condition_embedder.text_embedder.linear_1": "words_first",
    "condition_embedder.text_embedder.linear_2": "words_second",
}
BLOCK_NAMES = {
    "norm2": "words_norm",
    "ffn.net.0.proj": "hidden",
    "ffn.net.2": "out",
    "attn1.to_out.0": "tokens.out",
    "attn2.to_q": "words.query",
    "attn2.to_out.0": "words.out",
}


def theirs() -> WanTransformer3DModel:
    model = WanTransformer3DModel(
        patch_size=(1, PATCH, PATCH),
        num_attention_heads=2,
        attention_head_dim=24,
        in_channels=CHANNELS,
        out_channels=CHANNELS,
        text_dim=12,
        freq_dim=32,
        ffn_dim=80,
        num_layers=2,
    )
    return stirred(model)


def ours(wan: WanTransformer3DModel) -> Transformer:
    """The same weights under our names."""
    found: dict[str, Tensor] = {}
    state = wan.state_dict()
    for kind in ("weight", "bias"):
        for name, our_name in NAMES.items():
            found[f"{our_name}.{kind}"] = state[f"{name}.{kind}"]
        for n in range(2):
            for name, our_name in BLOCK_NAMES.items():
                found[f"blocks.{n}.{our_name}.{kind}"] = state[f"blocks.{n}.{name}.{kind}"]
            for part, sources, target in (
                ("attn1", "qkv", "tokens.query_key_value"),
                ("attn2", "kv", "words.key_value"),
            ):
                together = [state[f"blocks.{n}.{part}.to_{source}.{kind}"] for source in sources]
                found[f"blocks.{n}.{target}.{kind}"] = torch.cat(together)
    for n in range(2):
        found[f"blocks.{n}.table_6D"] = state[f"blocks.{n}.scale_shift_table"][0]
        for part, target in (("attn1", "tokens"), ("attn2", "words")):
            found[f"blocks.{n}.{target}.query_norm"] = state[f"blocks.{n}.{part}.norm_q.weight"]
            found[f"blocks.{n}.{target}.key_norm"] = state[f"blocks.{n}.{part}.norm_k.weight"]
    found["table_2D"] = state["scale_shift_table"][0]
    found["patch.weight"], found["patch.bias"] = (
        state["patch_embedding.weight"].flatten(1),
        state["patch_embedding.bias"],
    )
    for kind in ("weight", "bias"):
        last = rearrange(state[f"proj_out.{kind}"], "(p q c) ... -> (c p q) ...", p=PATCH, q=PATCH)
        found[f"out.{kind}"] = last
    model = Transformer(CONFIG)
    model.load_state_dict(found)
    return model.eval()


def clip() -> tuple[Tensor, Tokens]:
    """A compressed clip as they take it, and as tokens."""
    latent = torch.randn(1, CHANNELS, SHAPE.frames, SHAPE.height * PATCH, SHAPE.width * PATCH, generator=chance(3))
    return latent, pack(rearrange(latent, "b c t (h p) (w q) -> b (c p q) t h w", p=PATCH, q=PATCH))


def words() -> Condition:
    values = torch.randn(1, 7, 12, generator=chance(4))
    return Condition(words=Words(values_BSD=values, present_BS=torch.ones(1, 7, dtype=torch.bool)))


@pytest.mark.parametrize("levels", ["one", "each"])
@torch.no_grad()
def test_the_network_is_wan_where_it_is_so_configured(levels: str):
    """Same weights, same clip, same words: same velocity, with one noise level for all tokens or one for each."""
    wan = theirs()
    latent, tokens = clip()
    asked = words()
    level_BL = (
        torch.full((1, SHAPE.tokens), 0.4) if levels == "one" else torch.rand(1, SHAPE.tokens, generator=chance(5))
    )
    timestep = 1000 * (level_BL[:, 0] if levels == "one" else level_BL)

    velocity = ours(wan).velocity(tokens.at(tokens.values_BLC, level_BL), asked)

    expected = wan(hidden_states=latent, timestep=timestep, encoder_hidden_states=asked.words.values_BSD).sample
    found = rearrange(unpack(velocity, SHAPE), "b (c p q) t h w -> b c t (h p) (w q)", p=PATCH, q=PATCH)
    assert expected.std() > 0.1
    assert furthest(found, expected) < 1e-5 * max(1.0, float(expected.abs().max()))
