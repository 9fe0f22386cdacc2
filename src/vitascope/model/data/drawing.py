"""From a film to a clip: its pictures by the world engine, a coarse draft (who is where, how far), and what is heard.

A clip whose subjects do not show as its labels say is refused: the id pass tells who is seen, how large and which way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from vitascope.film import Film
from vitascope.model.data.blocking import UnfitError
from vitascope.model.data.errors import DataError
from vitascope.model.data.grammar import Labels
from vitascope.recipe import Catalogue
from vitascope.render import Renderer
from vitascope.sound import Tape, record
from vitascope.world.build import build_stage
from vitascope.world.soundscape import Soundscape

__all__ = ["BANDS", "COARSE", "ClipShape", "Drawn", "depth_code", "draw"]

COARSE = 4
"""Pixels of a picture to one of the draft, along each side."""
SUPERSAMPLE = 2
SOUND_RATE = 24_000
BANDS = 8
LOWEST, HIGHEST = 60.0, 9600.0
"""Hertz between which the bands lie, each as wide in octaves as the others."""
QUIETEST = 1e-4
"""Amplitude that counts as silence: log energies lie in [0, 1], 1 at full scale."""
LEAST_EACH = 0.005
"""Share of the picture that each subject covers at the start, in the middle and at the end."""
LEAST_ALL = 0.03
"""Share that all of them cover together."""
LEAST_SHIFT = 0.06
"""Share of the width by which what goes left or right is seen to go, by a camera that stands still."""
LEAST_GROWTH = 1.2
"""Factor by which the area of what comes near grows, for such a camera."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipShape:
    """Frames, frames a second and sides [px] of clips, which are a second long or longer, as all films are."""

    frames: int = 25
    fps: int = 12
    width: int = 128
    height: int = 80

    def __post_init__(self) -> None:
        if self.seconds < 1 or min(self.width, self.height) < 8 * COARSE:
            raise DataError(
                f"Clips of {self.frames} frames at {self.fps} a second, {self.width}x{self.height}, are too small; "
                f"give a second or more and sides of {8 * COARSE} pixels or more."
            )

    @property
    def seconds(self) -> Fraction:
        """Length of the film of which these frames are seen: up to the last of them, at 24 frames a second."""
        return Fraction(self.frames - 1, self.fps) + Fraction(1, 24)

    @property
    def aspect(self) -> Fraction:
        """Width over height."""
        return Fraction(self.width, self.height)

    @property
    def times(self) -> tuple[float, ...]:
        """When the frames are seen [s]."""
        return tuple(float(Fraction(n, self.fps)) for n in range(self.frames))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A clip. h, w are sides over COARSE.

    frames (T, H, W, 3) uint8 sRGB; depth (T, h, w) uint8, see `depth_code`; ids (T, h, w) uint8, 0 the set, i + 1 the i-th
    subject of the film; sound (T, BANDS) float16 log energies from each frame to the next; events (name, second); changed
    (T, h, w) uint8, 1 where a clip differs from the one that it was edited from, None where it was not.
    """

    frames: np.ndarray
    depth: np.ndarray
    ids: np.ndarray
    sound: np.ndarray
    events: tuple[tuple[str, float], ...]
    changed: np.ndarray | None = None


def depth_code(metres: np.ndarray) -> np.ndarray:
    """Distances [m] as uint8: 255 at the lens, 128 at 8 m, 0 where there is only sky."""
    return np.round(255.0 * 8.0 / (8.0 + metres)).astype(np.uint8)


def draw(film: Film, labels: Labels, shape: ClipShape, *, leads: Sequence[int], catalogue: Catalogue) -> Drawn:
    """The clip of a film whose subjects of these numbers in the id pass are what the labels speak of.

    Raises UnfitError as soon as a frame shows them otherwise: the first, the last and the middle one are drawn first.
    """
    stage = build_stage(film, library=catalogue, rows=SUPERSAMPLE * shape.height)
    order = _order(shape.frames)
    colours: dict[int, np.ndarray] = {}
    depths: dict[int, np.ndarray] = {}
    ids: dict[int, np.ndarray] = {}
    size = (shape.width, shape.height)
    with Renderer(stage, size, fps=float(shape.fps), supersample=SUPERSAMPLE) as renderer:
        times = [shape.times[n] for n in order]
        for n, frame in zip(order, renderer.frames(times, passes={"depth", "ids"}), strict=True):
            assert frame.ids is not None
            assert frame.depth is not None
            colours[n], ids[n], depths[n] = frame.colour, frame.ids, frame.depth
            if len(ids) <= 3:
                _check_seen(frame.ids, leads)
            if len(ids) == 3 or len(ids) == shape.frames < 3:
                _check_way(ids[0], ids[shape.frames - 1], labels, leads)
    ordered = range(shape.frames)
    middle = slice(COARSE // 2, None, COARSE)
    sound, events = _heard(stage.soundscape(), shape)
    return Drawn(
        frames=np.stack([colours[n] for n in ordered]),
        depth=np.stack([depth_code(depths[n][middle, middle]) for n in ordered]),
        ids=np.stack([ids[n][middle, middle].astype(np.uint8) for n in ordered]),
        sound=sound,
        events=events,
    )


def _order(frames: int) -> list[int]:
    first = list(dict.fromkeys((0, frames - 1, frames // 2)))
    return [*first, *(n for n in range(frames) if n not in first)]


def _check_seen(ids: np.ndarray, leads: Sequence[int]) -> None:
    shares = [float(np.mean(ids == lead)) for lead in leads]
    if min(shares) == 0.0:
        raise UnfitError("a subject is not seen")
    if min(shares) < LEAST_EACH or sum(shares) < LEAST_ALL:
        raise UnfitError("a subject is small")


def _check_way(first: np.ndarray, last: np.ndarray, labels: Labels, leads: Sequence[int]) -> None:
    """A still camera sees which way they go; of one that moves the document alone tells."""
    if labels.camera != "still" or labels.motion == "still":
        return
    (x0, area0), (x1, area1) = (_middle(ids, leads) for ids in (first, last))
    shift, growth = (x1 - x0) / first.shape[1], area1 / area0
    seen = {"left": -shift, "right": shift}.get(labels.motion)
    if seen is not None and seen < LEAST_SHIFT:
        raise UnfitError("the motion hardly shows")
    if seen is None and (growth if labels.motion == "towards" else 1 / growth) < LEAST_GROWTH:
        raise UnfitError("the motion hardly shows")


def _middle(ids: np.ndarray, leads: Sequence[int]) -> tuple[float, float]:
    covered = np.isin(ids, leads)
    return float(np.nonzero(covered)[1].mean()), float(covered.sum())


def _heard(soundscape: Soundscape, shape: ClipShape) -> tuple[np.ndarray, tuple[tuple[str, float], ...]]:
    """Log energies (T, BANDS) from each frame to the next, and what begins sharply."""
    step = SOUND_RATE // shape.fps
    with Tape(round(shape.seconds * SOUND_RATE) + step) as tape:
        record(soundscape, tape, rate=SOUND_RATE)
        samples = tape.read().mean(axis=1)[: step * shape.frames].reshape(shape.frames, step)
    power = np.abs(np.fft.rfft(samples * np.hanning(step), axis=1)) ** 2 / (step / 2) ** 2
    edges = np.geomspace(LOWEST, HIGHEST, BANDS + 1) * step / SOUND_RATE
    band = np.searchsorted(edges, np.arange(power.shape[1]), side="right") - 1
    energy = np.stack([power[:, band == k].sum(axis=1) for k in range(BANDS)], axis=1)
    floor = QUIETEST**2
    logs = np.log(np.maximum(energy, floor) / floor) / np.log(1.0 / floor)
    events = tuple((e.name, round(e.time, 3)) for e in soundscape.events if 0 <= e.time < float(shape.seconds))
    return logs.astype(np.float16), events
