"""Garments: what each kind is cut from. A kind takes one place on the body, so that outfits can be put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vitascope.film import Garment
from vitascope.world.people.accessories import ACCESSORIES, on_front
from vitascope.world.people.cloth import collar, hood, level, ring_tube, skirt, top, trousers
from vitascope.world.people.fitting import Fitting
from vitascope.world.people.frame import SIDES
from vitascope.world.people.headwear import HEADWEAR
from vitascope.world.people.limbs import hands, shoes
from vitascope.world.people.suit import spacesuit
from vitascope.world.shape import box, sphere

__all__ = ["KINDS", "Cut"]

Maker = Callable[[Fitting, Garment], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A kind of garment: the place it takes ("top", "bottom", "whole", "outer", "feet", "head", "extra") and its maker."""

    slot: str
    make: Maker


def _top(**cut: object) -> Maker:
    def make(fit: Fitting, g: Garment) -> None:
        options = dict(cut)
        colour = options.pop("colour", None)
        trim = str(options.pop("trim", ""))
        name = fit.cloth("top", g, colour=colour)  # type: ignore[arg-type]
        fit.pieces.append(top(fit.p, fit.grain, material=name, **options))  # type: ignore[arg-type]
        sleeve = float(options["sleeve"])  # type: ignore[arg-type]
        fit.arms = max(fit.arms, sleeve - 0.06 if sleeve > 0.03 else 0.0)
        fit.trunk_bare = fit.trunk_bare and sleeve <= 0.03
        fit.trunk_low = level(fit.p, 0.5)
        if trim:
            _TRIMS[trim](fit, name)

    return make


def _trim_round(fit: Fitting, name: str) -> None:
    fit.pieces.append(collar(fit.p, fit.grain, material=name, radius=0.0045, tall=0.006, ease=0.011))


def _trim_roll(fit: Fitting, name: str) -> None:
    fit.pieces.append(collar(fit.p, fit.grain, material=name, radius=0.006, tall=0.028, ease=0.0135))


def _trim_shirt(fit: Fitting, name: str) -> None:
    p = fit.p
    fit.pieces.append(collar(p, fit.grain, material=name, radius=0.0035, tall=0.018, ease=0.0095, lean=0.006))
    button = fit.tone("button", "#e9e4d8", surface="plastic", roughness=0.4)
    for k in range(5):
        on_front(fit, sphere(0.0045 * p.height, segments=8, squash=(1, 1, 0.5)), button, level(p, 0.86 - 0.17 * k))


def _trim_jacket(fit: Fitting, name: str) -> None:
    p = fit.p
    fit.pieces.append(collar(p, fit.grain, material=name, radius=0.006, tall=0.022, ease=0.017, lean=0.006))
    zip_ = fit.tone("zip", "#55585e", surface="metal", roughness=0.4)
    for k in range(9):
        on_front(
            fit,
            box((0.010 * p.height, 0.034 * p.height, 0.006 * p.height)),
            zip_,
            level(p, 0.90 - 0.10 * k),
            ease=0.018,
        )


def _trim_hood(fit: Fitting, name: str) -> None:
    fit.pieces.append(hood(fit.p, fit.grain, material=name, up=False))
    p = fit.p
    pouch = box((0.11 * p.height, 0.06 * p.height, 0.012 * p.height), bevel=0.006 * p.height)
    on_front(fit, pouch, name, level(p, 0.20), ease=0.012)


_TRIMS: dict[str, Callable[[Fitting, str], None]] = {
    "round": _trim_round, "roll": _trim_roll, "shirt": _trim_shirt, "jacket": _trim_jacket, "hood": _trim_hood,
}  # fmt: skip


def _legs(*, ease: float, until: float, colour: str | None, flare: float = 0.0, waist: float = 0.26) -> Maker:
    def make(fit: Fitting, g: Garment) -> None:
        shades = ("#2f3e5c", "#3d434c", "#5b4a3a", "#7d735f", "#26292f") if colour is None else (colour,)
        drawn = shades[int(fit.draw(17).integers(0, len(shades)))]
        name = fit.cloth("bottom", g, colour=drawn)
        end = min(until, 0.86) if fit.tucked else until
        fit.pieces += trousers(
            fit.p, fit.grain, ease=ease, waist=waist, until=end, material=name, flare=0.0 if fit.tucked else flare
        )
        fit.legs = max(fit.legs, 1.0 if until > 0.9 else until - 0.06)

    return make


def _skirted(
    *,
    start: float,
    end: float,
    hem: float,
    ease: float = 0.010,
    folds: int = 9,
    depth: float = 0.05,
    slot: str = "bottom",
) -> Maker:
    def make(fit: Fitting, g: Garment) -> None:
        name = fit.cloth(slot, g)
        fit.pieces += skirt(
            fit.p,
            fit.grain,
            start=start,
            end=end,
            material=name,
            ease=ease,
            hem=hem,
            folds=folds,
            depth=depth,
            seed=fit.seed,
        )

    return make


def _dress(
    *,
    sleeve: float,
    end: float,
    hem: float,
    neck: str = "wide",
    flare: float = 0.0,
    folds: int = 10,
    depth: float = 0.055,
) -> Maker:
    def make(fit: Fitting, g: Garment) -> None:
        p = fit.p
        name = fit.cloth("dress", g)
        small = p.age in ("toddler", "child")
        fit.pieces.append(
            top(p, fit.grain, ease=0.007, hem=0.36, sleeve=sleeve, material=name, straight=0.25, flare=flare, neck=neck)
        )
        fit.pieces += skirt(
            p,
            fit.grain,
            start=0.44,
            end=end,
            material=name,
            ease=0.011,
            hem=hem + (0.12 if small else 0),
            folds=folds,
            depth=depth,
            seed=fit.seed,
        )
        belt = fit.stuff("belt", fit.materials[name])
        waist = ring_tube(
            (0, level(p, 0.42), 0),
            p.waist[0] * 1.02 + 0.010 * p.height,
            p.waist[1] * 1.04 + 0.010 * p.height + 0.4 * p.belly,
            0.007 * p.height,
        )
        fit.add(waist, belt)
        fit.arms = max(fit.arms, sleeve - 0.06 if sleeve > 0.03 else 0.0)
        fit.trunk_bare = fit.trunk_bare and sleeve <= 0.03
        fit.trunk_low = level(fit.p, 0.5)

    return make


def _coat(
    *,
    colour: str | None,
    end: float,
    hem: float,
    surface: str = "cloth",
    hood_up: bool | None = None,
    gap: float = 0.12,
    sleeve_flare: float = 0.010,
    **more: object,
) -> Maker:
    def make(fit: Fitting, g: Garment) -> None:
        p = fit.p
        name = fit.cloth("outer", g, colour=colour, surface=surface, **more)
        fit.pieces.append(
            top(
                p,
                fit.grain,
                ease=0.019,
                hem=0.22,
                sleeve=0.97,
                material=name,
                straight=0.75,
                flare=sleeve_flare,
                neck="high",
            )
        )
        fit.pieces += skirt(
            p,
            fit.grain,
            start=0.30,
            end=end,
            material=name,
            ease=0.021,
            hem=hem,
            folds=6,
            depth=0.022,
            gap=gap,
            seed=fit.seed,
        )
        if hood_up is None:
            fit.pieces.append(
                collar(p, fit.grain, material=name, radius=0.006, tall=0.030, ease=0.019, straight=0.75, lean=0.012)
            )
        else:
            fit.pieces.append(hood(p, fit.grain, material=name, up=hood_up))
            fit.hooded = fit.hooded or hood_up
        button = fit.tone("button", "#2a2723", surface="plastic", roughness=0.35)
        for k in range(4):
            knob = sphere(0.0075 * p.height, segments=8, squash=(1, 1, 0.5))
            on_front(fit, knob, button, level(p, 0.84 - 0.19 * k), ease=0.021)
        fit.arms, fit.trunk_bare = 1.0, False

    return make


def _footwear(*, shaft: float, colour: str, sole: str, thick: float = 1.0, surface: str = "leather") -> Maker:
    def make(fit: Fitting, g: Garment) -> None:
        name = fit.cloth("feet", g, colour=colour, surface=surface, roughness=0.5)
        base = fit.tone("sole", sole, surface="rubber", roughness=0.85)
        fit.pieces += shoes(fit.p, fit.grain, material=name, sole=base, shaft=shaft, thick=thick)
        fit.feet_bare = False

    return make


def _gloves(fit: Fitting, g: Garment) -> None:
    name = fit.cloth("gloves", g, colour="#3b2f2a")
    fit.pieces += hands(fit.p, fit.grain, material=name, grow=0.0025 * fit.p.height)
    fit.hands_bare = False


def _suit(fit: Fitting, g: Garment) -> None:
    """A jacket open over a shirt, and trousers of the same cloth."""
    p = fit.p
    name = fit.cloth("suit", g, colour="#2c3140")
    white = fit.tone("suit_shirt", "#f2f0ea")
    fit.pieces.append(
        top(p, fit.grain, ease=0.0085, hem=0.10, sleeve=0.0, material=white, straight=0.5, neck="round", bib=True)
    )
    fit.pieces.append(collar(p, fit.grain, material=white, radius=0.0035, tall=0.018, ease=0.0085, lean=0.006))
    fit.pieces.append(
        top(p, fit.grain, ease=0.0150, hem=-0.06, sleeve=0.96, material=name, straight=0.55, flare=0.005, neck="v")
    )
    fit.pieces += trousers(p, fit.grain, ease=0.008, waist=0.26, until=0.985, material=name, flare=0.009)
    button = fit.tone("button", "#17171a", surface="plastic", roughness=0.35)
    for k in range(2):
        on_front(
            fit, sphere(0.006 * p.height, segments=8, squash=(1, 1, 0.5)), button, level(p, 0.44 - 0.15 * k), ease=0.015
        )
    fit.arms, fit.legs, fit.trunk_bare = 1.0, 1.0, False


def _gown(fit: Fitting, g: Garment) -> None:
    """A long robe with wide sleeves and a sash (kimono, robe, monk's habit, wizard's gown)."""
    p = fit.p
    name = fit.cloth("robe", g)
    fit.pieces.append(
        top(p, fit.grain, ease=0.016, hem=0.30, sleeve=0.86, material=name, straight=0.6, flare=0.040, neck="v")
    )
    fit.pieces += skirt(
        p, fit.grain, start=0.42, end=-0.90, material=name, ease=0.018, hem=0.30, folds=7, depth=0.03, seed=fit.seed
    )
    sash = fit.tone("sash", "#c9a22e" if sum(fit.materials[name].base) < 0.6 else "#6d2436")
    for k in range(3):
        y = level(p, 0.36 + 0.05 * k)
        fit.add(
            ring_tube(
                (0, y, 0),
                max(p.waist[0], 0.93 * p.chest[0]) + 0.019 * p.height,
                p.waist[1] + 0.5 * p.belly + 0.020 * p.height,
                0.010 * p.height,
            ),
            sash,
        )
    under = fit.tone("under_robe", "#efe9dc")
    fit.pieces.append(
        top(p, fit.grain, ease=-0.002, hem=0.55, sleeve=0.0, material=under, straight=0.3, neck="round", bib=True)
    )
    fit.arms, fit.trunk_bare = 0.70, False


def _swimsuit(fit: Fitting, g: Garment) -> None:
    p = fit.p
    fit.trunk_low = level(p, 0.5)
    name = fit.cloth("swimsuit", g)
    fit.pieces.append(top(p, fit.grain, ease=0.0035, hem=-0.10, sleeve=0.0, material=name, straight=0.05, neck="wide"))
    fit.pieces += trousers(p, fit.grain, ease=0.003, waist=0.3, until=0.10, material=name)


def _overalls(fit: Fitting, g: Garment) -> None:
    p = fit.p
    name = fit.cloth("overalls", g, colour="#2f4d7d")
    end = 0.86 if fit.tucked else 0.985
    fit.pieces += trousers(p, fit.grain, ease=0.015, waist=0.40, until=end, material=name, flare=0.004)
    bib = box((0.105 * p.height, 0.105 * p.height, 0.010 * p.height), bevel=0.004 * p.height)
    on_front(fit, bib, name, level(p, 0.58), ease=0.0125, straight=0.8)
    brass = fit.tone("brass", "#c99a2e", surface="metal", roughness=0.3, metalness=0.9)
    for sign in (1, -1):
        x = sign * 0.042 * p.height
        for y in np.linspace(level(p, 0.72), p.shoulder[1] - 0.01 * p.height, 5):
            on_front(
                fit,
                box((0.020 * p.height, 0.036 * p.height, 0.007 * p.height), bevel=0.002 * p.height),
                name,
                float(y),
                x=x,
                ease=0.0125,
                straight=0.8,
            )
        on_front(fit, sphere(0.008 * p.height, segments=8), brass, level(p, 0.68), x=x, ease=0.016, straight=0.8)
    fit.legs = 1.0


def _romper(fit: Fitting, g: Garment) -> None:
    p = fit.p
    name = fit.cloth("romper", g, colour="#d8e3ea")
    fit.pieces.append(top(p, fit.grain, ease=0.012, hem=-0.10, sleeve=0.9, material=name, straight=0.6, neck="round"))
    fit.pieces.append(collar(p, fit.grain, material=name, radius=0.006, tall=0.008, ease=0.012))
    fit.pieces += trousers(p, fit.grain, ease=0.011, waist=0.3, until=1.0, material=name)
    fit.pieces += shoes(p, fit.grain, material=name, sole=name, thick=0.5)
    fit.arms, fit.legs, fit.trunk_bare, fit.feet_bare = 0.84, 1.0, False, False


def _tutu(fit: Fitting, g: Garment) -> None:
    p = fit.p
    fit.trunk_low = level(p, 0.5)
    name = fit.cloth("tutu", g, colour="#eeb6c8", translucency=0.3)
    fit.pieces.append(top(p, fit.grain, ease=0.0045, hem=-0.08, sleeve=0.0, material=name, straight=0.05, neck="wide"))
    for k in range(3):
        fit.pieces += skirt(
            p,
            fit.grain,
            start=0.16 - 0.03 * k,
            end=-0.06 - 0.05 * k,
            material=name,
            ease=0.006,
            hem=1.9 - 0.3 * k,
            folds=14,
            depth=0.07,
            seed=fit.seed + k,
        )
    tights = fit.tone("tights", "#e8c9c2")
    fit.pieces += trousers(p, fit.grain, ease=0.002, waist=0.2, until=1.0, material=tights)
    fit.legs = 1.0


def _armour(fit: Fitting, g: Garment) -> None:
    p = fit.p
    h = p.height
    steel = fit.cloth("armour", g, colour="#a9b0ba", surface="metal", roughness=0.28, metalness=0.95)
    mail = fit.tone("mail", "#555a62", surface="metal", roughness=0.55, metalness=0.7)
    fit.pieces.append(top(p, fit.grain, ease=0.012, hem=0.10, sleeve=0.95, material=mail, straight=0.5, neck="high"))
    fit.pieces.append(top(p, fit.grain, ease=0.022, hem=0.32, sleeve=0.0, material=steel, straight=0.2, neck="high"))
    fit.pieces += trousers(p, fit.grain, ease=0.013, waist=0.2, until=0.9, material=mail)
    fit.pieces += skirt(
        p, fit.grain, start=0.34, end=-0.16, material=steel, ease=0.020, hem=0.18, folds=10, depth=0.012, seed=fit.seed
    )
    fit.pieces += shoes(p, fit.grain, material=steel, sole=mail, shaft=0.8, thick=1.2)
    for side, sign in SIDES:
        fit.add(
            sphere(
                0.058 * h,
                segments=16,
                centre=(sign * (p.shoulder[0] + 0.012 * h), p.shoulder[1] + 0.006 * h, 0),
                squash=(1, 0.9, 1.05),
            ),
            steel,
            bone=f"arm_{side}",
        )
    fit.pieces += hands(p, fit.grain, material=steel, grow=0.003 * h)
    fit.arms, fit.legs, fit.trunk_bare, fit.feet_bare, fit.hands_bare = 1.0, 1.0, False, False, False


def _bare_feet(fit: Fitting, g: Garment) -> None:
    fit.feet_bare = True


KINDS: dict[str, Cut] = {
    "t-shirt": Cut(slot="top", make=_top(ease=0.0085, hem=-0.02, sleeve=0.36, flare=0.010, straight=0.8, trim="round")),
    "vest": Cut(slot="top", make=_top(ease=0.0075, hem=-0.02, sleeve=0.0, straight=0.6, neck="wide")),
    "shirt": Cut(slot="top", make=_top(ease=0.0095, hem=-0.03, sleeve=0.96, flare=0.004, straight=0.6, trim="shirt")),
    "short-sleeved shirt": Cut(
        slot="top", make=_top(ease=0.0095, hem=-0.03, sleeve=0.40, flare=0.010, straight=0.7, trim="shirt")
    ),
    "jumper": Cut(slot="top", make=_top(ease=0.0135, hem=0.0, sleeve=0.97, flare=0.004, straight=0.7, trim="round")),
    "turtleneck": Cut(slot="top", make=_top(ease=0.0110, hem=0.0, sleeve=0.97, flare=0.002, straight=0.4, trim="roll")),
    "cardigan": Cut(
        slot="top", make=_top(ease=0.0140, hem=-0.02, sleeve=0.97, flare=0.004, straight=0.7, trim="shirt")
    ),
    "hoodie": Cut(slot="top", make=_top(ease=0.0150, hem=0.0, sleeve=0.97, flare=0.004, straight=0.8, trim="hood")),
    "jacket": Cut(slot="top", make=_top(ease=0.0165, hem=0.02, sleeve=0.97, flare=0.006, straight=0.7, trim="jacket")),
    "chef jacket": Cut(
        slot="top",
        make=_top(ease=0.0130, hem=-0.04, sleeve=0.95, flare=0.006, straight=0.8, trim="shirt", colour="#f4f2ec"),
    ),
    "uniform": Cut(
        slot="top",
        make=_top(ease=0.0130, hem=-0.03, sleeve=0.97, flare=0.003, straight=0.6, trim="shirt", colour="#2b3a5c"),
    ),
    "dress": Cut(slot="whole", make=_dress(sleeve=0.20, end=-0.42, hem=0.55, flare=0.012)),
    "summer dress": Cut(slot="whole", make=_dress(sleeve=0.0, end=-0.36, hem=0.70, flare=0.0)),
    "gown": Cut(slot="whole", make=_dress(sleeve=0.0, end=-0.93, hem=0.75, depth=0.06, folds=12)),
    "robe": Cut(slot="whole", make=_gown),
    "suit": Cut(slot="whole", make=_suit),
    "swimsuit": Cut(slot="whole", make=_swimsuit),
    "swim trunks": Cut(slot="whole", make=_legs(ease=0.008, until=0.36, colour="#2f6ea8", flare=0.018, waist=0.16)),
    "romper": Cut(slot="whole", make=_romper),
    "tutu": Cut(slot="whole", make=_tutu),
    "armour": Cut(slot="whole", make=_armour),
    "spacesuit": Cut(slot="whole", make=spacesuit),
    "skirt": Cut(slot="bottom", make=_skirted(start=0.34, end=-0.40, hem=0.45)),
    "long skirt": Cut(slot="bottom", make=_skirted(start=0.34, end=-0.88, hem=0.55)),
    "trousers": Cut(slot="bottom", make=_legs(ease=0.008, until=0.985, colour=None, flare=0.009)),
    "jeans": Cut(slot="bottom", make=_legs(ease=0.006, until=0.985, colour="#2c446e", flare=0.005)),
    "leggings": Cut(slot="bottom", make=_legs(ease=0.0025, until=0.97, colour="#26292f")),
    "shorts": Cut(slot="bottom", make=_legs(ease=0.010, until=0.40, colour=None, flare=0.02)),
    "overalls": Cut(slot="bottom", make=_overalls),
    "coat": Cut(slot="outer", make=_coat(colour="#6b4a32", end=-0.46, hem=0.16)),
    "white coat": Cut(slot="outer", make=_coat(colour="#f2f1ec", end=-0.44, hem=0.14)),
    "firefighter coat": Cut(slot="outer", make=_coat(colour="#c08a2a", end=-0.14, hem=0.12)),
    **{
        name: Cut(
            slot="outer",
            make=_coat(
                colour="#e3b21c", end=-0.34, hem=0.30, surface="plastic", hood_up=up, roughness=0.3, translucency=0.25
            ),
        )
        for name, up in (("raincoat", True), ("open raincoat", False))
    },
    "parka": Cut(slot="outer", make=_coat(colour="#3c5a46", end=-0.20, hem=0.14, hood_up=False)),
    "shoes": Cut(slot="feet", make=_footwear(shaft=0.0, colour="#3a2a20", sole="#17130f")),
    "sneakers": Cut(
        slot="feet", make=_footwear(shaft=0.0, colour="#c9c6bf", sole="#efece4", thick=1.6, surface="cloth")
    ),
    "slippers": Cut(
        slot="feet", make=_footwear(shaft=0.0, colour="#e8c9c2", sole="#c9a89c", thick=0.6, surface="cloth")
    ),
    "boots": Cut(slot="feet", make=_footwear(shaft=0.45, colour="#4a3323", sole="#191512", thick=1.3)),
    "bare feet": Cut(slot="feet", make=_bare_feet),
    "gloves": Cut(slot="extra", make=_gloves),
    **{name: Cut(slot="head", make=make) for name, make in HEADWEAR.items()},
    **{name: Cut(slot="extra", make=make) for name, make in ACCESSORIES.items()},
}
"""Garments by kind."""
