"""Waves: the sum that boats ride on is the sum that is drawn."""

import numpy as np
import pytest

from vitascope.world.stage import Water
from vitascope.world.waves import displacement, surface, waves_of

SEA = Water(level=0.3, wave_height=0.9, wave_length=12.0, shore=False, foam=0.0)


def _grid():
    line = np.linspace(-20.0, 20.0, 41)
    return np.meshgrid(line, line)


def test_a_mirror_is_flat():
    """Without wave height the surface is its level and faces up."""
    height, normal = surface(Water(level=1.5, wave_height=0.0), *_grid(), 3.0)
    np.testing.assert_allclose(height, 1.5)
    np.testing.assert_allclose(normal[..., 1], 1.0)


def test_waves_stay_within_their_height():
    """No crest is higher than the sum of the amplitudes, and the mean is near the level."""
    height, normal = surface(SEA, *_grid(), 7.0)
    assert np.abs(height - SEA.level).max() <= 0.62 * SEA.wave_height
    assert abs(height.mean() - SEA.level) < 0.1
    np.testing.assert_allclose(np.linalg.norm(normal, axis=-1), 1.0)


def test_height_is_that_of_the_particle_carried_there():
    """The surface over x, z is the displaced particle that has come to x, z."""
    x, z = _grid()
    moved = displacement(SEA, x, z, 2.0)
    height, _ = surface(SEA, x + moved[..., 0], z + moved[..., 2], 2.0)
    np.testing.assert_allclose(height, SEA.level + moved[..., 1], atol=2e-3)


def test_normals_are_those_of_the_heights():
    """The normal agrees with differences of the height."""
    x, z = _grid()
    e = 1e-3
    _, normal = surface(SEA, x, z, 4.0)
    slope = (surface(SEA, x + e, z, 4.0)[0] - surface(SEA, x - e, z, 4.0)[0]) / (2 * e)
    np.testing.assert_allclose(-normal[..., 0] / normal[..., 1], slope, atol=0.02)


def test_long_waves_run_faster():
    """Speed is that of deep water: four times the length, twice the speed."""
    waves = waves_of(SEA)
    speed = waves.frequency / waves.number
    np.testing.assert_allclose(speed**2 * waves.number, 9.81)


def test_a_current_carries_the_waves():
    """After a second the pattern of a river of 2 m/s has moved 2 m beyond where still water's would be."""
    still = Water(wave_height=0.4, wave_length=8.0)
    river = Water(wave_height=0.4, wave_length=8.0, flow=(2.0, 0.0))
    x, z = _grid()
    np.testing.assert_allclose(surface(river, x + 2.0, z, 1.0)[0], surface(still, x, z, 1.0)[0], atol=1e-9)


@pytest.mark.parametrize("t", [0.0, 3.7, 611.0])
def test_the_drawn_surface_is_the_computed_one(studio, t):
    """Points of the water that the device draws lie within 7 cm, mostly within 1 cm, of what boats are given."""
    points = studio.water_points(SEA, t)

    height, _ = surface(SEA, points[:, 0], points[:, 2], t)

    apart = np.abs(points[:, 1] - height)
    assert len(points) > 2000
    assert apart.max() < 0.07
    assert np.median(apart) < 0.012
