"""Which pixels some vertices of a thing cover at a moment, as closely as is worth knowing."""

from __future__ import annotations

import numpy as np

from vitascope.render.bounds import SWAY, clip_box, corners_of, region_of
from vitascope.render.region import Region
from vitascope.world.mesh import Mesh
from vitascope.world.stage import Pose

__all__ = ["covered"]

_FOLLOWED = 50_000
"""Most points that are followed one by one; of more only the box round them is, in each instance."""


def covered(mesh: Mesh, vertices: np.ndarray, pose: Pose, view_proj: np.ndarray, size: tuple[int, int]) -> Region:
    """The pixels of a picture of `size` within which all that lies between `vertices` (numbers) is seen."""
    if not pose.visible or len(pose.transforms) == 0 or len(vertices) == 0:
        return Region(0, 0, 0, 0)
    points = _posed(mesh, vertices, pose)
    matrices = np.asarray(pose.transforms, np.float64)
    if len(points) * len(matrices) > _FOLLOWED:
        low, high = points.min(0), points.max(0)
        points = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
    world = (points @ matrices[:, :3, :3].transpose(0, 2, 1) + matrices[:, None, :3, 3]).reshape(-1, 3)
    sway = SWAY * float(mesh.sway[vertices].max())
    if sway > 0:
        world = corners_of(np.concatenate([world, np.full((len(world), 1), sway)], axis=1))
    depth = world @ view_proj[3, :3] + view_proj[3, 3]
    if (depth < 0).all():
        return Region(0, 0, 0, 0)
    box = clip_box(world, view_proj)
    beside = box[0] >= 1 or box[1] >= 1 or box[2] <= -1 or box[3] <= -1
    return Region(0, 0, 0, 0) if beside else region_of(box, size)


def _posed(mesh: Mesh, vertices: np.ndarray, pose: Pose) -> np.ndarray:
    """(N, 3) places of vertices in the space of their thing, moved by its bones."""
    points = mesh.positions[vertices].astype(np.float64)
    if mesh.joints is None or mesh.weights is None or pose.joints is None:
        return points
    weights = mesh.weights[vertices].astype(np.float64)
    weights /= np.maximum(weights.sum(1, keepdims=True), 1e-9)
    bones = np.asarray(pose.joints, np.float64)[:, :3]
    blended = np.einsum("nk,nkij->nij", weights, bones[mesh.joints[vertices]])
    return np.einsum("nij,nj->ni", blended[:, :, :3], points) + blended[:, :, 3]
