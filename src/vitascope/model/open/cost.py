"""How long a film takes with open weights, reckoned before anything is loaded: operations by what this machine multiplies.

To time one step would take loading the network, which for the larger ones is longer than a forecast may be waited for. So
multiplications and additions of the steps, of the autoencoder and of the words are counted from the settings; how many of them
this machine makes in a second is measured on one product of matrices; and of that networks reach about half. Files are taken to
be read at a gigabyte a second. On one core of a processor a network of 34 million parameters took 84 to 91 % of what was
reckoned for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F

from vitascope.model.open.film import Machine
from vitascope.model.open.folder import Folder, stride_of
from vitascope.model.open.need import WORDS, shape_of
from vitascope.model.shapes import LatentShape, PixelShape

REACHED = 0.5
"""Of the speed of one large product, what a network reaches."""
READING = 1e9
"""Bytes of files in a second."""
DECODING, ENCODING = {False: 0.070, True: 0.027}, {False: 0.042, True: 0.0053}
"""Operations for each pixel and parameter of the autoencoder, of 2.1 and of 2.2 (which is residual). Counted on both."""
ROWS, COLUMNS = 512, 2048
"""Of the product that is timed; small enough for a processor, large enough to fill it."""
LEAST = 0.1
"""Seconds for which products are repeated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Operations in a second: of networks, in the machine's type, and of autoencoders, in float32."""

    network: float
    precise: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is made at once. steps: of noise; rows: 2 where it is guided; encoded: how often a whole clip is compressed."""

    pixels: PixelShape
    steps: int
    rows: int
    encoded: int


def speed_of(machine: Machine) -> Speed:
    """What this machine reaches, measured now."""
    network = _products(machine.device, machine.dtype)
    precise = network if machine.dtype is torch.float32 else _products(machine.device, torch.float32)
    return Speed(network=REACHED * network, precise=REACHED * precise)


def seconds_of(folder: Folder, work: Work, speed: Speed) -> float:
    """How long loading the networks and making a clip take."""
    pixels, vae = work.pixels, folder.settings["vae"]
    steps = work.steps * work.rows * step_operations(folder.settings["transformer"], stride_of(vae).latent(pixels))
    words = 2 * work.rows * WORDS * folder.parameters("text_encoder")
    pixel = folder.parameters("vae") * _each_pixel(vae, work.encoded)
    pictures = pixel * pixels.frames * pixels.height * pixels.width
    return (steps + words) / speed.network + pictures / speed.precise + folder.bytes() / READING


def step_operations(settings: Mapping[str, Any], latent: LatentShape) -> float:
    """Of a step of a film in one row: what each token is multiplied by in each layer, and each look at another or at words."""
    shape = shape_of(settings)
    layers = shape.layers + len(settings.get("vace_layers") or ())
    products = 6 * shape.width**2 + 2 * shape.width * shape.hidden
    looks = 2 * shape.width * (latent.tokens + WORDS)
    return 2.0 * latent.tokens * layers * (products + looks)


def _each_pixel(settings: Mapping[str, Any], encoded: int) -> float:
    residual = bool(settings.get("is_residual"))
    return DECODING[residual] + encoded * ENCODING[residual]


def _products(device: str, dtype: torch.dtype) -> float:
    """Operations of matrix products in a second."""
    left = torch.ones(ROWS, COLUMNS, device=device, dtype=dtype)
    right = torch.ones(COLUMNS, COLUMNS, device=device, dtype=dtype)
    _finished(lambda: F.linear(left, right), device)
    times, begun = 0, time.perf_counter()
    while (spent := time.perf_counter() - begun) < LEAST:
        _finished(lambda: F.linear(left, right), device)
        times += 1
    return 2 * ROWS * COLUMNS**2 * times / spent


def _finished(work: Callable[[], object], device: str) -> None:
    work()
    if device.startswith("cuda"):
        torch.cuda.synchronize()
