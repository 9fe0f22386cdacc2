"""What the workshop keeps is there sooner and never different."""

from __future__ import annotations

import gc
import hashlib
import threading
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitascope.director import direct
from vitascope.film import Film, TimeKey
from vitascope.recipe import catalogue
from vitascope.world import workshop
from vitascope.world.build import build_stage
from vitascope.world.stage import Stage
from vitascope.world.workshop import kept

plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=4)),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=6,
)


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    """Each test begins and ends with an empty workshop."""
    workshop.forget()
    yield
    workshop.forget()


def made_anew(inputs: tuple) -> bool:
    made = []
    kept("test", inputs, lambda: made.append(1))
    return bool(made)


@given(plain, plain)
def test_only_equal_inputs_share_what_was_made(a: object, b: object) -> None:
    """The same value finds it, another one does not; 1, 1.0 and True are three values."""
    workshop.forget()

    assert made_anew((a,))
    assert not made_anew((a,))
    assert made_anew((b,)) == (repr(a) != repr(b))


def test_arrays_are_told_by_what_they_hold() -> None:
    """A copy is the same, another number or another type is not."""
    array = np.arange(6.0)

    assert made_anew((array,))
    assert not made_anew((array.copy(),))
    assert made_anew((array + 1e-12,))
    assert made_anew((array.astype(np.float32),))


def test_what_has_no_value_is_refused_in_a_sentence() -> None:
    """A function may look at anything, so it cannot stand for what it looks at."""
    with pytest.raises(TypeError, match="give the workshop what it was made from"):
        kept("test", (lambda x: x,), lambda: 1)


def test_what_is_kept_cannot_be_written_to() -> None:
    """Arrays in it are shared, so they are closed."""
    array = kept("test", (), lambda: np.zeros(3))

    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1.0


def test_the_workshop_is_bounded_by_bytes_and_by_number() -> None:
    """What was not used for longest goes first."""
    part = workshop.BYTES_MAX // 4 + 1
    for k in range(4):
        kept("large", (k,), lambda: np.empty(part, np.uint8))

    assert not made_anew_large(3)
    assert made_anew_large(0)

    for k in range(workshop.COUNT_MAX + 1):
        kept("test", (k,), lambda: None)
    assert made_anew((0,))
    assert not made_anew((workshop.COUNT_MAX,))


def made_anew_large(k: int) -> bool:
    made = []
    kept("large", (k,), lambda: made.append(1))
    return bool(made)


def test_threads_that_ask_at_once_all_get_it() -> None:
    """Forty threads, ten parts: each gets what it asked for."""
    got: list[bool] = []

    def ask(k: int) -> None:
        got.append(bool((kept("test", (k,), lambda: np.full(1000, k)) == k).all()))

    threads = [threading.Thread(target=ask, args=(k % 10,)) for k in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert got == [True] * 40


SENTENCES = (
    "A woman and a dog walk down a city street in the rain",
    "A snow leopard climbs a mountain ridge",
    "A school of fish swims over a coral reef",
)


def film_of(sentence: str) -> Film:
    return direct(sentence, catalogue=catalogue(), seconds=Fraction(3), wordnet=None)


def varied(film: Film) -> list[Film]:
    """The film at another hour, in another colour, and with the lead elsewhere."""
    shot = film.shots[0]
    lead, *rest = shot.subjects
    painted = lead.model_copy(update={"attributes": lead.attributes.model_copy(update={"colour": "blue"})})
    moved = lead.model_copy(update={"placement": lead.placement.model_copy(update={"position": (1.5, 0.0, -1.0)})})
    late = shot.set.model_copy(update={"hours": (TimeKey(at=Fraction(0), hour=20.5),)})
    changes = ({"set": late}, {"subjects": (painted, *rest)}, {"subjects": (moved, *rest)})
    return [film.model_copy(update={"shots": (shot.model_copy(update=change),)}) for change in changes]


def digest(stage: Stage) -> str:
    """Everything that is drawn of a stage at two moments, to the last bit."""
    found = hashlib.sha256()
    for thing in stage.things:
        found.update(repr((thing.name, thing.materials, thing.subject, thing.bounds_radius)).encode())
        arrays = [getattr(thing.mesh, name) for name in thing.mesh.__slots__] + [thing.tints]
        for t in (0.0, 1.7):
            pose = thing.motion.at(t)
            arrays += [pose.transforms, pose.joints]
        for array in arrays:
            found.update(b"none" if array is None else np.ascontiguousarray(array).tobytes())
    for t in (0.0, 1.7):
        moment = stage.snapshot(t)
        found.update(repr((moment.sky, moment.air, moment.lights)).encode())
        found.update(moment.lens.world_from_camera.tobytes())
    return found.hexdigest()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_stage_is_the_same_with_and_without_the_workshop(sentence: str) -> None:
    """Films that differ a little, built one after another, are bit for bit what each is when it is built alone."""
    film = film_of(sentence)
    films = [film, *varied(film)]

    in_a_row = [digest(build_stage(one)) for one in films]

    for one, found in zip(films, in_a_row, strict=True):
        workshop.forget()
        assert digest(build_stage(one)) == found


def test_no_stage_is_held() -> None:
    """When nobody needs a stage any more it is gone, with its performances."""
    film = film_of("A lion walks across the savanna")
    film = film.model_copy(update={"shots": (film.shots[0].model_copy(update={"id": "held by nobody"}),)})
    stage = build_stage(film)

    del stage
    gc.collect()

    assert not any(type(one) is Stage and one.name == "held by nobody" for one in gc.get_objects())
