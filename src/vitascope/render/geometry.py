"""Things on the device: meshes uploaded once, instances placed and culled for each moment, and their draw lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import wgpu

from vitascope.render.bounds import MeshBounds, mesh_bounds, spheres_of
from vitascope.render.gpu import Gpu
from vitascope.render.surfaces import SurfaceTable
from vitascope.world.mesh import Mesh
from vitascope.world.stage import Pose, Stage, Thing

__all__ = [
    "GEOMETRY_FORMATS",
    "DrawList",
    "Geometry",
    "GeometryPipelines",
    "Placed",
    "box_planes",
    "draw",
    "sphere_planes",
]

GEOMETRY_FORMATS = ("rgba32uint", "rgba32uint")
"""Rest position, instance and material; normal, colour, mask, motion, occlusion and turn."""

_RIGID = np.dtype(
    [("position", "<f4", 3), ("normal", "<i2", 4), ("colour", "u1", 4), ("kind", "u1", 4)]
)  # fmt: skip
_SKIN = np.dtype([("joints", "u1", 4), ("weights", "<u2", 4)])
_SLOT_FLOATS = 32
_GROUND, _SKINNED, _MOVING = 1, 2, 4
_CHUNK_TRIANGLES = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    first: int
    count: int
    centre: np.ndarray
    radius: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Uploaded:
    vertices: wgpu.GPUBuffer
    skin: wgpu.GPUBuffer | None
    indices: wgpu.GPUBuffer
    chunks: tuple[_Chunk, ...]
    clear: tuple[int, int]
    """First index and count of the triangles that let light through; they come after the chunks."""
    bounds: MeshBounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Instances of one thing at one moment: rows `slot`..`slot + K` of the slot table, spheres (K, 4) in the world."""

    thing: Thing
    number: int
    slot: int
    spheres: np.ndarray
    transforms: np.ndarray
    parts: np.ndarray | None = None
    """Smaller spheres (K, B, 4) whose convex hull holds each instance, where they are known."""

    def bounds(self, chosen: np.ndarray) -> np.ndarray:
        """(N, 4) spheres round some of the instances (numbers), as small as they are known."""
        return self.spheres[chosen] if self.parts is None else self.parts[chosen].reshape(-1, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawList:
    """Calls in order: (number of the thing, first index, index count, first place in `visible`, instance count)."""

    calls: tuple[tuple[int, int, int, int, int], ...]
    double_sided: tuple[bool, ...]
    seen: tuple[tuple[int, np.ndarray], ...]
    """Numbers of the things that are in it and spheres (N, 4) round their listed instances."""


class Geometry:
    """The things of a stage on the device. `place` moves them to a moment; `list_of` says what is drawn from where."""

    def __init__(self, gpu: Gpu, stage: Stage, table: SurfaceTable) -> None:
        self._gpu = gpu
        self._things = stage.things
        self._table = table
        shared: dict[tuple, _Uploaded] = {}
        self._meshes: list[_Uploaded] = []
        for thing in stage.things:
            clear = tuple(i for i, material in enumerate(thing.materials) if material.opacity < 1.0)
            if (id(thing.mesh), clear) not in shared:
                shared[id(thing.mesh), clear] = _upload(gpu, thing.mesh, clear)
            self._meshes.append(shared[id(thing.mesh), clear])
        self._still: list[Placed] = []
        rows: list[np.ndarray] = []
        slot = 0
        joint_rows = [_rows_of(np.eye(4, dtype=np.float32)[None])]
        for number, thing in enumerate(stage.things):
            if thing.moving or thing.mesh.joints is not None:
                continue
            pose = thing.motion.at(0.0)
            if not pose.visible or len(pose.transforms) == 0:
                continue
            rows.append(_slot_rows(thing, pose, pose, table.first[number], 0, 0))
            self._still.append(self._placed(number, pose, slot))
            slot += len(pose.transforms)
        self._still_slots = slot
        self._still_rows = np.concatenate(rows) if rows else np.zeros((0, _SLOT_FLOATS), np.float32)
        self._still_joints = np.concatenate(joint_rows)
        self._slots = gpu.buffer(max(1, slot + 64) * _SLOT_FLOATS * 4, "storage")
        self._joints = gpu.buffer(4096 * 48, "storage")
        self._visible = gpu.buffer(4 * max(1024, slot * 3), "storage")
        gpu.queue.write_buffer(self._slots, 0, self._still_rows.tobytes() or bytes(16))
        gpu.queue.write_buffer(self._joints, 0, self._still_joints.tobytes())
        self.layout = gpu.layout("storage", "storage", "storage", "storage")
        self._group = gpu.bind(self.layout, self._slots, self._joints, self._visible, table.buffer)
        self._listed: list[np.ndarray] = []
        self._listed_count = 0

    @property
    def group(self) -> wgpu.GPUBindGroup:
        """Group 1: slots, joints, visible, surfaces."""
        return self._group

    @property
    def still(self) -> Sequence[Placed]:
        """The things that never move."""
        return self._still

    def place(self, t: float, before: float) -> list[Placed]:
        """Write the moving things' poses at `t` and `before` [s] to the device; returns them. Starts new lists."""
        slot, joint = self._still_slots, len(self._still_joints) // 3
        rows, joints, placed = [], [], []
        for number, thing in enumerate(self._things):
            if not (thing.moving or thing.mesh.joints is not None):
                continue
            pose = thing.motion.at(t)
            if not pose.visible or len(pose.transforms) == 0:
                continue
            old = thing.motion.at(before) if thing.moving else pose
            if len(old.transforms) != len(pose.transforms):
                old = pose
            first = joint
            if thing.mesh.joints is not None and pose.joints is not None:
                old_joints = pose.joints if old.joints is None else old.joints
                joints += [_rows_of(pose.joints), _rows_of(old_joints)]
                joint += 2 * len(pose.joints)
                rows.append(_slot_rows(thing, pose, old, self._table.first[number], first, first + len(pose.joints)))
            else:
                rows.append(_slot_rows(thing, pose, old, self._table.first[number], 0, 0))
            placed.append(self._placed(number, pose, slot))
            slot += len(pose.transforms)
        self._grow(slot, joint)
        if rows:
            self._gpu.queue.write_buffer(
                self._slots, self._still_slots * _SLOT_FLOATS * 4, np.concatenate(rows).tobytes()
            )
        if joints:
            self._gpu.queue.write_buffer(self._joints, self._still_joints.nbytes, np.concatenate(joints).tobytes())
        self._listed, self._listed_count = [], 0
        return placed

    def list_of(
        self, placed: Sequence[Placed], planes: np.ndarray, eye: np.ndarray | None, *, clear: bool = False
    ) -> DrawList:
        """What of `placed` is inside `planes` (P, 4), nearest to `eye` (3,) first (any order for None).

        Solid triangles only; with `clear` those that let light through, farthest first.
        """
        calls, double_sided, order, seen = [], [], [], []
        for item in placed:
            if clear and self._meshes[item.number].clear[1] == 0:
                continue
            inside = np.all(item.spheres[:, :3] @ planes[:, :3].T + planes[:, 3] > -item.spheres[:, 3:], axis=1)
            chosen = np.flatnonzero(inside)
            if len(chosen) == 0:
                continue
            nearest = 0.0
            if eye is not None:
                distance = np.linalg.norm(item.spheres[chosen, :3] - eye, axis=1) - item.spheres[chosen, 3]
                chosen = chosen[np.argsort(-distance if clear else distance, kind="stable")]
                nearest = float(distance.min())
            seen.append((item.number, item.bounds(chosen)))
            first = self._listed_count
            self._listed.append((item.slot + chosen).astype(np.uint32))
            self._listed_count += len(chosen)
            ranges = [self._meshes[item.number].clear] if clear else self._ranges(item, chosen, planes)
            for start, count in ranges:
                calls.append((item.number, start, count, first, len(chosen)))
                double_sided.append(item.thing.double_sided)
                order.append(nearest)
        ranked = (
            np.argsort(np.asarray(order) * (-1 if clear else 1), kind="stable")
            if eye is not None
            else range(len(calls))
        )
        return DrawList(
            calls=tuple(calls[i] for i in ranked), double_sided=tuple(double_sided[i] for i in ranked), seen=tuple(seen)
        )

    def upload_lists(self) -> None:
        """Write the lists made since `place` to the device; call once before drawing."""
        if self._listed_count * 4 > self._visible.size:
            self._visible = self._gpu.buffer(self._listed_count * 8, "storage")
            self._rebind()
        if self._listed_count:
            self._gpu.queue.write_buffer(self._visible, 0, np.concatenate(self._listed).tobytes())

    def mesh_of(self, number: int) -> tuple[wgpu.GPUBuffer, wgpu.GPUBuffer | None, wgpu.GPUBuffer]:
        """Vertices, skin or None, and indices of a thing."""
        mesh = self._meshes[number]
        return mesh.vertices, mesh.skin, mesh.indices

    def _ranges(self, item: Placed, chosen: np.ndarray, planes: np.ndarray) -> list[tuple[int, int]]:
        chunks = self._meshes[item.number].chunks
        if len(chunks) == 1 or len(chosen) > 1:
            return [(0, sum(chunk.count for chunk in chunks))]
        matrix = item.transforms[chosen[0]].astype(np.float64)
        scale = float(np.linalg.norm(matrix[:3, :3], axis=0).max())
        kept = []
        for chunk in chunks:
            centre = matrix[:3, :3] @ chunk.centre + matrix[:3, 3]
            if np.all(planes[:, :3] @ centre + planes[:, 3] > -chunk.radius * scale):
                if kept and kept[-1][0] + kept[-1][1] == chunk.first:
                    kept[-1] = (kept[-1][0], kept[-1][1] + chunk.count)
                else:
                    kept.append((chunk.first, chunk.count))
        return kept

    def _placed(self, number: int, pose: Pose, slot: int) -> Placed:
        thing, mesh = self._things[number], self._meshes[number]
        spheres, parts = spheres_of(thing, mesh.bounds, pose)
        return Placed(
            thing=thing, number=number, slot=slot, spheres=spheres, transforms=np.asarray(pose.transforms), parts=parts
        )

    def _grow(self, slots: int, joints: int) -> None:
        if slots * _SLOT_FLOATS * 4 <= self._slots.size and joints * 48 <= self._joints.size:
            return
        self._slots = self._gpu.buffer(int(slots * 1.5) * _SLOT_FLOATS * 4, "storage")
        self._joints = self._gpu.buffer(max(int(joints * 1.5), 4096) * 48, "storage")
        self._gpu.queue.write_buffer(self._slots, 0, self._still_rows.tobytes() or bytes(16))
        self._gpu.queue.write_buffer(self._joints, 0, self._still_joints.tobytes())
        self._rebind()

    def _rebind(self) -> None:
        self._group = self._gpu.bind(self.layout, self._slots, self._joints, self._visible, self._table.buffer)


class GeometryPipelines:
    """The four ways to draw a thing: rigid or skinned, one- or double-sided."""

    def __init__(
        self,
        gpu: Gpu,
        module: wgpu.GPUShaderModule,
        groups: Sequence[wgpu.GPUBindGroupLayout],
        *,
        vertex: str,
        fragment: Mapping | None,
        depth: Mapping,
    ) -> None:
        self._made: dict[tuple[bool, bool], wgpu.GPURenderPipeline] = {}
        self._make = lambda skinned, double: gpu.pipeline(
            [gpu.frame_layout, *groups],
            vertex={
                "module": module,
                "entry_point": f"{'skinned' if skinned else 'rigid'}_{vertex}",
                "buffers": _VERTEX_BUFFERS if skinned else _VERTEX_BUFFERS[:1],
            },
            primitive={"topology": "triangle-list", "cull_mode": "none" if double else "back"},
            depth_stencil=dict(depth),
            **({"fragment": {"module": module, **fragment}} if fragment else {}),
        )

    def get(self, skinned: bool, double: bool) -> wgpu.GPURenderPipeline:
        """The pipeline, made when it is first asked for."""
        if (skinned, double) not in self._made:
            self._made[skinned, double] = self._make(skinned, double)
        return self._made[skinned, double]


def draw(
    render_pass: wgpu.GPURenderPassEncoder, geometry: Geometry, pipelines: GeometryPipelines, listed: DrawList
) -> None:
    """Record the calls of a list; groups 0 and 1 (and what the pipelines need besides) are set by the caller."""
    current, bound = None, None
    for (number, start, count, first, instances), double in zip(listed.calls, listed.double_sided, strict=True):
        vertices, skin, indices = geometry.mesh_of(number)
        pipeline = pipelines.get(skin is not None, double)
        if pipeline is not current:
            render_pass.set_pipeline(pipeline)
            current = pipeline
        if vertices is not bound:
            render_pass.set_vertex_buffer(0, vertices)
            if skin is not None:
                render_pass.set_vertex_buffer(1, skin)
            render_pass.set_index_buffer(indices, "uint32")
            bound = vertices
        render_pass.draw_indexed(count, instances, start, 0, first)


def sphere_planes(view_proj: np.ndarray) -> np.ndarray:
    """(5, 4) planes of a reversed infinite projection (left, right, bottom, top, near); inside is positive, unit normals."""
    rows = view_proj.astype(np.float64)
    planes = np.stack([rows[3] + rows[0], rows[3] - rows[0], rows[3] + rows[1], rows[3] - rows[1], rows[3] - rows[2]])
    return planes / np.maximum(np.linalg.norm(planes[:, :3], axis=1, keepdims=True), 1e-12)


def box_planes(matrix: np.ndarray) -> np.ndarray:
    """(4, 4) side planes of an orthographic projection; inside is positive."""
    rows = matrix.astype(np.float64)
    planes = np.stack([rows[3] + rows[0], rows[3] - rows[0], rows[3] + rows[1], rows[3] - rows[1]])
    return planes / np.maximum(np.linalg.norm(planes[:, :3], axis=1, keepdims=True), 1e-12)


def _attribute(format: str, offset: int, location: int) -> dict:
    return {"format": format, "offset": offset, "shader_location": location}


_VERTEX_BUFFERS = [
    {
        "array_stride": _RIGID.itemsize,
        "step_mode": "vertex",
        "attributes": [
            _attribute("float32x3", 0, 0),
            _attribute("snorm16x4", 12, 1),
            _attribute("unorm8x4", 20, 2),
            _attribute("uint8x4", 24, 3),
        ],
    },
    {
        "array_stride": _SKIN.itemsize,
        "step_mode": "vertex",
        "attributes": [_attribute("uint8x4", 0, 4), _attribute("unorm16x4", 4, 5)],
    },
]


def _rows_of(matrices: np.ndarray) -> np.ndarray:
    """(K, 4, 4) -> (3 K, 4) float32: the rows that are not 0 0 0 1."""
    return np.ascontiguousarray(np.asarray(matrices, np.float32)[:, :3, :]).reshape(-1, 4)


def _slot_rows(thing: Thing, pose: Pose, old: Pose, surface: int, joint: int, joint_before: int) -> np.ndarray:
    """(K, 32) float32 rows of the slot table."""
    count = len(pose.transforms)
    rows = np.zeros((count, _SLOT_FLOATS), np.float32)
    rows[:, 0:12] = np.asarray(pose.transforms, np.float32)[:, :3, :].reshape(count, 12)
    rows[:, 12:24] = np.asarray(old.transforms, np.float32)[:, :3, :].reshape(count, 12)
    tints = pose.tints if pose.tints is not None else thing.tints
    rows[:, 24:27] = 1.0 if tints is None else tints
    rows[:, 27] = np.linalg.norm(rows[:, 0:12].reshape(count, 3, 4)[:, :, :3], axis=1).mean(axis=1)
    flags = _GROUND * thing.ground | _SKINNED * (thing.mesh.joints is not None) | _MOVING * thing.moving
    integers = rows[:, 28:32].view(np.uint32)
    integers[:] = (joint, joint_before, thing.subject, flags | surface << 8)
    return rows


def _upload(gpu: Gpu, mesh: Mesh, clear: tuple[int, ...]) -> _Uploaded:
    count = len(mesh.positions)
    packed = np.zeros(count, _RIGID)
    packed["position"] = mesh.positions
    packed["normal"][:, :3] = np.round(np.clip(mesh.normals, -1, 1) * 32767)
    packed["normal"][:, 3] = np.round(np.clip(mesh.occlusion, 0, 1) * 32767)
    packed["colour"][:, :3] = np.round(np.sqrt(np.clip(mesh.colours, 0, 1)) * 255)
    packed["colour"][:, 3] = np.round(np.clip(mesh.mask, 0, 1) * 255)
    packed["kind"][:, 0] = mesh.material
    packed["kind"][:, 2] = np.round(np.clip(mesh.sway, 0, 1) * 255)
    skin = None
    if mesh.joints is not None and mesh.weights is not None:
        bound = np.zeros(count, _SKIN)
        bound["joints"] = mesh.joints
        bound["weights"] = _whole_weights(mesh.weights)
        skin = gpu.buffer(bound.view(np.uint8), "vertex")
    is_clear = np.isin(mesh.material[mesh.indices[:, 0]], clear) if clear else np.zeros(len(mesh.indices), bool)
    solid, chunks = _chunked(mesh, mesh.indices[~is_clear])
    indices = np.concatenate([solid, mesh.indices[is_clear]])
    return _Uploaded(
        vertices=gpu.buffer(packed.view(np.uint8), "vertex"), skin=skin, indices=gpu.buffer(indices, "index"),
        chunks=chunks, clear=(3 * len(solid), 3 * int(is_clear.sum())), bounds=mesh_bounds(mesh),
    )  # fmt: skip


def _whole_weights(weights: np.ndarray) -> np.ndarray:
    """(N, 4) weights as 16-bit parts that sum to exactly 65535, so that rounding does not shrink the body."""
    total = np.maximum(weights.sum(1, keepdims=True), 1e-9)
    parts = np.floor(weights / total * 65535).astype(np.int64)
    rest = 65535 - parts.sum(1)
    parts[np.arange(len(parts)), parts.argmax(1)] += rest
    return parts.astype(np.uint16)


def _chunked(mesh: Mesh, indices: np.ndarray) -> tuple[np.ndarray, tuple[_Chunk, ...]]:
    """`indices` (M, 3) ordered so that large meshes fall into compact pieces that can be culled, and the pieces."""
    triangles = len(indices)
    if triangles == 0:
        return np.zeros((1, 3), np.uint32), (_Chunk(first=0, count=0, centre=np.zeros(3), radius=0.0),)
    middle = mesh.positions[indices].mean(axis=1)
    pieces = [np.arange(triangles)]
    if mesh.joints is None:
        while any(len(piece) > _CHUNK_TRIANGLES for piece in pieces):
            pieces = [half for piece in pieces for half in _halves(piece, middle)]
    chunks, first = [], 0
    for piece in pieces:
        corners = mesh.positions[indices[piece]].reshape(-1, 3).astype(np.float64)
        centre = (corners.min(0) + corners.max(0)) / 2
        radius = float(np.linalg.norm(corners - centre, axis=1).max())
        chunks.append(_Chunk(first=first, count=3 * len(piece), centre=centre, radius=radius))
        first += 3 * len(piece)
    return np.ascontiguousarray(indices[np.concatenate(pieces)]), tuple(chunks)


def _halves(piece: np.ndarray, middle: np.ndarray) -> list[np.ndarray]:
    if len(piece) <= _CHUNK_TRIANGLES:
        return [piece]
    points = middle[piece]
    axis = int(np.argmax(points.max(0) - points.min(0)))
    order = np.argsort(points[:, axis], kind="stable")
    half = len(piece) // 2
    return [np.sort(piece[order[:half]]), np.sort(piece[order[half:]])]
