"""Parts of streets: blocks with cornices and roofs, shop fronts, signs without words, and a plain car at the kerb."""

from __future__ import annotations

import numpy as np

from vitascope.world.mesh import Mesh, joined, transformed
from vitascope.world.places.fittings import part
from vitascope.world.shape import box, cylinder, extrude

__all__ = ["block", "parked_car", "sign", "storefront"]


def block(
    size: tuple[float, float, float], *, at: tuple[float, float], detailed: bool, old: bool, rng: np.random.Generator
) -> Mesh:
    """A building of `size` (width, height, depth). Materials: 0 windowed wall, 1 stone trim, 2 roof."""
    wide, tall, deep = size
    parts = [part(box((wide, tall, deep), centre=(at[0], tall / 2, at[1])), 0)]
    if detailed:
        parts.append(part(box((wide + 0.3, 0.4, deep + 0.3), centre=(at[0], 3.75, at[1]), bevel=0.06), 1))
        parts.append(part(box((wide + 0.5, 0.55, deep + 0.5), centre=(at[0], tall + 0.1, at[1]), bevel=0.08), 1))
        for _ in range(2):
            spot = (at[0] + rng.uniform(-0.3, 0.3) * wide, tall + 1.0, at[1] + rng.uniform(-0.3, 0.3) * deep)
            parts.append(part(box((rng.uniform(1, 2.4), rng.uniform(1.2, 2.4), rng.uniform(1, 2.4)), centre=spot), 1))
    if old:
        along = wide >= deep
        half, ridge = (deep if along else wide) / 2 + 0.3, rng.uniform(2.0, 3.4)
        roof = extrude([(-half, 0), (half, 0), (0, ridge)], (wide if along else deep) + 0.2)
        parts.append(part(roof, 2, at=(at[0], tall, at[1]), turn=90 if along else 0))
    return joined(parts)


def storefront(long: float, rng: np.random.Generator) -> list[Mesh]:
    """The ground floor of a façade `long` metres wide, facing +z at z = 0.

    Materials: 0 frame, 1 lit window, 2 awning, 3 stone.
    """
    parts = [part(box((long - 0.4, 3.3, 0.16), centre=(0, 1.75, 0.02)), 0)]
    count = max(2, int(long / 3.2))
    step = (long - 0.8) / count
    door = int(rng.integers(count))
    for k in range(count):
        x = -long / 2 + 0.4 + step * (k + 0.5)
        low = 0.1 if k == door else 0.65
        wide = 1.1 if k == door else step - 0.45
        parts.append(part(box((wide, 2.75 - low, 0.1), centre=(x, (2.75 + low) / 2, 0.09)), 1))
        for bar in np.linspace(-wide / 2, wide / 2, max(2, round(wide / 1.3)) + 1)[1:-1]:
            parts.append(part(box((0.05, 2.75 - low, 0.06), centre=(x + bar, (2.75 + low) / 2, 0.14)), 0))
        parts.append(part(box((wide, 0.06, 0.06), centre=(x, 2.2, 0.14)), 0))
        if k != door and rng.random() < 0.55:
            wedge = extrude([(0, 3.1), (0, 3.0), (1.15, 2.62), (1.15, 2.5), (1.2, 2.5), (1.2, 2.66)], step - 0.2)
            parts.append(part(wedge, 2, at=(x, 0, 0.1), turn=-90))
    parts.append(
        part(box((long, 0.5, 0.3), centre=(0, 0.25, 0.06)), 3)
        if rng.random() < 0.5
        else part(box((long, 0.3, 0.34), centre=(0, 0.15, 0.05)), 3)
    )
    return parts


def sign(rng: np.random.Generator, long: float, *, upright: bool) -> Mesh:
    """A plain coloured plate: upright and standing out from the wall, or lying along it. Faces +z at z = 0."""
    if upright:
        tall = float(rng.uniform(1.6, 4.2))
        return box((0.18, tall, 0.75), centre=(float(rng.uniform(-0.35, 0.35)) * long, 4.2 + tall / 2, 0.6), bevel=0.04)
    wide = float(rng.uniform(0.35, 0.7)) * long
    return box((wide, float(rng.uniform(0.4, 0.75)), 0.16), centre=(0, 3.42, 0.2), bevel=0.04)


def parked_car() -> tuple[list[Mesh], list[Mesh]]:
    """A plain saloon, nose towards +z: painted parts, and glass (0), tyres (1), lights (2) and hubs (3)."""
    hull = [(-2.1, 0.32), (2.05, 0.32), (2.15, 0.55), (2.08, 0.74), (1.1, 0.88), (0.95, 0.9), (0.32, 1.36), (-1.05, 1.4),
            (-1.72, 0.96), (-2.12, 0.88), (-2.2, 0.6)]  # fmt: skip
    body = transformed(extrude([(x, y) for x, y in hull], 1.7, bevel=0.1), _quarter())
    glass = [(0.86, 0.93), (0.3, 1.3), (-1.02, 1.34), (-1.58, 0.98)]
    side = transformed(extrude(glass, 1.74), _quarter())
    front = box((1.36, 0.5, 0.05), centre=(0, 0, 0))
    tilt = transformed(front, _pitched(-0.92, (0, 1.13, 0.665)))
    back = transformed(front, _pitched(0.98, (0, 1.19, -1.44)))
    rest = [part(side, 0), part(tilt, 0), part(back, 0)]
    wheel = transformed(
        cylinder(0.33, 0.22, segments=18, bevel=0.03),
        np.array([[0, 1, 0, -0.11], [-1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]]),
    )
    hub = transformed(
        cylinder(0.2, 0.24, segments=12), np.array([[0, 1, 0, -0.12], [-1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]])
    )
    for x in (-0.76, 0.76):
        for z in (-1.3, 1.32):
            rest += [part(wheel, 1, at=(x, 0.33, z)), part(hub, 3, at=(x, 0.33, z))]
        rest.append(part(box((0.36, 0.13, 0.05), centre=(x * 0.82, 0.76, -2.16), bevel=0.01), 2))
        rest.append(part(box((0.36, 0.12, 0.05), centre=(x * 0.82, 0.66, 2.1), bevel=0.01), 3))
    return [part(body, 0)], rest


def _quarter() -> np.ndarray:
    """Turns an outline in x, y so that its x runs along z."""
    return np.array([[0, 0, -1, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1.0]])


def _pitched(angle: float, at: tuple[float, float, float]) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0, at[0]], [0, c, -s, at[1]], [0, s, c, at[2]], [0, 0, 0, 1.0]])
