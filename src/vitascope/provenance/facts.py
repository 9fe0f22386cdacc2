"""What is said about a film when it is marked: plain values, no files, no clock."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID, uuid5

from vitascope.provenance.boxes import DAMAGE, read_film_boxes
from vitascope.provenance.errors import ProvenanceError

# IPTC NewsCodes, https://cv.iptc.org/newscodes/digitalsourcetype/ : made by rules, without a learned model.
ALGORITHMIC_MEDIA = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
# Made by a learned model, as what comes from engines elsewhere is.
TRAINED_MEDIA = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
_NAMESPACE = UUID("5f0c2b7e-63ad-5d0b-9a0e-3d1c6e8b4a57")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredient:
    """Another file that went into this one, named by `identifier` in the actions that used it."""

    identifier: str
    path: Path
    relationship: Literal["parentOf", "componentOf", "inputTo"] = "parentOf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that was done, in the words of C2PA: `c2pa.created`, `c2pa.opened`, `c2pa.edited`, `c2pa.placed` ...

    `source_type` is an IPTC address or None; `ingredients` are identifiers.
    """

    name: str
    source_type: str | None = None
    description: str | None = None
    ingredients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The learned model that made a film: its name, and what tells its weights from any others (such as a digest)."""

    name: str
    identifier: str


PARENT = "parent"
ORPHANED = "The film that this one was edited from was not there any more."
CREATED = (Action(name="c2pa.created", source_type=ALGORITHMIC_MEDIA),)


def origin_elsewhere(film: Path, *, has_record: bool) -> tuple[tuple[Action, ...], tuple[Ingredient, ...]]:
    """Return what was done to the `film` of another engine, a learned model as far as anyone knows.

    `has_record`: whether it came with a manifest of its own, which then stays readable as what went into ours.
    """
    if not has_record:
        return (Action(name="c2pa.created", source_type=TRAINED_MEDIA),), ()
    opened = Action(name="c2pa.opened", ingredients=(PARENT,))
    edited = Action(name="c2pa.edited", source_type=TRAINED_MEDIA)
    return (opened, edited), (Ingredient(identifier=PARENT, path=film),)


def origin(
    parent: Path | None, *, source_type: str = ALGORITHMIC_MEDIA
) -> tuple[tuple[Action, ...], tuple[Ingredient, ...]]:
    """Return what was done and what went into a film that was made from nothing, or by editing the film at `parent`.

    A parent that is not there any more, or no film, cannot be shown: the film then counts as made anew, and says so.
    """
    created = Action(name="c2pa.created", source_type=source_type)
    if parent is None:
        return (created,), ()
    try:
        with parent.open("rb") as file:
            read_film_boxes(file)
    except (ProvenanceError, OSError, *DAMAGE):
        return (replace(created, description=ORPHANED),), ()
    opened = Action(name="c2pa.opened", ingredients=(PARENT,))
    edited = Action(name="c2pa.edited", source_type=source_type)
    return (opened, edited), (Ingredient(identifier=PARENT, path=parent),)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkFacts:
    """Everything the marks of one film state. All of it can be read by whoever gets the file.

    `film_sha256` is 64 hexadecimal digits, from `digest_film`; the film document and its words stay private.
    `created` carries a time zone. `label` holds the words of the visible label, or None if none was drawn.
    `poster` is a small JPEG or None; `model` the learned model that made it, if one did.
    Raises ProvenanceError for a value outside this.
    """

    title: str
    created: datetime
    engine: str
    engine_version: str
    film_sha256: str
    label: str | None
    actions: tuple[Action, ...] = CREATED
    ingredients: tuple[Ingredient, ...] = ()
    poster: bytes | None = None
    model: Model | None = None
    producer: str = "Vitascope"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9a-f]{64}", self.film_sha256):
            raise ProvenanceError("The digest of the film is not 64 hexadecimal digits; make it with digest_film.")
        if self.created.tzinfo is None:
            raise ProvenanceError("The time of making has no time zone; give one, such as UTC.")
        if not re.fullmatch(r"[!-~]+", self.producer):
            raise ProvenanceError(f"The producer {self.producer!r} must be ASCII letters and signs without a space.")
        if not self.actions:
            raise ProvenanceError("There is no action; a mark must say how the film came to be.")

    @property
    def source_type(self) -> str:
        """The IPTC address of the first action that has one, or an empty text."""
        return next((action.source_type for action in self.actions if action.source_type), "")

    @property
    def identifier(self) -> str:
        """A name for this one file, from the film, the engine, the time and the title."""
        parts = (self.film_sha256, self.engine, self.engine_version, self.created.isoformat(), self.title)
        return str(uuid5(_NAMESPACE, "\n".join(parts)))


def digest_film(document: bytes) -> str:
    """Return the SHA-256 of a film document as 64 hexadecimal digits."""
    return hashlib.sha256(document).hexdigest()
