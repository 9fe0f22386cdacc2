"""Who does what, when, how and where to."""

from fractions import Fraction

import pytest


def plain(actions):
    return [(a.entity, a.verb, a.target) for a in actions]


ACTIONS = [
    ("a dog is running", [("dog", "run", None)]),
    ("a horse walking", [("horse", "walk", None)]),
    ("a boy kicks a ball", [("boy", "kick", "ball")]),
    ("a cat and a dog play", [("cat", "play", None), ("dog", "play", None)]),
    ("a man riding a bicycle", [("man", "ride", "bicycle")]),
    ("a running horse", [("horse", "run", None)]),
    ("a woman who is dancing", [("woman", "dance", None)]),
    ("the ball is kicked by a girl", [("girl", "kick", "ball")]),
    ("a sheep running to join a herd", [("sheep", "run", None)]),
    ("a boy starts to jump", [("boy", "jump", None)]),
]


@pytest.mark.parametrize(("prompt", "wanted"), ACTIONS, ids=[row[0] for row in ACTIONS])
def test_verbs_become_actions(draft, prompt, wanted):
    """Finite verbs, participles, passives and relative clauses all say who acts on what."""
    found = plain(draft(prompt).actions)

    assert all(action in found for action in wanted)


def test_then_divides_the_shot(draft):
    """Three things in a row take a third of the shot each."""
    actions = draft("A dog jumps, runs to a tree, and then sits down").actions

    assert [(a.verb, a.during.start, a.during.end) for a in actions] == [
        ("jump", 0, Fraction(1, 3)),
        ("run", Fraction(1, 3), Fraction(2, 3)),
        ("sit", Fraction(2, 3), 1),
    ]


def test_while_is_at_the_same_time(draft):
    """ "while" starts both actions together."""
    actions = draft("A man dances while two dogs run").actions

    assert {a.during.start for a in actions} == {0}


def test_after_turns_the_order_round(draft):
    """In "jumps after it eats" the meal comes first."""
    starts = {a.verb: a.during.start for a in draft("The dog jumps after it eats an apple").actions}

    assert starts["eat"] < starts["jump"]


def test_manner_sets_vigour_and_direction(draft):
    """Slowly is below the ordinary vigour, wildly above it, to the left is a direction."""
    slow = draft("a cat walks slowly to the left").actions[0]
    wild = draft("a girl dances wildly").actions[0]

    assert slow.vigour < 1 < wild.vigour
    assert slow.direction == "left"


def test_travel_relates_to_things_and_to_the_set(draft):
    """Running towards a tree has a target; running through a forest crosses the set."""
    to = draft("a dog runs towards a tree").actions[0]
    through = draft("a dog runs through a forest").actions[0]

    assert (to.target, to.target_relation) == ("tree", "towards")
    assert through.target is None
    assert through.across_place == "through"


def test_what_is_denied_does_not_happen(draft):
    """ "does not move" is a wish for no action."""
    result = draft("The dog does not run")

    assert result.actions == ()
    assert "run" in result.negations


def test_more_steps_take_longer(draft):
    """Without a length in the words a chain of actions gets more time than a single one."""
    assert draft("a dog runs").duration == 5
    assert draft("A dog runs, jumps, eats an apple, and then sits").duration > 5
    assert draft("an eight-second video of a dog running").duration == 8
