"""What of a stage goes into a file of limited size: bodies and ground always, of the rest what looks largest from the camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vitascope.exchange.shapes import coarser, coarser_afar
from vitascope.world.mesh import Mesh
from vitascope.world.stage import Pose, Stage, Thing

__all__ = ["Chosen", "bytes_of", "chosen_of"]

COPIES_MAX = 4000
"""Nodes of scenery in one file."""
BODIES_MAX = 150_000
"""Vertices of all bodies together, from which on they are made coarser."""
_SHARES = (0.01, 0.02, 0.04, 0.08, 0.16)
"""Cells of ground far off, in shares of their distance, finest first."""
_CELLS = (128, 96, 64, 48, 32, 24, 16, 12)
"""Cells along the longest side of a body, finest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A thing with the mesh that stands for it, and its pose with only those copies that are in the file."""

    thing: Thing
    mesh: Mesh
    pose: Pose


def chosen_of(stage: Stage, t: float, eyes: np.ndarray, limit: int) -> tuple[list[Chosen], int, bool]:
    """What is in a file of about `limit` bytes; how many copies are left out; whether anything was made coarser.

    `eyes` (P, 3) are positions of the camera.
    """
    there = []
    for thing in stage.things:
        pose = thing.motion.at(t)
        if pose.visible and len(pose.transforms) and len(thing.mesh.indices):
            there.append(Chosen(thing=thing, mesh=thing.mesh, pose=pose))
    bodies = _lighter_bodies([one for one in there if _is_body(one.thing)])
    ground = _lighter_ground(
        [one for one in there if one.thing.ground and not _is_body(one.thing)], stage, eyes, limit / 3
    )
    rest = [one for one in there if not one.thing.ground and not _is_body(one.thing)]
    left = limit - sum(bytes_of(mesh) for mesh in {id(one.mesh): one.mesh for one in (*bodies, *ground)}.values())
    kept, out = _largest(rest, eyes, left)
    known = {id(one.mesh) for one in there}
    return [*bodies, *ground, *kept], out, any(id(one.mesh) not in known for one in (*bodies, *ground))


def bytes_of(mesh: Mesh) -> int:
    """What a mesh takes in the file."""
    return 28 * len(mesh.positions) + 3 * (2 if len(mesh.positions) < 65_536 else 4) * len(mesh.indices)


def _is_body(thing: Thing) -> bool:
    return thing.subject > 0


def _lighter_bodies(bodies: Sequence[Chosen]) -> list[Chosen]:
    """Skinned bodies lie in the file once each, however alike they are; so a crowd is made coarser."""
    made = list(bodies)
    for cells in _CELLS:
        if sum(len(one.mesh.positions) for one in made) <= BODIES_MAX:
            break
        meshes = {id(one.thing.mesh): one.thing.mesh for one in bodies}
        lighter = {
            name: coarser(mesh, float(np.ptp(mesh.positions, axis=0).max()) / cells) for name, mesh in meshes.items()
        }
        made = [replace(one, mesh=lighter[id(one.thing.mesh)]) for one in bodies]
    return made


def _lighter_ground(ground: Sequence[Chosen], stage: Stage, eyes: np.ndarray, room: float) -> list[Chosen]:
    """Ground far off is made coarser until all of it has room."""
    made = list(ground)
    centre = (np.asarray(stage.focus) + eyes.mean(0)) / 2
    keep = float(np.linalg.norm(eyes - centre, axis=1).max()) + 2.0 * stage.reach + 10.0
    for share in _SHARES:
        if sum(bytes_of(one.mesh) for one in made) <= room:
            break
        made = [
            replace(one, mesh=coarser_afar(one.thing.mesh, centre, keep=keep, share=share)) if _lies_still(one) else one
            for one in ground
        ]
    return made


def _lies_still(one: Chosen) -> bool:
    """Whether a mesh is where it stands in its own coordinates."""
    return len(one.pose.transforms) == 1 and np.allclose(np.asarray(one.pose.transforms[0]), np.eye(4))


def _largest(rest: Sequence[Chosen], eyes: np.ndarray, left: int) -> tuple[list[Chosen], int]:
    """The copies that look largest, as many as there is room for, and how many there was none for."""
    sizes, owners = [], []
    for number, one in enumerate(rest):
        sizes.append(_apparent(one, eyes))
        owners.append(np.full(len(one.pose.transforms), number))
    if not rest:
        return [], 0
    size, owner = np.concatenate(sizes), np.concatenate(owners)
    copy = np.concatenate([np.arange(len(each)) for each in sizes])
    taken: dict[int, list[int]] = {}
    meshes: set[int] = set()
    nodes = 0
    for place in np.argsort(-size, kind="stable"):
        mesh = rest[int(owner[place])].mesh
        cost = 150 + (0 if id(mesh) in meshes else bytes_of(mesh))
        if nodes < COPIES_MAX and cost <= left:
            nodes, left = nodes + 1, left - cost
            meshes.add(id(mesh))
            taken.setdefault(int(owner[place]), []).append(int(copy[place]))
    kept = [_only(rest[number], np.array(sorted(copies))) for number, copies in sorted(taken.items())]
    return kept, len(size) - nodes


def _apparent(one: Chosen, eyes: np.ndarray) -> np.ndarray:
    """(K,) the radius of each copy over its distance from the nearest eye."""
    low, high = one.mesh.positions.min(0), one.mesh.positions.max(0)
    matrices = np.asarray(one.pose.transforms, np.float64)
    radius = np.linalg.norm(high - low) / 2 * np.linalg.norm(matrices[:, :3, :3], axis=1).max(axis=1)
    centres = matrices[:, :3, :3] @ ((low + high) / 2).astype(np.float64) + matrices[:, :3, 3]
    distance = np.linalg.norm(centres[:, None] - eyes[None], axis=2).min(1) - radius
    return radius / np.maximum(distance, 0.5)


def _only(one: Chosen, copies: np.ndarray) -> Chosen:
    tints = one.pose.tints if one.pose.tints is not None else one.thing.tints
    return replace(
        one,
        pose=replace(
            one.pose,
            transforms=np.asarray(one.pose.transforms)[copies],
            tints=None if tints is None else np.asarray(tints)[copies],
        ),
    )
