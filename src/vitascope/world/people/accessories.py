"""Glasses, scarves, bags, ties, capes and other things worn over the clothes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from vitascope.film import Garment
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh, transformed
from vitascope.world.people.anatomy import trunk_blobs
from vitascope.world.people.cloth import level, ring_tube, skirt
from vitascope.world.people.fitting import Fitting
from vitascope.world.people.frame import SIDES, draped, eye_centre
from vitascope.world.people.head import surface_z
from vitascope.world.people.piece import Piece, moulded
from vitascope.world.shape import box, cone, ellipsoid, loft, sphere, tube

__all__ = ["ACCESSORIES", "on_front"]


def on_front(
    fit: Fitting, mesh: Mesh, material: str, y: float, *, x: float = 0.0, ease: float = 0.012, straight: float = 0.6
) -> None:
    """A small thing on the front of a top at height y, where the cloth is `ease` (share of the height) off the body."""
    move = np.eye(4)
    move[:3, 3] = (x, y, _front_z(fit, np.array([x]), np.array([y]), ease, straight)[0])
    fit.add(transformed(mesh, move), material)


def _front_z(fit: Fitting, x: np.ndarray, y: np.ndarray, ease: float, straight: float = 0.6) -> np.ndarray:
    p = fit.p
    blobs = trunk_blobs(p, ease=ease * p.height, straight=straight)
    return surface_z(blobs, x, y, 0.0, 0.35 * p.height)


def _glasses(fit: Fitting, g: Garment) -> None:
    p = fit.p
    h = p.head
    sunny = "sun" in g.kind
    frame = fit.cloth("frame", g, colour="#1c1a19", surface="plastic", roughness=0.25)
    r = (p.eye * 1.30 + 0.012) * h
    glass = (
        fit.stuff("lens", Material(base=(0.01, 0.01, 0.012), surface="glass", roughness=0.05, clearcoat=1.0))
        if sunny
        else ""
    )
    turn = np.linspace(0, 2 * np.pi, 21)
    rims = {}
    for name, sign in SIDES:
        c = eye_centre(p, sign) + np.array([0.006 * sign, -0.012, 0.115]) * h
        rim = np.stack(
            [c[0] + 1.12 * r * np.sin(turn), c[1] + 0.92 * r * np.cos(turn), c[2] - 0.35 * sign * (r * np.sin(turn))], 1
        )
        fit.add(tube(rim, 0.011 * h, segments=6, angle=100), frame, bone="head")
        if glass:
            pane = np.stack([rim[:-1], 0.02 * rim[:-1] + 0.98 * rim[:-1].mean(0) + np.array([0, 0, 0.012 * h])])
            fit.add(_facing(pane), glass, bone="head")
        rims[name] = c
        temple = np.array(
            [
                c + np.array([sign * 1.12 * r, 0.25 * r, -0.35 * r]),
                c + np.array([sign * 0.165 * h, 0.03 * h, -0.16 * h]),
                (sign * 0.355 * h, c[1] + 0.03 * h, -0.03 * h),
            ]
        )
        fit.add(tube(temple, 0.010 * h, segments=5, angle=100), frame, bone="head")
    bridge = np.array(
        [
            rims["r"] + np.array([1.10 * r, 0.1 * r, 0.35 * r]),
            (rims["l"] + rims["r"]) / 2 + np.array([0, 0.022, 0.045]) * h,
            rims["l"] + np.array([-1.10 * r, 0.1 * r, 0.35 * r]),
        ]
    )
    fit.add(tube(bridge, 0.010 * h, segments=5, angle=100), frame, bone="head")


def _facing(rings: np.ndarray) -> Mesh:
    mesh = loft(rings, cap=False, angle=100)
    return mesh if float(mesh.normals[:, 2].mean()) > 0 else loft(rings[:, ::-1], cap=False, angle=100)


def _scarf(fit: Fitting, g: Garment) -> None:
    p = fit.p
    h = p.height
    name = fit.cloth("scarf", g)
    y = p.neck_y + 0.004 * h
    r = p.neck + 0.016 * h
    blobs = []
    turn = np.linspace(0, 2 * np.pi, 11)
    ring = [(r * np.sin(a), y - 0.012 * h * np.cos(a), 1.05 * r * np.cos(a) - 0.006 * h) for a in turn]
    for a, b in pairwise(ring):
        blobs.append(cone(a, b, 0.019 * h, 0.019 * h, blend=0.008 * h))
    z0 = float(_front_z(fit, np.array([0.03 * h]), np.array([level(p, 0.85)]), 0.020)[0])
    z1 = float(_front_z(fit, np.array([0.03 * h]), np.array([level(p, 0.52)]), 0.020)[0])
    blobs.append(
        cone((0.030 * h, y - 0.02 * h, r), (0.032 * h, level(p, 0.85), z0), 0.020 * h, 0.017 * h, blend=0.012 * h)
    )
    blobs.append(
        cone((0.032 * h, level(p, 0.85), z0), (0.036 * h, level(p, 0.46), z1), 0.017 * h, 0.021 * h, blend=0.01 * h)
    )
    fit.add(moulded(blobs, 0.8 * fit.grain.body), name)


def _backpack(fit: Fitting, g: Garment) -> None:
    p = fit.p
    h = p.height
    name = fit.cloth("backpack", g)
    dark = fit.tone("strap", "#26292f")
    back = -p.chest[1] - 0.012 * h
    blobs = [
        ellipsoid((0, level(p, 0.62), back - 0.050 * h), (0.098 * h, 0.150 * h, 0.060 * h), blend=0),
        ellipsoid((0, level(p, 0.45), back - 0.062 * h), (0.100 * h, 0.090 * h, 0.062 * h), blend=0.03 * h),
        ellipsoid((0, level(p, 0.42), back - 0.115 * h), (0.068 * h, 0.060 * h, 0.030 * h), blend=0.012 * h),
    ]
    fit.add(moulded(blobs, fit.grain.body), name, bone="chest")
    blobs_front = trunk_blobs(p, ease=0.016 * h, straight=0.6)
    for _, sign in SIDES:
        x = sign * 0.62 * p.shoulder[0]
        ys = np.linspace(p.shoulder[1] - 0.02 * h, level(p, 0.45), 6)
        zs = surface_z(blobs_front, np.full(6, x), ys, 0.0, 0.35 * h)
        front = np.stack([np.full(6, x), ys, zs + 0.002 * h], 1)
        over = np.array(
            [
                (x, p.shoulder[1] - 0.04 * h, back),
                (x, p.shoulder[1] + 0.034 * h, -0.035 * h),
                (x, p.shoulder[1] + 0.030 * h, 0.02 * h),
            ]
        )
        fit.add(tube(np.concatenate([over, front]), 0.011 * h, segments=6, angle=100), dark)


def _tie(fit: Fitting, g: Garment) -> None:
    p = fit.p
    h = p.height
    name = fit.cloth("tie", g, colour="#8c1f28")
    ys = np.array([p.neck_y - 0.020 * h, level(p, 0.84), level(p, 0.6), level(p, 0.30), level(p, 0.24)])
    zs = _front_z(fit, np.zeros(5), ys, 0.0115)
    widths = np.array([0.010, 0.009, 0.015, 0.020, 0.003]) * h
    rings = []
    for y, z, w in zip(ys, zs, widths, strict=True):
        rings.append([(-w, y, z), (0, y, z + 0.006 * h), (w, y, z), (0, y, z - 0.004 * h)])
    mesh = loft(np.array(rings), angle=60)
    if float(np.einsum("ij,ij->i", mesh.normals, mesh.positions - mesh.positions.mean(0)).mean()) < 0:
        mesh = loft(np.array(rings)[:, ::-1], angle=60)
    fit.add(mesh, name)
    fit.add(sphere(0.013 * h, segments=8, centre=(0, float(ys[0]), float(zs[0]) + 0.002 * h)), name)


def _bow_tie(fit: Fitting, g: Garment) -> None:
    p = fit.p
    h = p.height
    name = fit.cloth("bow_tie", g, colour="#17171a")
    z = p.neck + 0.004 * h
    y = p.neck_y - 0.006 * h
    blobs = [ellipsoid((0, y, z), (0.008 * h, 0.009 * h, 0.008 * h), blend=0)]
    for s in (1, -1):
        blobs.append(
            cone((s * 0.008 * h, y, z), (s * 0.030 * h, y, z - 0.004 * h), 0.006 * h, 0.014 * h, blend=0.004 * h)
        )
    fit.add(moulded(blobs, 0.5 * fit.grain.body), name)


def _apron(fit: Fitting, g: Garment) -> None:
    p = fit.p
    h = p.height
    name = fit.cloth("apron", g, colour="#efece4")
    rows = np.linspace(level(p, 0.86), level(p, 0.14), 9)
    rings = []
    for y in rows:
        half = (0.055 if y > level(p, 0.56) else 0.098) * h
        xs = np.linspace(-half, half, 11)
        zs = _front_z(fit, xs, np.full(11, y), 0.020)
        rings.append(np.stack([xs, np.full(11, y), np.maximum(zs, 0.02 * h)], 1))
    fit.add(_sheet(np.array(rings), 0.004 * h), name)
    fit.pieces += skirt(
        p,
        fit.grain,
        start=0.20,
        end=-0.40,
        material=name,
        ease=0.022,
        hem=0.10,
        folds=5,
        depth=0.02,
        gap=0.0,
        arc=2.5,
        seed=fit.seed,
    )
    fit.add(
        ring_tube(
            (0, level(p, 0.34), 0),
            max(p.waist[0], 0.8 * p.hips[0]) + 0.016 * h,
            p.waist[1] + 0.5 * p.belly + 0.018 * h,
            0.005 * h,
        ),
        name,
    )


def _sheet(rings: np.ndarray, thick: float) -> Mesh:
    """A sheet with a front and a back from rows (R, S, 3) that face +z."""
    behind = rings - np.array([0, 0, thick])
    around = np.concatenate([rings, behind[:, ::-1]], axis=1)
    mesh = loft(around, cap=False, angle=60)
    front = mesh.positions[:, 2] > np.median(mesh.positions[:, 2])
    if float(mesh.normals[front, 2].mean()) < 0:
        mesh = loft(around[:, ::-1], cap=False, angle=60)
    return mesh


def _cape(fit: Fitting, g: Garment) -> None:
    p = fit.p
    h = p.height
    name = fit.cloth("cape", g, colour="#8c1f28")
    rows, cols = 14, 17
    u = np.linspace(0, 1, rows)
    rings = []
    for k in u:
        y = p.shoulder[1] + 0.020 * h - k * (p.shoulder[1] - p.ankle[1] - 0.06 * h)
        spread = np.linspace(-1, 1, cols)
        half = p.shoulder[0] * (0.95 + 0.45 * k)
        wave = 0.010 * h * k * np.cos(spread * 9)
        z = (
            -(p.chest[1] + 0.030 * h) * np.sqrt(np.clip(1 - (0.75 * spread) ** 2, 0, 1))
            - 0.085 * h * np.sin(1.6 * k)
            + wave
        )
        if k < 0.1:
            z = z * (0.35 + 6.5 * k)
        rings.append(np.stack([half * spread, np.full(cols, y), z], 1))
    sheet = _sheet(np.array(rings)[:, ::-1] * np.array([1, 1, 1]), 0.004 * h)
    fit.pieces.append(Piece(mesh=draped(sheet, p, waist=level(p, 0.1), loose=0.0, follow=0.35), materials=(name,)))


def _belt(fit: Fitting, g: Garment) -> None:
    p = fit.p
    h = p.height
    name = fit.cloth("belt", g, colour="#1a1512", surface="leather", roughness=0.5)
    gold = fit.tone("buckle", "#c99a2e", surface="metal", roughness=0.25, metalness=1.0)
    y = level(p, 0.24)
    rx, rz = (
        max(p.waist[0], 0.92 * p.hips[0]) + 0.021 * h,
        max(p.waist[1] + 0.8 * p.belly, 0.95 * p.hips[1]) + 0.022 * h,
    )
    fit.add(ring_tube((0, y, 0), rx, rz, 0.011 * h), name)
    fit.add(box((0.045 * h, 0.034 * h, 0.012 * h), centre=(0, y, rz + 0.008 * h), bevel=0.004 * h), gold)


def _stethoscope(fit: Fitting, g: Garment) -> None:
    p = fit.p
    h = p.height
    name = fit.cloth("stethoscope", g, colour="#26292f", surface="rubber")
    turn = np.linspace(-2.2, 2.2, 15)
    drop = np.clip(np.abs(turn) - 1.1, 0, 2)
    xs = np.where(drop > 0, np.sign(turn) * (0.052 * h - 0.012 * h * drop), p.neck * 1.25 * np.sin(turn * 1.2))
    ys = p.neck_y - 0.008 * h - 0.16 * h * drop
    zs = np.where(
        drop > 0,
        _front_z(fit, xs, np.minimum(ys, p.shoulder[1] - 0.03 * h), 0.022),
        -p.neck * 1.25 * np.cos(turn * 1.2),
    )
    fit.add(tube(np.stack([xs, ys, zs], 1), 0.0045 * h, segments=6, angle=100), name)


def _wings(fit: Fitting, g: Garment) -> None:
    p = fit.p
    h = p.height
    name = fit.cloth("wings", g, colour="#f4f2ec", surface="feather", translucency=0.4)
    for _, s in SIDES:
        blobs = []
        for k in range(6):
            a = 0.9 - 0.32 * k
            tip = (
                s * (0.10 + 0.30 * np.cos(a) * (1 - 0.06 * k)) * h,
                p.shoulder[1] + (0.20 * np.sin(a) - 0.03) * h,
                -p.chest[1] - 0.07 * h,
            )
            blobs.append(
                cone(
                    (s * 0.035 * h, p.shoulder[1] - 0.04 * h, -p.chest[1] - 0.02 * h),
                    tip,
                    0.016 * h,
                    0.024 * h,
                    blend=0.015 * h,
                )
            )
        fit.add(moulded(blobs, fit.grain.body), name, bone="chest")


ACCESSORIES: dict[str, Callable[[Fitting, Garment], None]] = {
    "glasses": _glasses,
    "sunglasses": _glasses,
    "scarf": _scarf,
    "backpack": _backpack,
    "tie": _tie,
    "bow tie": _bow_tie,
    "apron": _apron,
    "cape": _cape,
    "belt": _belt,
    "stethoscope": _stethoscope,
    "wings": _wings,
}
