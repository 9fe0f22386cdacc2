"""The network: patches with a noise level each, words, and what is heard become velocities.

Its block computes what Wan's does (Wan Team 2025, arXiv:2503.20314), so that open weights of that family run here too; learned
vectors for roles and for sound are ours, and absent where the configuration gives them no size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vitascope.model.attention import Attention, Dense, KeysValues, Plan, Tiles
from vitascope.model.denoiser import Condition, Memory, ReadWords, Sound, Words
from vitascope.model.levels import LevelEmbedding, Levels, modulated
from vitascope.model.rotary import turned, turns
from vitascope.model.tokens import Role, Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformerConfig:
    """All that decides which weights there are and what they mean."""

    channels_in: int
    """Numbers of a patch that come in; as many as go out, or more where a clean picture lies beside the noise."""
    channels_out: int
    heads: int
    head_width: int
    layers: int
    hidden: int
    """Width inside the feed-forward part."""
    words_width: int
    """Of the vectors of the text encoder."""
    frequencies: int
    """Waves that stand for a noise level; even."""
    rotary_base: float
    eps: float
    norm_before_words: bool
    """Whether tokens are normed before they read the words."""
    roles: int
    """Learned vectors for roles; 0: none."""
    sound_width: int
    """Features of a moment of sound; 0: hears nothing."""
    follows_drafts: bool
    """Whether what a draft shows at the place of a noisy token enters with it."""
    context_reads: bool
    """Whether clean tokens read the instruction and hear the sound. Where not, what is remembered of them serves every
    instruction, and both branches of guidance."""
    context_tile: tuple[int, int, int] | None
    """Clean tokens see only those of their own tile of so many moments, rows and columns of the compressed clip; None: all.
    Where they do, an edit makes stale only what is remembered of the tiles that it touches."""

    @property
    def width(self) -> int:
        """Of a token inside the network (D)."""
        return self.heads * self.head_width


def tiny(*, channels: int, words_width: int, sound_width: int) -> TransformerConfig:
    """A hundred thousand weights: for tests, and for trying training code."""
    return of_size(2, 24, 2, channels=channels, words_width=words_width, sound_width=sound_width)


def of_size(
    heads: int, head_width: int, layers: int, *, channels: int, words_width: int, sound_width: int
) -> TransformerConfig:
    """Our network in any size: `heads` of `head_width` numbers in `layers` layers."""
    return TransformerConfig(
        channels_in=channels,
        channels_out=channels,
        heads=heads,
        head_width=head_width,
        layers=layers,
        hidden=4 * heads * head_width,
        words_width=words_width,
        frequencies=256,
        rotary_base=10000.0,
        eps=1e-6,
        norm_before_words=True,
        roles=len(Role),
        sound_width=sound_width,
        follows_drafts=True,
        context_reads=False,
        context_tile=(4, 4, 4),
    )


class Steering(NamedTuple):
    """What one layer makes of noise levels: six times what `Levels.spread` gives."""

    shift: Tensor
    scale: Tensor
    gate: Tensor
    hidden_shift: Tensor
    hidden_scale: Tensor
    hidden_gate: Tensor


class SelfAttention(nn.Module):
    """Tokens look at tokens; queries and keys are normed over all heads together, and turned by their places."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        width = config.width
        self.heads, self.eps = config.heads, config.eps
        self.query_key_value: nn.Module = nn.Linear(width, 3 * width)
        self.query_norm = nn.Parameter(torch.ones(width))
        self.key_norm = nn.Parameter(torch.ones(width))
        self.out = nn.Linear(width, width)

    def project(self, x_BLD: Tensor, turn: Tensor) -> tuple[Tensor, KeysValues]:
        """Queries, and keys with values, each (B, N, L, E)."""
        query, key, value = self.query_key_value(x_BLD).chunk(3, dim=-1)
        query = turned(self._split(rms_norm(query, self.query_norm, self.eps)), turn)
        key = turned(self._split(rms_norm(key, self.key_norm, self.eps)), turn)
        return query.transpose(1, 2), (key.transpose(1, 2), self._split(value).transpose(1, 2))

    def keys_values(self, x_BLD: Tensor, turn: Tensor) -> KeysValues:
        """Keys with values alone."""
        width = x_BLD.shape[-1]
        linear = self.query_key_value
        if isinstance(linear, nn.Linear):
            key, value = F.linear(x_BLD, linear.weight[width:], linear.bias[width:]).chunk(2, dim=-1)
        else:  # weights of fewer bits are packed whole
            key, value = linear(x_BLD)[..., width:].chunk(2, dim=-1)
        key = turned(self._split(rms_norm(key, self.key_norm, self.eps)), turn)
        return key.transpose(1, 2), self._split(value).transpose(1, 2)

    def _split(self, x_BLD: Tensor) -> Tensor:
        return x_BLD.unflatten(-1, (self.heads, -1))


class WordAttention(nn.Module):
    """Tokens look at words."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        width = config.width
        self.heads, self.eps = config.heads, config.eps
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(width, 2 * width)
        self.query_norm = nn.Parameter(torch.ones(width))
        self.key_norm = nn.Parameter(torch.ones(width))
        self.out = nn.Linear(width, width)

    def read(self, words_BSD: Tensor) -> KeysValues:
        """Keys and values (B, N, S, E) of words; nothing in them depends on the noise."""
        key, value = self.key_value(words_BSD).chunk(2, dim=-1)
        return self._split(rms_norm(key, self.key_norm, self.eps)), self._split(value)

    def asked(self, x_BLD: Tensor) -> Tensor:
        """Queries (B, N, L, E)."""
        return self._split(rms_norm(self.query(x_BLD), self.query_norm, self.eps))

    def forward(self, x_BLD: Tensor, words: KeysValues, mask_B11S: Tensor | None) -> Tensor:
        """What each token gets from the words."""
        seen_BNLE = F.scaled_dot_product_attention(self.asked(x_BLD), *words, attn_mask=mask_B11S)
        return self.out(seen_BNLE.transpose(1, 2).flatten(2))

    def shares(self, x_BLD: Tensor, key_BNSE: Tensor, mask_B11S: Tensor | None) -> Tensor:
        """(B, L, S): how much of its look each token gives to each word, on the mean of heads."""
        score_BNLS = self.asked(x_BLD) @ key_BNSE.transpose(-1, -2) * key_BNSE.shape[-1] ** -0.5
        if mask_B11S is not None:
            score_BNLS = score_BNLS.masked_fill(~mask_B11S, -torch.inf)
        return score_BNLS.float().softmax(-1).mean(1)

    def _split(self, x_BLD: Tensor) -> Tensor:
        return x_BLD.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class Block(nn.Module):
    """Look at tokens, look at words, think."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        width = config.width
        self.eps = config.eps
        self.tokens = SelfAttention(config)
        self.words = WordAttention(config)
        self.words_norm = nn.LayerNorm(width, eps=config.eps) if config.norm_before_words else None
        self.hidden = nn.Linear(width, config.hidden)
        self.out = nn.Linear(config.hidden, width)
        self.table_6D = nn.Parameter(torch.zeros(6, width))

    def steering(self, steer_U6D: Tensor, levels: Levels) -> Steering:
        """The six of this layer."""
        return Steering(*(levels.spread(each) for each in (self.table_6D.float() + steer_U6D).unbind(1)))

    def project(self, x_BLD: Tensor, steering: Steering, turn: Tensor) -> tuple[Tensor, KeysValues]:
        """Queries, and keys with values, of tokens that enter this layer."""
        return self.tokens.project(modulated(x_BLD, steering.shift, steering.scale, eps=self.eps), turn)

    def keys_values(self, x_BLD: Tensor, steering: Steering, turn: Tensor) -> KeysValues:
        """Keys with values alone."""
        return self.tokens.keys_values(modulated(x_BLD, steering.shift, steering.scale, eps=self.eps), turn)

    def before_words(self, x_BLD: Tensor) -> Tensor:
        """Tokens as they look at the words."""
        norm = self.words_norm
        if norm is None:
            return x_BLD
        weight, bias = norm.weight.float(), norm.bias.float()
        return F.layer_norm(x_BLD.float(), norm.normalized_shape, weight, bias, norm.eps).to(x_BLD.dtype)

    def seen(self, x_BLD: Tensor, steering: Steering, seen_BNLE: Tensor) -> Tensor:
        """Tokens, after what they saw of one another (B, N, L, E) is added."""
        return added(x_BLD, self.tokens.out(seen_BNLE.transpose(1, 2).flatten(2)), steering.gate)

    def finish(self, x_BLD: Tensor, steering: Steering, words: KeysValues | None, mask_B11S: Tensor | None) -> Tensor:
        """The rest of the layer; `words` is None for tokens that read none."""
        if words is not None:
            x_BLD = x_BLD + self.words(self.before_words(x_BLD), words, mask_B11S)
        hidden = modulated(x_BLD, steering.hidden_shift, steering.hidden_scale, eps=self.eps)
        return added(x_BLD, self.out(F.gelu(self.hidden(hidden), approximate="tanh")), steering.hidden_gate)


class Transformer(nn.Module):
    """A `Denoiser`. Two calls, `remember` and then `velocity`, are one pass in which clean tokens do not see noisy ones;
    gradients flow through both. A fresh one answers 0 everywhere."""

    def __init__(self, config: TransformerConfig, *, attention: Attention | None = None) -> None:
        """`attention`: which token looks at which; everything at everything where it is not given."""
        super().__init__()
        self.config = config
        self.attention = Dense() if attention is None else attention
        tile = config.context_tile
        self.context_attention = self.attention if tile is None else Tiles(tile=tile, reach=(0, 0, 0), sinks=None)
        width = config.width
        self.patch = nn.Linear(config.channels_in, width)
        self.level = LevelEmbedding(frequencies=config.frequencies, width=width)
        self.words_first = nn.Linear(config.words_width, width)
        self.words_second = nn.Linear(width, width)
        self.role = nn.Embedding(config.roles, width) if config.roles else None
        self.sound = nn.Linear(config.sound_width, width) if config.sound_width else None
        self.draft = nn.Linear(config.channels_in, width) if config.follows_drafts else None
        self.blocks = nn.ModuleList([Block(config) for _ in range(config.layers)])
        self.table_2D = nn.Parameter(torch.zeros(2, width))
        self.out = nn.Linear(width, config.channels_out)
        self._begin()

    @property
    def context_reads(self) -> bool:
        """Whether what is remembered depends on the condition."""
        return self.config.context_reads

    def read(self, condition: Condition) -> Condition:
        """The same condition with its words read by each layer, for a film of several steps."""
        if condition.words.read is not None:
            return condition
        return replace(condition, words=replace(condition.words, read=self._read(condition.words)))

    def remember(self, context: Tokens, condition: Condition, memory: Memory | None = None) -> Memory:
        """Keys and values of clean `context`, which sees itself and `memory`, or of both what stands in its tile."""
        heard = condition if self.config.context_reads else None
        keys, values = [], []
        run = Run.of(self, context, heard, memory, self.context_attention)
        x_BLD = self.entered(context, None if heard is None else heard.sound)
        for layer, block in enumerate(self.layers()):
            if layer == self.config.layers - 1:  # nobody asks what its tokens become
                key, value = block.keys_values(x_BLD, run.steering(block), run.turn)
            else:
                x_BLD, (key, value) = run.through(layer, block, x_BLD)
            keys.append(key)
            values.append(value)
        return Memory(keys=tuple(keys), values=tuple(values), place_BL3=context.place_BL3, role_BL=context.role_BL)

    def velocity(self, noisy: Tokens, condition: Condition, memory: Memory | None = None) -> Tensor:
        """Velocity (B, L, C) float32 of `noisy`, which sees itself and `memory`."""
        run = Run.of(self, noisy, condition, memory, self.attention)
        x_BLD = self.entered(noisy, condition.sound)
        for layer, block in enumerate(self.layers()):
            x_BLD, _ = run.through(layer, block, x_BLD)
        return self.answer(x_BLD, run)

    def looked_at(self, noisy: Tokens, condition: Condition, memory: Memory | None = None) -> Tensor:
        """(B, L, S): what share of its look at the words each token gives to each of them, on the mean of layers and heads."""
        run = Run.of(self, noisy, condition, memory, self.attention)
        assert run.words is not None
        x_BLD, shares = self.entered(noisy, condition.sound), []
        for layer, block in enumerate(self.layers()):
            steering, (key, _) = run.steering(block), run.words.layers[layer]
            x_BLD, _ = run.seen(layer, block, x_BLD, steering)
            shares.append(block.words.shares(block.before_words(x_BLD), key, run.words.mask_B11S))
            x_BLD = run.finish(layer, block, x_BLD, steering)
        return torch.stack(shares).mean(0)

    def answer(self, x_BLD: Tensor, run: Run) -> Tensor:
        """The velocity of tokens that leave the last layer."""
        shift, scale = (run.levels.spread(each) for each in (self.table_2D.float() + run.vector_UD[:, None]).unbind(1))
        return self.out(modulated(x_BLD, shift, scale, eps=self.config.eps)).float()

    def touched(self, place_L3: Tensor, changed_K3: Tensor) -> Tensor:
        """(L,) bool: of which clean tokens something else is remembered when others at `changed_K3` come, go or change."""
        tiles = self.context_attention
        if self.config.context_tile is None or not isinstance(tiles, Tiles):
            return torch.full((len(place_L3),), len(changed_K3) > 0, device=place_L3.device)
        return tiles.near(tiles.tiles(place_L3)[:, None], torch.unique(tiles.tiles(changed_K3), dim=0)).any(1)

    def moved(self, memory: Memory, moments: float) -> Memory:
        """The same clean tokens, as if they stood `moments` later: turning twice is turning once by both."""
        step_3 = memory.place_BL3.new_tensor([moments, 0.0, 0.0])
        turn = turns(step_3[None, None], head_width=self.config.head_width, base=self.config.rotary_base)
        keys = tuple(turned(each.transpose(1, 2), turn).transpose(1, 2) for each in memory.keys)
        return replace(memory, keys=keys, place_BL3=memory.place_BL3 + step_3)

    def layers(self) -> Sequence[Block]:
        """The blocks in order."""
        return [block for block in self.blocks if isinstance(block, Block)]

    def entered(self, tokens: Tokens, sound: Sound | None) -> Tensor:
        """Tokens as they enter the first layer (B, L, D)."""
        x_BLD = self.patch(tokens.values_BLC.to(self.patch.weight.dtype))
        if self.role is not None:
            x_BLD = x_BLD + self.role(tokens.role_BL)
        if self.draft is not None and tokens.draft_BLC is not None:
            x_BLD = x_BLD + self.draft(tokens.draft_BLC.to(self.draft.weight.dtype))
        if self.sound is not None and sound is not None:
            heard_BLF = at_moments(sound, tokens.place_BL3[..., 0])
            x_BLD = x_BLD + self.sound(heard_BLF.to(self.sound.weight.dtype))
        return x_BLD

    def inlet(self, words: Words) -> Tensor:
        """Words (B, S, D) as the layers read them."""
        values_BSD = words.values_BSD.to(self.words_first.weight.dtype)
        return self.words_second(F.gelu(self.words_first(values_BSD), approximate="tanh"))

    def _read(self, words: Words) -> ReadWords:
        words_BSD = self.inlet(words)
        mask_B11S = None if bool(words.present_BS.all()) else words.present_BS[:, None, None]
        return ReadWords(layers=tuple(block.words.read(words_BSD) for block in self.layers()), mask_B11S=mask_B11S)

    def _begin(self) -> None:
        """Weights to begin training with: levels steer nothing yet, gates are shut, the answer is 0."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        silent = [self.level.steer.weight, self.out.weight]
        silent += [] if self.role is None else [self.role.weight]
        silent += [] if self.sound is None else [self.sound.weight]
        for weight in silent:
            nn.init.zeros_(weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is the same for all layers of one pass."""

    levels: Levels
    vector_UD: Tensor
    steer_U6D: Tensor
    turn: Tensor
    plan: Plan
    memory: Memory | None
    words: ReadWords | None

    @staticmethod
    def of(
        model: Transformer, tokens: Tokens, condition: Condition | None, memory: Memory | None, attention: Attention
    ) -> Run:
        """For these tokens, which look at themselves and what is remembered in this way."""
        levels = Levels.of(tokens.level_BL)
        vector_UD, steer_U6D = model.level(levels)
        config = model.config
        seen_BK3 = [tokens.place_BL3] if memory is None else [memory.place_BL3, tokens.place_BL3]
        return Run(
            levels=levels,
            vector_UD=vector_UD,
            steer_U6D=steer_U6D,
            turn=turns(tokens.place_BL3, head_width=config.head_width, base=config.rotary_base),
            plan=attention.plan(tokens.place_BL3, seen_BK3),
            memory=memory,
            words=None if condition is None else model.read(condition).words.read,
        )

    def steering(self, block: Block) -> Steering:
        """What this layer makes of the noise levels."""
        return block.steering(self.steer_U6D, self.levels)

    def through(self, layer: int, block: Block, x_BLD: Tensor) -> tuple[Tensor, KeysValues]:
        """What tokens become in a layer, and their keys and values in it. layer: where its part of memory and words lies."""
        steering = self.steering(block)
        x_BLD, own = self.seen(layer, block, x_BLD, steering)
        return self.finish(layer, block, x_BLD, steering), own

    def seen(self, layer: int, block: Block, x_BLD: Tensor, steering: Steering) -> tuple[Tensor, KeysValues]:
        """The first half of a layer: tokens after they looked at tokens, and their keys and values."""
        query, own = block.project(x_BLD, steering, self.turn)
        remembered = [] if self.memory is None else [(self.memory.keys[layer], self.memory.values[layer])]
        return block.seen(x_BLD, steering, self.plan(query, [*remembered, own])), own

    def finish(self, layer: int, block: Block, x_BLD: Tensor, steering: Steering) -> Tensor:
        """The second half: they look at words, and think."""
        if self.words is None:
            return block.finish(x_BLD, steering, None, None)
        return block.finish(x_BLD, steering, self.words.layers[layer], self.words.mask_B11S)


def at_moments(sound: Sound, moment_BL: Tensor) -> Tensor:
    """(B, L, F): what is heard at each moment, between two known ones in proportion, before the first and after the last as
    at these."""
    known_M, values_BMF = sound.moment_M, sound.values_BMF.expand(len(moment_BL), -1, -1)
    if len(known_M) == 1:
        return values_BMF.expand(-1, moment_BL.shape[1], -1)
    after_BL = torch.searchsorted(known_M, moment_BL.contiguous()).clamp(1, len(known_M) - 1)
    start_BL, end_BL = known_M[after_BL - 1], known_M[after_BL]
    share_BL1 = ((moment_BL - start_BL) / (end_BL - start_BL)).clamp(0, 1)[..., None]
    row_B1 = torch.arange(len(values_BMF), device=known_M.device)[:, None]
    before_BLF, after_BLF = values_BMF[row_B1, after_BL - 1], values_BMF[row_B1, after_BL]
    return torch.lerp(before_BLF, after_BLF, share_BL1.to(before_BLF.dtype))


def rms_norm(x_BLD: Tensor, weight_D: Tensor, eps: float) -> Tensor:
    """Each token at length √D, then weighted; across all heads together."""
    return F.rms_norm(x_BLD, weight_D.shape, weight_D.to(x_BLD.dtype), eps)


def added(x_BLD: Tensor, change_BLD: Tensor, gate: Tensor) -> Tensor:
    """`x + change * gate` in float32, of x's type; gate as `Levels.spread` gives it."""
    return torch.addcmul(x_BLD.float(), change_BLD.float(), gate).to(x_BLD.dtype)
