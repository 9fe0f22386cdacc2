"""Sizes of pictures and of what they are compressed to. Knows no tensors.

Letters of the whole package: B batch, T frames, H rows, W columns, C channels of a patch, L tokens, D width of the network,
N heads, S words, M moments of sound.
"""

from __future__ import annotations

from dataclasses import dataclass


class ShapeError(ValueError):
    """A size that cannot be compressed, with the nearest ones that can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelShape:
    """A clip: frames, rows and columns of pixels, each at least 1."""

    frames: int
    height: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentShape:
    """A compressed clip: one token for each frame, row and column of it."""

    frames: int
    height: int
    width: int

    @property
    def tokens(self) -> int:
        """How many tokens it is."""
        return self.frames * self.height * self.width


@dataclass(frozen=True, slots=True, kw_only=True)
class Stride:
    """Pixels to one token along each axis. The first frame stands alone, then `time` frames share one."""

    time: int
    height: int
    width: int

    def latent(self, pixels: PixelShape) -> LatentShape:
        """The compressed size; ShapeError where frames are not 1 + a multiple of `time`, or sides are no multiples."""
        if (pixels.frames - 1) % self.time:
            below = (pixels.frames - 1) // self.time * self.time + 1
            raise ShapeError(
                f"The clip has {pixels.frames} frames; {self.time} of them share a patch after the first. "
                f"Use {below} or {below + self.time}."
            )
        for name, length, step in (("high", pixels.height, self.height), ("wide", pixels.width, self.width)):
            if length % step or length < step:
                below = max(step, length // step * step)
                raise ShapeError(
                    f"The clip is {length} pixels {name}; a patch has {step}. Use {below} or {below + step}."
                )
        return LatentShape(
            frames=(pixels.frames - 1) // self.time + 1,
            height=pixels.height // self.height,
            width=pixels.width // self.width,
        )

    def pixels(self, latent: LatentShape) -> PixelShape:
        """The size of the clip that this is compressed from."""
        return PixelShape(
            frames=(latent.frames - 1) * self.time + 1,
            height=latent.height * self.height,
            width=latent.width * self.width,
        )
