"""The draft of a film as pictures: how far everything is, and who is where. Compressed like a film, and given beside it.

Drawn the same way for training and for use, from passes of the world engine that cost little at a quarter of the size.
"""

from __future__ import annotations

import numpy as np

__all__ = ["draft_frames"]

TINTS = np.array([(0, 0), (255, 96), (96, 255), (255, 255), (192, 0), (0, 192)], np.uint8)
"""Green and blue of the set, and of subjects one after the other; after the last they begin again with the second."""


def draft_frames(depth: np.ndarray, ids: np.ndarray, *, height: int, width: int) -> np.ndarray:
    """(T, height, width, 3) uint8 of passes (T, h, w): red is nearness, green and blue tell subjects apart.

    depth uint8, 255 at the lens and 0 where there is only sky; ids: 0 the set, i + 1 the i-th subject. Sides of the passes
    divide those of the pictures.
    """
    count = len(TINTS) - 1
    index = ids.astype(np.int64)
    tint = TINTS[np.where(index == 0, 0, (index - 1) % count + 1)]
    coarse = np.concatenate([depth[..., None], tint], axis=-1)
    return coarse.repeat(height // depth.shape[1], axis=1).repeat(width // depth.shape[2], axis=2)
