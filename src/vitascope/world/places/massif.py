"""A massif seen across a valley: summits with arêtes and couloirs in three layers of depth, one of them dominant."""

from __future__ import annotations

import numpy as np

from vitascope.world.noise import Noise, smoothstep

__all__ = ["massif"]

_LAYERS = ((9, 760.0, 1150.0, -20.0, 60.0), (11, 1500.0, 2150.0, 130.0, 250.0), (15, 3100.0, 4700.0, 330.0, 620.0))
"""Summits, nearest and farthest distance [m], lowest and highest summit [m] of each layer of depth."""
_CHIEF = (
    (-0.27, 1650.0, 345.0),
    (-0.86, 2350.0, 330.0),
    (0.28, 2000.0, 265.0),
    (1.7, 1800.0, 330.0),
    (3.0, 1900.0, 320.0),
)
"""Direction from -z towards +x [rad], distance [m] and height [m] of the great summits: on thirds of the usual frames."""


def massif(n: Noise, x: np.ndarray, z: np.ndarray, *, floor: float, scale: float, res: np.ndarray) -> np.ndarray:
    """Height [m] of ranges round the origin above a valley floor at `floor`; `scale` multiplies the heights."""
    wx = x + 110.0 * n.fbm(x, z, wavelength=620.0, octaves=3) + 24.0 * n.fbm(x, z, wavelength=130.0, octaves=2)
    wz = (
        z
        + 110.0 * n.fbm(x + 3000, z, wavelength=620.0, octaves=3)
        + 24.0 * n.fbm(x, z + 900, wavelength=130.0, octaves=2)
    )
    best = np.full(x.shape, -1e4, np.float32)
    second, away = best.copy(), np.zeros(x.shape, np.float32)
    cos, sin = np.ones(x.shape, np.float32), np.zeros(x.shape, np.float32)
    for px, pz, high, steep, phase in _summits(n):
        dx, dz = wx - np.float32(px), wz - np.float32(pz)
        d = np.sqrt(dx * dx + dz * dz)
        c, s = dx / np.maximum(d, 1.0), dz / np.maximum(d, 1.0)
        threefold = c * (4 * c * c - 3) * np.cos(phase) - s * (3 - 4 * s * s) * np.sin(phase)
        reach = d * (1.0 + 0.26 * threefold)
        here = high * scale - steep * 380.0 * (1 - np.exp(-reach / 380.0)) - 0.22 * reach
        wins = here > best
        second = np.where(wins, best, np.maximum(second, here))
        best = np.where(wins, here, best)
        away, cos, sin = np.where(wins, d, away), np.where(wins, c, cos), np.where(wins, s, sin)
    parted = smoothstep(0.0, 90.0, best - second)
    fins = n.fbm(3.3 * cos + away / 1300.0, 3.3 * sin, wavelength=0.95, octaves=3, shape="ridged", gain=0.6) - 0.8
    worn = n.eroded(wx, wz, wavelength=330.0, octaves=7, strength=0.8, resolution=res, edge=0.04) - 0.9
    spread = smoothstep(0.0, 380.0, away)
    lifted = best + parted * (14.0 * smoothstep(0.0, 60.0, away) + 76.0 * spread) * fins + (20.0 + 85.0 * spread) * worn
    gap = lifted - floor
    return floor + 0.5 * (gap + np.sqrt(gap * gap + 1600.0))


def _summits(n: Noise) -> tuple[tuple[float, float, float, float, float], ...]:
    """x, z, height [m], steepness and turn [rad] of every summit."""
    drawn = iter(n.random[1000:1400].astype(float))
    found = []
    for turn, far, high in _CHIEF:
        turn, far = turn + 0.16 * (next(drawn) - 0.5), far * (0.92 + 0.16 * next(drawn))
        found.append((turn, far, high * (0.9 + 0.2 * next(drawn)), 1.25 + 0.3 * next(drawn), 6.3 * next(drawn)))
    for count, near, far, low, high in _LAYERS:
        for k in range(count):
            turn = 2 * np.pi * (k + 0.8 * next(drawn)) / count + near
            r = near + (far - near) * next(drawn)
            found.append((turn, r, low + (high - low) * next(drawn), 0.95 + 0.4 * next(drawn), 6.3 * next(drawn)))
    return tuple((r * np.sin(a), -r * np.cos(a), h, s, p) for a, r, h, s, p in found)
