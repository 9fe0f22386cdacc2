"""How much memory a film takes with open weights, computed before anything is loaded, so that too little is told at once.

Words are read first, then steps are made, then pictures come of them, and each stage lets go of what only it needs: the
largest decides. Knows no tensors: figures are counts of what the code holds at once.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vitascope.model.catalogue import NetworkShape, Weights, WeightsError
from vitascope.model.open.folder import Folder, stride_of
from vitascope.model.shapes import PixelShape, Stride

FIVE_SECONDS = PixelShape(frames=81, height=480, width=832)
"""At the 16 frames a second of these weights."""
WORDS = 512
"""Pieces of words in a line."""
LOOKING, THINKING = (14, 0), (5, 2)
"""Numbers that a layer holds at once for each token, as multiples of the width of the network and of its hidden part: while
tokens look at one another, and while they think. Counted on the networks of 1.3, 5 and 14 billion, to 5 %."""
FOLLOWING = 3
"""More of them, of the width, where a branch follows a draft."""
LEVEL = 24
"""Bytes for each number of the width where tokens have noise levels of their own: six of 4."""
DECODING = 5500
"""Numbers that the decoder holds for each pixel of one frame; it makes frame after frame. Counted: 4900 (2.1), 5400 (2.2)."""
GROUP = Path("/sys/fs/cgroup")
"""Where Linux says what a container may take."""
SPARE = 1.1
"""What libraries take for themselves, and pieces that memory falls into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Bytes at once in each stage."""

    words: int
    steps: int
    pictures: int

    @property
    def most(self) -> int:
        """What has to be free."""
        return max(self.words, self.steps, self.pictures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How weights are run. number: bytes of each; rows: films at once, each twice where it is guided; kept: numbers of
    keys and values that are remembered of a row."""

    pixels: PixelShape
    stride: Stride
    number: int = 2
    rows: int = 2
    own_levels: bool = False
    follows: bool = False
    kept: int = 0


def need_of(parts: Mapping[str, int], shape: NetworkShape, use: Use) -> Need:
    """What weights of so many parameters, by part, take. ShapeError where the film does not fit them."""
    latent = use.stride.latent(use.pixels)
    tokens, width, hidden = use.rows * latent.tokens, shape.width, shape.hidden
    layer = max(a * width + b * hidden for a, b in (LOOKING, THINKING)) + (FOLLOWING * width if use.follows else 0)
    token = use.number * layer + (LEVEL * width if use.own_levels else 0)
    read = use.rows * WORDS * 2 * width * shape.layers * use.number
    kept = use.rows * use.kept * use.number
    networks = sum(count for part, count in parts.items() if part.startswith("transformer"))
    encoders = sum(count for part, count in parts.items() if part.endswith("encoder"))
    pixels = use.pixels
    frame = (
        DECODING * 4 + 2 * 3 * 4 * pixels.frames
    )  # in float32; all frames, once more where the next is put behind them
    return Need(
        words=round(SPARE * use.number * encoders),
        steps=round(SPARE * (use.number * networks + tokens * token + read + kept + 4 * parts["vae"])),
        pictures=round(SPARE * (4 * parts["vae"] + pixels.height * pixels.width * frame)),
    )


def usual_need(weights: Weights) -> Need:
    """What a guided film of 5 s at 832x480 takes in numbers of two bytes."""
    parts = {name: part.parameters for name, part in weights.parts.items()}
    use = Use(pixels=FIVE_SECONDS, stride=weights.stride, follows="draft" in weights.does)
    return need_of(parts, weights.shape, use)


def need_of_folder(folder: Folder, pixels: PixelShape, *, number: int, guided: bool, remembered: int = 0) -> Need:
    """What the weights of a folder take for a film of this size, of which so many tokens are there and `remembered`."""
    settings = folder.settings["transformer"]
    shape, draft_layers = shape_of(settings), settings.get("vace_layers") or ()
    use = Use(
        pixels=pixels,
        stride=stride_of(folder.settings["vae"]),
        number=number,
        rows=2 if guided else 1,
        own_levels=bool(folder.index.get("expand_timesteps")),
        follows=bool(draft_layers),
        kept=remembered * 2 * shape.width * (shape.layers + len(draft_layers)),
    )
    return need_of({part: folder.parameters(part) for part in folder.parts}, shape, use)


def shape_of(settings: Mapping[str, Any]) -> NetworkShape:
    """Of a network with these settings."""
    heads = settings["num_attention_heads"]
    return NetworkShape(
        width=heads * settings["attention_head_dim"],
        heads=heads,
        layers=settings["num_layers"],
        hidden=settings["ffn_dim"],
        channels=settings.get("out_channels") or settings["in_channels"],
    )


def check_memory(need: Need, free: int | None, *, pixels: PixelShape, device: str) -> None:
    """WeightsError where less is free than the film needs. free: bytes, or None where the system does not tell."""
    if free is not None and need.most > free:
        size = f"{pixels.width}x{pixels.height} with {pixels.frames} frames"
        raise WeightsError(
            f"A film of {size} needs {need.most / 1e9:.1f} GB of memory on {device} with these weights, and "
            f"{free / 1e9:.1f} GB are free; ask for fewer frames or pixels, take smaller weights, or a larger machine."
        )


def free_memory(device: str) -> int | None:
    """Bytes that can be had on a device now; None where the system does not tell."""
    if device.startswith("cuda"):
        import torch

        return torch.cuda.mem_get_info(device)[0]
    free = [each for each in (_available(), _allowed()) if each is not None]
    return min(free, default=None)


def whole_memory(device: str) -> int | None:
    """Bytes that a device has at all, whatever else runs on it now; None where the system does not tell."""
    if device.startswith("cuda"):
        import torch

        return torch.cuda.mem_get_info(device)[1]
    there = [each for each in (_physical(), _limit()) if each is not None]
    return min(there, default=None)


def _available() -> int | None:
    """Of the whole machine: on Linux what the system counts as available, elsewhere what is there at all."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return _physical()


def _physical() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


def _allowed() -> int | None:
    """What the container leaves, where it has a limit."""
    limit = _limit()
    try:
        return None if limit is None else limit - int((GROUP / "memory.current").read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


def _limit() -> int | None:
    """Of the container, where it has one."""
    try:
        most = (GROUP / "memory.max").read_text(encoding="ascii").strip()
        return None if most == "max" else int(most)
    except (OSError, ValueError):
        return None
