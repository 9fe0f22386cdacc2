"""The parts language: sums, shapes, copies, paint, and clear sentences for what cannot be read."""

from __future__ import annotations

import numpy as np
import pytest

from vitascope.film import Attributes
from vitascope.recipe import Recipe, RecipeError, catalogue, colour_linear
from vitascope.world.families import parts
from vitascope.world.mesh import Mesh
from vitascope.world.shape import box, lathe
from vitascope.world.things.arithmetic import number
from vitascope.world.things.shapes import SHAPES, hull, torus


def recipe(*rows: dict, **more: object) -> Recipe:
    fields = {"name": "thing", "kind": "prop", "family": "parts", "size": (1.0, 1.0, 1.0), "parts": rows, **more}
    return Recipe.model_validate(fields)


def mesh_of(*rows: dict, **more: object) -> Mesh:
    return parts.build(recipe(*rows, **more), Attributes(), seed=0).mesh


def volume(mesh: Mesh) -> float:
    a, b, c = (mesh.positions[mesh.indices[:, k]].astype(float) for k in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3 * 4", 14),
        ("(a - 1) / 2", 1.5),
        ("-a", -4),
        ("min(a, 2, 7)", 2),
        ("max(0.5, a)", 4),
        (7, 7),
        ("1e3", 1000),
    ],
)
def test_numbers_may_be_small_sums_over_parameters(text: object, value: float):
    """+ - * / min max, brackets and parameter names are understood."""
    assert number(text, {"a": 4}, "A field") == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    ["2 ** 900", "__import__('os')", "a.real", "[1][0]", "open('x')", "lambda: 1", "a if a else 1", "1 / 0", "b", "'a' * 9",
     "abs(a)", "min()", "1e9", True, None, [1], "1 +" * 40],
)  # fmt: skip
def test_nothing_but_sums_is_evaluated(text: object):
    """Calls, attributes, powers, unknown names, division by zero and huge values are refused in one sentence."""
    with pytest.raises(RecipeError, match=r"^A field") as caught:
        number(text, {"a": 4}, "A field")

    assert "\n" not in str(caught.value)


def test_closed_shapes_face_outward_and_have_the_volume_of_geometry():
    """A positive signed volume, equal to the closed form."""
    assert volume(mesh_of({"box": [1, 2, 3], "bevel": 0})) == pytest.approx(6.0, rel=1e-4)
    assert volume(mesh_of({"cylinder": [0.5, 2], "bevel": 0, "segments": 64})) == pytest.approx(np.pi / 2, rel=0.01)
    assert volume(mesh_of({"sphere": 0.5, "segments": 48})) == pytest.approx(np.pi / 6, rel=0.02)
    assert volume(torus(1.0, 0.25, segments=60, sides=30)) == pytest.approx(2 * np.pi**2 * 0.0625, rel=0.03)
    assert volume(torus(1.0, 0.25, sweep=180.0, segments=60, sides=30)) == pytest.approx(np.pi**2 * 0.0625, rel=0.03)
    assert volume(hull(np.array([[-1, 1, 1, 0], [1, 1, 1, 0]]), segments=48)) == pytest.approx(np.pi / 2, rel=0.02)
    assert volume(mesh_of({"extrude": [0, 0, 0, 1, 1, 1, 1, 0], "depth": 0.5})) == pytest.approx(0.5, rel=1e-3)


def test_a_mirror_and_a_ring_copy_whole_shapes():
    """`mirror: xz` makes four, `repeat` with a ring carries copies round the upright axis, `step` along a line."""
    four = mesh_of({"box": [0.2, 1, 0.2], "at": [1, 0, 2], "mirror": "xz", "bevel": 0})
    ring = mesh_of({"box": [0.2, 1, 0.2], "at": [1, 0, 0], "repeat": {"count": 4, "ring": 360}, "bevel": 0})
    row = mesh_of({"box": [0.2, 1, 0.2], "repeat": {"count": 5, "step": [1, 0, 0]}, "bevel": 0})

    assert volume(four) == pytest.approx(4 * 0.04, rel=1e-4)
    assert np.allclose(four.positions.mean(0)[[0, 2]], 0, atol=1e-5)
    assert np.allclose([ring.positions[:, 0].max(), ring.positions[:, 2].max()], 1.1)
    assert row.positions[:, 0].max() == pytest.approx(4.1)


def test_a_box_stands_on_its_place_and_turns_about_it():
    """`at` is the middle of the base; `turn` is in degrees about x, y, z."""
    upright = mesh_of({"box": [0.2, 1, 0.2], "at": [0, 0.5, 0], "bevel": 0})
    lying = mesh_of({"box": [0.2, 1, 0.2], "turn": [90, 0, 0], "bevel": 0})

    assert upright.positions[:, 1].min() == pytest.approx(0.5)
    assert lying.positions[:, 2].max() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("rows", "more", "needed"),
    [
        ([{"at": [0, 0, 0]}], {}, "no shape"),
        ([{"box": [1, 2]}], {}, "width, height, length"),
        ([{"box": [1, -1, 1]}], {}, "above zero"),
        ([{"box": [1, 1, 1], "colour": "red"}], {}, "'colour'"),
        ([{"box": [1, 1, 1], "material": "gold"}], {}, "'gold'"),
        ([{"box": [1, 1, 1], "bone": "arm"}], {}, "'arm'"),
        ([{"box": [1, 1, 1], "mirror": "y"}], {}, "mirror"),
        ([{"box": [1, 1, 1], "repeat": {"count": 9000, "step": [1, 0, 0]}}], {}, "9000"),
        ([{"box": [1, 1, 1], "repeat": {"count": 3}}], {}, "step"),
        ([{"box": [1, 1, 1]}] * 200, {}, "200 parts"),
        ([{"mould": [{"star": [0, 0, 0]}]}], {}, "blob"),
        ([{"mould": "big"}], {}, "list of blobs"),
        ([{"box": [1, 1, 1]}], {"materials": {"m": {"base": "no such colour"}}}, "no such colour"),
        ([{"box": [1, 1, 1]}], {"materials": {"m": {"like": "cheese cake"}}}, "cheese cake"),
        ([{"box": [1, 1, 1]}], {"materials": {"m": {"shine": 3}}}, "'shine'"),
        ([{"box": [1, 1, 1]}], {"materials": {"m": {"surface": "lava"}}}, "lava"),
        ([{"box": [1, 1, 1]}], {"bones": [{"name": "a", "parent": "b"}]}, "'b'"),
    ],
)
def test_a_part_that_cannot_be_read_gives_one_clear_sentence(rows: list, more: dict, needed: str):
    """The sentence names the recipe and what is wrong with it."""
    with pytest.raises(RecipeError) as caught:
        parts.build(recipe(*rows, **more), Attributes(), seed=0)

    assert needed in str(caught.value)
    assert "thing" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_shape_of_the_language_can_be_made():
    """Each word of the language has a maker that gives a finite mesh with unit normals."""
    least = {"box": [1, 1, 1], "cylinder": [1, 1], "cone": [1, 1], "sphere": [1], "torus": [1, 0.2], "lathe": [0, 0, 1, 0, 1, 1],
             "tube": [0, 0, 0, 0, 1, 0, 1, 1, 0], "extrude": [0, 0, 1, 0, 0, 1], "loft": [0, 1, 1, 0, 1, 1, 1, 0], "disc": [1],
             "sheet": [0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0]}  # fmt: skip
    assert set(least) == set(SHAPES)

    for shape, numbers in least.items():
        mesh = mesh_of({shape: numbers})
        assert np.isfinite(mesh.positions).all()
        assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-3)


def test_an_asked_colour_changes_only_what_has_that_role():
    """Colour paints the primary materials, the second colour the secondary ones, and nothing else."""
    plain = parts.build(catalogue().recipe("sofa"), Attributes(), seed=0).materials
    asked = parts.build(catalogue().recipe("sofa"), Attributes(colour="red", second_colour="green"), seed=0).materials

    for before, after in zip(plain, asked, strict=True):
        if before.colour_role == "primary":
            assert after.base == colour_linear("red")
        elif before.colour_role == "secondary":
            assert after.base == colour_linear("green")
        else:
            assert after == before


def test_an_asked_substance_and_pattern_replace_the_surface():
    """A golden cup is metal; a striped one has bands in a colour that stands off."""
    golden = parts.build(catalogue().recipe("cup"), Attributes(material="gold"), seed=0).materials[0]
    striped = parts.build(
        catalogue().recipe("cup"), Attributes(pattern="striped", second_colour="blue"), seed=0
    ).materials[0]

    assert golden.metalness == 1.0
    assert golden.surface == "metal"
    assert striped.pattern == "bands"
    assert striped.pattern_colour == colour_linear("blue")


def test_scale_scales_everything():
    """A thing twice as large has twice the extents, its sockets too."""
    table = catalogue().recipe("table")
    one, two = (parts.build(table, Attributes(scale=s), seed=0) for s in (1.0, 2.0))

    assert np.allclose(two.mesh.positions, 2 * one.mesh.positions, atol=1e-5)
    assert two.sockets["top"].position[1] == pytest.approx(2 * one.sockets["top"].position[1])


def test_profiles_of_lathes_close_where_they_meet_the_axis():
    """A bowl drawn as a profile from the middle of its foot round its rim to the middle of its inside is closed."""
    bowl = lathe([(1e-5, 0), (1, 0), (1.2, 1), (1.1, 1), (0.9, 0.1), (1e-5, 0.1)], segments=40)

    assert 0 < volume(bowl) < volume(lathe([(1e-5, 0), (1, 0), (1.2, 1), (1e-5, 1)], segments=40))
    assert volume(box((1, 1, 1))) == pytest.approx(1.0)
