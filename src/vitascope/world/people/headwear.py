"""What people wear on their heads."""

from __future__ import annotations

from collections.abc import Callable

from vitascope.film import Garment
from vitascope.world.people.fitting import Fitting

__all__ = ["HEADWEAR"]

HEADWEAR: dict[str, Callable[[Fitting, Garment], None]] = {}
