"""Stages made of simple shapes, for measuring the renderer and for looking at its materials."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitascope.world.material import PATTERNS, SURFACES, Material
from vitascope.world.mesh import Mesh, joined, transformed
from vitascope.world.sky import Sky
from vitascope.world.soundscape import Soundscape
from vitascope.world.stage import Air, Lens, Pose, Snapshot, Stage, Still, Thing, Water


def looking(eye, target, fov_y: float = 0.6, **fields) -> Lens:
    """A lens at `eye` that looks at `target`."""
    eye, target = np.asarray(eye, float), np.asarray(target, float)
    back = (eye - target) / np.linalg.norm(eye - target)
    right = np.cross([0.0, 1.0, 0.0], back)
    right /= np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :4] = np.stack([right, np.cross(back, right), back, eye], axis=1)
    return Lens(world_from_camera=matrix, fov_y=fov_y, **fields)


def sphere(radius: float = 1.0, rows: int = 32, **fields) -> Mesh:
    """A ball round the origin."""
    v, u = np.mgrid[0 : rows + 1, 0 : 2 * rows + 1]
    a, b = u * np.pi / rows, v * np.pi / rows
    n = np.stack([np.sin(b) * np.sin(a), np.cos(b), np.sin(b) * np.cos(a)], -1).reshape(-1, 3)
    return Mesh.of(n * radius, grid_indices(rows + 1, 2 * rows + 1), normals=n, **fields)


def box(size=(1.0, 1.0, 1.0), **fields) -> Mesh:
    """A box that stands on the ground."""
    parts = []
    square = np.array([[-1, -1, 1], [1, -1, 1], [1, 1, 1], [-1, 1, 1]], float) / 2
    for turn in (
        np.eye(3), np.diag([-1, 1, -1]), [[0, 0, 1], [0, 1, 0], [-1, 0, 0]], [[0, 0, -1], [0, 1, 0], [1, 0, 0]],
        [[1, 0, 0], [0, 0, 1], [0, -1, 0]], [[1, 0, 0], [0, 0, -1], [0, 1, 0]],
    ):  # fmt: skip
        corners = (square @ np.asarray(turn, float).T + [0, 0.5, 0]) * size
        parts.append(
            Mesh.of(
                corners,
                np.array([[0, 1, 2], [0, 2, 3]]),
                normals=np.tile(np.asarray(turn, float)[:, 2], (4, 1)),
                **fields,
            )
        )
    return joined(parts)


def grid_indices(rows: int, columns: int) -> np.ndarray:
    """Triangles of a grid of vertices, row by row."""
    i = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = i[:-1, :-1].ravel(), i[1:, :-1].ravel(), i[1:, 1:].ravel(), i[:-1, 1:].ravel()
    return np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])


def terrain(side: int, extent: float, height) -> Mesh:
    """A square of ground, `side` vertices a side, `extent` metres from the centre to the edge."""
    s = np.linspace(-1, 1, side)
    z, x = np.meshgrid(np.sign(s) * np.abs(s) ** 1.8 * extent, np.sign(s) * np.abs(s) ** 1.8 * extent, indexing="ij")
    y = height(x, z)
    points = np.stack([x, y, z], -1).reshape(-1, 3)
    slope = np.clip(np.gradient(y, axis=0) ** 2 + np.gradient(y, axis=1) ** 2, 0, 1)
    return Mesh.of(points, grid_indices(side, side), mask=np.clip(0.75 - slope.ravel(), 0, 1))


def still(name: str, mesh: Mesh, *materials: Material, at=((0.0, 0.0, 0.0),), turn=None, scale=None, **fields) -> Thing:
    """A thing that does not move, at one or many places."""
    count = len(at)
    matrices = np.tile(np.eye(4, dtype=np.float32), (count, 1, 1))
    angles = np.zeros(count) if turn is None else np.broadcast_to(np.asarray(turn, float), (count,))
    size = np.ones(count) if scale is None else np.broadcast_to(np.asarray(scale, float), (count,))
    matrices[:, 0, 0] = matrices[:, 2, 2] = np.cos(angles) * size
    matrices[:, 0, 2], matrices[:, 2, 0] = np.sin(angles) * size, -np.sin(angles) * size
    matrices[:, 1, 1] = size
    matrices[:, :3, 3] = at
    return Thing(name=name, mesh=mesh, materials=materials, motion=Still(Pose(transforms=matrices)), **fields)


def silence() -> Soundscape:
    """No sound at all."""
    raise NotImplementedError("Synthetic stages have no sound; draw them only.")


def stage_of(
    things, lens: Lens, *, sky: Sky | None = None, air: Air | None = None, lights=(), exposure=1.0, **fields
) -> Stage:
    """A stage of things with one fixed moment."""
    moment = Snapshot(
        time=0.0, world_time=0.0, lens=lens, sky=sky or Sky(), air=air or Air(), lights=tuple(lights), exposure=exposure
    )

    def snapshot(t: float) -> Snapshot:
        return Snapshot(**{**{k: getattr(moment, k) for k in moment.__slots__}, "time": t, "world_time": t})

    return Stage(name="synthetic", duration=4.0, things=tuple(things), snapshot=snapshot, soundscape=silence, **fields)


def tree(seed: int) -> Mesh:
    """A trunk and a crown of some thousand double-sided leaves' worth of triangles (material 0 bark, 1 foliage)."""
    rng = np.random.default_rng(seed)
    ring = np.linspace(0, 2 * np.pi, 9)
    heights = np.linspace(0, 3.0, 5)
    trunk = np.stack(
        [
            np.stack([np.cos(ring) * (0.28 - 0.05 * h), np.full(9, h), np.sin(ring) * (0.28 - 0.05 * h)], -1)
            for h in heights
        ]
    ).reshape(-1, 3)
    parts = [Mesh.of(trunk, grid_indices(5, 9)[:, ::-1], material=0)]
    centre = np.array([0.0, 4.2, 0.0])
    for _ in range(220):
        d = rng.normal(size=3)
        d /= np.linalg.norm(d)
        at = centre + d * np.array([1.9, 1.7, 1.9]) * rng.uniform(0.55, 1.0)
        a, b = np.linalg.qr(rng.normal(size=(3, 3)))[0][:2] * 0.42
        quad = at + np.array([-a - b, a - b, a + b, -a + b])
        parts.append(
            Mesh.of(
                quad, np.array([[0, 1, 2], [0, 2, 3]]), normals=np.tile(d, (4, 1)), material=1, sway=0.5,
                occlusion=0.55 + 0.45 * max(d[1], -0.3),
            )
        )  # fmt: skip
    return joined(parts)


@dataclass(frozen=True)
class Stroll:
    """A chain of joints that waves while the body travels along x."""

    count: int

    def at(self, t: float) -> Pose:
        transform = np.eye(4, dtype=np.float32)
        transform[0, 3] = 0.8 * t
        joints = np.tile(np.eye(4, dtype=np.float32), (self.count, 1, 1))
        for k in range(1, self.count):
            joints[k, 1, 3] = 0.04 * np.sin(4 * t + k)
        return Pose(transforms=transform[None], joints=joints)


def creature(rows: int = 70, joint_count: int = 24) -> Mesh:
    """A skinned body of about two rows squared vertices, lying along z."""
    body = transformed(sphere(1.0, rows), np.diag([0.35, 0.4, 1.1, 1.0]))
    along = (body.positions[:, 2] / 2.2 + 0.5) * (joint_count - 2) + 1
    low = np.clip(along.astype(int), 0, joint_count - 2)
    share = np.clip(along - low, 0, 1)
    joints = np.zeros((len(low), 4), np.uint8)
    joints[:, 0], joints[:, 1] = low, low + 1
    weights = np.zeros((len(low), 4), np.float32)
    weights[:, 0], weights[:, 1] = 1 - share, share
    skinned = Mesh.of(
        body.positions + np.array([0, 0.75, 0]), body.indices, normals=body.normals, joints=joints, weights=weights,
    )  # fmt: skip
    return joined([skinned, *[
        transformed(box((0.16, 0.6, 0.16)), _moved((x, 0, z))) for x in (-0.2, 0.2) for z in (-0.6, 0.6)
    ]])  # fmt: skip


def _moved(by) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, 3] = by
    return matrix


def hills(x: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Ground that is nearly flat in the middle and mountains far away."""
    r = np.hypot(x, z)
    return 0.25 * np.sin(x * 0.21) * np.cos(z * 0.17) + np.clip((r - 40) / 260, 0, 1) ** 1.6 * (
        60 + 35 * np.sin(x * 0.013 + 2) * np.cos(z * 0.017) + 12 * np.sin(x * 0.06) * np.sin(z * 0.05)
    )


def outdoor(*, water: bool = False, style: str = "cinematic", look=None, hour: str = "day") -> Stage:
    """Terrain of about 30,000 vertices, 60 trees, one skinned creature of about 10,000 vertices."""
    rng = np.random.default_rng(7)
    ground = terrain(173, 600.0, hills)
    angle, distance = rng.uniform(0, 2 * np.pi, 60), rng.uniform(9, 60, 60)
    at = np.stack([np.cos(angle) * distance, np.zeros(60), np.sin(angle) * distance], -1)
    at[:, 1] = hills(at[:, 0], at[:, 2])
    earth = Material(
        base=(0.10, 0.085, 0.06), surface="soil", roughness=0.95, pattern="layer", pattern_colour=(0.07, 0.13, 0.03)
    )
    bark = Material(base=(0.14, 0.1, 0.07), surface="bark", roughness=0.9)
    leaf = Material(base=(0.09, 0.16, 0.035), surface="foliage", roughness=0.7, translucency=0.6)
    coat = Material(
        base=(0.62, 0.45, 0.25), surface="fur", roughness=0.8, pattern="rosettes", pattern_colour=(0.05, 0.03, 0.02),
        pattern_scale=0.16, under=(0.85, 0.8, 0.7), under_amount=0.8,
    )  # fmt: skip
    rock = Material(base=(0.3, 0.28, 0.26), surface="rock", roughness=0.9)
    body = Thing(
        name="creature",
        mesh=creature(),
        materials=(coat,),
        motion=Stroll(24),
        moving=True,
        subject=1,
        bounds_radius=1.6,
    )
    things = [
        still("ground", ground, earth, ground=True),
        still(
            "trees", tree(3), bark, leaf, at=at, turn=angle, scale=rng.uniform(0.8, 1.4, 60), double_sided=True,
            tints=rng.uniform(0.8, 1.2, (60, 3)).astype(np.float32),
        ),
        still("rocks", sphere(0.5, 10), rock, at=[(2.2, 0.1, 0.8), (-2.5, 0.15, -1.0), (3.4, 0.2, -2.0)], scale=(0.6, 1.0, 1.6)),
        body,
    ]  # fmt: skip
    skies = {
        "day": Sky(sun_direction=(0.5, 0.55, 0.67), disc_direction=(0.5, 0.55, 0.67)),
        "sunset": Sky(
            sun_direction=(-0.75, 0.14, -0.4), disc_direction=(-0.75, 0.14, -0.4), sun_colour=(3.2, 1.6, 0.6),
            zenith=(0.1, 0.14, 0.32), horizon=(0.55, 0.36, 0.28), glow=(1.0, 0.45, 0.12), ground=(0.1, 0.08, 0.07),
        ),
        "night": Sky(
            sun_direction=(0.3, 0.6, 0.4), sun_colour=(0.18, 0.24, 0.36), zenith=(0.01, 0.015, 0.035),
            horizon=(0.03, 0.035, 0.05), glow=(0, 0, 0), ground=(0.006, 0.007, 0.01), stars=1.0, moon_visible=1.0, disc=0.0,
        ),
    }  # fmt: skip
    airs = {
        "day": Air(density=0.0016), "sunset": Air(density=0.003, colour=(0.42, 0.32, 0.36), glow=(0.9, 0.4, 0.12)),
        "night": Air(density=0.001, colour=(0.02, 0.026, 0.04), glow=(0, 0, 0)),
    }  # fmt: skip
    lens = looking((3.4, 1.35, 5.2), (0.3, 0.85, 0.0), 0.55, focus_distance=6.0, f_number=2.8)
    return stage_of(
        things, lens, sky=skies[hour], air=airs[hour], exposure={"day": 0.8, "sunset": 0.9, "night": 6.0}[hour],
        water=Water(level=-0.1) if water else None, reach=12.0, style=style, look=look or {}, ground_height=hills,
    )  # fmt: skip


def chart(first: int = 0, count: int = 20, *, patterns: bool = False, **fields) -> Stage:
    """Balls and blocks of `count` surfaces (or all patterns) in rows of five, lit from the left."""
    names = PATTERNS if patterns else SURFACES[first : first + count]
    things = [still("floor", terrain(40, 60.0, lambda x, z: x * 0), Material(base=(0.22, 0.22, 0.22)), ground=True)]
    for k, name in enumerate(names):
        x, z = (k % 5 - 2) * 2.7, -(k // 5) * 2.9
        material = (
            Material(
                base=(0.62, 0.5, 0.34),
                surface="plain",
                pattern=name,
                pattern_colour=(0.06, 0.04, 0.03),
                pattern_scale=0.25,
            )
            if patterns
            else Material(base=COLOURS.get(name, (0.5, 0.42, 0.34)), surface=name, **EXTRA.get(name, {}))
        )
        things.append(still(name, sphere(0.8, 40), material, at=[(x - 0.45, 0.8, z)], subject=k + 1))
        things.append(
            still(
                name + " block", box((0.9, 1.5, 0.9)), material, at=[(x + 0.75, 0, z - 0.5)], turn=[0.5], subject=k + 1
            )
        )
    sky = Sky(sun_direction=(-0.55, 0.55, 0.6), disc_direction=(-0.55, 0.55, 0.6))
    lens = looking((0, 7.5, 9.5), (0, 0.35, -3.6), 0.62, focus_distance=11.0, f_number=16.0)
    return stage_of(things, lens, sky=sky, exposure=0.8, reach=12.0, focus=(0, 0, -4), **fields)


COLOURS = {
    "skin": (0.6, 0.34, 0.24), "fur": (0.5, 0.34, 0.2), "feather": (0.2, 0.3, 0.5), "scales": (0.2, 0.4, 0.32),
    "cloth": (0.5, 0.1, 0.12), "leather": (0.25, 0.12, 0.06), "wood": (0.45, 0.27, 0.13), "bark": (0.2, 0.14, 0.1),
    "leaf": (0.1, 0.28, 0.05), "grass": (0.12, 0.25, 0.05), "foliage": (0.08, 0.2, 0.04), "rock": (0.32, 0.3, 0.28),
    "soil": (0.16, 0.1, 0.06), "sand": (0.62, 0.5, 0.32), "snow": (0.9, 0.92, 0.95), "brick": (0.45, 0.16, 0.1),
    "plaster": (0.75, 0.7, 0.6), "concrete": (0.42, 0.41, 0.39), "asphalt": (0.06, 0.06, 0.065), "tiles": (0.6, 0.65, 0.7),
    "planks": (0.4, 0.25, 0.13), "roof_tiles": (0.5, 0.17, 0.09), "metal": (0.6, 0.6, 0.62), "car_paint": (0.6, 0.02, 0.02),
    "rubber": (0.03, 0.03, 0.03), "glass": (0.7, 0.8, 0.8), "ice": (0.6, 0.75, 0.85), "paper": (0.8, 0.78, 0.72),
    "plastic": (0.05, 0.3, 0.6), "ceramic": (0.85, 0.85, 0.82), "emissive": (1.0, 0.7, 0.3), "eye": (0.9, 0.88, 0.85),
    "facade": (0.55, 0.48, 0.4), "hair": (0.15, 0.08, 0.04), "coral": (0.8, 0.3, 0.25), "regolith": (0.3, 0.29, 0.28),
    "gravel": (0.4, 0.38, 0.35), "straw": (0.65, 0.5, 0.22), "cloud": (0.95, 0.95, 0.97),
}  # fmt: skip
EXTRA = {
    "metal": {"metalness": 1.0, "roughness": 0.3},
    "car_paint": {"clearcoat": 1.0, "roughness": 0.4},
    "glass": {"roughness": 0.05, "opacity": 0.35},
    "ceramic": {"roughness": 0.15},
    "plastic": {"roughness": 0.3},
    "eye": {"roughness": 0.1, "clearcoat": 1.0},
    "emissive": {"emission": 3.0},
    "skin": {"roughness": 0.5},
    "fur": {"roughness": 0.8},
    "hair": {"roughness": 0.5},
    "leaf": {"translucency": 0.6},
    "ice": {"roughness": 0.15, "translucency": 0.5},
    "cloth": {"roughness": 0.85, "translucency": 0.1},
    "foliage": {"translucency": 0.6},
    "tiles": {"roughness": 0.2},
}
