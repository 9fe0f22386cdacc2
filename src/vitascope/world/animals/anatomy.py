"""Anatomy of a quadruped: where its joints are at rest and how thick it is, from the parameters of its recipe."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from vitascope.film import Attributes
from vitascope.recipe import Recipe, RecipeError
from vitascope.recipe.catalogue import read_yaml
from vitascope.world.skeleton import Bone, turned

__all__ = ["LEGS", "SIDES", "Anatomy", "anatomy_of", "grown"]

SIDES = {"l": 1.0, "r": -1.0}
LEGS = (("hind", "l"), ("fore", "l"), ("hind", "r"), ("fore", "r"))
"""Legs in the order of gait tables: left hind, left fore, right hind, right fore."""

_AGES = {
    "baby": (0.42, 1.38, 0.86), "toddler": (0.5, 1.32, 0.9), "child": (0.64, 1.2, 0.95), "teenager": (0.85, 1.06, 1.02),
    "adult": (1.0, 1.0, 1.0), "old": (0.98, 1.0, 0.98),
}  # fmt: skip
"""Size, head and leg length of an age relative to the adult."""

_BUILDS = {"slim": 0.88, "average": 1.0, "heavy": 1.16, "muscular": 1.08}


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """A quadruped at rest, in metres, standing on y = 0 with its middle over the origin, facing +z.

    `joints` maps bone names to rest positions (3,); `tips` maps the last bones of chains to where they end. `unit` is the
    withers height. `parameters` are the recipe's over its frame's, lengths still in units.
    """

    unit: float
    parameters: Mapping[str, Any]
    joints: Mapping[str, np.ndarray]
    tips: Mapping[str, np.ndarray]
    bones: tuple[Bone, ...]
    head_axes: np.ndarray
    """(3, 3) columns are the head's own x, y, z at rest."""
    head_unit: float
    build: float
    """Thickness relative to the recipe."""

    @property
    def leg(self) -> float:
        """Height [m] of the hip joint: the length that decides the gait."""
        return float(0.5 * (self.joints["thigh_l"][1] + self.joints["humerus_l"][1]) + 0.06 * self.unit)

    def head_point(self, at: tuple[float, float, float] | np.ndarray) -> np.ndarray:
        """(3,) rest position of a point given in head lengths."""
        return self.joints["head"] + self.head_axes @ (np.asarray(at, float) * self.head_unit)


@cache
def _frames() -> dict[str, Any]:
    return read_yaml(files("vitascope.world.animals") / "frames.yaml")


def _over(base: Any, change: Any) -> Any:
    if isinstance(base, dict) and isinstance(change, dict):
        return {**base, **{key: _over(base.get(key), value) for key, value in change.items()}}
    return change


def grown(attributes: Attributes) -> tuple[float, float, float]:
    """Size, head and leg length of an age relative to the adult."""
    return _AGES[attributes.age or "adult"]


def anatomy_of(recipe: Recipe, attributes: Attributes) -> Anatomy:
    """The anatomy of `recipe` as `attributes` change it. Raises RecipeError for an unknown frame or a missing height."""
    given = recipe.parameters
    frames = _frames()
    if given.get("frame") not in frames:
        raise RecipeError(
            f"The recipe {recipe.name!r} asks for the frame {given.get('frame')!r}; the frames are {', '.join(frames)}."
        )
    if "withers" not in given:
        raise RecipeError(f"The recipe {recipe.name!r} has no parameter 'withers'; give its shoulder height in metres.")
    p = _over(frames[given["frame"]], given)
    size, head, legs = grown(attributes)
    unit = float(p["withers"]) * attributes.scale * size
    stretch = float(p.get("legs", 1.0)) * legs
    joints, tips, parents = _skeleton(p, unit, head, stretch)
    bones = tuple(
        Bone(name=name, parent=parents[name], head=(float(x), float(y), float(z))) for name, (x, y, z) in joints.items()
    )
    return Anatomy(
        unit=unit, parameters=p, joints=joints, tips=tips, bones=bones, head_axes=_head_axes(p),
        head_unit=p["head"]["length"] * head * unit, build=_BUILDS[attributes.build or "average"],
    )  # fmt: skip


def _head_axes(p: Mapping[str, Any]) -> np.ndarray:
    return turned("x", math.radians(p["head"]["pitch"]))


def _skeleton(
    p: Mapping[str, Any], unit: float, head: float, legs: float
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], dict[str, str | None]]:
    """Rest positions, chain ends and parents of all bones; leg joints below the elbow line are lowered by `legs`."""
    half = p["length"] / 2
    front, back = half - p["fore"]["inset"], -half + p["hind"]["inset"]
    lift = (legs - 1.0) * p["fore"]["shoulder"][1]
    top_front, top_back = 1.0 + lift, p["hip"] + lift

    def at(x: float, y: float, z: float) -> np.ndarray:
        return np.array([x, y, z]) * unit

    joints: dict[str, np.ndarray] = {}
    parents: dict[str, str | None] = {}
    tips: dict[str, np.ndarray] = {}

    def bone(name: str, parent: str | None, position: np.ndarray) -> None:
        joints[name], parents[name] = position, parent

    spine_y = [top_back - 0.34 * p["rump"]["depth"], top_front - 0.34 * p["chest"]["depth"]]
    for k, name in enumerate(("pelvis", "loin", "waist", "chest")):
        s = (0.0, 0.3, 0.56, 0.8)[k]
        parent = (None, "pelvis", "loin", "waist")[k]
        bone(name, parent, at(0, spine_y[0] + (spine_y[1] - spine_y[0]) * s, back + (front - back) * s))
    _neck_and_head(p, unit, head, at(0, top_front - 0.36 * p["chest"]["depth"], front - 0.02), bone, tips)
    _legs(p, unit, (front, back), lift, legs, bone, tips)
    tail = p["tail"]
    count = int(tail["bones"])
    root = at(0, top_back - 0.16 * p["rump"]["depth"], back - p["hind"]["inset"] * 0.92)
    points = [root]
    for k in range(count):
        angle = math.radians(tail["angle"] + tail["lift"] * k / max(count - 1, 1))
        points.append(points[-1] + at(0, math.sin(angle), -math.cos(angle)) * tail["length"] / count)
    for k in range(count):
        bone(f"tail{k + 1}", "pelvis" if k == 0 else f"tail{k}", points[k])
    tips["tail"] = points[-1]
    return joints, tips, parents


def _neck_and_head(p: Mapping[str, Any], unit: float, head: float, base: np.ndarray, bone: Any, tips: dict) -> None:
    neck = p["neck"]
    angle = math.radians(neck["angle"])
    along = np.array([0.0, math.sin(angle), math.cos(angle)]) * neck["length"] * unit
    count = int(neck["bones"])
    for k in range(count):
        bone(f"neck{k + 1}", "chest" if k == 0 else f"neck{k}", base + along * k / count)
    joint = base + along
    bone("head", f"neck{count}", joint)
    axes, length = _head_axes(p), p["head"]["length"] * head * unit

    def point(x: float, y: float, z: float) -> np.ndarray:
        return joint + axes @ (np.array([x, y, z]) * length)

    bone("jaw", "head", point(0, -0.12, 0.1))
    if p["head"].get("tongue"):
        bone("tongue", "jaw", point(0, -p["head"]["drop"] - 0.30 * p["head"]["muzzle"][2], 0.60))
    eye = p["head"]["eye"]["at"]
    for side, sign in SIDES.items():
        bone(f"lid_{side}", "head", point(sign * eye[0], eye[1], eye[2]))
        if p["ears"]["kind"] != "none":
            x, y, z = p["ears"]["at"]
            bone(f"ear_{side}", "head", point(sign * x, y, z))
    if "trunk" in p:
        trunk = p["trunk"]
        count = int(trunk["bones"])
        start = point(0, -0.12, 0.62)
        reach = trunk["length"] * unit
        previous = "head"
        here = start
        for k in range(count):
            bone(f"trunk{k + 1}", previous, here)
            previous = f"trunk{k + 1}"
            lean = math.radians(58 + 32 * min(1.0, 1.6 * k / count) - 40 * max(0.0, k / count - 0.72) / 0.28)
            here = here + np.array([0.0, -math.sin(lean), math.cos(lean)]) * reach / count
        tips["trunk"] = here
    tips["head"] = point(0, -0.1, 0.85)


_NAMES = {
    "fore": ("scapula", "humerus", "forearm", "cannon_fore", "foot_fore"),
    "hind": ("haunch", "thigh", "shin", "cannon_hind", "foot_hind"),
}


def _legs(
    p: Mapping[str, Any], unit: float, lines: tuple[float, float], lift: float, legs: float, bone: Any, tips: dict
) -> None:
    for kind, line in zip(("fore", "hind"), lines, strict=True):
        leg = p[kind]
        girdle, *rest = _NAMES[kind]
        base = "chest" if kind == "fore" else "pelvis"
        for side, sign in SIDES.items():
            splay = float(leg.get("splay", 0.0))
            top = leg["shoulder"][1]
            if kind == "fore":
                blade = np.array([sign * leg["x"] * 0.9, top + 0.22 + lift, line - 0.12]) * unit
            else:
                blade = np.array([sign * leg["x"], top + lift, line]) * unit
            bone(f"{girdle}_{side}", base, blade)
            parent = f"{girdle}_{side}"
            for name, key in zip(rest, ("shoulder", "elbow", "wrist", "fetlock"), strict=True):
                z, y = leg[key]
                share = {"shoulder": 0.0, "elbow": 1.0, "wrist": 1.0, "fetlock": 1.0}[key]
                bone(f"{name}_{side}", parent, np.array([sign * (leg["x"] + splay * share), y * legs, line + z]) * unit)
                parent = f"{name}_{side}"
            z, y = leg["toe"]
            tips[f"{kind}_{side}"] = np.array([sign * (leg["x"] + splay), y, line + z]) * unit
