"""What differs between the pictures of two stages: nothing, later steps, the pixels of some things, or everything.

A plate "light" shows what is solid and the sky. Materials and colours of a thing change its own pixels there, and wet ground
that mirrors them: other mirrors show the sky only, and things do not light each other. What shapes or moves a thing may change
shadows anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Flag, auto
from functools import reduce
from operator import or_
from typing import Any, Literal

import numpy as np

from vitascope.render.covering import covered
from vitascope.render.frame import fixed_constants, moment_before, view_projection
from vitascope.render.region import Region
from vitascope.render.streaks import is_mirror, mirrored_below
from vitascope.render.surfaces import surface_classes
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.stage import Air, Lens, Pose, Snapshot, Stage, Thing

__all__ = ["EVERYTHING", "Changes"]

EVERYTHING: Literal["everything"] = "everything"

_FINISH = {"grade", "grain", "vignette"}
"""Keys of a stage's look that a `Grader` reads, and nothing else."""
_LENS = {"depth_of_field", "motion_blur", "drift"}
"""Keys that steps after the plate "light" read, and nothing before it."""
_PAINT = {"colours", "mask", "occlusion"}
"""Parts of a mesh that change its own pixels only."""
_BUILD = ("moving", "casts_shadow", "double_sided", "ground", "bounds_radius")
"""Parts of a thing that may change anything."""
_MARGIN = 2
"""Pixels round a thing that its own may reach: materials look at the other pixels of their square of four."""


class _Differs(Flag):
    """Where a difference shows: in steps after the plate "light", in a thing's own pixels, anywhere."""

    LATER = auto()
    OWN = auto()
    ANYWHERE = auto()


_NOT = _Differs(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """The same thing of both stages, how it differs at all times, and the vertices (numbers) round what differs."""

    old: Thing
    new: Thing
    differs: _Differs
    vertices: np.ndarray

    @property
    def posed(self) -> bool:
        """Whether its poses have to be compared at each moment."""
        return _is_posed(self.new) and self.old.motion is not self.new.motion


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """Two stages at one moment: how they differ, the new lens and air, of each pair the new pose and whether tints differ."""

    differs: _Differs
    lens: Lens
    air: Air
    poses: tuple[tuple[Pose, bool], ...]


class Changes:
    """Compares two stages, drawn at `size` (width, height) pixels; what does not depend on time is compared once."""

    def __init__(self, old: Stage, new: Stage, *, fps: float, size: tuple[int, int]) -> None:
        self._old, self._new, self._fps, self._size = old, new, float(fps), size
        always = _of_stages(old, new)
        self._pairs: list[_Pair] = []
        self._moments: dict[float, _Moment] = {}
        if _Differs.ANYWHERE not in always:
            seen: dict[tuple[int, int], tuple[_Differs, np.ndarray]] = {}
            pairs = [_pair(a, b, seen) for a, b in zip(old.things, new.things, strict=True)]
            always |= reduce(or_, (pair.differs & ~_Differs.OWN for pair in pairs), _of_classes(old, new, pairs))
            self._pairs = [pair for pair in pairs if _Differs.OWN in pair.differs or pair.posed]
        self._always = always

    def region(self, t: float) -> Region | Literal["everything"] | None:
        """What differs at `t` [s].

        None: the plate "composed" is the same, so a `Grader` can finish it. A region: the plate "light" is the same outside
        of it, so a `Renderer` can draw the moment with it `Kept`; an empty region where only later steps differ.
        EVERYTHING: the moment has to be drawn anew.
        """
        now = self._moment(t)
        found = self._always | now.differs
        if _Differs.ANYWHERE in found:
            return EVERYTHING
        # Of the moment before only the motion of what is seen asks.
        found |= _Differs.LATER if self._moment(moment_before(t, self._fps)).differs & ~_Differs.OWN else _NOT
        view_proj = view_projection(now.lens, self._size[0] / self._size[1])
        regions = [
            covered(pair.new.mesh, _all_of(pair.new.mesh) if tinted else pair.vertices, pose, view_proj, self._size)
            for pair, (pose, tinted) in zip(self._pairs, now.poses, strict=True)
        ]
        changed = Region.around(regions).grown(_MARGIN, self._size)
        if is_mirror(now.air):
            changed = mirrored_below(changed, view_proj, self._size)
        return None if not found & ~_Differs.OWN and changed.empty else changed

    def _moment(self, t: float) -> _Moment:
        """The stages at `t` [s]; the last moments are kept, since each is the one before of another."""
        if t not in self._moments:
            while len(self._moments) > 2:
                del self._moments[next(iter(self._moments))]
            self._moments[t] = self._compared(t)
        return self._moments[t]

    def _compared(self, t: float) -> _Moment:
        now = self._new.snapshot(t)
        differs = _NOT if self._old.snapshot is self._new.snapshot else _of_snapshots(self._old.snapshot(t), now)
        poses: list[tuple[Pose, bool]] = []
        for pair in self._pairs:
            if _Differs.ANYWHERE in differs:
                break
            pose = pair.new.motion.at(t)
            posed = _of_poses(pair.old.motion.at(t), pose) if pair.posed else _NOT
            differs |= posed
            poses.append((pose, bool(posed)))
        return _Moment(differs=differs, lens=now.lens, air=now.air, poses=tuple(poses))


def _of_stages(old: Stage, new: Stage) -> _Differs:
    """How two stages differ apart from their things and moments."""
    keys = {key for key in {*old.look, *new.look} if old.look.get(key) != new.look.get(key)}
    same_kind = (old.style, old.focus, old.reach, len(old.things)) == (new.style, new.focus, new.reach, len(new.things))
    if not same_kind or keys - _FINISH - _LENS or fixed_constants(old) != fixed_constants(new):
        return _Differs.ANYWHERE
    return _Differs.LATER if keys & _LENS or old.water != new.water or old.seed != new.seed else _NOT


def _of_classes(old: Stage, new: Stage, pairs: Sequence[_Pair]) -> _Differs:
    """Whether what is itself the same would be drawn by other shaders, which may round otherwise."""
    (solid, clear), (solid_new, clear_new) = surface_classes(old), surface_classes(new)
    kept = [number for number, pair in enumerate(pairs) if _Differs.OWN not in pair.differs]
    same = clear == clear_new and all(solid[number] == solid_new[number] for number in kept)
    return _NOT if same else _Differs.ANYWHERE


def _pair(old: Thing, new: Thing, seen: dict[tuple[int, int], tuple[_Differs, np.ndarray]]) -> _Pair:
    """The comparison of a thing; `seen` keeps what was found of meshes."""
    key = id(old.mesh), id(new.mesh)
    if key not in seen:
        seen[key] = _of_meshes(old.mesh, new.mesh)
    differs, changed = seen[key]
    if any(getattr(old, name) != getattr(new, name) for name in _BUILD):
        differs |= _Differs.ANYWHERE
    if old.subject != new.subject:
        differs |= _Differs.LATER
    if old.materials != new.materials:
        differs |= _of_materials(old.materials, new.materials)
        others = [k for k, (a, b) in enumerate(zip(old.materials, new.materials, strict=False)) if a != b]
        changed = changed | np.isin(new.mesh.material, others)
    tinted = _NOT if _same(old.tints, new.tints) else _Differs.OWN
    if not _is_posed(new) and old.motion is not new.motion:
        tinted |= _of_poses(old.motion.at(0.0), new.motion.at(0.0))
    vertices = _all_of(new.mesh) if tinted else _round(new.mesh, changed)
    return _Pair(old=old, new=new, differs=differs | tinted, vertices=vertices)


def _all_of(mesh: Mesh) -> np.ndarray:
    return np.arange(len(mesh.positions))


def _round(mesh: Mesh, changed: np.ndarray) -> np.ndarray:
    """The vertices (numbers) of all triangles that have one of those that are `changed` (N,)."""
    if not changed.any():
        return np.zeros(0, np.int64)
    return np.unique(mesh.indices[changed[mesh.indices].any(axis=1)])


def _is_posed(thing: Thing) -> bool:
    return thing.moving or thing.mesh.joints is not None


def _of_meshes(old: Mesh, new: Mesh) -> tuple[_Differs, np.ndarray]:
    """How two meshes differ, and at which vertices (N,) their paint does."""
    none = np.zeros(len(new.positions), bool)
    if old is new:
        return _NOT, none
    other = {f.name for f in fields(Mesh) if not _same(getattr(old, f.name), getattr(new, f.name))}
    if other - _PAINT:
        return _Differs.ANYWHERE, none
    changed = none
    for name in other:
        changed = changed | (getattr(old, name) != getattr(new, name)).reshape(len(none), -1).any(axis=1)
    return (_Differs.OWN if other else _NOT), changed


def _of_materials(old: tuple[Material, ...], new: tuple[Material, ...]) -> _Differs:
    """What lets light through throws no shadow, so that this may change anything."""
    return _Differs.OWN if [m.opacity < 1.0 for m in old] == [m.opacity < 1.0 for m in new] else _Differs.ANYWHERE


def _of_poses(old: Pose, new: Pose) -> _Differs:
    if not all(_same(getattr(old, name), getattr(new, name)) for name in ("visible", "transforms", "joints")):
        return _Differs.ANYWHERE
    return _NOT if _same(old.tints, new.tints) else _Differs.OWN


def _of_snapshots(old: Snapshot, new: Snapshot) -> _Differs:
    if _same(old, new):
        return _NOT
    lens = replace(new.lens, focus_distance=old.lens.focus_distance, f_number=old.lens.f_number)
    return _Differs.LATER if _same(old, replace(new, lens=lens)) else _Differs.ANYWHERE


def _same(a: Any, b: Any) -> bool:
    """Whether two values are equal, arrays in them included."""
    if a is b:
        return True
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return a is not None and b is not None and np.array_equal(a, b)
    if is_dataclass(a) and type(a) is type(b):
        return all(_same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    return a == b
