"""What people wear on their heads: caps, hats, helmets, crowns. Sizes are shares of the head."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from vitascope.film import Garment
from vitascope.world.mesh import Mesh, transformed, vertex_normals
from vitascope.world.people.cloth import hood, ring_tube, turned_out
from vitascope.world.people.fitting import Fitting
from vitascope.world.people.head import in_head
from vitascope.world.people.piece import moulded
from vitascope.world.shape import box, cone, ellipsoid, extrude, lathe, sphere

__all__ = ["HEADWEAR"]


@dataclass(frozen=True, slots=True)
class Crown:
    """Where hats sit: half width and depth [m] at the brow line, its height and the tilt matrix that lays hats back."""

    fit: Fitting

    @property
    def h(self) -> float:
        """The head's height [m]."""
        return self.fit.p.head

    @property
    def radius(self) -> float:
        """Radius [m] of a round hat's band."""
        return (0.395 + 0.02 * self.fit.p.youth) * self.h

    def seat(self, y: float, *, back: float = 0.12, z: float = -0.055) -> np.ndarray:
        """(4, 4) that puts a hat whose band is at y = 0 on the head at height y, leaning back by `back` [rad]."""
        c, s = np.cos(-back), np.sin(-back)
        out = np.eye(4)
        out[:3, :3] = np.array([[1, 0, 0], [0, c, -s], [0, s, c]]) @ np.diag([0.94, 1.0, 1.12])
        out[:3, 3] = in_head(self.fit.p, 0.0, y, z)
        return out

    def put(self, mesh: Mesh, material: str, y: float, **seat: float) -> None:
        """Adds a hat part."""
        self.fit.add(transformed(mesh, self.seat(y, **seat)), material, bone="head")


def _round(
    fit: Fitting,
    g: Garment,
    profile: list[tuple[float, float]],
    *,
    colour: str,
    y: float,
    surface: str = "cloth",
    band: str | None = None,
    back: float = 0.12,
    **more: object,
) -> Crown:
    """A hat from a profile of (radius, height) in shares of the band's radius."""
    crown = Crown(fit)
    r = crown.radius
    name = fit.cloth("hat", g, colour=colour, surface=surface, **more)
    crown.put(lathe([(max(a, 1e-4) * r, b * r) for a, b in profile], segments=28, angle=50), name, y, back=back)
    if band:
        crown.put(
            ring_tube((0, 0.10 * r, 0), 1.0 * r, 1.0 * r, 0.055 * r, segments=28),
            fit.tone("hatband", band),
            y,
            back=back,
        )
    fit.hat_on = True
    return crown


def _dome(top: float, *, rim: float = 0.0) -> list[tuple[float, float]]:
    angles = np.linspace(0.12, np.pi / 2, 7)
    return [
        (1.0 + rim, -0.03),
        (1.0 + rim, 0.03),
        (1.0, 0.04),
        *((float(np.cos(a)), float(top * np.sin(a))) for a in angles),
    ]


def _cap(fit: Fitting, g: Garment) -> None:
    crown = _round(fit, g, _dome(0.92), colour="#2b3f73", y=0.70)
    name = next(reversed(fit.materials))
    r = crown.radius
    brim = extrude(_brim(r), 0.05 * r, bevel=0.015 * r)
    lay = np.eye(4)
    lay[:3, :3] = [[1, 0, 0], [0, 0.10, -1], [0, 1, 0.10]]
    crown.put(transformed(brim, lay), name, 0.70)


def _brim(r: float) -> list[tuple[float, float]]:
    """The peak of a cap in x, z (counter-clockwise seen from above after it is laid flat)."""
    turn = np.linspace(-1.0, 1.0, 11)
    outer = [(0.90 * r * np.sin(1.2 * a), 0.62 * r + 0.90 * r * np.cos(1.2 * a)) for a in turn]
    inner = [(0.80 * r * np.sin(1.2 * a), 0.74 * r * np.cos(1.2 * a) + 0.08 * r) for a in turn[::-1]]
    return [(float(x), float(y)) for x, y in [*inner[::-1], *outer[::-1]]]


def _hat(fit: Fitting, g: Garment) -> None:
    _round(
        fit,
        g,
        [(0.8, 0.0), (1.55, 0.0), (1.57, 0.05), (1.02, 0.06), (0.98, 0.35), (0.86, 0.78), (0.60, 0.86), (0.0, 0.80)],
        colour="#5b4a3a",
        y=0.72,
        band="#2a211a",
    )


def _sun_hat(fit: Fitting, g: Garment) -> None:
    _round(
        fit,
        g,
        [(0.8, 0.02), (2.0, -0.12), (2.02, -0.06), (1.04, 0.08), (1.0, 0.35), (0.85, 0.68), (0.45, 0.82), (0.0, 0.84)],
        colour="#d8bd83",
        y=0.72,
        surface="straw",
        band="#b5382f",
    )


def _cowboy_hat(fit: Fitting, g: Garment) -> None:
    crown = Crown(fit)
    r = crown.radius
    name = fit.cloth("hat", g, colour="#7a5532", surface="leather")
    body = lathe(
        [
            (0.8 * r, 0.0),
            (1.60 * r, 0.0),
            (1.62 * r, 0.06 * r),
            (1.03 * r, 0.06 * r),
            (0.98 * r, 0.40 * r),
            (0.84 * r, 0.86 * r),
            (0.55 * r, 0.92 * r),
            (1e-4, 0.80 * r),
        ],
        segments=32,
        angle=50,
    )
    p = body.positions.astype(float)
    brim = np.clip(np.hypot(p[:, 0], p[:, 2]) / r - 1.0, 0, 1)
    p[:, 1] += 0.85 * r * brim * (p[:, 0] / (1.6 * r)) ** 2
    p[:, 0] *= 1 - 0.20 * brim
    p = p.astype(np.float32)
    crown.put(replace(body, positions=p, normals=vertex_normals(p, body.indices)), name, 0.72)
    crown.put(
        ring_tube((0, 0.12 * r, 0), 1.0 * r, 1.0 * r, 0.05 * r, segments=28), fit.tone("hatband", "#2a1c12"), 0.72
    )
    fit.hat_on = True


def _beanie(fit: Fitting, g: Garment) -> None:
    crown = _round(fit, g, _dome(1.02), colour="#b5382f", y=0.69)
    name = next(reversed(fit.materials))
    r = crown.radius
    crown.put(ring_tube((0, 0.02 * r, 0), 1.0 * r, 1.0 * r, 0.13 * r, segments=28), name, 0.69)
    crown.put(sphere(0.24 * r, segments=12, centre=(0, 1.12 * r, 0)), fit.tone("bobble", "#efece4"), 0.69)


def _helmet(fit: Fitting, g: Garment) -> None:
    crown = _round(
        fit, g, _dome(1.05, rim=0.06), colour="#c0392b", y=0.68, surface="plastic", roughness=0.25, clearcoat=0.6
    )
    name = next(reversed(fit.materials))
    for k in (-1, 0, 1):
        rib = ellipsoid(
            in_head(fit.p, 0.16 * k, 1.06 - 0.04 * abs(k), -0.06),
            (0.035 * crown.h, 0.04 * crown.h, 0.26 * crown.h),
            blend=0,
        )
        fit.add(moulded([rib], 0.05 * crown.h), name, bone="head")


def _hard_hat(fit: Fitting, g: Garment) -> None:
    _round(
        fit,
        g,
        [(0.8, -0.03), (1.30, -0.05), (1.32, 0.0), (1.08, 0.06), *_dome(0.98)[3:]],
        colour="#f1c40f",
        y=0.71,
        surface="plastic",
        roughness=0.3,
    )


def _fire_helmet(fit: Fitting, g: Garment) -> None:
    crown = _round(
        fit,
        g,
        [(0.8, -0.02), (1.45, -0.14), (1.46, -0.08), (1.06, 0.05), *_dome(1.06)[3:]],
        colour="#b3201c",
        y=0.71,
        surface="plastic",
        roughness=0.3,
        back=0.02,
    )
    r = crown.radius
    crown.put(
        box((0.42 * r, 0.46 * r, 0.06 * r), centre=(0, 0.42 * r, 0.93 * r), bevel=0.02 * r),
        fit.tone("badge", "#d8b14a", surface="metal", roughness=0.3, metalness=0.9),
        0.71,
        back=0.05,
    )


def _peaked_cap(fit: Fitting, g: Garment) -> None:
    crown = _round(
        fit,
        g,
        [(1.0, -0.05), (1.02, 0.25), (1.30, 0.48), (1.26, 0.58), (0.7, 0.66), (0.0, 0.64)],
        colour="#1f2a44",
        y=0.72,
        back=0.05,
    )
    r = crown.radius
    dark = fit.tone("peak", "#0d0e11", surface="leather", roughness=0.25)
    lay = np.eye(4)
    lay[:3, :3] = [[1, 0, 0], [0, 0.10, -1], [0, 1, 0.10]]
    crown.put(transformed(extrude(_brim(0.92 * r), 0.05 * r, bevel=0.015 * r), lay), dark, 0.715, back=-0.06)
    crown.put(ring_tube((0, 0.06 * r, 0), 1.0 * r, 1.0 * r, 0.04 * r, segments=28), dark, 0.72, back=0.05)
    crown.put(
        sphere(0.11 * r, segments=10, centre=(0, 0.30 * r, 1.10 * r)),
        fit.tone("badge", "#d8b14a", surface="metal", roughness=0.3, metalness=0.9),
        0.72,
        back=0.05,
    )


def _chef_hat(fit: Fitting, g: Garment) -> None:
    crown = _round(fit, g, [(1.0, -0.04), (1.02, 0.52), (1.04, 0.56)], colour="#f4f2ec", y=0.73, back=0.06)
    name = next(reversed(fit.materials))
    h = crown.h
    blobs = [ellipsoid(in_head(fit.p, 0, 1.12, -0.09), (0.42 * h, 0.17 * h, 0.46 * h), blend=0)]
    for k in range(9):
        a = k * 2 * np.pi / 9
        blobs.append(
            ellipsoid(
                in_head(fit.p, 0.32 * np.sin(a), 1.13, -0.09 + 0.36 * np.cos(a)),
                (0.16 * h, 0.17 * h, 0.16 * h),
                blend=0.03 * h,
            )
        )
    fit.add(moulded(blobs, 0.055 * h), name, bone="head")


def _crown(fit: Fitting, g: Garment) -> None:
    c = Crown(fit)
    r = c.radius * 0.96
    gold = fit.cloth("crown", g, colour="#d9a520", surface="metal", roughness=0.2, metalness=1.0)
    n = 60
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    spike = np.abs(((turn / (2 * np.pi) * 8) % 1.0) - 0.5) * 2
    high = 0.30 + 0.42 * spike
    rings = []
    for grow, y in ((0.96, high), (0.93, np.zeros(n)), (1.0, np.zeros(n)), (1.08, high)):
        rings.append(np.stack([r * grow * np.sin(turn), r * y, r * grow * np.cos(turn)], 1))
    c.put(turned_out(np.array(rings)), gold, 0.84)
    gem = fit.tone("gem", "#a3122e", surface="glass", roughness=0.1)
    for k in range(8):
        a = k * np.pi / 4
        c.put(sphere(0.075 * r, segments=8, centre=(1.04 * r * np.sin(a), 0.18 * r, 1.04 * r * np.cos(a))), gem, 0.84)
    fit.hat_on = False


def _wizard_hat(fit: Fitting, g: Garment) -> None:
    crown = Crown(fit)
    h = crown.h
    name = fit.cloth("hat", g, colour="#33276b")
    blobs = [
        cone(in_head(fit.p, 0, 0.80, -0.06), in_head(fit.p, 0.0, 1.35, -0.16), 0.37 * h, 0.19 * h, blend=0.05 * h),
        cone(in_head(fit.p, 0.0, 1.35, -0.16), in_head(fit.p, 0.08, 1.82, -0.36), 0.19 * h, 0.03 * h, blend=0.08 * h),
        ellipsoid(in_head(fit.p, 0, 0.42, 0.0), (0.9 * h, 0.36 * h, 0.9 * h), blend=0.01 * h, cut=True),
    ]
    fit.add(moulded(blobs, 0.06 * h), name, bone="head")
    r = crown.radius
    crown.put(
        lathe(
            [(0.9 * r, 0.0), (1.75 * r, -0.06 * r), (1.77 * r, -0.02 * r), (0.9 * r, 0.08 * r)], segments=30, angle=50
        ),
        name,
        0.77,
    )
    crown.put(
        ring_tube((0, 0.12 * r, 0), 0.98 * r, 0.98 * r, 0.07 * r, segments=26), fit.tone("hatband", "#c9a22e"), 0.77
    )
    fit.hat_on = True


def _santa_hat(fit: Fitting, g: Garment) -> None:
    h = fit.p.head
    red, white = fit.cloth("hat", g, colour="#b3141c"), fit.tone("fur_trim", "#f4f1ea", surface="fur", roughness=0.9)
    blobs = [
        cone(in_head(fit.p, 0, 0.80, -0.05), in_head(fit.p, 0.06, 1.12, -0.16), 0.36 * h, 0.22 * h, blend=0.05 * h),
        cone(in_head(fit.p, 0.06, 1.12, -0.16), in_head(fit.p, 0.30, 1.10, -0.42), 0.20 * h, 0.09 * h, blend=0.08 * h),
        ellipsoid(in_head(fit.p, 0, 0.42, 0.0), (0.9 * h, 0.34 * h, 0.9 * h), blend=0.01 * h, cut=True),
    ]
    fit.add(moulded(blobs, 0.055 * h), red, bone="head")
    fit.add(sphere(0.11 * h, segments=12, centre=in_head(fit.p, 0.36, 1.02, -0.50)), white, bone="head")
    crown = Crown(fit)
    crown.put(
        ring_tube((0, 0, 0), 1.0 * crown.radius, 1.0 * crown.radius, 0.17 * crown.radius, segments=26, sides=8),
        white,
        0.76,
    )
    fit.hat_on = True


def _top_hat(fit: Fitting, g: Garment) -> None:
    _round(
        fit,
        g,
        [(0.8, 0.0), (1.45, 0.0), (1.46, 0.05), (1.0, 0.06), (0.94, 0.5), (1.0, 1.35), (0.94, 1.40), (0.0, 1.40)],
        colour="#17171a",
        y=0.75,
        band="#3d434c",
    )


def _headband(fit: Fitting, g: Garment) -> None:
    crown = Crown(fit)
    r = crown.radius
    crown.put(ring_tube((0, 0, 0), 0.97 * r, 0.97 * r, 0.06 * r, segments=26), fit.cloth("headband", g), 0.75)


def _headscarf(fit: Fitting, g: Garment) -> None:
    name = fit.cloth("headscarf", g)
    fit.pieces.append(hood(fit.p, fit.grain, material=name, up=True))
    fit.hair_hidden = True


HEADWEAR: dict[str, Callable[[Fitting, Garment], None]] = {
    "cap": _cap,
    "hat": _hat,
    "sun hat": _sun_hat,
    "cowboy hat": _cowboy_hat,
    "beanie": _beanie,
    "helmet": _helmet,
    "hard hat": _hard_hat,
    "fire helmet": _fire_helmet,
    "peaked cap": _peaked_cap,
    "chef hat": _chef_hat,
    "crown": _crown,
    "wizard hat": _wizard_hat,
    "santa hat": _santa_hat,
    "top hat": _top_hat,
    "headband": _headband,
    "headscarf": _headscarf,
}
