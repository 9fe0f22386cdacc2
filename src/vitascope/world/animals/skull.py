"""The head of a quadruped: skull, cheeks, muzzle and jaw as lumps; eyes, lids, nose, ears, horns and tusks as solids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from vitascope.world.animals.anatomy import SIDES, Anatomy
from vitascope.world.animals.flesh import neck_flesh
from vitascope.world.animals.lump import Lumps

__all__ = ["head_flesh"]

At = Callable[..., np.ndarray]


def head_flesh(anatomy: Anatomy) -> Lumps:
    """Skull, face, muzzle, jaw, and the end of the neck that carries them."""
    lumps = Lumps(softness=0.35)
    neck_flesh(anatomy, lumps, upper_only=True)
    h, unit = anatomy.parameters["head"], anatomy.head_unit

    def at(x: float, y: float, z: float) -> np.ndarray:
        return anatomy.head_point((x, y, z))

    def egg(where: tuple, radii: tuple, region: str, blend: float, bone: str = "head") -> None:
        lumps.egg(at(*where), np.array(radii) * unit, bone, region, blend=blend * unit, axes=anatomy.head_axes)

    wide, tall = h["width"], h["height"]
    egg((0, 0.06, 0.10), (wide * 0.40, tall * 0.44, 0.27), "head", 0.12)
    egg((0, 0.08 + 0.06 * h["forehead"], 0.26), (wide * 0.33, tall * 0.32 + 0.03 * h["forehead"], 0.20), "head", 0.08)
    for sign in SIDES.values():
        r = 0.14 + 0.05 * h["cheek"]
        egg((sign * wide * 0.27, -0.08, 0.20), (r * 0.8, r, r * 1.25), "head", 0.09)
    _muzzle(anatomy, lumps, at)
    _jaw(anatomy, lumps, at)
    x, y, z = h["eye"]["at"]
    e = h["eye"]["size"]
    brow = h.get("brow", 1.0)
    for sign in SIDES.values():
        egg((sign * x * 0.92, y + e * 1.28, z - e * 0.62), (e * 1.35, e * 0.58 * brow, e * brow), "head", 0.05)
        egg((sign * x * 1.02, y - e * 1.35, z - e * 0.9), (e * 1.2, e * 0.8, e * 1.2), "head", 0.05)
    if "trunk" in anatomy.parameters:
        _trunk(anatomy, lumps)
    return lumps


def _muzzle(anatomy: Anatomy, lumps: Lumps, at: At) -> None:
    h, unit = anatomy.parameters["head"], anatomy.head_unit
    length, width, height = h["muzzle"]
    front, drop = 0.85, -h["drop"]
    root = front - length
    side = max((width - height) / 2, 0.0)
    r = height / 2
    top_y = drop + r * 0.75
    lumps.cone(
        at(0, h["eye"]["at"][1] + 0.05, root - 0.10), at(0, top_y, front - h["bridge"] * 1.2),
        (h["bridge"] * 1.7 * unit, h["bridge"] * unit), "head", "muzzle_top", blend=0.09 * unit,
    )  # fmt: skip
    taper = float(h.get("taper", 0.85))
    for sign in SIDES.values():
        lumps.cone(
            at(sign * (side + 0.03) / taper, drop * 0.6 - 0.01, root - 0.05), at(sign * side, drop, front - r * 0.98),
            (r / taper * unit, r * 0.96 * unit), "head", "muzzle", blend=0.07 * unit,
        )  # fmt: skip
        pads = h["pads"]
        if pads > 0:
            size = r * (0.55 + 0.25 * pads)
            where = at(sign * (side + 0.12 * width), drop - 0.25 * r, front - size * 1.02)
            lumps.egg(where, np.array([size * 0.9, size * 0.85, size]) * unit, "head", "pads", blend=0.035 * unit,
                      axes=anatomy.head_axes)  # fmt: skip
    if "snout" in h:
        lumps.egg(
            at(0, *_snout(h)[1:]),
            np.array(h["snout"]) * unit,
            "head",
            "pads",
            blend=0.05 * unit,
            axes=anatomy.head_axes,
        )


def _snout(h: Mapping[str, Any]) -> tuple[float, float, float]:
    """Middle of the broad bare end of a muzzle, in head lengths."""
    return 0.0, -h["drop"] - 0.02, 0.85 - 0.8 * h["snout"][2]


def _jaw(anatomy: Anatomy, lumps: Lumps, at: At) -> None:
    h, unit = anatomy.parameters["head"], anatomy.head_unit
    _, width, height = h["muzzle"]
    drop = -h["drop"]
    chin_y = drop - height * (0.42 + 0.12 * h["chin"])
    thick = h["jaw"]
    chin_z = 0.85 - height * 0.42 - 0.05
    for sign in SIDES.values():
        lumps.cone(
            at(sign * h["width"] * 0.22, -0.17, 0.16), at(sign * width * 0.16, chin_y, chin_z),
            (thick * 1.2 * unit, thick * 0.8 * unit), "jaw", "chin", blend=0.05 * unit,
        )  # fmt: skip
    lumps.ball(at(0, chin_y, chin_z), (thick * 0.7 + 0.03 * h["chin"]) * unit, "jaw", "chin", blend=0.04 * unit)


def _trunk(anatomy: Anatomy, lumps: Lumps) -> None:
    p, u, j = anatomy.parameters["trunk"], anatomy.unit, anatomy.joints
    count = int(p["bones"])
    points = [j[f"trunk{k + 1}"] for k in range(count)] + [anatomy.tips["trunk"]]
    radii = [(p["base"] + (p["tip"] - p["base"]) * (k / count) ** 0.7) * u for k in range(count + 1)]
    lumps.cone(
        anatomy.head_point((0, 0.02, 0.42)),
        points[0],
        (radii[0] * 1.35, radii[0] * 1.05),
        "head",
        "head",
        blend=0.06 * u,
    )
    for k in range(count):
        bone = f"trunk{k + 1}"
        lumps.cone(points[k], points[k + 1], (radii[k], radii[k + 1]), bone, "trunk", blend=0.03 * u)
