"""From the words on the command line to a film: a new one by the director, or a saved document."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from vitascope.director import WAYS, system_wordnet
from vitascope.director.directing import director_for
from vitascope.film import Film, film_from_json, size_named
from vitascope.model.extra import require
from vitascope.recipe import Recipe, library_with

if TYPE_CHECKING:
    from vitascope.studio.engine import Maker

__all__ = ["STYLES", "BadRequest", "Options", "film_from", "maker_from", "moment", "moment_in"]

STYLES = ("cinematic", "anime", "flat", "clay", "noir", "watercolour", "pixel", "sketch")
SEED_MOST = 2**63 - 1
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(/[1-9]\d*)?", re.ASCII)
"""What is read as a number: 5, 2.5, 30000/1001. Without exponents, which can ask for more digits than a machine has."""
LONGEST_NUMBER = 40


class BadRequest(ValueError):
    """An option that cannot be followed; the text says what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was given beside the prompt, as it was typed; None where nothing was."""

    seconds: str | None = None
    size: str | None = None
    fps: str | None = None
    seed: str | None = None
    style: str | None = None
    silent: bool = False
    impossible: str | None = None


def film_from(prompt: str, options: Options) -> Film:
    """The film that the arguments ask for. Raises BadRequest, SizeError, FilmError or DirectorError, each one sentence."""
    length = None if options.seconds is None else _within(options.seconds, "--seconds", 1, 120, "seconds")
    rate = None if options.fps is None else _within(options.fps, "--fps", 24, 120, "frames a second")
    if options.style is not None and options.style not in STYLES:
        raise BadRequest(f"--style is {options.style!r}; the styles are {', '.join(STYLES)}.")
    if options.impossible not in (None, *WAYS):
        raise BadRequest(f"--impossible is {_shortened(options.impossible or '')!r}; give {' or '.join(WAYS)}.")
    seed = None if options.seed is None else _seed(options.seed)
    picture = None if options.size is None else size_named(options.size)
    saved = _saved(prompt)
    if saved is None:
        from vitascope.provenance import vitascope_home

        own = vitascope_home() / "recipes"
        return director_for(os.environ, recipes=own, try_out=_try_out).direct(
            prompt,
            catalogue=library_with(own).catalogue,
            wordnet=system_wordnet(),
            seconds=length,
            size=picture,
            fps=rate,
            seed=seed,
            style=options.style,
            silent=options.silent,
            impossible=options.impossible or WAYS[0],  # type: ignore[arg-type]
        )
    if length is not None or options.style is not None or seed is not None or options.impossible is not None:
        raise BadRequest(
            "A saved film keeps its own length, style, seed and laws; leave out --seconds, --style, --seed and --impossible."
        )
    changes = {"size": picture, "fps": rate, "silent": options.silent or None}
    return saved.model_copy(update={name: value for name, value in changes.items() if value is not None})


def _try_out(recipe: Recipe) -> None:
    from vitascope.studio.library import try_out

    try_out(recipe)


def maker_from(engine: str, weights: str | None) -> Maker:
    """The engine that was asked for. Raises BadRequest, and MissingExtraError where what the model needs is not installed."""
    from vitascope.studio.engine import Maker

    if engine == "world":
        if weights is not None:
            raise BadRequest("--weights are for the engine model, and the engine is world; give --engine model, too.")
        return Maker(engine="world")
    if engine != "model":
        raise BadRequest(f"--engine is {_shortened(engine)!r}; the engines are world and model.")
    require()
    return Maker(engine="model", weights=weights)


def moment_in(film: Film, at: str | None) -> float:
    """Seconds into the film of the frame that --at asks for; the middle when it does not. Raises BadRequest."""
    length = float(film.duration)
    return length / 2 if at is None else float(_within(at, "--at", 0, film.duration, "seconds into the film"))


def moment(text: str, option: str) -> Fraction:
    """Seconds from 0. Raises BadRequest."""
    return _within(text, option, 0, 86_400, "seconds")


def _saved(prompt: str) -> Film | None:
    """The film in the file that `prompt` names, or None when it is a sentence."""
    path = Path(prompt)
    if not prompt.lower().endswith(".json"):
        if path.suffix and not path.suffix[1:].isdigit() and " " not in prompt.strip() and path.is_file():
            raise BadRequest(
                f"This is a file, but not a film document; give a .film.json, or a sentence in quotes: {path}"
            )
        return None
    try:
        return film_from_json(path.read_bytes())
    except FileNotFoundError:
        raise BadRequest(
            f"There is no film document at this place; give the path of a .film.json, or a sentence in quotes: {path}"
        ) from None
    except OSError as error:
        raise BadRequest(f"The film document cannot be read ({error.strerror}): {path}") from None


def _within(text: str, option: str, low: int, high: int | Fraction, unit: str) -> Fraction:
    allowed = f"give {low} to {float(high):g} {unit}."
    if not NUMBER.fullmatch(text.strip()) or len(text) > LONGEST_NUMBER:
        raise BadRequest(f"{option} is {_shortened(text)!r}, which is not a number; {allowed}")
    value = Fraction(text)
    if not low <= value <= high:
        raise BadRequest(f"{option} is {text.strip()}, which is out of range; {allowed}")
    return value


def _seed(text: str) -> int:
    if not re.fullmatch(r"\d{1,19}", text.strip(), re.ASCII) or int(text) > SEED_MOST:
        raise BadRequest(f"--seed is {_shortened(text)!r}; give a whole number from 0 to {SEED_MOST}.")
    return int(text)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_NUMBER else text[:LONGEST_NUMBER] + "…"
