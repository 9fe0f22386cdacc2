"""A stage at a moment as glTF 2.0: metres, y up, the camera with its path as an animation, what cannot be said in extras."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vitascope.exchange.binary import Binary
from vitascope.exchange.choice import Chosen, chosen_of
from vitascope.exchange.shapes import posed, turned
from vitascope.exchange.surfaces import Plain, albedo_of, darkness, plain
from vitascope.provenance import ALGORITHMIC_MEDIA
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh, transformed
from vitascope.world.stage import Lens, Stage, Water

__all__ = ["LIMIT_BYTES", "SceneFile", "stage_as_gltf"]

LIMIT_BYTES = 6_000_000
PATH_RATE = 24.0
"""Keys of the camera in a second."""
PATH_KEYS_MAX = 480
TINTS_MAX = 24
"""Colours of the copies of one thing; more are gathered into so many by their brightness."""
WATER_EXTENT = 3000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneFile:
    """A binary glTF file, and what it does not hold: copies of small things far off, and fine shape where it is `coarser`."""

    data: bytes
    left_out: int
    coarser: bool


def stage_as_gltf(stage: Stage, t: float, *, aspect: float, limit: int = LIMIT_BYTES) -> SceneFile:
    """The stage as it stands at `t` [s of the shot], in about `limit` bytes at most.

    `aspect` is width over height of the picture. Bodies are baked in their poses, copies are nodes of one mesh; the camera
    stands where it is at `t`, its animation leads it through the shot. Bodies and ground are always there, and are made
    coarser where there is too much of them; of the rest what looks smallest from the camera is left out.
    """
    path = _Path.of(stage)
    chosen, left_out, is_coarser = chosen_of(stage, t, path.positions[:: max(1, len(path.positions) // 8)], limit)
    snapshot = stage.snapshot(t)
    writer = _Writer(night=darkness(snapshot.sky))
    for one in chosen:
        writer.thing(one, stage.subject_names)
    if stage.water is not None:
        writer.water(stage.water)
    writer.sun(snapshot.sky.sun_direction, snapshot.sky.sun_colour)
    writer.camera(snapshot.lens, path, aspect)
    sky = snapshot.sky
    extras = {
        "shot": stage.name,
        "time": t,
        "left_out": left_out,
        "coarser": is_coarser,
        "focus": list(stage.focus),
        "reach": stage.reach,
        "indoor": stage.indoor,
        "exposure": snapshot.exposure,
        "sky": {"zenith": sky.plain or sky.zenith, "horizon": sky.plain or sky.horizon, "ground": sky.ground},
    }
    return SceneFile(data=writer.whole(stage.name, extras), left_out=left_out, coarser=is_coarser)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Path:
    """The camera through the shot: times (K,) [s], positions (K, 3), turns (K, 4) x y z w, fovs (K,) [rad]."""

    times: np.ndarray
    positions: np.ndarray
    turns: np.ndarray
    fovs: np.ndarray

    @staticmethod
    def of(stage: Stage) -> _Path:
        count = int(np.clip(np.ceil(stage.duration * PATH_RATE), 1, PATH_KEYS_MAX)) + 1
        times = np.linspace(0.0, stage.duration, count)
        lenses = [stage.snapshot(float(t)).lens for t in times]
        turns = np.array([_placed(np.asarray(lens.world_from_camera))[1] for lens in lenses])
        for k in range(1, len(turns)):  # the shorter way from key to key
            turns[k] *= 1.0 if turns[k] @ turns[k - 1] >= 0 else -1.0
        return _Path(
            times=times.astype(np.float32),
            positions=np.array([lens.world_from_camera[:3, 3] for lens in lenses], np.float32),
            turns=turns.astype(np.float32),
            fovs=np.array([lens.fov_y for lens in lenses]),
        )

    @property
    def moves(self) -> bool:
        return bool(np.ptp(self.positions, axis=0).max() > 1e-4 or np.ptp(self.turns, axis=0).max() > 1e-5)


class _Writer:
    """Gathers nodes, meshes and materials."""

    def __init__(self, *, night: float) -> None:
        self._night = night
        self._binary = Binary()
        self._nodes: list[dict[str, Any]] = []
        self._roots: list[int] = []
        self._meshes: list[dict[str, Any]] = []
        self._materials: list[dict[str, Any]] = []
        self._material_numbers: dict[object, int] = {}
        self._known: dict[tuple, int] = {}
        self._shapes: dict[tuple, tuple[list[tuple[int, int, np.ndarray]], dict[str, int], Mesh]] = {}
        self._rest: dict[str, Any] = {}

    def thing(self, one: Chosen, names: tuple[str, ...]) -> None:
        """A thing: one node for each of its copies, under one of its own where there are several."""
        thing, pose = one.thing, one.pose
        mesh = posed(one.mesh, pose)
        tints = _few(pose.tints if pose.tints is not None else thing.tints, len(pose.transforms))
        made = []
        for matrix, tint in zip(np.asarray(pose.transforms), tints, strict=True):
            place = turned(matrix)
            if place is None:  # glTF has no shear
                made.append(self._node(thing.name, self._mesh(transformed(mesh, matrix), one, tint), np.eye(4)))
            else:
                made.append(self._node(thing.name, self._mesh(mesh, one, tint), matrix))
        if len(made) > 1:
            self._nodes.append({"name": thing.name, "children": made})
            made = [len(self._nodes) - 1]
        if 0 < thing.subject <= len(names):
            self._nodes[made[0]]["extras"] = {"subject": names[thing.subject - 1]}
        self._roots += made

    def water(self, water: Water) -> None:
        """A level sheet in the colour of the water."""
        half = min(water.extent, WATER_EXTENT)
        x, z = water.centre
        corners = np.array([[x - half, water.level, z - half], [x - half, water.level, z + half],
                            [x + half, water.level, z + half], [x + half, water.level, z - half]])  # fmt: skip
        mesh = Mesh.of(corners, np.array([[0, 1, 2], [0, 2, 3]]), normals=np.tile([0.0, 1.0, 0.0], (4, 1)))
        base = tuple(float(0.6 * a + 0.4 * b) for a, b in zip(water.deep, water.shallow, strict=True))
        material = Material(base=base, surface="plain", roughness=0.15, opacity=0.85)  # type: ignore[arg-type]
        self._roots.append(
            self._node("water", self._drawn("water", mesh, (material,), True, (1.0, 1.0, 1.0)), np.eye(4))
        )

    def sun(self, direction: tuple[float, float, float], colour: tuple[float, float, float]) -> None:
        """The key light, from far away."""
        strength = max(*colour, 1e-4)
        light = {"type": "directional", "name": "sun", "intensity": strength, "color": [c / strength for c in colour]}
        away = np.asarray(direction, np.float64)
        up = np.array([0.0, 1.0, 0.0]) if abs(away[1]) < 0.99 else np.array([0.0, 0.0, 1.0])
        right = np.cross(up, away)
        right /= np.linalg.norm(right)
        matrix = np.eye(4)
        matrix[:3, 0], matrix[:3, 1], matrix[:3, 2] = right, np.cross(away, right), away
        self._rest["extensionsUsed"] = ["KHR_lights_punctual"]
        self._rest["extensions"] = {"KHR_lights_punctual": {"lights": [light]}}
        node = self._node("sun", None, matrix)
        self._nodes[node]["extensions"] = {"KHR_lights_punctual": {"light": 0}}
        self._roots.append(node)

    def camera(self, lens: Lens, path: _Path, aspect: float) -> None:
        """The camera as it stands now, and where it moves its path as an animation and as a line."""
        perspective = {"aspectRatio": aspect, "yfov": float(lens.fov_y), "znear": lens.near, "zfar": lens.far}
        self._rest["cameras"] = [{"type": "perspective", "name": "camera", "perspective": perspective}]
        node = self._node("camera", None, np.asarray(lens.world_from_camera))
        self._nodes[node] |= {"camera": 0, "extras": {"yfov": [round(float(f), 5) for f in path.fovs]}}
        self._roots.append(node)
        if not path.moves:
            return
        times = self._binary.add(path.times, "keys", ends=True)
        outputs = {"translation": path.positions, "rotation": path.turns}
        self._rest["animations"] = [
            {
                "name": "camera",
                "channels": [{"sampler": k, "target": {"node": node, "path": name}} for k, name in enumerate(outputs)],
                "samplers": [
                    {"input": times, "output": self._binary.add(values, "keys"), "interpolation": "LINEAR"}
                    for values in outputs.values()
                ],
            }
        ]
        line = np.ascontiguousarray(path.positions.copy())
        self._meshes.append(
            {
                "name": "camera path",
                "primitives": [{"attributes": {"POSITION": self._binary.add(line, "vertices", ends=True)}, "mode": 3}],
            }
        )
        self._roots.append(self._node("camera path", len(self._meshes) - 1, np.eye(4)))

    def whole(self, name: str, extras: Mapping[str, Any]) -> bytes:
        """The file."""
        parts = {"meshes": self._meshes, "materials": self._materials}
        return self._binary.whole(
            {
                "asset": {
                    "version": "2.0",
                    "generator": "Vitascope",
                    "extras": {"digitalSourceType": ALGORITHMIC_MEDIA},
                },
                "scene": 0,
                "scenes": [{"name": name, "nodes": self._roots, "extras": dict(extras)}],
                "nodes": self._nodes,
                **{key: value for key, value in parts.items() if value},
                **self._rest,
            }
        )

    def _node(self, name: str, mesh: int | None, matrix: np.ndarray) -> int:
        position, turn, scale = _placed(matrix)
        node: dict[str, Any] = {"name": name}
        if mesh is not None:
            node["mesh"] = mesh
        for key, values, usual in (
            ("translation", position, (0, 0, 0)), ("rotation", turn, (0, 0, 0, 1)), ("scale", scale, (1, 1, 1)),
        ):  # fmt: skip
            if not np.allclose(values, usual, atol=1e-6):
                node[key] = [round(float(v), 6) for v in values]
        self._nodes.append(node)
        return len(self._nodes) - 1

    def _mesh(self, mesh: Mesh, one: Chosen, tint: tuple[float, float, float]) -> int:
        return self._drawn(one.thing.name, mesh, one.thing.materials, one.thing.double_sided, tint)

    def _drawn(
        self, name: str, mesh: Mesh, materials: tuple[Material, ...], double: bool, tint: tuple[float, float, float]
    ) -> int:
        """The number of a mesh with one primitive a material, all on the same vertices."""
        key = (id(mesh.positions), id(mesh.indices), materials, double, tint)
        if key in self._known:
            return self._known[key]
        shape = (id(mesh.positions), id(mesh.indices), materials)
        if shape not in self._shapes:
            self._shapes[shape] = self._shape(mesh, materials)
        parts, attributes, _ = self._shapes[shape]
        primitives = [
            {
                "attributes": attributes,
                "indices": indices,
                "material": self._material(plain(materials[number], self._night), base * np.asarray(tint), double),
            }
            for number, indices, base in parts
        ]
        self._meshes.append({"name": name, "primitives": primitives})
        self._known[key] = len(self._meshes) - 1
        return self._known[key]

    def _shape(
        self, mesh: Mesh, materials: tuple[Material, ...]
    ) -> tuple[list[tuple[int, int, np.ndarray]], dict[str, int], Mesh]:
        """(material, accessor of its triangles, its brightest colour (3,)) for each part, and what the vertices hold."""
        albedo = albedo_of(mesh, materials)
        colours = np.full((len(albedo), 4), 255, np.uint8)
        of_triangle = mesh.material[mesh.indices[:, 0]]
        narrow = np.uint16 if len(albedo) < 65_536 else np.uint32
        parts = []
        for number in np.unique(of_triangle):
            triangles = mesh.indices[of_triangle == number]
            own = np.unique(triangles)
            base = np.maximum(albedo[own].max(0), 1e-4)
            colours[own, :3] = np.rint(np.clip(albedo[own] / base, 0.0, 1.0) * 255)
            parts.append((int(number), self._binary.add(triangles.reshape(-1).astype(narrow), "indices"), base))
        attributes = {
            "POSITION": self._binary.add(mesh.positions, "vertices", ends=True),
            "NORMAL": self._binary.add(mesh.normals, "vertices"),
            "COLOR_0": self._binary.add(colours, "vertices"),
        }
        return parts, attributes, mesh

    def _material(self, terms: Plain, base: np.ndarray, double: bool) -> int:
        colour = tuple(round(float(c), 4) for c in np.clip(base, 0.0, 1.0))
        key = (terms, colour, double)
        if key in self._material_numbers:
            return self._material_numbers[key]
        made: dict[str, Any] = {
            "name": terms.name,
            "pbrMetallicRoughness": {
                "baseColorFactor": [*colour, terms.opacity],
                "metallicFactor": terms.metalness,
                "roughnessFactor": terms.roughness,
            },
        }
        if terms.emission > 0:
            made["emissiveFactor"] = [round(float(min(1.0, c * terms.emission)), 4) for c in colour]
        if terms.opacity < 1:
            made["alphaMode"] = "BLEND"
        if double:
            made["doubleSided"] = True
        self._materials.append(made)
        self._material_numbers[key] = len(self._materials) - 1
        return self._material_numbers[key]


def _placed(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    found = turned(matrix)
    assert found is not None, matrix
    return found


def _few(tints: np.ndarray | None, count: int) -> list[tuple[float, float, float]]:
    """A tint for each copy, of which there are few different ones."""
    if tints is None:
        return [(1.0, 1.0, 1.0)] * count
    values = np.round(np.asarray(tints, np.float64), 3)
    if len(np.unique(values, axis=0)) > TINTS_MAX:
        values = values.copy()
        for group in np.array_split(np.argsort(values.sum(1), kind="stable"), TINTS_MAX):
            values[group] = np.round(values[group].mean(0), 3)
    return [(float(r), float(g), float(b)) for r, g, b in values]
