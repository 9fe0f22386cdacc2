"""Flesh of a quadruped: torso, neck, legs and tail as lumps over its anatomy. The head is moulded apart, and finer."""

from __future__ import annotations

import numpy as np

from vitascope.world.animals.anatomy import SIDES, Anatomy
from vitascope.world.animals.lump import Lumps
from vitascope.world.skeleton import rotation_between

__all__ = ["neck_flesh", "trunk_and_limbs"]

_UP = np.array([0.0, 1.0, 0.0])


def trunk_and_limbs(anatomy: Anatomy) -> Lumps:
    """Everything but head and neck, in order of joining."""
    lumps = Lumps()
    _torso(anatomy, lumps)
    neck_flesh(anatomy, lumps, upper_only=False)
    for side in SIDES:
        _fore_leg(anatomy, lumps, side)
        _hind_leg(anatomy, lumps, side)
    _tail(anatomy, lumps)
    if "dewlap" in anatomy.parameters:
        _dewlap(anatomy, lumps)
    if "udder" in anatomy.parameters:
        _udder(anatomy, lumps)
    if "hump" in anatomy.parameters:
        _humps(anatomy, lumps)
    if "shell" in anatomy.parameters:
        _shell(anatomy, lumps)
    return lumps


def _torso(anatomy: Anatomy, lumps: Lumps) -> None:
    """Six stations from rump to breast: each an egg between the back line and the belly line."""
    p, u, j = anatomy.parameters, anatomy.unit, anatomy.joints
    fat = anatomy.build
    front = float(j["humerus_l"][2])
    back = float(j["thigh_l"][2])
    lift = float(j["humerus_l"][1]) - p["fore"]["shoulder"][1] * u
    span = front - back
    hip, withers = p["hip"] * u + lift, u + lift
    chest, waist, rump = p["chest"], p["waist"], p["rump"]
    sag = float(p.get("belly", 0.0)) * u
    dip = float(p.get("dip", 0.025)) * u
    low_chest, low_waist = withers - chest["depth"] * u, (hip + withers) / 2 - dip - waist["depth"] * u - sag
    stations = (
        ("pelvis", back - 0.02 * u, hip, hip - rump["depth"] * u, rump["width"] * 0.94, 0.24 * span + 0.06 * u),
        ("loin", back + 0.24 * span, hip - 0.3 * dip, hip - 0.55 * rump["depth"] * u - 0.45 * (hip - low_waist),
         (rump["width"] + waist["width"]) / 2, 0.38 * span),
        ("waist", back + 0.48 * span, (hip + withers) / 2 - dip, low_waist, waist["width"], 0.38 * span),
        ("chest", back + 0.71 * span, withers - 0.9 * dip, low_chest + 0.01 * u, chest["width"], 0.38 * span),
        ("chest", front - 0.03 * u, withers - 0.05 * u, low_chest + 0.05 * u, chest["width"] * 0.88, 0.12 * span + 0.08 * u),
    )  # fmt: skip
    for k, (bone, z, top, bottom, width, reach) in enumerate(stations):
        lumps.egg(
            np.array([0.0, (top + bottom) / 2, z]),
            (width * u * fat / 2, (top - bottom) / 2, reach),
            bone, "torso", blend=0.0 if k == 0 else 0.07 * u,
        )  # fmt: skip
    ridge = float(p.get("ridge", 0.075)) * u
    lumps.cone(
        np.array([0.0, withers - ridge, front - 0.05 * u]), np.array([0.0, withers - 1.1 * dip - ridge, front - 0.45 * span]),
        (ridge, ridge * 0.8), "chest", "torso", blend=0.10 * u,
    )  # fmt: skip
    for sign in SIDES.values():
        bone = float(p.get("hips", 0.0)) * u
        if bone > 0:
            corner = np.array([sign * 0.40 * rump["width"] * u, hip - 1.15 * bone, back + 0.15 * span])
            lumps.ball(corner, bone, "pelvis", "torso", blend=0.07 * u)
            pin = np.array([sign * 0.22 * rump["width"] * u, hip - 1.6 * bone, back - 0.13 * span])
            lumps.ball(pin, bone * 0.9, "pelvis", "torso", blend=0.07 * u)
    breast = 0.11 * u * fat
    lumps.ball(np.array([0.0, low_chest + 0.20 * u, front + 0.02 * u]), breast, "chest", "torso", blend=0.10 * u)


def neck_flesh(anatomy: Anatomy, lumps: Lumps, *, upper_only: bool) -> None:
    """The neck as eggs along its bones, deeper than wide; `upper_only` repeats its upper end for the mould of the head."""
    p, u, j = anatomy.parameters["neck"], anatomy.unit, anatomy.joints
    count = int(p["bones"])
    base, top = j["neck1"], j["head"]
    axis = top - base
    length = float(np.linalg.norm(axis))
    axes = rotation_between(np.array([0.0, 0.0, 1.0]), axis)
    steps = max(4, 2 * count + 1)
    arch = float(p.get("arch", 0.03)) * u
    for k in range(steps):
        s = k / (steps - 1)
        if upper_only and s < 0.55:
            continue
        bone = f"neck{min(int(s * count), count - 1) + 1}" if s > 0.0 else "chest"
        half = [((1 - s) ** 1.3 * a + (1 - (1 - s) ** 1.3) * b) * u for a, b in zip(p["base"], p["top"], strict=True)]
        bow = arch * 4 * s * (1 - s)
        reach = length / (steps - 1) * 0.75 + 0.35 * half[0]
        lumps.egg(
            base + axis * s + axes @ np.array([0, bow, 0]), (half[0] * anatomy.build, half[1], reach), bone, "neck",
            blend=0.06 * u, axes=axes,
        )  # fmt: skip


def _fore_leg(anatomy: Anatomy, lumps: Lumps, side: str) -> None:
    p, u, j = anatomy.parameters["fore"], anatomy.unit, anatomy.joints
    fat = anatomy.build
    r = [x * u * fat**0.5 for x in p["radii"]]
    blade, shoulder, elbow = j[f"scapula_{side}"], j[f"humerus_{side}"], j[f"forearm_{side}"]
    wrist, fetlock = j[f"cannon_fore_{side}"], j[f"foot_fore_{side}"]
    sign = SIDES[side]
    slope = rotation_between(_UP, blade - shoulder)
    mid = (blade + shoulder) / 2 + np.array([sign * 0.015 * u, -0.01 * u, 0])
    lumps.egg(mid, (0.07 * u * fat, 0.20 * u, 0.115 * u), f"scapula_{side}", "torso", blend=0.07 * u, axes=slope)
    lumps.cone(shoulder, elbow, (r[0], r[1] * 1.1), f"humerus_{side}", "leg", blend=0.06 * u)
    muscle = p["muscle"] * u * fat
    triceps = (shoulder + elbow) / 2 + np.array([0, 0.03 * u, -0.045 * u])
    lumps.egg(triceps, (muscle * 0.8, muscle * 1.3, muscle), f"humerus_{side}", "leg", blend=0.06 * u)
    bulge = elbow + (wrist - elbow) * 0.25
    lumps.cone(elbow, wrist, (r[1], r[2] * 0.95), f"forearm_{side}", "leg", blend=0.035 * u)
    lumps.egg(bulge, (r[1] * 0.95, r[1] * 1.6, r[1] * 1.1), f"forearm_{side}", "leg", blend=0.03 * u)
    _cannon_and_foot(anatomy, lumps, "fore", side, wrist, fetlock, (r[2], r[3]))


def _hind_leg(anatomy: Anatomy, lumps: Lumps, side: str) -> None:
    p, u, j = anatomy.parameters["hind"], anatomy.unit, anatomy.joints
    fat = anatomy.build
    r = [x * u * fat**0.5 for x in p["radii"]]
    hip, stifle, hock, fetlock = (j[f"{n}_{side}"] for n in ("thigh", "shin", "cannon_hind", "foot_hind"))
    sign = SIDES[side]
    muscle = p["muscle"] * u * fat
    slope = rotation_between(_UP, hip - stifle)
    haunch = hip + (stifle - hip) * 0.32 + np.array([sign * 0.012 * u, 0.01 * u, -0.25 * muscle])
    lumps.egg(haunch, (muscle * 0.58, muscle * 1.25, muscle * 1.02), f"thigh_{side}", "leg", blend=0.08 * u, axes=slope)
    lumps.cone(hip, stifle, (r[0] * 0.8, r[1]), f"thigh_{side}", "leg", blend=0.07 * u)
    ham = hip + (hock - hip) * 0.35 + np.array([0, 0, -0.03 * u])
    lumps.egg(ham, (muscle * 0.45, muscle * 0.95, muscle * 0.55), f"thigh_{side}", "leg", blend=0.07 * u)
    lumps.cone(stifle, hock, (r[1], r[2]), f"shin_{side}", "leg", blend=0.04 * u)
    calf = stifle + (hock - stifle) * 0.32 + np.array([0, 0, -0.025 * u])
    lumps.egg(calf, (r[1] * 0.75, r[1] * 1.5, r[1]), f"shin_{side}", "leg", blend=0.04 * u,
              axes=rotation_between(_UP, stifle - hock))  # fmt: skip
    lumps.ball(hock + np.array([0, 0.02 * u, -0.012 * u]), r[2] * 0.95, f"cannon_hind_{side}", "shank", blend=0.02 * u)
    _cannon_and_foot(anatomy, lumps, "hind", side, hock, fetlock, (r[2], r[3]))


def _cannon_and_foot(
    anatomy: Anatomy,
    lumps: Lumps,
    kind: str,
    side: str,
    top: np.ndarray,
    fetlock: np.ndarray,
    radii: tuple[float, float],
) -> None:
    u, foot = anatomy.unit, anatomy.parameters["foot"]
    cannon, toes = f"cannon_{kind}_{side}", f"foot_{kind}_{side}"
    thick, thin = radii
    slim = min(thick * 0.86, thin)
    middle = (top + fetlock) / 2
    lumps.cone(top, middle, (thick, slim), cannon, "shank", blend=0.02 * u)
    lumps.cone(
        middle,
        fetlock,
        (slim, thin),
        cannon,
        "shank",
        blend=0.02 * u,
        short=min(0.9, 1.7 * foot["height"] * u / max(float(np.linalg.norm(middle - fetlock)), 1e-6)),
    )
    length, width, height = foot["length"] * u, foot["width"] * u, foot["height"] * u
    toe = anatomy.tips[f"{kind}_{side}"]
    if foot["kind"] == "hoof":
        lumps.ball(fetlock, thin * 1.08, toes, "shank", blend=0.015 * u)
        sole = toe + np.array([0, height * 0.9, -length * 0.45])
        lumps.cone(fetlock, sole, (thin * 0.95, thin * 0.95), toes, "shank", blend=0.015 * u)
    elif foot["kind"] == "pad":
        centre = np.array([fetlock[0], 0, (fetlock[2] + toe[2]) / 2 - 0.02 * u])
        lumps.cone(
            centre + _UP * width * 0.62, fetlock + _UP * 0.1 * u, (width * 0.5, thin), toes, "foot", blend=0.03 * u
        )
        lumps.egg(
            centre + _UP * height * 0.6, (width * 0.56, height * 0.62, length * 0.52), toes, "foot", blend=0.03 * u
        )
    else:
        _paw(anatomy, lumps, toes, fetlock, toe, (length, width, height), thin)


def _paw(
    anatomy: Anatomy,
    lumps: Lumps,
    bone: str,
    fetlock: np.ndarray,
    toe: np.ndarray,
    size: tuple[float, float, float],
    thin: float,
) -> None:
    u = anatomy.unit
    length, width, height = size
    middle = np.array([fetlock[0], height * 0.5, toe[2] - length * 0.5])
    lumps.cone(
        fetlock, middle + np.array([0, 0.1 * height, 0.1 * length]), (thin, height * 0.5), bone, "foot", blend=0.025 * u
    )
    lumps.egg(middle, (width * 0.5, height * 0.5, length * 0.45), bone, "foot", blend=0.02 * u)
    for k in range(4):
        x = (k - 1.5) / 1.5
        ahead = length * (0.30 - 0.07 * x * x)
        at = np.array([fetlock[0] + x * width * 0.36, height * 0.36, middle[2] + ahead])
        lumps.egg(at, (width * 0.155, height * 0.36, length * 0.19), bone, "foot", blend=0.006 * u)


def _tail(anatomy: Anatomy, lumps: Lumps) -> None:
    p, u, j = anatomy.parameters["tail"], anatomy.unit, anatomy.joints
    count = int(p["bones"])
    points = [j[f"tail{k + 1}"] for k in range(count)] + [anatomy.tips["tail"]]
    full = float(p.get("full", 0.0))

    hair = float(p.get("hair", 0.0))

    def radius(s: float) -> float:
        plain = p["base"] + (p["tip"] - p["base"]) * s
        bush = full * np.sin(np.pi * min(1.0, 0.12 + s * 0.95)) ** 0.8
        lock = hair * np.sin(np.pi * min(1.0, 0.10 + s * 0.84)) ** 0.7 if hair else 0.0
        return max(plain + bush + lock, 0.016) * u

    lumps.cone(
        points[0] + np.array([0, -0.02, 0.10]) * u,
        points[0],
        (radius(0) * 1.5, radius(0)),
        "pelvis",
        "tail",
        blend=0.05 * u,
    )
    for k in range(count):
        region = "tuft" if hair else "tail_tip" if k >= count - max(1, count // 5) else "tail"
        pair = (radius(k / count), radius((k + 1) / count))
        lumps.cone(points[k], points[k + 1], pair, f"tail{k + 1}", region, blend=0.02 * u)
    tuft = float(p.get("tuft", 0.0)) * u
    if tuft > 0:
        axis = points[-1] - points[-2]
        axes = rotation_between(_UP, axis)
        lumps.egg(points[-1], (tuft, tuft * 2.2, tuft), f"tail{count}", "tuft", blend=0.02 * u, axes=axes)


def _dewlap(anatomy: Anatomy, lumps: Lumps) -> None:
    """A thin fold of skin under the throat, deepest before the breast."""
    u, j, p = anatomy.unit, anatomy.joints, anatomy.parameters
    base, top = j["neck1"], j["head"]
    axis = (top - base) / np.linalg.norm(top - base)
    down = np.array([0.0, -axis[2], axis[1]])
    count = int(p["neck"]["bones"])
    for s in np.linspace(-0.1, 0.75, 6):
        half = (p["neck"]["base"][1] * (1 - s) + p["neck"]["top"][1] * s) * u
        depth = p["dewlap"] * u * (1 - 0.7 * max(s, 0.0))
        at = base + (top - base) * s + down * (half + 0.25 * depth)
        bone = "chest" if s < 0.2 else f"neck{min(int(s * count), count - 1) + 1}"
        lumps.egg(at, (0.028 * u, 0.10 * u, depth), bone, "neck", blend=0.05 * u,
                  axes=np.stack([[1.0, 0, 0], axis, down], axis=1))  # fmt: skip


def _udder(anatomy: Anatomy, lumps: Lumps) -> None:
    """An udder between the thighs and its four teats."""
    p, u = anatomy.parameters["udder"], anatomy.unit
    at = np.array([0.0, *p["at"]]) * u
    r = float(p["size"]) * u
    lumps.egg(at, (r * 0.95, r * 0.8, r * 1.15), "pelvis", "udder", blend=0.05 * u)
    for x in (-0.45, 0.45):
        for z in (-0.5, 0.5):
            top = at + np.array([x, -0.55, z]) * r
            lumps.cone(
                top, top + np.array([0.0, -0.42, 0.0]) * r, (0.2 * r, 0.14 * r), "pelvis", "udder", blend=0.015 * u
            )


def _humps(anatomy: Anatomy, lumps: Lumps) -> None:
    p, u, j = anatomy.parameters["hump"], anatomy.unit, anatomy.joints
    front, back = float(j["humerus_l"][2]), float(j["thigh_l"][2])
    for s in p["at"]:
        height = float(p.get("y", 0.95)) * u
        at = np.array([0.0, height, back + (front - back) * s])
        x, y, z = (r * u for r in p["size"])
        lumps.egg(at, (x, y, z), "waist" if s < 0.65 else "chest", "torso", blend=0.09 * u)


def _shell(anatomy: Anatomy, lumps: Lumps) -> None:
    """A domed carapace over the back, with a rim that overhangs the legs."""
    p, u = anatomy.parameters["shell"], anatomy.unit
    x, y, z = (r * u for r in p["size"])
    lumps.egg(np.array([0.0, p["y"] * u, 0.0]), (x, y, z), "waist", "shell", blend=0.02 * u)
    lumps.egg(
        np.array([0.0, (p["y"] - 0.10) * u, 0.0]), (x * 1.06, y * 0.30, z * 1.05), "waist", "shell", blend=0.03 * u
    )
