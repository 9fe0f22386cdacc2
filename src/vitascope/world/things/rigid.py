"""How things without muscles perform: they stand, roll, fall, bounce, slide, spin, swing, bob, rise and shine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from vitascope.world.blueprint import Body
from vitascope.world.role import Performance, Role
from vitascope.world.skeleton import turned
from vitascope.world.stage import Motion, Pose, Thing
from vitascope.world.things import sounding
from vitascope.world.things.ballistics import HOPS, Drop, Tumble, hop, hop_height, rolled
from vitascope.world.things.glow import Flame, Lamp, flames, lamps_of, lights_at, lit_surface
from vitascope.world.things.stance import Stance, socket_of

__all__ = ["Rigid", "perform_rigid"]

HALF_TURN = np.pi


@dataclass(frozen=True, slots=True, kw_only=True)
class Rigid:
    """The motion of one rigid thing, with bones that turn or swing at a steady rate."""

    body: Body
    role: Role
    stance: Stance
    height: float
    radius: float | None = None
    """Of a thing that rolls; None for things that slide."""
    turns: np.ndarray | None = None
    drop: Drop | None = None
    let_go: float = 0.0
    hangs: bool = False
    moves: tuple[dict[str, Any], ...] = field(default=())
    """Bones that move by themselves: {bone, axis, rate [turns/s] or swing [degrees] with rate, when}."""
    tumble: Tumble | None = None
    """A fall off what carries it, beginning at `let_go`."""

    def at(self, t: float) -> Pose:
        matrix = self.matrix(t)
        joints = None
        if len(self.body.skeleton.bones) > 1:
            joints = self.body.skeleton.skinning(self.globals(t))
        return Pose(transforms=matrix[None].astype(np.float32), joints=joints)

    def matrix(self, t: float) -> np.ndarray:
        """(4, 4) world_from_object."""
        return self._based(t, self.stance.at(t))

    def places(self, times: np.ndarray) -> np.ndarray:
        """(K, 3) where its root is at times (K,) [s]; the ground is asked for all of them at once."""
        return np.array([self._based(t, base)[:3, 3] for t, base in zip(times, self.stance.along(times), strict=True)])

    def _based(self, t: float, base: np.ndarray) -> np.ndarray:
        if self.tumble is not None and t > self.let_go:
            return self._tumbling(t)
        if self.drop is not None and t >= self.let_go:
            base[1, 3] += self.drop.at((t - self.let_go) * self.role.time_scale) - self.role.track.position(t)[1]
        if self.radius is not None and self.role.carrier is None and self.turns is not None:
            return self._rolling(base, t)
        return base @ self._manner(t)

    def globals(self, t: float) -> np.ndarray:
        """(J, 4, 4) object_from_joint."""
        skeleton = self.body.skeleton
        rotations = np.tile(np.eye(3), (len(skeleton.bones), 1, 1))
        for move in self.moves:
            rotations[skeleton.index(str(move["bone"]))] = self._bone_turn(move, t)
        return skeleton.globals(rotations)

    def joint(self, bone: str, t: float) -> np.ndarray:
        """(4, 4) that carries rest positions of a bone into the world."""
        matrix = self.matrix(t)
        if len(self.body.skeleton.bones) == 1:
            return matrix
        return matrix @ self.body.skeleton.skinning(self.globals(t))[self.body.skeleton.index(bone)].astype(float)

    def socket(self, name: str, t: float) -> np.ndarray:
        """(4, 4) world transform of a socket."""
        return socket_of(self.body, name, self.matrix(t), self.globals(t))

    def _bone_turn(self, move: dict[str, Any], t: float) -> np.ndarray:
        world_time = t * self.role.time_scale
        rate = float(move.get("rate", 0.2))
        axis = move.get("axis", "z")
        if "swing" in move:
            return turned(axis, np.radians(float(move["swing"])) * np.sin(2 * np.pi * rate * world_time))
        wind = 0.35 + 0.16 * float(np.linalg.norm(self.role.wind)) if move.get("by") == "wind" else 1.0
        return turned(axis, 2 * np.pi * rate * wind * world_time + np.radians(float(move.get("start", 0.0))))

    def _tumbling(self, t: float) -> np.ndarray:
        assert self.tumble is not None
        start = self.stance.at(self.let_go)
        run, height, turn = self.tumble.at((t - self.let_go) * self.role.time_scale)
        half = float(self.stance.half[0]) / 0.8
        out = start.copy()
        out[:3, :3] = turned("z", -turn * HALF_TURN / 2) @ start[:3, :3]
        ground = self.role.ground.at(float(start[0, 3]) + run, float(start[2, 3]))
        out[:3, 3] = start[0, 3] + run - half * turn, ground + height + half * turn, start[2, 3]
        return out

    def _rolling(self, base: np.ndarray, t: float) -> np.ndarray:
        assert self.turns is not None
        assert self.radius is not None
        times = self.role.track.times
        k = int(np.clip(np.searchsorted(times, t) - 1, 0, len(times) - 2))
        near = k if t - times[k] < times[k + 1] - t else k + 1
        step = self.role.track.position(t) - self.role.track.positions[near]
        length = float(np.hypot(step[0], step[2]))
        turn = self.turns[near]
        if length > 1e-9:
            turn = turned(np.array([step[2], 0.0, -step[0]]) / length, length / self.radius) @ turn
        out = np.eye(4)
        out[:3, :3] = turn @ turned("y", self.role.track.heading(0.0))
        lifted = base @ self._manner(t, whole=False)
        centre = lifted[:3, 3] + np.array([0.0, self.radius, 0.0])
        out[:3, 3] = centre - out[:3, :3] @ np.array([0.0, self.radius, 0.0])
        return out

    def _manner(self, t: float, *, whole: bool = True) -> np.ndarray:
        """(4, 4) in the thing's own space: what its verbs and states add to standing there."""
        out = _at_rest(set(self.role.subject.attributes.states), self.height) if whole else np.eye(4)
        now = t * self.role.time_scale
        for verb, weight, travel in self.role.track.verbs(t):
            since, vigour = (t - travel.start) * self.role.time_scale, travel.action.vigour
            span = max(travel.end - travel.start, 1e-6)
            if verb in HOPS:
                lift = np.eye(4)
                lift[1, 3] = weight * hop(max(since, 0.0), hop_height(self.height, vigour))
                out = lift @ out
            elif verb == "spin" and whole:
                out = out @ _about((0, self.height / 2, 0), turned("y", 2 * np.pi * 0.45 * vigour * since))
            elif verb in ("sway", "bob", "dance") and whole:
                top = (0.0, self.height, 0.0) if self.hangs else (0.0, 0.0, 0.0)
                swing = weight * np.radians(7.0 if not self.hangs else 13.0) * vigour * np.sin(2 * np.pi * 0.55 * now)
                out = out @ _about(top, turned("z", swing))
            elif verb == "fall" and whole and self.drop is None and self.tumble is None:
                out = out @ _topple(float(np.clip(since / 0.9, 0, 1)), self.role, self.stance.half[0])
            elif verb in ("grow", "melt") and whole:
                out = out @ _swelling(verb, float(np.clip(since / (span * self.role.time_scale), 0, 1)))
            elif verb in ("fly", "hover", "rise", "land") and whole:
                out = out @ _about((0, 0, 0), turned("z", 0.06 * weight * np.sin(2 * np.pi * 0.31 * now + 0.7)))
        return out


def perform_rigid(
    body: Body, role: Role, *, lean: float = 1.0, moves: Sequence[dict[str, Any]] = (), extras: Sequence[Thing] = ()
) -> Performance:
    """The performance of a thing of parts: the recipe's parameters say how it rolls, hangs, shines, burns and sounds."""
    parameters = role.recipe.parameters
    motion = rigid_motion(body, role, lean=lean, moves=moves)
    lamps = lamps_of(parameters.get("lights", ()), f"The recipe {role.recipe.name!r}")
    fires = [Flame(**{**row, "at": tuple(row["at"])}) for row in parameters.get("flames", ())]
    glows = {
        number: (str(spec["glows"][0]), float(spec["glows"][1]))
        for number, spec in enumerate(role.recipe.materials.values()) if "glows" in spec
    }  # fmt: skip
    name = role.subject.id
    things = [*extras, *lit_surface(name, body.mesh, body.materials, glows, role, motion)]
    scale = role.scale
    lamps = tuple(_scaled_lamp(lamp, scale) for lamp in lamps)
    things += [flames(name, fire, role, _scaled_joint(motion, scale)) for fire in fires]
    return Performance(
        motion=motion,
        socket=motion.socket,
        moving=_moves(motion, role),
        events=sounding.events_of(motion, role),
        sources=sounding.sources_of(motion, role),
        lights=(lambda t: lights_at(lamps, role, motion.joint, t)) if lamps else None,
        extras=tuple(things),
    )


def rigid_motion(body: Body, role: Role, *, lean: float = 1.0, moves: Sequence[dict[str, Any]] = ()) -> Rigid:
    """The motion of a rigid body in a role."""
    parameters = role.recipe.parameters
    scale = role.scale
    height = float(body.mesh.positions[:, 1].max())
    radius = float(parameters["rolls"]) * scale if "rolls" in parameters else None
    if set(role.subject.attributes.states) & {"deflated"}:
        radius = None
    drop, let_go = _drop(role, restitution=float(parameters.get("bounce", 0.3)))
    tumble = None
    if role.carrier is not None:
        falls = [travel.start for travel in role.track.travels if travel.action.verb == "fall"]
        if falls:
            let_go = max(falls[0], 0.3)
            x, y, z = (float(v) for v in role.carrier(let_go)[:3, 3])
            tumble = Tumble(max(y - role.ground.at(x, z), 0.0), restitution=0.5 * float(parameters.get("bounce", 0.3)))
    stance = Stance.of(
        body, role, lean=float(parameters.get("lean", lean)), draught=float(parameters.get("draught", 0.3)) * height,
        held=str(parameters.get("held", "upright")),
    )  # fmt: skip
    return Rigid(
        body=body, role=role, stance=stance, height=height, radius=radius,
        turns=rolled(role.track, radius) if radius is not None and role.carrier is None else None,
        drop=drop, let_go=let_go, tumble=tumble, hangs=bool(parameters.get("hangs", False)),
        moves=(*moves, *(dict(m) for m in parameters.get("moves", ()))),
    )  # fmt: skip


def _drop(role: Role, *, restitution: float) -> tuple[Drop | None, float]:
    if role.carrier is not None:
        return None, 0.0
    for travel in role.track.travels:
        if travel.action.verb == "fall" and travel.action.path:
            height = float(role.track.position(travel.start)[1])
            if height > 0.05:
                return Drop(height, restitution=restitution), travel.start
    return None, 0.0


def _moves(motion: Rigid, role: Role) -> bool:
    if role.carrier is not None or motion.moves or role.track.travels or role.wave is not None:
        return True
    return float(np.ptp(role.track.positions, axis=0).max()) > 1e-6


def _about(point: tuple[float, float, float], rotation: np.ndarray) -> np.ndarray:
    out = np.eye(4)
    out[:3, :3] = rotation
    out[:3, 3] = np.asarray(point) - rotation @ point
    return out


def _at_rest(states: set[str], height: float) -> np.ndarray:
    out = np.eye(4)
    if "sunken" in states:
        out = _about((0, 0, 0), turned("z", np.radians(14.0)) @ turned("x", np.radians(-7.0)))
        out[1, 3] -= 0.2 * height
    elif "tilted" in states:
        out = _about((0, 0, 0), turned("z", np.radians(10.0)))
    elif "upside_down" in states:
        out = _about((0, height / 2, 0), turned("z", HALF_TURN))
    return out


def _topple(share: float, role: Role, half: float) -> np.ndarray:
    """Tips over its edge like a felled post: slowly at first, then fast, with one small rebound."""
    angle = np.pi / 2 * min(1.0, share**2.6 * 1.12)
    if share > 0.957:
        angle -= 0.05 * np.sin(np.pi * (share - 0.957) / 0.043)
    sign = 1.0 if role.seed % 2 else -1.0
    return _about((sign * half, 0.0, 0.0), turned("z", -sign * angle))


def _swelling(verb: str, share: float) -> np.ndarray:
    if verb == "grow":
        return np.diag([0.12 + 0.88 * share] * 3 + [1.0])
    wide, low = 1.0 + 0.35 * share, 1.0 - 0.82 * share
    return np.diag([wide, low, wide, 1.0])


def _scaled_lamp(lamp: Lamp, scale: float) -> Lamp:
    x, y, z = lamp.at
    return replace(lamp, at=(x * scale, y * scale, z * scale), reach=lamp.reach * max(scale, 0.3))


def _scaled_joint(motion: Motion, scale: float):
    size = np.diag([scale, scale, scale, 1.0])
    return lambda t: motion.joint("root", t) @ size  # type: ignore[attr-defined]
