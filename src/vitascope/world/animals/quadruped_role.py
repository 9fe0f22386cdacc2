"""A quadruped's part in a shot: steps planned, motion set up, footfalls and calls written down."""

from __future__ import annotations

import numpy as np

from vitascope.world.animals.anatomy import Anatomy, anatomy_of
from vitascope.world.animals.calls import calls_of
from vitascope.world.animals.gaits import gait_at
from vitascope.world.animals.head_motion import carriage_of
from vitascope.world.animals.life import life_of, likeness_of, unscaled
from vitascope.world.animals.quadruped_motion import QuadrupedMotion, leg_rests
from vitascope.world.animals.stepping import Steps, steps_of
from vitascope.world.animals.terrain import tilts
from vitascope.world.blueprint import Body
from vitascope.world.role import Performance, Role
from vitascope.world.soundscape import SoundEvent

__all__ = ["performance_of"]

_UNDER = {"striding": (0.12, 0.03), "springing": (0.0, 0.03), "hopping": (0.04, 0.04)}
"""How far [withers heights] hind and fore feet are set forward under a galloping body, by way of going."""


def performance_of(body: Body, role: Role) -> Performance:
    """How a quadruped plays `role`."""
    anatomy = anatomy_of(role.recipe, role.subject.attributes)
    rng = np.random.default_rng(role.seed)
    style = str(anatomy.parameters.get("gait", "striding"))
    legs = leg_rests(anatomy)
    duty = float(anatomy.parameters["stance"]["duty"])
    reach = float(anatomy.parameters["stance"].get("stride", 1.0))
    rest = [
        (float(leg.sole[0]), float(leg.sole[2] + rng.uniform(-0.05, 0.05) * anatomy.unit * (style != "hopping")))
        for leg in legs
    ]
    under = [share * anatomy.unit for share in _UNDER.get(style, _UNDER["striding"])]
    steps = steps_of(
        role.track, role.ground, gait=lambda v: gait_at(v, leg=anatomy.leg, style=style, duty=duty, reach=reach),
        leg=anatomy.leg * reach, rest=rest, under=under * 2, lift=0.16 * anatomy.leg, start=float(rng.random()),
    )  # fmt: skip
    size = 0.5 * anatomy.parameters["foot"]["length"] * anatomy.unit
    motion = QuadrupedMotion(
        anatomy=anatomy, skeleton=body.skeleton, role=role, steps=steps, legs=legs,
        tilts=tuple(tilts(role.ground, plants, size=size) for plants in steps.plants),
        life=life_of(role.seed, role.duration, mass=role.recipe.mass), carriage=carriage_of(anatomy), style=style,
        likeness=likeness_of(role.seed),
        index={bone.name: i for i, bone in enumerate(body.skeleton.bones)},
    )  # fmt: skip

    def socket(name: str, t: float) -> np.ndarray:
        place = body.sockets[name if name in body.sockets else "top"]
        moment = motion.moment(t)
        number = motion.index[place.bone]
        out = moment.globals[number].copy()
        out[:3, 3] += out[:3, :3] @ (np.asarray(place.position) - np.asarray(body.skeleton.bones[number].head))
        return unscaled(moment.root @ out)

    events = () if role.carrier is not None else footfall_events(role, anatomy, steps, motion)
    voices = calls_of(role, lambda t: socket("mouth", t)[:3, 3])
    return Performance(motion=motion, socket=socket, events=tuple(sorted(events + voices, key=lambda e: e.time)))


def footfall_events(role: Role, anatomy: Anatomy, steps: Steps, motion: QuadrupedMotion) -> tuple[SoundEvent, ...]:
    """One event for each contact inside the shot, where and when the foot is planted."""
    name = role.recipe.sounds.get("step", "footfall.paw")
    mass = role.recipe.mass * role.scale**3
    found = []
    for contacts, plants in zip(steps.contacts, steps.plants, strict=True):
        for time, plant in zip(contacts, plants, strict=True):
            if not 0.0 <= time < role.duration or motion.posture(float(time)).get("air", 0.0) > 0.3:
                continue
            speed = role.track.speed(float(time))
            strength = float(np.clip(0.18 + 0.30 * speed / np.sqrt(9.81 * anatomy.leg), 0.05, 1.0))
            x, y, z = (float(c) for c in plant)
            surface = role.ground.surface(x, z)
            found.append(
                SoundEvent(
                    time=float(time), name=name, position=(x, y, z), strength=strength, mass=mass, surface=surface
                )
            )
    return tuple(found)
