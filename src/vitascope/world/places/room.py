"""Rooms: floor, walls with a window, ceiling, and furniture laid out by data. The camera stands inside, near +z."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe
from vitascope.world.land import Corridor, Furnishing, Land, Spot
from vitascope.world.material import Material, rgb
from vitascope.world.mesh import Mesh, joined
from vitascope.world.places.fittings import MATERIALS, made, part
from vitascope.world.places.furniture import FURNITURE, piece
from vitascope.world.places.growth import model_of
from vitascope.world.shape import box
from vitascope.world.stage import PointLight, Pose, Still, Thing
from vitascope.world.terrain import clear_of
from vitascope.world.track import Ground

__all__ = ["furnish", "lay"]


def lay(recipe: PlaceRecipe, set: Set, *, seed: int) -> Land:
    """A room. Parameters: size (x, height, z), floor, wall, window (wall, centre, sill, width, height), furniture, table."""
    p = recipe.parameters
    wide, tall, deep = (float(v) for v in p.get("size", (7.0, 2.8, 7.5)))
    back = float(p.get("back", 2.6))
    room = (-wide / 2, wide / 2, 0.0, tall, -back, deep - back)
    ground = Ground(height=lambda x, z: np.zeros(np.shape(x), np.float32), surface=lambda x, z: recipe.surface)
    spots = {"floor": Spot(position=(0.0, 0.0, 0.0), half=(1.4, 0.9))}
    for rule in p.get("furniture", ()):
        top = FURNITURE[rule["kind"]].top
        if top is not None:
            x, z = rule["at"]
            spots.setdefault(
                top[0],
                Spot(position=(float(x), top[1], float(z)), half=top[2], direction=90.0 + float(rule.get("turn", 0))),
            )
    return Land(
        recipe=recipe, set=set, seed=seed, ground=ground, room=room, spots=spots, reverb=0.42 if p.get("hard") else 0.28,
        light_from=float(p.get("light_from", -62.0)), state=p,
    )  # fmt: skip


def furnish(land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0) -> Furnishing:
    """Shell, window, furniture, and lamps that burn after dark."""
    assert land.room is not None
    p = land.recipe.parameters
    things = [_shell(land, p), *_window(land, p)]
    lamps: list[PointLight] = []
    standing = _standing(p.get("furniture", ()), clear)
    for number, rule in enumerate(p.get("furniture", ())):
        if rule in standing:
            thing, lamp = _placed(rule, np.random.default_rng([land.seed, 83, number]), clear, night)
            things += thing
            lamps += lamp
    for rule in p.get("plants", ()):
        things += _plant(rule, clear)

    def lights(t: float, night: float) -> tuple[PointLight, ...]:
        x0, x1, _, tall, z0, z1 = land.room or (0, 0, 0, 0, 0, 0)
        level = 0.4 + 0.6 * night
        middle = PointLight(
            position=((x0 + x1) / 2, tall - 0.35, (z0 + z1) / 2),
            colour=(2.6 * level, 2.15 * level, 1.55 * level),
            reach=9.0,
        )
        glow = 0.3 + 0.7 * night
        burning = (
            replace(lamp, colour=(lamp.colour[0] * glow, lamp.colour[1] * glow, lamp.colour[2] * glow))
            for lamp in lamps
        )
        return (*_daylight(land, p, 1.0 - night), middle, *burning)

    return Furnishing(things=tuple(things), lights=lights)


WINDOW = 0.7
"""Light [radiance at 1 m] of a square metre of window by day."""


def _standing(rules: Sequence[Mapping[str, Any]], clear: Sequence[Corridor]) -> list[Mapping[str, Any]]:
    """The rules whose furniture may stand: what a subject's body would cut through is left out, with all that stands on
    it, and the chairs at a table that is left out."""
    bodies = [corridor for corridor in clear if corridor.height > 100.0]
    out = [rule for rule in rules if FURNITURE[rule["kind"]].half[0] > 0 and any(_cuts(rule, b) for b in bodies)]

    def belongs(rule: Mapping[str, Any]) -> bool:
        kind = FURNITURE[rule["kind"]]
        for other in out:
            gap = np.hypot(*np.subtract(rule["at"], other["at"]))
            base = FURNITURE[other["kind"]]
            on_it = 0.2 < float(rule.get("y", 0.0)) < base.height + 0.2 and gap < base.radius
            if on_it or (
                rule["kind"] == "chair" and base.top is not None and gap < base.radius + 0.7 and kind.half[0] > 0
            ):
                return True
        return False

    return [rule for rule in rules if rule not in out and not belongs(rule)]


def _cuts(rule: Mapping[str, Any], body: Corridor) -> bool:
    """Whether a subject on its way through `body` touches a piece; large ones also need some room round themselves."""
    half = np.array(FURNITURE[rule["kind"]].half)
    if "size" in rule:
        half = np.array([rule["size"][0] / 2, rule["size"][1] / 2])
    elif "width" in rule:
        half = np.array([rule["width"] / 2, half[1]])
    turn = np.radians(float(rule.get("turn", 0.0)))
    c, s = np.cos(turn), np.sin(turn)
    solid = body.radius - 0.35
    reach = solid + 0.9 * max(solid - 0.35, 0.0)
    start, end = np.array(body.start), np.array(body.end)
    for share in np.linspace(0.0, 1.0, 9):
        dx, dz = start + share * (end - start) - np.array(rule["at"], float)
        local = np.abs([c * dx - s * dz, s * dx + c * dz])
        if np.linalg.norm(np.maximum(local - half, 0.0)) < reach:
            return True
    return False


def _placed(rule: Mapping[str, Any], rng: np.random.Generator, clear: Sequence[Corridor], night: float):
    kind = FURNITURE[str(rule["kind"])]
    x, z = (float(v) for v in rule["at"])
    y, turn = float(rule.get("y", 0.0)), float(rule.get("turn", 0.0))
    movable = y < 1.0 and kind.height > 0.1 and not rule.get("fixed", False)
    if movable and not clear_of(np.array([[x, z]]), clear, radius=0.0, height=kind.height)[0]:
        return [], []
    parts, materials = piece(str(rule["kind"]), rng, rule, night)
    mesh = part_all(parts, (x, y, z), turn)
    thing = made(str(rule["kind"]), [mesh], materials, ground=kind.height < 0.05)
    lamp = [] if kind.lamp is None else [PointLight(position=(x, y + kind.lamp, z), colour=(3.2, 2.3, 1.25), reach=6.0)]
    return [thing], lamp


def part_all(parts: Sequence[Mesh], at: tuple[float, float, float], turn: float) -> Mesh:
    """Parts moved together, keeping their material numbers."""
    mesh = joined(parts)
    moved = part(mesh, 0, at=at, turn=turn)
    return replace(moved, material=mesh.material)


def _plant(rule: Mapping[str, Any], clear: Sequence[Corridor]) -> list[Thing]:
    x, z = (float(v) for v in rule["at"])
    if float(rule.get("y", 0)) < 0.5 and not clear_of(np.array([[x, z]]), clear, radius=0.15, height=1.0)[0]:
        return []
    model = model_of(
        str(rule.get("plant", "house_plant")), seed=int(abs(x * 10)), detail="near", season="summer", snowy=False
    )
    matrix = np.diag([float(rule.get("size", 1.0))] * 3 + [1.0]).astype(np.float32)
    matrix[:3, 3] = (x, float(rule.get("y", 0.0)), z)
    still = model.mesh
    still = replace(still, sway=still.sway * np.float32(0.1))
    return [
        Thing(
            name="plant",
            mesh=still,
            materials=model.materials,
            motion=Still(Pose(transforms=matrix[None])),
            double_sided=True,
        )
    ]


def _shell(land: Land, p: Mapping[str, Any]) -> Thing:
    """Floor, ceiling, four walls seen from inside, skirting. The window leaves a hole in its wall."""
    assert land.room is not None
    x0, x1, y0, y1, z0, z1 = land.room
    floor = Material(
        base=rgb(p.get("floor", (0.26, 0.15, 0.08))), surface=str(p.get("floor_surface", "planks")), roughness=0.5
    )
    wall = Material(base=rgb(p.get("wall", (0.58, 0.55, 0.48))), surface="plaster", roughness=0.92, detail=0.45)
    second = Material(
        base=rgb(p.get("accent", p.get("wall", (0.58, 0.55, 0.48)))),
        surface=str(p.get("accent_surface", "plaster")),
        roughness=0.9,
    )
    ceiling = Material(base=(0.76, 0.745, 0.71), surface="plain", roughness=0.95)
    parts = [part(box((x1 - x0 + 0.4, 0.2, z1 - z0 + 0.4), centre=((x0 + x1) / 2, -0.1, (z0 + z1) / 2)), 0)]
    parts.append(part(box((x1 - x0 + 0.4, 0.2, z1 - z0 + 0.4), centre=((x0 + x1) / 2, y1 + 0.1, (z0 + z1) / 2)), 3))
    hole = _opening(land, p)
    for name, along, fixed in (
        ("left", "z", x0 - 0.1),
        ("right", "z", x1 + 0.1),
        ("back", "x", z0 - 0.1),
        ("front", "x", z1 + 0.1),
    ):
        low, high = (z0, z1) if along == "z" else (x0 - 0.2, x1 + 0.2)
        material = 2 if name == "back" else 1
        for a0, a1, b0, b1 in _around(low, high, y0, y1, hole if hole is not None and hole[0] == name else None):
            size = (0.2, b1 - b0, a1 - a0) if along == "z" else (a1 - a0, b1 - b0, 0.2)
            centre = (fixed, (b0 + b1) / 2, (a0 + a1) / 2) if along == "z" else ((a0 + a1) / 2, (b0 + b1) / 2, fixed)
            parts.append(part(box(size, centre=centre), material))
        inner = fixed + (0.112 if name in ("left", "back") else -0.112)
        size = (0.03, 0.12, high - low) if along == "z" else (high - low, 0.12, 0.03)
        centre = (inner, 0.06, (low + high) / 2) if along == "z" else ((low + high) / 2, 0.06, inner)
        parts.append(part(box(size, centre=centre, bevel=0.006), 4))
    return made("room", parts, [floor, wall, second, ceiling, "white"])


def _opening(land: Land, p: Mapping[str, Any]) -> tuple[str, float, float, float, float] | None:
    """The window: wall, start and end along it, sill and head heights."""
    w = p.get("window", {"wall": "left", "at": -0.4, "width": 2.2, "sill": 0.85, "height": 1.5})
    if not w:
        return None
    return str(w["wall"]), w["at"] - w["width"] / 2, w["at"] + w["width"] / 2, w["sill"], w["sill"] + w["height"]


def _daylight(land: Land, p: Mapping[str, Any], day: float) -> list[PointLight]:
    """What the window sends into the room, as one soft source that gives things a light and a dark side."""
    hole = _opening(land, p)
    if hole is None or land.room is None or day < 0.05:
        return []
    name, a0, a1, b0, b1 = hole
    x0, x1, _, _, z0, z1 = land.room
    middle, inside = (a0 + a1) / 2, 0.25
    x, z = {
        "left": (x0 + inside, middle),
        "right": (x1 - inside, middle),
        "back": (middle, z0 + inside),
        "front": (middle, z1 - inside),
    }[name]
    strength = WINDOW * (a1 - a0) * (b1 - b0) * day
    return [
        PointLight(
            position=(x, b0 + 0.7 * (b1 - b0), z),
            colour=(strength, 1.04 * strength, 1.12 * strength),
            reach=9.0,
            size=0.5 * (a1 - a0),
        )
    ]


def _around(low: float, high: float, y0: float, y1: float, hole) -> list[tuple[float, float, float, float]]:
    """Rectangles (a0, a1, b0, b1) that make a wall with a hole in it."""
    if hole is None:
        return [(low, high, y0, y1)]
    _, a0, a1, b0, b1 = hole
    return [(low, a0, y0, y1), (a1, high, y0, y1), (a0, a1, y0, b0), (a0, a1, b1, y1)]


def _window(land: Land, p: Mapping[str, Any]) -> list[Thing]:
    """Frame, bars, sill, and curtains beside the opening."""
    hole = _opening(land, p)
    if hole is None or land.room is None:
        return []
    name, a0, a1, b0, b1 = hole
    x0, x1, _, _, z0, z1 = land.room
    place = {"left": (x0, 90.0), "right": (x1, -90.0), "back": (z0, 0.0), "front": (z1, 180.0)}[name]
    wide, tall, middle = a1 - a0, b1 - b0, (a0 + a1) / 2
    parts = [part(box((0.09, tall, 0.12), centre=(s * wide / 2, 0, -0.08)), 0) for s in (-1, 0, 1)]
    parts += [part(box((wide, 0.09, 0.12), centre=(0, s * tall / 2, -0.08)), 0) for s in (-1, 1)]
    parts += [
        part(box((wide, 0.045, 0.08), centre=(0, 0.18 * tall, -0.08)), 0),
        part(box((wide + 0.3, 0.05, 0.3), centre=(0, -tall / 2 - 0.02, 0.04), bevel=0.01), 0),
    ]
    if p.get("curtains", True):
        for side in (-1, 1):
            parts.append(part(_drape(0.55, tall + 0.75), 1, at=(side * (wide / 2 + 0.22), -tall / 2 - 0.45, 0.1)))
        parts.append(part(box((wide + 1.4, 0.035, 0.035), centre=(0, tall / 2 + 0.3, 0.1)), 2))
    at = (place[0], (b0 + b1) / 2, middle) if name in ("left", "right") else (middle, (b0 + b1) / 2, place[0])
    mesh = part_all(parts, at, place[1])
    cloth = Material(base=rgb(p.get("curtain", (0.5, 0.42, 0.32))), surface="cloth", roughness=0.95, translucency=0.5)
    things = [made("window", [mesh], [MATERIALS["white"], cloth, MATERIALS["dark_metal"]], double_sided=True)]
    return things


def _drape(wide: float, tall: float) -> Mesh:
    count = 26
    x = np.linspace(-wide / 2, wide / 2, count)
    fold = 0.045 * np.sin(np.linspace(0, 5.5 * 2 * np.pi, count))
    points = np.stack(
        [np.tile(x, (2, 1)), np.array([[0.0], [tall]]) * np.ones((1, count)), np.stack([fold * 1.25, fold * 0.8])], -1
    )
    index = np.arange(2 * count).reshape(2, count)
    a, b, c, d = index[0, :-1], index[0, 1:], index[1, :-1], index[1, 1:]
    hollow = np.tile(0.7 + 0.3 * fold / 0.045, 2)
    return Mesh.of(
        points.reshape(-1, 3),
        np.concatenate([np.stack([a, b, d], -1), np.stack([a, d, c], -1)]),
        occlusion=np.clip(hollow, 0.35, 1),
    )
