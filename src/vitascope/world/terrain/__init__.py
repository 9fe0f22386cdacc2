"""Terrain: meshes of the land's own height function, and where things stand on it."""

from vitascope.world.terrain.patch import Patch, Sampling, aims_of, patch_of, sampling_for
from vitascope.world.terrain.scatter import Stand, clear_of, near_points, scattered, stands_on
from vitascope.world.terrain.way import burning, make_way

__all__ = [
    "Patch", "Sampling", "Stand", "aims_of", "burning", "clear_of", "make_way", "near_points", "patch_of", "sampling_for",
    "scattered", "stands_on",
]  # fmt: skip
