"""The draft of a shot for a learned model: the world's own pictures and passes at the model's moments and size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from vitascope.film import Film, Shot, Size
from vitascope.model.data.drawing import COARSE, depth_code
from vitascope.render import Frame, Renderer
from vitascope.studio.library import library
from vitascope.studio.plan import seen_most
from vitascope.world.build import build_stage

__all__ = ["Draft", "draft_of", "drawn_at", "moment_in"]

SIDE_LEAST = 128
"""Of films, for whose picture a stage is laid out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Passes at T moments: depth (T, h, w) uint8 as `depth_code`, ids (T, h, w) uint8, 0 the set, i + 1 the i-th subject."""

    depth: np.ndarray
    ids: np.ndarray


def moment_in(shot: Shot, t: float) -> Fraction:
    """`t` [s] where the shot is still seen then, else just before its end."""
    return Fraction(min(t, float(shot.duration) - 1e-3)).limit_denominator(100_000)


def draft_of(film: Film, shot: Shot, times: Sequence[float], *, size: tuple[int, int]) -> Draft:
    """Passes of `shot` at `times` [s] for pictures of `size` [px], width and height; they are a quarter of that size."""
    middle = slice(COARSE // 2, None, COARSE)
    sides = (len(times), len(range(size[1])[middle]), len(range(size[0])[middle]))
    draft = Draft(depth=np.empty(sides, np.uint8), ids=np.empty(sides, np.uint8))
    for n, frame in drawn_at(film, shot, times, size=size):
        assert frame.depth is not None
        assert frame.ids is not None
        draft.depth[n] = depth_code(frame.depth[middle, middle])
        draft.ids[n] = frame.ids[middle, middle]
    return draft


def drawn_at(
    film: Film, shot: Shot, times: Sequence[float], *, size: tuple[int, int], supersample: float = 1
) -> Iterator[tuple[int, Frame]]:
    """What the world draws of `shot`, with passes of depth and ids: for each place in `times` [s], not in their order."""
    moments = [moment_in(shot, t) for t in times]
    shown = [seen_most(shot, moment) for moment in moments]
    for plain in dict.fromkeys(shown):
        here = [n for n, each in enumerate(shown) if each == plain]
        rows = round(size[1] * supersample)
        stage = build_stage(
            film.model_copy(update={"shots": (plain,), "size": _like(size)}), library=library(), rows=rows
        )
        with Renderer(stage, size, fps=float(film.fps), supersample=supersample) as renderer:
            frames = renderer.frames([float(moments[n]) for n in here], passes={"depth", "ids"})
            yield from zip(here, frames, strict=True)


def _like(size: tuple[int, int]) -> Size:
    """The smallest size of a film in about this shape."""
    times = -(-SIDE_LEAST // min(size))
    return Size(width=2 * (size[0] * times // 2), height=2 * (size[1] * times // 2))
