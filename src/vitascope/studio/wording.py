"""The words by which open weights are told a shot.

Those of whoever asked, where they still hold: they know more than the document can (a mood, an age, whom the world has no body
for), and these weights were trained on captions as long as people write them. A document is edited and its prompt stays, so the
prompt counts only while reading it again tells the same shot; else the caption counts, which is written from the document.
"""

from __future__ import annotations

from functools import lru_cache

from vitascope.director import DirectorError, direct, system_wordnet
from vitascope.director.caption import caption_of
from vitascope.film import Film, Shot
from vitascope.studio.drafting import moment_in
from vitascope.studio.library import library
from vitascope.studio.plan import seen_most

__all__ = ["words_of"]

USUAL_STYLE = "cinematic"


def words_of(film: Film, shot: Shot) -> str:
    """What to tell of a shot of a film: who, where and how, as in its middle, and the style of the picture."""
    plain = seen_most(shot, moment_in(shot, float(shot.duration) / 2))
    caption = caption_of(plain)
    known = len(film.shots) == 1 and not shot.passages and film.prompt and _told_by(film.prompt, film.seed) == caption
    words = " ".join(film.prompt.split()) if known else caption
    style = plain.look.style.replace("_", " ")
    return words if style == USUAL_STYLE or style in words.lower() else f"{words}, {style} style"


@lru_cache(maxsize=16)
def _told_by(prompt: str, seed: int) -> str | None:
    """The caption of the shot that a prompt asks for; None where it cannot be read here, as in another language."""
    try:
        (shot,) = direct(prompt, catalogue=library(), wordnet=system_wordnet(), seed=seed).shots
    except DirectorError:
        return None
    return caption_of(seen_most(shot, moment_in(shot, float(shot.duration) / 2)))
