"""What words mean again over several turns: pronouns, the other one, what was pointed at, and takes of before."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from vitascope.director import direct
from vitascope.director.editing import (
    Conversation,
    NoChange,
    NotUnderstood,
    Proposal,
    Question,
    Return,
    Selection,
    Turn,
    interpret,
)
from vitascope.film import Change, Span, apply
from vitascope.recipe import catalogue

DOGS = "two dogs run on a beach"
BEACH = "a woman walks along a beach, a red ball lies on the sand"
PARK = "a man in a red coat walks his dog in a park, a tree on the left"


def said(conversation: Conversation, words: str) -> Conversation:
    """The conversation after `words` have been carried out."""
    reply = interpret(words, conversation, catalogue=catalogue())
    assert isinstance(reply, Proposal), f"{words!r}: {reply}"
    take = f"take-{len(conversation.turns) + 1}"
    turn = Turn(parent=conversation.take, take=take, words=words, edit=reply.edit)
    film = apply(conversation.film, reply.edit)
    return replace(conversation, film=film, take=take, turns=(*conversation.turns, turn))


def talk(prompt: str, *turns: str) -> Conversation:
    """A conversation about the film of a prompt."""
    conversation = Conversation(film=direct(prompt, catalogue=catalogue()), take="take-0")
    for words in turns:
        conversation = said(conversation, words)
    return conversation


def colours(conversation: Conversation) -> dict[str, str | None]:
    return {s.id: s.attributes.colour for s in conversation.film.shots[0].subjects}


def ask(conversation: Conversation, words: str):
    return interpret(words, conversation, catalogue=catalogue())


@pytest.mark.parametrize(
    ("turns", "wanted"),
    [
        (("make the left dog black",), {"dog-1": "black", "dog-2": None}),
        (("make the left dog black", "make the other one white"), {"dog-1": "black", "dog-2": "white"}),
        (("make the second dog black",), {"dog-1": None, "dog-2": "black"}),
        (("make the dog on the right black",), {"dog-1": None, "dog-2": "black"}),
        (("make the left dog bigger", "make it black"), {"dog-1": "black", "dog-2": None}),
        (("make the left dog bigger", "make the smaller dog black"), {"dog-1": None, "dog-2": "black"}),
        (("make the right dog bigger", "make the bigger one black"), {"dog-1": None, "dog-2": "black"}),
        (("make the left dog black", "make the black dog red"), {"dog-1": "red", "dog-2": None}),
        (("make them black",), {"dog-1": "black", "dog-2": "black"}),
        (("make both dogs black",), {"dog-1": "black", "dog-2": "black"}),
    ],
    ids=lambda value: " / ".join(value) if isinstance(value, tuple) else "",
)
def test_words_mean_the_one_that_was_spoken_of(turns, wanted):
    """Each of two dogs by where it stands, how it looks, and what was said of it before."""
    assert colours(talk(DOGS, *turns)) == wanted


def test_which_of_two_is_asked_and_each_answer_is_an_edit():
    """A choice for each by where it stands, and both; nothing is changed before one is taken."""
    conversation = talk(DOGS)

    reply = ask(conversation, "make the dog black")

    assert isinstance(reply, Question)
    assert [choice.label for choice in reply.choices] == ["the dog on the left", "the dog on the right", "both"]
    after = [apply(conversation.film, choice.edit).shots[0].subjects for choice in reply.choices]
    assert [[s.attributes.colour for s in subjects] for subjects in after] == [
        ["black", None],
        [None, "black"],
        ["black", "black"],
    ]


def test_those_who_look_different_are_named_by_their_colour():
    """Colours tell two dogs apart better than sides."""
    film = talk(DOGS, "make the left dog black", "make the other one white").film

    reply = ask(Conversation(film=film), "remove the dog")

    assert isinstance(reply, Question)
    assert [choice.label for choice in reply.choices][:2] == ["the black dog", "the white dog"]


def test_a_newcomer_is_it():
    """What was just added is what "it" means next."""
    conversation = talk(PARK, "add a cat next to the tree", "make it black")

    assert colours(conversation)["cat"] == "black"


def test_he_and_she_are_people():
    """ "Him" is the man, although the dog was spoken of last."""
    conversation = talk(PARK, "make the dog bigger", "give him a blue hat")

    man = next(s for s in conversation.film.shots[0].subjects if s.id == "man")
    assert "hat" in [garment.kind for garment in man.attributes.clothing]


def test_what_was_pointed_at_is_meant():
    """ "This" and bare wishes mean the selected subject, within the selected stretch."""
    film = direct(DOGS, catalogue=catalogue())
    span = Span(start=Fraction(1), end=Fraction(3))
    pointed = Conversation(film=film, selection=Selection(shots=("shot-1",), span=span, subjects=("dog-2",)))

    for words in ("make this black", "black", "make it black"):
        reply = ask(pointed, words)
        assert isinstance(reply, Proposal), words
        (operation,) = reply.edit.operations
        assert isinstance(operation, Change)
        assert (operation.what.subject, operation.span) == ("dog-2", span)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "take"),
    [
        ("undo", "take-2"),
        ("undo that, please", "take-2"),
        ("go back", "take-2"),
        ("undo the last two changes", "take-1"),
        ("go back to the original", "take-0"),
        ("start over", "take-0"),
        ("go back to how it was before the rain", "take-1"),
        ("undo the rain", "take-1"),
        ("forget the hat", "take-2"),
        ("the version with the sunset", "take-1"),
        ("go back to the version with the rain", "take-2"),
        ("redo", "take-9"),
    ],
)
def test_takes_of_before_are_found(words, take):
    """By their order, and by what the instruction was about that made or followed them."""
    conversation = talk(PARK, "make it sunset", "add gentle rain", "give the man a red hat")

    reply = ask(replace(conversation, later=("take-9",)), words)

    assert isinstance(reply, Return)
    assert reply.take == take


@pytest.mark.parametrize("words", ["undo", "redo", "back to how it was before the snow"])
def test_where_there_is_nothing_to_go_back_to(words):
    """One sentence says so."""
    assert isinstance(ask(talk(PARK), words), NoChange)


def test_an_old_thing_is_forgotten_by_taking_it_away():
    """ "Forget the hat" after other changes takes off the hat and keeps the rest."""
    conversation = talk(PARK, "give the man a red hat", "make it sunset", "forget the hat")

    man = next(s for s in conversation.film.shots[0].subjects if s.id == "man")
    assert "hat" not in [garment.kind for garment in man.attributes.clothing]
    assert conversation.film.shots[0].set.hours[0].hour == pytest.approx(18.95)


def test_the_second_shot_is_meant():
    """Words name a shot; times within it count from its start."""
    conversation = talk(PARK, "cut to a close-up of the man")

    reply = ask(conversation, "in the second shot make it night")
    assert isinstance(reply, Proposal)
    after = apply(conversation.film, reply.edit)

    assert [shot.set.hours[0].hour for shot in after.shots] == [conversation.film.shots[0].set.hours[0].hour, 23.0]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("in the fifth shot make it night", "The film has 1 shot"),
        ("from 9 s on make it night", "The film is 5 s long"),
        ("remove the horse", "There is no horse"),
        ("add a cat next to the church", "There is no church"),
    ],
)
def test_what_is_not_there_is_said(words, text):
    """A shot, a time, a subject that the film does not have: one sentence names it."""
    reply = ask(talk(PARK), words)

    assert isinstance(reply, NotUnderstood)
    assert text in reply.text


def test_newcomers_stand_on_the_ground_and_not_inside_others():
    """Whoever is added stands free of all who are there."""
    conversation = talk(PARK, "add a bench", "add two children", "add a ball next to the bench")
    library = catalogue()

    standing = [s for s in conversation.film.shots[0].subjects if s.placement.on is None]
    fresh = [s for s in standing if s.id not in ("man", "dog", "tree")]
    assert all(s.placement.position[1] == 0.0 for s in fresh)
    for one in fresh:
        for other in standing:
            if one.id < other.id or other not in fresh:
                reach = sum(
                    max(library.recipe(s.recipe).size[0], library.recipe(s.recipe).size[2]) / 2 for s in (one, other)
                )
                apart = sum((one.placement.position[k] - other.placement.position[k]) ** 2 for k in (0, 2)) ** 0.5
                assert one is other or apart > 0.5 * reach, (one.id, other.id)


def test_a_finish_is_the_pictures_even_after_somebody_was_spoken_of():
    """ "It" in "make it black and white" is the picture, not the dog of the turn before."""
    reply = ask(talk(PARK, "make the dog brown"), "make it black and white")

    assert isinstance(reply, Proposal)
    assert [getattr(o.what, "grade", None) for o in reply.edit.operations if isinstance(o, Change)] == [
        "black-and-white"
    ]


@pytest.mark.parametrize(
    "words",
    ["the ball stays", "the ball stays where it is", "the ball stands still", "leave the ball as it is",
     "everything stays the same", "keep the woman unchanged"],
)  # fmt: skip
def test_what_stays_is_left_alone(words):
    """Who goes nowhere is told nothing new by "stay", and nothing is filmed again."""
    assert isinstance(ask(talk(BEACH), words), NoChange)


def test_who_walks_and_shall_stay_stops():
    """ "Stay" is an order for those who move."""
    reply = ask(talk(BEACH), "the woman stays")

    assert isinstance(reply, Proposal)
    (woman, _) = apply(talk(BEACH).film, reply.edit).shots[0].subjects
    assert [action.verb for action in woman.actions] == ["stand"]


@pytest.mark.parametrize(
    "words", ["make it sunset, the ball stays", "make it sunset and everything else stays the same"]
)
def test_what_stays_beside_a_change_is_no_change_of_its_own(words):
    """Only the light is another."""
    reply = ask(talk(BEACH), words)

    assert isinstance(reply, Proposal)
    assert apply(talk(BEACH).film, reply.edit).shots[0].subjects == talk(BEACH).film.shots[0].subjects


@pytest.mark.parametrize("words", ["continue", "keep going", "go on", "Continue the scene smoothly."])
def test_going_on_asks_for_how_long(words):
    """ "Continue" of a film that ends is answered with what to say."""
    reply = ask(talk(BEACH), words)

    assert isinstance(reply, NotUnderstood)
    assert "continue for five more seconds" in reply.text


@pytest.mark.parametrize("words", ["continue", "keep going", "go on like this", "Continue the scene smoothly."])
def test_a_stretch_that_goes_on_needs_nothing(words):
    """Said of a stretch, such as the seconds that were just added, it is so already."""
    film = talk(BEACH).film
    span = Span(start=film.duration - 2, end=film.duration)
    pointed = Selection(shots=(film.shots[0].id,), span=span)

    assert isinstance(ask(replace(talk(BEACH), selection=pointed), words), NoChange)
