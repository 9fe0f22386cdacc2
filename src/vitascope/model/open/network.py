"""Networks of the Wan family: our transformer, with what some of them have beside it.

* beside: a clean film and where it holds, laid beside the noise of each token (picture to video, 36 numbers a place)
* picture: vectors of a picture that tokens look at as they look at words (picture to video of 2.1)
* draft: a branch that reads a draft of the film and adds what it makes of it between the layers (VACE, arXiv:2503.07598)

What is laid out in space is found by the place of each token, so any part of the tokens may be asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vitascope.model.attention import KeysValues
from vitascope.model.denoiser import Condition, Memory, ReadWords
from vitascope.model.tokens import Tokens, join
from vitascope.model.transformer import Block, Run, Transformer, TransformerConfig, WordAttention, rms_norm


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenConfig:
    """film: the transformer; picture_width: of vectors of a picture, 0: looks at none; picture_places: learned vectors for
    their order, 0: none; draft_channels: numbers of a token of a draft, 0: follows none; draft_layers: layers of the
    transformer that get something from the draft, ascending from 0."""

    film: TransformerConfig
    picture_width: int = 0
    picture_places: int = 0
    draft_channels: int = 0
    draft_layers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a film is made from beside words; each is folded (see `latents`) and None where there is nothing of it.

    beside_BCTHW: clean film and its mask; picture_BPD: vectors of a picture; draft_BCTHW: the draft with its mask.
    strength: how much of what the draft says is added. first: the moment at which `beside` and `draft` begin.
    held: clean tokens of the film that see those that are made, and are seen by them, as 2.2's 5B was trained with a first
    picture; what is remembered instead (`Denoiser.remember`) sees no noise.
    """

    beside_BCTHW: Tensor | None = None
    picture_BPD: Tensor | None = None
    draft_BCTHW: Tensor | None = None
    strength: float = 1.0
    first: int = 0
    held: Tokens | None = None


class Looking(nn.Module):
    """Tokens look at words, and by the same queries at a picture; what they see of both is added."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.words = WordAttention(config)
        self.key_value = nn.Linear(config.width, 2 * config.width)
        self.key_norm = nn.Parameter(torch.ones(config.width))

    def read(self, words_BSD: Tensor) -> KeysValues:
        """Keys and values of words."""
        return self.words.read(words_BSD)

    def look(self, picture_BPD: Tensor) -> KeysValues:
        """Keys and values of a picture."""
        key, value = self.key_value(picture_BPD).chunk(2, dim=-1)
        key = rms_norm(key, self.key_norm, self.words.eps)
        return self._split(key), self._split(value)

    def shares(self, x_BLD: Tensor, key_BNSE: Tensor, mask_B11S: Tensor | None) -> Tensor:
        """How much of its look each token gives to each word."""
        return self.words.shares(x_BLD, key_BNSE, mask_B11S)

    def forward(self, x_BLD: Tensor, read: tuple[Tensor, ...], mask_B11S: Tensor | None) -> Tensor:
        """What each token gets; `read` holds keys and values of words, then those of a picture if there is one."""
        query = self.words.asked(x_BLD)
        seen = F.scaled_dot_product_attention(query, *read[:2], attn_mask=mask_B11S)
        if len(read) > 2:
            key, value = (each.expand(len(query), -1, -1, -1) for each in read[2:])
            seen = seen + F.scaled_dot_product_attention(query, key, value)
        return self.words.out(seen.transpose(1, 2).flatten(2))

    def _split(self, x_BPD: Tensor) -> Tensor:
        return x_BPD.unflatten(-1, (self.words.heads, -1)).transpose(1, 2)


class PictureInlet(nn.Module):
    """Vectors of a picture, brought to the width of the network."""

    def __init__(self, config: OpenConfig) -> None:
        super().__init__()
        width = config.picture_width
        self.norm_first = nn.LayerNorm(width)
        self.first = nn.Linear(width, width)
        self.second = nn.Linear(width, config.film.width)
        self.norm_second = nn.LayerNorm(config.film.width)
        places = torch.zeros(1, config.picture_places, width)
        self.place_1PD = nn.Parameter(places) if config.picture_places else None

    def forward(self, picture_BPD: Tensor) -> Tensor:
        """(B, P, D)."""
        x = picture_BPD.to(self.first.weight.dtype)
        if self.place_1PD is not None:
            x = x.reshape(-1, self.place_1PD.shape[1], x.shape[-1]) + self.place_1PD
        return _normed(self.norm_second, self.second(F.gelu(self.first(_normed(self.norm_first, x)))))


class DraftBranch(nn.Module):
    """Blocks that read the draft, each of which has something to say to one layer of the transformer."""

    def __init__(self, config: OpenConfig) -> None:
        super().__init__()
        width = config.film.width
        self.layers = config.draft_layers
        self.patch = nn.Linear(config.draft_channels, width)
        self.first = nn.Linear(width, width)
        self.blocks = nn.ModuleList([Block(config.film) for _ in config.draft_layers])
        self.outs = nn.ModuleList([nn.Linear(width, width) for _ in config.draft_layers])


class OpenNetwork(nn.Module):
    """The weights; `denoiser` binds them to what a film is made from."""

    def __init__(self, config: OpenConfig) -> None:
        super().__init__()
        self.config = config
        self.film = Transformer(config.film)
        self.picture = PictureInlet(config) if config.picture_width else None
        self.draft = DraftBranch(config) if config.draft_layers else None
        if self.picture is not None:
            for block in self.film.layers():
                block.register_module("words", Looking(config.film))

    def denoiser(self, given: Given) -> OpenDenoiser:
        """A `Denoiser` of films that are made from `given`."""
        return OpenDenoiser(self, given)

    def draft_blocks(self) -> list[Block]:
        """Those of the branch, as they are."""
        return [] if self.draft is None else [cast("Block", block) for block in self.draft.blocks]


Watcher = Callable[[int, Block, Tensor, KeysValues], None]


def _nothing(layer: int, block: Block, x_BLD: Tensor, its: KeysValues) -> None:
    pass


def _through(run: Run, layer: int, block: Block, x_BLD: Tensor, each: Watcher) -> Tensor:
    steering = run.steering(block)
    x_BLD, its = run.seen(layer, block, x_BLD, steering)
    each(layer, block, x_BLD, its)
    del its
    return run.finish(layer, block, x_BLD, steering)


class OpenDenoiser:
    """A `Denoiser` of the Wan family. Context that does not see noise is not what these weights were trained with: what is
    remembered makes edits cheap and near, not the same as a full pass; `velocity` of all tokens together is the network."""

    def __init__(self, network: OpenNetwork, given: Given) -> None:
        self.network, self.given = network, given

    @property
    def context_reads(self) -> bool:
        """What is remembered depends on the words, as in training."""
        return True

    def read(self, condition: Condition) -> Condition:
        """Words, and the picture, as each layer keeps them."""
        if condition.words.read is not None:
            return condition
        network, picture = self.network, None
        if network.picture is not None and self.given.picture_BPD is not None:
            picture = network.picture(self.given.picture_BPD)
        words_BSD = network.film.inlet(condition.words)
        layers: list[tuple[Tensor, ...]] = []
        for block in (*network.film.layers(), *network.draft_blocks()):
            read = block.words.read(words_BSD)
            looking = cast("nn.Module", block.words)
            seen = looking.look(picture) if isinstance(looking, Looking) and picture is not None else ()
            layers.append((*read, *seen))
        mask = None if bool(condition.words.present_BS.all()) else condition.words.present_BS[:, None, None]
        kept = ReadWords(layers=cast("tuple[KeysValues, ...]", tuple(layers)), mask_B11S=mask)
        return replace(condition, words=replace(condition.words, read=kept))

    def remember(self, context: Tokens, condition: Condition, memory: Memory | None = None) -> Memory:
        """Keys and values of clean `context`: those of the layers, then those of the branch that reads the draft."""
        kept: dict[int, KeysValues] = {}
        self._passed(context, condition, memory, each=lambda layer, block, x_BLD, its: kept.update({layer: its}))
        keys, values = zip(*(kept[layer] for layer in sorted(kept)), strict=True)
        return Memory(keys=keys, values=values, place_BL3=context.place_BL3, role_BL=context.role_BL)

    def velocity(self, noisy: Tokens, condition: Condition, memory: Memory | None = None) -> Tensor:
        """Velocity (B, L, C) float32 of `noisy`, which sees itself and `memory`, and what is held."""
        held = self.given.held
        tokens = noisy if held is None else join([rows(held, len(noisy.place_BL3)), noisy])
        run, x_BLD = self._passed(tokens, condition, memory)
        return self.network.film.answer(x_BLD, run)[:, tokens.count - noisy.count :]

    def looked_at(self, noisy: Tokens, condition: Condition, memory: Memory | None = None) -> Tensor:
        """(B, L, S): what share of its look at the words each token gives to each of them, on the mean of layers and heads."""
        condition = self.read(condition)
        read, layers = condition.words.read, self.network.config.film.layers
        assert read is not None
        shares: list[Tensor] = []

        def share(layer: int, block: Block, x_BLD: Tensor, its: KeysValues) -> None:
            if layer < layers:
                shares.append(block.words.shares(block.before_words(x_BLD), read.layers[layer][0], read.mask_B11S))

        self._passed(noisy, condition, memory, each=share)
        return torch.stack(shares).mean(0)

    def touched(self, place_L3: Tensor, changed_K3: Tensor) -> Tensor:
        """(L,) bool: of which clean tokens something else is remembered when others change: of all."""
        return self.network.film.touched(place_L3, changed_K3)

    def moved(self, memory: Memory, moments: float) -> Memory:
        """The same clean tokens, as if they stood `moments` later."""
        return self.network.film.moved(memory, moments)

    def _passed(
        self, tokens: Tokens, condition: Condition, memory: Memory | None, *, each: Watcher = _nothing
    ) -> tuple[Run, Tensor]:
        """What tokens become in all layers. `each` is told of each layer, by where its part of memory lies, what tokens are after
        they saw one another, and their keys and values; nothing else keeps these, for they are large."""
        film, draft, given = self.network.film, self.network.draft, self.given
        tokens = self._beside(tokens)
        run = Run.of(film, tokens, self.read(condition), memory, film.attention)
        x_BLD = film.entered(tokens, None)
        branch: Tensor | None = None
        if draft is not None and given.draft_BCTHW is not None:
            own = at_places(given.draft_BCTHW, tokens.place_BL3, first=given.first)
            branch = draft.first(draft.patch(own.to(x_BLD.dtype))) + x_BLD
        for layer, block in enumerate(film.layers()):
            said: Tensor | None = None
            if draft is not None and branch is not None and layer in draft.layers:
                number = draft.layers.index(layer)
                its_block = self.network.draft_blocks()[number]
                branch = _through(run, film.config.layers + number, its_block, branch, each)
                said = draft.outs[number](branch) * given.strength
            x_BLD = _through(run, layer, block, x_BLD, each)
            x_BLD = x_BLD if said is None else x_BLD + said
        return run, x_BLD

    def _beside(self, tokens: Tokens) -> Tokens:
        if self.given.beside_BCTHW is None:
            return tokens
        own = at_places(self.given.beside_BCTHW, tokens.place_BL3, first=self.given.first)
        both = torch.cat([tokens.values_BLC, own.to(tokens.values_BLC.dtype)], dim=-1)
        return tokens.at(both, tokens.level_BL)


class Staged:
    """A `Denoiser` of two networks, one for much noise and one for little (Wan 2.2). What is read and remembered is that of
    both, one after the other."""

    def __init__(self, high: OpenDenoiser, low: OpenDenoiser, *, boundary: float) -> None:
        """boundary: from this noise level on, `high` is asked."""
        self.high, self.low, self.boundary = high, low, boundary

    @property
    def context_reads(self) -> bool:
        """What is remembered depends on the words."""
        return True

    def read(self, condition: Condition) -> Condition:
        """As both keep it."""
        if condition.words.read is not None:
            return condition
        reads = [each.read(condition).words.read for each in (self.high, self.low)]
        layers = tuple(layer for read in reads if read is not None for layer in read.layers)
        mask = reads[0].mask_B11S if reads[0] is not None else None
        both = ReadWords(layers=layers, mask_B11S=mask)
        return replace(condition, words=replace(condition.words, read=both))

    def remember(self, context: Tokens, condition: Condition, memory: Memory | None = None) -> Memory:
        """Keys and values of both."""
        condition = self.read(condition)
        parts = [each.remember(context, *self._own(each, condition, memory)) for each in (self.high, self.low)]
        keys = tuple(key for part in parts for key in part.keys)
        values = tuple(value for part in parts for value in part.values)
        return replace(parts[0], keys=keys, values=values)

    def velocity(self, noisy: Tokens, condition: Condition, memory: Memory | None = None) -> Tensor:
        """Of the network that the noisiest token is for."""
        return self._chosen(noisy).velocity(noisy, *self._own(self._chosen(noisy), condition, memory))

    def looked_at(self, noisy: Tokens, condition: Condition, memory: Memory | None = None) -> Tensor:
        """What share of its look at the words each token gives to each of them, in the network that it is for."""
        return self._chosen(noisy).looked_at(noisy, *self._own(self._chosen(noisy), condition, memory))

    def touched(self, place_L3: Tensor, changed_K3: Tensor) -> Tensor:
        """(L,) bool: of which clean tokens something else is remembered when others change: of all."""
        return self.high.touched(place_L3, changed_K3)

    def moved(self, memory: Memory, moments: float) -> Memory:
        """The same clean tokens, as if they stood `moments` later."""
        return self.high.moved(memory, moments)

    def _chosen(self, noisy: Tokens) -> OpenDenoiser:
        return self.high if bool(noisy.level_BL.max() >= self.boundary) else self.low

    def _own(
        self, chosen: OpenDenoiser, condition: Condition, memory: Memory | None
    ) -> tuple[Condition, Memory | None]:
        """The half of what was read and remembered that is this network's."""
        read = self.read(condition).words.read
        assert read is not None
        half = len(read.layers) // 2
        part = slice(0, half) if chosen is self.high else slice(half, 2 * half)
        condition = replace(condition, words=replace(condition.words, read=replace(read, layers=read.layers[part])))
        if memory is not None:
            memory = replace(memory, keys=memory.keys[part], values=memory.values[part])
        return condition, memory


def at_places(grid_BCTHW: Tensor, place_BL3: Tensor, *, first: int) -> Tensor:
    """(B, L, C): what lies at each place; the grid begins at moment `first`, row 0 and column 0."""
    batch = len(place_BL3)
    moment, row, column = (place_BL3.round().long() - torch.tensor([first, 0, 0], device=place_BL3.device)).unbind(-1)
    which = torch.arange(batch, device=place_BL3.device)[:, None]
    return grid_BCTHW.to(place_BL3.device).expand(batch, -1, -1, -1, -1)[which, :, moment, row, column]


def rows(tokens: Tokens, batch: int) -> Tokens:
    """The same tokens in each of `batch` rows."""
    return Tokens(
        values_BLC=tokens.values_BLC.expand(batch, -1, -1),
        place_BL3=tokens.place_BL3.expand(batch, -1, -1),
        level_BL=tokens.level_BL.expand(batch, -1),
        role_BL=tokens.role_BL.expand(batch, -1),
    )


def _normed(norm: nn.LayerNorm, x: Tensor) -> Tensor:
    return F.layer_norm(x.float(), norm.normalized_shape, norm.weight.float(), norm.bias.float(), norm.eps).to(x.dtype)
