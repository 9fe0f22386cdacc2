"""The storyboard as values: cards and the one edit that they make, what is written on them, and what they cost."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitascope.director import direct
from vitascope.director.editing import Choice, Question
from vitascope.film import AddShot, Edit, EditError, Film, ReplaceShot, Set, Shot, apply
from vitascope.jobs.shelf import DrawnChunk
from vitascope.jobs.values import State, Video
from vitascope.recipe import catalogue
from vitascope.web.board import board_of, described, edit_between, progress_of
from vitascope.web.costing import cost_of, pace_of
from vitascope.web.writing import Unwritten, Written, shot_of, written


def shot(name: str, place: str = "meadow", seconds: int = 2) -> Shot:
    return Shot(id=name, duration=Fraction(seconds), set=Set(place=place))


def film(*names: str) -> Film:
    return Film(shots=tuple(shot(name) for name in names))


def ids(film: Film) -> list[str]:
    return [one.id for one in film.shots]


SHOTS = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6, unique=True)
PLACES = st.fixed_dictionaries({name: st.sampled_from(["meadow", "lake"]) for name in "abcdef"})


@given(SHOTS, SHOTS, PLACES)
def test_the_edit_leads_from_what_is_filmed_to_what_is_wanted(
    before: list[str], after: list[str], places: dict[str, str]
):
    """Whatever was added, written anew, moved and removed; and nothing is done where nothing was changed."""
    filmed = film(*before)
    wanted = tuple(shot(name, places[name]) for name in after)

    edit = edit_between(filmed.shots, wanted)

    assert apply(filmed, edit).shots == wanted
    assert bool(edit.operations) == (filmed.shots != wanted)


def test_cards_are_written_moved_doubled_and_removed():
    """Each leaves the take as it is until it is filmed."""
    filmed = film("a", "b")
    board = (
        board_of(filmed)
        .added(shot("c"), "a lake")
        .rewritten("a", shot("x", "lake"), "another")
        .duplicated("b")
        .moved("c", 0)
    )

    assert [one.id for one in board.wanted] == ["c", "a", "b", "shot-1"]
    assert [board.standing(one.id) for one in board.wanted] == ["new", "changed", "filmed", "new"]
    assert board.filmed == filmed.shots
    assert board.removed("a").removed("b").removed("c").wanted == (shot("shot-1"),)
    with pytest.raises(EditError, match="at least one shot"):
        board_of(film("a")).removed("a")


def test_one_card_is_filmed_alone():
    """A new one behind the filmed one that it lies behind, a changed one in its place; the others wait."""
    board = (
        board_of(film("a", "b"))
        .added(shot("c"), before="b")
        .added(shot("d"), before="b")
        .rewritten("b", shot("b", "lake"), "")
    )

    assert board.edit_of("d") == Edit(operations=(AddShot(shot=shot("d"), before="b"),))
    assert board.edit_of("b") == Edit(operations=(ReplaceShot(old="b", shot=shot("b", "lake")),))


def test_what_is_not_filmed_yet_stays_when_another_take_is_looked_at():
    """One card was filmed, or the timeline changed another one: the rest is wanted as before."""
    filmed = film("a", "b")
    board = board_of(filmed).added(shot("c")).added(shot("d")).removed("a")
    changed = apply(filmed, Edit(operations=(ReplaceShot(old="b", shot=shot("b", "lake")),)))

    assert [one.id for one in board.upon(apply(filmed, board.edit_of("c"))).wanted] == ["b", "c", "d"]
    assert board.upon(changed).wanted == (shot("b", "lake"), shot("c"), shot("d"))
    assert not board.upon(apply(filmed, board.edit())).is_changed


def test_order_and_shots_of_another_take_come_along():
    """Where no card was moved here, the order is that of the film; a shot that is new there is new here."""
    other = film("b", "n", "a")

    assert board_of(film("a", "b")).upon(other).wanted == other.shots
    assert [one.id for one in board_of(film("a", "b")).moved("b", 0).upon(film("a", "n", "b")).wanted] == [
        "b",
        "a",
        "n",
    ]


@pytest.fixture(scope="module")
def cat() -> Film:
    return direct("A white cat walks across a meadow", catalogue=catalogue(), wordnet=None)


def test_who_is_known_stays_who_he_is(cat: Film):
    """The next shot is written in words, and its cat is the white one."""
    found = written("The cat sleeps on a sofa", cat)

    assert isinstance(found, Written)
    assert found.shot.subjects[0].attributes == cat.shots[0].subjects[0].attributes
    assert described(found.shot) == "Cat lies; sofa"


def test_words_that_say_more_than_an_edit_are_a_shot_by_themselves(cat: Film):
    """A length in a sentence is that of the shot, and what was not understood is kept to be shown."""
    found = written("A zorgle and a boat on a lake, two seconds long", cat)

    assert isinstance(found, Written)
    assert (found.shot.duration, found.shot.set.place) == (2, "lake")
    assert "zorgle" in [phrase.text for phrase in found.remarks]


def test_words_that_tell_of_no_shot_are_answered(cat: Film):
    """In a sentence; nothing is added."""
    found = written("qwertz asdf", cat)

    assert isinstance(found, Unwritten)
    assert "qwertz" in found.text


def test_a_question_keeps_its_ways_on(cat: Film):
    """Each way is a shot to choose; one that makes none is not offered."""
    ways = (
        Choice(label="at the lake", edit=Edit(operations=(AddShot(shot=shot("c", "lake")),))),
        Choice(label="nowhere", edit=Edit(operations=())),
    )

    found = shot_of(Question(text="Where?", choices=ways), cat)

    assert found == Unwritten(text="Where?", ways=(("at the lake", Written(shot=shot("c", "lake"))),))


def test_progress_is_told_for_each_shot():
    """A shot is done when its chunks are drawn, whatever of the film is not."""
    chunks = [
        DrawnChunk(number=number, first=24 * number, frames=24, address=address)
        for number, address in enumerate([None, "aa", "bb", "cc"])
    ]

    assert progress_of(film("a", "b"), chunks) == {"a": 0.5, "b": 1.0}
    assert progress_of(film("a", "b"), ()) == {"a": 0.0, "b": 0.0}


def test_the_forecast_learns_from_what_takes_have_taken():
    """Only takes that were drawn from first to last frame say something about drawing."""
    video = Video(
        id="v", workspace="w", account="a", state=State.COMPLETED, progress=100, version=1, model="m", engine="world",
        prompt="", operation="create", parent=None, seconds=Fraction(2), size=Film(shots=(shot("a"),)).size,
        fps=Fraction(24), seed=0, style=None, audio=True, negative_prompt=None, created_at=0, started_at=100,
        completed_at=140, frames=48, ways={"drawn": 48}, forecast_seconds=20.0,
    )  # fmt: skip
    reused = replace(video, ways={"reused": 48}, completed_at=101)
    alone = film("a")

    assert pace_of([video, reused]) == 2.0
    assert pace_of([reused]) == 1.0
    assert cost_of(alone, alone.shots[0], pace=2.0).seconds == 2 * cost_of(alone, alone.shots[0]).seconds
