"""Pictures and drafts as the networks take them: compressed, with masks of where they hold, folded into tokens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor

from vitascope.model.open.folder import PATCH
from vitascope.model.open.latents import OpenAutoencoder, fold
from vitascope.model.shapes import ShapeError

FAR, NEAR = 2.0, 98.0
"""Percentiles of nearness that are black and white in a picture of depth; a single blade before the lens decides nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a film follows. film_3THW: in [-1, 1]; made_THW: True where the film is made anew after it, False where the film
    keeps what is seen in it."""

    film_3THW: Tensor
    made_THW: Tensor


def drawn(
    colour_THW3: np.ndarray,
    depth_THW: np.ndarray,
    *,
    follows: Literal["depth", "colour"],
    made_THW: np.ndarray | None = None,
) -> Draft:
    """A draft from what the world draws. Where the film is made it follows the depth alone (shape and motion, free in look) or
    the colour too; elsewhere it keeps the colour.

    colour: uint8 sRGB. depth: metres, inf where there is only sky. made: None is everywhere.
    """
    if colour_THW3.shape[:3] != depth_THW.shape or (made_THW is not None and made_THW.shape != depth_THW.shape):
        raise ShapeError(
            f"Colour is {colour_THW3.shape[:3]} (frames, rows, columns), depth {depth_THW.shape} and what is made "
            f"{'everything' if made_THW is None else made_THW.shape}; draw all of one film at one size."
        )
    made = np.ones(depth_THW.shape, bool) if made_THW is None else made_THW.astype(bool)
    if follows == "colour":
        return laid_out(colour_THW3, made)
    grey = torch.from_numpy(nearness(depth_THW, measure_of([depth_THW]))) * 2 - 1
    laid = laid_out(colour_THW3, made)
    return replace(laid, film_3THW=torch.where(laid.made_THW, grey.expand_as(laid.film_3THW), laid.film_3THW))


def laid_out(film_THW3: np.ndarray, made_THW: np.ndarray) -> Draft:
    """The draft that is seen in pictures (uint8 sRGB): of depth where the film is made, and of the film where it is kept."""
    film = rearrange(torch.from_numpy(np.ascontiguousarray(film_THW3)), "t h w c -> c t h w").float() / 127.5 - 1
    return Draft(film_3THW=film, made_THW=torch.from_numpy(made_THW))


def measure_of(depths: Iterable[np.ndarray]) -> tuple[float, float]:
    """What is black and what is white, in parts of a metre, for a film of which these are some depths [m]."""
    solid = np.concatenate([np.empty(0, np.float32), *(_near(depth)[np.isfinite(depth)] for depth in depths)])
    if not solid.size:
        return 0.0, 1.0
    low, high = np.percentile(solid, (FAR, NEAR))
    return float(low), float(high)


def nearness(depth_THW: np.ndarray, measure: tuple[float, float]) -> np.ndarray:
    """Depth as pictures of it are painted: near is 1, far and the sky 0, by one measure for the whole film."""
    low, high = measure
    return np.clip((_near(depth_THW) - low) / max(high - low, 1e-6), 0, 1).astype(np.float32)


def _near(depth: np.ndarray) -> np.ndarray:
    return 1 / np.maximum(depth.astype(np.float32), 1e-3)


def draft_of(autoencoder: OpenAutoencoder, draft: Draft) -> Tensor:
    """The draft (1, C, T', H', W') as VACE reads it: what is kept, what is made, and the mask pixel by pixel."""
    made = draft.made_THW.float()
    film = draft.film_3THW[None]
    parts = [autoencoder.encode(film * (1 - made)), autoencoder.encode(film * made)]
    side = autoencoder.stride.height // PATCH
    pixels = rearrange(made, "t (h p) (w q) -> 1 (p q) t h w", p=side, q=side)
    mask = F.interpolate(pixels, size=parts[0].shape[2:], mode="nearest-exact").to(parts[0].device)
    return fold(torch.cat([*parts, mask], dim=1))


def beside_of(
    autoencoder: OpenAutoencoder, first_BCHW: Tensor, frames: int, *, last_BCHW: Tensor | None = None
) -> Tensor:
    """A film (B, C, T', H', W') of which the first frame is known, and the last if it is given, with its mask: what networks
    of pictures find beside the noise."""
    batch, colours, height, width = first_BCHW.shape
    film = torch.zeros(batch, colours, frames, height, width)
    known = torch.zeros(batch, 1, frames, height // _side(autoencoder), width // _side(autoencoder))
    for frame, picture in ((0, first_BCHW), (frames - 1, last_BCHW)):
        if picture is not None:
            film[:, :, frame], known[:, :, frame] = picture, 1
    time = autoencoder.stride.time
    known = torch.cat([known[:, :, :1].expand(-1, -1, time, -1, -1), known[:, :, 1:]], dim=2)
    mask = rearrange(known, "b 1 (t k) h w -> b k t h w", k=time)
    latent = autoencoder.encode(film)
    return fold(torch.cat([mask.to(latent.device), latent], dim=1))


def _side(autoencoder: OpenAutoencoder) -> int:
    return autoencoder.stride.height // PATCH
