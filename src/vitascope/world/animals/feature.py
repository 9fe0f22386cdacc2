"""Crisp features of a head and its limbs: eyes with lids, noses, ears, horns, whiskers, hooves, claws and locks of hair."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import CubicSpline

from vitascope.world.mesh import Mesh, transformed
from vitascope.world.shape import lathe, loft, sphere, tube
from vitascope.world.skeleton import rotation_between, turned

__all__ = ["Feature", "ear", "eye", "fan_ear", "hoof", "horn", "lid", "nose_pad", "placed", "whisker"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A ready mesh in rest space with a bone, a material and an absolute linear colour (None keeps the mesh's own)."""

    mesh: Mesh
    bone: str
    material: str
    colour: tuple[float, float, float] | None = None


def placed(mesh: Mesh, position: np.ndarray, axes: np.ndarray | None = None) -> Mesh:
    """The mesh turned by `axes` (3, 3) and moved to (3,)."""
    matrix = np.eye(4)
    if axes is not None:
        matrix[:3, :3] = axes
    matrix[:3, 3] = position
    return transformed(mesh, matrix)


def _cap(radius: float, angle: float, *, segments: int = 14, squash: tuple[float, float] = (1.0, 1.0)) -> Mesh:
    """The part of a sphere within `angle` [rad] of +z; `squash` scales its outline in x and y."""
    turns = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    rings = []
    for share in (1.0, 0.72, 0.4, 0.02):
        x = np.sin(angle * share) * np.cos(turns) * squash[0]
        y = np.sin(angle * share) * np.sin(turns) * squash[1]
        z = np.sqrt(np.maximum(1 - x * x - y * y, 0.0)) if angle < 1.5 else np.full_like(x, np.cos(angle * share))
        rings.append(np.stack([x, y, z], -1) * radius)
    mesh = loft(np.array(rings), cap=False, angle=80)
    return replace(mesh, normals=(mesh.positions / np.linalg.norm(mesh.positions, axis=1, keepdims=True)))


_PUPILS = {
    "round": (0.5, (1.0, 1.0)),
    "slit": (0.5, (0.42, 1.12)),
    "oval": (0.6, (0.62, 1.1)),
    "wide": (0.52, (1.15, 0.55)),
    "none": (0.0, (1.0, 1.0)),
}


def eye(
    position: np.ndarray, look: np.ndarray, radius: float, *, bone: str, iris: tuple[float, float, float], pupil: str = "round",
    show: float = 0.95,
) -> tuple[Feature, ...]:  # fmt: skip
    """An eyeball that looks along the columns' z of `look` (3, 3): ball, iris, pupil and a spark of light.

    `show` [rad] is the iris' half angle.
    """
    size, squash = _PUPILS[pupil]
    ball = placed(sphere(radius, segments=14), position, look)
    ring = placed(_cap(radius * 1.015, show), position, look)
    parts = [
        Feature(mesh=ball, bone=bone, material="eye", colour=(0.07, 0.055, 0.045)),
        Feature(mesh=ring, bone=bone, material="eye", colour=iris),
    ]
    if size > 0:
        dark = placed(_cap(radius * 1.03, show * size * 1.1, squash=squash), position, look)
        parts.append(Feature(mesh=dark, bone=bone, material="eye", colour=(0.004, 0.004, 0.005)))
    upward = look @ turned("y", -0.30 * np.sign(look[0, 2] + 1e-9)) @ turned("x", -0.52)
    spark = placed(_cap(radius * 1.045, 0.17, segments=8), position, upward)
    parts.append(Feature(mesh=spark, bone=bone, material="glint", colour=(0.95, 0.95, 0.92)))
    return tuple(parts)


def lid(
    position: np.ndarray, look: np.ndarray, radius: float, *, bone: str, colour: tuple[float, float, float]
) -> Feature:
    """The upper lid: a cap behind the brow at rest, brought down by turning its bone about the eye's own x."""
    cap = _cap(radius * 1.07, 1.5, segments=14)
    return Feature(mesh=placed(cap, position, look @ turned("x", -2.0)), bone=bone, material="lid", colour=colour)


_WIDTHS = {
    "point": lambda s: (1 - s) ** 0.8 * (0.75 + 0.9 * s * (1 - s)) + 0.02,
    "round": lambda s: np.sqrt(np.maximum(1 - s**2.6, 0.0)) * (0.82 + 0.18 * np.sin(np.pi * s)) + 0.02,
    "leaf": lambda s: np.sin(np.pi * np.clip(0.16 + 0.84 * s, 0, 1)) ** 0.8 * 0.98 + 0.03,
    "long": lambda s: np.sin(np.pi * np.clip(0.14 + 0.86 * s, 0, 1)) ** 0.6 * 0.98 + 0.03,
    "floppy": lambda s: np.sin(np.pi * np.clip(0.2 + 0.74 * s, 0, 1)) ** 0.75 + 0.03,
}


def ear(
    kind: str, width: float, height: float, *, cup: float = 0.55, bend: float = 0.0, rings: int = 7, across: int = 7
) -> Mesh:
    """An ear that stands along +y and opens towards +z; its inside has colour 0, its outside 1 (in the red channel).

    `cup` [rad] is half the angle that it wraps round, `bend` [rad] turns its upper end forward and down.
    """
    profile = _WIDTHS[kind]
    thick = 0.09 * min(width, height)
    s = np.linspace(0, 1, rings)
    v = np.linspace(-1, 1, across)
    out = []
    spine = np.array([0.0, -0.18 * height, 0.0])
    previous = 0.0
    for share in s:
        angle = bend * share
        spine = spine + np.array([0, math.cos(angle), math.sin(angle)]) * (share - previous) * 1.18 * height
        previous = share
        half = width / 2 * float(profile(share))
        wrap = cup * (1.1 - 0.5 * share)
        x = half * np.sin(v * wrap) / max(math.sin(wrap), 1e-3)
        z = half * (1 - np.cos(v * wrap)) / max(math.sin(wrap), 1e-3)
        edge = thick * (1 - v * v) * (1 - 0.6 * share)
        forward = np.array([0, -math.sin(angle), math.cos(angle)])
        inner = spine + np.outer(x, [1, 0, 0]) + np.outer(z, forward)
        outer = inner - np.outer(edge + 0.02 * thick, forward)
        out.append(np.concatenate([inner, outer[::-1]]))
    mesh = loft(np.array(out), angle=85)
    facing = mesh.normals[:, 2] * math.cos(bend * 0.5) - mesh.normals[:, 1] * math.sin(bend * 0.5)
    outside = np.clip(0.5 - facing * 3.0, 0, 1)
    return replace(mesh, colours=np.repeat(outside[:, None], 3, 1).astype(np.float32))


def fan_ear(width: float, height: float) -> Mesh:
    """The broad ear of an elephant: attached along x = 0, spread towards +x, its front face towards +z."""
    a = np.linspace(0, 1, 11)
    b = np.linspace(-1, 1, 11)
    full = 0.018 * height
    out = []
    for share in a:
        top = 0.34 * math.sin(math.pi * min(1.0, 0.30 + 0.62 * share)) ** 0.7
        low = -0.36 * math.sin(math.pi * min(1.0, 0.34 + 0.52 * share)) ** 0.8 - 0.22 * share * (1 - share) ** 0.5
        round_off = math.sqrt(max(1 - ((share - 0.72) / 0.30) ** 2, 0.0)) if share > 0.72 else 1.0
        top, low = top * (0.25 + 0.75 * round_off), low * (0.25 + 0.75 * round_off)
        thick = full * (0.35 + 0.65 * math.sin(math.pi * (0.15 + 0.75 * share)))
        y = (top + low) / 2 + (top - low) / 2 * b
        wave = 0.05 * np.sin(2.2 * share * 3 + b * 2.0) * share + 0.10 * share * share - 0.05 * share * np.abs(b)
        x = share * (1 - 0.10 * b * b)
        front = np.stack([x * width, y * height, wave * width + thick], -1)
        back = np.stack([x * width, y * height, wave * width - thick], -1)
        out.append(np.concatenate([front, back[::-1]]))
    mesh = loft(np.array(out), angle=70)
    if float(np.einsum("ij,ij->i", mesh.normals, mesh.positions - mesh.positions.mean(0)).mean()) < 0:
        mesh = replace(mesh, normals=-mesh.normals, indices=np.ascontiguousarray(mesh.indices[:, ::-1]))
    return replace(mesh, colours=np.ones_like(mesh.colours))


def horn(path: np.ndarray, base: float, tip: float, *, segments: int = 7) -> Mesh:
    """A horn, antler branch or tusk along `path` (R, 3), rounded by a spline when it has three points or more."""
    points = np.asarray(path, float)
    if len(points) > 2:
        lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
        points = CubicSpline(lengths, points)(np.linspace(0, lengths[-1], 3 * len(points) - 1))
    s = np.linspace(0, 1, len(points))
    return tube(points, (base + (tip - base) * s**1.2).tolist(), segments=segments)


def hoof(length: float, width: float, height: float) -> Mesh:
    """A hoof with its sole on y = 0 and its toe at z = length / 2, slanting back upwards."""
    turns = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    rings = []
    for y, scale, shift in ((0.0, 0.94, 0.0), (0.12, 1.0, 0.0), (1.0, 0.74, -0.24), (1.25, 0.66, -0.30)):
        x = np.sin(turns) * width / 2 * scale
        z = np.cos(turns) * length / 2 * scale
        z = np.where(z < 0, z * 0.8, z) + shift * height
        rings.append(np.stack([x, np.full_like(x, y * height), z], -1))
    return loft(np.array(rings), angle=50)


def nose_pad(width: float, height: float) -> Mesh:
    """The bare nose of a cat, dog or bear, facing +z: broad above, narrow below."""
    mesh = lathe(
        [(1e-5, -1.0), (0.5, -0.8), (0.85, -0.2), (1.0, 0.35), (0.8, 0.85), (1e-5, 1.0)], segments=12, angle=80
    )
    p = mesh.positions * np.array([width / 2, height / 2, width * 0.42], np.float32)
    return Mesh.of(p, mesh.indices)


def whisker(root: np.ndarray, way: np.ndarray, length: float, thick: float) -> Mesh:
    """One whisker from (3,) along the direction (3,), sagging a little."""
    axes = rotation_between(np.array([0.0, 0.0, 1.0]), way)
    s = np.linspace(0, 1, 4)
    path = root + np.outer(s * length, axes[:, 2]) - np.outer(0.22 * length * s * s, [0, 1, 0])
    return tube(path, (thick * (1 - 0.85 * s)).tolist(), segments=3)
