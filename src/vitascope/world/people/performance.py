"""How a person performs a role: the pose at any time, sockets, and the sounds of feet."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from vitascope.world.blueprint import Body
from vitascope.world.people.attitude import Attitude, Rig, rig_of, solved, toward
from vitascope.world.people.bodily import BODILY, carried, kicked
from vitascope.world.people.gestures import GESTURES
from vitascope.world.people.locomotion import on_foot
from vitascope.world.people.moment import Moment, Temper, temper_of
from vitascope.world.people.seats import SEATED
from vitascope.world.people.stride import Strides, strides_of
from vitascope.world.role import Performance, Role
from vitascope.world.soundscape import SoundEvent
from vitascope.world.stage import Pose
from vitascope.world.track import Travel

__all__ = ["perform_person"]

_BODY_BLEND, _ARM_BLEND = 0.7, 0.45


def perform_person(body: Body, role: Role) -> Performance:
    """The performance of one person in one shot."""
    motion = _motion(body, role)
    return Performance(motion=motion, socket=motion.socket, events=_events(motion), moving=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMotion:
    """Pure function from time to pose of one person."""

    body: Body
    role: Role
    rig: Rig
    temper: Temper
    strides: Strides
    lunar: bool
    kicks: tuple[tuple[Travel, int, np.ndarray | None], ...] = ()
    """Travel, kicking foot, ball (3,) in the world at the contact."""
    memory: dict[float, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict, compare=False)

    def at(self, t: float) -> Pose:
        """The pose at `t` [s of film]."""
        world, joints = self.joints(t)
        return Pose(transforms=world[None].astype(np.float32), joints=self.body.skeleton.skinning(joints))

    def joints(self, t: float) -> tuple[np.ndarray, np.ndarray]:
        """World (4, 4) of the subject's space and (J, 4, 4) object_from_joint at `t`."""
        if t not in self.memory:
            if len(self.memory) > 8:
                self.memory.clear()
            m = self.moment(t)
            self.memory[t] = (_space(m), solved(self.attitude(m), self.rig))
        return self.memory[t]

    def moment(self, t: float, travel: Travel | None = None) -> Moment:
        """What moves may know at `t`."""
        track = self.role.track
        carrier = self.role.carrier(t) if self.role.carrier else None
        if carrier is None:
            place, heading = track.position(t), track.heading(t)
            origin = np.array([place[0], self.role.ground.at(place[0], place[2]) + place[1], place[2]])
        else:
            origin = carrier[:3, 3]
            heading = float(np.arctan2(carrier[0, 2], carrier[2, 2]))
        return Moment(
            t=t,
            rig=self.rig,
            role=self.role,
            strides=self.strides,
            temper=self.temper,
            origin=origin,
            heading=heading,
            lunar=self.lunar,
            travel=travel,
        )

    def attitude(self, m: Moment) -> Attitude:
        """Locomotion below, whole-body moves over it, then arms and head, then the face."""
        a = on_foot(m)
        if self.role.carrier is not None:
            a = carried(m, a)
        for verb, weight, travel in _weights(self.role, m.t, _BODY_BLEND):
            if verb in BODILY and not (self.role.seat is not None and verb in SEATED):
                now = replace(m, travel=travel)
                a = toward(a, BODILY[verb](now, a), weight)
        for travel, foot, ball in self.kicks:
            now = replace(m, travel=travel)
            a = kicked(now, a, None if ball is None else m.inside(ball), foot)
        for verb, weight, travel in _weights(self.role, m.t, _ARM_BLEND):
            if verb in GESTURES:
                now = replace(m, travel=travel)
                a = toward(a, GESTURES[verb](now, a), weight)
        since = m.t - self.temper.blinks
        near = since[(since > -0.02) & (since < 0.2)]
        shut = float(np.max(np.interp(near, [-0.02, 0.05, 0.08, 0.2], [0, 1, 1, 0]))) if len(near) else 0.0
        return replace(a, blink=np.maximum(a.blink, shut))

    def socket(self, name: str, t: float) -> np.ndarray:
        """(4, 4) world transform of a socket. Things in hands stay upright, whatever the hand does."""
        if name not in self.body.sockets:
            raise ValueError(f"People have no socket {name!r}; they have {', '.join(sorted(self.body.sockets))}.")
        world, joints = self.joints(t)
        socket = self.body.sockets[name]
        bone = self.body.skeleton.index(socket.bone)
        place = joints[bone] @ np.append(np.subtract(socket.position, self.rig.heads[bone]), 1.0)
        out = np.eye(4)
        out[:3, 3] = (world @ place)[:3]
        turn = (
            world[:3, :3]
            if name in ("hand_right", "hand_left", "seat", "lap", "top")
            else world[:3, :3] @ joints[bone][:3, :3]
        )
        out[:3, :3] = turn
        return out


def _space(m: Moment) -> np.ndarray:
    c, s = np.cos(m.heading), np.sin(m.heading)
    world = np.eye(4)
    world[:3, :3] = [[c, 0, s], [0, 1, 0], [-s, 0, c]]
    world[:3, 3] = m.origin
    return world


def _weights(role: Role, t: float, blend: float) -> list[tuple[str, float, Travel]]:
    """Verbs at `t` with weights that ease over `blend` seconds; what begins or ends with the shot does not ease there."""
    found = []
    for travel in role.track.travels:
        rise = 1.0 if travel.start <= 1e-6 else np.clip((t - travel.start) / blend + 0.5, 0, 1)
        fall = 1.0 if travel.end >= role.duration - 1e-6 else np.clip((travel.end - t) / blend + 0.5, 0, 1)
        w = float(min(rise, fall))
        if w > 0:
            found.append((travel.action.verb, w * w * (3 - 2 * w), travel))
    return found


def _motion(body: Body, role: Role) -> PersonMotion:
    rig = rig_of(body.skeleton)
    track = role.track
    spread = float(abs(rig.ankle[0][0]))
    pace = np.zeros(len(track.times))
    for travel in track.travels:
        if travel.action.verb in ("run", "play"):
            pace = np.where((track.times >= travel.start - 0.2) & (track.times <= travel.end + 0.2), 1.0, pace)
    kicks, planted = _kicks(role, rig, spread)
    lunar = role.recipe.parameters.get("gait") == "lunar" or any("lunar" in a.manner for a in role.subject.actions)
    if lunar:
        pace = np.ones_like(pace)
    lope = 2.4 if lunar else 1.0
    strides = strides_of(track, role.ground, leg=rig.leg, spread=spread, pace=pace, lope=lope, planted=planted)
    young = rig.leg < 0.62
    return PersonMotion(
        body=body,
        role=role,
        rig=rig,
        temper=temper_of(role.seed, young=young),
        strides=strides,
        lunar=lunar,
        kicks=kicks,
    )


def _kicks(role: Role, rig: Rig, spread: float) -> tuple[tuple, tuple]:
    """Kicks of the shot and the stances that hold the other foot down meanwhile."""
    kicks, planted = [], []
    for travel in role.track.travels:
        if travel.action.verb != "kick":
            continue
        t = 0.5 * (travel.start + travel.end)
        place, heading = role.track.position(t), role.track.heading(t)
        aim = role.targets.get(travel.action.target or "")
        ball = None if aim is None else np.asarray(aim(t - 1e-3), float)
        foot = 1
        if ball is not None:
            ground = role.ground.at(ball[0], ball[2])
            ball = np.array([ball[0], min(ball[1], ground + 0.35 * rig.leg), ball[2]])
            across = np.cos(heading) * (ball[0] - place[0]) - np.sin(heading) * (ball[2] - place[2])
            foot = 0 if across > 0.06 else 1
        x = spread * 0.8 * (1 if foot == 1 else -1)
        px, pz = place[0] + np.cos(heading) * x, place[2] - np.sin(heading) * x
        stand = np.array([px, role.ground.at(px, pz), pz])
        planted.append((1 - foot, max(t - 0.30, -1.9), t + 0.42, stand))
        kicks.append((travel, foot, ball))
    return tuple(kicks), tuple(planted)


def _events(motion: PersonMotion) -> tuple[SoundEvent, ...]:
    role = motion.role
    events = []
    mass = role.recipe.mass * role.scale**3
    shod = "foot" if any("bare" in g.kind for g in role.subject.attributes.clothing) else "shoe"
    airborne = role.carrier is not None
    for i, row in enumerate(motion.strides.stances):
        for stance in row[1:]:
            if not 0 <= stance.start < role.duration or airborne:
                continue
            x, y, z = (float(v) for v in stance.position)
            run = motion.strides.run_share(stance.start)
            strength = 0.18 if stance.closing else 0.30 + 0.35 * run + 0.05 * ((i * 7 + len(events)) % 3)
            events.append(
                SoundEvent(
                    time=stance.start,
                    name=role.recipe.sounds.get("step", f"footfall.{shod}"),
                    position=(x, y, z),
                    strength=min(strength, 1.0),
                    mass=mass,
                    surface=role.ground.surface(x, z),
                )
            )
    for travel, _, ball in motion.kicks:
        t = 0.5 * (travel.start + travel.end)
        if 0 <= t < role.duration:
            x, y, z = (float(v) for v in (motion.role.track.position(t) if ball is None else ball))
            events.append(
                SoundEvent(
                    time=t,
                    name="kick",
                    position=(x, y, z),
                    strength=min(0.7 * travel.action.vigour, 1.0),
                    mass=0.4,
                )
            )  # type: ignore[arg-type]
    return tuple(sorted([*events, *_laughs(motion)], key=lambda e: e.time))


def _laughs(motion: PersonMotion) -> list[SoundEvent]:
    """Children laugh now and then while they play, run or jump together."""
    role = motion.role
    if role.recipe.sounds.get("voice") != "voice.child":
        return []
    rng = np.random.default_rng([role.seed, 81])
    events = []
    for travel in role.track.travels:
        if travel.action.verb not in ("play", "jump", "dance"):
            continue
        t = travel.start + float(rng.uniform(0.5, 2.5))
        while t < min(travel.end, role.duration):
            x, y, z = (float(v) for v in motion.socket("mouth", t)[:3, 3])
            events.append(
                SoundEvent(time=t, name="laugh", position=(x, y, z), strength=float(rng.uniform(0.3, 0.6)), mass=25.0)
            )
            t += float(rng.uniform(2.5, 6.0))
    return events
