"""Laws of instructions: what is proposed can be applied, what is declined changes nothing, and nothing is ever changed here."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitascope.director import direct
from vitascope.director.editing import Conversation, NoChange, NotUnderstood, Proposal, Question, Return, interpret
from vitascope.film import apply
from vitascope.recipe import catalogue

PARK = "a man in a red coat walks his dog in a park, a tree on the left"
FILM = direct(PARK, catalogue=catalogue())
VERBS = (
    "make",
    "turn",
    "change",
    "add",
    "remove",
    "replace",
    "let",
    "move",
    "give",
    "put",
    "stop",
    "zoom",
    "cut to",
    "",
)
THINGS = ("the dog", "the man", "the tree", "it", "them", "the light", "the camera", "the background", "a cat", "two birds",
          "the sound", "his coat", "the left one", "the house", "")  # fmt: skip
LINKS = ("to", "with", "into", "and", "behind", "next to", "in the last two seconds", "from 9 s on", "")
ENDS = ("red", "sunset", "a cat", "bigger", "jump", "a red hat", "the tree", "rain", "slower", "gleeb", "the other way",
        "a beach", "louder", "50 mm", "")  # fmt: skip
instructions = st.builds(
    lambda *parts: " ".join(filter(None, parts)),
    st.sampled_from(VERBS), st.sampled_from(THINGS), st.sampled_from(LINKS), st.sampled_from(ENDS),
)  # fmt: skip


def answer(words: str):
    return interpret(words, Conversation(film=FILM), catalogue=catalogue())


@settings(max_examples=150)
@given(instructions)
def test_whatever_is_said_is_answered_and_what_is_proposed_applies(words):
    """Every answer is a reply of one sentence; every edit in it applies and changes the film."""
    reply = answer(words)

    if isinstance(reply, Proposal):
        assert apply(FILM, reply.edit) != FILM
        assert reply.said.endswith(".")
    elif isinstance(reply, Question):
        assert all(apply(FILM, choice.edit) != FILM for choice in reply.choices)
        assert reply.text.endswith("?")
    else:
        assert isinstance(reply, NotUnderstood | NoChange | Return)


@settings(max_examples=40)
@given(instructions)
def test_the_same_words_get_the_same_answer(words):
    """Nothing is remembered between two instructions."""
    assert answer(words) == answer(words)


@pytest.mark.parametrize(
    "words",
    ["", "   ", "\n\n", "!!!", "\x00\x07\x1b[31m", "🦊🦊🦊", "le chien est noir et le chat est blanc", "word " * 10_000,
     "a" * 20_000, "the the the the", "and and then", "'); drop table films; --", "make", "make it", "in the last two seconds",
     "\u202ereversed", "make the dog " + "very " * 200 + "big"],
    ids=range(17),
)  # fmt: skip
def test_hostile_words_get_one_sentence(words):
    """No exception, no edit: one sentence."""
    reply = answer(words)

    assert isinstance(reply, NotUnderstood | NoChange | Proposal | Question)
    text = reply.said if isinstance(reply, Proposal) else reply.text
    assert text.endswith((".", "?"))
    assert text.count(". ") == 0


@pytest.mark.parametrize(
    "words",
    [
        "make it sunset and gleeb the dog",
        "turn the dog black and remove the house",
        "make the dog jump and the tree a flurbish",
    ],
)
def test_nothing_is_applied_where_one_part_is_not_understood(words):
    """The sentence says which part; there is no edit that does the rest."""
    reply = answer(words)

    assert isinstance(reply, NotUnderstood)
    assert any(part in reply.text for part in ("gleeb", "house", "flurbish"))


@pytest.mark.parametrize(
    "words",
    [
        "make it afternoon",
        "put the man in a red coat",
        "remove the music",
        "stop the rain",
        "the place should be a park",
    ],
)
def test_what_is_so_already_is_no_change(words):
    """The sentence says that it is so."""
    assert isinstance(answer(words), NoChange)


def test_every_content_word_of_a_proposal_is_in_its_reading():
    """The reading holds what was taken how, without overlap, in text order."""
    reply = answer("add a red ball next to the dog and make it sunset in the last two seconds")

    assert isinstance(reply, Proposal)
    phrases = reply.reading.phrases
    assert all(a.end <= b.start for a, b in pairwise(phrases))
    told = " ".join(p.text for p in phrases)
    assert all(word in told for word in ("red", "ball", "next to", "dog", "sunset", "last two seconds"))


def test_it_works_without_wordnet():
    """Only words that the library lists are known then."""
    reply = interpret("make the dog black", Conversation(film=FILM), catalogue=catalogue(), wordnet=None)

    assert isinstance(reply, Proposal)
