"""Training of the autoencoder: crops of clips, and of their drafts, must come back as they were; and of its decoder alone, after
the transformer, to which latents are given as inexact as a transformer makes them.

What is made smaller is how far pixels are off (L1), and how far the steps between neighbours are off, in the picture and in
time: so edges stay sharp and motion does not flicker. The linear way through the network is the best linear one (principal
components of patches) and stays it, so that training is about the rest from its first step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from einops import rearrange
from torch import Tensor, nn

from vitascope.model.autoencoder import Autoencoder, AutoencoderConfig
from vitascope.model.checkpoint import described, save_autoencoder
from vitascope.model.data import Clips
from vitascope.model.draft import draft_frames
from vitascope.model.training.chance import begun, chance, rows_of
from vitascope.model.training.loop import Plan, Share

__all__ = [
    "AUTOENCODER",
    "DECODES",
    "AutoencoderCourse",
    "Crop",
    "DecoderCourse",
    "begin_linear",
    "measure",
    "pixels_of",
]

AUTOENCODER = "autoencoder.safetensors"
EDGES, MOTION = 0.5, 0.5
"""How much steps between neighbours count beside pixels."""
JITTER = 0.03
"""Noise on latents, in parts of their size, while both halves learn."""
INEXACT = 0.5
"""The same, at most, while the decoder learns alone: how far off latents are that a transformer made in an hour."""
DECODES = ("expand", "decoder", "leave")
"""What the names of the decoder's weights begin with."""
DRAFTS = 8
"""One crop in so many is of a draft."""
SAMPLE = 64
"""Clips that the linear way and the statistics of latents are taken from."""
SKETCH = 16
"""Components beyond those that are wanted, for the estimate to be good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """Frames and sides [px] of what is seen of a clip at a step."""

    frames: int
    height: int
    width: int


class Reconstruction(nn.Module):
    """Losses of clips (B, 3, T, H, W) uint8 whose latents have noise on them."""

    def __init__(self, autoencoder: Autoencoder) -> None:
        super().__init__()
        self.autoencoder = autoencoder

    def forward(self, batch: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
        """The clips, and noise for their latents."""
        clip, jitter = batch[0].float() / 255, batch[1]
        latent = self.autoencoder.encode(clip).float()
        size = latent.detach().std(dim=(0, 2, 3, 4), keepdim=True)
        found = self.autoencoder.decode(latent + size * jitter).float()
        pixels = (found - clip).abs().mean()
        off = found - clip
        edges = (off.diff(dim=3).abs().mean() + off.diff(dim=4).abs().mean()) / 2
        motion = off.diff(dim=2).abs().mean()
        return {"loss": pixels + EDGES * edges + MOTION * motion, "pixels": pixels, "squares": off.square().mean()}


class AutoencoderCourse:
    """Clips to crops to losses; the averaged weights go to `autoencoder.safetensors`."""

    name = "autoencoder"

    def __init__(self, config: AutoencoderConfig, clips: Clips, crop: Crop, plan: Plan, folder: Path) -> None:
        self._clips, self._crop, self._plan, self._folder = clips, crop, plan, folder
        autoencoder = begun(plan.seed, lambda: Autoencoder(config))
        begin_linear(autoencoder, clips, seed=plan.seed)
        self.objective = Reconstruction(autoencoder)

    def batch(self, step: int, share: Share, device: torch.device) -> tuple[Tensor, Tensor]:
        """Crops of this process's clips, (B, 3, T, H, W) uint8, and noise."""
        config = self.objective.autoencoder.config
        clips, jitter = _crops(self._clips, self._crop, self._plan, config, step, share)
        return clips.to(device), (JITTER * jitter).to(device)

    def settings(self) -> dict[str, Any]:
        """Network and crop; clips may become more."""
        return _settings(self.objective, self._crop)

    def keep(self, average: Mapping[str, Tensor], facts: dict[str, Any]) -> None:
        """Weights for use, with the statistics of the latents they make."""
        kept = _averaged(self.objective, average)
        kept.to(torch.bfloat16).float()
        measure(kept, self._clips, seed=self._plan.seed)
        _save(kept, self._clips, self._folder, facts)


class DecoderCourse:
    """The same with the decoder alone, and not its linear way: what the encoder makes, and so the latents of a run, stay as they
    are."""

    name = "decoder"

    def __init__(self, autoencoder: Autoencoder, clips: Clips, crop: Crop, plan: Plan, folder: Path) -> None:
        self._clips, self._crop, self._plan, self._folder = clips, crop, plan, folder
        for name, each in autoencoder.named_parameters():
            each.requires_grad_(name.startswith(DECODES) and not name.startswith("expand_patch"))
        self.objective = Reconstruction(autoencoder.train())

    def batch(self, step: int, share: Share, device: torch.device) -> tuple[Tensor, Tensor]:
        """As of the autoencoder, with more noise on some than on others."""
        clips, jitter = _crops(self._clips, self._crop, self._plan, self.objective.autoencoder.config, step, share)
        far = torch.rand(self._plan.batch, 1, 1, 1, 1, generator=chance(self._plan.seed, step, "far"))
        return clips.to(device), (INEXACT * far[share.rank :: share.of] * jitter).to(device)

    def settings(self) -> dict[str, Any]:
        """Network and crop; clips may become more."""
        return _settings(self.objective, self._crop)

    def keep(self, average: Mapping[str, Tensor], facts: dict[str, Any]) -> None:
        """The whole autoencoder, in place of what was there."""
        _save(_averaged(self.objective, average), self._clips, self._folder, facts)


def _settings(objective: Reconstruction, crop: Crop) -> dict[str, Any]:
    return {"network": described(objective.autoencoder.config), "crop": described(crop)}


def _averaged(objective: Reconstruction, average: Mapping[str, Tensor]) -> Autoencoder:
    """The autoencoder with the averages of the weights that are trained."""
    trained = objective.autoencoder
    kept = Autoencoder(trained.config)
    learned = {name.removeprefix("autoencoder."): each for name, each in average.items()}
    kept.load_state_dict(trained.state_dict() | learned)
    return kept


def _save(autoencoder: Autoencoder, clips: Clips, folder: Path, facts: Mapping[str, Any]) -> None:
    facts = {**facts, "clips": len(clips)}
    save_autoencoder(folder / AUTOENCODER, autoencoder, facts=facts, dtype=torch.bfloat16)


def _crops(
    clips: Clips, crop: Crop, plan: Plan, config: AutoencoderConfig, step: int, share: Share
) -> tuple[Tensor, Tensor]:
    """Of this process: crops (B, 3, T, H, W) uint8, and noise of unit variance for their latents."""
    rows = rows_of(plan.seed, step, batch=plan.batch, count=len(clips))
    seen = [_cropped(clips, crop, plan, row, step, place) for place, row in enumerate(rows)]
    own = torch.from_numpy(np.stack([seen[place] for place in share(list(range(len(rows))))]))
    size = (len(rows), config.channels, (crop.frames - 1) // config.time + 1)
    size = (*size, crop.height // config.side, crop.width // config.side)
    jitter = torch.randn(size, generator=chance(plan.seed, step, "jitter"))[share.rank :: share.of]
    return rearrange(own, "b t h w c -> b c t h w"), jitter


def _cropped(clips: Clips, crop: Crop, plan: Plan, row: int, step: int, place: int) -> np.ndarray:
    frames = pixels_of(clips, row, draft=(step * plan.batch + place) % DRAFTS == 0)
    draw = chance(plan.seed, step, f"crop {place}")
    t, y, x = (
        int(torch.randint(0, whole - part + 1, (1,), generator=draw))
        for whole, part in zip(frames.shape[:3], (crop.frames, crop.height, crop.width), strict=True)
    )
    part = frames[t : t + crop.frames, y : y + crop.height, x : x + crop.width]
    return np.ascontiguousarray(part[:, :, ::-1] if torch.rand(1, generator=draw) < 0.5 else part)


def pixels_of(clips: Clips, row: int, *, draft: bool) -> np.ndarray:
    """Frames (T, H, W, 3) uint8 of a clip, or of its draft."""
    clip = clips.get(row)
    if not draft:
        return clip.frames
    return draft_frames(clip.depth, clip.ids, height=clip.frames.shape[1], width=clip.frames.shape[2])


@torch.no_grad()
def begin_linear(autoencoder: Autoencoder, clips: Clips, *, seed: int) -> None:
    """The linear way becomes the principal components of patches of some clips, a few of them drafts; it is not trained."""
    channels = autoencoder.config.channels
    rows = rows_of(seed, 0, batch=min(SAMPLE, len(clips)), count=len(clips))
    patches = []
    for place, row in enumerate(rows):
        clip = _tensor(pixels_of(clips, row, draft=place % DRAFTS == 0))
        patches.append(autoencoder.patches(clip).flatten(0, 3))
    patches_RK = torch.cat(patches)
    mean_K = patches_RK.mean(dim=0)
    components_KC, deviation_C = _principal(patches_RK - mean_K, channels, seed)
    encode, decode = autoencoder.compress_patch, autoencoder.expand_patch
    encode.weight.copy_((components_KC / deviation_C).t())
    encode.bias.copy_(-encode.weight @ mean_K)
    decode.weight.copy_(components_KC * deviation_C)
    decode.bias.copy_(mean_K)
    for each in (encode, decode):
        each.requires_grad_(False)


@torch.no_grad()
def measure(autoencoder: Autoencoder, clips: Clips, *, seed: int) -> None:
    """Give it the mean and deviation of each channel of the latents that it makes of some clips and their mirror images."""
    autoencoder.mean_C.zero_()
    autoencoder.deviation_C.fill_(1)
    rows = rows_of(seed, 0, batch=min(SAMPLE, len(clips)), count=len(clips))
    shown = [_tensor(pixels_of(clips, row, draft=False)) for row in rows]
    latents = [autoencoder.encode(each) for clip in shown for each in (clip, clip.flip(-1))]
    latent_CR = rearrange(torch.cat(latents), "b c t h w -> c (b t h w)")
    autoencoder.mean_C.copy_(latent_CR.mean(dim=1))
    autoencoder.deviation_C.copy_(latent_CR.std(dim=1).clamp_min(1e-4))


def _principal(centred_RK: Tensor, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Components (K, C) and how far patches lie along each (C), by randomised singular values (Halko et al. 2011,
    arXiv:0909.4061), the same for the same seed."""
    draw = chance(seed, 0, "components")
    columns = min(count + SKETCH, *centred_RK.shape)
    basis = torch.linalg.qr(centred_RK @ torch.randn(centred_RK.shape[1], columns, generator=draw)).Q
    for _ in range(4):
        basis = torch.linalg.qr(centred_RK.t() @ basis).Q
        basis = torch.linalg.qr(centred_RK @ basis).Q
    _, size, right = torch.linalg.svd(basis.t() @ centred_RK, full_matrices=False)
    return right[:count].t(), (size[:count] / len(centred_RK) ** 0.5).clamp_min(1e-4)


def _tensor(frames: np.ndarray) -> Tensor:
    """(1, 3, T, H, W) in [0, 1]."""
    return rearrange(torch.from_numpy(frames.copy()), "t h w c -> 1 c t h w").float() / 255
