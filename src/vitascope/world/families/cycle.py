"""Things on two wheels and boards on small ones: bicycles, motorcycles, scooters, skateboards, prams and carts."""

from __future__ import annotations

from collections.abc import Iterable

from vitascope.film import Attributes
from vitascope.recipe import Recipe
from vitascope.world.blueprint import Body
from vitascope.world.role import Performance, Role
from vitascope.world.skeleton import Bone
from vitascope.world.things.driving import Driving, Wheel, engine_sources
from vitascope.world.things.glow import lamps_of, lights_at, lit_surface
from vitascope.world.things.interpret import kit_of
from vitascope.world.things.stance import Stance
from vitascope.world.things.wheels import add_wheel, cycle_wheel

__all__ = ["build", "perform"]

GEARING = 0.36
"""Turns of the pedals for one turn of the wheels."""


def build(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body:
    """The recipe's parts on wheels from its parameter `wheels`: {bone, at, radius, style, thick, width, steers}."""
    rows = recipe.parameters.get("wheels", ())
    bones = [Bone(name="fork", parent="root", head=_point(recipe.parameters.get("fork", (0, 0, 0))))]
    bones += [Bone(name=row["bone"], parent="root", head=_point(row["at"])) for row in rows]
    if "pedals" in recipe.parameters:
        bones.append(Bone(name="pedals", parent="root", head=_point(recipe.parameters["pedals"])))
    kit = kit_of(recipe, attributes, detail=detail, bones=bones)
    for row in rows:
        if row.get("style", "wire") == "wire":
            cycle_wheel(
                kit,
                row["bone"],
                _point(row["at"]),
                float(row["radius"]),
                float(row.get("thick", 0.018)),
                spokes=int(row.get("spokes", 14)),
            )
        else:
            add_wheel(
                kit,
                row["bone"],
                _point(row["at"]),
                float(row["radius"]),
                float(row.get("width", 0.12)),
                style=str(row["style"]),
            )
    return kit.body(attributes.scale)


def perform(body: Body, role: Role) -> Performance:
    """Roll without slip, lean into corners, turn the pedals; lamps at night."""
    p, scale = role.recipe.parameters, role.scale
    rows = p.get("wheels", ())
    zs = [float(row["at"][2]) * scale for row in rows]
    wheels = [
        Wheel(bone=row["bone"], radius=float(row["radius"]) * scale, steers=bool(row.get("steers"))) for row in rows
    ]
    if "pedals" in p:
        wheels.append(Wheel(bone="pedals", radius=wheels[0].radius, ratio=GEARING))
    motion = Driving(
        body=body, role=role, stance=Stance.of(body, role), wheels=tuple(wheels), axles=(max(zs), min(zs)),
        half_track=max(abs(float(row["at"][0])) for row in rows) * scale + 0.1, leans=bool(p.get("leans", True)),
        sprung="", also={"fork": 1.0},
    )  # fmt: skip
    lamps = lamps_of(
        [{**row, "at": tuple(scale * float(v) for v in row["at"])} for row in p.get("lights", ())],
        f"The recipe {role.recipe.name!r}",
    )
    specs = role.recipe.materials.values()
    glows = {i: (str(s["glows"][0]), float(s["glows"][1])) for i, s in enumerate(specs) if "glows" in s}
    return Performance(
        motion=motion, socket=motion.socket, moving=bool(role.track.speeds.max() > 1e-6) or role.carrier is not None,
        sources=engine_sources(motion, role), lights=(lambda t: lights_at(lamps, role, motion.joint, t)) if lamps else None,
        extras=lit_surface(role.subject.id, body.mesh, body.materials, glows, role, motion),
    )  # fmt: skip


def _point(values: Iterable[float]) -> tuple[float, float, float]:
    x, y, z = values
    return float(x), float(y), float(z)
