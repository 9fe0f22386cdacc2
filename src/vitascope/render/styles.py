"""Styles and grades as values: numbers from data files that shaders are compiled with or read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from vitascope.render.gpu import RenderError

__all__ = ["Grade", "Style", "grade_named", "style_named"]

_WHOLE = ("index", "ramp", "blocks", "levels")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a stage is drawn; styles.yaml explains each number."""

    index: int
    ramp: int = 0
    softness: float = 0.06
    wrap: float = 0.0
    flatness: float = 0.0
    texture: float = 1.0
    lumps: float = 0.0
    gloss: float = 1.0
    pastel: float = 0.0
    poster: float = 0.0
    occlusion: float = 1.0
    ink: float = 0.0
    faint: float = 1.0
    paper: float = 0.0
    wobble: float = 0.0
    hatch: float = 0.0
    blocks: int = 0
    levels: int = 0
    mono: float = 0.0
    fade: float = 0.0
    bloom: float = 1.0
    saturation: float = 1.0
    contrast: float = 1.0
    grain: float = 1.0
    vignette: float = 1.0
    blur: float = 1.0

    def constants(self) -> dict[str, int | float]:
        """WGSL constants LOOK_RAMP, LOOK_INK ... for the shaders that depend on the style."""
        return {f"LOOK_{name.upper()}": value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A grade of colour after the tone curve."""

    saturation: float = 1.0
    contrast: float = 1.0
    gain: tuple[float, float, float] = (1.0, 1.0, 1.0)
    lift: tuple[float, float, float] = (0.0, 0.0, 0.0)
    fade: float = 0.0
    mono: float = 0.0
    tone: tuple[float, float, float] = (1.0, 1.0, 1.0)


@cache
def _data(name: str) -> Mapping[str, Mapping]:
    return yaml.safe_load((files("vitascope.render") / name).read_text(encoding="utf-8"))


def style_named(name: str) -> Style:
    """The style of that name. Raises RenderError that lists the known ones."""
    known = _data("styles.yaml")
    if name not in known:
        raise RenderError(f"There is no style {name!r}; known are {', '.join(known)}. Choose one of them.")
    fields: dict[str, Any] = {k: v if k in _WHOLE else float(v) for k, v in known[name].items()}
    return Style(**fields)


def grade_named(name: str) -> Grade:
    """The grade of that name; spaces and underscores read as hyphens. Raises RenderError that lists the known ones."""
    known = _data("grades.yaml")
    key = (name or "neutral").lower().replace("_", "-").replace(" ", "-")
    if key not in known:
        raise RenderError(f"There is no grade {name!r}; known are {', '.join(known)}. Choose one of them.")
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else float(v) for k, v in known[key].items()}
    return Grade(**fields)
