"""What people have put into open country: fences, barns, houses, benches, lamps, goals, piers, poles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from vitascope.world.flora.limbs import stem
from vitascope.world.land import Corridor, Land, Standing
from vitascope.world.material import Material, rgb
from vitascope.world.mesh import Mesh, joined, transformed
from vitascope.world.shape import box, cylinder, extrude, sphere
from vitascope.world.stage import PointLight, Pose, Still, Thing
from vitascope.world.terrain import clear_of

__all__ = ["MATERIALS", "fittings", "made", "part", "repeated"]

MATERIALS: dict[str, Material] = {
    "wood": Material(base=(0.22, 0.15, 0.09), surface="wood", roughness=0.8),
    "grey_wood": Material(base=(0.24, 0.22, 0.2), surface="planks", roughness=0.9),
    "red_planks": Material(base=(0.30, 0.045, 0.03), surface="planks", roughness=0.85),
    "white": Material(base=(0.72, 0.71, 0.68), surface="plaster", roughness=0.8),
    "stone": Material(base=(0.33, 0.31, 0.28), surface="concrete", roughness=0.9),
    "cream": Material(base=(0.62, 0.52, 0.38), surface="plaster", roughness=0.9),
    "rose": Material(base=(0.55, 0.30, 0.22), surface="plaster", roughness=0.9),
    "brick": Material(base=(0.34, 0.13, 0.08), surface="brick", roughness=0.9),
    "roof": Material(base=(0.36, 0.12, 0.07), surface="roof_tiles", roughness=0.85),
    "slate": Material(base=(0.10, 0.105, 0.12), surface="roof_tiles", roughness=0.75),
    "metal": Material(base=(0.32, 0.33, 0.34), surface="metal", roughness=0.45, metalness=0.9),
    "dark_metal": Material(base=(0.035, 0.037, 0.04), surface="metal", roughness=0.5, metalness=0.6),
    "glass": Material(base=(0.05, 0.06, 0.07), surface="glass", roughness=0.08, metalness=0.2),
    "lamp": Material(base=(1.0, 0.82, 0.55), surface="emissive", emission=2.2),
    "pane": Material(base=(1.0, 0.66, 0.3), surface="emissive", emission=1.1),
    "straw": Material(base=(0.52, 0.39, 0.15), surface="straw", roughness=0.95),
    "asphalt": Material(base=(0.07, 0.068, 0.066), surface="asphalt", roughness=0.66),
    "paint": Material(base=(0.72, 0.72, 0.7), surface="plain", roughness=0.7),
    "yellow": Material(base=(0.75, 0.5, 0.05), surface="plain", roughness=0.6),
    "concrete": Material(base=(0.36, 0.355, 0.34), surface="concrete", roughness=0.9),
    "hedge": Material(base=(0.04, 0.09, 0.028), surface="foliage", roughness=0.85),
}


def part(mesh: Mesh, material: int, *, at: Sequence[float] = (0, 0, 0), turn: float = 0.0) -> Mesh:
    """`mesh` turned about y [deg], moved to `at`, and given a material number."""
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    matrix = np.array([[c, 0, s, at[0]], [0, 1, 0, at[1]], [-s, 0, c, at[2]], [0, 0, 0, 1.0]])
    return replace(transformed(mesh, matrix), material=np.full(len(mesh.positions), material, np.uint8))


def made(
    name: str, parts: Sequence[Mesh], materials: Sequence[str | Material], at: np.ndarray | None = None, **more: Any
) -> Thing:
    """Parts as one thing standing at transforms `at` (K, 4, 4), or where they are."""
    transforms = np.eye(4, dtype=np.float32)[None] if at is None else np.asarray(at, np.float32)
    chosen = tuple(MATERIALS[m] if isinstance(m, str) else m for m in materials)
    return Thing(name=name, mesh=joined(parts), materials=chosen, motion=Still(Pose(transforms=transforms)), **more)


def repeated(points: np.ndarray, turns: np.ndarray, sizes: np.ndarray | float = 1.0) -> np.ndarray:
    """(K, 4, 4) transforms at points (K, 3), turned about y by (K,) degrees, scaled."""
    turn = np.radians(np.asarray(turns, float))
    size = np.broadcast_to(np.asarray(sizes, float), turn.shape)
    matrix = np.zeros((len(points), 4, 4), np.float32)
    matrix[:, 0, 0] = matrix[:, 2, 2] = np.cos(turn) * size
    matrix[:, 0, 2], matrix[:, 2, 0] = np.sin(turn) * size, -np.sin(turn) * size
    matrix[:, 1, 1], matrix[:, 3, 3] = size, 1
    matrix[:, :3, 3] = points
    return matrix


def fittings(land: Land, clear: Sequence[Corridor], wanted: Sequence[Mapping[str, Any]]) -> list[Standing]:
    """What rules such as {kind: fence, from: [x, z], to: [x, z]} or {kind: barn, at: [x, z], turn: 20} set out, with the
    twelve lamps nearest to the mark. Whatever would stand in a clear line of sight is left out.
    """
    things: list[Standing] = []
    for rule in wanted:
        kind = str(rule["kind"])
        if "from" in rule:
            points, turns = _line(rule)
        else:
            at = np.atleast_2d(np.asarray(rule["at"], float))
            points, turns = at, np.broadcast_to(np.asarray(rule.get("turn", 0.0), float), (len(at),))
        parts, materials, radius, tall = _KINDS[kind](rule)
        keep = clear_of(points, clear, radius=radius, height=tall)
        points, turns = points[keep], turns[keep]
        if not len(points):
            continue
        feet = _feet(land, points, radius, level=tall > 2.2 and radius > 1.5)
        at = repeated(np.column_stack([points[:, 0], feet, points[:, 1]]), turns)
        if "from" in rule and kind in ("fence", "hedge", "wall"):
            at = _sloped(land, at, points, turns, float(rule.get("step", 2.4)))
        thing = made(kind, parts, materials, at, double_sided=kind in ("parasol", "stall"))
        lamps = ()
        if kind in _SHINING:
            high, strength, reach = _SHINING[kind]
            colour = (3.4 * strength, 2.4 * strength, 1.3 * strength)
            lamps = tuple(
                (number, PointLight(position=(float(x), float(y) + high, float(z)), colour=colour, reach=reach))
                for number, ((x, z), y) in enumerate(zip(points, feet, strict=True))
            )
        things.append(Standing(thing=thing, radius=radius, height=tall, lamps=lamps))
    return _with_nearest_lamps(things, 12)


def _with_nearest_lamps(things: Sequence[Standing], count: int) -> list[Standing]:
    """The same things, of whose lamps the `count` nearest to the mark burn."""
    far = sorted(_away(lamp) for one in things for _, lamp in one.lamps)
    limit = far[count - 1] if len(far) > count else np.inf
    return [replace(one, lamps=tuple(pair for pair in one.lamps if _away(pair[1]) <= limit)) for one in things]


def _away(lamp: PointLight) -> float:
    return float(np.hypot(lamp.position[0], lamp.position[2]))


def _line(rule: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    start, end = np.asarray(rule["from"], float), np.asarray(rule["to"], float)
    length = float(np.linalg.norm(end - start))
    step = float(rule.get("step", 2.4))
    count = max(1, int(length / step))
    points = start + (end - start) * ((np.arange(count) + 0.5) / count)[:, None]
    turn = np.degrees(np.arctan2(-(end - start)[1], (end - start)[0]))
    return points, np.full(count, turn + float(rule.get("turn", 0.0)))


def _feet(land: Land, points: np.ndarray, radius: float, *, level: bool) -> np.ndarray:
    """Heights [m] of the ground below each point; the lowest round a wide base, so that no corner hangs."""
    x, z = points[:, 0].astype(np.float32), points[:, 1].astype(np.float32)
    here = land.ground.height(x, z)
    if not level:
        return here
    around = [
        land.ground.height(x + dx * radius, z + dz * radius)
        for dx, dz in ((0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7))
    ]
    return np.min([here, *around], axis=0)


def _sloped(land: Land, at: np.ndarray, points: np.ndarray, turns: np.ndarray, step: float) -> np.ndarray:
    """Shear each length of a fence so that it follows the ground."""
    direction = np.stack([np.cos(np.radians(turns)), -np.sin(np.radians(turns))], -1)
    ends = [land.ground.height(*(points + s * 0.5 * step * direction).T.astype(np.float32)) for s in (-1, 1)]
    at = at.copy()
    at[:, 1, 0] = (ends[1] - ends[0]) / step
    at[:, 1, 3] = (ends[0] + ends[1]) / 2
    return at


def _fence(rule: Mapping[str, Any]):
    step = float(rule.get("step", 2.4))
    rails = [part(box((step + 0.06, 0.1, 0.035), bevel=0.008), 0, at=(0, y, 0)) for y in (0.42, 0.78, 1.1)]
    post = part(box((0.11, 1.55, 0.11), bevel=0.012), 0, at=(-step / 2, 0.55, 0))
    return [*rails, post], ["white" if rule.get("colour") == "white" else "grey_wood"], 0.3, 1.3


def _wall(rule: Mapping[str, Any]):
    step = float(rule.get("step", 2.4))
    return [part(box((step + 0.05, 1.3, 0.4), bevel=0.04), 0, at=(0, 0.25, 0))], ["stone"], 0.4, 0.9


def _hedge(rule: Mapping[str, Any]):
    step, tall = float(rule.get("step", 2.4)), float(rule.get("height", 1.1))
    return [part(box((step + 0.1, tall + 0.3, 0.8), bevel=0.16), 0, at=(0, tall / 2 - 0.15, 0))], ["hedge"], 0.5, tall


def _barn(rule: Mapping[str, Any]):
    gable = [(-4.5, -0.6), (4.5, -0.6), (4.5, 3.6), (2.9, 5.9), (0, 7.2), (-2.9, 5.9), (-4.5, 3.6)]
    roof = [
        (-4.9, 3.25),
        (-4.5, 3.3),
        (-2.8, 5.75),
        (0, 7.02),
        (2.8, 5.75),
        (4.5, 3.3),
        (4.9, 3.25),
        (3.0, 6.1),
        (0, 7.45),
        (-3.0, 6.1),
    ]
    parts = [
        part(extrude(gable, 14.0), 0), part(extrude(roof, 14.8), 1),
        part(box((3.2, 3.3, 0.12), centre=(0, 1.65, 7.03)), 2), part(box((0.18, 3.3, 0.16), centre=(0, 1.65, 7.08)), 3),
        part(box((1.3, 1.3, 0.12), centre=(0, 5.1, 7.03)), 2),
    ]  # fmt: skip
    for side in (-1.7, 1.7):
        parts.append(part(box((0.16, 3.4, 0.16), centre=(side, 1.7, 7.06)), 3))
    return parts, ["red_planks", "slate", "wood", "white"], 8.0, 7.5


def _house(rule: Mapping[str, Any]):
    """A cottage with a gable roof, door, shuttered windows that are lit after dark, and a chimney."""
    walls = str(rule.get("walls", "cream"))
    lit = "pane" if rule.get("lit") else "glass"
    parts = [
        part(box((8.0, 4.4, 6.4), centre=(0, 1.6, 0)), 0),
        part(extrude([(-3.2, 3.8), (3.2, 3.8), (0, 6.4)], 8.0), 0, turn=90),
        part(extrude([(-3.75, 3.32), (-3.55, 3.28), (0, 6.35), (3.55, 3.28), (3.75, 3.32), (0, 6.72)], 8.7), 1, turn=90),
        part(box((0.8, 2.2, 0.8), centre=(2.2, 6.1, -0.7), bevel=0.03), 4),
        part(box((1.0, 2.1, 0.1), centre=(0.2, 1.05, 3.22), bevel=0.02), 3),
    ]  # fmt: skip
    for x, y in ((-2.4, 1.5), (2.4, 1.5), (-2.4, 3.0), (2.4, 3.0))[:2]:
        parts += _window((x, y, 3.2))
    for z in (-1.4, 1.4):
        parts += [part(m, int(m.material[0]), turn=90) for m in _window((z, 1.5, 4.0))]
        parts += [part(m, int(m.material[0]), turn=-90) for m in _window((z, 1.5, 4.0))]
    return parts, [walls, "roof", lit, "wood", "brick", "white"], 5.2, 6.5


def _window(at: tuple[float, float, float]) -> list[Mesh]:
    x, y, z = at
    parts = [part(box((0.95, 1.15, 0.06), centre=(x, y, z + 0.005)), 2)]
    parts += [part(box((1.1, 0.08, 0.14), centre=(x, y + s * 0.6, z + 0.02)), 5) for s in (-1, 1)]
    parts += [part(box((0.07, 1.2, 0.1), centre=(x + s * 0.5, y, z + 0.02)), 5) for s in (-1, 1)]
    parts += [
        part(box((0.04, 1.15, 0.09), centre=(x, y, z + 0.01)), 5),
        part(box((0.95, 0.04, 0.09), centre=(x, y + 0.1, z + 0.01)), 5),
    ]
    parts += [part(box((0.42, 1.2, 0.05), centre=(x + s * 0.78, y, z + 0.03)), 3) for s in (-1, 1)]
    return parts


def _bench(rule: Mapping[str, Any]):
    parts = [part(box((1.7, 0.04, 0.12), centre=(0, 0.45, z), bevel=0.01), 0) for z in (-0.16, 0.0, 0.16)]
    parts += [part(box((1.7, 0.12, 0.035), centre=(0, y, -0.27), bevel=0.01), 0) for y in (0.62, 0.8)]
    parts += [part(box((0.06, 0.95, 0.06), centre=(x, 0.42, -0.27)), 1) for x in (-0.7, 0.7)]
    parts += [part(box((0.06, 0.5, 0.42), centre=(x, 0.2, 0)), 1) for x in (-0.7, 0.7)]
    return parts, ["wood", "dark_metal"], 0.95, 0.9


def _lamp(rule: Mapping[str, Any]):
    parts = [
        part(cylinder(0.055, 3.3, segments=8), 0),
        part(cylinder(0.11, 0.5, segments=8, bevel=0.03), 0, at=(0, -0.1, 0)),
        part(sphere(0.17, segments=12, centre=(0, 3.5, 0)), 1),
        part(cylinder(0.2, 0.05, segments=10), 0, at=(0, 3.66, 0)),
    ]
    return parts, ["dark_metal", "lamp"], 0.25, 3.7


def _goal(rule: Mapping[str, Any]):
    parts = [part(cylinder(0.06, 2.44, segments=8), 0, at=(x, 0, 0)) for x in (-3.66, 3.66)]
    parts.append(part(box((7.44, 0.12, 0.12), centre=(0, 2.44, 0)), 0))
    parts += [part(box((0.04, 0.04, 1.8), centre=(x, 0.05, -0.9)), 0) for x in (-3.66, 3.66)]
    for x in np.linspace(-3.6, 3.6, 19):
        parts.append(part(box((0.014, 2.9, 0.014), centre=(0, 0, 0)), 1, at=(float(x), 1.2, -1.05)))
    for y in np.linspace(0.1, 2.3, 9):
        parts.append(part(box((7.3, 0.014, 0.014), centre=(0, float(y), -1.05)), 1))
    return parts, ["paint", "white"], 3.8, 2.5


def _pole(rule: Mapping[str, Any]):
    parts = [
        part(cylinder(0.13, 8.0, segments=7), 0, at=(0, -0.5, 0)),
        part(box((1.9, 0.12, 0.12), centre=(0, 7.0, 0)), 0),
    ]
    return parts, ["grey_wood"], 0.3, 8.0


def _bales(rule: Mapping[str, Any]):
    bale = cylinder(0.75, 1.3, segments=18, bevel=0.08)
    lying = transformed(bale, np.array([[1, 0, 0, 0], [0, 0, 1, 0.7], [0, -1, 0, 0.65], [0, 0, 0, 1.0]]))
    return [part(lying, 0)], ["straw"], 0.9, 1.5


def _pier(rule: Mapping[str, Any]):
    """Planks on posts, running along the z axis of the thing."""
    parts = [part(box((1.9, 0.06, 0.2), centre=(0, 0.62, z), bevel=0.01), 0) for z in np.arange(-7, 7, 0.23)]
    parts += [
        part(cylinder(0.1, 3.4, segments=8), 0, at=(x, -2.3, z))
        for x in (-0.85, 0.85)
        for z in (-6.6, -3.3, 0, 3.3, 6.6)
    ]
    return parts, ["grey_wood"], 1.2, 1.2


def _slide(rule: Mapping[str, Any]):
    """A playground slide with its ladder."""
    parts = [part(box((0.06, 1.9, 0.06), centre=(x, 0.9, z)), 0) for x in (-0.3, 0.3) for z in (-0.3, 0.3)]
    parts += [part(box((0.6, 0.04, 0.06), centre=(0, y, -0.33)), 0) for y in (0.4, 0.8, 1.2)]
    parts.append(part(box((0.7, 0.06, 0.7), centre=(0, 1.55, 0)), 2))
    chute = extrude([(0.3, 1.55), (2.2, 0.35), (2.8, 0.3), (2.8, 0.36), (2.2, 0.42), (0.3, 1.62)], 0.6)
    return [*parts, part(chute, 1, turn=-90)], ["metal", "yellow", "red_planks"], 1.6, 2.0


def _log(rule: Mapping[str, Any]):
    """A fallen trunk along x with stubs of boughs, half sunk, mossy on top unless its bark is given."""
    length, r = float(rule.get("length", 4.0)), float(rule.get("radius", 0.25))
    path = np.array([(-length / 2, 0.55 * r, 0.0), (-length / 6, 0.75 * r, 0.1 * r), (length / 5, 0.6 * r, -0.3 * r),
                     (length / 2, 0.35 * r, 0.4 * r)])  # fmt: skip
    parts = [stem(path, r * np.array([1.15, 1.0, 0.85, 0.6]), segments=11)]
    for x, turn in ((-0.22, 0.7), (0.12, -0.9), (0.33, 0.4)):
        foot = np.array([x * length, 0.7 * r, 0.0])
        reach = np.array([0.5, 1.3 * abs(turn), 1.5 * turn]) * r * 1.5
        parts.append(
            stem(np.array([foot, foot + 0.6 * reach, foot + reach]), r * np.array([0.3, 0.2, 0.12]), segments=6)
        )
    if "bark" in rule:
        wood = Material(base=rgb(rule["bark"]), surface="wood", roughness=0.9)
    else:
        wood = Material(base=(0.13, 0.095, 0.065), surface="bark", roughness=0.95, pattern="layer",
                        pattern_colour=(0.085, 0.13, 0.03), pattern_scale=0.25)  # fmt: skip
    mossy = [replace(m, mask=np.clip(0.9 * m.normals[:, 1], 0, 1).astype(np.float32)) for m in parts]
    return mossy, [wood], 0.5 * length, 2.0 * r


def _parasol(rule: Mapping[str, Any]):
    """A beach umbrella that leans, and a towel in its shade."""
    parts = [part(cylinder(0.022, 2.1, segments=7), 2)]
    turn = np.linspace(0, 2 * np.pi, 9)
    for k in range(8):
        a, b = turn[k], turn[k + 1]
        rim = [(1.25 * np.cos(t), 1.72, 1.25 * np.sin(t)) for t in (a, (a + b) / 2, b)]
        rim[1] = (0.96 * rim[1][0], 1.68, 0.96 * rim[1][2])
        half = [(0.66 * np.cos(t), 2.02, 0.66 * np.sin(t)) for t in (a, b)]
        points = np.array([(0, 2.14, 0), *half, *rim])
        gore = Mesh.of(points, np.array([(0, 2, 1), (1, 4, 3), (1, 2, 4), (2, 5, 4)]))
        parts.append(part(gore, k % 2))
    parts.append(part(box((0.75, 0.02, 1.7), centre=(0.55, 0.02, 0.2), bevel=0.008), 3))
    red = Material(base=(0.6, 0.05, 0.04), surface="cloth", roughness=0.9, translucency=0.4)
    white = Material(base=(0.75, 0.73, 0.68), surface="cloth", roughness=0.9, translucency=0.4)
    towel = Material(base=(0.08, 0.3, 0.45), surface="cloth", roughness=0.95)
    return parts, [red, white, "white", towel], 1.2, 2.1


_GOODS = {
    "apples": ((0.55, 0.03, 0.02), (0.42, 0.42, 0.05)),
    "oranges": ((0.80, 0.28, 0.02), (0.50, 0.04, 0.05)),
    "greens": ((0.10, 0.24, 0.03), (0.24, 0.08, 0.20)),
    "lemons": ((0.80, 0.60, 0.06), (0.55, 0.10, 0.02)),
}


def _stall(rule: Mapping[str, Any]):
    """A market stall that faces +z: a striped canopy on posts, a table under a cloth, crates of fruit, a lantern."""
    parts = [
        part(box((0.06, 2.45 if z < 0 else 2.15, 0.06)), 0, at=(x, 1.2 if z < 0 else 1.05, z))
        for x in (-1.15, 1.15)
        for z in (-0.7, 0.7)
    ]
    parts.append(part(box((2.3, 0.05, 1.1), centre=(0, 0.84, 0.1)), 0))
    parts.append(part(box((2.36, 0.7, 0.04), centre=(0, 0.5, 0.66)), 2))
    for k in range(6):
        x0, x1 = -1.32 + 0.44 * k, -0.88 + 0.44 * k
        points = np.array([(x, y, z) for y, z in ((2.55, -0.85), (2.2, 1.0), (1.98, 1.02)) for x in (x0, x1)])
        parts.append(part(Mesh.of(points, np.array([(0, 2, 1), (1, 2, 3), (2, 4, 3), (3, 4, 5)])), 1 + k % 2))
    for column, x in enumerate((-0.78, 0.0, 0.78)):
        parts.append(part(box((0.66, 0.14, 0.62), centre=(x, 0.94, 0.2)), 0))
        for k in range(12):
            spot = (x - 0.22 + 0.148 * (k % 4), 1.04 + 0.02 * ((k * 7) % 3), 0.03 + 0.17 * (k // 4))
            parts.append(part(sphere(0.078, segments=7, centre=spot), 4 + column % 2))
    parts.append(part(sphere(0.11, segments=9, centre=(0.0, 1.88, 0.55)), 3))
    first, second = (Material(base=c, surface="plain", roughness=0.5) for c in _GOODS[str(rule.get("goods", "apples"))])
    cloth = Material(base=rgb(rule.get("cloth", (0.55, 0.05, 0.04))), surface="cloth", roughness=0.9, translucency=0.35)
    canvas = Material(base=(0.70, 0.66, 0.58), surface="cloth", roughness=0.9, translucency=0.35)
    return parts, ["wood", cloth, canvas, "lamp", first, second], 1.3, 2.5


_SHINING = {"lamp": (3.55, 1.0, 13.0), "stall": (1.75, 0.24, 7.0)}
"""What shines after dark: metres above the ground, strength, reach [m]."""

_KINDS: dict[str, Callable[[Mapping[str, Any]], tuple[list[Mesh], Sequence[str | Material], float, float]]] = {
    "fence": _fence, "wall": _wall, "hedge": _hedge, "barn": _barn, "house": _house, "bench": _bench, "lamp": _lamp,
    "goal": _goal, "pole": _pole, "bale": _bales, "pier": _pier, "slide": _slide, "log": _log, "parasol": _parasol,
    "stall": _stall,
}  # fmt: skip
