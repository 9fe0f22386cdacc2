"""A bird's part in a shot: flight and steps planned, motion set up, wing beats, footfalls and calls written down."""

from __future__ import annotations

import numpy as np

from vitascope.world.animals.bird_body import BirdFrame, bird_frame
from vitascope.world.animals.bird_motion import BirdMotion, Flight, flight_of
from vitascope.world.animals.calls import calls_of
from vitascope.world.animals.life import life_of, likeness_of, unscaled
from vitascope.world.animals.stepping import Steps, steps_of
from vitascope.world.blueprint import Body
from vitascope.world.role import Performance, Role
from vitascope.world.soundscape import SoundEvent

__all__ = ["bird_performance", "wing_rate"]


def wing_rate(mass: float) -> float:
    """Wing beats a second of a bird of `mass` [kg]: 3.9 m^-0.27, kept below what a frame can show."""
    return float(np.clip(3.9 * mass**-0.27, 1.6, 10.0))


def bird_performance(body: Body, role: Role) -> Performance:
    """How a bird plays `role`."""
    frame = bird_frame(role.recipe, role.subject.attributes)
    rng = np.random.default_rng(role.seed)
    rate = float(role.recipe.parameters.get("beats", wing_rate(role.recipe.mass))) * float(rng.uniform(0.94, 1.06))
    flight = flight_of(role, frame, rate=rate, glides=bool(role.recipe.parameters.get("glides", True)), seed=role.seed)
    leg = float(frame.legs[0].top[1])
    duty = 0.62
    steps = steps_of(
        role.track,
        role.ground,
        gait=lambda v: (np.stack([np.zeros_like(v), np.full_like(v, 0.5)]), np.full_like(v, duty), np.zeros_like(v)),
        leg=leg,
        rest=[(float(rest.sole[0]), float(rest.sole[2])) for rest in frame.legs],
        under=(0.0, 0.0),
        lift=0.22 * leg,
        start=float(rng.random()),
    )
    motion = BirdMotion(
        frame=frame, skeleton=body.skeleton, role=role, steps=steps, flight=flight,
        life=life_of(role.seed, role.duration, mass=role.recipe.mass), likeness=likeness_of(role.seed),
        index={bone.name: i for i, bone in enumerate(body.skeleton.bones)},
    )  # fmt: skip

    def socket(name: str, t: float) -> np.ndarray:
        place = body.sockets[name if name in body.sockets else "top"]
        moment = motion.moment(t)
        number = motion.index[place.bone]
        out = moment.globals[number].copy()
        out[:3, 3] += out[:3, :3] @ (np.asarray(place.position) - np.asarray(body.skeleton.bones[number].head))
        return unscaled(moment.root @ out)

    events = (*_beats(role, flight, frame), *_footfalls(role, steps, flight))
    calls = calls_of(role, lambda t: socket("mouth", t)[:3, 3], rate=0.16)
    return Performance(motion=motion, socket=socket, events=tuple(sorted((*events, *calls), key=lambda e: e.time)))


def _beats(role: Role, flight: Flight, frame: BirdFrame) -> tuple[SoundEvent, ...]:
    """One event at the start of each downstroke in flight."""
    inside = (flight.times >= 0) & (flight.times < role.duration)
    found = []
    for time in np.interp(
        np.arange(np.ceil(flight.phase[0] - 0.25), np.floor(flight.phase[-1])) + 0.25, flight.phase, flight.times
    ):
        if not 0 <= time < role.duration or not inside.any():
            continue
        strength = flight.value("flap", time) * flight.value("aloft", time)
        if strength > 0.4:
            x, _, z = role.track.position(float(time))
            place = (float(x), flight.value("heights", time), float(z))
            found.append(SoundEvent(time=float(time), name=role.recipe.sounds.get("wing", "wing.flap"), position=place,
                                    strength=0.6 * strength, mass=role.recipe.mass * role.scale**3))  # fmt: skip
    return tuple(found)


def _footfalls(role: Role, steps: Steps, flight: Flight) -> tuple[SoundEvent, ...]:
    if role.carrier is not None:
        return ()
    found = []
    for contacts, plants in zip(steps.contacts, steps.plants, strict=True):
        for time, plant in zip(contacts, plants, strict=True):
            verbs = [v for v, _, _ in role.track.verbs(float(time))]
            if 0 <= time < role.duration and flight.value("aloft", time) < 0.05 and "swim" not in verbs:
                x, y, z = (float(c) for c in plant)
                found.append(
                    SoundEvent(
                        time=float(time),
                        name=role.recipe.sounds.get("step", "footfall.paw"),
                        position=(x, y, z),
                        strength=0.2,
                        mass=role.recipe.mass * role.scale**3,
                        surface=role.ground.surface(x, z),
                    )
                )
    return tuple(found)
