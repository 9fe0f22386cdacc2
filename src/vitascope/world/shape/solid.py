"""Crisp solids: boxes with bevels, lathes, tubes, extrusions and lofts. All in metres, outward normals, y up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from vitascope.world.mesh import Mesh

__all__ = ["box", "cone_solid", "creased", "cylinder", "disc", "extrude", "grid", "lathe", "loft", "sphere", "tube"]

Vec = tuple[float, float, float]


def creased(positions: np.ndarray, indices: np.ndarray, *, angle: float = 40.0) -> Mesh:
    """A mesh whose normals are smooth across edges flatter than `angle` [deg] and split across sharper ones."""
    p = np.asarray(positions, np.float64)
    faces = np.asarray(indices, np.int64).reshape(-1, 3)
    welded, weld = np.unique(np.round(p, 6), axis=0, return_inverse=True)
    weld = weld.reshape(-1)
    corner_vertex = weld[faces].reshape(-1)
    tri = p[faces]
    normal = np.cross(tri[:, 1] - tri[:, 0], tri[:, 2] - tri[:, 0])
    keep = np.linalg.norm(normal, axis=1) > 1e-14
    faces, normal = faces[keep], normal[keep]
    corner_vertex = weld[faces].reshape(-1)
    face_of = np.repeat(np.arange(len(faces)), 3)
    incidence = sparse.csr_matrix(
        (np.ones(len(corner_vertex)), (np.arange(len(corner_vertex)), corner_vertex)),
        shape=(len(corner_vertex), len(welded)),
    )
    pairs = (incidence @ incidence.T).tocoo()
    unit = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    smooth = np.einsum("ij,ij->i", unit[face_of[pairs.row]], unit[face_of[pairs.col]]) > np.cos(np.radians(angle))
    rows, columns = pairs.row[smooth], pairs.col[smooth]
    total = np.stack(
        [np.bincount(rows, normal[face_of[columns], axis], len(corner_vertex)) for axis in range(3)], axis=1
    )
    total /= np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)
    key = np.concatenate([corner_vertex[:, None], np.round(total * 500)], axis=1)
    _, first, back = np.unique(key, axis=0, return_index=True, return_inverse=True)
    return Mesh.of(welded[corner_vertex[first]], back.reshape(-1, 3), normals=total[first])


def box(size: Vec, *, centre: Vec = (0.0, 0.0, 0.0), bevel: float = 0.0) -> Mesh:
    """A box of full extents `size`; a `bevel` [m] rounds its edges in one step."""
    half = np.asarray(size, float) / 2
    bevel = float(min(bevel, half.min() * 0.95))
    sides = [(axis, sign) for axis in range(3) for sign in (-1, 1)]
    positions, normals, faces, corner = [], [], [], {}
    for axis, sign in sides:
        u, v = (axis + 1) % 3, (axis + 2) % 3
        start = len(positions)
        for su, sv in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            point = np.zeros(3)
            point[axis], point[u], point[v] = sign * half[axis], su * (half[u] - bevel), sv * (half[v] - bevel)
            signs = np.zeros(3, int)
            signs[axis], signs[u], signs[v] = sign, su, sv
            corner[(tuple(signs), axis)] = len(positions)
            positions.append(point)
            normals.append(sign * np.eye(3)[axis])
        quad = [start, start + 1, start + 2, start + 3]
        faces += _quad(quad if sign > 0 else quad[::-1])
    if bevel > 0:
        faces += _bevel_faces(corner, np.array(positions))
    return Mesh.of(np.array(positions) + np.asarray(centre), np.array(faces), normals=np.array(normals))


def lathe(profile: Sequence[tuple[float, float]], *, segments: int = 24, angle: float = 35.0) -> Mesh:
    """A solid of revolution about y from (radius, height) pairs, given from the bottom up (outside to the right)."""
    turn = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    r, y = np.asarray(profile, float).T
    rings = np.stack(
        [r[:, None] * np.sin(turn), np.broadcast_to(y[:, None], (len(r), segments)), r[:, None] * np.cos(turn)], -1
    )
    return loft(rings, cap=False, angle=angle)


def loft(rings: np.ndarray, *, cap: bool = True, angle: float = 40.0, closed: bool = True) -> Mesh:
    """A skin over `rings` (R, S, 3), each running counter-clockwise seen from beyond the last ring."""
    rings = np.asarray(rings, float)
    count, segments, _ = rings.shape
    span = segments if closed else segments - 1
    i, s = np.meshgrid(np.arange(count - 1), np.arange(span), indexing="ij")
    a, b = i * segments + s, i * segments + (s + 1) % segments
    quads = np.stack([a, b, b + segments, a + segments], -1).reshape(-1, 4)
    faces = [quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]
    points = [rings.reshape(-1, 3)]
    if cap:
        middle = len(points[0])
        points.append(np.stack([rings[0].mean(0), rings[-1].mean(0)]))
        ring = np.arange(span)
        after = (ring + 1) % segments
        last = (count - 1) * segments
        faces.append(np.stack([np.full(span, middle), after, ring], -1))
        faces.append(np.stack([np.full(span, middle + 1), last + ring, last + after], -1))
    return creased(np.concatenate(points), np.concatenate(faces), angle=angle)


def tube(path: np.ndarray, radii: float | Sequence[float], *, segments: int = 10, angle: float = 60.0) -> Mesh:
    """A round tube along `path` (R, 3) with one radius or one at each point, closed at both ends."""
    path = np.asarray(path, float)
    radius = np.broadcast_to(np.asarray(radii, float), (len(path),))
    tangent = np.gradient(path, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-12)
    side = np.cross(tangent[0], [0.0, 1.0, 0.0] if abs(tangent[0][1]) < 0.9 else [1.0, 0.0, 0.0])
    rings = []
    turn = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    for point, forward, r in zip(path, tangent, radius, strict=True):
        side = side - forward * (side @ forward)
        side /= np.linalg.norm(side)
        up = np.cross(forward, side)
        rings.append(point + r * (np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * up))
    return loft(np.array(rings), angle=angle)


def cylinder(radius: float, height: float, *, segments: int = 20, bevel: float = 0.0) -> Mesh:
    """An upright cylinder standing on y = 0."""
    b = min(bevel, radius * 0.5, height * 0.5)
    profile = [(1e-5, 0.0), (radius - b, 0.0), (radius, b), (radius, height - b), (radius - b, height), (1e-5, height)]
    return lathe(profile if b > 0 else [profile[0], (radius, 0.0), (radius, height), profile[-1]], segments=segments)


def cone_solid(radius: float, height: float, *, top: float = 0.0, segments: int = 20) -> Mesh:
    """An upright cone (or its stump, with radius `top`) standing on y = 0."""
    return lathe([(1e-5, 0.0), (radius, 0.0), (max(top, 1e-5), height), (1e-5, height)], segments=segments)


def sphere(radius: float, *, segments: int = 20, centre: Vec = (0.0, 0.0, 0.0), squash: Vec = (1.0, 1.0, 1.0)) -> Mesh:
    """A ball of `segments` meridians; `squash` scales its axes."""
    theta = np.linspace(-np.pi / 2, np.pi / 2, segments // 2 + 1)
    mesh = lathe(
        list(zip(np.maximum(radius * np.cos(theta), 1e-5), radius * np.sin(theta), strict=True)),
        segments=segments,
        angle=80,
    )
    scale = np.asarray(squash, np.float32)
    normals = mesh.positions / scale
    normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    return replace(mesh, positions=mesh.positions * scale + np.asarray(centre, np.float32), normals=normals)


def disc(radius: float, *, segments: int = 24) -> Mesh:
    """A flat disc at y = 0 that faces up."""
    turn = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    rim = np.stack([radius * np.sin(turn), np.zeros(segments), radius * np.cos(turn)], -1)
    ring = np.arange(segments)
    faces = np.stack([np.full(segments, segments), ring, (ring + 1) % segments], -1)
    return creased(np.concatenate([rim, np.zeros((1, 3))]), faces)


def extrude(outline: Sequence[tuple[float, float]], depth: float, *, bevel: float = 0.0) -> Mesh:
    """A polygon in x, y (counter-clockwise, may be concave) given thickness `depth` along z, centred on z = 0."""
    points = np.asarray(outline, float)
    n = len(points)
    triangles = _ears(points)
    front = np.column_stack([points, np.full(n, depth / 2)])
    back = np.column_stack([points, np.full(n, -depth / 2)])
    ring = np.arange(n)
    after = (ring + 1) % n
    if bevel <= 0:
        rings, layers = np.concatenate([front, back]), [(0, n)]
    else:
        inset = points - bevel * _outward(points)
        caps = [np.column_stack([inset, np.full(n, z)]) for z in (depth / 2, -depth / 2)]
        front[:, 2] -= bevel
        back[:, 2] += bevel
        rings = np.concatenate([caps[0], caps[1], front, back])
        layers = [(0, 2 * n), (2 * n, 3 * n), (3 * n, n)]
    faces = [triangles, triangles[:, ::-1] + n]
    for top, bottom in layers:
        faces.append(np.stack([top + ring, bottom + ring, bottom + after], -1))
        faces.append(np.stack([top + ring, bottom + after, top + after], -1))
    return creased(rings, np.concatenate(faces), angle=30)


def grid(x: np.ndarray, z: np.ndarray, heights: np.ndarray) -> Mesh:
    """A height field: x (X,) and z (Z,) ascending, heights (Z, X)."""
    gx, gz = np.meshgrid(x, z)
    positions = np.stack([gx, heights, gz], -1).reshape(-1, 3)
    index = np.arange(gx.size).reshape(gx.shape)
    a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, :-1].ravel(), index[1:, 1:].ravel()
    return Mesh.of(positions, np.concatenate([np.stack([a, c, b], -1), np.stack([b, c, d], -1)]))


def _quad(q: list[int]) -> list[list[int]]:
    return [[q[0], q[1], q[2]], [q[0], q[2], q[3]]]


def _bevel_faces(corner: dict, positions: np.ndarray) -> list[list[int]]:
    faces = []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        for su in (-1, 1):
            for sv in (-1, 1):
                ends = []
                for sa in (-1, 1):
                    signs = np.zeros(3, int)
                    signs[axis], signs[u], signs[v] = sa, su, sv
                    ends.append((corner[(tuple(signs), u)], corner[(tuple(signs), v)]))
                faces += _outward_quad([ends[0][0], ends[0][1], ends[1][1], ends[1][0]], positions)
    for sx in (-1, 1):
        for sy in (-1, 1):
            for sz in (-1, 1):
                signs = (sx, sy, sz)
                faces.append(_outward_face([corner[(signs, axis)] for axis in range(3)], positions))
    return faces


def _outward_face(face: list[int], positions: np.ndarray) -> list[int]:
    a, b, c = positions[face]
    return face if np.cross(b - a, c - a) @ (a + b + c) > 0 else face[::-1]


def _outward_quad(quad: list[int], positions: np.ndarray) -> list[list[int]]:
    first = _outward_face(quad[:3], positions)
    return _quad(quad if first == quad[:3] else quad[::-1])


def _outward(points: np.ndarray) -> np.ndarray:
    edge = np.roll(points, -1, 0) - points
    normal = np.stack([edge[:, 1], -edge[:, 0]], -1)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    mitre = normal + np.roll(normal, 1, 0)
    return mitre / np.maximum(np.einsum("ij,ij->i", mitre, mitre)[:, None] / 2, 0.3)


def _ears(points: np.ndarray) -> np.ndarray:
    left = list(range(len(points)))
    triangles = []

    def turn(a: int, b: int, c: int) -> float:
        (ax, ay), (bx, by), (cx, cy) = points[a], points[b], points[c]
        return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)

    while len(left) > 3:
        for k in range(len(left)):
            a, b, c = left[k - 1], left[k], left[(k + 1) % len(left)]
            inside = any(
                turn(a, b, q) >= 0 and turn(b, c, q) >= 0 and turn(c, a, q) >= 0 for q in left if q not in (a, b, c)
            )
            if turn(a, b, c) > 0 and not inside:
                triangles.append((a, b, c))
                left.pop(k)
                break
        else:
            break
    if len(left) == 3:
        triangles.append(tuple(left))
    return np.array(triangles)
