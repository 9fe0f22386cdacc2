"""Which patches an edit is about: by the word that they look at, by a mask of ids, or by a box; and some more around them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from vitascope.model.denoiser import Condition, Denoiser
from vitascope.model.noise import noise
from vitascope.model.shapes import PixelShape, Stride
from vitascope.model.tokens import pack


class RegionError(ValueError):
    """Nothing, or nothing in particular, was found; the message is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How a word's patches are told from the others."""

    level: float
    """Noise [0, 1] under which the film looks at the words: under none a network has nothing to ask of them."""
    threshold: float
    """Share of the way from the median patch to the one that looks most at the word, from which on a patch is the word's."""
    grown: tuple[int, int, int]
    """Moments, rows and columns by which what was found is grown to each side."""


USUAL = Finding(level=0.5, threshold=0.5, grown=(0, 1, 1))


@torch.no_grad()
def looks(model: Denoiser, latent_1CTHW: Tensor, condition: Condition, finding: Finding, *, seed: int) -> Tensor:
    """(S, T, H, W): how much of its look each patch of the film gives to each word. One pass over all of it."""
    _, channels, frames, height, width = latent_1CTHW.shape
    row = pack(latent_1CTHW)
    under = torch.lerp(row.values_BLC.float(), noise(row.place_BL3, channels=channels, seed=seed), finding.level)
    level_BL = torch.full((1, 1), finding.level, device=under.device).expand(under.shape[:2])
    shares_LS = model.looked_at(row.at(under, level_BL), condition)[0]
    return shares_LS.T.reshape(-1, frames, height, width)


def region_of_words(looks_STHW: Tensor, words: list[int], finding: Finding) -> Tensor:
    """(T, H, W) bool: what looks at the words at these positions of the instruction. RegionError where nothing stands out."""
    if not words:
        raise RegionError("The instruction has none of these words; name a thing as the instruction does.")
    share_THW = looks_STHW[words].sum(0)
    usual, most = share_THW.median(), share_THW.max()
    if not most > usual:
        raise RegionError("No patch looks at these words more than the others; mark the region, or name another thing.")
    return grown((share_THW - usual) / (most - usual) >= finding.threshold, finding.grown)


def region_of_ids(ids_THW: Tensor, wanted: set[int], stride: Stride) -> Tensor:
    """(T, H, W) bool of the compressed clip: patches in which any pixel of `ids_THW` has an id that is `wanted`."""
    marked = torch.isin(ids_THW, torch.tensor(sorted(wanted), dtype=ids_THW.dtype))
    return patches_of(marked, stride)


def patches_of(marked_THW: Tensor, stride: Stride) -> Tensor:
    """(T, H, W) bool of the compressed clip: patches in which any pixel is marked. ShapeError for sizes without patches."""
    frames, height, width = marked_THW.shape
    stride.latent(PixelShape(frames=frames, height=height, width=width))
    sides = (stride.height, stride.width)
    flat = F.max_pool2d(marked_THW.float()[:, None], sides)[:, 0]
    rest = flat[1:].unflatten(0, (-1, stride.time)).amax(1) if frames > 1 else flat[1:]
    return torch.cat([flat[:1], rest]) > 0


def grown(region_THW: Tensor, by: tuple[int, int, int]) -> Tensor:
    """The region and what lies around it."""
    size = (2 * by[0] + 1, 2 * by[1] + 1, 2 * by[2] + 1)
    return F.max_pool3d(region_THW.float()[None, None], size, stride=1, padding=by)[0, 0] > 0
