"""Shapes against closed forms: volumes, normals, closed surfaces, distances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitascope.world.mesh import Mesh, joined, transformed
from vitascope.world.shape import (
    Blob,
    Mould,
    ball,
    box,
    cone,
    cone_solid,
    cylinder,
    ellipsoid,
    extrude,
    lathe,
    mould_mesh,
    rounded_box,
    sphere,
    tube,
)
from vitascope.world.shape.mould import field


def volume(mesh: Mesh) -> float:
    a, b, c = (mesh.positions[mesh.indices[:, k]].astype(float) for k in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def outward_share(mesh: Mesh) -> float:
    p = mesh.positions[mesh.indices].astype(float)
    face = np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])
    return float(((face * mesh.normals[mesh.indices].mean(1)).sum(1) > 0).mean())


@pytest.mark.parametrize(
    ("mesh", "expected", "tolerance"),
    [
        (box((1, 2, 3)), 6.0, 1e-6),
        (cylinder(1.0, 2.0, segments=96), 2 * np.pi, 0.01),
        (cone_solid(1.0, 3.0, segments=96), np.pi, 0.01),
        (sphere(1.0, segments=64), 4 / 3 * np.pi, 0.02),
        (extrude([(0, 0), (2, 0), (2, 1), (1, 0.5), (0, 1)], 0.5), 0.75, 1e-6),
        (lathe([(1e-5, 0), (1, 0), (1, 1), (1e-5, 1)], segments=96), np.pi, 0.01),
        (mould_mesh(Mould(blobs=(ball((0, 0, 0), 0.5),), detail=0.04)), 4 / 3 * np.pi * 0.125, 0.02),
    ],
)
def test_volumes_are_those_of_geometry(mesh: Mesh, expected: float, tolerance: float):
    """A closed mesh with outward triangles has the volume of its solid."""
    assert volume(mesh) == pytest.approx(expected, rel=max(tolerance, 1e-6))


@pytest.mark.parametrize(
    "mesh",
    [
        box((1, 2, 3), bevel=0.1),
        cylinder(0.5, 1.0, bevel=0.05),
        tube(np.array([[0, 0, 0], [0, 0, 1], [0, 1, 2], [1, 2, 2]]), [0.1, 0.2, 0.1, 0.05]),
        extrude([(0, 0), (2, 0), (2, 1), (0, 1)], 0.5, bevel=0.08),
        mould_mesh(
            Mould(blobs=(cone((0, 0, 0), (1, 0, 0), 0.3, 0.1), ball((0.5, 0.4, 0), 0.2, blend=0.2)), detail=0.04)
        ),
    ],
)
def test_triangles_and_normals_agree(mesh: Mesh):
    """Every triangle faces the way its normals point, and normals are unit vectors."""
    assert outward_share(mesh) == 1.0
    assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-3)


def test_moulded_vertices_lie_on_the_surface():
    """A moulded ball is round to a hundredth of its cell."""
    mesh = mould_mesh(Mould(blobs=(ball((1, 2, 3), 0.5),), detail=0.05))

    distance = np.linalg.norm(mesh.positions - [1, 2, 3], axis=1)

    assert np.abs(distance - 0.5).max() < 0.0005
    assert np.allclose(mesh.normals, (mesh.positions - [1, 2, 3]) / 0.5, atol=0.06)


def test_skin_weights_follow_the_bones():
    """Vertices near one bone belong to it; weights always sum to one."""
    mesh = mould_mesh(
        Mould(
            blobs=(cone((0, 0, 0), (0, 1, 0), 0.1, 0.1, bone=0), cone((0, 1, 0), (0, 2, 0), 0.1, 0.1, bone=1)),
            detail=0.04,
        )
    )

    low, high = mesh.positions[:, 1] < 0.6, mesh.positions[:, 1] > 1.4

    assert np.allclose(mesh.weights.sum(1), 1, atol=1e-5)
    assert (mesh.joints[low, 0] == 0).all()
    assert (mesh.joints[high, 0] == 1).all()


def test_mirroring_keeps_the_outside_out():
    """A mirrored mesh still has positive volume."""
    mirrored = transformed(box((1, 2, 3)), np.diag([-1.0, 1, 1, 1]))

    assert volume(mirrored) == pytest.approx(6.0)


def test_joining_keeps_every_triangle():
    """Joined meshes hold the volumes of both."""
    both = joined([box((1, 1, 1)), box((1, 1, 1), centre=(5, 0, 0))])

    assert volume(both) == pytest.approx(2.0)


def _body(seed: int, blobs: int) -> list[Blob]:
    """Blobs of all kinds, near each other and turned, some of them cut out."""
    rng = np.random.default_rng(seed)
    made: list[Blob] = [ball((0, 0, 0), 0.3)]
    for k in range(blobs):
        a, b = rng.uniform(-0.6, 0.6, (2, 3))
        turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
        more = {"blend": float(rng.uniform(0.0, 0.08)), "cut": bool(rng.random() < 0.15)}
        x, y, z = (float(r) for r in rng.uniform(0.04, 0.25, 3))
        made.append(
            (
                cone(tuple(a), tuple(b), x, y, **more),
                ellipsoid(tuple(a), (x, y, z), rotation=turn, **more),
                rounded_box(tuple(a), (x, y, z), 0.02, rotation=turn, **more),
            )[k % 3]
        )
    return made


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 14), st.floats(0.02, 0.4))
def test_within_its_reach_a_field_is_the_whole_field(seed: int, blobs: int, reach: float):
    """Blobs that are left out where they are too far away change nothing that is nearer than the reach."""
    body = _body(seed, blobs)
    points = np.random.default_rng(seed).uniform(-1.0, 1.0, (400, 3)).astype(np.float32)

    whole, near = field(body, points), field(body, points, reach)

    inside = whole < reach
    assert np.array_equal(whole[inside], near[inside])
    assert (near[~inside] >= reach).all()
