"""Where wet ground mirrors what, in pixels: a place and its mirror image lie in one upright plane through the camera.

Such planes are lines of the picture through the point where all upright lines meet (wet_mirror.wgsl walks along them).
"""

from __future__ import annotations

import numpy as np

from vitascope.render.region import Region
from vitascope.world.stage import Air

__all__ = ["is_mirror", "mirrored_below", "mirrors_above"]

_BESIDE = 2
"""Pixels by which a walk may miss the line that it follows."""


def is_mirror(air: Air) -> bool:
    """Whether level ground is so wet that it mirrors the picture."""
    return air.wetness > 0.0


def mirrored_below(region: Region, view_proj: np.ndarray, size: tuple[int, int]) -> Region:
    """A region, and all ground that may mirror something in it."""
    return _along(region, view_proj, size, down=True)


def mirrors_above(region: Region, view_proj: np.ndarray, size: tuple[int, int]) -> Region:
    """A region, and everything that ground in it may mirror."""
    return _along(region, view_proj, size, down=False)


def _along(region: Region, view_proj: np.ndarray, size: tuple[int, int], *, down: bool) -> Region:
    """The lines through the meeting point of uprights over a region, from there to the lower or upper edge of the picture."""
    if region.empty:
        return region
    width, height = size
    x, y, w = view_proj[[0, 1, 3], 1]
    meeting = np.array([(x + w) * 0.5 * width, (w - y) * 0.5 * height])
    corners = np.array([[cx, cy] for cx in (region.x, region.right) for cy in (region.y, region.bottom)], np.float64)
    ways = meeting - w * corners
    rises = ways[:, 1]
    if np.ptp(np.sign(rises)) > 0 or (np.abs(rises) < 1e-3 * np.abs(ways[:, 0]) + 1e-9).any():
        return Region.whole(size)
    edge = height if down else 0
    ends = corners[:, 0] + (edge - corners[:, 1]) * ways[:, 0] / rises
    left, right = min(float(ends.min()), region.x), max(float(ends.max()), region.right)
    return Region.between(
        max(int(left) - _BESIDE, 0),
        region.y if down else 0,
        min(int(right) + 1 + _BESIDE, width),
        height if down else region.bottom,
    )
