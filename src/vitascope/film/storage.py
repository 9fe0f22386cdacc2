"""Films as JSON text: read(write(film)) == film, and a damaged text is told by field."""

from __future__ import annotations

import json

from pydantic import ValidationError

from vitascope.film.document import FILM_VERSION, Film

__all__ = ["FilmError", "film_from_json", "film_json_schema", "film_to_json"]


class FilmError(ValueError):
    """A film that cannot be read; the text is one sentence for the person who gave it."""


def film_to_json(film: Film) -> str:
    """The document as indented JSON text, ending in a newline."""
    return film.model_dump_json(indent=2, by_alias=True, exclude_defaults=False) + "\n"


def film_from_json(text: str | bytes) -> Film:
    """Read a document. Raises FilmError that names the field, what is wrong with it and what is allowed."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FilmError(f"This is not a film document: the JSON is damaged ({error}).") from None
    if not isinstance(raw, dict) or raw.get("schema") != "vitascope.film":
        raise FilmError('This is not a film document: the field "schema" must be "vitascope.film".')
    version = raw.get("version")
    if version != FILM_VERSION:
        raise FilmError(
            f'This film has version {version!r} in the field "version"; this program reads version {FILM_VERSION}.'
        )
    try:
        return Film.model_validate(raw)
    except ValidationError as error:
        raise FilmError(_first_fault(error)) from None


def film_json_schema() -> dict:
    """The JSON schema of the document."""
    return Film.model_json_schema(by_alias=True)


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"]) or "the document"
    more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
    message = fault["msg"].removeprefix("Value error, ")
    given = fault["input"]
    shown = f", given {given!r}" if isinstance(given, str | int | float | bool | None) else ""
    return f'The film\'s field "{where}" is wrong: {message}{shown}{more}.'
