"""Steps of many-legged bodies: contact, lift and plant of every foot, through changes of gait and through halts.

Phases and duties are those of `gait`; here they may change with speed along one track, and a body that halts sets its
feet down instead of leaving them in the air.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from vitascope.world.gait import Foot, stride_length
from vitascope.world.track import Ground, Track

__all__ = ["Steps", "steps_of"]

_HASTE = (0.45, 0.75)
"""Speed of a foot in a gallop at lift and at contact relative to its mean in the swing.

At rest at both ends it would trail far behind the body, and reach far ahead of its next place.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """For foot i: contacts (C_i,), lifts (C_i,) [s] and plants (C_i, 3) with headings (C_i,) [rad].

    Foot i stands on plants[i][k] from contacts[i][k] to lifts[i][k] and swings to the next plant until the next contact.
    phase (K,) counts strides over the track's times. hurries[i] (C_i,) is 0 in a walk to 1 in a gallop.
    """

    track: Track
    phase: np.ndarray
    contacts: tuple[np.ndarray, ...]
    lifts: tuple[np.ndarray, ...]
    plants: tuple[np.ndarray, ...]
    headings: tuple[np.ndarray, ...]
    hurries: tuple[np.ndarray, ...]
    lift: float
    ground: Ground

    def cycle(self, t: float) -> float:
        """Strides since time 0."""
        return float(np.interp(t, self.track.times, self.phase))

    def foot(self, i: int, t: float) -> tuple[Foot, float, float]:
        """Foot `i` at `t`, its heading [rad], and the share 0..1 of its stance that has passed (0 in swing)."""
        contacts, lifts, plants, headings = self.contacts[i], self.lifts[i], self.plants[i], self.headings[i]
        k = int(np.clip(np.searchsorted(contacts, t, side="right") - 1, 0, len(contacts) - 1))
        if t <= lifts[k] or k == len(contacts) - 1:
            share = (t - contacts[k]) / max(lifts[k] - contacts[k], 1e-6)
            return (
                Foot(position=plants[k], planted=True, swing=0.0),
                float(headings[k]),
                float(np.clip(share, 0.0, 1.0)),
            )
        u = (t - lifts[k]) / max(contacts[k + 1] - lifts[k], 1e-6)
        hurry = float(self.hurries[i][k])
        off, on = _HASTE[0] * hurry, _HASTE[1] * hurry
        ease = u * u * (3 - 2 * u) + off * u * (1 - u) ** 2 - on * u * u * (1 - u)
        position = plants[k] + (plants[k + 1] - plants[k]) * ease
        span = float(np.linalg.norm(plants[k + 1] - plants[k]))
        high_step = self.lift * (1 + hurry)
        arc = min(high_step, 0.35 * span + 0.15 * self.lift) * np.sin(np.pi * u ** (1 - 0.15 * hurry)) ** 1.1
        floor = float(self.ground.at(position[0], position[2]))
        high = max(position[1], floor + 0.0) + arc
        turn = headings[k] + (headings[k + 1] - headings[k]) * ease
        return (
            Foot(position=np.array([position[0], high, position[2]]), planted=False, swing=float(u)),
            float(turn),
            0.0,
        )


def steps_of(
    track: Track,
    ground: Ground,
    *,
    gait: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]],
    leg: float,
    rest: Sequence[tuple[float, float]],
    under: Sequence[float],
    lift: float,
    start: float = 0.0,
) -> Steps:
    """Plan all steps; `gait(speeds (K,))` gives phases (feet, K), duty (K,) and hurry (K,).

    `rest` is x, z of each foot under the body, `under` [m] how much further forward it is set in a gallop.
    """
    times, speeds = track.times, track.speeds
    calm = _smoothed(speeds, 31)
    stride = stride_length(calm, leg)
    rate = np.where(speeds > 0.02, speeds / stride, 0.0)
    phase = np.concatenate([[0.0], np.cumsum(rate[:-1] * np.diff(times))])
    phase = phase - np.interp(0.0, times, phase) + start
    phases, duty, hurry = gait(calm)
    rush = np.clip(1.06 * (1 - duty) * stride / np.maximum(calm, 0.05), 0.16 * np.sqrt(leg / 0.5), 0.62 * np.sqrt(leg))
    found = [
        _one_foot(track, ground, phase - offset, duty, rush, (x, z + forward * hurry))
        for offset, (x, z), forward in zip(phases, rest, under, strict=True)
    ]
    return Steps(
        track=track, phase=phase, contacts=tuple(f[0] for f in found), lifts=tuple(f[1] for f in found),
        plants=tuple(f[2] for f in found), headings=tuple(f[3] for f in found), lift=lift, ground=ground,
        hurries=tuple(np.interp(f[0], times, hurry) for f in found),
    )  # fmt: skip


def _one_foot(
    track: Track, ground: Ground, progress: np.ndarray, duty: np.ndarray, rush: np.ndarray, xz: tuple[float, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Contacts, lifts, plants and headings of one foot; `progress` (K,) is its own phase, landing on whole numbers.

    `rush` (K,) [s] is the longest swing, `xz` the foot's place under the body, its z (K,) by speed.
    """
    times = track.times
    nudge = np.arange(len(times)) * 1e-9
    progress = np.maximum.accumulate(progress) + nudge
    leaving = np.maximum.accumulate(progress - duty) + nudge
    cycles = np.arange(np.floor(progress[0]), np.floor(progress[-1]) + 1)
    contact = np.interp(cycles, progress, times)
    contact[cycles < progress[0]] = times[0] - 1.0
    lift = np.interp(cycles, leaving, times)
    lift[cycles > leaving[-1]] = times[-1] + 1.0
    lift[cycles < leaving[0]] = times[0]
    landing = np.append(contact[1:], times[-1] + 1.0)
    longest = np.interp(lift, times, rush)
    late = landing - lift > longest
    moving = np.interp(lift, times, track.speeds) > 0.1
    after = late & moving & (lift < times[-1])
    stop = np.where(after, lift + longest, landing)
    lift = np.where(late & ~moving, np.maximum(lift, landing - longest), lift)
    contact[1:] = stop[:-1]
    if after[-1]:
        contact, lift = np.append(contact, stop[-1]), np.append(lift, times[-1] + 1.0)
        cycles = np.append(cycles, cycles[-1] + 1)
    middle = np.interp(cycles + np.interp(contact, times, duty) / 2, progress, times)
    stance = np.interp(contact, times, rush) * 0.6
    middle = np.clip(np.minimum(middle, contact + np.maximum(stance, (lift - contact) / 2)), contact, None)
    middle = np.maximum(middle, times[0])
    if contact[0] < times[0]:
        middle[0] = times[0]
    lift = _in_time(track, middle, contact, lift, duty, progress)
    heading = np.interp(middle, times, track.headings)
    x, z = xz[0], np.interp(middle, times, xz[1])
    sine, cosine = np.sin(heading), np.cos(heading)
    px = np.interp(middle, times, track.positions[:, 0]) + cosine * x + sine * z
    pz = np.interp(middle, times, track.positions[:, 2]) - sine * x + cosine * z
    return contact, lift, np.stack([px, ground.height(px, pz), pz], 1), heading


def _in_time(
    track: Track, middle: np.ndarray, contact: np.ndarray, lift: np.ndarray, duty: np.ndarray, progress: np.ndarray
) -> np.ndarray:
    """Lifts brought forward where the body would leave its foot behind (a foot that stood while the body set off)."""
    times = track.times
    stride = np.gradient(track.distances, times) / np.maximum(np.gradient(progress, times), 1e-3)
    at_lift = np.clip(lift, times[0], times[-1])
    allowed = 0.62 * np.interp(at_lift, times, stride * duty)
    limit = np.interp(middle, times, track.distances) + allowed
    ahead = track.distances + np.arange(len(times)) * 1e-9
    early = np.interp(limit, ahead, times, right=times[-1] + 1.0)
    return np.where(lift < times[-1], np.clip(np.minimum(lift, early), contact + 0.02, None), lift)


def _smoothed(values: np.ndarray, width: int) -> np.ndarray:
    kernel = np.hanning(width + 2)[1:-1]
    return np.convolve(np.pad(values, width, mode="edge"), kernel / kernel.sum(), "same")[width:-width]
