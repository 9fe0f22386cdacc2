"""Plates in the store: whole, or as what differs from another that is whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vitascope.continuity import Patch, Store
from vitascope.render import Region
from vitascope.studio.plates import Gone, Light, Plates

FIRST, SECOND, THIRD = (bytes([k]) * 32 for k in range(3))
NOWHERE = Region(0, 0, 0, 0)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", limit=10**8)


def noise(seed: int) -> np.ndarray:
    """A plate (40, 60, 3) that does not pack well."""
    return np.random.default_rng(seed).integers(0, 1 << 14, (40, 60, 3)).astype(np.uint16)


def redrawn(plate: np.ndarray, region: Region, value: int) -> np.ndarray:
    made = plate.copy()
    made[region.y : region.bottom, region.x : region.right] = value
    return made


def keep_redrawn(plates: Plates, address: bytes, before: Light, region: Region, value: int) -> np.ndarray:
    """Keep `before` with a value in a region, and return it."""
    plate = redrawn(before.plate, region, value)
    patch = before.patch_of(plate, region)
    plates.keep(address, light=plate if patch is None else patch, composed=None)
    return plate


def test_a_patch_over_a_patch_lies_on_the_same_base(store: Store):
    """The third plate needs the first, and not the second."""
    plates = Plates(store)
    plates.keep(FIRST, light=noise(1), composed=None)
    keep_redrawn(plates, SECOND, plates.light(FIRST), Region(2, 2, 8, 8), 5)
    third = keep_redrawn(plates, THIRD, plates.light(SECOND), Region(12, 4, 6, 8), 6)
    next(path for path in (store.folder / "store-1" / "light_patch").rglob(SECOND.hex()[2:])).unlink()

    held = plates.light(THIRD)

    assert np.array_equal(held.plate, third)
    assert (held.base, held.patched) == (FIRST, Region(2, 2, 16, 10))


def test_a_patch_takes_less_than_a_tenth_of_its_plate(store: Store):
    """A rectangle of a fiftieth of the picture adds no more than its own bytes to the store."""
    plates = Plates(store)
    plates.keep(FIRST, light=noise(1), composed=None)
    whole = store.size()

    keep_redrawn(plates, SECOND, plates.light(FIRST), Region(2, 2, 8, 6), 5)

    assert store.size() - whole < whole / 10


def test_rectangles_that_are_far_apart_are_kept_whole(store: Store):
    """Where both together take more than a quarter of the picture, the plate stands for itself."""
    plates = Plates(store)
    plates.keep(FIRST, light=noise(1), composed=None)
    keep_redrawn(plates, SECOND, plates.light(FIRST), Region(0, 0, 4, 4), 5)
    third = keep_redrawn(plates, THIRD, plates.light(SECOND), Region(50, 30, 4, 4), 6)

    held = plates.light(THIRD)

    assert np.array_equal(held.plate, third)
    assert (held.base, held.patched) == (THIRD, NOWHERE)


def test_without_its_base_a_patch_is_gone_until_the_plate_is_kept_whole(store: Store):
    """A full drawing puts it right."""
    plates = Plates(store)
    plates.keep(FIRST, light=noise(1), composed=None)
    second = keep_redrawn(plates, SECOND, plates.light(FIRST), Region(2, 2, 8, 8), 5)
    next((store.folder / "store-1" / "light").rglob(FIRST.hex()[2:])).unlink()

    with pytest.raises(Gone):
        plates.light(SECOND)
    plates.keep(SECOND, light=second, composed=None)
    assert np.array_equal(plates.light(SECOND).plate, second)


def test_a_plate_is_not_patched_onto_itself(store: Store):
    """A colour that goes back to what it was leaves the plate that is there."""
    plates = Plates(store)
    plates.keep(FIRST, light=noise(1), composed=None)
    whole = store.size()

    plates.keep(FIRST, light=Patch.of(noise(1), Region(0, 0, 4, 4), base=FIRST), composed=None)

    assert store.size() == whole
    assert plates.light(FIRST).patched == NOWHERE
