"""The visible label: drawn once for a picture size, blended onto a small box of each frame, and looked for again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from scipy.ndimage import uniform_filter

MAIN_WORD = "AI"
OTHER_WORD = "generated"
LABEL_TEXT = f"{MAIN_WORD} {OTHER_WORD}"
# Height of a capital as a part of the short side: above the 5 % that GB 45438-2025 asks for.
CAPITAL_HEIGHT = 0.055
# Measured on flat, noisy and chequered grounds: bare ones reach 0.08 and 0.87 but never both, labelled ones 0.27
# and 0.96 in a single frame, 0.84 and 0.99 in the mean of several that move.
_CORRELATION_MIN, _FIT_MIN = 0.16, 0.86
_CODING_ERROR = 14.0  # [codes] that compression may move a pixel
_SOLID = 0.3  # coverage from which a pixel counts
_MARGIN = 0.9  # [capital heights] from the edge of the picture
_CAPITAL_OF_FONT = 0.70  # capital height of Aileron, the font inside Pillow, as a part of its size
_TEXT_OPACITY, _OTHER_OPACITY, _OUTLINE_OPACITY, _SHADOW_OPACITY = 0.86, 0.68, 0.30, 0.42


class Label:
    """The words "AI generated", top right, for frames of one size."""

    def __init__(self, size: tuple[int, int]) -> None:
        """`size` is (width, height) of the frames [px], at least 128 each."""
        self.size = size
        self.capital_height = CAPITAL_HEIGHT * min(size)

    def apply(self, frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return a copy of `frame`, sRGB codes uint8 (H, W, 3), with the label on it."""
        rows, columns = self.box
        coverage, ink = self._patch
        labelled = frame.copy()
        under = frame[rows, columns].astype(np.float32)
        labelled[rows, columns] = np.rint(under * (1 - coverage[..., None]) + ink[..., None]).astype(np.uint8)
        return labelled

    def is_on(self, frames: Sequence[NDArray[np.uint8]]) -> bool:
        """Return whether the label is on `frames`, each uint8 (H, W, 3): its strokes match and its pixels fit."""
        if not frames:
            return False
        rows, columns = self.box
        # What the label does to a pixel is linear, so the mean of the frames tells as much as each, with less noise.
        found = np.mean([frame[rows, columns].mean(axis=2, dtype=np.float32) for frame in frames], axis=0)
        return self._correlation(found) >= _CORRELATION_MIN and self._fit(found) >= _FIT_MIN

    def _correlation(self, found: NDArray[np.floating]) -> float:
        """Return how well the strokes in `found` (h, w) [codes] match those of the label, -1 to 1.

        The normalised cross-correlation of high-passed brightness with the strokes that the label would leave on a
        ground as bright as the one found.
        """
        coverage, ink = self._patch
        ground = float(np.median(found[coverage < 0.02]))
        return _match(self._strokes(found), self._strokes(ink - coverage * ground))

    def _fit(self, found: NDArray[np.floating]) -> float:
        """Return the part, 0 to 1, of the label's solid pixels in `found` (h, w) [codes] that it could have left.

        A pixel that the label covers by c with ink i can only lie between i and i + 255 (1 - c), whatever was under it.
        """
        coverage, ink = self._patch
        possible = (found >= ink - _CODING_ERROR) & (found <= ink + 255 * (1 - coverage) + _CODING_ERROR)
        return float(possible[coverage > _SOLID].mean())

    @cached_property
    def box(self) -> tuple[slice, slice]:
        """Rows and columns of a frame that the label touches."""
        height, width = self._patch[0].shape
        margin = round(_MARGIN * self.capital_height) - self._bleed
        top, right = max(0, margin), min(self.size[0], self.size[0] - margin)
        return slice(top, top + height), slice(right - width, right)

    @property
    def _bleed(self) -> int:
        return max(2, round(0.45 * self.capital_height))

    @cached_property
    def _patch(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Coverage (h, w) from 0 to 1 and ink (h, w) in codes, already multiplied by its coverage."""
        main, other = self._words()
        text = Image.fromarray(np.maximum(main, other))
        outline_width = 2 * max(1, round(self.capital_height / 22)) + 1
        outline = text.filter(ImageFilter.MaxFilter(outline_width)).filter(
            ImageFilter.GaussianBlur(self.capital_height / 40)
        )
        shadow = text.filter(ImageFilter.GaussianBlur(self.capital_height * 0.16))
        dark = 1 - (1 - _OUTLINE_OPACITY * _unit(outline)) * (1 - _SHADOW_OPACITY * _unit(shadow))
        light = np.maximum(_TEXT_OPACITY / 255 * main, _OTHER_OPACITY / 255 * other)
        coverage = light + dark * (1 - light)
        return coverage.astype(np.float32), (255 * light).astype(np.float32)

    def _words(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Masks uint8 (h, w) of the main word, a little bolder, and of the other word."""
        font = ImageFont.load_default(self.capital_height / _CAPITAL_OF_FONT)
        boldness = round(self.capital_height / 26)
        space = 0.36 * self.capital_height
        main_width = font.getlength(MAIN_WORD) + boldness
        left, top, _, bottom = font.getbbox(LABEL_TEXT)
        width = round(main_width + space + font.getlength(OTHER_WORD)) + 2 * self._bleed
        height = round(bottom - top) + 2 * self._bleed
        masks = []
        for word, start, stroke in ((MAIN_WORD, 0.0, boldness), (OTHER_WORD, main_width + space, 0)):
            mask = Image.new("L", (width, height), 0)
            place = (self._bleed - left + start, self._bleed - top)
            ImageDraw.Draw(mask).text(place, word, font=font, fill=255, stroke_width=stroke / 2)
            masks.append(np.asarray(mask))
        return masks[0], masks[1]

    def _strokes(self, brightness: NDArray[np.floating]) -> NDArray[np.floating]:
        around = uniform_filter(brightness, size=max(3, round(self.capital_height * 0.6)))
        return brightness - around


def _unit(mask: Image.Image) -> NDArray[np.floating]:
    return np.asarray(mask, np.float32) / 255


def _match(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    size = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float((first * second).sum()) / size if size > 0 else 0.0
