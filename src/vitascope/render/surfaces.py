"""Materials packed for the device, and which kinds of surface and pattern a stage uses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import wgpu

from vitascope.render.gpu import Gpu, RenderError
from vitascope.world.material import PATTERNS, SURFACES, Material
from vitascope.world.stage import Stage

__all__ = ["SurfaceTable"]

_LIMIT = 4096


class SurfaceTable:
    """All materials of a stage in one buffer. `first[i]` is where the materials of thing i begin."""

    def __init__(self, gpu: Gpu, stage: Stage) -> None:
        starts: dict[tuple, int] = {}
        rows: list[np.ndarray] = []
        self.first: list[int] = []
        for thing in stage.things:
            heights = thing.mesh.positions[:, 1] if len(thing.mesh.positions) else np.zeros(1)
            low, high = float(heights.min()), float(heights.max())
            key = (thing.materials, low, high)
            if key not in starts:
                starts[key] = len(rows)
                rows += [_packed(material, low, high) for material in thing.materials]
            self.first.append(starts[key])
        if len(rows) > _LIMIT:
            raise RenderError(f"The stage has {len(rows)} different materials; {_LIMIT} are allowed. Share some.")
        data = np.stack(rows) if rows else np.zeros((1, 12), np.uint32)
        self.buffer: wgpu.GPUBuffer = gpu.buffer(data, "storage")
        materials = [material for thing in stage.things for material in thing.materials]
        self.surface_bits = _bits(SURFACES, (material.surface for material in materials))
        self.pattern_bits = _bits(PATTERNS, (material.pattern for material in materials))

    def constants(self) -> dict[str, int]:
        """WGSL constants that say which kinds occur, so that the rest is not compiled."""
        return {
            "SURFACES_LOW": self.surface_bits & 0xFFFFFFFF,
            "SURFACES_HIGH": self.surface_bits >> 32,
            "PATTERNS_USED": self.pattern_bits,
        }


def _bits(names: Sequence[str], used) -> int:
    bits = 0
    for name in used:
        bits |= 1 << _number(names, name)
    return bits


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


def _packed(m: Material, low: float, high: float) -> np.ndarray:
    """(12,) uint32, in the order of `Surface` in stage.wgsl."""
    kind = _number(SURFACES, m.surface) | _number(PATTERNS, m.pattern) << 8
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
