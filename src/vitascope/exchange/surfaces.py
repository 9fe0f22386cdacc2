"""Materials in the plain terms that other programs know. Markings and grain are drawn per pixel here and are left to their
mean there; what a material lays over a surface (snow on rock) goes into the colours of the vertices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.sky import Sky

__all__ = ["Plain", "albedo_of", "darkness", "plain"]

_MEANS = {
    "rosettes": 0.25, "spots": 0.2, "stripes": 0.45, "bands": 0.5, "patches": 0.45, "net": 0.72, "checks": 0.5,
    "plaid": 0.4, "polka": 0.25, "marble": 0.3, "noise": 0.5, "rings": 0.5, "camouflage": 0.5,
}  # fmt: skip
"""How much of a surface a marking covers, as it looks from so far that it runs together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """Metallic-roughness terms of a material; its colour stands in the vertices."""

    name: str
    roughness: float
    metalness: float
    emission: float
    opacity: float


def plain(material: Material, night: float) -> Plain:
    """The material at a darkness of 0 (day) to 1 (night), by which some windows are lit."""
    shines = material.emission * (0.03 + 0.97 * night if material.surface == "lit_window" else 1.0)
    return Plain(
        name=material.surface,
        roughness=round(float(np.clip(material.roughness, 0.04, 1.0)), 3),
        metalness=round(float(np.clip(material.metalness, 0.0, 1.0)), 3),
        emission=round(float(shines), 3),
        opacity=round(float(np.clip(material.opacity, 0.0, 1.0)), 3),
    )


def albedo_of(mesh: Mesh, materials: tuple[Material, ...]) -> np.ndarray:
    """(N, 3) float32 linear colour of each vertex of a mesh at rest."""
    colours = np.empty_like(mesh.colours)
    heights = mesh.positions[:, 1]
    low, high = (float(heights.min()), float(heights.max())) if len(heights) else (0.0, 1.0)
    for number in np.unique(mesh.material):
        chosen = mesh.material == number
        material = materials[number]
        colour = np.broadcast_to(np.asarray(material.base, np.float32), (int(chosen.sum()), 3))
        if material.under_amount > 0.0:
            below = _smoothstep(0.15, -0.75, mesh.normals[chosen, 1]) * material.under_amount
            colour = _mixed(colour, material.under, below)
        if material.pattern != "none":
            height = (heights[chosen] - low) / max(high - low, 1e-4)
            share = _share(material, mesh.mask[chosen], height) * material.pattern_amount
            colour = _mixed(colour, material.pattern_colour, share)
        colours[chosen] = colour * mesh.colours[chosen]
    return np.clip(colours, 0.0, 1.0)


def darkness(sky: Sky) -> float:
    """0 under a bright sky to 1 under a dark one: how far windows are lit."""
    middle = (np.asarray(sky.zenith) + np.asarray(sky.horizon)) / 2
    return float(1.0 - _smoothstep(0.03, 0.3, np.array([middle @ (0.2126, 0.7152, 0.0722)]))[0])


def _share(material: Material, mask: np.ndarray, height: np.ndarray) -> np.ndarray:
    """(N,) 0..1, how far vertices take the colour of the pattern."""
    if material.pattern == "layer":
        return _smoothstep(0.42, 0.58, mask)
    if material.pattern == "gradient":
        return _smoothstep(0.1, 0.9, height) * mask
    return _MEANS[material.pattern] * mask


def _mixed(colour: np.ndarray, other: tuple[float, float, float], share: np.ndarray) -> np.ndarray:
    return colour + (np.asarray(other, np.float32) - colour) * share[:, None].astype(np.float32)


def _smoothstep(low: float, high: float, x: np.ndarray) -> np.ndarray:
    u = np.clip((x - low) / (high - low), 0.0, 1.0)
    return u * u * (3.0 - 2.0 * u)
