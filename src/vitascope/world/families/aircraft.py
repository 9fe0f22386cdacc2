"""Flying machines: aeroplanes, helicopters, drones, rockets and gliders. Shapes come as parts; here they fly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from vitascope.film import Attributes
from vitascope.recipe import Recipe
from vitascope.world.blueprint import Body
from vitascope.world.role import Performance, Role
from vitascope.world.stage import Thing
from vitascope.world.things.flight import Flight, Spin
from vitascope.world.things.glow import Flame, flames, lamps_of, lights_at, lit_surface
from vitascope.world.things.interpret import kit_of
from vitascope.world.things.rotors import rotor_blur
from vitascope.world.things.sounding import followed, lasting
from vitascope.world.things.stance import Stance
from vitascope.world.things.wings import add_wings

__all__ = ["build", "perform"]


def build(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body:
    """The body from the recipe's parts and its `wings`. Its base is at y = 0 like that of all things."""
    kit = kit_of(recipe, attributes, detail=detail)
    add_wings(kit, recipe.parameters.get("wings", ()))
    return kit.body(attributes.scale)


def perform(body: Body, role: Role) -> Performance:
    """Fly along the track with spinning rotors, banking into turns and leaning with acceleration."""
    p, scale = role.recipe.parameters, role.scale
    motion = flight_of(body, role, p)
    lamps = lamps_of([_scaled(row, scale) for row in p.get("lights", ())], f"The recipe {role.recipe.name!r}")
    glows = {
        i: (str(spec["glows"][0]), float(spec["glows"][1]))
        for i, spec in enumerate(role.recipe.materials.values()) if "glows" in spec
    }  # fmt: skip
    extras: list[Thing] = list(lit_surface(role.subject.id, body.mesh, body.materials, glows, role, motion))
    for row in p.get("blurs", ()):
        extras.append(
            rotor_blur(role, motion, str(row["bone"]), float(row["radius"]) * scale, str(row.get("axis", "y")))
        )
    size = np.diag([scale, scale, scale, 1.0])
    if _burns(role):
        for row in p.get("flames", ()):
            fire = Flame(**{**row, "at": tuple(row["at"])})
            extras.append(flames(role.subject.id, fire, role, lambda t: motion.joint("root", t) @ size))
    engine = role.recipe.sounds.get("engine")
    sources = ()
    if engine and role.carrier is None and "parked" not in role.subject.attributes.states and _burns(role):
        sources = (lasting(engine, role, followed(motion.matrix, role), level=lambda t: 0.8, speed=role.track.speed),)
    return Performance(
        motion=motion, socket=motion.socket, moving=True, sources=sources,
        lights=(lambda t: lights_at(lamps, role, motion.joint, t)) if lamps else None, extras=tuple(extras),
    )  # fmt: skip


def flight_of(body: Body, role: Role, p: Mapping[str, Any]) -> Flight:
    """The flight that the parameters describe."""
    return Flight(
        body=body, role=role, stance=Stance.of(body, role, lean=0.4),
        spins=tuple(Spin(bone=str(s["bone"]), axis=str(s.get("axis", "y")), rate=float(s["rate"])) for s in p.get("spins", ())),
        tilts=float(p.get("tilts", 0.0)), banks=float(p.get("banks", 1.0)), climbs=float(p.get("climbs", 0.7)),
        drift=float(p.get("drift", 0.05)) * role.scale, gimbal=p.get("gimbal"),
    )  # fmt: skip


def _burns(role: Role) -> bool:
    """Rockets burn only while they go somewhere; rotors and engines always run."""
    if role.recipe.parameters.get("burns") != "moving":
        return True
    return bool(role.track.travels) and float(np.ptp(role.track.positions, axis=0).max()) > 0.5


def _scaled(row: Mapping[str, Any], scale: float) -> dict[str, Any]:
    return {**row, "at": tuple(scale * float(v) for v in row["at"])}
