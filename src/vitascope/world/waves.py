"""Waves of a body of water as a sum of trochoids: the shape that is drawn, for boats that ride on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from vitascope.world.stage import Water

__all__ = ["WAVE_COUNT", "Waves", "displacement", "surface", "waves_of"]

WAVE_COUNT = 8
GRAVITY = 9.81

_LENGTHS = (1.0, 0.67, 0.43, 0.28, 0.171, 0.104, 0.058, 0.031)
"""Lengths relative to the longest wave: incommensurate, over a decade and a half."""
_STRENGTHS = (1.0, 0.62, 0.50, 0.30, 0.185, 0.105, 0.052, 0.024)
_TURNS = (0.0, 19.0, -27.0, 41.0, -12.0, 55.0, -49.0, 28.0)
"""Degrees between each wave's travel and the main direction: short waves spread wider."""
_PHASES = (0.0, 1.9, 4.1, 0.7, 5.3, 2.6, 3.8, 1.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waves:
    """Components, each (WAVE_COUNT,): heading (WAVE_COUNT, 2) unit, number [rad/m], amplitude [m], frequency [rad/s],
    phase [rad], and steepness 0..1 (1 is a full trochoid, 0 a sine)."""

    heading: np.ndarray
    number: np.ndarray
    amplitude: np.ndarray
    frequency: np.ndarray
    phase: np.ndarray
    steepness: float


@lru_cache(maxsize=64)
def waves_of(water: Water) -> Waves:
    """The waves of a body of water; frequencies are those of deep water, omega^2 = g k (Airy 1845)."""
    main = math.atan2(water.wave_direction[1], water.wave_direction[0])
    angle = main + np.radians(_TURNS)
    length = water.wave_length * np.array(_LENGTHS)
    strength = np.array(_STRENGTHS)
    amplitude = 0.62 * water.wave_height * strength / strength.sum()
    number = 2.0 * math.pi / length
    slope = float((number * amplitude).sum())
    return Waves(
        heading=np.stack([np.cos(angle), np.sin(angle)], axis=1),
        number=number,
        amplitude=amplitude,
        frequency=np.sqrt(GRAVITY * number),
        phase=np.array(_PHASES),
        steepness=min(1.0, 0.75 / max(slope, 1e-6)),
    )


def displacement(water: Water, x: np.ndarray, z: np.ndarray, world_time: float) -> np.ndarray:
    """Displacement (..., 3) [m] of the particles of water that rest at x, z (equal shapes)."""
    waves = waves_of(water)
    angle = _angles(waves, water, x, z, world_time)
    along = waves.steepness * waves.amplitude * np.cos(angle)
    return np.stack(
        [
            (along * waves.heading[:, 0]).sum(-1),
            (waves.amplitude * np.sin(angle)).sum(-1),
            (along * waves.heading[:, 1]).sum(-1),
        ],
        axis=-1,
    )


def surface(water: Water, x: np.ndarray, z: np.ndarray, world_time: float) -> tuple[np.ndarray, np.ndarray]:
    """Height [m] of the surface over x, z (equal shapes) and its unit normals (..., 3).

    The particle that has been carried to x, z is found by fixed-point iteration, which converges as steepness < 1.
    """
    x, z = np.asarray(x, np.float64), np.asarray(z, np.float64)
    rest_x, rest_z = x, z
    for _ in range(10):
        moved = displacement(water, rest_x, rest_z, world_time)
        rest_x, rest_z = x - moved[..., 0], z - moved[..., 2]
    waves = waves_of(water)
    angle = _angles(waves, water, rest_x, rest_z, world_time)
    slope = waves.number * waves.amplitude
    rise = slope * np.cos(angle)
    squeeze = waves.steepness * slope * np.sin(angle)
    east, south = waves.heading[:, 0], waves.heading[:, 1]
    along_x = np.stack(
        [1.0 - (squeeze * east**2).sum(-1), (rise * east).sum(-1), -(squeeze * east * south).sum(-1)], -1
    )
    along_z = np.stack(
        [-(squeeze * east * south).sum(-1), (rise * south).sum(-1), 1.0 - (squeeze * south**2).sum(-1)], -1
    )
    normal = np.cross(along_z, along_x)
    height = water.level + (waves.amplitude * np.sin(angle)).sum(-1)
    return height, normal / np.linalg.norm(normal, axis=-1, keepdims=True)


def _angles(waves: Waves, water: Water, x: np.ndarray, z: np.ndarray, world_time: float) -> np.ndarray:
    """Phase angles (..., WAVE_COUNT) [rad], wrapped so that single precision on the device agrees."""
    x = np.asarray(x, np.float64)[..., None] - water.flow[0] * world_time
    z = np.asarray(z, np.float64)[..., None] - water.flow[1] * world_time
    along = x * waves.heading[:, 0] + z * waves.heading[:, 1]
    return waves.number * along - np.mod(waves.frequency * world_time, 2.0 * math.pi) + waves.phase
