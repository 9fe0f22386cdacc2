"""Film to compressed film and back with the autoencoder of open weights, and the packing of its places into tokens.

One token is 2 x 2 places of the compressed film: `fold` lays them beside one another as channels (channel, then row, then
column), and `tokens.pack` makes a row of them. So the patch embedding of Wan, a convolution that does not overlap, is a plain
linear map on tokens. This is the only place where folding is done.
"""

from __future__ import annotations

import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
from diffusers.utils import logging
from einops import rearrange
from torch import Tensor

from vitascope.model.catalogue import WeightsError
from vitascope.model.open.folder import PATCH, Folder, reason_of, stride_of
from vitascope.model.shapes import LatentShape, PixelShape


def fold(latent_BCTHW: Tensor) -> Tensor:
    """(B, 4C, T, H/2, W/2): one place for each token."""
    return rearrange(latent_BCTHW, "b c t (h p) (w q) -> b (c p q) t h w", p=PATCH, q=PATCH)


def unfold(folded_BCTHW: Tensor) -> Tensor:
    """What was folded."""
    return rearrange(folded_BCTHW, "b (c p q) t h w -> b c t (h p) (w q)", p=PATCH, q=PATCH)


class OpenAutoencoder:
    """Compresses films and brings them back. Its numbers are of about unit variance, by the means and spreads it came with."""

    def __init__(self, vae: AutoencoderKLWan) -> None:
        self.vae = vae
        settings = dict(vae.config)
        self.stride = stride_of(settings)
        self.channels: int = settings["z_dim"]
        """Numbers of a place."""
        column = (1, -1, 1, 1, 1)
        self._mean_1C111 = torch.tensor(settings["latents_mean"], device=vae.device).view(column)
        self._spread_1C111 = torch.tensor(settings["latents_std"], device=vae.device).view(column)

    def shape(self, pixels: PixelShape) -> LatentShape:
        """Of the tokens of a film; ShapeError where it does not fit."""
        return self.stride.latent(pixels)

    @torch.no_grad()
    def encode(self, film_BCTHW: Tensor) -> Tensor:
        """(B, C, T', H', W') float32 of pictures in [-1, 1]; the likeliest value, nothing is drawn by chance."""
        given = film_BCTHW.to(self.vae.device, self.vae.dtype)
        latent = self.vae.encode(given).latent_dist.mode().float()  # type: ignore[union-attr]
        return (latent - self._mean_1C111) / self._spread_1C111

    @torch.no_grad()
    def decode(self, latent_BCTHW: Tensor) -> Tensor:
        """Pictures (B, 3, T, H, W) float32 in [-1, 1]."""
        given = latent_BCTHW.to(self.vae.device).float() * self._spread_1C111 + self._mean_1C111
        return self.vae.decode(given.to(self.vae.dtype)).sample.float()  # type: ignore[union-attr]


def load_autoencoder(folder: Folder, *, device: str = "cpu", dtype: torch.dtype = torch.float32) -> OpenAutoencoder:
    """The autoencoder of a folder. float32 is what it was published in and what it is precise in."""
    folder.tensors("vae")
    logging.disable_progress_bar()
    try:
        vae = AutoencoderKLWan.from_pretrained(folder.path / "vae", torch_dtype=dtype, local_files_only=True)
    except (ValueError, OSError, RuntimeError) as error:
        raise WeightsError(f"The autoencoder cannot be loaded ({reason_of(error)}): {folder.path / 'vae'}") from error
    vae.eval()
    return OpenAutoencoder(vae.to(device))  # type: ignore[call-arg, arg-type]
