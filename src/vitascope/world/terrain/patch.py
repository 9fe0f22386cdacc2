"""The mesh of the ground: a polar grid whose cells grow with distance, from the feet of the camera to the horizon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vitascope.world.mesh import Mesh

__all__ = ["Patch", "Sampling", "aims_of", "patch_of", "sampling_for"]

Height = Callable[[np.ndarray, np.ndarray], np.ndarray]
_FAR = 300.0
"""Metres beyond which mountains are sampled for their outlines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """Where the polar grid is centred, its rings (R,) [m] and its spokes (S,) [rad about y, 0 towards +z]."""

    centre: tuple[float, float]
    rings: np.ndarray
    spokes: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Sampled ground, all (R, S): x, y, z, slope (rise over run), hollow (-1 ridge .. 1 hollow), occlusion 0..1."""

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    normals: np.ndarray
    """(R, S, 3)."""
    slope: np.ndarray
    hollow: np.ndarray
    occlusion: np.ndarray
    distance: np.ndarray
    """Metres from the origin, the mark."""

    def mesh(self, *, colours: np.ndarray, mask: np.ndarray | float, material: np.ndarray | int = 0) -> Mesh:
        """The mesh with colours (R, S, 3), layer mask (R, S) and material numbers (R, S)."""
        rings, spokes = self.x.shape
        index = np.arange(rings * spokes).reshape(rings, spokes)
        after = np.roll(index, -1, axis=1)
        a, b, c, d = index[:-1].ravel(), after[:-1].ravel(), index[1:].ravel(), after[1:].ravel()
        faces = np.concatenate([np.stack([a, c, d], -1), np.stack([a, d, b], -1)])
        return Mesh.of(
            np.stack([self.x, self.y, self.z], -1).reshape(-1, 3),
            faces,
            normals=self.normals.reshape(-1, 3),
            colours=np.clip(colours, 0, 4).reshape(-1, 3),
            mask=np.asarray(mask).ravel() if np.ndim(mask) else mask,
            material=np.asarray(material).ravel() if np.ndim(material) else material,
            occlusion=self.occlusion.ravel(),
        )


def aims_of(cameras: np.ndarray) -> np.ndarray:
    """(P, 2) about where on the ground, x and z, cameras (P, 3) look: at the mark, and half along with their travel."""
    eyes = np.asarray(cameras, float).reshape(-1, 3)[:, [0, 2]]
    return 0.5 * (eyes - eyes.mean(0))


def sampling_for(
    cameras: np.ndarray, height: Height, *, reach: float, vertices: int, finest: float = 0.28, far: float = 0.0
) -> Sampling:
    """Rings and spokes for cameras (P, 3): finest round the mark and the cameras, densest where the cameras look.

    `reach` is the outer radius [m], `vertices` the number to spend. Beyond 300 m rings are at most `far` times their
    radius apart, where that is above 0: for mountains that are looked at from afar.
    """
    eyes = np.asarray(cameras, float).reshape(-1, 3)
    middle = 0.55 * eyes[:, [0, 2]].mean(0)
    over = eyes[:, 1] - height(eyes[:, 0], eyes[:, 2])
    spread = max(float(np.linalg.norm(eyes[:, [0, 2]] - middle, axis=1).max()), float(np.linalg.norm(middle))) + 4.0
    cell = max(finest, 0.02 * float(np.median(over)), spread / 70.0)
    spoke_count = int(np.clip(np.sqrt(vertices) * (0.9 if far else 1.2), 48, 260))
    rings = _rings(vertices // spoke_count, cell, min(spread, 0.3 * reach), reach, far)
    return Sampling(centre=(float(middle[0]), float(middle[1])), rings=rings, spokes=_spokes(spoke_count, eyes, middle))


def patch_of(height: Height, sampling: Sampling) -> Patch:
    """Sample `height` on a polar grid; normals, hollows and occlusion come from the samples themselves."""
    radius, angle = np.meshgrid(sampling.rings, sampling.spokes, indexing="ij")
    x = (sampling.centre[0] + radius * np.sin(angle)).astype(np.float32)
    z = (sampling.centre[1] + radius * np.cos(angle)).astype(np.float32)
    y = height(x.ravel(), z.ravel()).reshape(x.shape).astype(np.float32)
    point = np.stack([x, y, z], -1)
    along = np.gradient(point, axis=0)
    around = np.roll(point, -1, 1) - np.roll(point, 1, 1)
    normals = np.cross(along, around)
    normals /= np.maximum(np.linalg.norm(normals, axis=-1, keepdims=True), 1e-9)
    normals[0] = normals[1]
    slope = np.hypot(normals[..., 0], normals[..., 2]) / np.maximum(normals[..., 1], 0.02)
    hollow, occlusion = _openness(x, y, z)
    return Patch(
        x=x, y=y, z=z, normals=normals.astype(np.float32), slope=slope, hollow=hollow, occlusion=occlusion,
        distance=np.hypot(x, z),
    )  # fmt: skip


def _rings(count: int, cell: float, plain: float, reach: float, far: float) -> np.ndarray:
    """Radii from a small hole to `reach`: even steps of `cell` out to `plain`, then growing ones; `count` in all."""
    radii = [0.0]
    for share in np.geomspace(0.005, 0.6, 60):
        radii, r = [cell * 0.05], cell * 0.05
        while r < reach and len(radii) < 4 * count:
            step = cell + share * max(r - plain, 0.0)
            if far and r > _FAR:
                step = min(step, max(far, 0.4 * share) * r)
            r += step
            radii.append(r)
        if len(radii) <= count:
            break
    result = np.array(radii)
    return result * np.where(
        result > plain, 1 + (reach / result[-1] - 1) * (result - plain) / (result[-1] - plain), 1.0
    )


def _spokes(count: int, eyes: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """Angles, three times denser within 45 degrees of where a camera sees the mark, thinning smoothly from there."""
    turn = np.linspace(-np.pi, np.pi, 721)
    way = aims_of(eyes) - eyes[:, [0, 2]]
    looks = np.arctan2(way[:, 0], way[:, 1]) if np.abs(way).max() > 1e-3 else np.array([np.pi])
    away = np.abs((turn[:, None] - looks[None] + np.pi) % (2 * np.pi) - np.pi).min(1)
    density = 1.0 + 4.5 / (1.0 + np.exp((away - 0.85) / 0.18))
    total = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return np.interp(np.linspace(0, 1, count, endpoint=False), total / total[-1], turn)


def _openness(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hollow (-1..1) and occlusion (0..1) from neighbours at several strides in eight directions of the grid."""
    rings = len(y)
    blocked, bend = np.zeros(y.shape, np.float32), np.zeros(y.shape, np.float32)
    row = np.arange(rings)
    for stride, share in ((1, 0.2), (3, 0.3), (7, 0.3), (15, 0.2)):
        rise = np.zeros(y.shape, np.float32)
        lean = np.zeros(y.shape, np.float32)
        for dr, ds in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1)):
            there = np.clip(row + dr * stride, 0, rings - 1)
            dx, dy, dz = (np.roll(a[there], -ds * stride, axis=1) - a for a in (x, y, z))
            tangent = dy / np.maximum(np.hypot(dx, dz), 1e-3)
            rise += np.maximum(tangent, 0) / np.sqrt(1 + tangent * tangent)
            lean += np.clip(tangent, -2, 2)
        blocked += share * rise / 8
        bend += share * lean / 8
    return np.clip(bend * 3.0, -1, 1), np.clip(1.0 - 1.25 * blocked, 0.25, 1.0)
