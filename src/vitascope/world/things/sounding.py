"""What things sound like: strikes when they land, bounce or topple, and what lasts (fire, engines, ticking)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from vitascope.world.role import Role
from vitascope.world.soundscape import SoundEvent, SoundSource
from vitascope.world.things.ballistics import GRAVITY, hop_height, hop_period

if TYPE_CHECKING:
    from vitascope.world.things.rigid import Rigid

__all__ = ["events_of", "followed", "lasting", "moments", "sources_of"]

RATE = 20.0


def events_of(motion: Rigid, role: Role) -> tuple[SoundEvent, ...]:
    """Strikes of a fall, of bounces, of a path that touches the ground, and of toppling over."""
    name = role.recipe.sounds.get("impact", "impact.wood")
    found: list[SoundEvent] = []

    def strike(t: float, speed: float) -> None:
        x, y, z = (float(v) for v in motion.matrix(t)[:3, 3])
        strength = float(np.clip(speed / 7.0, 0.08, 1.0))
        found.append(
            SoundEvent(
                time=t, name=name, position=(x, y, z), strength=strength, mass=role.recipe.mass * role.scale**3,
                surface=role.ground.surface(x, z),
            )
        )  # fmt: skip

    if motion.drop is not None:
        for moment, speed in list(zip(motion.drop.contacts, motion.drop.speeds, strict=True))[:5]:
            strike(motion.let_go + float(moment) / role.time_scale, float(speed))
    if motion.tumble is not None:
        fall = motion.tumble.drop
        for moment, speed in list(zip(fall.contacts, fall.speeds, strict=True))[:4]:
            strike(motion.let_go + (motion.tumble.leaves + float(moment)) / role.time_scale, float(speed))
    for travel in role.track.travels:
        if travel.action.verb == "bounce":
            height = hop_height(motion.height, travel.action.vigour)
            period = hop_period(height) / role.time_scale
            count = min(40, int((travel.end - travel.start) / period))
            for k in range(1, count + 1):
                strike(travel.start + k * period, float(np.sqrt(2 * GRAVITY * height)))
        elif travel.action.verb == "fall" and motion.drop is None and motion.tumble is None:
            strike(travel.start + 0.86 / role.time_scale, 3.0)
    if role.carrier is None and motion.drop is None:
        for t, speed in _landings(role):
            strike(t, speed)
    return tuple(e for e in found if 0 <= e.time <= role.duration)


def _landings(role: Role) -> list[tuple[float, float]]:
    """Moments at which the path comes down onto the ground, with the speed of that [m/s]."""
    track = role.track
    height = track.positions[:, 1]
    rate = np.gradient(height, track.times)
    touch = np.flatnonzero((height[1:] <= 0.012) & (height[:-1] > 0.012))
    return [(float(track.times[k]), float(-rate[k])) for k in touch if -rate[k] > 0.4][:12]


def sources_of(motion: Rigid, role: Role) -> tuple[SoundSource, ...]:
    """The lasting sound that the recipe names under "lasting", as loud as its level there."""
    name = role.recipe.sounds.get("lasting")
    if not name:
        return ()
    return (lasting(name, role, motion.places(moments(role)), level=lambda t: 0.7),)


def moments(role: Role) -> np.ndarray:
    """(K,) times [s] over the shot at which lasting sounds are followed."""
    return np.linspace(0.0, role.duration, max(2, int(role.duration * RATE) + 1))


def followed(matrix: Callable[[float], np.ndarray], role: Role) -> np.ndarray:
    """(K, 3) where the root of what stands at `matrix(t)` (4, 4) is at the moments of the role."""
    return np.array([matrix(t)[:3, 3] for t in moments(role)])


def lasting(name: str, role: Role, places: np.ndarray, *, level, speed=lambda t: 0.0) -> SoundSource:
    """A source at `places` (K, 3) at the moments of the role, with `level(t)` 0..1 and `speed(t)` [m/s] over the shot."""
    times = moments(role)
    return SoundSource(
        name=name, times=times, positions=np.asarray(places, float),
        level=np.array([level(t) for t in times], float), speed=np.array([speed(t) for t in times], float),
        subject=role.subject.id,
    )  # fmt: skip
