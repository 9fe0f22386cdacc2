"""Blueprints: bones, moulds and solids with named materials and sockets; assembled into one body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from vitascope.world.material import Material
from vitascope.world.mesh import Mesh, joined
from vitascope.world.shape import Mould, mould_mesh
from vitascope.world.skeleton import Bone, Skeleton

__all__ = ["Blueprint", "Body", "Socket", "Solid", "assembled"]

Vec = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solid:
    """A ready mesh in the rest space of the body, carried by one bone (its own joints and weights are ignored)."""

    mesh: Mesh
    material: str
    bone: str = "root"
    mask: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Socket:
    """A place where something can be attached: a bone and a point in rest space."""

    bone: str
    position: Vec


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """What a body is made of. Blobs of the moulds name bones and materials by number: the order of these tuples."""

    bones: tuple[Bone, ...] = (Bone(name="root", parent=None, head=(0.0, 0.0, 0.0)),)
    materials: Mapping[str, Material] = field(default_factory=dict)
    moulds: tuple[Mould, ...] = ()
    solids: tuple[Solid, ...] = ()
    sockets: Mapping[str, Socket] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A drawable body: one mesh, its skeleton, its materials in order, and where things attach."""

    mesh: Mesh
    skeleton: Skeleton
    materials: tuple[Material, ...]
    sockets: Mapping[str, Socket]


def assembled(blueprint: Blueprint) -> Body:
    """Mesh every mould, bind every solid, and join them. A body of one bone stays rigid (no joints)."""
    skeleton = Skeleton(blueprint.bones)
    number = {name: i for i, name in enumerate(blueprint.materials)}
    meshes = [mould_mesh(mould) for mould in blueprint.moulds]
    for solid in blueprint.solids:
        count = len(solid.mesh.positions)
        joints = np.zeros((count, 4), np.uint8)
        joints[:, 0] = skeleton.index(solid.bone)
        weights = np.zeros((count, 4), np.float32)
        weights[:, 0] = 1
        meshes.append(
            replace(
                solid.mesh,
                material=np.full(count, number[solid.material], np.uint8),
                mask=solid.mesh.mask * np.float32(solid.mask),
                joints=joints,
                weights=weights,
            )
        )
    mesh = joined(meshes)
    if len(blueprint.bones) == 1:
        mesh = replace(mesh, joints=None, weights=None)
    return Body(
        mesh=mesh, skeleton=skeleton, materials=tuple(blueprint.materials.values()), sockets=dict(blueprint.sockets)
    )
