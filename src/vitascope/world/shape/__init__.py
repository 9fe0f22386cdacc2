"""Shapes to meshes: signed distances joined smoothly for what lives, crisp solids for what is built."""

from vitascope.world.shape.mould import Blob, Mould, ball, bone_weights, cone, ellipsoid, limb, mould_mesh, rounded_box
from vitascope.world.shape.solid import (
    box,
    cone_solid,
    creased,
    cylinder,
    disc,
    extrude,
    grid,
    lathe,
    loft,
    sphere,
    tube,
)

__all__ = [
    "Blob", "Mould", "ball", "bone_weights", "box", "cone", "cone_solid", "creased", "cylinder", "disc", "ellipsoid",
    "extrude", "grid", "lathe", "limb", "loft", "mould_mesh", "rounded_box", "sphere", "tube",
]  # fmt: skip
