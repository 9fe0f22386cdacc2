"""Compresses clips to patches and back: the first frame alone, then `time` frames to one moment. Convolutions only.

What a patch says of a pixel, and a pixel of a patch, depends on a small neighbourhood (`halo`), and never on what comes later. So
any box of a clip is decoded by itself, and any stretch of moments after the ones before it, to the same bits as the whole.
Letters as in `shapes`, and G moments before they are compressed: a moment is `time` frames.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from vitascope.model.layers import Depthwise, Pointwise
from vitascope.model.shapes import PixelShape, ShapeError, Stride

EXPANSION = 4
SIDE = 2
"""From one level to the next, a patch is twice as high and wide."""

Before = tuple[Tensor, ...]
"""The last moment (B, 1, H, W, C) as each causal block saw it, in order: all that later moments need of earlier ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Blocks that work on patches of one size; the last `causal` of them see the moment before as well."""

    width: int
    blocks: int
    causal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoencoderConfig:
    """channels: of a latent. Levels from the finest patches to the coarsest, which are of `side` pixels and `time` frames."""

    channels: int
    side: int
    time: int
    encoder: tuple[Level, ...]
    decoder: tuple[Level, ...]

    @property
    def stride(self) -> Stride:
        """Pixels to one latent."""
        return Stride(time=self.time, height=self.side, width=self.side)

    @property
    def patch_values(self) -> int:
        """Numbers of which a patch is made: pixels of a latent, three colours each."""
        return self.time * self.side**2 * 3

    def fine_side(self, levels: tuple[Level, ...]) -> int:
        """Pixels along the side of the finest patches."""
        return self.side // SIDE ** (len(levels) - 1)


def tiny() -> AutoencoderConfig:
    """74 thousand weights: for tests, and for trying training code."""
    return AutoencoderConfig(
        channels=8,
        side=16,
        time=4,
        encoder=(Level(width=12, blocks=1, causal=1), Level(width=16, blocks=1, causal=0)),
        decoder=(
            Level(width=8, blocks=1, causal=0),
            Level(width=12, blocks=1, causal=1),
            Level(width=16, blocks=1, causal=1),
        ),
    )


def small() -> AutoencoderConfig:
    """3.8 million weights: trained and run on processors, and good for a GPU as well."""
    return AutoencoderConfig(
        channels=32,
        side=16,
        time=4,
        encoder=(Level(width=192, blocks=2, causal=1), Level(width=320, blocks=1, causal=1)),
        decoder=(
            Level(width=64, blocks=2, causal=0),
            Level(width=192, blocks=2, causal=1),
            Level(width=320, blocks=1, causal=1),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Halo:
    """How far a latent and the pixels it stands for see: moments before, and rows and columns on each side, in latents."""

    moments: int
    sides: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A part of a compressed clip: half-open spans of moments, rows and columns."""

    moments: tuple[int, int]
    rows: tuple[int, int]
    columns: tuple[int, int]


class Block(nn.Module):
    """Looks around, then thinks about each place (ConvNeXt, Liu et al. 2022, arXiv:2201.03545); norms see channels alone."""

    def __init__(self, width: int, *, causal: bool) -> None:
        super().__init__()
        self.look = Depthwise(width, causal=causal)
        self.norm = nn.LayerNorm(width)
        self.widen = Pointwise(width, EXPANSION * width)
        self.narrow = Pointwise(EXPANSION * width, width)
        nn.init.zeros_(self.narrow.weight)

    def forward(self, x_BGHWD: Tensor, before: Tensor | None) -> Tensor:
        around = self.norm(self.look(x_BGHWD, before))
        return x_BGHWD + self.narrow(F.gelu(self.widen(around), approximate="tanh"))


class Tower(nn.Module):
    """Levels one after the other, with patches gathered fourfold (or spread fourfold) between them."""

    def __init__(self, levels: Iterable[Level], *, gathers: bool) -> None:
        super().__init__()
        order = list(levels)
        self.gathers = gathers
        self.levels = nn.ModuleList(
            nn.ModuleList(Block(each.width, causal=n >= each.blocks - each.causal) for n in range(each.blocks))
            for each in order
        )
        self.steps = nn.ModuleList(
            Pointwise(SIDE**2 * here.width, then.width) if gathers else Pointwise(here.width, SIDE**2 * then.width)
            for here, then in pairwise(order)
        )

    def forward(self, x_BGHWD: Tensor, before: Before | None) -> tuple[Tensor, Before]:
        """The last level, and what the next stretch needs as its `before`."""
        earlier = iter(before or ())
        seen: list[Tensor] = []
        for number, level in enumerate(self.levels):
            if number:
                x_BGHWD = self._step(x_BGHWD, self.steps[number - 1])
            for block in level:  # type: ignore[attr-defined]
                last = next(earlier, None) if block.look.causal else None
                if block.look.causal:
                    seen.append(x_BGHWD[:, -1:])
                x_BGHWD = block(x_BGHWD, last)
        return x_BGHWD, tuple(seen)

    def _step(self, x_BGHWD: Tensor, step: nn.Module) -> Tensor:
        if self.gathers:
            return step(rearrange(x_BGHWD, "b g (h i) (w j) d -> b g h w (i j d)", i=SIDE, j=SIDE))
        return rearrange(step(x_BGHWD), "b g h w (i j d) -> b g (h i) (w j) d", i=SIDE, j=SIDE).contiguous()


class Autoencoder(nn.Module):
    """Clips (B, 3, T, H, W) with values in [0, 1] to latents (B, C, T', H', W') of about unit variance, and back."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        self.config = config
        fine_in, fine_out = (
            config.time * config.fine_side(levels) ** 2 * 3 for levels in (config.encoder, config.decoder)
        )
        self.enter = Pointwise(fine_in, config.encoder[0].width)
        self.encoder = Tower(config.encoder, gathers=True)
        self.compress = Pointwise(config.encoder[-1].width, config.channels)
        self.compress_patch = Pointwise(config.patch_values, config.channels)
        self.expand_patch = Pointwise(config.channels, config.patch_values)
        self.expand = Pointwise(config.channels, config.decoder[-1].width)
        self.decoder = Tower(reversed(config.decoder), gathers=False)
        self.leave = Pointwise(config.decoder[0].width, fine_out)
        for last in (self.compress, self.leave):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)
        self.mean_C: Tensor
        self.deviation_C: Tensor
        self.register_buffer("mean_C", torch.zeros(config.channels))
        self.register_buffer("deviation_C", torch.ones(config.channels))

    @property
    def encoder_halo(self) -> Halo:
        """What encoding a box needs around it."""
        levels = self.config.encoder
        fine = self.config.fine_side(levels)
        pixels = sum(level.blocks * fine * SIDE**n for n, level in enumerate(levels))
        return Halo(moments=sum(each.causal for each in levels), sides=-(-pixels // self.config.side))

    @property
    def halo(self) -> Halo:
        """What decoding a box needs around it."""
        pixels, side = 0, self.config.fine_side(self.config.decoder)
        for level in self.config.decoder:
            pixels = -(-pixels // side) * side + level.blocks * side
            side *= SIDE
        return Halo(moments=sum(each.causal for each in self.config.decoder), sides=-(-pixels // self.config.side))

    def encode(self, clip_B3THW: Tensor) -> Tensor:
        """The whole clip; ShapeError where its size is not that of whole patches."""
        return self.encode_next(clip_B3THW, None)[0]

    def decode(self, latent_BCTHW: Tensor) -> Tensor:
        """The whole clip."""
        return self.decode_next(latent_BCTHW, None)[0]

    def encode_next(self, clip_B3THW: Tensor, before: Before | None) -> tuple[Tensor, Before]:
        """The next frames after those that left `before`; None: the first ones, 1 + a multiple of `time`."""
        return self._encoded(self._moments(clip_B3THW, first=before is None), before)

    def decode_next(self, latent_BCTHW: Tensor, before: Before | None) -> tuple[Tensor, Before]:
        """The next moments after those that left `before`; None: the first ones."""
        moments_B3GKHW, before_next = self._decoded(latent_BCTHW, before)
        return self._frames(moments_B3GKHW, first=before is None), before_next

    def encode_box(self, clip_B3THW: Tensor, box: Box) -> Tensor:
        """What `encode` gives in `box`, from the pixels in and around it alone."""
        config, stride = self.config, self.config.stride
        _, _, frames, height, width = clip_B3THW.shape
        latent = stride.latent(PixelShape(frames=frames, height=height, width=width))
        wide = _grown(box, self.encoder_halo, (latent.frames, latent.height, latent.width))
        first = wide.moments[0] == 0
        begin = 0 if first else (wide.moments[0] - 1) * config.time + 1
        part = clip_B3THW[
            :,
            :,
            begin : (wide.moments[1] - 1) * config.time + 1,
            wide.rows[0] * config.side : wide.rows[1] * config.side,
            wide.columns[0] * config.side : wide.columns[1] * config.side,
        ]
        found, _ = self._encoded(self._moments(part, first=first), None)
        return found[_within(box, wide)].contiguous()

    def decode_box(self, latent_BCTHW: Tensor, box: Box) -> Tensor:
        """What `decode` gives in `box`, from the latents in and around it alone."""
        _, _, frames, height, width = latent_BCTHW.shape
        wide = _grown(box, self.halo, (frames, height, width))
        part = latent_BCTHW[:, :, slice(*wide.moments), slice(*wide.rows), slice(*wide.columns)]
        moments_B3GKHW, _ = self._decoded(part, None)
        side = self.config.side
        inner_B3GKHW = moments_B3GKHW[
            :,
            :,
            box.moments[0] - wide.moments[0] : box.moments[1] - wide.moments[0],
            :,
            (box.rows[0] - wide.rows[0]) * side : (box.rows[1] - wide.rows[0]) * side,
            (box.columns[0] - wide.columns[0]) * side : (box.columns[1] - wide.columns[0]) * side,
        ]
        return self._frames(inner_B3GKHW, first=box.moments[0] == 0).contiguous()

    def patches(self, clip_B3THW: Tensor) -> Tensor:
        """(B, G, H', W', K): the numbers of each patch as the linear way through the network takes them, in [-1, 1]."""
        return self._patched(self._moments(clip_B3THW, first=True), self.config.side)

    def _moments(self, clip_B3THW: Tensor, *, first: bool) -> Tensor:
        """(B, 3, G, K, H, W) in [-1, 1]; the first frame alone is a moment that stands still."""
        _, _, frames, height, width = clip_B3THW.shape
        stride = self.config.stride
        if not first and frames % stride.time:
            raise ShapeError(
                f"{frames} frames were given to go on with; {stride.time} share a patch. Use a multiple of {stride.time}."
            )
        stride.latent(PixelShape(frames=frames if first else 1, height=height, width=width))
        still = stride.time - 1 if first else 0
        clip_B3THW = torch.cat([clip_B3THW[:, :, :1]] * still + [clip_B3THW], dim=2)
        return rearrange(clip_B3THW * 2 - 1, "b c (g k) h w -> b c g k h w", k=self.config.time)

    def _frames(self, moments_B3GKHW: Tensor, *, first: bool) -> Tensor:
        clip_B3THW = rearrange(moments_B3GKHW, "b c g k h w -> b c (g k) h w")
        return clip_B3THW[:, :, self.config.time - 1 if first else 0 :] * 0.5 + 0.5

    def _encoded(self, moments_B3GKHW: Tensor, before: Before | None) -> tuple[Tensor, Before]:
        fine = self.config.fine_side(self.config.encoder)
        x_BGHWD, before_next = self.encoder(self.enter(self._patched(moments_B3GKHW, fine)), before)
        linear_BGHWC = self.compress_patch(self._patched(moments_B3GKHW, self.config.side))
        found_BGHWC = linear_BGHWC + self.compress(x_BGHWD)
        return rearrange((found_BGHWC - self.mean_C) / self.deviation_C, "b g h w c -> b c g h w"), before_next

    def _decoded(self, latent_BCTHW: Tensor, before: Before | None) -> tuple[Tensor, Before]:
        x_BGHWC = rearrange(latent_BCTHW, "b c g h w -> b g h w c").contiguous() * self.deviation_C + self.mean_C
        fine_BGHWD, before_next = self.decoder(self.expand(x_BGHWC), before)
        linear_B3GKHW = self._unpatched(self.expand_patch(x_BGHWC), self.config.side)
        found_B3GKHW = self._unpatched(self.leave(fine_BGHWD), self.config.fine_side(self.config.decoder))
        return linear_B3GKHW + found_B3GKHW, before_next

    def _patched(self, moments_B3GKHW: Tensor, side: int) -> Tensor:
        return rearrange(moments_B3GKHW, "b c g k (h i) (w j) -> b g h w (k i j c)", i=side, j=side).contiguous()

    def _unpatched(self, patches_BGHWK: Tensor, side: int) -> Tensor:
        return rearrange(patches_BGHWK, "b g h w (k i j c) -> b c g k (h i) (w j)", k=self.config.time, i=side, j=side)


def _grown(box: Box, halo: Halo, size: tuple[int, int, int]) -> Box:
    frames, height, width = size
    for name, (begin, end), limit in (
        ("moments", box.moments, frames),
        ("rows", box.rows, height),
        ("columns", box.columns, width),
    ):
        if not 0 <= begin < end <= limit:
            raise ValueError(f"The box has the {name} {begin} to {end}, but the clip has 0 to {limit}.")
    return Box(
        moments=(max(0, box.moments[0] - halo.moments), box.moments[1]),
        rows=(max(0, box.rows[0] - halo.sides), min(height, box.rows[1] + halo.sides)),
        columns=(max(0, box.columns[0] - halo.sides), min(width, box.columns[1] + halo.sides)),
    )


def _within(box: Box, wide: Box) -> tuple[slice, ...]:
    pairs = ((box.moments, wide.moments), (box.rows, wide.rows), (box.columns, wide.columns))
    return (slice(None), slice(None), *(slice(a - c, b - c) for (a, b), (c, _) in pairs))
