"""Lumps: blobs that know which bone carries them and which region of the coat they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vitascope.world.shape import Blob, ball, cone, ellipsoid

__all__ = ["Lump", "Lumps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lump:
    """One blob, its bone and its region ("torso", "leg", "shank", "foot", "tail", "tail_tip", "head", "muzzle"...)."""

    blob: Blob
    bone: str
    region: str
    spread: float
    """Metres over which its bone's pull on the skin fades beyond it."""
    hold: Blob | None = None
    """What the bone holds on to instead of the blob, where the two differ (a shin that stops short of its foot)."""


class Lumps:
    """A list of lumps under construction; every method adds one or more and mirrors where `sides` asks for it."""

    def __init__(self, *, softness: float = 0.45) -> None:
        self.items: list[Lump] = []
        self._softness = softness

    def add(self, blob: Blob, bone: str, region: str, radius: float) -> None:
        """One lump; `radius` [m] is its typical thickness."""
        self.items.append(Lump(blob=blob, bone=bone, region=region, spread=max(radius * self._softness, 1e-4)))

    def ball(self, at: np.ndarray, radius: float, bone: str, region: str, *, blend: float, cut: bool = False) -> None:
        """A sphere at (3,)."""
        self.add(ball(tuple(at), radius, blend=blend, cut=cut), bone, region, radius)

    def cone(
        self,
        a: np.ndarray,
        b: np.ndarray,
        radii: tuple[float, float],
        bone: str,
        region: str,
        *,
        blend: float,
        short: float = 0.0,
    ) -> None:
        """A round cone from (3,) to (3,); its bone lets go `short` of the way before the end."""
        self.add(cone(tuple(a), tuple(b), radii[0], radii[1], blend=blend), bone, region, max(radii))
        if short > 0:
            hold = cone(tuple(a), tuple(b + (a - b) * short), radii[0], radii[1] * 0.8)
            self.items[-1] = replace(self.items[-1], hold=hold)

    def egg(
        self,
        at: np.ndarray,
        radii: Sequence[float] | np.ndarray,
        bone: str,
        region: str,
        *,
        blend: float,
        axes: np.ndarray | None = None,
    ) -> None:
        """An ellipsoid with semi-axes `radii` (3,) along the columns of `axes` (3, 3)."""
        x, y, z = (float(r) for r in radii)
        self.add(ellipsoid(tuple(at), (x, y, z), rotation=axes, blend=blend), bone, region, min(x, y, z))
