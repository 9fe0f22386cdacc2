"""Fish, sharks, dolphins and whales: a skin lofted along a spine, fins as thin blades, all skinned along the body."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.interpolate import PchipInterpolator

from vitascope.film import Attributes
from vitascope.recipe import Recipe, colour_linear
from vitascope.world.animals.anatomy import SIDES, grown
from vitascope.world.animals.binding import bound_body
from vitascope.world.animals.coat import coat_of
from vitascope.world.animals.feature import Feature, eye, placed
from vitascope.world.blueprint import Body, Socket
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.shape import extrude, loft, tube
from vitascope.world.skeleton import Bone, turned
from vitascope.world.workshop import kept

__all__ = ["FishFrame", "fish_body", "fish_frame"]

_SPINE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FishFrame:
    """A swimmer at rest in metres: its middle at the origin, snout towards +z. `unit` is its length."""

    unit: float
    parameters: Mapping[str, Any]
    bones: tuple[Bone, ...]
    spine: np.ndarray
    """(S,) z of the spine's joints from head to tail."""


def fish_frame(recipe: Recipe, attributes: Attributes) -> FishFrame:
    """Joints of a fish of `length` metres: a spine from head to tail fin, a jaw and a pair of pectoral fins."""
    p = recipe.parameters
    unit = float(p["length"]) * attributes.scale * grown(attributes)[0]
    body_end = 0.5 - float(p.get("body", 0.82))
    spine = np.append(np.linspace(0.5 - float(p.get("neck", 0.28)), body_end + 0.04, _SPINE - 1), body_end) * unit
    bones = [Bone(name="spine1", parent=None, head=(0.0, 0.0, float(spine[0])))]
    bones += [
        Bone(name=f"spine{k + 1}", parent=f"spine{k}", head=(0.0, 0.0, float(spine[k]))) for k in range(1, len(spine))
    ]
    bones.append(Bone(name="jaw", parent="spine1", head=(0.0, -0.03 * unit, (0.5 - 0.14) * unit)))
    x, y, z = p.get("pectoral", {}).get("at", (0.06, -0.06, 0.2))
    for side, sign in SIDES.items():
        bones.append(Bone(name=f"fin_{side}", parent="spine1", head=(sign * x * unit, y * unit, z * unit)))
    return FishFrame(unit=unit, parameters=p, bones=tuple(bones), spine=spine)


def fish_body(recipe: Recipe, attributes: Attributes, *, detail: float | None = None) -> Body:
    """The body of a fish; `detail` [m] coarsens its rings."""
    unit = float(recipe.parameters["length"]) * attributes.scale
    coarse = 1.0 if detail is None else float(np.clip(detail / (0.02 * unit), 1.0, 2.5))
    coarse = round(coarse, 2)
    return kept("fish", (recipe, attributes, coarse), lambda: _made(recipe, attributes, coarse))


def _made(recipe: Recipe, attributes: Attributes, coarse: float) -> Body:
    frame = fish_frame(recipe, attributes)
    p, u = frame.parameters, frame.unit
    grain = {"surface": "scales", "roughness": 0.4, "detail": 0.6, "detail_scale": float(np.clip(0.6 * u, 0.08, 1.0))}
    coat = coat_of({**grain, **p["coat"]}, attributes, unit=u)
    body_material = replace(coat.materials["coat"], clearcoat=p["coat"].get("clearcoat", 0.4), under_amount=0.0)
    fin_material = replace(body_material, pattern="none", translucency=0.35)
    coat = replace(
        coat,
        materials={
            **coat.materials, "coat": body_material, "coat_fin": fin_material,
            "eye": Material(surface="eye", roughness=0.06, clearcoat=1.0),
            "glint": Material(surface="plain", roughness=0.4, emission=0.6), "mouth": Material(roughness=0.6),
        },
    )  # fmt: skip
    skin = _skin(frame, coat, attributes, coarse)
    features = (*_fins(frame, coat, attributes), *_face(frame))
    top = float(_profile(p, np.array([0.4]))[0][0]) * u
    sockets = {
        "top": Socket(bone="spine2", position=(0.0, top, 0.1 * u)),
        "seat": Socket(bone="spine2", position=(0.0, top, 0.1 * u)),
        "mouth": Socket(bone="spine1", position=(0.0, 0.0, 0.5 * u)),
        "head": Socket(bone="spine1", position=(0.0, 0.0, 0.4 * u)),
        "eyes": Socket(bone="spine1", position=(0.0, 0.02 * u, 0.4 * u)),
    }
    return bound_body(frame.bones, coat, (skin,), features, sockets=sockets)


def _profile(p: Mapping[str, Any], s: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Top, bottom and half width (in units) at shares s (K,) from snout (0) to the root of the tail fin (1)."""
    table = np.array(p["profile"], float)
    curves = PchipInterpolator(table[:, 0], table[:, 1:])(s)
    return curves[:, 0], curves[:, 1], curves[:, 2] / 2


def _skin(frame: FishFrame, coat: Any, attributes: Attributes, coarse: float) -> Mesh:
    p, u = frame.parameters, frame.unit
    rings, around = int(64 / coarse), int(26 / coarse**0.7)
    s = np.linspace(0, 1, rings) ** 1.15
    top, bottom, half = _profile(p, s)
    turns = np.linspace(0, 2 * np.pi, around, endpoint=False)
    square = float(p.get("square", 0.9))
    cosine, sine = np.cos(turns), np.sin(turns)
    x = half[:, None] * np.sign(cosine) * np.abs(cosine) ** square
    y = (top + bottom)[:, None] / 2 + (top - bottom)[:, None] / 2 * np.sign(sine) * np.abs(sine) ** square
    z = np.broadcast_to((0.5 - s * float(p.get("body", 0.82)))[:, None], x.shape)
    mesh = loft(np.stack([x, y, z], -1)[::-1] * u, angle=85)
    share = (0.5 - mesh.positions[:, 2] / u) / float(p.get("body", 0.82))
    colours = _colours(p, coat, attributes, mesh, share, u)
    joints, weights = _along(frame, mesh.positions[:, 2])
    return replace(
        mesh, colours=colours.astype(np.float32), joints=joints, weights=weights,
        occlusion=np.clip(0.72 + 0.28 * mesh.normals[:, 1], 0.4, 1).astype(np.float32),
        mask=np.clip((mesh.normals[:, 1] + 0.55) / 0.4, 0, 1).astype(np.float32) if p.get("pattern_above", True) else mesh.mask,
    )  # fmt: skip


def _colours(
    p: Mapping[str, Any], coat: Any, attributes: Attributes, mesh: Mesh, share: np.ndarray, u: float
) -> np.ndarray:
    """Back, flank and belly by where the surface faces; bands across; a dark or pale end."""
    spec = p["coat"]
    recoloured = attributes.colour is not None
    flank = np.array(coat.base)
    back = flank * 0.55 if recoloured or "back" not in spec else np.array(colour_linear(spec["back"]))
    belly = (
        np.minimum(flank * 1.5 + 0.05, 0.95)
        if recoloured or "belly" not in spec
        else np.array(colour_linear(spec["belly"]))
    )
    line = float(spec.get("line", 0.0))
    sharp = float(spec.get("sharp", 0.35))
    y = mesh.normals[:, 1] * 0.75 + 0.25 * mesh.positions[:, 1] / max(float(mesh.positions[:, 1].max()), 1e-6)
    up = np.clip((y - line - 0.30) / sharp + 0.5, 0, 1)[:, None]
    down = np.clip((-y + line - 0.30) / sharp + 0.5, 0, 1)[:, None]
    out = flank * (1 - up) + back * up
    out = out * (1 - down) + belly * down
    for start, end, colour in spec.get("bands", ()):
        shift = 0.02 * np.sin(mesh.positions[:, 1] / u * 18)
        inside = np.clip(np.minimum(share + shift - start, end - share - shift) / 0.012 + 0.5, 0, 1)[:, None]
        out = out * (1 - inside) + np.array(colour_linear(colour)) * inside
    return out


def _along(frame: FishFrame, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights that pass from each joint of the spine to the next along the body."""
    middle = (frame.spine[:-1] + frame.spine[1:]) / 2
    place = np.interp(
        -z, -np.concatenate([[frame.spine[0]], middle[1:], [frame.spine[-1] - 0.02 * frame.unit]]), np.arange(_SPINE)
    )
    low = np.clip(np.floor(place).astype(int), 0, _SPINE - 2)
    part = np.clip(place - low, 0, 1)
    joints = np.zeros((len(z), 4), np.uint8)
    weights = np.zeros((len(z), 4), np.float32)
    joints[:, 0], joints[:, 1] = low, low + 1
    weights[:, 0], weights[:, 1] = 1 - part, part
    return joints, weights


def blade(outline: np.ndarray, thick: float) -> Mesh:
    """A fin from an outline (P, 2) of (z, y) points: thin, with a soft edge, in the plane x = 0."""
    points = np.asarray(outline, float)
    area = np.sum(points[:, 0] * np.roll(points[:, 1], -1) - np.roll(points[:, 0], -1) * points[:, 1])
    points = points if area > 0 else points[::-1]
    for _ in range(2):
        after = np.roll(points, -1, 0)
        points = np.stack([0.78 * points + 0.22 * after, 0.22 * points + 0.78 * after], 1).reshape(-1, 2)
    mesh = extrude([(float(a), float(b)) for a, b in points], thick)
    turn = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
    return placed(mesh, np.zeros(3), np.linalg.inv(turn))


def _fins(frame: FishFrame, coat: Any, attributes: Attributes) -> tuple[Feature, ...]:
    p, u = frame.parameters, frame.unit
    found = []
    for spec in p.get("fins", ()):
        colour = _fin_colour(spec, coat, attributes)
        mesh = blade(np.array(spec["outline"], float) * u, float(spec.get("thick", 0.010)) * u)
        if spec.get("flat"):
            mesh = placed(mesh, np.zeros(3), turned("z", -math.pi / 2))
        joints, weights = _along(frame, mesh.positions[:, 2])
        mesh = replace(mesh, joints=joints, weights=weights)
        found.append(Feature(mesh=mesh, bone="spine1", material="coat_fin", colour=colour))
    side_fin = p.get("pectoral")
    if side_fin:
        colour = _fin_colour(side_fin, coat, attributes)
        for side, sign in SIDES.items():
            mesh = blade(np.array(side_fin["outline"], float) * u, float(side_fin.get("thick", 0.008)) * u)
            tilt = turned("y", -sign * math.radians(side_fin.get("sweep", 20))) @ turned(
                "z", sign * math.radians(side_fin.get("droop", 115))
            )
            bone = next(b for b in frame.bones if b.name == f"fin_{side}")
            found.append(
                Feature(
                    mesh=placed(mesh, np.array(bone.head), tilt), bone=bone.name, material="coat_fin", colour=colour
                )
            )
    return tuple(found)


def _fin_colour(spec: Mapping[str, Any], coat: Any, attributes: Attributes) -> tuple[float, float, float]:
    if attributes.colour is not None or "colour" not in spec:
        red, green, blue = coat.base
        return red, green, blue
    return colour_linear(spec["colour"])


def _face(frame: FishFrame) -> tuple[Feature, ...]:
    p, u = frame.parameters, frame.unit
    spec = p["eye"]
    x, y, z = spec["at"]
    found: list[Feature] = []
    for sign in SIDES.values():
        axes = turned("y", sign * math.radians(spec.get("out", 80.0)))
        at = np.array([sign * x, y, z]) * u
        found += eye(
            at, axes, spec["size"] * u, bone="spine1", iris=colour_linear(spec["iris"]), show=spec.get("show", 0.95)
        )
    mouth = p.get("mouth")
    if mouth:
        points = np.array(mouth, float)
        path = np.concatenate([points[::-1] * np.array([-1, 1, 1]), points[1:]]) * u
        found.append(
            Feature(mesh=tube(path, 0.006 * u, segments=5), bone="spine1", material="mouth", colour=(0.03, 0.02, 0.02))
        )
    for k in range(int(p.get("gills", 0))):
        for sign in SIDES.values():
            z0 = 0.5 - 0.235 - 0.022 * k
            top, bottom, half = _profile(p, np.array([(0.5 - z0) / float(p.get("body", 0.82))]))
            a = np.linspace(-0.5, 0.45, 6)
            path = (
                np.stack(
                    [
                        sign * half[0] * np.cos(a) * 1.0,
                        (top + bottom)[0] / 2 + (top - bottom)[0] / 2 * np.sin(a),
                        z0 + 0.01 * a,
                    ],
                    -1,
                )
                * u
            )
            found.append(
                Feature(
                    mesh=tube(path, 0.0035 * u, segments=4), bone="spine1", material="mouth", colour=(0.03, 0.035, 0.04)
                )
            )
    return tuple(found)
