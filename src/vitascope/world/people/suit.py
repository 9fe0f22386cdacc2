"""A space suit: padded limbs with joint rings, a helmet with a golden visor, a life-support pack, hoses and moon boots."""

from __future__ import annotations

import numpy as np

from vitascope.film import Garment
from vitascope.recipe import colour_linear
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh, transformed
from vitascope.world.people.cloth import level, ring_tube, top, trousers
from vitascope.world.people.fitting import Fitting
from vitascope.world.people.frame import SIDES
from vitascope.world.people.limbs import hands, shoes
from vitascope.world.shape import box, cylinder, loft, sphere, tube
from vitascope.world.skeleton import rotation_between

__all__ = ["ring_round", "spacesuit", "visor_patch"]


def spacesuit(fit: Fitting, g: Garment) -> None:
    """Puts on everything, helmet included: no skin, hair or face shows."""
    p, grain = fit.p, fit.grain
    h = p.height
    cloth = fit.stuff(
        "suit",
        Material(base=colour_linear(g.colour or "#e9e7e1"), surface="cloth", roughness=0.8, colour_role="primary"),
    )
    grey = fit.tone("joint", "#8d9196", roughness=0.7)
    dark = fit.tone("rubber", "#2b2d31", surface="rubber", roughness=0.85)
    metal = fit.tone("ring", "#b9bec6", surface="metal", roughness=0.3, metalness=0.9)
    red = fit.tone("stripe", "#b3282d", roughness=0.8)
    fit.pieces.append(
        top(p, grain, ease=0.032, hem=0.02, sleeve=0.95, material=cloth, straight=0.9, flare=-0.004, neck="high")
    )
    fit.pieces += trousers(p, grain, ease=0.026, waist=0.20, until=0.92, material=cloth)
    fit.pieces += hands(p, grain, material=grey, grow=0.0055 * h)
    fit.pieces += shoes(p, grain, material=cloth, sole=dark, shaft=0.22, thick=2.6)
    for side, sign in SIDES:
        flip = np.array([sign, 1.0, 1.0])
        shoulder, wrist = np.array(p.shoulder) * flip, np.array(p.wrist) * flip
        hip, ankle = np.array(p.hip) * flip, np.array(p.ankle) * flip
        for share, radius, name in (
            (0.28, 0.062, red),
            (0.49, 0.056, cloth),
            (0.56, 0.055, cloth),
            (0.93, 0.045, metal),
        ):
            bone = "arm" if share < 0.52 else "forearm" if share < 0.9 else "wrist"
            fit.add(ring_round(shoulder, wrist, share, radius * h, 0.006 * h), name, bone=f"{bone}_{side}")
        for share, radius in ((0.46, 0.066), (0.53, 0.064)):
            bone = "thigh" if share < 0.5 else "shin"
            fit.add(ring_round(hip, ankle, share, radius * h, 0.007 * h), cloth, bone=f"{bone}_{side}")
    fit.add(ring_tube((0, level(p, 0.12), 0), p.hips[0] + 0.030 * h, p.hips[1] + 0.034 * h, 0.010 * h), grey)
    _helmet(fit, cloth, metal)
    _pack(fit, cloth, grey, dark, red)
    fit.arms = fit.legs = 1.0
    fit.trunk_bare = fit.feet_bare = fit.hands_bare = False
    fit.head_hidden = fit.hair_hidden = True


def ring_round(a: np.ndarray, b: np.ndarray, share: float, radius: float, thick: float) -> Mesh:
    """A closed ring of `radius` round the line from a to b at the share `share`."""
    along = (b - a) / np.linalg.norm(b - a)
    move = np.eye(4)
    move[:3, :3] = rotation_between(np.array([0.0, 1.0, 0.0]), along)
    move[:3, 3] = a + share * (b - a)
    return transformed(ring_tube((0, 0, 0), radius, radius, thick, segments=18), move)


def visor_patch(radius: float, *, wide: float, low: float, high: float, squash: float = 1.0) -> tuple[Mesh, np.ndarray]:
    """A curved window on the front of a ball (half width `wide`, from `low` to `high` [rad]) and its rim (K, 3)."""
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    c, s = np.sign(c) * np.abs(c) ** 0.72, np.sign(s) * np.abs(s) ** 0.72
    rings = []
    for k in np.linspace(1.0, 0.02, 9):
        az, el = wide * c * k, 0.5 * (low + high) + 0.5 * (high - low) * s * k
        rings.append(np.stack([np.sin(az) * np.cos(el), np.sin(el), np.cos(az) * np.cos(el) * squash], 1) * radius)
    mesh = loft(np.array(rings), cap=False, angle=180)
    if float(mesh.normals[:, 2].mean()) < 0:
        mesh = loft(np.array(rings)[:, ::-1], cap=False, angle=180)
    return mesh, rings[0]


def _helmet(fit: Fitting, shell: str, metal: str) -> None:
    p = fit.p
    h, r = p.head, 0.70 * p.head
    centre = np.array([0.0, p.chin_y + 0.50 * h, 0.0])
    gold = fit.stuff(
        "visor",
        Material(base=(0.95, 0.60, 0.16), surface="metal", roughness=0.07, metalness=1.0, clearcoat=1.0, detail=0.0),
    )
    move = np.eye(4)
    move[:3, 3] = centre
    fit.add(transformed(sphere(r, segments=30), move), shell, bone="head")
    patch, rim = visor_patch(1.035 * r, wide=1.02, low=-0.62, high=0.66)
    fit.add(transformed(patch, move), gold, bone="head")
    fit.add(
        transformed(tube(np.concatenate([rim, rim[:2]]) * 0.995, 0.030 * r, segments=6, angle=100), move),
        shell,
        bone="head",
    )
    for _, sign in SIDES:
        knob = transformed(
            cylinder(0.16 * r, 0.12 * r, segments=14, bevel=0.03 * r),
            _lying(sign, centre + np.array([sign * 0.93 * r, 0.02 * r, 0.0])),
        )
        fit.add(knob, metal, bone="head")
    fit.add(
        ring_tube(
            (0, p.neck_y + 0.004 * p.height, -0.004 * p.height), 0.080 * p.height, 0.080 * p.height, 0.011 * p.height
        ),
        metal,
    )


def _lying(sign: float, place: np.ndarray) -> np.ndarray:
    out = np.eye(4)
    out[:3, :3] = rotation_between(np.array([0.0, 1.0, 0.0]), np.array([sign, 0.0, 0.0]))
    out[:3, 3] = place
    return out


def _pack(fit: Fitting, cloth: str, grey: str, dark: str, red: str) -> None:
    p = fit.p
    h = p.height
    back = -p.chest[1] - 0.030 * h
    fit.add(
        box((0.235 * h, 0.330 * h, 0.125 * h), centre=(0, level(p, 0.72), back - 0.055 * h), bevel=0.022 * h),
        cloth,
        bone="chest",
    )
    fit.add(
        box(
            (0.190 * h, 0.060 * h, 0.110 * h), centre=(0, level(p, 0.72) + 0.185 * h, back - 0.052 * h), bevel=0.018 * h
        ),
        grey,
        bone="chest",
    )
    front = p.chest[1] + 0.026 * h
    fit.add(
        box((0.135 * h, 0.090 * h, 0.052 * h), centre=(0, level(p, 0.62), front + 0.012 * h), bevel=0.010 * h),
        grey,
        bone="chest",
    )
    for k, name in enumerate((red, dark, red)):
        fit.add(
            sphere(0.010 * h, segments=8, centre=(0.036 * h * (k - 1), level(p, 0.62) + 0.022 * h, front + 0.040 * h)),
            name,
            bone="chest",
        )
    for _, sign in SIDES:
        path = np.array(
            [
                (sign * 0.055 * h, level(p, 0.58), front + 0.022 * h),
                (sign * 0.110 * h, level(p, 0.47), front + 0.024 * h),
                (sign * 0.150 * h, level(p, 0.50), 0.02 * h),
                (sign * 0.138 * h, level(p, 0.56), back * 0.7),
                (sign * 0.10 * h, level(p, 0.58), back - 0.03 * h),
            ]
        )
        fine = np.array([_along(path, u) for u in np.linspace(0, 1, 15)])
        fit.add(tube(fine, 0.0105 * h, segments=8, angle=100), dark if sign > 0 else grey, bone="chest")
        fit.add(
            box(
                (0.026 * h, 0.17 * h, 0.012 * h),
                centre=(sign * 0.068 * h, level(p, 0.84), front - 0.004 * h),
                bevel=0.004 * h,
            ),
            grey,
            bone="chest",
        )


def _along(points: np.ndarray, u: float) -> np.ndarray:
    """Catmull-Rom through points (K, 3) at u in 0..1."""
    count = len(points) - 1
    k = min(int(u * count), count - 1)
    s = u * count - k
    padded = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    a, b, c, d = padded[k : k + 4]
    return 0.5 * (2 * b + (c - a) * s + (2 * a - 5 * b + 4 * c - d) * s**2 + (3 * b - a - 3 * c + d) * s**3)
