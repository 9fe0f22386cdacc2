"""Pieces of a person: bound meshes with named materials, and the one body made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vitascope.world.blueprint import Body, Socket
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh, joined
from vitascope.world.shape import Blob, Mould, mould_mesh
from vitascope.world.skeleton import Bone, Skeleton

__all__ = ["Piece", "body_of", "cells", "mirrored", "moulded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A mesh bound to the bones; its `material` numbers count into the names `materials`."""

    mesh: Mesh
    materials: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Sizes [m] of the cells of moulds: of the body, of the head, of hands and feet; and how many segments solids have."""

    body: float
    head: float
    hand: float
    segments: int

    @property
    def is_fine(self) -> bool:
        """Whether eyelashes, lips and fingers are worth making."""
        return self.segments >= 10


def cells(detail: float | None, *, height: float, head: float) -> Cells:
    """Cell sizes for a camera that resolves `detail` metres; None is a full figure in a medium shot."""
    wanted = 0.0165 * height if detail is None else detail
    body = float(np.clip(wanted, 0.0065 * height, 0.038 * height))
    ratio = body / (0.0165 * height)
    return Cells(
        body=body,
        head=float(np.clip(0.0375 * ratio, 0.019, 0.085)) * head,
        hand=0.55 * body,
        segments=int(np.clip(round(14 / ratio**0.7), 6, 20)),
    )


def moulded(blobs: Sequence[Blob], cell: float) -> Mesh:
    """The mesh of blobs, in cells of `cell` metres, not yet bound."""
    mesh = mould_mesh(Mould(blobs=tuple(blobs), detail=cell))
    return replace(mesh, joints=None, weights=None)


def mirrored(mesh: Mesh) -> Mesh:
    """An unbound mesh of the left side turned into one of the right side."""
    flip = np.array([-1.0, 1.0, 1.0], np.float32)
    return replace(
        mesh,
        positions=np.ascontiguousarray(mesh.positions * flip),
        normals=np.ascontiguousarray(mesh.normals * flip),
        indices=np.ascontiguousarray(mesh.indices[:, ::-1]),
    )


def body_of(
    pieces: Sequence[Piece], bones: tuple[Bone, ...], materials: Mapping[str, Material], sockets: Mapping[str, Socket]
) -> Body:
    """All pieces as one skinned mesh; materials that no piece names are left out."""
    used = sorted({name for piece in pieces for name in piece.materials})
    number = {name: i for i, name in enumerate(used)}
    meshes = []
    for piece in pieces:
        table = np.array([number[name] for name in piece.materials], np.uint8)
        meshes.append(replace(piece.mesh, material=table[piece.mesh.material]))
    return Body(
        mesh=joined(meshes),
        skeleton=Skeleton(bones),
        materials=tuple(materials[name] for name in used),
        sockets=dict(sockets),
    )
