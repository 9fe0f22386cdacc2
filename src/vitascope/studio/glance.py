"""A look at one moment of a film, at once and small: its picture, and who stands where in it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from fractions import Fraction
from types import TracebackType
from typing import Self

import numpy as np

from vitascope.exchange import SceneFile, stage_as_gltf
from vitascope.film import Film, Shot, layers_at
from vitascope.render import Renderer
from vitascope.studio.library import library
from vitascope.studio.mixing import mixed
from vitascope.studio.plan import seen_most, shot_at
from vitascope.world.build import build_stage
from vitascope.world.stage import Stage

__all__ = ["Glance", "Seen"]

SEEN_HEIGHT = 240
"""Rows of the id pass that is looked at."""
KEPT = 4
"""Shots, at one size each, that are ready to be drawn again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Who is seen where at a moment: `ids` (H, W) uint16 has 0 for scenery and i + 1 for `subjects[i]`."""

    shot: str
    subjects: tuple[str, ...]
    names: tuple[str, ...]
    ids: np.ndarray


class Glance:
    """A context manager that draws single moments; the shots of the last few are still there. Belongs to one thread."""

    def __init__(self) -> None:
        self._ready: OrderedDict[tuple, tuple[Stage, Renderer]] = OrderedDict()
        self._last: tuple[tuple, Stage] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is ready."""
        self._last = None
        while self._ready:
            self._ready.popitem()[1][1].close()

    def picture(self, film: Film, t: Fraction, *, height: int) -> np.ndarray:
        """The picture at `t` [s of the film], sRGB uint8 (H, W, 3) with up to `height` rows. Raises ProjectError."""
        shot, start = shot_at(film, t)
        parts: list[tuple[float, np.ndarray]] = []
        for layer in layers_at(shot, min(t - start, shot.duration - 1 / Fraction(film.fps))):
            stage, renderer = self._prepared(film, layer.shot, height)
            parts.append((layer.share, renderer.draw(min(float(t - start), stage.duration)).colour))
        return mixed(parts)

    def seen(self, film: Film, t: Fraction, *, height: int = SEEN_HEIGHT) -> Seen:
        """Who is seen where at `t` [s of the film]. Raises ProjectError."""
        shot, start = shot_at(film, t)
        plain = seen_most(shot, t - start)
        stage, renderer = self._prepared(film, plain, height)
        ids = renderer.draw(min(float(t - start), stage.duration), passes={"ids"}).ids
        assert ids is not None
        return Seen(
            shot=shot.id,
            subjects=tuple(one.id for one in plain.subjects),
            names=tuple(one.name for one in plain.subjects),
            ids=np.where(ids <= len(plain.subjects), ids, 0).astype(np.uint16),
        )

    def scene(self, film: Film, t: Fraction) -> SceneFile:
        """The shot at `t` [s of the film] as a glTF file, as it stands at that moment. Raises ProjectError."""
        shot, start = shot_at(film, t)
        plain = seen_most(shot, t - start)
        stage = self._stage_of(film, plain)
        return stage_as_gltf(stage, min(float(t - start), stage.duration), aspect=film.size.width / film.size.height)

    def _stage_of(self, film: Film, plain: Shot) -> Stage:
        part = _part(film, plain)
        known = next((ready[0] for key, ready in self._ready.items() if key[0] == part), None)
        if known is None and self._last is not None and self._last[0] == part:
            known = self._last[1]
        stage = known or build_stage(film.model_copy(update={"shots": (plain,)}), library=library())
        self._last = part, stage
        return stage

    def _prepared(self, film: Film, plain: Shot, height: int) -> tuple[Stage, Renderer]:
        size = _within(film, height)
        shot = _part(film, plain)
        if (shot, size) not in self._ready:
            stage = self._stage_of(film, plain)
            while len(self._ready) >= KEPT:
                self._ready.popitem(last=False)[1][1].close()
            self._ready[shot, size] = stage, Renderer(stage, size, fps=float(film.fps))
        self._ready.move_to_end((shot, size))
        return self._ready[shot, size]


def _part(film: Film, plain: Shot) -> tuple:
    """All of a film that the stage of a plain shot hangs on."""
    return film.fps, film.seed, film.size, plain


def _within(film: Film, height: int) -> tuple[int, int]:
    height = min(height, film.size.height)
    return max(2, round(height * film.size.width / film.size.height)), height
