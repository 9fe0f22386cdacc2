"""Bodies of people: proportions by age, skins, clothes, hair, and what every mesh must keep."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from vitascope.film import Attributes, Garment
from vitascope.recipe import Recipe, RecipeError
from vitascope.world.families.person import build
from vitascope.world.people.fitting import Fitting
from vitascope.world.people.garments import KINDS
from vitascope.world.people.hair import BEARDS, STYLES
from vitascope.world.people.palette import SKINS, skin_step
from vitascope.world.people.physique import AGES, physique_of
from vitascope.world.people.piece import cells
from vitascope.world.people.wardrobe import kind_of, outfit

COARSE = 0.06


def person(**parameters) -> Recipe:
    """A recipe for one person."""
    return Recipe(name="someone", kind="person", family="person", size=(0.5, 1.75, 0.3), parameters=parameters)


@cache
def dressed(kind: str):
    """A woman who wears one garment, coarsely."""
    clothes = (Garment(kind=kind, colour="teal"),)
    return build(person(age="adult", sex="female"), Attributes(clothing=clothes), seed=4, detail=COARSE)


def assert_sound(body) -> None:
    """Finite, unit normals; weights that sum to one over known bones."""
    mesh = body.mesh
    assert np.isfinite(mesh.positions).all()
    assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-2)
    assert np.allclose(mesh.weights.sum(1), 1.0, atol=1e-4)
    assert int(mesh.joints.max()) < len(body.skeleton.bones)
    assert int(mesh.material.max()) < len(body.materials)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_garment_builds(kind):
    """Each kind of garment gives a sound body on its own."""
    assert_sound(dressed(kind))


@pytest.mark.parametrize("style", STYLES)
def test_every_hair_style_builds(style):
    """Each hair style gives a sound body and stays on and behind the head."""
    body = build(person(age="adult", sex="female"), Attributes(hair=style), seed=4, detail=COARSE)

    assert_sound(body)


def test_beards_belong_to_men_who_ask_for_them():
    """A long beard adds hair below the chin of a man; children grow none."""
    shaven = build(person(age="adult", sex="male"), Attributes(hair="bald", states=("clean",)), seed=4, detail=COARSE)
    bearded = build(person(age="adult", sex="male"), Attributes(hair="bald long beard"), seed=4, detail=COARSE)

    assert len(bearded.mesh.positions) > len(shaven.mesh.positions)
    assert "full" in BEARDS


def test_heads_take_a_smaller_share_with_age():
    """The younger, the larger the head and the shorter the legs against the height."""
    people = [physique_of(person(age=age, sex="female"), Attributes(), seed=9) for age in AGES[:5]]
    heads = [p.height / p.head for p in people]
    legs = [p.hip[1] / p.height for p in people]

    assert heads == sorted(heads)
    assert legs == sorted(legs)
    assert heads[0] < 4 < 6.2 < heads[-1]


def test_hands_reach_the_thighs():
    """The wrists of a grown person who lets the arms hang lie between hip joint and mid-thigh."""
    p = physique_of(person(age="adult", sex="male"), Attributes(), seed=9)

    wrist = p.shoulder[1] - p.arm

    assert p.knee[1] < wrist < p.hip[1] + 0.05 * p.height


def test_skins_are_mixed_evenly():
    """Over 200 seeds each of the ten steps comes up between 5 % and 17 % of the time."""
    steps = np.array([skin_step(seed, None) for seed in range(200)])

    share = np.bincount(steps, minlength=len(SKINS)) / 200

    assert share.min() >= 0.05
    assert share.max() <= 0.17


def test_a_named_skin_is_that_skin():
    """Words for skin lead to the same step whatever the seed."""
    assert {skin_step(seed, "dark") for seed in range(9)} == {8}
    assert {skin_step(seed, "pale") for seed in range(9)} == {0}


def test_the_same_seed_gives_the_same_bytes():
    """Building twice gives identical meshes; another seed gives another person."""
    first, again, other = (build(person(sex="any"), Attributes(), seed=s, detail=COARSE).mesh for s in (5, 5, 6))

    assert first.positions.tobytes() == again.positions.tobytes()
    assert first.colours.tobytes() == again.colours.tobytes()
    assert first.positions.shape != other.positions.shape or not np.array_equal(first.positions, other.positions)


def test_an_asked_colour_is_worn():
    """A red coat is red: one material has the albedo of the colour that was asked for."""
    coat = (Garment(kind="coat", colour="red"),)
    body = build(person(age="adult", sex="female"), Attributes(clothing=coat), seed=4, detail=COARSE)

    assert any(m.base[0] > 4 * max(m.base[1:]) and m.surface == "cloth" for m in body.materials)


def test_words_lead_to_garments():
    """Everyday words for clothes name a kind of the wardrobe."""
    words = {"sweater": "jumper", "black leather jacket": "jacket", "trench coat": "coat", "sneakers": "sneakers",
             "dresses": None, "sunglasses": "sunglasses", "red dress": "dress", "space suit": "spacesuit"}  # fmt: skip

    assert {word: kind_of(word) for word in words if words[word]} == {w: k for w, k in words.items() if k}


def test_a_person_stands_on_the_ground_at_its_height():
    """Feet are at height 0 and the crown near the height of the physique."""
    body = build(person(age="adult", sex="male"), Attributes(hair="buzz"), seed=9)
    p = physique_of(person(age="adult", sex="male"), Attributes(hair="buzz"), seed=9)
    low, high = body.mesh.positions[:, 1].min(), body.mesh.positions[:, 1].max()

    assert abs(low) < 0.012
    assert abs(high - p.height) < 0.05


def test_far_people_are_light():
    """At five centimetres a cell a person has at most 7,000 vertices, at the default at most 22,000."""
    far = build(person(age="adult", sex="male"), Attributes(), seed=3, detail=0.05)
    near = build(person(age="adult", sex="male"), Attributes(), seed=3)

    assert len(far.mesh.positions) < 7000
    assert len(near.mesh.positions) < 22000


def test_an_unknown_age_is_refused():
    """A recipe with an age that nobody has is turned down in one sentence."""
    with pytest.raises(RecipeError, match="not an age"):
        build(person(age="ancient"), Attributes(), seed=1)


def test_the_helmet_of_a_space_suit_hides_the_face():
    """An astronaut shows no skin: only suit, metal and visor."""
    body = dressed("spacesuit")

    assert all(m.surface not in ("skin", "hair", "eye") for m in body.materials)
    assert any(m.metalness > 0.9 and m.base[0] > 2 * m.base[2] for m in body.materials)


def test_drawn_outfits_leave_nobody_bare():
    """Whoever is not told what to wear covers trunk and legs, over many seeds and all ages."""
    for seed in range(40):
        for age in AGES:
            p = physique_of(person(age=age), Attributes(), seed=seed)
            fit = Fitting(p=p, grain=cells(COARSE, height=p.height, head=p.head), seed=seed)
            slots = {KINDS[kind_of(g.kind) or ""].slot for g in outfit(fit, (), (), ())}
            assert "whole" in slots or {"top", "bottom"} <= slots
