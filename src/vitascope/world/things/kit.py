"""A kit: collects solids, bones and sockets while a made thing is put together, and hands over its body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from vitascope.world.blueprint import Blueprint, Body, Socket, Solid, assembled
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh, transformed
from vitascope.world.skeleton import Bone, Skeleton, turned

__all__ = ["Kit", "placed", "resized"]

Vec = tuple[float, float, float]
ZERO = (0.0, 0.0, 0.0)
MIRRORS = {"x": ((1, 1), (-1, 1)), "z": ((1, 1), (1, -1)), "xz": ((1, 1), (-1, 1), (1, -1), (-1, -1))}


def placed(at: Vec = ZERO, turn: Vec = ZERO, scale: Vec | float = 1.0) -> np.ndarray:
    """(4, 4) matrix: scale, then turn by degrees about x, y, z in this order, then move."""
    x, y, z = np.radians(turn)
    matrix = np.eye(4)
    matrix[:3, :3] = turned("z", z) @ turned("y", y) @ turned("x", x) @ np.diag(np.broadcast_to(scale, 3))
    matrix[:3, 3] = at
    return matrix


@dataclass(slots=True)
class Kit:
    """Materials by name in order; the first bone is "root" at the origin."""

    materials: Mapping[str, Material]
    solids: list[Solid] = field(default_factory=list)
    bones: list[Bone] = field(default_factory=lambda: [Bone(name="root", parent=None, head=ZERO)])
    sockets: dict[str, Socket] = field(default_factory=dict)

    def add(
        self, mesh: Mesh, material: str, *, at: Vec = ZERO, turn: Vec = ZERO, scale: Vec | float = 1.0,
        bone: str = "root", mirror: str = "", mask: float = 1.0,
    ) -> None:  # fmt: skip
        """Add a mesh, moved by `placed`; `mirror` "x", "z" or "xz" adds its reflections in those planes too."""
        matrix = placed(at, turn, scale)
        for sx, sz in MIRRORS.get(mirror, ((1, 1),)):
            moved = transformed(mesh, np.diag([sx, 1.0, sz, 1.0]) @ matrix)
            self.solids.append(Solid(mesh=moved, material=material, bone=bone, mask=mask))

    def add_bone(self, name: str, head: Vec, parent: str = "root") -> None:
        """A joint at `head` in rest space."""
        self.bones.append(Bone(name=name, parent=parent, head=head))

    def add_socket(self, name: str, position: Vec, bone: str = "root") -> None:
        """A place where something attaches."""
        self.sockets[name] = Socket(bone=bone, position=position)

    def body(self, scale: float = 1.0) -> Body:
        """Everything joined into one body, `scale` times as large."""
        blueprint = Blueprint(
            bones=tuple(self.bones), materials=dict(self.materials), solids=tuple(self.solids), sockets=self.sockets
        )
        return resized(assembled(blueprint), scale)


def resized(body: Body, scale: float) -> Body:
    """The same body `scale` times as large, its markings too."""
    if scale == 1.0:
        return body

    def larger(point: Vec) -> Vec:
        return (point[0] * scale, point[1] * scale, point[2] * scale)

    return Body(
        mesh=transformed(body.mesh, np.diag([scale, scale, scale, 1.0])),
        skeleton=Skeleton(tuple(replace(b, head=larger(b.head)) for b in body.skeleton.bones)),
        materials=tuple(replace(m, pattern_scale=m.pattern_scale * scale) for m in body.materials),
        sockets={name: Socket(bone=s.bone, position=larger(s.position)) for name, s in body.sockets.items()},
    )
