"""Road vehicles: one parametric coach for cars, vans, buses and trucks; curves, cabin, lamps and wheels come as data."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from vitascope.film import Attributes
from vitascope.recipe import Recipe
from vitascope.world.blueprint import Body
from vitascope.world.mesh import transformed
from vitascope.world.role import Performance, Role
from vitascope.world.shape import box, creased, cylinder, sphere, tube
from vitascope.world.skeleton import Bone
from vitascope.world.things.coachwork import Coach, Glasshouse, curve, glasshouse, hull_skins, strip
from vitascope.world.things.driving import STEERING_LEAN, Driving, Wheel, engine_sources
from vitascope.world.things.glow import lamps_of, lights_at, lit_surface
from vitascope.world.things.interpret import kit_of
from vitascope.world.things.kit import Kit, placed
from vitascope.world.things.shapes import torus
from vitascope.world.things.stance import Stance
from vitascope.world.things.wheels import add_wheel

__all__ = ["build", "perform"]

MATERIALS: Mapping[str, Mapping[str, Any]] = {
    "paint": {"like": "car_paint", "colour_role": "primary"},
    "dark": {"base": "#101113", "roughness": 0.9},
    "glass": {"base": "#131b22", "roughness": 0.05, "clearcoat": 1.0, "detail": 0.1, "opacity": 0.5},
    "tyre": {"like": "rubber"},
    "rim": {"like": "metal", "base": "#a9adb3", "roughness": 0.25},
    "chrome": {"like": "chrome"},
    "white": {"like": "rubber", "base": "#e4e1d8"},
    "lamp": {"base": "#e8edf0", "roughness": 0.06, "clearcoat": 1.0, "glows": ["night", 2.6]},
    "tail": {"base": "#a80f12", "roughness": 0.1, "clearcoat": 1.0, "glows": ["night", 1.6]},
    "inside": {"like": "leather", "base": "#5a2b1c", "colour_role": "secondary"},
    "trim": {"like": "plastic", "base": "#1c1d20"},
    "plate": {"like": "plastic", "base": "#d8d6c8"},
    "second": {"like": "car_paint", "base": "#efe9da", "colour_role": "secondary"},
}
DEFAULTS: Mapping[str, Any] = {
    "axles": [1.35, -1.35], "track": 0.72, "wheel": {}, "fin": [[1, 0], [0, 0]], "crown": 0.03, "tub": None, "house": None,
    "doors": [], "grille": None, "bumper": "trim", "head": None, "tail": None, "seats": [], "wheel_at": None,
    "windscreen": None, "mirrors": None, "tuck": 0.93,
}  # fmt: skip

RIM = 0.19
"""Radius of a steering wheel [m]."""


def build(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body:
    """The body of a road vehicle. `seed` and `detail` change nothing: two of a kind are alike."""
    p = _parameters(recipe)
    wheels = [Bone(name=name, parent="root", head=at) for name, at in _wheel_places(p).items()]
    bones = [Bone(name="body", parent="root", head=(0.0, 0.45, 0.0)), *wheels]
    if p["wheel_at"]:
        bones.append(Bone(name="steering", parent="body", head=tuple(p["wheel_at"])))
    kit = kit_of(_with_materials(recipe), attributes, bones=bones)
    _add_skins(kit, p)
    _add_face(kit, p)
    _add_cabin(kit, p)
    _add_grips(kit, p)
    for name, at in _wheel_places(p).items():
        wheel = _wheel(p, rear=name.startswith("wheel_r"))
        width = wheel["width"] * (1.7 if wheel["style"] == "truck" and name.startswith("wheel_r") else 1.0)
        add_wheel(kit, name, at, wheel["radius"], width, style=wheel["style"], whitewall=bool(wheel["whitewall"]))
    return kit.body(attributes.scale)


def perform(body: Body, role: Role) -> Performance:
    """Drive along the track: wheels turn by distance over radius, the body rides on its springs, lamps are lit at night."""
    p, scale = _parameters(role.recipe), role.scale
    axles = [float(z) * scale for z in p["axles"]]
    motion = Driving(
        body=body, role=role, stance=Stance.of(body, role),
        wheels=tuple(
            Wheel(bone=name, radius=at[1] * scale, steers=name.startswith("wheel_f")) for name, at in _wheel_places(p).items()
        ),
        axles=(axles[0], axles[-1]), half_track=float(p["track"]) * scale,
        also={"steering": 8.0} if p["wheel_at"] else None,
    )  # fmt: skip
    specs = list(_with_materials(role.recipe).materials.values())
    glows = {i: (spec["glows"][0], float(spec["glows"][1])) for i, spec in enumerate(specs) if "glows" in spec}
    lamps = lamps_of(_lamp_rows(role.recipe, p, scale), f"The recipe {role.recipe.name!r}")
    return Performance(
        motion=motion,
        socket=motion.socket,
        moving=bool(role.track.speeds.max() > 1e-6) or role.carrier is not None,
        sources=engine_sources(motion, role),
        lights=lambda t: lights_at(lamps, role, motion.joint, t),
        extras=lit_surface(role.subject.id, body.mesh, body.materials, glows, role, motion),
    )


def _parameters(recipe: Recipe) -> dict[str, Any]:
    return {**DEFAULTS, **recipe.parameters}


def _with_materials(recipe: Recipe) -> Recipe:
    return recipe.model_copy(update={"materials": {**MATERIALS, **recipe.materials}})


def _wheel(p: Mapping[str, Any], *, rear: bool) -> dict[str, Any]:
    """Radius, width, style and whitewall of the front or the rear wheels."""
    usual = {"radius": 0.32, "width": 0.2, "style": "alloy", "whitewall": False, **p["wheel"]}
    return {**usual, **p.get("wheel_rear", {})} if rear else usual


def _wheel_places(p: Mapping[str, Any]) -> dict[str, tuple[float, float, float]]:
    names = ["wheel_f", *(f"wheel_r{k}" if k else "wheel_r" for k in range(len(p["axles"]) - 1))]
    return {
        f"{name}_{side}": (sign * float(p["track"]), float(_wheel(p, rear=name != "wheel_f")["radius"]), float(z))
        for name, z in zip(names, p["axles"], strict=True)
        for side, sign in (("l", 1.0), ("r", -1.0))
    }


def _coach(p: Mapping[str, Any]) -> Coach:
    radii = [float(_wheel(p, rear=k > 0)["radius"]) for k in range(len(p["axles"]))]
    arch = float(p.get("arch", 1.16))
    widths = p["width"]
    return Coach(
        nose=float(widths[0][0]), tail=float(widths[-1][0]), width=curve(widths), shoulder=curve(p["shoulder"]),
        deck=curve(p["deck"]), floor=curve(p["floor"]), fin=curve(p["fin"]), crown=float(p["crown"]), tuck=float(p["tuck"]),
        arches=tuple((float(z), r * arch, r * 0.98) for z, r in zip(p["axles"], radii, strict=True)),
        tub=tuple(p["tub"]) if p["tub"] else None,
    )  # fmt: skip


def _house(p: Mapping[str, Any]) -> Glasshouse | None:
    if p["house"] is None:
        return None
    h = p["house"]
    return Glasshouse(
        front=_pair(h["front"]), rear=_pair(h["rear"]), belt=float(h["belt"]), roof=float(h["roof"]), half=_pair(h["half"]),
        pillars=tuple(float(z) for z in h.get("pillars", ())), glazed=_pair(h.get("glazed", (-99.0, 99.0))),
        rear_glass=bool(h.get("rear_glass", True)), quarter=float(h.get("quarter", 0.16)),
    )  # fmt: skip


def _pair(values: Any) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def _add_skins(kit: Kit, p: Mapping[str, Any]) -> None:
    coach = _coach(p)
    house = _house(p)
    cabin = None if house is None else (house.rear[1] + 0.06, house.front[0])
    for name, mesh in hull_skins(coach, cabin=cabin).items():
        kit.add(mesh, name, bone="body")
    if house is not None:
        for name, mesh in glasshouse(house).items():
            kit.add(mesh, {"paint": p.get("roof_material", "paint")}.get(name, name), bone="body")
        for z in house.pillars:
            foot, top = house.half
            for sign in (1.0, -1.0):
                path = np.array(
                    [
                        [sign * (foot + 0.012), house.belt, z],
                        [sign * ((foot + top) / 2 + 0.045), (house.belt + house.roof) / 2, z - 0.02],
                        [sign * (top + 0.01), house.roof - 0.02, z - 0.04],
                    ]
                )
                kit.add(tube(path, 0.045, segments=6), p.get("roof_material", "paint"), bone="body")
    for door in p["doors"]:
        _add_door(kit, coach, [float(v) for v in door])


def _add_door(kit: Kit, coach: Coach, door: list[float]) -> None:
    """Gaps round a door between z0 and z1 from height y0 to y1 on both sides, and its handle."""
    z0, z1, y0, y1 = door
    corners = [(z0, y1), (z0, y0), (z1, y0), (z1, y1)]
    rows = []
    for (za, ya), (zb, yb) in pairwise(corners):
        rows += [(za + (zb - za) * u, ya + (yb - ya) * u) for u in np.linspace(0, 1, 6)[:-1]]
    rows.append(corners[-1])
    points = np.array([[coach.side(z, y), y, z] for z, y in rows])
    slope = np.array([(coach.side(z, y + 0.02) - coach.side(z, y - 0.02)) / 0.04 for z, y in rows])
    normals = np.stack([np.ones(len(rows)), -slope, np.zeros(len(rows))], -1)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    kit.add(strip(points, normals, 0.012), "dark", bone="body", mirror="x")
    at = (coach.side(z1 + 0.14, y1 - 0.12) + 0.012, y1 - 0.13, z1 + 0.14)
    kit.add(box((0.025, 0.025, 0.14), bevel=0.008), "chrome", at=at, bone="body", mirror="x")


def _add_face(kit: Kit, p: Mapping[str, Any]) -> None:
    """Lamps, grille, bumpers and number plates."""
    coach = _coach(p)
    if p["head"]:
        x, y, z, r = (float(v) for v in p["head"][:4])
        if p.get("head_shape", "round") == "round":
            kit.add(sphere(r, segments=18, squash=(1, 1, 0.7)), "lamp", at=(x, y, z), bone="body", mirror="x")
            kit.add(
                torus(r * 1.02, 0.13 * r, segments=24), "chrome", at=(x, y, z), turn=(90, 0, 0), bone="body", mirror="x"
            )
        else:
            kit.add(
                box((2.4 * r, r, 0.16), bevel=0.3 * r), "lamp", at=(x, y, z), turn=(0, 22, 0), bone="body", mirror="x"
            )
    if p["tail"]:
        x, y, z, w, h = (float(v) for v in p["tail"])
        if p.get("tail_shape", "box") == "round":
            kit.add(sphere(w / 2, segments=14, squash=(1, 1, 0.8)), "tail", at=(x, y, z), bone="body", mirror="x")
            kit.add(
                torus(w / 2, 0.07 * w, segments=18), "chrome", at=(x, y, z), turn=(90, 0, 0), bone="body", mirror="x"
            )
        else:
            kit.add(box((w, h, 0.09), bevel=0.02), "tail", at=(x, y, z), bone="body", mirror="x")
    if p["grille"]:
        w, h, y, z = (float(v) for v in p["grille"])
        kit.add(box((w, h, 0.06), bevel=0.02), "dark", at=(0, y, z), bone="body")
        bars = max(2, int(h / 0.035))
        for k in range(bars):
            kit.add(
                box((w * 0.98, 0.01, 0.07)), "chrome", at=(0, y - h / 2 + h * (k + 0.5) / bars, z + 0.004), bone="body"
            )
        frame = [(-w / 2, y - h / 2), (w / 2, y - h / 2), (w / 2, y + h / 2), (-w / 2, y + h / 2), (-w / 2, y - h / 2)]
        kit.add(tube(np.array([[a, b, z + 0.03] for a, b in frame]), 0.014, segments=6), "chrome", bone="body")
    if p["bumper"]:
        _add_bumpers(kit, coach, str(p["bumper"]), p)


def _add_bumpers(kit: Kit, coach: Coach, material: str, p: Mapping[str, Any]) -> None:
    thick = 0.065 if material == "chrome" else 0.085
    for z, sign in ((coach.nose, 1.0), (coach.tail, -1.0)):
        y = float(p.get("bumper_y", 0.42))
        w = 0.94 * float(coach.width(np.array([z - sign * 0.25]))[0]) / 2
        path = [
            (-w - 0.01, y, z - sign * 0.45),
            (-w, y, z - sign * 0.12),
            (-0.8 * w, y, z + sign * 0.03),
            (-0.4 * w, y, z + sign * 0.07),
            (0.4 * w, y, z + sign * 0.07),
            (0.8 * w, y, z + sign * 0.03),
            (w, y, z - sign * 0.12),
            (w + 0.01, y, z - sign * 0.45),
        ]
        kit.add(tube(np.array(path), thick, segments=10), material, bone="body", scale=(1, 1, 1))
        kit.add(
            box((0.46, 0.11, 0.02), bevel=0.004),
            "plate",
            at=(0, y + (0.02 if material != "chrome" else 0.14), z + sign * (0.155 if material != "chrome" else 0.06)),
            bone="body",
        )


def _add_cabin(kit: Kit, p: Mapping[str, Any]) -> None:
    """Seats, steering wheel, windscreen of open cars, and mirrors."""
    for z, x, w, y in _headrests(p):
        kit.add(box((w, 0.5, 0.13), bevel=0.05), "trim", at=(x, y, z), turn=(-8, 0, 0), bone="body", mirror="x")
        kit.add(box((0.5 * w, 0.17, 0.1), bevel=0.04), "trim", at=(x, y + 0.32, z - 0.05), bone="body", mirror="x")
    for x, y, z, w in p["seats"]:
        kit.add(box((w, 0.16, 0.5), bevel=0.06), "inside", at=(x, y, z), bone="body")
        kit.add(box((w, 0.52, 0.15), bevel=0.06), "inside", at=(x, y + 0.28, z - 0.27), turn=(-10, 0, 0), bone="body")
        ribs = max(2, int(w / 0.14))
        for k in range(ribs):
            kit.add(
                tube(np.array([[0, 0, 0], [0, 0.4, -0.07]]), 0.022, segments=6),
                "inside",
                at=(x - w / 2 + w * (k + 0.5) / ribs, y + 0.1, z - 0.175),
                bone="body",
            )
    if p["wheel_at"]:
        _add_steering_wheel(kit, p["wheel_at"])
    if p["windscreen"]:
        _add_windscreen(kit, [float(v) for v in p["windscreen"]])
    if p["mirrors"]:
        x, y, z = (float(v) for v in p["mirrors"])
        kit.add(
            sphere(0.1, segments=12, squash=(0.9, 0.62, 0.5)),
            p.get("mirror_material", "paint"),
            at=(x, y, z),
            bone="body",
            mirror="x",
        )
        kit.add(
            tube(np.array([[x - 0.14, y - 0.06, z], [x, y - 0.02, z]]), 0.016, segments=6),
            "trim",
            bone="body",
            mirror="x",
        )


def _add_steering_wheel(kit: Kit, place: Any) -> None:
    """Rim, three spokes and a column, leaning towards the driver."""
    at = (float(place[0]), float(place[1]), float(place[2]))
    lean = (-STEERING_LEAN, 0.0, 0.0)
    kit.add(torus(RIM, 0.014, segments=24, sides=8), "trim", at=at, turn=lean, bone="steering")
    spoke = box((0.025, 0.012, 0.18), centre=(0, 0, 0.095))
    for k in range(3):
        kit.add(transformed(spoke, placed(turn=(0, 120 * k, 0))), "chrome", at=at, turn=lean, bone="steering")
    kit.add(sphere(0.035, segments=10), "chrome", at=at, bone="steering")
    kit.add(cylinder(0.02, 0.4, segments=8), "trim", at=at, turn=(180 - STEERING_LEAN, 0, 0), bone="body")


def _add_grips(kit: Kit, p: Mapping[str, Any]) -> None:
    """Where hands hold the steering wheel: both sides of its rim, which turn with it."""
    if not p["wheel_at"]:
        return
    x, y, z = (float(v) for v in p["wheel_at"])
    for side, sign in (("left", 1.0), ("right", -1.0)):
        kit.add_socket(f"grip_{side}", (x + sign * RIM * 0.97, y + 0.05, z - 0.02), "steering")


def _headrests(p: Mapping[str, Any]) -> list[tuple[float, float, float, float]]:
    """(z, x, width, height) of the backs of seats that show over the belt, row by row behind the driver."""
    house = _house(p)
    seat = p.get("sockets", {}).get("seat")
    if house is None or seat is None:
        return []
    x, _, z = (float(v) for v in seat["at"])
    rows = np.arange(z - 0.3, house.rear[0] + 0.25, -0.95)[:8]
    return [(float(row), x, 0.85 * min(x, 0.5), house.belt + 0.02) for row in rows]


def _add_windscreen(kit: Kit, numbers: list[float]) -> None:
    """A framed pane that leans back: half width, height of foot and top, z of foot and top."""
    half, low, high, z0, z1 = numbers
    u = np.linspace(-1, 1, 9)
    feet = np.stack([half * u, np.full(9, low), z0 - 0.16 * u**2], -1)
    tops = np.stack([0.9 * half * u, np.full(9, high), z1 - 0.12 * u**2], -1)
    for back in (False, True):
        rows = np.concatenate([feet, tops])
        k = np.arange(8)
        faces = np.concatenate([np.stack([k, k + 1, k + 10], -1), np.stack([k, k + 10, k + 9], -1)])
        kit.add(creased(rows - np.array([0, 0, 0.006 * back]), faces[:, ::-1] if back else faces), "pane", bone="body")
    frame = np.concatenate([feet[:1], tops, feet[-1:]])
    kit.add(tube(frame, 0.02, segments=8), "chrome", bone="body")
    kit.add(tube(feet, 0.022, segments=8), "chrome", bone="body")


def _lamp_rows(recipe: Recipe, p: Mapping[str, Any], scale: float) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [dict(row) for row in p.get("lights", ())]
    if p["head"]:
        x, y, z = (float(v) for v in p["head"][:3])
        for sign in (1, -1):
            rows.append({
                "at": (sign * x, y, z + 0.15), "bone": "body", "colour": (1.0, 0.9, 0.72), "power": 5.0, "reach": 30.0,
                "direction": (0.0, -0.12, 1.0), "cone": 0.42, "beam": 0.07,
            })  # fmt: skip
    if p["tail"]:
        x, y, z = (float(v) for v in p["tail"][:3])
        rows += [
            {"at": (s * x, y, z - 0.1), "bone": "body", "colour": (1.0, 0.06, 0.03), "power": 0.12, "reach": 3.0}
            for s in (1, -1)
        ]
    return [{**row, "at": tuple(scale * float(v) for v in row["at"])} for row in rows]
