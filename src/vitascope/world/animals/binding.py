"""From lumps and features to one body: moulded meshes bound softly to their bones, solids bound hard, and one coat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from vitascope.world.animals.coat import Coat, Patch
from vitascope.world.animals.feature import Feature
from vitascope.world.animals.lump import Lump
from vitascope.world.blueprint import Body, Socket
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh, joined
from vitascope.world.shape import Blob, Mould, mould_mesh
from vitascope.world.skeleton import Bone, Skeleton

__all__ = ["bound_body", "skin_of"]


def skin_of(lumps: Sequence[Lump], coat: Coat, skeleton: Skeleton, *, detail: float, part: float) -> Mesh:
    """A moulded mesh whose weights fade over each lump's own thickness, whatever the size of the cells.

    `part` [m] is the width of the seam between left and right limbs: neither side pulls on the other's skin.
    """
    index = {bone.name: i for i, bone in enumerate(skeleton.bones)}
    blobs = tuple(
        replace(
            _meshable(lump.blob, 0.58 * detail),
            bone=index[lump.bone],
            material=coat.number(coat.region_material(lump.region)),
            colour=coat.region_colour(lump.region),
            mask=coat.masks.get(lump.region, 1.0),
        )
        for lump in lumps
    )
    mesh = mould_mesh(Mould(blobs=blobs, detail=detail))
    joints, weights = _weights(mesh.positions, lumps, index, part)
    return replace(mesh, joints=joints, weights=weights)


def _meshable(blob: Blob, least: float) -> Blob:
    """The blob, thickened where the grid could not see it: far legs may be stout, but they must not vanish."""
    if blob.cut:
        return blob
    x, y, z = (max(r, least) for r in blob.radii)
    return replace(blob, ra=max(blob.ra, least), rb=max(blob.rb, least), radii=(x, y, z))


def _weights(
    positions: np.ndarray, lumps: Sequence[Lump], index: Mapping[str, int], part: float
) -> tuple[np.ndarray, np.ndarray]:
    """(N, 4) joints and (N, 4) weights."""
    solid = [lump for lump in lumps if not lump.blob.cut]
    distances = np.stack([(lump.hold or lump.blob).distance(positions) for lump in solid], axis=1)
    near = np.maximum(distances - distances.min(1, keepdims=True), 0.0)
    pull = np.maximum(np.exp(-near / np.array([1.2 * lump.spread for lump in solid])) - 0.16, 0.0) / 0.84
    names = list(dict.fromkeys(lump.bone for lump in solid))
    per_bone = np.zeros((len(positions), len(names)))
    for column, lump in enumerate(solid):
        k = names.index(lump.bone)
        np.maximum(per_bone[:, k], pull[:, column], out=per_bone[:, k])
    for k, name in enumerate(names):
        if name.endswith(("_l", "_r")):
            sign = 1.0 if name.endswith("_l") else -1.0
            per_bone[:, k] *= np.clip(0.5 + sign * positions[:, 0] / part, 0.0, 1.0)
    count = min(4, len(names))
    best = np.argsort(-per_bone, axis=1, kind="stable")[:, :count]
    joints = np.zeros((len(positions), 4), np.uint8)
    weights = np.zeros((len(positions), 4), np.float32)
    joints[:, :count] = np.array([index[name] for name in names])[best]
    weights[:, :count] = np.take_along_axis(per_bone, best, 1)
    weights[weights < 0.03 * weights.max(1, keepdims=True)] = 0
    return joints, weights / np.maximum(weights.sum(1, keepdims=True), 1e-9)


def bound_body(
    bones: tuple[Bone, ...],
    coat: Coat,
    skins: Sequence[Mesh],
    features: Sequence[Feature],
    *,
    patches: tuple[Patch, ...] = (),
    sockets: Mapping[str, Socket] | None = None,
) -> Body:
    """One body of all skins and features, painted."""
    skeleton = Skeleton(bones)
    index = {bone.name: i for i, bone in enumerate(bones)}
    meshes = list(skins)
    for feature in features:
        count = len(feature.mesh.positions)
        mesh = replace(feature.mesh, material=np.full(count, coat.number(feature.material), np.uint8))
        if mesh.joints is None:
            joints = np.zeros((count, 4), np.uint8)
            joints[:, 0] = index[feature.bone]
            weights = np.zeros((count, 4), np.float32)
            weights[:, 0] = 1
            mesh = replace(mesh, joints=joints, weights=weights)
        if feature.colour is not None:
            mesh = replace(mesh, colours=np.tile(np.asarray(feature.colour, np.float32), (count, 1)))
        meshes.append(mesh)
    mesh, materials = coat.finished(joined(meshes), patches)
    return Body(mesh=mesh, skeleton=skeleton, materials=tuple(_all(materials)), sockets=dict(sockets or {}))


def _all(materials: Mapping[str, Material]) -> Sequence[Material]:
    return list(materials.values())
