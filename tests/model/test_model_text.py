"""Captions become words, words become vectors; what is not known is not lost."""

from __future__ import annotations

import torch
from tiny_networks import furthest, stirred

from vitascope.model.text import TextConfig, TextEncoder, Vocabulary, positions, spelled

VOCABULARY = Vocabulary.of(["a red car", "a red ball", "a dog"], size=3, buckets=8)


def encoder() -> TextEncoder:
    return stirred(TextEncoder(TextConfig(vocabulary=VOCABULARY, width=16, heads=2, layers=2)))


def test_captions_are_words_in_small_letters_and_numbers():
    """Marks are left out, apostrophes inside words stay."""
    assert spelled("The Dog's 3 RED balls, über-fast!") == ["the", "dog's", "3", "red", "balls", "über", "fast"]


def test_a_vocabulary_has_the_commonest_words():
    """By number, then by the alphabet."""
    assert VOCABULARY.words == ("a", "red", "ball")


def test_unknown_words_share_buckets_and_known_ones_do_not():
    """Each word has a number; the same word always the same."""
    numbers = encoder().numbers("A red zebra and a RED zebra")

    assert numbers[:2] == [1, 2]
    assert numbers[2] >= 4
    assert numbers[4:] == [1, 2, numbers[2]]
    assert encoder().numbers("") == encoder().numbers("?!") == [0]


@torch.no_grad()
def test_a_caption_does_not_depend_on_its_neighbours():
    """In a batch with a longer one it has the vectors that it has alone, and what lies beyond its end is marked as absent."""
    text = encoder()

    both, alone = text(["a red car", "a dog"]), text(["a dog"])

    assert both.present_BS.tolist() == [[True] * 3, [True, True, False]]
    assert furthest(both.values_BSD[1:, :2], alone.values_BSD) < 1e-5


@torch.no_grad()
def test_order_matters_and_nothing_said_is_something():
    """The words of a caption look at one another; the empty instruction has a vector of its own."""
    text = encoder()

    one, other, nothing = text(["red car blue ball"]), text(["blue car red ball"]), text([""])

    assert furthest(one.values_BSD[:, 1], other.values_BSD[:, 1]) > 0.01
    assert nothing.present_BS.tolist() == [[True]]


def test_the_words_of_a_phrase_are_found():
    """Wherever they stand together."""
    assert positions("A red car passes a blue car and a red car stops", "red car") == [1, 2, 9, 10]
    assert positions("A red car", "blue car") == []
    assert positions("A red car", "") == []
