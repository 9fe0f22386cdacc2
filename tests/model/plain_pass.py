"""One pass over a whole row of tokens under an explicit mask, written plainly: what `remember` and `velocity` must amount to."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from vitascope.model.denoiser import Condition
from vitascope.model.levels import Levels
from vitascope.model.rotary import turned, turns
from vitascope.model.tokens import Tokens
from vitascope.model.transformer import Transformer, at_moments


def plain_pass(model: Transformer, row: Tokens, condition: Condition, reads_L: Tensor, mask_LL: Tensor) -> Tensor:
    """Velocities (B, L, C) of all tokens: query i sees key j where `mask_LL[i, j]`; `reads_L`: who reads and hears."""
    config, reads_1L1 = model.config, reads_L[None, :, None]
    count = row.count
    x = model.patch(row.values_BLC) + model.role(row.role_BL)
    if condition.sound is not None:
        x = x + reads_1L1 * model.sound(at_moments(condition.sound, row.place_BL3[..., 0]))
    each = [model.level(Levels(values_U=row.level_BL[:, n], index_BL=None)) for n in range(count)]
    vector = torch.stack([pair[0] for pair in each], dim=1)
    steer = torch.stack([pair[1] for pair in each], dim=1)
    turn = turns(row.place_BL3, head_width=config.head_width, base=config.rotary_base)
    words = model.words_second(F.gelu(model.words_first(condition.words.values_BSD), approximate="tanh"))
    for block in model.blocks:
        shift, scale, gate, late_shift, late_scale, late_gate = (block.table_6D + steer).unbind(2)
        query, key, value = block.tokens.query_key_value(norm(x) * (1 + scale) + shift).chunk(3, dim=-1)
        query, key = rms(query) * block.tokens.query_norm, rms(key) * block.tokens.key_norm
        query, key = turned(heads(query, config.heads), turn), turned(heads(key, config.heads), turn)
        x = x + gate * block.tokens.out(look(query, key, heads(value, config.heads), mask_LL))
        key, value = block.words.key_value(words).chunk(2, dim=-1)
        query = rms(block.words.query(block.words_norm(x))) * block.words.query_norm
        parts = (heads(each, config.heads) for each in (query, rms(key) * block.words.key_norm, value))
        mask_BS = condition.words.present_BS
        x = x + reads_1L1 * block.words.out(look(*parts, mask_BS[:, None, None]))
        late = F.gelu(block.hidden(norm(x) * (1 + late_scale) + late_shift), approximate="tanh")
        x = x + late_gate * block.out(late)
    shift, scale = (model.table_2D + vector[:, :, None]).unbind(2)
    return model.out(norm(x) * (1 + scale) + shift)


def look(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    """Attention by its formula; (B, L, N, E) each."""
    score = torch.einsum("bqne,bkne->bnqk", query, key) / query.shape[-1] ** 0.5
    share = score.masked_fill(~mask, -torch.inf).softmax(-1)
    return torch.einsum("bnqk,bkne->bqne", share, value).flatten(2)


def norm(x: Tensor) -> Tensor:
    """Mean 0 and variance 1 along the width."""
    return (x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True, unbiased=False) + 1e-6).sqrt()


def rms(x: Tensor) -> Tensor:
    """Mean square 1 along the width."""
    return x / (x.square().mean(-1, keepdim=True) + 1e-6).sqrt()


def heads(x: Tensor, count: int) -> Tensor:
    """(B, L, N, E)"""
    return x.unflatten(-1, (count, -1))
