"""The blur of what spins too fast to see: a faint disc that turns with its rotor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vitascope.world.material import Material
from vitascope.world.mesh import transformed
from vitascope.world.role import Role
from vitascope.world.shape import disc
from vitascope.world.stage import Pose, Thing
from vitascope.world.things.kit import placed
from vitascope.world.things.shapes import winged

__all__ = ["rotor_blur"]

_BLUR = Material(base=(0.05, 0.055, 0.06), roughness=0.5, opacity=0.2, detail=0.0)


class Jointed(Protocol):
    """A motion that knows where its bones are."""

    def joint(self, bone: str, t: float) -> np.ndarray: ...


def rotor_blur(role: Role, motion: Jointed, bone: str, radius: float, axis: str) -> Thing:
    """A see-through disc of `radius` [m] round the head of a bone, across `axis`."""
    mesh = winged(disc(radius, segments=32))
    if axis != "y":
        mesh = transformed(mesh, placed(turn=(90, 0, 0) if axis == "z" else (0, 0, 90)))
    return Thing(
        name=f"{role.subject.id} blur", mesh=mesh, materials=(_BLUR,), motion=_AtBone(motion, bone, role),
        subject=role.number, moving=True, casts_shadow=False, bounds_radius=radius * 1.2,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _AtBone:
    motion: Jointed
    bone: str
    role: Role

    def at(self, t: float) -> Pose:
        matrix = np.array(self.motion.joint(self.bone, t), float)
        body = self.motion.body  # type: ignore[attr-defined]
        head = next(b.head for b in body.skeleton.bones if b.name == self.bone)
        matrix[:3, 3] = matrix[:3, :3] @ np.asarray(head) + matrix[:3, 3]
        parked = {"parked", "still", "broken"} & set(self.role.subject.attributes.states)
        return Pose(transforms=matrix[None].astype(np.float32), visible=not parked and self.role.carrier is None)
