"""What Open WebUI asks for itself is answered in its JSON, from the words that were said."""

from __future__ import annotations

import json

import pytest

from vitascope.serve.housekeeping import housekeeping_answer, is_housekeeping

HISTORY = """### Chat History:
<chat_history>
USER: Make me a video of a red fox in deep snow at dawn please
ASSISTANT: Here.
</chat_history>"""


def task(output: str) -> str:
    return f"### Task:\nDo something.\n### Output:\nJSON format: {output}\n{HISTORY}"


@pytest.mark.parametrize(
    ("output", "answer"),
    [
        ('{ "title": "your concise title here" }', {"title": "🎬 A red fox in deep snow"}),
        ('{ "tags": ["tag1", "tag2", "tag3"] }', {"tags": ["video", "film"]}),
        ('{ "queries": ["query1"] }', {"queries": []}),
        ('{ "text": "<your_completion>" }', {"text": ""}),
    ],
)
def test_the_answer_has_the_key_that_is_asked_for(output: str, answer: dict):
    """So that the front-end can read it."""
    assert json.loads(housekeeping_answer(task(output))) == answer


def test_follow_ups_are_edits_when_there_is_a_film_and_descriptions_before():
    """They are what a person would say next."""
    asked = task('{ "follow_ups": ["Question 1?", "Question 2?"] }')

    assert "Make it sunset" in json.loads(housekeeping_answer(asked))["follow_ups"]
    assert len(json.loads(housekeeping_answer(asked.replace(HISTORY, "")))["follow_ups"]) == 3


def test_a_history_does_not_decide_what_is_asked_for():
    """People write about JSON, too."""
    asked = task('{ "title": "…" }').replace("red fox", '"tags" fox')

    assert "title" in json.loads(housekeeping_answer(asked))


@pytest.mark.parametrize("words", ["a task: make a fox run", "Task force in the jungle", "### A fox"])
def test_what_people_say_is_not_housekeeping(words: str):
    """Only the front-end's own beginnings are."""
    assert not is_housekeeping(words)
