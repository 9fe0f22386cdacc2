"""Jellyfish, octopuses, rays and sea turtles: a bell, mantle or disc with arms, flaps or flippers."""

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
from vitascope.world.animals.coat import Coat, coat_of
from vitascope.world.animals.feature import Feature, eye, placed
from vitascope.world.animals.fish_body import blade
from vitascope.world.animals.lump import Lumps
from vitascope.world.blueprint import Body, Socket
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.shape import lathe, tube
from vitascope.world.skeleton import Bone, Skeleton, turned
from vitascope.world.workshop import kept

__all__ = ["ARM_BONES", "DrifterFrame", "drifter_body", "drifter_frame"]

ARM_BONES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DrifterFrame:
    """A drifter at rest in metres round the origin, facing +z. `arms` are the angles [rad] of its arms round y."""

    unit: float
    form: str
    parameters: Mapping[str, Any]
    bones: tuple[Bone, ...]
    arms: tuple[float, ...]


def drifter_frame(recipe: Recipe, attributes: Attributes) -> DrifterFrame:
    """Bones of the `form` ("bell", "mantle", "disc", "turtle"): a body, then chains of arms or pairs of limbs."""
    p = recipe.parameters
    u = float(p["length"]) * attributes.scale * grown(attributes)[0]
    form = str(p["form"])
    bones = [Bone(name="body", parent=None, head=(0.0, 0.0, 0.0))]
    count = int(p.get("arms", 0))
    arms = tuple(2 * math.pi * (k + 0.5) / count for k in range(count))
    radius, length = float(p.get("arm_ring", 0.2)) * u, float(p.get("arm_length", 1.0)) * u
    for k, angle in enumerate(arms):
        root = np.array([math.sin(angle) * radius, float(p.get("arm_y", -0.1)) * u, math.cos(angle) * radius])
        for s in range(ARM_BONES):
            at = root - np.array([0.0, length * s / ARM_BONES, 0.0])
            bones.append(
                Bone(
                    name=f"arm{k}_{s}",
                    parent="body" if s == 0 else f"arm{k}_{s - 1}",
                    head=(float(at[0]), float(at[1]), float(at[2])),
                )
            )
    for name, (x, y, z) in p.get("limbs", {}).items():
        for side, sign in SIDES.items():
            bones.append(Bone(name=f"{name}_{side}", parent="body", head=(sign * x * u, y * u, z * u)))
            if form == "disc":
                bones.append(
                    Bone(name=f"{name}tip_{side}", parent=f"{name}_{side}", head=(sign * (x + 0.26) * u, y * u, z * u))
                )
    bones.append(Bone(name="head", parent="body", head=(0.0, 0.0, float(p.get("head_z", 0.4)) * u)))
    return DrifterFrame(unit=u, form=form, parameters=p, bones=tuple(bones), arms=arms)


def drifter_body(recipe: Recipe, attributes: Attributes, *, detail: float | None = None) -> Body:
    """The body of a drifter; `detail` [m] coarsens its cells."""
    unit = float(recipe.parameters["length"]) * attributes.scale
    coarse = 1.0 if detail is None else float(np.clip(detail / (0.03 * unit), 1.0, 2.5))
    coarse = round(coarse, 2)
    return kept("drifter", (recipe, attributes, coarse), lambda: _made(recipe, attributes, coarse))


def _made(recipe: Recipe, attributes: Attributes, coarse: float) -> Body:
    frame = drifter_frame(recipe, attributes)
    p, u = frame.parameters, frame.unit
    coat = coat_of({"surface": "skin", "roughness": 0.4, **p["coat"]}, attributes, unit=u)
    main = coat.materials["coat"]
    if frame.form == "bell":
        main = replace(main, opacity=0.62, translucency=0.9, clearcoat=0.6, emission=0.12)
    coat = replace(
        coat,
        materials={
            **coat.materials, "coat": main, "coat_limb": replace(main, pattern="none"),
            "eye": Material(surface="eye", roughness=0.06, clearcoat=1.0),
            "glint": Material(surface="plain", roughness=0.4, emission=0.6),
        },
    )  # fmt: skip
    skeleton = Skeleton(frame.bones)
    skins: list[Mesh] = []
    features: list[Feature] = []
    if frame.form == "bell":
        features += _bell(frame, coat)
    else:
        skins.append(
            skin_of(_trunk(frame).items, coat, skeleton, detail=float(p.get("cell", 0.03)) * u * coarse, part=0.05 * u)
        )
        features += _flippers(frame, coat, attributes)
    features += _arms(frame, coat, skeleton)
    features += _eyes(frame)
    sockets = {
        "top": Socket(bone="body", position=(0.0, 0.15 * u, 0.0)),
        "mouth": Socket(bone="head", position=(0.0, 0.0, 0.5 * u)),
    }
    return bound_body(frame.bones, coat, skins, features, sockets=sockets)


def _bell(frame: DrifterFrame, coat: Coat) -> list[Feature]:
    """The translucent dome with a scalloped rim, and a brighter heart inside."""
    u = frame.unit
    a = np.linspace(0.06, 1.62, 14)
    outer = [(0.5 * u * math.sin(x) ** 0.9, 0.36 * u * math.cos(x)) for x in a[::-1]]
    inner = [(0.46 * u * math.sin(x) ** 0.9, 0.30 * u * math.cos(x) - 0.01 * u) for x in a]
    dome = lathe([*inner, *[(1e-5, 0.29 * u)]][::-1][1:][::-1] + outer, segments=32, angle=80)
    turn = np.arctan2(dome.positions[:, 0], dome.positions[:, 2])
    rim = np.clip(0.12 - dome.positions[:, 1] / u, 0, 1) * 3
    positions = dome.positions * (1 + 0.05 * rim * np.cos(16 * turn))[:, None]
    dome = replace(dome, positions=positions.astype(np.float32))
    base = coat.base
    heart = tuple(min(1.0, 1.4 * c + 0.1) for c in base)
    core = lathe(
        [(1e-5, -0.16 * u), (0.16 * u, -0.10 * u), (0.24 * u, 0.04 * u), (0.16 * u, 0.18 * u), (1e-5, 0.22 * u)],
        segments=16,
        angle=80,
    )
    return [
        Feature(mesh=core, bone="body", material="coat_limb", colour=(heart[0], heart[1], heart[2])),
        Feature(mesh=dome, bone="body", material="coat", colour=base),
    ]


def _trunk(frame: DrifterFrame) -> Lumps:
    p, u = frame.parameters, frame.unit
    lumps = Lumps(softness=0.5)
    for at, radii, bone, region in p["lumps"]:
        lumps.egg(np.array(at) * u, np.array(radii) * u, bone, region, blend=float(p.get("blend", 0.06)) * u)
        if abs(at[0]) > 1e-6:
            other = bone.replace("_l", "_r")
            lumps.egg(
                np.array(at) * np.array([-1, 1, 1]) * u,
                np.array(radii) * u,
                other,
                region,
                blend=float(p.get("blend", 0.06)) * u,
            )
    return lumps


def _flippers(frame: DrifterFrame, coat: Coat, attributes: Attributes) -> list[Feature]:
    """Blades on limbs: the flippers of a turtle."""
    p, u = frame.parameters, frame.unit
    found = []
    for name, outline in p.get("blades", {}).items():
        for side, sign in SIDES.items():
            mesh = blade(np.array(outline, float) * u, 0.045 * u)
            mesh = placed(
                mesh,
                np.array(next(b.head for b in frame.bones if b.name == f"{name}_{side}")),
                turned("z", -sign * math.pi / 2),
            )
            found.append(
                Feature(mesh=mesh, bone=f"{name}_{side}", material="coat_limb", colour=coat.region_colour("limb"))
            )
    return found


def _arms(frame: DrifterFrame, coat: Coat, skeleton: Skeleton) -> list[Feature]:
    """Tapering tubes skinned along their chains of bones."""
    p, u = frame.parameters, frame.unit
    found = []
    if not frame.arms:
        return found
    length = float(p.get("arm_length", 1.0)) * u
    thick = np.linspace(float(p["arm_thick"][0]), float(p["arm_thick"][1]), 16) * u
    for k in range(len(frame.arms)):
        root = np.array(frame.bones[skeleton.index(f"arm{k}_0")].head)
        share = np.linspace(0, 1, 16)
        path = root - np.outer(share * length, [0, 1, 0])
        mesh = tube(path, thick.tolist(), segments=7)
        along = np.clip((root[1] - mesh.positions[:, 1]) / length, 0, 1) * ARM_BONES - 0.5
        low = np.clip(np.floor(along).astype(int), 0, ARM_BONES - 2)
        part = np.clip(along - low, 0, 1)
        joints = np.zeros((len(mesh.positions), 4), np.uint8)
        weights = np.zeros((len(mesh.positions), 4), np.float32)
        first = skeleton.index(f"arm{k}_0")
        joints[:, 0], joints[:, 1] = first + low, first + low + 1
        weights[:, 0], weights[:, 1] = 1 - part, part
        mesh = replace(mesh, joints=joints, weights=weights)
        found.append(Feature(mesh=mesh, bone=f"arm{k}_0", material="coat_limb", colour=coat.region_colour("limb")))
    return found


def _eyes(frame: DrifterFrame) -> list[Feature]:
    spec = frame.parameters.get("eye")
    found: list[Feature] = []
    if spec:
        x, y, z = spec["at"]
        for sign in SIDES.values():
            axes = turned("y", sign * math.radians(spec.get("out", 60.0)))
            found += eye(np.array([sign * x, y, z]) * frame.unit, axes, spec["size"] * frame.unit, bone="head",
                         iris=colour_linear(spec["iris"]), pupil=spec.get("pupil", "round"))  # fmt: skip
    return found
