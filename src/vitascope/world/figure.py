"""Figures: subjects as the camera operator sees them. A box that moves, and where its eyes are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["Figure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One subject's box: `size` (x side to side, y height, z length) [m], its bases (K, 3) in the world at times (K,)."""

    id: str
    size: tuple[float, float, float]
    bases: Callable[[np.ndarray], np.ndarray]
    """Asked for many moments at once: the ground costs nearly as much for one place as for a thousand."""
    heading: Callable[[float], float]
    """Radians about y."""
    eye_level: float
    """Height [m] of the eyes, or of what one looks at, above the base."""
    kind: str = "prop"
    travels: bool = False
    aboard: str | None = None
    """Id of the vehicle on whose seats it is: framed with it."""
    leap: float = 0.0
    """How far [m] it hops or bounces above its base at most."""

    def base(self, t: float) -> np.ndarray:
        """(3,) the base in the world at `t` [s]."""
        return self.bases(np.array([t]))[0]

    def centres(self, times: np.ndarray) -> np.ndarray:
        """(K, 3) middle of the box in the world at times (K,) [s]."""
        return self.bases(times) + np.array([0.0, self.size[1] / 2, 0.0])

    def eyes(self, times: np.ndarray) -> np.ndarray:
        """(K, 3) where one looks at this figure at times (K,) [s]."""
        return self.bases(times) + np.array([0.0, self.eye_level, 0.0])

    def corners(self, times: np.ndarray) -> np.ndarray:
        """(8 K, 3) corners of the turned box in the world at times (K,) [s]."""
        x, y, z = self.size
        points = np.array([[sx * x / 2, sy * y, sz * z / 2] for sx in (-1, 1) for sy in (0, 1) for sz in (-1, 1)])
        found = []
        for t, base in zip(times, self.bases(times), strict=True):
            sine, cosine = np.sin(self.heading(t)), np.cos(self.heading(t))
            found.append(base + points @ np.array([[cosine, 0.0, -sine], [0.0, 1.0, 0.0], [sine, 0.0, cosine]]))
        return np.concatenate(found)
