"""From the words on the command line to a film: a new one by the director, or a saved document."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from vitascope.director import direct
from vitascope.film import Film, film_from_json, size_named
from vitascope.recipe import catalogue

__all__ = ["BadRequest", "film_from"]

STYLES = ("cinematic", "anime", "flat", "clay")


class BadRequest(ValueError):
    """An option that cannot be followed; the text says what is allowed."""


def film_from(
    prompt: str,
    *,
    seconds: str | None,
    size: str | None,
    fps: str | None,
    seed: int | None,
    style: str | None,
    silent: bool,
) -> Film:
    """The film that the arguments ask for. Raises BadRequest, SizeError, FilmError or DirectorError, each one sentence."""
    length = None if seconds is None else _fraction(seconds, "--seconds", 1, 120, "seconds")
    rate = None if fps is None else _fraction(fps, "--fps", 24, 120, "frames a second")
    if style is not None and style not in STYLES:
        raise BadRequest(f"--style is {style!r}; the styles are {', '.join(STYLES)}.")
    if seed is not None and not 0 <= seed < 2**63:
        raise BadRequest(f"--seed is {seed}; give a whole number from 0 to {2**63 - 1}.")
    picture = None if size is None else size_named(size)
    saved = _saved(prompt)
    if saved is not None:
        if length is not None or style is not None or seed is not None:
            raise BadRequest(
                "A saved film keeps its own length, style and seed; only --size, --fps and --silent can differ."
            )
        changes: dict[str, object] = {}
        if picture is not None:
            changes["size"] = picture
        if rate is not None:
            changes["fps"] = rate
        if silent:
            changes["silent"] = True
        return saved.model_copy(update=changes)
    return direct(
        prompt,
        catalogue=catalogue(),
        seconds=length,
        size=picture,
        fps=rate,
        seed=seed if seed is not None else 0,
        style=style,
        silent=silent,
    )


def _saved(prompt: str) -> Film | None:
    """The film in the file that `prompt` names, or None when it is a sentence."""
    if not prompt.lower().endswith(".json"):
        return None
    path = Path(prompt)
    try:
        return film_from_json(path.read_bytes())
    except FileNotFoundError:
        raise BadRequest(
            f"There is no film document at {path}; give the path of a .film.json, or a sentence."
        ) from None
    except OSError as error:
        raise BadRequest(f"The film document cannot be read ({error.strerror}): {path}") from None


def _fraction(text: str, option: str, low: int, high: int, unit: str) -> Fraction:
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise BadRequest(f"{option} is {text!r}, which is not a number; give {low} to {high} {unit}.") from None
    if not low <= value <= high:
        raise BadRequest(f"{option} is {text}; give {low} to {high} {unit}.")
    return value
