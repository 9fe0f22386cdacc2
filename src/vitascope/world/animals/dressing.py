"""Features of one quadruped, placed: its eyes, ears, nose, horns, tusks, whiskers, hooves and claws."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from vitascope.recipe import colour_linear
from vitascope.world.animals.anatomy import SIDES, Anatomy
from vitascope.world.animals.coat import Coat
from vitascope.world.animals.feature import Feature, ear, eye, fan_ear, hoof, horn, lid, nose_pad, placed, whisker
from vitascope.world.mesh import Mesh
from vitascope.world.shape import loft
from vitascope.world.skeleton import turned

__all__ = ["dressing", "eye_axes"]

Rgb = tuple[float, float, float]


def dressing(anatomy: Anatomy, coat: Coat, *, fine: bool) -> tuple[Feature, ...]:
    """All features; `fine` adds those that only a near camera sees."""
    found: list[Feature] = []
    found += _eyes(anatomy, coat)
    found += _ears(anatomy, coat)
    found += _nose(anatomy)
    if anatomy.parameters["head"].get("tongue"):
        found.append(_tongue(anatomy))
    for spec in anatomy.parameters.get("horns", ()):
        found += _horns(anatomy, spec)
    found += _hooves(anatomy, coat)
    if fine and anatomy.parameters.get("whiskers"):
        found += _whiskers(anatomy)
    if fine and anatomy.parameters.get("claws"):
        found += _claws(anatomy)
    return tuple(found)


def eye_axes(anatomy: Anatomy, side: str) -> np.ndarray:
    """(3, 3) the eye's own axes at rest; it looks along its z."""
    out = math.radians(anatomy.parameters["head"]["eye"]["out"])
    lift = math.radians(anatomy.parameters["head"]["eye"].get("up", 4.0) + anatomy.parameters["head"]["pitch"] * 0.5)
    return anatomy.head_axes @ turned("y", SIDES[side] * out) @ turned("x", -lift)


def _eyes(anatomy: Anatomy, coat: Coat) -> list[Feature]:
    h = anatomy.parameters["head"]["eye"]
    radius = h["size"] * anatomy.head_unit * (1.12 if anatomy.unit < 1 else 1.0)
    rim = tuple(0.35 * c for c in coat.region_colour("head"))
    found: list[Feature] = []
    for side in SIDES:
        at = anatomy.joints[f"lid_{side}"]
        axes = eye_axes(anatomy, side)
        found += eye(
            at, axes, radius, bone="head", iris=colour_linear(h["iris"]), pupil=h["pupil"], show=h.get("show", 0.95)
        )
        found.append(lid(at, axes, radius, bone=f"lid_{side}", colour=(rim[0], rim[1], rim[2])))
    return found


def _ears(anatomy: Anatomy, coat: Coat) -> list[Feature]:
    p = anatomy.parameters["ears"]
    if p["kind"] == "none":
        return []
    width, height = (x * anatomy.head_unit for x in p["size"])
    outer = np.array(coat.region_colour("ear"))
    inner = np.array(colour_linear(p.get("inner", "#b98d80")))
    found = []
    for side, sign in SIDES.items():
        axes = anatomy.head_axes @ turned("y", sign * math.radians(p["turn"]))
        axes = axes @ turned("z", -sign * math.radians(p["out"])) @ turned("x", -math.radians(p["back"]))
        axes = axes @ turned("y", sign * math.radians(p.get("twist", 0.0)))
        if p["kind"] == "fan":
            axes = anatomy.head_axes @ turned("x", -math.radians(anatomy.parameters["head"]["pitch"] * 0.9))
            mesh = fan_ear(width, height)
            if sign < 0:
                mirror = np.diag([-1.0, 1.0, 1.0])
                axes = axes @ turned("y", -math.radians(p["out"])) @ mirror
            else:
                axes = axes @ turned("y", math.radians(p["out"]))
        else:
            mesh = ear(p["kind"], width, height, cup=p.get("cup", 0.6), bend=math.radians(p.get("bend", 0.0)))
        mesh = placed(mesh, anatomy.joints[f"ear_{side}"], axes)
        shade = mesh.colours[:, :1].astype(float)
        colours = inner * (1 - shade) + outer * shade
        home = coat.region_material("ear") if p["kind"] == "fan" else "coat_ear"
        found.append(
            Feature(mesh=_coloured(mesh, colours, coat.masks.get("ear", 0.0)), bone=f"ear_{side}", material=home)
        )
    return found


def _coloured(mesh: Mesh, colours: np.ndarray, mask: float) -> Mesh:
    return replace(mesh, colours=np.asarray(colours, np.float32), mask=np.full(len(mesh.positions), mask, np.float32))


def _nose(anatomy: Anatomy) -> list[Feature]:
    h = anatomy.parameters["head"]
    if h["nose"][0] <= 0:
        return _nostrils(anatomy)
    width, height = (x * anatomy.head_unit for x in h["nose"])
    r = h["muzzle"][2] / 2
    where = anatomy.head_point((0, -h["drop"] + r * h.get("nose_rise", 0.52), 0.85 - 0.18 * h["nose"][0]))
    colour = colour_linear(h.get("nose_colour", "#1c1516"))
    found = [
        Feature(
            mesh=placed(nose_pad(width, height), where, anatomy.head_axes), bone="head", material="nose", colour=colour
        )
    ]
    for sign in SIDES.values() if "nostrils" in h else ():
        hole = nose_pad(0.22 * width, h["nostrils"] * height)
        at = where + anatomy.head_axes @ np.array([sign * 0.21 * width, 0.02 * height, 0.34 * width])
        found.append(
            Feature(mesh=placed(hole, at, anatomy.head_axes), bone="head", material="nose", colour=(0.10, 0.03, 0.03))
        )
    return found + _mouth(anatomy)


def _mouth(anatomy: Anatomy) -> list[Feature]:
    """The dark line from the nose down and back along the lips."""
    h = anatomy.parameters["head"]
    length, width, height = h["muzzle"]
    r = height / 2
    dark = (0.02, 0.014, 0.012)
    found = []
    y = -h["drop"] - r * 0.78
    for sign in SIDES.values():
        points = [
            anatomy.head_point((sign * 0.008, y + 0.02, 0.85 - r * 0.16)),
            anatomy.head_point((sign * width * 0.26, y - 0.015, 0.85 - r * 0.42)),
            anatomy.head_point((sign * width * 0.50, y + 0.0, 0.85 - length * 0.45)),
            anatomy.head_point((sign * width * 0.53, y + 0.05, 0.85 - length * 0.78)),
        ]
        mesh = horn(np.array(points), 0.011 * anatomy.head_unit, 0.006 * anatomy.head_unit, segments=5)
        found.append(Feature(mesh=mesh, bone="head", material="nose", colour=(dark[0], dark[1], dark[2])))
    return found


def _tongue(anatomy: Anatomy) -> Feature:
    """A tongue that hangs over the lower lip at rest; at ease its bone folds it back into the throat."""
    h = anatomy.parameters["head"]
    width = 0.30 * h["muzzle"][1]
    y = -h["drop"] - 0.30 * h["muzzle"][2]
    s = np.linspace(0.0, 1.0, 8)
    turns = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    rings = []
    for share in s:
        half = (
            width
            * (0.9 + 0.25 * math.sin(math.pi * share))
            * math.sqrt(max(1 - max(share - 0.7, 0) ** 2 / 0.095, 0.01))
        )
        middle = np.array(
            [0.0, y - 0.02 - 0.20 * max(share - 0.45, 0.0) ** 1.2 * 2.0, 0.60 + 0.30 * math.sin(1.5 * share)]
        )
        out = [middle + np.array([half * math.cos(a), 0.022 * math.sin(a) * (1 - 0.4 * share), 0.0]) for a in turns]
        rings.append([anatomy.head_point(q) for q in out])
    return Feature(mesh=loft(np.array(rings), angle=70), bone="tongue", material="nose", colour=(0.62, 0.17, 0.16))


def _nostrils(anatomy: Anatomy) -> list[Feature]:
    h = anatomy.parameters["head"]
    _, width, height = h["muzzle"]
    if "trunk" in anatomy.parameters:
        return []
    found = []
    size = 0.034 * anatomy.head_unit
    for sign in SIDES.values():
        axes = anatomy.head_axes @ turned("y", sign * 0.9) @ turned("z", sign * 0.5)
        mesh = nose_pad(size * 1.1, size * 2.0)
        at = anatomy.head_point((sign * width * 0.34, -h["drop"] + height * 0.12, 0.85 - height * 0.19))
        if "snout" in h:
            x, y, z = h["snout"]
            axes = anatomy.head_axes @ turned("y", sign * 0.6) @ turned("z", sign * 0.7)
            mesh = nose_pad(size * 1.3, size * 2.3)
            at = anatomy.head_point((sign * x * 0.58, -h["drop"] - 0.02 + y * 0.38, 0.85 - z * 0.8 + z * 0.72))
        found.append(Feature(mesh=placed(mesh, at, axes), bone="head", material="nose", colour=(0.02, 0.015, 0.014)))
    return found


def _horns(anatomy: Anatomy, spec: dict) -> list[Feature]:
    base, tip = (r * anatomy.head_unit for r in spec["radii"])
    colour = colour_linear(spec.get("colour", "#5b5148"))
    found = []
    for sign in SIDES.values() if spec.get("pair", True) else (1.0,):
        path = np.array([anatomy.head_point((sign * x, y, z)) for x, y, z in spec["path"]])
        found.append(Feature(mesh=horn(path, base, tip), bone="head", material="horn", colour=colour))
    return found


def _hooves(anatomy: Anatomy, coat: Coat) -> list[Feature]:
    foot = anatomy.parameters["foot"]
    if foot["kind"] != "hoof":
        return _toenails(anatomy) if foot["kind"] == "pad" else []
    u = anatomy.unit
    colour = colour_linear(foot.get("colour", "#2b241f"))
    found = []
    for kind in ("fore", "hind"):
        for side in SIDES:
            toe = anatomy.tips[f"{kind}_{side}"]
            length, width, height = foot["length"] * u, foot["width"] * u, foot["height"] * u
            split = (-0.26, 0.26) if foot.get("cloven") else (0.0,)
            for x in split:
                w = width * (0.52 if foot.get("cloven") else 1.0)
                at = toe + np.array([x * width, 0, -length / 2])
                found.append(Feature(mesh=placed(hoof(length, w, height), at), bone=f"foot_{kind}_{side}", material="horn",
                                     colour=colour))  # fmt: skip
    return found


def _toenails(anatomy: Anatomy) -> list[Feature]:
    foot, u = anatomy.parameters["foot"], anatomy.unit
    found = []
    for kind in ("fore", "hind"):
        for side in SIDES:
            toe, fetlock = anatomy.tips[f"{kind}_{side}"], anatomy.joints[f"foot_{kind}_{side}"]
            centre = np.array([fetlock[0], 0.0, (fetlock[2] + toe[2]) / 2 - 0.02 * u])
            for angle in (-0.75, -0.25, 0.25, 0.75):
                out = np.array(
                    [
                        math.sin(angle) * foot["width"] * 0.54,
                        0.24 * foot["height"],
                        math.cos(angle) * foot["length"] * 0.5,
                    ]
                )
                mesh = placed(hoof(0.035 * u, 0.042 * u, 0.04 * u), centre + out * u - np.array([0, 0.014 * u, 0.008 * u]),
                              turned("y", angle))  # fmt: skip
                found.append(Feature(mesh=mesh, bone=f"foot_{kind}_{side}", material="horn", colour=(0.42, 0.37, 0.31)))
    return found


def _claws(anatomy: Anatomy) -> list[Feature]:
    foot, u = anatomy.parameters["foot"], anatomy.unit
    length, width, height = foot["length"] * u, foot["width"] * u, foot["height"] * u
    found = []
    for kind in ("fore", "hind"):
        for side in SIDES:
            toe = anatomy.tips[f"{kind}_{side}"]
            for k in range(4):
                x = (k - 1.5) / 1.5
                root = np.array([toe[0] + x * width * 0.36, height * 0.34, toe[2] - length * (0.06 + 0.07 * x * x)])
                tip = root + np.array([x * 0.01 * u, -height * 0.24, length * 0.16])
                mesh = horn(
                    np.array([root, (root + tip) / 2 + [0, height * 0.06, 0], tip]),
                    height * 0.10,
                    height * 0.02,
                    segments=5,
                )
                found.append(
                    Feature(mesh=mesh, bone=f"foot_{kind}_{side}", material="horn", colour=(0.05, 0.04, 0.035))
                )
    return found


def _whiskers(anatomy: Anatomy) -> list[Feature]:
    h, unit = anatomy.parameters["head"], anatomy.head_unit
    _, width, height = h["muzzle"]
    found = []
    for sign in SIDES.values():
        for k in range(4):
            root = anatomy.head_point(
                (sign * width * 0.42, -h["drop"] - height * (0.02 + 0.09 * k), 0.85 - height * 0.42)
            )
            way = anatomy.head_axes @ np.array([sign, 0.22 - 0.2 * k, -0.12])
            mesh = whisker(root, way, 0.42 * unit, 0.0055 * unit)
            found.append(Feature(mesh=mesh, bone="head", material="whisker", colour=(0.75, 0.73, 0.7)))
    return found
