"""Balloons: gored envelopes with a basket and a burner, party balloons on a string; they drift and swing gently."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vitascope.film import Attributes
from vitascope.recipe import Recipe
from vitascope.world.blueprint import Body
from vitascope.world.mesh import Mesh
from vitascope.world.role import Performance, Role
from vitascope.world.shape import creased
from vitascope.world.skeleton import turned
from vitascope.world.stage import PointLight, Pose
from vitascope.world.things.glow import Flame, flames, lit_surface
from vitascope.world.things.interpret import kit_of
from vitascope.world.things.kit import Kit
from vitascope.world.things.sounding import followed, lasting
from vitascope.world.things.stance import Stance, socket_of

__all__ = ["build", "burning", "perform"]

_FINE = 5
"""Strips across one gore."""


def build(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body:
    """The body: the recipe's parts, and a gored envelope where it has a `profile` of radius and height."""
    kit = kit_of(recipe, attributes, detail=detail)
    p = recipe.parameters
    if "profile" in p:
        _add_envelope(kit, p, attributes)
    return kit.body(attributes.scale)


def _add_envelope(kit: Kit, p: dict, attributes: Attributes) -> None:
    profile = np.array(p["profile"], float).reshape(-1, 2)
    count = int(np.clip(p.get("gores", 16), 4, 32))
    names = [str(n) for n in p.get("gore_materials", ("envelope", "second"))]
    if attributes.colour and not attributes.second_colour and len(names) > 2:
        names = names[:2]
    for number, name in enumerate(names):
        mesh = _gores(profile, count, range(number, count, len(names)), float(p.get("bulge", 0.03)))
        kit.add(mesh, name)


def _gores(profile: np.ndarray, count: int, chosen: range, bulge: float) -> Mesh:
    """The chosen gores of a scalloped surface of revolution, from (radius, height) pairs going up; seen from both sides."""
    rows, faces, offset = [], [], 0
    for gore in chosen:
        u = np.linspace(0, 1, _FINE + 1)
        angle = 2 * np.pi * (gore + u) / count
        radius = profile[:, :1] * (1 + bulge * np.sin(np.pi * u)[None])
        points = np.stack(
            [radius * np.sin(angle), np.broadcast_to(profile[:, 1:], radius.shape), radius * np.cos(angle)], -1
        )
        index = np.arange(points[..., 0].size).reshape(radius.shape) + offset
        a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, 1:].ravel(), index[1:, :-1].ravel()
        faces += [np.stack([a, b, c], -1), np.stack([a, c, d], -1)]
        rows.append(points.reshape(-1, 3))
        offset += points[..., 0].size
    outside = creased(np.concatenate(rows), np.concatenate(faces), angle=50)
    return outside


def perform(body: Body, role: Role) -> Performance:
    """Drift along the track, swinging a little; the burner of a hot-air balloon fires in bursts."""
    p, scale = role.recipe.parameters, role.scale
    motion = _Drifting(
        body, role, Stance.of(body, role, lean=0.3), float(p.get("swing", 0.6)), float(p.get("pivot", 0.6))
    )
    extras, lights, sources = [], None, ()
    specs = role.recipe.materials.values()
    glows = {i: (str(s["glows"][0]), float(s["glows"][1])) for i, s in enumerate(specs) if "glows" in s}
    extras += lit_surface(role.subject.id, body.mesh, body.materials, glows, role, motion)
    if "burner" in p:
        at = tuple(float(v) for v in p["burner"])
        fire = Flame(at=at, height=float(p.get("flame", 2.2)), width=0.55)  # type: ignore[arg-type]
        size = np.diag([scale, scale, scale, 1.0])
        flame = flames(role.subject.id, fire, role, lambda t: motion.matrix(t) @ size)
        extras.append(replace(flame, motion=_InBursts(flame.motion, role)))
        above = np.array([at[0], at[1] + 1.2, at[2]]) * scale

        def lamps(t: float) -> tuple[PointLight, ...]:
            power = burning(t * role.time_scale, role.seed)
            if power < 0.02:
                return ()
            x, y, z = (float(v) for v in motion.matrix(t)[:3, :3] @ above + motion.matrix(t)[:3, 3])
            bright = 26.0 * power * scale
            return (PointLight(position=(x, y, z), colour=(bright, 0.55 * bright, 0.2 * bright), reach=22.0 * scale),)

        lights = lamps
        sources = (lasting("burner.balloon", role, followed(motion.matrix, role), level=lambda t: 0.8),)
    return Performance(
        motion=motion, socket=motion.socket, moving=True, lights=lights, extras=tuple(extras), sources=sources
    )  # fmt: skip


def burning(t: float, seed: int) -> float:
    """0..1, how far the burner is open: bursts of about two seconds every seven."""
    phase = (t + (seed % 13) * 0.6) % 6.8
    return float(np.clip(phase / 0.15, 0, 1) * np.clip((2.3 - phase) / 0.25, 0, 1))


@dataclass(frozen=True, slots=True)
class _InBursts:
    motion: object
    role: Role

    def at(self, t: float) -> Pose:
        power = burning(t * self.role.time_scale, self.role.seed)
        return replace(self.motion.at(t), visible=power > 0.05)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class _Drifting:
    """Swings about a point at `pivot` of its height by about `swing` degrees, and turns slowly."""

    body: Body
    role: Role
    stance: Stance
    swing: float
    pivot: float

    def at(self, t: float) -> Pose:
        return Pose(transforms=self.matrix(t)[None].astype(np.float32))

    def matrix(self, t: float) -> np.ndarray:
        """(4, 4) world_from_object."""
        base = self.stance.at(t)
        now, salt = t * self.role.time_scale, self.role.seed % 29
        track = self.role.track
        lean = np.radians(self.swing)
        a = lean * (np.sin(2 * np.pi * 0.11 * now + salt) + 0.5 * np.sin(2 * np.pi * 0.27 * now + 2.3 * salt))
        b = lean * (np.sin(2 * np.pi * 0.09 * now + 1.7 * salt) + 0.5 * np.sin(2 * np.pi * 0.23 * now))
        velocity = (track.position(t + 0.5) - track.position(t - 0.5)) * 0.01
        turn = turned("z", a - float(np.clip(velocity[0], -0.1, 0.1))) @ turned(
            "x", b + float(np.clip(velocity[2], -0.1, 0.1))
        )
        held = self.role.carrier is not None
        height = 0.0 if held else self.pivot * float(self.body.mesh.positions[:, 1].max())
        point = np.array([0.0, height, 0.0])
        out = np.eye(4)
        out[:3, :3] = turn @ turned("y", 0.0 if held else 0.05 * np.sin(0.21 * now + salt))
        out[:3, 3] = point - out[:3, :3] @ point
        return base @ out

    def joint(self, bone: str, t: float) -> np.ndarray:
        """(4, 4) of the only bone."""
        return self.matrix(t)

    def socket(self, name: str, t: float) -> np.ndarray:
        """(4, 4) world transform of a socket."""
        return socket_of(self.body, name, self.matrix(t), None)
