"""The words of a prompt stay with whoever wrote them: the file that is given away says none of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_films import cubes

from vitascope.director import title_from
from vitascope.studio import make_film

LONG = "A cube that aunt Gertrude must never hear about before her birthday, and a ball, before a plain grey backdrop"
SPACED = "A   cube that aunt Gertrude must never hear about"


@pytest.mark.parametrize("prompt", [LONG, SPACED])
def test_no_word_of_a_prompt_is_in_the_file(tmp_path: Path, prompt: str):
    """Also where the film is called by a shortened or tidied prompt."""
    film = cubes().model_copy(update={"prompt": prompt, "title": title_from(prompt)})

    make_film(film, tmp_path / "film.mp4")

    assert b"Gertrude" not in (tmp_path / "film.mp4").read_bytes()


def test_a_title_that_was_given_is_public(tmp_path: Path):
    """Whoever names a film wants the name to be read."""
    film = cubes().model_copy(update={"prompt": LONG, "title": "Gertrude's day"})

    make_film(film, tmp_path / "film.mp4")

    assert b"Gertrude's day" in (tmp_path / "film.mp4").read_bytes()
