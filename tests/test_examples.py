"""Examples run, and end where they say."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from vitascope import Studio
from vitascope.media import probe
from vitascope.studio import Take

EXAMPLES = Path(__file__).parent.parent / "examples"


def example(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_conversation_of_25_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Every turn makes or goes back to a take, all takes open again, and the end is the soft sunset before the rain."""
    monkeypatch.setenv("VITASCOPE_HOME", str(tmp_path / "home"))
    conversation = example("conversation")

    with Studio(tmp_path / "project") as studio:
        film = conversation.begin(studio)
        answers = list(conversation.converse(studio, film))
        takes = studio.takes()
        documents = [studio.document(take) for take in takes]
        files = [probe(take.path) for take in takes]
        last = studio.document(".")

    assert len(answers) == 25
    assert [words for words, answer in answers if not isinstance(answer, Take)] == []
    assert len(takes) == 24  # the first film, and a new one for every turn but the two that go back
    assert [found.duration for found in files] == [document.duration for document in documents]
    shot, before = last.shots[0], documents[0].shots[0]
    assert (shot.subjects, shot.camera, shot.set.weather) == (before.subjects, before.camera, before.set.weather)
    assert shot.light.mood == "soft"
    assert shot.set.hours != before.set.hours
