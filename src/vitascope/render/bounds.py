"""Where things can be: spheres round meshes and bones, followed through poses, and the pixels that they cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitascope.render.region import Region
from vitascope.world.mesh import Mesh
from vitascope.world.stage import Pose, Thing

__all__ = ["SWAY", "MeshBounds", "clip_box", "corners_of", "mesh_bounds", "region_of", "spheres_of"]

_PARTED = 16
"""Most instances of a skinned thing whose bones are followed one by one to find where they are in the picture."""
SWAY = 0.6
"""Metres that the strongest wind moves what is free to sway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshBounds:
    """A sphere round a mesh at rest; of a skinned one also those round what each bone moves."""

    centre: np.ndarray
    radius: float
    sway: float
    """Metres that the wind may carry its points."""
    bones: tuple[np.ndarray, np.ndarray] | None
    """Numbers (B,) of the joints that move anything, spheres (B, 4) round what each moves, at rest."""


def mesh_bounds(mesh: Mesh) -> MeshBounds:
    """The bounds of a mesh."""
    count = len(mesh.positions)
    low = mesh.positions.min(0) if count else np.zeros(3)
    high = mesh.positions.max(0) if count else np.zeros(3)
    centre = (low.astype(np.float64) + high) / 2
    radius = float(np.linalg.norm(mesh.positions - centre, axis=1).max()) if count else 0.0
    sway = SWAY * float(np.max(mesh.sway, initial=0.0))
    return MeshBounds(centre=centre, radius=radius, sway=sway, bones=_bone_spheres(mesh, sway))


def spheres_of(thing: Thing, bounds: MeshBounds, pose: Pose) -> tuple[np.ndarray, np.ndarray | None]:
    """(K, 4) spheres round the instances of a thing; and where they are known smaller ones (K, B, 4) whose hull holds each."""
    matrices = np.asarray(pose.transforms, np.float64)
    scale = np.linalg.norm(matrices[:, :3, :3], axis=1).max(axis=1)
    if thing.bounds_radius is not None:
        centre, radius = matrices[:, :3, 3], np.full(len(matrices), thing.bounds_radius)
    elif thing.mesh.joints is not None:
        centre, radius = matrices[:, :3, 3], np.full(len(matrices), 1e6)
    else:
        centre = matrices[:, :3, :3] @ bounds.centre + matrices[:, :3, 3]
        radius = bounds.radius * scale + bounds.sway
    parts = None
    if bounds.bones is not None and pose.joints is not None and len(matrices) <= _PARTED:
        parts = _posed_spheres(bounds.bones, np.asarray(pose.joints, np.float64), matrices)
    return np.concatenate([centre, radius[:, None]], axis=1), parts


def corners_of(spheres: np.ndarray) -> np.ndarray:
    """(8 K, 3) corners of the boxes round spheres (K, 4)."""
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float64)
    return (spheres[:, None, :3] + corners * spheres[:, None, 3:]).reshape(-1, 3)


def clip_box(points: np.ndarray, view_proj: np.ndarray) -> np.ndarray:
    """(4,) lowest x, y and highest x, y in clip space of points (K, 3), all of it where one is near."""
    clip = points @ view_proj[[0, 1, 3], :3].T + view_proj[[0, 1, 3], 3]
    if (clip[:, 2] < 0.05).any():
        return np.array([-1.0, -1.0, 1.0, 1.0])
    plane = clip[:, :2] / clip[:, 2:]
    return np.clip(np.array([*plane.min(0), *plane.max(0)]), -1.0, 1.0)


def region_of(box: np.ndarray, size: tuple[int, int]) -> Region:
    """The pixels of a picture of `size` that a box (4,) of clip space touches."""
    x0, y0, x1, y1 = box
    width, height = size
    return Region.between(
        int((0.5 + 0.5 * x0) * width),
        int((0.5 - 0.5 * y1) * height),
        min(int((0.5 + 0.5 * x1) * width) + 1, width),
        min(int((0.5 - 0.5 * y0) * height) + 1, height),
    )


def _bone_spheres(mesh: Mesh, sway: float) -> tuple[np.ndarray, np.ndarray] | None:
    """Numbers (B,) of the joints that move anything and spheres (B, 4) round what each moves, in the rest pose."""
    if mesh.joints is None or mesh.weights is None:
        return None
    numbers = np.unique(mesh.joints[mesh.weights > 0])
    spheres = []
    for number in numbers:
        points = mesh.positions[((mesh.joints == number) & (mesh.weights > 0)).any(axis=1)].astype(np.float64)
        centre = (points.min(0) + points.max(0)) / 2
        spheres.append((*centre, np.linalg.norm(points - centre, axis=1).max()))
    grown = np.array(spheres, np.float64).reshape(-1, 4)
    grown[:, 3] += sway
    return numbers, grown


def _posed_spheres(bones: tuple[np.ndarray, np.ndarray], joints: np.ndarray, instances: np.ndarray) -> np.ndarray:
    """(K, B, 4) spheres of bones after joints (J, 4, 4) and instances (K, 4, 4)."""
    numbers, spheres = bones
    posed = instances[:, None] @ joints[numbers][None]
    centre = np.einsum("kbij,bj->kbi", posed[..., :3, :3], spheres[:, :3]) + posed[..., :3, 3]
    radius = spheres[:, 3] * np.linalg.norm(posed[..., :3, :3], axis=-2).max(axis=-1)
    return np.concatenate([centre, radius[..., None]], axis=-1)
