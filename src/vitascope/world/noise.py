"""Noise over the plane: seeded lattice gradients, and the sums of octaves that terrain and cover are made of.

Every function takes x, z arrays of equal shape [m] and is pure; float32 throughout. `resolution` is the spacing [m] at
which a place is sampled there: octaves too short for it fade away, so that far ground is smooth instead of spiky.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

__all__ = ["Noise", "noise", "smoothstep"]

_SIZE = 256
_TURN_COS, _TURN_SIN = 0.8, 0.6
"""Each octave is turned by a Pythagorean angle so that lattices never line up."""


def smoothstep(low: float | np.ndarray, high: float | np.ndarray, x: np.ndarray) -> np.ndarray:
    """0 below `low`, 1 above `high`, a cubic between; `low` may exceed `high`."""
    s = np.clip((x - low) / (high - low), 0.0, 1.0)
    return s * s * (3.0 - 2.0 * s)


_Corner = tuple[np.ndarray, np.ndarray, int, int]
"""Gradients along x and z, and the corner's place in the cell."""


@dataclass(frozen=True, slots=True)
class Noise:
    """One seeded lattice of unit gradients, repeating after 256 cells. Wavelengths are metres per cell."""

    gradient_x: np.ndarray
    gradient_z: np.ndarray
    random: np.ndarray
    """(65536,) float32 0..1, one value for each cell."""

    def at(self, x: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Gradient noise of wavelength 1, about -1..1 (Perlin 2002 with quintic fade)."""
        fx, fz, corners = self._corners(x, z)
        value = [gx * (fx - ox) + gz * (fz - oz) for gx, gz, ox, oz in corners]
        return np.float32(1.5) * _mixed(value, _faded(fx), _faded(fz))

    def with_slope(self, x: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Noise of wavelength 1 and its derivatives along x and z."""
        fx, fz, corners = self._corners(x, z)
        a, b, c, d = value = [gx * (fx - ox) + gz * (fz - oz) for gx, gz, ox, oz in corners]
        u, v = _faded(fx), _faded(fz)
        du, dv = 30 * fx * fx * (fx * (fx - 2) + 1), 30 * fz * fz * (fz * (fz - 2) + 1)
        k = a - b - c + d
        lean_x, lean_z = _mixed([gx for gx, *_ in corners], u, v), _mixed([gz for _, gz, *_ in corners], u, v)
        scale = np.float32(1.5)
        return (
            scale * _mixed(value, u, v),
            scale * (lean_x + du * (b - a + v * k)),
            scale * (lean_z + dv * (c - a + u * k)),
        )

    def _corners(self, x: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[_Corner]]:
        """Where in its cell each place is, 0..1, and the gradients at the four corners of that cell."""
        x, z = np.asarray(x, np.float32), np.asarray(z, np.float32)
        x0, z0 = np.floor(x), np.floor(z)
        ix, iz = x0.astype(np.int32) & 255, (z0.astype(np.int32) & 255) << 8
        jx, jz = (ix + 1) & 255, (iz + 256) & 0xFF00
        corners = [
            (self.gradient_x[index], self.gradient_z[index], ox, oz)
            for index, ox, oz in ((ix | iz, 0, 0), (jx | iz, 1, 0), (ix | jz, 0, 1), (jx | jz, 1, 1))
        ]
        return x - x0, z - z0, corners

    def fbm(
        self,
        x: np.ndarray,
        z: np.ndarray,
        *,
        wavelength: float,
        octaves: int,
        gain: float = 0.5,
        resolution: np.ndarray | float = 0.0,
        shape: str = "smooth",
    ) -> np.ndarray:
        """A sum of octaves, the first of amplitude 1. shape "smooth" is plain (about -1..1), "billow" has round heaps
        and "ridged" sharp crests (both about 0..1 for the first octave)."""
        x, z = np.asarray(x, np.float32), np.asarray(z, np.float32)
        total = np.zeros(x.shape, np.float32)
        weight = np.ones(x.shape, np.float32)
        px, pz, amplitude = x / wavelength, z / wavelength, 1.0
        for octave in range(octaves):
            length = wavelength / 2.03**octave
            seen = smoothstep(2.2, 5.5, length / np.maximum(np.broadcast_to(resolution, x.shape), 1e-6))
            here = seen > 0
            if not here.any():
                break
            n = self.at(px[here] + 17.3 * octave, pz[here] - 41.9 * octave)
            if shape == "ridged":
                n = (1.0 - np.abs(n)) ** 2
                n = n * weight[here]
                weight[here] = np.clip(n * 1.6, 0.0, 1.0)
            elif shape == "billow":
                n = np.abs(n)
            total[here] += np.float32(amplitude) * n * seen[here]
            px, pz = 2.03 * (_TURN_COS * px - _TURN_SIN * pz), 2.03 * (_TURN_SIN * px + _TURN_COS * pz)
            amplitude *= gain
        return total

    def eroded(
        self,
        x: np.ndarray,
        z: np.ndarray,
        *,
        wavelength: float,
        octaves: int,
        strength: float = 1.0,
        resolution: np.ndarray | float = 0.0,
        edge: float = 0.06,
    ) -> np.ndarray:
        """Mountains as if worn by water: each octave is strong on the crests of the last and faint in its valleys, so that
        crests are broken and valley floors smooth. Crests are rounded by `edge`; `strength` calms the valleys. About 0..1.6.

        The ridged multifractal of Musgrave (in Ebert et al., Texturing and Modeling).
        """
        x, z = np.asarray(x, np.float32), np.asarray(z, np.float32)
        total, weight = np.zeros(x.shape, np.float32), np.ones(x.shape, np.float32)
        px, pz, amplitude = x / wavelength, z / wavelength, 1.0
        for octave in range(octaves):
            length = wavelength / 1.97**octave
            seen = smoothstep(2.2, 5.5, length / np.maximum(np.broadcast_to(resolution, x.shape), 1e-6))
            here = seen > 0
            if not here.any():
                break
            n = self.at(px[here] - 9.7 * octave, pz[here] + 23.1 * octave)
            crest = np.maximum(1.0 + edge - np.sqrt(n * n + np.float32(edge * edge)), 0.0) ** 2 * weight[here]
            total[here] += np.float32(amplitude) * crest * seen[here]
            weight[here] = np.clip(1.7 * crest, 0.0, 1.0) ** strength
            px, pz = 1.97 * (_TURN_COS * px - _TURN_SIN * pz), 1.97 * (_TURN_SIN * px + _TURN_COS * pz)
            amplitude *= 0.52
        return total

    def cells(self, x: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Distance to the nearest and second nearest feature point of wavelength 1, and the nearest one's value 0..1
        (Worley 1996)."""
        x, z = np.asarray(x, np.float32), np.asarray(z, np.float32)
        x0, z0 = np.floor(x).astype(np.int32), np.floor(z).astype(np.int32)
        nearest = np.full(x.shape, 9.0, np.float32)
        second, identity = nearest.copy(), np.zeros(x.shape, np.float32)
        for oz in (-1, 0, 1):
            for ox in (-1, 0, 1):
                cx, cz = x0 + ox, z0 + oz
                index = ((cz & 255) << 8) | (cx & 255)
                px = cx + 0.5 + 0.48 * self.gradient_x[index] * self.random[index] ** 0.5
                pz = cz + 0.5 + 0.48 * self.gradient_z[index] * self.random[index] ** 0.5
                d = np.hypot(px - x, pz - z).astype(np.float32)
                closer = d < nearest
                second = np.where(closer, nearest, np.minimum(second, d))
                identity = np.where(closer, self.random[(index * 7 + 13) & 0xFFFF], identity)
                nearest = np.minimum(nearest, d)
        return nearest, second, identity


def _faded(f: np.ndarray) -> np.ndarray:
    return f * f * f * (f * (f * 6 - 15) + 10)


def _mixed(p: list[np.ndarray], u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """What lies between the values at four corners."""
    low = p[0] + u * (p[1] - p[0])
    return low + v * (p[2] + u * (p[3] - p[2]) - low)


@lru_cache(maxsize=64)
def noise(seed: int) -> Noise:
    """The lattice of a seed."""
    rng = np.random.default_rng([seed & 0xFFFFFFFF, 0x6E6F])
    angle = rng.random(_SIZE * _SIZE, np.float32) * np.float32(2 * np.pi)
    return Noise(np.cos(angle), np.sin(angle), rng.random(_SIZE * _SIZE, np.float32))
