"""Wings, fins and blades: flat aerofoils between two chords."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from vitascope.world.mesh import Mesh
from vitascope.world.shape import loft
from vitascope.world.things.kit import Kit

__all__ = ["add_wings", "aerofoil"]

_PROFILE = np.array(
    [
        (0.0, 0.0),
        (0.04, 0.55),
        (0.2, 1.0),
        (0.5, 0.8),
        (0.8, 0.35),
        (1.0, 0.02),
        (0.8, -0.12),
        (0.5, -0.3),
        (0.2, -0.5),
        (0.04, -0.35),
    ]
)
"""Share of the chord from the leading edge, and height in half thicknesses."""


def aerofoil(
    root: np.ndarray, tip: np.ndarray, chords: tuple[float, float], thickness: float, *, up: np.ndarray
) -> Mesh:
    """A wing from `root` to `tip` (3,), both points on the leading edge (towards +z); chords [m] run back along -z."""
    rings = []
    for share, chord in zip((0.0, 0.5, 0.97, 1.0), np.interp((0.0, 0.5, 0.97, 1.0), (0, 1), chords), strict=True):
        slim = 1.0 if share < 1 else 0.3
        middle = root + (tip - root) * share
        back = _PROFILE[:, :1] * chord * np.array([[0.0, 0.0, -1.0]])
        rise = _PROFILE[:, 1:] * thickness * chord * slim * up[None] / 2
        rings.append(middle + back + rise)
    rings = np.array(rings)
    mesh = loft(rings, angle=35)
    centre = rings.mean((0, 1))
    outward = np.einsum("ij,ij->i", mesh.positions - centre, mesh.normals).mean()
    return mesh if outward > 0 else loft(rings[:, ::-1], angle=35)


def add_wings(kit: Kit, rows: Iterable[Mapping[str, Any]]) -> None:
    """Wings from rows {root, tip, chords, thick, upright, mirror, material, bone} of a recipe's parameters."""
    for row in rows:
        root, tip = np.array(row["root"], float), np.array(row["tip"], float)
        up = np.array([1.0, 0.0, 0.0] if row.get("upright") else [0.0, 1.0, 0.0])
        chords = (float(row["chords"][0]), float(row["chords"][1]))
        mesh = aerofoil(root, tip, chords, float(row.get("thick", 0.12)), up=up)
        kit.add(
            mesh,
            str(row.get("material", next(iter(kit.materials)))),
            mirror="x" if row.get("mirror") else "",
            bone=str(row.get("bone", "root")),
        )
