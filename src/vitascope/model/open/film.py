"""A film with open weights, from an order to pictures. Checked and reckoned before anything is loaded."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from vitascope.model.attention import multiplies_bfloat16
from vitascope.model.catalogue import WeightsError
from vitascope.model.denoiser import Condition, Denoiser, Words
from vitascope.model.open.folder import Folder
from vitascope.model.open.form import begins_from_picture
from vitascope.model.open.given import Draft, beside_of, draft_of
from vitascope.model.open.latents import OpenAutoencoder, fold, load_autoencoder, unfold
from vitascope.model.open.need import check_memory, free_memory, need_of_folder
from vitascope.model.open.network import Given, Staged
from vitascope.model.open.weights import load_network
from vitascope.model.open.words import load_pictures, load_words
from vitascope.model.sampler import Guidance, Sampling, Solver, recall, sample
from vitascope.model.schedule import Schedule
from vitascope.model.shapes import PixelShape, ShapeError
from vitascope.model.tasks import Task, image_to_video, in_painting


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A film to make. Pictures are (1, 3, H, W) in [-1, 1] and of the film's size.

    guidance: how far towards the words and away from `avoid`; 1 asks only the words. first, last: pictures that the film begins
    and ends with. draft: what it follows. earlier, made_THW: an edit: the film (1, 3, T, H, W) as it was, and which of its
    tokens (see `latents`) are made again; all others are context and stay.
    """

    words: str
    pixels: PixelShape
    schedule: Schedule
    seed: int
    avoid: str = ""
    guidance: float = 5.0
    first: Tensor | None = None
    last: Tensor | None = None
    draft: Draft | None = None
    strength: float = 1.0
    earlier: Tensor | None = None
    made_THW: Tensor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where it is made: device as torch names it, and the type of most numbers."""

    device: str = "cpu"
    dtype: torch.dtype = torch.bfloat16


def this_machine() -> Machine:
    """A GPU in bfloat16 where there is one, else the processor, in bfloat16 where it multiplies that."""
    if torch.cuda.is_available():
        return Machine(device="cuda", dtype=torch.bfloat16)
    return Machine(device="cpu", dtype=torch.bfloat16 if multiplies_bfloat16() else torch.float32)


Told = tuple[Condition, Guidance | None]
"""An instruction as networks take it, and what it is to be kept away from."""


def film_of(
    folder: Folder,
    order: Order,
    machine: Machine,
    *,
    told: Told | None = None,
    on_step: Callable[[int, int], None] | None = None,
) -> Tensor:
    """The film (1, 3, T, H, W) in [-1, 1]. WeightsError, before anything is loaded, where these weights cannot make it or the
    machine has too little memory; ShapeError where its size does not fit. `told` is what `told_of` gives for the words, for
    several films of the same ones; `on_step` is told how many of how many are made."""
    _check(folder, order)
    there = 0 if order.earlier is None or order.made_THW is None else int((~order.made_THW).sum())
    need = need_of_folder(
        folder, order.pixels, number=machine.dtype.itemsize, guided=order.guidance > 1, remembered=there
    )
    check_memory(need, free_memory(machine.device), pixels=order.pixels, device=machine.device)
    condition, guidance = told or told_of(folder, order, machine)
    picture = _seen(folder, order, machine)
    autoencoder = load_autoencoder(folder, device=machine.device)
    task = _task(folder, order, autoencoder)
    given = replace(_given(folder, order, autoencoder), picture_BPD=picture)
    if order.earlier is None:
        given = replace(given, held=task.context)
    denoiser = _denoiser(folder, given, machine)
    sampling = Sampling(schedule=order.schedule, solver=Solver.EULER, guidance=guidance, seed=order.seed)
    memory = None
    if order.earlier is not None and task.context is not None:
        memory = recall(denoiser, task.context, condition, guidance)
    values_BLC = sample(denoiser, task.noisy, condition, sampling, memory=memory, on_step=on_step)
    del denoiser, memory
    _let_go()
    return autoencoder.decode(unfold(task.whole(values_BLC)))


def told_of(folder: Folder, order: Order, machine: Machine) -> Told:
    """The words that are wanted, and those to keep away from; the encoder is let go of."""
    reader = load_words(folder, device=machine.device, dtype=machine.dtype)
    guided = order.guidance > 1
    both = reader.read([order.words, order.avoid] if guided else [order.words])
    rows = [
        Condition(words=Words(values_BSD=both.values_BSD[n : n + 1], present_BS=both.present_BS[n : n + 1]))
        for n in range(len(both.values_BSD))
    ]
    del reader
    _let_go()
    return rows[0], Guidance(scale=order.guidance, without=rows[1]) if guided else None


def shift_of(folder: Folder) -> float:
    """How far the steps of these weights lie towards noise, as they were published."""
    file = folder.path / "scheduler" / "scheduler_config.json"
    settings = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return float(settings.get("flow_shift") or settings.get("shift") or 1.0)


def _check(folder: Folder, order: Order) -> None:
    draws, follows = begins_from_picture(folder), folder.pipeline == "WanVACEPipeline"
    holds = bool(folder.index.get("expand_timesteps"))
    if draws and order.first is None:
        raise WeightsError(
            f"These weights begin with a picture, and none was given; give one, or take others: {folder.path}"
        )
    if order.first is not None and not (draws or holds):
        raise WeightsError(f"These weights cannot begin with a picture; take those that can (i2v, ti2v): {folder.path}")
    if order.last is not None and not draws:
        raise WeightsError(f"These weights cannot end with a picture; take those that can (i2v): {folder.path}")
    if order.last is None and folder.settings["transformer"].get("pos_embed_seq_len"):
        raise WeightsError(f"These weights make what lies between two pictures; give the last, too: {folder.path}")
    if order.draft is not None and not follows:
        raise WeightsError(f"These weights follow no draft; take those that do (vace): {folder.path}")
    size = order.pixels
    for name, given, sides in (
        ("first picture", order.first, (size.height, size.width)),
        ("last picture", order.last, (size.height, size.width)),
        ("draft", None if order.draft is None else order.draft.film_3THW, (size.frames, size.height, size.width)),
        ("earlier film", order.earlier, (size.frames, size.height, size.width)),
    ):
        if given is not None and tuple(given.shape[-len(sides) :]) != sides:
            raise ShapeError(
                f"The {name} is {tuple(given.shape[-len(sides) :])} and the film {sides}; give both of one size."
            )


def _seen(folder: Folder, order: Order, machine: Machine) -> Tensor | None:
    """Vectors of the pictures, for weights that look at them."""
    if order.first is None or not folder.settings["transformer"].get("image_dim"):
        return None
    reader = load_pictures(folder, device=machine.device, dtype=machine.dtype)
    if reader is None:
        return None
    both = order.last is not None and folder.settings["transformer"].get("pos_embed_seq_len")
    shown = torch.cat([order.first, order.last]) if both and order.last is not None else order.first
    vectors = reader.read(shown).flatten(0, 1)[None]
    del reader
    _let_go()
    return vectors


def _task(folder: Folder, order: Order, autoencoder: OpenAutoencoder) -> Task:
    shape = autoencoder.shape(order.pixels)
    sides = (shape.frames, shape.height, shape.width)
    if order.earlier is not None and order.made_THW is not None:
        return in_painting(fold(autoencoder.encode(order.earlier)), order.made_THW, seed=order.seed)
    if order.first is not None and folder.index.get("expand_timesteps"):
        first = fold(autoencoder.encode(order.first[:, :, None]))[:, :, 0]
        return image_to_video(first, shape.frames, seed=order.seed)
    blank = torch.zeros(1, 4 * autoencoder.channels, *sides, device=autoencoder.vae.device)
    return in_painting(blank, torch.ones(sides, dtype=torch.bool), seed=order.seed)


def _given(folder: Folder, order: Order, autoencoder: OpenAutoencoder) -> Given:
    size = order.pixels
    if begins_from_picture(folder):
        assert order.first is not None
        return Given(beside_BCTHW=beside_of(autoencoder, order.first, size.frames, last_BCHW=order.last))
    if folder.pipeline == "WanVACEPipeline":
        blank = Draft(
            film_3THW=torch.zeros(3, size.frames, size.height, size.width),
            made_THW=torch.ones(size.frames, size.height, size.width, dtype=torch.bool),
        )
        return Given(draft_BCTHW=draft_of(autoencoder, order.draft or blank), strength=order.strength)
    return Given()


def _denoiser(folder: Folder, given: Given, machine: Machine) -> Denoiser:
    """One network, or two with the noise level at which the second takes over."""
    first = load_network(folder, "transformer", device=machine.device, dtype=machine.dtype).denoiser(given)
    boundary = folder.index.get("boundary_ratio")
    if "transformer_2" not in folder.parts or boundary is None:
        return first
    second = load_network(folder, "transformer_2", device=machine.device, dtype=machine.dtype).denoiser(given)
    return Staged(first, second, boundary=boundary)


def _let_go() -> None:
    """Give back what a GPU's pool of memory keeps for later; networks themselves go with their last name."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
