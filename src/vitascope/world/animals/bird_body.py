"""A bird's body: breast, neck, head and beak, wings spread and folded, tail and legs, from the parameters of its recipe."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vitascope.film import Attributes
from vitascope.recipe import Recipe, colour_linear
from vitascope.world.animals.anatomy import SIDES, grown
from vitascope.world.animals.binding import bound_body, skin_of
from vitascope.world.animals.coat import Coat, Patch, coat_of
from vitascope.world.animals.feature import Feature, eye, horn, placed
from vitascope.world.animals.limb import LegRest
from vitascope.world.animals.lump import Lumps
from vitascope.world.animals.wing import colours_of, folded_wing, tail_fan, wing_sheet
from vitascope.world.blueprint import Body, Socket
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.shape import creased, tube
from vitascope.world.skeleton import Bone, Skeleton, turned
from vitascope.world.workshop import kept

__all__ = ["BirdFrame", "bird_body", "bird_frame"]

_DEFAULTS: dict[str, Any] = {
    "body": {"width": 0.30, "depth": 0.30, "length": 0.52},
    "upright": 14.0,
    "neck": {"length": 0.10, "angle": 48.0, "base": 0.10, "top": 0.075, "bones": 2, "curve": 0.0, "fly": 8.0},
    "head": {"radius": 0.085, "eye": {"size": 0.020, "iris": "#17110c", "show": 0.9}},
    "beak": {"length": 0.10, "depth": 0.030, "hook": 0.0, "flat": 1.0, "colour": "#d9a21b"},
    "wing": {
        "half": 1.1,
        "chord": 0.26,
        "sweep": 0.16,
        "wrist": 0.06,
        "tip": "pointed",
        "fold": 0.60,
        "stroke": 32.0,
        "glide": 9.0,
    },
    "tail": {"length": 0.22, "width": 0.16, "fork": 0.0},
    "legs": {"length": 0.20, "x": 0.07, "thick": 0.012, "toes": 0.10, "web": False, "colour": "#c98d2b"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BirdFrame:
    """A bird at rest, in metres: standing on y = 0, body level, wings spread. `unit` is its length from beak to tail."""

    unit: float
    parameters: Mapping[str, Any]
    joints: Mapping[str, np.ndarray]
    bones: tuple[Bone, ...]
    legs: tuple[LegRest, ...]
    head_size: float

    @property
    def centre(self) -> np.ndarray:
        """(3,) middle of the body."""
        return self.joints["body"]


def bird_frame(recipe: Recipe, attributes: Attributes) -> BirdFrame:
    """Rest positions of a bird's joints."""
    given = recipe.parameters
    p = {key: ({**value, **given.get(key, {})} if isinstance(value, dict) else given.get(key, value))
         for key, value in _DEFAULTS.items()}  # fmt: skip
    p["head"] = {**p["head"], "eye": {**_DEFAULTS["head"]["eye"], **p["head"].get("eye", {})}}
    p = {**{k: v for k, v in given.items() if k not in p}, **p}
    size, head, legs = grown(attributes)
    u = float(given["length"]) * attributes.scale * size
    body, leg = p["body"], p["legs"]
    lean = math.sin(math.radians(p["upright"]))
    erect = bool(p.get("erect", False))
    high = leg["length"] * legs + body["depth"] * (0.44 if erect else 0.18)
    joints: dict[str, np.ndarray] = {"body": np.array([0.0, high, 0.0]) * u}
    parents: dict[str, str | None] = {"body": None}

    def bone(name: str, parent: str, at: tuple[float, float, float]) -> None:
        joints[name], parents[name] = np.array(at) * u, parent

    bone("tail", "body", (0, high + (-0.40 if erect else 0.06) * body["depth"], -body["length"] * 0.52))
    _neck(p, high, bone)
    r = p["head"]["radius"] * head
    top = joints["head"] / u
    bone("jaw", "head", (0, float(top[1]) - 0.15 * r, float(top[2]) + 0.55 * r))
    rests = []
    for side, sign in SIDES.items():
        x = body["width"] * 0.40
        y, z = high + body["depth"] * 0.20, body["length"] * 0.20
        half = p["wing"]["half"]
        bone(f"wing1_{side}", "body", (sign * x, y, z))
        bone(f"wing2_{side}", f"wing1_{side}", (sign * (x + 0.30 * half), y, z))
        bone(f"wing3_{side}", f"wing2_{side}", (sign * (x + 0.54 * half), y, z))
        bone(f"fold_{side}", "body", (sign * body["width"] * 0.46, high + body["depth"] * 0.10, body["length"] * 0.26))
        lid = top + np.array([sign * r * 0.80, 0.18 * r, 0.38 * r])
        bone(f"lid_{side}", "head", (float(lid[0]), float(lid[1]), float(lid[2])))
        length, lx = leg["length"] * legs, leg["x"]
        hip_y = length * 1.25 if erect else high - 0.16 * body["depth"]
        chain = (
            (lx, hip_y, -0.02 - 0.09 * lean * (not erect)),
            (lx, length * 0.90, 0.05 - 0.04 * lean),
            (lx, length * 0.50, -0.045),
            (lx, 0.012, 0.0),
        )
        for k, at in enumerate(chain):
            name = ("thigh", "shin", "tarsus", "toes")[k]
            bone(
                f"{name}_{side}",
                "body" if k == 0 else f"{('thigh', 'shin', 'tarsus')[k - 1]}_{side}",
                (sign * at[0], at[1], at[2]),
            )
        hip, knee, ankle, foot = (joints[f"{n}_{side}"] for n in ("thigh", "shin", "tarsus", "toes"))
        rests.append(
            LegRest(top=hip, middle=knee, low=ankle, fetlock=foot, sole=foot * np.array([1.0, 0.0, 1.0]), fore=False)
        )
    bones = tuple(
        Bone(name=n, parent=parents[n], head=(float(j[0]), float(j[1]), float(j[2]))) for n, j in joints.items()
    )
    return BirdFrame(unit=u, parameters=p, joints=joints, bones=bones, legs=tuple(rests), head_size=r * u)


def _neck(p: Mapping[str, Any], high: float, bone: Any) -> None:
    neck, body = p["neck"], p["body"]
    count = int(neck["bones"])
    here = np.array([0.0, high + 0.16 * body["depth"], body["length"] * 0.42])
    if p.get("erect"):
        here = np.array([0.0, high + 0.38 * body["depth"], body["length"] * 0.06])
    parent = "body"
    for k in range(count):
        bone(f"neck{k + 1}", parent, tuple(here))
        parent = f"neck{k + 1}"
        angle = math.radians(neck["angle"] + neck["curve"] * (0.5 - (k + 0.5) / count))
        here = here + np.array([0.0, math.sin(angle), math.cos(angle)]) * neck["length"] / count
    bone("head", parent, tuple(here))


def bird_body(recipe: Recipe, attributes: Attributes, *, detail: float | None = None) -> Body:
    """The body of a bird; equal requests share one. `detail` [m] coarsens its cells."""
    cell = None if detail is None else round(detail, 4)
    return kept("bird", (recipe, attributes, cell), lambda: _made(recipe, attributes, cell))


def _made(recipe: Recipe, attributes: Attributes, detail: float | None) -> Body:
    frame = bird_frame(recipe, attributes)
    p, u = frame.parameters, frame.unit
    grain = {"surface": "feather", "roughness": 0.75, "detail": 0.6, "detail_scale": float(np.clip(0.7 * u, 0.12, 0.8))}
    coat = coat_of({**grain, **p["coat"]}, attributes, unit=u)
    plain = replace(coat.materials["coat"], pattern="none", under_amount=0.0)
    coat = replace(
        coat,
        materials={
            **coat.materials,
            "wing": plain,
            "beak": Material(surface="plain", roughness=0.35),
            "leg": Material(surface="scales", roughness=0.6, detail_scale=0.3),
            "eye": Material(surface="eye", roughness=0.12, clearcoat=0.4),
            "glint": Material(surface="plain", roughness=0.4, emission=0.6),
            "lid": Material(surface="skin", roughness=0.6),
        },
    )
    cell = 0.024 * u
    coarse = 1.0 if detail is None else float(np.clip(detail / cell, 1.0, 2.4))
    skeleton = Skeleton(frame.bones)
    fine = min(cell, 0.30 * frame.head_size)
    skins = [
        skin_of(_torso(frame).items, coat, skeleton, detail=cell * coarse, part=0.04 * u),
        skin_of(_head(frame).items, coat, skeleton, detail=fine * coarse**0.7, part=0.04 * u),
    ]
    recoloured = attributes.colour is not None
    features = (*_face(frame, coat), *_wings(frame, coat, skeleton, recoloured), *_feet(frame))
    sockets = {
        "top": Socket(bone="body", position=_point(frame.centre + np.array([0, 0.5 * p["body"]["depth"] * u, 0]))),
        "mouth": Socket(bone="head", position=_point(frame.joints["head"] + np.array([0, 0, frame.head_size * 1.6]))),
        "head": Socket(bone="head", position=_point(frame.joints["head"])),
        "eyes": Socket(bone="head", position=_point(frame.joints["head"] + np.array([0, 0, 0.5 * frame.head_size]))),
    }
    return bound_body(frame.bones, coat, skins, features, patches=_patches(frame, attributes), sockets=sockets)


def _point(v: np.ndarray) -> tuple[float, float, float]:
    return float(v[0]), float(v[1]), float(v[2])


def _torso(frame: BirdFrame) -> Lumps:
    p, u, j = frame.parameters, frame.unit, frame.joints
    body, neck = p["body"], p["neck"]
    lumps = Lumps(softness=0.5)
    c, w, d, length = j["body"], body["width"] * u, body["depth"] * u, body["length"] * u
    if p.get("erect"):
        lumps.egg(
            c + np.array([0, -0.08 * d, 0.04 * length]), (w * 0.50, d * 0.42, length * 0.50), "body", "belly", blend=0.0
        )
        lumps.egg(
            c + np.array([0, 0.18 * d, 0.04 * length]),
            (w * 0.42, d * 0.32, length * 0.42),
            "body",
            "breast",
            blend=0.08 * u,
        )
    else:
        lumps.egg(
            c + np.array([0, 0.02 * d, 0.16 * length]), (w * 0.50, d * 0.50, length * 0.36), "body", "breast", blend=0.0
        )
        lumps.egg(
            c + np.array([0, 0, -0.14 * length]), (w * 0.46, d * 0.44, length * 0.40), "body", "belly", blend=0.08 * u
        )
        start, end = c + np.array([0, 0.03 * d, -0.30 * length]), j["tail"] + np.array([0, -0.02 * d, -0.02 * u])
        lumps.cone(start, end, (min(w, d) * 0.30, min(w, d) * 0.13), "body", "rump", blend=0.08 * u)
    _neck_lumps(frame, lumps, from_share=0.0)
    for side in () if p.get("erect") else SIDES:
        radii = (0.18 * d, 0.115 * d)
        lumps.cone(j[f"thigh_{side}"], j[f"shin_{side}"], radii, f"thigh_{side}", "belly", blend=0.04 * u)
    if neck["length"] > 0.3:
        lumps.cone(
            c + np.array([0, 0.1 * d, 0.3 * length]),
            j["neck1"],
            (0.3 * d, neck["base"] * u),
            "body",
            "breast",
            blend=0.06 * u,
        )
    return lumps


def _neck_lumps(frame: BirdFrame, lumps: Lumps, *, from_share: float) -> None:
    neck, u, j = frame.parameters["neck"], frame.unit, frame.joints
    count = int(neck["bones"])
    points = [j[f"neck{k + 1}"] for k in range(count)] + [j["head"]]
    for k in range(count):
        if (k + 1) / count <= from_share:
            continue
        radii = [(neck["base"] + (neck["top"] - neck["base"]) * s) * u for s in (k / count, (k + 1) / count)]
        lumps.cone(points[k], points[k + 1], (radii[0], radii[1]), f"neck{k + 1}", "neck", blend=0.05 * u)


def _head(frame: BirdFrame) -> Lumps:
    lumps = Lumps(softness=0.4)
    u, j, r = frame.unit, frame.joints, frame.head_size
    _neck_lumps(frame, lumps, from_share=0.45)
    head = j["head"]
    long = float(frame.parameters["head"].get("long", 1.0))
    lumps.egg(
        head + np.array([0, 0.06 * r, 0.10 * r]), (r * 0.92, r * 0.95, r * 1.08 * long), "head", "head", blend=0.05 * u
    )
    lumps.egg(
        head + np.array([0, -0.10 * r, 0.62 * r * long]), (r * 0.58, r * 0.55, r * 0.66), "head", "face", blend=0.35 * r
    )
    if frame.parameters["head"].get("disc"):
        for sign in SIDES.values():
            lumps.egg(
                head + np.array([sign * 0.42 * r, 0.05 * r, 0.66 * r]),
                (0.58 * r, 0.66 * r, 0.20 * r),
                "head",
                "face",
                blend=0.2 * r,
            )
    crest = frame.parameters["head"].get("crest", 0.0)
    if crest:
        lumps.egg(
            head + np.array([0, (0.85 + 0.3 * crest) * r, -0.1 * r]),
            (0.12 * r, crest * r * 0.5, 0.6 * r),
            "head",
            "crest",
            blend=0.1 * r,
        )
    return lumps


def _face(frame: BirdFrame, coat: Coat) -> tuple[Feature, ...]:
    p, r, j = frame.parameters, frame.head_size, frame.joints
    look = p["head"]["eye"]
    found: list[Feature] = []
    out = float(look.get("out", 72.0))
    radius = look["size"] * frame.unit
    for side, sign in SIDES.items():
        axes = turned("y", sign * math.radians(out))
        at = (
            j[f"lid_{side}"]
            if not p["head"].get("disc")
            else j["head"] + np.array([sign * 0.40 * r, 0.12 * r, 0.84 * r])
        )
        found += eye(at, axes, radius, bone="head", iris=colour_linear(look["iris"]), show=look.get("show", 0.9))
    beak = p["beak"]
    length, depth = beak["length"] * frame.unit, beak["depth"] * frame.unit
    root = j["head"] + np.array([0, -0.10 * r, 0.80 * r * float(p["head"].get("long", 1.0))])
    colour = colour_linear(beak["colour"])
    tip_colour = colour_linear(beak["tip"]) if "tip" in beak else None
    for bone, y, share, hook in (("head", 0.28, 1.0, beak["hook"]), ("jaw", -0.30, 0.86, beak["hook"] * 0.4)):
        s = np.linspace(0, 1, 8)
        bow = float(beak.get("bow", 0.0))
        path = np.stack(
            [
                0 * s,
                y * depth * (1 - 0.7 * s) - hook * depth * s**3 * 1.6 + bow * depth * np.sin(np.pi * s),
                s * length * share,
            ],
            -1,
        )
        radii = depth * (0.62 - 0.52 * s ** (1.4 if beak["flat"] <= 1.2 else 6)) * (1.0 if bone == "head" else 0.8)
        mesh = tube(path, radii, segments=10)
        shape = mesh.positions * np.array([beak["flat"], 1.0 if beak["flat"] <= 1.2 else 0.55, 1.0], np.float32)
        shade = np.tile(np.asarray(colour, np.float32), (len(shape), 1))
        if tip_colour is not None:
            end = np.clip((shape[:, 2:3] / length - 0.68) / 0.06, 0, 1)
            shade = shade * (1 - end) + np.asarray(tip_colour, np.float32) * end
        mesh = replace(mesh, positions=shape.astype(np.float32), colours=shade.astype(np.float32))
        found.append(Feature(mesh=placed(mesh, root), bone=bone, material="beak"))
    if p["head"].get("comb"):
        found += _comb(frame)
    return tuple(found)


def _comb(frame: BirdFrame) -> list[Feature]:
    """The red comb and wattle of a hen or cock."""
    r, head = frame.head_size, frame.joints["head"]
    size = float(frame.parameters["head"]["comb"])
    red = (0.55, 0.02, 0.02)
    found = []
    for k, z in enumerate((0.75, 0.35, -0.05, -0.40)):
        tall = (0.55, 0.8, 0.75, 0.5)[k] * size * r
        path = np.array(
            [[0, 0.75 * r, z * r], [0, 0.75 * r + tall * 0.6, z * r - 0.05 * r], [0, 0.75 * r + tall, z * r - 0.12 * r]]
        )
        found.append(
            Feature(
                mesh=placed(horn(path, 0.20 * r, 0.08 * r, segments=6), head), bone="head", material="beak", colour=red
            )
        )
    path = np.array([[0, -0.4 * r, 0.9 * r], [0, -0.75 * r, 0.95 * r], [0, -1.05 * r * size**0.5, 0.88 * r]])
    found.append(
        Feature(mesh=placed(horn(path, 0.10 * r, 0.17 * r, segments=6), head), bone="jaw", material="beak", colour=red)
    )
    return found


def _wings(frame: BirdFrame, coat: Coat, skeleton: Skeleton, recoloured: bool) -> tuple[Feature, ...]:
    p, u, j = frame.parameters, frame.unit, frame.joints
    wing, body = p["wing"], p["body"]
    colours = colours_of(wing.get("colours", {})) if not recoloured else {}
    colours.setdefault("top", coat.base)
    colours.setdefault("under", coat.base)
    if recoloured and "tip" in wing.get("colours", {}):
        colours.update(tip=tuple(0.25 * c for c in coat.base), tip_share=float(wing["colours"]["tip_share"]))
    found = []
    for side, sign in SIDES.items():
        bones = [skeleton.index(f"wing{k}_{side}") for k in (1, 2, 3)]
        sheet = wing_sheet(wing, j[f"wing1_{side}"], sign, u, bones, colours)
        found.append(Feature(mesh=sheet, bone=f"wing1_{side}", material="wing"))
        if wing["tip"] != "flipper":
            fold = folded_wing(wing["fold"] * u, body["depth"] * 0.80 * u, body["width"] * 0.13 * u, colours)
            axes = np.diag([sign, 1.0, 1.0]) @ turned("y", -0.16) @ turned("x", 0.10)
            found.append(Feature(mesh=placed(fold, j[f"fold_{side}"], axes), bone=f"fold_{side}", material="wing"))
    tail = p["tail"]
    shade = colour_linear(tail["colour"]) if "colour" in tail and not recoloured else coat.region_colour("tail")
    tip = colour_linear(tail["tip"]) if "tip" in tail and not recoloured else None
    fan = tail_fan(tail["length"] * u, tail["width"] * u, shade, fork=tail["fork"], tip=tip)
    if tail.get("rise"):
        fan = placed(fan, np.zeros(3), turned("x", math.radians(tail["rise"])))
    found.append(Feature(mesh=placed(fan, j["tail"] + np.array([0, 0, 0.05 * u])), bone="tail", material="wing"))
    return tuple(found)


def _feet(frame: BirdFrame) -> tuple[Feature, ...]:
    legs, u, j = frame.parameters["legs"], frame.unit, frame.joints
    colour = colour_linear(legs["colour"])
    thick = legs["thick"] * u
    found = []
    for side in SIDES:
        knee, ankle, foot = (j[f"{n}_{side}"] for n in ("shin", "tarsus", "toes"))
        for bone, a, b, ra, rb in ((f"shin_{side}", knee, ankle, 1.5, 1.0), (f"tarsus_{side}", ankle, foot, 1.0, 0.9)):
            mesh = tube(np.linspace(a, b, 4), np.linspace(ra, rb, 4) * thick, segments=7)
            found.append(Feature(mesh=mesh, bone=bone, material="leg", colour=colour))
        toes = legs["toes"] * u
        tips = [foot * np.array([1, 0, 1]) + toes * np.array([math.sin(a), 0.0, math.cos(a)]) * n
                for a, n in ((-0.5, 0.92), (0.0, 1.0), (0.5, 0.92), (math.pi, 0.42))]  # fmt: skip
        for tip in tips:
            mid = foot * 0.5 + tip * 0.5 + np.array([0, thick * 0.5, 0])
            mesh = tube(
                np.array([foot, mid, tip + np.array([0, thick * 0.4, 0])]),
                np.array([0.9, 0.75, 0.3]) * thick,
                segments=6,
            )
            found.append(Feature(mesh=mesh, bone=f"toes_{side}", material="leg", colour=colour))
        if legs["web"]:
            for a, b in ((0, 1), (1, 2)):
                web = _web(foot, tips[a], tips[b], thick)
                found.append(Feature(mesh=web, bone=f"toes_{side}", material="leg", colour=colour))
    return tuple(found)


def _web(root: np.ndarray, a: np.ndarray, b: np.ndarray, thick: float) -> Mesh:
    up = np.array([0.0, thick * 0.35, 0.0])
    root = root * np.array([1, 0, 1])
    middle = (a + b) / 2 * 0.94 + root * 0.06
    low = np.array([root, a, middle, b]) + np.array([0, 1e-4, 0])
    points = np.concatenate([low + up, low])
    top = [[0, 1, 2], [0, 2, 3]]
    faces = top + [[x + 4, z + 4, y + 4] for x, y, z in top]
    for x, y in ((0, 1), (1, 2), (2, 3), (3, 0)):
        faces += [[x, x + 4, y + 4], [x, y + 4, y]]
    return creased(points, np.array(faces))


def _patches(frame: BirdFrame, attributes: Attributes) -> tuple[Patch, ...]:
    """Painted patches in head radii round the head joint ("head") or in units round the body joint ("body")."""
    found = []
    for spec in frame.parameters.get("paint", ()):
        if attributes.colour is not None and not spec.get("keep", False):
            continue
        for sign in SIDES.values() if spec.get("pair") else (1.0,):
            x, y, z = spec["at"]
            head = spec.get("space", "head") == "head"
            scale = frame.head_size if head else frame.unit
            centre = frame.joints["head" if head else "body"] + np.array([sign * x, y, z]) * scale
            found.append(
                Patch(
                    centre=centre,
                    axes=np.eye(3),
                    radii=np.array(spec["radii"], float) * scale,
                    soft=float(spec.get("soft", 0.3)),
                    colour=colour_linear(spec["colour"]),
                    mask=spec.get("mask"),
                )
            )
    return tuple(found)
