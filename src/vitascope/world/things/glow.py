"""What shines: lamps of a body, surfaces that are lit at night, and flames that flicker."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vitascope.recipe import RecipeError, colour_linear
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.role import Role
from vitascope.world.shape import lathe
from vitascope.world.stage import Motion, PointLight, Pose, Thing

__all__ = ["WHEN", "Flame", "Lamp", "flames", "lamps_of", "lights_at", "lit_surface", "shining"]

Where = Callable[[float], np.ndarray]
WHEN = ("night", "lit", "always", "burning")
_WARM = (1.0, 0.55, 0.22)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """One light of a body, in its rest space. `flicker` 0..1 is how unsteady it is; `when` one of WHEN."""

    at: tuple[float, float, float]
    bone: str = "root"
    colour: tuple[float, float, float] = _WARM
    power: float = 1.5
    reach: float = 10.0
    when: str = "night"
    flicker: float = 0.0
    direction: tuple[float, float, float] | None = None
    cone: float = 0.35
    beam: float = 0.0


def lamps_of(rows: Sequence[Mapping[str, Any]], where: str) -> tuple[Lamp, ...]:
    """Lamps from the rows of a recipe's parameter `lights`."""
    found = []
    for row in rows:
        fields = dict(row)
        if not set(fields) <= set(Lamp.__dataclass_fields__) or "at" not in fields:
            raise RecipeError(f"{where} has a light {fields!r}; its fields are {', '.join(Lamp.__dataclass_fields__)}.")
        colour = fields.get("colour", _WARM)
        fields["colour"] = colour_linear(colour) if isinstance(colour, str) else tuple(colour)
        fields["at"] = tuple(fields["at"])
        if fields.get("direction") is not None:
            axis = np.asarray(fields["direction"], float)
            fields["direction"] = tuple(axis / np.linalg.norm(axis))
        if fields.get("when", "night") not in WHEN:
            raise RecipeError(f"{where} has a light that shines {fields['when']!r}; allowed are {', '.join(WHEN)}.")
        found.append(Lamp(**fields))
    return tuple(found)


def shining(when: str, role: Role, t: float) -> float:
    """0..1, how far something that shines at `when` is lit at `t`: by night, by its state, or by what it does."""
    states = role.subject.attributes.states
    if "dark" in states:
        return 0.0
    acts = max((w for verb, w, _ in role.track.verbs(t) if verb in ("shine", "burn")), default=0.0)
    asked = 1.0 if {"lit", "burning"} & set(states) else 0.0
    by_rule = {"night": role.night, "always": 1.0}.get(when, 0.0)
    return float(max(by_rule, acts, asked))


def lights_at(
    lamps: Sequence[Lamp], role: Role, joint: Callable[[str, float], np.ndarray], t: float
) -> tuple[PointLight, ...]:
    """The lamps that are lit at `t`; `joint(bone, t)` (4, 4) carries rest positions of a bone into the world."""
    found = []
    for number, lamp in enumerate(lamps):
        share = shining(lamp.when, role, t)
        if share < 0.02:
            continue
        matrix = joint(lamp.bone, t)
        x, y, z = (float(v) for v in matrix[:3, :3] @ lamp.at + matrix[:3, 3])
        share *= 1.0 - lamp.flicker * (0.5 + 0.5 * _flicker(t, role.seed % 97 + 13 * number))
        r, g, b = (float(c * lamp.power * share) for c in lamp.colour)
        axis = None
        if lamp.direction is not None:
            turned_axis = matrix[:3, :3] @ np.asarray(lamp.direction)
            ax, ay, az = (float(v) for v in turned_axis / np.linalg.norm(turned_axis))
            axis = (ax, ay, az)
        scale = float(np.cbrt(abs(np.linalg.det(matrix[:3, :3]))))
        found.append(
            PointLight(
                position=(x, y, z), colour=(r, g, b), reach=lamp.reach * scale, direction=axis, cone=lamp.cone,
                beam=lamp.beam * share,
            )
        )  # fmt: skip
    return tuple(found)


def lit_surface(
    name: str,
    mesh: Mesh,
    materials: Sequence[Material],
    glows: Mapping[int, tuple[str, float]],
    role: Role,
    motion: Motion,
) -> tuple[Thing, ...]:
    """Shells over the materials numbered in `glows` (number -> when, emission) that are seen while those are lit."""
    found = []
    for number, (when, emission) in glows.items():
        may = when == "always" or role.night > 0.05 or {"lit", "burning"} & set(role.subject.attributes.states)
        acts = any(travel.action.verb in ("shine", "burn") for travel in role.track.travels)
        chosen = (mesh.material == number)[mesh.indices].all(1)
        if not (may or acts) or not chosen.any():
            continue
        used, renamed = np.unique(mesh.indices[chosen], return_inverse=True)
        shell = Mesh.of(
            mesh.positions[used] + 0.004 * mesh.normals[used], renamed.reshape(-1, 3), normals=mesh.normals[used],
            joints=None if mesh.joints is None else mesh.joints[used],
            weights=None if mesh.weights is None else mesh.weights[used],
        )  # fmt: skip
        base = materials[number].base
        peak = max(max(base), 1e-3)
        shade = tuple(float(c / peak) for c in base) if max(base) > 0.05 else (1.0, 0.72, 0.4)
        asked = acts or {"lit", "burning"} & set(role.subject.attributes.states)
        surface = "lit_window" if when == "night" and not asked else "emissive"
        glowing = Material(base=shade, surface=surface, roughness=0.3, emission=emission)  # type: ignore[arg-type]
        found.append(
            Thing(
                name=f"{name} light", mesh=shell, materials=(glowing,), motion=_WhileLit(motion, when, role),
                subject=role.number, moving=True, casts_shadow=False, bounds_radius=_radius(mesh),
            )
        )  # fmt: skip
    return tuple(found)


def _radius(mesh: Mesh) -> float:
    return float(np.linalg.norm(mesh.positions, axis=1).max()) * 1.1 + 0.1 if len(mesh.positions) else 1.0


@dataclass(frozen=True, slots=True)
class _WhileLit:
    motion: Motion
    when: str
    role: Role

    def at(self, t: float) -> Pose:
        share = shining(self.when, self.role, t)
        pose = self.motion.at(t)
        tints = np.full((1, 3), share, np.float32)
        return replace(pose, visible=pose.visible and share > 0.02, tints=tints)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flame:
    """A fire at a place: `height` and `width` [m], made of `tongues`."""

    at: tuple[float, float, float]
    height: float
    width: float
    tongues: int = 1
    when: str = "always"
    downward: bool = False
    """Points down like the jet of a rocket."""


def flames(name: str, fire: Flame, role: Role, joint: Callable[[float], np.ndarray]) -> Thing:
    """Tongues of flame that lick upward whatever way the body leans; `joint(t)` (4, 4) carries the body's rest space."""
    profile = [(1e-4, 0.0), (0.34, 0.1), (0.5, 0.28), (0.4, 0.52), (0.2, 0.78), (1e-4, 1.0)]
    tongue = lathe(profile, segments=10, angle=80)
    heights = tongue.positions[:, 1]
    colours = np.stack([np.ones_like(heights), 0.62 - 0.42 * heights, 0.2 - 0.18 * heights], -1)
    colours[heights < 0.12] = (0.35, 0.4, 1.0)
    mesh = replace(tongue, colours=np.ascontiguousarray(colours, np.float32))
    material = Material(base=(1.0, 0.9, 0.7), surface="emissive", emission=3.2, detail=0.0, opacity=0.9)
    return Thing(
        name=f"{name} flame", mesh=mesh, materials=(material,), motion=_Flicker(fire, role, joint),
        subject=role.number, moving=True, casts_shadow=False, bounds_radius=2.0 * fire.height,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Flicker:
    fire: Flame
    role: Role
    joint: Callable[[float], np.ndarray]

    def at(self, t: float) -> Pose:
        fire, body = self.fire, self.joint(t)
        share = shining(fire.when, self.role, t)
        scale = float(np.cbrt(abs(np.linalg.det(body[:3, :3]))))
        foot = body[:3, :3] @ fire.at + body[:3, 3]
        golden = np.arange(fire.tongues) * 2.39996
        out = np.tile(np.eye(4), (fire.tongues, 1, 1))
        spread = 0.0 if fire.tongues == 1 else 0.5 * fire.width
        for k, angle in enumerate(golden):
            beat = _flicker(t, self.role.seed % 89 + 17 * k)
            tall = fire.height * scale * (0.78 + 0.22 * beat) * (1.0 if k == 0 else 0.5 + 0.35 * np.cos(angle) ** 2)
            wide = fire.width * scale * (1.0 if fire.tongues == 1 else 0.5) * (1.0 - 0.12 * beat)
            lean = 0.12 * _flicker(0.6 * t, 31 + 7 * k)
            lean_z = 0.12 * _flicker(0.5 * t, 57 + 5 * k)
            ring = np.sqrt(k / max(fire.tongues, 1)) * spread * scale
            out[k, :3, 0] = (wide, 0, 0)
            out[k, :3, 1] = (tall * lean, tall, tall * lean_z)
            out[k, :3, 2] = (0, 0, wide)
            if fire.downward:
                out[k, :3, 1:3] *= -1.0
            out[k, :3, 3] = foot + np.array([ring * np.cos(angle), 0.0, ring * np.sin(angle)])
        return Pose(transforms=out.astype(np.float32), visible=share > 0.05)


def _flicker(t: float, salt: int) -> float:
    """-1..1, an unsteady mixture of five frequencies without a common period."""
    rates = (1.7, 2.9, 4.7, 7.3, 11.1)
    return float(
        sum(np.sin(2 * np.pi * r * t + 1.7 * salt + 2.1 * k) / (1 + 0.5 * k) for k, r in enumerate(rates)) / 3.1
    )
