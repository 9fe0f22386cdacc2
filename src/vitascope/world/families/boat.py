"""Boats and ships: hulls with decks or open insides, rigs and sails; they ride on the waves and heel with the wind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitascope.film import Attributes
from vitascope.recipe import Recipe
from vitascope.world.blueprint import Body
from vitascope.world.role import Performance, Role
from vitascope.world.skeleton import turned
from vitascope.world.stage import Pose
from vitascope.world.things.glow import lamps_of, lights_at, lit_surface
from vitascope.world.things.interpret import kit_of
from vitascope.world.things.rigging import add_hull, add_sails, wake
from vitascope.world.things.sounding import followed, lasting
from vitascope.world.things.stance import Stance, socket_of

__all__ = ["build", "perform"]

_OAR_RATE = 0.5


def build(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body:
    """The body: parts, and the hull and sails that the parameters describe, `unit` times as large. The keel is at y = 0."""
    kit = kit_of(recipe, attributes, detail=detail)
    if "hull" in recipe.parameters:
        add_hull(kit, recipe.parameters["hull"])
    add_sails(kit, recipe.parameters.get("sails", ()))
    return kit.body(attributes.scale * float(recipe.parameters.get("unit", 1.0)))


def perform(body: Body, role: Role) -> Performance:
    """Float at the draught, tilt with the waves, heel with the wind, leave a wake, and sound like sail or engine."""
    p, scale = role.recipe.parameters, role.scale
    wind = float(np.hypot(role.wind[0], role.wind[2]))
    motion = _Afloat(
        body, role, Stance.of(body, role, lean=0.6, draught=float(p.get("draught", 0.3)) * scale, afloat=True),
        np.radians(float(p.get("heel", 0.0))) * min(0.4 + wind / 8.0, 1.6), tuple(p.get("oars", ())),
    )  # fmt: skip
    lamps = lamps_of(
        [{**row, "at": tuple(scale * float(v) for v in row["at"])} for row in p.get("lights", ())],
        f"The recipe {role.recipe.name!r}",
    )
    specs = role.recipe.materials.values()
    glows = {i: (str(s["glows"][0]), float(s["glows"][1])) for i, s in enumerate(specs) if "glows" in s}
    extras = list(lit_surface(role.subject.id, body.mesh, body.materials, glows, role, motion))
    size = role.recipe.size
    foam = wake(role, min(size[0], size[2]) * scale, size[2] * scale)
    if foam is not None and role.carrier is None and role.recipe.medium == "water":
        extras.append(foam)
    engine = role.recipe.sounds.get("engine")
    sources = []
    if engine and role.carrier is None and role.wave is not None:
        level = (lambda t: 0.75) if engine == "sail" else (lambda t: 0.35 + 0.5 * min(role.track.speed(t) / 6.0, 1.0))
        places = followed(motion.matrix, role)
        sources.append(lasting(engine, role, places, level=level, speed=role.track.speed))
        sources.append(
            lasting("lapping", role, places, level=lambda t: 0.5 + 0.3 * min(role.track.speed(t) / 4.0, 1.0))
        )
    moving = role.wave is not None or role.carrier is not None or float(role.track.speeds.max()) > 1e-6
    return Performance(
        motion=motion, socket=motion.socket, moving=moving, extras=tuple(extras), sources=tuple(sources),
        lights=(lambda t: lights_at(lamps, role, motion.joint, t)) if lamps else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Afloat:
    """On the waves; `heel` [rad] to leeward; `oars` are bones that row while under way."""

    body: Body
    role: Role
    stance: Stance
    heel: float
    oars: tuple[str, ...]

    def at(self, t: float) -> Pose:
        joints = None
        if len(self.body.skeleton.bones) > 1:
            joints = self.body.skeleton.skinning(self.globals(t))
        return Pose(transforms=self.matrix(t)[None].astype(np.float32), joints=joints)

    def matrix(self, t: float) -> np.ndarray:
        """(4, 4) world_from_object."""
        base = self.stance.at(t)
        if "sunken" in self.role.subject.attributes.states or self.role.recipe.parameters.get("wreck"):
            lying = np.eye(4)
            lying[:3, :3] = turned("z", 0.3) @ turned("x", -0.1)
            lying[1, 3] = -0.12 * float(self.body.mesh.positions[:, 1].max()) * 0.5
            return base @ lying
        x, _, z = base[:3, 3]
        if self.role.carrier is None and self.stance.floats_at(x, z):
            now = t * self.role.time_scale
            sway = 0.25 * self.heel * np.sin(2 * np.pi * 0.17 * now + self.role.seed % 7)
            trim = np.eye(4)
            surge = (self.role.track.speed(t + 0.3) - self.role.track.speed(t - 0.3)) / 0.6
            trim[:3, :3] = turned("z", self.heel + sway) @ turned("x", -0.015 * float(np.clip(surge, -4, 4)))
            pivot = np.array([0.0, self.stance.draught, 0.0])
            trim[:3, 3] = pivot - trim[:3, :3] @ pivot
            return base @ trim
        return base

    def globals(self, t: float) -> np.ndarray:
        """(J, 4, 4) object_from_joint."""
        skeleton = self.body.skeleton
        rotations = np.tile(np.eye(3), (len(skeleton.bones), 1, 1))
        if float(self.role.track.speed(t)) > 0.1 or any(v in ("work", "ride") for v, _, _ in self.role.track.verbs(t)):
            phase = 2 * np.pi * _OAR_RATE * t * self.role.time_scale
            for bone in self.oars:
                side = 1.0 if bone.endswith("_l") else -1.0
                sweep, dip = 0.5 * np.cos(phase), 0.16 * np.sin(phase)
                rotations[skeleton.index(bone)] = turned("y", side * sweep) @ turned("z", side * dip)
        return skeleton.globals(rotations)

    def joint(self, bone: str, t: float) -> np.ndarray:
        """(4, 4) that carries rest positions of a bone into the world."""
        if len(self.body.skeleton.bones) == 1:
            return self.matrix(t)
        return self.matrix(t) @ self.body.skeleton.skinning(self.globals(t))[self.body.skeleton.index(bone)].astype(
            float
        )

    def socket(self, name: str, t: float) -> np.ndarray:
        """(4, 4) world transform of a socket."""
        return socket_of(self.body, name, self.matrix(t), self.globals(t))
