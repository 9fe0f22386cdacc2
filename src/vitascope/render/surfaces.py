"""Materials packed for the device, and which kinds of surface and pattern a stage uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import wgpu

from vitascope.render.gpu import Gpu, RenderError
from vitascope.world.material import PATTERNS, SURFACES, Material
from vitascope.world.stage import Stage

__all__ = ["SurfaceClass", "SurfaceTable", "surface_classes"]

_LIMIT = 4096
_CLASS_LIMIT = 250
_SMOOTH = (
    "plain",
    "metal",
    "car_paint",
    "rubber",
    "glass",
    "paper",
    "plastic",
    "ceramic",
    "emissive",
    "eye",
    "lit_window",
)
_SMOOTH_BITS = sum(1 << SURFACES.index(name) for name in _SMOOTH)
"""Surfaces whose micro-structure costs so little that they share one shader."""
_GLOSSY = ("car_paint", "ceramic", "eye", "facade", "glass", "ice", "tiles")
"""Surfaces that mirror the sky sharply whatever their material says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceClass:
    """Materials that one small shader draws: the surfaces and the pattern it knows, as bits."""

    surfaces: int
    pattern: int
    glossy: bool

    def constants(self) -> dict[str, int]:
        """WGSL constants that say which kinds occur, so that the rest is not compiled."""
        return {
            "SURFACES_LOW": self.surfaces & 0xFFFFFFFF,
            "SURFACES_HIGH": self.surfaces >> 32,
            "PATTERNS_USED": self.pattern,
        }


class SurfaceTable:
    """All materials of a stage in one buffer. `first[i]` is where the materials of thing i begin."""

    def __init__(self, gpu: Gpu, stage: Stage) -> None:
        starts: dict[tuple, int] = {}
        rows: list[np.ndarray] = []
        self.first: list[int] = []
        self._drawn_by = _shared_classes(stage)
        self.classes = _ordered(set(self._drawn_by.values()))
        """In the order of their numbers, matt ones first."""
        self.clear = _clear_class(stage)
        """One class that draws everything that lets light through."""
        self.of_thing = [tuple(sorted({self.class_of(m) for m in thing.materials})) for thing in stage.things]
        """Numbers of the classes that each thing uses."""
        for thing in stage.things:
            heights = thing.mesh.positions[:, 1] if len(thing.mesh.positions) else np.zeros(1)
            low, high = float(heights.min()), float(heights.max())
            key = (thing.materials, low, high)
            if key not in starts:
                starts[key] = len(rows)
                rows += [
                    _packed(material, low, high, self.place_of(self.class_of(material))) for material in thing.materials
                ]
            self.first.append(starts[key])
        if len(rows) > _LIMIT:
            raise RenderError(f"The stage has {len(rows)} different materials; {_LIMIT} are allowed. Share some.")
        data = np.stack(rows) if rows else np.zeros((1, 12), np.uint32)
        self.buffer: wgpu.GPUBuffer = gpu.buffer(data, "storage")

    def place_of(self, number: int) -> int:
        """What `class_depth` of frame.wgsl takes for a class: its number, and bit 8 where it is glossy."""
        return number | self.classes[number].glossy << 8

    def class_of(self, material: Material) -> int:
        """Number of the class that draws a material."""
        return self.classes.index(self._drawn_by[_class_of(material)])


def surface_classes(stage: Stage) -> tuple[list[tuple[SurfaceClass, ...]], SurfaceClass]:
    """The classes that draw the materials of each thing, and the one of everything that lets light through."""
    drawn_by = _shared_classes(stage)
    solid = [tuple(drawn_by[_class_of(m)] for m in thing.materials) for thing in stage.things]
    return solid, _clear_class(stage)


def _clear_class(stage: Stage) -> SurfaceClass:
    return _together([m for thing in stage.things for m in thing.materials if m.opacity < 1.0])


def _class_of(material: Material) -> SurfaceClass:
    surface = 1 << _number(SURFACES, material.surface)
    pattern = _number(PATTERNS, material.pattern)
    glossy = material.clearcoat > 0.01 or material.roughness < 0.3 or material.surface in _GLOSSY
    if surface & _SMOOTH_BITS:
        surface = _SMOOTH_BITS
    return SurfaceClass(surfaces=surface, pattern=1 << pattern if pattern else 0, glossy=glossy)


def _together(materials: Sequence[Material]) -> SurfaceClass:
    surfaces = patterns = 0
    for each in map(_class_of, materials):
        surfaces |= each.surfaces
        patterns |= each.pattern
    return SurfaceClass(surfaces=surfaces, pattern=patterns, glossy=True)


def _shared_classes(stage: Stage) -> dict[SurfaceClass, SurfaceClass]:
    """Which class draws each class of material: on bodies, which cover little of a picture, one shader knows all patterns."""
    bodies = {_class_of(m) for thing in stage.things if thing.mesh.joints is not None for m in thing.materials}
    others = {_class_of(m) for thing in stage.things if thing.mesh.joints is None for m in thing.materials}
    shared: dict[tuple[int, bool], int] = {}
    for each in bodies - others:
        shared[each.surfaces, each.glossy] = shared.get((each.surfaces, each.glossy), 0) | each.pattern
    return {each: each for each in others} | {
        each: SurfaceClass(surfaces=each.surfaces, pattern=shared[each.surfaces, each.glossy], glossy=each.glossy)
        for each in bodies - others
    }


def _ordered(found: set[SurfaceClass]) -> list[SurfaceClass]:
    ordered = sorted(found, key=lambda c: (c.glossy, c.surfaces, c.pattern))
    if len(ordered) > _CLASS_LIMIT:
        raise RenderError(f"The stage has {len(ordered)} kinds of surface; {_CLASS_LIMIT} are allowed. Use fewer.")
    return ordered


def _number(names: Sequence[str], name: str) -> int:
    if name not in names:
        raise RenderError(f"A material asks for {name!r}; known are {', '.join(names)}. Use one of them.")
    return names.index(name)


def _halves(a: float, b: float) -> int:
    parts = np.array([a, b], np.float16).view(np.uint16)
    return int(parts[0]) | int(parts[1]) << 16


def _bytes(*values: float) -> int:
    parts = np.round(np.clip(np.array(values), 0, 1) * 255).astype(np.uint32)
    return int(parts[0] | parts[1] << 8 | parts[2] << 16 | parts[3] << 24)


def _packed(m: Material, low: float, high: float, place: int) -> np.ndarray:
    """(12,) uint32, in the order of `Surface` in stage.wgsl."""
    kind = _number(SURFACES, m.surface) | _number(PATTERNS, m.pattern) << 8 | place << 16
    return np.array(
        [
            _halves(m.base[0], m.base[1]),
            _halves(m.base[2], m.roughness),
            _halves(m.pattern_colour[0], m.pattern_colour[1]),
            _halves(m.pattern_colour[2], m.pattern_amount),
            _bytes(*(max(c, 0.0) ** 0.5 for c in m.under), m.under_amount),
            _bytes(m.metalness, m.clearcoat, m.translucency, m.opacity),
            _halves(m.emission, m.detail),
            _halves(m.pattern_scale, m.detail_scale),
            kind,
            _halves(low, high),
            0,
            0,
        ],
        np.uint32,
    )
