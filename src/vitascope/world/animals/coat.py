"""Coats: which colour, pattern and surface each region of an animal has, and painted patches with soft edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vitascope.film import Attributes
from vitascope.recipe import colour_linear
from vitascope.world.material import PATTERNS, Material, Rgb, rgb
from vitascope.world.mesh import Mesh

__all__ = ["Coat", "Patch", "coat_of"]

_PATTERN_WORDS = {
    "striped": "stripes", "stripy": "stripes", "tabby": "stripes", "spotted": "spots", "spotty": "spots", "dotted": "polka",
    "speckled": "spots", "patched": "patches", "patchy": "patches", "piebald": "patches", "plain": "none", "solid": "none",
    "banded": "rings", "checked": "checks", "checkered": "checks", "marbled": "marble",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A painted ellipsoid in rest space: inside it colour and mask replace what is there, fading over `soft` (0..1)."""

    centre: np.ndarray
    axes: np.ndarray
    radii: np.ndarray
    soft: float
    colour: Rgb | None
    mask: float | None
    strength: float = 1.0
    ragged: float = 0.0
    """How far its outline wanders, in its own radii."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coat:
    """Materials by name, and colour, mask and material of each region. Region colours are absolute linear RGB."""

    materials: Mapping[str, Material]
    colours: Mapping[str, Rgb]
    masks: Mapping[str, float]
    homes: Mapping[str, str]
    """Material name of each region."""
    base: Rgb

    def number(self, material: str) -> int:
        """Index of a material."""
        return list(self.materials).index(material)

    def region_colour(self, region: str) -> Rgb:
        """Linear RGB of a region."""
        return self.colours.get(region, self.base)

    def region_material(self, region: str) -> str:
        """Material name of a region."""
        return self.homes.get(region, "coat")

    def finished(self, mesh: Mesh, patches: tuple[Patch, ...]) -> tuple[Mesh, Mapping[str, Material]]:
        """Shade undersides, paint patches, and split colours into material bases (the brightest) and vertex factors 0..1.

        The colour of a marking is multiplied by the vertex factor too, so it is divided by the typical one here.
        """
        colours = mesh.colours.astype(np.float64)
        mask = mesh.mask.astype(np.float64)
        furry = np.isin(mesh.material, [self.number(name) for name in self.materials if name.startswith("coat")])
        down = np.clip(0.18 - 1.15 * mesh.normals[:, 1].astype(np.float64), 0.0, 1.0)
        for name, material in self.materials.items():
            far = np.linalg.norm(colours - np.asarray(self.base), axis=1) / (float(np.linalg.norm(self.base)) + 0.05)
            here = (
                (mesh.material == self.number(name))
                * material.under_amount
                * furry
                * np.clip(1.4 - 2.5 * far, 0.0, 1.0)
            )
            share = (down * down * (3 - 2 * down) * here)[:, None]
            colours = colours * (1 - share) + np.asarray(material.under) * share
        for patch in patches:
            q = (mesh.positions - patch.centre) @ patch.axes / patch.radii
            q = q + patch.ragged * _wander(q * 1.6 + patch.centre / patch.radii)
            inside = np.clip((1.0 - np.linalg.norm(q, axis=1)) / max(patch.soft, 1e-3) + 0.5, 0.0, 1.0)
            share = (inside * inside * (3 - 2 * inside) * patch.strength * furry)[:, None]
            if patch.colour is not None:
                colours = colours * (1 - share) + np.asarray(patch.colour) * share
            if patch.mask is not None:
                mask = mask * (1 - share[:, 0]) + patch.mask * share[:, 0]
        materials = dict(self.materials)
        for name in materials:
            used = mesh.material == self.number(name)
            if not used.any():
                continue
            brightest = np.maximum(colours[used].max(0), 1e-4)
            colours[used] /= brightest
            weight = mask[used] + 1e-6
            typical = (colours[used] * weight[:, None]).sum(0) / weight.sum()
            marking = np.clip(np.asarray(materials[name].pattern_colour) / np.maximum(typical, 1e-3), 0.0, 1.0)
            materials[name] = replace(
                materials[name],
                base=rgb(brightest),
                pattern_colour=rgb(marking),
                under=rgb(brightest),
                under_amount=0.0,
            )
        return replace(mesh, colours=colours.astype(np.float32), mask=mask.astype(np.float32)), materials


def _wander(q: np.ndarray) -> np.ndarray:
    """(N, 3) smooth irregular offsets within about 1 at points (N, 3), one bend a unit."""
    x, y, z = q.T
    return np.stack(
        [
            np.sin(2.3 * y + 1.7 * z + 0.4) * 0.6 + np.sin(5.1 * z - 3.7 * y + 1.9) * 0.3,
            np.sin(2.1 * z - 1.9 * x + 2.7) * 0.6 + np.sin(4.7 * x + 4.1 * z + 0.8) * 0.3,
            np.sin(2.7 * x + 1.3 * y + 5.2) * 0.6 + np.sin(4.3 * y - 5.3 * x + 3.3) * 0.3,
        ],
        axis=1,
    )


def coat_of(coat: Mapping[str, Any], attributes: Attributes, *, unit: float) -> Coat:
    """The coat that a recipe's parameter `coat` describes, as the attributes change it; lengths in units of `unit` [m]."""
    base = colour_linear(coat["base"])
    regions = dict(coat.get("regions", {}))
    pattern = {
        key: coat[key] for key in ("pattern", "pattern_colour", "pattern_scale", "pattern_amount") if key in coat
    }
    under = colour_linear(coat["under"]) if "under" in coat else base
    limbs = coat.get("materials", {})
    if attributes.colour is not None:
        base, under, regions, pattern, limbs = _recoloured(
            colour_linear(attributes.colour), coat, regions, pattern, limbs
        )
    if attributes.pattern is not None:
        name = _PATTERN_WORDS.get(attributes.pattern, attributes.pattern)
        if name in PATTERNS:
            depth = 0.04 if min(base) > 0.45 else 0.25
            marking = tuple(c * depth for c in base) if max(base) > 0.08 else (0.75, 0.72, 0.68)
            pattern = {
                "pattern_scale": 0.14,
                "pattern_amount": 0.85,
                "pattern_colour": marking,
                **pattern,
                "pattern": name,
            }
            limbs = {part: {} for part in limbs}
    if attributes.second_colour is not None:
        second = colour_linear(attributes.second_colour)
        pattern = {**pattern, "pattern_colour": second}
        if pattern.get("pattern", "none") == "none":
            under = second
    shared = _material(
        {"surface": "fur", "roughness": 0.82, "under_amount": 0.6, **{k: v for k, v in coat.items() if k in _PLAIN}},
        unit,
    )
    shared = replace(shared, base=base, under=under)
    materials = {"coat": _patterned(shared, pattern, unit)}
    for name, change in limbs.items():
        materials[f"coat_{name}"] = _patterned(_material(change, unit, shared), {**pattern, **change}, unit)
    homes = {
        region: f"coat_{spec['material']}" for region, spec in coat.get("regions", {}).items() if "material" in spec
    }
    homes = {region: name for region, name in homes.items() if name in materials}
    return Coat(
        materials=materials,
        colours={region: colour_linear(spec["colour"]) for region, spec in regions.items() if "colour" in spec},
        masks={region: float(spec["mask"]) for region, spec in regions.items() if "mask" in spec},
        homes=homes,
        base=base,
    )


_PLAIN = ("surface", "roughness", "under_amount", "detail", "detail_scale", "translucency", "clearcoat")


def _recoloured(
    asked: Rgb, coat: Mapping[str, Any], regions: dict, pattern: dict, limbs: dict
) -> tuple[Rgb, Rgb, dict, dict, dict]:
    """An asked-for colour takes the whole coat; only what is marked `keep`, and inherent patterns, stay. Materials of parts
    stay apart, since locks grow from them."""
    kept = {r: s if s.get("keep") else {k: v for k, v in s.items() if k != "colour"} for r, s in regions.items()}
    under = tuple(min(1.0, c * 1.12 + 0.01) for c in asked)
    if not coat.get("inherent", False):
        return asked, (under[0], under[1], under[2]), kept, {}, {part: {} for part in limbs}
    if max(asked) < 0.06:
        pattern = {**pattern, "pattern_colour": tuple(c * 0.3 for c in asked)}
        limbs = {n: {k: v for k, v in c.items() if k != "pattern_colour"} for n, c in limbs.items()}
    return asked, (under[0], under[1], under[2]), kept, pattern, limbs


def _material(fields: Mapping[str, Any], unit: float, start: Material | None = None) -> Material:
    plain = {key: value for key, value in fields.items() if key in _PLAIN}
    return replace(start or Material(), **plain)


def _patterned(material: Material, pattern: Mapping[str, Any], unit: float) -> Material:
    if pattern.get("pattern", "none") == "none":
        return replace(material, pattern="none")
    colour = pattern.get("pattern_colour", "#201810")
    return replace(
        material,
        pattern=pattern["pattern"],
        pattern_colour=colour_linear(colour) if isinstance(colour, str) else colour,
        pattern_scale=float(pattern.get("pattern_scale", 0.15)) * unit,
        pattern_amount=float(pattern.get("pattern_amount", 1.0)),
    )
