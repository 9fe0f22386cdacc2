"""Which gait at which speed: phases and duties of walk, trot, canter and gallop (Alexander), blended by Froude number."""

from __future__ import annotations

import numpy as np

__all__ = ["gait_at", "gallop_share"]

_FROUDE = np.array([0.0, 0.45, 0.75, 1.9, 2.6, 4.5, 6.5])
_PHASES = {
    "striding": np.array([
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.25, 0.25, 0.5, 0.5, 0.33, 0.33, 0.5],
        [0.5, 0.5, 0.5, 0.5, 0.33, 0.33, 0.1],
        [0.75, 0.75, 1.0, 1.0, 0.67, 0.67, 0.6],
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

striding: walk, trot, canter, gallop. pacing: no trot (giraffe, camel). ambling: the walk kept at every speed (elephant).
hopping: both hind feet together (rabbit).
"""

_DUTY = np.array([0.66, 0.6, 0.48, 0.44, 0.4, 0.34, 0.27])


def gait_at(speeds: np.ndarray, *, leg: float, style: str, duty: float) -> tuple[np.ndarray, np.ndarray]:
    """Phases (4, K) and duty (K,) at speeds (K,) for legs of `leg` metres; `duty` is that of the recipe's slow walk."""
    froude = np.asarray(speeds, float) ** 2 / (9.81 * leg)
    phases = np.stack([np.interp(froude, _FROUDE, row) for row in _PHASES[style]])
    share = np.interp(froude, _FROUDE, _DUTY) * duty / 0.62
    if style == "ambling":
        share = np.maximum(share, 0.5)
    if style == "hopping":
        share = np.minimum(share, 0.42)
    return phases, np.clip(share, 0.2, 0.75)


def gallop_share(speed: float, *, leg: float, style: str) -> float:
    """0 in a walk, 1 in a full gallop: how far the back flexes with the stride."""
    if style == "ambling":
        return 0.0
    if style == "hopping":
        return 0.75
    froude = speed**2 / (9.81 * leg)
    return float(np.clip((froude - 1.8) / 4.0, 0.0, 1.0))
