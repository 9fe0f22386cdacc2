"""What is said about films and readings, from values alone."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from vitascope.director import direct
from vitascope.director.editing import Choice, Conversation, NotUnderstood, Proposal, Question, interpret
from vitascope.film import Edit, Phrase, Reading, Size
from vitascope.jobs.values import Fault, State, Video
from vitascope.recipe import catalogue
from vitascope.serve import answers
from vitascope.serve.housekeeping import FOLLOW_UPS
from vitascope.serve.thread import UNFINISHED, Message, NewFilm, decide, films_in

URL = "http://localhost:8000/v1/videos/video_aaaaaaaaaaaaaaaaaaaaaaaaaa/content.mp4?exp=1&sig=x"
VIDEO = Video(
    id="video_aaaaaaaaaaaaaaaaaaaaaaaaaa", workspace="w", account="a", state=State.COMPLETED, progress=100, version=1,
    model="vitascope", engine="world", prompt="A pixie on a bench", operation="create", parent=None, seconds=Fraction(4),
    size=Size(width=1280, height=720), fps=Fraction(24), seed=0, style=None, audio=True, negative_prompt=None, created_at=0,
)  # fmt: skip


def phrase(text: str, status: str, taken_as: str = "") -> Phrase:
    return Phrase(text=text, start=0, end=len(text), kind="subject", status=status, taken_as=taken_as)  # type: ignore[arg-type]


def test_a_film_says_what_was_taken_how():
    """Substitutions and lost words are named; what was simply understood is not."""
    phrases = (phrase("bench", "understood"), phrase("pixie", "substituted", "girl"), phrase("glorp", "not_understood"))
    read = replace(VIDEO, reading=Reading(phrases=phrases))

    told = answers.filmed(read, URL)

    assert told == (
        "Here is “A pixie on a bench”: 4 s, 1280x720, 24 fps, with sound.\n"
        "- “pixie” became girl, the nearest there is.\n"
        "- Not understood: “glorp”.\n\n"
        f'<video src="{URL}" controls>\n{URL}\n</video>\n\n[Download]({URL})\n'
    )


def test_an_edit_says_what_changed_and_what_was_reused():
    """In frames."""
    edited = replace(VIDEO, parent="video_b", said="The ball is blue now.", ways={"drawn": 4, "reused": 20})

    assert answers.filmed(edited, URL).startswith("The ball is blue now. 24 frames: 20 reused, 4 drawn.\n\n<video")


def test_the_answer_about_a_film_leads_back_to_it():
    """It is the memory of the thread."""
    thread = [Message(role="assistant", text=answers.filmed(VIDEO, URL))]

    assert films_in(thread) == [VIDEO.id]


@pytest.mark.parametrize(
    ("state", "says"),
    [(State.FAILED, "The disk is full."), (State.CANCELLED, "it was cancelled"), (State.RUNNING, "running, 40 % done")],
)
def test_a_film_that_is_not_there_says_why(state: State, says: str):
    """And what is not there for good is not gone on from."""
    video = replace(VIDEO, state=state, progress=40, fault=Fault(code="disk", message="The disk is full."))

    told = answers.filmed(video, None)

    assert says in told
    assert (UNFINISHED in told) == state.is_end


def test_what_is_impossible_comes_with_two_ways_on():
    """The nearest version is filmed, and the other can be chosen by its number."""
    film = direct("a pig flies over the city", catalogue=catalogue())
    told = answers.filmed(replace(VIDEO, prompt="a pig flies over the city", reading=film.reading), URL)

    said = [Message(role="user", text="a pig flies over the city"), Message(role="assistant", text=told)]

    assert "no wings or rotors" in told
    assert decide([*said, Message(role="user", text="2")]) == NewFilm(words="a pig flies over the city", stylised=True)


def test_questions_have_numbers():
    """From one."""
    choices = tuple(Choice(label=label, edit=Edit(operations=())) for label in ("the red one", "both"))

    told = answers.questioned(Question(text="Which ball?", choices=choices))

    assert told == "Which ball?\n\n1. the red one\n2. both\n\nAnswer with a number, or say something else."


def test_words_that_were_not_understood_are_named_once():
    """With what can be said instead."""
    told = answers.not_understood(NotUnderstood(text="I do not understand “glorp”.", words=("glorp",)), film=True)

    assert told.startswith("I do not understand “glorp”.\n\nNothing was changed. Say for example “make it sunset”")


def test_progress_is_told_in_steps():
    """Not every percent."""
    running = replace(VIDEO, state=State.RUNNING, progress=41)

    assert answers.progress_line(replace(running, state=State.QUEUED), None) == "Waiting for a place"
    assert answers.progress_line(running, replace(running, state=State.STARTING)) == "Drawing 41 %"
    assert answers.progress_line(replace(running, progress=49), running) is None
    assert answers.progress_line(replace(running, progress=50), running) == "Drawing 50 %"


@pytest.mark.parametrize("words", FOLLOW_UPS)
def test_what_is_proposed_next_can_be_done(words: str):
    """The follow-ups are edits that the director understands."""
    film = direct("A red fox runs through snow", catalogue=catalogue())

    assert isinstance(interpret(words, Conversation(film=film), catalogue=catalogue()), Proposal)


@pytest.mark.parametrize("topic", ["", "a black cat"])
def test_what_is_proposed_as_an_idea_can_be_filmed(topic: str):
    """Every word of it is understood."""
    lines = [line.partition(". ")[2] for line in answers.ideas(topic).splitlines() if line[:1].isdigit()]

    assert len(lines) == 4
    for line in lines:
        assert not direct(line, catalogue=catalogue()).reading.with_status("not_understood"), line
