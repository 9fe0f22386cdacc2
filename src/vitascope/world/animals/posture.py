"""Postures: how verbs hold a body, blended by their weights at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np

from vitascope.recipe.catalogue import read_yaml
from vitascope.world.track import Track, Travel

__all__ = ["leap", "posture_at"]

_LEAP = 1.05


@cache
def _postures() -> Mapping[str, Mapping[str, float]]:
    return read_yaml(files("vitascope.world.animals") / "postures.yaml")


def posture_at(track: Track, t: float, *, blend: float) -> dict[str, float]:
    """Entries of `postures.yaml` weighted by the verbs active at `t`; weights that sum beyond one are shared out."""
    active = track.verbs(t, blend=blend)
    total = max(sum(weight for _, weight, _ in active), 1.0)
    held: dict[str, float] = {}
    for verb, weight, travel in active:
        entries = _postures().get(verb, {})
        share = weight / total
        for key, value in entries.items():
            held[key] = held.get(key, 0.0) + value * share
        if verb == "lie" and "awake" in travel.action.manner:
            held["lids"] = held["lids"] - 0.92 * share
        if verb == "jump":
            height, tuck, crouch = leap(travel, t)
            held["rise"] = held.get("rise", 0.0) + height * share
            held["air"] = held.get("air", 0.0) + tuck * share
            for key in ("hind_drop", "fore_drop"):
                held[key] = held.get(key, 0.0) + 0.3 * crouch * share
    return held


def leap(travel: Travel, t: float) -> tuple[float, float, float]:
    """Rise 0..1, how far the feet are off the ground 0..1, and crouch 0..1 of a jump; long spans hold several leaps."""
    span = max(travel.end - travel.start, 0.3)
    count = max(1, round(span / (_LEAP * 1.35)))
    u = (t - travel.start) / span * count
    if u < 0 or u >= count:
        return 0.0, 0.0, 0.0
    u = u % 1.0
    crouch = float(np.sin(np.pi * np.clip(u / 0.3, 0, 1)) + 0.8 * np.sin(np.pi * np.clip((u - 0.74) / 0.26, 0, 1)))
    s = float(np.clip((u - 0.24) / 0.52, 0, 1))
    rise = 4 * s * (1 - s)
    return rise, float(np.clip(rise * 4, 0, 1)), crouch
