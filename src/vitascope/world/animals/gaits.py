"""Which gait at which speed: phases and duties of walk, trot, canter and gallop (Alexander), blended by Froude number."""

from __future__ import annotations

import math

import numpy as np

from vitascope.world.gait import stride_length

__all__ = ["flight", "gait_at", "gallop_share"]

_FROUDE = np.array([0.0, 0.45, 0.75, 1.9, 2.6, 4.5, 6.5])
_PHASES = {
    "striding": np.array([
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.25, 0.25, 0.5, 0.5, 0.33, 0.33, 0.35],
        [0.5, 0.5, 0.5, 0.5, 0.33, 0.26, 0.13],
        [0.75, 0.75, 1.0, 1.0, 0.67, 0.6, 0.48],
    ]),
    "springing": np.array([
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.25, 0.25, 0.5, 0.5, 0.42, 0.45, 0.46],
        [0.5, 0.5, 0.5, 0.5, 0.2, 0.14, 0.1],
        [0.75, 0.75, 1.0, 1.0, 0.62, 0.58, 0.56],
    ]),
    "pacing": np.array([
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.25, 0.25, 0.2, 0.2, 0.5, 0.5, 0.5],
        [0.5, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1],
        [0.75, 0.75, 0.7, 0.7, 0.6, 0.6, 0.6],
    ]),
    "ambling": np.array([[0.0] * 7, [0.25] * 7, [0.5] * 7, [0.75] * 7]),
    "hopping": np.array([
        [0.0] * 7,
        [0.46, 0.46, 0.46, 0.46, 0.5, 0.5, 0.5],
        [0.02, 0.02, 0.03, 0.03, 0.04, 0.04, 0.04],
        [0.52, 0.52, 0.54, 0.54, 0.56, 0.56, 0.56],
    ]),
}  # fmt: skip
"""Share of the stride at which left hind, left fore, right hind and right fore land, by Froude number and way of going.

striding: walk, trot, canter, and a gallop with one flight, legs gathered (hoofed animals). springing: a gallop with two
flights, legs gathered and legs stretched (cats and dogs; Hildebrand 1959). pacing: no trot (giraffe, camel). ambling: the
walk kept at every speed (elephant). hopping: both hind feet together (rabbit).
"""

_DUTY = np.array([0.66, 0.6, 0.45, 0.4, 0.36, 0.3, 0.23])

_WIDEST = 0.94
"""Longest stance in leg lengths at a trot and faster: a leg swings about 25 degrees to either side of upright."""


def gait_at(
    speeds: np.ndarray, *, leg: float, style: str, duty: float, reach: float = 1.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Phases (4, K), duty (K,) and hurry (K,) at speeds (K,) for legs of `leg` metres.

    Hurry is 0 in a walk, 0.5 in a trot and 1 in a gallop. `duty` is that of the recipe's slow walk, `reach` the length of
    its strides relative to others of its legs.
    """
    speeds = np.asarray(speeds, float)
    froude = speeds**2 / (9.81 * leg)
    phases = np.stack([np.interp(froude, _FROUDE, row) for row in _PHASES[style]])
    share = np.interp(froude, _FROUDE, _DUTY) * duty / 0.62
    if style == "ambling":
        share = np.maximum(share, 0.5)
    if style == "hopping":
        share = np.minimum(share, 0.42)
    share = np.minimum(share, np.where(froude > 0.5, _WIDEST * leg / stride_length(speeds, leg * reach), 1.0))
    gallop = np.array([gallop_share(float(v), leg=leg, style=style) for v in speeds])
    hurry = np.maximum(gallop, 0.5 * np.clip((froude - 0.4) / 0.6, 0.0, 1.0) * (style != "ambling"))
    return phases, np.clip(share, 0.14, 0.75), hurry


def gallop_share(speed: float, *, leg: float, style: str) -> float:
    """0 in a walk, 1 in a full gallop: how far the back flexes with the stride."""
    if style == "ambling":
        return 0.0
    if style == "hopping":
        return 0.75
    froude = speed**2 / (9.81 * leg)
    return float(np.clip((froude - 1.8) / 4.0, 0.0, 1.0))


def flight(cycle: float, style: str) -> float:
    """-1..1 rise of a galloping body: highest in the middle of each flight."""
    if style == "springing":
        return math.cos(4 * math.pi * (cycle - 0.38))
    return math.cos(2 * math.pi * (cycle - 0.85))
