"""Coachwork: the skin of a road vehicle as sections along its length, with wheel arches, an open tub and a glasshouse.

Every curve of the plan is a list of (z, value) pairs from nose (+z) to tail, joined by monotone cubics.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.interpolate import PchipInterpolator

from vitascope.world.mesh import Mesh
from vitascope.world.shape import creased

__all__ = ["Coach", "Glasshouse", "curve", "glasshouse", "hull_skins", "strip"]

Curve = Callable[[np.ndarray], np.ndarray]
HALF = 13
"""Points of a half section, from the middle of the floor to the middle of the deck."""


def curve(pairs: Sequence[tuple[float, float]]) -> Curve:
    """A smooth curve through (z, value) pairs, constant beyond them."""
    z, v = np.array(sorted((float(a), float(b)) for a, b in pairs)).T
    spline = PchipInterpolator(z, v)
    return lambda at: spline(np.clip(at, z[0], z[-1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coach:
    """The lower body. `width`, `shoulder` (height of the belt), `deck` (height of bonnet and boot) and `floor` are curves
    of z; `fin` lifts the outer edge over the deck; the tub is (front z, rear z, floor height, half width) or None."""

    nose: float
    tail: float
    width: Curve
    shoulder: Curve
    deck: Curve
    floor: Curve
    fin: Curve
    arches: tuple[tuple[float, float, float], ...]
    """(z, radius, height of the axle) of each wheel arch."""
    tub: tuple[float, float, float, float] | None = None
    crown: float = 0.03
    tuck: float = 0.9
    """Width at the sill relative to the widest."""

    def section(self, z: float, *, tub: bool) -> np.ndarray:
        """(HALF, 2) x, y of the half section at z."""
        at = np.array([z])
        w, s, d, f = (
            float(c(at)[0]) / (2 if c is self.width else 1) for c in (self.width, self.shoulder, self.deck, self.floor)
        )
        fin = float(self.fin(at)[0])
        height = s - f
        edge = max(d, s - 0.02) if self.tub is None else d
        inner = 0.72 * w

        def deck_at(x: float) -> float:
            return d + self.crown * (1 - (x / max(w, 1e-6)) ** 2)

        points = [
            (0.0, f), (0.6 * w, f), (self.tuck * w - 0.02, f), (self.tuck * w, f + 0.03), (0.972 * w, f + 0.28 * height),
            (w, f + 0.6 * height), (0.992 * w, s - 0.07), (0.965 * w, s - 0.02 + 0.7 * fin), (0.93 * w, max(s, edge) + fin),
            (0.82 * w, deck_at(0.8 * w) + 0.35 * fin),
            (inner, deck_at(inner)), (0.97 * inner, deck_at(0.97 * inner)), (0.0, deck_at(0.0)),
        ]  # fmt: skip
        if tub and self.tub is not None:
            _, _, low, half = self.tub
            points[9] = (half + 0.03, max(s, edge) + fin)
            points[10], points[11], points[12] = (half, max(s, edge) + fin - 0.012), (0.95 * half, low), (0.0, low)
        out = np.array(points)
        for z_wheel, radius, axle in self.arches:
            if abs(z - z_wheel) < radius:
                arch = axle + float(np.sqrt(radius**2 - (z - z_wheel) ** 2))
                out[:6, 1] = np.maximum(out[:6, 1], np.minimum(arch, s - 0.1))
        return out

    def stations(self) -> list[tuple[float, bool]]:
        """(z, in the tub) of the rings from tail to nose."""
        length = self.nose - self.tail
        ends = np.array([0, 0.004, 0.012, 0.028, 0.05]) * length
        zs = {
            *np.round(np.linspace(self.tail, self.nose, 25), 3),
            *np.round(self.tail + ends, 3),
            *np.round(self.nose - ends, 3),
        }
        for z, radius, _ in self.arches:
            zs |= set(
                np.round(
                    z + radius * np.array([-1.002, -0.999, -0.93, -0.75, -0.4, 0, 0.4, 0.75, 0.93, 0.999, 1.002]), 4
                )
            )
        rows = [(float(z), self._in_tub(float(z))) for z in zs if self.tail <= z <= self.nose]
        if self.tub is not None:
            for z in self.tub[:2]:
                rows += [(z - 0.002, self._in_tub(z - 0.002)), (z + 0.002, self._in_tub(z + 0.002))]
        return sorted(set(rows))

    def _in_tub(self, z: float) -> bool:
        return self.tub is not None and self.tub[1] < z < self.tub[0]

    def side(self, z: float, y: float) -> float:
        """Half width [m] of the skin at z and height y."""
        section = self.section(z, tub=False)[2:9]
        order = np.argsort(section[:, 1], kind="stable")
        return float(np.interp(y, section[order, 1], section[order, 0]))


def hull_skins(coach: Coach, *, cabin: tuple[float, float] | None = None) -> dict[str, Mesh]:
    """The skin parted into "paint", "dark" (underside and arches), "inside" (the tub) and "trim" (under the cabin).

    `cabin` is the rear and front z between which the deck lies under glass.
    """
    stations = coach.stations()
    halves = np.array([coach.section(z, tub=tub) for z, tub in stations])
    count = len(stations)
    ring = np.concatenate([halves, halves[:, HALF - 2 : 0 : -1] * [-1, 1]], axis=1)
    points = np.empty((count, ring.shape[1], 3))
    points[..., 0], points[..., 1] = ring[..., 0], ring[..., 1]
    points[..., 2] = np.array([z for z, _ in stations])[:, None]
    number = ring.shape[1]
    index = np.arange(count * number).reshape(count, number)
    after = np.roll(index, -1, axis=1)
    quads = np.stack([index[:-1], after[:-1], after[1:], index[1:]], -1)
    kind = np.full((count - 1, number), 0)
    column = np.arange(number)
    half_column = np.minimum(column, (2 * HALF - 3) - column)
    low = half_column <= 1
    kind[:, low] = 1
    in_tub = np.array([a[1] or b[1] for a, b in pairwise(stations)])
    if coach.tub is not None:
        deep = half_column >= 10
        kind[np.ix_(in_tub, deep)] = 2
    if cabin is not None:
        z = np.array([z for z, _ in stations])
        covered = (z[:-1] > cabin[0]) & (z[1:] < cabin[1]) & ~in_tub
        kind[np.ix_(covered, half_column >= 10)] = 3
    flat = points.reshape(-1, 3)
    caps = [
        np.stack([np.full(number, len(flat)), after[0], index[0]], -1),
        np.stack([np.full(number, len(flat) + 1), index[-1], after[-1]], -1),
    ]
    flat = np.concatenate([flat, [points[0].mean(0), points[-1].mean(0)]])
    skins = {}
    for name, value in (("paint", 0), ("dark", 1), ("inside", 2), ("trim", 3)):
        chosen = quads[kind == value]
        faces = [chosen[:, [0, 1, 2]], chosen[:, [0, 2, 3]]] + (caps if name == "paint" else [])
        if len(chosen):
            skins[name] = creased(flat, np.concatenate(faces), angle=32)
    return skins


@dataclass(frozen=True, slots=True, kw_only=True)
class Glasshouse:
    """The cabin over the belt: z of the foot and top of windscreen and rear window, heights, half widths, pillars."""

    front: tuple[float, float]
    """z of the foot and of the top of the windscreen."""
    rear: tuple[float, float]
    """z of the top and of the foot of the rear window."""
    belt: float
    roof: float
    half: tuple[float, float]
    """Half width at the belt and at the roof."""
    pillars: tuple[float, ...] = ()
    """z of the pillars between the side windows."""
    glazed: tuple[float, float] = (-99.0, 99.0)
    """z between which the sides have windows; outside it they are panels."""
    rear_glass: bool = True
    quarter: float = 0.16
    """Width [m] of the panel between the last side window and the rear one."""


def glasshouse(house: Glasshouse) -> dict[str, Mesh]:
    """The cabin's skins: "glass" panes, "paint" roof and pillars."""
    belt, roof = house.belt, house.roof
    levels = np.array([0.0, 0.12, 0.82, 0.93, 1.0])
    (f0, f1), (r1, r0) = house.front, house.rear
    w0, w1 = house.half
    side = sorted({*np.linspace(0, 1, 9)})
    rings = []
    for u in levels:
        y = belt + u * (roof - belt)
        bulge = 0.03 * np.sin(np.pi * u)
        w = w0 + (w1 - w0) * u + bulge
        if u > 0.9:
            w -= 0.06 * (u - 0.9) / 0.1
        front, rear = f0 + (f1 - f0) * u, r0 + (r1 - r0) * u
        if u > 0.95:
            front, rear = front - 0.06, rear + 0.06
        bow = 0.1 * w
        zs = [rear + (front - rear) * s for s in side]
        right = [(w * (1 - 0.1 * (2 * s - 1) ** 4), z) for s, z in zip(side, zs, strict=True)]
        over_front = [(w * 0.9 * k, front + bow * (1 - k * k)) for k in (0.6, 0.2, -0.2, -0.6)]
        over_rear = [(w * 0.9 * k, rear - 0.6 * bow * (1 - k * k)) for k in (-0.6, -0.2, 0.2, 0.6)]
        left = [(-x, z) for x, z in reversed(right)]
        rings.append([(x, y, z) for x, z in (*right, *over_front, *left, *over_rear)])
    points = np.array(rings)[:, ::-1]
    return _panes(points, house)


def _panes(points: np.ndarray, house: Glasshouse) -> dict[str, Mesh]:
    """Faces of the rings (L, S, 3), split into panes and panels."""
    levels, number, _ = points.shape
    index = np.arange(levels * number).reshape(levels, number)
    after = np.roll(index, -1, axis=1)
    quads = np.stack([index[:-1], index[1:], after[1:], after[:-1]], -1)[..., ::-1]
    middle = (points[:-1] + points[1:]) / 2
    middle = (middle + np.roll(middle, -1, axis=1)) / 2
    half = np.abs(points[..., 0]).max()
    on_side = np.abs(middle[..., 0]) > 0.86 * half * (house.half[1] / house.half[0])
    glass = np.zeros((levels - 1, number), bool)
    glass[1] = True
    z_span = (house.front[0] + house.front[1]) / 2, (house.rear[0] + house.rear[1]) / 2
    rows = middle[1]
    for s in range(number):
        x, _, z = rows[s]
        if on_side[1, s]:
            glass[1, s] = (
                house.glazed[0] < z < house.glazed[1] and z < z_span[0] - 0.02 and z > z_span[1] + house.quarter
            )
        elif z < 0.5 * (z_span[0] + z_span[1]):
            glass[1, s] = house.rear_glass and abs(x) < 0.8 * half
        else:
            glass[1, s] = abs(x) < 0.86 * half
    flat = points.reshape(-1, 3)
    top = np.arange(number) + (levels - 1) * number
    crown = len(flat)
    flat = np.vstack([flat, points[-1].mean(0) + np.array([0, 0.03, 0])])
    lid = np.stack([top, np.roll(top, -1), np.full(number, crown)], -1)
    skins = {}
    for name, chosen in (("glass", quads[glass]), ("paint", quads[~glass])):
        faces = [chosen[:, [0, 1, 2]], chosen[:, [0, 2, 3]]] + ([lid] if name == "paint" else [])
        faces_all = np.concatenate(faces)
        skins[name] = creased(flat, _outward(flat, faces_all), angle=35)
    return skins


def _outward(points: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """The faces turned so that they look away from the middle of all points."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    away = (a + b + c) / 3 - points.mean(0)
    wrong = np.einsum("ij,ij->i", normal, away) < 0
    out = faces.copy()
    out[wrong] = out[wrong][:, ::-1]
    return out


def strip(path: np.ndarray, normals: np.ndarray, width: float, *, lift: float = 0.004) -> Mesh:
    """A thin band along `path` (P, 3) on a skin with the given outward `normals` (P, 3): panel gaps and trim."""
    along = np.gradient(path, axis=0)
    across = np.cross(normals, along)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    a, b = path + normals * lift + across * width / 2, path + normals * lift - across * width / 2
    n = len(path)
    k = np.arange(n - 1)
    faces = np.concatenate([np.stack([k, k + n, k + 1], -1), np.stack([k + 1, k + n, k + n + 1], -1)])
    points = np.concatenate([a, b])
    p, q, r = (points[faces[:, j]] for j in range(3))
    facing = np.einsum("ij,j->i", np.cross(q - p, r - p), normals.mean(0))
    faces[facing < 0] = faces[facing < 0][:, ::-1]
    return Mesh.of(points, faces, normals=np.concatenate([normals, normals]))
