"""Glasses, scarves, bags and other things worn over the clothes."""

from __future__ import annotations

from collections.abc import Callable

from vitascope.film import Garment
from vitascope.world.people.fitting import Fitting

__all__ = ["ACCESSORIES"]

ACCESSORIES: dict[str, Callable[[Fitting, Garment], None]] = {}
