"""A fitting: the pieces, materials and bare places of one person while the clothes go on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from vitascope.film import Garment
from vitascope.recipe import RecipeError, colour_linear
from vitascope.world.material import PATTERNS, Material
from vitascope.world.mesh import Mesh
from vitascope.world.people.frame import bound, fixed
from vitascope.world.people.palette import CLOTH
from vitascope.world.people.physique import Physique
from vitascope.world.people.piece import Cells, Piece

__all__ = ["Fitting"]

Rgb = tuple[float, float, float]

_PATTERN_NAMES = {
    "striped": "bands",
    "stripes": "bands",
    "stripe": "bands",
    "pinstripe": "stripes",
    "checked": "checks",
    "checkered": "checks",
    "chequered": "checks",
    "tartan": "plaid",
    "plaid": "plaid",
    "polka dot": "polka",
    "polka-dot": "polka",
    "dotted": "polka",
    "spotted": "polka",
    "floral": "spots",
    "flowery": "spots",
    "camouflage": "camouflage",
    "camo": "camouflage",
    "leopard": "rosettes",
}


@dataclass(slots=True, kw_only=True)
class Fitting:
    """What has been put on so far. `arms`, `legs` are the shares of the limb from which skin shows; 1 hides it all."""

    p: Physique
    grain: Cells
    seed: int
    pieces: list[Piece] = field(default_factory=list)
    materials: dict[str, Material] = field(default_factory=dict)
    arms: float = 0.0
    legs: float = 0.0
    trunk_bare: bool = True
    trunk_low: float = 0.0
    """Height [m] below which the trunk is covered."""
    feet_bare: bool = True
    hands_bare: bool = True
    tucked: bool = False
    """Trouser legs go into boots."""
    hat_on: bool = False
    hooded: bool = False
    """Under a hood only the hairline shows."""
    hair_hidden: bool = False
    head_hidden: bool = False

    def draw(self, salt: int) -> np.random.Generator:
        """A generator of its own for one choice."""
        return np.random.default_rng([self.seed, 61, salt])

    def cloth(
        self, slot: str, garment: Garment, *, colour: str | None = None, surface: str = "cloth", **more: object
    ) -> str:
        """The name of a new material for the garment: its own colour and pattern, or `colour`, or one drawn for the slot."""
        drawn = CLOTH[int(self.draw(sum(map(ord, slot))).integers(0, len(CLOTH)))]
        base = colour_linear(garment.colour or colour or drawn)
        material = Material(base=base, surface=surface, roughness=0.85, translucency=0.08, colour_role="primary")
        if garment.pattern:
            material = _patterned(material, garment.pattern, self.p.unit)
        return self.stuff(slot, replace(material, **more))  # type: ignore[arg-type]

    def stuff(self, name: str, material: Material) -> str:
        """Registers a material under a free name that begins with `name`."""
        key, k = name, 1
        while key in self.materials and self.materials[key] != material:
            k += 1
            key = f"{name}{k}"
        self.materials[key] = material
        return key

    def tone(
        self, name: str, hex_colour: str, *, surface: str = "cloth", roughness: float = 0.8, **more: object
    ) -> str:
        """Registers a plain material of a fixed colour (buttons, soles, trimmings)."""
        return self.stuff(name, Material(base=colour_linear(hex_colour), surface=surface, roughness=roughness, **more))  # type: ignore[arg-type]

    def add(self, mesh: Mesh, material: str, *, bone: str | None = None, loose: float = 0.0) -> None:
        """Adds an unbound mesh: carried by `bone`, or bound to the body by where it lies."""
        tied = fixed(mesh, bone) if bone else bound(mesh, self.p, loose=loose)
        self.pieces.append(Piece(mesh=tied, materials=(material,)))


def _patterned(material: Material, pattern: str, unit: float) -> Material:
    name = _PATTERN_NAMES.get(pattern.lower(), pattern.lower())
    if name not in PATTERNS:
        raise RecipeError(
            f"{pattern!r} is not a pattern of cloth; patterns are {', '.join((*_PATTERN_NAMES, *PATTERNS))}."
        )
    bright = sum(material.base) / 3
    mark = (0.82, 0.80, 0.74) if bright < 0.35 else (0.10, 0.11, 0.16)
    scale = {"bands": 0.055, "stripes": 0.03, "checks": 0.07, "plaid": 0.09, "polka": 0.05, "spots": 0.045}.get(
        name, 0.08
    )
    return replace(material, pattern=name, pattern_colour=mark, pattern_scale=scale * unit)
