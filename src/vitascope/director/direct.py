"""A prompt to a film: understand it, stage it, write the document. The same words and seed give the same film."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from vitascope.director.crewing import crewed
from vitascope.director.errors import DirectorError
from vitascope.director.lexicon import data
from vitascope.director.plausibility import Way
from vitascope.director.staging import stage
from vitascope.director.stylising import carry_on
from vitascope.director.understanding import read
from vitascope.director.wordnet import WordNet, system_wordnet
from vitascope.film import Film, Reading, Shot, Size
from vitascope.recipe import Catalogue

__all__ = ["check_options", "direct", "film_of", "title_from"]

SECONDS_LEAST, SECONDS_MOST = Fraction(1), Fraction(120)
TITLE_LONGEST = 80
WAYS: tuple[Way, ...] = ("nearest", "stylised")
_SYSTEM = object()


def direct(
    prompt: str,
    *,
    catalogue: Catalogue,
    seconds: Fraction | int | None = None,
    size: Size | None = None,
    fps: Fraction | int | None = None,
    seed: int | None = None,
    style: str | None = None,
    silent: bool = False,
    impossible: Way = "nearest",
    wordnet: WordNet | object | None = _SYSTEM,
) -> Film:
    """The film that `prompt` asks for, one shot long, with the reading of every phrase.

    What is given beside the words (length in seconds 1..120, style, silence) goes before what the words say. Of wishes
    against nature the film shows the nearest possible version, or what was asked for where `impossible` is "stylised"; the
    reading says why. `wordnet` is the one of the system unless another or None is given. Raises DirectorError, one
    sentence, for words that cannot be directed.
    """
    dictionary = system_wordnet() if wordnet is _SYSTEM else wordnet
    understanding = read(prompt, catalogue=catalogue, wordnet=dictionary)  # type: ignore[arg-type]
    check_options(seconds, style)
    if impossible not in WAYS:
        raise DirectorError(f"There is no way {impossible!r} to show what is impossible; give {' or '.join(WAYS)}.")
    draft = carry_on(understanding.draft, understanding.breaches, catalogue, way=impossible)
    if seconds is not None:
        draft = replace(draft, duration=Fraction(seconds), duration_said=True)
    if style is not None:
        draft = replace(draft, look=draft.look.model_copy(update={"style": style}))
    manned = crewed(draft, catalogue)
    remarks = (
        *understanding.reading.remarks,
        *(breach.remark(impossible) for breach in understanding.breaches),
        *manned.remarks,
    )
    shot = stage(manned.draft, catalogue, seed=seed or 0)
    return film_of(
        prompt, (shot,), reading=understanding.reading.model_copy(update={"remarks": remarks}), size=size, fps=fps, seed=seed,
        silent=silent or understanding.silent,
    )  # fmt: skip


def check_options(seconds: Fraction | int | None, style: str | None) -> None:
    """Raises DirectorError for a length or a style that no film has."""
    if seconds is not None and not SECONDS_LEAST <= seconds <= SECONDS_MOST:
        raise DirectorError(f"A shot of {seconds} seconds was asked for; give 1 to 120 seconds.")
    styles = data("style")["renderers"]
    if style is not None and style not in styles:
        raise DirectorError(f"There is no style {style!r}; give one of {', '.join(styles)}.")


def film_of(
    prompt: str,
    shots: tuple[Shot, ...],
    *,
    reading: Reading,
    size: Size | None,
    fps: Fraction | int | None,
    seed: int | None,
    silent: bool,
) -> Film:
    """The film of `prompt` with `shots`; what is None is as usual."""
    return Film(
        title=title_from(prompt),
        prompt=prompt,
        size=size or Size(width=1280, height=720),
        fps=Fraction(fps) if fps is not None else Fraction(24),
        seed=seed or 0,
        silent=silent,
        shots=shots,
        reading=reading,
    )


def title_from(prompt: str) -> str:
    """What a film is called until it is given a title: its prompt, or the beginning of it."""
    words = " ".join(prompt.split())
    if len(words) <= TITLE_LONGEST:
        return words
    return words[: TITLE_LONGEST - 1].rsplit(" ", 1)[0] + "…"
