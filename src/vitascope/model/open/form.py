"""What weights of the family make at a time: their rate, length and size, what may lead them, and how longer films are cut into
windows. Knows no tensors.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import ceil, sqrt

from vitascope.model.catalogue import WeightsError
from vitascope.model.open.folder import Folder, stride_of
from vitascope.model.shapes import PixelShape, Stride


class Lead(Enum):
    """What leads a film beside words."""

    WORDS = "nothing"
    FIRST = "a first picture"
    BETWEEN = "a first and a last picture"
    DRAFT = "a draft"


SHARED = {Lead.WORDS: 0, Lead.FIRST: 1, Lead.BETWEEN: 1, Lead.DRAFT: 5}
"""Frames of a window that are the last of the one before. A draft may hold several, so motion goes on as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Frames `start` to `stop` of a film, made at once; the first `shared` were made in the window before."""

    start: int
    stop: int
    shared: int

    @property
    def frames(self) -> int:
        """How many there are."""
        return self.stop - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The films that weights were trained on: frames a second, frames of the longest, and pixels of a frame."""

    lead: Lead
    rate: Fraction
    longest: int
    area: int
    stride: Stride

    def pixels(self, width: int, height: int, seconds: Fraction) -> PixelShape:
        """The clip that covers a shot of this size and length: of its shape, as many pixels as in training, and no more
        than it needs."""
        time = self.stride.time
        across, down = self._sides(width, height)
        return PixelShape(
            frames=1 + ceil(Fraction(ceil(seconds * self.rate) - 1, time)) * time, height=down, width=across
        )

    @property
    def goes_on(self) -> bool:
        """Whether a film can go on from what there is of it."""
        return SHARED[self.lead] > 0

    def windows(self, frames: int, longest: int, *, begun: int = 0) -> tuple[Window, ...]:
        """As few windows of at most `longest` frames as there may be, all of about one length, for what is to be made of a film
        of which `begun` frames are there. WeightsError where these weights cannot go on."""
        if not begun and frames <= longest:
            return (Window(start=0, stop=frames, shared=0),)
        shared = SHARED[self.lead]
        if not self.goes_on:
            raise WeightsError(
                f"The shot lasts {float(frames / self.rate):.1f} s, and these weights make at most "
                f"{float(longest / self.rate):.1f} s of a shot and cannot go on from a picture; make it shorter, or take "
                "weights that begin with a picture (i2v, ti2v) or follow a draft (vace)."
            )
        time = self.stride.time
        again, most = (shared - 1) // time, (longest - 1) // time
        start = max(0, begun - shared)
        steps = (frames - 1 - start) // time
        count = -(-(steps - again) // (most - again))
        whole = steps + (count - 1) * again
        found = []
        for number in range(count):
            length = whole * (number + 1) // count - whole * number // count
            found.append(Window(start=start, stop=start + length * time + 1, shared=shared if begun or number else 0))
            start += (length - again) * time
        return tuple(found)

    def _sides(self, width: int, height: int) -> tuple[int, int]:
        """Multiples of a token's sides beside those of the wanted shape: the most pixels that there may be."""
        scale = min(1.0, sqrt(self.area / (width * height)))
        if scale == 1.0:
            return _up(width, self.stride.width), _up(height, self.stride.height)
        sides = [
            (across, down)
            for across in _beside(width * scale, self.stride.width)
            for down in _beside(height * scale, self.stride.height)
        ]
        within = [each for each in sides if each[0] * each[1] <= self.area] or [min(sides)]
        return max(within, key=lambda each: each[0] * each[1])


def form_of(folder: Folder) -> Form:
    """Of the weights in a folder. Only 2.2's 5B has noise levels of its own for each token, and was trained at 24 frames a
    second and 1280x704; the others at 16 and 832x480."""
    stride = stride_of(folder.settings["vae"])
    if folder.index.get("expand_timesteps"):
        return Form(lead=Lead.FIRST, rate=Fraction(24), longest=121, area=1280 * 704, stride=stride)
    return Form(lead=_lead(folder), rate=Fraction(16), longest=81, area=832 * 480, stride=stride)


def begins_from_picture(folder: Folder) -> bool:
    """Whether a first picture has to be given: it lies beside the noise."""
    settings = folder.settings["transformer"]
    return settings["in_channels"] > (settings.get("out_channels") or settings["in_channels"])


def _lead(folder: Folder) -> Lead:
    if folder.pipeline == "WanVACEPipeline":
        return Lead.DRAFT
    if not begins_from_picture(folder):
        return Lead.WORDS
    return Lead.BETWEEN if folder.settings["transformer"].get("pos_embed_seq_len") else Lead.FIRST


def _up(side: int, step: int) -> int:
    return -(-side // step) * step


def _beside(side: float, step: int) -> tuple[int, int]:
    below = max(step, int(side // step) * step)
    return below, below + step
