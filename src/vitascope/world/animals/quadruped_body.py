"""A quadruped's body: anatomy, flesh, head, features and coat put together. Equal requests share one body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from vitascope.film import Attributes
from vitascope.recipe import Recipe, colour_linear
from vitascope.world.animals.anatomy import SIDES, Anatomy, anatomy_of
from vitascope.world.animals.binding import bound_body, skin_of
from vitascope.world.animals.coat import Coat, Patch, coat_of
from vitascope.world.animals.dressing import dressing
from vitascope.world.animals.flesh import trunk_and_limbs
from vitascope.world.animals.fluff import fluffed
from vitascope.world.animals.mane import mane_lumps
from vitascope.world.animals.skull import head_flesh
from vitascope.world.animals.tress import tressed
from vitascope.world.blueprint import Body, Socket
from vitascope.world.material import Material
from vitascope.world.skeleton import Skeleton
from vitascope.world.workshop import kept

__all__ = ["body_of"]

_CELL = 0.030
"""Cell of the body's mould in withers heights: about six thousand vertices for body and limbs."""
_HEAD_CELL = 0.040
"""Cell of the head's mould in head lengths."""


def body_of(recipe: Recipe, attributes: Attributes, *, detail: float | None = None) -> Body:
    """The body of a quadruped; `detail` [m] coarsens its cells where it is small in frame."""
    cell = None if detail is None else round(detail, 4)
    return kept("quadruped", (recipe, attributes, cell), lambda: _made(recipe, attributes, cell))


def _made(recipe: Recipe, attributes: Attributes, detail: float | None) -> Body:
    anatomy = anatomy_of(recipe, attributes)
    p, u = anatomy.parameters, anatomy.unit
    fineness = float(p.get("fineness", 1.0))
    cell = _CELL * u / fineness
    coarse = 1.0 if detail is None else float(np.clip(detail / cell, 1.0, 2.1))
    grain = {"detail_scale": float(np.clip(0.9 * u, 0.1, 1.4)), "detail": 0.75}
    coat = _with_features(coat_of({**grain, **p["coat"]}, attributes, unit=u))
    skeleton = Skeleton(anatomy.bones)
    seam = 0.05 * u
    body_lumps = trunk_and_limbs(anatomy).items + mane_lumps(anatomy).items
    body = skin_of(body_lumps, coat, skeleton, detail=cell * coarse, part=seam)
    head = skin_of(
        head_flesh(anatomy).items,
        coat,
        skeleton,
        detail=_HEAD_CELL * anatomy.head_unit * coarse**0.8 / fineness**0.5,
        part=seam,
    )
    body, head = fluffed(body, p.get("fluff"), u, coat), fluffed(head, p.get("head_fluff"), u, coat)
    fine, own = coarse < 1.5, attributes.colour is None
    groups = {
        part: [g for g in p.get("tresses", ()) if g.get("skin", g.get("space", "body")) == part]
        for part in ("body", "head")
    }
    skins = [
        tressed(body, anatomy, coat, groups["body"], fine=fine, own=own),
        tressed(head, anatomy, coat, groups["head"], fine=fine, own=own),
    ]
    features = dressing(anatomy, coat, fine=fine)
    return bound_body(
        anatomy.bones, coat, skins, features, patches=_patches(anatomy, coat, attributes), sockets=_sockets(anatomy)
    )


def _with_features(coat: Coat) -> Coat:
    """The coat with the materials of features added."""
    fur = coat.materials["coat"]
    plain = replace(fur, pattern="none", under_amount=0.0)
    more = {
        "mane": replace(plain, surface="hair", roughness=0.7),
        "coat_ear": replace(plain, detail=0.2),
        "eye": Material(surface="eye", roughness=0.12, clearcoat=0.4),
        "glint": Material(surface="plain", roughness=0.4, emission=0.6),
        "lid": Material(surface="skin", roughness=0.5),
        "nose": Material(surface="skin", roughness=0.35, clearcoat=0.5),
        "horn": Material(surface="plain", roughness=0.45),
        "whisker": Material(surface="plain", roughness=0.5, translucency=0.4),
    }
    return replace(coat, materials={**coat.materials, **more})


def _patches(anatomy: Anatomy, coat: Coat, attributes: Attributes) -> tuple[Patch, ...]:
    """Painted patches of the recipe. An asked-for colour keeps only those marked `keep`."""
    found = []
    for spec in anatomy.parameters.get("paint", ()):
        if attributes.colour is not None and not spec.get("keep", False):
            continue
        for sign in SIDES.values() if spec.get("pair", False) else (1.0,):
            x, y, z = spec["at"]
            if spec.get("space", "head") == "head":
                centre, axes, scale = anatomy.head_point((sign * x, y, z)), anatomy.head_axes, anatomy.head_unit
            else:
                centre, axes, scale = np.array([sign * x, y, z]) * anatomy.unit, np.eye(3), anatomy.unit
            found.append(
                Patch(
                    centre=centre, axes=axes, radii=np.array(spec["radii"], float) * scale, soft=float(spec.get("soft", 0.5)),
                    colour=_patch_colour(spec, coat), mask=spec.get("mask"), strength=float(spec.get("strength", 1.0)),
                    ragged=float(spec.get("ragged", 0.0)),
                )
            )  # fmt: skip
    return tuple(found)


def _patch_colour(spec: Mapping[str, Any], coat: Coat) -> tuple[float, float, float] | None:
    if spec.get("colour") is None:
        return None
    return coat.base if spec["colour"] == "base" else colour_linear(spec["colour"])


def _sockets(anatomy: Anatomy) -> Mapping[str, Socket]:
    u, j = anatomy.unit, anatomy.joints
    back = j["waist"] + np.array([0.0, 0.34 * anatomy.parameters["waist"]["depth"] * u, 0.0])
    mouth = anatomy.head_point((0, -anatomy.parameters["head"]["drop"] - 0.08, 0.80))

    def socket(bone: str, at: np.ndarray) -> Socket:
        x, y, z = (float(c) for c in at)
        return Socket(bone=bone, position=(x, y, z))

    return {
        "seat": socket("waist", back), "top": socket("waist", back), "back": socket("waist", back),
        "mouth": socket("head", mouth), "head": socket("head", anatomy.head_point((0, 0.3, 0.1))),
        "eyes": socket("head", anatomy.head_point((0, 0.08, 0.45))), "chest": socket("chest", j["chest"]),
    }  # fmt: skip
