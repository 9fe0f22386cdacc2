"""Films to talk about, and a way to say something of them. The shipped library, WordNet as the system has it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from vitascope.director import direct
from vitascope.director.editing import Conversation, Proposal, Reply, interpret
from vitascope.film import Film, apply
from vitascope.recipe import catalogue


@cache
def film_of(prompt: str) -> Film:
    """The film of a prompt."""
    return direct(prompt, catalogue=catalogue())


@pytest.fixture(scope="session")
def say() -> Callable[..., Reply]:
    """What is answered to words about the film of a prompt, or about a film."""

    def answer(about: str | Film, words: str, **memory: object) -> Reply:
        film = film_of(about) if isinstance(about, str) else about
        return interpret(words, Conversation(film=film, **memory), catalogue=catalogue())  # type: ignore[arg-type]

    return answer


@pytest.fixture(scope="session")
def edited(say) -> Callable[[str | Film, str], tuple[Film, Film]]:
    """A film before and after words that lead to a proposal."""

    def change(about: str | Film, words: str) -> tuple[Film, Film]:
        film = film_of(about) if isinstance(about, str) else about
        reply = say(film, words)
        assert isinstance(reply, Proposal), f"{words!r}: {reply}"
        return film, apply(film, reply.edit)

    return change
