"""Flowers: a stalk, leaves and a head of petals. Tulips, roses, daisies, sunflowers, poppies and spikes by parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from vitascope.world.flora.grown import Detail, Grown
from vitascope.world.flora.limbs import bent, leaves, stem
from vitascope.world.material import Material, rgb
from vitascope.world.mesh import Mesh, joined
from vitascope.world.shape import sphere

__all__ = ["build"]


def build(p: dict[str, Any], *, seed: int, detail: Detail, season: str, snowy: bool) -> Grown:
    """Parameters: height, head (radius), petals, rows, cup (0 flat .. 1 closed), petal, heart (colours), heart_size, nod."""
    rng = np.random.default_rng([seed, 35])
    height, head = float(p.get("height", 0.4)), float(p.get("head", 0.035))
    top = np.array([rng.normal(0, 0.04) * height, height, rng.normal(0, 0.04) * height])
    path = bent(np.array([0, -0.03 * height, 0]), top, rng, rings=5 if detail == "near" else 3, bow=0.012)
    parts = [stem(path, max(0.05 * head, 0.0045 * height), segments=5 if detail == "near" else 3, sway=(0, 0.6))]
    parts.append(_stalk_leaves(rng, path, p, height, detail))
    nod = float(p.get("nod", 0.15))
    axis = np.array([rng.normal(0, 0.1), 1.0, nod + rng.normal(0, 0.1)])
    axis /= np.linalg.norm(axis)
    if p["form"] == "spike":
        parts.append(_spike(rng, top, height, head, detail))
    else:
        rows = int(p.get("rows", 1)) if detail == "near" else 1
        for row in range(rows):
            parts.append(_petals(rng, p, top, axis, head, row, rows, detail))
        size = float(p.get("heart_size", 0.3)) * head
        if size > 0:
            heart = sphere(size, segments=10 if detail == "near" else 4, squash=(1, 1, 0.55))
            parts.append(_turned(heart, axis, top + axis * size * 0.25))
    materials = (
        Material(base=rgb(p.get("leaf", (0.075, 0.17, 0.04))), surface="leaf", roughness=0.6, translucency=0.4),
        Material(base=rgb(p.get("petal", (0.7, 0.1, 0.12))), surface="leaf", roughness=0.6, translucency=0.5,
                 colour_role="primary", detail=0.5),
        Material(base=rgb(p.get("heart", (0.55, 0.35, 0.04))), surface="foliage", roughness=0.9, colour_role="secondary"),
    )  # fmt: skip
    return Grown(mesh=joined(parts), materials=materials, height=height + head, radius=max(head, 0.15 * height))


def _stalk_leaves(rng, path, p, height, detail) -> Mesh:
    count = int(p.get("leaves", 4)) if detail == "near" else 2
    share = rng.uniform(0.04, 0.55, count) if float(p.get("leaf_length", 0.35)) < 0.5 else rng.uniform(0.0, 0.12, count)
    base = np.stack([np.interp(share, np.linspace(0, 1, len(path)), path[:, k]) for k in range(3)], -1)
    turn = 2.4 * np.arange(count) + rng.uniform(0, 6.28)
    rise = float(p.get("leaf_rise", 0.6))
    aim = np.stack([np.cos(turn), rise + 0 * turn, np.sin(turn)], -1)
    aim /= np.linalg.norm(aim, axis=1, keepdims=True)
    size = height * float(p.get("leaf_length", 0.35)) * rng.uniform(0.7, 1.1, count)[:, None]
    across = np.cross(aim, [0, 1.0, 0])
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    normals = np.cross(across, aim)
    normals *= np.where(normals[:, 1:2] < 0, -1, 1)
    value = rng.normal(1.0, 0.1, count)
    return leaves(
        base, aim * size, across * size * float(p.get("leaf_width", 0.2)), normals=normals, colours=value[:, None] * np.ones(3),
        occlusion=0.8, sway=0.4, cup=0.35,
    )  # fmt: skip


def _petals(rng, p, top, axis, head, row: int, rows: int, detail: Detail) -> Mesh:
    """One whorl: each petal two leaves long (claw and blade), cupped as much as `cup`; inner rows stand closer."""
    count = max(4, min(int(p.get("petals", 8)), 24 if detail == "near" else 6) - row)
    cup = min(1.0, float(p.get("cup", 0.1)) + 0.75 * row / max(rows, 1))
    side = np.cross(axis, [0.0, 0.3, 1.0])
    side /= np.linalg.norm(side)
    up = np.cross(side, axis)
    turn = 2 * np.pi * (np.arange(count) + 0.5 * row) / count + rng.normal(0, 0.05, count)
    out = np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * up
    steep = cup * 1.45
    aim = out * np.cos(steep) + axis * np.sin(steep)
    inward = 0.15 + 0.1 * cup - 0.1 * row / max(rows, 1)
    size = head * rng.uniform(0.92, 1.08, count)[:, None] * (1 - 0.14 * row)
    across = np.cross(axis, out)
    width = float(p.get("petal_width", 0.35)) * (
        1.0 if detail == "near" else min(1.8, max(1.0, int(p.get("petals", 8)) / 7))
    )
    base = top + out * head * inward
    normals = axis * np.cos(steep) - out * np.sin(steep) * 0.6 + axis * 0.25
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    value = rng.normal(1.0, 0.07, count) * (1 - 0.13 * row)
    claw = leaves(base, aim * size, across * size * width, normals=normals, colours=value[:, None] * np.ones(3), material=1,
                  occlusion=0.95 - 0.12 * row, sway=0.62, waist=0.62, cup=0.3)  # fmt: skip
    return claw


def _spike(rng, top, height, head, detail) -> Mesh:
    """Florets round the upper third of the stalk (lavender, lupin)."""
    count = 36 if detail == "near" else 9
    share = np.linspace(0, 1, count)
    turn = 2.4 * np.arange(count)
    out = np.stack([np.cos(turn), 0.35 + 0 * turn, np.sin(turn)], -1)
    base = top * (0.62 + 0.4 * share[:, None])
    size = head * np.interp(share, [0, 0.3, 1], [0.7, 1.0, 0.35])[:, None] * (1.0 if detail == "near" else 1.8)
    across = np.cross(out, [0, 1.0, 0])
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    normals = out / np.linalg.norm(out, axis=1, keepdims=True)
    value = rng.normal(1.0, 0.14, count)
    return leaves(
        base,
        out * size,
        across * size * 0.45,
        normals=normals,
        colours=value[:, None] * np.ones(3),
        material=1,
        sway=0.7,
    )


def _turned(mesh: Mesh, axis: np.ndarray, centre: np.ndarray) -> Mesh:
    side = np.cross([0.2, 0, 1.0], axis)
    side /= np.linalg.norm(side)
    turn = np.stack([side, np.cross(axis, side), axis], -1)
    return replace(
        mesh, positions=(mesh.positions @ turn.T + centre).astype(np.float32), normals=(mesh.normals @ turn.T).astype(np.float32),
        material=np.full(len(mesh.positions), 2, np.uint8), sway=np.full(len(mesh.positions), 0.6, np.float32),
    )  # fmt: skip
