"""Boats: hulls from sections, cambered sails, and the foam behind a hull under way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.role import Role
from vitascope.world.shape import creased, disc
from vitascope.world.stage import Pose, Thing
from vitascope.world.things.coachwork import curve
from vitascope.world.things.kit import Kit
from vitascope.world.things.shapes import winged

__all__ = ["add_hull", "add_sails", "wake"]

_RIBS = 26
RISE = np.array([0.0, 0.01, 0.0])
_HALF, _BELOW = 8, 3
"""Rows of quads on one side of a hull, and how many of them lie below the boot top."""


def add_hull(kit: Kit, p: Mapping[str, Any]) -> None:
    """A hull from curves [z, value] from bow to stern: `beam`, `keel`, `sheer`, and a `deck` height below the sheer.

    `full` is how boxy sections are (1 a V, 3 a U). Above `boot` [m] the hull takes the material hull, below it boot.
    An `open` hull has an inside with planks and a floor; others have a deck.
    """
    beam, keel, sheer = (curve(p[name]) for name in ("beam", "keel", "sheer"))
    bow, stern = float(p["beam"][0][0]), float(p["beam"][-1][0])
    z = bow - (bow - stern) * (1 - np.cos(np.linspace(0, np.pi, _RIBS))) / 2
    full, boot = float(p.get("full", 2.2)), float(p.get("boot", -1.0))
    outer = _sections(z, beam(z) / 2, keel(z), sheer(z), full, boot)
    column = np.abs(np.arange(2 * _HALF) + 0.5 - _HALF)
    painted = [("hull", column > _BELOW)] + ([("boot", column < _BELOW)] if boot > float(keel(z).min()) else [])
    for name, chosen in painted:
        kit.add(_skin(outer, chosen, outward=True), name if name in kit.materials else "hull")
    depth = float(p.get("deck", 0.15))
    if p.get("open"):
        thick = float(p.get("thick", 0.04))
        inner = _sections(
            z[1:-1] * 0.97,
            np.maximum(beam(z) / 2 - thick, 0.01)[1:-1],
            (keel(z) + 2 * thick + 0.02)[1:-1],
            sheer(z)[1:-1],
            full,
            -1.0,
        )
        kit.add(_skin(inner, np.ones(2 * _HALF, bool), outward=False), "inside")
        kit.add(_rim(outer[1:-1], inner), "rail" if "rail" in kit.materials else "hull")
    else:
        level = np.maximum(sheer(z) - depth, keel(z) + 0.02)
        width = _width_at(beam(z) / 2, keel(z), sheer(z), level, full) - 0.01
        kit.add(_deck(z, width, level), "deck")
        kit.add(
            _rim(
                outer,
                np.stack(
                    [
                        np.stack([s * 0.94, np.broadcast_to(y, 2), np.full(2, zz)], -1)
                        for s, y, zz in zip(np.stack([-beam(z) / 2, beam(z) / 2], -1), sheer(z), z, strict=True)
                    ]
                ),
            ),
            "rail" if "rail" in kit.materials else "hull",
        )
        inner_wall = np.stack(
            [
                np.stack([np.array([-w, -w, w, w]), np.array([sh, d, d, sh]), np.full(4, zz)], -1)
                for w, sh, d, zz in zip(width * 0.97, sheer(z), level, z, strict=True)
            ]
        )
        kit.add(_skin(inner_wall, np.ones(3, bool), outward=False), "deck")


def _profile(full: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Parameter, width and height (60,) of a half section from keel to sheer, as shares."""
    v = np.linspace(0, 1, 60)
    return v, (1 - (1 - v) ** full) ** (1 / full), (v**full + 0.35 * v) / 1.35


def _sections(
    z: np.ndarray, half: np.ndarray, keel: np.ndarray, sheer: np.ndarray, full: float, boot: float
) -> np.ndarray:
    """(R, S, 3) rings open at the top, from one rail under the keel to the other, with a row of points at height `boot`."""
    v, width, height = _profile(full)
    rings = []
    for place, w, low, high in zip(z, half, keel, sheer, strict=True):
        split = float(np.interp(np.clip((boot - low) / max(high - low, 1e-6), 0.0, 0.98), height, v))
        rows = np.concatenate([np.linspace(0, split, _BELOW + 1), np.linspace(split, 1, _HALF - _BELOW + 1)[1:]])
        x, y = w * np.interp(rows, v, width), low + (high - low) * np.interp(rows, v, height)
        rings.append(
            np.stack(
                [np.concatenate([-x[::-1], x[1:]]), np.concatenate([y[::-1], y[1:]]), np.full(2 * _HALF + 1, place)], -1
            )
        )
    return np.array(rings)


def _width_at(half: np.ndarray, keel: np.ndarray, sheer: np.ndarray, level: np.ndarray, full: float) -> np.ndarray:
    _, width, height = _profile(full)
    share = np.clip((level - keel) / np.maximum(sheer - keel, 1e-6), 0, 1)
    return half * np.interp(share, height, width)


def _skin(rings: np.ndarray, columns: np.ndarray, *, outward: bool) -> Mesh:
    """The chosen columns of quads between rings (R, S, 3), with a transom behind them where they face outward."""
    count, number, _ = rings.shape
    index = np.arange(count * number).reshape(count, number)
    quads = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], -1)[:, columns].reshape(-1, 4)
    flat = np.concatenate([rings.reshape(-1, 3), [rings[-1].mean(0) * [0, 1, 1]]])
    faces = [quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]
    if outward:
        faces.append(np.stack([np.full(number - 1, len(flat) - 1), index[-1, :-1], index[-1, 1:]], -1)[columns])
    out = np.concatenate(faces)
    p, q, r = (flat[out[:, k]] for k in range(3))
    normal = np.cross(q - p, r - p)
    out, normal, p, q, r = (a[np.linalg.norm(normal, axis=1) > 1e-12] for a in (out, normal, p, q, r))
    centre = rings.reshape(-1, 3).mean(0) + np.array([0, 0.35 * np.ptp(rings[..., 1]), 0])
    away = np.einsum("ij,ij->i", normal, (p + q + r) / 3 - centre)
    wrong = away < 0 if outward else away > 0
    out[wrong] = out[wrong][:, ::-1]
    return creased(flat, out, angle=45)


def _rim(outer: np.ndarray, inner: np.ndarray) -> Mesh:
    """A flat strip along both rails between the outer and the inner skin, facing up."""
    rows, faces = [], []
    for side in (0, -1):
        a, b = outer[:, side], inner[:, side]
        start = sum(len(r) for r in rows)
        n = len(a)
        k = np.arange(n - 1) + start
        rows += [a + RISE, b + RISE]
        faces += [np.stack([k, k + 1, k + n + 1], -1), np.stack([k, k + n + 1, k + n], -1)]
    flat, index = np.concatenate(rows), np.concatenate(faces)
    p, q, r = (flat[index[:, k]] for k in range(3))
    down = np.cross(q - p, r - p)[:, 1] < 0
    index[down] = index[down][:, ::-1]
    return creased(flat, index)


def _deck(z: np.ndarray, half: np.ndarray, level: np.ndarray) -> Mesh:
    rows = np.stack([np.stack([-half, level, z], -1), np.stack([half, level, z], -1)], 1)
    n = np.arange(len(z) - 1) * 2
    faces = np.concatenate([np.stack([n, n + 1, n + 3], -1), np.stack([n, n + 3, n + 2], -1)])
    flat = rows.reshape(-1, 3)
    p, q, r = (flat[faces[:, k]] for k in range(3))
    down = np.cross(q - p, r - p)[:, 1] < 0
    faces[down] = faces[down][:, ::-1]
    return creased(flat, faces)


def add_sails(kit: Kit, rows: Iterable[Mapping[str, Any]]) -> None:
    """Sails from rows {corners: three or four points, belly: [x, y, z] metres, material}."""
    for row in rows:
        corners = np.asarray(row["corners"], float).reshape(-1, 3)
        if len(corners) == 3:
            corners = np.concatenate([corners, corners[2:]])
        foot_a, foot_b, head_b, head_a = corners
        u, v = np.meshgrid(np.linspace(0, 1, 9), np.linspace(0, 1, 9))
        u, v = u[..., None], v[..., None]
        low, high = foot_a + (foot_b - foot_a) * u, head_a + (head_b - head_a) * u
        points = low + (high - low) * v
        belly = np.asarray(row.get("belly", (0.3, 0, 0)), float)
        points = points + belly * (
            np.sin(np.pi * u) * np.sin(np.pi * np.clip(0.12 + 0.88 * v, 0, 1)) + 0.12 * np.sin(np.pi * u)
        )
        index = np.arange(81).reshape(9, 9)
        a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, 1:].ravel(), index[1:, :-1].ravel()
        faces = np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)])
        kit.add(winged(creased(points.reshape(-1, 3), faces, angle=80)), str(row.get("material", "sail")))


_FOAM = Material(base=(0.8, 0.87, 0.9), surface="plain", roughness=0.9, opacity=0.13)


def wake(role: Role, beam: float, length: float) -> Thing | None:
    """Foam left behind: patches that spread and fade along the way gone in the last seconds."""
    if role.wave is None or float(role.track.speeds.max()) < 0.6:
        return None
    mesh = disc(1.0, segments=10)
    return Thing(
        name=f"{role.subject.id} wake", mesh=mesh, materials=(_FOAM,), motion=_Wake(role, beam, length),
        subject=0, moving=True, casts_shadow=False, bounds_radius=max(3.0, 2 * beam),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Wake:
    role: Role
    beam: float
    length: float

    def at(self, t: float) -> Pose:
        role, track = self.role, self.role.track
        assert role.wave is not None
        speed = max(track.speed(t), 0.3)
        k, side = np.repeat(np.arange(16), 2), np.tile((-1, 1), 16)
        behind = t - (self.length * 0.36 + k * 0.5 * self.beam) / speed
        x, _, z = track.position(behind)
        a = np.array([track.heading(moment) for moment in behind])
        off = side * self.beam * (0.2 + 0.07 * k + 0.05 * np.sin(5.1 * k))
        px, pz = x + off * np.cos(a), z - off * np.sin(a)
        level, normal = role.wave(px, pz, t * role.time_scale)
        size = (self.beam * (0.1 + 0.022 * k) * (0.8 + 0.2 * np.sin(2.4 * k)))[:, None]
        across = np.cross(normal, np.stack([np.sin(a), np.zeros_like(a), np.cos(a)], axis=1))
        out = np.tile(np.eye(4), (len(k), 1, 1))
        out[:, :3, 0], out[:, :3, 1], out[:, :3, 2] = across * size, normal, np.cross(across, normal) * size * 1.7
        out[:, :3, 3] = np.stack([px, level + 0.015, pz], axis=1)
        return Pose(transforms=out.astype(np.float32), visible=track.speed(t) > 0.4)
