"""What can be asked for, each as a set of clean tokens and a set of noisy ones. That is all in which tasks differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from vitascope.model.noise import noise
from vitascope.model.shapes import LatentShape
from vitascope.model.tokens import Role, Tokens, join, pack, unpack


class TaskError(ValueError):
    """What was given does not make a film of that size; the message is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One film to make.

    shape: its size; film_BLC: what is known of it, in the order of `pack`; made_K: which of these tokens are made;
    noisy: these, with their noise; context: all that is clean, of the film and beside it, or None.
    """

    shape: LatentShape
    film_BLC: Tensor
    made_K: Tensor
    noisy: Tokens
    context: Tokens | None

    def whole(self, values_BKC: Tensor) -> Tensor:
        """The compressed film (B, C, T, H, W) in which the made tokens have these values."""
        film_BLC = self.film_BLC.expand(len(values_BKC), -1, -1).clone()
        film_BLC[:, self.made_K] = values_BKC.to(film_BLC.dtype)
        return unpack(film_BLC, self.shape)


def text_to_video(shape: LatentShape, *, channels: int, seed: int, device: torch.device | None = None) -> Task:
    """Everything is made; on the processor where no device is given."""
    return in_painting(
        torch.zeros(1, channels, *_sides(shape), device=device), torch.ones(_sides(shape), dtype=torch.bool), seed=seed
    )


def image_to_video(first_BCHW: Tensor, frames: int, *, seed: int) -> Task:
    """The first frame is there; `frames` of the compressed clip in all."""
    return keyframes({0: first_BCHW}, frames, seed=seed)


def first_and_last(first_BCHW: Tensor, last_BCHW: Tensor, frames: int, *, seed: int) -> Task:
    """What lies between two frames is made; `frames` of the compressed clip in all."""
    return keyframes({0: first_BCHW, frames - 1: last_BCHW}, frames, seed=seed)


def keyframes(known: dict[int, Tensor], frames: int, *, seed: int) -> Task:
    """Frames (B, C, H, W) of the compressed clip are there by their number; the others are made."""
    strange = [n for n in known if not 0 <= n < frames]
    if strange or not known or len({each.shape for each in known.values()}) > 1:
        raise TaskError(
            f"Frames {sorted(known)} were given for a clip of {frames} compressed frames; "
            f"give at least one of 0 to {frames - 1}, all of one size."
        )
    first = next(iter(known.values()))
    latent = first.new_zeros(*first.shape[:2], frames, *first.shape[2:])
    made = torch.ones(frames, *first.shape[2:], dtype=torch.bool)
    for n, frame in known.items():
        latent[:, :, n], made[n] = frame, False
    return in_painting(latent, made, seed=seed)


def extension(latent_BCTHW: Tensor, more: int, *, window: int, seed: int) -> Task:
    """`more` frames of the compressed clip after it; the last `window` frames of what is there are looked at."""
    batch, channels, frames, height, width = latent_BCTHW.shape
    if more < 1 or window < 1:
        raise TaskError(f"{more} frames after a look at {window} were asked for; give at least 1 of each.")
    whole = torch.cat([latent_BCTHW, latent_BCTHW.new_zeros(batch, channels, more, height, width)], dim=2)
    made = torch.zeros(frames + more, height, width, dtype=torch.bool)
    made[frames:] = True
    task = in_painting(whole, made, seed=seed)
    assert task.context is not None
    seen = (task.context.place_BL3[0, :, 0] >= frames - window).nonzero()[:, 0]
    return replace(task, context=task.context.take(seen))


def in_painting(latent_BCTHW: Tensor, made_THW: Tensor, *, seed: int) -> Task:
    """What `made_THW` marks is made, at any place and moment; everything else is there."""
    batch, channels, frames, height, width = latent_BCTHW.shape
    if made_THW.shape != (frames, height, width) or not made_THW.any():
        raise TaskError(
            f"A region of {tuple(made_THW.shape)} with {int(made_THW.sum())} patches was marked in a compressed clip of "
            f"{(frames, height, width)}; mark at least one patch of that size."
        )
    row = pack(latent_BCTHW)
    marked = made_THW.flatten().to(latent_BCTHW.device)
    made_K, kept_K = marked.nonzero()[:, 0], (~marked).nonzero()[:, 0]
    blank = row.take(made_K)
    fresh = noise(blank.place_BL3[:1], channels=channels, seed=seed).expand(batch, -1, -1)
    return Task(
        shape=LatentShape(frames=frames, height=height, width=width),
        film_BLC=row.values_BLC,
        made_K=made_K,
        noisy=blank.at(fresh, torch.ones_like(blank.level_BL)),
        context=row.take(kept_K) if len(kept_K) else None,
    )


def with_references(task: Task, pictures_BCHW: Sequence[Tensor]) -> Task:
    """The same, with pictures of who or what is to be seen; the first stands at moment -1, the next before it."""
    rows = [pack(each[:, :, None], role=Role.REFERENCE, moment=-1.0 - n) for n, each in enumerate(pictures_BCHW)]
    return replace(task, context=join([*rows, *([] if task.context is None else [task.context])]))


def with_draft(task: Task, draft_BCTHW: Tensor) -> Task:
    """The same, with a draft of the film: each token that is made has what the draft shows at its place and moment."""
    _fits(task, draft_BCTHW)
    draft_BKC = pack(draft_BCTHW).values_BLC[:, task.made_K]
    return replace(task, noisy=replace(task.noisy, draft_BLC=draft_BKC))


def begun_from(task: Task, draft_BCTHW: Tensor, *, strength: float) -> Task:
    """The same, but what is made begins as the draft under noise of level `strength`: 1 is nothing of it, near 0 nearly all."""
    _fits(task, draft_BCTHW)
    if not 0 < strength <= 1:
        raise TaskError(f"The strength is {strength:g}; give more than 0 and at most 1.")
    draft = pack(draft_BCTHW).values_BLC[:, task.made_K]
    mixed = torch.lerp(draft.to(task.noisy.values_BLC.dtype), task.noisy.values_BLC, strength)
    return replace(task, noisy=task.noisy.at(mixed, torch.full_like(task.noisy.level_BL, strength)))


def _fits(task: Task, draft_BCTHW: Tensor) -> None:
    if tuple(draft_BCTHW.shape[2:]) != _sides(task.shape):
        raise TaskError(
            f"The draft is {tuple(draft_BCTHW.shape[2:])} of the compressed clip (frames, rows, columns) and the film "
            f"{_sides(task.shape)}; give a draft of the film's size."
        )


def _sides(shape: LatentShape) -> tuple[int, int, int]:
    return shape.frames, shape.height, shape.width
