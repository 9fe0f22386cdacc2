"""What grows under water: kelp, and corals that branch, fold, fan out or stand as tubes."""

from __future__ import annotations

from typing import Any

import numpy as np

from vitascope.world.flora.grown import Detail, Grown
from vitascope.world.flora.limbs import bent, leaves, lumps, stem
from vitascope.world.material import Material, rgb
from vitascope.world.mesh import Mesh, joined

__all__ = ["build"]


def build(p: dict[str, Any], *, seed: int, detail: Detail, season: str, snowy: bool) -> Grown:
    """Parameters: height, spread, colour, count (branches, tubes or strands)."""
    rng = np.random.default_rng([seed, 37])
    height, spread = float(p.get("height", 0.6)), float(p.get("spread", 0.4))
    count = max(3, int(p.get("count", 9) * {"near": 1.0, "mid": 0.6, "far": 0.4}[detail]))
    form = p["form"]
    shape = {"kelp": _kelp, "branch_coral": _branches, "brain_coral": _brain, "fan_coral": _fan, "tube_coral": _tubes}[
        form
    ]
    mesh = shape(rng, height, spread, count, detail)
    kelp = form == "kelp"
    material = Material(
        base=rgb(p.get("colour", (0.5, 0.12, 0.1))), surface="leaf" if kelp else "coral", roughness=0.6 if kelp else 0.85,
        translucency=0.5 if kelp else 0.15, colour_role="primary",
    )  # fmt: skip
    return Grown(mesh=mesh, materials=(material,), height=height, radius=spread * (0.3 if kelp else 0.8))


def _kelp(rng, height, spread, count, detail) -> Mesh:
    """Ribbons that rise and wave, each a chain of long leaves."""
    links = {"near": 9, "mid": 5, "far": 3}[detail]
    parts = []
    for _ in range(count):
        foot = np.array([rng.normal(0, 0.45 * spread), -0.1, rng.normal(0, 0.45 * spread)])
        tall = height * rng.uniform(0.55, 1.1)
        s = np.linspace(0, 1, links + 1)
        phase = rng.uniform(0, 6.28, 2)
        path = foot + np.stack(
            [0.1 * tall * np.sin(4 * s + phase[0]) * s, tall * s, 0.1 * tall * np.sin(3 * s + phase[1]) * s], -1
        )
        turn = rng.uniform(0, 6.28)
        across = np.array([np.cos(turn), 0, np.sin(turn)]) * 0.05 * tall**0.6
        wide = (
            np.interp(s, [0, 0.2, 0.7, 1], [0.25, 1.0, 0.9, 0.1])[:, None]
            * (1 + 0.3 * np.sin(17 * s + phase[0]))[:, None]
        )
        points = np.stack([path - across * wide, path + across * wide], 1).reshape(-1, 3)
        k = np.arange(links)
        faces = np.concatenate(
            [np.stack([2 * k, 2 * k + 1, 2 * k + 3], -1), np.stack([2 * k, 2 * k + 3, 2 * k + 2], -1)]
        )
        value = np.repeat(rng.normal(1, 0.12) * (0.7 + 0.5 * s), 2)
        normal = np.cross([0, 1.0, 0], across / np.linalg.norm(across)) + np.array([0, 0.35, 0])
        parts.append(Mesh.of(points, faces, normals=np.tile(normal / np.linalg.norm(normal), (len(points), 1)),
                             colours=value[:, None] * np.ones(3), sway=np.repeat(s, 2),
                             occlusion=np.repeat(0.6 + 0.4 * s, 2)))  # fmt: skip
    return joined(parts)


def _branches(rng, height, spread, count, detail) -> Mesh:
    parts = []
    for k in range(count):
        turn = 2.4 * k
        out = np.array([np.cos(turn), 0, np.sin(turn)]) * spread * np.sqrt((k + 0.5) / count)
        tip = out + np.array([0, height * rng.uniform(0.7, 1.05) * (1.1 - 0.4 * (k / count)), 0])
        path = bent(out * 0.15 - [0, 0.05, 0], tip, rng, rings=4, bow=0.05)
        thick = 0.055 * height
        sides = 6 if detail == "near" else 3
        parts.append(stem(path, thick * np.array([1.1, 0.85, 0.7, 0.5]), segments=sides))
        for _ in range(3 if detail == "near" else 1):
            t = rng.uniform(0.35, 0.85)
            base = path[0] * (1 - t) + path[-1] * t
            aim = rng.normal(size=3) * np.array([1, 0.3, 1]) + np.array([0, 1.0, 0])
            end = base + aim / np.linalg.norm(aim) * 0.32 * height
            parts.append(
                stem(
                    np.array([base, 0.5 * (base + end), end]),
                    thick * np.array([0.6, 0.55, 0.4]),
                    segments=sides - 1 if sides > 3 else 3,
                )
            )
    mesh = joined(parts)
    pale = 0.75 + 0.55 * np.clip(mesh.positions[:, 1:2] / height, 0, 1)
    return Mesh.of(mesh.positions, mesh.indices, normals=mesh.normals, colours=pale * np.ones(3),
                   occlusion=np.clip(0.45 + 0.7 * mesh.positions[:, 1] / height, 0.3, 1))  # fmt: skip


def _brain(rng, height, spread, count, detail) -> Mesh:
    centres = np.vstack(
        [
            [0, 0.1 * height, 0],
            np.stack([rng.normal(0, 0.5 * spread, 3), np.zeros(3), rng.normal(0, 0.5 * spread, 3)], -1),
        ]
    )
    points, outward, faces, _ = lumps(
        centres, np.array([1.0, 0.55, 0.5, 0.4]) * height, rng, level=2 if detail == "near" else 1, rough=0.05
    )
    return Mesh.of(points, faces, normals=outward, colours=rng.normal(1, 0.08, len(points))[:, None] * np.ones(3),
                   occlusion=np.clip(0.5 + points[:, 1] / height * 0.6, 0.3, 1))  # fmt: skip


def _fan(rng, height, spread, count, detail) -> Mesh:
    """Flat overlapping plates in one plane, each bent a little."""
    k = np.arange(count * 2)
    angle = np.interp(k, [0, len(k) - 1], [-1.1, 1.1]) + rng.normal(0, 0.06, len(k))
    aim = np.stack([np.sin(angle), np.cos(angle), rng.normal(0, 0.12, len(k))], -1)
    size = height * rng.uniform(0.75, 1.05, len(k))[:, None]
    across = np.stack([np.cos(angle), -np.sin(angle), 0 * angle], -1)
    normals = np.tile([0.0, 0.25, 1.0], (len(k), 1))
    return leaves(
        np.tile([0, -0.05, 0.0], (len(k), 1)),
        aim * size,
        across * size * 0.16,
        normals=normals / np.linalg.norm(normals[0]),
        colours=rng.normal(1, 0.12, len(k))[:, None] * np.ones(3),
        sway=0.3,
        waist=0.7,
    )


def _tubes(rng, height, spread, count, detail) -> Mesh:
    parts = []
    for k in range(count):
        out = np.array([np.cos(2.4 * k), 0, np.sin(2.4 * k)]) * spread * np.sqrt(k / count)
        tip = out * 1.25 + np.array([0, height * rng.uniform(0.5, 1.0), 0])
        path = np.array(
            [out - [0, 0.05, 0], 0.5 * (out + tip), tip, tip - [0, 0.03 * height, 0], 0.6 * tip + 0.4 * out]
        )
        radii = 0.11 * height * np.array([0.7, 0.9, 1.1, 0.8, 0.3])
        parts.append(stem(path, radii, segments=9 if detail == "near" else 5, sway=(0, 0.05)))
    return joined(parts)
