"""A stage as glTF: read back with other readers, it is the stage as it stands at that moment."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
import pygltflib
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from vitascope.exchange import stage_as_gltf
from vitascope.exchange.shapes import coarser, coarser_afar, posed, turned
from vitascope.film import Attributes, Camera, CameraMove, Film, Set, Shot, Size, Span, Subject
from vitascope.world.build import build_stage
from vitascope.world.mesh import Mesh
from vitascope.world.stage import Stage

ASPECT = 16 / 9


@cache
def a_stage(*, moves: bool = False) -> Stage:
    """A cat and a red box on a meadow for two seconds; the camera circles, if it moves."""
    cat = Subject(id="cat", recipe="cat", name="cat")
    box = Subject(id="box", recipe="box", name="box", attributes=Attributes(colour="red"))
    circle = CameraMove(kind="orbit_right", span=Span(start=0, end=2))
    shot = Shot(
        id="shot", duration=2, set=Set(place="meadow"), subjects=(cat, box),
        camera=Camera(framing="full", moves=(circle,) if moves else ()),
    )  # fmt: skip
    return build_stage(Film(size=Size(width=320, height=180), silent=True, shots=(shot,)))


@cache
def a_file(*, moves: bool = False) -> bytes:
    return stage_as_gltf(a_stage(moves=moves), 1.0, aspect=ASPECT).data


def read_back(data: bytes) -> trimesh.Scene:
    scene = trimesh.load_scene(io.BytesIO(data), file_type="glb", process=False)
    assert isinstance(scene, trimesh.Scene)
    return scene


def test_a_body_stands_in_its_pose():
    """Its vertices lie where skinning, one vertex at a time, puts them in the world at that moment."""
    cat = next(thing for thing in a_stage().things if thing.name == "cat")
    pose = cat.motion.at(1.0)
    mesh = cat.mesh
    assert pose.joints is not None
    assert mesh.joints is not None
    assert mesh.weights is not None

    found = read_back(a_file()).to_mesh()

    for k in range(0, len(mesh.positions), 997):
        point = np.append(mesh.positions[k].astype(np.float64), 1.0)
        bent = sum(w * (pose.joints[j] @ point) for j, w in zip(mesh.joints[k], mesh.weights[k], strict=True))
        there = (pose.transforms[0] @ bent)[:3]
        assert np.linalg.norm(found.vertices - there, axis=1).min() < 1e-3


def test_copies_stand_where_they_stand():
    """Each copy of a plant is a node of one mesh, at its own place and size."""
    plants = max((t for t in a_stage().things if t.subject == 0), key=lambda t: len(t.motion.at(0.0).transforms))
    wanted = plants.motion.at(0.0).transforms[:, :3, 3]
    scene = read_back(a_file())

    places = np.array([scene.graph.get(name)[0][:3, 3] for name in scene.graph.nodes_geometry])

    assert len(wanted) > 20
    for place in wanted:
        assert np.linalg.norm(places - place, axis=1).min() < 1e-4


def test_the_camera_stands_where_the_film_has_it_and_moves_as_there():
    """The node of the camera is its lens at that moment; the animation leads it through the shot."""
    stage = a_stage(moves=True)
    file = pygltflib.GLTF2.load_from_bytes(a_file(moves=True))
    assert file is not None
    node = next(n for n in file.nodes if n.name == "camera")
    lens = stage.snapshot(1.0).lens
    animation = file.animations[0]
    keys = {
        channel.target.path: numbers(file, animation.samplers[channel.sampler].output) for channel in animation.channels
    }
    times = numbers(file, animation.samplers[0].input)

    assert node.translation == pytest.approx(lens.world_from_camera[:3, 3], abs=1e-5)
    assert file.cameras[0].perspective.yfov == pytest.approx(lens.fov_y)
    assert file.cameras[0].perspective.aspectRatio == pytest.approx(ASPECT)
    assert (times[0], times[-1]) == (0.0, 2.0)
    for k in (0, len(times) // 3, len(times) - 1):
        there = stage.snapshot(float(times[k])).lens.world_from_camera
        assert keys["translation"][k] == pytest.approx(there[:3, 3], abs=1e-5)
        assert rotation(keys["rotation"][k]) == pytest.approx(there[:3, :3], abs=1e-5)


def test_a_camera_that_stands_still_has_no_animation():
    """Nor a line for its path."""
    file = pygltflib.GLTF2.load_from_bytes(a_file())

    assert file is not None
    assert file.animations == []
    assert "camera path" not in [node.name for node in file.nodes]


def test_colours_are_those_of_the_film():
    """The paper of a red box is red: the colour of its material times those of its vertices."""
    file = pygltflib.GLTF2.load_from_bytes(a_file())
    assert file is not None
    node = next(n for n in file.nodes if n.name == "box")
    part = next(p for p in file.meshes[node.mesh].primitives if file.materials[p.material].name == "paper")
    base = np.array(file.materials[part.material].pbrMetallicRoughness.baseColorFactor[:3])
    own = np.unique(numbers(file, part.indices))
    colour = base * numbers(file, part.attributes.COLOR_0)[own, :3].mean(0) / 255

    assert colour[0] > 3 * colour[1]
    assert colour[0] > 3 * colour[2]


def test_subjects_are_named():
    """What programs find in the file: whose each node is, and what is left out."""
    file = pygltflib.GLTF2.load_from_bytes(a_file())

    assert file is not None
    assert {n.extras["subject"] for n in file.nodes if n.extras.get("subject")} == {"cat", "box"}
    assert file.scenes[0].extras["time"] == 1.0
    assert file.scenes[0].extras["left_out"] == 0


def test_the_file_is_the_same_for_the_same_moment_and_another_for_another():
    """Nothing of the clock or of chance is in it."""
    again = stage_as_gltf(a_stage(moves=True), 1.0, aspect=ASPECT).data

    assert again == a_file(moves=True)
    assert stage_as_gltf(a_stage(moves=True), 0.5, aspect=ASPECT).data != again


def test_a_file_that_would_be_too_large_leaves_out_what_looks_small():
    """It keeps to about its limit, keeps subjects and ground, and says what it lacks."""
    whole = stage_as_gltf(a_stage(), 1.0, aspect=ASPECT)

    found = stage_as_gltf(a_stage(), 1.0, aspect=ASPECT, limit=len(whole.data) // 2)

    file = pygltflib.GLTF2.load_from_bytes(found.data)
    assert file is not None
    names = [node.name for node in file.nodes]
    assert len(found.data) < 0.6 * len(whole.data)
    assert found.left_out > 0
    assert file.scenes[0].extras["left_out"] == found.left_out
    assert {"cat", "box", "ground"} <= set(names)


def test_a_crowd_is_made_coarser_and_stays_a_crowd(monkeypatch: pytest.MonkeyPatch):
    """Where bodies are too many for one file, each is there with fewer vertices, and the file says so."""
    from vitascope.exchange import choice

    monkeypatch.setattr(choice, "BODIES_MAX", 4000)
    found = stage_as_gltf(a_stage(), 1.0, aspect=ASPECT)
    file = pygltflib.GLTF2.load_from_bytes(found.data)
    assert file is not None
    node = next(n for n in file.nodes if n.name == "cat")
    count = file.accessors[file.meshes[node.mesh].primitives[0].attributes.POSITION].count
    cat = next(thing for thing in a_stage().things if thing.name == "cat")

    assert found.coarser
    assert 200 < count < min(4000, len(cat.mesh.positions))


def test_posed_normals_are_square_to_the_skin():
    """They are those of the posed triangles, to within what smoothing does."""
    cat = next(thing for thing in a_stage().things if thing.name == "cat")
    mesh = posed(cat.mesh, cat.motion.at(1.0))
    a, b, c = (mesh.positions[mesh.indices[:, k]].astype(np.float64) for k in range(3))
    faces = np.cross(b - a, c - a)
    faces /= np.maximum(np.linalg.norm(faces, axis=1, keepdims=True), 1e-12)

    along = np.einsum("ij,ij->i", faces, mesh.normals[mesh.indices[:, 0]])

    assert np.median(along) > 0.95
    assert np.abs(np.linalg.norm(mesh.normals, axis=1) - 1).max() < 1e-4


angles = st.floats(-3.1, 3.1)
scales = st.floats(0.05, 20.0)


@settings(deadline=None)
@given(st.tuples(angles, angles, angles), st.tuples(scales, scales, scales), st.booleans())
def test_a_matrix_is_its_parts(turns: tuple, scale: tuple, mirrored: bool):
    """Translation, rotation and scale make the matrix again, mirrored ones too."""
    x, y, z = turns
    matrix = np.eye(4)
    matrix[:3, :3] = (
        trimesh.transformations.euler_matrix(x, y, z)[:3, :3] @ np.diag(scale) @ np.diag([-1 if mirrored else 1, 1, 1])
    )
    matrix[:3, 3] = (1.0, -2.0, 3.0)

    found = turned(matrix)

    assert found is not None
    again = np.eye(4)
    again[:3, :3] = rotation(found[1]) * found[2]
    again[:3, 3] = found[0]
    assert again == pytest.approx(matrix, abs=1e-6)


def test_what_shears_has_no_such_parts():
    """A sheared copy is baked instead."""
    matrix = np.eye(4)
    matrix[0, 1] = 0.5

    assert turned(matrix) is None


def test_coarser_shapes_keep_their_place():
    """Fewer vertices, all of them old ones, within a cell of where the shape was; triangles that vanished are gone."""
    ball = trimesh.creation.icosphere(subdivisions=4)
    mesh = Mesh.of(ball.vertices, ball.faces)

    found = coarser(mesh, 0.25)

    assert 20 < len(found.positions) < 0.3 * len(mesh.positions)
    assert {tuple(p) for p in found.positions} <= {tuple(p) for p in mesh.positions}
    assert np.ptp(found.positions, axis=0) == pytest.approx(np.ptp(mesh.positions, axis=0), abs=0.25)
    assert all(len(set(triangle)) == 3 for triangle in found.indices.tolist())


def test_ground_is_coarser_afar_and_whole_near():
    """Every vertex near the centre stays, and there are fewer far off."""
    side = np.linspace(-200, 200, 81)
    x, z = np.meshgrid(side, side, indexing="ij")
    number = np.arange(81 * 81).reshape(81, 81)
    a, b, c, d = (each.ravel() for each in (number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]))
    mesh = Mesh.of(
        np.stack([x.ravel(), np.zeros(81 * 81), z.ravel()], 1),
        np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)]),
    )

    found = coarser_afar(mesh, np.zeros(3), keep=40.0, share=0.2)

    near = np.linalg.norm(mesh.positions, axis=1) < 40.0
    assert {tuple(p) for p in mesh.positions[near]} <= {tuple(p) for p in found.positions}
    assert len(found.positions) < 0.6 * len(mesh.positions)


def numbers(file: pygltflib.GLTF2, accessor: int) -> np.ndarray:
    """What an accessor holds, (N,) or (N, K)."""
    told = file.accessors[accessor]
    view = file.bufferViews[told.bufferView]
    kind = {5126: np.float32, 5125: np.uint32, 5123: np.uint16, 5121: np.uint8}[told.componentType]
    width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[told.type]
    blob = file.binary_blob()
    assert blob is not None
    array = np.frombuffer(blob, kind, told.count * width, view.byteOffset)
    return array if width == 1 else array.reshape(told.count, width)


def rotation(quaternion: np.ndarray) -> np.ndarray:
    """(3, 3) of x y z w."""
    x, y, z, w = (float(c) for c in quaternion)
    return trimesh.transformations.quaternion_matrix([w, x, y, z])[:3, :3]
