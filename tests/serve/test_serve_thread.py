"""What the last message of a thread asks for, from nothing but the messages."""

from __future__ import annotations

import pytest

from vitascope.serve.thread import (
    FILM_IT,
    PICK_A_WAY,
    PICK_AN_IDEA,
    UNFINISHED,
    AskAgain,
    CancelFilm,
    Draft,
    EditFilm,
    Explain,
    Help,
    Housekeeping,
    Ideas,
    ListFilms,
    Message,
    NewFilm,
    ShowFilm,
    choice_in,
    decide,
)

FIRST, SECOND = "video_aaaaaaaaaaaaaaaaaaaaaaaaaa", "video_bbbbbbbbbbbbbbbbbbbbbbbbbb"
WHICH = f"Which ball do you mean: the red one, the blue one or both?\n\n1. the red one\n2. the blue one\n3. both\n\n{PICK_A_WAY}"


def user(text: str) -> Message:
    return Message(role="user", text=text)


def said(text: str) -> Message:
    return Message(role="assistant", text=text)


def shown(video: str) -> Message:
    """An answer as it is given, and as front-ends send it back."""
    url = f"http://127.0.0.1:8000/v1/videos/{video}/content.mp4?exp=1&sig=abc"
    return said(f'Here it is.\n\n<video src="{url}" controls>\n{url}\n</video>\n\n[Download]({url})\n')


FILMED = [user("a red ball"), shown(FIRST)]


@pytest.mark.parametrize(
    "words", ["A red fox runs through snow", "make me a video of a dog", "Could you film a girl in the rain?", "sunset"]
)
def test_a_description_makes_a_film(words: str):
    """The first message that describes something is filmed as it was said."""
    assert decide([Message(role="system", text="You are helpful."), user(words)]) == NewFilm(words=words)


@pytest.mark.parametrize(
    "words", ["make it night", "undo", "go back", "redo", "a bit closer", "cut to a lighthouse", "10 seconds"]
)
def test_with_a_film_in_the_thread_words_are_an_edit_of_it(words: str):
    """The film is the one that the last answer showed; ways back are the director's to find."""
    assert decide([*FILMED, user(words)]) == EditFilm(video=FIRST, words=words)


def test_the_latest_film_of_the_thread_is_edited():
    """Each answer names its film; what failed is not gone on from."""
    failed = said(f"{UNFINISHED} the disk is full. ({SECOND})")

    assert decide([*FILMED, user("night"), shown(SECOND), user("closer")]) == EditFilm(video=SECOND, words="closer")
    assert decide([*FILMED, user("night"), failed, user("closer")]) == EditFilm(video=FIRST, words="closer")


def test_a_film_can_be_named_in_the_message_itself():
    """By its address or its id, which are no words of the instruction."""
    url = f"http://films.example/v1/videos/{SECOND}/content.mp4?exp=1&sig=x"

    assert decide([*FILMED, user(f"{url} make it night")]) == EditFilm(video=SECOND, words="make it night")
    assert decide([user(f"make {FIRST} night")]) == EditFilm(video=FIRST, words="make night")


@pytest.mark.parametrize(
    ("words", "description"),
    [
        ("new film: a cat on a roof", "a cat on a roof"),
        ("Make a new film of a cat on a roof.", "a cat on a roof."),
        ("please make another video about two dogs", "two dogs"),
        ("something else: a ship at sea", "a ship at sea"),
        ("/new a ship", "a ship"),
        ("create a short video of a ship at sea", "create a short video of a ship at sea"),
    ],
)
def test_another_film_is_asked_for_in_so_many_words(words: str, description: str):
    """Where there is a film already, only such words leave it."""
    assert decide([*FILMED, user(words)]) == NewFilm(words=description)


@pytest.mark.parametrize(
    ("answer", "choice"),
    [("2", 2), ("2.", 2), ("the second", 2), ("Second one", 2), ("number 1", 1), ("the last one", 3), ("blue", 2),
     ("the red ball", 1), ("both", 3), ("I mean the blue one please", 2)],
)  # fmt: skip
def test_a_question_is_answered_by_number_place_or_words(answer: str, choice: int):
    """The instruction that led to the question is carried out with that choice."""
    thread = [*FILMED, user("make the ball larger"), said(WHICH), user(answer)]

    assert decide(thread) == EditFilm(video=FIRST, words="make the ball larger", choice=choice)


def test_what_does_not_answer_a_question_is_an_instruction_of_its_own():
    """Nobody has to answer."""
    thread = [*FILMED, user("make the ball larger"), said(WHICH), user("make the red ball green")]

    assert decide(thread) == EditFilm(video=FIRST, words="make the red ball green")


def test_a_number_that_a_question_does_not_have_asks_again():
    """And the question can still be answered then."""
    thread = [*FILMED, user("make the ball larger"), said(WHICH), user("7")]

    again = decide(thread)

    asked = EditFilm(video=FIRST, words="make the ball larger")
    assert again == AskAgain(asked=asked, question=WHICH, number="7", choices=3)
    answered = [*thread, said(f"There is no choice 7; give a number from 1 to 3.\n\n{WHICH}"), user("1")]
    assert decide(answered) == EditFilm(video=FIRST, words="make the ball larger", choice=1)


def test_a_draft_is_filmed_when_that_is_said():
    """First how it would be filmed, then the film."""
    asked = user("write me a script about a lonely lighthouse")
    drafted = said(f"“a lonely lighthouse” would be filmed like this: …\n\n{FILM_IT}")

    assert decide([asked]) == Draft(words="a lonely lighthouse")
    assert decide([asked, drafted, user("film it")]) == NewFilm(words="a lonely lighthouse")


@pytest.mark.parametrize(
    "words",
    [
        "draft: a dog",
        "how would you film a dog",
        "Don't film yet: a dog",
        "give me a storyboard for a dog",
        "read: a dog",
    ],
)
def test_drafts_are_asked_for_in_many_ways(words: str):
    """None of them films."""
    assert decide([user(words)]) == Draft(words="a dog")


def test_ideas_are_filmed_by_number():
    """The line that was picked is the description."""
    listed = said(f"Here is what could be filmed:\n\n1. A fox in snow\n2. A ship at sea\n\n{PICK_AN_IDEA}")

    assert decide([user("give me some prompt ideas about foxes")]) == Ideas(topic="foxes")
    assert decide([user("ideas"), listed, user("2")]) == NewFilm(words="A ship at sea")


@pytest.mark.parametrize(
    "words", ["how did you read this?", "What did you understand?", "what is in the film?", "explain the film"]
)
def test_how_a_film_was_read_is_explained(words: str):
    """Of the film if there is one, else of the words that were said."""
    assert decide([*FILMED, user(words)]) == Explain(video=FIRST)
    assert decide([user("a glorp"), said("I understand nothing."), user(words)]) == Draft(words="a glorp")


@pytest.mark.parametrize(
    "words", ["is it ready?", "status", "show me the film again", "where is my video?", "How far is it?"]
)
def test_the_state_is_asked_for(words: str):
    """Of the film of the thread, or of the latest one of the caller."""
    assert decide([*FILMED, user(words)]) == ShowFilm(video=FIRST)
    assert decide([user(words)]) == ShowFilm(video=None)


def test_films_are_listed_and_stopped():
    """Which need no film in the thread."""
    assert decide([user("list my films")]) == ListFilms()
    assert decide([*FILMED, user("stop")]) == CancelFilm(video=FIRST, words="stop")


@pytest.mark.parametrize("words", ["hi", "help", "What can you do?", "thanks!", "What is the capital of France?"])
def test_small_talk_films_nothing(words: str):
    """It is answered with what can be said."""
    assert decide([user(words)]) == Help(film=False)


def test_a_front_end_that_asks_for_itself_films_nothing():
    """Titles, tags and follow-ups come as messages of the user."""
    task = "### Task:\nGenerate a concise, 3-5 word title\n<chat_history>\nUSER: a fox\n</chat_history>"

    assert decide([user(task)]) == Housekeeping(prompt=task)


def test_a_picture_starts_a_film():
    """The latest one of the message."""
    picture = "data:image/png;base64,AAAA"

    ask = decide([*FILMED, Message(role="user", text="it starts to rain", pictures=(picture,))])

    assert ask == NewFilm(words="it starts to rain", picture=picture)


def test_what_is_impossible_is_filmed_all_the_same_when_that_is_chosen():
    """The nearest version came first."""
    answer = said(
        f"… choose “stylised” for what is impossible ({FIRST}).\n\n1. the nearest possible version\n2. stylised\n\n{PICK_A_WAY}"
    )
    thread = [user("a pig flies over the city"), answer]

    assert decide([*thread, user("2")]) == NewFilm(words="a pig flies over the city", stylised=True)
    assert decide([*thread, user("stylised, please")]) == NewFilm(words="a pig flies over the city", stylised=True)


def test_the_film_that_a_server_remembers_counts_where_the_thread_names_none():
    """An answer may have been cut off before it named its film."""
    assert decide([user("a dog"), said(""), user("make it night")], FIRST) == EditFilm(
        video=FIRST, words="make it night"
    )


def test_words_that_several_choices_have_choose_nothing():
    """They may be an instruction."""
    assert choice_in("ball", ["the red ball", "the blue ball"]) is None
    assert choice_in("", ["a", "b"]) is None
