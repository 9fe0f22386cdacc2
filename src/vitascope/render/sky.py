"""The uniform `Sky` of shaders/sky.wgsl: the values of a sky packed for the device."""

from __future__ import annotations

import math

import numpy as np

from vitascope.world.sky import Sky

__all__ = ["SKY_BYTES", "pack_sky"]

SKY_BYTES = 13 * 16
"""Size of the struct `Sky` in sky.wgsl."""

_NOWHERE = -1e9


def pack_sky(sky: Sky) -> bytes:
    """The sky as `SKY_BYTES` bytes, in the order of the struct in sky.wgsl."""
    plain = (0.0, 0.0, 0.0, 0.0) if sky.plain is None else (*sky.plain, 1.0)
    sea = _NOWHERE if sky.sea_of_clouds is None else sky.sea_of_clouds
    rows = [
        (*sky.zenith, sky.cloud_cover),
        (*sky.horizon, sky.overcast),
        (*sky.glow, sky.storm),
        (*sky.ground, sky.haze),
        (*sky.belt, sky.cirrus),
        (*_unit(sky.disc_direction), sky.disc),
        (*_unit(sky.moon_direction), sky.moon_phase),
        (*sky.cloud_colour, sky.cloud_height),
        (*sky.cloud_shade, sea),
        (*sky.cloud_offset, sky.stars, sky.moon_visible),
        plain,
        (math.radians(sky.earth) / 2.0, float(sky.airless), math.radians(sky.disc_radius), sky.aurora),
        sky.bolt or (0.0, 0.0, 0.0, 0.0),
    ]
    return np.array(rows, np.float32).tobytes()


def _unit(v: tuple[float, float, float]) -> tuple[float, float, float]:
    length = math.sqrt(v[0] ** 2 + v[1] ** 2 + v[2] ** 2) or 1.0
    return v[0] / length, v[1] / length, v[2] / length
