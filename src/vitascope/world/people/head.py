"""Heads: skull, face, ears and neck as one mould; eyes, lids, brows, lips and teeth as parts that move."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vitascope.world.mesh import Mesh, joined
from vitascope.world.people.frame import BONES, SIDES, eye_centre, fixed, smooth
from vitascope.world.people.physique import Physique
from vitascope.world.people.piece import Cells, Piece, moulded
from vitascope.world.shape import Blob, ball, cone, ellipsoid, loft, tube
from vitascope.world.shape.mould import field
from vitascope.world.skeleton import turned

__all__ = ["Face", "face_of", "head_blobs", "head_pieces", "in_head"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What makes one face differ from the next; lengths are shares of the ordinary ones."""

    nose_length: float
    nose_width: float
    jaw: float
    cheek: float
    lip: float
    eye: float
    smile: float
    """-1 sad, 0 calm, 1 laughing."""
    brow: float
    """-1 angry (inner ends low), 1 worried (inner ends high)."""
    wide: float
    """Extra opening of the eyes, 0..1."""


_MOODS = {
    "happy": (0.9, 0.1, 0.0),
    "joyful": (1.0, 0.2, 0.1),
    "excited": (1.0, 0.3, 0.4),
    "playful": (0.9, 0.2, 0.1),
    "cheerful": (0.9, 0.1, 0.0),
    "proud": (0.5, -0.1, 0.0),
    "calm": (0.25, 0.1, -0.1),
    "peaceful": (0.35, 0.1, -0.2),
    "sad": (-0.8, 0.9, -0.1),
    "lonely": (-0.6, 0.8, 0.0),
    "melancholy": (-0.5, 0.7, -0.1),
    "tired": (-0.3, 0.4, -0.5),
    "angry": (-0.6, -1.0, 0.1),
    "determined": (-0.1, -0.6, 0.0),
    "serious": (-0.15, -0.3, 0.0),
    "scared": (-0.5, 0.9, 0.8),
    "surprised": (0.1, 0.6, 1.0),
    "curious": (0.25, 0.4, 0.4),
    "worried": (-0.4, 0.8, 0.2),
    "laughing": (1.0, 0.3, -0.2),
}


def face_of(p: Physique, *, seed: int, mood: str | None) -> Face:
    """The face of one person: features vary by `seed`, the expression follows `mood` (unknown moods look friendly)."""
    draw = np.random.default_rng([seed, 21]).uniform(-1, 1, 8)
    smile, brow, wide = _MOODS.get((mood or "").lower(), (0.42 + 0.12 * draw[6], 0.05, 0.0))
    return Face(
        nose_length=1 + 0.14 * draw[0] + (0.08 if p.age == "old" else 0),
        nose_width=1 + 0.18 * draw[1] + (0.08 if p.age == "old" else 0),
        jaw=1 + 0.07 * draw[2] + (-0.09 if p.female else 0.03) + (0.08 if p.build in ("heavy", "muscular") else 0.0),
        cheek=1 + 0.10 * draw[3] + (0.14 if p.build == "heavy" else 0.0),
        lip=1 + 0.18 * draw[4] + (0.16 if p.female else -0.08),
        eye=1 + 0.05 * draw[5],
        smile=smile,
        brow=brow,
        wide=wide,
    )


def in_head(p: Physique, x: float, y: float, z: float) -> tuple[float, float, float]:
    """A point of the head: shares of its height from the middle of the chin (x left, y up, z ahead)."""
    return x * p.head, p.chin_y + y * p.head, z * p.head


def head_blobs(p: Physique, face: Face, *, ears: bool = True) -> tuple[Blob, ...]:
    """Skull, face and neck. Colours redden cheeks, nose, ears; all of it is skin."""
    h, y = p.head, p.youth
    eye = p.eye_y
    adult_man = (1 - y) * (not p.female)
    rose = (1.0, 0.86, 0.84)
    jaw = face.jaw * (1 - 0.05 * y)

    def at(a: float, b: float, c: float) -> tuple[float, float, float]:
        return in_head(p, a, b, c)

    def r(x: float, y_: float, z: float) -> tuple[float, float, float]:
        return x * h, y_ * h, z * h

    blobs = [
        ellipsoid(at(0, 0.635 + 0.01 * y, -0.06), r(0.322 + 0.026 * y, 0.365, 0.39), blend=0),
        ellipsoid(at(0, 0.355, 0.07), r(0.282 * jaw + 0.055 * y, 0.32 - 0.02 * y, 0.265 + 0.02 * y), blend=0.09 * h),
        ellipsoid(at(0, 0.66, 0.10), r(0.285 + 0.02 * y, 0.24, 0.235), blend=0.08 * h),
    ]
    for _, s in SIDES:
        blobs += [
            cone(
                at(s * 0.195 * jaw, 0.24 + 0.02 * y, 0.0),
                at(s * (0.05 + 0.035 * y), 0.085 + 0.01 * y, 0.215),
                0.075 * h,
                (0.068 + 0.012 * y) * h,
                blend=0.09 * h,
            ),
            ellipsoid(
                at(s * (0.168 - 0.012 * y), eye - 0.15, 0.20),
                r(0.105 * face.cheek + 0.015 * y, 0.095 + 0.015 * y, 0.092 + 0.015 * y),
                blend=0.10 * h,
                colour=rose,
            ),
            cone(
                at(s * 0.05, eye + 0.095, 0.288),
                at(s * 0.20, eye + 0.10, 0.235),
                (0.034 + 0.008 * adult_man) * h,
                0.03 * h,
                blend=0.05 * h,
            ),
        ]
    blobs += [
        ball(at(0, 0.078, 0.232 + 0.012 * adult_man), (0.078 + 0.008 * adult_man) * h, blend=0.06 * h),
        ellipsoid(at(0, 0.19, 0.245), r(0.125, 0.10, 0.085), blend=0.06 * h),
    ]
    for _, s in SIDES:
        socket = eye_centre(p, s) / h - np.array([0, p.chin_y / h, 0])
        blobs.append(
            ellipsoid(
                at(socket[0], socket[1], socket[2] + 0.105),
                r(p.eye * 1.12, p.eye * 1.0, 0.072),
                blend=0.04 * h,
                cut=True,
            )
        )
    blobs += _nose(p, face)
    if ears:
        for _, s in SIDES:
            blobs += _ear(p, s)
    return (*blobs, *_throat(p))


def _throat(p: Physique) -> list[Blob]:
    """Neck and the top of the chest, as far as a neckline shows it."""
    h = p.head
    return [
        cone(
            in_head(p, 0, 0.16, -0.11),
            (0, p.neck_y - 0.004 * p.height, -0.012 * p.height),
            p.neck * 0.98,
            p.neck * 1.04,
            blend=0.05 * h,
        ),
        cone(
            (0, p.neck_y - 0.004 * p.height, -0.012 * p.height),
            (0, p.shoulder[1] - 0.015 * p.height, -0.004 * p.height),
            p.neck * 1.04,
            p.neck * 1.3,
            blend=0.05 * h,
        ),
        ellipsoid(
            (0, p.shoulder[1] - 0.035 * p.height, 0.16 * p.chest[1]),
            (0.60 * p.shoulder[0], 0.042 * p.height, 0.56 * p.chest[1]),
            blend=0.04 * h,
        ),
    ]


def head_pieces(p: Physique, face: Face, grain: Cells, *, bind: object, ears: bool = True) -> list[Piece]:
    """Every piece of the head but hair. `bind` binds a mesh to the body by where it lies (the neck follows the trunk)."""
    blobs = head_blobs(p, face, ears=ears)
    mesh = bind(moulded(blobs, grain.head))  # type: ignore[operator]
    mesh = _with_jaw(mesh, p)
    pieces = [Piece(mesh=mesh, materials=("skin",))]
    for name, s in SIDES:
        pieces += _eye(p, face, grain, name, s)
        pieces.append(_brow(p, face, grain, blobs, name, s))
    return pieces + _mouth(p, face, grain, blobs)


def _mouth_y(p: Physique) -> float:
    return 0.192 - 0.02 * p.youth


def _nose(p: Physique, face: Face) -> list[Blob]:
    h, size = p.head, 1 - 0.42 * p.youth
    long, wide = face.nose_length * size, face.nose_width * size
    base = 0.305 - 0.02 * p.youth
    out = 0.330 + 0.062 * long
    rose = (1.0, 0.90, 0.87)
    blobs = [
        cone(
            in_head(p, 0, p.eye_y + 0.05, 0.285),
            in_head(p, 0, base + 0.03, out - 0.012),
            0.026 * h,
            0.036 * wide * h,
            blend=0.045 * h,
        ),
        ball(in_head(p, 0, base + 0.012, out), 0.047 * wide**0.7 * h, blend=0.022 * h, colour=rose),
    ]
    for _, s in SIDES:
        blobs.append(
            ball(in_head(p, s * 0.043 * wide, base, out - 0.032), 0.032 * wide * h, blend=0.02 * h, colour=rose)
        )
    return blobs


def _ear(p: Physique, s: float) -> list[Blob]:
    h = p.head
    turn = turned("y", s * 0.38) @ turned("x", -0.16)
    y = p.eye_y - 0.035
    x = 0.335 + 0.028 * p.youth
    rose = (1.0, 0.84, 0.80)
    return [
        ellipsoid(
            in_head(p, s * x, y, -0.045), (0.034 * h, 0.098 * h, 0.064 * h), rotation=turn, blend=0.022 * h, colour=rose
        ),
        ellipsoid(
            in_head(p, s * (x + 0.040), y + 0.012, -0.026),
            (0.028 * h, 0.060 * h, 0.036 * h),
            rotation=turn,
            blend=0.018 * h,
            cut=True,
        ),
    ]


def _with_jaw(mesh: Mesh, p: Physique) -> Mesh:
    """Chin and lower lip follow the jaw, fading into the cheeks."""
    q = mesh.positions.astype(float)
    x, y, z = q[:, 0] / p.head, (q[:, 1] - p.chin_y) / p.head, q[:, 2] / p.head
    mouth = _mouth_y(p)
    low = smooth(mouth + 0.012, mouth - 0.018, y + 0.25 * np.abs(x) * 0)
    side = smooth(0.30, 0.10, np.abs(x)) * smooth(-0.02, 0.16, z) * smooth(-0.10, 0.0, y)
    share = (low * side).astype(np.float32)
    joints, weights = mesh.joints.copy(), mesh.weights.copy()  # type: ignore[union-attr]
    head, jaw = BONES.index("head"), BONES.index("jaw")
    rows = np.flatnonzero(share > 0.01)
    for i in rows:
        joints[i] = (head, jaw, 0, 0)
        weights[i] = (1 - share[i], share[i], 0, 0)
    return replace(mesh, joints=joints, weights=weights)


def surface_z(blobs: tuple[Blob, ...], x: np.ndarray, y: np.ndarray, near: float, far: float) -> np.ndarray:
    """(K,) z of the frontmost surface of `blobs` at x, y (K,), searched between far (in front) and near by
    bisection; `near` where nothing is met."""
    samples = np.linspace(far, near, 28)
    points = np.stack([np.repeat(x, 28), np.repeat(y, 28), np.tile(samples, len(x))], 1)
    d = field(blobs, points).reshape(len(x), 28)
    met = (d < 0).any(1)
    first = np.argmax(d < 0, axis=1)
    a, b = samples[np.maximum(first - 1, 0)], samples[first]
    for _ in range(10):
        m = (a + b) / 2
        inside = field(blobs, np.stack([x, y, m], 1)) < 0
        a, b = np.where(inside, a, m), np.where(inside, m, b)
    return np.where(met, (a + b) / 2, near)


def _eye(p: Physique, face: Face, grain: Cells, name: str, s: float) -> list[Piece]:
    r = p.eye * p.head * face.eye
    centre = eye_centre(p, s)
    n = max(grain.segments + 4, 12) if grain.is_fine else 9
    ball_ = _eyeball(r, n)
    pieces = [
        Piece(
            mesh=fixed(replace(ball_, positions=(ball_.positions + centre).astype(np.float32)), f"eye_{name}"),
            materials=("iris", "eye_white"),
        )
    ]
    tilt = turned("y", 0.10 * s)
    opened = np.radians(27 + 18 * face.wide - 6 * max(face.smile, 0))
    upper, lash = _lid(r * 1.075, opened, np.radians(118), n, tilt, slant=0.09 * s)
    lower, _ = _lid(r * 1.06, np.radians(-118), np.radians(-34 + 9 * max(face.smile, 0)), n, tilt, slant=0.05 * s)
    for mesh, bone in ((upper, f"lid_{name}"), (lower, "head")):
        moved = replace(mesh, positions=(mesh.positions + centre).astype(np.float32))
        pieces.append(Piece(mesh=fixed(moved, bone), materials=("lid",)))
    thick = (0.085 if p.female else 0.06) * r * (1.0 if p.age != "old" else 0.7)
    line = tube(
        lash + centre,
        (thick * np.interp(np.linspace(0, 1, len(lash)), [0, 0.5, 1], [0.35, 1.0, 0.35])).tolist(),
        segments=6,
        angle=100,
    )
    pieces.append(Piece(mesh=fixed(line, f"lid_{name}"), materials=("lash",)))
    glint = _glint(r, n)
    pieces.append(
        Piece(
            mesh=fixed(replace(glint, positions=(glint.positions + centre).astype(np.float32)), "head"),
            materials=("glint",),
        )
    )
    return pieces


def _eyeball(r: float, n: int) -> Mesh:
    """A ball that looks along +z with white, limbal ring, iris and pupil in vertex colours (iris 0.56, pupil 0.26 of r)."""
    edges = [0.0, 0.26, 0.262, 0.40, 0.52, 0.575, 0.59, 0.8, 1.15, 1.57, 2.2, 3.14]
    tones = [0.01, 0.01, 0.7, 1.3, 1.0, 0.25, 0.95, 1.0, 1.0, 1.0, 1.0, 1.0]
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    rings, colours = [], []
    for angle, tone in zip(edges, tones, strict=True):
        flat = 0.985 if angle < 0.58 else 1.0
        ring = (
            np.stack([np.sin(angle) * np.cos(turn), np.sin(angle) * np.sin(turn), np.full(n, np.cos(angle) * flat)], 1)
            * r
        )
        rings.append(ring)
        colours.append(np.full((n, 3), tone))
    p = np.concatenate(rings)
    i, k = np.meshgrid(np.arange(len(edges) - 1), np.arange(n), indexing="ij")
    a, b = (i * n + k).ravel(), (i * n + (k + 1) % n).ravel()
    faces = np.concatenate([np.stack([a, a + n, b], 1), np.stack([b, a + n, b + n], 1)])
    normals = p / np.linalg.norm(p, axis=1, keepdims=True)
    white = np.repeat(np.array(edges) > 0.58, n)
    return Mesh.of(p, faces, normals=normals, colours=np.concatenate(colours), material=white.astype(np.uint8))


def _lid(r: float, low: float, high: float, n: int, tilt: np.ndarray, *, slant: float) -> tuple[Mesh, np.ndarray]:
    """A shell of a ball between two elevations about the x axis, and its lower edge (K, 3) from left to right."""
    around = np.linspace(0.06, np.pi - 0.06, n)
    rise = np.linspace(low, high, 7)
    x = np.cos(around)
    rings = []
    for k, e in enumerate(rise):
        shift = slant * x * (1 - k / 6)
        angle = e + shift
        ring = np.stack([x, np.sin(around) * np.sin(angle), np.sin(around) * np.cos(angle)], 1) * r
        rings.append(ring @ tilt.T)
    shape = np.array(rings)
    flip = shape[:, ::-1]
    mesh = loft(flip, cap=False, closed=False, angle=180)
    outward = mesh.positions / np.linalg.norm(mesh.positions, axis=1, keepdims=True)
    wrong = (mesh.normals * outward).sum(1).mean() < 0
    indices = mesh.indices[:, ::-1] if wrong else mesh.indices
    return replace(mesh, indices=np.ascontiguousarray(indices), normals=outward.astype(np.float32)), shape[0]


def _glint(r: float, n: int) -> Mesh:
    spots = []
    for x, y, size in ((-0.24, 0.27, 0.115), (0.20, -0.20, 0.05)):
        z = np.sqrt(1.02 - x * x - y * y)
        centre = np.array([x, y, z])
        axis = centre / np.linalg.norm(centre)
        u = np.cross([0.0, 1.0, 0.0], axis)
        u /= np.linalg.norm(u)
        v = np.cross(axis, u)
        turn = np.linspace(0, 2 * np.pi, 8, endpoint=False)
        rim = centre + size * (np.cos(turn)[:, None] * u + np.sin(turn)[:, None] * v)
        points = np.concatenate([rim, centre[None] * 1.012]) * r
        k = np.arange(8)
        faces = np.stack([k, (k + 1) % 8, np.full(8, 8)], 1)
        spots.append(Mesh.of(points, faces, normals=np.repeat(axis[None], 9, 0)))
    return joined(spots)


def _brow(p: Physique, face: Face, grain: Cells, blobs: tuple[Blob, ...], name: str, s: float) -> Piece:
    u = np.linspace(0, 1, 9)
    h, eye = p.head, p.eye_y
    x = s * (0.062 + 0.175 * u) * h
    arch = (0.030 if p.female else 0.018) * np.sin(np.pi * np.clip(u * 0.85 + 0.12, 0, 1))
    rise = p.eye * 1.52 + 0.012 * face.wide
    y = p.chin_y + (eye + rise + arch - 0.012 * u + 0.040 * face.brow * (0.55 - u) * (1 if face.brow > 0 else 0.9)) * h
    z = surface_z(blobs, x, y, 0.05 * h, 0.6 * h)
    path = np.stack([x, y, z + 0.004 * h], 1)
    thick = (0.0135 if p.female else 0.0185) * (1 - 0.35 * p.youth) * h
    radii = thick * np.interp(u, [0, 0.25, 0.7, 1], [0.75, 1.0, 0.85, 0.3])
    return Piece(mesh=fixed(tube(path, radii.tolist(), segments=6, angle=100), f"brow_{name}"), materials=("brow",))


def _mouth(p: Physique, face: Face, grain: Cells, blobs: tuple[Blob, ...]) -> list[Piece]:
    h, mid = p.head, _mouth_y(p)
    half = (0.104 + 0.020 * max(face.smile, 0) - 0.012 * p.youth) * (1.0 if not p.female else 0.95)
    u = np.linspace(-1, 1, 13)
    x = half * u * h
    curve = 0.030 * face.smile * (u**2 - 0.25)
    rims = []
    fat = 0.0165 * face.lip * (1 - 0.25 * p.youth)
    pieces = []
    for bone, lift, thick, arch in (("head", 0.36, 0.85, 1), ("jaw", -0.44, 1.0, -1)):
        bow = (0.006 * np.cos(np.clip(u * 1.4, -1, 1) * np.pi * 1.0) * -0.4 if arch > 0 else 0.0) * np.ones_like(u)
        y = p.chin_y + (mid + curve + lift * fat * (1 - u**4) + bow * (1 - u**2)) * h
        z = surface_z(blobs, x, y, 0.05 * h, 0.6 * h)
        taper = np.sqrt(np.clip(1 - u**4, 0.0, 1)) * 0.85 + 0.15
        path = np.stack([x, y, z + 0.001 * h], 1)
        rims.append(path)
        mesh = tube(path, (fat * thick * taper * h).tolist(), segments=8, angle=100)
        if bone == "jaw":
            edge = smooth(0.93, 0.70, np.abs(mesh.positions[:, 0] / h) / half)
            pieces.append(Piece(mesh=_shared(mesh, edge), materials=("lips",)))
        else:
            pieces.append(Piece(mesh=fixed(mesh, "head"), materials=("lips",)))
    pieces.append(_inside(rims[0][1:-1], rims[1][1:-1], h))
    return pieces


def _shared(mesh: Mesh, jaw: np.ndarray) -> Mesh:
    joints = np.zeros((len(mesh.positions), 4), np.uint8)
    joints[:, 0], joints[:, 1] = BONES.index("head"), BONES.index("jaw")
    weights = np.zeros((len(mesh.positions), 4), np.float32)
    weights[:, 0], weights[:, 1] = 1 - jaw, jaw
    return replace(mesh, joints=joints, weights=weights)


def _inside(upper: np.ndarray, lower: np.ndarray, h: float) -> Piece:
    """The mouth's inside: shut at rest; teeth, dark and tongue come to view as the jaw drops. Paths are (K, 3)."""
    shares = np.array([0.0, 0.26, 0.27, 0.62, 0.66, 1.0])
    inks = np.array([0, 0, 1, 1, 2, 2])
    rows = upper[None] * (1 - shares[:, None, None]) + lower[None] * shares[:, None, None]
    rows[:, :, 2] += 0.003 * h
    count = rows.shape[1]
    index = np.arange(rows.shape[0] * count).reshape(rows.shape[:2])
    a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, :-1].ravel(), index[1:, 1:].ravel()
    faces = np.concatenate([np.stack([a, c, b], 1), np.stack([b, c, d], 1)])
    normals = np.tile([0.0, 0.0, 1.0], (index.size, 1))
    mesh = Mesh.of(rows.reshape(-1, 3), faces, normals=normals, material=np.repeat(inks, count), occlusion=0.6)
    return Piece(mesh=_shared(mesh, np.repeat(shares, count)), materials=("teeth", "mouth", "tongue"))
