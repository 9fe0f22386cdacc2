"""Clips, compressed once for all: latents of them and of their drafts, their sound and captions, as files of a folder.

Each clip is there twice, the second time as a mirror shows it, unless that is one of the combinations that are held out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from einops import rearrange
from torch import Tensor

from vitascope.model.autoencoder import Autoencoder
from vitascope.model.checkpoint import Checkpoint, load, load_autoencoder, save
from vitascope.model.data import Clips, held_out, mirrored_caption, mirrored_labels
from vitascope.model.training.autoencoding import DECODES, pixels_of

__all__ = ["Latents", "cache", "read_latents"]

SHARD = 128
"""Clips in one file."""
FOLDER = "latents"
KIND = "latents"


@dataclass(frozen=True, slots=True, kw_only=True)
class Latents:
    """R clips, mirror images among them. film_RCTHW and draft_RCTHW: float16; sound_RTF: float32, of each moment; captions: one
    of each."""

    film_RCTHW: Tensor
    draft_RCTHW: Tensor
    sound_RTF: Tensor
    captions: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many clips they are of (R)."""
        return len(self.captions)


def cache(
    folder: Path, clips: Clips, autoencoder_file: Path, *, device: torch.device, progress: Callable[[int, int], None]
) -> None:
    """Compress all clips into `folder`; what is there from the same encoder and the same clips is kept."""
    autoencoder = load_autoencoder(autoencoder_file).to(device)
    digest = _encoder_digest(autoencoder)
    for number, start in enumerate(range(0, len(clips), SHARD)):
        rows = range(start, min(start + SHARD, len(clips)))
        lines = [clips.lines[row] for row in rows]
        made_of = {"mirrored": True, "encoder": digest, "clips": [[line["index"], line["seed"]] for line in lines]}
        path = folder / FOLDER / f"{number:05d}.safetensors"
        if not path.exists() or load(path, kind=KIND).configuration != made_of:
            _write(path, clips, rows, autoencoder, made_of, device)
        progress(rows.stop, len(clips))
    for path in (folder / FOLDER).glob("*.safetensors"):
        if int(path.stem) * SHARD >= len(clips):
            path.unlink()


def read_latents(folder: Path) -> Latents:
    """All that `cache` left in `folder`, in memory."""
    files = [load(path, kind=KIND) for path in sorted((folder / FOLDER).glob("*.safetensors"))]
    return Latents(
        film_RCTHW=torch.cat([file.tensors["film"] for file in files]),
        draft_RCTHW=torch.cat([file.tensors["draft"] for file in files]),
        sound_RTF=torch.cat([file.tensors["sound"] for file in files]),
        captions=tuple(caption for file in files for caption in file.facts["captions"]),
    )


def _encoder_digest(autoencoder: Autoencoder) -> str:
    """Changes with what latents depend on; the decoder is not part of it."""
    found = hashlib.sha256()
    for name, each in sorted(autoencoder.state_dict().items()):
        if not name.startswith(DECODES):
            found.update(name.encode() + each.cpu().numpy().tobytes())
    return found.hexdigest()


@torch.no_grad()
def _write(
    path: Path,
    clips: Clips,
    rows: range,
    autoencoder: Autoencoder,
    made_of: dict[str, object],
    device: torch.device,
) -> None:
    found: dict[str, list[Tensor]] = {"film": [], "draft": [], "sound": []}
    captions = []
    for row in rows:
        clip = clips.get(row)
        shown = {name: pixels_of(clips, row, draft=name == "draft") for name in ("film", "draft")}
        for mirrored in (False, True):
            if mirrored and held_out(mirrored_labels(clip.labels)):
                continue
            for name, frames in shown.items():
                seen = torch.from_numpy(frames[:, :, :: -1 if mirrored else 1].copy()).to(device)
                pixels = rearrange(seen, "t h w c -> 1 c t h w").float() / 255
                found[name].append(autoencoder.encode(pixels)[0].half().cpu())
            found["sound"].append(torch.from_numpy(clip.heard(autoencoder.config.time)).float())
            captions.append(mirrored_caption(clip.caption) if mirrored else clip.caption)
    save(
        path,
        Checkpoint(
            kind=KIND,
            configuration=made_of,
            facts={"captions": captions},
            tensors={name: torch.stack(each) for name, each in found.items()},
        ),
    )
