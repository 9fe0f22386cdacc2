"""Who is added or moved changes only what stands in the way: all other scenery stays, bit for bit."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from vitascope.director import direct
from vitascope.film import Composition, Film, Placement, Shot, Subject
from vitascope.recipe import catalogue
from vitascope.world.build import build_stage
from vitascope.world.stage import Stage

SCENES = {
    "meadow": "a dog stands in a meadow",
    "forest": "a fox stands in a forest",
    "city": "a woman stands in a city street",
    "beach": "a child stands on a beach",
    "savanna": "a lion stands in the savanna",
    "ridge": "a snow leopard climbs a mountain ridge",
}
HORSE = Subject(id="late", recipe="horse", name="horse", placement=Placement(position=(5.5, 0.0, -7.0)))


def held(sentence: str) -> Film:
    """A film whose camera stays where it was composed, whatever becomes of the cast."""
    film = direct(sentence, catalogue=catalogue(), seconds=Fraction(3), wordnet=None)
    shot = film.shots[0]
    return with_shot(film, composition=Composition(subjects=shot.subjects, duration=shot.duration))


def with_shot(film: Film, **changes: object) -> Film:
    shot: Shot = film.shots[0].model_copy(update=changes)
    return film.model_copy(update={"shots": (shot,)})


def scenery(stage: Stage) -> Counter[tuple]:
    """Every copy of everything that belongs to the place: what it is made of, where it stands, its tint."""
    found: Counter[tuple] = Counter()
    for thing in stage.things:
        if thing.subject == 0:
            at = thing.motion.at(0.0).transforms
            tints = np.zeros((len(at), 3)) if thing.tints is None else thing.tints
            look = (thing.name, thing.materials, thing.mesh.positions.tobytes(), thing.mesh.colours.tobytes())
            found.update((hash(look), at[k].tobytes(), tints[k].tobytes()) for k in range(len(at)))
    return found


def ground_of(copy: tuple) -> np.ndarray:
    """x and z of a copy."""
    return np.frombuffer(copy[1], np.float32).reshape(4, 4)[[0, 2], 3]


@pytest.mark.parametrize("place", SCENES)
def test_one_who_joins_takes_away_what_stands_in_the_way_and_nothing_else(place: str) -> None:
    """Nothing is new, nothing has moved, and what is gone stood within two steps of where the horse is now."""
    film = held(SCENES[place])
    before = scenery(build_stage(film))

    after = scenery(build_stage(with_shot(film, subjects=(*film.shots[0].subjects, HORSE))))

    assert not after - before
    for copy in before - after:
        assert np.linalg.norm(ground_of(copy) - [5.5, -7.0]) < 6.0


@pytest.mark.parametrize("place", SCENES)
def test_one_who_moves_leaves_the_scenery_where_it_was(place: str) -> None:
    """Three metres to the side: only what stands there is gone; where the lead was composed to be stays free."""
    film = held(SCENES[place])
    lead = film.shots[0].subjects[0]
    x, y, z = lead.placement.position
    moved = lead.model_copy(update={"placement": lead.placement.model_copy(update={"position": (x - 3.0, y, z - 1.0)})})
    before = scenery(build_stage(film))

    after = scenery(build_stage(with_shot(film, subjects=(moved,))))

    assert not after - before
    assert sum((before - after).values()) < 0.1 * sum(before.values())


def test_a_shot_that_goes_on_keeps_its_scenery() -> None:
    """Twice as long, and every blade is where it was."""
    film = held("a lion stands in the savanna")

    longer = with_shot(film, duration=Fraction(6))

    assert scenery(build_stage(longer)) == scenery(build_stage(film))


def test_lamps_that_make_way_go_out() -> None:
    """A street lamp in the way of a horse is gone with its light; the others burn as before."""
    film = held("a woman stands in a city street at night")
    lamp = next(light for light in build_stage(film).snapshot(0.0).lights if light.reach == 17.0)
    x, _, z = lamp.position
    horse = HORSE.model_copy(update={"placement": Placement(position=(x + 1.3 * np.sign(x), 0.0, z))})

    before = build_stage(film).snapshot(0.0).lights
    after = build_stage(with_shot(film, subjects=(*film.shots[0].subjects, horse))).snapshot(0.0).lights

    assert lamp in before
    assert set(after) < set(before)
