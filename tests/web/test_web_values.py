"""What is pointed at, and the conversation as it is shown: pure values."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest

from vitascope.director.editing import Choice, NotUnderstood, Question
from vitascope.film import Edit, Film, Phrase, Reading, Set, Shot, Size, Subject
from vitascope.jobs.accounts import SCOPES
from vitascope.jobs.values import Role, State, Video
from vitascope.studio import ProjectError
from vitascope.web.board import Standing, board_of
from vitascope.web.forms import FORMS, UNTYPED
from vitascope.web.keeping import (
    Aim,
    KeepingError,
    aim_from,
    aim_text,
    asides_from,
    asides_text,
    board_from,
    cards_from,
    cards_of,
    cards_text,
)
from vitascope.web.pages.settings import COLUMNS, LIMITS, STANDINGS
from vitascope.web.pages.start import SHAPES, SIZES
from vitascope.web.panels.dock import TABS, TALK
from vitascope.web.panels.stage import FILES, MODES
from vitascope.web.panels.thread import PICTURES
from vitascope.web.scope import NOWHERE, Scope
from vitascope.web.strings import say, texts
from vitascope.web.tracks import AIRS, KINDS, Part
from vitascope.web.turns import Aside, TakeTurn, chips_of, line_of, turns_of

WEB = Path(__file__).parents[2] / "src" / "vitascope" / "web"


def take(name: str, parent: str | None = None, **more) -> Video:
    """A completed take."""
    facts = {
        "id": name, "workspace": "w", "account": "a", "state": State.COMPLETED, "progress": 100, "version": 1, "model": "world",
        "engine": "world", "prompt": f"say {name}", "operation": "edit", "parent": parent, "seconds": Fraction(2),
        "size": Size(width=128, height=128), "fps": Fraction(24), "seed": 0, "style": None, "audio": True,
        "negative_prompt": None, "created_at": 0,
    }  # fmt: skip
    return Video(**{**facts, **more})


def film(*lengths: int) -> Film:
    """A film with shots of these lengths [s], with a ball and a box in each."""
    ball, box = Subject(id="ball", recipe="ball", name="ball"), Subject(id="box", recipe="box", name="box")
    shots = tuple(
        Shot(id=f"shot-{n}", duration=Fraction(length), set=Set(place="park"), subjects=(ball, box))
        for n, length in enumerate(lengths, 1)
    )
    return Film(shots=shots)


def test_a_subject_is_pointed_at_once_more_to_let_it_go():
    """Pointing twice is pointing at nothing."""
    once = NOWHERE.toggled("ball", Fraction(1))

    assert once.subjects == ("ball",)
    assert once.toggled("ball", Fraction(1)) == NOWHERE
    assert once.toggled("box", Fraction(1)).subjects == ("ball", "box")


def test_a_scope_becomes_a_selection_of_the_film():
    """A stretch lies in its shot, in seconds of that shot."""
    pointed = NOWHERE.toggled("ball", Fraction(0)).stretched((Fraction(3), Fraction(4)))

    found = pointed.selection(film(2, 3))

    assert found.subjects == ("ball",)
    assert found.shots == ("shot-2",)
    assert found.span is not None
    assert (found.span.start, found.span.end) == (1, 2)


def test_a_stretch_over_a_cut_is_told():
    """With when the cut is."""
    with pytest.raises(ProjectError, match="cut at 2 s"):
        NOWHERE.stretched((Fraction(1), Fraction(3))).selection(film(2, 3))


def test_a_scope_is_carried_to_another_take():
    """As far as it is there: who is gone is not pointed at, and a stretch ends with the film."""
    pointed = Scope(
        subjects=("ball", "bird"), box=(0.1, 0.1, 0.2, 0.2), at=Fraction(1), span=(Fraction(1), Fraction(4))
    )

    carried = pointed.within(film(2))

    assert carried == Scope(subjects=("ball",), at=Fraction(1), span=(Fraction(1), Fraction(2)))
    assert Scope(span=(Fraction(3), Fraction(4))).within(film(2)) == NOWHERE


def test_the_conversation_is_the_line_to_the_take_that_is_looked_at():
    """Branches have conversations of their own, with the numbers of the tree."""
    takes = [take("a"), take("b", "a"), take("c", "a"), take("d", "c")]

    shown = turns_of(takes, "d")

    assert [turn.take.id for turn in shown if isinstance(turn, TakeTurn)] == ["a", "c", "d"]
    assert [turn.number for turn in shown if isinstance(turn, TakeTurn)] == [1, 3, 4]


def test_a_line_goes_back_as_far_as_its_takes_are_there():
    """A take whose parent was deleted begins the conversation."""
    assert [one.id for one in line_of([take("b", "gone"), take("c", "b")], "c")] == ["b", "c"]
    assert line_of([take("a", "a")], "a") == (take("a", "a"),)


def test_what_led_to_no_take_stands_behind_the_take_it_was_said_to():
    """And nowhere else."""
    takes = [take("a"), take("b", "a"), take("c", "a")]
    asked = Aside(id="1", about="a", words="make it", standing="reading").answered(
        NotUnderstood(text="What?", words=("it",))
    )

    assert turns_of(takes, "b", [asked])[1] is asked
    assert asked not in turns_of([*takes, take("z")], "z", [asked])


def test_the_ways_on_are_those_of_an_open_question():
    """Once one was chosen they are gone."""
    answer = Question(text="Which ball?", choices=(Choice(label="the left one", edit=Edit(operations=())),))
    open_ = Aside(id="1", about="a", words="w", standing="reading").answered(answer)

    assert open_.choices == ("the left one",)
    assert open_.text == "Which ball?"
    assert replace(open_, standing="reading", choice=1).choices == ()


def test_what_was_said_is_kept_as_a_text():
    """Words that wait, a question with its ways on, what was pointed at: all comes back; nothing is kept as no text."""
    scope = Scope(subjects=("ball",), box=(0.1, 0.1, 0.2, 0.2), at=Fraction(1, 3), span=(Fraction(1), Fraction(3, 2)))
    waits = Aside(id="1" * 32, about="a", words="make it <b>red</b>", standing="waiting", scope=scope, choice=2)
    asked = Aside(id="2" * 32, about="a", words="w", standing="open", text="Which?", ways=("this", "that"))

    assert asides_from(asides_text((waits, asked))) == (waits, asked)
    assert asides_text(()) == ""
    assert aim_from(aim_text(Aim(take="a", scope=scope))) == Aim(take="a", scope=scope)


def test_cards_are_kept_as_a_text():
    """New and changed shots whole, the others by name; they come back over the film that they were written for."""
    filmed = film(2, 3)
    new = filmed.shots[0].model_copy(update={"id": "shot-3"})
    remark = Phrase(text="zorgle", start=0, end=6, kind="subject", status="not_understood")
    board = board_of(filmed).added(new, "A zorgle").moved("shot-2", 0)

    kept = cards_from(cards_text(cards_of(board, "a", dict.fromkeys([new], (remark,)))))

    assert kept is not None
    assert [one.shot for one in kept.cards] == ["shot-2", "shot-1", new]
    assert kept.cards[2].remarks == (remark,)
    restored = board_from(kept, filmed)
    assert (restored.wanted, restored.words["shot-3"]) == (board.wanted, "A zorgle")
    assert cards_of(board_of(filmed), "a", {}) is None


@pytest.mark.parametrize("text", ["?", "YWJj", base64.b64encode(zlib.compress(b"[1]")).decode(), "a" * 500_000])
def test_what_was_kept_and_cannot_be_read_is_told(text: str):
    """Whatever a browser brings; the page begins without it."""
    for read in (asides_from, cards_from):
        with pytest.raises(KeepingError, match="begins without them"):
            read(text)


def test_a_chip_says_what_words_were_taken_as_where_that_is_news():
    """Not "ball → ball", nor "ball → Red_Ball" for "the red ball"."""

    def phrase(text: str, taken_as: str) -> Phrase:
        return Phrase(text=text, start=0, end=len(text), kind="subject", status="understood", taken_as=taken_as)

    said = (phrase("ball", "ball"), phrase("the red ball", "red_ball"), phrase("it", "snow_leopard"))
    chips = chips_of(Reading(phrases=said))

    assert [chip.taken_as for chip in chips] == ["", "", "snow leopard"]


def test_every_word_of_the_studio_is_in_one_file():
    """Each text that the code names is there, and each that is there is named; what counts has a word for one."""
    code = "".join(path.read_text(encoding="utf-8") for path in WEB.rglob("*.py"))
    scripts = {
        name: (WEB / "elements" / f"{name}.js").read_text(encoding="utf-8") for name in ("player", "scene", "timeline")
    }
    known = {name.removesuffix(".one").removesuffix(".many") for name in texts()}

    said = set(re.findall(r'say\(\s*"([a-z_.]+)"', code))
    said |= {f"{own}.{name}" for own, script in scripts.items() for name in re.findall(r"words\.([a-z_]+)", script)}
    composed = {f"start.{one}" for one in (*SHAPES, *SIZES)} | {f"stage.{one}" for one in MODES}
    composed |= (
        {f"reading.{one}" for one in PICTURES}
        | {f"{tab.name}.title" for tab in TABS}
        | {f"{TALK}.title"}
        | {f"stage.{one}" for one in FILES}
    )
    composed |= {f"timeline.{one}" for one in (*KINDS, *AIRS)} | {f"timeline.part.{one}" for one in get_args(Part)}
    composed |= {f"storyboard.standing.{one}" for one in (*get_args(Standing), "making")}
    composed |= {f"value.{one}" for form in FORMS for one in (*form.model_fields, "start", "end") if one not in UNTYPED}
    composed |= {f"settings.{kind}.{one}{end}" for kind, all_ in (("roles", Role), ("scopes", SCOPES)) for one in all_
                 for end in ("", "_about")}  # fmt: skip
    composed |= {f"settings.usage.{one}" for one in (*LIMITS, *COLUMNS)} | {
        f"settings.engines.{one}" for one in STANDINGS
    }
    composed |= {f"settings.keys.{before}{one}" for one in ("key", "link") for before in ("", "copy_")}
    chosen = set(re.findall(r'"([a-z_]+(?:\.[a-z_]+)+)"', code))

    assert said | composed <= known
    assert known <= said | composed | chosen
    assert say("start.takes", count=1) == "1 take"
    assert say("start.takes", count=3) == "3 takes"
