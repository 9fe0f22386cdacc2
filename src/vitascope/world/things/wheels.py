"""Wheels: tyre, rim and spokes about the x axis, centred on the origin."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from vitascope.world.mesh import Mesh, joined, transformed
from vitascope.world.shape import box, lathe, sphere, tube
from vitascope.world.things.kit import Kit, placed
from vitascope.world.things.shapes import torus

__all__ = ["add_wheel", "cycle_wheel", "spoked"]

Vec = tuple[float, float, float]
_ON_SIDE = placed(turn=(0, 0, -90))
"""Carries the y axis to +x: the outer face of a wheel on the left of the car (+x)."""


def add_wheel(
    kit: Kit, bone: str, at: Vec, radius: float, width: float, *, style: str = "alloy", whitewall: bool = False
) -> None:
    """One wheel of a car on `bone`, its outer face away from the middle. Materials: tyre, rim, chrome, white."""
    side = 1.0 if at[0] > 0 else -1.0

    def add(mesh: Mesh, material: str) -> None:
        turned = transformed(mesh, np.diag([side, 1.0, 1.0, 1.0]) @ _ON_SIDE)
        kit.add(turned, material, at=at, bone=bone)

    for material, mesh in _car_wheel(round(radius, 3), round(width, 3), style, whitewall).items():
        add(mesh, material)


@lru_cache(maxsize=64)
def _car_wheel(radius: float, width: float, style: str, whitewall: bool) -> dict[str, Mesh]:
    w, rim = width / 2, radius * (0.62 if style in ("alloy", "sport") else 0.56)
    if style == "sport":
        rim = radius * 0.7
    shoulder = 0.12 * radius
    tyre = [
        (rim, -w * 0.8), (radius - shoulder, -w), (radius - 0.02 * radius, -w * 0.75), (radius, -w * 0.4), (radius, w * 0.4),
        (radius - 0.02 * radius, w * 0.75), (radius - shoulder, w), (rim + 0.1 * radius, w * 0.96),
        (rim, w * 0.82), (rim, -w * 0.8),
    ]  # fmt: skip
    parts = {"tyre": lathe(tyre, segments=22, angle=62)}
    dish = [
        (rim, -0.7 * w),
        (rim, w * 0.78),
        (rim * 0.93, w * 0.84),
        (rim * 0.88, w * 0.6),
        (rim * 0.86, 0.1 * w),
        (1e-4, 0.05 * w),
    ]
    spokes: list[Mesh] = []
    if style in ("alloy", "sport"):
        count = 5 if style == "alloy" else 7
        for k in range(count):
            spoke = box((0.2 * rim, 0.12 * w, 0.8 * rim), centre=(0, 0.62 * w, 0.47 * rim), bevel=0.05 * rim)
            spokes.append(transformed(spoke, placed(turn=(0, 360 * k / count, 0))))
        parts["dark"] = lathe(dish[3:], segments=16)
        hub = lathe([(0.18 * rim, 0.5 * w), (0.2 * rim, 0.7 * w), (1e-4, 0.76 * w)], segments=14)
        lip = [(rim, 0.3 * w), (rim * 1.04, w * 0.86), (rim * 0.94, w * 0.86), (rim * 0.9, 0.4 * w)]
        parts["rim"] = joined([hub, lathe(lip, segments=22), *spokes])
    elif style == "cap":
        cap = [(rim * 1.02, 0.7 * w), (rim * 1.02, 0.9 * w), (rim * 0.9, 0.98 * w), (rim * 0.72, 0.86 * w), (rim * 0.5, 0.92 * w),
               (rim * 0.34, 1.12 * w), (1e-4, 1.2 * w)]  # fmt: skip
        parts["chrome"] = lathe(cap, segments=20, angle=50)
    else:
        bolts = [sphere(0.06 * rim, segments=8, centre=(0.45 * rim * np.sin(a), 0.42 * w, 0.45 * rim * np.cos(a)))
                 for a in np.arange(8) * np.pi / 4]  # fmt: skip
        plate = [
            (rim, 0.5 * w),
            (rim, w * 0.86),
            (rim * 0.9, w * 0.86),
            (rim * 0.84, 0.3 * w),
            (rim * 0.3, 0.42 * w),
            (rim * 0.26, 0.8 * w),
            (1e-4, 0.84 * w),
        ]
        parts["rim"] = joined([lathe(plate, segments=18), *bolts])
    if whitewall:
        parts["white"] = lathe(
            [
                (radius * 0.86, w * 0.985),
                (radius * 0.84, w * 1.02),
                (radius * 0.7, w * 1.02),
                (radius * 0.68, w * 0.98),
            ],
            segments=32,
        )
    return parts


def spoked(radius: float, *, thick: float, spokes: int = 14, hub: float = 0.025) -> dict[str, Mesh]:
    """A wire wheel about the x axis: tyre, rim, and a hub with spokes."""
    return _wire_wheel(round(radius, 3), round(thick, 4), spokes, round(hub, 4))


@lru_cache(maxsize=32)
def _wire_wheel(radius: float, thick: float, spokes: int, hub: float) -> dict[str, Mesh]:
    tyre = torus(radius - thick, thick, segments=30, sides=7)
    rim = torus(radius - 2.1 * thick, 0.55 * thick, segments=26, sides=5)
    wires = []
    for k in range(spokes):
        a = 2 * np.pi * k / spokes
        side = hub if k % 2 else -hub
        foot = np.array([0.4 * hub * np.sin(a + 1.2), side, 0.4 * hub * np.cos(a + 1.2)])
        tip = (radius - 2.2 * thick) * np.array([np.sin(a), 0, np.cos(a)])
        wires.append(tube(np.array([foot, tip]), 0.0022 * max(radius / 0.33, 0.5), segments=3, angle=130))
    core = lathe([(1e-4, -1.3 * hub), (0.6 * hub, -1.2 * hub), (0.5 * hub, 1.2 * hub), (1e-4, 1.3 * hub)], segments=10)
    return {
        name: transformed(mesh, _ON_SIDE) for name, mesh in {"tyre": tyre, "rim": joined([rim, core, *wires])}.items()
    }


def cycle_wheel(kit: Kit, bone: str, at: Vec, radius: float, thick: float, *, spokes: int = 14) -> None:
    """A wire wheel on a bone. Materials: tyre, rim."""
    for material, mesh in spoked(radius, thick=thick, spokes=spokes).items():
        kit.add(mesh, material, at=at, bone=bone)
