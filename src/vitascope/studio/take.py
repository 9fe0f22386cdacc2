"""A take: one version of a film, and where it came from. Its record is a JSON file beside the film and its document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from vitascope.film import Edit, Reading, Seconds
from vitascope.studio.errors import ProjectError

__all__ = ["DOCUMENT", "FILM", "RECORD", "TAKE_VERSION", "Take", "Work", "read_take", "take_to_json"]

TAKE_VERSION = 1
RECORD, DOCUMENT, FILM = "take.json", "film.json", "film.mp4"


class Work(BaseModel):
    """What the take cost: frames in all, how many came about in which way, and wall seconds by step."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    frames: Annotated[int, Field(ge=0)]
    ways: Mapping[str, int]
    """Frames that were reused, graded, redrawn and drawn; see docs/continuity.md."""
    seconds: Mapping[str, float]
    remark: str | None = None
    """What to know about how it was made, if anything."""


class Take(BaseModel):
    """One version of a film. The first of its line has neither a parent nor an edit."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    schema_: Literal["vitascope.take"] = Field(default="vitascope.take", alias="schema")
    version: Literal[1] = TAKE_VERSION
    id: str
    parent: str | None = None
    words: str
    edit: Edit | None = None
    """What was done to the parent's film."""
    reading: Reading = Reading()
    said: str = ""
    """In short sentences, what is different from the parent."""
    name: str | None = None
    starred: bool = False
    made: AwareDatetime
    film_sha256: str
    length: Seconds
    files: tuple[str, ...] = (FILM, DOCUMENT)
    chunks: tuple[str, ...] = ()
    """Addresses of the chunks of the picture, in order: equal ones hold equal frames."""
    work: Work
    engine: Literal["world", "model"] = "world"
    """What made its picture."""
    weights: str | None = None
    """Of the model: the folder or the name in the catalogue that was given; None: those that come with the program."""
    folder: Path = Field(default=Path(), exclude=True)
    """Where the take lies; not part of the record."""

    @property
    def path(self) -> Path:
        """The film file. It may have been deleted; the film can be made again from the document."""
        return self.folder / FILM

    @property
    def document(self) -> Path:
        """The film as a document."""
        return self.folder / DOCUMENT


def take_to_json(take: Take) -> str:
    """The record of `take` as text."""
    return take.model_dump_json(indent=2) + "\n"


def read_take(folder: Path) -> Take:
    """The take in `folder`. Raises ProjectError, one sentence, when its record is damaged or from a newer program."""
    record = folder / RECORD
    try:
        raw = json.loads(record.read_bytes())
    except OSError as error:
        raise ProjectError(f"The record of take {folder.name} cannot be read ({error.strerror}): {record}") from None
    except (ValueError, RecursionError):
        raise ProjectError(f"The record of take {folder.name} is damaged: it is not JSON. The file: {record}") from None
    if not isinstance(raw, dict) or raw.get("schema") != "vitascope.take":
        raise ProjectError(f'The record of take {folder.name} is damaged: "schema" must be "vitascope.take": {record}')
    version = raw.get("version")
    if isinstance(version, int) and version > TAKE_VERSION:
        raise ProjectError(
            f"Take {folder.name} was made by a newer program (record version {version}; this one reads version "
            f"{TAKE_VERSION}); use that program, or a newer one."
        )
    try:
        take = Take.model_validate({**raw, "folder": folder})
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"]) or "record"
        said = fault["msg"].removeprefix("Value error, ")
        raise ProjectError(f"The record of take {folder.name} is damaged: {where}: {said}: {record}") from None
    if take.id != folder.name:
        raise ProjectError(f"The record of take {folder.name} is damaged: it says that it is {take.id!r}: {record}")
    return take
