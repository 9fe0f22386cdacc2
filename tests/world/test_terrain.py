"""Terrain: noise that is smooth and seeded, meshes that lie on their height function, stands that respect corridors."""

import numpy as np
import pytest

from vitascope.film import Set
from vitascope.recipe import catalogue
from vitascope.world.land import Corridor
from vitascope.world.noise import noise, smoothstep
from vitascope.world.places import place_family
from vitascope.world.terrain import clear_of, near_points, patch_of, sampling_for, scattered, stands_on
from vitascope.world.terrain.stones import globe, stone


def _bumpy(x, z):
    return noise(5).fbm(x, z, wavelength=30, octaves=4) * 4.0


def test_noise_is_the_same_for_a_seed_and_differs_between_seeds():
    """A seed names one landscape."""
    x, z = np.random.default_rng(0).uniform(-500, 500, (2, 400))

    same, other = noise(7).fbm(x, z, wavelength=40, octaves=3), noise(8).fbm(x, z, wavelength=40, octaves=3)

    assert np.array_equal(same, noise(7).fbm(x, z, wavelength=40, octaves=3))
    assert np.abs(same - other).max() > 0.2


def test_slope_of_noise_is_its_derivative():
    """The analytic slope agrees with central differences."""
    x, z = np.random.default_rng(1).uniform(-20, 20, (2, 300))
    step = 0.02

    _, dx, dz = noise(3).with_slope(x, z)
    east, west = noise(3).at(x + step, z), noise(3).at(x - step, z)
    south, north = noise(3).at(x, z + step), noise(3).at(x, z - step)

    assert np.abs(dx - (east - west) / (2 * step)).max() < 0.02
    assert np.abs(dz - (south - north) / (2 * step)).max() < 0.02


def test_ground_is_as_high_asked_alone_as_among_others():
    """Where capes far away are not worked out for the places that are asked for, nothing is different."""
    land = place_family("shoreline").lay(catalogue().place("beach"), Set(place="beach"), seed=3)
    x, z = np.random.default_rng(3).uniform(-900, 900, (2, 300))

    together = land.ground.height(x, z)
    alone = [land.ground.height(x[k : k + 1], z[k : k + 1])[0] for k in range(len(x))]

    assert np.array_equal(together, alone)


def test_octaves_too_short_for_the_sampling_fade_away():
    """Coarsely sampled ground keeps only what its samples can carry."""
    x, z = np.random.default_rng(2).uniform(-300, 300, (2, 500))

    full = noise(4).fbm(x, z, wavelength=20, octaves=5)
    coarse = noise(4).fbm(x, z, wavelength=20, octaves=5, resolution=50.0)

    assert np.abs(full).max() > 0.3
    assert np.abs(coarse).max() == 0.0


def test_smoothstep_runs_both_ways():
    """The threshold may rise or fall."""
    assert smoothstep(0.0, 1.0, np.array([-1.0, 0.5, 2.0])).tolist() == [0.0, 0.5, 1.0]
    assert smoothstep(1.0, 0.0, np.array([-1.0, 0.5, 2.0])).tolist() == [1.0, 0.5, 0.0]


def test_vertices_of_a_patch_lie_on_the_height_function():
    """Feet, camera and picture share one ground."""
    cameras = np.array([[0.0, 3.0, 12.0]])

    patch = patch_of(_bumpy, sampling_for(cameras, _bumpy, reach=800.0, vertices=4000))

    assert np.array_equal(patch.y.ravel(), _bumpy(patch.x.ravel(), patch.z.ravel()).astype(np.float32))
    assert patch.x.size <= 4600
    assert np.hypot(patch.x[-1], patch.z[-1]).min() > 780


def test_a_patch_is_finest_where_the_camera_looks():
    """Spokes crowd towards the mark as the camera sees it."""
    sampling = sampling_for(np.array([[0.0, 2.0, 15.0]]), _bumpy, reach=500.0, vertices=4000)

    gaps = np.diff(np.sort(sampling.spokes))
    ahead = np.abs(np.sort(sampling.spokes)[:-1]) > 2.6

    assert gaps[ahead].mean() < 0.5 * gaps[~ahead].mean()


def test_faces_of_a_patch_look_up():
    """The ground is seen from above."""
    patch = patch_of(_bumpy, sampling_for(np.array([[0.0, 2.0, 9.0]]), _bumpy, reach=300.0, vertices=3000))
    mesh = patch.mesh(colours=np.ones((*patch.x.shape, 3)), mask=1.0)
    a, b, c = (mesh.positions[mesh.indices[:, k]] for k in range(3))

    up = np.cross(b - a, c - a)[:, 1]

    assert (up > 0).mean() > 0.999
    assert (mesh.normals[:, 1] > 0).all()


@pytest.mark.parametrize("spacing", [2.0, 9.0])
def test_scattered_points_keep_their_distance(spacing):
    """Neighbours never crowd, and the ring is kept."""
    points = scattered(np.random.default_rng(4), spacing=spacing, inner=5.0, outer=60.0)

    gaps = np.linalg.norm(points[:, None] - points[None], axis=-1) + np.eye(len(points)) * 99

    assert gaps.min() > 0.5 * spacing
    assert np.linalg.norm(points, axis=1).min() >= 5.0


def test_corridors_stay_empty():
    """Tall things leave a corridor free; low ones may stay where the corridor allows it."""
    points = np.random.default_rng(5).uniform(-20, 20, (500, 2))
    clear = [Corridor(start=(-10.0, 0.0), end=(10.0, 0.0), radius=2.0, height=0.5)]

    tall = points[clear_of(points, clear, radius=0.5, height=3.0)]
    low = points[clear_of(points, clear, radius=0.5, height=0.2)]

    across = np.hypot(np.maximum(np.abs(tall[:, 0]) - 10, 0), tall[:, 1])
    assert across.min() > 2.5
    assert len(low) == 500


def test_near_growth_lies_where_the_camera_sees_it():
    """Most small growth is within 45 degrees of the line to the mark."""
    points = near_points(np.random.default_rng(6), count=400, cameras=np.array([[0.0, 1.6, 10.0]]), reach=12.0)

    angle = np.abs(np.arctan2(points[:, 0], 10.0 - points[:, 1]))

    assert (angle < np.pi / 4).mean() > 0.9


def test_things_stand_on_the_ground():
    """No foot hangs in the air."""
    points = np.random.default_rng(7).uniform(-40, 40, (200, 2))

    stand = stands_on(points, _bumpy, np.random.default_rng(8), sink=0.02)

    ground = _bumpy(points[:, 0], points[:, 1])
    assert (stand.points[:, 1] <= ground + 1e-6).all()
    assert (ground - stand.points[:, 1]).max() < 0.8


def test_stones_are_closed_and_differ():
    """Variants of a boulder are not one boulder."""
    points, faces = globe(1)

    assert (len(points), len(faces)) == (42, 80)
    assert not np.array_equal(stone(0).positions, stone(1).positions)
    assert np.abs(stone(0).positions).max() < 0.75
