"""From a wish to films: the director reads the words, characters take their parts, and what cannot be filmed is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vitascope.director import WAYS, DirectorError, system_wordnet
from vitascope.director.direct import check_options
from vitascope.film import Film, Phrase, Reading, Subject
from vitascope.jobs.errors import Invalid
from vitascope.jobs.values import Wish
from vitascope.recipe import RecipeError
from vitascope.render import RenderError
from vitascope.studio import FilmFault, check_film
from vitascope.studio.library import director, library

__all__ = ["SEED_MOST", "Part", "check_drawable", "films_of"]

SEED_MOST = 2**63 - 1
FPS_LEAST, FPS_MOST = 24, 120
TITLE_LONGEST = 80
UNFILMABLE = (DirectorError, RecipeError, RenderError, FilmFault)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A character that the words name: `subject` is what it looks like."""

    name: str
    subject: Subject


def films_of(wish: Wish, parts: Sequence[Part] = ()) -> list[Film]:
    """`wish.n` films that differ in their seeds, which follow each other. Raises Invalid with the field that is wrong."""
    _check_settings(wish)
    first = wish.seed or 0
    return [_film(wish, parts, first + number) for number in range(wish.n)]


def check_drawable(film: Film) -> Film:
    """`film`, if it can be filmed here. Raises Invalid."""
    try:
        check_film(film)
    except UNFILMABLE as error:
        raise Invalid(str(error), param="prompt") from None
    return film


def _check_settings(wish: Wish) -> None:
    for param, seconds, style in (("seconds", wish.seconds, None), ("style", None, wish.style)):
        try:
            check_options(seconds, style)
        except DirectorError as error:
            raise Invalid(str(error), param=param) from None
    if (way := wish.extra.get("impossible", WAYS[0])) not in WAYS:
        raise Invalid(f"impossible is {str(way)[:80]!r}; give {' or '.join(WAYS)}.", param="impossible")
    if wish.fps is not None and not FPS_LEAST <= wish.fps <= FPS_MOST:
        raise Invalid(f"fps is {float(wish.fps):g}; give {FPS_LEAST} to {FPS_MOST}.", param="fps")
    if wish.seed is not None and not 0 <= wish.seed <= SEED_MOST - wish.n:
        raise Invalid(f"seed is {wish.seed}; give a whole number from 0 to 2**63 - 1.", param="seed")


def _film(wish: Wish, parts: Sequence[Part], seed: int) -> Film:
    text, cuts = _cast(wish.prompt, parts)
    film, unused = _without(text, wish, seed)
    if film.prompt != wish.prompt:
        reading = Reading(
            phrases=tuple(_moved(one, wish.prompt, cuts) for one in film.reading.phrases if one.start < len(text)),
            remarks=(*film.reading.remarks, *(f"Not used from what is not wanted: “{thing}”." for thing in unused)),
        )
        title = " ".join(wish.prompt.split())[:TITLE_LONGEST]
        film = film.model_copy(update={"prompt": wish.prompt, "title": title, "reading": reading})
    return check_drawable(_with_parts(film, parts))


def _directed(words: str, wish: Wish, seed: int) -> Film:
    try:
        return director().direct(
            words, catalogue=library(), wordnet=system_wordnet(), seconds=wish.seconds, size=wish.size, fps=wish.fps,
            seed=seed, style=wish.style, silent=not wish.audio, impossible=wish.extra.get("impossible", WAYS[0]),
        )  # fmt: skip
    except UNFILMABLE as error:
        raise Invalid(str(error), param="prompt") from None


# What is not wanted -----------------------------------------------------------------------------------------------------


def _without(text: str, wish: Wish, seed: int) -> tuple[Film, list[str]]:
    """The film of `text` without what the wish does not want, and what of that the director cannot leave out.

    The director reads what is not wanted as a sentence of its own, "No rain, no people."; what it does not take as a
    negation there is not said to it at all, for it might show it.
    """
    things = _things(wish.negative_prompt)
    film = _directed(text + _sentence(things), wish, seed)
    used, start = [], len(text) + len(". ")
    for thing in things:
        end = start + len(thing)
        phrases = [one for one in film.reading.phrases if start <= one.start < end]
        if phrases and all(one.kind == "negation" and one.status == "understood" for one in phrases):
            used.append(thing)
        start = end + len(", ")
    if used == things:
        return film, []
    return _directed(text + _sentence(used), wish, seed), [thing for thing in things if thing not in used]


def _things(negative: str | None) -> list[str]:
    """ "rain, people" as "no rain" and "no people"."""
    found = [thing for part in re.split(r"[,;.\n]", negative or "") if (thing := " ".join(part.split()))]
    return [thing if re.match(r"(?i)no\b", thing) else f"no {thing}" for thing in found]


def _sentence(things: Sequence[str]) -> str:
    return f". N{', '.join(things)[1:]}." if things else ""


# Characters -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a name of `was` letters, at `start` of the prompt, became a noun of `now` letters."""

    start: int
    was: int
    now: int


def _cast(prompt: str, parts: Sequence[Part]) -> tuple[str, list[_Cut]]:
    """The prompt with nouns for names, which the director cannot know. Raises Invalid for a name that is not in it."""
    for part in parts:
        if part.name not in prompt:
            raise Invalid(
                f"The prompt does not name the character {part.name!r}; write the name as it is spelt here.",
                param="characters",
            )
    if not parts:
        return prompt, []
    nouns = {part.name: part.subject.name or part.subject.recipe for part in parts}
    pattern = "|".join(re.escape(name) for name in sorted(nouns, key=len, reverse=True))
    cuts: list[_Cut] = []

    def noun(match: re.Match[str]) -> str:
        said = f"the {nouns[match[0]]}"
        cuts.append(_Cut(start=match.start(), was=len(match[0]), now=len(said)))
        return said

    return re.sub(pattern, noun, prompt), cuts


def _moved(phrase: Phrase, prompt: str, cuts: Sequence[_Cut]) -> Phrase:
    start, end = _back(phrase.start, cuts, after=False), _back(phrase.end, cuts, after=True)
    return phrase.model_copy(update={"start": start, "end": end, "text": prompt[start:end]})


def _back(place: int, cuts: Sequence[_Cut], *, after: bool) -> int:
    """A place in the changed text as one in the prompt; a place inside a noun is at the edge of its name."""
    shift = 0
    for cut in cuts:
        begun = cut.start + shift
        if place <= begun:
            break
        if place < begun + cut.now or (place == begun + cut.now and after):
            return cut.start + (cut.was if after else 0)
        shift += cut.now - cut.was
    return place - shift


def _with_parts(film: Film, parts: Iterable[Part]) -> Film:
    """Each character in the place of the first subject of its kind."""
    shots = list(film.shots)
    for part in parts:
        found = next(
            ((i, one) for i, shot in enumerate(shots) for one in shot.subjects
             if one.recipe == part.subject.recipe and one.name != part.name), None,
        )  # fmt: skip
        if found is None:
            raise Invalid(
                f"The character {part.name!r}, a {part.subject.name or part.subject.recipe}, has no part in this film; "
                "say what it does.",
                param="characters",
            )
        index, there = found
        played = there.model_copy(update={"name": part.name, "attributes": part.subject.attributes})
        subjects = tuple(played if one is there else one for one in shots[index].subjects)
        shots[index] = shots[index].model_copy(update={"subjects": subjects})
    return film.model_copy(update={"shots": tuple(shots)})
