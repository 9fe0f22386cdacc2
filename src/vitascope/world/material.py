"""How a surface answers light: base colour, a pattern in the surface's rest space, and a micro-structure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["PATTERNS", "SURFACES", "Material", "Rgb", "rgb"]

SURFACES = (
    "plain", "skin", "fur", "feather", "scales", "cloth", "leather", "wood", "bark", "leaf", "grass", "rock", "soil",
    "sand", "snow", "brick", "plaster", "concrete", "asphalt", "tiles", "planks", "roof_tiles", "metal", "car_paint",
    "rubber", "glass", "ice", "paper", "plastic", "ceramic", "emissive", "eye", "facade", "hair", "coral", "regolith",
    "foliage", "gravel", "straw", "cloud", "lit_window",
)  # fmt: skip
"""Micro-structure drawn per pixel (bump and value noise, brick joints, wood grain, window grids...). lit_window gives its
light off only as far as the sky is dark."""

PATTERNS = (
    "none", "rosettes", "spots", "stripes", "bands", "patches", "net", "checks", "plaid", "polka", "marble", "gradient",
    "noise", "layer", "rings", "camouflage",
)  # fmt: skip
"""Larger markings in `pattern_colour`, in the rest space of the body so that they do not swim as it moves.

rosettes: broken rings with a darker inside (leopard). spots: solid blobs. stripes: warped bands across the long (z) axis
(zebra, tiger). bands: rings along the height (y). patches: large soft-edged blotches (cow). net: polygons parted by thin
lines of the base colour (giraffe). layer: `pattern_colour` where the vertex mask, sharpened by noise, exceeds a half
(snow on rock, grass on soil). gradient: blends by height across the mesh. rings: circles round the z axis.
"""

Rgb = tuple[float, float, float]


def rgb(values: Iterable[float]) -> Rgb:
    """Three linear numbers, as a recipe or an array gives them."""
    red, green, blue = values
    return float(red), float(green), float(blue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Albedo at a point = mix(base, pattern_colour, pattern) * vertex colour * instance tint. Colours are linear RGB."""

    base: Rgb = (0.5, 0.5, 0.5)
    surface: str = "plain"
    roughness: float = 0.7
    metalness: float = 0.0
    clearcoat: float = 0.0
    """0..1, a second sharp highlight (car paint, lacquer, wet nose)."""
    translucency: float = 0.0
    """0..1, light that wraps round and shines through (leaves, ears, cloth, clay)."""
    emission: float = 0.0
    """Radiance given off = albedo * emission (1 is white paper in sunlight)."""
    opacity: float = 1.0
    """Below 1 the surface is drawn over what lies behind it (glass, balloons, smoke)."""
    pattern: str = "none"
    pattern_colour: Rgb = (0.1, 0.1, 0.1)
    pattern_scale: float = 0.1
    """Size of one marking in metres (spacing of stripes, diameter of spots)."""
    pattern_amount: float = 1.0
    """0..1, strength of the marking; multiplied by the vertex mask except for the pattern "layer"."""
    under: Rgb = (0.5, 0.5, 0.5)
    under_amount: float = 0.0
    """Countershading: how far surfaces that face down in rest take the colour `under`."""
    detail: float = 1.0
    """Strength of the micro-structure (bump and value noise), 1 is ordinary."""
    detail_scale: float = 1.0
    """Multiple of the natural size of the micro-structure."""
    colour_role: str = ""
    """"primary" or "secondary" when an asked-for colour replaces `base`; "pattern" when it replaces the marking."""
