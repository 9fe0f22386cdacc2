"""Pictures laid over each other, where one changes over to another."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

__all__ = ["mixed"]


def mixed(parts: Iterable[tuple[float, np.ndarray]]) -> np.ndarray:
    """Pictures (H, W, 3) uint8, at least one, by their shares, which make 1 together: the picture in between, of that kind."""
    together = sum(np.float32(share) * colour for share, colour in parts)
    return np.rint(together).clip(0, 255).astype(np.uint8)
