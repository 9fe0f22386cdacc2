"""Shots by open weights: window after window, led by what these weights can be led by, checked and reckoned beforehand.

Pictures go in and come out as arrays (frames, rows, columns, 3) uint8, sRGB.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import torch
from einops import rearrange
from scipy.ndimage import distance_transform_cdt
from torch import Tensor

from vitascope.model.generator import Manner
from vitascope.model.open.cost import Speed, Work, seconds_of
from vitascope.model.open.film import Machine, Order, film_of, shift_of, told_of
from vitascope.model.open.folder import Folder
from vitascope.model.open.form import Form, Lead, Window, form_of
from vitascope.model.open.given import Draft, laid_out
from vitascope.model.open.need import Need, check_memory, free_memory, need_of_folder, whole_memory
from vitascope.model.regions import USUAL, grown, patches_of
from vitascope.model.schedule import even
from vitascope.model.shapes import PixelShape

STEPS, GUIDANCE = 30, 5.0
AVOID = "blurred, low quality, still picture, subtitles, watermark, deformed, too many limbs"
"""What films are kept away from; these weights were trained to be told."""
SECOND = 17
"""Frames of the shortest window that too little memory leads to."""
BAND = 16
"""Pixels around what is made again over which it passes over into what was there: a token of these weights, or half of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWish:
    """A shot to make. pictures: of the world at the frames `OpenGenerator.seen` of it; grey (T, H, W) uint8: nearness in all
    frames. Either is empty where these weights ask for none."""

    words: str
    pixels: PixelShape
    seed: int
    pictures: np.ndarray
    grey: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An edit: the shot as it was, and which of its tokens (T, H, W) are made again."""

    pictures: np.ndarray
    made_THW: np.ndarray


class OpenGenerator:
    """The weights of a folder. Nothing is loaded before it is needed, and each stage lets go of what only it needs."""

    def __init__(self, folder: Folder, machine: Machine) -> None:
        """WeightsError where a file is missing or broken."""
        folder.check()
        self.folder, self.machine = folder, machine
        self.form: Form = form_of(folder)
        self.manner = Manner(steps=STEPS, shift=shift_of(folder), guidance=GUIDANCE)
        self.digest = folder.digest()

    @property
    def rate(self) -> Fraction:
        """Frames a second."""
        return self.form.rate

    def windows(self, pixels: PixelShape, *, begun: int = 0) -> tuple[Window, ...]:
        """How a shot is made of which `begun` frames are there: at most as many frames at once as in training, and as this
        machine could hold if nothing else ran on it, so that it does not depend on what does. WeightsError for a shot that is
        too long."""
        return self.form.windows(pixels.frames, self._longest(pixels), begun=begun)

    def check(self, pixels: PixelShape) -> None:
        """WeightsError where a shot is too long for these weights, or this machine has too little memory free for it."""
        windows = self.windows(pixels)
        longest = _at(pixels, max(window.frames for window in windows))
        check_memory(self._need(longest), free_memory(self.machine.device), pixels=longest, device=self.machine.device)

    def seen(self, pixels: PixelShape) -> tuple[int, ...]:
        """The frames whose picture, drawn by the world, leads a shot."""
        windows = self.windows(pixels)
        if self.form.lead is Lead.FIRST:
            return (0,)
        if self.form.lead is Lead.BETWEEN:
            return (0, *(window.stop - 1 for window in windows))
        return ()

    def patches(self, marked: np.ndarray) -> np.ndarray:
        """(T, H, W) bool: tokens in which something of (frames, rows, columns) is marked, and those around them."""
        return grown(patches_of(torch.from_numpy(marked), self.form.stride), USUAL.grown).numpy()

    def seconds(self, shots: Sequence[PixelShape], speed: Speed) -> float:
        """How long shots of these sizes take."""
        encoded = {Lead.WORDS: 0, Lead.FIRST: 1, Lead.BETWEEN: 1, Lead.DRAFT: 2}[self.form.lead]
        works = [
            Work(pixels=_at(pixels, window.frames), steps=self.manner.steps, rows=2, encoded=encoded)
            for pixels in shots
            for window in self.windows(pixels)
        ]
        return sum(seconds_of(self.folder, work, speed) for work in works)

    def made(
        self,
        wish: OpenWish,
        *,
        begun: np.ndarray | None = None,
        change: Change | None = None,
        on_step: Callable[[int, int], None] | None = None,
    ) -> np.ndarray:
        """The frames of a shot; where it is `begun`, by weights that go on, these frames and those after them. Of a change only
        the tokens that it names are made again, by weights that follow a draft; all frames are bit for bit what they were from
        one token beside these on. `on_step` is told how many of how many steps are made; what it raises ends the work."""
        size = wish.pixels
        film = np.zeros((size.frames, size.height, size.width, 3), np.uint8)
        there = begun if change is None else change.pictures
        if there is not None:
            film[: len(there)] = there
        windows, told = self.windows(size, begun=0 if begun is None else len(begun)), None
        for number, window in enumerate(windows):
            made = None if change is None else self._region(change, window)
            if made is not None and not made.any():
                continue
            order = self._order(wish, window, number, film, made)
            told = told or told_of(self.folder, order, self.machine)
            tell = None if on_step is None else _telling(on_step, number, len(windows))
            pictures = _pictures(film_of(self.folder, order, self.machine, told=told, on_step=tell))
            fresh = slice(window.start + window.shared, window.stop)
            if made is not None:
                pictures = _passed_over(film[window.start : window.stop], pictures, self._frames(made))
            film[fresh] = pictures[window.shared :]
        return film

    def _order(
        self, wish: OpenWish, window: Window, number: int, film: np.ndarray, made_THW: np.ndarray | None
    ) -> Order:
        """The task of a window; `film` holds what was made before it."""
        here, first, last, draft = film[window.start : window.stop], None, None, None
        if self.form.lead in (Lead.FIRST, Lead.BETWEEN):
            first = _tensor(here[0] if window.shared else wish.pictures[0])
        if self.form.lead is Lead.BETWEEN:
            last = _tensor(wish.pictures[1 + number])
        if self.form.lead is Lead.DRAFT:
            draft = self._draft(wish.grey[window.start : window.stop], here, window.shared, made_THW)
        pixels = _at(wish.pixels, window.frames)
        part = made_THW
        if part is not None and not self._holds(pixels, remembered=int((~part).sum())):
            part = None  # all tokens are made once more, after a draft that shows what stays
        return Order(
            words=wish.words,
            avoid=AVOID,
            pixels=pixels,
            schedule=even(self.manner.steps, shift=self.manner.shift),
            seed=(wish.seed + window.start) % 2**63,
            guidance=self.manner.guidance,
            first=first,
            last=last,
            draft=draft,
            earlier=_film(here) if part is not None else None,
            made_THW=torch.from_numpy(part) if part is not None else None,
        )

    def _draft(self, grey: np.ndarray, film: np.ndarray, shared: int, made_THW: np.ndarray | None) -> Draft:
        """How near everything is where the film is made; the film itself where it is kept."""
        made = np.ones(grey.shape, bool) if made_THW is None else self._frames(made_THW)
        made[:shared] = False
        return laid_out(np.where(made[..., None], grey[..., None], film), made)

    def _region(self, change: Change, window: Window) -> np.ndarray:
        """Which tokens of a window are made again; those of frames that the window before made are not."""
        time = self.form.stride.time
        moments = slice(window.start // time, (window.stop - 1) // time + 1)
        made = change.made_THW[moments].copy()
        if window.shared:
            made[: 1 + (window.shared - 1) // time] = False
        return made

    def _frames(self, made_THW: np.ndarray) -> np.ndarray:
        """(frames, rows, columns) bool: the pixels of tokens."""
        stride = self.form.stride
        wide = made_THW.repeat(stride.height, axis=1).repeat(stride.width, axis=2)
        return np.concatenate([wide[:1], wide[1:].repeat(stride.time, axis=0)])

    def _longest(self, pixels: PixelShape) -> int:
        """Frames of a window."""
        longest = self.form.longest
        if self.form.lead is Lead.WORDS:
            return longest
        while longest > SECOND and not self._holds(_at(pixels, min(longest, pixels.frames))):
            longest = min(longest, pixels.frames) - self.form.stride.time
        return longest

    def _holds(self, pixels: PixelShape, *, remembered: int = 0) -> bool:
        """Whether this machine could make so much at once."""
        whole = whole_memory(self.machine.device)
        return whole is None or self._need(pixels, remembered=remembered).most <= whole

    def _need(self, pixels: PixelShape, *, remembered: int = 0) -> Need:
        number = self.machine.dtype.itemsize
        return need_of_folder(self.folder, pixels, number=number, guided=True, remembered=remembered)


def _passed_over(before: np.ndarray, after: np.ndarray, made: np.ndarray) -> np.ndarray:
    """`after` where it was made, `before` from BAND pixels beside that on, and in between one passes over into the other: the
    decoder looks beyond the tokens that changed, a little even at all of a frame."""
    found = before.copy()
    for number in np.flatnonzero(made.any((1, 2))):
        away = np.asarray(distance_transform_cdt(~made[number], metric="chessboard"))
        share = (1 - away / BAND).clip(0, 1)[..., None]
        mixed = before[number] + share * (after[number].astype(np.float64) - before[number])
        found[number] = np.rint(mixed).astype(np.uint8)
    return found


def _at(pixels: PixelShape, frames: int) -> PixelShape:
    return replace(pixels, frames=frames)


def _telling(on_step: Callable[[int, int], None], number: int, count: int) -> Callable[[int, int], None]:
    return lambda done, of: on_step(number * of + done, count * of)


def _tensor(picture: np.ndarray) -> Tensor:
    """(1, 3, H, W) in [-1, 1]."""
    return rearrange(torch.from_numpy(np.ascontiguousarray(picture)), "h w c -> 1 c h w").float() / 127.5 - 1


def _film(frames: np.ndarray) -> Tensor:
    """(1, 3, T, H, W) in [-1, 1]."""
    return rearrange(torch.from_numpy(np.ascontiguousarray(frames)), "t h w c -> 1 c t h w").float() / 127.5 - 1


def _pictures(film_13THW: Tensor) -> np.ndarray:
    levels = ((film_13THW.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return rearrange(levels, "1 c t h w -> t h w c").cpu().numpy()
