"""Skeletons: bones with identity rest rotations, forward kinematics, skinning matrices, and two-bone reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Bone", "Skeleton", "reach", "rotation_between", "turned"]

Vec = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bone:
    """A joint at `head` (object space, rest pose) that carries what is bound to it; `parent` comes before it."""

    name: str
    parent: str | None
    head: Vec


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Bones in parent-first order. Every rest rotation is the identity, so a pose is one rotation a joint."""

    bones: tuple[Bone, ...]

    def index(self, name: str) -> int:
        """Number of the bone called `name`."""
        return next(i for i, bone in enumerate(self.bones) if bone.name == name)

    @property
    def heads(self) -> np.ndarray:
        """(J, 3) rest positions."""
        return np.array([bone.head for bone in self.bones], float)

    @property
    def parents(self) -> tuple[int, ...]:
        """Parent number of each bone, -1 for roots."""
        numbers = {bone.name: i for i, bone in enumerate(self.bones)}
        return tuple(numbers[bone.parent] if bone.parent is not None else -1 for bone in self.bones)

    def globals(self, rotations: np.ndarray, *, root_offset: np.ndarray | Vec = (0.0, 0.0, 0.0)) -> np.ndarray:
        """(J, 4, 4) object_from_joint for local `rotations` (J, 3, 3); `root_offset` moves the roots."""
        return self._chain(rotations, root_offset, are_global=False)

    def globals_from_global(self, rotations: np.ndarray, *, root_offset: np.ndarray | Vec = (0, 0, 0)) -> np.ndarray:
        """(J, 4, 4) object_from_joint where `rotations` (J, 3, 3) are already in object space."""
        return self._chain(rotations, root_offset, are_global=True)

    def skinning(self, globals_: np.ndarray) -> np.ndarray:
        """(J, 4, 4) float32 matrices that carry rest positions to posed ones."""
        skin = np.array(globals_, float)
        skin[:, :3, 3] -= np.einsum("jab,jb->ja", globals_[:, :3, :3], self.heads)
        return skin.astype(np.float32)

    def _chain(self, rotations: np.ndarray, root_offset: object, *, are_global: bool) -> np.ndarray:
        heads, parents = self.heads, self.parents
        out = np.tile(np.eye(4), (len(heads), 1, 1))
        for j, parent in enumerate(parents):
            if parent < 0:
                out[j, :3, :3] = rotations[j]
                out[j, :3, 3] = heads[j] + np.asarray(root_offset, float)
            else:
                above = out[parent]
                out[j, :3, :3] = rotations[j] if are_global else above[:3, :3] @ rotations[j]
                out[j, :3, 3] = above[:3, :3] @ (heads[j] - heads[parent]) + above[:3, 3]
        return out


def turned(axis: str | Vec | np.ndarray, angle: float) -> np.ndarray:
    """(3, 3) right-handed rotation by `angle` [rad] about "x", "y", "z" or a unit vector (Rodrigues' formula)."""
    named = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}
    x, y, z = named[axis] if isinstance(axis, str) else axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)


def rotation_between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(3, 3) smallest rotation that turns the direction of `a` into that of `b`."""
    u = np.asarray(a, float) / max(float(np.linalg.norm(a)), 1e-12)
    v = np.asarray(b, float) / max(float(np.linalg.norm(b)), 1e-12)
    axis = np.cross(u, v)
    sine, cosine = float(np.linalg.norm(axis)), float(u @ v)
    if sine < 1e-9:
        if cosine > 0:
            return np.eye(3)
        other = np.cross(u, [1.0, 0.0, 0.0] if abs(u[0]) < 0.9 else [0.0, 1.0, 0.0])
        return turned(other / np.linalg.norm(other), np.pi)
    return turned(axis / sine, float(np.arctan2(sine, cosine)))


def reach(
    root: np.ndarray, upper: np.ndarray, lower: np.ndarray, target: np.ndarray, pole: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two-bone inverse kinematics.

    `root` (3,) is where the upper bone starts now; `upper` and `lower` (3,) are the rest vectors of the two bones;
    the joint between them bends towards the direction `pole` (3,). Returns the object-space rotations (3, 3) of both bones
    and the position (3,) of the joint. A target out of reach is approached as far as the bones go.
    """
    a, b = float(np.linalg.norm(upper)), float(np.linalg.norm(lower))
    line = np.asarray(target, float) - root
    distance = float(np.clip(np.linalg.norm(line), abs(a - b) + 1e-4, (a + b) * 0.9995))
    along = line / max(float(np.linalg.norm(line)), 1e-9)
    bend = np.asarray(pole, float) - along * float(np.dot(pole, along))
    norm = float(np.linalg.norm(bend))
    bend = bend / norm if norm > 1e-6 else np.cross(along, [1.0, 0.0, 0.0])
    x = (a * a - b * b + distance * distance) / (2 * distance)
    joint = root + along * x + bend * np.sqrt(max(a * a - x * x, 0.0))
    return rotation_between(upper, joint - root), rotation_between(lower, root + along * distance - joint), joint
