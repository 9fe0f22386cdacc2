"""Physiques: the measures of one person in metres, from age, sex, build and a seed.

Proportions follow head heights (adult 6.6, teenager 6.2, child 5, toddler 4.1, baby 3.6): heads a little larger than
life, as in drawn features, so that faces read at a distance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitascope.film import Attributes
from vitascope.recipe import Recipe, RecipeError

__all__ = ["AGES", "Physique", "physique_of"]

AGES = ("baby", "toddler", "child", "teenager", "adult", "old")

Vec = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """One age: height of men and women [m], head heights, and lengths and half widths as fractions of the height."""

    height: tuple[float, float]
    heads: float
    hip: float
    arm: float
    shoulder: float
    chest: float
    waist: float
    hips: float
    limb: float
    neck: float
    eye: float
    youth: float


_GROWTH = {
    "baby": Growth(height=(0.70, 0.70), heads=3.6, hip=0.33, arm=0.255, shoulder=0.112, chest=0.112, waist=0.122,
                   hips=0.112, limb=1.5, neck=0.6, eye=1.28, youth=1.0),
    "toddler": Growth(height=(0.88, 0.87), heads=4.1, hip=0.385, arm=0.275, shoulder=0.108, chest=0.102, waist=0.108,
                      hips=0.102, limb=1.3, neck=0.72, eye=1.24, youth=0.9),
    "child": Growth(height=(1.24, 1.23), heads=5.0, hip=0.465, arm=0.310, shoulder=0.091, chest=0.083, waist=0.079,
                    hips=0.082, limb=1.08, neck=0.84, eye=1.18, youth=0.65),
    "teenager": Growth(height=(1.68, 1.62), heads=6.2, hip=0.505, arm=0.330, shoulder=0.096, chest=0.083, waist=0.071,
                       hips=0.083, limb=0.92, neck=0.92, eye=1.06, youth=0.25),
    "adult": Growth(height=(1.78, 1.67), heads=6.6, hip=0.510, arm=0.335, shoulder=0.100, chest=0.088, waist=0.079,
                    hips=0.088, limb=1.0, neck=1.0, eye=1.0, youth=0.0),
    "old": Growth(height=(1.71, 1.58), heads=6.4, hip=0.500, arm=0.335, shoulder=0.096, chest=0.090, waist=0.087,
                  hips=0.090, limb=0.94, neck=0.92, eye=0.94, youth=0.0),
}  # fmt: skip

_BUILD = {
    "slim": (0.90, 0.86, 0.88),
    "average": (1.0, 1.0, 1.0),
    "heavy": (1.12, 1.38, 1.2),
    "muscular": (1.14, 1.0, 1.22),
}
"""Multipliers of chest and hips, of the waist, and of the limbs."""
LARGE_EYES = 1.3
"""Multiplier of the eyes of people in the state "large eyes"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Physique:
    """The measures of one person [m]. The body stands at the origin, faces +z, its left side is +x.

    Arms rest 36 degrees away from the body. `unit` is the height over 1.78, the scale of what is sized for an adult man.
    """

    age: str
    female: bool
    build: str
    height: float
    head: float
    chin_y: float
    neck_y: float
    shoulder: Vec
    elbow: Vec
    wrist: Vec
    hip: Vec
    knee: Vec
    ankle: Vec
    ball: Vec
    toe_z: float
    heel_z: float
    chest: tuple[float, float]
    """Half width and half depth."""
    waist: tuple[float, float]
    hips: tuple[float, float]
    belly: float
    bust: float
    upper_arm: float
    """Radius at the shoulder; the wrist has half of it."""
    thigh: float
    calf: float
    neck: float
    eye: float
    """Radius of an eyeball over the height of the head."""
    eye_y: float
    """Height of the eyes over the chin as a share of the head."""
    youth: float
    """1 for the round low face of a baby, 0 for a grown one."""
    stoop: float
    """Radians of the back's forward bend at rest."""

    @property
    def unit(self) -> float:
        """Height over that of an adult man."""
        return self.height / 1.78

    @property
    def trunk(self) -> float:
        """Metres from the hip joints to the shoulder joints."""
        return self.shoulder[1] - self.hip[1]

    @property
    def arm(self) -> float:
        """Metres from shoulder to wrist."""
        return float(np.linalg.norm(np.subtract(self.wrist, self.shoulder)))

    @property
    def arm_direction(self) -> np.ndarray:
        """(3,) unit vector down the resting left arm."""
        line = np.subtract(self.wrist, self.shoulder)
        return line / np.linalg.norm(line)

    @property
    def is_small(self) -> bool:
        """Whether this is a baby or a toddler."""
        return self.age in ("baby", "toddler")


def physique_of(recipe: Recipe, attributes: Attributes, *, seed: int) -> Physique:
    """The measures of the person that a recipe and its attributes describe; stature and girth vary a little by `seed`.

    Recipe parameters: age, sex ("female", "male" or "any"), build, stature (multiplier). Raises RecipeError for an unknown age.
    """
    rng = np.random.default_rng([seed, 11])
    draw = rng.random(6)
    asked = recipe.parameters.get("age", "adult")
    age = attributes.age or asked
    if age not in _GROWTH:
        raise RecipeError(f"{age!r} is not an age of people; the ages are {', '.join(AGES)}.")
    sex = recipe.parameters.get("sex", "any")
    female = sex == "female" if sex != "any" else bool(draw[0] < 0.5)
    build = attributes.build or recipe.parameters.get("build") or ("slim", "average", "average")[int(draw[1] * 3)]
    growth = _GROWTH[age]
    worn = (*(g.kind for g in attributes.clothing), *(g["kind"] for g in recipe.parameters.get("outfit", ())))
    padded = any(kind in ("spacesuit", "space suit", "snowsuit") for kind in worn)
    stature = float(recipe.parameters.get("stature", 1.0)) * attributes.scale * (0.97 + 0.06 * draw[2])
    return _measured(
        growth,
        age=age,
        female=female,
        build=build,
        height=growth.height[int(female)] * stature,
        draw=draw,
        padded=padded,
        gaze=LARGE_EYES if "large eyes" in attributes.states else 1.0,
    )


def _measured(
    g: Growth, *, age: str, female: bool, build: str, height: float, draw: np.ndarray, padded: bool, gaze: float
) -> Physique:
    h = height
    adult = age in ("teenager", "adult", "old")
    trunk_girth, waist_girth, limb_girth = (v * (0.97 + 0.06 * d) for v, d in zip(_BUILD[build], draw[3:], strict=True))
    head = h / g.heads
    chin = h - head
    neck = chin - 0.030 * h * g.neck
    shoulder_y = neck - 0.026 * h
    shoulder_x = g.shoulder * h * ((0.90 if female and adult else 1.0) * (1.08 if build == "muscular" else 1.0))
    hip_y = g.hip * h
    lean = np.radians(36.0)
    down = np.array([np.sin(lean), -np.cos(lean), 0.0])
    shoulder = np.array([shoulder_x, shoulder_y, -0.006 * h])
    length = g.arm * h
    foot = 0.148 * h if not adult else 0.145 * h
    ankle_y = 0.043 * h
    knee_y = ankle_y + 0.515 * (hip_y - ankle_y)
    apart = 1.42 if padded else 1.0
    hip_x = (0.5 + 0.5 * apart**0.6) * ((0.0525 if female else 0.0505) if adult else 0.056 * g.hips / 0.082) * h
    womanly = 1.0 if female and adult else 0.0
    chest = g.chest * h * trunk_girth * (1 - 0.08 * womanly)
    waist = g.waist * h * waist_girth * (1 - 0.10 * womanly)
    hips = g.hips * h * (0.5 + 0.5 * trunk_girth + 0.25 * (waist_girth - 1)) * (1 + 0.10 * womanly)
    limb = h * g.limb * limb_girth

    def v(a: np.ndarray | tuple[float, float, float]) -> Vec:
        return float(a[0]), float(a[1]), float(a[2])

    return Physique(
        age=age,
        female=female,
        build=build,
        height=h,
        head=head,
        chin_y=chin,
        neck_y=neck,
        shoulder=v(shoulder),
        elbow=v(shoulder + down * length * 0.52 + np.array([0, 0, -0.004 * h])),
        wrist=v(shoulder + down * length),
        hip=(hip_x, hip_y, 0.0),
        knee=(hip_x * 1.02 * apart**0.6, knee_y, 0.006 * h),
        ankle=(hip_x * 1.04 * apart**0.8, ankle_y, -0.012 * h),
        ball=(hip_x * 1.10 * apart**0.8, 0.014 * h, foot * 0.50),
        toe_z=foot * 0.72,
        heel_z=-foot * 0.28,
        chest=(chest, chest * (0.70 if adult else 0.78)),
        waist=(waist, waist * (0.74 if adult else 0.86)),
        hips=(hips, hips * (0.74 if adult else 0.86)),
        belly=(0.06 if build == "heavy" else 0.012 if age == "old" else 0.0) * h
        + (0.02 * h if age in ("baby", "toddler") else 0),
        bust=0.026 * h * womanly * (1.0 if age != "teenager" else 0.7),
        upper_arm=0.0250 * limb * (0.86 if female and adult else 1.0),
        thigh=0.0435 * limb * (1.07 if female and adult else 1.0) if adult else 0.043 * limb,
        calf=0.031 * limb,
        neck=0.0300 * h * (0.82 if female and adult else 1.0) * (1.12 if build == "muscular" else 1.0)
        if adult
        else 0.027 * h * (g.limb**0.5),
        eye=0.078 * g.eye * (1.05 if female else 1.0) * gaze,
        eye_y=0.475 - 0.075 * g.youth,
        youth=g.youth,
        stoop=0.16 if age == "old" else 0.0,
    )
