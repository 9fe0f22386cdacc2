"""Calls of animals: where a verb lets them speak, and now and then by themselves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vitascope.world.role import Role
from vitascope.world.soundscape import SoundEvent

__all__ = ["calls_of"]


def calls_of(role: Role, mouth: Callable[[float], np.ndarray], *, rate: float = 0.06) -> tuple[SoundEvent, ...]:
    """Voice events of a shot: one every second or two while it talks, else about `rate` a second, never in sleep."""
    name = role.recipe.sounds.get("voice")
    if not name:
        return ()
    rng = np.random.default_rng([role.seed, 77])
    times: list[float] = []
    asleep = [(tr.start, tr.end) for tr in role.track.travels if tr.action.verb in ("lie", "eat", "drink")]
    for travel in role.track.travels:
        if travel.action.verb == "talk":
            t = travel.start + 0.15
            while t < min(travel.end, role.duration) - 0.2:
                times.append(t)
                t += float(rng.uniform(0.9, 1.9))
    if not times and rng.random() < rate * role.duration:
        t = float(rng.uniform(0.15, 0.85)) * role.duration
        if not any(a <= t <= b for a, b in asleep):
            times.append(t)
    found = []
    for t in times:
        x, y, z = (float(c) for c in mouth(t))
        strength = float(rng.uniform(0.45, 0.75))
        found.append(
            SoundEvent(time=t, name=name, position=(x, y, z), strength=strength, mass=role.recipe.mass * role.scale**3)
        )
    return tuple(found)
