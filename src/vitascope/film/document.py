"""The film document: shots in order, each of parts, and what holds for all. Knows no engine, no file and no clock."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from vitascope.film.operations import ShotOperation
from vitascope.film.parts import Camera, Cue, Level, Light, Look, Name, Set, Size, Subject, Value
from vitascope.film.reading import Reading
from vitascope.film.time import Rate, Seconds, Span

__all__ = ["FILM_VERSION", "Composition", "Film", "Passage", "Shot"]

FILM_VERSION = 1


class Composition(Value):
    """What the camera was composed for: the cast and the length of the shot at that time.

    Later edits of the cast leave the camera, the scenery and the fine shadows where they were; the camera of a shot
    without a composition is composed for the shot as it is.
    """

    subjects: tuple[Subject, ...]
    duration: Annotated[Seconds, Field(ge=1, le=120)]


class Passage(Value):
    """A stretch of a shot in which some things are different. Operations are laid over the shot from `span.start` to its end.

    `ease` [s] is how long the picture takes to change over at each end that lies inside the shot, within the span.
    """

    span: Span
    operations: Annotated[tuple[ShotOperation, ...], Field(min_length=1)]
    ease: Annotated[Seconds, Field(ge=0, le=5)] = Fraction(0)


class Shot(Value):
    """One continuous camera take."""

    id: Name
    duration: Annotated[Seconds, Field(ge=1, le=120)]
    set: Set
    subjects: tuple[Subject, ...] = ()
    camera: Camera = Camera()
    light: Light = Light()
    look: Look = Look()
    cues: tuple[Cue, ...] = ()
    levels: tuple[Level, ...] = ()
    passages: tuple[Passage, ...] = ()
    """Later ones lie over earlier ones."""
    composition: Composition | None = None
    before: Shot | None = None
    """The shot before it was made to go on: its seconds stay what they are."""
    dressed_for: Set | None = None
    """The set that people whom words did not dress have dressed for; None means: the shot's own."""

    @model_validator(mode="after")
    def _whole(self) -> Shot:
        ids = [subject.id for subject in self.subjects]
        repeated = sorted({i for i in ids if ids.count(i) > 1})
        if repeated:
            raise ValueError(f"the subject id {repeated[0]!r} is used twice in shot {self.id!r}; ids must differ")
        for subject in self.subjects:
            for wanted in (subject.placement.on, *(action.target for action in subject.actions)):
                if wanted is not None and wanted not in ids:
                    raise ValueError(f"subject {subject.id!r} refers to {wanted!r}, which is not in shot {self.id!r}")
        return self


class Film(Value):
    """The whole document."""

    schema_: Literal["vitascope.film"] = Field(default="vitascope.film", alias="schema")
    version: Literal[1] = FILM_VERSION
    title: str = ""
    prompt: str = ""
    size: Size = Size(width=1280, height=720)
    fps: Annotated[Rate, Field(ge=24, le=120, validate_default=True)] = 24  # type: ignore[assignment]
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    silent: bool = False
    shots: Annotated[tuple[Shot, ...], Field(min_length=1)]
    reading: Reading = Reading()

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    @model_validator(mode="after")
    def _shots_differ(self) -> Film:
        ids = [shot.id for shot in self.shots]
        repeated = sorted({i for i in ids if ids.count(i) > 1})
        if repeated:
            raise ValueError(f"the shot id {repeated[0]!r} is used twice; ids must differ")
        return self

    @property
    def duration(self) -> Fraction:
        """Exact length of the film in seconds."""
        return sum((shot.duration for shot in self.shots), Fraction(0))

    def shot(self, shot_id: str) -> Shot:
        """The shot called `shot_id`. Raises KeyError if there is none."""
        for shot in self.shots:
            if shot.id == shot_id:
                return shot
        raise KeyError(shot_id)
