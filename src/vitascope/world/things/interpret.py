"""Reads the parts of a recipe, written by people or by a language model, into a kit. Data only: nothing is ever run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from vitascope.film import Attributes
from vitascope.recipe import Recipe, RecipeError
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.skeleton import Bone
from vitascope.world.things.arithmetic import number
from vitascope.world.things.kit import MIRRORS, Kit
from vitascope.world.things.paint import painted
from vitascope.world.things.shapes import OPTIONS, SHAPES, mould

__all__ = ["kit_of", "vector"]

_PARTS, _COPIES, _VERTICES = 160, 120, 60_000
_COMMON = ("at", "turn", "scale", "mirror", "repeat", "bone", "material", "mask", "when", "unless", "blend", "detail")


def kit_of(recipe: Recipe, attributes: Attributes, *, detail: float | None = None, bones: Sequence[Bone] = ()) -> Kit:
    """The parts, bones and sockets of a recipe, on top of `bones` that its family has.

    Raises RecipeError with one sentence that names recipe, part and field.
    """
    kit = Kit(painted(recipe, attributes))
    kit.bones += bones
    if len(recipe.parts) > _PARTS:
        raise RecipeError(f"The recipe {recipe.name!r} has {len(recipe.parts)} parts; {_PARTS} are allowed.")
    names = recipe.parameters
    for bone in recipe.bones:
        where = f"The bone {bone.get('name', '?')!r} of {recipe.name!r}"
        parent = str(bone.get("parent", "root"))
        if parent not in {b.name for b in kit.bones}:
            raise RecipeError(f"{where} hangs on {parent!r}, which must be a bone named before it.")
        kit.add_bone(str(bone.get("name", "")), vector(bone.get("head", (0, 0, 0)), names, where), parent)
    states = set(attributes.states)
    for place, part in enumerate(recipe.parts):
        wanted, unwanted = part.get("when"), part.get("unless")
        if (wanted is None or wanted in states) and (unwanted is None or unwanted not in states):
            _add_part(kit, part, names, f"Part {place + 1} of the recipe {recipe.name!r}", recipe, detail)
    if sum(len(s.mesh.positions) for s in kit.solids) > _VERTICES:
        raise RecipeError(
            f"The recipe {recipe.name!r} makes more than {_VERTICES} vertices; use fewer or simpler parts."
        )
    _add_sockets(kit, recipe)
    return kit


def vector(value: object, names: Mapping[str, Any], where: str) -> tuple[float, float, float]:
    """Three numbers or sums."""
    if not isinstance(value, (list, tuple)) or len(value) != 3:
        raise RecipeError(f"{where} has {value!r} where three numbers x, y, z are needed.")
    x, y, z = (number(v, names, where) for v in value)
    return x, y, z


def _add_part(
    kit: Kit, part: Mapping[str, Any], names: Mapping[str, Any], where: str, recipe: Recipe, detail: float | None
) -> None:
    shape = next((key for key in part if key in SHAPES or key == "mould"), None)
    if shape is None:
        raise RecipeError(f"{where} has no shape; give one of {', '.join(SHAPES)} or mould.")
    where = f"{where} ({shape})"
    strange = [key for key in part if key not in (shape, *_COMMON, *OPTIONS)]
    if strange:
        raise RecipeError(f"{where} has an unknown field {strange[0]!r}; known are {', '.join((*_COMMON, *OPTIONS))}.")
    bone = str(part.get("bone", "root"))
    if bone not in {b.name for b in kit.bones}:
        raise RecipeError(f"{where} is bound to the bone {bone!r}, which {recipe.name!r} does not have.")
    mesh = _mesh(shape, part, names, where, recipe, detail)
    material = _material(kit.materials, part, where)
    mirror = {True: "x", None: ""}.get(part.get("mirror"), part.get("mirror"))
    if mirror and mirror not in MIRRORS:
        raise RecipeError(f"{where} has mirror {mirror!r}; allowed are true, x, z and xz.")
    at, turn = (vector(part.get(key, (0, 0, 0)), names, f"{where}: {key}") for key in ("at", "turn"))
    scale = part.get("scale", 1.0)
    size = vector(scale, names, where) if isinstance(scale, (list, tuple)) else number(scale, names, where)
    if np.min(np.abs(size)) < 1e-4:
        raise RecipeError(f"{where} has scale {scale!r}; it must not be zero.")
    for offset, spin in _copies(part.get("repeat"), names, where):
        place, direction = _turned_about(at, turn, offset, spin)
        kit.add(
            mesh, material, at=place, turn=direction, scale=size, bone=bone, mirror=str(mirror or ""),
            mask=number(part.get("mask", 1.0), names, where),
        )  # fmt: skip


def _mesh(
    shape: str, part: Mapping[str, Any], names: Mapping[str, Any], where: str, recipe: Recipe, detail: float | None
) -> Mesh:
    if shape == "mould":
        rows = part["mould"]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise RecipeError(f"{where} must be a list of blobs.")
        plain = [_numbers_in(row, names, where) for row in rows]
        usual = number(part.get("detail", max(recipe.size) / 36), names, where)
        cell = usual if detail is None else float(np.clip(detail, 0.6 * usual, 1.6 * usual))
        cell = max(cell, max(recipe.size) / 120)
        return _cached("mould", json.dumps(plain), float(f"{cell:.3g}"), where)
    _, least, most, meaning = SHAPES[shape]
    values = [number(v, names, where) for v in _flat(part[shape])]
    if not least <= len(values) <= most:
        raise RecipeError(f"{where} has {len(values)} numbers; it takes {meaning} ({least} to {most} numbers).")
    options = {key: number(part[key], names, f"{where}: {key}") for key in OPTIONS if key in part}
    if shape in ("box", "cylinder", "cone", "sphere", "torus", "disc") and min(values[:2]) <= 0:
        raise RecipeError(f"{where} has the size {values}; sizes must be above zero.")
    return _cached(shape, json.dumps([values, options]), 0.0, where)


@lru_cache(maxsize=512)
def _cached(shape: str, text: str, cell: float, where: str) -> Mesh:
    if shape == "mould":
        return mould(json.loads(text), cell, where)
    values, options = json.loads(text)
    return SHAPES[shape][0](values, options)


def _numbers_in(row: Mapping[str, Any], names: Mapping[str, Any], where: str) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, value in row.items():
        if key == "cut":
            plain[key] = bool(value)
        elif isinstance(value, (list, tuple)):
            plain[key] = [number(v, names, f"{where}: {key}") for v in value]
        else:
            plain[key] = number(value, names, f"{where}: {key}")
    return plain


def _flat(value: object) -> Iterable[object]:
    if not isinstance(value, (list, tuple)):
        yield value
        return
    for item in value:
        yield from _flat(item)


def _material(materials: Mapping[str, Material], part: Mapping[str, Any], where: str) -> str:
    name = part.get("material", next(iter(materials), None))
    if name not in materials:
        raise RecipeError(f"{where} asks for the material {name!r}; the recipe has {', '.join(materials) or 'none'}.")
    return str(name)


def _copies(repeat: object, names: Mapping[str, Any], where: str) -> list[tuple[np.ndarray, float]]:
    """(offset, degrees about y) of each copy."""
    if repeat is None:
        return [(np.zeros(3), 0.0)]
    if not isinstance(repeat, dict) or not ({"step", "ring"} & set(repeat)):
        raise RecipeError(f"{where} has repeat {repeat!r}; give count with step: [x, y, z] or ring: degrees.")
    count = int(number(repeat.get("count", 2), names, f"{where}: repeat"))
    if not 1 <= count <= _COPIES:
        raise RecipeError(f"{where} repeats {count} times; 1 to {_COPIES} are allowed.")
    if "step" in repeat:
        step = np.array(vector(repeat["step"], names, f"{where}: repeat"))
        return [(step * i, 0.0) for i in range(count)]
    sweep = 360.0 if repeat["ring"] is True else number(repeat["ring"], names, f"{where}: repeat")
    start = number(repeat.get("start", 0.0), names, f"{where}: repeat")
    share = count if abs(sweep) >= 360 else max(count - 1, 1)
    return [(np.zeros(3), start + sweep * i / share) for i in range(count)]


def _turned_about(at: tuple, turn: tuple, offset: np.ndarray, spin: float) -> tuple[tuple, tuple]:
    """Place and direction of a copy that is carried round the y axis by `spin` degrees."""
    if spin == 0.0:
        x, y, z = np.asarray(at) + offset
        return (float(x), float(y), float(z)), turn
    a = np.radians(spin)
    x, y, z = at
    place = (float(np.cos(a) * x + np.sin(a) * z), y, float(-np.sin(a) * x + np.cos(a) * z))
    matrix = _rotation(np.radians(turn))
    matrix = _rotation((0.0, a, 0.0)) @ matrix
    pitch = -np.arcsin(np.clip(matrix[2, 0], -1, 1))
    roll, yaw = np.arctan2(matrix[2, 1], matrix[2, 2]), np.arctan2(matrix[1, 0], matrix[0, 0])
    return place, (float(np.degrees(roll)), float(np.degrees(pitch)), float(np.degrees(yaw)))


def _rotation(angles: Iterable[float]) -> np.ndarray:
    x, y, z = angles
    cx, sx, cy, sy, cz, sz = np.cos(x), np.sin(x), np.cos(y), np.sin(y), np.cos(z), np.sin(z)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def _add_sockets(kit: Kit, recipe: Recipe) -> None:
    given = recipe.parameters.get("sockets", {})
    top = max((float(s.mesh.positions[:, 1].max()) for s in kit.solids), default=recipe.size[1])
    for name in recipe.sockets:
        kit.add_socket(name, (0.0, top if name == "top" else 0.5 * top, 0.0))
    for name, place in given.items():
        where = f"The socket {name!r} of {recipe.name!r}"
        if isinstance(place, dict):
            kit.add_socket(name, vector(place.get("at"), recipe.parameters, where), str(place.get("bone", "root")))
        else:
            kit.add_socket(name, vector(place, recipe.parameters, where))
