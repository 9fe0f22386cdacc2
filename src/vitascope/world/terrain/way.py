"""Making way: what was set out for a place is taken away where bodies go, and nothing else changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vitascope.world.land import Corridor, Furnishing, Standing
from vitascope.world.stage import PointLight, Pose, Still, Thing
from vitascope.world.terrain.scatter import clear_of

__all__ = ["burning", "make_way"]

DUSK = 0.05
"""Darkness from which lamps burn."""


def make_way(furnishing: Furnishing, ways: Sequence[Corridor]) -> tuple[tuple[Thing, ...], list[PointLight]]:
    """The things of a furnishing without the copies that stand in `ways`, and the lamps of the copies that stay."""
    things: list[Thing] = []
    lamps: list[PointLight] = []
    for one in furnishing.things:
        if isinstance(one, Thing):
            things.append(one)
            continue
        at = one.thing.motion.at(0.0).transforms
        stays = clear_of(at[:, [0, 2], 3].astype(float), ways, radius=one.radius, height=one.height, soft=one.soft)
        lamps += [lamp for number, lamp in one.lamps if stays[number]]
        if stays.any():
            things.append(one.thing if stays.all() else _copies(one, at, stays))
    return tuple(things), lamps


def burning(lamps: Sequence[PointLight], night: float) -> tuple[PointLight, ...]:
    """The lamps at a darkness 0 (day) to 1 (night)."""
    if night < DUSK:
        return ()
    return tuple(replace(lamp, colour=tuple(c * night for c in lamp.colour)) for lamp in lamps)  # type: ignore[arg-type]


def _copies(one: Standing, at: np.ndarray, stays: np.ndarray) -> Thing:
    tints = None if one.thing.tints is None else one.thing.tints[stays]
    return replace(one.thing, motion=Still(Pose(transforms=at[stays])), tints=tints)
