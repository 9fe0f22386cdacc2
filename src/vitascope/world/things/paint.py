"""Paint: the materials of a recipe with the colours, substance, pattern and states that were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from importlib.resources import files
from typing import Any

from vitascope.film import Attributes
from vitascope.recipe import Recipe, RecipeError, colour_linear, read_yaml
from vitascope.world.material import PATTERNS, SURFACES, Material, Rgb

__all__ = ["material_of", "painted", "patterned", "substance"]

_COLOURS = ("base", "pattern_colour", "under")
_FIELDS = {f.name for f in fields(Material)}
_PATTERN_WORDS = {
    "striped": "bands", "stripes": "bands", "stripe": "bands", "pinstripe": "bands", "zebra": "stripes", "tiger": "stripes",
    "checked": "checks", "checkered": "checks", "chequered": "checks", "chess": "checks", "tartan": "plaid",
    "polka dot": "polka", "polka dots": "polka", "polka-dot": "polka", "polka dotted": "polka", "dotted": "polka",
    "spotted": "spots", "floral": "spots", "flowery": "spots", "leopard": "rosettes", "camo": "camouflage", "marbled": "marble",
    "speckled": "noise", "patchwork": "patches", "gradient": "gradient", "rainbow": "gradient",
}  # fmt: skip
_RUST: Rgb = (0.16, 0.06, 0.03)
_ALGAE: Rgb = (0.07, 0.12, 0.05)
_DIRT: Rgb = (0.17, 0.12, 0.075)


def painted(recipe: Recipe, attributes: Attributes) -> dict[str, Material]:
    """Materials by name in the order of the recipe. Raises RecipeError naming the material and the field."""
    made = {
        name: material_of(spec, f"The material {name!r} of {recipe.name!r}") for name, spec in recipe.materials.items()
    }
    if not made:
        made = {"body": Material()}
    return {name: _dressed(material, attributes, max(recipe.size), made) for name, material in made.items()}


def material_of(spec: Mapping[str, Any], where: str) -> Material:
    """A Material from fields of a recipe: `like` a substance, colours by name, hex or three linear numbers."""
    wanted = dict(spec)
    wanted.pop("glows", None)
    base = substance(str(wanted.pop("like")), where) if "like" in wanted else Material()
    for key, value in wanted.items():
        if key not in _FIELDS:
            raise RecipeError(
                f"{where} has an unknown field {key!r}; known are like, glows, {', '.join(sorted(_FIELDS))}."
            )
        if key in _COLOURS:
            wanted[key] = _colour(value, f"{where}: {key}")
        elif key in ("surface", "pattern"):
            known = SURFACES if key == "surface" else PATTERNS
            if value not in known:
                raise RecipeError(f"{where} has the {key} {value!r}; known are {', '.join(known)}.")
        elif key != "colour_role" and not isinstance(value, (int, float)):
            raise RecipeError(f"{where} has {key} = {value!r}; a number is needed there.")
    return replace(base, **wanted)


def substance(name: str, where: str = "A material") -> Material:
    """The substance called `name` (or one of its other words)."""
    table, same = _substances()
    key = same.get(name, name.replace(" ", "_"))
    if key not in table:
        raise RecipeError(f"{where} is like {name!r}, which is not a substance; known are {', '.join(sorted(table))}.")
    return table[key]


def patterned(material: Material, pattern: str, size: float, second: str | None) -> Material:
    """The material with a marking in the second colour, or in one that stands off from it."""
    kind = _PATTERN_WORDS.get(pattern, pattern if pattern in PATTERNS else "bands")
    light = sum(material.base) / 3 > 0.28
    colour = colour_linear(second) if second else ((0.03, 0.035, 0.06) if light else (0.86, 0.84, 0.8))
    return replace(
        material, pattern=kind, pattern_colour=colour, pattern_scale=max(0.11 * size, 0.004), pattern_amount=1.0
    )


@cache
def _substances() -> tuple[dict[str, Material], dict[str, str]]:
    raw = read_yaml(files("vitascope.world.things") / "substances.yaml")
    same = {word: name for name, words in raw.pop("same").items() for word in words}
    return {name: material_of(spec, f"The substance {name!r}") for name, spec in raw.items()}, same


def _colour(value: object, where: str) -> Rgb:
    if isinstance(value, str):
        try:
            return colour_linear(value)
        except RecipeError as error:
            raise RecipeError(f"{where}: {error}") from None
    if isinstance(value, (list, tuple)) and len(value) == 3 and all(isinstance(v, (int, float)) for v in value):
        return float(value[0]), float(value[1]), float(value[2])
    raise RecipeError(f"{where} must be a colour name, a hex string or three linear numbers, not {value!r}.")


def _dressed(material: Material, attributes: Attributes, size: float, made: Mapping[str, Material]) -> Material:
    role = material.colour_role
    has_second = any(m.colour_role == "secondary" for m in made.values())
    if role == "primary":
        if attributes.material:
            material = _made_of(material, attributes.material)
        if attributes.colour:
            material = replace(material, base=colour_linear(attributes.colour))
        if attributes.pattern:
            material = patterned(material, attributes.pattern, size, attributes.second_colour)
        elif attributes.second_colour and not has_second and material.pattern != "none":
            material = replace(material, pattern_colour=colour_linear(attributes.second_colour))
    elif role == "secondary" and attributes.second_colour:
        material = replace(material, base=colour_linear(attributes.second_colour))
    elif role == "pattern" and (attributes.second_colour or attributes.colour):
        material = replace(material, pattern_colour=colour_linear(attributes.second_colour or attributes.colour or ""))
    return _in_state(material, set(attributes.states), size)


def _made_of(material: Material, word: str) -> Material:
    """The material in another substance; words for substances that are not known leave it as it is."""
    table, same = _substances()
    key = same.get(word, word.replace(" ", "_"))
    if key not in table:
        return material
    return replace(table[key], colour_role=material.colour_role)


def _in_state(material: Material, states: set[str], size: float) -> Material:
    overgrown = material.pattern == "none"
    if "sunken" in states:
        base = tuple(0.45 * c + 0.3 * a for c, a in zip(material.base, _ALGAE, strict=True))
        rough = replace(material, base=base, roughness=0.9, metalness=0.1 * material.metalness, clearcoat=0.0)  # type: ignore[arg-type]
        colour = _RUST if material.metalness > 0.4 or material.surface == "car_paint" else _ALGAE
        return replace(rough, pattern="noise", pattern_colour=colour, pattern_scale=0.09 * size, pattern_amount=0.8)
    if states & {"dirty", "rotten", "mossy"} and overgrown:
        colour = _ALGAE if states & {"rotten", "mossy"} else _DIRT
        material = replace(
            material, pattern="noise", pattern_colour=colour, pattern_scale=0.15 * size, pattern_amount=0.6
        )
        material = replace(material, roughness=max(material.roughness, 0.7), clearcoat=0.3 * material.clearcoat)
    if "shiny" in states:
        material = replace(material, roughness=0.4 * material.roughness, clearcoat=max(material.clearcoat, 0.7))
    if "dull" in states:
        material = replace(material, roughness=max(material.roughness, 0.8), clearcoat=0.0)
    if "wet" in states:
        base = tuple(0.75 * c for c in material.base)
        material = replace(material, base=base, roughness=0.35 * material.roughness, clearcoat=0.8)  # type: ignore[arg-type]
    if "frozen" in states:
        base = tuple(0.55 * c + 0.35 * i for c, i in zip(material.base, (0.7, 0.85, 0.95), strict=True))
        material = replace(material, base=base, roughness=0.3, translucency=0.4)  # type: ignore[arg-type]
    return material
