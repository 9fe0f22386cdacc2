"""Places: every one of the catalogue lays and furnishes, within budget, the same for the same seed, with corridors free."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from vitascope.film import Set, TimeKey
from vitascope.recipe import RecipeError, catalogue
from vitascope.world.land import Corridor, Furnishing, Standing
from vitascope.world.places import PLACE_FAMILIES, place_family
from vitascope.world.places.landscape import Terrain
from vitascope.world.terrain import make_way

PLACES = sorted(catalogue().places)
BUDGET = 82_000
CLEAR = (
    Corridor(start=(-6.0, 0.0), end=(6.0, 0.0), radius=1.2, height=0.6),
    Corridor(start=(0.0, 0.0), end=(0.3, 4.0), radius=0.6, height=0.6),
)
BEDS = {
    "wind", "breeze.leaves", "surf.distant", "river.distant", "birds.day", "crickets", "insects.savanna", "forest", "city.day",
    "city.night", "traffic", "room", "kitchen", "underwater", "space", "crowd.distant", "beach", "farm", "desert.wind", "studio",
}  # fmt: skip


def laid(name, *, seed=3, **fields):
    recipe = catalogue().place(name)
    wanted = Set(place=name, hours=(TimeKey(at=0, hour=14.0),), **fields)
    family = place_family(recipe.family)
    return family, family.lay(recipe, wanted, seed=seed)


@cache
def furnished(name, *, eye=(0.3, 1.7, 4.0), seed=3, **fields):
    """The land, and what stands in it where nobody goes."""
    family, land = laid(name, seed=seed, **fields)
    high = land.ground.at(eye[0], eye[2])
    furnishing = family.furnish(land, clear=CLEAR, cameras=np.array([[eye[0], high + eye[1], eye[2]]]), night=0.0)
    return land, replace(furnishing, things=make_way(furnishing, ())[0])


@pytest.mark.parametrize("name", PLACES)
def test_every_place_lays_and_furnishes_within_its_budget(name):
    """Geometry is whole, finite and affordable; the mark is at height 0 and ambience is known."""
    land, furnishing = furnished(name)

    drawn = sum(len(t.mesh.positions) * len(t.motion.at(0.0).transforms) for t in furnishing.things)
    assert drawn <= BUDGET
    assert abs(land.ground.at(0.0, 0.0)) < 0.05 or land.recipe.medium == "water"
    assert set(land.recipe.sounds) <= BEDS
    for thing in furnishing.things:
        assert np.isfinite(thing.mesh.positions).all()
        assert np.isfinite(thing.mesh.normals).all()
        assert thing.mesh.indices.size == 0 or thing.mesh.indices.max() < len(thing.mesh.positions)
        assert thing.mesh.material.max(initial=0) < len(thing.materials)
        assert thing.tints is None or len(thing.tints) == len(thing.motion.at(0.0).transforms)
    for light in furnishing.lights(0.0, 1.0):
        assert min(light.colour) >= 0.0


@pytest.mark.parametrize("name", [n for n in PLACES if catalogue().place(n).family == "shoreline"])
def test_the_ground_is_asked_for_no_place_at_all(name):
    """Where nothing grows in sight of the camera, the height is asked for an empty list, and an empty list is the answer."""
    _, land = laid(name)

    assert land.ground.height(np.zeros(0), np.zeros(0)).shape == (0,)


@pytest.mark.parametrize("name", [n for n in PLACES if not catalogue().place(n).indoor])
def test_the_ground_that_is_seen_is_the_ground_that_is_walked(name):
    """Vertices of the terrain lie on the land's height function."""
    land, furnishing = furnished(name)
    if not isinstance(land.state, Terrain) or not furnishing.things or catalogue().place(name).family == "sky":
        pytest.skip("this place has no terrain of its own")
    mesh = furnishing.things[0].mesh

    height = land.ground.height(mesh.positions[:, 0], mesh.positions[:, 2])

    assert np.abs(height - mesh.positions[:, 1]).max() < 2e-3


@pytest.mark.parametrize("name", ["forest", "meadow", "beach", "coast", "garden", "canyon", "farm", "city_street"])
def test_ways_are_made_free(name):
    """Nothing tall is left where a body goes, and all that stands elsewhere stays."""
    family, land = laid(name)
    furnishing = family.furnish(land, clear=(), cameras=np.array([[0.3, 1.7, 4.0]]), night=0.0)
    way = Corridor(start=(-9.0, 2.0), end=(9.0, -6.0), radius=1.2)

    for one in furnishing.things:
        left = make_way(Furnishing(things=(one,)), (way,))[0]
        if not isinstance(one, Standing):
            assert left == (one,)
        elif one.height > 0.9:
            at = one.thing.motion.at(0.0).transforms
            along = np.subtract(way.end, way.start)
            share = np.clip((at[:, [0, 2], 3] - way.start) @ along / (along @ along), 0, 1)
            gap = np.linalg.norm(at[:, [0, 2], 3] - way.start - share[:, None] * along, axis=1)
            stays = at[gap > way.radius + one.radius]
            assert np.array_equal(np.concatenate([stays[:0], *(t.motion.at(0.0).transforms for t in left)]), stays)


@pytest.mark.parametrize("name", ["mountain_ridge", "forest", "city_street", "living_room"])
def test_the_same_seed_builds_the_same_place(name):
    """Same film, same bytes."""
    (_, first), (_, second) = furnished(name), furnished.__wrapped__(name)

    assert [t.name for t in first.things] == [t.name for t in second.things]
    for a, b in zip(first.things, second.things, strict=True):
        assert np.array_equal(a.mesh.positions, b.mesh.positions)
        assert np.array_equal(a.motion.at(0.0).transforms, b.motion.at(0.0).transforms)


@pytest.mark.parametrize("name", ["meadow", "mountain_ridge", "coastal_road", "beach", "moon", "savanna", "village"])
def test_the_ground_near_the_mark_can_be_walked(name):
    """Along the action the ground is no stair: less than 0.35 m up or down over 0.3 m."""
    _, land = laid(name)
    x = np.arange(-8, 8, 0.3, dtype=np.float32)

    height = land.ground.height(x, np.zeros_like(x))

    assert np.abs(np.diff(height)).max() < 0.35


def test_the_ridge_climbs_to_the_right_between_two_drops():
    """The hero line: it rises by 12 to 18 degrees and falls away on both sides."""
    _, land = laid("mountain_ridge")
    x = np.array([-8.0, 8.0], np.float32)

    low, high = land.ground.height(x, np.zeros(2, np.float32))
    front, back = land.ground.height(np.zeros(2, np.float32), np.array([25.0, -25.0], np.float32))

    assert 12 < np.degrees(np.arctan2(high - low, 16.0)) < 18
    assert front < -6
    assert back < -6
    assert land.sea_of_clouds is not None


@pytest.mark.parametrize("name", ["beach", "lake", "river", "coast", "coastal_road"])
def test_shores_have_land_and_water(name):
    """The mark is dry and the water spot, where there is one, is wet."""
    _, land = laid(name)

    assert land.water is not None
    assert land.ground.at(0.0, 0.0) > land.water.level + 0.2
    spot = land.spots.get("water")
    assert spot is None or land.ground.at(spot.position[0], spot.position[2]) < land.water.level


def test_a_lake_is_revealed_in_the_forest_only_when_asked():
    """Features change the land."""
    _, dry = laid("forest")
    _, wet = laid("forest", features=("lake",))

    assert dry.water is None
    assert wet.water is not None
    assert wet.ground.at(0.0, -215.0) < wet.water.level


def test_from_the_air_crowns_stand_apart_on_dry_land():
    """A high camera sees hundreds of single trees, none of them in the lake; a camera on the ground needs no roof of crowns."""
    land, high = furnished("forest", eye=(0.0, 33.0, 14.0), features=("lake",))
    _, low = furnished("forest", features=("lake",))

    crowns = [t for t in high.things if t.name.endswith("crown")]
    feet = np.concatenate([t.motion.at(0.0).transforms[:, :3, 3] for t in crowns])
    assert len(feet) > 300
    assert (land.ground.height(feet[:, 0], feet[:, 2]) > land.water.level).all()
    assert not any(t.name.endswith("crown") for t in low.things)


def test_season_and_snow_change_what_grows():
    """Winter boughs are bare."""
    _, summer = furnished("park")
    _, winter = furnished("park", season="winter", features=("snowy",))

    assert any("daisy" in t.name for t in summer.things)
    assert not any("daisy" in t.name for t in winter.things)


def test_a_backdrop_takes_the_colour_asked_for():
    """The studio's paper is the set's backdrop."""
    _, furnishing = furnished("studio", backdrop="red")

    red, green, _ = furnishing.things[0].materials[0].base
    assert red > 5 * green


def test_tables_are_named_spots():
    """A kitchen offers its table at the height of its top."""
    _, land = laid("kitchen")

    assert land.spots["table_top"].position[1] == pytest.approx(0.75)


def test_furniture_gives_way_to_a_subject_that_stands_there():
    """A table of the story at the mark takes the place of the kitchen's own, with its chairs; what is built in stays."""
    family, land = laid("kitchen")
    story = Corridor(start=(0.2, 0.0), end=(0.2, 0.0), radius=0.8 + 0.35)

    names = [
        {t.name for t in family.furnish(land, clear=clear, cameras=np.array([[0.0, 1.5, 4.0]])).things}
        for clear in ((), (story,))
    ]

    assert {"table", "chair", "counter", "stove"} <= names[0]
    assert {"table", "chair"}.isdisjoint(names[1])
    assert {"counter", "stove", "fridge"} <= names[1]


def test_an_unknown_family_is_told_plainly():
    """The error names the families there are."""
    with pytest.raises(RecipeError, match=r"'limbo'.*forest"):
        place_family("limbo")


def test_every_family_is_used_by_a_place():
    """No family without a recipe, no recipe without a family."""
    assert {recipe.family for recipe in catalogue().places.values()} == set(PLACE_FAMILIES)
