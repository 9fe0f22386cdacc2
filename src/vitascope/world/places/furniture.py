"""Furniture and the small things of rooms, each as parts with named materials, standing on y = 0 and facing +z."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.places.fittings import part
from vitascope.world.shape import box, cylinder, lathe, sphere

__all__ = ["FURNITURE", "Kind", "piece"]

Parts = list[Mesh]
Rng = np.random.Generator
Rule = Mapping[str, Any]
Made = tuple[list[Mesh], list[str | Material]]
Top = tuple[str, float, tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How one kind of furniture is made, and what the room needs to know of it."""

    make: Callable[[np.random.Generator, Mapping[str, Any]], tuple[Parts, list[str | Material]]]
    height: float
    radius: float
    top: Top | None = None
    """Name, height [m] and half extents of the surface that things can stand on."""
    lamp: float | None = None
    """Height [m] of its light."""
    half: tuple[float, float] = (0.0, 0.0)
    """Half extents x, z [m] on the floor of what gives way to subjects; 0 for what is built in or hangs."""


def piece(
    kind: str, rng: np.random.Generator, rule: Mapping[str, Any], night: float
) -> tuple[Parts, list[str | Material]]:
    """Parts and materials of one piece. `rule` may give "colour" (linear RGB) and sizes; lamps glow by `night` 0..1."""
    parts, materials = FURNITURE[kind].make(rng, {**rule, "night": night})
    return parts, materials


def _paint(
    rule: Mapping[str, Any], usual: tuple[float, float, float], surface: str = "plain", roughness: float = 0.6
) -> Material:
    r, g, b = (float(c) for c in rule.get("colour", usual))
    return Material(base=(r, g, b), surface=surface, roughness=roughness)


def _wood(rule: Mapping[str, Any]) -> Material:
    return _paint(rule, (0.28, 0.165, 0.085), "wood", 0.5)


def _table(rng: Rng, rule: Rule) -> Made:
    wide, deep, tall = rule.get("size", (1.5, 0.85, 0.75))
    parts = [part(box((wide, 0.045, deep), centre=(0, tall - 0.0225, 0), bevel=0.012), 0)]
    parts += [
        part(
            box(
                (0.06, tall - 0.04, 0.06),
                centre=(sx * (wide / 2 - 0.06), (tall - 0.04) / 2, sz * (deep / 2 - 0.06)),
                bevel=0.008,
            ),
            0,
        )
        for sx in (-1, 1)
        for sz in (-1, 1)
    ]
    parts += [part(box((wide - 0.2, 0.08, 0.025), centre=(0, tall - 0.085, s * (deep / 2 - 0.07))), 0) for s in (-1, 1)]
    return parts, [_wood(rule)]


def _coffee_table(rng: Rng, rule: Rule) -> Made:
    return _table(rng, {"size": (1.1, 0.6, 0.42), **rule})


def _chair(rng: Rng, rule: Rule) -> Made:
    parts = [part(box((0.44, 0.04, 0.44), centre=(0, 0.45, 0), bevel=0.012), 0)]
    parts += [
        part(box((0.04, 0.45, 0.04), centre=(sx * 0.19, 0.225, sz * 0.19), bevel=0.006), 0)
        for sx in (-1, 1)
        for sz in (-1, 1)
    ]
    parts += [part(box((0.035, 0.5, 0.035), centre=(sx * 0.19, 0.7, -0.2), bevel=0.006), 0) for sx in (-1, 1)]
    parts += [part(box((0.38, 0.07, 0.025), centre=(0, y, -0.2), bevel=0.008), 0) for y in (0.62, 0.76, 0.91)]
    return parts, [_wood(rule)]


def _sofa(rng: Rng, rule: Rule) -> Made:
    wide = float(rule.get("width", 2.0))
    parts = [
        part(box((wide, 0.24, 0.85), centre=(0, 0.24, 0), bevel=0.05), 0),
        part(box((wide, 0.5, 0.22), centre=(0, 0.56, -0.34), bevel=0.08), 0),
    ]
    parts += [part(box((0.2, 0.42, 0.85), centre=(s * (wide / 2 - 0.06), 0.4, 0), bevel=0.07), 0) for s in (-1, 1)]
    count = max(1, round((wide - 0.3) / 0.75))
    step = (wide - 0.34) / count
    for k in range(count):
        x = -wide / 2 + 0.17 + step * (k + 0.5)
        parts.append(part(box((step - 0.02, 0.17, 0.62), centre=(x, 0.42, 0.07), bevel=0.06), 0))
        parts.append(part(box((step - 0.03, 0.36, 0.16), centre=(x, 0.64, -0.2), bevel=0.07), 0))
    parts += [
        part(box((0.06, 0.13, 0.06), centre=(sx * (wide / 2 - 0.12), 0.06, sz * 0.33)), 1)
        for sx in (-1, 1)
        for sz in (-1, 1)
    ]
    for x, colour in ((-wide / 2 + 0.42, 2), (wide / 2 - 0.45, 3)):
        parts.append(part(_pillow(0.42), colour, at=(x, 0.67, 0.0), turn=float(rng.uniform(-18, 18))))
    cloth = _paint(rule, (0.16, 0.2, 0.24), "cloth", 0.95)
    return parts, [
        cloth,
        "wood",
        _paint({}, (0.55, 0.3, 0.09), "cloth", 0.95),
        _paint({}, (0.6, 0.55, 0.46), "cloth", 0.95),
    ]


def _pillow(size: float) -> Mesh:
    mesh = sphere(size / 2, segments=14, squash=(1.0, 0.95, 0.34))
    p = mesh.positions / (size / 2)
    square = np.sign(p) * np.abs(p) ** np.array([0.62, 0.62, 1.0])
    return Mesh.of(square * size / 2, mesh.indices)


def _armchair(rng: Rng, rule: Rule) -> Made:
    return _sofa(rng, {"width": 0.95, **rule})


def _shelf(rng: Rng, rule: Rule) -> Made:
    wide, tall, deep = float(rule.get("width", 1.0)), float(rule.get("height", 1.95)), 0.3
    parts = [part(box((0.03, tall, deep), centre=(s * wide / 2, tall / 2, 0)), 0) for s in (-1, 1)]
    parts.append(part(box((wide, tall, 0.015), centre=(0, tall / 2, -deep / 2)), 0))
    rows = int(tall / 0.37)
    for row in range(rows + 1):
        y = 0.04 + (tall - 0.07) * row / rows
        parts.append(part(box((wide, 0.025, deep), centre=(0, y, 0)), 0))
        if row < rows:
            parts += _row_of_things(rng, wide - 0.08, y + 0.0125, (tall - 0.07) / rows - 0.05)
    return parts, [_wood(rule), *_SPINES]


_SPINES: list[str | Material] = [
    Material(base=c, surface="paper", roughness=0.8)
    for c in (
        (0.34, 0.06, 0.05),
        (0.06, 0.12, 0.22),
        (0.5, 0.42, 0.28),
        (0.07, 0.16, 0.1),
        (0.62, 0.58, 0.5),
        (0.42, 0.22, 0.06),
    )
]


def _row_of_things(rng, wide: float, y: float, room: float) -> Parts:
    """Books in runs, some leaning, with a vessel or a gap between."""
    parts: Parts = []
    x = -wide / 2
    while x < wide / 2 - 0.05:
        if rng.random() < 0.13:
            if rng.random() < 0.6:
                r = float(rng.uniform(0.04, 0.065))
                vase = lathe(
                    [
                        (1e-4, 0),
                        (r * 0.7, 0),
                        (r, 0.07),
                        (r * 0.9, 0.13),
                        (r * 0.45, 0.17),
                        (r * 0.55, 0.2),
                        (1e-4, 0.19),
                    ],
                    segments=12,
                )
                parts.append(part(vase, int(rng.integers(1, 7)), at=(x + 0.1, y, 0)))
            x += 0.2
            continue
        thick, tall = float(rng.uniform(0.018, 0.045)), room * float(rng.uniform(0.68, 0.95))
        parts.append(
            part(
                box((thick, tall, 0.19), centre=(x + thick / 2, y + tall / 2, float(rng.uniform(-0.01, 0.03)))),
                int(rng.integers(1, 7)),
            )
        )
        x += thick + 0.002
    return parts


def _rug(rng: Rng, rule: Rule) -> Made:
    wide, deep = rule.get("size", (2.4, 1.6))
    r, g, b = rule.get("colour", (0.36, 0.11, 0.085))
    rug = Material(
        base=(r, g, b),
        surface="cloth",
        roughness=0.98,
        pattern="plaid",
        pattern_colour=(r * 0.5 + 0.2, g * 0.5 + 0.16, b * 0.5 + 0.1),
        pattern_scale=0.22,
        pattern_amount=0.7,
    )
    return [
        part(box((wide, 0.014, deep), centre=(0, 0.007, 0), bevel=0.005), 0),
        part(box((wide - 0.22, 0.016, deep - 0.22), centre=(0, 0.0075, 0), bevel=0.003), 1),
    ], [_paint({}, (r * 0.6, g * 0.6, b * 0.6), "cloth", 0.98), rug]


def _picture(rng: Rng, rule: Rule) -> Made:
    wide, tall = rule.get("size", (0.7, 0.5))
    frame = [part(box((wide + 0.06, 0.035, 0.03), centre=(0, s * tall / 2, 0.015)), 0) for s in (-1, 1)]
    frame += [part(box((0.035, tall + 0.06, 0.03), centre=(s * wide / 2, 0, 0.015)), 0) for s in (-1, 1)]
    canvas = part(box((wide, tall, 0.012), centre=(0, 0, 0.008)), 1)
    hues = ((0.2, 0.3, 0.36), (0.45, 0.26, 0.12), (0.3, 0.34, 0.2), (0.5, 0.42, 0.3))
    a, b = rng.permutation(4)[:2]
    art = Material(
        base=hues[a], surface="paper", roughness=0.8, pattern="marble", pattern_colour=hues[b], pattern_scale=0.22
    )
    return [*frame, canvas], ["dark_metal" if rng.random() < 0.5 else "wood", art]


def _floor_lamp(rng: Rng, rule: Rule) -> Made:
    glow = Material(
        base=(0.95, 0.78, 0.5),
        surface="cloth",
        roughness=0.9,
        emission=0.12 + 1.2 * float(rule["night"]),
        translucency=0.6,
    )
    shade = lathe([(0.15, 0), (0.22, -0.3), (0.215, -0.3), (0.145, 0)], segments=20)
    return [
        part(cylinder(0.16, 0.03, segments=18, bevel=0.008), 0),
        part(cylinder(0.014, 1.5, segments=8), 0),
        part(shade, 1, at=(0, 1.72, 0)),
    ], ["dark_metal", glow]


def _table_lamp(rng: Rng, rule: Rule) -> Made:
    glow = Material(
        base=(0.95, 0.78, 0.5),
        surface="cloth",
        roughness=0.9,
        emission=0.12 + 1.2 * float(rule["night"]),
        translucency=0.6,
    )
    foot = lathe([(1e-4, 0), (0.08, 0), (0.09, 0.03), (0.06, 0.12), (0.025, 0.2), (0.015, 0.28)], segments=16)
    return [
        part(foot, 0),
        part(lathe([(0.09, 0), (0.15, -0.18), (0.147, -0.18), (0.087, 0)], segments=18), 1, at=(0, 0.44, 0)),
    ], [_paint(rule, (0.2, 0.26, 0.28), "ceramic", 0.3), glow]


def _counter(rng: Rng, rule: Rule) -> Made:
    """Base cabinets with a worktop; doors with handles."""
    wide, deep = float(rule.get("width", 2.4)), 0.62
    parts = [
        part(box((wide, 0.78, deep - 0.04), centre=(0, 0.48, -0.01)), 0),
        part(box((wide, 0.1, deep - 0.1), centre=(0, 0.05, -0.03)), 2),
        part(box((wide + 0.02, 0.04, deep + 0.03), centre=(0, 0.89, 0), bevel=0.008), 1),
    ]
    count = max(1, round(wide / 0.6))
    for k in range(count):
        x = -wide / 2 + wide * (k + 0.5) / count
        parts.append(part(box((wide / count - 0.012, 0.74, 0.02), centre=(x, 0.48, deep / 2 - 0.025), bevel=0.005), 0))
        parts.append(part(box((0.14, 0.014, 0.02), centre=(x, 0.8, deep / 2 - 0.005)), 3))
    return parts, [
        _paint(rule, (0.36, 0.42, 0.38), "plain", 0.5),
        _paint({"colour": rule.get("top_colour", (0.42, 0.36, 0.3))}, (0, 0, 0), "wood", 0.4),
        "dark_metal",
        "metal",
    ]


def _wall_cabinet(rng: Rng, rule: Rule) -> Made:
    wide = float(rule.get("width", 1.8))
    parts = [part(box((wide, 0.62, 0.34), centre=(0, 0.31, 0), bevel=0.004), 0)]
    count = max(1, round(wide / 0.6))
    for k in range(count):
        x = -wide / 2 + wide * (k + 0.5) / count
        parts.append(part(box((wide / count - 0.012, 0.6, 0.02), centre=(x, 0.31, 0.175), bevel=0.005), 0))
        parts.append(part(box((0.014, 0.12, 0.02), centre=(x + wide / count * 0.36, 0.12, 0.19)), 1))
    return parts, [_paint(rule, (0.36, 0.42, 0.38), "plain", 0.5), "metal"]


def _fridge(rng: Rng, rule: Rule) -> Made:
    parts = [
        part(box((0.66, 1.8, 0.64), centre=(0, 0.9, 0), bevel=0.03), 0),
        part(box((0.67, 0.012, 0.02), centre=(0, 1.22, 0.32)), 1),
    ]
    parts += [part(box((0.025, 0.36, 0.035), centre=(0.26, y, 0.34), bevel=0.008), 1) for y in (1.0, 1.46)]
    return parts, [_paint(rule, (0.62, 0.63, 0.64), "metal", 0.4), "dark_metal"]


def _stove(rng: Rng, rule: Rule) -> Made:
    parts = [
        part(box((0.6, 0.88, 0.6), centre=(0, 0.44, 0), bevel=0.01), 0),
        part(box((0.6, 0.02, 0.6), centre=(0, 0.9, 0)), 1),
        part(box((0.48, 0.36, 0.02), centre=(0, 0.4, 0.3)), 1),
    ]
    parts += [
        part(cylinder(0.085, 0.015, segments=16), 1, at=(x, 0.905, z)) for x in (-0.15, 0.15) for z in (-0.14, 0.14)
    ]
    pot = lathe(
        [(1e-4, 0), (0.11, 0), (0.12, 0.02), (0.12, 0.13), (0.125, 0.135), (0.1, 0.14), (0.02, 0.165), (1e-4, 0.17)],
        segments=20,
    )
    parts += [
        part(pot, 2, at=(0.15, 0.92, -0.14)),
        part(box((0.5, 0.03, 0.03), centre=(0, 0.68, 0.33), bevel=0.008), 2),
    ]
    return parts, [_paint(rule, (0.6, 0.6, 0.6), "metal", 0.4), "dark_metal", "metal"]


def _sink(rng: Rng, rule: Rule) -> Made:
    parts = [
        part(box((0.56, 0.02, 0.44), centre=(0, 0.0, 0)), 0),
        part(box((0.46, 0.01, 0.34), centre=(0, 0.008, 0)), 1),
    ]
    tap = cylinder(0.016, 0.26, segments=8)
    return [
        *parts,
        part(tap, 0, at=(0, 0, -0.19)),
        part(box((0.025, 0.025, 0.17), centre=(0, 0.26, -0.11), bevel=0.006), 0),
    ], ["metal", "dark_metal"]


def _bed(rng: Rng, rule: Rule) -> Made:
    parts = [
        part(box((1.5, 0.26, 2.0), centre=(0, 0.2, 0), bevel=0.02), 0),
        part(box((1.56, 0.95, 0.07), centre=(0, 0.5, -1.03), bevel=0.02), 0),
        part(box((1.46, 0.24, 1.95), centre=(0, 0.43, 0), bevel=0.08), 1),
        part(box((1.56, 0.16, 1.35), centre=(0, 0.5, 0.33), bevel=0.07), 2),
    ]
    parts += [part(_pillow(0.62), 1, at=(x, 0.64, -0.72)) for x in (-0.36, 0.36)]
    return parts, ["wood", _paint({}, (0.72, 0.7, 0.66), "cloth", 0.95), _paint(rule, (0.2, 0.27, 0.34), "cloth", 0.95)]


def _desk(rng: Rng, rule: Rule) -> Made:
    parts, materials = _table(rng, {"size": (1.5, 0.72, 0.74), **rule})
    parts.append(part(box((0.4, 0.5, 0.6), centre=(0.5, 0.45, 0), bevel=0.006), 0))
    parts += [part(box((0.12, 0.015, 0.02), centre=(0.5, y, 0.31)), 1) for y in (0.33, 0.5, 0.64)]
    return parts, [*materials, "metal"]


def _computer(rng: Rng, rule: Rule) -> Made:
    screen = Material(base=(0.35, 0.5, 0.75), surface="emissive", emission=0.45)
    parts = [
        part(box((0.56, 0.34, 0.025), centre=(0, 0.3, 0), bevel=0.006), 0),
        part(box((0.53, 0.31, 0.004), centre=(0, 0.3, 0.0145)), 1),
        part(box((0.05, 0.16, 0.03), centre=(0, 0.1, -0.02)), 0),
        part(box((0.22, 0.012, 0.16), centre=(0, 0.006, 0), bevel=0.004), 0),
        part(box((0.42, 0.015, 0.13), centre=(0, 0.008, 0.22), bevel=0.004), 0),
    ]
    return parts, ["dark_metal", screen]


def _vessels(rng: Rng, rule: Rule) -> Made:
    """Three vessels of different heights, close together: a vase, a bowl, a cup."""
    vase = lathe(
        [(1e-4, 0), (0.04, 0), (0.065, 0.08), (0.05, 0.16), (0.025, 0.21), (0.032, 0.24), (1e-4, 0.23)], segments=18
    )
    bowl = lathe([(1e-4, 0), (0.045, 0), (0.1, 0.06), (0.105, 0.065), (0.09, 0.055), (1e-4, 0.02)], segments=20)
    cup = lathe([(1e-4, 0), (0.03, 0), (0.036, 0.08), (0.032, 0.08), (1e-4, 0.02)], segments=16)
    fruit = [
        part(sphere(0.038, segments=12, centre=(x, 0.068, z)), c)
        for x, z, c in ((0.135, 0.02, 3), (0.2, 0.03, 3), (0.165, -0.04, 4))
    ]
    parts = [part(vase, 0), part(bowl, 1, at=(0.165, 0, 0)), part(cup, 2, at=(0.05, 0, 0.14)), *fruit]
    return parts, [
        _paint(rule, (0.12, 0.24, 0.3), "ceramic", 0.25),
        _paint({}, (0.6, 0.57, 0.5), "ceramic", 0.3),
        _paint({}, (0.5, 0.2, 0.1), "ceramic", 0.3),
        _paint({}, (0.5, 0.07, 0.03), "skin", 0.4),
        _paint({}, (0.62, 0.4, 0.03), "skin", 0.4),
    ]


def _books(rng: Rng, rule: Rule) -> Made:
    parts = [
        part(
            box((0.21, 0.03, 0.15), centre=(0, 0.015 + 0.031 * k, 0), bevel=0.003),
            k + 0,
            turn=float(rng.uniform(-14, 14)),
        )
        for k in range(3)
    ]
    return parts, [_SPINES[0], _SPINES[1], _SPINES[4]]


def _tv(rng: Rng, rule: Rule) -> Made:
    parts = [
        part(box((1.6, 0.42, 0.4), centre=(0, 0.25, 0), bevel=0.01), 0),
        part(box((1.25, 0.72, 0.04), centre=(0, 0.88, -0.05), bevel=0.008), 1),
        part(box((0.4, 0.04, 0.2), centre=(0, 0.48, -0.05)), 1),
    ]
    return parts, [_wood(rule), Material(base=(0.012, 0.012, 0.014), surface="glass", roughness=0.12)]


def _fireplace(rng: Rng, rule: Rule) -> Made:
    ember = Material(base=(1.0, 0.35, 0.06), surface="emissive", emission=1.6)
    parts = [
        part(box((1.6, 1.15, 0.3), centre=(0, 0.575, 0.1)), 0),
        part(box((1.8, 0.08, 0.42), centre=(0, 1.19, 0.12), bevel=0.015), 1),
        part(box((0.85, 0.72, 0.04), centre=(0, 0.4, 0.24)), 2),
        part(box((0.6, 0.1, 0.1), centre=(0, 0.1, 0.3), bevel=0.03), 3),
        part(box((1.1, 2.0, 0.2), centre=(0, 1.9, 0.05)), 0),
    ]
    return parts, ["brick", "wood", "dark_metal", ember]


def _board(rng: Rng, rule: Rule) -> Made:
    parts = [
        part(box((2.6, 1.15, 0.03), centre=(0, 0, 0.015)), 0),
        *[part(box((2.7, 0.05, 0.05), centre=(0, s * 0.59, 0.02)), 1) for s in (-1, 1)],
    ]
    return parts, [_paint(rule, (0.03, 0.07, 0.05), "plain", 0.85), "wood"]


def _bar(rng: Rng, rule: Rule) -> Made:
    wide = float(rule.get("width", 3.0))
    parts = [
        part(box((wide, 1.02, 0.5), centre=(0, 0.51, 0)), 0),
        part(box((wide + 0.15, 0.05, 0.68), centre=(0, 1.07, 0), bevel=0.015), 1),
    ]
    parts += [
        part(box((wide / 5 - 0.06, 0.7, 0.02), centre=(-wide / 2 + wide * (k + 0.5) / 5, 0.52, 0.255), bevel=0.006), 1)
        for k in range(5)
    ]
    return parts, [_paint(rule, (0.14, 0.085, 0.05), "wood", 0.5), _paint({}, (0.3, 0.18, 0.09), "wood", 0.35)]


def _pendant(rng: Rng, rule: Rule) -> Made:
    glow = Material(base=(1.0, 0.85, 0.6), surface="emissive", emission=0.5 + 1.0 * float(rule["night"]))
    shade = lathe([(0.02, 0.16), (0.06, 0.14), (0.19, 0.0), (0.186, 0.0), (0.055, 0.13)], segments=20)
    return [
        part(shade, 0),
        part(sphere(0.045, segments=10, centre=(0, 0.03, 0)), 1),
        part(cylinder(0.006, 1.2, segments=5), 0, at=(0, 0.15, 0)),
    ], ["dark_metal", glow]


FURNITURE: dict[str, Kind] = {
    "table": Kind(make=_table, height=0.75, radius=0.8, top=("table_top", 0.75, (0.68, 0.36)), half=(0.75, 0.43)),
    "coffee_table": Kind(
        make=_coffee_table, height=0.42, radius=0.6, top=("table_top", 0.42, (0.5, 0.26)), half=(0.55, 0.3)
    ),
    "chair": Kind(make=_chair, height=0.93, radius=0.3, half=(0.22, 0.22)),
    "sofa": Kind(make=_sofa, height=0.8, radius=1.0, top=("sofa", 0.5, (0.8, 0.25)), half=(1.05, 0.45)),
    "armchair": Kind(make=_armchair, height=0.8, radius=0.5, half=(0.5, 0.45)),
    "shelf": Kind(make=_shelf, height=1.95, radius=0.5, half=(0.5, 0.15)),
    "rug": Kind(make=_rug, height=0.015, radius=0.0),
    "picture": Kind(make=_picture, height=0.5, radius=0.0),
    "floor_lamp": Kind(make=_floor_lamp, height=1.72, radius=0.2, lamp=1.6, half=(0.22, 0.22)),
    "table_lamp": Kind(make=_table_lamp, height=0.44, radius=0.15, lamp=0.36),
    "counter": Kind(make=_counter, height=0.9, radius=0.6, top=("counter", 0.91, (0.9, 0.24))),
    "wall_cabinet": Kind(make=_wall_cabinet, height=0.62, radius=0.0),
    "fridge": Kind(make=_fridge, height=1.8, radius=0.4),
    "stove": Kind(make=_stove, height=0.9, radius=0.4),
    "sink": Kind(make=_sink, height=0.05, radius=0.0),
    "bed": Kind(make=_bed, height=0.6, radius=1.1, top=("bed", 0.58, (0.6, 0.8)), half=(0.8, 1.05)),
    "desk": Kind(make=_desk, height=0.75, radius=0.8, top=("table_top", 0.74, (0.65, 0.3)), half=(0.75, 0.36)),
    "computer": Kind(make=_computer, height=0.48, radius=0.3),
    "vessels": Kind(make=_vessels, height=0.24, radius=0.2),
    "books": Kind(make=_books, height=0.1, radius=0.15),
    "television": Kind(make=_tv, height=1.2, radius=0.8, half=(0.8, 0.2)),
    "fireplace": Kind(make=_fireplace, height=1.2, radius=0.9, lamp=0.45),
    "board": Kind(make=_board, height=1.2, radius=0.0),
    "bar": Kind(make=_bar, height=1.1, radius=0.8, top=("counter", 1.095, (1.3, 0.28))),
    "pendant": Kind(make=_pendant, height=0.2, radius=0.2, lamp=-0.08),
}
"""Every kind by name."""
