"""Cacti and mushrooms: fleshy bodies turned on a lathe."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from vitascope.world.flora.grown import Detail, Grown
from vitascope.world.flora.limbs import bent
from vitascope.world.material import Material, rgb
from vitascope.world.mesh import Mesh, joined
from vitascope.world.shape import lathe

__all__ = ["build"]


def build(p: dict[str, Any], *, seed: int, detail: Detail, season: str, snowy: bool) -> Grown:
    """Parameters: height, radius, arms, ribs, skin (colour); mushrooms: cap (radius), cap_colour, stalk_colour."""
    rng = np.random.default_rng([seed, 36])
    height = float(p.get("height", 3.0))
    if p["form"] == "mushroom":
        return _mushroom(rng, p, height, detail)
    radius = float(p.get("radius", 0.2))
    ribs = int(p.get("ribs", 11)) if detail == "near" else 5
    parts = [_column(np.array([[0, -0.2, 0], [0, height * 0.5, 0], [0, height, 0]]), radius, ribs, detail)]
    for k in range(int(p.get("arms", 2))):
        turn = 2.6 * k + rng.uniform(-0.4, 0.4)
        out = np.array([np.cos(turn), 0, np.sin(turn)])
        low, reach = height * rng.uniform(0.35, 0.55), radius * rng.uniform(2.6, 3.4)
        top = height * rng.uniform(0.68, 0.95)
        path = np.array([out * radius * 0.4 + [0, low, 0], out * reach * 0.75 + [0, low + 0.02 * height, 0],
                         out * reach + [0, low + 0.09 * height, 0], out * reach + [0, top, 0]])  # fmt: skip
        parts.append(_column(path, radius * 0.68, ribs, detail))
    skin = Material(
        base=rgb(p.get("skin", (0.075, 0.14, 0.055))),
        surface="leaf",
        roughness=0.75,
        colour_role="primary",
        detail=1.3,
    )
    return Grown(mesh=joined(parts), materials=(skin,), height=height, radius=radius * 1.3)


def _column(path: np.ndarray, radius: float, ribs: int, detail: Detail) -> Mesh:
    """A ribbed column along a rounded path with a domed end."""
    steps = {"near": 12, "mid": 6, "far": 3}[detail]
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    s = np.linspace(0, lengths[-1], steps)
    line = np.stack([np.interp(s, lengths, path[:, k]) for k in range(3)], -1)
    line[1:-1] = 0.25 * line[:-2] + 0.5 * line[1:-1] + 0.25 * line[2:]
    dome = np.sqrt(np.clip(1 - ((s - (s[-1] - radius)) / radius).clip(0, 1) ** 2, 0.02, 1))
    dome = np.where(s < radius * 0.8, 0.86 + 0.14 * s / (radius * 0.8), dome)
    segments = ribs * 2
    turn = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    crest = np.tile([1.0, 0.82], ribs)
    tangent = np.gradient(line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    side = np.cross(tangent, [0.0, 0.0, 1.0])
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    up = np.cross(tangent, side)
    ring = np.cos(turn)[None, :, None] * side[:, None] + np.sin(turn)[None, :, None] * up[:, None]
    points = line[:, None] + ring * (radius * dome[:, None] * crest)[..., None]
    index = np.arange(steps * segments).reshape(steps, segments)
    after = np.roll(index, -1, 1)
    a, b, c, d = index[:-1].ravel(), after[:-1].ravel(), index[1:].ravel(), after[1:].ravel()
    faces = np.concatenate([np.stack([a, b, d], -1), np.stack([a, d, c], -1)])
    cap = steps * segments
    faces = np.concatenate([faces, np.stack([index[-1], after[-1], np.full(segments, cap)], -1)])
    value = np.tile(np.where(crest > 0.9, 1.15, 0.72), steps)
    return Mesh.of(
        np.vstack([points.reshape(-1, 3), line[-1] + 0.05 * radius * tangent[-1]]), faces,
        colours=np.append(value, 1.1)[:, None] * np.ones(3), occlusion=np.append(np.where(value > 1, 1.0, 0.62), 1.0),
    )  # fmt: skip


def _mushroom(rng, p: dict[str, Any], height: float, detail: Detail) -> Grown:
    cap = float(p.get("cap", 0.45 * height))
    sides = 20 if detail == "near" else 8
    stalk = lathe([(1e-4, -0.05 * height), (0.3 * cap, -0.05 * height), (0.22 * cap, 0.25 * height), (0.18 * cap, 0.75 * height),
                   (0.22 * cap, 0.9 * height)], segments=sides // 2 + 2, angle=80)  # fmt: skip
    angle = np.linspace(0, np.pi / 2, 7)
    dome = [(cap * np.cos(a) + 1e-4, height * 0.74 + 0.62 * cap * np.sin(a)) for a in angle]
    hat = lathe(
        [(0.16 * cap, 0.86 * height), (0.6 * cap, 0.79 * height), (0.95 * cap, 0.735 * height), *dome],
        segments=sides,
        angle=60,
    )
    lean = bent(np.zeros(3), np.array([0, 1.0, 0]), rng, rings=3, bow=0.03)[1]
    under = hat.positions[:, 1] < 0.735 * height + 1e-4
    hat = replace(
        hat, material=np.where(under, 0, 1).astype(np.uint8), mask=np.where(under, 0, 1).astype(np.float32),
        occlusion=np.where(under, 0.45, 1.0).astype(np.float32),
        positions=(hat.positions + np.array([lean[0], 0, lean[2]]) * height * 0.3).astype(np.float32),
    )  # fmt: skip
    spots = (
        {"pattern": "spots", "pattern_colour": (0.85, 0.82, 0.75), "pattern_scale": 0.34 * cap}
        if p.get("dotted")
        else {}
    )
    materials = (
        Material(base=rgb(p.get("stalk_colour", (0.72, 0.66, 0.55))), surface="skin", roughness=0.8, translucency=0.2),
        Material(
            base=rgb(p.get("cap_colour", (0.5, 0.05, 0.03))),
            surface="skin",
            roughness=0.45,
            colour_role="primary",
            **spots,
        ),
    )
    return Grown(mesh=joined([stalk, hat]), materials=materials, height=height * 1.05, radius=0.4 * cap)
