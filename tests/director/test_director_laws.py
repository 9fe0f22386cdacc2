"""What holds for every text: offsets, coverage, refusal in one sentence, the same draft for the same words."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitascope.director import DirectorError, direct, read, system_wordnet
from vitascope.director.tokens import tokenise
from vitascope.film import film_from_json, film_to_json

SENTENCE_BITS = """
the two|cat|dog|a red ball|big|slowly|runs|is running|sits on|in|under|next to|a table|a forest|at night|rain|and|then|while
|the camera pans left|zoom in|close-up of|with|no|not|his|it|who|wearing|hat|,|.|'|-|"|anime style|time-lapse|are|thrown|by
|before|after|12|a dozen|a group of|wooden|xyzzy|turns into|water|sky|the sun sets|from|to|blue
"""
SENTENCES = st.lists(st.sampled_from(SENTENCE_BITS.replace("\n", "").split("|")), min_size=1, max_size=30).map(" ".join)


def readable(text, library):
    try:
        return read(text, catalogue=library, wordnet=None)
    except DirectorError:
        return None


@settings(max_examples=150)
@given(text=st.one_of(SENTENCES, st.text(max_size=80)))
def test_any_text_is_read_or_refused(library, text):
    """No text makes the director fail otherwise than by saying why."""
    result = readable(text, library)

    if result is not None:
        assert result.draft.set.place in library.places
        assert all(entity.recipe in library.recipes for entity in result.draft.entities)


@settings(max_examples=100)
@given(text=SENTENCES)
def test_phrases_are_pieces_of_the_text(library, text):
    """Phrases quote the text exactly, stand in its order and do not overlap."""
    result = readable(text, library)

    phrases = result.reading.phrases if result else ()
    assert all(text[phrase.start : phrase.end] == phrase.text for phrase in phrases)
    assert all(one.end <= other.start for one, other in pairwise(phrases))


@settings(max_examples=100)
@given(text=SENTENCES)
def test_ids_hold_together(library, text):
    """Every id that a relation, an action or the camera names is an entity of the draft."""
    result = readable(text, library)

    if result is not None:
        draft = result.draft
        ids = {entity.id for entity in draft.entities}
        assert len(ids) == len(draft.entities)
        assert all({r.entity, *r.targets} <= ids for r in draft.relations)
        assert all({a.entity, a.target or a.entity} <= ids for a in draft.actions)
        assert all((move.target or "") in {"", *ids} for move in draft.camera.moves)


@settings(max_examples=60)
@given(noun=st.sampled_from(("blorf", "gnarzel", "quolzax")), frame=st.sampled_from((
    "a {} on a table", "a cat chases a {}", "the {} runs", "two {}s in a forest", "a man with a {} under a {}")))  # fmt: skip
def test_no_content_word_is_dropped(library, noun, frame):
    """A word that nobody knows is reported as not understood wherever it stands."""
    text = frame.format(noun, noun)
    phrases = read(text, catalogue=library, wordnet=None).reading.with_status("not_understood")

    for token in tokenise(text):
        if token.lower.startswith(noun):
            assert any(phrase.start <= token.start and token.end <= phrase.end for phrase in phrases)


@settings(max_examples=40)
@given(text=st.one_of(SENTENCES, st.text(max_size=60)))
def test_tokens_cover_all_but_blanks_and_hyphens(text):
    """Tokens quote the text; nothing between them is a letter or a digit."""
    tokens = tokenise(text)

    at = 0
    for token in (t for t in tokens if t.text.strip()):
        assert text[token.start : token.end] == token.text
        assert not any(c.isalnum() for c in text[at : token.start])
        at = token.end
    assert not any(c.isalnum() for c in text[at:])


REFUSED = [
    ("", "no words"),
    ("   ...  ", "no words"),
    ("dog " * 2001, "2,001 words"),
    ("Eine Katze sitzt auf einem Stuhl und der Hund läuft durch den Wald", "German"),
    ("Un chat est assis sur une chaise dans le jardin avec des fleurs", "French"),
    ("一只猫坐在椅子上", "Chinese"),
    ("кот сидит на стуле", "Cyrillic"),
]


@pytest.mark.parametrize(("prompt", "reason"), REFUSED, ids=["empty", "marks", "long", "de", "fr", "zh", "ru"])
def test_what_cannot_be_directed_is_refused_in_one_sentence(understand, prompt, reason):
    """Empty, endless and foreign prompts are refused with what is allowed."""
    with pytest.raises(DirectorError, match=reason) as caught:
        understand(prompt)

    assert "\n" not in str(caught.value)


def test_the_same_words_give_the_same_draft(understand):
    """Reading has no chance in it."""
    prompt = "Three dogs run across a beach at sunset while a girl in a red coat waves, camera pans left"

    assert understand(prompt) == understand(prompt)


def test_a_film_comes_out_and_survives_writing(library):
    """A prompt becomes a whole film document that reads back equal."""
    film = direct("A red ball next to a cat on a beach at sunset", catalogue=library, seconds=3, seed=4, wordnet=None)

    assert film_from_json(film_to_json(film)) == film
    assert film.shots[0].duration == 3
    assert {subject.recipe for subject in film.shots[0].subjects} == {"ball", "cat"}


def test_what_is_given_beside_the_words_goes_first(library):
    """The style and length that were chosen by hand win over the prompt's."""
    film = direct("a 20-second anime style cat", catalogue=library, seconds=2, style="clay", wordnet=None)

    assert (film.shots[0].duration, film.shots[0].look.style) == (2, "clay")


def test_a_style_that_is_not_drawn_is_refused(library):
    """An unknown style beside the words is refused with those that there are."""
    with pytest.raises(DirectorError, match="cinematic, anime"):
        direct("a cat", catalogue=library, style="fresco", wordnet=None)


@pytest.mark.skipif(system_wordnet() is None, reason="needs Debian's wordnet-base")
def test_wordnet_finds_the_nearest_kind(understand):
    """A mongrel of which the library knows nothing is a dog, and the reading says that it is a substitution."""
    result = understand("a bloodhound runs", wordnet=system_wordnet())

    assert result.draft.entities[0].recipe == "dog"
    assert result.reading.phrases[0].status == "substituted"


def test_without_wordnet_the_reading_says_what_is_poorer(understand):
    """A missing dictionary is told, not hidden."""
    assert any("wordnet-base" in remark for remark in understand("a cat").reading.remarks)


def test_a_slip_of_the_pen_is_forgiven(understand):
    """One wrong letter in a long word is taken as the word, and reported as substituted."""
    result = understand("a red umbrela on a table")

    assert [e.recipe for e in result.draft.entities] == ["umbrella", "table"]
    assert any(p.text == "umbrela" and p.status == "substituted" for p in result.reading.phrases)
