"""Falling, bouncing and rolling in closed form: heights, turns and the moments of contact."""

from __future__ import annotations

import numpy as np

from vitascope.world.skeleton import turned
from vitascope.world.track import Track

__all__ = ["GRAVITY", "HOPS", "Drop", "Tumble", "hop", "hop_height", "hop_period", "rolled"]

HOPS = ("bounce", "jump")
"""Verbs by which things leave the ground again and again."""
GRAVITY = 9.81
_LEAST = 0.06
"""Metres a second below which a bounce has come to rest."""


class Drop:
    """A fall from `height` [m] with restitution 0..1. `at(t)` is the height t seconds after it was let go."""

    def __init__(self, height: float, *, restitution: float = 0.35, gravity: float = GRAVITY) -> None:
        self.height, self.gravity = max(height, 0.0), gravity
        first = float(np.sqrt(2 * self.height / gravity))
        speed = gravity * first
        contacts, speeds = [first], [speed]
        rebound = speed * restitution
        while rebound > _LEAST and len(contacts) < 24:
            contacts.append(contacts[-1] + 2 * rebound / gravity)
            speeds.append(rebound)
            rebound *= restitution
        self.contacts = np.array(contacts)
        """(C,) moments [s] at which it strikes the ground."""
        self.speeds = np.array(speeds)
        """(C,) speeds [m/s] of those strikes."""
        self._rebounds = np.append(self.speeds[1:], 0.0)

    def at(self, t: float) -> float:
        """Height above the ground [m]."""
        if t <= 0:
            return self.height
        bounce = int(np.searchsorted(self.contacts, t, side="right"))
        if bounce == 0:
            return self.height - self.gravity * t * t / 2
        since = t - self.contacts[bounce - 1]
        return float(max(self._rebounds[bounce - 1] * since - self.gravity * since * since / 2, 0.0))

    @property
    def rest(self) -> float:
        """When the last bounce is over [s]."""
        return float(self.contacts[-1])


class Tumble:
    """A push over the edge of what carries the thing: it slides `reach` metres, then falls `height` in a parabola."""

    def __init__(self, height: float, *, reach: float = 0.75, push: float = 1.5, restitution: float = 0.25) -> None:
        self.drop = Drop(height, restitution=restitution)
        self.push = push
        self.leaves = reach / push + 0.15
        self._reach = reach

    def at(self, t: float) -> tuple[float, float, float]:
        """Metres along the push, height above the ground, and share 0..1 of a quarter turn over the edge, after t seconds."""
        if t <= 0:
            return 0.0, self.drop.height, 0.0
        run = self.push * (t - 0.15 * (1 - np.exp(-t / 0.15)))
        free = t - self.leaves
        rest = self.drop.rest + self.leaves
        if t > rest:
            late = min(t - rest, 0.5)
            run = self.push * (rest - 0.15) + self.push * 0.35 * (late - late * late)
        turn = float(np.clip(free / max(float(self.drop.contacts[0]), 0.1), 0.0, 1.0))
        return float(run), self.drop.at(free), turn


def hop_height(tall: float, vigour: float) -> float:
    """How high [m] something so tall [m] hops or bounces."""
    return float(np.clip(0.9 * vigour * tall, 0.12, 1.2))


def hop_period(height: float, *, gravity: float = GRAVITY) -> float:
    """Seconds from one strike to the next of something that bounces for ever to `height` [m]."""
    return 2 * float(np.sqrt(2 * height / gravity))


def hop(t: float, height: float, *, gravity: float = GRAVITY) -> float:
    """Height [m] of something that bounces for ever to `height`; it strikes the ground at every whole period."""
    period = hop_period(height, gravity=gravity)
    u = (t % period) / period
    return 4 * height * u * (1 - u)


def rolled(track: Track, radius: float) -> np.ndarray:
    """(K, 3, 3) world rotation of a ball at the track's times: it turns by distance / radius about the level axis across
    its way, so that the lowest point never slips. The identity at the first sample of the shot (time 0)."""
    step = np.diff(track.positions[:, [0, 2]], axis=0)
    length = np.linalg.norm(step, axis=1)
    out = np.empty((len(track.times), 3, 3))
    start = int(np.searchsorted(track.times, 0.0))
    out[start] = np.eye(3)
    for order, inverse in ((range(start, len(step)), False), (range(start - 1, -1, -1), True)):
        for k in order:
            here, there = (k + 1, k) if inverse else (k, k + 1)
            if length[k] < 1e-9:
                out[there] = out[here]
                continue
            axis = np.array([step[k, 1], 0.0, -step[k, 0]]) / length[k]
            angle = length[k] / radius * (-1 if inverse else 1)
            out[there] = turned(axis, angle) @ out[here]
    return out
