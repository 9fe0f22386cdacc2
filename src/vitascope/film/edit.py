"""Edits as values: operations on shots with a scope, and operations on the film."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, model_validator

from vitascope.film.document import Shot
from vitascope.film.operations import ShotOperation
from vitascope.film.parts import Name, Size, Value
from vitascope.film.time import Rate, Seconds, Span

__all__ = [
    "AddShot",
    "Change",
    "ChangeFilm",
    "Edit",
    "FilmOperation",
    "MoveShot",
    "RemoveShot",
    "ReplaceShot",
    "Retime",
]


class Change(Value):
    """An operation on shots: all of them, or those named; for their whole length, or for a span of it."""

    op: Literal["change"] = "change"
    what: ShotOperation
    shots: tuple[Name, ...] = ()
    span: Span | None = None
    """Where it holds, in seconds of each shot; None is the whole shot."""
    ease: Annotated[Seconds, Field(ge=0, le=5)] = Fraction(0)
    """How long the picture takes to change over at each end of the span."""

    @model_validator(mode="after")
    def _spannable(self) -> Change:
        if self.span is not None and self.what.op in ("add_cue", "remove_cue", "set_level"):
            raise ValueError(f"{self.what.op} takes no span; a cue has its own, and a level holds for the whole shot")
        return self


class Retime(Value):
    """Another length of a shot.

    trim: the shot ends earlier. extend: it goes on; whoever moved to the end moves on alike. stretch: everything in it
    takes longer or shorter.
    """

    op: Literal["retime"] = "retime"
    shot: Name
    duration: Annotated[Seconds, Field(ge=1, le=120)]
    how: Literal["trim", "extend", "stretch"]


class AddShot(Value):
    """One more shot, before another or at the end."""

    op: Literal["add_shot"] = "add_shot"
    shot: Shot
    before: Name | None = None


class RemoveShot(Value):
    """One shot less; a film keeps at least one."""

    op: Literal["remove_shot"] = "remove_shot"
    shot: Name


class MoveShot(Value):
    """A shot goes before another, or to the end."""

    op: Literal["move_shot"] = "move_shot"
    shot: Name
    before: Name | None = None


class ReplaceShot(Value):
    """Another shot in the place of one."""

    op: Literal["replace_shot"] = "replace_shot"
    old: Name
    shot: Shot


class ChangeFilm(Value):
    """What holds for the whole film; None keeps what is there."""

    op: Literal["change_film"] = "change_film"
    title: str | None = None
    size: Size | None = None
    fps: Annotated[Rate, Field(ge=24, le=120)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    silent: bool | None = None


FilmOperation = Annotated[
    Change | Retime | AddShot | RemoveShot | MoveShot | ReplaceShot | ChangeFilm, Field(discriminator="op")
]


class Edit(Value):
    """What one instruction does to a film, in order."""

    operations: tuple[FilmOperation, ...]
