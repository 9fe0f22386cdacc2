"""Films by our own weights: from captions, or from a film and what of it is to be made again, to compressed clips and pictures.

All tasks are one: some patches are there, the others are made. Clips longer than those of training are made window after window,
each of which looks back at the one before.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from einops import rearrange
from torch import Tensor

from vitascope.model.autoencoder import Autoencoder, Box, Halo
from vitascope.model.checkpoint import CheckpointError, load, load_autoencoder
from vitascope.model.denoiser import Condition, Memory, Sound
from vitascope.model.memory import Kept, refreshed
from vitascope.model.network import Network, load_network
from vitascope.model.regions import USUAL, grown, looks, patches_of
from vitascope.model.sampler import Guidance, Sampling, Solver, recall, sample
from vitascope.model.schedule import even
from vitascope.model.shapes import LatentShape, PixelShape, Stride
from vitascope.model.tasks import Task, in_painting, with_draft
from vitascope.model.tokens import Tokens, pack

__all__ = [
    "AUTOENCODER",
    "TRANSFORMER",
    "USUAL_MANNER",
    "Form",
    "Generator",
    "Manner",
    "Wish",
    "changed_box",
    "load_generator",
    "shipped",
]

AUTOENCODER, TRANSFORMER = "autoencoder.safetensors", "transformer.safetensors"
"""The files of a folder of weights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The clips that weights were trained on: moments, rows and columns compressed, pixels to a patch, frames a second."""

    latent: LatentShape
    stride: Stride
    rate: Fraction

    def moments(self, seconds: Fraction) -> int:
        """Moments of the compressed clip that last `seconds` or a little longer; at least one."""
        frames = -(-seconds * self.rate // 1)
        return max(1, 1 + -(-(int(frames) - 1) // self.stride.time))

    def frames(self, moments: int) -> int:
        """Frames of so many moments."""
        return 1 + (moments - 1) * self.stride.time

    def seconds(self, moment: int) -> float:
        """When a moment begins [s]."""
        return float(self.frames(moment) / self.rate) if moment else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How films are made of noise: steps, their shift towards noise, and how far beyond the instruction guidance goes."""

    steps: int
    shift: float
    guidance: float


USUAL_MANNER = Manner(steps=12, shift=1.5, guidance=2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to make.

    captions: one for each moment; seed: of the noise; made_THW: which patches are made, bool; sound_MF: what is heard at each
    moment, or None; draft: pictures (frames, height, width, 3) uint8 of the draft, or None.
    """

    captions: tuple[str, ...]
    seed: int
    made_THW: np.ndarray
    sound_MF: np.ndarray | None = None
    draft: np.ndarray | None = None


class Generator:
    """One pair of weights, ready to make films. Belongs to one thread."""

    def __init__(
        self, autoencoder: Autoencoder, network: Network, *, form: Form, name: str, digest: str, manner: Manner
    ) -> None:
        self.form, self.name, self.digest, self.manner = form, name, digest, manner
        self._autoencoder, self._network = autoencoder, network

    def made(self, wish: Wish, *, kept: Kept | None = None, on_step: Callable[[int, int], None] | None = None) -> Kept:
        """The film of a wish. `kept` is the film that it changes, which may be shorter; what is known of it is not found again.

        `on_step` is told how many of how many steps are made; what it raises ends the work.
        """
        made_THW = torch.from_numpy(wish.made_THW)
        latent = self._begun(tuple(made_THW.shape), kept)
        draft = None if wish.draft is None else self.encoded(wish.draft)
        passes = list(_passes(wish.captions, made_THW, length=self.form.latent.frames))
        alone = len(wish.captions) <= self.form.latent.frames
        for number, each in enumerate(passes):
            heard = None if wish.sound_MF is None else wish.sound_MF[each.window]
            condition, guidance = self._asked(each.caption, heard)
            task = _task(latent, each, wish.seed)
            if draft is not None:
                task = with_draft(task, draft[:, :, each.window])
            memory = self._memory(task.context, condition, guidance, kept if alone else None)
            sampling = Sampling(
                schedule=even(self.manner.steps, shift=self.manner.shift),
                solver=Solver.EULER,
                guidance=guidance,
                seed=wish.seed,
            )
            tell = None if on_step is None else _telling(on_step, number, len(passes))
            values = sample(self._network.transformer, task.noisy, condition, sampling, memory=memory, on_step=tell)
            latent[:, :, each.window] = task.whole(values)
        return self._kept(latent, wish, kept, alone=alone)

    @torch.no_grad()
    def pictures(self, film: Kept) -> np.ndarray:
        """The film as frames (T, height, width, 3) uint8, sRGB."""
        return self.decoded(film.latent_1CTHW)

    @torch.no_grad()
    def decoded(self, latent_1CTHW: Tensor) -> np.ndarray:
        """The pictures of a compressed clip, as `pictures`; what `encoded` turns into one."""
        return _pictures(self._autoencoder.decode(latent_1CTHW))

    @torch.no_grad()
    def repainted(self, pictures: np.ndarray, before: Kept, after: Kept) -> np.ndarray:
        """What `pictures` gives for a film after a change, if it gave `pictures` before: only what changed is decoded."""
        if before.latent_1CTHW.shape != after.latent_1CTHW.shape:
            return self.pictures(after)
        box = changed_box(before.latent_1CTHW, after.latent_1CTHW, self._autoencoder.halo)
        if box is None:
            return pictures
        stride = self.form.stride
        first = self.form.frames(box.moments[0]) if box.moments[0] else 0
        rows, columns = (
            slice(a * side, b * side) for (a, b), side in ((box.rows, stride.height), (box.columns, stride.width))
        )
        part = _pictures(self._autoencoder.decode_box(after.latent_1CTHW, box))
        found = pictures.copy()
        found[first : first + len(part), rows, columns] = part
        return found

    @torch.no_grad()
    def encoded(self, frames: np.ndarray) -> Tensor:
        """The compressed clip (1, C, T, H, W) of pictures (frames, height, width, 3) uint8. ShapeError for odd sizes."""
        clip = torch.from_numpy(frames.copy()).float() / 255
        return self._autoencoder.encode(rearrange(clip, "t h w c -> 1 c t h w").contiguous())

    def patches(self, marked: np.ndarray) -> np.ndarray:
        """(T, H, W) bool: patches in which something is marked, and those around them.

        marked (frames, h, w) bool, at any size that divides that of the pictures.
        """
        latent, stride = self.form.latent, self.form.stride
        wide = torch.from_numpy(marked)
        wide = wide.repeat_interleave(latent.height * stride.height // marked.shape[1], dim=1)
        wide = wide.repeat_interleave(latent.width * stride.width // marked.shape[2], dim=2)
        return grown(patches_of(wide, stride), USUAL.grown).numpy()

    @torch.no_grad()
    def seconds(self, moments: int) -> float:
        """How long making a film of so many moments takes on this machine now: one step and one decoded moment are timed."""
        shape = replace(self.form.latent, frames=min(moments, self.form.latent.frames))
        every = torch.ones(shape.frames, shape.height, shape.width, dtype=torch.bool)
        task = in_painting(self._begun(tuple(every.shape), None), every, seed=0)
        condition, guidance = self._asked("", None)
        once = Sampling(schedule=even(1, shift=1.0), solver=Solver.EULER, guidance=guidance, seed=0)
        begun = time.perf_counter()
        sample(self._network.transformer, task.noisy, condition, once)
        step = time.perf_counter() - begun
        begun = time.perf_counter()
        self._autoencoder.decode(self._begun((1, shape.height, shape.width), None))
        moment = time.perf_counter() - begun
        windows = len(list(_windows(moments, self.form.latent.frames)))
        return windows * self.manner.steps * step + moments * moment

    def _begun(self, shape: tuple[int, ...], kept: Kept | None) -> Tensor:
        """The film that is there, with room up to `shape` for what is made."""
        begun = torch.zeros(1, self._autoencoder.config.channels, *shape)
        if kept is not None:
            there = min(shape[0], kept.latent_1CTHW.shape[2])
            begun[:, :, :there] = kept.latent_1CTHW[:, :, :there]
        return begun

    @torch.no_grad()
    def _asked(self, caption: str, sound_MF: np.ndarray | None) -> tuple[Condition, Guidance]:
        sound = None
        if sound_MF is not None:
            heard = torch.from_numpy(sound_MF.astype(np.float32))[None]
            sound = Sound(values_BMF=heard, moment_M=torch.arange(heard.shape[1], dtype=torch.float32))
        asked, free = (Condition(words=self._network.text([words]), sound=sound) for words in (caption, ""))
        return asked, Guidance(scale=self.manner.guidance, without=free)

    def _memory(
        self, context: Tokens | None, condition: Condition, guidance: Guidance, kept: Kept | None
    ) -> Memory | None:
        if context is None:
            return None
        if kept is None:
            return recall(self._network.transformer, context, condition, guidance)
        return refreshed(self._network.transformer, kept, context, condition, guidance)[0]

    def _kept(self, latent: Tensor, wish: Wish, before: Kept | None, *, alone: bool) -> Kept:
        """The film with what is known of its tokens, for the next edit."""
        condition, guidance = self._asked(wish.captions[0], wish.sound_MF)
        known = pack(latent)
        memory = self._memory(known, condition, guidance, before if alone else None)
        assert memory is not None
        return Kept(
            seed=wish.seed,
            caption=wish.captions[0],
            latent_1CTHW=latent,
            known=known,
            memory=memory,
            looks_STHW=looks(self._network.transformer, latent, condition, USUAL, seed=wish.seed) if alone else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pass:
    """One go of the sampler: moments of the film, of which `made_THW` is made and `unknown_THW` comes later."""

    window: slice
    caption: str
    made_THW: Tensor
    unknown_THW: Tensor


def _windows(moments: int, length: int) -> Iterator[tuple[slice, int]]:
    """Stretches of a film, and how many of their first moments were in the one before: half, beyond the first."""
    shared = length // 2
    start = 0
    while True:
        yield slice(start, min(start + length, moments)), shared if start else 0
        if start + length >= moments:
            return
        start += length - shared


def _passes(captions: Sequence[str], made_THW: Tensor, *, length: int) -> Iterator[_Pass]:
    """Window after window, and in each caption after caption."""
    for window, done in _windows(len(captions), length):
        made = made_THW[window].clone()
        made[:done] = False
        told = captions[window]
        for caption in dict.fromkeys(told):
            here = torch.tensor([each == caption for each in told])[:, None, None]
            if (made & here).any():
                yield _Pass(window=window, caption=caption, made_THW=made & here, unknown_THW=made & ~here)
                made = made & ~here


def _task(latent_1CTHW: Tensor, each: _Pass, seed: int) -> Task:
    """The task of a pass; what comes later is no context."""
    task = in_painting(latent_1CTHW[:, :, each.window], each.made_THW, seed=seed)
    if task.context is None or not each.unknown_THW.any():
        return task
    kept_L = (~each.unknown_THW).flatten()[(~each.made_THW).flatten()]
    context = task.context.take(kept_L.nonzero()[:, 0])
    return replace(task, context=context if context.count else None)


def _telling(on_step: Callable[[int, int], None], number: int, count: int) -> Callable[[int, int], None]:
    return lambda done, of: on_step(number * of + done, count * of)


def changed_box(before_1CTHW: Tensor, after_1CTHW: Tensor, halo: Halo) -> Box | None:
    """All that may look different after a change of patches, with what sees them: later moments, rows and columns beside."""
    changed = (before_1CTHW != after_1CTHW).any(1)[0]
    if not changed.any():
        return None
    spans = [axis.flatten().tolist() for axis in changed.nonzero().split(1, dim=1)]
    (first, last), rows, columns = ((min(each), max(each) + 1) for each in spans)
    moments, height, width = changed.shape
    return Box(
        moments=(first, min(moments, last + halo.moments)),
        rows=(max(0, rows[0] - halo.sides), min(height, rows[1] + halo.sides)),
        columns=(max(0, columns[0] - halo.sides), min(width, columns[1] + halo.sides)),
    )


def _pictures(clip_13THW: Tensor) -> np.ndarray:
    levels = (clip_13THW.clamp(0, 1) * 255).round().to(torch.uint8)
    return rearrange(levels, "1 c t h w -> t h w c").numpy()


def load_generator(folder: Path, manner: Manner = USUAL_MANNER) -> Generator:
    """The weights in `folder`, ready, on the processor. Raises CheckpointError, one sentence."""
    for name in (AUTOENCODER, TRANSFORMER):
        if not (folder / name).is_file():
            raise CheckpointError(f"There is no {name} in this folder, so it holds no weights of ours: {folder}")
    autoencoder, network = load_autoencoder(folder / AUTOENCODER), load_network(folder / TRANSFORMER)
    facts = load(folder / TRANSFORMER, kind="transformer").facts
    clip = facts.get("clip")
    if not isinstance(clip, dict):
        raise CheckpointError(f"The weights do not say which clips they were trained on; train them again: {folder}")
    stride = autoencoder.config.stride
    pixels = PixelShape(frames=clip["frames"], height=clip["height"], width=clip["width"])
    return Generator(
        autoencoder,
        network,
        form=Form(latent=stride.latent(pixels), stride=stride, rate=Fraction(clip["fps"])),
        name=str(facts.get("preset", folder.name)),
        digest=_digest(folder),
        manner=manner,
    )


def shipped() -> Path:
    """The folder of the weights that come with the program. Raises CheckpointError where there are none."""
    folder = Path(str(files("vitascope.model"))) / "weights"
    if not (folder / TRANSFORMER).is_file():
        raise CheckpointError(
            "No weights come with this copy of the program; train some (vitascope model train) and name their folder with "
            "--weights."
        )
    return folder


def _digest(folder: Path) -> str:
    found = hashlib.sha256()
    for name in (AUTOENCODER, TRANSFORMER):
        found.update((folder / name).read_bytes())
    return found.hexdigest()
